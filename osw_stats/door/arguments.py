"""What users of pandas pass: columns, numbers, years and months of any kind, read or refused by name, row and value."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.quantities import QuantityDtype

LEVELS = "Choose a number between 0 and 1, such as 0.05."


def frame(given: Any, name: str = "frame") -> pd.DataFrame:
    """Return a DataFrame with rows, or refuse what is none."""
    if not isinstance(given, pd.DataFrame):
        kind = type(given).__name__
        raise InputError(f"is a {kind}, not a DataFrame", "Pass a pandas DataFrame.", column=name)
    if given.empty:
        raise InputError("has no rows", "Pass a table with at least one row.", column=name)
    if not given.columns.is_unique:
        twice = given.columns[given.columns.duplicated()][0]
        raise InputError("two columns have this name", "Rename one of them.", column=str(twice))
    return given


def columns(given: str | Iterable[str] | None, table: pd.DataFrame, name: str) -> list[str]:
    """Return names of columns that are there; one name may stand alone, None is none."""
    names = [] if given is None else [given] if isinstance(given, str) else given
    if not isinstance(names, Iterable) or isinstance(names, bytes):
        raise InputError(
            "is no name of a column", "Pass a name, or a list of names.", column=name, value=given
        )
    wanted = list(names)
    for column in wanted:
        if not isinstance(column, Hashable) or column not in table.columns:
            there = ", ".join(map(str, table.columns))
            raise InputError("there is no such column", f"Columns: {there}.", column=name, value=column)
    if len(set(wanted)) < len(wanted):
        raise InputError("names a column twice", "Name each column once.", column=name, value=given)
    return wanted


def column(given: str, table: pd.DataFrame, name: str) -> str:
    """Return the name of one column that is there."""
    names = columns(given, table, name)
    if len(names) != 1:
        raise InputError("is no name of one column", "Pass one name.", column=name, value=given)
    return names[0]


def number(given: Any, name: str, *, least: float = -math.inf) -> float:
    """Return one finite number of at least `least`; a truth value, a word or a list is none."""
    (value,) = numbers_of([given], name, least=least, row=False)
    return float(value)


def numbers_of(
    given: Any, name: str, *, least: float = -math.inf, whole: bool = False, row: bool = True
) -> NDArray[np.float64]:
    """Return finite numbers; refuse the first that is missing, no number, or below `least`."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        given = [given]
    values = given.astype(float) if isinstance(getattr(given, "dtype", None), QuantityDtype) else given
    read = np.empty(len(values := list(values)))
    for at, value in enumerate(values):
        problem = ""
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number | Decimal):
            problem = (
                "is missing" if value is None or value is pd.NA or value is pd.NaT else "is not a number"
            )
        elif not math.isfinite(value):
            problem = "is missing" if math.isnan(value) else "is not finite"
        elif value < least or (whole and value != int(value)):
            problem = "is no whole number" if value >= least else f"is less than {least:g}"
        if problem:
            remedy = "Leave the row out, or fill it in." if problem == "is missing" else _remedy(value)
            raise InputError(problem, remedy, row=at + 1 if row else None, column=name, value=value)
        read[at] = float(value)
    return read


def _remedy(value: object) -> str:
    if isinstance(value, str):
        return "Convert the column to numbers first; osw_stats.parse reads a figure in words."
    return "Pass a plain, finite number that fits."


def level(alpha: Any) -> float:
    """Return 1 minus a confidence level."""
    value = number(alpha, "alpha")
    if not 0 < value < 1:
        raise InputError("is not between 0 and 1", LEVELS, column="alpha", value=alpha)
    return value


def choice(given: Any, allowed: Sequence[str], name: str) -> str:
    """Return one of a few words."""
    if not isinstance(given, str) or given not in allowed:
        raise InputError("is unknown", f"Choose: {', '.join(allowed)}.", column=name, value=given)
    return given


def text(given: Any, name: str) -> str:
    """Return a text; a column of texts is refused with how to apply a function to each."""
    if not isinstance(given, str):
        kind = type(given).__name__
        remedy = "Pass one text; for a column of texts use .map()."
        raise InputError(f"is a {kind}, not a text", remedy, column=name)
    return given


def years(given: Any, name: str = "year") -> list[int]:
    """Return years from whole numbers, texts, dates, datetimes or yearly periods."""
    codes = [_period(value, at, name, "year") for at, value in enumerate(_listed(given, name))]
    return [int(code) for code in codes]


def months(given: Any, name: str = "month") -> list[str]:
    """Return months as 2024-07, from texts, dates, datetimes or monthly periods."""
    return [_period(value, at, name, "month") for at, value in enumerate(_listed(given, name))]


def _listed(given: Any, name: str) -> list[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _period(value: Any, at: int, name: str, unit: str) -> str:
    """Return the code of one year or month; a day counts for the month or year it lies in."""
    code = ""
    if isinstance(value, pd.Period):
        fits = value.freqstr.startswith("Y" if unit == "year" else "M")
        code = str(value.year if unit == "year" else value) if fits else ""
    elif value is not pd.NaT and isinstance(value, date | np.datetime64):
        stamp = pd.Timestamp(value)
        code = str(stamp.year) if unit == "year" else f"{stamp:%Y-%m}"
    elif isinstance(value, str):
        code = value.strip()
        code = code[:7] if unit == "month" and len(code) == len("2024-07-01") else code
    elif unit == "year" and isinstance(value, int | float | np.number) and not isinstance(value, bool):
        code = str(int(value)) if math.isfinite(value) and value == int(value) else ""
    length = {"year": len("2024"), "month": len("2024-07")}[unit]
    try:
        if len(code) != length or (unit == "month" and not code[5:].isdecimal()):
            raise InputError("", "")
        parse_period(code)
    except InputError:
        example = {"year": "2024", "month": "2024-07"}[unit]
        remedy = f"Write {example}, or pass dates or periods of one {unit}."
        raise InputError(f"is no {unit}", remedy, row=at + 1, column=name, value=value) from None
    return code


def indexed(given: Any, value: str | None, at: str | None, name: str) -> tuple[Any, Any]:
    """Return counts and what they are of: a Series and its index, or two columns of a frame (the index without `at`)."""
    if isinstance(given, pd.Series):
        return given.index, given
    table = frame(given, name)
    if value is None:
        left = [c for c in table.columns if c != at and pd.api.types.is_numeric_dtype(table[c].dtype)]
        if len(left) != 1:
            remedy = f"Name the column of counts; columns: {', '.join(map(str, table.columns))}."
            raise InputError(f"{len(left)} columns could be the counts", remedy, column=name)
        value = left[0]
    return (table.index if at is None else table[column(at, table, name)]), table[column(value, table, name)]

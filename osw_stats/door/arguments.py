"""Check what users pass: columns, numbers and periods in any form; an error names the argument, row and value."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError
from osw_stats.meaning.periods import Period, parse_period
from osw_stats.meaning.quantities import QuantityDtype

# by kind of number: test of a finite number, problem if it fails, and a valid example
KINDS: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "number": (lambda _: True, "", "1.5"),
    "size": (lambda value: value >= 0, "is below zero", "1.5"),
    "positive": (lambda value: value > 0, "is not above zero", "100000"),
    "count": (lambda value: value >= 0 and value == int(value), "is not a whole number of 0 or more", "12"),
    "level": (lambda value: 0 < value < 1, "is not between 0 and 1", "0.05"),
}
FURTHEST = 1e100  # largest size, and inverse of the smallest: a product of three is still a float
T = TypeVar("T")
PERIODS = {
    "year": ("2024", r"\d{4}"),
    "month": ("2024-07", r"\d{4}-\d\d"),
    "period": ("2024 or 2024-07", ".+"),
}


def of_kind(arg: Any, kind: type[T], description: str, remedy: str, name: str) -> T:
    """Return an argument of the right class; refuse any other."""
    if not isinstance(arg, kind):
        raise InputError(f"is a {type(arg).__name__}, not {description}", remedy, column=name)
    return arg


def truth(arg: Any, name: str) -> bool:
    """Return a boolean argument."""
    if not isinstance(arg, bool | np.bool_):
        raise InputError("is neither True nor False", "Choose one.", column=name, value=arg)
    return bool(arg)


def text(arg: Any, name: str) -> str:
    """Return a text; the error for a column of texts says how to apply a function to each."""
    return of_kind(arg, str, "a text", "Pass one text; for a column of texts use .map().", name)


def frame(arg: Any, name: str = "frame") -> pd.DataFrame:
    """Return a DataFrame with rows and uniquely named columns."""
    table = of_kind(arg, pd.DataFrame, "a DataFrame", "Pass a pandas DataFrame.", name)
    if table.empty:
        raise InputError("has no rows", "Pass a table with at least one row.", column=name)
    if table.columns.nlevels > 1:
        raise InputError("has several levels of columns", "Give each column a single name.", column=name)
    if not table.columns.is_unique:
        duplicate = table.columns[table.columns.duplicated()][0]
        raise InputError("two columns have this name", "Rename one of them.", column=str(duplicate))
    return table


def columns(
    arg: str | Iterable[str] | None, table: pd.DataFrame, name: str, *, some: bool = False
) -> list[str]:
    """Return the names of existing columns, at least one if `some`; accepts a single name, a list or None."""
    names = [] if arg is None else listed(arg)
    for column in names:
        exists = False
        with suppress(TypeError):  # an unhashable value is no column name
            exists = column in table.columns
        if not exists:
            available = ", ".join(map(str, table.columns))
            raise InputError("there is no such column", f"Columns: {available}.", column=name, value=column)
    if len(set(names)) < len(names) or (some and not names):
        problem = "names a column twice" if names else "names no column"
        raise InputError(problem, "Name each column once.", column=name, value=arg)
    return names


def labels(table: pd.DataFrame, names: Iterable[str], reserved: Iterable[str]) -> None:
    """Refuse a grouping column without a usable name, one named as a column of the result, and rows without a group."""
    for name in names:
        if not isinstance(name, str):
            raise InputError("is not text", "Give the column a name.", column="by", value=name)
        if name in reserved:
            raise InputError("is a column of the result", "Rename yours.", column="by", value=name)
        groups(table, name)


def groups(table: pd.DataFrame, name: str, *, gaps: bool = False) -> None:
    """Refuse values that cannot name a group, such as lists, and missing ones unless `gaps`."""
    for row, value in enumerate(table[name], start=1):
        try:
            hash(value)
            usable = gaps or not _is_missing(value)
        except TypeError:
            usable = False
        if not usable:
            place: dict[str, Any] = {"row": row, "column": str(name), "value": value}
            raise InputError("is not a usable group", "Give every row a group.", **place)


def column(arg: str, table: pd.DataFrame, name: str) -> str:
    """Return the name of one existing column."""
    return columns([arg], table, name)[0]


def number(arg: Any, name: str, kind: str = "number", *, row: int | None = None) -> float:
    """Return one finite number of a kind; refuse booleans, texts and lists."""
    fits, problem, example = KINDS[kind]
    if _is_missing(arg):
        problem, remedy = "is missing", "Leave the row out, or fill it in."
    elif isinstance(arg, str):
        problem = "is not a number"
        remedy = "Convert the column to numbers first; osw_stats.parse reads a figure in words."
    elif _is_finite(arg) and fits(arg):
        return float(arg)
    else:
        problem = problem if _is_finite(arg) else "is not a finite number to compute with"
        remedy = f"Pass a number such as {example}."
    raise InputError(problem, remedy, row=row, column=name, value=arg)


def numbers(arg: Any, name: str, kind: str = "number", *, gaps: bool = False) -> NDArray[np.float64]:
    """Return finite numbers of a kind, NaN for missing ones if `gaps`; the error names the first invalid row."""
    is_quantity = isinstance(getattr(arg, "dtype", None), QuantityDtype)
    values = listed(arg.astype(float) if is_quantity else arg)
    rows = enumerate(values, start=1)
    parsed = [np.nan if gaps and _is_missing(v) else number(v, name, kind, row=row) for row, v in rows]
    return np.array(parsed, dtype=float)


def listed(arg: Any) -> list[Any]:
    """Return the values of any list-like argument; unordered or multi-column ones count as a single value."""
    single = isinstance(arg, str | bytes | Mapping | set | frozenset) or not isinstance(arg, Iterable)
    return [arg] if single or getattr(arg, "ndim", 1) != 1 else list(arg)


def _is_missing(value: Any) -> bool:
    if isinstance(value, Decimal):  # pandas compares it, and a signalling NaN refuses comparison
        return value.is_nan()
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _is_finite(value: Any) -> bool:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | Decimal):
        return False
    with suppress(OverflowError, ValueError):  # too large for a float
        return math.isfinite(value) and (value == 0 or 1 / FURTHEST <= abs(float(value)) <= FURTHEST)
    return False


def choice(arg: Any, allowed: Sequence[str], name: str) -> str:
    """Return one of the allowed words."""
    if not isinstance(arg, str) or arg not in allowed:
        raise InputError("is unknown", f"Choose: {', '.join(allowed)}.", column=name, value=arg)
    return arg


def period(arg: Any, name: str, unit: str, *, row: int | None = None) -> Period:
    """Return one year, month or any period; a day stands for its month or year."""
    if isinstance(arg, pd.Period) and unit != "period" and arg.start_time.date() == arg.end_time.date():
        arg = arg.start_time  # a day, or an hour of one
    code = str(arg).strip() if isinstance(arg, str | pd.Period) else ""
    moment: Any = arg if isinstance(arg, date | np.datetime64) and not _is_missing(arg) else None
    if isinstance(arg, str) and unit != "period":
        with suppress(ValueError):  # a day, perhaps with its time
            moment = datetime.fromisoformat(code)
    if moment is not None:
        code = _timestamp_text(pd.Timestamp(moment), name, row)[: 7 if unit == "month" else 4]
    elif unit != "month" and _is_finite(arg) and arg == int(arg):
        code = str(int(arg))
    example, shape = PERIODS[unit]
    with suppress(InputError):
        if re.fullmatch(shape, code):
            return parse_period(code.replace("Q", "-Q") if re.fullmatch(r"\d{4}Q\d", code) else code)
    remedy = f"Write {example}, or pass dates or periods of one {unit}."
    raise InputError(f"is not a {unit}", remedy, row=row, column=name, value=arg)


def _timestamp_text(moment: pd.Timestamp, name: str, row: int | None) -> str:
    """Return a timestamp as text; refuse one whose month depends on the time zone."""
    # midnight in Amsterdam, stored in UTC, falls on the last day of the previous month
    months = {(moment + pd.Timedelta(hours=hours)).month for hours in (-14, 0, 14)} if moment.tz else {1}
    if len(months) > 1 and moment != moment.normalize():
        remedy = "Convert it to the time zone of the counts, then drop the zone: .dt.tz_localize(None)."
        raise InputError(
            "is of another month in another time zone", remedy, row=row, column=name, value=moment
        )
    return str(moment)


def periods(arg: Any, name: str, unit: str) -> list[Period]:
    """Return years, months or periods given as texts, dates, datetimes, periods, or integers for years."""
    return [period(value, name, unit, row=row) for row, value in enumerate(listed(arg), start=1)]


def counts(
    arg: Any, value: str | None, time: str | None, name: str, *, gaps: bool = False
) -> tuple[Any, str, NDArray[np.float64]]:
    """Return periods, label and values of counts: from a Series, or from two columns (the index if `time` is None)."""
    times: Any
    if isinstance(arg, pd.Series):
        times, values = arg.index, arg
        if arg.empty:
            raise InputError("has no rows", "Pass at least one count.", column=name)
        if name == "counts" and not value is time is None:
            raise InputError("is a Series, without columns to name", "Leave the names out.", column=name)
    else:
        remedy = "Pass a pandas Series with its years or months as the index."
        table = frame(of_kind(arg, pd.DataFrame, "a Series or DataFrame", remedy, name), name)
        times = table.index if time is None else table[column(time, table, name)]
        if value is None:
            cols = [c for c in table.columns if c != time and pd.api.types.is_numeric_dtype(table[c].dtype)]
            if len(cols) != 1:
                remedy = f"Name the column of counts; columns: {', '.join(map(str, table.columns))}."
                raise InputError(f"{len(cols)} columns could be the counts", remedy, column=name)
            value = cols[0]
        if "definition_id" in table and len(set(table["definition_id"])) > 1:
            remedy = "Keep the rows of one definition."
            raise InputError("has counts under several definitions", remedy, column="definition_id")
        values = table[column(value, table, name)]
    label = name if values.name is None else str(values.name)
    return times, label, numbers(values, label, "count", gaps=gaps)

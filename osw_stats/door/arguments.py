"""What users of pandas pass: columns, numbers and periods of any kind, read or refused by name, row and value."""

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

# which finite numbers are of a kind, what the others are, and one that is
KINDS: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "number": (lambda _: True, "", "1.5"),
    "size": (lambda value: value >= 0, "is below zero", "1.5"),
    "positive": (lambda value: value > 0, "is not above zero", "100000"),
    "count": (lambda value: value >= 0 and value == int(value), "is not a whole number of 0 or more", "12"),
    "level": (lambda value: 0 < value < 1, "is not between 0 and 1", "0.05"),
}
FURTHEST = 1e100  # from zero, or its inverse: three of them multiplied can still be written down
T = TypeVar("T")
PERIODS = {
    "year": ("2024", r"\d{4}"),
    "month": ("2024-07", r"\d{4}-\d\d"),
    "period": ("2024 or 2024-07", ".+"),
}


def of_kind(given: Any, kind: type[T], words: str, remedy: str, name: str) -> T:
    """Return an object of a class, or refuse what is none."""
    if not isinstance(given, kind):
        raise InputError(f"is a {type(given).__name__}, not {words}", remedy, column=name)
    return given


def truth(given: Any, name: str) -> bool:
    """Return True or False."""
    if not isinstance(given, bool | np.bool_):
        raise InputError("is neither True nor False", "Choose one.", column=name, value=given)
    return bool(given)


def text(given: Any, name: str) -> str:
    """Return a text; a column of texts is refused with how to apply a function to each."""
    return of_kind(given, str, "a text", "Pass one text; for a column of texts use .map().", name)


def frame(given: Any, name: str = "frame") -> pd.DataFrame:
    """Return a DataFrame with rows, or refuse what is none."""
    table = of_kind(given, pd.DataFrame, "a DataFrame", "Pass a pandas DataFrame.", name)
    if table.empty:
        raise InputError("has no rows", "Pass a table with at least one row.", column=name)
    if table.columns.nlevels > 1:
        raise InputError("has several levels of columns", "Give each column a single name.", column=name)
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise InputError("two columns have this name", "Rename one of them.", column=str(twice))
    return table


def columns(
    given: str | Iterable[str] | None, table: pd.DataFrame, name: str, *, some: bool = False
) -> list[str]:
    """Return names of columns that are there, `some` at least; one name may stand alone, None is none."""
    wanted = [] if given is None else listed(given)
    for column in wanted:
        there_is = False
        with suppress(TypeError):  # what cannot be hashed names no column
            there_is = column in table.columns
        if not there_is:
            there = ", ".join(map(str, table.columns))
            raise InputError("there is no such column", f"Columns: {there}.", column=name, value=column)
    if len(set(wanted)) < len(wanted) or (some and not wanted):
        problem = "names a column twice" if wanted else "names no column"
        raise InputError(problem, "Name each column once.", column=name, value=given)
    return wanted


def labels(table: pd.DataFrame, names: Iterable[str], taken: Iterable[str]) -> None:
    """Refuse a column of groups that has a name of the result, or none, and a row whose group has none."""
    for name in names:
        if not isinstance(name, str):
            raise InputError("is not text", "Give the column a name.", column="by", value=name)
        if name in taken:
            raise InputError("is a column of the result", "Rename yours.", column="by", value=name)
        groups(table, name)


def groups(table: pd.DataFrame, name: str, *, gaps: bool = False) -> None:
    """Refuse a value of a column that can name no group, such as a list; one that is missing unless `gaps`."""
    for row, value in enumerate(table[name], start=1):
        try:
            hash(value)
            named = gaps or not _missing(value)
        except TypeError:
            named = False
        if not named:
            where: dict[str, Any] = {"row": row, "column": str(name), "value": value}
            raise InputError("is not a usable group", "Give every row a group.", **where)


def column(given: str, table: pd.DataFrame, name: str) -> str:
    """Return the name of one column that is there."""
    return columns([given], table, name)[0]


def number(given: Any, name: str, kind: str = "number", *, row: int | None = None) -> float:
    """Return one finite number of a kind; a truth value, a word or a list is none."""
    fits, problem, example = KINDS[kind]
    if _missing(given):
        problem, remedy = "is missing", "Leave the row out, or fill it in."
    elif isinstance(given, str):
        problem = "is not a number"
        remedy = "Convert the column to numbers first; osw_stats.parse reads a figure in words."
    elif _finite(given) and fits(given):
        return float(given)
    else:
        problem = problem if _finite(given) else "is not a finite number to compute with"
        remedy = f"Pass a number such as {example}."
    raise InputError(problem, remedy, row=row, column=name, value=given)


def numbers(given: Any, name: str, kind: str = "number", *, gaps: bool = False) -> NDArray[np.float64]:
    """Return finite numbers of a kind, NaN at `gaps`; refuse the first that is none by its row."""
    known = isinstance(getattr(given, "dtype", None), QuantityDtype)
    values = listed(given.astype(float) if known else given)
    rows = enumerate(values, start=1)
    read = [np.nan if gaps and _missing(v) else number(v, name, kind, row=row) for row, v in rows]
    return np.array(read, dtype=float)


def listed(given: Any) -> list[Any]:
    """Return the values of a list of any kind; what has no order of its own, or several columns, stands alone."""
    one = isinstance(given, str | bytes | Mapping | set | frozenset) or not isinstance(given, Iterable)
    return [given] if one or getattr(given, "ndim", 1) != 1 else list(given)


def _missing(value: Any) -> bool:
    if isinstance(value, Decimal):  # pandas compares it, which one kind of NaN refuses
        return value.is_nan()
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _finite(value: Any) -> bool:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | Decimal):
        return False
    with suppress(OverflowError, ValueError):  # what is beyond a float
        return math.isfinite(value) and (value == 0 or 1 / FURTHEST <= abs(float(value)) <= FURTHEST)
    return False


def choice(given: Any, allowed: Sequence[str], name: str) -> str:
    """Return one of a few words."""
    if not isinstance(given, str) or given not in allowed:
        raise InputError("is unknown", f"Choose: {', '.join(allowed)}.", column=name, value=given)
    return given


def period(given: Any, name: str, unit: str, *, row: int | None = None) -> Period:
    """Return one year, month or any period; a day counts for the month or year it lies in."""
    if isinstance(given, pd.Period) and unit != "period" and given.start_time.date() == given.end_time.date():
        given = given.start_time  # a day, or an hour of one
    code = str(given).strip() if isinstance(given, str | pd.Period) else ""
    moment: Any = given if isinstance(given, date | np.datetime64) and not _missing(given) else None
    if isinstance(given, str) and unit != "period":
        with suppress(ValueError):  # a day, perhaps with its time
            moment = datetime.fromisoformat(code)
    if moment is not None:
        code = _of_moment(pd.Timestamp(moment), name, row)[: 7 if unit == "month" else 4]
    elif unit != "month" and _finite(given) and given == int(given):
        code = str(int(given))
    example, shape = PERIODS[unit]
    with suppress(InputError):
        if re.fullmatch(shape, code):
            return parse_period(code.replace("Q", "-Q") if re.fullmatch(r"\d{4}Q\d", code) else code)
    remedy = f"Write {example}, or pass dates or periods of one {unit}."
    raise InputError(f"is not a {unit}", remedy, row=row, column=name, value=given)


def _of_moment(moment: pd.Timestamp, name: str, row: int | None) -> str:
    """Return the day of a moment; refuse one of a time zone that elsewhere is of another month."""
    # midnight in Amsterdam that was kept in UTC lies on the last day of the month before
    around = {(moment + pd.Timedelta(hours=hours)).month for hours in (-14, 0, 14)} if moment.tz else {1}
    if len(around) > 1 and moment != moment.normalize():
        remedy = "Convert it to the time zone of the counts, then drop the zone: .dt.tz_localize(None)."
        raise InputError(
            "is of another month in another time zone", remedy, row=row, column=name, value=moment
        )
    return str(moment)


def periods(given: Any, name: str, unit: str) -> list[Period]:
    """Return years, months or periods from texts, dates, datetimes, periods, or whole numbers for years."""
    return [period(value, name, unit, row=row) for row, value in enumerate(listed(given), start=1)]


def counts(
    given: Any, value: str | None, at: str | None, name: str, *, gaps: bool = False
) -> tuple[Any, str, NDArray[np.float64]]:
    """Return what counts are of, their name and they: a Series and its index, or two columns (the index without `at`)."""
    when: Any
    if isinstance(given, pd.Series):
        when, values = given.index, given
        if given.empty:
            raise InputError("has no rows", "Pass at least one count.", column=name)
        if name == "counts" and not value is at is None:
            raise InputError("is a Series, without columns to name", "Leave the names out.", column=name)
    else:
        remedy = "Pass a pandas Series with its years or months as the index."
        table = frame(of_kind(given, pd.DataFrame, "a Series or DataFrame", remedy, name), name)
        when = table.index if at is None else table[column(at, table, name)]
        if value is None:
            left = [c for c in table.columns if c != at and pd.api.types.is_numeric_dtype(table[c].dtype)]
            if len(left) != 1:
                remedy = f"Name the column of counts; columns: {', '.join(map(str, table.columns))}."
                raise InputError(f"{len(left)} columns could be the counts", remedy, column=name)
            value = left[0]
        if "definition_id" in table and len(set(table["definition_id"])) > 1:
            remedy = "Keep the rows of one definition."
            raise InputError("has counts under several definitions", remedy, column="definition_id")
        values = table[column(value, table, name)]
    label = name if values.name is None else str(values.name)
    return when, label, numbers(values, label, "count", gaps=gaps)

"""Common keys of published tables: periods, margins, marks in place of a value, false zeros (words.yml)."""

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from osw_stats.yamlfile import read_yaml, refusals

refused = refusals(__file__)

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("words.yml"))
PERIOD_NAMES, MARGIN_NAMES = tuple(WORDS["periods"]), tuple(WORDS["margins"])
TOPIC_NAMES = tuple(WORDS["topics"]["nl"] + WORDS["topics"]["en"])
DUTCH = frozenset(WORDS["topics"]["nl"] + WORDS["time"]["nl"])  # headings that only a Dutch file has
TIME = frozenset(WORDS["time"]["nl"] + WORDS["time"]["en"])
_SPELT = [(full, number) for number, names in enumerate(WORDS["months"], start=1) for full in names]
_MONTH = {name: number for full, number in _SPELT for name in (full, full[:3])}
# the kind of period by the first letters of its key or word, and the last number in a year
_KINDS = {"jj": "", "kw": "Q", "q": "Q", "qu": "Q", "h": "H", "ha": "H", "hj": "H", "se": "H", "w": "W"}
_KINDS |= {"w1": "W", "we": "W", "m": "M", "ma": "M", "mm": "M", "mo": "M"}
_LAST = {"": 0, "Q": 4, "H": 2, "M": 12, "W": 53}
PART = r"(?P<kind>kwartaal|quarter|halfjaar|half year|week|maand|month)"
_YEAR = "(?P<year>[0-9]{4})"
# 2024JJ00 a year, 2024KW01 a quarter, 2024HJ01 a half year, 2024MM07 a month, 2020W153 a week
_SHAPES = [rf"{_YEAR}(?-i:(?P<kind>JJ|KW|HJ|MM|W1))(?P<number>[0-9]{{2}})", rf"{_YEAR}(?:\.0)?"]
_SHAPES += [rf"{_YEAR}-(?P<number>[0-9]{{2}})(?P<kind>)"]
# the same as a label, in Dutch and English, and as SDMX and others write it
for _part in (
    r"(?P<kind>[QHMW])(?P<number>\d{1,2})",
    rf"(?P<month>{'|'.join(_MONTH)})\.?",
    r"(?P<number>\d{1,2})(?:e|st|nd|rd|th)? ?(?P<kind>kwartaal|quarter|half ?jaar|half|half.?year|semester)",
    rf"{PART} (?P<number>\d{{1,2}})",
):
    _SHAPES += [rf"{_YEAR}[ -]?{_part}", rf"{_part}[ -]{_YEAR}"]
_PERIODS = [re.compile(shape, re.I | re.A) for shape in _SHAPES]
_PROVISIONAL = re.compile(r"\s*(\*{1,2})$|\s*\((?:voorlopige cijfers|provisional figures)\)$", re.I)
_MARKS = {text: status for status, texts in WORDS["marks"].items() for text in texts}
_OPEN = re.compile(
    rf"(?:(?P<below>{'|'.join(WORDS['below'])})|{'|'.join(WORDS['at_most'])}) ?(?P<most>[0-9]{{1,9}})"
    r"|(?P<first>[0-9]{1,9}) ?[-–] ?(?P<last>[0-9]{1,9})",
    re.I,
)


LONG = 12  # periods of nothing but zero


class Mark(NamedTuple):
    """A mark in place of a value: its status, and the interval it leaves open, NaN without one."""

    status: str
    lower: float = math.nan
    upper: float = math.nan
    below: bool = False  # the upper limit itself is excluded
    range: bool = False  # two numbers: a band in a column of labels


def mark_of(text: str) -> Mark | None:
    """Return the meaning of a mark in place of a value; None for any other text.

    An empty cell means "cannot occur" in some files and "missing" in others, so it is not decided here.

    >>> mark_of("x").status, mark_of("< 5")[1:4], mark_of("1-4")[1:4], mark_of("1.4.1")
    ('withheld', (0.0, 5.0, True), (1.0, 4.0, False), None)
    """
    if text in _MARKS:
        return Mark(_MARKS[text])
    if (match := _OPEN.fullmatch(text)) is None:
        return None
    if match["most"]:
        return Mark("withheld", 0.0, float(match["most"]), bool(match["below"]))
    first, last = float(match["first"]), float(match["last"])
    return Mark("withheld", first, last, range=True) if first < last else None


def margin(code: str) -> str | None:
    """Return the end of an interval for the code of a margin; None for any other, such as another level.

    >>> margin("MW00000"), margin("Ondergrens 95%-interval"), margin("MBG0090")
    ('value', 'ci_lower', None)
    """
    return next((end for end, words in WORDS["ends"].items() if re.fullmatch(words, code, re.I)), None)


@cache
def period(code: str) -> tuple[str, str] | None:
    """Return the SDMX period of a key or label, and the status of its mark; None for periods not modelled.

    >>> period("2024MM07"), period("2024 juli*"), period("2024JJ00"), period("2020W153")
    (('2024-07', 'normal'), ('2024-07', 'provisional'), ('2024', 'normal'), ('2020-W53', 'normal'))
    >>> period("2019X000") is period("2019/'20") is None
    True
    """
    text = code.strip()
    bare = _PROVISIONAL.sub("", text)
    parsed = next((match for shape in _PERIODS if (match := shape.fullmatch(bare))), None)
    if parsed is None:
        return None
    names = parsed.groupdict()
    number = _MONTH[names["month"].lower()] if names.get("month") else int(names.get("number") or 0)
    word = names.get("kind", "jj" if not names.get("month") else "m") or "m"
    kind = _KINDS[word[:2].lower()]
    if not 1800 <= int(names["year"]) <= 2100 or not min(1, _LAST[kind]) <= number <= _LAST[kind]:
        return None
    tail = {"": "", "M": f"-{number:02d}", "W": f"-W{number:02d}"}.get(kind, f"-{kind}{number}")
    return names["year"] + tail, "normal" if bare == text else "provisional"


def look_at_zeros(name: str, frame: pd.DataFrame, dims: list[str], notes: list[str]) -> None:
    """Refuse zeros in cells known to be empty (words.yml); add a note on other series of only zeros."""
    # a copy with 0 for a cell without a figure would report that none happened
    if not frame["value"].eq(0).any() or not dims:
        return
    for empty in WORDS["withheld"]:
        # a copy not named by table number may be of any table
        meant = re.fullmatch(empty["tables"], name, re.I) or not re.fullmatch(r"\d{4,5}[A-Za-z]{3}", name)
        dim = next((dim for dim in dims if re.search(empty["dimension"], dim, re.I)), None)
        if not meant or dim is None:
            continue
        codes, periods = frame[dim].astype(str).str.split(" ").str[0], frame["time_period"]
        months = periods.str.fullmatch(r"\d{4}-\d\d") & periods.between(*empty["months"])
        for _, at in _all_zero(frame[codes.isin(empty["codes"]) & months], [*dims, "measure"])[0].iterrows():
            words = {"size": at["size"], "known": empty}
            raise refused("zeros", row=int(at["row"]), column=dim, value=str(at[dim]), **words)
    zeros, series = _all_zero(frame, [*dims, "measure"])
    if len(zeros):
        names = [", ".join(map(str, codes)) for codes in zeros.index[:3]]
        of = f"{len(zeros)} of {series} series are 0 in all their periods"
        notes.append(f"{of} (see whether the publisher gives a figure there): {few(names, '; ')}")


def _all_zero(frame: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, int]:
    """Return the long series of only zeros, and the number of all series."""
    parts = frame.assign(_zero=frame["value"].eq(0)).groupby(key, observed=True, sort=False)
    first = {name: (name, "first") for name in ("row", *key)}
    series = parts.agg(size=("_zero", "size"), zero=("_zero", "all"), **first)
    return series[series["zero"] & (series["size"] >= LONG)], len(series)


def few(names: Sequence[str], between: str = ", ") -> str:
    """Return the first of some names, for a message."""
    return between.join(names[:3]) + (" …" if len(names) > 3 else "")

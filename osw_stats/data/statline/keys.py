"""Codes and labels that published tables share: periods, margins, marks in the place of a value. Words: words.yml."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.yamlfile import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("words.yml"))
PERIOD_NAMES, MARGIN_NAMES = tuple(WORDS["periods"]), tuple(WORDS["margins"])
TOPIC_NAMES = tuple(WORDS["topics"]["nl"] + WORDS["topics"]["en"])
DUTCH = frozenset(WORDS["topics"]["nl"] + WORDS["time"]["nl"])  # headings that only a Dutch file has
TIME = frozenset(WORDS["time"]["nl"] + WORDS["time"]["en"])
_MONTH = {
    name: number
    for number, names in enumerate(WORDS["months"], start=1)
    for full in names
    for name in (full, full[:3])
}
# 2024JJ00 a year, 2024KW01 a quarter, 2024HJ01 a half year, 2024MM07 a month, 2020W153 a week
_KINDS = {"JJ": "", "KW": "Q", "HJ": "H", "MM": "M", "W1": "W"}
_LARGEST = {"": 0, "Q": 4, "H": 2, "M": 12, "W": 53}
# the same as a label, in Dutch and English, and as SDMX and others write it
PART = r"(?P<kind>kwartaal|quarter|halfjaar|half year|week|maand|month)"
_PARTS = [
    r"(?P<kind>[QHMW])(?P<number>\d{1,2})",
    rf"(?P<month>{'|'.join(_MONTH)})\.?",
    r"(?P<number>\d{1,2})(?:e|st|nd|rd|th)? ?(?P<kind>kwartaal|quarter|half ?jaar|half|half.?year|semester)",
    rf"{PART} (?P<number>\d{{1,2}})",
]
_WORDS = {"kw": "Q", "qu": "Q", "ha": "H", "se": "H", "we": "W", "ma": "M", "mo": "M"}
_PROVISIONAL = re.compile(r"\s*(\*{1,2})$|\s*\((?:voorlopige cijfers|provisional figures)\)$", re.I)
_MARKS = {text: status for status, texts in WORDS["marks"].items() for text in texts}
_OPEN = re.compile(
    rf"(?:(?P<below>{'|'.join(WORDS['below'])})|{'|'.join(WORDS['at_most'])}) ?(?P<most>[0-9]{{1,9}})"
    r"|(?P<first>[0-9]{1,9}) ?[-–] ?(?P<last>[0-9]{1,9})",
    re.I,
)


class Mark(NamedTuple):
    """What stands in the place of a value: its status, and the values it leaves open, NaN where it does not say."""

    status: str
    lower: float = math.nan
    upper: float = math.nan
    below: bool = False  # the upper limit itself is left out
    range: bool = False  # two numbers, which in a column of labels are a band


def mark_of(text: str) -> Mark | None:
    """Return what a mark in the place of a value says; None where the text is no mark.

    Nothing at all means "cannot occur" in some files and "not there" in others, so it is not told here.

    Examples
    --------
    >>> mark_of("x").status, mark_of("< 5")[1:4], mark_of("1-4")[1:4], mark_of("1.4.1")
    ('withheld', (0.0, 5.0, True), (1.0, 4.0, False), None)
    """
    if text in _MARKS:
        return Mark(_MARKS[text])
    if (found := _OPEN.fullmatch(text)) is None:
        return None
    if found["most"]:
        return Mark("withheld", 0.0, float(found["most"]), bool(found["below"]))
    first, last = float(found["first"]), float(found["last"])
    return Mark("withheld", first, last, range=True) if first < last else None


def margin(code: str) -> str | None:
    """Return which end of an interval a row of a margin holds; None for any other, such as another width.

    Examples
    --------
    >>> margin("MW00000"), margin("Ondergrens 95%-interval"), margin("MBG0090")
    ('value', 'ci_lower', None)
    """
    return next((end for end, words in WORDS["ends"].items() if re.fullmatch(words, code, re.I)), None)


@cache
def period(code: str) -> tuple[str, str] | None:
    """Return the SDMX period of a key or label, and the status its mark gives; None where we model no such period.

    Examples
    --------
    >>> period("2024MM07"), period("2024 juli*"), period("2024JJ00"), period("2020W153")
    (('2024-07', 'normal'), ('2024-07', 'provisional'), ('2024', 'normal'), ('2020-W53', 'normal'))
    >>> period("2019X000") is period("2019/'20") is None
    True
    """
    text = code.strip()
    bare = _PROVISIONAL.sub("", text)
    status = "normal" if bare == text else "provisional"
    if (key := re.fullmatch(r"([0-9]{4})(JJ|KW|HJ|MM|W1)([0-9]{2})", bare, re.A)) is not None:
        return _coded(key[1], _KINDS[key[2]], int(key[3]), status)
    if (year := re.fullmatch(r"([0-9]{4})(?:\.0)?", bare)) is not None:
        return _coded(year[1], "", 0, status)
    if (month := re.fullmatch(r"([0-9]{4})-([0-9]{2})", bare)) is not None:
        return _coded(month[1], "M", int(month[2]), status)
    for part in _PARTS:
        shape = rf"(?:(?P<year>[0-9]{{4}})[ -]?{part})"
        label = re.fullmatch(shape, bare, re.I | re.A)
        label = label or re.fullmatch(rf"{part}[ -](?P<year>[0-9]{{4}})", bare, re.I | re.A)
        if label is not None:
            names = label.groupdict()
            if "month" in names:
                return _coded(names["year"], "M", _MONTH[names["month"].lower()], status)
            kind = names["kind"].upper() if len(names["kind"]) == 1 else _WORDS[names["kind"][:2].lower()]
            return _coded(names["year"], kind, int(names["number"]), status)
    return None


def _coded(year: str, kind: str, number: int, status: str) -> tuple[str, str] | None:
    if not 1800 <= int(year) <= 2100 or number not in range(min(1, _LARGEST[kind]), _LARGEST[kind] + 1):
        return None
    tails = {"": "", "M": f"-{number:02d}", "W": f"-W{number:02d}"}
    return year + tails.get(kind, f"-{kind}{number}"), status

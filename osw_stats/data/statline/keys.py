"""Codes and labels that StatLine tables share: periods, margins, marks in the place of a value."""

from __future__ import annotations

import re
from functools import cache

PERIOD_NAMES = ("Perioden", "Periods")
MARGIN_NAMES = ("Marges", "Margins")
# what stands for the topics in the layout of a table
TOPIC_NAMES = ("Onderwerp", "Onderwerpen", "Topic", "Topics", "Subject", "Subjects")
_MONTHS = (
    "januari january",
    "februari february",
    "maart march mrt",
    "april",
    "mei may",
    "juni june",
    "juli july",
    "augustus august",
    "september",
    "oktober october",
    "november",
    "december",
)
_MONTH = {
    name: number
    for number, names in enumerate(_MONTHS, start=1)
    for full in names.split()
    for name in (full, full[:3])
}
# 2024JJ00 a year, 2024KW01 a quarter, 2024HJ01 a half year, 2024MM07 a month, 2020W153 a week
_KINDS = {"JJ": "", "KW": "Q", "HJ": "H", "MM": "M", "W1": "W"}
_LARGEST = {"": 0, "Q": 4, "H": 2, "M": 12, "W": 53}
# the same as a label, in Dutch and English, and as SDMX and others write it
_PARTS = [
    r"(?P<kind>[QHMW])(?P<number>\d{1,2})",
    rf"(?P<month>{'|'.join(_MONTH)})\.?",
    r"(?P<number>\d{1,2})(?:e|st|nd|rd|th)? ?(?P<kind>kwartaal|quarter|half ?jaar|half|half.?year|semester)",
    r"(?P<kind>week) (?P<number>\d{1,2})",
    r"(?P<kind>kwartaal|quarter|halfjaar|week) (?P<number>\d{1,2})",
]
_WORDS = {"kw": "Q", "qu": "Q", "ha": "H", "se": "H", "we": "W"}
_MARK = re.compile(r"\s*(\*{1,2})$|\s*\((?:voorlopige cijfers|provisional figures)\)$", re.I)

# words of the status column of Perioden; any other word than the first says that a figure may change
STATUS = {"Definitief": "normal", "Definite": "normal", "Final": "normal", "": "normal"}
_WITHHELD = re.compile(r"\.|x|[<≤] ?[0-9]+")
_UNKNOWN = {"-", "–", "..", "...", "NA", "N/A", "n/a", "null", "NULL", "?"}
_NOT_APPLICABLE = {"n.v.t.", "nvt", "not applicable"}


def mark_of(text: str) -> str | None:
    """Return the status that a mark in the place of a value stands for; None where the text is no mark.

    Nothing at all means "cannot occur" in some files and "not there" in others, so it is not told here.
    """
    if _WITHHELD.fullmatch(text):  # StatLine: unknown, insufficiently reliable or secret
        return "withheld"
    return "unknown" if text in _UNKNOWN else "not_applicable" if text in _NOT_APPLICABLE else None


def margin(code: str) -> str | None:
    """Return which end of an interval a row of a margin holds; None for any other, such as another width.

    Examples
    --------
    >>> margin("MW00000"), margin("Ondergrens 95%-interval"), margin("MBG0090")
    ('value', 'ci_lower', None)
    """
    if code in ("MW00000", "Waarde", "Value"):
        return "value"
    end = re.match(r"(MOG0095|Ondergrens.*95|Lower.*95)|(MBG0095|Bovengrens.*95|Upper.*95)", code)
    return None if end is None else "ci_lower" if end[1] else "ci_upper"


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
    bare = _MARK.sub("", text)
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

"""Periods as SDMX writes them: 2024, 2024-07, 2024-Q1, 2024-H2."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from osw_stats.errors import InputError

_PATTERN = re.compile(r"(?P<year>(?:19|20)\d{2})(?:-(?P<part>0[1-9]|1[0-2]|Q[1-4]|H[12]))?")


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of whole months; `start` and `end` are its first and last day."""

    start: date
    end: date
    code: str

    @property
    def days(self) -> int:
        """Length in days, both ends included."""
        return (self.end - self.start).days + 1


def parse_period(code: str) -> Period:
    """Read a period code.

    Raises
    ------
    InputError
        If the code has another shape.

    Examples
    --------
    >>> parse_period("2024-H2").start
    datetime.date(2024, 7, 1)
    >>> parse_period("2024").days
    366
    """
    found = _PATTERN.fullmatch(code)
    if not found:
        raise InputError("is not a period", "Write 2024, 2024-07, 2024-Q1 or 2024-H2.", value=code)
    year, part = int(found["year"]), found["part"]
    if part is None:
        first, months = 1, 12
    elif part[0] == "Q":
        first, months = 3 * int(part[1]) - 2, 3
    elif part[0] == "H":
        first, months = 6 * int(part[1]) - 5, 6
    else:
        first, months = int(part), 1
    last = first + months - 1
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]), code)


def parse_day_or_period(text: str) -> Period:
    """Read a day (2024-10-01) or a period (2024-10), a day being a period of one day.

    Examples
    --------
    >>> parse_day_or_period("2025-03-21").days, parse_day_or_period("2024-10").days
    (1, 31)
    """
    if len(text) != len("2024-10-01"):
        return parse_period(text)
    day = _iso_day(text, "value")
    return Period(day, day, text)


def known_by(published: str, precision: str, seen: str | None) -> date:
    """Return the first day on which a figure was certainly public.

    Why: an edition may only use what was published on or before its as-of date.
    A date known to the month counts as the last day of that month; an unknown
    date counts as the day on which somebody saw the figure. So a date is never
    guessed to be earlier than we know.

    Examples
    --------
    >>> known_by("2023-01", "month", None)
    datetime.date(2023, 1, 31)
    >>> known_by("", "unknown", "2025-03-21")
    datetime.date(2025, 3, 21)
    """
    if precision == "unknown":
        if published or not seen:
            raise InputError(
                "an unknown publication date needs the day the figure was seen, and no date",
                "Leave `published` empty and give the document a `seen` date in the source record.",
                column="published",
                value=published,
            )
        return _iso_day(seen, "seen")
    shapes = {"day": 10, "month": 7, "year": 4}
    if precision not in shapes:
        raise InputError(
            "unknown precision of a publication date",
            "Write day, month, year or unknown.",
            column="published_precision",
            value=precision,
        )
    if len(published) != shapes[precision]:
        raise InputError(
            f"does not fit a date known to the {precision}",
            "Write 2024-11-25 (day), 2024-11 (month) or 2024 (year).",
            column="published",
            value=published,
        )
    if precision == "day":
        return _iso_day(published, "published")
    return parse_period(published).end


def _iso_day(text: str, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            "is not a date", "Write year-month-day, such as 2024-11-25.", column=column, value=text
        ) from None

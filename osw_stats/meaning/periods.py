"""Periods as SDMX writes them: 2024, 2024-07, 2024-Q1, 2024-H2."""

import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from osw_stats.yamlfile import refusals

refused = refusals(__file__)

_PATTERN = re.compile(r"(?P<year>(?:19|20)\d{2})(?:-(?P<part>0[1-9]|1[0-2]|Q[1-4]|H[12]))?")


@dataclass(frozen=True, order=True)
class Period:
    """A period of whole months; `start` and `end` are its first and last day."""

    start: date
    end: date
    code: str

    @property
    def days(self) -> int:
        """Length in days, both ends included."""
        return (self.end - self.start).days + 1


def parse_period(code: str) -> Period:
    """Read a period code; raise InputError if it has another shape.

    >>> parse_period("2024-H2").start, parse_period("2024").days
    (datetime.date(2024, 7, 1), 366)
    """
    match = _PATTERN.fullmatch(code)
    if not match:
        raise refused("period", value=code)
    year, part = int(match["year"]), match["part"] or "Y1"
    months = {"Y": 12, "H": 6, "Q": 3}.get(part[0], 1)
    last = months * int(part.lstrip("YHQ"))
    first = last - months + 1
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]), code)


def parse_day_or_period(text: str) -> Period:
    """Read a day (2024-10-01) or a period (2024-10), a day being a period of one day."""
    if len(text) != len("2024-10-01"):
        return parse_period(text)
    day = iso_day(text, "value")
    return Period(day, day, text)


def known_by(published: str, precision: str, seen: str | None) -> date:
    """Return the first day on which a figure was certainly public; an imprecise date counts as its last day."""
    shapes = {"day": 10, "month": 7, "year": 4}
    if precision == "unknown":
        if seen and not published:
            return iso_day(seen, "seen")
        raise refused("unknown_date", column="published", value=published)
    if precision not in shapes:
        raise refused("precision", column="published_precision", value=precision)
    if len(published) != shapes[precision]:
        raise refused("shape_of_date", column="published", value=published, precision=precision)
    return iso_day(published, "published") if precision == "day" else parse_period(published).end


def iso_day(text: str, column: str) -> date:
    """Parse a day written year-month-day, and no other format that Python accepts."""
    with suppress(ValueError):
        if (day := date.fromisoformat(text)).isoformat() == text:
            return day
    raise refused("date", column=column, value=text)

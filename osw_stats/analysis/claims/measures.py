"""A number with its unit that knows arithmetic: unlike units do not add, counts do not multiply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from osw_stats.errors import InputError
from osw_stats.vocabulary.periods import Period
from osw_stats.vocabulary.units import UNITS

Values = NDArray[np.float64]
DATE = "date"
DAYS_A_YEAR = 365.25  # a mean year of the Julian calendar, leap days spread evenly


def dimension(code: str) -> str:
    """Return the unit a figure brings into a formula; a share is a factor and brings none.

    Examples
    --------
    >>> dimension("percent"), dimension("fte")
    ('', 'fte')
    """
    return "" if code in UNITS and UNITS[code].kind == "share" else code


@dataclass(frozen=True, eq=False)
class Measure:
    """One or many values of one unit; "" is a plain number.

    Examples
    --------
    >>> (Measure(np.array([6.0]), "eur") / Measure(np.array([2.0]), "fte")).unit
    'eur / fte'
    """

    values: Values
    unit: str = ""

    def __add__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        return Measure(self.values + right.values, self._common(right))

    def __sub__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        return Measure(self.values - right.values, self._common(right))

    def __mul__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        if self.unit and right.unit:
            raise InputError(
                f"multiplies {self.unit} by {right.unit}", "Multiply a count by a share or a number."
            )
        return Measure(self.values * right.values, self.unit or right.unit)

    def __truediv__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        if np.any(right.values == 0) or right.values.min() < 0 < right.values.max():
            raise InputError(
                "divides by zero, or by a range that contains zero", "Check the figures of the formula."
            )
        unit = (
            self.unit
            if not right.unit
            else ""
            if self.unit == right.unit
            else f"{self.unit or '1'} / {right.unit}"
        )
        return Measure(self.values / right.values, unit)

    def __neg__(self) -> Measure:
        return Measure(-self.values, self.unit)

    def __radd__(self, other: float) -> Measure:
        return _measure(other) + self

    def __rsub__(self, other: float) -> Measure:
        return _measure(other) - self

    def __rmul__(self, other: float) -> Measure:
        return _measure(other) * self

    def __rtruediv__(self, other: float) -> Measure:
        return _measure(other) / self

    def _common(self, other: Measure) -> str:
        if self.unit != other.unit:
            raise InputError(
                f"adds or subtracts unlike units ({self.unit or 'a plain number'} and {other.unit or 'a plain number'})",
                "Requests are not persons: compare figures of one unit.",
            )
        return self.unit


def _measure(value: Measure | float) -> Measure:
    if isinstance(value, Measure):
        return value
    if type(value) not in (int, float):
        raise InputError("uses something that is no number", "Use figures, claims and plain numbers.")
    return Measure(np.array([float(value)]))


@dataclass(frozen=True)
class Places:
    """Counted places of a text: what each of them says, and in which unit."""

    name: str
    values: tuple[str, ...]
    unit: str


def count(places: Places) -> Measure:
    """Return how many places there are.

    Examples
    --------
    >>> float(count(Places("lines", ("a", "b", "b"), "groups")).values[0])
    3.0
    """
    return Measure(np.array([float(len(_listed(places).values))]), places.unit)


def distinct(places: Places) -> Measure:
    """Return how many different things the places say."""
    return Measure(np.array([float(len(set(_listed(places).values)))]), places.unit)


def value(places: Places) -> Measure:
    """Return the number that the only place of a list prints."""
    if len(_listed(places).values) != 1:
        raise InputError(f"the list {places.name} has {len(places.values)} places, not one", "Use count().")
    try:
        return Measure(np.array([float(places.values[0])]), dimension(places.unit))
    except ValueError:
        raise InputError(
            f"the place {places.name} holds no number", "Write it with a decimal point."
        ) from None


def days(period: Period) -> tuple[float, float]:
    """Return the first and the last day of a period, as day numbers of the calendar."""
    return float(period.start.toordinal()), float(period.end.toordinal())


def year(day: Measure) -> Measure:
    """Return the calendar year of a date."""
    return Measure(
        np.array([float(date.fromordinal(round(d)).year) for d in _dated(day).values]), "calendar_years"
    )


def month(day: Measure) -> Measure:
    """Return the month of the year of a date."""
    return Measure(
        np.array([float(date.fromordinal(round(d)).month) for d in _dated(day).values]), "calendar_months"
    )


def months(later: Measure, earlier: Measure) -> Measure:
    """Return the months between two dates, a month being a twelfth of a mean year."""
    return Measure((_dated(later) - _dated(earlier)).values / (DAYS_A_YEAR / 12), "months")


def years(later: Measure, earlier: Measure) -> Measure:
    """Return the years between two dates."""
    return Measure((_dated(later) - _dated(earlier)).values / DAYS_A_YEAR, "years")


FUNCTIONS = {f.__name__: f for f in (count, distinct, value, year, month, months, years)}


def _listed(places: Places) -> Places:
    if not isinstance(places, Places):
        raise InputError("counts something that is no list of places", "Name a list of the places file.")
    return places


def _dated(day: Measure) -> Measure:
    if not isinstance(day, Measure) or day.unit != DATE:
        raise InputError("takes the time between things that are no dates", "Name dated places.")
    return day

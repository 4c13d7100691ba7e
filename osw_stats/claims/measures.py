"""Numbers with units and their arithmetic: unlike units do not add, counts do not multiply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from osw_stats.errors import InputError
from osw_stats.meaning.units import UNITS

Values = NDArray[np.float64]
DATE = "date"
DAYS_A_YEAR = 365.25  # a mean year of the Julian calendar, leap days spread evenly


# a share is a level on a scale: two levels lie points apart, and a part of a part is a part
POINTS, RATIO, TIMES = "percentage_points", "ratio", "times"
LEVELS = ("percent", RATIO)
FACTORS = (*LEVELS, POINTS, TIMES, "")
WHOLE = (1, 100)  # the plain numbers that a share may be taken from or added to
SPELT = {"eur_per_fte": "eur / fte", "advice_requests_per_hundred_persons": "advice_requests / persons"}


class NoNumberError(InputError):
    """A formula without a finite result for these figures, such as a division by zero."""


def dimension(code: str) -> str:
    """Return the unit a figure brings into a formula; a quotient of two units is spelt out, such as eur / fte."""
    share = code in UNITS and UNITS[code].kind == "share" and code not in (POINTS, TIMES)
    return SPELT.get(code, "percent" if share else code)


def agrees(result: str, claimed: str) -> bool:
    """Return whether a result has the dimension the text states."""
    # A text may give a quotient of like units, or a bare number over a count ("47 of 98"), as a percentage or
    # as times. What has no unit on either side is arithmetic alone and agrees with anything.
    quotient = result == RATIO or result.startswith("1 / ")
    return not result or not claimed or result == claimed or (quotient and claimed in (*LEVELS, TIMES))


@dataclass(frozen=True, eq=False)
class Measure:
    """One or many values of one unit; "" is a plain number, and "-percent" a subtracted share."""

    values: Values
    unit: str = ""

    def __add__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        return Measure(self.values + right.values, self._sum(right))

    def __sub__(self, other: Measure | float) -> Measure:
        return self + -_measure(other)

    def __mul__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        units = (self._base, right._base)
        counts = [unit for unit in units if unit not in FACTORS]
        if len(counts) == 2:
            raise InputError(
                f"multiplies {units[0]} by {units[1]}", "Multiply a count by a share or a number."
            )
        shares = [unit for unit in (POINTS, "percent", RATIO, TIMES) if unit in units]
        product = Measure(self.values * right.values, (counts or shares or [""])[0])
        # a negative share is a subtracted share, however it is written
        return replace(product, unit=_turned(product.unit)) if self._turns != right._turns else product

    def __truediv__(self, other: Measure | float) -> Measure:
        right = _measure(other)
        if np.any(right.values == 0) or right.values.min() < 0 < right.values.max():
            problem = "divides by zero, or by a range that contains zero"
            raise NoNumberError(problem, "Check the figures of the formula.")
        over, under = self._base, right._base
        if not under:
            return self * Measure(1 / right.values)
        unit = f"{over or '1'} / {under}"
        if over == under or (over in FACTORS[:3] and under in FACTORS[:3]):
            unit = RATIO
        elif under in FACTORS:
            unit = over
        return Measure(self.values / right.values, unit)

    def __neg__(self) -> Measure:
        return Measure(-self.values, _turned(self.unit))

    def __rsub__(self, other: float) -> Measure:
        return _measure(other) - self

    def __rtruediv__(self, other: float) -> Measure:
        return _measure(other) / self

    __radd__, __rmul__ = __add__, __mul__

    @property
    def _base(self) -> str:
        return self.unit.removeprefix("-")

    @property
    def _turns(self) -> bool:
        """Whether a product with this turns a share into a subtracted share."""
        return self.unit.startswith("-") or (not self.unit and bool((self.values < 0).all()))

    def _sum(self, other: Measure) -> str:
        """Return the unit of a sum; a difference is a sum with the negated second term."""
        units, bases = (self.unit, other.unit), (self._base, other._base)
        if units[0] == units[1]:
            return units[0]
        plain = [m.values for m in (self, other) if not m.unit]
        level = next((unit for unit in LEVELS if unit in bases), "")
        taken = sum(unit.startswith("-") for unit in units)
        if level and all(unit in LEVELS for unit in bases):
            return POINTS if taken == 1 else f"{'-' if taken else ''}{level}"
        if level and POINTS in units and not taken:
            return level
        whole = bool(plain) and bool(np.isin(np.abs(plain[0]), WHOLE).all())
        if plain and (level == RATIO or TIMES in units or (level and whole)):
            return level or TIMES
        named = " and ".join(base or "a plain number" for base in bases)
        remedy = "Requests are not persons: compare figures of one unit."
        raise InputError(f"adds or subtracts unlike units ({named})", remedy)


def _turned(unit: str) -> str:
    """Return the unit of a subtracted share, and back; any other unit unchanged."""
    base = unit.removeprefix("-")
    return unit if base not in LEVELS else base if unit != base else f"-{base}"


def _measure(value: Measure | float) -> Measure:
    if isinstance(value, Measure):
        return value
    if type(value) not in (int, float):
        raise InputError("uses something that is no number", "Use figures, claims and plain numbers.")
    return _one(value)


def _one(value: float, unit: str = "") -> Measure:
    return Measure(np.array([float(value)]), unit)


@dataclass(frozen=True)
class Places:
    """Counted places of a text: the value of each, and their unit."""

    name: str
    values: tuple[str, ...]
    unit: str


def _listed(places: Places) -> tuple[str, ...]:
    if not isinstance(places, Places):
        raise InputError("counts something that is no list of places", "Name a list of the places file.")
    return places.values


def _value(places: Places) -> Measure:
    """Return the number that the only place of a list prints."""
    if len(_listed(places)) != 1:
        raise InputError(f"the list {places.name} has {len(places.values)} places, not one", "Use count().")
    try:
        return _one(float(places.values[0]), dimension(places.unit))
    except ValueError:
        problem = f"the place {places.name} holds no number"
        raise InputError(problem, "Write it with a decimal point.") from None


def _dated(day: Measure) -> Measure:
    if not isinstance(day, Measure) or day.unit != DATE:
        raise InputError("takes the time between things that are no dates", "Name dated places.")
    return day


def _calendar(day: Measure, part: str) -> Measure:
    parts = [float(getattr(date.fromordinal(round(d)), part)) for d in _dated(day).values]
    return Measure(np.array(parts), f"calendar_{part}s")


def _between(later: Measure, earlier: Measure, unit: str, days: float) -> Measure:
    return Measure((_dated(later) - _dated(earlier)).values / days, unit)


def _weekly(daily: Measure, days_a_week: Measure | float) -> Measure:
    """Return hours a week from hours a day."""
    if not isinstance(daily, Measure) or daily.unit not in ("", "hours_per_day"):
        raise InputError("takes hours a week of something else than hours a day", "Name hours a day.")
    return Measure(daily.values * _measure(days_a_week).values, daily.unit and "hours_per_week")


# functions of formulae
FUNCTIONS: dict[str, Callable[..., Measure]] = {
    "count": lambda places: _one(len(_listed(places)), places.unit),
    "distinct": lambda places: _one(len(set(_listed(places))), places.unit),  # different values of the places
    "value": _value,
    "year": lambda day: _calendar(day, "year"),
    "month": lambda day: _calendar(day, "month"),
    "months": lambda later, earlier: _between(later, earlier, "months", DAYS_A_YEAR / 12),
    "years": lambda later, earlier: _between(later, earlier, "years", DAYS_A_YEAR),
    "weekly": _weekly,
}

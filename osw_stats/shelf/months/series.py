"""A checked monthly series of counts: complete, in whole numbers, and without withheld months given as zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.meaning.periods import parse_period

Floats = NDArray[np.float64]
IMPOSSIBLE = 1e-6  # a zero month less likely than this was not counted
LEVEL = 10  # counts per month: above it two consecutive zero months are taken as withheld


@dataclass(frozen=True)
class MonthlySeries:
    """Counts of consecutive months."""

    name: str  # what is counted, for messages and tables
    months: tuple[str, ...]  # such as "2024-07", consecutive
    counts: Floats
    vintage: str = ""  # the date on which this edition of the series was known; empty if unknown

    @property
    def days(self) -> Floats:
        """Days of each month."""
        return np.array([parse_period(m).days for m in self.months], dtype=float)

    @property
    def month_of_year(self) -> Floats:
        """1 for January to 12 for December."""
        return np.array([int(m[5:]) for m in self.months], dtype=float)

    def position(self, month: str) -> int:
        """Return the index of a month; an `InputError` where the series does not reach."""
        if month not in self.months:
            span = f"{self.months[0]} to {self.months[-1]}"
            problem = f"lies outside the series {self.name}, which runs from {span}"
            raise InputError(problem, "Choose a month within it.", column="date", value=month)
        return self.months.index(month)

    def part(self, first: int, last: int) -> MonthlySeries:
        """Return months `first` up to but not including `last`, by index."""
        return MonthlySeries(self.name, self.months[first:last], self.counts[first:last], self.vintage)


def monthly_series(
    name: str, months: Sequence[str], counts: Sequence[float], *, vintage: str = ""
) -> MonthlySeries:
    """Return a checked series of monthly counts, in order of time.

    InputError for a month that is invalid, duplicated or missing in between, and for a count that is missing,
    negative or not a whole number; NotEstimableError without months, and for counts that are all the same.

    >>> monthly_series("reports", ["2024-02", "2024-01"], [29, 31]).months
    ('2024-01', '2024-02')
    """
    if len(months) != len(counts):
        raise InputError(f"{len(months)} months and {len(counts)} counts", "Give one count a month.")
    if not len(months):
        raise NotEstimableError(f"{name}: not estimable because no month was published.")
    for month in months:
        if len(month) != 7 or parse_period(month).days > 31:
            raise InputError("is no month", "Write a month such as 2024-07.", column="month", value=month)
    rows = pd.Series(np.asarray(counts, dtype=float), index=pd.Index(months)).sort_index()
    if rows.index.has_duplicates:
        duplicate = rows.index[rows.index.duplicated()][0]
        raise InputError(f"occurs twice in {name}", "Keep one.", column="month", value=duplicate)
    complete = pd.period_range(rows.index[0], rows.index[-1], freq="M").astype(str)
    if len(missing := complete.difference(rows.index)):
        remedy = "Add the month, or cut the series before or after it."
        raise InputError(f"is missing in {name}", remedy, column="month", value=missing[0])
    invalid = rows[~(np.isfinite(rows) & rows.ge(0) & rows.eq(rows.round()))]
    if len(invalid):
        problem = f"the count of {invalid.index[0]} in {name} is missing, negative or no whole number"
        remedy = "Use counts as published; cut the series where months are withheld."
        raise InputError(problem, remedy, column="count", value=invalid.iloc[0])
    zero = rows.eq(0)
    level = rows[~zero].median()  # robust where most months are withheld
    if (zero & zero.shift(fill_value=False)).any() and level > LEVEL:
        month = rows.index[zero][0]
        raise NotEstimableError(
            f"{name}: not estimable because {month} and a month beside it have no count, in a series of about "
            f"{level:.0f} a month: they look withheld. Cut the series before or after them."
        )
    if not rows.any() or (len(rows) > 1 and rows.eq(rows.iloc[0]).all()):
        raise NotEstimableError(
            f"{name}: not estimable because every month has the same count ({rows.iloc[0]:g}). So withheld figures "
            "look after a copy; they are missing, not zero."
        )
    return MonthlySeries(name, tuple(rows.index), rows.to_numpy(), vintage)


def refuse_withheld(series: MonthlySeries, expected: Floats, phi: float) -> None:
    """Raise NotEstimableError for a zero month that the fitted level makes impossible: it was withheld, not counted."""
    # negative binomial with this mean and dispersion; Poisson for phi 1
    log_p = -expected * (math.log(phi) / (phi - 1) if phi > 1 + 1e-9 else 1.0)
    zero = (series.counts == 0) & (log_p < math.log(IMPOSSIBLE))
    if zero.any():
        month = series.months[int(np.argmax(zero))]
        raise NotEstimableError(
            f"{series.name}: not estimable because {month} has no count where about {expected[zero][0]:.0f} are expected: "
            "it looks withheld. Cut the series before or after it."
        )

"""Ordinary variation: yearly changes of counts without a known cause, estimated from a series' own steps and other series.

A yearly step on the log scale is normal around no change, with its counting variance (1/x1 + 1/x0, plus rounding) and a
variance between years. The spread between years differs by series; over the series its square is scaled inverse chi-square,
so a series with many steps determines its own and one with few borrows from the others (the moderated variance of Smyth 2004,
Stat. Appl. Genet. Mol. Biol. 3(1), article 3). The distribution of spreads is estimated from all series, and its uncertainty
is taken into account. Limits, p-values and power follow from the resulting distribution of steps.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.stats.counts.rates import require_alpha
from osw_stats.stats.counts.yearly import Point
from osw_stats.stats.survey.comparing import POWER
from osw_stats.stats.survey.intervals import LARGEST

Floats = NDArray[np.float64]
SPREADS = np.geomspace(0.003, 8.0, 88)  # grid of spreads between years, on the log scale
TYPICAL = np.geomspace(0.01, 1.0, 60)  # grid of typical spreads over all series
FREEDOM = np.geomspace(1.0, 200.0, 14)  # grid of the similarity of series, in degrees of freedom
UNLIKE = 0.5  # prior scale of the standard deviation of log spreads between series


@dataclass(frozen=True)
class Steps:
    """Yearly log steps of one series, the counting variance of each, and the year in which each ends."""

    sizes: Floats
    counting: Floats
    years: tuple[int, ...]

    def without(self, years: Collection[int]) -> "Steps":
        """Return the steps that do not end in these years."""
        keep = np.array([year not in years for year in self.years], dtype=bool)
        kept = tuple(year for year in self.years if year not in years)
        return Steps(self.sizes[keep], self.counting[keep], kept)


def counting_variance(point: Point) -> float:
    """Return the Poisson variance of the log of a count, plus that of its rounding."""
    return 1 / point.value + ((point.upper - point.lower) / 2 / point.value) ** 2 / 3


def steps(stretches: Collection[list[Point]]) -> Steps:
    """Return the steps within stretches of one definition; counts of zero have none."""
    pairs = [(a, b) for stretch in stretches for a, b in pairwise(stretch) if a.value > 0 and b.value > 0]
    sizes = [np.log(b.value / a.value) for a, b in pairs]
    counting = [counting_variance(a) + counting_variance(b) for a, b in pairs]
    return Steps(np.array(sizes, float), np.array(counting, float), tuple(b.year for _, b in pairs))


@dataclass(frozen=True)
class Ordinary:
    """The distribution of a yearly step under ordinary variation only."""

    weights: Floats  # of each of SPREADS

    @property
    def typical(self) -> float:
        """The posterior median of the spread between years."""
        return float(np.interp(0.5, np.cumsum(self.weights) - self.weights / 2, SPREADS))

    def _tail(self, size: float, counting: float) -> float:
        return float(self.weights @ special.ndtr(-size / np.sqrt(SPREADS**2 + counting)))

    def p(self, size: float, counting: float) -> float:
        """Return the two-sided p-value of a step of this size."""
        return min(1.0, 2 * self._tail(abs(size), counting))

    def reach(self, counting: float, alpha: float = 0.05) -> float:
        """Return the half width of the limits of a step."""
        require_alpha(alpha)
        if not 0 <= counting < LARGEST:
            problem, remedy = "is no variance of a step", "Give a finite one."
            raise InputError(problem, remedy, column="counting", value=counting)
        return self._quantile(alpha / 2, counting)

    def _quantile(self, tail: float, counting: float) -> float:
        bound = 40 * float(np.sqrt(SPREADS[-1] ** 2 + counting))
        return float(optimize.brentq(lambda size: self._tail(size, counting) - tail, 0.0, bound, xtol=1e-10))

    def detectable(self, counting: float, alpha: float = 0.05) -> float:
        """Return the log step that is detectable with 80 percent power."""
        return self.reach(counting, alpha) + self._quantile(1 - POWER, counting)


class Population:
    """The series from which ordinary variation is estimated jointly.

    >>> few = Steps(np.array([0.1, -0.12]), np.array([2e-4, 2e-4]), (2022, 2023))
    >>> many = Steps(np.array([0.05, -0.03, 0.04, -0.06]), np.full(4, 2e-4), (2020, 2021, 2022, 2023))
    >>> population = Population({"few": few, "many": many})
    >>> population.ordinary("few").typical > population.ordinary("many").typical
    True
    """

    def __init__(self, series: Mapping[Any, Steps]) -> None:
        self.series = {name: s for name, s in series.items() if len(s.sizes)}
        if not self.series:
            raise NotEstimableError("not estimable because no series has two years of one definition.")
        for name, s in self.series.items():
            if not (np.abs([*s.sizes, *s.counting]) < LARGEST).all():
                raise InputError("has a step that is not finite", "Leave it out.", value=name)
        self._spreads, self._expected = _population()
        self._by_series = {name: self._evidence(_likelihood(s)) for name, s in self.series.items()}
        self._pooled = sum(self._by_series.values(), start=self._expected)

    def _evidence(self, likelihood: Floats) -> Floats:
        """Return the log likelihood of the steps of one series under each distribution of spreads."""
        highest = float(likelihood.max())
        return np.asarray(np.log(self._spreads @ np.exp(likelihood - highest) + 1e-300) + highest)

    def ordinary(self, name: Hashable, without: Collection[int] = ()) -> Ordinary:
        """Return the ordinary variation of a series, using its own steps except those that end in the years `without`."""
        remaining = self.series.get(name, NO_STEPS).without(without)
        others = self._pooled - self._by_series.get(name, 0.0)
        if set(self.series) <= {name} and not len(remaining.sizes):
            raise NotEstimableError("not estimable because no other step shows how much such counts vary.")
        prior = np.exp(others - others.max())
        likelihood = _likelihood(remaining)
        weights = (prior @ self._spreads) * np.exp(likelihood - likelihood.max())
        return Ordinary(np.asarray(weights / weights.sum()))

    def steps_used(self, name: Hashable, without: Collection[int] = ()) -> tuple[int, int]:
        """Return the number of own steps used in a comparison, and the number of series."""
        count = len(self.series.get(name, NO_STEPS).without(without).sizes)
        return count, len(set(self.series) - {name}) + (count > 0)


NO_STEPS = Steps(np.array([]), np.array([]), ())


def _likelihood(series: Steps) -> Floats:
    """Return the log likelihood of steps at each of SPREADS."""
    variance = SPREADS[:, None] ** 2 + series.counting
    return np.asarray(-0.5 * (np.log(variance) + series.sizes**2 / variance).sum(axis=1))


@cache
def _population() -> tuple[Floats, Floats]:
    """Return the distribution of spreads for each pair of hyperparameters, and their log prior."""
    # The prior of the typical spread is uniform on the log scale; that of the standard deviation of log
    # spreads between series is half normal (Gelman 2006, Bayesian Analysis 1).
    typical, freedom = (grid.ravel() for grid in np.meshgrid(TYPICAL, FREEDOM, indexing="ij"))
    ratio = 2 * (np.log(typical)[:, None] - np.log(SPREADS))
    density = -freedom[:, None] / 2 * (np.exp(ratio) - ratio)
    spreads = np.exp(density - density.max(axis=1, keepdims=True))
    sd = 0.5 * np.sqrt(special.polygamma(1, FREEDOM / 2))
    expected = np.exp(-0.5 * (sd / UNLIKE) ** 2) * np.abs(np.gradient(sd))
    prior: Any = np.log(np.tile(expected, len(TYPICAL)))
    return spreads / spreads.sum(axis=1, keepdims=True), np.asarray(prior)

"""How much yearly counts vary without a cause we know, from the steps of a long series."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from osw_stats.analysis.counts.rates import yearly_dispersion
from osw_stats.analysis.counts.yearly import Counted, Point, points, runs

# the series whose yearly steps show how much counts vary without a cause we know, where a series is too short
DISPERSION = Counted("police_registered_141")


def dispersion_of(stretch: list[Point], without: str) -> float:
    """Return the variance of yearly steps relative to Poisson of a stretch of years.

    A step that is itself being tested (`without`, its later year) is left out.
    """
    years = [str(p.year) for p in stretch]
    left_out = years.index(without) if without in years else None
    return yearly_dispersion([p.value for p in stretch], without=left_out)


def longest(observations: pd.DataFrame, counted: Counted) -> list[Point]:
    """Return the longest stretch of years of one definition; empty where there is none of two years."""
    return longest_of(points(observations, counted))


def longest_of(found: list[Point]) -> list[Point]:
    """Return the longest stretch among the counts of a series."""
    return max(runs(found), key=len, default=[])


def correlation_of(stretch: list[Point]) -> float:
    """Return the lag-1 correlation of the yearly log steps of a stretch; NaN where all steps are alike."""
    steps = np.diff(np.log([p.value for p in stretch]))
    steps = steps - steps.mean()
    spread = float(steps @ steps)
    return float(steps[1:] @ steps[:-1]) / spread if spread > 0 else math.nan

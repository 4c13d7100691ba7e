"""Ratios of two uncertain amounts: log-normal in closed form, and by drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from osw_stats.analysis.draws import quantiles


@dataclass(frozen=True)
class Ratio:
    """A ratio: its middle, limits and mean. `mc_se` is the largest Monte Carlo error of middle and limits, else 0."""

    middle: float
    lower: float
    upper: float
    mean: float
    mc_se: float = 0.0

    @property
    def per_hundred(self) -> float:
        """How many of the denominator there are to a hundred of the numerator."""
        return 100 / self.middle


def lognormal_ratio(
    num_median: float, num_log_sd: float, den_median: float, den_log_sd: float, *, alpha: float = 0.05
) -> Ratio:
    """Return the ratio of two independent log-normal amounts, in closed form.

    Examples
    --------
    >>> r = lognormal_ratio(760_000, 0.03, 12_206, 0.1)
    >>> round(r.middle, 1), round(r.lower, 1), round(r.upper, 1)
    (62.3, 50.7, 76.4)
    """
    middle, sd = num_median / den_median, math.hypot(num_log_sd, den_log_sd)
    half = float(stats.norm.ppf(1 - alpha / 2)) * sd
    return Ratio(middle, middle * math.exp(-half), middle * math.exp(half), middle * math.exp(sd**2 / 2))


def drawn_ratio(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64], *, alpha: float = 0.05
) -> Ratio:
    """Return the ratio of two sets of draws: median, limits, mean, and what drawing itself leaves uncertain."""
    ratio = numerator / denominator
    (middle, lower, upper), errors = quantiles(ratio, [0.5, alpha / 2, 1 - alpha / 2])
    return Ratio(middle, lower, upper, float(ratio.mean()), max(errors))

"""Ratios of two uncertain amounts: log-normal, Fieller, and by drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from osw_stats.analysis.draws import quantiles
from osw_stats.errors import InputError


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
    if min(num_median, den_median) <= 0 or min(num_log_sd, den_log_sd) < 0:
        raise InputError("is no log-normal amount", "Give medians above 0 and spreads from 0.", value=(num_median, den_median))  # fmt: skip
    middle, sd = num_median / den_median, math.hypot(num_log_sd, den_log_sd)
    half = float(stats.norm.ppf(1 - alpha / 2)) * sd
    return Ratio(middle, middle * math.exp(-half), middle * math.exp(half), middle * math.exp(sd**2 / 2))


def fieller(num: float, num_se: float, den: float, den_se: float, *, alpha: float = 0.05) -> Ratio:
    """Return the ratio of two independent normal amounts with Fieller's limits.

    Where the denominator itself cannot be told from zero there are no two limits: NaN.

    Notes
    -----
    Fieller (1954), J. R. Stat. Soc. B 16, 175-185.

    Examples
    --------
    >>> r = fieller(0.051, 0.0016, 0.054, 0.0015)
    >>> round(r.middle, 3), round(r.lower, 3), round(r.upper, 3)
    (0.944, 0.87, 1.025)
    """
    if den == 0 or min(num_se, den_se) < 0:
        raise InputError("is no ratio", "Give a denominator other than 0 and standard errors from 0.", value=(den, num_se, den_se))  # fmt: skip
    z = float(stats.norm.ppf(1 - alpha / 2))
    ratio, g = num / den, (z * den_se / den) ** 2
    if g >= 1:
        return Ratio(ratio, math.nan, math.nan, math.nan)
    # written from numerator and denominator, so that a numerator of zero is fine as well
    half = z / abs(den) * math.sqrt((1 - g) * num_se**2 + ratio**2 * den_se**2)
    return Ratio(ratio, (ratio - half) / (1 - g), (ratio + half) / (1 - g), math.nan)


def drawn_ratio(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64], *, alpha: float = 0.05
) -> Ratio:
    """Return the ratio of two sets of draws: median, limits, mean, and what drawing itself leaves uncertain."""
    ratio = numerator / denominator
    (middle, lower, upper), errors = quantiles(ratio, [0.5, alpha / 2, 1 - alpha / 2])
    return Ratio(middle, lower, upper, float(ratio.mean()), max(errors))

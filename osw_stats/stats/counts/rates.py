"""The inference of yearly counts: two counts compared, ordinary variation, a trend and the year ahead.

Every model of how counts vary from year to year stands here; scipy and statsmodels do the statistics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.tools import add_constant

from osw_stats.errors import NotEstimableError

LEAST = 5  # yearly counts of one definition before the year ahead is foreseen
LEAST_TO_FIT = 4  # counts an origin of the backtest rests on


@dataclass(frozen=True)
class RateRatio:
    """Two counts compared: the ratio, its exact limits and what overdispersion does to it."""

    ratio: float
    exact_lower: float
    exact_upper: float
    p_exact: float
    phi: float
    lower: float = math.nan
    upper: float = math.nan
    phi_break_even: float = math.nan
    log_ratio: float = math.nan
    se: float = math.nan


def rate_ratio(
    x1: float, x0: float, *, t1: float = 1.0, t0: float = 1.0, phi: float = 1.0, alpha: float = 0.05
) -> RateRatio:
    """Compare two counts x1 and x0 over times t1 and t0.

    The exact limits condition on x1 + x0 and hold for Poisson counts only (Przyborowski and Wilenski 1940, Biometrika 31);
    the p-value adds up all outcomes that are no likelier. `lower` and `upper` allow for a variance `phi` times as large: Wald
    on the log ratio with variance phi (1/x1 + 1/x0) (McCullagh and Nelder 1989, section 6.2). `phi_break_even` is the
    dispersion at which the ratio could just be chance, `se` the standard error of the log ratio for Poisson counts.

    >>> r = rate_ratio(14802, 14015, phi=10)
    >>> round(r.ratio, 4), round(r.lower, 3), round(r.upper, 3), round(r.phi_break_even, 1)
    (1.0562, 0.982, 1.136, 5.6)
    """
    if not (min(x1, x0) >= 0 and min(t1, t0) > 0 and phi > 0):
        raise ValueError(f"no counts over time: x1={x1}, x0={x0}, t1={t1}, t0={t0}, phi={phi}")
    x1, x0 = round(x1), round(x0)
    low = stats.beta.ppf(alpha / 2, x1, x0 + 1) if x1 else 0.0
    high = stats.beta.ppf(1 - alpha / 2, x1 + 1, x0) if x0 else 1.0
    exact = [float(q / (1 - q)) * t0 / t1 if q < 1 else math.inf for q in (low, high)]
    p_exact = float(stats.binomtest(x1, x1 + x0, t1 / (t1 + t0)).pvalue) if x1 + x0 else 1.0
    if not x1 or not x0:
        return RateRatio(0.0 if x0 else math.nan, exact[0], exact[1], p_exact, phi)
    z = float(stats.norm.ppf(1 - alpha / 2))
    log, variance = math.log(x1 / t1) - math.log(x0 / t0), 1 / x1 + 1 / x0
    half, edge, se = z * math.sqrt(phi * variance), (log / z) ** 2 / variance, math.sqrt(variance)
    lower, upper = math.exp(log - half), math.exp(log + half)
    return RateRatio(math.exp(log), exact[0], exact[1], p_exact, phi, lower, upper, edge, log, se)


def yearly_dispersion(counts: Sequence[float], without: int | None = None) -> float:
    """Return how many times larger the yearly steps of a series are than Poisson steps.

    The mean over consecutive years of (log ratio)^2 / (1/x1 + 1/x0). No trend is taken out: every step counts as ordinary
    variation, but for the one that ends at index `without`, which is in question itself. Never below 1.
    """
    if len(counts) < 4 or min(counts) <= 0:
        raise NotEstimableError("the dispersion of yearly steps needs four positive counts or more")
    steps = [math.log(b / a) ** 2 / (1 / a + 1 / b) for a, b in pairwise(counts)]
    if without:
        del steps[without - 1]
    return max(1.0, sum(steps) / len(steps))


def step_correlation(counts: Sequence[float]) -> float:
    """Return the lag-1 correlation of the yearly log steps; NaN where all steps are alike."""
    steps = np.diff(np.log(counts))
    return lag_correlation(steps - steps.mean())


def lag_correlation(values: Any) -> float:
    """Return the lag-1 correlation of values around nought; NaN where all are nought."""
    spread = float(values @ values)
    return float(values[1:] @ values[:-1]) / spread if spread > 0 else math.nan


def log_linear(years: Any, counts: Any, pulse: int | None = None) -> Any:
    """Fit a log-linear quasi-Poisson trend (McCullagh and Nelder 1989, section 6.2), with a level of its own for one year."""
    x = add_constant(years - years[0])
    if pulse is not None:
        x = np.column_stack([x, years == pulse])
    return GLM(counts, x, family=families.Poisson()).fit(scale="X2")


@dataclass(frozen=True)
class Forecast:
    """Next year's count: the expected one with limits of prediction, and the dispersion they rest on."""

    year: int
    mean: float
    lower: float
    upper: float
    phi: float


@dataclass(frozen=True)
class Backtest:
    """How forecasts of past years would have done."""

    coverage: float  # the share of years within the limits of the trend
    coverage_last_year: float  # and within those of the last year repeated
    mae_ratio: (
        float  # the mean error of the trend relative to repeating the last year, NaN where that made no error
    )
    origins: int


def next_year(
    years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05, least_phi: float = 0.0
) -> Forecast:
    """Return the forecast one year ahead of a log-linear quasi-Poisson trend.

    Limits exp(eta +- t sqrt(se(eta)^2 + phi / mu)), t with n - 2 degrees of freedom: error of the trend and of the count
    itself on the log scale. `least_phi` 1 keeps a lucky short series from looking better than chance.

    >>> f = next_year([2019, 2020, 2021, 2022, 2023, 2024], [11800, 11250, 12600, 14450, 14015, 14802])
    >>> f.year, round(f.mean), round(f.lower), round(f.upper)
    (2025, 15861, 13138, 19148)
    """
    _require(years, counts, 3)
    when = np.asarray(years, dtype=float)
    result = log_linear(when, np.asarray(counts, dtype=float))
    phi = max(float(result.scale), least_phi)
    ahead = np.array([1.0, when[-1] + 1 - when[0]])
    eta = float(ahead @ result.params)
    covariance = np.asarray(result.cov_params()) * phi / float(result.scale)
    se = math.sqrt(float(ahead @ covariance @ ahead))
    half = float(stats.t.ppf(1 - alpha / 2, len(when) - 2)) * math.sqrt(se**2 + phi / math.exp(eta))
    return Forecast(int(when[-1]) + 1, math.exp(eta), math.exp(eta - half), math.exp(eta + half), phi)


def repeat_last(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Forecast:
    """Return the naive forecast: last year again, with limits from the yearly steps so far."""
    _require(years, counts, 3)
    steps = np.diff(np.log(np.asarray(counts, dtype=float)))
    last, spread = float(counts[-1]), float(np.sqrt((steps**2).mean()))
    half = float(stats.t.ppf(1 - alpha / 2, len(steps))) * spread
    return Forecast(int(years[-1]) + 1, last, math.exp(-half) * last, math.exp(half) * last, math.nan)


def backtest(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Backtest:
    """Return how both forecasts would have done from every origin with four counts or more (Tashman 2000, IJF 16)."""
    _require(years, counts, LEAST)
    inside, errors = [], []
    for end in range(LEAST_TO_FIT, len(counts)):
        past, true = (list(years[:end]), list(counts[:end])), float(counts[end])
        trend, last = next_year(*past, alpha=alpha, least_phi=1.0), repeat_last(*past, alpha=alpha)
        inside.append([f.lower <= true <= f.upper for f in (trend, last)])
        errors.append([abs(f.mean - true) for f in (trend, last)])
    of_trend, of_last = (sum(column) for column in zip(*errors, strict=True))
    share = np.mean(inside, axis=0)
    ratio = of_trend / of_last if of_last else math.nan
    return Backtest(float(share[0]), float(share[1]), ratio, len(errors))


def _require(years: Sequence[int], counts: Sequence[float], least: int) -> None:
    if len(years) != len(counts) or len(counts) < least:
        raise NotEstimableError(
            f"not estimable because there are {len(counts)} yearly counts of one definition; {least} are needed."
        )
    if any(b - a != 1 for a, b in pairwise(years)):
        raise NotEstimableError("not estimable because years are missing in between.")
    values = np.asarray(counts, dtype=float)
    if np.isnan(values).any() or (values <= 0).any() or np.all(values == values[0]):
        raise NotEstimableError("not estimable because counts are missing, zero, negative or all the same.")

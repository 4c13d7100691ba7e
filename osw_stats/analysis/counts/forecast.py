"""Next year's count if reporting goes on as before, and how well that would have worked in years past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.tools import add_constant

from osw_stats.errors import NotEstimableError

LEAST = 5  # points of one definition
LEAST_TO_FIT = 4  # points an origin of the backtest rests on


@dataclass(frozen=True)
class Forecast:
    """A predictive distribution of next year's count.

    Attributes
    ----------
    year, mean, lower, upper
        The year, the expected count and the limits of prediction with t.
    lower_normal, upper_normal
        Limits with the normal quantile.
    phi, se_eta, growth, df
        Dispersion, error of the log mean, growth a year (0.05 is 5 percent), degrees of freedom.
    """

    year: int
    mean: float
    lower: float
    upper: float
    lower_normal: float
    upper_normal: float
    phi: float
    se_eta: float
    growth: float
    df: int


@dataclass(frozen=True)
class Backtest:
    """How forecasts of past years would have done.

    `coverage` is the share of years within the limits of the trend, `coverage_last_year` within those of the
    last year repeated. `mae_ratio` is the mean error of the trend relative to repeating the last year,
    `mae_ratio_drift` relative to the last year times its mean growth, NaN where those others made no error at
    all; `origins` how many years.
    """

    coverage: float
    coverage_last_year: float
    mae_ratio: float
    mae_ratio_drift: float
    origins: int


def next_year(
    years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05, least_phi: float = 0.0
) -> Forecast:
    """Return the forecast one year ahead of a log-linear quasi-Poisson trend.

    Parameters
    ----------
    years, counts
        Consecutive years of one definition, and their counts.
    alpha
        1 minus the level of the limits.
    least_phi
        The dispersion is never taken below this; 1 keeps a lucky short series from looking better than chance.

    Raises
    ------
    NotEstimableError
        With fewer than three points, years that do not follow each other, or counts that are zero or constant.

    Notes
    -----
    Limits exp(eta +- t sqrt(se(eta)^2 + phi / mu)), t with n - 2 degrees of freedom: error of the trend and of
    the count itself on the log scale.

    Examples
    --------
    >>> f = next_year([2019, 2020, 2021, 2022, 2023, 2024], [11800, 11250, 12600, 14450, 14015, 14802])
    >>> f.year, round(f.mean), round(f.lower), round(f.upper)
    (2025, 15861, 13138, 19148)
    """
    _check(years, counts, 3)
    when = np.asarray(years, dtype=float)
    x = add_constant(when - when[0])
    result = GLM(np.asarray(counts, dtype=float), x, family=families.Poisson()).fit(scale="X2")
    df = len(when) - 2
    phi = max(float(result.scale), least_phi)
    ahead = np.array([1.0, when[-1] + 1 - when[0]])
    eta = float(ahead @ result.params)
    covariance = np.asarray(result.cov_params()) * phi / float(result.scale)
    se_eta = math.sqrt(float(ahead @ covariance @ ahead))
    spread = math.sqrt(se_eta**2 + phi / math.exp(eta))
    t, z = (float(q) for q in (stats.t.ppf(1 - alpha / 2, df), stats.norm.ppf(1 - alpha / 2)))
    return Forecast(
        int(when[-1]) + 1, math.exp(eta), math.exp(eta - t * spread), math.exp(eta + t * spread),
        math.exp(eta - z * spread), math.exp(eta + z * spread), phi, se_eta, math.expm1(float(result.params[1])), df,
    )  # fmt: skip


def repeat_last(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Forecast:
    """Return the naive forecast: last year again, with limits from the yearly steps so far."""
    _check(years, counts, 3)
    steps = np.diff(np.log(np.asarray(counts, dtype=float)))
    spread, df = float(np.sqrt((steps**2).mean())), len(steps)
    last, t, z = (
        float(v) for v in (counts[-1], stats.t.ppf(1 - alpha / 2, df), stats.norm.ppf(1 - alpha / 2))
    )
    low, high = (math.exp(sign * t * spread) * last for sign in (-1, 1))
    low_z, high_z = (math.exp(sign * z * spread) * last for sign in (-1, 1))
    return Forecast(int(years[-1]) + 1, last, low, high, low_z, high_z, math.nan, spread, 0.0, df)


def backtest(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Backtest:
    """Return how both forecasts would have done from every origin with four points or more.

    Raises
    ------
    NotEstimableError
        With fewer than five points.

    Notes
    -----
    Rolling origin: Tashman (2000), Int. J. Forecast. 16.
    """
    _check(years, counts, LEAST)
    inside, inside_naive, errors, naive, drift = [], [], [], [], []
    for end in range(LEAST_TO_FIT, len(counts)):
        past, true = list(counts[:end]), float(counts[end])
        made = next_year(years[:end], past, alpha=alpha, least_phi=1.0)
        again = repeat_last(years[:end], past, alpha=alpha)
        growth = (math.log(past[-1]) - math.log(past[0])) / (end - 1)
        inside.append(made.lower <= true <= made.upper)
        inside_naive.append(again.lower <= true <= again.upper)
        errors.append(abs(made.mean - true))
        naive.append(abs(past[-1] - true))
        drift.append(abs(past[-1] * math.exp(growth) - true))
    return Backtest(
        float(np.mean(inside)), float(np.mean(inside_naive)), _ratio(errors, naive), _ratio(errors, drift), len(errors)
    )  # fmt: skip


def _ratio(errors: list[float], others: list[float]) -> float:
    return sum(errors) / sum(others) if sum(others) else math.nan


def _check(years: Sequence[int], counts: Sequence[float], least: int) -> None:
    if len(years) != len(counts) or len(counts) < least:
        raise NotEstimableError(
            f"not estimable because there are {len(counts)} yearly counts of one definition; {least} are needed."
        )
    if any(b - a != 1 for a, b in pairwise(years)):
        raise NotEstimableError("not estimable because years are missing in between.")
    values = np.asarray(counts, dtype=float)
    if np.isnan(values).any() or (values <= 0).any() or np.all(values == values[0]):
        raise NotEstimableError("not estimable because counts are missing, zero, negative or all the same.")

"""Inference for yearly counts with scipy and statsmodels: ratios of two counts, trends and forecasts.

Variation from year to year without a known cause is estimated in `ordinary`.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning, SingularMatrixWarning

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.stats.survey.intervals import LARGEST, beta_odds

MOST = 1e15  # larger counts exceed the precision of a float
TINY = 1e-8  # a smaller fitted count or share means an infinite estimate
LEAST = 5  # yearly counts of one definition needed for a forecast
LEAST_TO_FIT = 4  # counts needed at the first origin of the backtest


@dataclass(frozen=True)
class RateRatio:
    """The ratio of two counts: exact limits, and limits under overdispersion."""

    ratio: float
    exact_lower: float
    exact_upper: float
    p_exact: float
    phi: float
    lower: float = math.nan
    upper: float = math.nan
    p: float = math.nan
    phi_break_even: float = math.nan
    log_ratio: float = math.nan
    se: float = math.nan


def require_alpha(alpha: float) -> None:
    """Raise InputError unless a level lies between 0 and 1."""
    if not 0 < alpha < 1:
        raise InputError("must lie between 0 and 1", "Give 0.05 for 95 percent.", column="alpha", value=alpha)


def rate_ratio(
    x1: float,
    x0: float,
    *,
    t1: float = 1.0,
    t0: float = 1.0,
    phi: float = 1.0,
    df: float | None = None,
    alpha: float = 0.05,
) -> RateRatio:
    """Compare two counts x1 and x0 over times t1 and t0.

    The exact limits condition on x1 + x0 and hold for Poisson counts only (Przyborowski and Wilenski 1940, Biometrika 31);
    the p-value sums all outcomes that are no more likely. `lower`, `upper` and `p` allow for a variance `phi` times as large:
    Wald on the log ratio with variance phi (1/x1 + 1/x0) (McCullagh and Nelder 1989, section 6.2), normal where phi is known,
    t where it was estimated with `df` degrees of freedom. `phi_break_even` is the known dispersion at which the ratio is just
    not significant, `se` the standard error of the log ratio for Poisson counts.

    >>> r = rate_ratio(14802, 14015, phi=10)
    >>> round(r.ratio, 4), round(r.lower, 3), round(r.upper, 3), round(r.phi_break_even, 1)
    (1.0562, 0.982, 1.136, 5.6)
    >>> round(rate_ratio(14802, 14015, phi=10, df=3).upper, 2)
    1.19
    """
    require_alpha(alpha)
    numbers = {"x1": x1, "x0": x0, "t1": t1, "t0": t0, "phi": phi, "df": math.inf if df is None else df}
    for name, value in numbers.items():
        valid = value >= 0 if name in ("x1", "x0") else value > 0
        if not valid or (name != "df" and not value < MOST):
            remedy = "Give finite counts of nought or more, and times, phi and df above nought."
            raise InputError("is no count over time", remedy, column=name, value=value)
    x1, x0 = round(x1), round(x0)
    if not x1 + x0:
        return RateRatio(math.nan, 0.0, math.inf, 1.0, phi)
    low = beta_odds(alpha / 2, x1, x0 + 1) if x1 else 0.0
    high = beta_odds(1 - alpha / 2, x1 + 1, x0) if x0 else math.inf
    exact = [low * t0 / t1, high * t0 / t1]
    p_exact = float(stats.binomtest(x1, x1 + x0, t1 / (t1 + t0)).pvalue)
    if not x1 or not x0:
        return RateRatio(0.0 if x0 else math.nan, exact[0], exact[1], p_exact, phi)
    reference = stats.norm if df is None else stats.t(df)
    log, variance = math.log(x1 / t1) - math.log(x0 / t0), 1 / x1 + 1 / x0
    se, z = math.sqrt(variance), float(stats.norm.ppf(1 - alpha / 2))
    half = float(reference.ppf(1 - alpha / 2)) * math.sqrt(phi) * se
    p = 2 * float(reference.sf(abs(log) / (math.sqrt(phi) * se)))
    lower, upper = math.exp(log - half), math.exp(min(log + half, LARGEST))
    edge = (log / z) ** 2 / variance
    return RateRatio(math.exp(log), exact[0], exact[1], p_exact, phi, lower, upper, p, edge, log, se)


def yearly_dispersion(counts: Sequence[float]) -> float:
    """Return the dispersion of the yearly steps of a series relative to Poisson, at least 1."""
    # The mean over consecutive years of (log ratio)^2 / (1/x1 + 1/x0). No trend is removed: every step counts
    # as ordinary variation. It has one degree of freedom per step.
    if len(counts) < 4 or not all(1 / MOST < n < MOST for n in counts):
        raise NotEstimableError("the dispersion of yearly steps needs four positive counts or more")
    steps = [math.log(b / a) ** 2 / (1 / a + 1 / b) for a, b in pairwise(counts)]
    return max(1.0, sum(steps) / len(steps))


def lag_correlation(values: Any) -> float:
    """Return the lag-1 correlation of values around zero; NaN where all are zero."""
    spread = float(values @ values)
    return float(values[1:] @ values[:-1]) / spread if spread > 0 else math.nan


@dataclass(frozen=True)
class Quasi:
    """A fitted model of overdispersed counts: coefficients, their covariance, the dispersion and its degrees of freedom."""

    result: Any
    params: Any
    covariance: Any
    phi: float
    df: int

    @property
    def se(self) -> Any:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance))


def quasi(counts: Any, design: Any, *, least_phi: float, offset: Any = None) -> Quasi:
    """Fit log-linear quasi-Poisson counts (McCullagh and Nelder 1989, section 6.2), or with two columns their share."""
    # phi is Pearson's chi-square over its degrees of freedom, at least `least_phi`: a short series can be
    # underdispersed by chance. NotEstimableError where terms are collinear, or no degrees of freedom are left
    # to estimate phi.
    y, x = np.asarray(counts, dtype=float), np.asarray(design, dtype=float)
    rank = int(np.linalg.matrix_rank(x)) if np.isfinite(x).all() else 0
    if not np.isfinite(y).all() or rank < x.shape[1] or len(x) <= rank:
        raise NotEstimableError(f"not estimable: {len(x)} counts do not tell {x.shape[1]} terms apart.")
    if (y < 0).any() or np.any(y.sum(axis=-1) == 0):  # with two columns the row total must be positive
        raise NotEstimableError("not estimable: counts are negative, or there is nothing but nought to fit.")
    family = families.Binomial() if y.ndim > 1 else families.Poisson()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # an exact fit is no error
        # a term determined by counts of zero or all has no estimate
        warnings.simplefilter("error", SingularMatrixWarning)
        model = GLM(y, x, family=family, offset=offset)
        try:
            try:
                with np.errstate(invalid="ignore"):
                    result = model.fit(scale="X2")
            except ValueError:  # shares that are fitted exactly have no scale
                result = model.fit(scale=1.0)
        except SingularMatrixWarning:
            raise NotEstimableError("not estimable: the counts leave no finite fit.") from None
    # statsmodels' scale of a share ignores the number of trials
    scale = float(result.scale if y.ndim == 1 else result.pearson_chi2 / result.df_resid)
    mu = np.asarray(result.mu)
    ends = float(np.min(mu if y.ndim == 1 else np.minimum(mu, 1 - mu)))
    # max(1.0, nan) is 1.0; where all counts of a term are zero, its estimate is infinite and the fit merely stops
    if not np.isfinite([scale, *result.params]).all() or ends < TINY:
        raise NotEstimableError("not estimable: the counts leave no finite fit.")
    phi = max(least_phi, scale)
    covariance = np.asarray(result.normalized_cov_params) * phi
    return Quasi(result, np.asarray(result.params), covariance, phi, len(x) - rank)


def log_linear(years: Any, counts: Any, pulse: int | None = None, *, least_phi: float) -> Quasi:
    """Fit a log-linear trend over years, with a separate level for one year."""
    x = np.column_stack([np.ones(len(years)), years - years[0]])
    if pulse is not None:
        x = np.column_stack([x, years == pulse])
    return quasi(counts, x, least_phi=least_phi)


def slope_error(years: Any, counts: Any, fitted: Quasi) -> float:
    """Return the standard error of a slope: the larger of two, as few years do not show which applies."""
    # Either years vary independently around the line (quasi-Poisson), or yearly steps around their mean
    # accumulate (a random walk); the least-squares slope is then a weighted sum of the steps.
    centred = years - years.mean()
    weights = np.cumsum((centred / (centred @ centred))[::-1])[::-1][1:]
    cumulative = float(np.std(np.diff(np.log(counts)), ddof=1)) * math.sqrt(float(weights @ weights))
    return max(float(fitted.se[1]), cumulative)


@dataclass(frozen=True)
class Forecast:
    """The forecast of next year's count: expected count, prediction limits, and the dispersion used."""

    year: int
    mean: float
    lower: float
    upper: float
    phi: float


@dataclass(frozen=True)
class Backtest:
    """The performance of forecasts of past years."""

    coverage: float  # the fraction of years within the limits of the trend
    coverage_last_year: float  # and within those of the naive forecast
    # the mean absolute error of the trend relative to the naive forecast, NaN where the latter has none
    mae_ratio: float
    origins: int


def next_year(
    years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05, cautious: bool = False
) -> Forecast:
    """Return the forecast one year ahead of a log-linear quasi-Poisson trend.

    Limits exp(eta +- t sqrt(se(eta)^2 + phi / mu)), t with n - 2 degrees of freedom: error of the trend and of the count
    itself on the log scale. `cautious` limits take phi as at least 1, and are no narrower than under a random walk of the
    yearly steps around their mean.

    >>> f = next_year([2019, 2020, 2021, 2022, 2023, 2024], [11800, 11250, 12600, 14450, 14015, 14802])
    >>> f.year, round(f.mean), round(f.lower), round(f.upper)
    (2025, 15861, 13138, 19148)
    """
    _require(years, counts, 3, alpha)
    time = np.asarray(years, dtype=float)
    fitted = log_linear(time, counts, least_phi=1.0 if cautious else 0.0)
    design = np.array([1.0, time[-1] + 1 - time[0]])
    eta = float(design @ fitted.params)
    variance = float(design @ fitted.covariance @ design) + fitted.phi / math.exp(eta)
    if cautious:
        steps = np.diff(np.log(counts))
        variance = max(variance, float(np.var(steps, ddof=1)) * (1 + 1 / len(steps)))
    half = float(stats.t.ppf(1 - alpha / 2, fitted.df)) * math.sqrt(variance)
    mean, lower, upper = (math.exp(min(eta + side * half, LARGEST)) for side in (0, -1, 1))
    return Forecast(int(time[-1]) + 1, mean, lower, upper, fitted.phi)


def repeat_last(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Forecast:
    """Return the naive forecast: the last count, with limits from the yearly steps so far."""
    _require(years, counts, 3, alpha)
    steps = np.diff(np.log(np.asarray(counts, dtype=float)))
    last, spread = float(counts[-1]), float(np.sqrt((steps**2).mean()))
    half = float(stats.t.ppf(1 - alpha / 2, len(steps))) * spread
    upper = math.exp(min(half, LARGEST / 2)) * last
    return Forecast(int(years[-1]) + 1, last, math.exp(-half) * last, upper, math.nan)


def backtest(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Backtest:
    """Return the performance of both forecasts from every origin with four counts or more (Tashman 2000, IJF 16)."""
    _require(years, counts, LEAST, alpha)
    inside, errors = [], []
    for end in range(LEAST_TO_FIT, len(counts)):
        past, actual = (list(years[:end]), list(counts[:end])), float(counts[end])
        if len(set(past[1])) == 1:
            continue  # no trend through identical counts
        trend, last = next_year(*past, alpha=alpha, cautious=True), repeat_last(*past, alpha=alpha)
        inside.append([f.lower <= actual <= f.upper for f in (trend, last)])
        errors.append([abs(f.mean - actual) for f in (trend, last)])
    if not errors:
        raise NotEstimableError("not estimable because the counts before the last are all the same.")
    of_trend, of_last = (sum(column) for column in zip(*errors, strict=True))
    share = np.mean(inside, axis=0)
    ratio = of_trend / of_last if of_last else math.nan
    return Backtest(float(share[0]), float(share[1]), ratio, len(errors))


def _require(years: Sequence[int], counts: Sequence[float], least: int, alpha: float) -> None:
    require_alpha(alpha)
    if len(years) != len(counts) or len(counts) < least:
        known = f"{len(counts)} yearly counts of one definition"
        raise NotEstimableError(f"not estimable because there are {known}; {least} are needed.")
    if any(b - a != 1 for a, b in pairwise(years)):
        raise NotEstimableError("not estimable because years are missing in between.")
    values = np.asarray(counts, dtype=float)
    if not ((values > 1 / MOST) & (values < MOST)).all() or np.all(values == values[0]):
        problem = "counts are missing, infinite, zero, negative or all the same"
        raise NotEstimableError(f"not estimable because {problem}.")

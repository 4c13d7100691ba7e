"""The inference of yearly counts: two counts compared, a trend and the year ahead; scipy and statsmodels do the statistics.

How much counts vary from year to year without a known cause is read in `ordinary`.
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

MOST = 1e15  # counts beyond which a computer no longer tells one from the next
NOUGHT = 1e-8  # a fitted count or share below it stands for an estimate without an end
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
    the p-value adds up all outcomes that are no likelier. `lower`, `upper` and `p` allow for a variance `phi` times as large:
    Wald on the log ratio with variance phi (1/x1 + 1/x0) (McCullagh and Nelder 1989, section 6.2), normal where phi is known,
    t where it was estimated with `df` degrees of freedom. `phi_break_even` is the known dispersion at which the ratio could just
    be chance, `se` the standard error of the log ratio for Poisson counts.

    >>> r = rate_ratio(14802, 14015, phi=10)
    >>> round(r.ratio, 4), round(r.lower, 3), round(r.upper, 3), round(r.phi_break_even, 1)
    (1.0562, 0.982, 1.136, 5.6)
    >>> round(rate_ratio(14802, 14015, phi=10, df=3).upper, 2)
    1.19
    """
    require_alpha(alpha)
    numbers = {"x1": x1, "x0": x0, "t1": t1, "t0": t0, "phi": phi, "df": math.inf if df is None else df}
    for name, value in numbers.items():
        least = value >= 0 if name in ("x1", "x0") else value > 0
        if not least or (name != "df" and not value < MOST):
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
    known = stats.norm if df is None else stats.t(df)
    log, variance = math.log(x1 / t1) - math.log(x0 / t0), 1 / x1 + 1 / x0
    se, z = math.sqrt(variance), float(stats.norm.ppf(1 - alpha / 2))
    half = float(known.ppf(1 - alpha / 2)) * math.sqrt(phi) * se
    p = 2 * float(known.sf(abs(log) / (math.sqrt(phi) * se)))
    lower, upper = math.exp(log - half), math.exp(min(log + half, LARGEST))
    edge = (log / z) ** 2 / variance
    return RateRatio(math.exp(log), exact[0], exact[1], p_exact, phi, lower, upper, p, edge, log, se)


def yearly_dispersion(counts: Sequence[float]) -> float:
    """Return how many times larger the yearly steps of a series are than Poisson steps, never below 1."""
    # The mean over consecutive years of (log ratio)^2 / (1/x1 + 1/x0). No trend is taken out: every step
    # counts as ordinary variation. It has as many degrees of freedom as there are steps.
    if len(counts) < 4 or not all(1 / MOST < n < MOST for n in counts):
        raise NotEstimableError("the dispersion of yearly steps needs four positive counts or more")
    steps = [math.log(b / a) ** 2 / (1 / a + 1 / b) for a, b in pairwise(counts)]
    return max(1.0, sum(steps) / len(steps))


def lag_correlation(values: Any) -> float:
    """Return the lag-1 correlation of values around nought; NaN where all are nought."""
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
    # phi is Pearson's chi-square over its degrees of freedom and never below `least_phi`: a lucky short
    # series is no surer than chance. NotEstimableError where terms cannot be told apart, or nothing is left
    # to estimate phi with.
    y, x = np.asarray(counts, dtype=float), np.asarray(design, dtype=float)
    rank = int(np.linalg.matrix_rank(x)) if np.isfinite(x).all() else 0
    if not np.isfinite(y).all() or rank < x.shape[1] or len(x) <= rank:
        raise NotEstimableError(f"not estimable: {len(x)} counts do not tell {x.shape[1]} terms apart.")
    if (y < 0).any() or np.any(y.sum(axis=-1) == 0):  # of two columns each row is a whole
        raise NotEstimableError("not estimable: counts are negative, or there is nothing but nought to fit.")
    family = families.Binomial() if y.ndim > 1 else families.Poisson()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # counts that lie on the line are no fault
        # where nought or all tells a term, it has no estimate
        warnings.simplefilter("error", SingularMatrixWarning)
        model = GLM(y, x, family=family, offset=offset)
        try:
            try:
                with np.errstate(invalid="ignore"):
                    result = model.fit(scale="X2")
            except ValueError:  # shares that lie on the line to the last digit have no scale
                result = model.fit(scale=1.0)
        except SingularMatrixWarning:
            raise NotEstimableError("not estimable: the counts leave no finite fit.") from None
    # statsmodels' scale of a share forgets how many were counted
    scale = float(result.scale if y.ndim == 1 else result.pearson_chi2 / result.df_resid)
    mu = np.asarray(result.mu)
    ends = float(np.min(mu if y.ndim == 1 else np.minimum(mu, 1 - mu)))
    # max(1.0, nan) is 1.0; where all before a date or outside a month is nought, its term has no end, and the fit only stops
    if not np.isfinite([scale, *result.params]).all() or ends < NOUGHT:
        raise NotEstimableError("not estimable: the counts leave no finite fit.")
    phi = max(least_phi, scale)
    covariance = np.asarray(result.normalized_cov_params) * phi
    return Quasi(result, np.asarray(result.params), covariance, phi, len(x) - rank)


def log_linear(years: Any, counts: Any, pulse: int | None = None, *, least_phi: float) -> Quasi:
    """Fit a log-linear trend over years, with a level of its own for one year."""
    x = np.column_stack([np.ones(len(years)), years - years[0]])
    if pulse is not None:
        x = np.column_stack([x, years == pulse])
    return quasi(counts, x, least_phi=least_phi)


def slope_error(years: Any, counts: Any, fitted: Quasi) -> float:
    """Return the standard error of a slope: the larger of two, as a few years do not tell which holds."""
    # Either every year lies by itself around the line (quasi-Poisson), or the yearly steps around their mean
    # add up; the least-squares slope is then a weighted sum of the steps.
    around = years - years.mean()
    weights = np.cumsum((around / (around @ around))[::-1])[::-1][1:]
    adding = float(np.std(np.diff(np.log(counts)), ddof=1)) * math.sqrt(float(weights @ weights))
    return max(float(fitted.se[1]), adding)


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
    # the mean error of the trend relative to repeating the last year, NaN where that made no error
    mae_ratio: float
    origins: int


def next_year(
    years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05, cautious: bool = False
) -> Forecast:
    """Return the forecast one year ahead of a log-linear quasi-Poisson trend.

    Limits exp(eta +- t sqrt(se(eta)^2 + phi / mu)), t with n - 2 degrees of freedom: error of the trend and of the count
    itself on the log scale. `cautious` limits take phi as 1 at least, and are no narrower than if the yearly steps, around
    their mean, add up.

    >>> f = next_year([2019, 2020, 2021, 2022, 2023, 2024], [11800, 11250, 12600, 14450, 14015, 14802])
    >>> f.year, round(f.mean), round(f.lower), round(f.upper)
    (2025, 15861, 13138, 19148)
    """
    _require(years, counts, 3, alpha)
    when = np.asarray(years, dtype=float)
    fitted = log_linear(when, counts, least_phi=1.0 if cautious else 0.0)
    ahead = np.array([1.0, when[-1] + 1 - when[0]])
    eta = float(ahead @ fitted.params)
    variance = float(ahead @ fitted.covariance @ ahead) + fitted.phi / math.exp(eta)
    if cautious:
        steps = np.diff(np.log(counts))
        variance = max(variance, float(np.var(steps, ddof=1)) * (1 + 1 / len(steps)))
    half = float(stats.t.ppf(1 - alpha / 2, fitted.df)) * math.sqrt(variance)
    mean, lower, upper = (math.exp(min(eta + side * half, LARGEST)) for side in (0, -1, 1))
    return Forecast(int(when[-1]) + 1, mean, lower, upper, fitted.phi)


def repeat_last(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Forecast:
    """Return the naive forecast: last year again, with limits from the yearly steps so far."""
    _require(years, counts, 3, alpha)
    steps = np.diff(np.log(np.asarray(counts, dtype=float)))
    last, spread = float(counts[-1]), float(np.sqrt((steps**2).mean()))
    half = float(stats.t.ppf(1 - alpha / 2, len(steps))) * spread
    upper = math.exp(min(half, LARGEST / 2)) * last
    return Forecast(int(years[-1]) + 1, last, math.exp(-half) * last, upper, math.nan)


def backtest(years: Sequence[int], counts: Sequence[float], *, alpha: float = 0.05) -> Backtest:
    """Return how both forecasts would have done from every origin with four counts or more (Tashman 2000, IJF 16)."""
    _require(years, counts, LEAST, alpha)
    inside, errors = [], []
    for end in range(LEAST_TO_FIT, len(counts)):
        past, true = (list(years[:end]), list(counts[:end])), float(counts[end])
        if len(set(past[1])) == 1:
            continue  # no line through counts that are all alike
        trend, last = next_year(*past, alpha=alpha, cautious=True), repeat_last(*past, alpha=alpha)
        inside.append([f.lower <= true <= f.upper for f in (trend, last)])
        errors.append([abs(f.mean - true) for f in (trend, last)])
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

"""Intervals for shares, totals and ratios of counts. statsmodels and scipy do the statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from osw_stats.errors import InputError

METHODS = {"wilson": "wilson", "agresti_coull": "agresti_coull", "clopper_pearson": "beta"}


def proportion_interval(
    p: float, n: float, *, deff: float = 1.0, method: str = "wilson", alpha: float = 0.05
) -> tuple[float, float]:
    """Return the interval of a survey share by its effective sample size.

    Parameters
    ----------
    p
        Share, 0 to 1.
    n
        Respondents.
    deff
        Design effect: how many times larger the variance is than in a simple random
        sample; the effective size is n / deff.
    method
        "wilson", "agresti_coull", "clopper_pearson" or "logit".
    alpha
        1 minus the confidence level.

    Returns
    -------
    tuple of float
        Lower and upper limit, as shares. NaN where the logit interval does not exist.

    Raises
    ------
    InputError
        If the share lies outside 0 to 1, or the sample is empty.

    Notes
    -----
    Wilson (1927), J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta (2001), Stat. Sci. 16;
    design effect: Kish (1965), Survey Sampling.

    Examples
    --------
    >>> low, high = proportion_interval(0.052, 25_000, deff=1.3)
    >>> round(100 * low, 1), round(100 * high, 1)
    (4.9, 5.5)
    """
    if not 0 <= p <= 1:
        raise InputError("is no share", "Give a number from 0 to 1; divide a percentage by 100.", column="p", value=p)  # fmt: skip
    for name, size in (("n", n), ("deff", deff)):
        if not size > 0:
            raise InputError("no share of a sample", "Give a number above 0.", column=name, value=size)
    if method not in (*METHODS, "logit"):
        raise InputError("unknown interval", f"Choose: {', '.join([*METHODS, 'logit'])}.", column="method", value=method)  # fmt: skip
    n_eff = n / deff
    if method == "logit":
        if p in (0, 1):
            return math.nan, math.nan
        centre = math.log(p / (1 - p))
        half = stats.norm.ppf(1 - alpha / 2) / math.sqrt(n_eff * p * (1 - p))
        return _expit(centre - half), _expit(centre + half)
    low, high = proportion_confint(p * n_eff, n_eff, alpha=alpha, method=METHODS[method])
    return float(low), float(high)


def total_interval(
    share: float,
    lower: float,
    upper: float,
    size: float,
    size_half_width: float,
    alpha: float = 0.05,
) -> tuple[float, float]:
    """Return a log-normal interval for a total: share x population size.

    `lower` and `upper` are the limits of the share at level 1 - `alpha`; the size is
    known up to `size` plus or minus `size_half_width` (uniform). The variance of the
    product takes both in.

    Notes
    -----
    Goodman (1960), On the exact variance of products, J. Am. Stat. Assoc. 55.

    Examples
    --------
    >>> low, high = total_interval(0.052, 0.0490, 0.0552, 14_800_000, 100_000)
    >>> round(low, -4), round(high, -4)
    (720000.0, 820000.0)
    """
    z = float(stats.norm.ppf(1 - alpha / 2))
    total = share * size
    var_share = ((upper - lower) / (2 * z)) ** 2
    var_size = size_half_width**2 / 3
    variance = size**2 * var_share + share**2 * var_size + var_share * var_size
    sigma = math.sqrt(math.log1p(variance / total**2))
    return total * math.exp(-z * sigma), total * math.exp(z * sigma)


@dataclass(frozen=True)
class RateRatio:
    """Two counts compared: the ratio, its exact limits and what overdispersion does to it."""

    ratio: float
    exact_lower: float
    exact_upper: float
    p_exact: float
    phi: float
    lower: float
    upper: float
    phi_break_even: float


def rate_ratio(
    x1: int, x0: int, *, t1: float = 1.0, t0: float = 1.0, phi: float = 1.0, alpha: float = 0.05
) -> RateRatio:
    """Compare two counts x1 and x0 over times t1 and t0.

    The exact limits condition on x1 + x0 and hold for Poisson counts only; `lower` and
    `upper` allow for a variance `phi` times as large. `phi_break_even` is the
    dispersion at which the ratio could just be chance.

    Notes
    -----
    Exact: Przyborowski and Wilenski (1940), Biometrika 31. Overdispersed: Wald on the
    log ratio with variance phi (1/x1 + 1/x0), McCullagh and Nelder (1989), section 6.2.

    Examples
    --------
    >>> r = rate_ratio(14802, 14015, phi=10)
    >>> round(r.ratio, 4), round(r.lower, 3), round(r.upper, 3), round(r.phi_break_even, 1)
    (1.0562, 0.982, 1.136, 5.6)
    """
    if min(x1, x0) < 0 or min(t1, t0) <= 0 or phi <= 0:
        raise ValueError(f"no counts over time: x1={x1}, x0={x0}, t1={t1}, t0={t0}, phi={phi}")
    low = stats.beta.ppf(alpha / 2, x1, x0 + 1) if x1 else 0.0
    high = stats.beta.ppf(1 - alpha / 2, x1 + 1, x0) if x0 else 1.0
    exact = [float(q / (1 - q)) * t0 / t1 if q < 1 else math.inf for q in (low, high)]
    p_exact = float(stats.binomtest(x1, x1 + x0, t1 / (t1 + t0)).pvalue) if x1 + x0 else 1.0
    if not x1 or not x0:
        return RateRatio(
            math.nan, exact[0], exact[1], p_exact, phi, math.nan, math.nan, math.nan
        )  # fmt: skip
    z = float(stats.norm.ppf(1 - alpha / 2))
    log_ratio, variance = math.log(x1 / t1) - math.log(x0 / t0), 1 / x1 + 1 / x0
    half = z * math.sqrt(phi * variance)
    return RateRatio(
        math.exp(log_ratio), exact[0], exact[1], p_exact, phi,
        math.exp(log_ratio - half), math.exp(log_ratio + half), (log_ratio / z) ** 2 / variance,
    )  # fmt: skip


def yearly_dispersion(counts: Sequence[float], without: int | None = None) -> float:
    """Return how many times larger the yearly steps of a series are than Poisson steps.

    The mean over consecutive years of (log ratio)^2 / (1/x1 + 1/x0). No trend is taken
    out: every step counts as ordinary variation, but for the one that ends at index
    `without`, which is in question itself. Never below 1.

    Raises
    ------
    ValueError
        With fewer than four counts, or a count of zero.

    Examples
    --------
    >>> round(yearly_dispersion([100, 110, 100, 110]), 2)
    1.0
    """
    if len(counts) < 4 or min(counts) <= 0:
        raise ValueError("the dispersion of yearly steps needs four positive counts or more")
    steps = [
        math.log(b / a) ** 2 / (1 / a + 1 / b)
        for end, (a, b) in enumerate(pairwise(counts), start=1)
        if end != without
    ]
    return max(1.0, sum(steps) / len(steps))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))

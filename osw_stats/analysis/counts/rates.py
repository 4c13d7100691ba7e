"""Two counts compared: ratios with exact and overdispersed limits. scipy and statsmodels do the statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy import stats
from statsmodels.stats import rates as two_rates

from osw_stats.errors import NotEstimableError

LARGEST_E_TEST = 400  # counts in all; the test sums over a square of that size


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
    log_ratio: float
    se: float


def rate_ratio(
    x1: float, x0: float, *, t1: float = 1.0, t0: float = 1.0, phi: float = 1.0, alpha: float = 0.05
) -> RateRatio:
    """Compare two counts x1 and x0 over times t1 and t0.

    The exact limits condition on x1 + x0 and hold for Poisson counts only; `lower` and
    `upper` allow for a variance `phi` times as large. `phi_break_even` is the
    dispersion at which the ratio could just be chance. `se` is the standard error of the
    log ratio for Poisson counts.

    Notes
    -----
    Exact: Przyborowski and Wilenski (1940), Biometrika 31; its p-value adds up all outcomes
    that are no likelier. Overdispersed: Wald on the log ratio with variance
    phi (1/x1 + 1/x0), McCullagh and Nelder (1989), section 6.2.

    Examples
    --------
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
        none = math.nan
        return RateRatio(0.0 if x0 else none, exact[0], exact[1], p_exact, phi, none, none, none, none, none)
    z = float(stats.norm.ppf(1 - alpha / 2))
    log_ratio, variance = math.log(x1 / t1) - math.log(x0 / t0), 1 / x1 + 1 / x0
    half = z * math.sqrt(phi * variance)
    return RateRatio(
        math.exp(log_ratio), exact[0], exact[1], p_exact, phi,
        math.exp(log_ratio - half), math.exp(log_ratio + half), (log_ratio / z) ** 2 / variance,
        log_ratio, math.sqrt(variance),
    )  # fmt: skip


def score_interval(
    x1: int, x0: int, *, t1: float = 1.0, t0: float = 1.0, alpha: float = 0.05
) -> tuple[float, float]:
    """Return the score limits of a ratio of two Poisson rates; NaN where a count is zero.

    Notes
    -----
    Graham, Mietlowski and Dahlberg, as `statsmodels.stats.rates.confint_poisson_2indep` has it.

    Examples
    --------
    >>> low, high = score_interval(9, 3)
    >>> round(low, 2), round(high, 2)
    (0.88, 10.24)
    """
    if not x1 or not x0:
        return math.nan, math.nan
    low, high = two_rates.confint_poisson_2indep(x1, t1, x0, t0, method="score", compare="ratio", alpha=alpha)
    return float(low), float(high)


def e_test(x1: int, x0: int, *, t1: float = 1.0, t0: float = 1.0) -> float:
    """Return the p-value of the E-test of equal rates, for small counts; NaN from `LARGEST_E_TEST` on.

    Notes
    -----
    Krishnamoorthy and Thomson (2004), J. Statist. Plann. Inference 119.

    Examples
    --------
    >>> round(e_test(9, 3), 3)
    0.087
    """
    if x1 + x0 >= LARGEST_E_TEST or x1 + x0 == 0:
        return math.nan
    return float(two_rates.test_poisson_2indep(x1, t1, x0, t0, method="etest-wald", compare="ratio").pvalue)


def yearly_dispersion(counts: Sequence[float], without: int | None = None) -> float:
    """Return how many times larger the yearly steps of a series are than Poisson steps.

    The mean over consecutive years of (log ratio)^2 / (1/x1 + 1/x0). No trend is taken
    out: every step counts as ordinary variation, but for the one that ends at index
    `without`, which is in question itself. Never below 1.

    Raises
    ------
    NotEstimableError
        With fewer than four counts, or a count of zero.

    Examples
    --------
    >>> round(yearly_dispersion([100, 110, 100, 110]), 2)
    1.0
    """
    if len(counts) < 4 or min(counts) <= 0:
        raise NotEstimableError("the dispersion of yearly steps needs four positive counts or more")
    steps = [
        math.log(b / a) ** 2 / (1 / a + 1 / b)
        for end, (a, b) in enumerate(pairwise(counts), start=1)
        if end != without
    ]
    return max(1.0, sum(steps) / len(steps))

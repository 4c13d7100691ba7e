"""Comparison of two sample shares: limits, tests, tests under rounding, and detectable differences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep

from osw_stats.errors import InputError
from osw_stats.stats.survey.intervals import Range, check_share, normal_quantile

POWER = 0.80  # of the smallest detectable change
ADJUSTMENTS = ("holm", "bh", "bonferroni")


@dataclass(frozen=True)
class Difference:
    """The second share minus the first, of two independent samples.

    `diff` and its limits are shares (0.01 is one percentage point). `lower` and `upper` are Newcombe's. NaN for
    the test where both shares are 0 or 1, and for a ratio to zero.
    """

    diff: float
    se: float
    z: float
    p_value: float
    lower: float
    upper: float
    ratio: float
    ratio_lower: float
    ratio_upper: float


def difference(p1: float, n1: float, p2: float, n2: float, *, alpha: float = 0.05) -> Difference:
    """Compare two shares (0 to 1) by their effective sample sizes: `p2` minus `p1`.

    >>> d = difference(0.054, 22_000, 0.051, 18_500)
    >>> round(100 * d.diff, 2), round(100 * d.lower, 2), round(100 * d.upper, 2), round(d.p_value, 2)
    (-0.3, -0.73, 0.14, 0.18)
    """
    # limits: Newcombe (1998), Stat. Med. 17, 873-890, method 10. Test: z with unpooled variance. Ratio: log-normal
    # limits. Overlapping intervals are no test
    check_share("p1", p1, "n1", n1)
    check_share("p2", p2, "n2", n2)
    diff, se = p2 - p1, math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    # shares of 0 and 1 have no variance; two equal shares without variance have no test
    z = diff / se if se > 0 else math.copysign(math.inf, diff) if diff else math.nan
    zq, counts = normal_quantile(alpha), (p2 * n2, n2, p1 * n1, n1)
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=alpha)
    ratios = (math.nan, math.nan, math.nan)
    if p1 > 0 and p2 > 0:
        ratio, half = p2 / p1, zq * math.sqrt((1 - p1) / (n1 * p1) + (1 - p2) / (n2 * p2))
        ratios = (ratio, ratio * math.exp(-half), ratio * math.exp(min(half, 300)))
    low, high = max(-1.0, float(low)), min(1.0, float(high))  # up to floating-point error
    return Difference(diff, se, z, float(2 * stats.norm.sf(abs(z))), low, high, *ratios)


def newcombe_p(p1: float, n1: float, p2: float, n2: float) -> float:
    """Return the p-value that corresponds to Newcombe's limits: the alpha at which one of them is zero.

    Limits and test then never contradict each other, also after adjustment for a family.

    >>> p = newcombe_p(0.054, 22_000, 0.051, 18_500)
    >>> d = difference(0.054, 22_000, 0.051, 18_500, alpha=p)
    >>> round(p, 3), abs(round(d.upper, 9))
    (0.178, 0.0)
    """
    check_share("p1", p1, "n1", n1)
    check_share("p2", p2, "n2", n2)
    if p1 == p2:
        return 1.0
    # the upper limit of the lower share against the lower limit of the higher
    (low, n_low), (high, n_high) = sorted([(p1, n1), (p2, n2)])

    def gap(z: float) -> float:
        distances = []
        for p, n, side in ((low, n_low, 1), (high, n_high, -1)):
            x = z * z / n
            limit = (p + x / 2 + side * math.sqrt(p * (1 - p) * x + x * x / 4)) / (1 + x)
            distances.append(abs(limit - p))
        return high - low - math.hypot(*distances)

    reach = 8.0
    while gap(reach) > 0:
        reach *= 2
    return float(2 * stats.norm.sf(optimize.brentq(gap, 0.0, reach, xtol=1e-12)))


def adjust(p_values: Sequence[float] | pd.Series, method: str, size: int = 0) -> list[float]:
    """Return p-values adjusted for multiple testing, in the same order; NaN is not part of the family."""
    # `method` is "holm", "bh" (Benjamini-Hochberg) or "bonferroni"; the family for "holm" has at
    # least `size` members.
    # statsmodels' multipletests collects garbage at every call, which takes half a second for three numbers
    if method not in ADJUSTMENTS:
        raise InputError("is unknown", f"Choose: {', '.join(ADJUSTMENTS)}.", column="method", value=method)
    p = np.asarray(p_values, dtype=float)
    known = p[~np.isnan(p)]
    order, count = np.argsort(known), len(known)
    if method == "bh":
        known = stats.false_discovery_control(known) if count else known
    else:
        factors = max(size, count) - np.arange(count) if method == "holm" else count
        known[order] = np.minimum(1.0, np.maximum.accumulate(factors * known[order]))
    adjusted = p.copy()
    adjusted[~np.isnan(p)] = known
    return [float(x) for x in adjusted]


def detectable(
    p: float, n1: float, n2: float, *, alpha: float = 0.05, upward: bool = True, df: float = math.inf
) -> float:
    """Return the smallest change of a share `p` detectable with two samples of these effective sizes.

    For planning a survey; whether an observed difference is more than chance follows from its p-value. The change d solves d =
    (quantile for alpha + quantile for a power of 80 percent) x its standard error at p and p + d; the quantiles are Student's where
    the degrees of freedom of the design are known. In shares, always positive; NaN where even the largest possible
    change is not detectable.

    >>> round(100 * detectable(0.295, 290, 230, upward=False), 1)
    10.4
    """
    for n in (n1, n2):
        check_share("p", p, "n", n)
    normal_quantile(alpha)
    if not df > 0:
        raise InputError("are no degrees of freedom", "Give a number above 0.", column="df", value=df)
    reach = float(stats.t.isf(alpha / 2, df) + stats.t.ppf(POWER, df))
    sign, largest = (1, 1 - p) if upward else (-1, p)

    def shortfall(d: float) -> float:
        q = min(1.0, max(0.0, p + sign * d))
        return reach * math.sqrt(p * (1 - p) / n1 + q * (1 - q) / n2) - d

    if largest <= 0 or shortfall(largest) > 0:
        return math.nan
    if p in (0, 1):  # d = 0 also solves the equation, and is no change
        return reach**2 / (n2 + reach**2)
    return float(optimize.brentq(shortfall, 0.0, largest, xtol=1e-12))


def p_range(p1: Range, n1: Range, p2: Range, n2: Range) -> Range:
    """Return the smallest and largest p-value over ranges of shares and effective sizes.

    The largest is 1 where the shares can be equal, inside the ranges rather than in a corner; elsewhere p decreases
    with the distance between the shares and with the sizes.

    >>> low, high = p_range((0.29, 0.30), (250, 300), (0.215, 0.225), (200, 240))
    >>> round(low, 3), round(high, 3)
    (0.026, 0.119)
    """
    (low1, high1), (low2, high2) = p1, p2
    farthest = [(low1, high2), (high1, low2)]
    least = min(newcombe_p(a, n1[1], b, n2[1]) for a, b in farthest)
    if low1 <= high2 and low2 <= high1:
        return least, 1.0
    nearest = (high1, low2) if high1 < low2 else (low1, high2)
    return least, newcombe_p(nearest[0], n1[0], nearest[1], n2[0])

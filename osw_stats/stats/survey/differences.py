"""Differences between survey shares: limits, tests, many tests at once, and what could have been seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from osw_stats.errors import InputError
from osw_stats.stats.survey.intervals import check_share

ADJUSTMENTS = {"holm": "holm", "bh": "fdr_bh", "bonferroni": "bonferroni"}
Range = tuple[float, float]


@dataclass(frozen=True)
class Difference:
    """The second share minus the first, of two independent samples.

    `diff` and its limits are shares (0.01 is one percentage point). `lower` and `upper` are Newcombe's. Where both
    shares are 0 or 1 there is no test, and a ratio to zero does not exist: NaN.
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

    Notes
    -----
    Limits: Newcombe (1998), Stat. Med. 17, 873-890, method 10. Test: z with unpooled variance. Ratio: log-normal
    limits. Overlapping intervals are no test.

    Examples
    --------
    >>> d = difference(0.054, 22_000, 0.051, 18_500)
    >>> round(100 * d.diff, 2), round(100 * d.lower, 2), round(100 * d.upper, 2), round(d.p_value, 2)
    (-0.3, -0.73, 0.14, 0.18)
    """
    check_share("p1", p1, "n1", n1)
    check_share("p2", p2, "n2", n2)
    diff, se = p2 - p1, math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    # nobody against everybody leaves no variance; two equal shares without it leave nothing to test
    z = diff / se if se > 0 else math.copysign(math.inf, diff) if diff else math.nan
    counts = (p2 * n2, n2, p1 * n1, n1)
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=alpha)
    ratios = (math.nan, math.nan, math.nan)
    if p1 > 0 and p2 > 0:
        zq = float(stats.norm.ppf(1 - alpha / 2))
        ratio, half = p2 / p1, zq * math.sqrt((1 - p1) / (n1 * p1) + (1 - p2) / (n2 * p2))
        ratios = (ratio, ratio * math.exp(-half), ratio * math.exp(half))
    return Difference(diff, se, z, float(2 * stats.norm.sf(abs(z))), float(low), float(high), *ratios)


def adjust(p_values: Sequence[float], method: str) -> list[float]:
    """Return p-values adjusted for being one of a family, in their own order; NaN stays out of the family.

    Parameters
    ----------
    p_values
        Raw p-values of one family.
    method
        "holm", "bh" (Benjamini-Hochberg) or "bonferroni".

    Examples
    --------
    >>> [round(p, 3) for p in adjust([0.01, 0.01, 0.04], "holm")]
    [0.03, 0.03, 0.04]
    """
    if method not in ADJUSTMENTS:
        remedy = f"Choose: {', '.join(ADJUSTMENTS)}."
        raise InputError("unknown adjustment", remedy, column="method", value=method)
    p = np.asarray(p_values, dtype=float)
    known, adjusted = ~np.isnan(p), p.copy()
    if known.any():
        adjusted[known] = multipletests(p[known], method=ADJUSTMENTS[method])[1]
    return [float(x) for x in adjusted]


def detectable(
    p: float, n1: float, n2: float, *, alpha: float = 0.05, power: float = 0.8, upward: bool = True
) -> float:
    """Return the smallest change of a share `p` that two samples of these effective sizes would show.

    The change d solves d = (z for alpha + z for power) x its standard error at p and p + d.

    Returns
    -------
    float
        In shares, always positive; NaN where even the largest possible change would be missed.

    Examples
    --------
    >>> round(100 * detectable(0.295, 290, 230, upward=False), 1)
    10.4
    """
    check_share("p", p, "n", min(n1, n2))
    reach = float(stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power))
    sign, room = (1, 1 - p) if upward else (-1, p)

    def shortfall(d: float) -> float:
        q = min(1.0, max(0.0, p + sign * d))
        return reach * math.sqrt(p * (1 - p) / n1 + q * (1 - q) / n2) - d

    if room <= 0 or shortfall(room) > 0:
        return math.nan
    if p in (0, 1):  # no change at all solves the equation too, and is none
        return reach**2 / (n2 + reach**2)
    return float(optimize.brentq(shortfall, 0.0, room, xtol=1e-12))


def worst_p(p1: Range, n1: Range, p2: Range, n2: Range) -> float:
    """Return the largest p-value over all shares and sizes in the ranges: 1 where the shares may be equal.

    Why: a finding holds whatever the digits before rounding were only when it holds at the least favourable.

    Examples
    --------
    >>> worst_p((0.28, 0.30), (300, 300), (0.21, 0.23), (240, 240)) > 0.05
    True
    """
    if p1[0] <= p2[1] and p2[0] <= p1[1]:
        return 1.0
    corners = product(p1, (min(n1),), p2, (min(n2),))
    return max(difference(*corner).p_value for corner in corners)

"""Shares of samples: intervals, totals, the effective size behind published limits, and differences with their tests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from osw_stats.errors import InputError
from osw_stats.meaning.rounding import check_limits

METHODS = {"wilson": "wilson", "agresti_coull": "agresti_coull", "clopper_pearson": "beta"}
ADJUSTMENTS = {"holm": "holm", "bh": "fdr_bh", "bonferroni": "bonferroni"}
# above this ratio of largest to smallest effective n the printed limits say too little
RECOVERABLE = 2.5
Range = tuple[float, float]


def _check_share(name: str, p: float, sample: str, n: float) -> None:
    if not 0 <= p <= 1:
        remedy = "Give a number from 0 to 1; divide a percentage by 100."
        raise InputError("is no share", remedy, column=name, value=p)
    if not n > 0:
        raise InputError("is no size of a sample", "Give a number above 0.", column=sample, value=n)


def proportion_interval(
    p: float, n: float, *, deff: float = 1.0, method: str = "wilson", alpha: float = 0.05
) -> Range:
    """Return the interval of a survey share by its effective sample size.

    Parameters
    ----------
    p, n
        Share, 0 to 1, and respondents.
    deff
        Design effect: how many times larger the variance is than in a simple random sample; the effective size is
        n / deff.
    method
        "wilson", "agresti_coull", "clopper_pearson" or "logit".
    alpha
        1 minus the confidence level.

    Returns
    -------
    tuple of float
        Lower and upper limit, as shares. NaN where the logit interval does not exist.

    Notes
    -----
    Wilson (1927), J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta (2001), Stat. Sci. 16; design effect: Kish (1965),
    Survey Sampling.

    Examples
    --------
    >>> low, high = proportion_interval(0.052, 25_000, deff=1.3)
    >>> round(100 * low, 1), round(100 * high, 1)
    (4.9, 5.5)
    """
    _check_share("p", p, "n", n)
    _check_share("p", p, "deff", deff)
    if method not in (*METHODS, "logit"):
        remedy = f"Choose: {', '.join([*METHODS, 'logit'])}."
        raise InputError("unknown interval", remedy, column="method", value=method)
    n_eff = n / deff
    if method != "logit":
        low, high = proportion_confint(p * n_eff, n_eff, alpha=alpha, method=METHODS[method])
        return float(low), float(high)
    if p in (0, 1):
        return math.nan, math.nan
    centre = math.log(p / (1 - p))
    half = stats.norm.ppf(1 - alpha / 2) / math.sqrt(n_eff * p * (1 - p))
    return 1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre))


def total_interval(
    share: float, lower: float, upper: float, size: float, size_half_width: float, alpha: float = 0.05
) -> Range:
    """Return a log-normal interval for a total: share x population size.

    `lower` and `upper` are the limits of the share at level 1 - `alpha`; the size is known up to `size` plus or minus
    `size_half_width` (uniform). The variance of the product takes both in.

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
    total, var_share, var_size = share * size, ((upper - lower) / (2 * z)) ** 2, size_half_width**2 / 3
    variance = size**2 * var_share + share**2 * var_size + var_share * var_size
    sigma = math.sqrt(math.log1p(variance / total**2))
    return total * math.exp(-z * sigma), total * math.exp(z * sigma)


@dataclass(frozen=True)
class EffectiveN:
    """The effective sample size that published limits imply.

    `wald` and `wilson` by the form of interval the publisher may have used; NaN where that form cannot be inverted.
    `minimum` and `maximum` over everything that prints as the published numbers (Wald); the maximum is infinite where
    the limits may have been equal before rounding. `symmetric`: the limits lie equally far from the value, up to one
    printed step.
    """

    wald: float
    wilson: float
    minimum: float
    maximum: float
    symmetric: bool

    @property
    def point(self) -> float:
        """The value to use: Wald for symmetric limits, else Wilson."""
        return self.wald if self.symmetric and math.isfinite(self.wald) else self.wilson

    @property
    def recoverable(self) -> bool:
        """Whether the printed digits fix the size well enough to be used."""
        return self.maximum <= RECOVERABLE * self.minimum


def effective_n(pct: float, lower: float, upper: float, *, step: float, alpha: float = 0.05) -> EffectiveN:
    """Return the effective sample size that a published percentage and its limits imply, printed in steps of `step`.

    Notes
    -----
    Wald: n = z^2 p (1 - p) / h^2 with h half the width. Wilson: the width of the score interval is solved for n.
    Kish (1965), Survey Sampling, section 8.2.

    Examples
    --------
    >>> size = effective_n(5.1, 4.8, 5.4, step=0.1)
    >>> round(size.point), round(size.minimum), round(size.maximum)
    (20658, 15036, 30023)
    """
    check_limits(pct, lower, upper)
    z = float(stats.norm.ppf(1 - alpha / 2))
    p, low, high, half_step = pct / 100, lower / 100, upper / 100, step / 200
    width = high - low
    shares = [min(1.0, max(0.0, p + d)) for d in (-half_step, half_step)]
    # p (1 - p) is largest at a half, when the box holds it
    spreads = [s * (1 - s) for s in shares] + ([0.25] if shares[0] <= 0.5 <= shares[1] else [])

    def wald(spread: float, width: float) -> float:
        if spread <= 0:
            return math.nan
        return z * z * spread / (width / 2) ** 2 if width > 1e-12 else math.inf

    return EffectiveN(
        wald=wald(p * (1 - p), width),
        wilson=_wilson(p, width, z),
        minimum=wald(min(spreads), width + 2 * half_step),
        maximum=wald(max(spreads), max(0.0, width - 2 * half_step)),
        symmetric=abs((upper - pct) - (pct - lower)) <= step * (1 + 1e-9),
    )


def _wilson(p: float, width: float, z: float) -> float:
    def too_wide(log_n: float) -> float:
        n = math.exp(log_n)
        return 2 * z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) - width

    if not 1e-9 < width < 1:
        return math.inf if width <= 1e-9 else math.nan
    # the width falls from 1 to 0 as n grows
    return math.exp(optimize.brentq(too_wide, math.log(1e-6), math.log(1e15), xtol=1e-14, rtol=1e-14))


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
    _check_share("p1", p1, "n1", n1)
    _check_share("p2", p2, "n2", n2)
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

    `method` is "holm", "bh" (Benjamini-Hochberg) or "bonferroni".

    Examples
    --------
    >>> [round(p, 3) for p in adjust([0.01, 0.01, 0.04], "holm")]
    [0.03, 0.03, 0.04]
    """
    p = np.asarray(p_values, dtype=float)
    known, adjusted = ~np.isnan(p), p.copy()
    if known.any():
        adjusted[known] = multipletests(p[known], method=ADJUSTMENTS[method])[1]
    return [float(x) for x in adjusted]


def detectable(
    p: float, n1: float, n2: float, *, alpha: float = 0.05, power: float = 0.8, upward: bool = True
) -> float:
    """Return the smallest change of a share `p` that two samples of these effective sizes would show.

    The change d solves d = (z for alpha + z for power) x its standard error at p and p + d. In shares, always
    positive; NaN where even the largest possible change would be missed.

    Examples
    --------
    >>> round(100 * detectable(0.295, 290, 230, upward=False), 1)
    10.4
    """
    _check_share("p", p, "n", min(n1, n2))
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


def worst_p(p1: Range, n1: float, p2: Range, n2: float) -> float:
    """Return the largest p-value over all shares in two ranges: 1 where the shares may be equal.

    Why: a finding holds whatever the digits before rounding were only when it holds at the least favourable.

    Examples
    --------
    >>> worst_p((0.28, 0.30), 300, (0.21, 0.23), 240) > 0.05
    True
    """
    if p1[0] <= p2[1] and p2[0] <= p1[1]:
        return 1.0
    return max(difference(a, n1, b, n2).p_value for a in p1 for b in p2)

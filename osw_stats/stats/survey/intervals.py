"""Sample shares: intervals, totals, and the effective size implied by published limits."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, special, stats
from statsmodels.stats.proportion import proportion_confint

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.meaning.rounding import check_limits

# of a sample, a share or an amount; computation is unreliable beyond them
LEAST_SIZE, LARGEST_SIZE = 1e-9, 1e15
LARGEST = 700.0  # logarithms above it overflow
EXACT = "clopper_pearson"
METHODS = ("wilson", "agresti_coull", EXACT)
# above this ratio of largest to smallest effective n the printed limits are uninformative
RECOVERABLE = 2.5
Range = tuple[float, float]


def check_share(name: str, p: float, sample: str, n: float) -> None:
    """Raise InputError for a share outside 0 to 1, or a size that is not finite and above 0."""
    if not 0 <= p <= 1:
        remedy = "Give a number from 0 to 1; divide a percentage by 100."
        raise InputError("is no share", remedy, column=name, value=p)
    if not LEAST_SIZE <= n < LARGEST_SIZE:
        raise InputError("is no size of a sample", "Give a number above 0.", column=sample, value=n)


def normal_quantile(alpha: float) -> float:
    """Return the quantile of the normal distribution for limits at level 1 - `alpha`."""
    if not 0 < alpha < 1:
        raise InputError("is no level", "Give a number between 0 and 1.", column="alpha", value=alpha)
    return float(stats.norm.isf(alpha / 2))


def proportion_interval(
    p: float, n: float, *, deff: float = 1.0, method: str = "wilson", alpha: float = 0.05
) -> Range:
    """Return the limits of a survey share `p` (0 to 1) of `n` respondents; NaN where the logit interval does not exist.

    `deff` is the variance relative to a simple random sample: the effective size is n / deff.

    >>> low, high = proportion_interval(0.052, 25_000, deff=1.3)
    >>> round(100 * low, 1), round(100 * high, 1)
    (4.9, 5.5)
    """
    # Wilson (1927), J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta (2001), Stat. Sci. 16; design effect: Kish
    # (1965), Survey Sampling
    check_share("p", p, "n", n)
    check_share("p", p, "deff", deff)
    if method not in (*METHODS, "logit"):
        remedy = f"Choose: {', '.join([*METHODS, 'logit'])}."
        raise InputError("unknown interval", remedy, column="method", value=method)
    z, n_eff = normal_quantile(alpha), n / deff
    check_share("p", p, "n / deff", n_eff)
    if method == EXACT:
        yes, no = p * n_eff, (1 - p) * n_eff
        low = beta_odds(alpha / 2, yes, no + 1) if yes else 0.0
        high = beta_odds(1 - alpha / 2, yes + 1, no) if no else math.inf
        return low / (1 + low), 1 / (1 + 1 / high)
    if method != "logit":
        low, high = proportion_confint(p * n_eff, n_eff, alpha=alpha, method=method)
        return min(p, float(low)), max(p, float(high))  # p of 0 or 1 lies within, up to floating-point error
    if p in (0, 1):
        return math.nan, math.nan
    half = z / math.sqrt(n_eff * p * (1 - p))
    low, high = special.expit(special.logit(p) + np.array([-half, half]))
    return float(low), float(high)


def with_rounding(pct: Any, limits: tuple[Any, Any], box: tuple[Any, Any], alpha: float) -> tuple[Any, Any]:
    """Return limits of a percentage including its rounding: `pct` before rounding is uniform over `box`.

    >>> low, high = with_rounding(5.0, (4.7, 5.3), (4.5, 5.5), 0.05)
    >>> print(round(low, 2), round(high, 2))
    4.36 5.64
    """
    # squared distances are added: Zou and Donner (2008), Stat. Med. 27; a uniform sd is its half width over root 3
    factor = normal_quantile(alpha) / math.sqrt(3)
    low, high = (np.hypot(pct - end, factor * (pct - edge)) for end, edge in zip(limits, box, strict=True))
    return np.maximum(pct - low, 0.0), np.minimum(pct + high, 100.0)


def beta_odds(level: float, a: float, b: float) -> float:
    """Return the odds at a quantile of a beta distribution: Clopper and Pearson's limit of a share."""
    # in closed form; binomtest searches for it and takes a hundred times as long
    share = float(stats.beta.ppf(level, a, b))
    if share < 1 and abs(special.betainc(a, b, share) - level) < 1e-6 * min(level, 1 - level):
        return share / (1 - share)
    # scipy's quantile is wrong for very unequal counts; its distribution function is right

    def excess(log: float) -> float:
        if log > 0:
            return 1 - level - float(special.betainc(b, a, special.expit(-log)))
        return float(special.betainc(a, b, special.expit(log))) - level

    if excess(-LARGEST) >= 0 or excess(LARGEST) <= 0:  # odds outside the range of a float
        return 0.0 if excess(-LARGEST) >= 0 else math.inf
    return math.exp(optimize.brentq(excess, -LARGEST, LARGEST, xtol=1e-14, maxiter=1000))


def total_interval(
    share: float,
    lower: float,
    upper: float,
    size: float,
    size_half_width: float,
    alpha: float = 0.05,
    share_alpha: float | None = None,
) -> Range:
    """Return log-normal limits of a total, share x population, at most the population; its variance includes that of both.

    `lower` and `upper` are the limits of the share at level 1 - `share_alpha` (else 1 - `alpha`); the size is uniform over
    `size` plus or minus `size_half_width`.

    >>> low, high = total_interval(0.052, 0.0490, 0.0552, 14_800_000, 100_000)
    >>> round(low, -4), round(high, -4)
    (720000.0, 820000.0)
    """
    # Goodman (1960), On the exact variance of products, J. Am. Stat. Assoc. 55
    z, of_share = normal_quantile(alpha), normal_quantile(share_alpha or alpha)
    if not 0 <= lower <= share <= upper <= 1:
        value, remedy = (lower, share, upper), "Give 0 <= lower <= share <= upper <= 1."
        raise InputError("the limits do not enclose the share", remedy, column="share", value=value)
    if not (0 < size < math.inf and 0 <= size_half_width < math.inf):
        remedy = "Give a size above 0, and a half width from 0."
        raise InputError("is no size of a population", remedy, value=(size, size_half_width))
    if share < LEAST_SIZE:
        raise NotEstimableError("not estimable because a total of nought has no logarithm")
    total, var_share, var_size = share * size, ((upper - lower) / (2 * of_share)) ** 2, size_half_width**2 / 3
    variance = size**2 * var_share + share**2 * var_size + var_share * var_size
    sigma = math.sqrt(math.log1p(variance / total**2))
    return total * math.exp(-z * sigma), min(total * math.exp(z * sigma), size + size_half_width)


@dataclass(frozen=True)
class EffectiveN:
    """The effective sample size that published limits imply.

    `wald` and `wilson` by the method the publisher may have used; NaN where that method cannot be inverted.
    `minimum` and `maximum` over all values that round to the published numbers (Wald); the maximum is infinite where
    the limits may have been equal before rounding. `symmetric`: the limits are equally far from the value, up to one
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
        """Whether the printed digits determine the size well enough to use it."""
        return self.maximum <= RECOVERABLE * self.minimum


def effective_n(pct: float, lower: float, upper: float, *, step: float, alpha: float = 0.05) -> EffectiveN:
    """Return the effective sample size that a published percentage and its limits imply, printed in steps of `step`.

    >>> size = effective_n(5.1, 4.8, 5.4, step=0.1)
    >>> round(size.point), round(size.minimum), round(size.maximum)
    (20658, 15036, 30023)
    """
    # Wald: n = z^2 p (1 - p) / h^2 with h half the width. Wilson: the width of the score interval is solved for n.
    # Kish (1965), Survey Sampling, section 8.2
    check_limits(pct, lower, upper)
    if not 0 < step < math.inf:
        raise InputError("is no step of printing", "Give a number above 0.", column="step", value=step)
    z = normal_quantile(alpha)
    p, low, high, half_step = pct / 100, lower / 100, upper / 100, step / 200
    width = high - low
    shares = [min(1.0, max(0.0, p + d)) for d in (-half_step, half_step)]
    # p (1 - p) is largest at a half, where the box contains it
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
    """Return n from the width of the score interval: a quadratic equation in x = z^2 / n."""
    if not 1e-9 < width < 1:
        return math.inf if width <= 1e-9 else math.nan
    square, half = 1 - width**2, 2 * p * (1 - p) - width**2
    # the form of the positive root without cancellation
    root = math.hypot(half, width * math.sqrt(square))
    x = (root - half) / square if half < 0 else width**2 / (root + half)
    return z * z / x

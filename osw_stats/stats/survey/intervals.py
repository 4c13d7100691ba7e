"""Intervals for shares and totals, and the effective sample size behind published limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

from osw_stats.errors import InputError
from osw_stats.meaning.rounding import check_limits

METHODS = {"wilson": "wilson", "agresti_coull": "agresti_coull", "clopper_pearson": "beta"}


def check_share(name: str, p: float, sample: str, n: float) -> None:
    """Refuse what is no share of a sample; `name` and `sample` say which arguments they are."""
    if not 0 <= p <= 1:
        remedy = "Give a number from 0 to 1; divide a percentage by 100."
        raise InputError("is no share", remedy, column=name, value=p)
    if not n > 0:
        raise InputError("is no size of a sample", "Give a number above 0.", column=sample, value=n)


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
    check_share("p", p, "n", n)
    check_share("p", p, "deff", deff)
    if method not in (*METHODS, "logit"):
        remedy = f"Choose: {', '.join([*METHODS, 'logit'])}."
        raise InputError("unknown interval", remedy, column="method", value=method)
    n_eff = n / deff
    if method == "logit":
        if p in (0, 1):
            return math.nan, math.nan
        centre = math.log(p / (1 - p))
        half = stats.norm.ppf(1 - alpha / 2) / math.sqrt(n_eff * p * (1 - p))
        low, high = (float(1 / (1 + math.exp(-end))) for end in (centre - half, centre + half))
        return low, high
    low, high = proportion_confint(p * n_eff, n_eff, alpha=alpha, method=METHODS[method])
    return float(low), float(high)


def total_interval(
    share: float, lower: float, upper: float, size: float, size_half_width: float, alpha: float = 0.05
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


# above this ratio of largest to smallest effective n the printed limits say too little
RECOVERABLE = 2.5
DEFF_RANGE = (0.8, 2.5)  # outside it a design effect is marked as unusual


@dataclass(frozen=True)
class EffectiveN:
    """The effective sample size that published limits imply.

    Attributes
    ----------
    wald, wilson
        By the form of interval the publisher may have used; NaN where that form cannot be inverted.
    minimum, maximum
        Over everything that prints as the published numbers (Wald). The maximum is infinite where the limits
        may have been equal before rounding.
    symmetric
        Whether the limits lie equally far from the value, up to one printed step.
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
    """Return the effective sample size that a published percentage and its limits imply.

    Parameters
    ----------
    pct, lower, upper
        Published value and limits, in percent.
    step
        Place value of the last printed digit: 0.1 for "5,1", 1 for "5".
    alpha
        1 minus the confidence level of the limits.

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
    if step <= 0:
        remedy = "Give the place value of the last printed digit."
        raise InputError("a step is above zero", remedy, column="step", value=step)
    z = float(stats.norm.ppf(1 - alpha / 2))
    p, low, high, half_step = pct / 100, lower / 100, upper / 100, step / 200
    width = high - low
    shares = [min(1.0, max(0.0, p + d)) for d in (-half_step, half_step)]
    # p (1 - p) is largest at a half, when the box holds it
    spreads = [s * (1 - s) for s in shares] + ([0.25] if shares[0] <= 0.5 <= shares[1] else [])
    return EffectiveN(
        wald=_wald(p * (1 - p), width, z),
        wilson=_wilson(p, width, z),
        minimum=_wald(min(spreads), width + 2 * half_step, z),
        maximum=_wald(max(spreads), max(0.0, width - 2 * half_step), z),
        symmetric=abs((upper - pct) - (pct - lower)) <= step * (1 + 1e-9),
    )


def _wald(spread: float, width: float, z: float) -> float:
    if spread <= 0:
        return math.nan
    return z * z * spread / (width / 2) ** 2 if width > 1e-12 else math.inf


def _wilson(p: float, width: float, z: float) -> float:
    def too_wide(log_n: float) -> float:
        n = math.exp(log_n)
        return 2 * z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) - width

    if not 1e-9 < width < 1:
        return math.inf if width <= 1e-9 else math.nan
    # the width falls from 1 to 0 as n grows
    return math.exp(optimize.brentq(too_wide, math.log(1e-6), math.log(1e15), xtol=1e-14, rtol=1e-14))

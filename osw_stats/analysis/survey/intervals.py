"""Intervals for shares and totals. statsmodels and scipy do the statistics."""

from __future__ import annotations

import math

from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from osw_stats.errors import InputError

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

"""The coming twelve months of a monthly series, if reporting goes on as before."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from osw_stats.analysis.draws import quantiles
from osw_stats.analysis.months.interrupted import (
    LEAST_BEFORE,
    Fit,
    Model,
    design,
    fit_design,
    months_from,
    negative_binomial,
)
from osw_stats.analysis.months.monthly import Floats, MonthlySeries
from osw_stats.errors import NotEstimableError

PATHS = 20_000
MONTHS = 12


@dataclass(frozen=True)
class MonthsAhead:
    """The sum over the coming months.

    Attributes
    ----------
    first, last
        The months forecast.
    mean, lower, upper
        Mean and limits of the simulated sum.
    mc_se
        The larger Monte Carlo error of the two limits.
    paths
        How many futures were drawn.
    """

    first: str
    last: str
    mean: float
    lower: float
    upper: float
    mc_se: float
    paths: int


def next_months(
    series: MonthlySeries, generator: np.random.Generator, *, alpha: float = 0.05, paths: int = PATHS,
    harmonics: int = 2,
) -> MonthsAhead:  # fmt: skip
    """Return the forecast of the coming twelve months together.

    Every path draws the coefficients from their normal distribution (quasi-Poisson covariance) and every month from a
    negative binomial with the theta of highest likelihood, so the limits hold the error of the trend and the
    variation of months.

    Raises
    ------
    NotEstimableError
        With fewer than two years of months.

    Examples
    --------
    >>> from osw_stats.analysis.months.monthly import monthly_series
    >>> import pandas as pd
    >>> months = pd.period_range("2020-01", periods=48, freq="M").astype(str).tolist()
    >>> series = monthly_series("x", months, [100 + n % 5 for n in range(48)])
    >>> ahead = next_months(series, np.random.default_rng(1), paths=2000)
    >>> ahead.first, ahead.last, ahead.lower < ahead.mean < ahead.upper
    ('2024-01', '2024-12', True)
    """
    n = len(series.months)
    if n < LEAST_BEFORE:
        raise NotEstimableError(
            f"{series.name}: a forecast is not estimable because there are only {n} months; {LEAST_BEFORE} are needed."
        )
    model = Model(series.months[0], slope=False, harmonics=harmonics)
    fitted = _without_step(series, model)
    coming = tuple(months_from(series.months[-1], k) for k in range(1, MONTHS + 1))
    longer = replace(series, months=series.months + coming, counts=np.append(series.counts, np.zeros(MONTHS)))
    x = _drop_step(*design(longer, model, 0))[0][n:]
    covariance = np.asarray(fitted.result.cov_params(), dtype=float)
    drawn = generator.multivariate_normal(fitted.params, covariance, paths)
    mu = np.exp(drawn @ x.T + np.log(longer.days[n:]))
    theta = negative_binomial(fitted)[2]
    noise = generator.gamma(theta, 1 / theta, mu.shape) if math.isfinite(theta) else np.ones_like(mu)
    total = generator.poisson(mu * noise).sum(axis=1).astype(float)
    limits, errors = quantiles(total, [alpha / 2, 1 - alpha / 2])
    return MonthsAhead(coming[0], coming[-1], float(total.mean()), limits[0], limits[1], max(errors), paths)


def _without_step(series: MonthlySeries, model: Model) -> Fit:
    x, names = _drop_step(*design(series, model, 0))
    return fit_design(series, model, x, names)


def _drop_step(x: Floats, names: tuple[str, ...]) -> tuple[Floats, tuple[str, ...]]:
    at = names.index("post")
    return np.delete(x, at, axis=1), tuple(n for n in names if n != "post")

"""What would have been counted had the rate gone on as before, and how many more (or fewer) there were."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.analysis.months.interrupted import Fit
from osw_stats.analysis.months.monthly import Floats


def excess_total(fitted: Fit, *, alpha: float = 0.05, recommended: bool = True) -> dict[str, float]:
    """Return observed and expected counts after the date, their difference and its prediction interval.

    Parameters
    ----------
    fitted
        A fitted interrupted time series.
    alpha
        1 minus the confidence level.
    recommended
        Scale the errors of the coefficients as the recommended standard error does and use t; else the plain
        quasi-Poisson covariance and the normal quantile.

    Returns
    -------
    dict
        observed, expected, expected_se (error of the expected count), excess, sd (of prediction), lower,
        upper, percent.

    Notes
    -----
    Delta method: the variance is g' V g + phi times the expected count, with g the gradient of the
    expected count in the coefficients.
    """
    after = _after(fitted)
    return _sum(fitted, after, recommended, alpha)


def excess_by_month(fitted: Fit, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the table `its_excess`: one row a month from the date on, each alone and added up."""
    after = _after(fitted)
    rows = []
    for end in range(1, len(after) + 1):
        alone = _sum(fitted, after[end - 1 : end], True, alpha)
        together = _sum(fitted, after[:end], True, alpha)
        rows.append(
            {
                "month": fitted.series.months[after[end - 1]],
                "observed": alone["observed"], "expected": alone["expected"],
                "lower": alone["observed"] - alone["upper"], "upper": alone["observed"] - alone["lower"],
                "excess": alone["excess"], "cum_excess": together["excess"],
                "cum_lower": together["lower"], "cum_upper": together["upper"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def expected(fitted: Fit) -> Floats:
    """Return the expected count of every month had nothing changed at the date, shape (n,)."""
    untouched = _untouched(fitted)
    return np.asarray(np.exp(untouched @ fitted.params + np.log(fitted.series.days)), dtype=float)


def _after(fitted: Fit) -> Any:
    return np.flatnonzero(fitted.design[:, fitted.names.index("post")])


def _untouched(fitted: Fit) -> Floats:
    design = fitted.design.copy()
    for name in ("post", "t_post"):
        if name in fitted.names:
            design[:, fitted.names.index(name)] = 0
    return design


def _sum(fitted: Fit, months: Any, recommended: bool, alpha: float) -> dict[str, float]:
    mu = expected(fitted)[months]
    gradient = mu @ _untouched(fitted)[months]
    covariance = np.asarray(fitted.result.cov_params(), dtype=float)
    scale = 1.0
    if recommended:
        at = fitted.names.index("post")
        scale = float(fitted.se()[at] / fitted.se("quasi")[at]) ** 2
    expected_se = math.sqrt(scale * float(gradient @ covariance @ gradient))
    sd = math.sqrt(expected_se**2 + scale * fitted.phi * float(mu.sum()))
    q = float(stats.t.ppf(1 - alpha / 2, fitted.df) if recommended else stats.norm.ppf(1 - alpha / 2))
    observed, total = float(fitted.series.counts[months].sum()), float(mu.sum())
    excess = observed - total
    return {
        "observed": observed, "expected": total, "expected_se": expected_se, "excess": excess, "sd": sd,
        "lower": excess - q * sd, "upper": excess + q * sd, "percent": 100 * excess / total,
    }  # fmt: skip

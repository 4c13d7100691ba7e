"""What would have been counted had the rate gone on as before, and how many more (or fewer) there were."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from osw_stats.shelf.months.interrupted import Fit
from osw_stats.shelf.months.series import Floats


def expected(fitted: Fit) -> Floats:
    """Return the expected count of every month had nothing changed at the date, shape (n,)."""
    return np.asarray(np.exp(_unchanged(fitted) @ fitted.params + np.log(fitted.series.days)), dtype=float)


def excess(fitted: Fit, first: int, last: int, *, scale: float, quantile: float) -> dict[str, float]:
    """Return observed and expected counts of months `first` up to `last`, and their difference with its limits.

    `scale` multiplies the quasi-Poisson covariance, `quantile` the prediction error.

    Notes
    -----
    Delta method: the variance is g' V g + phi times the expected count, with g the gradient of the
    expected count in the coefficients.
    """
    mu = expected(fitted)[first:last]
    gradient = mu @ _unchanged(fitted)[first:last]
    covariance = np.asarray(fitted.result.cov_params(), dtype=float)
    variance = float(gradient @ covariance @ gradient) * scale
    sd = math.sqrt(variance + scale * fitted.phi * float(mu.sum()))
    observed, total = float(fitted.series.counts[first:last].sum()), float(mu.sum())
    low, high = observed - total - quantile * sd, observed - total + quantile * sd
    counts = {"observed": observed, "expected": total, "excess": observed - total}
    return counts | {"expected_se": math.sqrt(variance), "sd": sd, "lower": low, "upper": high}


def excess_by_month(fitted: Fit, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the table `its_excess`: one row a month from the date on, each alone and added up.

    The errors are scaled as the recommended standard error of the step is.
    """
    n = len(fitted.series.months)
    date = n - fitted.n_post
    scale = float(fitted.se()[fitted.post] / fitted.se("quasi")[fitted.post]) ** 2
    options = {"scale": scale, "quantile": fitted.quantile(alpha)}
    alone = pd.DataFrame([excess(fitted, at, at + 1, **options) for at in range(date, n)])
    total = pd.DataFrame([excess(fitted, date, at + 1, **options) for at in range(date, n)])
    return pd.DataFrame(
        {
            "month": fitted.series.months[date:],
            "observed": alone["observed"],
            "expected": alone["expected"],
            # the count that was to be expected lies as far from what was counted as the excess does from nought
            "lower": alone["observed"] - alone["upper"],
            "upper": alone["observed"] - alone["lower"],
            "excess": alone["excess"],
            "cum_excess": total["excess"],
            "cum_lower": total["lower"],
            "cum_upper": total["upper"],
        }
    )


def _unchanged(fitted: Fit) -> Floats:
    changed = [at for at, name in enumerate(fitted.names) if name in ("post", "t_post")]
    design = fitted.design.copy()
    design[:, changed] = 0
    return design

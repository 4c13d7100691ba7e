"""A break at a date nobody named beforehand: exploratory, and a break is registration until shown otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from statsmodels.regression.linear_model import OLS

from osw_stats.errors import NotEstimableError
from osw_stats.shelf.months.interrupted import LEAST_BEFORE, Model, design
from osw_stats.shelf.months.series import MonthlySeries

TRIM = 0.15  # the middle 70 percent of the months can be a break
SAMPLES = 999


@dataclass(frozen=True)
class SupF:
    """The largest F of a step over all candidate dates, and how often chance gives one as large."""

    date: str
    f: float
    p: float


def sup_f(series: MonthlySeries, generator: np.random.Generator, *, samples: int = SAMPLES) -> SupF:
    """Test for one step at an unknown date in the log rate of a monthly series.

    The p-value comes from `samples` series drawn from the fit without a step.

    Notes
    -----
    Andrews (1993), Econometrica 61, with a parametric bootstrap in place of the asymptotic table; F of one more
    step by the Frisch-Waugh theorem.
    """
    n = len(series.months)
    if n < 2 * LEAST_BEFORE:
        raise NotEstimableError(
            f"{series.name}: a break at an unknown date is not estimable because there are only {n} months; "
            f"{2 * LEAST_BEFORE} are needed."
        )
    if not series.counts.all():
        raise NotEstimableError(f"{series.name}: not estimable because a month is 0 and has no logarithm.")
    full, names = design(series, Model(series.months[0], slope=False), 0)
    base = np.delete(full, names.index("post"), axis=1)
    null = OLS(np.log(series.counts / series.days), base).fit()
    noise = math.sqrt(null.scale) * generator.standard_normal((n, samples))
    y = np.column_stack([null.model.endog, null.fittedvalues[:, None] + noise])
    candidates = np.arange(math.ceil(TRIM * n), math.floor((1 - TRIM) * n))
    q, _ = np.linalg.qr(base)
    rest = y - q @ (q.T @ y)
    rss = (rest**2).sum(axis=0)
    steps = (np.arange(n)[:, None] >= candidates).astype(float)
    steps -= q @ (q.T @ steps)
    explained = (steps.T @ rest) ** 2 / (steps**2).sum(axis=0)[:, None]
    f = explained / ((rss - explained) / (n - base.shape[1] - 1))
    largest = f.max(axis=0)
    p = float((1 + (largest[1:] >= largest[0]).sum()) / (1 + samples))
    return SupF(series.months[candidates[f[:, 0].argmax()]], float(largest[0]), p)

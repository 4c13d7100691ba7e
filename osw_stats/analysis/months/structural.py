"""Breaks at dates nobody named beforehand: exploratory, and a break is registration until shown otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import breaks_cusumolsresid

from osw_stats.analysis.months.interrupted import LEAST_BEFORE, Model, design
from osw_stats.analysis.months.monthly import Floats, MonthlySeries
from osw_stats.errors import NotEstimableError

TRIM = 0.15  # the middle 70 percent of the months can be a break
SAMPLES = 999
MOST = 2


@dataclass(frozen=True)
class SupF:
    """The largest F of a step over all candidate dates, and how often chance gives one as large.

    `p_cusum` is that of the CUSUM test of the residuals without a step.
    """

    date: str
    f: float
    p: float
    samples: int
    p_cusum: float


def sup_f(
    series: MonthlySeries, generator: np.random.Generator, *, harmonics: int = 2, samples: int = SAMPLES
) -> SupF:
    """Test for one step at an unknown date in the log rate of a monthly series.

    The p-value comes from `samples` series drawn from the fit without a step.

    Notes
    -----
    Andrews (1993), Econometrica 61, with a parametric bootstrap in place of the asymptotic table;
    CUSUM: Ploberger and Kraemer (1992), Econometrica 60.
    """
    y, base, candidates = _setting(series, harmonics)
    null = OLS(y, base).fit()
    sigma = math.sqrt(null.scale)
    drawn = null.fittedvalues[:, None] + sigma * generator.standard_normal((len(y), samples))
    found = _f_by_date(np.column_stack([y, drawn]), base, candidates)
    largest = found.max(axis=0)
    at = int(candidates[int(found[:, 0].argmax())])
    p = float((1 + (largest[1:] >= largest[0]).sum()) / (1 + samples))
    p_cusum = float(breaks_cusumolsresid(null.resid, ddof=base.shape[1])[1])
    return SupF(series.months[at], float(largest[0]), p, samples, p_cusum)


def breaks(series: MonthlySeries, *, harmonics: int = 2) -> pd.DataFrame:
    """Return zero, one and two breaks by BIC: columns breaks, dates, bic, chosen."""
    y, base, candidates = _setting(series, harmonics)
    n = len(y)
    rows = [{"breaks": 0, "dates": "", "bic": _bic(_rss(y, base), n, base.shape[1])}]
    steps = {int(c): (np.arange(n) >= c).astype(float) for c in candidates}
    single = {c: _rss(y, np.column_stack([base, step])) for c, step in steps.items()}
    first = min(single, key=single.__getitem__)
    rows.append(
        {
            "breaks": 1, "dates": series.months[first], "bic": _bic(single[first], n, base.shape[1] + 2),
        }
    )  # fmt: skip
    double = {
        c: _rss(y, np.column_stack([base, steps[first], step])) for c, step in steps.items() if abs(c - first) >= 6
    }  # fmt: skip
    if double:
        second = min(double, key=double.__getitem__)
        dates = " ".join(sorted([series.months[first], series.months[second]]))
        rows.append({"breaks": MOST, "dates": dates, "bic": _bic(double[second], n, base.shape[1] + 4)})
    frame = pd.DataFrame(rows)
    return frame.assign(chosen=frame["bic"] == frame["bic"].min())


def _setting(series: MonthlySeries, harmonics: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
    n = len(series.months)
    if n < 2 * LEAST_BEFORE:
        raise NotEstimableError(
            f"{series.name}: a break at an unknown date is not estimable because there are only {n} months; "
            f"{2 * LEAST_BEFORE} are needed."
        )
    if not series.counts.all():
        raise NotEstimableError(f"{series.name}: not estimable because a month is 0 and has no logarithm.")
    full, names = design(series, Model(series.months[0], slope=False, harmonics=harmonics), 0)
    base = np.delete(full, names.index("post"), axis=1)
    y = np.log(series.counts / series.days)
    return y, base, np.arange(math.ceil(TRIM * n), math.floor((1 - TRIM) * n))


def _f_by_date(y: Floats, base: Floats, candidates: NDArray[np.int64]) -> Floats:
    """Return F of one more step, for every date (row) and series (column), by the Frisch-Waugh theorem."""
    n, p = base.shape
    q, _ = np.linalg.qr(base)
    rest = y - q @ (q.T @ y)
    rss = (rest**2).sum(axis=0)
    out = np.empty((len(candidates), y.shape[1]))
    for row, at in enumerate(candidates):
        step = (np.arange(n) >= at).astype(float)
        step -= q @ (q.T @ step)
        explained = (step @ rest) ** 2 / (step @ step)
        out[row] = explained / ((rss - explained) / (n - p - 1))
    return out


def _rss(y: Floats, x: Floats) -> float:
    q, _ = np.linalg.qr(x)
    return float(((y - q @ (q.T @ y)) ** 2).sum())


def _bic(rss: float, n: int, parameters: int) -> float:
    """Return BIC; a break counts as two parameters, its date and its size."""
    return n * math.log(rss / n) + parameters * math.log(n)

"""Placebo dates: the "step" that the same model finds where nothing is known to have happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from osw_stats.analysis.months.interrupted import Model, fit, moved
from osw_stats.analysis.months.monthly import MonthlySeries
from osw_stats.errors import NotEstimableError
from osw_stats.vocabulary.lookup import only

LEAST_BEFORE = 36


@dataclass(frozen=True)
class Rank:
    """Where the true date stands among the placebo dates.

    Attributes
    ----------
    p
        (1 + placebos with a t as large) / (1 + placebos).
    sd
        Standard deviation of the placebo steps, log scale.
    dates
        Number of placebo dates.
    n_eff
        Stretches that do not overlap: the p-value rests on about so many.
    """

    p: float
    sd: float
    dates: int
    n_eff: float


def placebo_dates(
    series: MonthlySeries, model: Model, *, n_post: int | None = None, most: int | None = None,
    least_before: int = LEAST_BEFORE, se: str = "recommended",
) -> pd.DataFrame:  # fmt: skip
    """Return the table `its_placebo`: the step at every date before the true one, and at that.

    Parameters
    ----------
    series, model
        As for the fit; only months before `model.date` are used for placebo dates.
    n_post
        Months after each placebo date; that of the true date when None. 0 takes all months up to the true one.
    most
        At most so many placebo dates, the latest ones.
    least_before
        Months before a placebo date at least.
    se
        Which standard error, see `Fit.se`.

    Returns
    -------
    pandas.DataFrame
        Columns date, delta, se, t, n_post, is_true_date; the true date stands last. Dates whose stretch cannot be told
        apart from a pulse are left out.

    Raises
    ------
    NotEstimableError
        If no date has so many months before it.
    """
    true = series.position(model.date)
    length = len(series.months) - true if n_post is None else n_post
    # dates whose stretch ends before the true date
    last = true - length if length else true - 1
    dates = list(range(least_before, last + 1))[-(most or len(series.months)) :]
    if not dates:
        raise NotEstimableError(
            f"{series.name}: no placebo date is possible because {least_before} months before it and {length} after "
            f"it do not fit before {model.date}."
        )
    rows = []
    for at in dates:
        window = series.part(0, at + length if length else true)
        try:
            found = _row(window, moved(model, series.months[at]), se)
        except NotEstimableError:
            continue  # the stretch is that of a pulse: something is known to have happened there
        rows.append(found | {"is_true_date": False})
    rows.append(_row(series, model, se) | {"is_true_date": True})
    return pd.DataFrame(rows)


def _row(series: MonthlySeries, model: Model, se: str) -> dict[str, object]:
    fitted = fit(series, model)
    step = fitted.step(se)
    return {
        "date": model.date, "delta": step["estimate"], "se": step["se"], "t": step["t"], "n_post": fitted.n_post,
    }  # fmt: skip


def rank(dates: pd.DataFrame) -> Rank:
    """Return how the true date ranks among placebo dates.

    Notes
    -----
    Abadie, Diamond and Hainmueller (2010), J. Am. Stat. Assoc. 105, for placebos in time. Stretches of
    neighbouring dates overlap, so the p-value is indicative.
    """
    true, placebo = only(dates, "its_placebo", is_true_date=True), dates[~dates["is_true_date"]]
    larger = int((placebo["t"].abs() >= abs(true["t"])).sum())
    span = len(placebo) + int(placebo["n_post"].iloc[-1]) - 1
    return Rank(
        (1 + larger) / (1 + len(placebo)),
        float(np.std(placebo["delta"], ddof=1)) if len(placebo) > 1 else float("nan"),
        len(placebo),
        span / max(1, int(placebo["n_post"].iloc[-1])),
    )

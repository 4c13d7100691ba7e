"""Placebo dates: the "step" that the same model shows where nothing is known to have happened."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from osw_stats.errors import NotEstimableError
from osw_stats.meaning.lookup import only
from osw_stats.shelf.months.interrupted import Model, fit
from osw_stats.shelf.months.series import MonthlySeries

LEAST_BEFORE = 36  # months before a placebo date


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


def placebo_dates(series: MonthlySeries, model: Model) -> pd.DataFrame:
    """Return the table `its_placebo`: the step at every date before the true one, and at that, which stands last.

    Each has as many months after it as the true date, all of them before that.

    Returns
    -------
    pandas.DataFrame
        Columns date, delta, se, t, n_post, is_true_date. Dates whose stretch cannot be told apart from a pulse are
        left out.
    """
    true = series.position(model.date)
    length = len(series.months) - true
    dates = range(LEAST_BEFORE, true - length + 1)
    if not dates:
        raise NotEstimableError(
            f"{series.name}: no placebo date is possible because {LEAST_BEFORE} months before it and {length} after "
            f"it do not fit before {model.date}."
        )
    rows = []
    for at in [*dates, true]:
        try:
            fitted = fit(series.part(0, at + length), replace(model, date=series.months[at]))
        except NotEstimableError:
            if at == true:
                raise
            continue  # the stretch is that of a pulse: something is known to have happened there
        step = fitted.step()
        rows.append((series.months[at], step["estimate"], step["se"], step["t"], fitted.n_post, at == true))
    return pd.DataFrame(rows, columns=["date", "delta", "se", "t", "n_post", "is_true_date"])


def rank(dates: pd.DataFrame) -> Rank:
    """Return how the true date ranks among placebo dates.

    Notes
    -----
    Abadie, Diamond and Hainmueller (2010), J. Am. Stat. Assoc. 105, for placebos in time. Stretches of
    neighbouring dates overlap, so the p-value is indicative.
    """
    true, placebo = only(dates, "its_placebo", is_true_date=True), dates[~dates["is_true_date"]]
    larger, length = int((placebo["t"].abs() >= abs(true["t"])).sum()), int(true["n_post"])
    p = (1 + larger) / (1 + len(placebo))
    return Rank(p, float(placebo["delta"].std()), len(placebo), (len(placebo) + length - 1) / length)

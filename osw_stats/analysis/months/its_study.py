"""The whole analysis of a monthly series around a date, or the reason why it is not made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from osw_stats.analysis.months import its_variants, structural
from osw_stats.analysis.months.counterfactual import excess_by_month
from osw_stats.analysis.months.interrupted import LEAST_BEFORE, Fit, Model, diagnostics, fit, table
from osw_stats.analysis.months.monthly import MonthlySeries, series_of_cells
from osw_stats.analysis.months.placebo import Rank, placebo_dates, rank
from osw_stats.errors import InputError, NotEstimableError


@dataclass(frozen=True)
class Study:
    """What was found.

    `placebo`, `rank` and `break_` are None where the months are too few; `reasons` says why.
    """

    fit: Fit
    table: pd.DataFrame
    diagnostics: pd.DataFrame
    excess: pd.DataFrame
    sensitivity: pd.DataFrame
    placebo: pd.DataFrame | None
    rank: Rank | None
    break_: structural.SupF | None
    has_control: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """Why there is no result: no_monthly_series, or the message of what does not fit; `why` in words for readers."""

    code: str
    message: str
    reason: str = "other"

    @property
    def why(self) -> dict[str, str]:
        """Return the reason by language."""
        return WHY[self.reason]


WHY = {
    "outside": {
        "nl": "de maand waar het om gaat, valt erbuiten",
        "en": "the month in question lies outside it",
    },
    "few": {
        "nl": "er liggen te weinig maanden voor de maand waar het om gaat, om seizoen en trend uit elkaar te houden",
        "en": "too few months lie before the month in question to tell season and trend apart",
    },
    "other": {"nl": "zij is niet zoals de berekening vraagt", "en": "it is not as the computation needs it"},
}


def of_cells(
    cells: pd.DataFrame, offence: str, model: Model, generator: np.random.Generator, *,
    dates: tuple[str, ...] = (), alpha: float = 0.05,
) -> Study | Refused:  # fmt: skip
    """Return the study of an offence's monthly series in downloaded tables, or the reason why there is none.

    The control series is all registered offences less this one, where the same table holds them.
    """
    series = None
    try:
        series = series_of_cells(cells, offence)
        if series is None:
            return Refused("no_monthly_series", f"no table in data/raw holds {offence} by month")
        control = _rest(series, series_of_cells(cells, "0.0.0") or series_of_cells(cells, "Totaal"))
        return study(series, model, generator, dates=dates, control=control, alpha=alpha)
    except (NotEstimableError, InputError) as error:
        return Refused("not_estimable", str(error), _reason(series, model.date))


def _reason(series: MonthlySeries | None, month: str) -> str:
    if series is None:
        return "other"
    if month not in series.months:
        return "outside"
    return "few" if series.position(month) < LEAST_BEFORE else "other"


def study(
    series: MonthlySeries, model: Model, generator: np.random.Generator, *, dates: tuple[str, ...] = (),
    control: MonthlySeries | None = None, alpha: float = 0.05,
) -> Study:  # fmt: skip
    """Fit, vary, compare with placebo dates and look for breaks nobody named.

    Raises
    ------
    InputError, NotEstimableError
        As `interrupted.fit` does.
    """
    fitted = fit(series, model)
    reasons: list[str] = []
    try:
        placebos: pd.DataFrame | None = placebo_dates(series, model)
    except NotEstimableError as error:
        placebos = None
        reasons.append(str(error))
    try:
        found = structural.sup_f(series.part(0, series.position(model.date)), generator)
    except NotEstimableError as error:
        found = None
        reasons.append(str(error))
    return Study(
        fitted, table(fitted, alpha=alpha), diagnostics(fitted, alpha=alpha), excess_by_month(fitted, alpha=alpha),
        its_variants.sensitivity(series, model, dates=dates, control=control, alpha=alpha),
        placebos, None if placebos is None else rank(placebos), found, control is not None, tuple(reasons),
    )  # fmt: skip


def _rest(series: MonthlySeries, total: MonthlySeries | None) -> MonthlySeries | None:
    """Return all offences less those of the series, over the same months; None where they are not there."""
    if total is None or not set(series.months) <= set(total.months):
        return None
    first = total.months.index(series.months[0])
    same = total.part(first, first + len(series.months))
    return its_variants.subtract(same, series)

"""The whole analysis of a monthly series around a date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from osw_stats.analysis.months import its_variants, structural
from osw_stats.analysis.months.counterfactual import excess_by_month
from osw_stats.analysis.months.interrupted import Fit, Model, diagnostics, fit, table
from osw_stats.analysis.months.monthly import MonthlySeries, monthly_rows, series_of_cells
from osw_stats.analysis.months.placebo import Rank, placebo_dates, rank
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.numbers import Number


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


def months_held(cells: pd.DataFrame, offence: str) -> int:
    """Return of how many months a downloaded table holds an offence of the whole country.

    Raises
    ------
    NotAskedError
        If no table holds it by month: nobody downloaded one.
    """
    rows = monthly_rows(cells, offence)
    if rows.empty:
        raise NotAskedError(f"No table in data/raw holds {offence} by month.")
    return int(rows["time_period"].nunique())


def months_before(cells: pd.DataFrame, offence: str, month: str) -> int:
    """Return how many of these months lie before a month; see `months_held`."""
    months_held(cells, offence)
    return int((monthly_rows(cells, offence)["time_period"].drop_duplicates() < month).sum())


def of_cells(
    cells: pd.DataFrame, offence: str, model: Model, generator: np.random.Generator, *,
    dates: tuple[str, ...] = (), alpha: float = 0.05,
) -> Study:  # fmt: skip
    """Return the study of an offence's monthly series in downloaded tables.

    The control series is all registered offences less this one, where the same table holds them.

    Raises
    ------
    NotAskedError
        If no table holds the offence by month.
    NotEstimableError
        If the months do not allow an estimate; the message says because of what.
    """
    months_held(cells, offence)
    try:
        series = series_of_cells(cells, offence)
        assert series is not None  # noqa: S101 - as `months_held` saw
        control = _rest(series, series_of_cells(cells, "0.0.0") or series_of_cells(cells, "Totaal"))
        return study(series, model, generator, dates=dates, control=control, alpha=alpha)
    except InputError as error:
        raise NotEstimableError(str(error)) from None


def placebo(found: Study) -> pd.DataFrame:
    """Return the table `its_placebo`.

    Raises
    ------
    NotEstimableError
        If the months are too few for a date to compare with.
    """
    if found.placebo is None:
        raise NotEstimableError(" ".join(found.reasons))
    return found.placebo


def step(found: Study, *, alpha: float = 0.05) -> Number:
    """Return the step at the date in percent, with its recommended interval and its verdict."""
    effect = found.fit.step(alpha=alpha)
    value, low, high = (100 * (effect[k] - 1) for k in ("rr", "rr_lower", "rr_upper"))
    return _number(
        found,
        value,
        low,
        high,
        "percent",
        "step_within_ordinary_variation" if low <= 0 <= high else "step_more_than_ordinary_variation",
    )


def excess(found: Study) -> Number:
    """Return how many more (or, below nought, fewer) than expected were counted from the date on, in all."""
    last = only(found.excess, "its_excess", month=found.excess["month"].max())
    return _number(found, last["cum_excess"], last["cum_lower"], last["cum_upper"], "registered_offences")


def _number(found: Study, value: float, low: float, high: float, unit: str, verdict: str = "") -> Number:
    return Number(
        value, unit, low, high, "overdispersed", (found.fit.series.name,),
        "interrupted time series, quasi-Poisson with season and trend", "B",
        period=found.fit.model.date, verdict=verdict,
    )  # fmt: skip


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

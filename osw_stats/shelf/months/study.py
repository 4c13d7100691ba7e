"""The whole analysis of a monthly series around a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.numbers import Number
from osw_stats.shelf.months.excess import excess_by_month
from osw_stats.shelf.months.interrupted import Fit, Model, diagnostics, fit, table
from osw_stats.shelf.months.placebo import Rank, placebo_dates, rank
from osw_stats.shelf.months.series import MonthlySeries, series_of_rows
from osw_stats.shelf.months.variants import sensitivity
from osw_stats.stats.downloaded import monthly


@dataclass
class Study:
    """A monthly series around a date.

    `placebo` and `rank` are None where the months are too few; `reason` says why.
    """

    fit: Fit
    table: pd.DataFrame
    diagnostics: pd.DataFrame
    excess: pd.DataFrame
    sensitivity: pd.DataFrame
    placebo: pd.DataFrame | None = None
    rank: Rank | None = None
    reason: str = ""


def months_before(rows: pd.DataFrame, month: str) -> int:
    """Return how many of the months of `stats.downloaded.monthly` lie before a month."""
    return int((rows["time_period"].drop_duplicates() < month).sum())


def of_cells(
    cells: pd.DataFrame,
    offence: str,
    model: Model,
    *,
    dates: Iterable[str] = (),
    alpha: float = 0.05,
) -> Study:
    """Return the study of an offence's monthly series in downloaded tables.

    The control series is all registered offences less this one, where a table holds them over the same months.

    Raises
    ------
    NotAskedError
        If no table holds the offence by month.
    NotEstimableError
        If the months do not allow an estimate; the message says because of what.
    """
    rows = monthly(cells, offence)
    try:
        series = series_of_rows(rows, offence)
        control = _rest(cells, series)
        return study(series, model, dates=dates, control=control, alpha=alpha)
    except InputError as error:
        raise NotEstimableError(str(error)) from None


def _rest(cells: pd.DataFrame, series: MonthlySeries) -> MonthlySeries | None:
    """Return all offences less those of the series, over the same months; None where they are not there."""
    for everything in ("0.0.0", "Totaal"):
        try:
            total = series_of_rows(monthly(cells, everything), everything)
        except NotAskedError:
            continue
        if not set(series.months) <= set(total.months):
            return None
        first = total.position(series.months[0])
        same = total.part(first, first + len(series.months))
        if (same.counts < series.counts).any():
            remedy = "A part cannot exceed the whole: correct the table."
            raise InputError(f"{series.name} counts more than {total.name}", remedy, column="count")
        return replace(same, counts=same.counts - series.counts)
    return None


def study(
    series: MonthlySeries,
    model: Model,
    *,
    dates: Iterable[str] = (),
    control: MonthlySeries | None = None,
    alpha: float = 0.05,
) -> Study:
    """Fit, vary and compare with placebo dates."""
    fitted = fit(series, model)
    variants = sensitivity(series, model, dates=dates, control=control, alpha=alpha)
    tables = (
        table(fitted, alpha=alpha),
        diagnostics(fitted, alpha=alpha),
        excess_by_month(fitted, alpha=alpha),
    )
    result = Study(fitted, *tables, variants)
    try:
        result.placebo = placebo_dates(series, model)
        result.rank = rank(result.placebo)
    except NotEstimableError as error:
        result.reason = str(error)
    return result


def placebo(result: Study) -> pd.DataFrame:
    """Return the table `its_placebo`."""
    if result.placebo is None:
        raise NotEstimableError(result.reason)
    return result.placebo


def step(result: Study, *, alpha: float = 0.05) -> Number:
    """Return the step at the date in percent, with its recommended interval and its verdict."""
    effect = result.fit.step(alpha=alpha)
    value, low, high = (100 * (effect[k] - 1) for k in ("rr", "rr_lower", "rr_upper"))
    within = low <= 0 <= high
    verdict = "step_within_ordinary_variation" if within else "step_more_than_ordinary_variation"
    return _number(result, (value, low, high), "percent", verdict)


def excess(result: Study) -> Number:
    """Return how many more (or, below nought, fewer) than expected were counted from the date on, in all."""
    last = only(result.excess, "its_excess", month=result.excess["month"].max())
    return _number(result, (last["cum_excess"], last["cum_lower"], last["cum_upper"]), "registered_offences")


def _number(result: Study, ends: tuple[float, float, float], unit: str, verdict: str = "") -> Number:
    how, trace = "interrupted time series, quasi-Poisson with season and trend", (result.fit.series.name,)
    date = result.fit.model.date
    return Number(ends[0], unit, *ends[1:], "overdispersed", trace, how, "B", period=date, verdict=verdict)

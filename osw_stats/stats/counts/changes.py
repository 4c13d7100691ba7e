"""Yearly counts and their changes, as numbers for a page."""

import math
from datetime import date
from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import one
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.meaning.observations import published
from osw_stats.meaning.series import series
from osw_stats.stats.counts.yearly import SUBJECTS, TOTAL, Counted, growth_series, points


def count(observations: pd.DataFrame, series_id: str, year: int, breakdown: str = "") -> Number:
    """Return the count of a year with the range its wording implies; `basis` states whether it was published or implied."""
    p = next((p for p in points(observations, Counted(series_id, breakdown)) if p.year == year), None)
    if p is None:
        whole = {"series_id": series_id, **TOTAL, "breakdown": breakdown, "time_period": str(year)}
        raise NotPublishedError(f"no count of {series_id} in {year}", series_id, wanted=[whole])
    fields = ("none" if p.exact else "rounding", p.observations, "as published", "A", str(year))
    basis = "published" if p.exact else "rounded"
    if p.basis == "implied":
        fields = ("rounding", p.observations, "next year's total and its printed growth", "B", str(year))
        basis = "implied"
    return Number(p.value, series(series_id).unit, p.lower, p.upper, *fields, basis=basis)


def newest(observations: pd.DataFrame, series_id: str, year: int, breakdown: str = "") -> Number:
    """Return the count of the last year up to `year` that has one, in `period`."""
    years = (p.year for p in points(observations, Counted(series_id, breakdown)) if p.year <= year)
    return count(observations, series_id, max(years, default=year), breakdown)


def printed(observations: pd.DataFrame, series_id: str, year: int) -> Number:
    """Return the published count of a year; NotPublishedError if it only follows from a growth rate."""
    number = count(observations, series_id, year)
    if number.basis == "implied":
        raise NotPublishedError(f"no count of {series_id} in {year}", series_id, str(year))
    return number


def change(pair: "pd.Series[Any]") -> Number:
    """Return the percent change of a comparison, with limits and verdict."""
    if not math.isfinite(pair["change"] + pair["lower"] + pair["upper"]):
        raise NotEstimableError(f"{pair['series']}: no change in percent on a count of nought.")
    fields = {"period": pair["period1"], "before": pair["period0"], "basis": pair["basis"]}
    return Number.from_row(dict(pair), "change", **fields, verdict=pair.get("verdict", ""))


def as_printed(observations: pd.DataFrame, series_id: str, period: str, *, grade: str = "B") -> Number:
    """Return a rate as printed by its publisher, of grade B or worse, as the count it is relative to is not printed."""
    row = one(published(observations), series_id, time_period=period)  # excludes derived rates
    before = str(int(period) - 1) if period.isdigit() else ""
    limits = (row["obs_value"], "percent", row["lower"], row["upper"], "rounding")
    return Number(*limits, (row["obs_id"],), "as published", grade, period, before, "published")


def growth(observations: pd.DataFrame, pair: "pd.Series[Any]") -> Number:
    """Return the change of a comparison without a margin for variation: as printed by its publisher, or computed."""
    # the printed rate is used where the earlier total is known only from it; otherwise the rate is computed
    # from both totals
    name, part, years = pair["series"], pair["breakdown"], (pair["period1"], pair["period0"])
    later, before = (count(observations, name, int(year), part) for year in years)
    if before.basis == "implied":
        return as_printed(observations, growth_series()[name], years[0])
    if not before.value or not before.lower:
        raise NotEstimableError(f"{name}: no growth in percent on a count of nought.")
    low, high = later.lower / before.upper, later.upper / before.lower  # type: ignore[operator]
    value, lower, upper = (100 * (ratio - 1) for ratio in (later.value / before.value, low, high))
    kind, used = "none" if low == high else "rounding", later.observations + before.observations
    fields = (kind, used, "ratio of the two yearly totals", "A", *years, "derived")
    return Number(value, "percent", lower, upper, *fields)


def of_pair(pair: "pd.Series[Any]", column: str) -> Number:
    """Return one number of a comparison in percent, such as its break-even spread, without an interval."""
    if not math.isfinite(pair[column]):
        raise NotEstimableError(f"{pair['series']}: {column} is not estimable of these counts.")
    return Number.from_row(dict(pair) | {"interval_kind": "none"}, column, "none", "none")


def exact_totals(observations: pd.DataFrame, series_id: str) -> int:
    """Return the number of years with an exact published total."""
    return sum(p.exact and p.basis == "published" for p in points(observations, Counted(series_id)))


def last_break(series_id: str, year: int) -> Fact:
    """Return the text of the last break of a series up to and including a year."""
    breaks = [b for b in series(series_id).breaks if b.period.start.year <= year]
    if not breaks:
        raise NotAskedError(f"{series_id} counts the same until {year}.")
    return Fact(breaks[-1].text)


def break_between(series_id: str, year: int, *others: str) -> Fact:
    """Return the text of the breaks that make a year and the previous one differ: within either, not at the start of the first."""
    # an undated break may be on any day of its year
    breaks = [b for name in (series_id, *others) for b in series(name).breaks]
    last_days = [(b, b.period.start if b.dated else b.period.end) for b in breaks]
    texts = [b.text for b, last in last_days if last > date(year - 1, 1, 1) and b.period.start.year <= year]
    if not texts:
        raise NotAskedError(f"{series_id} counts the same in {year - 1} and {year}.")
    unique = {language: dict.fromkeys(text[language] for text in texts) for language in ("nl", "en")}
    return Fact({language: " ".join(sentences) for language, sentences in unique.items()})


def law_date() -> date | None:
    """Return the date of the law that changed police reporting; None where their series has no such break."""
    name, at = SUBJECTS["law"]
    return next((b.period.start for b in series(name).breaks if b.at == at), None)

"""Yearly counts and how they changed, as numbers a page can say; a verdict comes from one family of comparisons."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import one
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.meaning.observations import published
from osw_stats.meaning.series import Break, series
from osw_stats.stats.counts.yearly import SUBJECTS, TOTAL, Counted, growth_series, points


def judged(pairs: pd.DataFrame, comparisons: Collection[Counted], year: int, *, alpha: float) -> pd.DataFrame:
    """Return the table of pairs with the verdicts of the comparisons that a page judges, in `p_holm` and `verdict`.

    `comparisons`, named beforehand, are one family for the later year `year` at level `alpha` (Holm 1979, Scand. J. Stat. 6);
    the others are exploratory: no verdict. It is "within_ordinary_variation" where the limits hold no change,
    "more_than_ordinary_variation" where they do not and the corrected p-value agrees, else "not_after_correction".
    """
    wanted = {(c.series_id, c.breakdown) for c in comparisons}
    named = [key in wanted for key in zip(pairs["series"], pairs["breakdown"], strict=True)]
    rows = pairs[np.array(named, dtype=bool) & pairs["period1"].eq(str(year)) & pairs["p_raw"].notna()]
    p = multipletests(rows["p_raw"], method="holm")[1] if len(rows) else np.array([])
    within = (rows["lower"] <= 0) & (rows["upper"] >= 0)
    beyond = np.where(p < alpha, "more_than_ordinary_variation", "not_after_correction")
    verdicts = pd.Series(np.where(within, "within_ordinary_variation", beyond), rows.index, dtype=object)
    corrected = pairs.assign(p_holm=pd.Series(p, rows.index, dtype=float))
    return corrected.assign(verdict=verdicts.reindex(pairs.index).fillna(""))


def count(observations: pd.DataFrame, series_id: str, year: int, breakdown: str = "") -> Number:
    """Return the count of a year with what its wording leaves open; `basis` says whether it was published.

    NotPublishedError if it was not published and follows from no growth rate either.
    """
    p = next((p for p in points(observations, Counted(series_id, breakdown)) if p.year == year), None)
    if p is None:
        whole = {"series_id": series_id, **TOTAL, "breakdown": breakdown, "time_period": str(year)}
        raise NotPublishedError(f"no count of {series_id} in {year}", series_id, wanted=[whole])
    method, grade, basis = "as published", "A", "published" if p.exact else "rounded"
    if p.basis == "implied":
        method, grade, basis = "next year's total and its printed growth", "B", "implied"
    kind, unit, when = "none" if p.exact else "rounding", series(series_id).unit, str(year)
    about = (p.observations, method, grade, when)
    return Number(p.value, unit, p.lower, p.upper, kind, *about, basis=basis)


def printed(observations: pd.DataFrame, series_id: str, year: int) -> Number:
    """Return the count of a year that was published itself; NotPublishedError if it only follows from a growth rate."""
    number = count(observations, series_id, year)
    if number.basis == "implied":
        raise NotPublishedError(f"no count of {series_id} in {year}", series_id, str(year))
    return number


def change(pair: pd.Series[Any]) -> Number:
    """Return the change of a comparison, in percent, with its overdispersed limits and its verdict."""
    if not math.isfinite(pair["change"] + pair["lower"] + pair["upper"]):
        raise NotEstimableError(f"{pair['series']}: no change in percent on a count of nought.")
    years = {"period": str(pair["period1"]), "before": str(pair["period0"])}
    verdict = str(pair.get("verdict", ""))
    return Number.from_row(dict(pair), "change", **years, basis=str(pair["basis"]), verdict=verdict)


def as_printed(observations: pd.DataFrame, series_id: str, period: str, *, grade: str = "B") -> Number:
    """Return a rate as its publisher printed it, with what its wording leaves open.

    Of grade B, because what it was held against is not printed with it; `grade` for what is known less well.
    """
    row = one(published(observations), series_id, time_period=period)  # one that we derived was not printed
    row |= {"unit": "percent", "interval_kind": "rounding", "observations": row["obs_id"]}
    row |= {"method": "as published", "grade": grade}
    before = str(int(period) - 1) if period.isdigit() else ""
    return Number.from_row(row, "obs_value", period=period, before=before, basis="published")


def growth(observations: pd.DataFrame, pair: pd.Series[Any]) -> Number:
    """Return the change of a comparison without a margin for variation: as its publisher printed it, or computed.

    The printed rate is taken where the earlier total is known by it alone; where both totals are there, they give it.
    """
    period, earlier = str(pair["period1"]), str(pair["period0"])
    later, before = (
        count(observations, pair["series"], int(year), pair["breakdown"]) for year in (period, earlier)
    )
    if before.basis == "implied":
        return as_printed(observations, growth_series()[pair["series"]], period)
    if not before.value or not before.lower:
        raise NotEstimableError(f"{pair['series']}: no growth in percent on a count of nought.")
    low, high = later.lower / before.upper, later.upper / before.lower  # type: ignore[operator]
    value, lower, upper = (100 * (ratio - 1) for ratio in (later.value / before.value, low, high))
    kind, used = "none" if low == high else "rounding", later.observations + before.observations
    about = (kind, used, "ratio of the two yearly totals", "A", period, earlier, "derived")
    return Number(value, "percent", lower, upper, *about)


def of_pair(pair: pd.Series[Any], column: str, unit: str = "times") -> Number:
    """Return one number of a comparison, such as its break-even dispersion, without an interval."""
    if not math.isfinite(pair[column]):
        raise NotEstimableError(f"{pair['series']}: {column} is not estimable of these counts.")
    ids = tuple(str(pair["observations"]).split())
    return Number(float(pair[column]), unit, None, None, "none", ids, str(pair["method"]), str(pair["grade"]))


def borrowed_dispersion(pair: pd.Series[Any]) -> Number:
    """Return the dispersion of another series that a comparison rests on; NotAskedError if it tells its own."""
    if pair["phi_from"] == pair["series"]:
        raise NotAskedError(f"{pair['series']} tells its own dispersion.")
    return of_pair(pair, "phi_used")


def exact_totals(observations: pd.DataFrame, series_id: str) -> int:
    """Return of how many years the total was printed to its last digit."""
    return sum(p.exact and p.basis == "published" for p in points(observations, Counted(series_id)))


def last_break(series_id: str, year: int) -> Fact:
    """Return in words how a series last began to count otherwise, up to and including a year."""
    breaks = [b for b in series(series_id).breaks if b.period.start.year <= year]
    if not breaks:
        raise NotAskedError(f"{series_id} counts the same until {year}.")
    return Fact(breaks[-1].text)


def break_between(series_id: str, year: int) -> Fact:
    """Return in words what makes a year and the year before unlike: a break in either, but not at its very start."""

    def inside(cut: Break) -> bool:
        # of a break known by its year alone the day may be any
        last = cut.period.start if cut.dated else cut.period.end
        return last > date(year - 1, 1, 1) and cut.period.start.year <= year

    texts = [b.text for b in series(series_id).breaks if inside(b)]
    if not texts:
        raise NotAskedError(f"{series_id} counts the same in {year - 1} and {year}.")
    return Fact({language: " ".join(text[language] for text in texts) for language in ("nl", "en")})


def law_date() -> date | None:
    """Return the day on which the definition of police reports last changed; None where it never did."""
    breaks = series(SUBJECTS["law"]).breaks
    return breaks[-1].period.start if breaks else None

"""Half years of police reports whose count was published exactly, and those on either side of the law."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.meaning.periods import parse_period
from osw_stats.stats.counts.yearly import SUBJECTS

SERIES: str = SUBJECTS["half_years"]["count"]


def exact(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the half years whose count is known to its last digit, in order of time.

    `change` is in percent on the half year before, where that is there; it holds the season as well.
    """
    own = observations["series_id"].eq(SERIES) & observations["obs_value"].notna()
    known = observations[own & observations["lower"].eq(observations["upper"])].sort_values("time_period")
    rows: list[tuple[Any, ...]] = []
    for figure in records(known):
        period, count, change = figure["time_period"], float(figure["obs_value"]), float("nan")
        if rows and _follows(rows[-1][0], period) and rows[-1][1]:
            change = 100 * (count / rows[-1][1] - 1)
        basis, method, grade = "published", "as published", "A"
        if figure["obs_status"] == "derived":
            basis, method, grade = "implied", "derived from printed counts", "B"
        about = (figure["definition_id"], "police_reports", "none", figure["obs_id"])
        rows.append((period, count, change, basis, *about, method, grade))
    return pd.DataFrame(rows, columns=SUBJECTS["columns"]["trend_half_year_counts"])


def _follows(before: str, after: str) -> bool:
    return parse_period(before).end + timedelta(days=1) == parse_period(after).start


def up_to(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_half_year_counts`: the exact half years up to the end of a year."""
    table = exact(observations)
    table = table[table["period"].astype(str) <= f"{year}-H2"]
    if table.empty:
        raise NotAskedError(f"No half year up to {year} was published exactly.")
    return table.reset_index(drop=True)


def number(table: pd.DataFrame, period: str) -> Number:
    """Return the count of a half year; NotAskedError if it is not in the table."""
    if period not in set(table["period"]):
        raise NotAskedError(f"{period} was not published exactly.")
    row = only(table, "trend_half_year_counts", period=period)
    return Number.from_row(row, "count", "count", "count", period=period, basis=row["basis"])


def half(observations: pd.DataFrame, period: str) -> Number:
    """Return the exact count of a half year; NotPublishedError if it is not known to its last digit."""
    try:
        return number(exact(observations), period)
    except NotAskedError:
        raise NotPublishedError(f"no exact count of {SERIES} in {period}", SERIES, period) from None


def around(table: pd.DataFrame, day: date | None) -> tuple[Number, Number]:
    """Return the half year that ends when a law comes and the one that begins with it; NotAskedError if one is not there."""
    for before, after in pairwise(table["period"]):
        if parse_period(after).start == day and _follows(before, after):
            return number(table, before), number(table, after)
    raise NotAskedError("The half years on either side of the law were not published exactly.")


def latest(table: pd.DataFrame, after: Number) -> Number:
    """Return the last half year of the table; NotAskedError if none is later than `after`."""
    last = str(table["period"].max())
    if last <= after.period:
        raise NotAskedError(f"No half year after {after.period} was published exactly.")
    return number(table, last)


def year_before(table: pd.DataFrame, later: Number) -> Number:
    """Return the same half of the year before, which has the same season; NotAskedError if it is not there."""
    return number(table, f"{int(later.period[:4]) - 1}{later.period[4:]}")


def step(before: Number, after: Number) -> Number:
    """Return the change from one half year to another, in percent; it has no margin, as too few are known."""
    if not before.value:
        raise NotEstimableError(f"{before.period}: no change in percent on a count of nought.")
    used, grade = after.observations + before.observations, max(before.grade, after.grade)
    about = ("none", used, "ratio of two half years", grade, after.period, before.period, "derived")
    return Number(100 * (after.value / before.value - 1), "percent", None, None, *about)


def published(observations: pd.DataFrame) -> int:
    """Return of how many half years a count was published, exact or rounded."""
    rows = observations[observations["series_id"].eq(SERIES) & observations["obs_value"].notna()]
    return int(rows["time_period"].nunique())

"""Half years of police reports whose count was published exactly, and those on either side of the law."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.periods import parse_period

SERIES = "police_reports_half_year"
COLUMNS = [
    "period", "count", "change", "basis", "definition_id", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def exact(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the half years whose count is known to its last digit, in order of time.

    `change` is in percent on the half year before, where that is there; it holds the season as well.
    """
    known = observations[
        observations["series_id"].eq(SERIES)
        & observations["lower"].eq(observations["upper"])
        & observations["obs_value"].notna()
    ].sort_values("time_period")
    rows = [_row(r) for r in records(known)]
    for before, after in pairwise(rows):
        if before["end"].toordinal() + 1 == after["start"].toordinal() and before["count"]:
            after["change"] = 100 * (after["count"] / before["count"] - 1)
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(figure: dict[str, Any]) -> dict[str, Any]:
    period = parse_period(figure["time_period"])
    derived = figure["obs_status"] == "derived"
    return {
        "period": figure["time_period"], "count": float(figure["obs_value"]), "change": float("nan"),
        "basis": "implied" if derived else "published",
        "definition_id": figure["definition_id"], "unit": "police_reports", "interval_kind": "none",
        "observations": figure["obs_id"], "method": "derived from printed counts" if derived else "as published",
        "grade": "B" if derived else "A", "start": period.start, "end": period.end,
    }  # fmt: skip


def up_to(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_half_year_counts`: the exact half years up to the end of a year.

    Raises
    ------
    NotAskedError
        If there is none.
    """
    found = exact(observations)
    found = found[found["period"].str[:4].astype(int) <= year] if len(found) else found
    if found.empty:
        raise NotAskedError(f"No half year up to {year} was published exactly.")
    return found.reset_index(drop=True)


def around(table: pd.DataFrame, day: date | None) -> tuple[Number, Number]:
    """Return the half year that ends when a law comes and the one that begins with it.

    Raises
    ------
    NotAskedError
        If one of the two is not there, or the law came in the middle of a half year.
    """
    for before, after in pairwise(records(table)):
        if parse_period(after["period"]).start == day and _follow(before["period"], after["period"]):
            return number(table, before["period"]), number(table, after["period"])
    raise NotAskedError("The half years on either side of the law were not published exactly.")


def _follow(before: str, after: str) -> bool:
    return parse_period(before).end.toordinal() + 1 == parse_period(after).start.toordinal()


def number(table: pd.DataFrame, period: str) -> Number:
    """Return the count of a half year."""
    row = only(table, "trend_half_year_counts", period=period)
    exactly = row | {"lower": row["count"], "upper": row["count"]}
    return Number.from_row(exactly, "count", period=period, basis=str(row["basis"]))


def half(observations: pd.DataFrame, period: str) -> Number:
    """Return the exact count of a half year.

    Raises
    ------
    NotPublishedError
        If it is not known to its last digit.
    """
    found = exact(observations)
    if period not in set(found["period"]):
        raise NotPublishedError(f"no exact count of {SERIES} in {period}", SERIES, period)
    return number(found, period)


def latest(table: pd.DataFrame, after: Number) -> Number:
    """Return the last half year of the table.

    Raises
    ------
    NotAskedError
        If none is later than `after`.
    """
    last = str(table["period"].max())
    if last <= after.period:
        raise NotAskedError(f"No half year after {after.period} was published exactly.")
    return number(table, last)


def year_before(table: pd.DataFrame, later: Number) -> Number:
    """Return the same half of the year before: it has the same season.

    Raises
    ------
    NotAskedError
        If its count is not there.
    """
    year, half = later.period.split("-")
    period = f"{int(year) - 1}-{half}"
    if period not in set(table["period"]):
        raise NotAskedError(f"{period} was not published exactly.")
    return number(table, period)


def step(before: Number, after: Number) -> Number:
    """Return the change from one half year to another, in percent; it has no margin, as too few are known."""
    if not before.value:
        raise NotEstimableError(f"{before.period}: no change in percent on a count of nought.")
    return Number(
        100 * (after.value / before.value - 1), "percent", None, None, "none",
        after.observations + before.observations, "ratio of two half years", max(before.grade, after.grade),
        period=after.period, before=before.period, basis="derived",
    )  # fmt: skip


def published(observations: pd.DataFrame) -> int:
    """Return of how many half years a count was published, exact or rounded."""
    rows = observations[observations["series_id"].eq(SERIES) & observations["obs_value"].notna()]
    return int(rows["time_period"].nunique())

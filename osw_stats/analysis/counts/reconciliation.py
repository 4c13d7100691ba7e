"""Publishers who count one thing differently: their figures side by side, with the reason where it is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError, NotPublishedError
from osw_stats.vocabulary.definitions import Bridge
from osw_stats.vocabulary.lookup import every, only
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import wording_kind
from osw_stats.vocabulary.series import series

# what the counts of sexual offences have in common, from wide to narrow, and why each is below the one before:
# the police explained the first step; the second nobody explained in what was read
STEPS = (
    ("police_reports_complaints", ""),
    ("cbs_registered_sexual", "no_offence_or_no_criminal_law"),
    ("police_registered_141", "not_explained"),
)
COLUMNS = [
    "year", "series", "count", "lower", "upper", "unit", "below", "below_lower", "below_upper", "below_pct",
    "reason", "interval_kind", "observations", "method", "grade",
]  # fmt: skip
BRIDGE = Bridge(
    nl="De drie tellingen meten niet hetzelfde. Ze staan naast elkaar om te laten zien hoeveel ze verschillen, niet "
    "om ze te verbinden.",
    en="The three counts do not measure the same. They stand side by side to show how much they differ, not to "
    "join them.",
)


def last_year(observations: pd.DataFrame) -> int:
    """Return the last year of which all three were published; where there is none, the last one of the widest.

    Raises
    ------
    NotPublishedError
        If no year has the widest count.
    """
    known = observations[observations["obs_value"].notna() & observations["time_period"].str.len().eq(4)]
    years = [set(known.loc[known["series_id"].eq(series_id), "time_period"]) for series_id, _ in STEPS]
    widest = STEPS[0][0]
    if not years[0]:
        raise NotPublishedError(f"no year has a count of {widest}", widest)
    return int(max(set.intersection(*years) or years[0]))


def reconcile(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_reconciliation`: three published counts of one year.

    `below` is how many fewer than the row before, with the range of rounding; `below_pct` is that over the mean of
    the two, since nobody knows which count is right, if any.

    Raises
    ------
    NotPublishedError
        If one of the three was not published for the year, or more; it names those that were not.
    """
    found = every(observations, [{"series_id": s, "time_period": str(year)} for s, _ in STEPS])
    rows: list[dict[str, Any]] = []
    before: dict[str, Any] | None = None
    for (series_id, reason), figure in zip(STEPS, found, strict=True):
        row = {
            "year": year, "series": series_id, "count": figure["obs_value"], "lower": figure["lower"],
            "upper": figure["upper"], "unit": series(series_id).unit, "reason": reason,
            "interval_kind": wording_kind(figure), "observations": figure["obs_id"], "method": "as published",
            "grade": "A",
        }  # fmt: skip
        if before is not None:
            gap = before["obs_value"] - figure["obs_value"]
            row |= {
                "below": gap, "below_lower": before["lower"] - figure["upper"],
                "below_upper": before["upper"] - figure["lower"],
                "below_pct": 200 * gap / both if (both := before["obs_value"] + figure["obs_value"]) else 0.0,
            }  # fmt: skip
        rows.append(row)
        before = figure
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.attrs["bridge"] = BRIDGE
    return frame


def count(table: pd.DataFrame, series_id: str) -> Number:
    """Return one of the three counts."""
    row = only(table, "trend_reconciliation", series=series_id)
    return Number.from_row(row, "count", "lower", "upper", period=str(row["year"]), basis="published")


def fewer(table: pd.DataFrame, series_id: str) -> Number:
    """Return how much lower a count is than the one before it, in percent of the mean of the two.

    Raises
    ------
    NotAskedError
        If it is not lower: then there is nothing to explain.
    """
    row = only(table, "trend_reconciliation", series=series_id)
    if not row["below"] > 0:
        raise NotAskedError(f"{series_id} is not below the count before it.")
    return Number.from_row(row | {"unit": "percent", "interval_kind": "none"}, "below_pct", "none", "none")

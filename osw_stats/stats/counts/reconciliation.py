"""Reconciliation of counts of the same subject by different publishers, with the reasons for differences."""

import pandas as pd

from osw_stats.errors import NotAskedError, NotPublishedError
from osw_stats.meaning.definitions import Bridge
from osw_stats.meaning.lookup import every, only
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.series import series
from osw_stats.stats.counts.yearly import SUBJECTS

# from broad to narrow, with the reason why each is below the previous one
STEPS = dict(SUBJECTS["reconciliation"])


def last_year(observations: pd.DataFrame) -> int:
    """Return the last year in which all three were published; if there is none, the last of the broadest."""
    known = observations[observations["obs_value"].notna() & observations["time_period"].str.len().eq(4)]
    widest, *others = (set(known.loc[known["series_id"].eq(name), "time_period"]) for name in STEPS)
    if not widest:
        name = next(iter(STEPS))
        raise NotPublishedError(f"no year has a count of {name}", name)
    return int(max(widest.intersection(*others) or widest))


def reconcile(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_reconciliation`: three published counts of one year, all required."""
    # `below` is the difference from the previous row, with its range under rounding; `below_pct` is relative to
    # the mean of the two, since it is unknown which count is right, if any
    figures = every(observations, [{"series_id": name, "time_period": str(year)} for name in STEPS])
    frame = pd.DataFrame(figures)[["series_id", "obs_value", "lower", "upper", "obs_id"]]
    frame.columns = pd.Index(["series", "count", "lower", "upper", "observations"])
    wider = frame.shift()
    frame["below"] = wider["count"] - frame["count"]
    frame["below_lower"] = wider["lower"] - frame["upper"]
    frame["below_upper"] = wider["upper"] - frame["lower"]
    total = wider["count"] + frame["count"]
    frame["below_pct"] = (200 * frame["below"] / total).where(total.ne(0), 0.0)
    frame["unit"] = [series(name).unit for name in STEPS]
    frame["interval_kind"] = (frame["lower"] < frame["upper"]).map({True: "rounding", False: "none"})
    frame = frame.assign(year=year, reason=list(STEPS.values()), method="as published", grade="A")
    table: pd.DataFrame = frame[SUBJECTS["columns"]["trend_reconciliation"]]
    table.attrs["bridge"] = Bridge(**SUBJECTS["bridge"])
    return table


def count(table: pd.DataFrame, series_id: str) -> Number:
    """Return one of the three counts."""
    row = only(table, "trend_reconciliation", series=series_id)
    return Number.from_row(row, "count", "lower", "upper", period=str(row["year"]), basis="published")


def fewer(table: pd.DataFrame, series_id: str) -> Number:
    """Return how far a count is below the previous one, in percent of the mean of the two; NotAskedError if it is not."""
    row = only(table, "trend_reconciliation", series=series_id)
    if not row["below"] > 0:
        raise NotAskedError(f"{series_id} is not below the count before it.")
    return Number.from_row(row | {"unit": "percent", "interval_kind": "none"}, "below_pct", "none", "none")

"""What is not there: figures nobody counted, nobody published, or nobody found."""

from __future__ import annotations

import pandas as pd

from osw_stats.vocabulary.observations import KEY, WITHOUT_VALUE, published, records
from osw_stats.vocabulary.series import series


def missing(observations: pd.DataFrame, year: int, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row a gap: series, period, group, reason and the observation that says so.

    Reasons: the status of a figure without a value (`not_registered`, `not_found`, `withheld`);
    `range_only` where a range without a value was published; `no_figure` where a series that
    goes on has none for `year` in what was read (its latest period is given). `known` is every figure that was
    public, of all documents: what any of them gives is no gap.
    """
    observations = published(observations)
    known = observations if known is None else known
    there = known[known["obs_value"].notna() & known["series_id"].isin(observations["series_id"])]
    given = set(there[KEY].itertuples(index=False, name=None))
    rows = []
    for row in records(observations):
        if pd.isna(row["obs_value"]) and tuple(row[k] for k in KEY) not in given:
            reason = row["obs_status"] if row["obs_status"] in WITHOUT_VALUE else "range_only"
            rows.append((row["series_id"], row["time_period"], row["sex"], row["age"], reason, row["obs_id"]))
    latest = pd.concat([observations, there]).groupby("series_id", sort=False)["time_period"].max()
    for series_id, period in latest.items():
        if int(str(period)[:4]) < year and not series(str(series_id)).ended:
            rows.append((str(series_id), str(period), "total", "total", "no_figure", ""))
    return pd.DataFrame(rows, columns=["series", "time_period", "sex", "age", "reason", "observations"])

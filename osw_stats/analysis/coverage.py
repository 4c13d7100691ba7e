"""What is not there: figures nobody counted, nobody published, or not yet for this year."""

from __future__ import annotations

import pandas as pd

from osw_stats.vocabulary.observations import WITHOUT_VALUE, records


def missing(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return one row a gap: series, period, reason and the observation that says so.

    Reasons: `withheld` (the publisher does not register or publish it), `range_only` (a
    range without a value), `no_figure` (the series has none for `year`; its latest
    period is given).
    """
    rows = []
    for row in records(observations):
        withheld = row["obs_status"] in WITHOUT_VALUE
        if withheld or pd.isna(row["obs_value"]):
            reason = "withheld" if withheld else "range_only"
            rows.append(
                (
                    row["series_id"],
                    row["time_period"],
                    row["sex"],
                    row["age"],
                    reason,
                    row["obs_id"],
                )
            )
    latest = observations.groupby("series_id", sort=False)["time_period"].max()
    for series_id, period in latest.items():
        if int(str(period)[:4]) < year:
            rows.append((str(series_id), str(period), "total", "total", "no_figure", ""))
    return pd.DataFrame(rows, columns=["series", "time_period", "sex", "age", "reason", "observations"])

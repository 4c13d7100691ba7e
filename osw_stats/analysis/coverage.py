"""What is not there: figures nobody counted, nobody published, or nobody found."""

from __future__ import annotations

from datetime import date

import pandas as pd

from osw_stats.vocabulary.observations import KEY, WITHOUT_VALUE, published, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

STALE_AFTER = 2  # years


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


def stale(known: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the series whose last figure is of a period that ended more than two years before a day.

    A series that its publisher gave up (`ended`) is not stale. Nobody said of these that they stopped: what came
    since may not have been published, or not have been found.

    Parameters
    ----------
    known
        Every figure that was public, of all documents.
    day
        The day on which an edition looks.

    Returns
    -------
    pandas.DataFrame
        series and time_period, that of the last figure; the longest silent first.

    Examples
    --------
    >>> known = pd.DataFrame({"series_id": ["ap_fines", "ap_staff"], "time_period": ["2024", "2022"],
    ...                       "obs_value": [6.0, 192.0], "lower": [6.0, 192.0]})
    >>> stale(known, date(2026, 11, 28)).to_dict("records")
    [{'series': 'ap_staff', 'time_period': '2022'}]
    """
    given = known[known["obs_value"].notna() | known["lower"].notna()]
    oldest = (pd.Timestamp(day) - pd.DateOffset(years=STALE_AFTER)).date()
    last: dict[str, str] = {}
    for series_id, period in zip(given["series_id"], given["time_period"], strict=True):
        last[series_id] = max(last.get(series_id, period), period, key=lambda p: parse_period(p).end)
    rows = [
        (parse_period(period).end, series_id, period)
        for series_id, period in last.items()
        if parse_period(period).end < oldest and not series(series_id).ended
    ]
    return pd.DataFrame([row[1:] for row in sorted(rows)], columns=["series", "time_period"])

"""What is not there: figures nobody counted, nobody published, or nobody found."""

from __future__ import annotations

from datetime import date

import pandas as pd

from osw_stats.meaning.observations import KEY, WITHOUT_VALUE, published
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import series

STALE_AFTER = 2  # years
COLUMNS = ["series", "time_period", "sex", "age", "reason", "observations"]


def missing(observations: pd.DataFrame, year: int, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row a gap: series, period, group, reason and the observation that says so.

    Reasons: the status of a figure without a value (`not_registered`, `not_found`, `withheld`);
    `range_only` where a range without a value was published; `no_figure` where a series that
    goes on has none for `year` in what was read (its latest period is given). `known` is every figure that was
    public, of all documents: what any of them gives is no gap.
    """
    observations = published(observations)
    known = observations if known is None else known
    known = known[known["obs_value"].notna() & known["series_id"].isin(observations["series_id"])]
    keys, keys_known = (pd.MultiIndex.from_frame(frame[KEY]) for frame in (observations, known))
    gaps = observations[observations["obs_value"].isna() & ~keys.isin(keys_known)]
    status = gaps["obs_status"].where(gaps["obs_status"].isin(WITHOUT_VALUE), "range_only")
    gaps = gaps.assign(series=gaps["series_id"], reason=status, observations=gaps["obs_id"])
    latest = pd.concat([observations, known]).groupby("series_id", sort=False)["time_period"].max()
    silent = [(s, p) for s, p in latest.items() if int(p[:4]) < year and not series(str(s)).ended]
    late = pd.DataFrame(silent, columns=["series", "time_period"])
    late = late.assign(sex="total", age="total", reason="no_figure", observations="")
    return pd.concat([gaps[COLUMNS], late[COLUMNS]], ignore_index=True)


def stale(known: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the series whose last figure is of a period that ended more than two years before a day.

    A series that its publisher gave up (`ended`) is not stale. Nobody said of these that they stopped: what came
    since may not have been published, or not have been found. `known` is every figure that was public, of all documents;
    the longest silent series stands first.

    Examples
    --------
    >>> known = pd.DataFrame({"series_id": ["ap_fines", "ap_staff"], "time_period": ["2024", "2022"],
    ...                       "obs_value": [6.0, 192.0], "lower": [6.0, 192.0]})
    >>> stale(known, date(2026, 11, 28)).to_dict("records")
    [{'series': 'ap_staff', 'time_period': '2022'}]
    """
    given = known[known["obs_value"].notna() | known["lower"].notna()]
    ends = given["time_period"].map(lambda period: parse_period(period).end)
    last = (
        given.assign(end=ends).sort_values("end", ascending=False, kind="stable").drop_duplicates("series_id")
    )
    ended = last["series_id"].map(lambda series_id: series(series_id).ended != "")
    oldest = (pd.Timestamp(day) - pd.DateOffset(years=STALE_AFTER)).date()
    silent = last[(last["end"] < oldest) & ~ended].sort_values(["end", "series_id"])
    return (
        silent[["series_id", "time_period"]]
        .set_axis(["series", "time_period"], axis=1)
        .reset_index(drop=True)
    )

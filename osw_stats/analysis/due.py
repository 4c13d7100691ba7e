"""Which figures an edition still waits for, and since when: from how long earlier ones took to come out.

No date is assumed. A figure is due once it took an earlier one of its series as long to be published, and
overdue once it took every earlier one shorter. Without a dated publication there is no due date.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import WITHOUT_VALUE, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

Row = dict[str, Any]
STATUSES = ("overdue", "due", "expected", "undated", "uncertain", "missing", "no_wave", "there", "ended")
WAVES = 3  # waves at equal distances before a publisher is taken to work in waves
LONG_AGO = 5  # years without a figure after which nobody knows whether a series goes on
COLUMNS = [
    "series", "publisher", "period", "status", "reason", "last_period", "due_from", "due_by", "lags",
    "source_id", "locator",
]  # fmt: skip


def due(vintages: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date) -> pd.DataFrame:
    """Return the table `due`: one row a series and part of the year (whole, half, month).

    Parameters
    ----------
    vintages
        The tidy table with all vintages: earlier publications tell how long figures take.
    observations
        What the edition sees.
    year
        The year reported on.
    as_of
        The as-of date.

    Returns
    -------
    pandas.DataFrame
        `status`: "there"; "expected", not due yet; "due"; "overdue"; "missing", the publisher has no figure
        (`reason` says why); "no_wave", a survey not held every year (`reason`: years from wave to wave);
        "uncertain", published once only or not for long, so nobody knows whether it comes back; "undated", no
        publication with a date; "ended". `due_from` and
        `due_by` are dates, `lags` how many publications they rest on. `source_id` and `locator` say where
        the last figure stood.
    """
    # what came out later tells nothing on the as-of date
    public = vintages[vintages["known_by"] <= as_of.isoformat()]
    main = public[(public["role"] == "main") & (public["region"] == "NL")]
    seen = observations[observations["region"] == "NL"]
    part = main["time_period"].str[4:]
    steps = {str(name): _step(found) for name, found in main.groupby("publisher")}
    rows = [
        _row(str(series_id), str(part), found, seen, year, as_of, steps)
        for (series_id, part), found in main.groupby([main["series_id"], part])
        if int(found["time_period"].min()[:4]) <= year
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = {status: place for place, status in enumerate(STATUSES)}
    return table.sort_values(
        ["status", "publisher", "series", "period"],
        key=lambda s: s.map(order) if s.name == "status" else s, ignore_index=True,
    )  # fmt: skip


def _row(
    series_id: str, part: str, found: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date,
    steps: dict[str, int],
) -> Row:  # fmt: skip
    period = f"{year}{part}"
    about = series(series_id)
    before = found[found["time_period"] < period]
    last = before[before["time_period"] == before["time_period"].max()] if len(before) else found
    # the latest publication of the latest period says where to look
    latest = records(last.sort_values("known_by", kind="stable"))[-1]
    lags = _lags(found)
    end = parse_period(period).end
    since, until = (end + timedelta(days=days) for days in (min(lags), max(lags))) if lags else (None, None)
    now = observations[(observations["series_id"] == series_id) & (observations["time_period"] == period)]
    status, reason = _status(about.ended, latest, steps[latest["publisher"]], now, year, as_of, since, until)
    if status in ("expected", "due", "overdue", "undated") and len(set(found["time_period"])) == 1:
        status, reason = "uncertain", "once"
    return {
        "series": series_id, "publisher": about.publisher, "period": period, "status": status, "reason": reason,
        "last_period": str(latest["time_period"]), "due_from": since.isoformat() if since else "",
        "due_by": until.isoformat() if until else "", "lags": len(lags), "source_id": latest["source_id"],
        "locator": latest["locator"],
    }  # fmt: skip


def _status(
    ended: str, latest: Row, step: int, now: pd.DataFrame, year: int, as_of: date,
    since: date | None, until: date | None,
) -> tuple[str, str]:  # fmt: skip
    """Return the status of a figure and, where there is none to wait for, the reason."""
    if len(now):
        without = now["obs_status"].isin(WITHOUT_VALUE)
        return ("missing", str(now["obs_status"].iloc[0])) if without.all() else ("there", "")
    if ended and int(ended[:4]) < year:
        return "ended", ended
    if latest["obs_status"] in WITHOUT_VALUE and latest["obs_status"] != "not_found":
        return "missing", str(latest["obs_status"])
    last = int(str(latest["time_period"])[:4])
    if year - last > LONG_AGO:
        return "uncertain", "long_ago"
    if (year - last) % step:
        return "no_wave", str(step)
    if since is None or until is None:
        return "undated", ""
    return ("expected" if as_of < since else "due" if as_of <= until else "overdue"), ""


def _step(found: pd.DataFrame) -> int:
    """Return the years from wave to wave of a publisher whose figures all come in waves; 1 for the others."""
    years = sorted({int(str(p)[:4]) for p in found["time_period"]})
    gaps = {after - before for before, after in pairwise(years)}
    return gaps.pop() if len(years) >= WAVES and len(gaps) == 1 else 1


def _lags(found: pd.DataFrame) -> list[int]:
    """Return how many days after the end of its period each figure came out that was new in its document.

    Why only the newest period of a document: older ones stand there again and were published before. A survey
    may come out before the year it is named after is over: the number of days is below zero then.
    """
    dated = found[found["published_precision"].isin(["day", "month"])]
    newest = dated.sort_values("time_period", kind="stable").drop_duplicates("source_id", keep="last")
    first = newest.sort_values("known_by", kind="stable").drop_duplicates("time_period")
    return [
        (date.fromisoformat(row["known_by"]) - parse_period(row["time_period"]).end).days
        for row in records(first)
    ]

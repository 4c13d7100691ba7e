"""Which figures an edition still waits for, and since when: from how long earlier ones took to come out.

No date is assumed. A figure is due once it took an earlier one of its series as long to be published, and
overdue once it took every earlier one shorter. Without a dated publication there is no due date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.meaning.observations import WITHOUT_VALUE, records
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import series

Row = dict[str, Any]
STATUSES = ("overdue", "due", "expected", "undated", "uncertain", "missing", "no_wave", "there", "ended")
WAVES = 3  # periods at equal distances before they are taken for a rhythm
LONG_AGO = 5  # years without a figure after which nobody knows whether a series goes on
# how a year is cut, by what the part of a period looks like
PARTS = {
    "": [""],
    "-H.": ["-H1", "-H2"],
    "-Q.": [f"-Q{n}" for n in range(1, 5)],
    r"-\d\d": [f"-{n:02d}" for n in range(1, 13)],
}
USED = ["series_id", "publisher", "time_period", "obs_status", "published_precision", "known_by"]
USED += ["source_id", "locator"]
COLUMNS = ["series", "publisher", "period", "status", "reason", "last_period", "due_from", "due_by", "lags"]
COLUMNS += ["source_id", "locator"]


def due(vintages: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date) -> pd.DataFrame:
    """Return the table `due`: one row a series and part of the year (whole, half, month).

    Statuses: "there"; "expected", not due yet; "due"; "overdue"; "missing", the publisher has no figure (`reason` says
    why); "no_wave", a survey not held every year (`reason`: years from wave to wave); "uncertain", published once only
    or not for long, so nobody knows whether it comes back; "undated", no publication with a date; "ended". `lags` is
    how many publications `due_from` and `due_by` rest on; `source_id` and `locator` say where the last figure stood.
    """
    # what came out later tells nothing on the as-of date
    public = vintages[vintages["known_by"] <= as_of.isoformat()]
    main = _by_series(public[public["role"] == "main"])
    seen = _by_series(observations)
    years: dict[str, set[int]] = defaultdict(set)
    for row in (row for figures in main.values() for row in figures):
        years[row["publisher"]].add(int(row["time_period"][:4]))
    rows = [
        _row(f"{year}{part}", figures, seen.get(series_id, []), as_of, _step(years[figures[0]["publisher"]]))
        for series_id, every in sorted(main.items())
        for part, figures in _rhythm(every)
        if int(min(row["time_period"] for row in figures)[:4]) <= year
    ]
    return _sorted(pd.DataFrame(rows, columns=COLUMNS))


def _by_series(figures: pd.DataFrame) -> dict[str, list[Row]]:
    by_series: dict[str, list[Row]] = defaultdict(list)
    for row in records(figures.loc[figures["region"] == "NL", USED]):
        by_series[row["series_id"]].append(row)
    return by_series


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    status = pd.Categorical(table["status"], STATUSES, ordered=True)
    by = ["order", "publisher", "series", "period"]
    return table.assign(order=status).sort_values(by, ignore_index=True)[COLUMNS]


def _rhythm(figures: list[Row]) -> list[tuple[str, list[Row]]]:
    """Return the parts of a year that a series has figures of, and of each the figures that tell how long it takes.

    Why: a series of which some months, quarters or half years follow on each other goes on through the year; one that
    stands alone comes back, if at all, as the same part of a later year.
    """
    cuts: dict[str, list[Row]] = defaultdict(list)
    for row in figures:
        cuts[next(cut for cut in PARTS if re.fullmatch(cut, row["time_period"][4:]))].append(row)
    found = []
    for cut, rows in cuts.items():
        parts, periods = PARTS[cut], {row["time_period"] for row in rows}
        places = {int(p[:4]) * len(parts) + parts.index(p[4:]) for p in periods}
        if any({place + n for n in range(WAVES)} <= places for place in places):
            found += [(part, rows) for part in parts]
        else:
            alone = sorted({p[4:] for p in periods})
            found += [(part, [row for row in rows if row["time_period"][4:] == part]) for part in alone]
    return found


def since_last(vintages: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date) -> pd.DataFrame:
    """Return every period after the last figure of its series up to `year`, as rows of the table `due`.

    Each year is judged as `due` judges the year reported on. What was only not found is no figure. A series whose
    last figure is too long ago is left out.
    """
    vintages, observations = (d[d["obs_status"] != "not_found"] for d in (vintages, observations))
    latest = due(vintages, observations, year, as_of)
    latest = latest[latest["status"].ne("there") & latest["reason"].ne("long_ago")]
    latest = latest[latest["period"].gt(latest["last_period"])]
    last = latest.assign(part=latest["period"].str[4:])[["series", "part", "last_period"]]
    found = [latest]
    for before in range(int(last["last_period"].str[:4].min()) if len(last) else year, year):
        rows = due(vintages, observations, before, as_of)
        rows = rows.assign(part=rows["period"].str[4:])
        held = rows.merge(last, on=["series", "part"], suffixes=("", "_now"))
        found.append(held.loc[held["period"] > held["last_period_now"], COLUMNS])
    return _sorted(pd.concat(found))


def _row(period: str, figures: list[Row], seen: list[Row], as_of: date, step: int) -> Row:
    """Return what is known of the figure of one period; `figures` are the earlier ones of its series."""
    before = [row for row in figures if row["time_period"] < period]
    last = max((row["time_period"] for row in before), default="")
    # the latest publication of the latest period says where to look
    there = [row for row in before or figures if row["time_period"] == last or not last]
    latest = sorted(there, key=lambda row: str(row["known_by"]))[-1]
    lags, end = _lags(figures), parse_period(period).end
    since, until = (end + timedelta(days=days) for days in (min(lags), max(lags))) if lags else (None, None)
    now = [row["obs_status"] for row in seen if row["time_period"] == period]
    status, reason = _state(latest, step, now, int(period[:4]))
    if status == "waited_for" and len({row["time_period"] for row in figures}) == 1:
        status, reason = "uncertain", "once"
    elif status == "waited_for" and since and until:
        status = "expected" if as_of < since else "due" if as_of <= until else "overdue"
    elif status == "waited_for":
        status = "undated"
    return {
        "series": latest["series_id"],
        "publisher": latest["publisher"],
        "period": period,
        "status": status,
        "reason": reason,
        "last_period": latest["time_period"],
        "due_from": since.isoformat() if since else "",
        "due_by": until.isoformat() if until else "",
        "lags": len(lags),
        "source_id": latest["source_id"],
        "locator": latest["locator"],
    }


def _state(latest: Row, step: int, now: list[str], year: int) -> tuple[str, str]:
    """Return the status of a figure and, where there is none to wait for, the reason."""
    ended, last = series(latest["series_id"]).ended, int(latest["time_period"][:4])
    if now:
        return ("missing", now[0]) if set(now) <= set(WITHOUT_VALUE) else ("there", "")
    if ended and int(ended[:4]) < year:
        return "ended", ended
    if latest["obs_status"] in WITHOUT_VALUE and latest["obs_status"] != "not_found":
        return "missing", latest["obs_status"]
    if year - last > LONG_AGO:
        return "uncertain", "long_ago"
    if (year - last) % step:
        return "no_wave", str(step)
    return "waited_for", ""


def _step(years: set[int]) -> int:
    """Return the years from wave to wave of a publisher whose figures all come in waves; 1 for the others."""
    gaps = {after - before for before, after in pairwise(sorted(years))}
    return gaps.pop() if len(years) >= WAVES and len(gaps) == 1 else 1


def _lags(figures: list[Row]) -> list[int]:
    """Return how many days after the end of its period each figure came out that was new in its document.

    Why: only the newest period of a document counts: older ones stand there again and were published before. A survey
    may come out before the year it is named after is over: the number of days is below zero then.
    """
    dated = [row for row in figures if row["published_precision"] in ("day", "month")]
    newest = {row["source_id"]: row for row in sorted(dated, key=lambda row: str(row["time_period"]))}
    first: dict[str, str] = {}
    for row in newest.values():
        period, day = row["time_period"], str(row["known_by"])
        first[period] = min(first.get(period, day), day)
    return [(date.fromisoformat(day) - parse_period(period).end).days for period, day in first.items()]

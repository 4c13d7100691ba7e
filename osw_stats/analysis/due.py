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

from osw_stats.vocabulary.observations import WITHOUT_VALUE, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

Row = dict[str, Any]
STATUSES = ("overdue", "due", "expected", "undated", "uncertain", "missing", "no_wave", "there", "ended")
WAVES = 3  # periods at equal distances before they are taken for a rhythm
LONG_AGO = 5  # years without a figure after which nobody knows whether a series goes on
# how a year is cut, by what the part of a period looks like
PARTS = {
    "": [""], "-H.": ["-H1", "-H2"], "-Q.": [f"-Q{n}" for n in range(1, 5)],
    r"-\d\d": [f"-{n:02d}" for n in range(1, 13)],
}  # fmt: skip
USED = [
    "series_id", "publisher", "time_period", "obs_status", "published_precision", "known_by", "source_id", "locator",
]  # fmt: skip
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
    main = _by_series(public[(public["role"] == "main") & (public["region"] == "NL")])
    seen = _by_series(observations[observations["region"] == "NL"])
    publishers: dict[str, set[int]] = defaultdict(set)
    for row in (row for found in main.values() for row in found):
        publishers[row["publisher"]].add(int(row["time_period"][:4]))
    rows = [
        _row(f"{year}{part}", found, seen.get(series_id, []), as_of, _step(publishers[found[0]["publisher"]]))
        for series_id, all_of_it in sorted(main.items())
        for part, found in _rhythm(all_of_it)
        if int(min(row["time_period"] for row in found)[:4]) <= year
    ]
    return _sorted(pd.DataFrame(rows, columns=COLUMNS))


def _by_series(figures: pd.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in records(figures[USED]):
        found[row["series_id"]].append(row)
    return found


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    order = {status: place for place, status in enumerate(STATUSES)}
    return table.sort_values(
        ["status", "publisher", "series", "period"],
        key=lambda s: s.map(order) if s.name == "status" else s, ignore_index=True,
    )  # fmt: skip


def _rhythm(figures: list[Row]) -> list[tuple[str, list[Row]]]:
    """Return the parts of a year that a series has figures of, and of each the figures that tell how long it takes.

    Why: a series of which some months, quarters or half years follow on each other goes on through the year; one that
    stands alone comes back, if at all, as the same part of a later year.
    """
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in figures:
        kinds[next(kind for kind in PARTS if re.fullmatch(kind, row["time_period"][4:]))].append(row)
    found = []
    for kind, there in kinds.items():
        parts, periods = PARTS[kind], {row["time_period"] for row in there}
        places = {int(p[:4]) * len(parts) + parts.index(p[4:]) for p in periods}
        if any({place + n for n in range(WAVES)} <= places for place in places):
            found += [(part, there) for part in parts]
        else:
            seen = sorted({p[4:] for p in periods})
            found += [(part, [row for row in there if row["time_period"][4:] == part]) for part in seen]
    return found


def since_last(vintages: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date) -> pd.DataFrame:
    """Return every period after the last figure of its series up to `year`, as rows of the table `due`.

    Each year is judged as `due` judges the year reported on. What was only not found is no figure. A series whose
    last figure is too long ago is left out.
    """
    vintages, observations = (d[d["obs_status"] != "not_found"] for d in (vintages, observations))
    latest = due(vintages, observations, year, as_of)
    open_ones = latest[latest["status"].ne("there") & latest["reason"].ne("long_ago")]
    open_ones = open_ones[open_ones["period"].gt(open_ones["last_period"])]
    last = {_part(row): row["last_period"] for row in records(open_ones)}
    found = [open_ones]
    for before in range(min((int(p[:4]) for p in last.values()), default=year), year):
        rows = due(vintages, observations, before, as_of)
        after = [row["period"] > last.get(_part(row), row["period"]) for row in records(rows)]
        found.append(rows[after])
    return _sorted(pd.concat(found))


def _part(row: Row) -> tuple[str, str]:
    return row["series"], row["period"][4:]


def _row(period: str, found: list[Row], seen: list[Row], as_of: date, step: int) -> Row:
    about = series(found[0]["series_id"])
    before = [row for row in found if row["time_period"] < period]
    last = max((row["time_period"] for row in before), default="")
    # the latest publication of the latest period says where to look
    latest = sorted((row for row in before or found if row["time_period"] == last or not last), key=_known)[
        -1
    ]
    lags = _lags(found)
    end = parse_period(period).end
    since, until = (end + timedelta(days=days) for days in (min(lags), max(lags))) if lags else (None, None)
    now = [row["obs_status"] for row in seen if row["time_period"] == period]
    status, reason = _status(about.ended, latest, step, now, int(period[:4]), as_of, since, until)
    if (
        status in ("expected", "due", "overdue", "undated")
        and len({row["time_period"] for row in found}) == 1
    ):
        status, reason = "uncertain", "once"
    return {
        "series": about.series_id, "publisher": about.publisher, "period": period, "status": status, "reason": reason,
        "last_period": latest["time_period"], "due_from": since.isoformat() if since else "",
        "due_by": until.isoformat() if until else "", "lags": len(lags), "source_id": latest["source_id"],
        "locator": latest["locator"],
    }  # fmt: skip


def _known(row: Row) -> str:
    return str(row["known_by"])


def _status(
    ended: str, latest: Row, step: int, now: list[str], year: int, as_of: date,
    since: date | None, until: date | None,
) -> tuple[str, str]:  # fmt: skip
    """Return the status of a figure and, where there is none to wait for, the reason."""
    if now:
        return ("missing", now[0]) if set(now) <= set(WITHOUT_VALUE) else ("there", "")
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


def _step(found: set[int]) -> int:
    """Return the years from wave to wave of a publisher whose figures all come in waves; 1 for the others."""
    years = sorted(found)
    gaps = {after - before for before, after in pairwise(years)}
    return gaps.pop() if len(years) >= WAVES and len(gaps) == 1 else 1


def _lags(found: list[Row]) -> list[int]:
    """Return how many days after the end of its period each figure came out that was new in its document.

    Why: only the newest period of a document counts: older ones stand there again and were published before. A survey
    may come out before the year it is named after is over: the number of days is below zero then.
    """
    dated = [row for row in found if row["published_precision"] in ("day", "month")]
    newest = {row["source_id"]: row for row in sorted(dated, key=lambda row: str(row["time_period"]))}
    first: dict[str, Row] = {}
    for row in sorted(newest.values(), key=_known):
        first.setdefault(row["time_period"], row)
    return [
        (date.fromisoformat(row["known_by"]) - parse_period(row["time_period"]).end).days
        for row in first.values()
    ]

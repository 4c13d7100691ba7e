"""Coverage: figures not counted, published or found, and figures that an edition awaits."""

import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.meaning.observations import KEY, WITHOUT_VALUE, published, records
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import series

Row = dict[str, Any]
STALE_AFTER = 2  # years
GAP = ["series", "time_period", "sex", "age", "reason", "observations"]
STATUSES = ("overdue", "due", "expected", "undated", "uncertain", "missing", "no_wave", "there", "ended")
WAVES = 3  # equally spaced periods needed to infer a rhythm
LONG_AGO = 5  # years without a figure after which continuation of a series is uncertain
# the subdivisions of a year, by the pattern of the period's suffix
PARTS = {"": [""], "-H.": ["-H1", "-H2"], "-Q.": ["-Q1", "-Q2", "-Q3", "-Q4"]}
PARTS[r"-\d\d"] = [f"-{month:02d}" for month in range(1, 13)]
USED = ["series_id", "publisher", "time_period", "obs_status", "published_precision", "known_by"]
USED += ["source_id", "locator"]
DUE = ["series", "publisher", "period", "status", "reason", "last_period", "due_from", "due_by", "lags"]
DUE += ["source_id", "locator"]


def missing(observations: pd.DataFrame, year: int, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per gap: series, period, group, reason and the observation that states it."""
    # Reasons: the status of a figure without a value; `range_only` where a range without a value was
    # published; `no_figure` where a continuing series has none for `year` in the documents read. A figure
    # in any document of `known` is no gap.
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
    return pd.concat([gaps[GAP], late[GAP]], ignore_index=True)


def stale(known: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the series whose last period ended more than two years before a day, oldest first.

    A series ended by its publisher (`ended`) is not stale. Stale series were not announced as ended: later figures may
    be unpublished or not yet found. `known` holds every public figure, of all documents.

    >>> known = pd.DataFrame({"series_id": ["ap_fines", "ap_staff"], "time_period": ["2024", "2022"],
    ...                       "obs_value": [6.0, 192.0], "lower": [6.0, 192.0]})
    >>> stale(known, date(2026, 11, 28)).to_dict("records")
    [{'series': 'ap_staff', 'time_period': '2022'}]
    """
    known = known[known["obs_value"].notna() | known["lower"].notna()]
    known = known.assign(end=known["time_period"].map(lambda period: parse_period(period).end))
    last = known.sort_values("end", ascending=False, kind="stable").drop_duplicates("series_id")
    ended = last["series_id"].map(lambda series_id: series(series_id).ended != "")
    oldest = (pd.Timestamp(day) - pd.DateOffset(years=STALE_AFTER)).date()
    silent = last[(last["end"] < oldest) & ~ended].sort_values(["end", "series_id"], ignore_index=True)
    return silent[["series_id", "time_period"]].set_axis(["series", "time_period"], axis=1)


def due(vintages: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date) -> pd.DataFrame:
    """Return the table `due`: the figures an edition awaits, one row per series and part of the year (whole, half, month).

    No date is assumed. A figure is due after the shortest publication lag of earlier figures of its series, and overdue
    after the longest. Without a dated publication there is no due date.

    Statuses: "there"; "expected", not due yet; "due"; "overdue"; "missing", the publisher has no figure (`reason` states
    why); "no_wave", a survey not held every year (`reason`: years between waves); "uncertain", published once only or
    not recently, so continuation is unknown; "undated", no publication with a date; "ended". `lags` is the number of
    publications behind `due_from` and `due_by`; `source_id` and `locator` give the place of the last figure.
    """
    # later publications were unknown on the as-of date
    main = vintages[(vintages["known_by"] <= as_of.isoformat()) & vintages["role"].eq("main")]
    national = (figures[figures["region"] == "NL"].groupby("series_id") for figures in (main, observations))
    earlier, current = ({str(name): records(rows[USED]) for name, rows in groups} for groups in national)
    years: dict[str, set[int]] = defaultdict(set)
    for row in (row for figures in earlier.values() for row in figures):
        years[row["publisher"]].add(int(row["time_period"][:4]))
    rows = [
        _row(f"{year}{part}", figures, current.get(name, []), as_of, _step(years[figures[0]["publisher"]]))
        for name, history in earlier.items()
        for part, figures in _rhythm(history)
        if int(min(row["time_period"] for row in figures)[:4]) <= year
    ]
    return _sort_by_status(pd.DataFrame(rows, columns=DUE))


def since_last(vintages: pd.DataFrame, observations: pd.DataFrame, year: int, as_of: date) -> pd.DataFrame:
    """Return every period after the last figure of its series up to `year`, in the form of `due`."""
    # "not_found" is no figure; a series whose last figure is too old is left out
    vintages, observations = (d[d["obs_status"] != "not_found"] for d in (vintages, observations))
    latest = due(vintages, observations, year, as_of)
    latest = latest[latest["status"].ne("there") & latest["reason"].ne("long_ago")]
    latest = latest[latest["period"].gt(latest["last_period"])]
    last = latest.assign(part=latest["period"].str[4:])[["series", "part", "last_period"]]
    tables = [latest]
    for before in range(int(last["last_period"].str[:4].min()) if len(last) else year, year):
        rows = due(vintages, observations, before, as_of)
        rows = rows.assign(part=rows["period"].str[4:])
        rows = rows.merge(last, on=["series", "part"], suffixes=("", "_now"))
        tables.append(rows.loc[rows["period"] > rows["last_period_now"], DUE])
    return _sort_by_status(pd.concat(tables))


def _sort_by_status(table: pd.DataFrame) -> pd.DataFrame:
    status = pd.Categorical(table["status"], STATUSES)
    by = ["order", "publisher", "series", "period"]
    return table.assign(order=status).sort_values(by, ignore_index=True)[DUE]


def _rhythm(figures: list[Row]) -> list[tuple[str, list[Row]]]:
    """Return the parts of a year in which a series has figures, and for each the figures that determine its lag."""
    # a series with consecutive months, quarters or half years is expected in all parts of the year; an isolated
    # part is expected, if at all, as the same part of a later year
    cuts: dict[str, list[Row]] = defaultdict(list)
    for row in figures:
        cuts[next(cut for cut in PARTS if re.fullmatch(cut, row["time_period"][4:]))].append(row)
    rhythm = []
    for cut, rows in cuts.items():
        parts, periods = PARTS[cut], {row["time_period"] for row in rows}
        positions = {int(p[:4]) * len(parts) + parts.index(p[4:]) for p in periods}
        if any({position + n for n in range(WAVES)} <= positions for position in positions):
            rhythm += [(part, rows) for part in parts]
        else:
            single = sorted({p[4:] for p in periods})
            rhythm += [(part, [row for row in rows if row["time_period"][4:] == part]) for part in single]
    return rhythm


def _row(period: str, figures: list[Row], current: list[Row], as_of: date, step: int) -> Row:
    """Return the status of the figure of one period; `figures` are the figures of its series known so far."""
    earlier = [row for row in figures if row["time_period"] < period]
    latest_period = max((row["time_period"] for row in earlier), default="")
    # the latest publication of the latest period shows where to look
    newest = [row for row in earlier or figures if row["time_period"] == latest_period or not latest_period]
    latest = sorted(newest, key=lambda row: str(row["known_by"]))[-1]
    lags, end = _lags(figures), parse_period(period).end
    first, last = (end + timedelta(days=days) for days in (min(lags), max(lags))) if lags else (None, None)
    statuses = [row["obs_status"] for row in current if row["time_period"] == period]
    ended, late = series(latest["series_id"]).ended, int(period[:4]) - int(latest["time_period"][:4])
    status, reason = "undated", ""
    if statuses:
        status, reason = ("missing", statuses[0]) if set(statuses) <= set(WITHOUT_VALUE) else ("there", "")
    elif ended and ended[:4] < period[:4]:
        status, reason = "ended", ended
    elif latest["obs_status"] in WITHOUT_VALUE and latest["obs_status"] != "not_found":
        status, reason = "missing", latest["obs_status"]
    elif late > LONG_AGO:
        status, reason = "uncertain", "long_ago"
    elif late % step:
        status, reason = "no_wave", str(step)
    elif len({row["time_period"] for row in figures}) == 1:
        status, reason = "uncertain", "once"
    elif first and last:
        status = "expected" if as_of < first else "due" if as_of <= last else "overdue"
    fields = {"series": latest["series_id"], "publisher": latest["publisher"], "period": period}
    fields |= {"status": status, "reason": reason, "last_period": latest["time_period"], "lags": len(lags)}
    fields |= {"due_from": first.isoformat() if first else "", "due_by": last.isoformat() if last else ""}
    return fields | {"source_id": latest["source_id"], "locator": latest["locator"]}


def _step(years: set[int]) -> int:
    """Return the years between waves of a publisher whose figures all come in waves; 1 for others."""
    gaps = {after - before for before, after in pairwise(sorted(years))}
    return gaps.pop() if len(years) >= WAVES and len(gaps) == 1 else 1


def _lags(figures: list[Row]) -> list[int]:
    """Return the publication lags, in days after the end of the period, of figures that were new in their document."""
    # Only the newest period of a document counts, as older ones were published before. A survey may appear
    # before the end of the year it is named after: the lag is then negative.
    dated = [row for row in figures if row["published_precision"] in ("day", "month")]
    newest = {row["source_id"]: row for row in sorted(dated, key=lambda row: str(row["time_period"]))}
    first: dict[str, str] = {}
    for row in newest.values():
        period, day = row["time_period"], str(row["known_by"])
        first[period] = min(first.get(period, day), day)
    return [(date.fromisoformat(day) - parse_period(period).end).days for period, day in first.items()]

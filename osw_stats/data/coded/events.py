"""Read the file of events: what happened around the counts, each with the document that says so."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.register import load_records
from osw_stats.data.rows import form, read_form, refuse_rows
from osw_stats.errors import InputError
from osw_stats.meaning.series import catalogue


def load_events(root: Path) -> pd.DataFrame:
    """Return the events of the project, as text, in order of time.

    `start` and `end` are days; a stretch is as wide as its document leaves it. `series` holds the patterns of
    the series an event is drawn on, joined by spaces.

    Raises
    ------
    InputError
        For a row with an unknown kind, document or series, a day that is none, an end before its start, or an
        id that stands twice.
    """
    records = [r for r in load_records(root / "data" / "raw") if r.kind == "events"]
    if not records:
        return pd.DataFrame(columns=[*form("events"), "file", "row"])
    events = pd.concat([read_form(r, root, check_event) for r in records], ignore_index=True)
    twice = events[events["event_id"].duplicated()]
    refuse_rows(twice, "event_id", "this id stands twice", "Give every event its own id.")
    return events.sort_values(["start", "event_id"], ignore_index=True)


def check_event(cells: dict[str, str]) -> dict[str, Any]:
    """Return an event whose days and series can be used."""
    if cells["end"] < cells["start"]:
        raise InputError("lies before the start", "Mend the days.", column="end", value=cells["end"])
    for pattern in cells["series"].split():
        if not any(fnmatch(series_id, pattern) for series_id in catalogue()):
            remedy = "Write series ids, or a start with *."
            raise InputError("fits no series", remedy, column="series", value=pattern)
    return cells


def public_on(events: pd.DataFrame, sources: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the events that an edition knows of: those whose document was certainly public on a day.

    Examples
    --------
    >>> events = pd.DataFrame({"source_id": ["a", "b"]})
    >>> sources = pd.DataFrame({"source_id": ["a", "b"], "known_by": ["2023-01-01", "2025-01-01"]})
    >>> list(public_on(events, sources, date(2024, 12, 31))["source_id"])
    ['a']
    """
    known = sources.loc[sources["known_by"] <= day.isoformat(), "source_id"]
    return events[events["source_id"].isin(known)].reset_index(drop=True)


def of_series(events: pd.DataFrame, series_id: str) -> pd.DataFrame:
    """Return the events that are drawn on the chart of a series; statements are not drawn."""
    fits = events["series"].map(lambda patterns: any(fnmatch(series_id, p) for p in patterns.split()))
    return events[fits.astype(bool) & events["kind"].ne("statement")]


def pulses(events: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return the stretches with a level of their own in a monthly model: lockdowns and publicity, as months."""
    rows = events[events["kind"].isin(("lockdown", "publicity"))]
    return tuple(zip(rows["start"].str[:7], rows["end"].str[:7], strict=True))


def campaign_months(events: pd.DataFrame) -> tuple[str, ...]:
    """Return the first months of campaigns: other dates at which a step is tried."""
    return tuple(events.loc[events["kind"] == "campaign", "start"].str[:7])


def documented(events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the events with the publisher and title of the document each rests on, and the one that quotes it."""
    names = sources.set_index("source_id")
    quoted = [f", via {names.loc[v, 'title']}" if v else "" for v in names["via"]]
    titles = names["publisher"] + ": " + names["title"] + quoted
    return events.assign(document=events["source_id"].map(titles))

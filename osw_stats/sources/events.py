"""Read the file of events: what happened around the counts, each with the document that says so."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.register import SourceRecord, load_records
from osw_stats.sources.rows import read_rows
from osw_stats.vocabulary.series import catalogue

HEADER = ["event_id", "kind", "start", "end", "series", "nl", "en", "source_id", "locator"]
# statement: what a publisher said of a stretch without giving a figure
KINDS = ("law", "opening", "publicity", "lockdown", "campaign", "statement")


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
    files = [r for r in load_records(root / "data" / "raw") if r.kind == "events"]
    tables = [read_events(r, r.path.relative_to(root).as_posix()) for r in files]
    if not tables:
        return pd.DataFrame(columns=[*HEADER, "file", "row"])
    found = pd.concat(tables, ignore_index=True)
    twice = found[found["event_id"].duplicated()]
    if len(twice):
        raise InputError(
            "this id stands twice", "Give every event its own id.", file=twice["file"].iloc[0],
            row=int(twice["row"].iloc[0]), column="event_id", value=twice["event_id"].iloc[0],
        )  # fmt: skip
    return found.sort_values(["start", "event_id"], ignore_index=True)


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


def read_events(record: SourceRecord, name: str) -> pd.DataFrame:
    """Return the events of one file; `name` is how error messages call it."""
    rows = read_rows(record.path, name, HEADER)
    for line, cells in rows:
        try:
            _check(cells, record)
        except InputError as error:
            raise error.located(file=name, row=line) from None
    return pd.DataFrame([cells | {"file": name, "row": line} for line, cells in rows])


def _check(cells: dict[str, str], record: SourceRecord) -> None:
    for column in HEADER:
        if not cells[column]:
            raise InputError("is empty", "Fill in every cell of an event.", column=column)
    if cells["kind"] not in KINDS:
        raise InputError("is unknown", f"Kinds: {', '.join(KINDS)}.", column="kind", value=cells["kind"])
    if cells["source_id"] not in record.documents:
        raise InputError(
            "is not described in the record", "An event needs the document that dates it.",
            column="source_id", value=cells["source_id"],
        )  # fmt: skip
    if _day(cells, "end") < _day(cells, "start"):
        raise InputError("lies before the start", "Mend the days.", column="end", value=cells["end"])
    for pattern in cells["series"].split():
        if not any(fnmatch(series_id, pattern) for series_id in catalogue()):
            raise InputError(
                "fits no series", "Write series ids, or a start with *.", column="series", value=pattern
            )


def _day(cells: dict[str, str], column: str) -> date:
    try:
        return date.fromisoformat(cells[column])
    except ValueError:
        raise InputError(
            "is not a date", "Write year-month-day, such as 2024-07-01.", column=column, value=cells[column]
        ) from None


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
    said = names["publisher"] + ": " + names["title"] + quoted
    return events.assign(document=events["source_id"].map(said))

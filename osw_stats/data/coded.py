"""Read tables coded by hand: answers of authorities, deadlines with their evidence, and events around the counts.

Format and rules of coding: docs/codebook.md and docs/formats.md.
"""

from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from osw_stats.data.register import load_records, records_of
from osw_stats.data.rows import FORMS, Cells, one_of, read_form, refuse_rows
from osw_stats.errors import located
from osw_stats.meaning.authorities import AUTHORITIES, CODES, NO_RECORD, QUESTIONS, SCOPES, authority
from osw_stats.meaning.series import catalogue
from osw_stats.yamlfile import refusals

refused = refusals(__file__)


def load_answers(root: Path) -> pd.DataFrame:
    """Return the answers as coded by every coder; InputError if a cell breaks a rule of the codebook."""
    answers = _read(root, "answers", _answer)
    coders = answers.groupby("file")["coder"].transform("nunique")
    refuse_rows(answers[coders > 1], "two_coders", "coder")
    refuse_rows(answers[answers.duplicated(["coder", "body", "question"])], "coded_twice", "question")
    asked = pd.MultiIndex.from_product([[b.code for b in AUTHORITIES.values() if b.asked], QUESTIONS])
    for coder, coded in answers.groupby("coder", sort=False):
        cells = pd.MultiIndex.from_frame(coded[["body", "question"]])
        for body, question in asked.difference(cells, sort=False):
            words = {"coder": coder, "body": body, "question": question}
            raise refused("left_out", file=coded["file"].iloc[0], **words)
    without = answers["code"] == NO_RECORD
    mixed = ~without & without.groupby([answers["coder"], answers["body"]]).transform("any")
    refuse_rows(answers[mixed], "record_or_none", "code", without=NO_RECORD)
    return answers


def load_deadlines(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deadlines and their evidence, with dates as ISO text or empty."""
    deadlines, evidence = _read(root, "deadlines"), _read(root, "evidence")
    refuse_rows(deadlines[deadlines["id"].duplicated()], "deadline_twice", "id")
    refuse_rows(evidence[~evidence["deadline"].isin(deadlines["id"])], "no_deadline", "deadline")
    return deadlines, evidence


def _read(root: Path, kind: str, check: Callable[[Cells], Cells] = dict) -> pd.DataFrame:
    """Return the tables of one kind; a row without a document gets the first one of its record."""
    tables = []
    for record in records_of(root, kind):
        table = read_form(record, root, check)
        has_source = "source_id" in table
        sources = table["source_id"] if has_source else [""] * len(table)
        documents = [record.documents.get(source, {}) for source in sources]
        for column, default in (("url", ""), ("read", "whole")):
            table.insert(len(table.columns) - 2, column, [d.get(column, default) for d in documents])
        if not has_source:
            table["source_id"] = next(iter(record.documents))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _answer(cells: Cells) -> Cells:
    with located(column="body", value=cells["body"]):
        if not authority(cells["body"]).asked:
            raise refused("not_asked")
    for column, allowed in (("question", QUESTIONS), ("code", CODES), ("scope", SCOPES)):
        one_of(column, cells[column], tuple(map(str, allowed)))
    return cells | {"question": int(cells["question"]), "code": int(cells["code"])}


def load_events(root: Path) -> pd.DataFrame:
    """Return the project's events in chronological order; `series` holds patterns of the series each applies to."""
    records = [r for r in load_records(root / "data" / "raw") if r.kind == "events"]
    if not records:
        return pd.DataFrame(columns=[*FORMS["events"], "file", "row"])
    events = pd.concat([read_form(r, root, check_event) for r in records], ignore_index=True)
    refuse_rows(events[events["event_id"].duplicated()], "event_twice", "event_id")
    return events.sort_values(["start", "event_id"], ignore_index=True)


def check_event(cells: Cells) -> Cells:
    """Return an event; refuse a pattern that matches no series."""
    for pattern in cells["series"].split():
        if not any(fnmatch(series_id, pattern) for series_id in catalogue()):
            raise refused("fits_no_series", column="series", value=pattern)
    return cells


def of_series(events: pd.DataFrame, series_id: str) -> pd.DataFrame:
    """Return the events to draw on the chart of a series; statements are not drawn."""
    matches = events["series"].map(lambda patterns: any(fnmatch(series_id, p) for p in patterns.split()))
    return events[matches.astype(bool) & events["kind"].ne("statement")]


def pulses(events: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return the periods with their own level in a monthly model: lockdowns and publicity, as first and last month."""
    rows = events[events["kind"].isin(("lockdown", "publicity"))]
    return tuple(zip(rows["start"].str[:7], rows["end"].str[:7], strict=True))


def documented(events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the events with publisher and title of their source, and of the document that quotes it."""
    names = sources.set_index("source_id")
    quoted = [f", via {names.loc[v, 'title']}" if v else "" for v in names["via"]]
    titles = names["publisher"] + ": " + names["title"] + quoted
    return events.assign(document=events["source_id"].map(titles))

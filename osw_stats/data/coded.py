"""Read what was coded by hand: answers of authorities, deadlines and their evidence, and what happened around the counts.

Format and rules of coding: docs/codebook.md and docs/formats.md.
"""

from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.register import load_records, records_of
from osw_stats.data.rows import FORMS, one_of, read_form, refuse_rows
from osw_stats.errors import InputError, located
from osw_stats.meaning.authorities import AUTHORITIES, CODES, NO_RECORD, QUESTIONS, SCOPES, authority
from osw_stats.meaning.series import catalogue

QUOTE_WORDS = 25


def load_answers(root: Path) -> pd.DataFrame:
    """Return every coding of the answers, all coders together; InputError if a cell breaks a rule of the codebook."""
    answers = _read(root, "answers", _answer)
    coders = answers.groupby("file")["coder"].transform("nunique")
    problem, remedy = "holds the work of more than one coder", "Give every coder a file of their own."
    refuse_rows(answers[coders > 1], "coder", problem, remedy)
    twice = answers[answers.duplicated(["coder", "body", "question"])]
    refuse_rows(twice, "question", "this coder coded this question of this body twice", "Keep one row.")
    asked = pd.MultiIndex.from_product([[b.code for b in AUTHORITIES.values() if b.asked], QUESTIONS])
    for coder, coded in answers.groupby("coder", sort=False):
        cells = pd.MultiIndex.from_frame(coded[["body", "question"]])
        for body, question in asked.difference(cells, sort=False):
            problem = f"coder {coder} left out {body}, question {question}"
            remedy = "Code every cell; 1 means no answer in the record."
            raise InputError(problem, remedy, file=coded["file"].iloc[0])
    without = answers["code"] == NO_RECORD
    mixed = ~without & without.groupby([answers["coder"], answers["body"]]).transform("any")
    problem = f"a body has a record or has none, and another answer of it is coded {NO_RECORD}"
    refuse_rows(answers[mixed], "code", problem, f"Code all its answers {NO_RECORD}, or none.")
    return answers


def load_deadlines(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deadlines and the evidence on them, dates as text (year-month-day) or empty."""
    deadlines, evidence = _read(root, "deadlines", _deadline), _read(root, "evidence", _evidence)
    refuse_rows(deadlines[deadlines["id"].duplicated()], "id", "this deadline stands twice", "Keep one.")
    strange = evidence[~evidence["deadline"].isin(deadlines["id"])]
    refuse_rows(strange, "deadline", "is no deadline we know", "Use an id of the table of deadlines.")
    return deadlines, evidence


def _read(root: Path, kind: str, check: Callable[[dict[str, str]], dict[str, Any]]) -> pd.DataFrame:
    """Return the tables of one kind; a row that names no document rests on the first of its record."""
    tables = []
    for record in records_of(root, kind):
        table = read_form(record, root, check)
        named = "source_id" in table
        documents = [
            record.documents[source] if named else {} for source in table.get("source_id", table.index)
        ]
        for column, otherwise in (("url", ""), ("read", "whole")):
            table.insert(len(table.columns) - 2, column, [d.get(column, otherwise) for d in documents])
        if not named:
            table["source_id"] = next(iter(record.documents))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _answer(cells: dict[str, str]) -> dict[str, Any]:
    with located(column="body", value=cells["body"]):
        if not authority(cells["body"]).asked:
            raise InputError("was not asked the five questions", "Leave this row out.")
    for column, allowed in (("question", QUESTIONS), ("code", CODES), ("scope", SCOPES)):
        one_of(column, cells[column], tuple(map(str, allowed)))
    code, scope, quote = int(cells["code"]), cells["scope"], cells["quote"]
    with located(column="quote", value=quote):
        if len(quote.split()) > QUOTE_WORDS:
            raise InputError(f"has more than {QUOTE_WORDS} words", "Quote less.")
        if 2 <= code < NO_RECORD and not quote:
            raise InputError("an answer needs the words it rests on", "Add a quote, or code 1.")
    if (code == 4) != (scope == "subject") or (scope and code not in (3, 4)):
        remedy = "4 is a figure for this subject (scope subject); a figure for a part or for more tasks is 3."
        raise InputError(f"does not go with code {code}", remedy, column="scope", value=scope)
    return cells | {"question": int(cells["question"]), "code": code}


def _deadline(cells: dict[str, str]) -> dict[str, Any]:
    first, last = cells["date_earliest"], cells["date_latest"]
    if bool(first) != bool(last) or first > last:
        problem = "is before the earliest date, or one of the two is missing"
        raise InputError(problem, "Give both, or neither.", column="date_latest", value=last)
    return cells


def _evidence(cells: dict[str, str]) -> dict[str, Any]:
    if (cells["finding"] == "done") != bool(cells["done_on"]):
        problem = "the day it was done goes with the finding done, and only with that"
        raise InputError(problem, "Mend the row.", column="done_on", value=cells["done_on"])
    return cells


def load_events(root: Path) -> pd.DataFrame:
    """Return the events of the project in order of time; `series` are patterns of the series each is drawn on."""
    records = [r for r in load_records(root / "data" / "raw") if r.kind == "events"]
    if not records:
        return pd.DataFrame(columns=[*FORMS["events"], "file", "row"])
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


def of_series(events: pd.DataFrame, series_id: str) -> pd.DataFrame:
    """Return the events that are drawn on the chart of a series; statements are not drawn."""
    fits = events["series"].map(lambda patterns: any(fnmatch(series_id, p) for p in patterns.split()))
    return events[fits.astype(bool) & events["kind"].ne("statement")]


def pulses(events: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return the stretches with a level of their own in a monthly model: lockdowns and publicity, as months."""
    rows = events[events["kind"].isin(("lockdown", "publicity"))]
    return tuple(zip(rows["start"].str[:7], rows["end"].str[:7], strict=True))


def documented(events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return the events with the publisher and title of the document each rests on, and the one that quotes it."""
    names = sources.set_index("source_id")
    quoted = [f", via {names.loc[v, 'title']}" if v else "" for v in names["via"]]
    titles = names["publisher"] + ": " + names["title"] + quoted
    return events.assign(document=events["source_id"].map(titles))

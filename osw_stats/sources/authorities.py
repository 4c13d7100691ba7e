"""Read what was coded by hand about authorities: answers to five questions, deadlines and their evidence.

Format and rules of coding: docs/codebook.md.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.register import SourceRecord, records_of
from osw_stats.sources.rows import one_of, read_rows
from osw_stats.vocabulary.authorities import AUTHORITIES, CODES, NO_RECORD, QUESTIONS, SCOPES, authority

ANSWERS = ["body", "question", "code", "scope", "place", "date", "quote", "coder", "note"]
DEADLINES = [
    "id", "kind", "addressee_nl", "addressee_en", "text_nl", "text_en", "rule_nl", "rule_en", "date_earliest", "date_latest",
    "checked_at", "source_id", "locator",
]  # fmt: skip
EVIDENCE = ["deadline", "finding", "done_on", "source_id", "locator", "published", "note_nl", "note_en"]
KINDS = ("recommendation", "term", "duty", "plan")
FINDINGS = ("done", "partly", "not_done", "unclear", "no_document")
QUOTE_WORDS = 25


def load_answers(root: Path) -> pd.DataFrame:
    """Return every coding of the answers, all coders together.

    Returns
    -------
    pandas.DataFrame
        body, question (1-5), code (0-4 or 9), scope, place, date, quote, coder, note, source_id.

    Raises
    ------
    InputError
        If a cell breaks a rule of the codebook, or a coder left a question out or coded it twice.
    """
    frames = [_answers(r, root) for r in records_of(root, "answers")]
    answers = pd.concat(frames, ignore_index=True)
    for coder, coded in answers.groupby("coder", sort=False):
        cells = list(zip(coded["body"], coded["question"], strict=True))
        twice = next((c for c in cells if cells.count(c) > 1), None)
        if twice:
            raise InputError(f"coder {coder} coded {twice[0]}, question {twice[1]} twice", "Keep one row.", file=coded["file"].iloc[0])  # fmt: skip
        lost = [
            (b.code, q)
            for b in AUTHORITIES.values()
            if b.asked
            for q in QUESTIONS
            if (b.code, q) not in cells
        ]
        if lost:
            raise InputError(f"coder {coder} left out {lost[0][0]}, question {lost[0][1]}", "Code every cell; 1 means no answer in the record.", file=coded["file"].iloc[0])  # fmt: skip
        for _, body in coded.groupby("body", sort=False):
            without = body["code"] == NO_RECORD
            if without.any() and not without.all():
                row = body[~without].iloc[0]
                raise InputError(
                    f"a body has a record or has none, and another answer of it is coded {NO_RECORD}",
                    f"Code all its answers {NO_RECORD}, or none.",
                    file=row["file"], row=int(row["row"]), column="code", value=row["code"],
                )  # fmt: skip
    return answers


def load_deadlines(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deadlines and the evidence on them, dates as text (year-month-day) or empty.

    Raises
    ------
    InputError
        If a row breaks a rule of the codebook, or evidence is about an unknown deadline.
    """
    deadlines = pd.concat([_rows(r, root, DEADLINES, _deadline) for r in records_of(root, "deadlines")], ignore_index=True)  # fmt: skip
    evidence = pd.concat([_rows(r, root, EVIDENCE, _evidence) for r in records_of(root, "evidence")], ignore_index=True)  # fmt: skip
    twice = deadlines[deadlines["id"].duplicated()]
    if len(twice):
        raise InputError("this deadline stands twice", "Keep one.", file=twice["file"].iloc[0], row=int(twice["row"].iloc[0]), column="id", value=twice["id"].iloc[0])  # fmt: skip
    strange = evidence[~evidence["deadline"].isin(deadlines["id"])]
    if len(strange):
        raise InputError("is no deadline we know", "Use an id of the table of deadlines.", file=strange["file"].iloc[0], row=int(strange["row"].iloc[0]), column="deadline", value=strange["deadline"].iloc[0])  # fmt: skip
    return deadlines, evidence


def _answers(record: SourceRecord, root: Path) -> pd.DataFrame:
    table = _rows(record, root, ANSWERS, _answer)
    if len(set(table["coder"])) != 1:
        raise InputError("holds the work of more than one coder", "Give every coder a file of their own.", file=table["file"].iloc[0], column="coder")  # fmt: skip
    (source_id,) = list(record.documents)[:1]
    return table.assign(source_id=source_id)


def _rows(record: SourceRecord, root: Path, header: list[str], check: Any) -> pd.DataFrame:
    name = record.path.relative_to(root).as_posix()
    found = []
    for line, cells in read_rows(record.path, name, header):
        try:
            if "source_id" in cells:
                one_of("source_id", cells["source_id"], tuple(record.documents))
            document = record.documents[cells["source_id"]] if "source_id" in cells else {}
            read = {"url": document.get("url", ""), "read": document.get("read", "whole")}
            found.append(check(cells) | read | {"file": name, "row": line})
        except InputError as error:
            raise error.located(file=name, row=line) from None
    return pd.DataFrame(found)


def _answer(c: dict[str, str]) -> dict[str, Any]:
    try:
        body = authority(c["body"])
    except InputError as error:
        raise error.located(column="body") from None
    if not body.asked:
        raise InputError(
            "was not asked the five questions", "Leave this row out.", column="body", value=c["body"]
        )
    one_of("question", c["question"], tuple(map(str, QUESTIONS)))
    one_of("code", c["code"], tuple(map(str, CODES)))
    one_of("scope", c["scope"], tuple(SCOPES))
    _day("date", c["date"])
    for column in ("place", "coder"):
        _filled(column, c[column])
    code = int(c["code"])
    if len(c["quote"].split()) > QUOTE_WORDS:
        raise InputError(
            f"has more than {QUOTE_WORDS} words", "Quote less.", column="quote", value=c["quote"]
        )
    if 2 <= code < NO_RECORD and not c["quote"]:
        raise InputError("an answer needs the words it rests on", "Add a quote, or code 1.", column="quote", value="")  # fmt: skip
    if (code == 4) != (c["scope"] == "subject") or (c["scope"] and code not in (3, 4)):
        raise InputError(
            f"does not go with code {code}",
            "4 is a figure for this subject (scope subject); a figure for a part or for more tasks is 3.",
            column="scope", value=c["scope"],
        )  # fmt: skip
    return c | {"question": int(c["question"]), "code": code}


def _deadline(c: dict[str, str]) -> dict[str, Any]:
    one_of("kind", c["kind"], KINDS)
    for column in (
        "id",
        "addressee_nl",
        "addressee_en",
        "text_nl",
        "text_en",
        "rule_nl",
        "rule_en",
        "checked_at",
        "locator",
    ):
        _filled(column, c[column])
    for column in ("date_earliest", "date_latest", "checked_at"):
        _day(column, c[column])
    if bool(c["date_earliest"]) != bool(c["date_latest"]) or c["date_earliest"] > c["date_latest"]:
        raise InputError("is before the earliest date, or one of the two is missing", "Give both, or neither.", column="date_latest", value=c["date_latest"])  # fmt: skip
    return dict(c)


def _evidence(c: dict[str, str]) -> dict[str, Any]:
    one_of("finding", c["finding"], FINDINGS)
    for column in ("locator", "published", "note_nl", "note_en"):
        _filled(column, c[column])
    for column in ("published", "done_on"):
        _day(column, c[column])
    if (c["finding"] == "done") != bool(c["done_on"]):
        raise InputError("the day it was done goes with the finding done, and only with that", "Mend the row.", column="done_on", value=c["done_on"])  # fmt: skip
    return dict(c)


def _filled(column: str, value: str) -> None:
    if not value:
        raise InputError("must not be empty", "Fill it in.", column=column, value=value)


def _day(column: str, value: str) -> None:
    try:
        valid = not value or date.fromisoformat(value).isoformat() == value
    except ValueError:
        valid = False
    if not valid:
        raise InputError("is not a date", "Write year-month-day, such as 2025-06-20, or leave it empty.", column=column, value=value)  # fmt: skip

"""Read rows strictly from tables made by hand, each error with its place; build rows of the tidy table."""

import csv
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.register import UNSEEN, SourceRecord
from osw_stats.errors import located
from osw_stats.meaning.authorities import NO_RECORD
from osw_stats.meaning.observations import COLUMNS, NAMES, WHOLE
from osw_stats.meaning.periods import iso_day, known_by
from osw_stats.meaning.series import series
from osw_stats.wording.parse import bare
from osw_stats.yamlfile import read_yaml, refusals

refused = refusals(__file__)

LARGEST = 50_000_000  # bytes of a table made by hand
# starts like a spreadsheet formula, and is not just a sign, or a signed number with words after it
FORMULA = re.compile(r"(?![+-](?:[\d.,]+(?:[\s%][\w\s%]*)?)?\Z)[=+@\t\r-]")
CODE = re.compile(r"[A-Za-z0-9_+.=-]*")
TIDY = {column.name: column.allowed for column in COLUMNS if column.allowed}
Line = tuple[int, list[str]]  # line number of a row, and its cells
Cells = dict[str, Any]  # of one row, by column
Form = dict[str, dict[str, Any]]  # columns, with the rules for their cells
FORMS: dict[str, Form] = read_yaml(Path(__file__).with_name("forms.yml"))  # by kind of table
Condition = Callable[[pd.DataFrame], Any]
# by kind of table, conditions that make a row invalid beyond the rules of forms.yml for single cells: column, code, test
CONDITIONS: dict[str, list[tuple[str, str, Condition]]] = {
    "answers": [
        ("quote", "long_quote", lambda d: d.quote.str.count(r"\S+") > 25),
        ("quote", "no_quote", lambda d: d.code.between(2, NO_RECORD - 1) & d.quote.eq("")),
        (
            "scope",
            "scope",
            lambda d: d.code.eq(4).ne(d.scope.eq("subject")) | (d.scope.ne("") & ~d.code.isin([3, 4])),
        ),
    ],
    "deadlines": [
        (
            "date_latest",
            "date_latest",
            lambda d: d.date_earliest.eq("").ne(d.date_latest.eq("")) | d.date_earliest.gt(d.date_latest),
        )
    ],
    "evidence": [("done_on", "done_on", lambda d: d.finding.eq("done").ne(d.done_on.ne("")))],
    "events": [("end", "end_before_start", lambda d: d.end.lt(d.start))],
    "ledger": [("id", "claim_twice", lambda d: d.id.duplicated())],
    "margins": [("n", "no_respondents", lambda d: d.respondents.le(0))],
}


def check_cells(kind: str, cells: Mapping[str, str], documents: Collection[str] = ()) -> None:
    """Refuse a row with a cell that its form does not allow; `documents` are the documents of its record."""
    for column, rule in FORMS[kind].items():
        value = cells[column]
        if rule.get("required") and not value:
            raise refused("empty", column=column)
        allowed = documents if column == "source_id" else rule.get("allowed") or TIDY.get(column)
        if allowed is not None:
            one_of(column, value, allowed)
        if rule.get("day") and value:
            iso_day(value, column)
        if rule.get("code") and not CODE.fullmatch(value):
            raise refused("code", column=column, value=value)


def one_of(column: str, value: str, allowed: Collection[str]) -> None:
    """Refuse a cell without an allowed value."""
    if value not in allowed:
        raise refused("allowed", column=column, value=value, allowed=", ".join(allowed))


def refuse_rows(wrong: pd.DataFrame, code: str, column: str, /, **words: object) -> None:
    """Raise an InputError about the first of these rows, if any."""
    for _, row in wrong.head(1).iterrows():
        place = {"file": row["file"], "row": int(row["row"]), "column": column, "value": row[column]}
        raise refused(code, **place, cells=row, **words)


def read_form(record: SourceRecord, root: Path, read: Callable[[Cells], Cells] = dict) -> pd.DataFrame:
    """Return a table made by hand: each row as parsed by `read`, with its file and line."""
    name = record.path.relative_to(root).as_posix()
    rows = []
    for line, cells in read_rows(record.path, name, list(FORMS[record.kind])):
        with located(file=name, row=line):
            check_cells(record.kind, cells, record.documents)
            rows.append({**read(cells), "file": name, "row": line})
    table = pd.DataFrame(rows)
    for column, code, condition in CONDITIONS.get(record.kind, ()):
        refuse_rows(table[condition(table)], code, column)
    return table


def read_rows(path: Path, name: str, header: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return every row of a table with exactly these columns, with its line number; refuse an empty table."""
    rows = read_table(path, name)
    _, columns = next(rows)
    if columns != list(header):
        unexpected = next((column for column in columns if column not in header), None)
        raise refused("columns", file=name, row=1, column=unexpected, header=",".join(header))
    table = [(line, dict(zip(header, cells, strict=True))) for line, cells in rows]
    if not table:
        raise refused("no_row", file=name, row=1)
    return table


def read_columns(path: Path, name: str, wanted: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a table with at least these columns, each with `row`, the number of its last line."""
    if not path.exists():
        raise refused("not_there", file=name)
    rows = read_table(path, name)
    _, header = next(rows)
    for column in wanted:
        if column not in header:
            raise refused("column_missing", file=name, row=1, column=column, wanted=", ".join(wanted))
    return [dict(zip(header, cells, strict=True)) | {"row": str(line)} for line, cells in rows]


def read_table(path: Path, name: str) -> Iterator[Line]:
    """Yield the heading of a table made by hand, then every row with its line number and stripped cells."""
    # cells that a spreadsheet would execute, or with invisible characters, are refused
    if path.is_file() and path.stat().st_size > LARGEST:
        raise refused("large_table", file=name, largest=LARGEST)
    rows = csv_rows(path, name)
    line, header = next(rows)
    yield line, header
    for line, cells in rows:
        plain = [cell.strip() for cell in cells]
        for column, cell in zip(header, plain, strict=True):
            with located(file=name, row=line, column=column):
                if UNSEEN.search(cell):
                    raise refused("unseen_cell", value=cell.encode("unicode_escape").decode("ascii"))
                if column != "formula" and FORMULA.match(cell):
                    raise refused("formula", value=cell)
        yield line, plain


def csv_rows(path: Path, name: str, other_length: str = "row_length") -> Iterator[Line]:
    """Yield the heading of a CSV file, then every non-empty row; `other_length` is the error code for a wrong length."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            yield 1, header
            for cells in filter(None, reader):
                if len(cells) != len(header):
                    words = {"cells": len(cells), "wanted": len(header)}
                    raise refused(other_length, file=name, row=reader.line_num, **words)
                yield reader.line_num, cells
    except UnicodeDecodeError:
        raise refused("not_utf8", file=name) from None
    except csv.Error as error:
        raise refused("broken_csv", file=name, error=error) from None


def number(column: str, text: str) -> float | None:
    """Return the number in a cell, None if empty: digits, a minus sign and a decimal point only."""
    if text == "":
        return None
    # here the point is always decimal, whatever the language of the document: "12,206" would be ambiguous
    value = None if "," in text else bare(text, "en")
    if value is None:
        raise refused("number", column=column, value=text)
    return float(value)


def step_of(text: str) -> float | None:
    """Return an overriding step, None if empty; it must be above zero."""
    step = number("step", text)
    if step is not None and step <= 0:
        raise refused("step", column="step", value=text)
    return step


def tidy_row(seen: str | None = None, **facts: Any) -> dict[str, Any]:
    """Return one row of the tidy table; omitted columns default to an exact, ordinary figure for everybody."""
    exact = {"lower": facts["obs_value"], "upper": facts["obs_value"], "lower_closed": True}
    exact |= {"ci_lower": math.nan, "ci_upper": math.nan, "obs_status": "normal", "role": "main"}
    row: dict[str, Any] = WHOLE | exact | dict.fromkeys(("as_reported", "published", "note"), "") | facts
    row |= defined(row["series_id"], row["time_period"], row["breakdown"])
    out_of_range = row["obs_value"] < 0 or row["obs_value"] > 100
    if series(row["series_id"]).is_share and not out_of_range:  # "0 procent" cannot mean less
        row |= {"lower": 0.0, "lower_closed": True} if row["lower"] < 0 else {}
        row |= {"upper": 100.0, "upper_closed": True} if row["upper"] > 100 else {}
    rounded = row["lower"] < row["upper"]
    row = {"upper_closed": not rounded} | row
    default_kind = "rounding" if rounded else "none"
    row["interval_kind"] = default_kind if math.isnan(row["ci_lower"]) else "published"
    row["obs_id"] = observation_id(row)
    row["known_by"] = known_by(row["published"], row["published_precision"], seen).isoformat()
    return {name: row[name] for name in NAMES if name in row}


def defined(series_id: str, time_period: str, breakdown: str) -> dict[str, str]:
    """Return the columns that follow from a figure's series."""
    about = series(series_id)
    facts = {"series_id": series_id, "publisher": about.publisher, "indicator": about.indicator}
    definition = about.definition_id(time_period, breakdown)
    return facts | {"unit_measure": about.unit, "definition_id": definition}


def observation_id(row: Mapping[str, str]) -> str:
    """Return the key of a figure, such as police_reports/2024/politie-2025-03-09; vintages differ in document."""
    group = [row[k] for k in ("sex", "age") if row[k] != "total"]
    group += [row["breakdown"].replace("=", "-")] if row["breakdown"] else []
    return "/".join([row["series_id"], row["time_period"], *group, row["source_id"]])

"""The record of a filled-in sheet, made from its contents; and its figures as rows of the tidy table."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.register import DOCUMENT_ID, SHEET, SUFFIX, SourceRecord, read_record, write_record
from osw_stats.data.sheets.form import refusal
from osw_stats.data.sheets.read import Filled, is_form, place_of, read_form
from osw_stats.data.transcription import observation
from osw_stats.errors import InputError, SheetError
from osw_stats.kept.disk import sha256
from osw_stats.meaning.observations import NAMES
from osw_stats.meaning.series import series
from osw_stats.yamlfile import require_schema


def record_sheets(root: Path, strange: list[Path], known: list[SourceRecord], seen: str) -> list[Path]:
    """Write a record beside every filled-in sheet that is new or was saved again; return the records."""
    # a sheet that was saved again keeps the day it was first seen; an unusable sheet gets no record
    sheets = [(path, seen) for path in strange if is_form(path)]
    for path, _ in sheets:
        if path.with_name(path.stem + SUFFIX).exists():
            raise refusal("other_form", path.relative_to(root).as_posix())
    sheets += [(r.path, r.facts["seen"]) for r in known if r.kind == "sheet" and r.changed()]
    return [_write(path, root, first_seen, seen) for path, first_seen in sheets]


def read_sheet(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one filled-in sheet, unless it was saved again and not yet recorded."""
    name = record.path.relative_to(root).as_posix()
    if record.changed():
        raise refusal("changed", name)
    return _observations(read_form(record.path, name), record, name)


def in_dutch(error: InputError, records: list[SourceRecord], root: Path) -> InputError:
    """Return an error about a row of a filled-in sheet by its cell and in Dutch; any other error unchanged."""
    name = str(error.file)
    paths = {r.path.relative_to(root).as_posix(): r.path for r in records if r.kind == "sheet"}
    if name not in paths or error.row is None or isinstance(error, SheetError):
        return error
    sheet, column = place_of(paths[name], name, "published" if error.column == "published" else "value")
    problem = re.sub(r"^(.+) says (.+), row ([0-9]+)\)$", r"\1 noemt \2, rij \3)", error.problem)
    return refusal("conflict", name, sheet=sheet, cell=f"{column}{error.row}", problem=problem)


def place_of_row(root: Path, row: Mapping[str, Any]) -> dict[str, str]:
    """Return the place of the value of an observation, by language: file and line, or sheet and cell."""
    name, line = str(row["file"]), int(row["row"])
    if not is_form(root / name):
        return {"nl": f"{name}, rij {line}", "en": f"{name}, row {line}"}
    sheet, column = place_of(root / name, name, "value")
    return {
        "nl": f"{name}{f', blad {sheet}' if sheet else ''}, cel {column}{line}",
        "en": f"{name}{f', sheet {sheet}' if sheet else ''}, cell {column}{line}",
    }


def _write(path: Path, root: Path, seen: str, today: str) -> Path:
    """Write the record of a sheet whose contents are all usable."""
    name = path.relative_to(root).as_posix()
    filled = read_form(path, name, date.fromisoformat(today))
    if not re.fullmatch(DOCUMENT_ID, path.stem):
        raise refusal("file_name", name)
    publishers = [series(cells["series_id"]).publisher for cells in filled]
    names = ", ".join(dict.fromkeys(publishers))
    entry: dict[str, Any] = {
        "file": path.name,
        "kind": "sheet",
        "title": f"Ingevuld blad van {names}" if filled else "Blad waarin nog geen waarde staat",
        "licence": "citation",
        "seen": seen,
        "sha256": sha256(path),
        "documents": {},
    }
    for cells, publisher in zip(filled, publishers, strict=True):
        title, url = cells["document"]
        document = {"publisher": publisher, "title": title, "language": "nl"} | ({"url": url} if url else {})
        document |= {"date_basis": "as filled in by hand", "seen": seen}
        document |= {"read_in": "a sheet that was filled in by hand", "licence": "citation"}
        entry["documents"].setdefault(cells["source_id"], document)  # with the publisher of its first row
    # a record refused by its schema would stop every later command
    require_schema(entry, SHEET, "Meld dit: het blad is goed, het programma niet.", file=name)
    # read every row before the record accepts the sheet
    target = path.with_name(path.stem + SUFFIX)
    _observations(filled, SourceRecord(target, "sheet", {path: ""}, entry["documents"], entry), name)
    write_record(target, entry)
    read_record(target)
    return target


def _observations(filled: list[Filled], record: SourceRecord, name: str) -> pd.DataFrame:
    rows = []
    for cells in filled:
        try:
            rows.append(observation(cells, record, name, cells["line"]))
        except InputError as error:
            raise refusal("row", name, row=cells["line"], problem=error.problem) from None
    return pd.DataFrame(rows, columns=NAMES)

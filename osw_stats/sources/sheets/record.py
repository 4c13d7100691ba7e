"""The record of a filled-in sheet, made from what it holds; and its figures as rows of the tidy table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from osw_stats.errors import InputError, SheetError
from osw_stats.sources.disk import sha256, write
from osw_stats.sources.register import DOCUMENT_ID, SHEET, SUFFIX, SourceRecord, read_record
from osw_stats.sources.sheets.read import Filled, is_form, place_of, read_form
from osw_stats.sources.transcription import observation
from osw_stats.vocabulary.observations import NAMES
from osw_stats.vocabulary.series import series
from osw_stats.yamlfile import require_schema


def record_sheets(
    raw: Path, root: Path, strange: list[Path], known: list[SourceRecord], seen: str
) -> list[Path]:
    """Write a record beside every filled-in sheet that is new or was saved again; return the records.

    Parameters
    ----------
    raw, root
        data/raw and the project folder.
    strange
        Files without a record.
    known
        The records that are there.
    seen
        Today; a sheet that was saved again keeps the day it was first seen.

    Raises
    ------
    SheetError
        If a sheet cannot be used; no record is written then.
    """
    written = []
    for path in (p for p in strange if is_form(p)):
        beside = path.with_name(path.stem + SUFFIX)
        if beside.exists():
            raise SheetError(
                "er is al een bestand met deze naam in een andere vorm", "Houd het xlsx- of het CSV-bestand over.",
                file=path.relative_to(root).as_posix(),
            )  # fmt: skip
        written.append(_write(path, root, seen, seen))
    for record in known:
        if record.kind == "sheet" and record.changed():
            written.append(_write(record.path, root, record.facts["seen"], seen))
    return written


def read_sheet(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one filled-in sheet.

    Raises
    ------
    SheetError
        If a cell cannot be used, or the sheet was saved again and not yet recorded.
    """
    name = record.path.relative_to(root).as_posix()
    if record.changed():
        raise SheetError(
            "het blad is veranderd sinds het is vastgelegd", "Start `osw build` of `osw record`.", file=name
        )
    return _observations(read_form(record.path, name), record, name)


def in_dutch(error: InputError, records: list[SourceRecord], root: Path) -> InputError:
    """Return an error about a row of a filled-in sheet by its cell and in Dutch; any other error as it is."""
    names = {r.path.relative_to(root).as_posix(): r.path for r in records if r.kind == "sheet"}
    path = names.get(str(error.file))
    if path is None or error.row is None or isinstance(error, SheetError):
        return error
    sheet, column = place_of(path, str(error.file), "published" if error.column == "published" else "value")
    other = re.sub(r"^(.+) says (.+), row ([0-9]+)\)$", r"\1 noemt \2, rij \3)", error.problem)
    return SheetError(
        f"dit past niet bij een ander cijfer of een andere rij ({other})",
        "Klopt uw cijfer, laat dan in data/raw/corrections.yml zetten welk van de twee telt en waarom "
        "(docs/maintaining.md).", file=error.file, sheet=sheet, cell=f"{column}{error.row}",
    )  # fmt: skip


def place_of_row(root: Path, row: Mapping[str, Any]) -> dict[str, str]:
    """Return where the value of an observation stands, by language: file and line, or sheet and cell."""
    name, line = str(row["file"]), int(row["row"])
    path = root / name
    if not is_form(path):
        return {"nl": f"{name}, rij {line}", "en": f"{name}, row {line}"}
    sheet, column = place_of(path, name, "value")
    return {
        "nl": f"{name}{f', blad {sheet}' if sheet else ''}, cel {column}{line}",
        "en": f"{name}{f', sheet {sheet}' if sheet else ''}, cell {column}{line}",
    }


def _write(path: Path, root: Path, seen: str, today: str) -> Path:
    name = path.relative_to(root).as_posix()
    filled = read_form(path, name, date.fromisoformat(today))
    entry = _entry(path, filled, seen)
    target = path.with_name(path.stem + SUFFIX)
    if not re.fullmatch(DOCUMENT_ID, path.stem):
        raise SheetError(
            "de naam van dit bestand kan niet in verwijzingen staan",
            "Geef het een naam van letters, cijfers, - en _, zoals helpwanted-2025.", file=name,
        )  # fmt: skip
    # a record that its own schema refuses would stop every later command
    require_schema(entry, SHEET, "Meld dit: het blad is goed, het programma niet.", file=name)
    # every row is read through before the record says that the sheet is good
    _observations(filled, SourceRecord(target, "sheet", {path: ""}, entry["documents"], entry), name)
    text = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100)
    write(target, text.encode())
    read_record(target)
    return target


def _entry(path: Path, filled: list[Filled], seen: str) -> dict[str, Any]:
    publishers = dict.fromkeys(series(f.cells["series_id"]).publisher for f in filled)
    return {
        "file": path.name,
        "kind": "sheet",
        "title": f"Ingevuld blad van {', '.join(publishers)}" if filled else "Blad waarin nog geen waarde staat",
        "licence": "citation",
        "seen": seen,
        "sha256": sha256(path),
        "documents": {
            source_id: {
                "publisher": next(
                    series(f.cells["series_id"]).publisher for f in filled if f.document == document
                ),
                "title": document[0], "language": "nl", **({"url": document[1]} if document[1] else {}),
                "date_basis": "as filled in by hand", "seen": seen, "read_in": "a sheet that was filled in by hand",
                "licence": "citation",
            }
            for document, source_id in _ids(path, filled).items()
        },
    }  # fmt: skip


def _ids(path: Path, filled: list[Filled]) -> dict[tuple[str, str], str]:
    """Return the id of each document: the sheet and the place among its documents."""
    documents = dict.fromkeys(f.document for f in filled)
    return {document: f"{path.stem.lower()}-{number}" for number, document in enumerate(documents, start=1)}


def _observations(filled: list[Filled], record: SourceRecord, name: str) -> pd.DataFrame:
    ids = _ids(record.path, filled)
    rows = []
    for f in filled:
        try:
            rows.append(observation(f.cells | {"source_id": ids[f.document]}, record, name, f.line))
        except SheetError:
            raise
        except InputError as error:
            raise SheetError(
                f"rij {f.line} kan niet worden gebruikt ({error.problem})", "Vergelijk haar met een andere rij.",
                file=name,
            ) from None  # fmt: skip
    return pd.DataFrame(rows, columns=NAMES)

"""Any saved form as a grid of texts in Dutch notation: an Excel workbook, or the CSV a Dutch Excel writes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from osw_stats.errors import SheetError
from osw_stats.sources.rows import UNSEEN
from osw_stats.sources.sheets.form import EXPLANATION, FIELDS, HEADINGS, INPUT, letter
from osw_stats.sources.sheets.shown import ShownOtherwiseError, shown, shown_text

MOST_BYTES = 5_000_000  # of a file; a form takes some ten thousand
MOST_UNPACKED = 50_000_000
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 2000, 60
LEAST_SIZE = 1  # of a row or column that can be seen
MOST_LETTERS = 2000  # in one cell
_TYPED = ("period", *(f.name for f in FIELDS if f.use == INPUT))
_EXAMPLE = "Gebruik het invulblad dat `osw new-edition` maakt."


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet, every cell as text; `sheet` is empty for a CSV file.

    `hidden` are the rows, and `hidden_columns` the columns, that the sheet does not show; `struck` are the cells
    of which a part is struck through.
    """

    file: str
    sheet: str
    rows: list[list[str]]
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[str] = frozenset()

    def error(self, row: int, column: int, problem: str, remedy: str) -> SheetError:
        """Return an error about a cell; `row` and `column` count from 0."""
        return SheetError(
            problem,
            remedy,
            file=self.file,
            sheet=self.sheet,
            cell=f"{letter(column)}{row + 1}",
        )


def read_grid(path: Path, name: str) -> Grid:
    """Return the filled-in sheet of a file.

    Parameters
    ----------
    path
        An .xlsx or .csv file.
    name
        How messages call it.

    Raises
    ------
    SheetError
        In Dutch: if the file is too large, no workbook or CSV, packs more than it should (a zip bomb), holds
        macros, or a cell holds a formula or an error, or shows something else than it holds.
    """
    if path.stat().st_size > MOST_BYTES:
        raise SheetError("het bestand is te groot voor een invulblad", _EXAMPLE, file=name)
    if path.suffix.lower() == ".xlsx":
        return _workbook(path, name)
    return Grid(name, "", _csv_rows(path.read_bytes(), name))


def _workbook(path: Path, name: str) -> Grid:
    _packed(path, name)
    from openpyxl import load_workbook  # a tenth of a second, for who has a workbook only

    try:
        book = load_workbook(path, read_only=True, keep_links=False, rich_text=True)
        sheets = [s for s in book.worksheets if s.title != EXPLANATION]
        if not sheets:
            raise SheetError("er staat geen invulblad in deze werkmap", _EXAMPLE, file=name)
        if len(sheets) > 1:
            raise SheetError(
                f"er staan {len(sheets)} bladen in deze werkmap", "Houd één invulblad over.", file=name
            )
        if sheets[0].sheet_state != "visible":
            raise SheetError(f"het blad {sheets[0].title} is verborgen", "Maak het zichtbaar.", file=name)
        grid = Grid(name, sheets[0].title, [], *_hidden(sheets[0]))
        typed: set[int] = set()
        for number, cells in enumerate(sheets[0].iter_rows(max_col=MOST_COLUMNS)):
            if number >= MOST_ROWS:
                raise SheetError(f"het blad heeft meer dan {MOST_ROWS} rijen", _EXAMPLE, file=name)
            grid.rows.append([_cell(grid, number, at, cell, at in typed) for at, cell in enumerate(cells)])
            if number == 0:
                typed = {at for at, text in enumerate(grid.rows[0]) if HEADINGS.get(text) in _TYPED}
        book.close()
    except SheetError:
        raise
    except Exception as error:  # whatever a damaged workbook makes openpyxl raise
        raise SheetError(
            f"de werkmap kan niet worden gelezen ({type(error).__name__})",
            "Open haar in Excel of LibreOffice en sla haar opnieuw op als xlsx.", file=name,
        ) from None  # fmt: skip
    return grid


def _packed(path: Path, name: str) -> None:
    """Look at how a workbook is packed before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = list(islice(packed.infolist(), MOST_PARTS + 1))
    except (zipfile.BadZipFile, OSError):
        raise SheetError(
            "dit is geen Excel-werkmap",
            "Sla het blad op als Excel-werkmap (xlsx), zonder wachtwoord.",
            file=name,
        ) from None
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
        raise SheetError("de werkmap pakt uit tot meer dan een invulblad kan zijn", _EXAMPLE, file=name)
    if any("vbaproject" in p.filename.lower() for p in parts):
        raise SheetError("de werkmap bevat macro’s", "Sla haar op als gewone xlsx.", file=name)


def _hidden(sheet: Any) -> tuple[frozenset[int], frozenset[int], frozenset[str]]:
    """Return the rows and columns that a sheet hides, by hand, by a filter or by their size, and cells struck in part."""
    from openpyxl.xml.functions import iterparse

    rows: set[int] = set()
    columns: set[int] = set()
    struck: set[str] = set()
    number, rest = 0, False
    with sheet._get_source() as source:
        for _, node in iterparse(source, events=("end",)):
            tag, found = node.tag.rpartition("}")[2], node.attrib
            if tag == "sheetFormatPr":
                rest = found.get("zeroHeight") in ("1", "true")
            elif tag == "col" and _is_hidden(found, "width"):
                columns |= set(range(int(found["min"]) - 1, min(int(found["max"]), MOST_COLUMNS)))
            elif tag == "c" and any(part.tag.endswith("}strike") for part in node.iter()):
                struck.add(found.get("r", ""))
            elif tag == "row":
                number = int(found.get("r", number + 1))
                if number > MOST_ROWS:
                    break
                if _is_hidden(found, "ht") or (rest and "ht" not in found):
                    rows.add(number - 1)
                node.clear()
    return frozenset(rows), frozenset(columns), frozenset(struck)


def _is_hidden(found: Mapping[str, str], size: str) -> bool:
    return found.get("hidden") in ("1", "true") or float(found.get(size, 1)) < LEAST_SIZE


def _cell(grid: Grid, row: int, column: int, cell: Any, typed: bool) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        raise grid.error(row, column, "hier staat een formule", "Typ de uitkomst als getal.")
    if cell.data_type == "e":
        raise grid.error(row, column, f"hier staat een fout ({value})", "Typ het getal, of maak de cel leeg.")
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if not typed:  # of last year, or the key: nothing that is read as a figure
        return f"{value:g}" if isinstance(value, int | float) else _plain(grid, row, column, str(value))
    parts = value if isinstance(value, list) else ()  # of a text with fonts of its own
    struck = cell.font.strike or f"{letter(column)}{row + 1}" in grid.struck
    if struck or any(_is_struck(part) for part in parts):
        raise grid.error(row, column, "wat in deze cel staat is doorgehaald", "Haal de doorhaling weg, of maak de cel leeg.")  # fmt: skip
    try:
        if isinstance(value, int | float):
            return shown(value, cell.number_format)
        return _plain(grid, row, column, shown_text(str(value), cell.number_format))
    except ShownOtherwiseError as error:
        raise grid.error(
            row, column, f"{error} (opmaak “{cell.number_format}”)",
            "Kies voor de cel de opmaak Standaard en typ het getal zoals het is gepubliceerd.",
        ) from None  # fmt: skip


def _is_struck(part: Any) -> bool:
    font = getattr(part, "font", None)
    return bool(font is not None and font.strike)


def _plain(grid: Grid, row: int, column: int, text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise grid.error(row, column, "deze tekst is te lang", f"Houd het onder {MOST_LETTERS} tekens.")
    found = " ".join(text.split()).removeprefix("'")
    if UNSEEN.search(found):
        raise grid.error(row, column, "hier staat een teken dat niet te zien is", "Typ de cel opnieuw.")
    return found


def _csv_rows(body: bytes, name: str) -> list[list[str]]:
    """Return the rows of a CSV with semicolons, as UTF-8 (with or without mark) or as Windows writes it."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError(
            "dit bestand is opgeslagen als Unicode-tekst (UTF-16)",
            "Kies bij Opslaan als: “CSV UTF-8” of “CSV (gescheiden door lijstscheidingsteken)”.", file=name,
        )  # fmt: skip
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    if "\x00" in text or "\ufffd" in text:
        raise SheetError("dit is geen CSV-bestand", _EXAMPLE, file=name)
    grid = Grid(name, "", [])
    try:
        for number, cells in enumerate(
            _limited(csv.reader(io.StringIO(text), delimiter=";", strict=True), name)
        ):
            for column, cell in enumerate(cells):
                if cell.startswith("="):
                    raise grid.error(number, column, "hier staat een formule", "Typ de uitkomst als getal.")
            grid.rows.append([_plain(grid, number, column, cell) for column, cell in enumerate(cells)])
    except csv.Error as error:
        raise SheetError(
            f"het CSV-bestand kan niet worden gelezen ({error})",
            "Sla het blad opnieuw op als CSV.",
            file=name,
        ) from None
    return grid.rows


def _limited(rows: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    for number, cells in enumerate(rows):
        if number >= MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise SheetError("het bestand heeft te veel rijen of kolommen", _EXAMPLE, file=name)
        yield cells

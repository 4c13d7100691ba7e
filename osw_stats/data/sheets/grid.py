"""Any saved form as a grid of texts in Dutch notation: an Excel workbook, or the CSV a Dutch Excel writes."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from osw_stats.data.register import UNSEEN
from osw_stats.data.sheets.form import EXPLANATION, HEADINGS, INPUTS, letter, refusal
from osw_stats.errors import SheetError

# text that Excel shows literally (quoted, or after a backslash), codes that show nothing, and a currency
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]|[_*].",
    re.S | re.I,
)
_MAY_STAND = re.compile(r"(?:EUR|[-+()€%\s])*")  # text allowed next to a number
_PERCENT, _WORDS = "\x00", "\x01"  # for a percent sign that is text, and any other text: in no workbook
_PLAIN = re.compile(
    r"(?P<before>(?:EUR|[-+(€\s])*)(?P<whole>[#0?](?:[#0?,]*[#0?])?)(?:\.(?P<decimals>[#0?]+))?"
    rf"(?P<after>(?:EUR|[-)€\s%{_PERCENT}])*)"
)
_NOTED = re.compile(rb'<(?:\w+:)?comment [^>]*ref="([A-Z]+[0-9]+)"')
_DIGITS = 15  # of a number in a workbook; more are floating-point noise

MOST_BYTES = 5_000_000  # of a file; a form takes some ten thousand
MOST_UNPACKED = 50_000_000
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 2000, 60
LEAST_SIZE = 1  # of a visible row or column
MOST_LETTERS = 2000  # in one cell


class ShownOtherwiseError(ValueError):
    """A cell that does not show its contents; the text explains it in Dutch."""


def shown(value: float, number_format: str) -> str:
    """Return a number as its cell shows it, in Dutch notation and without thousands marks.

    Plain formats are General, digits with decimals and thousands, a percent sign and an amount in euros, with a
    section of their own for numbers below zero and zero. Any other format raises `ShownOtherwiseError`, as does one
    that rounds or hides the number or changes its sign.

    >>> shown(0.8, '0.0"%"'), shown(0.31, "0%"), shown(12, "0.0"), shown(-1234.5, "#,##0.00")
    ('0,8%', '31%', '12,0', '-1234,50')
    """
    number = Decimal(f"{value:.{_DIGITS}g}")
    sections = _sections(number_format)
    negative = len(sections) > 1 and number < 0  # a section for negatives shows the minus itself
    section = sections[1] if negative else sections[2] if number == 0 and len(sections) > 2 else sections[0]
    if section.lower() in ("@", "general", "standaard") and not negative:
        return _dutch(number)
    plain = _PLAIN.fullmatch(section)
    affixes = plain["before"] + plain["after"] if plain else ""
    several = len(re.findall(f"[%{_PERCENT}]|€|EUR", affixes)) > 1
    if plain is None or several or re.search(r"\[[<>=]", number_format):
        raise ShownOtherwiseError("de opmaak van deze cel is geen gewone opmaak van een getal")
    whole, decimals, after = plain["whole"], plain["decimals"] or "", plain["after"]
    if ("-" in affixes or ("(" in affixes and ")" in affixes)) != negative:
        raise ShownOtherwiseError("de opmaak van deze cel verandert het teken van het getal")
    if "%" in after:  # a percent sign that is not text multiplies by 100
        number = number.scaleb(2)
    if number != round(number, len(decimals)):
        raise ShownOtherwiseError(f"deze cel toont een afgerond getal, maar bevat {_dutch(number)}")
    if number == 0 and "0" not in whole + decimals:
        raise ShownOtherwiseError("de opmaak van deze cel laat een nul niet zien")
    places = max(len(decimals.rstrip("#?")), -int(number.normalize().as_tuple().exponent))
    unit = "%" if "%" in after or _PERCENT in after else " euro" if re.search("€|EUR", affixes) else ""
    return f"{number:.{places}f}".replace(".", ",") + unit


def _dutch(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


def shown_text(text: str, number_format: str) -> str:
    """Return the text of a cell; raise `ShownOtherwiseError` if its format hides it or adds to it."""
    sections = _sections(number_format)
    if (len(sections) > 3 or "@" in sections[-1]) and sections[-1] != "@":
        raise ShownOtherwiseError("de opmaak van deze cel laat de tekst niet zien zoals zij is")
    return text


def _sections(number_format: str) -> list[str]:
    """Return the sections of a format without codes that show nothing; other text becomes a mark."""
    return _PIECE.sub(_literal, number_format or "General").split(";")


def _literal(piece: re.Match[str]) -> str:
    text = next((t for t in piece.group("quoted", "escaped", "currency") if t is not None), "")
    return text.replace("%", _PERCENT) if _MAY_STAND.fullmatch(text) else _WORDS


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet, every cell as text; hidden rows and columns, and cells partly struck through."""

    file: str
    sheet: str
    rows: list[list[str]]
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[str] = frozenset()

    def error(self, row: int, column: int, code: str, /, **words: object) -> SheetError:
        """Return an error about a cell; `row` and `column` count from 0."""
        return refusal(code, self.file, sheet=self.sheet, cell=f"{letter(column)}{row + 1}", **words)


def read_grid(path: Path, name: str) -> Grid:
    """Return the filled-in sheet of an .xlsx or .csv file, called `name` in messages."""
    # refused are files too large, zip bombs, macros, and cells with a formula or an error, or whose display
    # differs from their contents
    if path.stat().st_size > MOST_BYTES:
        raise refusal("too_large", name)
    if path.suffix.lower() == ".xlsx":
        _require_small(path, name)
        try:
            return _workbook(path, name)
        except SheetError:
            raise
        except Exception as error:  # any error that openpyxl raises on a damaged workbook
            raise refusal("damaged", name, kind=type(error).__name__) from None
    return _csv(path.read_bytes(), name)


def _require_small(path: Path, name: str) -> None:
    """Refuse a workbook by its packed parts, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            comments = [part for part in parts if "/comment" in part.filename and part.file_size < MOST_BYTES]
            commented = next((m[1].decode() for p in comments if (m := _NOTED.search(packed.read(p)))), "")
    except (zipfile.BadZipFile, OSError):
        raise refusal("no_workbook", name) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refusal("unpacks", name)
    if any("vbaproject" in part.filename.lower() for part in parts):
        raise refusal("macros", name)
    if commented:
        raise refusal("comment", name, cell=commented)


def _workbook(path: Path, name: str) -> Grid:
    from openpyxl import load_workbook  # takes a tenth of a second, only for workbooks

    # openpyxl's other mode fills every cell of a merged range or link, however large the sheet claims to be
    book = load_workbook(path, read_only=True, keep_links=False, rich_text=True)
    sheets = [sheet for sheet in book.worksheets if sheet.title != EXPLANATION]
    if not sheets:
        raise refusal("no_sheet", name)
    if len(sheets) > 1:
        raise refusal("two_sheets", name, count=len(sheets))
    sheet = sheets[0]
    if sheet.sheet_state != "visible":
        raise refusal("hidden_sheet", name, title=sheet.title)
    hidden, hidden_columns, struck, merged = _hidden(sheet)
    if merged:
        raise refusal("merged", name, sheet=sheet.title, cell=merged)
    grid = Grid(name, sheet.title, [], hidden, hidden_columns, struck)
    inputs: set[int] = set()
    for row, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS)):
        if row >= MOST_ROWS:
            raise refusal("many_rows", name, most=MOST_ROWS)
        grid.rows.append([_cell(grid, row, at, cell, at in inputs) for at, cell in enumerate(cells)])
        if row == 0:
            inputs = {at for at, text in enumerate(grid.rows[0]) if HEADINGS.get(text) in ("period", *INPUTS)}
    book.close()
    return grid


def _hidden(sheet: Any) -> tuple[frozenset[int], frozenset[int], frozenset[str], str]:
    """Return the hidden rows and columns of a sheet (by hand, filter or size), cells partly struck through, and a merged one."""
    from openpyxl.xml.functions import iterparse

    rows, columns, struck = set[int](), set[int](), set[str]()
    number, rows_hidden, merged = 0, False, ""
    with sheet._get_source() as source:
        for _, node in iterparse(source, events=("end",)):
            tag, attributes = node.tag.rpartition("}")[2], node.attrib
            if tag == "sheetFormatPr":
                rows_hidden = attributes.get("zeroHeight") in ("1", "true")
            elif tag == "col" and _is_hidden(attributes, "width"):
                columns |= set(range(int(attributes["min"]) - 1, min(int(attributes["max"]), MOST_COLUMNS)))
            elif tag == "c" and any(part.tag.endswith("}strike") for part in node.iter()):
                struck.add(attributes.get("r", ""))
            elif tag == "mergeCell":
                merged = merged or attributes.get("ref", "")
            elif tag == "row":
                number = int(attributes.get("r", number + 1))
                if number > MOST_ROWS:
                    break
                if _is_hidden(attributes, "ht") or (rows_hidden and "ht" not in attributes):
                    rows.add(number - 1)
                node.clear()
    return frozenset(rows), frozenset(columns), frozenset(struck), merged


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, 1)) < LEAST_SIZE


def _cell(grid: Grid, row: int, column: int, cell: Any, is_input: bool) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        raise grid.error(row, column, "formula")
    if cell.data_type == "e":
        raise grid.error(row, column, "error", value=value)
    if isinstance(value, date):
        marks = set(_PIECE.sub("", cell.number_format).lower())
        month_only = {"m", "y"} <= marks and "d" not in marks  # the day is the first by default
        return value.strftime("%Y-%m" if month_only else "%Y-%m-%d")
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if not is_input:  # of last year, or the key: not read as a figure
        return f"{value:g}" if isinstance(value, int | float) else _plain(grid, row, column, str(value))
    parts = value if isinstance(value, list) else ()  # of a text with several fonts
    struck = cell.font.strike or f"{letter(column)}{row + 1}" in grid.struck
    if struck or any(part.font.strike for part in parts if hasattr(part, "font")):
        raise grid.error(row, column, "struck")
    try:
        if isinstance(value, int | float):
            return shown(value, cell.number_format)
        return _plain(grid, row, column, shown_text(str(value), cell.number_format))
    except ShownOtherwiseError as reason:
        words = {"reason": reason, "number_format": cell.number_format}
        raise grid.error(row, column, "number_format", **words) from None


def _plain(grid: Grid, row: int, column: int, text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise grid.error(row, column, "long", most=MOST_LETTERS)
    plain = " ".join(text.split()).removeprefix("'")
    if UNSEEN.search(plain):
        raise grid.error(row, column, "unseen")
    return plain


def _csv(body: bytes, name: str) -> Grid:
    """Return the grid of a CSV with semicolons, in UTF-8 (with or without a byte order mark) or Windows encoding."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal("utf_16", name)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    if "\x00" in text or "\ufffd" in text:
        raise refusal("no_csv", name)
    grid = Grid(name, "", [])
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=";", strict=True)):
            if row >= MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise refusal("many_cells", name)
            formula = next((at for at, cell in enumerate(cells) if cell.startswith("=")), None)
            if formula is not None:
                raise grid.error(row, formula, "formula")
            grid.rows.append([_plain(grid, row, column, cell) for column, cell in enumerate(cells)])
    except csv.Error as error:
        raise refusal("broken_csv", name, reason=error) from None
    return grid

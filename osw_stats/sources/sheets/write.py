"""Write a fill-in workbook: text stays text, nothing is a formula, and the same rows give the same bytes."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from osw_stats.sources.disk import write
from osw_stats.sources.sheets.form import (
    ANY,
    EXPLANATION,
    FIELDS,
    INPUT,
    OPEN_ROWS,
    STATUSES,
    letter,
    short_name,
)

HEAD = PatternFill("solid", fgColor="1F4E5F")
WANTED = PatternFill("solid", fgColor="FFF2CC")  # due or overdue: fill in
LONG = ("where", "key")  # may run on past the edge of their cell
LINE = Border(bottom=Side("hair"), right=Side("hair"))
OPEN = PatternFill("solid", fgColor="F7F7F7")
OTHER = "Andere periode of herzien cijfer"
# a cell that begins so is run as a formula by some programs when the sheet is opened again
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
STEPS = (
    "Vul alleen de gekleurde cellen in. Geel: dit cijfer wordt nu verwacht. Grijs: mag, hoeft nog niet.",
    "Rijen zonder waarde worden overgeslagen. U hoeft dus niet alles in te vullen.",
    "Sla het bestand op in de map data/raw/filled_in, als Excel-werkmap (xlsx) of als CSV (gescheiden door puntkomma’s).",
    "Start daarna: osw build. Klopt er iets niet, dan noemt de melding de cel. Verbeter die, sla op en start opnieuw.",
    "Verander de kolom Sleutel en de koppen niet. Typ geen formules: alleen de uitkomst.",
    "Een verandering in procent mag leeg blijven als beide aantallen er staan: het programma rekent haar dan uit.",
    "Een ander jaar, halfjaar of andere maand, of een herzien ouder cijfer: neem een open rij onderaan. Kies daar de Sleutel (kolom F tot en met H van Uitleg zegt welke), typ de Periode, en kies “herzien” als het cijfer een eerder gepubliceerd cijfer vervangt.",
    "Ontbreekt een cijfer omdat het niet wordt bijgehouden? Kies dat bij Bijzonderheid. Vul nooit nul in voor onbekend.",
)  # fmt: skip


def write_workbook(
    path: Path,
    publisher: str,
    rows: Sequence[Mapping[str, Any]],
    known: Sequence[Mapping[str, str]],
    made: date,
) -> None:
    """Write the fill-in workbook of one publisher.

    Parameters
    ----------
    path
        Where; written whole or not at all.
    publisher
        Its name gives the sheet its name.
    rows
        One mapping a row, by field name (`form.FIELDS`), and `wanted`: whether the figure is due.
    known
        Every series and group of the publisher: key, title, group and unit, in Dutch. What is chosen in the rows
        left open at the foot.
    made
        The as-of date of the edition: the file carries this date and no other.
    """
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = short_name(publisher)
    _heading(sheet)
    rows = [*rows, *[{"title": OTHER, "wanted": False, "open": True}] * OPEN_ROWS]
    for number, row in enumerate(rows, start=2):
        _row(sheet, number, row)
    _explain(book.create_sheet(EXPLANATION))
    last = len(rows) + 1
    _choices(sheet, "status", [s for s in STATUSES if s], last, book)
    _choices(sheet, "unit", list(dict.fromkeys(k["unit"] for k in known)), last, book)
    _choices(sheet, "key", [k["key"] for k in known], last, book, first=last - OPEN_ROWS + 1)
    _name_keys(book[EXPLANATION], known)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{letter(len(FIELDS) - 1)}{last}"
    sheet.protection.sheet = True  # without a password: a fence, not a lock
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.protection.formatColumns = sheet.protection.autoFilter = False
    book.properties.title, book.properties.creator = f"Invulblad {publisher}", "osw_stats"
    book.properties.language = "nl-NL"
    write(path, _same_bytes(book, made))


def _heading(sheet: Worksheet) -> None:
    for column, field in enumerate(FIELDS, start=1):
        cell = _text(sheet.cell(1, column), field.heading)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter(column - 1)].width = field.width


def _row(sheet: Worksheet, number: int, row: Mapping[str, Any]) -> None:
    sheet.row_dimensions[number].height = _height(row)
    for column, field in enumerate(FIELDS, start=1):
        cell = sheet.cell(number, column)
        value = row.get(field.name, "")
        if isinstance(value, int | float):
            cell.value = value
            cell.number_format = "#,##0.##" if value != int(value) else "#,##0"
        elif value != "":
            _text(cell, str(value))
        cell.alignment = Alignment(vertical="top", wrap_text=field.name not in LONG)
        cell.border = LINE
        if field.use == INPUT or (row.get("open") and field.name in ANY):
            cell.fill = WANTED if row["wanted"] else OPEN
            cell.protection = Protection(locked=False)
            if field.name in ("published", "wording", "period"):
                cell.number_format = "@"  # Excel would make a date or a number of it


def _height(row: Mapping[str, Any]) -> float:
    """Return the height that the longest wrapped text of a row needs, in points."""
    lines = (len(str(row.get(f.name, ""))) / f.width for f in FIELDS if f.name not in LONG)
    return 15.0 * max(1, math.ceil(1.1 * max(lines)))


def _text(cell: Cell, text: str) -> Cell:
    """Put text into a cell so that no program takes it for a formula."""
    cell.value = text
    cell.data_type = "s"
    if text.startswith(DANGEROUS):
        cell.value, cell.data_type = f"'{text}", "s"
    return cell


def _choices(
    sheet: Worksheet, name: str, choices: Sequence[str], last: int, book: Workbook, first: int = 2
) -> None:
    """Let a column offer its choices. They stand on the page of explanation, so that a CSV does not carry them."""
    page = book[EXPLANATION]
    column = next(i for i, f in enumerate(FIELDS, start=1) if f.name == name)
    home = {"unit": 4, "status": 5, "key": 6}[name]
    for place, choice in enumerate([FIELDS[column - 1].heading, *choices], start=1):
        _text(page.cell(place, home), choice)
    page.column_dimensions[letter(home - 1)].width = 26
    page.cell(1, home).font = Font(bold=True)
    at = f"${letter(home - 1)}"
    rule = DataValidation(
        type="list", formula1=f"{EXPLANATION}!{at}$2:{at}${len(choices) + 1}", allow_blank=True,
        showErrorMessage=True, errorTitle="Kies uit de lijst",
        error="Kies een van de mogelijkheden, of laat de cel leeg.",
    )  # fmt: skip
    rule.add(f"{letter(column - 1)}{first}:{letter(column - 1)}{last}")
    sheet.add_data_validation(rule)


def _name_keys(page: Worksheet, known: Sequence[Mapping[str, str]]) -> None:
    """Write beside every key what it stands for."""
    for number, (left, right) in enumerate(
        [("Cijfer", "Groep"), *((k["title"], k["group"]) for k in known)], 1
    ):
        _text(page.cell(number, 7), left).font = Font(bold=number == 1)
        _text(page.cell(number, 8), right).font = Font(bold=number == 1)
    for column, width in (("F", 60), ("G", 60), ("H", 26)):
        page.column_dimensions[column].width = width


def _explain(sheet: Worksheet) -> None:
    lines = [("Zo vult u dit in", "")] + [(f"{n}.", text) for n, text in enumerate(STEPS, start=1)]
    lines += [("", ""), ("De kolommen", "")] + [(f.heading, f.help) for f in FIELDS]
    for number, (left, right) in enumerate(lines, start=1):
        cell = _text(sheet.cell(number, 1), left)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
        _text(sheet.cell(number, 2), right).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 100
    sheet.protection.sheet = True


def _same_bytes(book: Workbook, made: date) -> bytes:
    """Return the workbook as a file that holds no time of saving."""
    raw, out = io.BytesIO(), io.BytesIO()
    moment = datetime(made.year, made.month, made.day)
    book.properties.created = moment
    book.save(raw)
    now = book.properties.modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = body.replace(now, moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode())
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, body)
    return out.getvalue()

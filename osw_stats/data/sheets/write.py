"""Write a fill-in workbook: text stays text, nothing is a formula, and the same rows give the same bytes."""

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

from osw_stats.data.sheets import form
from osw_stats.kept.disk import write

Rows = Sequence[Mapping[str, Any]]
HEAD = PatternFill("solid", fgColor="1F4E5F")
WANTED = PatternFill("solid", fgColor="FFF2CC")  # due or overdue: fill in
OPEN = PatternFill("solid", fgColor="F7F7F7")
LINE = Border(bottom=Side("hair"), right=Side("hair"))
LONG = ("where", "key")  # may overflow their cell
# some programs run a cell with this first character as a formula when the sheet is reopened
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(path: Path, publisher: str, rows: Rows, known: Rows, made: date) -> None:
    """Write the fill-in workbook of one publisher, whole or not at all, dated `made`."""
    # `known` are the series and groups of the publisher, for the rows left open at the foot
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = form.short_name(publisher)
    for column, field in enumerate(form.FIELDS, start=1):
        cell = _text(sheet.cell(1, column), field.heading)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[cell.column_letter].width = field.width
    rows = [*rows, *[{"title": form.OPEN_TITLE, "wanted": False, "open": True}] * form.OPEN_ROWS]
    for number, row in enumerate(rows, start=2):
        _row(sheet, number, row)
    last = len(rows) + 1
    units = list(dict.fromkeys(k["unit"] for k in known))
    _explain(book.create_sheet(form.EXPLANATION), units, known)
    _offer(sheet, "status", "E", len(form.CHOICES), range(2, last))
    _offer(sheet, "unit", "D", len(units), range(2, last))
    _offer(sheet, "key", "F", len(known), range(last - form.OPEN_ROWS + 1, last))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{form.letter(len(form.FIELDS) - 1)}{last}"
    sheet.protection.sheet = True  # without a password: a fence, not a lock
    sheet.protection.formatColumns = sheet.protection.autoFilter = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.title, book.properties.creator = f"Invulblad {publisher}", "osw_stats"
    book.properties.language = "nl-NL"
    write(path, _same_bytes(book, made))


def _row(sheet: Worksheet, number: int, row: Mapping[str, Any]) -> None:
    # the height of the longest wrapped text, in points
    lines = max(len(str(row.get(f.name, ""))) / f.width for f in form.FIELDS if f.name not in LONG)
    sheet.row_dimensions[number].height = 15.0 * max(1, math.ceil(1.1 * lines))
    fillable = (*form.INPUTS, "period", "key") if row.get("open") else form.INPUTS
    for column, field in enumerate(form.FIELDS, start=1):
        cell = sheet.cell(number, column)
        value = row.get(field.name, "")
        if isinstance(value, int | float):
            cell.value = value
            cell.number_format = "#,##0.##" if value != int(value) else "#,##0"
        elif value != "":
            _text(cell, str(value))
        cell.alignment = Alignment(vertical="top", wrap_text=field.name not in LONG)
        cell.border = LINE
        if field.name in fillable:
            cell.fill = WANTED if row["wanted"] else OPEN
            cell.protection = Protection(locked=False)
            if field.name in ("published", "wording", "period"):
                cell.number_format = "@"  # Excel would turn it into a date or a number


def _text(cell: Cell, text: str, *, bold: bool = False) -> Cell:
    """Set the text of a cell so that no program reads it as a formula."""
    cell.value = f"'{text}" if text.startswith(DANGEROUS) else text
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _explain(page: Worksheet, units: Sequence[str], known: Rows) -> None:
    """Write the instructions and the choices, on a separate page so that a CSV omits them."""
    lines = [("Zo vult u dit in", "")] + [(f"{n}.", text) for n, text in enumerate(form.STEPS, start=1)]
    lines += [("", ""), ("De kolommen", "")] + [(f.heading, f.help) for f in form.FIELDS]
    for number, (left, right) in enumerate(lines, start=1):
        _text(page.cell(number, 1), left, bold=True).alignment = Alignment(vertical="top")
        _text(page.cell(number, 2), right).alignment = Alignment(wrap_text=True, vertical="top")
    choices = {"unit": units, "status": form.CHOICES}
    choices |= {name: [k[name] for k in known] for name in ("key", "title", "group")}
    heading = {name: text for text, name in form.HEADINGS.items()}
    for column, (name, texts) in enumerate(choices.items(), start=4):
        for number, text in enumerate([heading[name], *texts], start=1):
            _text(page.cell(number, column), text, bold=number == 1)
    widths = {"A": 22, "B": 100, "D": 26, "E": 26, "F": 60, "G": 60, "H": 26}
    for column_letter, width in widths.items():
        page.column_dimensions[column_letter].width = width
    page.protection.sheet = True


def _offer(sheet: Worksheet, name: str, home: str, count: int, rows: range) -> None:
    """Offer the entries of a column on the page of explanation as choices in a column of the sheet."""
    rule = DataValidation(
        type="list",
        formula1=f"{form.EXPLANATION}!${home}$2:${home}${count + 1}",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Kies uit de lijst",
        error="Kies een van de mogelijkheden, of laat de cel leeg.",
    )
    column = form.letter([f.name for f in form.FIELDS].index(name))
    rule.add(f"{column}{rows.start}:{column}{rows.stop}")
    sheet.add_data_validation(rule)


def _same_bytes(book: Workbook, made: date) -> bytes:
    """Return the workbook as bytes without the time of saving."""
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

"""Read a filled-in sheet into rows like those of a table copied by hand; errors name the cell, in Dutch."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from osw_stats.data.register import URL
from osw_stats.data.rows import one_of
from osw_stats.data.sheets.form import CHOICES, FIELDS, HEADINGS, INPUTS, STATUSES, letter, read_key
from osw_stats.data.sheets.grid import Grid, read_grid
from osw_stats.data.statline.grid import workbook_rows
from osw_stats.data.statline.keys import TIME
from osw_stats.data.statline.layout import is_layout
from osw_stats.data.transcription import RISE, read_wording
from osw_stats.errors import InputError
from osw_stats.meaning.observations import SEXES, WITHOUT_VALUE
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import Series, series
from osw_stats.meaning.units import UNITS, unit
from osw_stats.wording.parse import NO_FIGURE, bare

_DATES = dict.fromkeys(("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"), "day")
_DATES |= dict.fromkeys(("%Y-%m", "%m-%Y", "%m/%Y"), "month")
_VALUE_FIELDS = ("status", "wording", "note")  # these need a value
_SIGNS = {"percent": "%", "eur": "euro"}  # allowed after a value, by unit


# one filled-in row: the cells of a row copied by hand, title and address of its document, its line in the sheet
Filled = dict[str, Any]


@dataclass(frozen=True)
class _Row:
    """One row of a sheet, read by field name."""

    grid: Grid
    number: int
    columns: dict[str, int]

    def __getitem__(self, name: str) -> str:
        cells, column = self.grid.rows[self.number], self.columns[name]
        return cells[column] if column < len(cells) else ""

    def fail(self, name: str, code: str, /, **words: object) -> NoReturn:
        """Refuse a cell; the message may quote it as `text`."""
        raise self.grid.error(self.number, self.columns[name], code, **{"text": self[name]} | words)


def is_form(path: Path) -> bool:
    """Return whether a file is meant as a filled-in sheet: a workbook other than a publisher's, or a CSV with its headings."""
    if path.suffix.lower() == ".xlsx":
        return not _is_published(path, path.stat().st_mtime_ns)
    if path.suffix.lower() != ".csv":
        return path.suffix.lower() in (".xlsm", ".xls")
    with path.open("rb") as handle:
        first = handle.readline(4000).replace(b"\x00", b"")
    return b"Sleutel" in first and b"Waarde" in first


@lru_cache
def _is_published(path: Path, _saved: int) -> bool:
    try:
        rows = [cells for _, cells in workbook_rows(path, most=30)[0]]
        heads = {cell.strip() for cell in rows[0]} if rows else set()
        return is_layout(rows) or bool({h.casefold() for h in heads} & TIME and not heads & set(HEADINGS))
    except InputError:
        return False  # the reader of sheets reports what is wrong with it


def read_form(path: Path, name: str, today: date | None = None) -> list[Filled]:
    """Return the filled-in rows; a SheetError names the first unusable cell."""
    grid = read_grid(path, name)
    columns = _columns(grid)
    rows: list[Filled] = []
    ids: dict[tuple[str, str], str] = {}  # of each document: the sheet and its place among the documents
    lines: dict[tuple[str, str], int] = {}  # of each figure
    dates: dict[tuple[str, str], tuple[str, int]] = {}  # of each document, and the line that gives it
    for number in range(1, len(grid.rows)):
        row = _Row(grid, number, columns)
        if row["status"] not in STATUSES:
            row.fail("status", "status", choices=", ".join(CHOICES))
        if not row["value"] and STATUSES[row["status"]] not in WITHOUT_VALUE:
            if title := next((f.heading for f in FIELDS if f.name in _VALUE_FIELDS and row[f.name]), ""):
                row.fail("value", "no_value", heading=title)
            continue
        if number in grid.hidden:
            row.fail("value", "hidden_row", row=number + 1)
        for field in FIELDS:  # a filled-in cell that the sheet does not show
            hidden = columns[field.name] in grid.hidden_columns
            if hidden and row[field.name] and field.name in (*INPUTS, "period"):
                row.fail(field.name, "hidden_column", heading=field.heading)
        filled, document = _filled(row, today), (row["document"], row["url"])
        source_id = ids.setdefault(document, f"{path.stem.lower()}-{len(ids) + 1}")
        line = lines.setdefault((row["key"], row["period"]), number + 1)
        if line != number + 1:
            row.fail("key", "twice", row=line)
        day, line = dates.setdefault(document, (filled["published"], number + 1))
        if day != filled["published"]:
            row.fail("published", "two_dates", row=line)
        rows.append(filled | {"source_id": source_id, "document": document, "line": number + 1})
    return rows


def typed_into(path: Path) -> bool:
    """Return whether anything was filled in; a file that cannot be read as a sheet counts as filled in."""
    try:
        grid = read_grid(path, path.name)
        columns = _columns(grid)
    except InputError:
        return True
    rows = (_Row(grid, number, columns) for number in range(1, len(grid.rows)))
    return any(row[name] for row in rows for name in INPUTS if name != "unit")  # which is prefilled


def place_of(path: Path, name: str, field: str) -> tuple[str, str]:
    """Return the sheet a form was saved in and the letters of one of its columns."""
    grid = read_grid(path, name)
    return grid.sheet, letter(_columns(grid)[field])


def _columns(grid: Grid) -> dict[str, int]:
    """Return the column of each field, by its heading in the first row."""
    columns: dict[str, int] = {}
    for at, heading in enumerate(grid.rows[0] if grid.rows else []):
        if heading and heading not in HEADINGS:
            raise grid.error(0, at, "strange_heading", heading=heading)
        if heading and HEADINGS[heading] in columns:
            raise grid.error(0, at, "heading_twice", heading=heading)
        if heading:
            columns[HEADINGS[heading]] = at
    for heading, name in HEADINGS.items():
        if name not in columns:
            what = "er ontbreekt een kolom" if columns else "dit is geen invulblad"
            raise grid.error(0, 0, "heading_lost", what=what, heading=heading)
    for number, cells in enumerate(grid.rows):
        for at, text in enumerate(cells):
            if text and at not in columns.values():
                raise grid.error(number, at, "outside", text=text)
    return columns


def _filled(row: _Row, today: date | None) -> Filled:
    about, cells = _series(row)
    value = _value(row, about)
    published, precision = _published(row, today)
    for name in ("document", "locator"):
        if not row[name]:
            row.fail(name, f"{name}_missing")
    if row["url"] and not re.search(URL, row["url"]):
        row.fail("url", "url")
    words = row["wording"] or value.replace(".", ",") + ("%" if about.unit == "percent" else "")
    if not value:
        words = row["note"] or row["status"]
    cells |= {"time_period": row["period"], "obs_status": STATUSES[row["status"]], "step": ""}
    cells |= {"value": value, "as_reported": words, "published": published}
    cells |= {"published_precision": precision, "locator": row["locator"], "note": row["note"]}
    try:
        read_wording(cells, "nl", float(cells["value"]) if cells["value"] else None)
    except InputError as error:
        other = "wording_differs" if error.column == "value" else "wording_unclear"
        codes = {NO_FIGURE: "wording_without_number", RISE: "wording_falls"}
        row.fail("wording", codes.get(error.problem, other), value=row["value"])
    return cells


def _series(row: _Row) -> tuple[Series, Filled]:
    field = "key"
    try:
        name, sex, age, breakdown = read_key(row["key"])
        about = series(name)
        one_of("sex", sex, SEXES)
        field = "period"
        parse_period(row["period"])
    except InputError:
        row.fail(field, field)
    label = unit(about.unit).nl
    if row["unit"] and row["unit"] != label:
        known = row["unit"] in {u.nl for u in UNITS.values()}
        row.fail("unit", "other_unit" if known else "unit", unit=label)
    cells = {"series_id": name, "sex": sex, "age": age, "breakdown": breakdown, "unit": about.unit}
    return about, cells


def _value(row: _Row, about: Series) -> str:
    """Return the value with a decimal point; empty if there is none."""
    if STATUSES[row["status"]] in WITHOUT_VALUE:
        if row["value"]:
            row.fail("value", "value_and_status", status=row["status"])
        return ""
    typed = row["value"].removesuffix(_SIGNS.get(about.unit, "")).strip()
    number = bare(typed, "nl")
    if number is None:
        point = re.fullmatch(r"-?[0-9]+\.[0-9]+", typed)
        row.fail("value", "point" if point else "number", better=typed.replace(".", ","))
    kind = unit(about.unit).kind
    if kind == "count" and (number < 0 or number != int(number)):
        row.fail("value", "count")
    if kind == "share" and abs(number) > 1000:
        row.fail("value", "share")
    return str(int(number)) if kind == "count" else f"{number:f}"


def _published(row: _Row, today: date | None) -> tuple[str, str]:
    """Return date and precision of publication; a date after the day of reading is refused."""
    text = row["published"]
    if not text:
        row.fail("published", "published_missing")
    published, precision = _day(text)
    if not published:
        row.fail("published", "published")
    if today is not None and published > today.isoformat()[: len(published)]:
        row.fail("published", "published_later")
    return published, precision


def _day(text: str) -> tuple[str, str]:
    """Return a typed date as year-month-day or year-month, and its precision; empty if it is no date."""
    for pattern, precision in _DATES.items() if text.isascii() else ():
        try:
            day = datetime.strptime(text, pattern)
        except ValueError:
            continue
        if day.year >= 1900:
            return day.strftime("%Y-%m-%d" if precision == "day" else "%Y-%m"), precision
    return "", ""

"""Fill-in sheets: written, filled in with made-up figures as a person does, saved in several forms, read back."""

import csv
import re
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from osw_stats.data.sheets import form, grid
from osw_stats.data.sheets.form import FIELDS, OPEN_ROWS, file_name, key, read_key, short_name
from osw_stats.data.sheets.read import is_form, read_form
from osw_stats.data.sheets.write import write_workbook
from osw_stats.errors import InputError, SheetError
from tests.cases import beside

CASES = beside(__file__, "sheets.yml")
DAY = date(2026, 6, 30)
ROWS = CASES["rows"]
KNOWN = [{name: row[name] for name in ("key", "title", "group", "unit")} for row in ROWS]
FILLED = {"Waarde": 13207, "Document": "Jaarcijfers", "Gepubliceerd op": "21-3-2026", "Plaats": "blz. 3"}
A_DAY = [2, {"Gepubliceerd op": DAY}, {"published": "2026-06-30", "published_precision": "day"}]
LONG = [2, {"Opmerking": "x" * 2001}, "O2: deze tekst is te lang"]
COLUMN = {field.name: form.letter(at) for at, field in enumerate(FIELDS)}


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "helpwanted-2025.xlsx"
    write_workbook(path, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
    return path


def fill(path, row=2, **cells):
    """Type into the cells of one row, by heading, and save."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    at = {head.value: head.column for head in sheet[1]}
    for heading, value in cells.items():
        sheet.cell(row, at[heading]).value = value
    workbook.save(path)
    return path


def change(book, what):
    """Save the workbook after a change of its own."""
    workbook = load_workbook(book)
    what(workbook)
    workbook.save(book)


def in_dutch(cell):
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    return f"{cell:.10g}".replace(".", ",") if isinstance(cell, float) else cell


def as_csv(path, *, encoding="utf-8-sig", delimiter=";"):
    """Save the first sheet as a Dutch Excel does: semicolons, decimal comma, Windows line ends."""
    target = path.with_suffix(".csv")
    with target.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle, delimiter=delimiter)
        for cells in load_workbook(path).worksheets[0].iter_rows(values_only=True):
            writer.writerow(map(in_dutch, cells))
    return target


def refused(path, message):
    with pytest.raises(SheetError, match=message):
        read_form(path, path.name)


def one(path):
    (row,) = read_form(path, path.name)
    return row


def test_a_sheet_shows_last_years_value_and_what_is_due_and_leaves_rows_open_for_any_other_period(book):
    workbook = load_workbook(book)
    assert workbook.sheetnames == ["Helpwanted", "Uitleg"]
    sheet = workbook.worksheets[0]
    assert [c.value for c in sheet[1]] == [f.heading for f in FIELDS]
    cells = [dict(zip(COLUMN, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    due, other, *left = cells
    assert due["last_value"].value == 12206
    assert due["value"].fill.fgColor.rgb != other["value"].fill.fgColor.rgb
    assert sheet.protection.sheet and due["key"].protection.locked and not due["value"].protection.locked
    assert len(left) == OPEN_ROWS
    assert not any(row[name].protection.locked for row in left for name in ("period", "key", "value"))
    assert all(row["title"].protection.locked and row["key"].value is None for row in left)


def test_units_and_statuses_and_keys_can_be_chosen_and_are_explained(book):
    workbook = load_workbook(book)
    rules = {str(r.sqref)[0]: r.formula1 for r in workbook.worksheets[0].data_validations.dataValidation}
    page = workbook["Uitleg"]
    for name, first in (("unit", "adviesvragen"), ("status", "voorlopig"), ("key", ROWS[0]["key"])):
        home = rules[COLUMN[name]].split("!$")[1][0]
        assert page[f"{home}2"].value == first
    choices = [(page[f"F{n}"].value, page[f"G{n}"].value) for n in (2, 3)]
    assert choices == [(k["key"], k["title"]) for k in KNOWN]


def test_the_same_rows_give_the_same_bytes(book, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx"])
def test_no_text_of_ours_becomes_a_formula(tmp_path, text):
    path, row = tmp_path / "x-2025.xlsx", ROWS[0] | {"title": text, "where": text}
    write_workbook(path, "Politie", [row], [dict.fromkeys(KNOWN[0], text)], DAY)
    with zipfile.ZipFile(path) as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if n.startswith("xl/worksheets")]
    assert sheets and not any("<f>" in s or "<f " in s for s in sheets)
    assert load_workbook(path).worksheets[0]["A2"].value == f"'{text}"


@pytest.mark.parametrize("saved_as", ["xlsx", "utf-8-sig", "utf-8", "cp1252"])
def test_every_form_it_is_saved_in_reads_the_same(book, saved_as):
    fill(book, **FILLED, Opmerking="café – 1 loket", Webadres="https://offlimits.nl/x")
    path = book if saved_as == "xlsx" else as_csv(book, encoding=saved_as)
    assert is_form(path)
    row = one(path)
    assert (row["document"], row["line"]) == (("Jaarcijfers", "https://offlimits.nl/x"), 2)
    wanted = {"series_id": "helpwanted_requests", "value": "13207", "as_reported": "13207"}
    wanted |= {"unit": "advice_requests", "published": "2026-03-21", "published_precision": "day"}
    assert row.items() >= (wanted | {"note": "café – 1 loket"}).items()


@pytest.mark.parametrize("saved_as", ["xlsx", "csv"])
@pytest.mark.parametrize(("line", "typed", "read"), [*CASES["typed"], A_DAY, LONG])
def test_what_people_type_is_read_or_named_by_its_cell_in_dutch(book, line, typed, read, saved_as):
    fill(book, row=line, **FILLED | typed)
    path, where = (book, "xlsx, blad Helpwanted") if saved_as == "xlsx" else (as_csv(book), "csv")
    if isinstance(read, dict):
        assert one(path).items() >= (read | {"line": line}).items()
        return
    if saved_as == "csv" and typed.get("Waarde") is True:
        read = read.replace("WAAR", "True")
    refused(path, "^" + re.escape(f"helpwanted-2025.{where}, cel {read}"))


@pytest.mark.parametrize(("rows", "message"), CASES["wrong_rows"])
def test_rows_words_and_headings_that_do_not_go_together_are_refused_at_their_cell(book, rows, message):
    assert read_form(book, "x") == []
    for number, cells in rows.items():
        fill(book, row=int(number), **(FILLED if number > "1" else {}) | cells)
    refused(book, message)


def test_columns_may_stand_in_another_order(book):
    path = as_csv(fill(book, **FILLED))
    rows = csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
    path.write_text("\n".join(";".join(reversed(r)) for r in rows), encoding="utf-8")
    assert one(path)["value"] == "13207"


def pack(path, change):
    """Write a packed file anew with some of its parts changed, or with more of them; it stays small."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in (parts | change(parts)).items():
            new.writestr(name, part)
    assert path.stat().st_size < 1_000_000


SHEET, TOO_MUCH = "xl/worksheets/sheet1.xml", "pakt uit tot meer"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
SPOILED = {
    "zip bomb": (lambda b: pack(b, lambda _: {"xl/zeros": bytes(grid.MOST_UNPACKED + 1)}), TOO_MUCH),
    "many parts": (lambda b: pack(b, lambda _: {f"x{n}": b"" for n in range(grid.MOST_PARTS)}), TOO_MUCH),
    "macros": (lambda b: pack(b, lambda _: {"xl/vbaProject.bin": b"x"}), "macro"),
    "empty": (lambda b: b.write_bytes(b""), "geen Excel-werkmap"),
    "a text": (lambda b: b.write_bytes(b"hello"), "geen Excel-werkmap"),
    "cut off": (lambda b: b.write_bytes(b"PK\x03\x04 cut"), "geen Excel-werkmap"),
    "too large": (lambda b: b.write_bytes(bytes(grid.MOST_BYTES + 1)), "te groot"),
    "damaged": (lambda b: pack(b, lambda parts: {SHEET: parts[SHEET][:-40]}), "kan niet worden gelezen"),
    "entities": (lambda b: pack(b, lambda parts: {SHEET: BOMB + parts[SHEET].partition(b"?>")[2]}), "."),
    "two sheets": (lambda b: change(b, lambda w: w.copy_worksheet(w.worksheets[0])), "2 bladen"),
    "no sheet": (lambda b: change(b, lambda w: w.remove(w.worksheets[0])), "geen invulblad in deze werkmap"),
    "too long": (lambda b: change(b, lambda w: w.worksheets[0].cell(2001, 1, 1)), "meer dan 2000 rijen"),
}


@pytest.mark.parametrize(("spoil", "message"), SPOILED.values(), ids=SPOILED)
def test_a_file_that_is_no_sheet_of_ours_or_harms_who_opens_it_is_refused(book, spoil, message):
    spoil(book)
    refused(book, message)


def test_merged_cells_as_large_as_a_sheet_are_named_and_not_filled(book):
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><dataValidations'
    fill(book, **FILLED)
    pack(book, lambda parts: {SHEET: parts[SHEET].replace(b"<dataValidations", merged, 1)})
    refused(book, "cel A1:XFD1048576: hier zijn cellen samengevoegd")


def test_a_csv_that_is_saved_otherwise(book):
    refused(as_csv(fill(book, **FILLED), delimiter=","), r"cel A1: .*is geen kop")
    refused(as_csv(book, encoding="utf-16"), "UTF-16")
    path = as_csv(book)
    good = path.read_bytes()
    path.write_bytes(good + b'"open')
    refused(path, "kan niet worden gelezen")
    path.write_bytes(good + b";\r\n" * grid.MOST_ROWS)
    refused(path, "te veel rijen")


@given(st.binary(max_size=400))
def test_no_bytes_make_the_csv_reader_fail_otherwise(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("sheet") / "x.csv"
    path.write_bytes(body)
    refused(path, None)


@pytest.mark.parametrize("publisher", CASES["publishers"])
def test_names_of_sheets_and_files_are_allowed_ones(publisher):
    name = short_name(publisher)
    assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\")
    assert file_name(publisher, 2025).removesuffix(".xlsx").replace("-", "").isalnum()


def test_keys_are_read_back_and_nothing_else_is_a_key():
    for parts in (("s", "total", "16+", ""), ("s", "female", "16-17", "a=b; c=d")):
        assert read_key(key(*parts)) == parts
    for text in ("", "a|b", "|total|total|", "a|b|c|d|e"):
        with pytest.raises(InputError):
            read_key(text)

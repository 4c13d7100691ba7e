"""Fill-in sheets: written, filled in by a program that stands in for a person, saved in several forms, read back.

The figures filled in here are made up, except where the report of 2025 is named.
"""

import csv
import io
import zipfile
from datetime import date

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from osw_stats.errors import InputError, SheetError
from osw_stats.sources.clean import clean
from osw_stats.sources.record import record_new
from osw_stats.sources.register import load_records
from osw_stats.sources.sheets import grid as grids
from osw_stats.sources.sheets.form import FIELDS, HEADINGS, OPEN_ROWS, file_name, key, read_key, short_name
from osw_stats.sources.sheets.read import is_form, read_form
from osw_stats.sources.sheets.write import write_workbook
from osw_stats.vocabulary.observations import as_of

DAY = date(2026, 6, 30)
ROWS = [
    {
        "title": "Adviesvragen bij Helpwanted", "group": "", "state": "te laat", "last_period": "2024",
        "last_value": 12206, "period": "2025", "unit": "adviesvragen", "where": "Rapport, 4.9",
        "key": key("helpwanted_requests", "total", "total", ""), "wanted": True,
    },
    {
        "title": "Verandering", "group": "", "state": "", "last_period": "2024", "last_value": 31,
        "period": "2025", "unit": "procent", "where": "", "wanted": False,
        "key": key("helpwanted_requests_change", "total", "total", ""),
    },
]  # fmt: skip
KNOWN = [{"key": row["key"], "title": row["title"], "group": "", "unit": row["unit"]} for row in ROWS]
FILLED = {
    "Waarde": 13207, "Document": "Jaarcijfers", "Gepubliceerd op": "21-3-2026", "Plaats": "blz. 3",
}  # fmt: skip


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "helpwanted-2025.xlsx"
    write_workbook(path, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
    return path


def fill(path, row=2, **cells):
    """Type into the cells of one row, by heading, and save."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    at = {sheet.cell(1, c).value: c for c in range(1, sheet.max_column + 1)}
    for heading, value in cells.items():
        sheet.cell(row, at[heading]).value = value
    workbook.save(path)
    return path


def as_csv(path, *, encoding="utf-8-sig", delimiter=";"):
    """Save the first sheet as a Dutch Excel does: semicolons, decimal comma, Windows line ends."""
    sheet = load_workbook(path).worksheets[0]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for cells in sheet.iter_rows(values_only=True):
        writer.writerow(
            ["" if c is None else str(c).replace(".", ",") if isinstance(c, float) else c for c in cells]
        )
    target = path.with_suffix(".csv")
    target.write_bytes(out.getvalue().encode(encoding))
    return target


def test_the_sheet_is_named_and_shows_last_years_value_and_what_is_due(book):
    workbook = load_workbook(book)
    assert workbook.sheetnames == ["Helpwanted", "Uitleg"]
    sheet = workbook.worksheets[0]
    assert [c.value for c in sheet[1]] == [f.heading for f in FIELDS]
    at = {HEADINGS[c.value]: c.column - 1 for c in sheet[1]}
    due, other = (sheet[n][at["value"]] for n in (2, 3))
    assert sheet[2][at["last_value"]].value == 12206
    assert due.fill.fgColor.rgb != other.fill.fgColor.rgb
    assert not due.protection.locked
    assert sheet[2][at["key"]].protection.locked
    assert sheet.protection.sheet


def test_units_and_statuses_can_be_chosen(book):
    sheet = load_workbook(book).worksheets[0]
    rules = {str(r.sqref)[0]: r.formula1 for r in sheet.data_validations.dataValidation}
    columns = {f.name: "ABCDEFGHIJKLMNOPQ"[n] for n, f in enumerate(FIELDS)}
    page = load_workbook(book)["Uitleg"]
    for name, first in (("unit", "adviesvragen"), ("status", "voorlopig"), ("key", ROWS[0]["key"])):
        home = rules[columns[name]].split("!$")[1][0]
        assert page[f"{home}2"].value == first


def test_the_same_rows_give_the_same_bytes(book, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx"])
def test_no_text_of_ours_becomes_a_formula(tmp_path, text):
    path = tmp_path / "x-2025.xlsx"
    write_workbook(
        path, "Politie", [ROWS[0] | {"title": text, "where": text}], [dict.fromkeys(KNOWN[0], text)], DAY
    )
    with zipfile.ZipFile(path) as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if n.startswith("xl/worksheets")]
    assert sheets
    assert not any("<f>" in s or "<f " in s for s in sheets)
    assert load_workbook(path).worksheets[0]["A2"].value == f"'{text}"


def test_rows_are_left_open_for_any_other_period_and_name_every_key(book):
    workbook = load_workbook(book)
    sheet, page = workbook.worksheets[0], workbook["Uitleg"]
    at = {HEADINGS[c.value]: c.column - 1 for c in sheet[1]}
    left = [row for row in sheet.iter_rows(min_row=2) if row[at["key"]].value is None]
    assert len(left) == OPEN_ROWS
    assert not any(row[at[name]].protection.locked for row in left for name in ("period", "key", "value"))
    assert all(row[at["title"]].protection.locked for row in left)
    assert [(page[f"F{n}"].value, page[f"G{n}"].value) for n in (2, 3)] == [
        (k["key"], k["title"]) for k in KNOWN
    ]


def test_an_open_row_takes_another_period_and_one_left_empty_is_passed_over(book):
    fill(book, row=4, **FILLED, Periode="2024-H1", Sleutel=ROWS[0]["key"])
    (row,) = read_form(book, "x")
    assert (row.cells["series_id"], row.cells["time_period"], row.line) == (
        "helpwanted_requests",
        "2024-H1",
        4,
    )
    fill(book, row=5, **FILLED, Periode="2023")
    with pytest.raises(SheetError, match="cel Q5: “” is geen bekende sleutel"):
        read_form(book, "x")


@pytest.mark.parametrize("form", ["xlsx", "utf-8-sig", "utf-8", "cp1252"])
def test_every_form_it_is_saved_in_reads_the_same(book, form):
    fill(book, **FILLED, Opmerking="café – 1 loket", Webadres="https://offlimits.nl/x")
    path = book if form == "xlsx" else as_csv(book, encoding=form)
    assert is_form(path)
    (row,) = read_form(path, path.name)
    assert row.cells["series_id"] == "helpwanted_requests"
    assert (row.cells["value"], row.cells["as_reported"], row.cells["unit"]) == (
        "13207",
        "13207",
        "advice_requests",
    )
    assert (row.cells["published"], row.cells["published_precision"]) == ("2026-03-21", "day")
    assert row.cells["note"] == "café – 1 loket"
    assert row.document == ("Jaarcijfers", "https://offlimits.nl/x")
    assert row.line == 2


@pytest.mark.parametrize(
    ("typed", "value"),
    [(13207, "13207"), (13207.0, "13207"), ("13.207", "13207"), ("13207", "13207"), (" 13207 ", "13207")],
)
def test_a_count_as_people_type_it(book, typed, value):
    (row,) = read_form(fill(book, **FILLED | {"Waarde": typed}), "x")
    assert row.cells["value"] == value


@pytest.mark.parametrize(
    ("typed", "value"), [(5.2, "5.2"), ("5,2", "5.2"), ("31%", "31"), (31, "31"), ("-9", "-9")]
)
def test_a_share_as_people_type_it(book, typed, value):
    (row,) = read_form(fill(book, row=3, **FILLED | {"Waarde": typed}), "x")
    assert row.cells["value"] == value


def test_a_percentage_that_excel_keeps_as_a_fraction(book):
    fill(book, row=3, **FILLED | {"Waarde": 0.31})
    workbook = load_workbook(book)
    workbook.worksheets[0]["G3"].number_format = "0%"
    workbook.save(book)
    (row,) = read_form(book, "x")
    assert row.cells["value"] == "31"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("21-3-2026", ("2026-03-21", "day")), ("2026-03-21", ("2026-03-21", "day")), (DAY, ("2026-06-30", "day")),
     ("21/03/2026", ("2026-03-21", "day")), ("2026-03", ("2026-03", "month")), ("3-2026", ("2026-03", "month"))],
)  # fmt: skip
def test_a_date_as_people_type_it(book, typed, found):
    (row,) = read_form(fill(book, **FILLED | {"Gepubliceerd op": typed}), "x")
    assert (row.cells["published"], row.cells["published_precision"]) == found


WRONG = [
    ({"Waarde": "12.2o6"}, "cel G2: “12.2o6” is geen getal"),
    ({"Waarde": "12.20"}, "cel G2: “12.20” is geen getal. Schrijf een komma voor de decimalen: 12,20"),
    ({"Waarde": 12.5}, "cel G2: “12,5” is geen telling"),
    ({"Waarde": -3}, "cel G2: “-3” is geen telling"),
    ({"Waarde": True}, "cel G2: “WAAR” is geen getal"),
    ({"Waarde": "0.127"}, "cel G2: “0.127” is geen getal"),
    ({"Waarde": "١٢"}, "cel G2: “١٢” is geen getal"),
    ({"Waarde": "31%"}, "cel G2: “31%” is geen getal"),
    ({"Gepubliceerd op": "21-3-٢٠٢٦"}, "cel M2: “21-3-٢٠٢٦” is geen datum"),
    ({"Opmerking": "a\u202eb"}, "cel O2: hier staat een teken dat niet te zien is"),
    ({"Webadres": "https://offlimits.nl/rapport_(2026).pdf"}, "cel L2: “https://offlimits.nl/rapport_(2026).pdf” is geen webadres"),
    ({"Waarde": "=6603+6603"}, "cel G2: hier staat een formule"),
    ({"Eenheid": "mensen"}, "cel H2: deze reeks telt adviesvragen, niet mensen"),
    ({"Eenheid": "stuks"}, "cel H2: “stuks” is geen bekende eenheid"),
    ({"Bijzonderheid": "misschien"}, "cel I2: “misschien” staat niet in de lijst"),
    ({"Bijzonderheid": "wordt niet geregistreerd"}, "cel G2: er is een waarde, maar ook"),
    ({"Zoals gepubliceerd": "ruim 14.000 vragen"}, "cel J2: “ruim 14.000 vragen” past niet bij de waarde 13207"),
    ({"Zoals gepubliceerd": "veel"}, "cel J2: in “veel” staat geen getal"),
    ({"Document": None}, "cel K2: de titel van het document ontbreekt"),
    ({"Webadres": "offlimits.nl"}, "cel L2: “offlimits.nl” is geen webadres"),
    ({"Gepubliceerd op": None}, "cel M2: de datum van publicatie ontbreekt"),
    ({"Gepubliceerd op": "31-2-2026"}, "cel M2: “31-2-2026” is geen datum"),
    ({"Gepubliceerd op": "maart"}, "cel M2: “maart” is geen datum"),
    ({"Plaats": None}, "cel N2: de plaats in het document ontbreekt"),
    ({"Opmerking": "x" * 2001}, "cel O2: deze tekst is te lang"),
    ({"Sleutel": "helpwanted_request|total|total|"}, "cel Q2: “helpwanted_request|total|total|” is geen bekende sleutel"),
    ({"Sleutel": "weg"}, "cel Q2: “weg” is geen bekende sleutel"),
    ({"Periode": "vorig jaar"}, "cel F2: “vorig jaar” is geen periode"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "message"), WRONG, ids=[next(iter(w)) + str(n) for n, (w, _) in enumerate(WRONG)]
)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_wrong_is_named_by_its_cell_in_dutch(book, typed, message, form):
    fill(book, **FILLED | typed)
    path = book if form == "xlsx" else as_csv(book)
    if form == "csv" and typed == {"Waarde": True}:
        message = message.replace("WAAR", "True")
    with pytest.raises(SheetError) as error:
        read_form(path, path.name)
    where = "helpwanted-2025.xlsx, blad Helpwanted, " if form == "xlsx" else "helpwanted-2025.csv, "
    assert str(error.value).startswith(where + message)


def test_an_empty_sheet_and_a_figure_filled_in_twice(book):
    assert read_form(book, "x") == []
    fill(fill(book, **FILLED), row=3, **FILLED, Sleutel=ROWS[0]["key"], Eenheid="adviesvragen")
    with pytest.raises(SheetError, match="cel Q3: dit cijfer staat ook in rij 2"):
        read_form(book, "x")


@pytest.mark.parametrize(
    ("cell", "typed", "message"),
    [("G1", "Aantal", "cel G1: “Aantal” is geen kop"), ("G1", None, "de kop “Waarde” is er niet"),
     ("R1", "Sleutel", "cel R1: de kop “Sleutel” staat er twee keer")],
)  # fmt: skip
def test_changed_headings_are_refused(book, cell, typed, message):
    fill(book, **FILLED)
    workbook = load_workbook(book)
    workbook.worksheets[0][cell] = typed
    workbook.save(book)
    with pytest.raises(SheetError, match=message):
        read_form(book, "x")


def test_columns_may_stand_in_another_order(book):
    path = as_csv(fill(book, **FILLED))
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    path.write_text("\n".join(";".join(reversed(r)) for r in rows), encoding="utf-8")
    (row,) = read_form(path, "x")
    assert row.cells["value"] == "13207"


class TestFilesThatAreNoSheet:
    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self, book):
        with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/media/zeros.bin", bytes(grids.MOST_UNPACKED + 1))
        assert book.stat().st_size < 1_000_000
        with pytest.raises(SheetError, match="pakt uit tot meer"):
            read_form(book, "x")

    def test_a_huge_file_and_too_many_parts(self, book, tmp_path):
        with zipfile.ZipFile(book, "a") as packed:
            for number in range(grids.MOST_PARTS):
                packed.writestr(f"x{number}", "")
        with pytest.raises(SheetError, match="pakt uit tot meer"):
            read_form(book, "x")
        huge = tmp_path / "huge.xlsx"
        huge.write_bytes(bytes(grids.MOST_BYTES + 1))
        with pytest.raises(SheetError, match="te groot"):
            read_form(huge, "x")

    def test_macros_are_refused(self, book):
        with zipfile.ZipFile(book, "a") as packed:
            packed.writestr("xl/vbaProject.bin", "x")
        with pytest.raises(SheetError, match="macro"):
            read_form(book, "x")

    @pytest.mark.parametrize("body", [b"", b"hello", b"PK\x03\x04 cut"], ids=["empty", "text", "cut"])
    def test_what_is_no_workbook(self, tmp_path, body):
        path = tmp_path / "x.xlsx"
        path.write_bytes(body)
        with pytest.raises(SheetError, match="geen Excel-werkmap"):
            read_form(path, "x")

    def test_a_damaged_workbook(self, book):
        with zipfile.ZipFile(book) as old:
            parts = {n: old.read(n) for n in old.namelist()}
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
        with zipfile.ZipFile(book, "w") as new:
            for name, part in parts.items():
                new.writestr(name, part)
        with pytest.raises(SheetError, match="kan niet worden gelezen"):
            read_form(book, "x")

    def test_entities_are_not_expanded(self, book):
        with zipfile.ZipFile(book) as old:
            parts = {n: old.read(n) for n in old.namelist()}
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
        parts["xl/worksheets/sheet1.xml"] = bomb + parts["xl/worksheets/sheet1.xml"].partition(b"?>")[2]
        with zipfile.ZipFile(book, "w") as new:
            for name, part in parts.items():
                new.writestr(name, part)
        with pytest.raises(SheetError):
            read_form(book, "x")

    def test_two_sheets_or_none(self, book):
        workbook = load_workbook(fill(book, **FILLED))
        workbook.copy_worksheet(workbook.worksheets[0])
        workbook.save(book)
        with pytest.raises(SheetError, match="2 bladen"):
            read_form(book, "x")

    def test_commas_instead_of_semicolons_and_utf16(self, book):
        path = as_csv(fill(book, **FILLED), delimiter=",")
        with pytest.raises(SheetError, match=r"cel A1: .*is geen kop"):
            read_form(path, path.name)
        as_csv(book, encoding="utf-16")
        with pytest.raises(SheetError, match="UTF-16"):
            read_form(path, path.name)

    def test_a_csv_with_an_open_quote_or_too_many_rows(self, book):
        path = as_csv(fill(book, **FILLED))
        good = path.read_bytes()
        path.write_bytes(good + b'"open')
        with pytest.raises(SheetError, match="kan niet worden gelezen"):
            read_form(path, "x")
        path.write_bytes(good + b";\r\n" * grids.MOST_ROWS)
        with pytest.raises(SheetError, match="te veel rijen"):
            read_form(path, "x")


@given(st.binary(max_size=400))
def test_no_bytes_make_the_csv_reader_fail_otherwise(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("sheet") / "x.csv"
    path.write_bytes(body)
    with pytest.raises(SheetError):
        read_form(path, "x")


class TestIntoTheReport:
    """A sheet saved in data/raw is enough: the record and its hash are made."""

    @pytest.fixture
    def saved(self, project):
        folder = project / "data" / "raw" / "filled_in"
        folder.mkdir()
        path = folder / "helpwanted-2025.xlsx"
        write_workbook(path, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
        return fill(path, **FILLED, Webadres="https://offlimits.nl/x")

    def test_the_record_is_made_and_the_figure_is_there(self, project, saved):
        (record,) = record_new(project, "2026-07-01")
        entry = yaml.safe_load(record.read_text("utf-8"))
        assert (entry["kind"], entry["seen"], entry["file"]) == ("sheet", "2026-07-01", saved.name)
        tidy = clean(project)
        (row,) = tidy.observations[tidy.observations["file"].str.contains("filled_in")].to_dict("records")
        assert (row["series_id"], row["time_period"], row["obs_value"]) == (
            "helpwanted_requests",
            "2025",
            13207.0,
        )
        assert (row["known_by"], row["source_id"], row["row"]) == ("2026-03-21", "helpwanted-2025-1", 2)
        source = tidy.sources.set_index("source_id").loc["helpwanted-2025-1"]
        assert (source["title"], source["url"]) == ("Jaarcijfers", "https://offlimits.nl/x")

    def test_saving_it_again_renews_the_record_and_keeps_the_day(self, project, saved):
        (record,) = record_new(project, "2026-07-01")
        assert record_new(project, "2026-07-02") == []
        fill(saved, Waarde=13208)
        with pytest.raises(SheetError, match="veranderd sinds het is vastgelegd"):
            clean(project)
        assert record_new(project, "2026-07-02") == [record]
        assert yaml.safe_load(record.read_text("utf-8"))["seen"] == "2026-07-01"
        assert 13208.0 in set(clean(project).observations["obs_value"])

    @pytest.mark.parametrize("typed", [{}, {"Document": "Jaarcijfers"}, {"Zoals gepubliceerd": "ruim 5", "Bijzonderheid": "voorlopig"}])  # fmt: skip
    def test_a_row_without_a_value_is_passed_over_and_stops_nothing(self, project, saved, typed):
        fill(saved, **dict.fromkeys(FILLED | {"Webadres": ""}) | typed)
        record_new(project, "2026-07-01")
        tidy = clean(project).observations
        assert len(tidy)
        assert not tidy["file"].str.contains("filled_in").any()

    @pytest.mark.parametrize(
        ("told", "today", "right"),
        [("2026-07-01", "2026-07-01", True), ("2-7-2026", "2026-07-01", False), ("2026-07", "2026-07-01", True), ("2026-08", "2026-07-01", False), ("2062-03-21", "2026-07-01", False)],
    )  # fmt: skip
    def test_nothing_was_published_after_the_day_of_reading(self, project, saved, told, today, right):
        fill(saved, **{"Gepubliceerd op": told})
        if right:
            assert record_new(project, today)
            return
        with pytest.raises(SheetError, match=r"cel M2: .* is na vandaag"):
            record_new(project, today)
        assert not list(saved.parent.glob("*.yml"))

    def test_a_sheet_saved_again_is_held_against_the_day_it_is_read_again(self, project, saved):
        record_new(project, "2026-07-01")
        fill(saved, **{"Gepubliceerd op": "5-7-2026"})
        assert record_new(project, "2026-07-06")

    @pytest.mark.parametrize(
        "url", [f"https://a.nl/x{sign}y" for sign in "()[]<>\"'\\"] + ["https://a.nl/x y", "http:/a.nl", "a.nl"]
    )  # fmt: skip
    def test_an_address_that_no_record_can_hold_is_refused_at_its_cell(self, project, saved, url):
        fill(saved, Webadres=url)
        with pytest.raises(SheetError, match=r"cel L2: .* is geen webadres"):
            record_new(project, "2026-07-01")
        assert not list(saved.parent.glob("*.yml"))
        fill(saved, Webadres="https://a.nl/x_%28y%29")
        record_new(project, "2026-07-01")
        clean(project)

    @pytest.mark.parametrize("name", ["mijn blad (2).xlsx", "blad é.xlsx", "-x.xlsx", "a[1].xlsx"])
    def test_a_name_that_no_record_can_hold_is_refused_before_there_is_one(self, project, saved, name):
        path = saved.rename(saved.with_name(name))
        with pytest.raises(SheetError, match="de naam van dit bestand"):
            record_new(project, "2026-07-01")
        path.rename(saved)
        record_new(project, "2026-07-01")

    @pytest.mark.parametrize(
        "typed", [{"Waarde": -6.5}, {"Waarde": "-6,5"}, {"Waarde": "\u22126,5%"}, {"Waarde": -6.5, "Zoals gepubliceerd": "daling van 6,5 procent"}]
    )  # fmt: skip
    def test_a_fall_is_a_negative_change(self, project, saved, typed):
        fill(saved, **dict.fromkeys(FILLED))
        fill(saved, row=3, **FILLED | typed)
        record_new(project, "2026-07-01")
        tidy = clean(project).observations
        (row,) = tidy[tidy["file"].str.contains("filled_in")].to_dict("records")
        assert (row["obs_value"], row["lower"], row["upper"]) == (-6.5, -6.55, -6.45)
        fill(saved, row=3, **FILLED | {"Waarde": 6.5, "Zoals gepubliceerd": "daling van 6,5 procent"})
        with pytest.raises(SheetError, match="is een daling, maar de waarde 6,5 is een stijging"):
            record_new(project, "2026-07-01")

    def test_one_document_has_one_date(self, project, saved):
        fill(
            saved,
            row=3,
            **FILLED | {"Waarde": 8, "Gepubliceerd op": "22-3-2026"},
            Webadres="https://offlimits.nl/x",
        )
        with pytest.raises(SheetError, match="cel M3: in rij 2 heeft hetzelfde document een andere datum"):
            record_new(project, "2026-07-01")
        assert not list(saved.parent.glob("*.yml"))

    @pytest.mark.parametrize(
        "words", ["stijging van 6,5 procent", "6,5 procent", "tussen 9 en 5 procent", "€ 6,5"]
    )
    def test_words_that_do_not_fit_a_fall_are_named_in_dutch(self, project, saved, words):
        fill(saved, row=3, **FILLED | {"Waarde": "-6,5", "Zoals gepubliceerd": words})
        with pytest.raises(SheetError, match=r"cel J3: “.*” (past niet bij de waarde|kan niet kloppen)"):
            record_new(project, "2026-07-01")

    def test_a_sheet_that_is_wrong_leaves_no_record(self, project, saved):
        fill(saved, Waarde="veel")
        with pytest.raises(SheetError, match=r"filled_in/helpwanted-2025\.xlsx, blad Helpwanted, cel G2"):
            record_new(project, "2026-07-01")
        assert not saved.with_name("helpwanted-2025.source.yml").exists()

    def test_both_forms_of_one_sheet_are_one_too_many(self, project, saved):
        record_new(project, "2026-07-01")
        as_csv(saved)
        with pytest.raises(SheetError, match="in een andere vorm"):
            record_new(project, "2026-07-01")

    def test_a_figure_that_contradicts_another_document_is_named_by_its_cell(self, project, saved):
        fill(saved, Periode="2024", Waarde=12500, **{"Gepubliceerd op": "21-3-2025"})
        record_new(project, "2026-07-01")
        with pytest.raises(SheetError, match="blad Helpwanted, cel G2: dit past niet bij een ander cijfer"):
            clean(project)

    def test_a_revised_figure_needs_no_word_elsewhere_and_an_earlier_one_stays_readable(self, project, saved):
        fill(saved, **dict.fromkeys(FILLED | {"Webadres": ""}))
        fill(saved, row=4, **FILLED | {"Waarde": 12500, "Gepubliceerd op": "21-4-2026"}, Periode="2024", Sleutel=ROWS[0]["key"], Bijzonderheid="herzien")  # fmt: skip
        record_new(project, "2026-07-01")
        rows = clean(project).observations
        seen = {
            day: as_of(rows, date.fromisoformat(day)).set_index(["series_id", "time_period"])["obs_value"]
            for day in ("2026-04-20", "2026-04-21")
        }
        assert [found[("helpwanted_requests", "2024")] for found in seen.values()] == [12206, 12500]
        # what was published before the figure that is there cannot be its revision
        fill(saved, row=4, **{"Gepubliceerd op": "21-4-2024"})
        record_new(project, "2026-07-01")
        with pytest.raises(InputError, match="12500"):
            clean(project)

    def test_what_is_not_registered_becomes_a_figure_without_a_value(self, project, saved):
        fill(saved, Waarde=None, Bijzonderheid="wordt niet geregistreerd")
        record_new(project, "2026-07-01")
        rows = clean(project).observations
        (row,) = rows[rows["file"].str.contains("filled_in")].to_dict("records")
        assert row["obs_status"] == "not_registered"
        assert pd.isna(row["obs_value"])

    def test_an_ordinary_csv_in_data_raw_is_still_no_sheet(self, project):
        path = project / "data" / "raw" / "police" / "other.csv"
        path.write_text("a,b\n1,2\n", encoding="utf-8")
        assert not is_form(path)
        with pytest.raises(InputError) as error:
            record_new(project, "2026-07-01")
        assert not isinstance(error.value, SheetError)

    def test_records_of_sheets_fit_the_other_records(self, project, saved):
        record_new(project, "2026-07-01")
        assert "sheet" in {r.kind for r in load_records(project / "data" / "raw")}


@pytest.mark.parametrize(
    "publisher",
    ["Offlimits (Meldpunt Kinderporno)", "CBS/WODC", "CBS (Digitale Veiligheid & Criminaliteit)", "Politie"],
)
def test_names_of_sheets_and_files_are_allowed_ones(publisher):
    name = short_name(publisher)
    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")
    assert file_name(publisher, 2025).removesuffix(".xlsx").replace("-", "").isalnum()


def test_keys_are_read_back_and_nothing_else_is_a_key():
    for parts in (("s", "total", "16+", ""), ("s", "female", "16-17", "a=b; c=d")):
        assert read_key(key(*parts)) == parts
    for text in ("", "a|b", "|total|total|", "a|b|c|d|e"):
        with pytest.raises(InputError):
            read_key(text)

"""Fill-in sheets: written, filled in by a program that stands in for a person, saved in several forms, read back.

The figures filled in here are made up, except where the report of 2025 is named.
"""

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from osw_stats.data.clean import clean
from osw_stats.data.record import record_new
from osw_stats.data.register import load_records
from osw_stats.data.sheets import form, grid
from osw_stats.data.sheets.form import FIELDS, HEADINGS, OPEN_ROWS, file_name, key, read_key, short_name
from osw_stats.data.sheets.read import is_form, read_form
from osw_stats.data.sheets.write import write_workbook
from osw_stats.errors import InputError, SheetError
from osw_stats.meaning.observations import as_of
from osw_stats.yamlfile import read_yaml

DAY = date(2026, 6, 30)
REQUESTS = key("helpwanted_requests", "total", "total", "")
CHANGE = key("helpwanted_requests_change", "total", "total", "")
SAME = {"group": "", "last_period": "2024", "period": "2025"}
ROWS = [
    {"title": "Adviesvragen bij Helpwanted", "state": "te laat", "last_value": 12206, "unit": "adviesvragen"}
    | {"where": "Rapport, 4.9", "key": REQUESTS, "wanted": True}
    | SAME,
    {"title": "Verandering", "state": "", "last_value": 31, "unit": "procent", "where": "", "key": CHANGE}
    | {"wanted": False}
    | SAME,
]
KNOWN = [{name: row[name] for name in ("key", "title", "group", "unit")} for row in ROWS]
FILLED = {"Waarde": 13207, "Document": "Jaarcijfers", "Gepubliceerd op": "21-3-2026", "Plaats": "blz. 3"}
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
    at = {sheet.cell(1, c).value: c for c in range(1, sheet.max_column + 1)}
    for heading, value in cells.items():
        sheet.cell(row, at[heading]).value = value
    workbook.save(path)
    return path


def as_csv(path, *, encoding="utf-8-sig", delimiter=";"):
    """Save the first sheet as a Dutch Excel does: semicolons, decimal comma, Windows line ends."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for cells in load_workbook(path).worksheets[0].iter_rows(values_only=True):
        writer.writerow(str(c).replace(".", ",") if isinstance(c, float) else c for c in cells)
    target = path.with_suffix(".csv")
    target.write_bytes(out.getvalue().encode(encoding))
    return target


def refused(path, message):
    with pytest.raises(SheetError, match=message):
        read_form(path, path.name)


def one(path):
    (row,) = read_form(path, path.name)
    return row


def test_the_sheet_is_named_and_shows_last_years_value_and_what_is_due(book):
    workbook = load_workbook(book)
    assert workbook.sheetnames == ["Helpwanted", "Uitleg"]
    sheet = workbook.worksheets[0]
    assert [c.value for c in sheet[1]] == [f.heading for f in FIELDS]
    due, other = (sheet[f"{COLUMN['value']}{n}"] for n in (2, 3))
    assert sheet[f"{COLUMN['last_value']}2"].value == 12206
    assert due.fill.fgColor.rgb != other.fill.fgColor.rgb
    assert not due.protection.locked
    assert sheet[f"{COLUMN['key']}2"].protection.locked
    assert sheet.protection.sheet


def test_units_and_statuses_and_keys_can_be_chosen_and_are_explained(book):
    workbook = load_workbook(book)
    rules = {str(r.sqref)[0]: r.formula1 for r in workbook.worksheets[0].data_validations.dataValidation}
    page = workbook["Uitleg"]
    for name, first in (("unit", "adviesvragen"), ("status", "voorlopig"), ("key", REQUESTS)):
        home = rules[COLUMN[name]].split("!$")[1][0]
        assert page[f"{home}2"].value == first
    assert [(page[f"F{n}"].value, page[f"G{n}"].value) for n in (2, 3)] == [
        (k["key"], k["title"]) for k in KNOWN
    ]


def test_rows_are_left_open_for_any_other_period(book):
    sheet = load_workbook(book).worksheets[0]
    at = {HEADINGS[c.value]: c.column - 1 for c in sheet[1]}
    left = [row for row in sheet.iter_rows(min_row=2) if row[at["key"]].value is None]
    assert len(left) == OPEN_ROWS
    assert not any(row[at[name]].protection.locked for row in left for name in ("period", "key", "value"))
    assert all(row[at["title"]].protection.locked for row in left)


def test_the_same_rows_give_the_same_bytes(book, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(again, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx"])
def test_no_text_of_ours_becomes_a_formula(tmp_path, text):
    path = tmp_path / "x-2025.xlsx"
    row = ROWS[0] | {"title": text, "where": text}
    write_workbook(path, "Politie", [row], [dict.fromkeys(KNOWN[0], text)], DAY)
    with zipfile.ZipFile(path) as packed:
        sheets = [packed.read(n).decode() for n in packed.namelist() if n.startswith("xl/worksheets")]
    assert sheets
    assert not any("<f>" in s or "<f " in s for s in sheets)
    assert load_workbook(path).worksheets[0]["A2"].value == f"'{text}"


def test_an_open_row_takes_another_period_and_one_left_empty_is_passed_over(book):
    row = one(fill(book, row=4, **FILLED, Periode="2024-H1", Sleutel=REQUESTS))
    assert (row.cells["time_period"], row.line) == ("2024-H1", 4)
    assert row.cells["series_id"] == "helpwanted_requests"
    refused(fill(book, row=5, **FILLED, Periode="2023"), "cel Q5: “” is geen bekende sleutel")


@pytest.mark.parametrize("saved_as", ["xlsx", "utf-8-sig", "utf-8", "cp1252"])
def test_every_form_it_is_saved_in_reads_the_same(book, saved_as):
    fill(book, **FILLED, Opmerking="café – 1 loket", Webadres="https://offlimits.nl/x")
    path = book if saved_as == "xlsx" else as_csv(book, encoding=saved_as)
    assert is_form(path)
    row = one(path)
    assert (row.document, row.line) == (("Jaarcijfers", "https://offlimits.nl/x"), 2)
    wanted = {"series_id": "helpwanted_requests", "value": "13207", "as_reported": "13207"}
    wanted |= {"unit": "advice_requests", "published": "2026-03-21", "published_precision": "day"}
    assert row.cells.items() >= (wanted | {"note": "café – 1 loket"}).items()


@pytest.mark.parametrize(
    ("line", "typed", "value"),
    [
        *[(2, typed, "13207") for typed in (13207, 13207.0, "13.207", "13207", " 13207 ")],
        *[(3, 5.2, "5.2"), (3, "5,2", "5.2"), (3, "31%", "31"), (3, 31, "31"), (3, "-9", "-9")],
    ],
)
def test_a_value_as_people_type_it(book, line, typed, value):
    assert one(fill(book, row=line, **FILLED | {"Waarde": typed})).cells["value"] == value


@pytest.mark.parametrize(
    ("typed", "published", "precision"),
    [
        ("21-3-2026", "2026-03-21", "day"),
        ("2026-03-21", "2026-03-21", "day"),
        (DAY, "2026-06-30", "day"),
        ("21/03/2026", "2026-03-21", "day"),
        ("2026-03", "2026-03", "month"),
        ("3-2026", "2026-03", "month"),
    ],
)
def test_a_date_as_people_type_it(book, typed, published, precision):
    cells = one(fill(book, **FILLED | {"Gepubliceerd op": typed})).cells
    assert (cells["published"], cells["published_precision"]) == (published, precision)


WRONG = [
    ("Waarde", "12.2o6", "G2: “12.2o6” is geen getal"),
    ("Waarde", "12.20", "G2: “12.20” is geen getal. Schrijf een komma voor de decimalen: 12,20"),
    ("Waarde", 12.5, "G2: “12,5” is geen telling"),
    ("Waarde", -3, "G2: “-3” is geen telling"),
    ("Waarde", True, "G2: “WAAR” is geen getal"),
    ("Waarde", "0.127", "G2: “0.127” is geen getal"),
    ("Waarde", "١٢", "G2: “١٢” is geen getal"),
    ("Waarde", "31%", "G2: “31%” is geen getal"),
    ("Gepubliceerd op", "21-3-٢٠٢٦", "M2: “21-3-٢٠٢٦” is geen datum"),
    ("Opmerking", "a\u202eb", "O2: hier staat een teken dat niet te zien is"),
    ("Webadres", "https://offlimits.nl/(2026)", "L2: “https://offlimits.nl/(2026)” is geen webadres"),
    ("Waarde", "=6603+6603", "G2: hier staat een formule"),
    ("Eenheid", "mensen", "H2: deze reeks telt adviesvragen, niet mensen"),
    ("Eenheid", "stuks", "H2: “stuks” is geen bekende eenheid"),
    ("Bijzonderheid", "misschien", "I2: “misschien” staat niet in de lijst"),
    ("Bijzonderheid", "wordt niet geregistreerd", "G2: er is een waarde, maar ook"),
    ("Zoals gepubliceerd", "ruim 14.000 vragen", "J2: “ruim 14.000 vragen” past niet bij de waarde 13207"),
    ("Zoals gepubliceerd", "veel", "J2: in “veel” staat geen getal"),
    ("Document", None, "K2: de titel van het document ontbreekt"),
    ("Webadres", "offlimits.nl", "L2: “offlimits.nl” is geen webadres"),
    ("Gepubliceerd op", None, "M2: de datum van publicatie ontbreekt"),
    ("Gepubliceerd op", "31-2-2026", "M2: “31-2-2026” is geen datum"),
    ("Gepubliceerd op", "maart", "M2: “maart” is geen datum"),
    ("Plaats", None, "N2: de plaats in het document ontbreekt"),
    ("Opmerking", "x" * 2001, "O2: deze tekst is te lang"),
    ("Sleutel", "helpwanted|total|total|", "Q2: “helpwanted|total|total|” is geen bekende sleutel"),
    ("Periode", "vorig jaar", "F2: “vorig jaar” is geen periode"),
    ("Gepubliceerd op", "21-3-0026", "M2: “21-3-0026” is geen datum"),
]


@pytest.mark.parametrize("saved_as", ["xlsx", "csv"])
@pytest.mark.parametrize(
    ("heading", "typed", "message"), WRONG, ids=[f"{w[0]}{n}" for n, w in enumerate(WRONG)]
)
def test_what_is_wrong_is_named_by_its_cell_in_dutch(book, heading, typed, message, saved_as):
    fill(book, **FILLED | {heading: typed})
    path = book if saved_as == "xlsx" else as_csv(book)
    where = "xlsx, blad Helpwanted, cel " if saved_as == "xlsx" else "csv, cel "
    if saved_as == "csv" and typed is True:
        message = message.replace("WAAR", "True")
    refused(path, "^" + re.escape(f"helpwanted-2025.{where}{message}"))


def test_every_refusal_that_is_called_has_its_words():
    folder = Path(form.__file__).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    named = set(re.findall(r'"([a-z0-9_]+)"', code)) | {"document_missing", "locator_missing"}
    refusals = read_yaml(folder / "refusals.yml")
    assert set(refusals) <= named
    direct = r'(?:refusal\(|\.error\([a-z0]+, [a-z0]+, |\.fail\("?[a-z.]+"?, )"([a-z0-9_]+)"'
    assert set(re.findall(direct, code)) <= set(refusals)


def test_an_empty_sheet_and_a_figure_filled_in_twice(book):
    assert read_form(book, "x") == []
    fill(fill(book, **FILLED), row=3, **FILLED, Sleutel=REQUESTS, Eenheid="adviesvragen")
    refused(book, "cel Q3: dit cijfer staat ook in rij 2")


@pytest.mark.parametrize(
    ("cell", "typed", "message"),
    [
        ("G1", "Aantal", "cel G1: “Aantal” is geen kop"),
        ("G1", None, "de kop “Waarde” is er niet"),
        ("R1", "Sleutel", "cel R1: de kop “Sleutel” staat er twee keer"),
    ],
)
def test_changed_headings_are_refused(book, cell, typed, message):
    workbook = load_workbook(fill(book, **FILLED))
    workbook.worksheets[0][cell] = typed
    workbook.save(book)
    refused(book, message)


def test_columns_may_stand_in_another_order(book):
    path = as_csv(fill(book, **FILLED))
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    path.write_text("\n".join(";".join(reversed(r)) for r in rows), encoding="utf-8")
    assert one(path).cells["value"] == "13207"


def change_part(book, change):
    """Save the workbook with the text of its first sheet changed."""
    with zipfile.ZipFile(book) as old:
        parts = {n: old.read(n) for n in old.namelist()}
    with zipfile.ZipFile(book, "w") as new:
        for name, part in parts.items():
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)


class TestFilesThatAreNoSheet:
    @pytest.mark.parametrize(
        ("parts", "message"),
        [
            ({"xl/media/zeros.bin": bytes(grid.MOST_UNPACKED + 1)}, "pakt uit tot meer"),
            ({f"x{n}": b"" for n in range(grid.MOST_PARTS)}, "pakt uit tot meer"),
            ({"xl/vbaProject.bin": b"x"}, "macro"),
        ],
        ids=["zip bomb", "many parts", "macros"],
    )
    def test_what_is_packed_wrongly_is_refused_before_it_is_unpacked(self, book, parts, message):
        with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as packed:
            for name, body in parts.items():
                packed.writestr(name, body)
        assert book.stat().st_size < 1_000_000
        refused(book, message)

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b"", "geen Excel-werkmap"),
            (b"hello", "geen Excel-werkmap"),
            (b"PK\x03\x04 cut", "geen Excel-werkmap"),
            (bytes(grid.MOST_BYTES + 1), "te groot"),
        ],
        ids=["empty", "text", "cut", "huge"],
    )
    def test_what_is_no_workbook(self, tmp_path, body, message):
        path = tmp_path / "x.xlsx"
        path.write_bytes(body)
        refused(path, message)

    def test_a_damaged_workbook_and_one_that_grows_by_entities(self, book):
        whole = book.read_bytes()
        change_part(book, lambda part: part[:-40])
        refused(book, "kan niet worden gelezen")
        book.write_bytes(whole)
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
        change_part(book, lambda part: bomb + part.partition(b"?>")[2])
        refused(book, None)

    def test_a_merged_range_as_large_as_a_sheet_is_not_filled(self, book):
        merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><dataValidations'
        change_part(fill(book, **FILLED), lambda part: part.replace(b"<dataValidations", merged, 1))
        assert one(book).cells["value"] == "13207"

    def test_two_sheets_none_or_too_many_rows(self, book):
        workbook = load_workbook(fill(book, **FILLED))
        workbook.copy_worksheet(workbook.worksheets[0])
        workbook.save(book)
        refused(book, "2 bladen")
        del workbook["Helpwanted"], workbook["Helpwanted Copy"]
        workbook.save(book)
        refused(book, "geen invulblad in deze werkmap")
        workbook.create_sheet("A").cell(grid.MOST_ROWS + 1, 1).value = 1
        workbook.save(book)
        refused(book, "meer dan 2000 rijen")

    def test_a_csv_that_is_saved_otherwise(self, book):
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


def filled_in(rows):
    return rows[rows["file"].str.contains("filled_in")].to_dict("records")


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
        assert "sheet" in {r.kind for r in load_records(project / "data" / "raw")}
        tidy = clean(project)
        (row,) = filled_in(tidy.observations)
        wanted = {"series_id": "helpwanted_requests", "time_period": "2025", "obs_value": 13207.0}
        wanted |= {"known_by": "2026-03-21", "source_id": "helpwanted-2025-1", "row": 2}
        assert row.items() >= wanted.items()
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

    @pytest.mark.parametrize(
        "typed",
        [{}, {"Document": "Jaarcijfers"}, {"Zoals gepubliceerd": "ruim 5", "Bijzonderheid": "voorlopig"}],
    )
    def test_a_row_without_a_value_is_passed_over_and_stops_nothing(self, project, saved, typed):
        fill(saved, **dict.fromkeys(FILLED | {"Webadres": ""}) | typed)
        record_new(project, "2026-07-01")
        tidy = clean(project).observations
        assert len(tidy)
        assert not filled_in(tidy)

    def test_nothing_was_published_after_the_day_of_reading(self, project, saved):
        for typed in ("2-7-2026", "2026-08", "2062-03-21"):
            fill(saved, **{"Gepubliceerd op": typed})
            with pytest.raises(SheetError, match=r"cel M2: .* is na vandaag"):
                record_new(project, "2026-07-01")
        assert not list(saved.parent.glob("*.yml"))
        for typed, day in (("2026-07-01", 1), ("2026-07", 1), ("5-7-2026", 6)):
            fill(saved, **{"Gepubliceerd op": typed})
            assert record_new(project, f"2026-07-0{day}")  # also of a sheet that was saved again

    def test_an_address_that_no_record_can_hold_is_refused_at_its_cell(self, project, saved):
        wrong = [f"https://a.nl/x{sign}y" for sign in "()[]<>\"'\\ "] + ["http:/a.nl", "a.nl"]
        for url in wrong:
            fill(saved, Webadres=url)
            with pytest.raises(SheetError, match=r"cel L2: .* is geen webadres"):
                record_new(project, "2026-07-01")
        assert not list(saved.parent.glob("*.yml"))
        fill(saved, Webadres="https://a.nl/x_%28y%29")
        record_new(project, "2026-07-01")
        clean(project)

    def test_a_name_that_no_record_can_hold_is_refused_before_there_is_one(self, project, saved):
        for name in ("mijn blad (2).xlsx", "blad é.xlsx", "-x.xlsx", "a[1].xlsx"):
            path = saved.rename(saved.with_name(name))
            with pytest.raises(SheetError, match="de naam van dit bestand"):
                record_new(project, "2026-07-01")
            path.rename(saved)
        record_new(project, "2026-07-01")

    @pytest.mark.parametrize(
        ("value", "words"),
        [(-6.5, None), ("-6,5", None), ("\u22126,5%", None), (-6.5, "daling van 6,5 procent")],
    )
    def test_a_fall_is_a_negative_change(self, project, saved, value, words):
        fill(saved, **dict.fromkeys(FILLED))
        fill(saved, row=3, **FILLED | {"Waarde": value, "Zoals gepubliceerd": words})
        record_new(project, "2026-07-01")
        (row,) = filled_in(clean(project).observations)
        assert (row["obs_value"], row["lower"], row["upper"]) == (-6.5, -6.55, -6.45)

    def test_one_document_has_one_date(self, project, saved):
        other = {"Waarde": 8, "Gepubliceerd op": "22-3-2026", "Webadres": "https://offlimits.nl/x"}
        fill(saved, row=3, **FILLED | other)
        refused(saved, "cel M3: in rij 2 heeft hetzelfde document een andere datum")

    @pytest.mark.parametrize(
        "words",
        ["stijging van 6,5 procent", "6,5 procent", "tussen 9 en 5 procent", "€ 6,5", "daling van 6,5%"],
    )
    def test_words_that_do_not_fit_a_change_are_named_in_dutch(self, project, saved, words):
        value = "6,5" if "daling" in words else "-6,5"
        fill(saved, row=3, **FILLED | {"Waarde": value, "Zoals gepubliceerd": words})
        refused(saved, "cel J3: “.*” (past niet bij de waarde|kan niet kloppen|is een daling, maar)")

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
        revised = {"Waarde": 12500, "Gepubliceerd op": "21-4-2026", "Bijzonderheid": "herzien"}
        fill(saved, row=4, **FILLED | revised, Periode="2024", Sleutel=REQUESTS)
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
        (row,) = filled_in(rows)
        assert row["obs_status"] == "not_registered"
        assert pd.isna(row["obs_value"])

    def test_an_ordinary_csv_in_data_raw_is_still_no_sheet(self, project):
        path = project / "data" / "raw" / "police" / "other.csv"
        path.write_text("a,b\n1,2\n", encoding="utf-8")
        assert not is_form(path)
        with pytest.raises(InputError) as error:
            record_new(project, "2026-07-01")
        assert not isinstance(error.value, SheetError)


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

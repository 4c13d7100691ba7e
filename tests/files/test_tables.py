"""Spreadsheet, data dictionary and CSV: numbers as they are, text that stays text. Rows are made up."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.meaning.observations import COLUMNS
from osw_stats.publish.files.package import describe, dictionary
from osw_stats.publish.files.spreadsheet import SHEETS, write_spreadsheet
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import csv_text
from tests.files.conftest import CASES

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = CASES["cells"]
FRAMES = {
    "cap_gap": pd.DataFrame(CASES["gap"]),
    "deadlines": pd.DataFrame({"id": HOSTILE, "text_nl": HOSTILE, "text_en": [f"en {t}" for t in HOSTILE]}),
    "prev_model": pd.DataFrame({"term": []}),
}
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)


@pytest.fixture(scope="module", params=["nl", "en"])
def book(request, tables, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "tables.xlsx"
    write_spreadsheet(tables.edition, FRAMES, request.param, path)
    return request.param, path


def part(path, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(path).read(name))


def sheets(path) -> dict[str, list[list[object]]]:
    """Return the cells of every sheet, read back from the file itself; rows without cells are left out."""
    book = openpyxl.load_workbook(path)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    return {name: [list(r) for r in found if any(c is not None for c in r)] for name, found in rows.items()}


def test_numbers_are_numbers_and_nothing_is_empty(book):
    language, path = book
    found = sheets(path)
    gap, dates = (SHEETS[name][language] for name in ("cap_gap", "deadlines"))
    assert list(found)[3:] == [gap, dates]  # after cover, contents and columns; no empty table
    heads, *rows = found[gap][2:]
    assert ([r[1] for r in rows], [r[3] for r in rows]) == ([60, 91.5], [1.0, "[x]"])
    assert heads[3] == CASES["said"][language]["limit"]
    assert [r[5] for r in rows] == CASES["said"][language]["truth"]
    for name in list(found)[1:]:
        assert all(None not in row for row in found[name][2:]), name


def test_sheets_have_names_of_their_language_and_numbers_as_many_decimals_as_they_bear(book):
    language, path = book
    assert set(SHEETS) <= set(LAYOUTS)
    names = [texts[language] for texts in SHEETS.values()]
    assert len(set(names)) == len(names) and max(map(len, names)) <= 31
    sheet = openpyxl.load_workbook(path)[SHEETS["cap_gap"][language]]
    shown = {cell.value: cell.number_format for row in sheet.iter_rows(min_row=4) for cell in row}
    assert shown[91.5] == "#,##0.0" and shown[11] == "#,##0.0"
    assert sheet.freeze_panes == "B4"


def test_text_is_never_a_formula_or_a_link_and_stays_to_the_letter(book):
    language, path = book
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        if name.startswith("xl/worksheets/sheet"):
            assert not list(part(path, name).iter(f"{S}f")), name
            assert not list(part(path, name).iter(f"{S}mergeCell")), name
        if name.startswith("xl/worksheets/_rels/"):
            external = re.findall(rb'Target="([^"]+)" TargetMode="External"', archive.read(name))
            assert external == []
    heads, *rows = sheets(path)[SHEETS["deadlines"][language]][2:]
    shown = [row[0] for row in rows]
    assert (shown[:4], shown[4:6]) == (HOSTILE[:4], ["$ $note$ $", "[x] (http://example.org)"])
    assert shown[-3:] == ["שלום", "bell", "[x]"]
    assert len(heads) == 2, "a sheet holds one language"
    assert rows[0][1] == ("=1+1" if language == "nl" else "en =1+1")


def test_the_workbook_says_its_title_language_and_date_and_marks_its_tables(book, tables, tmp_path):
    language, path = book
    core = zipfile.ZipFile(path).read("docProps/core.xml").decode()
    assert f"<dc:language>{CASES['said'][language]['tag']}<" in core
    assert CASES["said"][language]["title"] in core
    moment = f"{tables.edition.as_of:%Y-%m-%d}T00:00:00Z"
    assert re.findall(r"<dcterms:\w+[^>]*>([^<]*)", core) == [moment] * 2
    marked = [n for n in zipfile.ZipFile(path).namelist() if n.startswith("xl/tables/")]
    assert len(marked) == 4  # contents, columns and the two tables
    assert all(part(path, name).get("headerRowCount") != "0" for name in marked)
    write_spreadsheet(tables.edition, FRAMES, language, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_the_dictionary_lists_every_column_once_with_its_type_and_its_meaning_where_there_is_one():
    types = dictionary(FRAMES).set_index(["table", "column"])["type"]
    assert len(types) == sum(frame.shape[1] for frame in FRAMES.values())
    named = {"need": "number", "years_mixed": "boolean", "body": "string"}
    assert {column: types["cap_gap", column] for column in named} == named
    changes = {describe(table, "change", "nl") for table in ("revisions", "trend_pairs")}
    assert changes == {"Nieuw min oud", "Verandering in procent"}
    for column in COLUMNS:
        assert describe("observations", column.name, "nl") == column.nl
        assert describe("observations", column.name, "en") == column.en
    unknown = [describe("cap_gap", f"never_heard_of{limit}", "nl") for limit in ("", "_lower")]
    assert unknown == ["", ""]


@given(st.lists(WORDS, min_size=1))
def test_no_text_of_a_csv_begins_as_a_formula_and_none_is_lost(texts):
    written = csv_text(pd.DataFrame({"a": texts, "b": range(len(texts))}))
    cells = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert len(cells) == len(texts)
    for text, cell in zip(texts, cells, strict=True):
        assert cell in (text, f"'{text}")
        if cell[:1] in ("=", "@", "\t"):
            pytest.fail(cell)
        if cell[:1] in ("+", "-"):
            assert re.fullmatch(r"[+-][\d.,]+%?", cell)


def test_formulas_are_guarded_whatever_the_columns_are_called():
    frame = pd.DataFrame([["=1", "=2", 3], ["a", "b", 4]], columns=[2023, "x", "x"])
    assert csv_text(frame) == "2023,x,x\n'=1,'=2,3\na,b,4\n"
    # a bare return would end the row in some readers
    returns = pd.DataFrame({"a": ["\r=1", "- nee", "-", "–"]})
    assert csv_text(returns) == "a\n\"'\n=1\"\n'- nee\n-\n–\n"
    assert frame.iloc[0, 0] == "=1"  # what was given stays as it is

"""Spreadsheet, data dictionary and CSV: numbers as they are, text that stays text. Rows are made up."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.report.files.dictionary import describe, dictionary
from osw_stats.report.files.spreadsheet import write_spreadsheet
from osw_stats.report.tables import csv_text
from osw_stats.vocabulary.observations import COLUMNS

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "$$note$$", "[x](http://example.org)", "\t=1", "<b>", "שלום", "\x07bell", "–")  # fmt: skip
FRAMES = {
    "cap_gap": pd.DataFrame(
        {
            "body": ["acm", "cvdm"], "need": [60, 91.5], "gap": [11.0, 16.2], "gap_lower": [1.0, None],
            "note": ["=HYPERLINK(\"http://example.org\")", None], "years_mixed": [True, False],
        }
    ),
    "deadlines": pd.DataFrame({"id": HOSTILE, "text_nl": HOSTILE, "text_en": [f"en {t}" for t in HOSTILE]}),
    "prev_model": pd.DataFrame({"term": []}),
}  # fmt: skip


@pytest.fixture(scope="module", params=["nl", "en"])
def book(request, tables, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "tables.xlsx"
    write_spreadsheet(tables.edition, FRAMES, request.param, path)
    return request.param, path


def part(path, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(path).read(name))


def sheets(path) -> dict[str, list[list[str | float]]]:
    """Return the cells of every sheet, read back from the file itself."""
    shared = ["".join(t.text or "" for t in s.iter(f"{S}t")) for s in part(path, "xl/sharedStrings.xml")]
    names = [s.get("name") for s in part(path, "xl/workbook.xml").iter(f"{S}sheet")]
    found = {}
    for number, name in enumerate(names, start=1):
        rows = []
        for row in part(path, f"xl/worksheets/sheet{number}.xml").iter(f"{S}row"):
            cells = []
            for cell in row.iter(f"{S}c"):
                value = cell.find(f"{S}v")
                text = None if value is None else value.text
                cells.append(
                    shared[int(text)] if cell.get("t") == "s" else None if text is None else float(text)
                )
            if cells:
                rows.append(cells)
        found[name] = rows
    return found


def test_numbers_are_numbers_and_nothing_is_empty(book):
    language, path = book
    found = sheets(path)
    assert list(found)[3:] == ["cap_gap", "deadlines"]  # after cover, contents and columns; no empty table
    heads, *rows = found["cap_gap"][2:]
    assert [r[1] for r in rows] == [60, 91.5]
    assert [r[3] for r in rows] == [1.0, "[x]"]
    assert heads[3] == {"nl": "Verschil tussen nodig en toegekend, ondergrens", "en": "Gap between needed and funded, lower limit"}[language]  # fmt: skip
    assert [r[5] for r in rows] == {"nl": ["ja", "nee"], "en": ["yes", "no"]}[language]
    for name, cells in found.items():
        table = cells[2:] if len(cells) > 2 and name != next(iter(found)) else []
        assert all(len(row) == len(table[0]) and None not in row for row in table), name


def test_text_is_never_a_formula_or_a_link_and_stays_to_the_letter(book):
    _, path = book
    for name in zipfile.ZipFile(path).namelist():
        if name.startswith("xl/worksheets/sheet"):
            assert not list(part(path, name).iter(f"{S}f")), name
            assert not list(part(path, name).iter(f"{S}mergeCell")), name
    outside = [
        target
        for name in zipfile.ZipFile(path).namelist()
        if name.startswith("xl/worksheets/_rels/")
        for target in re.findall(
            r'Target="([^"]+)" TargetMode="External"', zipfile.ZipFile(path).read(name).decode()
        )
    ]
    assert outside == []
    shown = [row[0] for row in sheets(path)["deadlines"][3:]]
    assert shown[:4] == list(HOSTILE[:4])
    assert shown[4:6] == ["$ $note$ $", "[x] (http://example.org)"]
    assert shown[-3:] == ["שלום", "bell", "[x]"]


def test_a_sheet_holds_one_language(book):
    language, path = book
    heads = sheets(path)["deadlines"][2]
    assert len(heads) == 2
    assert sheets(path)["deadlines"][3][1] == ("=1+1" if language == "nl" else "en =1+1")


def test_the_workbook_says_its_title_and_language_and_marks_its_tables(book):
    language, path = book
    core = zipfile.ZipFile(path).read("docProps/core.xml").decode()
    assert {"nl": "nl-NL", "en": "en-GB"}[language] in core
    assert {"nl": "Online seksueel geweld in cijfers 2024", "en": "Online sexual violence in figures 2024"}[language] in core  # fmt: skip
    marked = [n for n in zipfile.ZipFile(path).namelist() if n.startswith("xl/tables/")]
    assert len(marked) == 4  # contents, columns and the two tables
    for name in marked:
        assert part(path, name).get("headerRowCount") != "0"


def test_two_workbooks_are_the_same_bytes(book, tables, tmp_path):
    language, path = book
    write_spreadsheet(tables.edition, FRAMES, language, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_the_spreadsheet_carries_the_as_of_date(book, tables):
    core = zipfile.ZipFile(book[1]).read("docProps/core.xml").decode()
    day = f"{tables.edition.as_of:%Y-%m-%d}T00:00:00Z"
    assert re.findall(r"<dcterms:\w+[^>]*>([^<]*)", core) == [day] * 2


def test_the_dictionary_knows_every_column_of_the_tidy_table():
    for column in COLUMNS:
        assert describe("observations", column.name, "nl") == column.nl
        assert describe("observations", column.name, "en") == column.en


def test_the_dictionary_lists_every_column_once_with_its_type():
    found = dictionary(FRAMES)
    assert len(found) == sum(frame.shape[1] for frame in FRAMES.values())
    types = found.set_index(["table", "column"])["type"]
    assert types["cap_gap", "need"] == "number"
    assert types["cap_gap", "years_mixed"] == "boolean"
    assert types["cap_gap", "body"] == "string"


def test_a_column_nobody_described_says_nothing():
    assert describe("cap_gap", "never_heard_of", "nl") == ""
    assert describe("cap_gap", "never_heard_of_lower", "en") == ""


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20), min_size=1
    )
)
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


def test_numbers_of_a_csv_keep_their_sign():
    assert (
        csv_text(pd.DataFrame({"a": [-6.61, 5.0], "b": ["-6,6", "+19.4%"]}))
        == 'a,b\n-6.61,"-6,6"\n5,+19.4%\n'
    )


def test_formulas_are_guarded_whatever_the_columns_are_called():
    frame = pd.DataFrame([["=1", "=2", 3], ["a", "b", 4]], columns=[2023, "x", "x"])
    assert csv_text(frame) == "2023,x,x\n'=1,'=2,3\na,b,4\n"
    assert frame.iloc[0, 0] == "=1"  # what was given stays as it is

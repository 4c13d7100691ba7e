"""Every published shape as a specification: what is read, what is passed over with a word, what is refused and why."""

import json
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from osw_stats.data.statline.keys import margin, period
from osw_stats.data.statline.output import to_csv, to_json
from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError
from tests.conftest import PROJECT
from tests.data.published import BULK, DUMP, EXPORT, LAYOUT, MARGINS, PERIODEN, TURNED, V3, V4

V4_CSV = """Id;Measure;Geslacht;Perioden;Value;StringValue;ValueAttribute
0;M001_1;T001038;2022JJ00;481,8;;None
1;M001_1;T001038;2023JJ00;1021,4;;None
2;M001_2;T001038;2023JJ00;;;Impossible
3;M001_3;T001038;2023JJ00;;Voorbeeldstad;None
"""


def table(folder: Path, text, name="table.csv", declared=None):
    path = folder / name
    path.write_bytes((text if isinstance(text, str) else json.dumps(text)).encode("utf-8"))
    return read_table(path, declared)


def cells(result):
    rows = result.frame.to_dict("records")
    return [
        (r["time_period"], r["value"] if r["value"] == r["value"] else None, r["obs_status"]) for r in rows
    ]


def test_bulk_csv_with_keys(tmp_path):
    bulk = table(tmp_path, BULK, "47025NED_UntypedDataSet_01022024_120000.csv")
    assert (bulk.name, bulk.shape, bulk.dims) == ("47025NED", "bulk", ("SoortMisdrijf", "RegioS"))
    first = bulk.frame[bulk.frame["measure"] == "GeregistreerdeMisdrijven_1"]
    assert first["value"].tolist()[0::2] == [8214, 802043]
    assert first["obs_status"].tolist() == ["normal", "withheld", "normal"]
    assert first["RegioS"].tolist() == ["NL01", "GM0363", "NL01"]
    assert bulk.frame["obs_status"].tolist().count("not_applicable") == 1


def test_the_csv_button_s_export(tmp_path):
    export = table(tmp_path, EXPORT)
    assert (export.shape, export.dims) == ("export", ("Soort misdrijf", "Regio's"))
    assert cells(export) == [
        ("2018", 8278, "normal"),
        ("2019", 7357, "provisional"),
        ("2024-07", None, "withheld"),
        ("2018", 0.5, "normal"),
        ("2019", 10, "provisional"),
        ("2024-07", None, "not_applicable"),
    ]
    assert export.frame["measure"].iloc[0] == "Geregisteerde misdrijven (aantal)"  # the publisher's spelling


@pytest.mark.parametrize("text", [LAYOUT, TURNED], ids=["topics above", "topics before"])
def test_the_layout_of_the_screen(tmp_path, text):
    layout = table(tmp_path, text)
    assert layout.dims == ("Soort misdrijf", "Regio's")
    rows = layout.frame.sort_values(["time_period", "row"])
    assert rows["value"].fillna(-1).tolist() == [9099, 12, 0, 8219, -1, -1]
    statuses = ["normal"] * 3 + ["provisional", "withheld", "not_applicable"]
    assert rows["obs_status"].tolist() == statuses
    assert set(rows["Soort misdrijf"]) == {"1.4.1 Zedenmisdrijf"}
    assert set(rows["measure"]) == {"Geregistreerde misdrijven (aantal)"}


def test_the_period_of_a_layout_may_stand_among_its_filters(tmp_path):
    text = LAYOUT.replace('""\n', '"Perioden: 2021*"\n', 1).replace(
        '"Perioden";"2022";"2023*"', '"Geslacht";"Man";"Vrouw"'
    )
    layout = table(tmp_path, text)
    assert set(layout.frame["time_period"]) == {"2021"}
    assert layout.dims == ("Soort misdrijf", "Geslacht", "Regio's")


def test_numbers_that_are_labels_may_stand_above_the_figures(tmp_path):
    rows = (
        '"Titel"',
        '"Onderwerp";"A";"A"',
        '"Leeftijd";"15";"16"',
        '"Perioden";"aantal";"aantal"',
        '"2021";"5";"6"',
    )
    layout = table(tmp_path, copy(*rows, '"Bron: CBS"'))
    assert layout.frame[["Leeftijd", "value"]].to_numpy().tolist() == [["15", 5], ["16", 6]]


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [
        ("Waarde", "Ondergrens 95%-interval", "Bovengrens 95%-interval"),
        ("Waarde", "Betrouwbaarheidsmarge ondergrens", "Betrouwbaarheidsmarge bovengrens"),
        ("Value", "Lower limit of the confidence interval", "Upper limit of the confidence interval"),
        ("Value", "Lower bound 95% interval", "Upper bound 95% interval"),
        ("MW00000", "MOG0095", "MBG0095"),
    ],
)
def test_three_rows_of_a_margin_become_one_observation(tmp_path, value, lower, upper):
    text = MARGINS.replace("Waarde", value).replace("Ondergrens 95%-interval", lower)
    margins = table(tmp_path, text.replace("Bovengrens 95%-interval", upper))
    assert margins.frame[["value", "ci_lower", "ci_upper"]].to_numpy().tolist() == [[15.4, 15.1, 15.6]]
    assert margins.dims == ()


@pytest.mark.parametrize("width", ["90%", "99%", "99,95%", "95,5%", ""])
@pytest.mark.parametrize(
    "label", ["Ondergrens {}", "Betrouwbaarheidsmarge bovengrens van {}", "Upper limit of the {} interval"]
)
def test_a_limit_of_another_width_is_none(label, width):
    assert margin(label.format(width).strip()) is None


def test_a_dump_takes_status_and_labels_from_its_code_lists(tmp_path):
    (tmp_path / "Perioden.csv").write_bytes(PERIODEN.encode())
    dump = table(tmp_path, DUMP, "data.csv")
    assert dump.shape == "dump"
    assert cells(dump)[:2] == [("2022-12", 17810000, "normal"), ("2023-01", 17811291, "provisional")]
    assert cells(dump)[2:] == [("2022-12", -5, "normal"), ("2023-01", None, "unknown")]
    assert dump.labels["Perioden"]["2023MM01"] == "2023 januari"


def test_a_code_list_that_is_damaged_is_passed_over_with_a_word(tmp_path):
    (tmp_path / "Perioden.csv").write_text('""\n')
    dump = table(tmp_path, DUMP, "data.csv")
    assert len(dump.frame) == 4
    assert "Perioden.csv" in dump.notes[0]


@pytest.mark.parametrize("name", ["a" * 101, "../../Perioden", "a/b"])
def test_a_column_that_can_name_no_file_is_no_dimension(tmp_path, name):
    with pytest.raises(InputError, match="no column of periods"):
        table(tmp_path, DUMP.replace("Perioden", name), "data.csv")


def test_odata_3_null_has_no_reason_and_is_never_zero(tmp_path):
    page = table(tmp_path, V3, "page.json")
    assert (page.shape, page.dims) == ("v3-json", ("SoortMisdrijf", "WijkenEnBuurten"))
    assert cells(page) == [("2012-01", 1382, "normal"), ("2012-01", None, "unknown")]
    assert page.frame["WijkenEnBuurten"].tolist() == ["GM1680", "GM1680"]


def test_odata_3_pages_in_a_folder_with_their_descriptions(tmp_path):
    for number, record in enumerate(V3["value"], start=1):
        (tmp_path / f"UntypedDataSet-{number:04d}.json").write_text(json.dumps(V3 | {"value": [record]}))
    properties = {"value": [{"Key": "GeregistreerdeMisdrijven_1", "Title": "Geregistreerde misdrijven"}]}
    (tmp_path / "DataProperties.json").write_text(json.dumps(properties))
    kinds = {"value": [{"Key": "1.4.1 ", "Title": "1.4.1 Zedenmisdrijf"}]}
    (tmp_path / "SoortMisdrijf.json").write_text(json.dumps(kinds))
    whole = read_table(tmp_path)
    assert cells(whole) == [("2012-01", 1382, "normal"), ("2012-01", None, "unknown")]
    entry = json.loads("".join(to_json(whole)))[1]
    assert entry["labels"] == {"SoortMisdrijf": "1.4.1 Zedenmisdrijf", "measure": "Geregistreerde misdrijven"}


def test_odata_4_says_why_a_value_is_missing(tmp_path):
    page = table(tmp_path, V4, "Observations.json")
    assert cells(page) == [
        ("2020", 17407585, "normal"),
        ("2021", None, "withheld"),
        ("2022", None, "not_applicable"),
    ]
    assert (page.dims, page.frame["measure"].iloc[0]) == (("Geslacht",), "M000352")


def test_odata_4_may_say_that_a_value_can_change(tmp_path):
    text = V4_CSV.replace("1021,4;;None", "1021,4;;Provisional").replace("481,8;;None", "481,8;;Onbekend")
    result = table(tmp_path, text.replace(";;;Impossible", ";;;Provisional"), "Observations.csv")
    assert cells(result) == [
        ("2022", None, "unknown"),
        ("2023", 1021.4, "provisional"),
        ("2023", None, "unknown"),
    ]
    assert any('unknown reason "Onbekend"' in note for note in result.notes)


def test_a_workbook_is_read_as_it_shows_percentages_and_says_what_it_leaves(tmp_path):
    book = Workbook()
    for row in (["jaar", "aandeel"], [2020, 0.315], [2021, 1]):
        book.active.append(row)
    for cell in book.active["B"][1:]:
        cell.number_format = "0%"
    book.create_sheet("2022")
    book.save(tmp_path / "t.xlsx")
    result = read_table(tmp_path / "t.xlsx")
    assert result.frame["value"].tolist() == [31.5, 100]
    assert result.notes == ("only the first sheet is read, not 2022",)


def test_odata_4_as_csv_with_its_code_lists(tmp_path):
    (tmp_path / "PeriodenCodes.csv").write_text(
        "Identifier;Title;Status\n2022JJ00;2022;Definitief\n2023JJ00;2023;Voorlopig\n"
    )
    (tmp_path / "MeasureCodes.csv").write_text("Identifier;Title;DataType\nM001_1;Slachtoffers;Double\n")
    result = table(tmp_path, V4_CSV, "Observations.csv")
    assert cells(result) == [
        ("2022", 481.8, "normal"),
        ("2023", 1021.4, "provisional"),
        ("2023", None, "not_applicable"),
    ]
    assert result.labels["measure"] == {"M001_1": "Slachtoffers"}
    assert result.notes == ("1 cells that hold text are set apart",)
    assert cells(read_table(tmp_path)) == cells(result)  # the folder holds one table


TEXTS = (
    BULK.replace('Per1000Inw_2"', 'Gemeentenaam_2"')
    .replace('"     0.5"', '"Nederland"')
    .replace('"    45.0"', '"Nederland"')
)


@pytest.mark.parametrize(
    ("text", "rows", "note"),
    [
        (TEXTS, 3, "columns of text are set apart: Gemeentenaam_2"),
        (
            BULK.replace("2023JJ00", "2023X000", 1),
            4,
            "2 cells of periods that are not modelled are passed over: 2023X000",
        ),
        (BULK.replace("2023JJ00", "2023SJ00", 1), 4, "2023SJ00"),
        (MARGINS.replace("Ondergrens 95%", "Ondergrens 90%"), 1, "passed over: Ondergrens 90%-interval"),
        (V4_CSV.replace(";Impossible", ";Onbekend"), 3, 'unknown reason "Onbekend"'),
        (EXPORT.replace(";0,5\n", ";Adam\n").replace(";10\n", ";\n"), 3, "text are set apart: Per 1 000"),
        (
            BULK.replace("GeregistreerdeMisdrijven_1", "Vertrouwen_1").replace("    8214", "   -8214"),
            6,
            "1 values of Vertrouwen_1 are below zero (row 2: -8214)",
        ),
    ],
    ids=["topic", "half_year_part", "school_year", "interval", "reason", "topic_of_export", "below_zero"],
)
def test_what_is_not_modelled_is_passed_over_with_a_word(tmp_path, text, rows, note):
    result = table(tmp_path, text)
    assert len(result.frame) == rows
    assert any(note in n for n in result.notes)


CODES = {
    "2024": "2024JJ00 / 2024 / 2024JJ00 ",
    "2024-Q3": "2024KW03 / 2024 3e kwartaal** / 2024 3rd quarter / 2024-Q3 / 2024 kwartaal 3",
    "2024-H2": "2024HJ02 / 2024 2e halfjaar / 2024 2nd half / 2024-H2",
    "2024-07": "2024MM07 / 2024 juli / juli 2024 / 2024 July* / 2024-07 / 2024 maand 7 / jul 2024",
    "2020-W53": "2020W153 / 2020 week 53 / 2020-W53",
    None: "2024MM13 / 2024KW05 / 2019X000 / 2019SJ00 / 2019/'20 / 9999JJ00 / juli",
}


@pytest.mark.parametrize(("expected", "codes"), CODES.items())
def test_periods_in_keys_and_words(expected, codes):
    assert {(period(code) or (None,))[0] for code in codes.split(" / ")} == {expected}


COUNT, RATE = "GeregistreerdeMisdrijven_1", "Per 1 000 (per 1 000)"
AS_NUMBER = "    8214"
PAGE = '{"value": [{"ID": 0, "Perioden": "2012JJ00", "A_1": %s}]}'
FIRST, SECOND = V3["value"]
BAD = [  # a text, what is replaced in it by what, and what is said of it, in which row and column
    (BULK, AS_NUMBER, "   8.214,0", "not written as the other", 2, COUNT),
    (BULK, "  802043", "     NaN", "is not a number", 4, COUNT),
    (BULK, AS_NUMBER, "    =1+1", "is not a number", 2, COUNT),
    (BULK, AS_NUMBER, "9" * 30, "is not a number", 2, COUNT),
    (BULK, AS_NUMBER, "   -8214", "negative count", 2, COUNT),
    (BULK, AS_NUMBER, "     50%", "a percentage among", 2, COUNT),
    (BULK, '"1.4.1 ";"NL01', '"=HYPERLINK(1)";"NL01', "no code or label", 2, "SoortMisdrijf"),
    (BULK, "GM0363", "NL01  ", "stands twice", 3, COUNT),
    (BULK, '"2023JJ00";"    8214"', '"twee";"    8214"', "no period", 2, "Perioden"),
    (BULK, "2023JJ00", "2023X000", "no period", 2, "Perioden"),
    (BULK.replace("2023JJ00", "nu"), '"Perioden"', '"Tijd"', "no column Perioden", 1, None),
    (BULK[:-20], "", "", "ends in the middle of a line", 4, None),
    (BULK, ';"     0.5"', "", "has 5 cells", 2, None),
    (BULK, AS_NUMBER, "9" * 200_000, "cannot be read as CSV", 2, None),
    (EXPORT, ";10\n", ";1.5\n", "not written as the other", 3, RATE),
    (EXPORT.replace(";10\n", ";1\n"), "8278;0,5", "8278;1.234", "may be 1234 or 1.234", 2, RATE),
    (EXPORT.rstrip("\n;") + ";1", "", "", "ends in the middle of a line", 4, None),
    (MARGINS, "15,1", "15,9", "outside its own limits", 2, "Slachtoffers (%)"),
    (MARGINS, '"Waarde";"2023"', '"Waarde";"2022"', "without its value", 3, None),
    (LAYOUT, '"12";"."', '"12"', "has 2 cells", 8, None),
    (LAYOUT, ';"0";""\n"Bron: Politie"', "", "has 1 cells", 9, None),  # cut off inside the last row
    (V3 | {"value": [FIRST | {COUNT: 10**19}]}, "", "", "no column of figures", 1, COUNT),
    (LAYOUT, '"Perioden";"2022";"2023*"\n', "", "has no periods", 4, None),
    (TURNED, '"Perioden";"2022";"2023*"', '"Regio";"A";"B"', "no periods", 3, None),
    ("", "", "", "is empty", 1, None),
    (V3 | {"value": []}, "", "", "no OData answer with rows", 1, None),
    (V3 | {"odata.nextLink": "x"}, "", "", "names a next page", 2, None),
    ({"odata.error": {"code": ""}}, "", "", "error message of the service", 1, None),
    (PAGE, "%s", "NaN", "cannot be read as JSON", 1, None),
    (PAGE, "%s", "1e999", "cannot be read as JSON", 1, None),
    (PAGE, "%s", '1, "A_1": 2', "stands twice", 1, None),
    (PAGE, "%s", "9" * 5000, "cannot be read as JSON", 1, None),
    (json.dumps(V3)[:-9], "", "", "cannot be read as JSON", 1, None),
    (V3 | {"value": [FIRST, SECOND | {"A_2": 1}]}, "", "", "other fields than the first", 2, "A_2"),
    (V3 | {"value": [FIRST | {COUNT: True}]}, "", "", "neither text nor a number", 1, COUNT),
]


@pytest.mark.parametrize(("text", "old", "new", "problem", "row", "column"), BAD)
def test_a_bad_file_gives_one_error_with_its_place(tmp_path, text, old, new, problem, row, column):
    text = text.replace(old, new) if isinstance(text, str) and old else text
    name = "table.json" if isinstance(text, dict) or text[:1] == "{" else "table.csv"
    with pytest.raises(InputError, match=problem) as caught:
        table(tmp_path, text, name)
    assert str(caught.value.file).endswith(name)
    assert (caught.value.row, caught.value.column) == (row, column)


IN_ONE_CELL = "\n".join(f'"{line.replace(chr(34), chr(34) * 2)}"' for line in BULK.splitlines()) + "\n"


SDMX = b"DATAFLOW,LAST UPDATE,geo,TIME_PERIOD,OBS_VALUE\nx,y,NL,2020,1\n"
OECD = b'"LOCATION","INDICATOR","TIME","Value"\n"NLD","X","2021",12.5\n'
WHAT_IT_IS = [
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "csv", "Git LFS", "git lfs pull"),
    (b"../.git/annex/objects/x/y\n", "csv", "git-annex", "git annex get"),
    (b"<!DOCTYPE html><html>", "csv", "page of HTML", "button"),
    (b"PK\x03\x04rest", "csv", "packed", "Unpack"),
    (b"PK\x03\x04____[Content_Types].xml", "csv", "workbook under another name", ".xlsx"),
    (b"PK\x03\x04rest", "xlsx", "cannot be read as a workbook", "Download"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls", "old Excel", "choose CSV"),
    (b"%PDF-1.4", "csv", "PDF", "choose CSV"),
    (b"{\\rtf1 x}", "csv", "word processor", "choose CSV"),
    (BULK.encode("utf-16"), "csv", "UTF-16", "Download"),
    (BULK[1:].encode("utf-16-le"), "csv", "(zero bytes|UTF-8)", "Download"),
    (IN_ONE_CELL.encode(), "csv", "each row in one cell", "do not open and save"),
    (b"geo,unit\\TIME_PERIOD\t2019 \t2020 \nNL,P\t1 b\t2\n", "tsv", "Eurostat", "sdmx1"),
    (SDMX, "csv", "SDMX-CSV", "sdmx1"),
    (OECD, "csv", "OECD", "sdmx1"),
    (b'<?xml version="1.0"?><mes:GenericData xmlns="http://www.sdmx.org/x">', "xml", "SDMX-ML", "sdmx1"),
    (b'<?xml version="1.0"?><feed/>', "xml", "XML", "CSV or JSON"),
    (b'{"class": "dataset", "dimension": {}, "value": [1]}', "json", "JSON-stat", "pyjstat"),
    (b'{"data": {"dataSets": []}}', "json", "SDMX-JSON", "sdmx1"),
    (b'{"error": {"code": "404"}}', "json", "error message of the service", "Check the table"),
    (b"Geslacht,Leeftijd,2000,2001\nV,0,1,2\n", "csv", "periods as headings", "column `jaar`"),
]


@pytest.mark.parametrize(("body", "ending", "problem", "remedy"), WHAT_IT_IS)
def test_a_file_that_is_no_table_is_told_what_it_is(tmp_path, body, ending, problem, remedy):
    path = tmp_path / f"t.{ending}"
    path.write_bytes(body)
    with pytest.raises(InputError, match=problem) as caught:
        read_table(path)
    assert remedy in caught.value.remedy


def copy_of_months(value, kind="1.4.1 Zedenmisdrijf", name="crime_type"):
    lines = [f"{name},date,frequency"]
    lines += [f"{k},2020-{m:02d}-01,{n}" for k, n in (("0.0.0", 90_000), (kind, value)) for m in range(1, 13)]
    return "\n".join(lines) + "\n"


def test_zeros_in_place_of_months_that_the_police_do_not_publish_are_refused(tmp_path):
    with pytest.raises(InputError, match="publish no figure by month for it"):
        table(tmp_path, copy_of_months(0))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (copy_of_months(0, kind="1.2.3 Diefstal"), "table.csv"),
        (copy_of_months(0, name="branche"), "table.csv"),
        (copy_of_months(0), "83648NED.csv"),
    ],
    ids=["another crime", "no crime", "another table"],
)
def test_any_other_series_of_zeros_stays_and_is_named(tmp_path, text, name):
    result = table(tmp_path, text, name)
    assert result.frame["value"].eq(0).sum() == 12
    assert "1 of 2 series are 0 in all their periods" in result.notes[-1]


def copy(*lines):
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (copy("jaar;meldingen", "2020;1.234", "2021;12.345", "2022;987"), None, [1234, 12345, 987]),
        (copy("Jaar;meldingen", "2020;1.234.567", "2021;12,5"), None, [1234567, 12.5]),
        (copy("year,n", '2020,"1,234.5"', "2021,12"), None, [1234.5, 12]),
        (copy("year,n", "2020,1.234", "2021,0.5"), None, [1.234, 0.5]),
        (copy("jaar;n", "2020;12 345", "2021;110*"), None, [12345, 110]),
        (copy("jaar;pct", "2020;50%", "2021;12,5%"), None, [50, 12.5]),
        (copy("jaar;leeftijd;n", "2020;15;7", "2020;16;7"), None, [7, 7]),
        (copy("gemeentecode;jaar;n", "363;2020;7", "344;2020;9"), None, [7, 9]),
        (copy("jaar;verschil", "2020;-1,5", "2021;−2,0"), None, [-1.5, -2]),
        (copy(",jaar,n", "0,2020,5", "1,2021,6"), None, [5, 6]),
        (
            copy("jaar;regio;n", "2020;NL;7", "2021;NL;<5", "2022;NL;x", "2023;NL;NA"),
            None,
            [7, None, None, None],
        ),
        (
            copy("date,n", "2020-01-01,5", "2021-01-01,6"),
            {"columns": {"date": "year", "n": "measure"}},
            [5, 6],
        ),
        (
            copy("year,n", "2020,1.234"),
            {"columns": {"year": "period", "n": "measure"}, "decimal": ","},
            [1234],
        ),
        (copy("id,year,n", "1,2020,5"), {"columns": {"id": "ignore", "year": "year", "n": "measure"}}, [5]),
        (copy("Tabel 1;;", "jaar;n;", "2020;12;", "", "Bron: CBS"), None, [12]),
        (copy("year;n", "2020;1,234", ";", "2021;12,345,678"), None, [1234, 12345678]),
        (copy("jaar;n", "2020;n.b.", "2021;13", "2022;onbekend"), None, [None, 13, None]),
        (copy("jaar;n", "2020;#", "2021;13"), {"marks": {"#": "withheld"}}, [None, 13]),
    ],
)
def test_a_copy_whose_columns_are_evident_or_declared(tmp_path, text, declared, expected):
    result = table(tmp_path, text, declared=declared)
    assert [None if v != v else v for v in result.frame["value"]] == expected
    assert all(len(p) == 4 for p in result.frame["time_period"])


@pytest.mark.parametrize(
    ("text", "declared", "status", "limits"),
    [
        (copy("jaar;n", "2020;<5", "2021;13"), None, "withheld", (0, 4)),
        (copy("jaar;n", "2020;minder dan 10", "2021;13"), None, "withheld", (0, 9)),
        (copy("jaar;n", "2020;≤ 5", "2021;13"), None, "withheld", (0, 5)),
        (copy("jaar;n", "2020;1-4", "2021;13"), None, "withheld", (1, 4)),
        (copy("jaar;pct", "2020;<0,5", "2021;1,3"), None, None, None),  # no mark that is known
        (copy("jaar;pct", "2020;<5", "2021;1,3"), None, "withheld", (0, 5)),
        (copy("jaar;n", "2020;x", "2021;13"), {"marks": {"x": "1-9"}}, "withheld", (1, 9)),
        (copy("jaar;verschil", "2020;<5", "2021;13"), None, "withheld", None),
        (copy("jaar;n", "2020;x", "2021;13"), None, "withheld", None),
    ],
)
def test_a_marked_cell_is_what_it_leaves_open(tmp_path, text, declared, status, limits):
    if status is None:
        with pytest.raises(InputError, match="is no number and no mark"):
            table(tmp_path, text, declared=declared)
        return
    result = table(tmp_path, text, declared=declared)
    row = result.frame.iloc[0]
    assert row["obs_status"] == status
    assert ((row["lower"], row["upper"]) if "upper" in result.frame else None) == limits
    entry = json.loads("".join(to_json(result)))[0]
    assert (entry.get("lower"), entry.get("upper")) == (limits or (None, None))


@pytest.mark.parametrize(
    ("text", "declared", "periods"),
    [
        (copy("jaar;kwartaal;n", "2020;1;5", "2020;2;6"), None, ["2020-Q1", "2020-Q2"]),
        (copy("maand,jaar,n", "1,2020,5", "12,2020,6"), None, ["2020-01", "2020-12"]),
        (copy("year,month,n", "2020,May,5", "2020,June,6"), None, ["2020-05", "2020-06"]),
        (copy("week;n", "2020-W01;5", "2020-W53;6"), None, ["2020-W01", "2020-W53"]),
        (copy("date,n", "2020-01-01,5", "2020-04-01,6"), "quarter", ["2020-Q1", "2020-Q2"]),
        (copy("date,n", "2020-03-31,5", "2020-12-31,6"), "quarter", ["2020-Q1", "2020-Q4"]),
        (copy("date,n", "2020-02-01,5", "2020-03-01,6"), None, ["2020-02", "2020-03"]),
    ],
)
def test_periods_of_copies(tmp_path, text, declared, periods):
    columns = {"columns": {"date": declared, "n": "measure"}} if declared else None
    assert table(tmp_path, text, declared=columns).frame["time_period"].tolist() == periods


def test_limits_that_a_record_declares(tmp_path):
    columns = {"jaar": "period", "pct": "measure", "van": "lower of pct", "tot": "upper of pct"}
    result = table(tmp_path, "jaar;pct;van;tot\n2020;5,0;4,0;6,5\n", declared={"columns": columns})
    assert result.frame[["value", "ci_lower", "ci_upper"]].to_numpy().tolist() == [[5.0, 4.0, 6.5]]


@pytest.mark.parametrize(
    ("text", "problem", "row", "column"),
    [
        (copy("year;n", "2020;1.234", "2021;2.345"), "may be 1234 or 1.234", 2, "n"),
        (copy("year,n", "2020,12", '2021,"1,234"'), "may be 1234 or 1.234", 3, "n"),
        (copy("date,n", "2020-01-01,5", "2021-01-01,6"), "may be the year or its January", 2, "date"),
        (copy("date,n", "2020-01-02,5", "2020-01-03,6"), "is a day", 2, "date"),
        (copy("date,n", "2020-01-01,5", "2020-04-01,6"), "may be a quarter or its first month", 2, "date"),
        (copy("jaar,n", "2010-11,5", "2011-12,6"), "may be a month, or a year and the next", 2, "jaar"),
        (copy("jaar;n", "2020;€ 1.200"), "has no column of figures", 1, "n"),
        (copy("Meldingen;", "2020;5", "2021;6"), "figures where its headings should be", 1, None),
        (copy("NL;5", "2020;6"), "figures where its headings should be", 1, None),
        (copy("jaar,n,lower,upper", "2020,5,4,6", "2021,5,4,7"), "may be a limit", 1, "lower"),
        (copy("id,jaar,n", "1,2020,5", "2,2021,5", "3,2022,7"), "may be an identifier", 1, "id"),
        (copy("jaar,leeftijd,n", "2020,18,5", "2021,18,6"), "may be a group", 1, "leeftijd"),
        (copy("jaar,a,b", "2020,1,12", "2020,2,8", "2021,1,10"), "may be a group", 1, "a"),
        (copy("jaar,regio,n", "2020,NL,12", "2021,NL,?!", "2022,NL,13"), "is no number and no mark", 3, "n"),
        (copy("jaar,n", "2020,12", "2021,50%"), "percentage among other numbers", 3, "n"),
        (
            copy("datum,jaar,n", "2020-01-05,2020,12", "2020-02-05,2020,13"),
            "second column of time",
            1,
            "jaar",
        ),
    ],
)
def test_what_a_copy_leaves_open_is_asked_for(tmp_path, text, problem, row, column):
    with pytest.raises(InputError, match=problem) as caught:
        table(tmp_path, text)
    assert (caught.value.row, caught.value.column) == (row, column)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"jaar": "period"}, "the record says nothing of it"),
        ({"jaar": "period", "n": "measure", "m": "measure"}, "the table has no such column"),
        ({"jaar": "year or month?", "n": "measure"}, "leaves open what this column holds"),
        ({"jaar": "period", "n": "lower of m"}, "limit of no measure"),
        ({"jaar": "dimension", "n": "measure"}, "no column of periods"),
        ({"jaar": "period", "n": "dimension"}, "no column of figures"),
    ],
)
def test_a_declaration_names_every_column_and_leaves_nothing_open(tmp_path, columns, problem):
    with pytest.raises(InputError, match=problem):
        table(tmp_path, copy("jaar,n", "2020,5"), declared={"columns": columns})


def test_a_last_row_whose_cells_are_closed_needs_no_line_end(tmp_path):
    assert cells(table(tmp_path, BULK.rstrip("\n"))) == cells(table(tmp_path, BULK))


def test_printing_gives_the_promised_fields(tmp_path):
    page = table(tmp_path, V3, "page.json")
    entry = json.loads("".join(to_json(page)))[1]
    assert entry == {
        "time_period": "2012-01",
        "dims": {"SoortMisdrijf": "1.4.1", "WijkenEnBuurten": "GM1680"},
        "measure": "GeregistreerdeMisdrijven_1",
        "value": None,
        "ci_lower": None,
        "ci_upper": None,
        "obs_status": "unknown",
        "row": 2,
    }
    assert (
        "".join(to_csv(page)).splitlines()[2]
        == "1.4.1,GM1680,2012-01,GeregistreerdeMisdrijven_1,,,,unknown,2"
    )


# real downloads, where a folder with them lies beside the checkout or is named
REAL = Path(os.environ.get("OSW_REAL_FILES", PROJECT.parent / "shared" / "facts" / "files"))


@pytest.mark.skipif(not REAL.is_dir(), reason="no folder with real downloads; name one in OSW_REAL_FILES")
def test_real_files_can_be_read_and_a_copy_with_zeros_for_withheld_months_is_refused():
    for path in sorted(REAL.glob("raw_*.csv")):
        real = read_table(path)
        assert len(real.frame) > 100
        assert (
            real.frame["obs_status"]
            .isin(["normal", "withheld", "not_applicable", "provisional", "unknown"])
            .all()
        )
    for path in sorted(REAL.glob("police_47022NED*.csv")):
        with pytest.raises(InputError, match="publish no figure by month"):
            read_table(path)

"""Every published shape as a specification: what is read, passed over with a word, or refused and why (tables.yml)."""

import json
import os
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from osw_stats.data.statline.figures import to_csv, to_json
from osw_stats.data.statline.keys import margin, period
from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError
from tests.conftest import PROJECT
from tests.data.published import CASES, DUMP, LAYOUT, PERIODEN, V3

# real downloads, where a folder with them lies beside the checkout or is named
REAL = Path(os.environ.get("OSW_REAL_FILES", PROJECT.parent / "shared" / "facts" / "files"))


def table(folder, text, name="table.csv", declared=None, **beside):
    for other, content in (beside | {name: text}).items():
        (folder / other).write_text(content, encoding="utf-8", newline="")
    return read_table(folder / name, declared)


def of(text, *changes):
    """Return a text of tables.yml, or one that stands in its case, with some parts of it replaced."""
    text = CASES["texts"].get(text, text.replace("|", "\n") + "\n" * bool(text))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def cells(result):
    """Return period, value and status of every row."""
    frame = result.frame[["time_period", "value", "obs_status"]].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def section(name, arguments):
    rows = CASES[name]
    return pytest.mark.parametrize(arguments.split(), rows, ids=[f"{str(row[0])[:30]!a}" for row in rows])


@section("read", "text name shape dims expected")
def test_every_shape_is_read_with_its_dimensions_and_statuses(tmp_path, text, name, shape, dims, expected):
    result = table(tmp_path, of(text), name, **CASES["beside"].get(text, {}))
    assert (result.shape, result.dims) == (shape, tuple(d.replace("-", " ") for d in dims.split()))
    assert cells(result) == [[str(time), value, status] for time, value, status in expected]
    assert result.name == name.partition("_")[0].removesuffix(".csv").removesuffix(".json")
    if text == "v4_csv":
        assert result.labels["measure"] == {"M001_1": "Slachtoffers"}
        assert cells(read_table(tmp_path)) == cells(result)  # the folder holds one table


def test_keys_lose_their_padding_and_measures_keep_the_publisher_s_spelling(tmp_path):
    assert table(tmp_path, of("bulk")).frame["RegioS"].tolist()[:3] == ["NL01", "GM0363", "NL01"]
    measures = table(tmp_path, of("export")).frame["measure"]
    assert set(measures.iloc[:3]) == {"Geregisteerde misdrijven (aantal)"}
    layout = table(tmp_path, LAYOUT).frame
    assert set(layout["measure"]) == {"Geregistreerde misdrijven (aantal)"}
    assert set(layout["Soort misdrijf"]) == {"1.4.1 Zedenmisdrijf"}
    dump = table(tmp_path, DUMP, "data.csv", **{"Perioden.csv": PERIODEN})
    assert dump.labels["Perioden"]["2023MM01"] == "2023 januari"


def test_the_period_of_a_layout_may_stand_among_its_filters_and_numbers_above_the_figures(tmp_path):
    text = LAYOUT.replace('""\n', '"Perioden: 2021*"\n', 1)
    layout = table(tmp_path, text.replace('"Perioden";"2022";"2023*"', '"Geslacht";"Man";"Vrouw"'))
    assert set(layout.frame["time_period"]) == {"2021"}
    assert layout.dims == ("Soort misdrijf", "Geslacht", "Regio's")
    text = "Titel|Onderwerp;A;A|Leeftijd;15;16|Perioden;aantal;aantal|2021;5;6|Bron: CBS"
    frame = table(tmp_path, of(text)).frame
    assert frame[["Leeftijd", "value"]].to_numpy().tolist() == [["15", 5], ["16", 6]]


@section("limits", "text changes columns numbers")
def test_a_value_is_read_with_its_limits(tmp_path, text, changes, columns, numbers):
    result = table(tmp_path, of(text, *changes), declared={"columns": columns} if columns else None)
    assert result.frame[["value", "ci_lower", "ci_upper"]].to_numpy().tolist() == [numbers]
    assert result.dims == ()


@pytest.mark.parametrize("width", ["90%", "99%", "99,95%", "95,5%", ""])
def test_a_limit_of_another_width_is_none(width):
    begins = "Ondergrens {}", "Betrouwbaarheidsmarge bovengrens van {}", "Upper limit of the {} interval"
    assert [margin(label.format(width).strip()) for label in begins] == [None] * 3


def test_odata_3_pages_in_a_folder_with_their_descriptions(tmp_path):
    pages = {f"UntypedDataSet-000{at}": [record] for at, record in enumerate(V3["value"], start=1)}
    pages["DataProperties"] = [{"Key": "GeregistreerdeMisdrijven_1", "Title": "Geregistreerde misdrijven"}]
    pages["SoortMisdrijf"] = [{"Key": "1.4.1 ", "Title": "1.4.1 Zedenmisdrijf"}]
    for name, rows in pages.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(V3 | {"value": rows}))
    whole = read_table(tmp_path)
    assert cells(whole) == [["2012-01", 1382, "normal"], ["2012-01", None, "unknown"]]
    entry = json.loads("".join(to_json(whole)))[1]
    assert entry["labels"] == {"SoortMisdrijf": "1.4.1 Zedenmisdrijf", "measure": "Geregistreerde misdrijven"}


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


SCALED = ["#,##0,", '0.0,,"M"', '0" duizend"', '#,##0" mln"', '0"k"', "0\\k", "#,##0,;-#,##0,", '0" x 1.000"']
SCALED += ['0" dzd"', '0.0" mio"', '0" milj."', '0" hundred"']  # as wording knows them
UNSCALED = [
    "#,##0",
    "0",
    "# ##0",
    '#,##0" meldingen"',
    '"€" #,##0',
    '0" (voorlopig)"',
    "#,##0;[Red]-#,##0",
    "General",
]


def _format(code):
    return lambda sheet: setattr(sheet["B3"], "number_format", code)


def _hidden_first(sheet):
    sheet.parent.create_sheet("oud", 0).append(["jaar", "n"])
    sheet.parent["oud"].append([2019, 7])
    sheet.parent["oud"].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (_hidden_first, [120, 1802]),
        (
            lambda sheet: setattr(sheet["B3"], "value", "=900+902"),
            'row 3, value "B3": is a formula cell',
        ),
        *((_format(form), f'row 3, value "B3": .*{re.escape(form)}') for form in SCALED),
        *((_format(form), [120, 1802]) for form in UNSCALED),
        (lambda sheet: setattr(sheet["B3"], "value", "1.802"), 'row 3, .* "1.802": may be 1802 or 1.802'),
        (lambda sheet: setattr(sheet["B3"], "value", "1,802"), 'row 3, .* "1,802": (may be|is not written)'),
        (lambda sheet: setattr(sheet["B3"], "value", 1.802), [120, 1.802]),
    ],
)
def test_a_workbook_tells_numbers_from_words_and_what_was_never_computed_or_is_hidden(tmp_path, change, read):
    book = Workbook()
    for row in (["jaar", "n"], [2020, 120], [2021, 1802]):
        book.active.append(row)
    change(book.active)
    book.save(tmp_path / "t.xlsx")
    if isinstance(read, list):
        assert read_table(tmp_path / "t.xlsx").frame["value"].tolist() == read
        return
    with pytest.raises(InputError, match=read):
        read_table(tmp_path / "t.xlsx")


@section("passed_over", "text changes rows note")
def test_what_is_not_modelled_is_passed_over_with_a_word(tmp_path, text, changes, rows, note):
    result = table(tmp_path, of(text, *changes), **CASES["beside"].get(text, {}))
    assert len(result.frame) == rows and any(note in n for n in result.notes)


@pytest.mark.parametrize(("expected", "codes"), CASES["periods"].items())
def test_periods_in_keys_and_words(expected, codes):
    assert {(period(code) or ("none",))[0] for code in codes.split(" / ")} == {str(expected)}


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: f"{case[3]!a}-{case[0][:12]!a}")
def test_a_bad_file_or_one_that_leaves_something_open_gives_one_error_with_its_place(tmp_path, case):
    text, old, new, problem, row, column, *columns = case
    text = of(text, *([(old, new)] if old else []))
    name = "table.json" if text[:1] == "{" else "table.csv"
    with pytest.raises(InputError, match=problem) as caught:
        table(tmp_path, text, name, {"columns": columns[0]} if columns else None)
    assert str(caught.value.file).endswith(name)
    assert (caught.value.row, caught.value.column) == (row, column)


@section("no_table", "body ending problem remedy")
def test_a_file_that_is_no_table_is_told_what_it_is(tmp_path, body, ending, problem, remedy):
    path = tmp_path / f"t.{ending}"
    path.write_bytes(body.encode("latin-1"))
    with pytest.raises(InputError, match=problem) as caught:
        read_table(path)
    assert remedy in caught.value.remedy


def copy_of_months(kind="1.4.1 Zedenmisdrijf", name="crime_type"):
    months = [(k, m, n) for k, n in (("0.0.0", 90_000), (kind, 0)) for m in range(1, 13)]
    return f"{name},date,frequency\n" + "".join(f"{k},2020-{m:02d}-01,{n}\n" for k, m, n in months)


def test_zeros_in_place_of_months_that_the_police_do_not_publish_are_refused_and_others_named(tmp_path):
    with pytest.raises(InputError, match="publish no monthly figures for it"):
        table(tmp_path, copy_of_months())
    others = copy_of_months(kind="1.2.3 Diefstal"), copy_of_months(name="branche"), copy_of_months()
    for text, name in zip(others, ("table.csv", "table.csv", "83648NED.csv"), strict=True):
        result = table(tmp_path, text, name)
        assert result.frame["value"].eq(0).sum() == 12
        assert "1 of 2 series are 0 in all their periods" in result.notes[-1]


@section("copies", "text declared periods values")
def test_a_copy_whose_columns_are_evident_or_declared(tmp_path, text, declared, periods, values):
    found = cells(table(tmp_path, of(text), declared=declared))
    assert [(time, value) for time, value, _ in found] == [*zip(periods.split(), values, strict=True)]


@section("marked", "text marks limits")
def test_a_marked_cell_is_what_it_leaves_open(tmp_path, text, marks, limits):
    result = table(tmp_path, of(text), declared={"marks": marks})
    row = result.frame.iloc[0]
    assert row["obs_status"] == "withheld"
    assert ([row["lower"], row["upper"]] if "upper" in result.frame else None) == limits
    entry = json.loads("".join(to_json(result)))[0]
    assert [entry.get("lower"), entry.get("upper")] == (limits or [None, None])


def test_a_last_row_whose_cells_are_closed_needs_no_line_end(tmp_path):
    assert cells(table(tmp_path, of("bulk").rstrip("\n"))) == cells(table(tmp_path, of("bulk")))


def test_printing_gives_the_promised_fields(tmp_path):
    page = table(tmp_path, of("v3"), "page.json")
    assert json.loads("".join(to_json(page)))[1] == CASES["printed"]["json"]
    assert "".join(to_csv(page)).splitlines()[2] == CASES["printed"]["csv"]
    assert table(tmp_path, of("v4"), "Observations.json").frame["measure"].iloc[0] == "M000352"


@pytest.mark.skipif(not REAL.is_dir(), reason="no folder with real downloads; name one in OSW_REAL_FILES")
def test_real_files_can_be_read_and_a_copy_with_zeros_for_withheld_months_is_refused():
    statuses = {"normal", "withheld", "not_applicable", "provisional", "unknown"}
    for path in sorted(REAL.glob("raw_*.csv")):
        real = read_table(path)
        assert len(real.frame) > 100 and set(real.frame["obs_status"]) <= statuses
    for path in sorted(REAL.glob("police_47022NED*.csv")):
        with pytest.raises(InputError, match="publish no monthly figures"):
            read_table(path)

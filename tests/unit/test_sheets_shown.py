"""What a cell shows is what is read; where the two differ, the cell is refused by name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from osw_stats.errors import InputError, OswError, SheetError
from osw_stats.sources.sheets.form import FIELDS
from osw_stats.sources.sheets.read import read_form
from osw_stats.sources.sheets.shown import ShownOtherwiseError, shown

NAMES = {f.name: f.heading for f in FIELDS}
ROW = {
    "key": "nr_ever_15_17|total|15-17|", "period": "2024", "value": 5.2, "document": "D", "locator": "p. 1",
    "published": "21-3-2025",
}  # fmt: skip
COLUMN = {name: at for at, name in enumerate(NAMES, start=1)}
LETTER = {name: "ABCDEFGHIJKLMNOPQ"[at - 1] for name, at in COLUMN.items()}


def saved(tmp_path, change=lambda sheet: None, **typed):
    """Save a sheet with one filled-in row after a change of its own."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(list(NAMES.values()))
    sheet.append([(ROW | typed).get(name) for name in NAMES])
    change(sheet)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    return path


def value_cell(sheet):
    return sheet.cell(2, COLUMN["value"])


def read(path):
    (row,) = read_form(path, "a.xlsx")
    return row.cells


def formatted(number_format):
    def change(sheet):
        value_cell(sheet).number_format = number_format

    return change


SAME = st.sampled_from(["", "[Red]", "[$-413]", "_-", "* "])


@given(st.integers(-10**6, 10**6), st.integers(0, 4), st.sampled_from(["0", "#,##0"]), SAME, st.sampled_from(["", '"%"', "\\%", "%"]), st.integers(0, 2))  # fmt: skip
def test_a_number_is_read_as_it_is_shown(digits, places, whole, before, percent, more):
    value = Decimal(digits).scaleb(-places)
    held = value.scaleb(-2) if percent == "%" else value  # the code multiplies, the literal sign does not
    decimals = places + more
    number_format = before + whole + ("." + "0" * decimals if decimals else "") + percent
    wanted = f"{value:.{decimals}f}".replace(".", ",") + ("%" if percent else "")
    assert shown(float(held), number_format) == wanted


@given(st.integers(1, 10**6).filter(lambda n: n % 10), st.integers(1, 4), st.data())
def test_a_number_that_is_shown_rounded_is_refused(digits, places, data):
    fewer = data.draw(st.integers(0, places - 1))
    with pytest.raises(ShownOtherwiseError, match="afgerond"):
        shown(digits / 10**places, "0" + ("." + "0" * fewer if fewer else ""))


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text('0#?.,;%@"\\_*[]<>=-+eE/()€ $aGeneral', max_size=14),
)
def test_any_format_gives_a_text_or_a_reason(value, number_format):
    try:
        assert isinstance(shown(value, number_format), str)
    except ShownOtherwiseError as reason:
        assert str(reason)


@pytest.mark.parametrize("value", [0.8, 5.2, 0.01, 1.0])
@pytest.mark.parametrize("number_format", ['0.00"%"', "0.00\\%", '0.00" %"', "[>=0.01]0.00;0.00%"])
def test_a_percent_sign_that_is_text_multiplies_nothing(tmp_path, value, number_format):
    assert float(read(saved(tmp_path, formatted(number_format), value=value))["value"]) == value


def test_decimals_that_are_shown_are_printed_ones(tmp_path):
    cells = read(saved(tmp_path, formatted("0.0"), value=12))
    assert (cells["value"], cells["as_reported"]) == ("12.0", "12,0%")


@pytest.mark.parametrize(
    "number_format",
    ["0.0,", "0.0,,", ";;;", '"vijf"', '0.0" mln"', '"1"0.0', "0", "[>100]0.0", "0.0E+00", "# ?/?", "-0.0", '"geen"',
     "0.0\u2030", "0.0°", '"<"0.0', "~0.0", '0.0"*"', "!%0.0", "0.0!%", "[$£-809]0.0", "$0.0"],
)  # fmt: skip
def test_a_cell_that_shows_something_else_is_refused_by_name(tmp_path, number_format):
    with pytest.raises(SheetError, match=f"cel {LETTER['value']}2: .*opmaak"):
        read_form(saved(tmp_path, formatted(number_format)), "a.xlsx")


@pytest.mark.parametrize("number_format", ["[$€-413] #,##0.0", "_(€* #,##0.0_)", '0.0" EUR"'])
def test_a_cell_in_euros_is_for_a_series_in_euros(tmp_path, number_format):
    with pytest.raises(SheetError, match=f"cel {LETTER['value']}2: “5,2 euro” is geen getal"):
        read_form(saved(tmp_path, formatted(number_format)), "a.xlsx")
    assert read(saved(tmp_path, formatted(number_format), key="ap_budget|total|total|"))["value"] == "5.2"


@pytest.mark.parametrize("number_format", [";;;", ';;;"x"@', '@" mln"', ';;;"niets"'])
def test_text_that_is_hidden_or_worded_is_refused_too(tmp_path, number_format):
    with pytest.raises(SheetError, match=f"cel {LETTER['value']}2: .*opmaak"):
        read_form(saved(tmp_path, formatted(number_format), value="5,2"), "a.xlsx")


def strike(sheet):
    value_cell(sheet).font = Font(strike=True)


def strike_a_part(sheet):
    value_cell(sheet).value = CellRichText(TextBlock(InlineFont(strike=True), "5"), "7")


@pytest.mark.parametrize("change", [strike, strike_a_part])
def test_what_is_struck_through_is_no_figure(tmp_path, change):
    with pytest.raises(SheetError, match=f"cel {LETTER['value']}2: .*doorgehaald"):
        read_form(saved(tmp_path, change), "a.xlsx")


def hide_row(sheet):
    sheet.row_dimensions[2].hidden = True


def filter_row(sheet):
    sheet.auto_filter.ref = "A1:Q2"
    sheet.auto_filter.add_filter_column(0, ["iets anders"])
    sheet.row_dimensions[2].hidden = True


def flat_row(sheet):
    sheet.row_dimensions[2].height = 0.75


def hide_all_rows(sheet):
    sheet.sheet_format.zeroHeight = True


@pytest.mark.parametrize("change", [hide_row, filter_row, flat_row, hide_all_rows])
def test_a_hidden_row_with_a_value_is_refused_and_an_empty_one_is_not(tmp_path, change):
    with pytest.raises(SheetError, match="rij 2 is verborgen"):
        read_form(saved(tmp_path, change), "a.xlsx")
    assert read_form(saved(tmp_path, change, value=None), "a.xlsx") == []


@pytest.mark.parametrize("name", ["value", "period", "published", "note", "document"])
@pytest.mark.parametrize("how", [{"hidden": True}, {"width": 0.1}])
def test_a_hidden_column_with_something_in_it_is_refused(tmp_path, name, how):
    def change(sheet):
        for what, to in how.items():
            setattr(sheet.column_dimensions[LETTER[name]], what, to)

    with pytest.raises(SheetError, match=f"cel {LETTER[name]}2: de kolom {NAMES[name]} is verborgen"):
        read_form(saved(tmp_path, change, note="x"), "a.xlsx")


def test_a_hidden_sheet_is_refused(tmp_path):
    def change(sheet):
        sheet.parent.create_sheet("Uitleg")
        sheet.sheet_state = "hidden"

    with pytest.raises(SheetError, match="is verborgen"):
        read_form(saved(tmp_path, change), "a.xlsx")


@given(st.text(max_size=1500), st.text(max_size=300), st.sampled_from([InputError, SheetError]))
def test_a_message_is_one_bounded_printable_line_whoever_quotes_it(quoted, name, kind):
    place = {"sheet": name} if kind is SheetError else {"value": quoted}
    message = str(kind(f"“{quoted}” is geen getal", f"Schrijf {quoted}.", file=name, **place))
    assert message.isprintable()
    assert len(message) < 4000
    lines = str(OswError(f"{quoted}: {name}")).split("\n")
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("key", ["nr_ever_15_17|total|15\u201317|", "nr_ever_15_17|total|15-17|\u00e9"])
def test_a_key_that_a_program_prettied_is_refused_at_its_cell(tmp_path, key):
    with pytest.raises(SheetError, match=f"cel {LETTER['key']}2: .*geen bekende sleutel"):
        read_form(saved(tmp_path, key=key), "a.xlsx")

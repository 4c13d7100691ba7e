"""What a cell shows is what is read; where the two differ, the cell is refused by name."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from osw_stats.data.sheets.form import FIELDS
from osw_stats.data.sheets.grid import ShownOtherwiseError, shown
from osw_stats.data.sheets.read import read_form
from osw_stats.errors import InputError, OswError, SheetError
from tests.data.test_sheets import CASES, COLUMN, one, refused

ROW = {"key": "nr_ever_15_17|total|15-17|", "period": "2024", "value": 5.2, "document": "D"}
ROW |= {"locator": "p. 1", "published": "21-3-2025"}
NAMES = {field.name: field.heading for field in FIELDS}
VALUE, DAY = f"{COLUMN['value']}2", date(2025, 3, 1)
FORMATS = st.text('0#?.,;%@"\\_*[]<>=-+eE/()€ $aGeneral', max_size=14)
HIDDEN, ROW_2 = f"cel {COLUMN['period']}2: de kolom Periode is verborgen", "rij 2 is verborgen"
PARTLY = CellRichText(TextBlock(InlineFont(strike=True), "5"), "7")
UNSEEN = {  # what is done to a sheet, and what is said of it
    "sheet": (
        lambda sheet: sheet.parent.create_sheet("Uitleg") and setattr(sheet, "sheet_state", "hidden"),
        "is verborgen",
    ),
    "struck": (lambda sheet: setattr(sheet[VALUE], "font", Font(strike=True)), f"cel {VALUE}: .*doorgehaald"),
    "partly": (lambda sheet: setattr(sheet[VALUE], "value", PARTLY), f"cel {VALUE}: .*doorgehaald"),
    "columns": (lambda sheet: sheet.column_dimensions.group("E", "H", hidden=True), HIDDEN),
    "merged": (lambda sheet: sheet.merge_cells("G2:G3"), "cel G2:G3: hier zijn cellen samengevoegd"),
    "noted": (lambda sheet: setattr(sheet[VALUE], "comment", Comment("x", "y")), f"cel {VALUE}: .* notitie"),
    "outside": (lambda sheet: sheet.cell(4, 25, "eigenlijk 6"), "cel Y4: “eigenlijk 6” staat buiten"),
    "row": (lambda sheet: setattr(sheet.row_dimensions[2], "hidden", True), ROW_2),  # a filter does the same
    "flat": (lambda sheet: setattr(sheet.row_dimensions[2], "height", 0.75), ROW_2),
    "all": (lambda sheet: setattr(sheet.sheet_format, "zeroHeight", True), ROW_2),
}


def saved(tmp_path, change=lambda sheet: None, *, number_format="General", **typed):
    """Save a sheet with one filled-in row after a change of its own."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(list(NAMES.values()))
    sheet.append([(ROW | typed).get(name) for name in NAMES])
    sheet[VALUE].number_format = number_format
    change(sheet)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    return path


@given(
    st.integers(-(10**6), 10**6),
    st.integers(0, 4),
    st.sampled_from(["0", "#,##0"]),
    st.sampled_from(["", "[Red]", "[$-413]", "_-", "* "]),
    st.sampled_from(["", '"%"', "\\%", "%"]),
    st.integers(0, 2),
)
def test_a_number_is_read_as_it_is_shown(digits, places, whole, before, percent, more):
    value = Decimal(digits).scaleb(-places)
    held = value.scaleb(-2) if percent == "%" else value  # the code multiplies, the literal sign does not
    decimals = places + more
    number_format = before + whole + ("." + "0" * decimals if decimals else "") + percent
    wanted = f"{value:.{decimals}f}".replace(".", ",") + ("%" if percent else "")
    assert shown(float(held), number_format) == wanted


@pytest.mark.parametrize(("number_format", "published", "precision"), CASES["days_shown"])
def test_a_date_that_is_shown_without_its_day_is_a_month(tmp_path, number_format, published, precision):
    cell = f"{COLUMN['published']}2"
    row = one(saved(tmp_path, lambda s: setattr(s[cell], "number_format", number_format), published=DAY))
    assert (row["published"], row["published_precision"]) == (published, precision)


@given(st.integers(1, 10**6).filter(lambda n: n % 10), st.integers(1, 4), st.data())
def test_a_number_that_is_shown_rounded_is_refused(digits, places, data):
    fewer = data.draw(st.integers(0, places - 1))
    with pytest.raises(ShownOtherwiseError, match="afgerond"):
        shown(digits / 10**places, "0" + ("." + "0" * fewer if fewer else ""))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), FORMATS)
def test_any_format_gives_a_text_or_a_reason(value, number_format):
    try:
        assert isinstance(shown(value, number_format), str)
    except ShownOtherwiseError as reason:
        assert str(reason)


@pytest.mark.parametrize(("value", "number_format", "text"), CASES["formats"])
def test_formats_as_programs_write_them(value, number_format, text):
    if text is not None:
        assert shown(value, number_format) == text
        return
    with pytest.raises(ShownOtherwiseError):
        shown(value, number_format)


@pytest.mark.parametrize(("typed", "number_format", "read"), CASES["shown"])
def test_a_cell_is_read_as_it_is_shown_or_refused_by_name(tmp_path, typed, number_format, read):
    path = saved(tmp_path, number_format=number_format, **typed)
    if isinstance(read, dict):
        assert one(path).items() >= read.items()
    else:
        refused(path, f"cel {VALUE}: .*{read}")


@pytest.mark.parametrize(("change", "message"), UNSEEN.values(), ids=UNSEEN)
def test_what_is_struck_through_or_hidden_is_refused_but_no_empty_row(tmp_path, change, message):
    refused(saved(tmp_path, change), message)
    if message == ROW_2:
        assert read_form(saved(tmp_path, change, value=None, locator=None), "a.xlsx") == []


@pytest.mark.parametrize("name", ["value", "period", "published", "note", "document"])
@pytest.mark.parametrize(("how", "to"), [("hidden", True), ("width", 0.1)])
def test_a_hidden_column_with_something_in_it_is_refused(tmp_path, name, how, to):
    at = COLUMN[name]
    path = saved(tmp_path, lambda sheet: setattr(sheet.column_dimensions[at], how, to), note="x")
    refused(path, f"cel {at}2: de kolom {NAMES[name]} is verborgen")


@given(st.text(max_size=1500), st.text(max_size=300), st.sampled_from([InputError, SheetError]))
def test_a_message_is_one_bounded_printable_line_whoever_quotes_it(quoted, name, kind):
    place = {"sheet": name} if kind is SheetError else {"value": quoted, "column": name}
    message = str(kind(f"“{quoted}” is geen getal", f"Schrijf {quoted}.", file=name, **place))
    assert message.isprintable() and len(message) < 4000
    assert all(line.isprintable() for line in str(OswError(f"{quoted}: {name}")).split("\n"))

"""A sheet saved in data/raw is enough: the record and its hash are made, and its figures are there."""

from datetime import date

import pytest
import yaml

from osw_stats.data.clean import clean
from osw_stats.data.record import record_new
from osw_stats.data.sheets.write import write_workbook
from osw_stats.errors import InputError, SheetError
from osw_stats.meaning.observations import as_of
from tests.data.test_sheets import CASES, DAY, FILLED, KNOWN, ROWS, as_csv, fill

FIRST = "2026-07-01"
FOUND = ("obs_status", "obs_value", "lower", "upper")
DATE = "Gepubliceerd op"


def filled_in(project):
    rows = clean(project).observations
    return rows[rows["file"].str.contains("filled_in")].to_dict("records")


@pytest.fixture
def saved(project):
    folder = project / "data" / "raw" / "filled_in"
    folder.mkdir()
    path = folder / "helpwanted-2025.xlsx"
    write_workbook(path, "Offlimits (Helpwanted)", ROWS, KNOWN, DAY)
    return fill(path, **FILLED, Webadres="https://offlimits.nl/x")


def test_the_record_is_made_and_the_figure_is_there_and_saving_again_keeps_the_day(project, saved):
    (record,) = record_new(project, FIRST)
    entry = yaml.safe_load(record.read_text("utf-8"))
    assert (entry["kind"], entry["seen"], entry["file"]) == ("sheet", FIRST, saved.name)
    (row,) = filled_in(project)
    wanted = {"series_id": "helpwanted_requests", "time_period": "2025", "obs_value": 13207.0}
    wanted |= {"known_by": "2026-03-21", "source_id": "helpwanted-2025-1", "row": 2}
    assert row.items() >= wanted.items()
    source = clean(project).sources.set_index("source_id").loc["helpwanted-2025-1"]
    assert (source["title"], source["url"]) == ("Jaarcijfers", "https://offlimits.nl/x")
    assert record_new(project, "2026-07-02") == []
    fill(saved, Waarde=13208)
    with pytest.raises(SheetError, match="veranderd sinds het is vastgelegd"):
        clean(project)
    assert record_new(project, "2026-07-02") == [record]
    assert yaml.safe_load(record.read_text("utf-8"))["seen"] == FIRST
    assert filled_in(project)[0]["obs_value"] == 13208


@pytest.mark.parametrize(("rows", "found"), CASES["recorded"])
def test_a_row_is_a_figure_or_passed_over_and_one_that_is_wrong_leaves_no_record(project, saved, rows, found):
    for number, cells in rows.items():
        fill(saved, row=int(number), **cells)
    if isinstance(found, str):
        with pytest.raises(SheetError, match=found):
            record_new(project, FIRST)
        assert not list(saved.parent.glob("*.yml"))
        return
    record_new(project, FIRST)
    made = [{n: None if row[n] != row[n] else row[n] for n in FOUND} for row in filled_in(project)]
    assert made == [dict.fromkeys(FOUND) | row for row in found]


def test_a_name_that_no_record_can_hold_and_a_second_form_of_a_sheet_are_refused(project, saved):
    for name in ("mijn blad (2).xlsx", "blad é.xlsx", "-x.xlsx", "a[1].xlsx"):
        odd = saved.rename(saved.with_name(name))
        with pytest.raises(SheetError, match="de naam van dit bestand"):
            record_new(project, FIRST)
        odd.rename(saved)
    record_new(project, FIRST)
    as_csv(saved)
    with pytest.raises(SheetError, match="in een andere vorm"):
        record_new(project, FIRST)


def test_a_figure_that_contradicts_another_document_is_named_by_its_cell(project, saved):
    fill(saved, Periode="2024", Waarde=12500, **{DATE: "21-3-2025"})
    record_new(project, FIRST)
    with pytest.raises(SheetError, match="blad Helpwanted, cel G2: dit past niet bij een ander cijfer"):
        clean(project)


def test_a_revised_figure_needs_no_word_elsewhere_and_an_earlier_one_stays_readable(project, saved):
    fill(saved, **dict.fromkeys(FILLED | {"Webadres": ""}))
    revised = {"Waarde": 12500, DATE: "21-4-2026", "Bijzonderheid": "herzien"}
    fill(saved, row=4, **FILLED | revised, Periode="2024", Sleutel=ROWS[0]["key"])
    record_new(project, FIRST)
    rows = clean(project).observations
    for day, value in (("2026-04-20", 12206), ("2026-04-21", 12500)):
        seen = as_of(rows, date.fromisoformat(day)).set_index(["series_id", "time_period"])
        assert seen.loc[("helpwanted_requests", "2024"), "obs_value"] == value
    # what was published before the figure that is there cannot be its revision
    fill(saved, row=4, **{DATE: "21-4-2024"})
    record_new(project, FIRST)
    with pytest.raises(InputError, match="12500"):
        clean(project)

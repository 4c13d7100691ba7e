"""Parts that a page repeats for every value of a column: their order, their names, their drawings."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from osw_stats import load
from osw_stats.errors import OswError
from osw_stats.report.charts.style import Chart
from osw_stats.results import Report
from osw_stats.results.collected import Results

ROWS = pd.DataFrame({"chapter": ["9", "2", "9", "annex", "2", "9"], "n": [1, 2, 3, 4, 5, 0]})


@pytest.fixture
def report():
    return Report(load(2024))


def draw(rows, what, language):
    return Chart(Figure(figsize=(1, 1)), f"{what} {len(rows)} {language}", "alt")


def above_zero(rows):
    return rows[rows["n"] > 0]


def name(chapter, language):
    return f"{language} {chapter}"


def test_a_part_for_each_value_in_order_with_a_drawing_where_enough_can_be_drawn(report):
    report.parts(
        "claims", ROWS, by="chapter", draw=draw, given=("x",), drawable=above_zero, fewest=2, label=name
    )
    found = Results().take(report.sent)
    assert [(p["key"], p["name"]["en"], p["figure"]) for p in found.parts["claims"]] == [
        ("9", "en 9", "claims-9"),
        ("2", "en 2", "claims-2"),
        ("annex", "en annex", ""),
    ]
    assert set(found.figures) == {"claims-9", "claims-2"}
    # all rows of the part go along, also those without a place in the drawing
    assert [c["cells"] for c in found.figures["claims-9"].rows["columns"]] == [["9"] * 3, [1, 3, 0]]
    assert found.figures["claims-9"].charts["nl"]["caption"] == "x 3 nl"
    assert "claims" in found.names()


def test_without_a_drawing_and_without_rows(report):
    report.parts("years", pd.DataFrame({"year": [2030, 2029]}), by="year")
    report.parts("none", ROWS.head(0), by="chapter", draw=draw)
    found = Results().take(report.sent)
    assert [(p["key"], p["name"]["nl"], p["figure"]) for p in found.parts["years"]] == [
        ("2030", "2030", ""),
        ("2029", "2029", ""),
    ]
    assert found.parts["none"] == []


def test_a_cell_that_runs_again_leaves_no_drawing_of_before(report):
    report.parts("claims", ROWS, by="chapter", draw=draw, given=("x",))
    with pytest.raises(OswError, match="twice"):
        report.parts("claims", ROWS, by="chapter")
    report._begun({"claims": "parts"})
    report.parts("claims", ROWS[ROWS["chapter"] == "2"], by="chapter", draw=draw, given=("x",))
    assert set(Results().take(report.sent).figures) == {"claims-2"}

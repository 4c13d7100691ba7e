"""What a notebook registers: cells that skip themselves, numbers, tables, parts, kept drawings; and how it comes back."""

import json
import math
import os
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook
from pandas.testing import assert_frame_equal

from osw_stats.build.notebooks import run_notebook
from osw_stats.draw import tiles
from osw_stats.draw.style import Chart, require
from osw_stats.errors import InputError, OswError
from osw_stats.kept.store import DRAWINGS
from osw_stats.meaning.numbers import Number
from osw_stats.results import Report
from osw_stats.results import drawn as module
from osw_stats.results.collected import Results, to_frame, to_plain
from osw_stats.results.drawn import drawn
from osw_stats.text.layouts import as_it_is
from osw_stats.text.tables import csv_text, markdown
from tests.cases import beside
from tests.conftest import PROJECT

CASES = beside(__file__)
ROWS = pd.DataFrame({"chapter": ["9", "2", "9", "annex", "2", "9"], "n": [1, 2, 3, 4, 5, 0]})
SHARE = Number(5.2, "percent", 4.9, 5.5, "assumed", ("a",), "Wilson", "B")


def run(tmp_path, *cells):
    """Run cells after the common beginning; return their results and what was shown."""
    begin = new_code_cell("edition = 2024", metadata={"tags": ["parameters"]})
    spec = {"kernelspec": {"name": "python3", "display_name": "Python"}}
    path = tmp_path / "tried.ipynb"
    code = map(new_code_cell, (CASES["begin"], *cells))
    nbformat.write(new_notebook(cells=[begin, *code], metadata=spec), path)
    executed = json.loads(run_notebook(str(path), {}, str(PROJECT / "notebooks"), "fork"))
    outputs = [o for c in executed["cells"] if c["cell_type"] == "code" for o in c["outputs"]]
    return Results.of_notebook(executed), ["".join(o.get("data", {}).get("text/plain", "")) for o in outputs]


@pytest.mark.parametrize("kind", ["not_published", "not_estimable", "not_asked"])
def test_what_a_skipped_cell_would_have_made_is_absent_and_the_rest_is_there(tmp_path, kind):
    found, shown = run(tmp_path, *(cell.format(kind=kind) for cell in CASES["cells"]))
    assert set(found.numbers) == {"before", "first", "again"}
    assert set(found.absent) == {"lost", "lost-table", "lost-figure", "of_later"}
    assert {reason.code for reason in found.absent.values()} == {kind}
    assert not any(found.absent.values()) and shown[-1] == "42"
    skipped = [text for text in shown if text.startswith("Skipped")]
    assert max(len(line) for text in skipped for line in text.splitlines()) <= 100  # no wider than a cell


@pytest.mark.parametrize(("cell", "message"), CASES["stops"])
def test_any_other_error_stops_the_run_and_names_the_cell(tmp_path, cell, message):
    with pytest.raises(OswError, match=message):
        run(tmp_path, cell)


@pytest.fixture
def report(tables):
    return Report(tables)


@pytest.mark.parametrize("value", [1.5, "text", {"nl": "alleen"}, None, [1]])
def test_what_no_page_can_say_is_refused(report, value):
    with pytest.raises(OswError, match='"odd" is'):
        report.add(odd=value)


def test_everything_is_written_where_a_folder_is_named(report, tmp_path):
    report.add(one=1)
    report.table("rows", report.tables.observations.head(3))
    report.save(str(tmp_path / "out"))
    kept = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert Results().take(kept).names() == {"one", "rows"}


def draw(rows, what, language):
    require(rows[rows["n"] > 0].iloc[1:], "two rows")
    return Chart(Figure(figsize=(1, 1)), f"{what} {len(rows)} {language}", "alt")


def test_parts_are_one_for_each_value_in_order_with_a_drawing_where_enough_can_be_drawn(report):
    report.parts("claims", ROWS, by="chapter", draw=draw, arguments=("x",), label=lambda k, of: f"{of} {k}")
    report.parts("years", pd.DataFrame({"year": [2030, 2029]}), by="year")
    report.parts("none", ROWS.head(0), by="chapter", draw=draw)
    results = Results().take(report.sent)
    found = {n: [[p["key"], p["name"]["en"], p["figure"]] for p in of] for n, of in results.parts.items()}
    assert found == CASES["parts"]
    assert set(results.figures) == {"claims-9", "claims-2"}
    # all rows of the part go along, also those without a place in the drawing
    assert [c["cells"] for c in results.figures["claims-9"].rows["columns"]] == [["9"] * 3, [1, 3, 0]]
    assert results.figures["claims-9"].charts["nl"]["caption"] == "x 3 nl"


def test_a_cell_may_be_run_again_and_its_parts_leave_no_drawing_of_before(report):
    for value in (1, 2):
        report.skipping.begun({"one": "number"})
        report.add(one=value)
    assert Results().take(report.sent).numbers["one"].value == 2
    report.parts("claims", ROWS, by="chapter", draw=draw, arguments=("x",))
    with pytest.raises(OswError, match="twice"):
        report.parts("claims", ROWS, by="chapter")
    report.skipping.begun({"claims": "parts"})
    report.parts("claims", ROWS[ROWS["chapter"] == "2"], by="chapter", draw=draw, arguments=("x",))
    assert set(Results().take(report.sent).figures) == {"claims-2"}


def cells(values):
    return st.lists(values, min_size=4, max_size=4)


COLUMNS = st.one_of(
    st.tuples(st.just("float64"), cells(st.floats(allow_infinity=False) | st.just(math.nan))),
    st.tuples(st.just("int64"), cells(st.integers(-(2**60), 2**60))),
    st.tuples(st.just("bool"), cells(st.booleans())),
    st.tuples(st.just("str"), cells(st.text())),
    st.tuples(st.just("object"), cells(st.text() | st.none() | st.integers(-9, 9))),
)


def there_and_back(frame):
    return to_frame(json.loads(json.dumps(to_plain(frame))))


@given(st.lists(COLUMNS, min_size=1, max_size=5))
def test_every_cell_of_a_table_comes_back(columns):
    frame = pd.DataFrame({f"c{n}": pd.Series(v, dtype=kind) for n, (kind, v) in enumerate(columns)})
    assert_frame_equal(there_and_back(frame), frame, check_exact=True)


def test_tables_of_the_edition_and_without_rows_and_with_two_columns_of_one_name_come_back(tables):
    for frame in (tables.observations, tables.sources, tables.claims(), tables.missing()):
        assert csv_text(there_and_back(frame)) == csv_text(frame)
    for frame in (pd.DataFrame({"a": []}), pd.DataFrame([[1, "x"]], columns=["a", "a"])):
        back = there_and_back(frame)
        assert (list(back.columns), len(back)) == (list(frame.columns), len(frame))


def test_what_a_table_cannot_hold_is_refused_by_its_column():
    with pytest.raises(InputError, match='column "odd"'):
        to_plain(pd.DataFrame({"odd": [object()]}))


def test_a_figure_and_a_table_of_ones_own_are_registered_for_every_language(report):
    figure, rows = Figure(), pd.DataFrame({"year": ["2024"], "n": [1234.5]})
    figure.add_subplot(title="Teams", ylabel="teams").plot([1, 2], [3, 4])
    report.table("mine", rows)
    report.figure("own-chart", figure, rows=rows, caption="Teams by year")
    report.figure("other-chart", figure)
    results = Results().take(report.sent)
    for language, printed in (("nl", "1.234,5"), ("en", "1,234.5")):
        chart = results.figures["own-chart"].charts[language]
        assert (chart["caption"], chart["alt"]) == ("Teams by year", "Teams by year")
        assert results.figures["other-chart"].charts[language]["alt"] == "Teams"
        assert "<svg" in chart["svg"]
        assert printed in markdown(results.frame("mine"), as_it_is("mine", rows.columns), language)


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Return how often something was drawn, in a run of a build that keeps drawings in one folder."""
    made, original = [], module._draw_plain

    def counting(*given):
        made.append(given)
        return original(*given)

    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(module, "_draw_plain", counting)
    monkeypatch.setenv(DRAWINGS, os.pathsep.join([str(tmp_path / "kept")] * 2 + ["code"]))
    return made


def test_the_same_is_drawn_once_and_any_other_anew(counted, monkeypatch, tmp_path):
    first = drawn(tiles.seen, (SHARE,), "nl", "")
    assert (drawn(tiles.seen, (SHARE,), "nl", ""), len(counted)) == (first, 1)
    more = replace(SHARE, value=9.2, lower=8.9, upper=9.5)
    others = [(tiles.seen, (SHARE,), "en", ""), (tiles.seen, (SHARE,), "nl", ", via Rapport")]
    others += [(tiles.seen, (more,), "nl", ""), (tiles.of_hundred, (SHARE,), "nl", "")]
    assert first["svg"] not in [drawn(*other)["svg"] for other in others] and len(counted) == 5
    monkeypatch.setenv(DRAWINGS, os.pathsep.join([str(tmp_path / "kept")] * 2 + ["other code"]))
    assert (drawn(tiles.seen, (SHARE,), "nl", ""), len(counted)) == (first, 6)


def test_a_function_of_ones_own_and_a_run_of_ones_own_keep_nothing(counted, monkeypatch, tmp_path):
    def own(share: Number, language: str) -> Chart:
        return tiles.of_hundred(share, language)

    for _ in range(2):
        drawn(own, (SHARE,), "nl", "")
        drawn(lambda language: tiles.of_hundred(SHARE, language), (), "nl", "")
    assert len(counted) == 4
    monkeypatch.delenv(DRAWINGS)
    for _ in range(2):
        drawn(tiles.of_hundred, (SHARE,), "nl", "")
    assert len(counted) == 6 and not list((tmp_path / "kept").iterdir())


def test_a_kernel_that_outlives_a_killed_build_does_not_bring_its_folder_back(counted, tmp_path):
    (tmp_path / "kept").rmdir()
    assert drawn(tiles.seen, (SHARE,), "nl", "")["svg"] and not (tmp_path / "kept").exists()

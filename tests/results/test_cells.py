"""A cell that misses a figure skips itself, and nothing else does."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from osw_stats.errors import OswError
from osw_stats.report.notebooks import run_notebook
from osw_stats.results.collected import Results
from tests.conftest import PROJECT

BEGIN = """
import pandas as pd
from osw_stats import load
from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.results import Report
tables = load(edition)
report = Report(tables)

def missing(kind):
    if kind == "not_published":
        raise NotPublishedError("no such figure", "police_reports", "1999")
    if kind == "not_estimable":
        raise NotEstimableError("too few years")
    if kind == "not_asked":
        raise NotAskedError("no region was asked for")
    raise {"KeyError": KeyError, "ValueError": ValueError, "IndexError": IndexError}[kind]("a fault")
"""
KINDS = ("not_published", "not_estimable", "not_asked")


def run(tmp_path, *cells, engine="fork"):
    """Run cells after the common beginning; return their results and what the last of them showed."""
    sources = [
        new_code_cell("edition = 2024", metadata={"tags": ["parameters"]}),
        *map(new_code_cell, (BEGIN, *cells)),
    ]
    path = tmp_path / "tried.ipynb"
    spec = {"kernelspec": {"name": "python3", "display_name": "Python"}}
    nbformat.write(new_notebook(cells=sources, metadata=spec), path)
    executed = json.loads(run_notebook(str(path), {}, str(PROJECT / "notebooks"), engine))
    shown = [
        o.get("data", {}).get("text/plain", "")
        for c in executed["cells"]
        if c["cell_type"] == "code"
        for o in c["outputs"]
    ]
    return Results.of_notebook(executed), [text if isinstance(text, str) else "".join(text) for text in shown]


@pytest.mark.parametrize("engine", ["fork", "stock"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_skipped_cell_would_have_made_is_absent_and_the_rest_is_there(tmp_path, kind, engine):
    found, _ = run(
        tmp_path,
        "report.add(before=1)",
        f"rows = missing({kind!r})\nreport.add(lost=2)\nreport.table('lost-table', rows)",
        "report.figure('lost-figure', str, rows)",
        "later = len(rows)",
        "report.add(of_later=later)",
        "report.add(after=3)",
        engine=engine,
    )
    assert set(found.numbers) == {"before", "after"}
    assert set(found.absent) == {"lost", "lost-table", "lost-figure", "of_later"}
    assert {reason.code for reason in found.absent.values()} == {kind}
    assert not any(found.absent.values())


@pytest.mark.parametrize("kind", ["KeyError", "ValueError", "IndexError"])
def test_any_other_error_stops_the_run_and_names_the_cell(tmp_path, kind):
    with pytest.raises(OswError, match=f"tried.ipynb, cell 3: {kind}"):
        run(tmp_path, f"rows = missing({kind!r})")


def test_what_a_cell_registered_before_it_met_the_gap_stays(tmp_path):
    found, _ = run(tmp_path, "report.add(first=1)\nmissing('not_published')\nreport.add(second=2)")
    assert set(found.numbers) == {"first"}
    assert set(found.absent) == {"second"}


def test_a_name_that_is_assigned_again_is_there_again(tmp_path):
    found, _ = run(tmp_path, "x = missing('not_published')", "x = 5", "report.add(number=x)")
    assert found.numbers["number"].value == 5


def test_the_last_value_of_a_cell_is_shown_as_ever(tmp_path):
    _, shown = run(tmp_path, "6 * 7", "x = 1", "pd.DataFrame({'n': [11]})")
    assert "42" in shown
    assert any("11" in text for text in shown)


def test_a_name_is_registered_once(tmp_path):
    with pytest.raises(OswError, match='"one" is registered twice'):
        run(tmp_path, "report.add(one=1)\nreport.add(one=2)")


def test_a_cell_may_be_run_again(tables):
    from osw_stats.results import Report

    report = Report(tables)
    for value in (1, 2):
        report.skipping.begun({"one": "number"})
        report.add(one=value)
    assert Results().take(report.sent).numbers["one"].value == 2


@pytest.mark.parametrize("value", [1.5, "text", {"nl": "alleen"}, None, [1]])
def test_what_no_page_can_say_is_refused(tables, value):
    from osw_stats.results import Report

    with pytest.raises(OswError, match='"odd" is'):
        Report(tables).add(odd=value)


def test_everything_is_written_where_a_folder_is_named(tables, tmp_path):
    from osw_stats.results import Report

    report = Report(tables)
    report.add(one=1)
    report.table("rows", tables.observations.head(3))
    report.save(str(tmp_path / "out"))
    kept = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert Results().take(kept).names() == {"one", "rows"}

"""Notebooks are thin, without language, committed without outputs, and run without papermill too."""

import ast
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from osw_stats.cli import main
from osw_stats.kept.code_cells import code_cells, notebook_names, parameters
from osw_stats.project import newest
from osw_stats.results.collected import Results
from tests.conftest import PROJECT
from tests.simulated import drop_police_table, export_by_month, export_by_region, simulated

NAMES = notebook_names(PROJECT)
NOTEBOOKS = [PROJECT / "notebooks" / f"{name}.ipynb" for name in NAMES]
EXPLORE = PROJECT / "notebooks" / "explore.ipynb"
every = pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)


def read(path):
    return nbformat.read(path, as_version=4)


def test_four_notebooks_have_a_page_and_one_is_to_explore():
    assert NAMES == ["capacity_gap", "claims", "prevalence", "trend"]
    assert {p.stem for p in (PROJECT / "notebooks").glob("*.ipynb")} == {*NAMES, "explore"}


@cache
def executed(path):
    notebook = read(path)
    how = {"timeout": 300, "kernel_name": "python3", "extra_arguments": ["--IPKernelApp.log_level=50"]}
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, **how).execute()
    return notebook, [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_explore_answers_five_questions_with_pandas_and_seaborn_and_prints_no_warning():
    cells = read(EXPLORE).cells
    assert sum(c.source.startswith("## ") and c.source.partition("\n")[0].endswith("?") for c in cells) == 5
    assert sum(c.source.count("sns.") for c in cells) >= 5
    assert [c for c in cells if c.cell_type == "code" and (c.outputs or c.execution_count)] == []
    assert parameters(EXPLORE)["edition"] == newest(PROJECT)
    _, outputs = executed(EXPLORE)
    assert [o for o in outputs if o.output_type in ("stream", "error")] == []
    assert sum("image/png" in o.data for o in outputs) == 5


def test_a_notebook_that_was_only_run_and_saved_does_not_differ_for_git_after_make_lab(tmp_path):
    """Also where it is opened by JupyterLab, which `make lab` starts when the filter is set."""
    shutil.copytree(PROJECT / "notebooks", tmp_path / "notebooks")
    shutil.copy(PROJECT / "Makefile", tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("python", "nbstripout"):
        (tools / name).symlink_to(Path(sys.prefix, "bin", name))
    (tools / "jupyter").symlink_to(shutil.which("true"))

    def run(*command):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    run("git", "init", "-q")
    run("git", "add", "notebooks")
    run("git", "-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m")
    run("make", "-o", ".venv/.lab", f"BIN={tools}", "lab")
    notebook, outputs = executed(EXPLORE)
    assert len(outputs) > 5
    nbformat.write(notebook, tmp_path / "notebooks" / "explore.ipynb")
    run("git", "add", "notebooks")
    run("git", "diff", "--cached", "--quiet", "--no-textconv")


@pytest.mark.parametrize("path", [*NOTEBOOKS, EXPLORE], ids=lambda p: p.stem)
def test_no_line_of_code_is_wider_than_a_cell(path):
    lines = [line for cell in code_cells(path) for line in cell.source.split("\n")]
    assert [line for line in lines if len(line) > 110] == []


@every
def test_a_notebook_computes_and_nothing_else(path):
    """No outputs, no definitions or loops, no guards (a cell that misses a figure skips itself), no sentences."""
    refused = {"FunctionDef", "ClassDef", "Lambda", "For", "While", "If", "IfExp", "With", "Try"}
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
            assert not refused & {type(node).__name__ for node in ast.walk(ast.parse(cell.source))}
        else:
            assert not re.search(r"\d", cell.source), cell.source
            assert len(cell.source) < 300, "sentences stand in pages/"
    declared = parameters(path)
    assert declared["edition"] == newest(PROJECT)
    assert "language" not in declared


@every
def test_a_notebook_runs_by_run_all_and_registers_what_it_must(path):
    notebook, outputs = executed(path)
    results = Results.of_notebook(json.loads(nbformat.writes(notebook)))
    assert results.numbers
    assert results.tables or results.absent  # an edition may hold nothing that a notebook is about
    assert results.figures or results.absent
    assert [o for o in outputs if o.output_type in ("stream", "error")] == []


def test_a_region_of_ones_own_has_its_page_and_names_the_offence_it_is_about(project, monkeypatch, capsys):
    text = export_by_region(seed=4).replace("1.4.1 Zedenmisdrijf", "1.4.5 Mishandeling")
    drop_police_table(project, "47013NED", text)  # SIMULATED
    monkeypatch.chdir(project)
    assert main(["run", "trend", "-p", "region", "PV20", "-p", "offence", "1.4.5"]) == 0
    said = capsys.readouterr().out
    assert "Groningen" in said and "(1.4.5 Mishandeling)" in said
    page = (project / "build" / "own" / "trend.html").read_text(encoding="utf-8")
    assert all(words in page for words in ("De regio Groningen", "region-funnel.svg", "sources.html#src-"))
    assert "geen ranglijst" in page.lower()
    assert "1.4.5" in page.partition("De regio")[2]
    drawn = (project / "build" / "own" / "trend-figures" / "region-funnel.svg").read_text(encoding="utf-8")
    assert "1.4.1" not in drawn
    assert "zeden" not in drawn.lower()


def test_a_monthly_table_is_analysed_the_day_it_comes(project, monkeypatch):
    drop_police_table(project, "47022NED", export_by_month(simulated(5, step=0.15)))  # SIMULATED
    monkeypatch.chdir(project)
    assert main(["run", "trend", "-o", "out.ipynb", "-p", "results", "mine"]) == 0
    mine = project / "mine"  # named from where the user stands; the notebook runs in another folder
    assert "its_fit" in {item.get("name") for item in json.loads((mine / "results.json").read_text())}
    assert (mine / "its-counts-nl.svg").is_file() and not (project / "notebooks" / "mine").exists()
    results = Results.of_notebook(json.loads((project / "out.ipynb").read_text(encoding="utf-8")))
    tables = {"its_fit", "its_diagnostics", "its_excess", "its_placebo", "its_sensitivity"}
    figures = {"its-counts", "its-cumulative", "its-forest", "its-placebo"}
    assert tables <= set(results.tables) and figures <= set(results.figures)

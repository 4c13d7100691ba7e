"""Notebooks are thin, without language, committed without outputs, and run without papermill too."""

import ast
import json
import re

import nbformat
import pytest
from nbclient import NotebookClient

from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.kept.code_cells import check_parameters, notebook_path, parameters
from osw_stats.project import newest
from osw_stats.results.collected import Results
from tests.conftest import PROJECT
from tests.simulated import export_by_month, export_by_region, simulated

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
NAMES = [p.stem for p in NOTEBOOKS]


def read(path):
    return nbformat.read(path, as_version=4)


def test_there_are_four_notebooks():
    assert NAMES == ["capacity_gap", "claims", "prevalence", "trend"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
class TestEveryNotebook:
    def test_is_committed_without_outputs(self, path):
        for cell in read(path).cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None

    def test_defines_nothing(self, path):
        for cell in read(path).cells:
            if cell.cell_type == "code":
                kinds = {type(node) for node in ast.walk(ast.parse(cell.source))}
                assert not kinds & {ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While}

    def test_its_words_are_headings_and_lines(self, path):
        for cell in read(path).cells:
            if cell.cell_type == "markdown":
                assert not re.search(r"\d", cell.source), cell.source
                assert len(cell.source) < 300, "sentences stand in pages/"

    def test_guards_nothing(self, path):
        """A cell that misses a figure skips itself."""
        for cell in read(path).cells:
            if cell.cell_type == "code":
                kinds = {type(node) for node in ast.walk(ast.parse(cell.source))}
                assert not kinds & {ast.If, ast.IfExp, ast.With, ast.Try}

    def test_runs_by_run_all_and_registers_what_it_must(self, path):
        notebook = read(path)
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}},
            extra_arguments=["--IPKernelApp.log_level=50"],
        ).execute()  # fmt: skip
        found = Results.of_notebook(json.loads(nbformat.writes(notebook)))
        assert found.numbers
        assert found.tables or found.absent  # an edition may hold nothing that a notebook is about
        assert found.figures or found.absent
        streams = [
            o for c in notebook.cells for o in c.get("outputs", []) if o.output_type in ("stream", "error")
        ]
        assert streams == []

    def test_declares_the_newest_edition_and_no_language(self, path):
        declared = parameters(path)
        assert declared["edition"] == newest(PROJECT)
        assert "language" not in declared


def write_notebook(folder, declared, used):
    cell = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(cells=[cell(declared), cell(used)])
    notebook.cells[0].metadata["tags"] = ["parameters"]
    path = folder / "own.ipynb"
    nbformat.write(notebook, path)
    return path


class TestTheStrictDoor:
    def test_an_unknown_parameter_is_refused_with_the_nearest_name(self, tmp_path):
        path = write_notebook(tmp_path, "alpha = 0.05", "print(alpha)")
        with pytest.raises(
            InputError, match=r'notebooks/own\.ipynb, column "alhpa", value "0.1".*Did you mean "alpha"'
        ):
            check_parameters(path, {"alhpa": "0.1"})

    def test_a_parameter_that_no_cell_reads_is_refused(self, tmp_path):
        path = write_notebook(tmp_path, "alpha = 0.05\nbeta = 1", "print(alpha)")
        with pytest.raises(InputError, match='column "beta": no cell reads this parameter'):
            check_parameters(path, {})

    def test_a_parameter_that_is_only_overwritten_is_not_read(self, tmp_path):
        path = write_notebook(tmp_path, "alpha = 0.05", "alpha = 0.1")
        with pytest.raises(InputError, match="no cell reads"):
            check_parameters(path, {})

    @pytest.mark.parametrize(
        ("declared", "given", "problem"),
        [
            ("n = 3", "three", "whole number"),
            ("n = 3", "3.5", "whole number"),
            ("a = 0.5", "much", "a number"),
            ("n = 3", "True", "whole number"),
        ],
    )
    def test_a_value_of_another_type_is_refused(self, tmp_path, declared, given, problem):
        name = declared.split(" ")[0]
        with pytest.raises(InputError, match=problem):
            check_parameters(write_notebook(tmp_path, declared, f"print({name})"), {name: given})

    def test_a_whole_number_will_do_where_a_number_is_asked(self, tmp_path):
        path = write_notebook(tmp_path, "a = 0.5", "print(a)")
        assert check_parameters(path, {"a": "1"}) == {"a": 1.0}

    @pytest.mark.parametrize(
        "declared",
        [
            "a = b",
            "a: int | None = None",
            "import os",
            "a = b = 1",
            "a = open('x')",
            "a = {[]: 1}",
            "a = {1: {[2]: 3}}",
        ],
    )
    def test_the_parameters_cell_holds_plain_values_only(self, tmp_path, declared):
        with pytest.raises(InputError, match="more than plain values"):
            check_parameters(write_notebook(tmp_path, declared, "print(a)"), {})

    def test_an_unknown_notebook_names_the_nearest_one(self):
        with pytest.raises(InputError, match='Did you mean "prevalence"'):
            notebook_path(PROJECT, "prevalance")


class TestARegionOfOnesOwn:
    """`osw run trend -p region PV20`, with a SIMULATED table in the shape of the export."""

    def test_it_makes_the_page_of_the_region(self, project, monkeypatch, capsys):
        folder = project / "data" / "raw" / "police" / "47013NED"
        folder.mkdir()
        (folder / "47013NED.csv").write_text(export_by_region(seed=4), encoding="utf-8-sig")
        monkeypatch.chdir(project)
        assert main(["record"]) == 0
        assert main(["run", "trend", "-p", "region", "PV20"]) == 0
        said = capsys.readouterr().out
        assert "Groningen" in said
        page = (project / "build" / "own" / "trend.html").read_text(encoding="utf-8")
        assert "De regio Groningen" in page
        assert "region-funnel.svg" in page
        assert "geen ranglijst" in page.lower()
        assert "sources.html#src-" in page

    def test_without_a_table_it_says_what_to_drop_where(self, project, monkeypatch, capsys):
        monkeypatch.chdir(project)
        assert main(["run", "trend", "-p", "region", "PV20"]) == 1
        assert "47013NED" in capsys.readouterr().err


class TestAMonthlyTable:
    """The day a monthly table comes: the notebook analyses it from data/raw. The table is SIMULATED."""

    def test_a_monthly_series_is_analysed(self, project, monkeypatch):
        folder = project / "data" / "raw" / "police" / "47022NED"
        folder.mkdir()
        (folder / "47022NED.csv").write_text(export_by_month(simulated(5, step=0.15)), encoding="utf-8-sig")
        monkeypatch.chdir(project)
        assert main(["record"]) == 0
        assert main(["run", "trend", "-o", "out.ipynb"]) == 0
        found = Results.of_notebook(json.loads((project / "out.ipynb").read_text(encoding="utf-8")))
        told = {*found.tables, *found.figures}
        assert {"its_fit", "its_diagnostics", "its_excess", "its_placebo", "its_sensitivity"} <= told
        assert {"its-counts", "its-cumulative", "its-forest", "its-placebo"} <= told
        assert "no_monthly" not in told

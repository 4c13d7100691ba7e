"""A notebook file that is broken, or a parameter that cannot be, is named before anything runs."""

import json
import re
from pathlib import Path

import pytest

from osw_stats.build.notebooks import imports_of, run_notebook
from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.kept.code_cells import check_parameters, code_cells, parameters, parsed
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT

TREND = PROJECT / "notebooks" / "trend.ipynb"
WHOLE = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}}
CASES = read_yaml(Path(__file__).with_name("cases.yml"))


def notebook(folder, *sources, **more):
    """Write a notebook whose first code cell is tagged as that of the parameters."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "words ("]}]
    cells += [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    cells[1]["metadata"] = {"tags": ["parameters"]}
    (folder / "own.ipynb").write_text(json.dumps(WHOLE | {"cells": cells} | more), encoding="utf-8")
    return folder / "own.ipynb"


UNREADABLE = [
    ('{"nbformat": ' + "9" * 5000 + "}", "is no notebook that can be read"),
    ("[" * 100_000, "is no notebook that can be read"),
    ("\udcff", "no UTF-8"),
    (None, "(No such file"),
]


@pytest.mark.parametrize(("content", "problem"), [*CASES["broken"], *UNREADABLE])
def test_a_broken_file_is_named(tmp_path, content, problem):
    path = tmp_path / "own.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match=rf"^notebooks/own\.ipynb.*{re.escape(problem)}"):
        code_cells(path)


@pytest.mark.parametrize(("sources", "place"), CASES["half_edited"])
def test_a_half_edited_cell_is_named_with_its_row(tmp_path, sources, place):
    path = notebook(tmp_path, *sources)
    for read in (imports_of, parameters):
        with pytest.raises(InputError, match=rf"notebooks/own\.ipynb, {place}.*is no Python"):
            read(path)


def test_what_ends_no_line_of_python_is_no_end_of_a_line(tmp_path):
    path = notebook(tmp_path, 'import math\nx = "one\u2028two\x0cthree"')
    assert imports_of(path) == ["import math"]


def test_cells_are_those_of_the_file():
    cells = json.loads(TREND.read_text(encoding="utf-8"))["cells"]
    code = [(n, "".join(c["source"])) for n, c in enumerate(cells, 1) if c["cell_type"] == "code"]
    read = code_cells(TREND)
    assert [(c.cell, c.source) for c in read] == code
    assert sum("parameters" in c.tags for c in read) == 1
    assert all(parsed(TREND, c).body for c in read)


@pytest.mark.parametrize("command", [["build"], ["run", "trend"]])
def test_every_command_says_so_and_runs_nothing(project, monkeypatch, capsys, command):
    path = project / "notebooks" / "trend.ipynb"
    text = path.read_text(encoding="utf-8").replace("load(edition)", "load(edition")
    path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    assert main(command) == 1
    told = capsys.readouterr()
    assert re.match(r"osw: notebooks/trend.ipynb, cell .*is no Python", told.err)
    assert "run     " not in told.out


@pytest.mark.parametrize(("spoiled", "problem"), CASES["spoiled"])
def test_what_papermill_cannot_read_is_no_traceback(tmp_path, spoiled, problem):
    path = notebook(tmp_path, "x = 1", "print(x)", **spoiled)
    with pytest.raises(InputError, match=f"own.ipynb: is no notebook that can be run .{problem}.*make lab"):
        run_notebook(str(path), {"x": 2}, str(tmp_path))


@pytest.mark.parametrize(("declared", "used", "given", "problem"), CASES["parameters"])
def test_a_parameter_that_cannot_be_is_refused_by_name(tmp_path, declared, used, given, problem):
    with pytest.raises(InputError, match=problem):
        check_parameters(notebook(tmp_path, declared, f"print(({used}))"), given)


def test_a_whole_number_will_do_where_a_number_is_asked(tmp_path):
    assert check_parameters(notebook(tmp_path, "a = 0.5", "print(a)"), {"a": "1"}) == {"a": 1.0}

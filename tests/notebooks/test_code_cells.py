"""A notebook that is broken or half edited: every command says where, before anything runs."""

import json

import pytest

from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.report.code_cells import code_cells, parsed
from osw_stats.report.notebooks import imports_of, run_notebook
from osw_stats.report.parameters import parameters
from tests.conftest import PROJECT

TREND = PROJECT / "notebooks" / "trend.ipynb"
CODE = '{"cell_type": "code", "metadata": {}, "source": "x = 1"}'
WHOLE = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}}
BROKEN = {
    "cut off": ('{"cells": [\n' + CODE, "row 2: is no notebook (Expecting ',' delimiter)"),
    "empty": ("", "row 1: is no notebook"),
    "a list": ("[]", "is no notebook (it has no list of cells)"),
    "no cells": (json.dumps(WHOLE), "is no notebook (it has no list of cells)"),
    "a number of cells": (json.dumps(WHOLE | {"cells": 3}), "is no notebook (it has no list of cells)"),
    "another version": (json.dumps(WHOLE | {"nbformat": 3, "cells": []}), "is no notebook of version 4"),
    "no metadata": (json.dumps(WHOLE | {"metadata": [], "cells": []}), "is no notebook of version 4"),
    "a number without end": ('{"nbformat": ' + "9" * 5000 + "}", "is no notebook that can be read"),
    "lists without end": ("[" * 100_000, "is no notebook that can be read"),
    "a cell without text": (
        json.dumps(WHOLE | {"cells": [json.loads(CODE), {"cell_type": "code", "metadata": {}}]}),
        "cell 2: is no cell of a notebook",
    ),
    "a cell that is a word": (
        json.dumps(WHOLE | {"cells": [json.loads(CODE), "x"]}),
        "cell 2: is no cell of a notebook",
    ),
}


def notebook(path, *sources):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "words ("]}]
    cells += [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    path.write_text(json.dumps(WHOLE | {"cells": cells}), encoding="utf-8")
    return path


@pytest.mark.parametrize("text,problem", list(BROKEN.values()), ids=BROKEN)
def test_a_broken_file_is_named(tmp_path, text, problem):
    (path := tmp_path / "own.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        code_cells(path)
    assert str(caught.value).startswith("notebooks/own.ipynb")
    assert problem in str(caught.value)


def test_no_text_and_no_file(tmp_path):
    (path := tmp_path / "own.ipynb").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no UTF-8"):
        code_cells(path)
    with pytest.raises(InputError, match=r"lost.ipynb: cannot be read \(No such file"):
        code_cells(tmp_path / "lost.ipynb")


def test_a_half_edited_cell_is_named_with_its_row(tmp_path):
    path = notebook(tmp_path / "own.ipynb", "x = 1", "%time x\n!ls\nprint(x\n")
    for read in (imports_of, parameters):
        with pytest.raises(InputError, match=r"notebooks/own\.ipynb, cell 3, row 3: is no Python"):
            read(path)


def test_what_ends_no_line_of_python_is_no_end_of_a_line(tmp_path):
    path = notebook(tmp_path / "own.ipynb", 'import math\nx = "one\u2028two\x0cthree"')
    assert imports_of(path) == ["import math"]


def test_what_is_no_python_at_all(tmp_path):
    path = notebook(tmp_path / "own.ipynb", "x = 1\x00")
    with pytest.raises(InputError, match=r"cell 2.*is no Python"):
        imports_of(path)


def test_cells_are_those_of_the_file():
    cells = json.loads(TREND.read_text(encoding="utf-8"))["cells"]
    found = code_cells(TREND)
    assert [c.cell for c in found] == [n for n, c in enumerate(cells, 1) if c["cell_type"] == "code"]
    assert [c.source for c in found] == ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    assert sum("parameters" in c.tags for c in found) == 1
    assert all(parsed(TREND, c).body for c in found)


@pytest.mark.parametrize("command", [["build"], ["build", "--only", "run"], ["run", "trend"]])
def test_every_command_says_so_and_runs_nothing(project, monkeypatch, capsys, command):
    path = project / "notebooks" / "trend.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("load(edition)", "load(edition"), encoding="utf-8"
    )
    monkeypatch.chdir(project)
    assert main(command) == 1
    told = capsys.readouterr()
    assert "notebooks/trend.ipynb, cell " in told.err
    assert "is no Python" in told.err
    assert "JupyterLab" in told.err
    assert "Traceback" not in told.err
    assert "run     " not in told.out


@pytest.mark.parametrize(
    ("spoiled", "problem"),
    [
        ({"nbformat_minor": "x"}, "AssertionError"),
        ({"metadata": {}}, "ValueError: No language found"),
        ({"metadata": {"kernelspec": "x"}}, "AttributeError"),
    ],
)
def test_what_papermill_cannot_read_is_no_traceback(tmp_path, spoiled, problem):
    path = notebook(tmp_path / "own.ipynb", "x = 1", "print(x)")
    content = json.loads(path.read_text(encoding="utf-8")) | spoiled
    content["cells"][1]["metadata"]["tags"] = ["parameters"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=f"own.ipynb: is no notebook that can be run .{problem}.*make lab"):
        run_notebook(str(path), {"x": 2}, str(tmp_path))

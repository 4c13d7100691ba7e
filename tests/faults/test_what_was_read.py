"""On every road, its runs stand-ins: a figure that is changed meanwhile, and put back, leaves nothing behind."""

import json

import pytest

from osw_stats.build import engine, notebooks, record, runs
from osw_stats.build.build import build
from osw_stats.build.own import run_matrix
from osw_stats.cli import main
from osw_stats.errors import OswError
from tests.builds import MADE, hashes
from tests.cases import beside
from tests.conftest import edit

CASES = beside(__file__, "touched.yml")
FILES, BUILDS = CASES["files"], CASES["roads"]
KEPT = (*MADE, "build/kept", "build/beside/_site", "build/matrix/two")
# every road with one file, and every file on two roads
ROADS = [*BUILDS, "matrix"]
TOUCHED = [(r, w) for r in ROADS for w in FILES if w == "a raw figure" or r in ("build", "matrix")]


def go(root, road, progress):
    if road == "matrix":
        (root / "two.yml").write_text("notebook: trend\nedition: 2024\nparameters: {alpha: [0.05, 0.1]}\n")
        return run_matrix(root, root / "two.yml", progress=progress)
    out = {"out": root / "build/beside"} if road == "elsewhere" else {}
    return build(root, 2024, renderer="pandoc", progress=progress, **BUILDS[road], **out)


def meanwhile(root, what):
    """Change a file and put it back, as somebody who tries something out."""
    path, text = root / FILES[what][0], (root / FILES[what][0]).read_text(encoding="utf-8")
    edit(path, *FILES[what][1:])
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("road", "what"), TOUCHED)
def test_nothing_is_kept_or_published(project, monkeypatch, road, what):
    printed = project / "data/processed/2024/report-2024-nl.pdf"
    printed.parent.mkdir(parents=True)
    printed.write_bytes(b"of an earlier build")
    before, touched = hashes(project, *KEPT), []

    def touch(*_, **__):
        if not touched:
            touched.append(meanwhile(project, what))
        return {"cells": [], "seconds": 0.0, "in_cells": 0.0}

    monkeypatch.setattr(runs, "execute", touch)
    monkeypatch.setattr(engine, "server", lambda *_: None)
    with pytest.raises(OswError, match="changed while the report was made, so nothing was published"):
        go(project, road, lambda line: touch() if road == "only clean" else None)
    assert touched and hashes(project, *KEPT) == before
    assert record.last(project, 2024) is None


@pytest.mark.parametrize("what", list(FILES)[:2])
def test_a_run_of_ones_own_tells_nothing_of_it(project, monkeypatch, capsys, what):
    def run(*_, **__):
        meanwhile(project, what)
        return json.dumps({"cells": [], "metadata": {}})

    monkeypatch.setattr(notebooks, "run_notebook", run)
    monkeypatch.chdir(project)
    assert main(["run", "trend"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("osw: an input changed while the report was made, so nothing was published.")
    assert not (project / "build/own").exists()


@pytest.mark.parametrize("name", ["{own}", "../own.yml", "requirements-test.lock"])
def test_an_edition_names_no_file_that_no_build_looks_at(project, name):
    """Or a change in it would change the report, and every build would say that nothing changed."""
    own = project.parent / "own.yml"
    own.write_bytes((project / "scenarios/central.yml").read_bytes())
    (project / "requirements-test.lock").write_text("")
    given = f"parameters: {{capacity_gap: {{scenario: {name.format(own=own)}}}}}"
    edit(project / "editions/2024.yml", "parameters: {}", given)
    with pytest.raises(OswError, match=r'editions/2024.yml, column "parameters".*is no part of the project'):
        build(project, 2024, only="run", progress=lambda _: None)

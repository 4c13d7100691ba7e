"""Keys, store, lock, state and log of a build; the scheduling of runs. The notebooks here are made up."""

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError, OswError
from osw_stats.report import notebooks
from osw_stats.report.graph import keys, runs, state
from osw_stats.report.graph.lock import building
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store, kept
from tests.conftest import PROJECT


def key(root, name="trend", **given):
    path = root / "notebooks" / f"{name}.ipynb"
    return keys.run_key(root, path, {"edition": 2024, "language": "nl"} | given, keys.inputs(root))


def edit(path: Path, kind: str) -> None:
    """Change the last cell of a kind in a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [c for c in notebook["cells"] if c["cell_type"] == kind][-1]
    cell["source"] = [*cell["source"], "\n# one line more"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


class TestKeys:
    def test_prose_is_no_part_of_a_run_nor_of_the_facts(self, project):
        before = key(project), keys.facts_key(project, 2024, keys.inputs(project))
        edit(project / "notebooks" / "trend.ipynb", "markdown")
        page = project / "pages" / "nl" / "index.qmd"
        page.write_text(page.read_text(encoding="utf-8") + "\nMeer tekst.\n", encoding="utf-8")
        known = keys.inputs(project)
        assert (key(project), keys.facts_key(project, 2024, known)) == before
        assert known != keys.inputs(PROJECT)  # the whole build does depend on it

    @pytest.mark.parametrize(
        "change",
        [
            lambda root: edit(root / "notebooks" / "trend.ipynb", "code"),
            lambda root: (root / "data/raw/police/reports.csv").write_text("changed"),
            lambda root: (root / "data/raw/police/new.csv").write_text("new"),
            lambda root: (root / "scenarios/central.yml").unlink(),
            lambda root: (root / "editions/2024.yml").write_text("year: 2024\nas_of: 2025-01-01\n"),
        ],
        ids=["code cell", "raw file", "new raw file", "scenario", "edition"],
    )
    def test_whatever_a_run_reads_is_part_of_it(self, project, change):
        before = key(project), keys.facts_key(project, 2024, keys.inputs(project))
        change(project)
        after = key(project), keys.facts_key(project, 2024, keys.inputs(project))
        assert before[0] != after[0]
        assert before[1] != after[1]

    def test_another_notebook_or_edition_is_no_part_of_a_run(self, project):
        before = key(project)
        edit(project / "notebooks" / "claims.ipynb", "code")
        (project / "editions" / "2025.yml").write_text("year: 2025\n")
        assert key(project) == before

    def test_parameters_and_the_files_they_name_are_part_of_a_run(self, project):
        assert key(project, alpha=0.05) != key(project, alpha=0.1)
        answers = project / "answers.csv"
        answers.write_text("a\n1\n")
        before = key(project, "prevalence", microdata=str(answers))
        answers.write_text("a\n2\n")
        assert key(project, "prevalence", microdata=str(answers)) != before

    def test_the_library_counts_as_far_as_a_notebook_reaches_it(self):
        known = {k: v for k, v in keys.inputs(PROJECT).items() if k.startswith("osw_stats/")}
        reached = {
            name: set(keys.rooms(keys.imports_of(PROJECT / "notebooks" / f"{name}.ipynb"), known))
            for name in ("trend", "claims", "capacity_gap")
        }
        assert "osw_stats/analysis/counts/multiyear.py" in reached["trend"]
        assert "osw_stats/analysis/counts/regions.py" not in reached["capacity_gap"]
        for found in reached.values():  # `load` imports when it is called; tables that are no code count too
            assert {"osw_stats/sources/clean.py", "osw_stats/vocabulary/observations.py"} <= found
            assert any(p.startswith("osw_stats/vocabulary/") and not p.endswith(".py") for p in found)
            assert "osw_stats/report/build.py" not in found
            assert not any(p.startswith(("osw_stats/cli/", "osw_stats/report/site/")) for p in found)

    def test_the_facts_rest_on_every_module_that_a_run_rests_on(self):
        """A module that only a notebook imports is found here, or a kept report would hide its change."""
        known = keys.inputs(PROJECT)
        before = keys.facts_key(PROJECT, 2024, known)
        library = {k: v for k, v in known.items() if k.startswith("osw_stats/")}
        for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
            for module in keys.rooms(keys.imports_of(path), library):
                if not module.endswith(".py"):
                    assert keys.facts_key(PROJECT, 2024, known | {module: "changed"}) != before, module
        for module in (
            "analysis/counts/half_years",
            "report/fragments",
            "report/own_claims",
            "analysis/survey/model",
        ):
            assert keys.facts_key(PROJECT, 2024, known | {f"osw_stats/{module}.py": "changed"}) != before, (
                module
            )
        for page in ("osw_stats/cli/commands.py", "osw_stats/report/site/page.html", "pages/nl/index.qmd"):
            assert page in known
            assert keys.facts_key(PROJECT, 2024, known | {page: "changed"}) == before, page

    def test_code_that_gives_the_same_changes_nothing_after_it(self, project):
        def told_key(**told):
            return keys.facts_key(project, 2024, keys.inputs(project), {"nl/trend": "a"} | told)

        before = told_key()
        edit(project / "notebooks" / "trend.ipynb", "code")
        assert told_key() == before
        assert told_key(**{"nl/trend": "b"}) != before
        notebook = project / "notebooks" / "claims.ipynb"
        text = notebook.read_text(encoding="utf-8")
        assert "edition = 2024" in text
        notebook.write_text(text.replace("edition = 2024", "edition = 2023"), encoding="utf-8")
        assert told_key() != before  # the manifest lists the parameters, used or not
        notebook.write_text(text, encoding="utf-8")
        assert told_key() == before
        (project / "data/raw/police/reports.csv").write_text("changed")
        assert told_key() != before

    def test_the_facts_rest_on_the_small_tables_of_pages_and_on_who_publishes(self):
        """A correction that somebody adds to the list of errors must reach its page."""
        known = keys.inputs(PROJECT)
        before = keys.facts_key(PROJECT, 2024, known)
        for name in ("pages/errata.csv", "pages/help.csv", "pages/wcag.csv", "_quarto.yml", "CITATION.cff"):
            assert name in known
            assert keys.facts_key(PROJECT, 2024, known | {name: "changed"}) != before, name

    def test_rooms_holds_what_python_imports_in_truth(self):
        """Against the interpreter: every module that importing the notebook's modules loads is in the key."""
        statements = keys.imports_of(PROJECT / "notebooks" / "trend.ipynb")
        code = "\n".join(
            [*statements, "import sys", "print(*[m for m in sys.modules if m.split('.')[0] == 'osw_stats'])"]
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        known = {k: v for k, v in keys.inputs(PROJECT).items() if k.startswith("osw_stats/")}
        paths = {p.removesuffix("/__init__.py").removesuffix(".py") for p in keys.rooms(statements, known)}
        assert {m.replace(".", "/") for m in done.stdout.split()} <= paths

    def test_asking_imports_nothing_but_the_standard_library(self):
        code = (
            "import sys; from osw_stats.report.build import build; from osw_stats.report.graph import state\n"
            "print([m for m in sys.modules if '-packages' in str(getattr(sys.modules[m], '__file__', ''))])"
        )
        done = subprocess.run(
            [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd="/",
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        assert done.stdout.strip() == "[]"

    def test_what_a_build_imports_leaves_the_environment_of_its_workers_alone(self):
        """Or the process that imported for them is not found again, and a second one imports everything once more."""
        code = (
            "import os; from osw_stats.report.notebooks import fix_environment; fix_environment(); before = dict(os.environ)\n"
            "import osw_stats, papermill, osw_stats.report.facts; osw_stats.load(2024)\n"
            "print(set(os.environ.items()) ^ set(before.items()))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        assert done.stdout.strip() == "set()"

    @given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
    def test_a_digest_knows_no_order(self, content):
        assert keys.digest(content) == keys.digest(dict(reversed(content.items())))


class TestStore:
    def test_it_gives_back_what_it_got_and_forgets_what_is_spoiled(self, tmp_path):
        kept = Store(tmp_path / "kept")
        assert kept.read("a") is None
        kept.write("a", {"x": [1.5, "é", None]})
        assert kept.read("a") == {"x": [1.5, "é", None]}
        text = (tmp_path / "kept" / "a").read_text()
        (tmp_path / "kept" / "a").write_text(text.replace("1.5", "1.6"))
        assert kept.read("a") is None
        (tmp_path / "kept" / "a").write_text(text[: len(text) // 2])
        assert kept.read("a") is None

    def test_a_fresh_one_writes_and_never_reads(self, tmp_path):
        Store(tmp_path).write("a", 1)
        again = Store(tmp_path, fresh=True)
        assert again.read("a") is None
        again.write("a", 2)
        assert Store(tmp_path).read("a") == 2

    def test_what_a_used_result_was_made_of_stays(self, tmp_path):
        def whole():
            return [kept(old, "part", lambda: 1), kept(old, "other", lambda: 2)]

        old = Store(tmp_path)
        kept(old, "before", lambda: 0)
        assert kept(old, "whole", whole) == [1, 2]
        new = Store(tmp_path)
        assert kept(new, "whole", pytest.fail) == [1, 2]
        new.prune(set())
        assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "part", "whole"]

    @pytest.mark.parametrize("entry", ["[1, 2]", '{"value": 1}', "null", '{"of": 3, "value": 1}'])
    def test_an_entry_of_another_version_is_no_entry(self, tmp_path, entry):
        known = hashlib.sha256(entry.encode()).hexdigest()
        (tmp_path / "a").write_text(f"{known}\n{entry}")
        assert Store(tmp_path).read("a") is None

    def test_only_what_is_used_stays(self, tmp_path):
        old = Store(tmp_path)
        for name in "abc":
            old.write(name, name)
        (tmp_path / "new-1-x").write_text("left by a build that was killed")
        new = Store(tmp_path)
        new.read("a")
        new.prune({"b"})
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


class TestLock:
    def test_a_second_build_is_told_who_builds(self, tmp_path):
        with (
            building(tmp_path, "edition 2024"),
            pytest.raises(
                OswError, match=rf"another build is running here \(process {os.getpid()}, edition 2024\)"
            ),
            building(tmp_path, "edition 2023"),
        ):
            pass
        with building(tmp_path, "edition 2023"):
            pass

    def test_a_dead_process_keeps_no_lock(self, tmp_path):
        code = (
            "import sys, time; from pathlib import Path; from osw_stats.report.graph.lock import building\n"
            "with building(Path(sys.argv[1]), 'edition 2024'):\n    print('held', flush=True)\n    time.sleep(60)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        ) as other:  # fmt: skip
            assert other.stdout.readline() == "held\n"
            with pytest.raises(OswError, match=f"process {other.pid}"), building(tmp_path, "x"):
                pass
            other.send_signal(signal.SIGKILL)
            other.wait()
        with building(tmp_path, "x"):
            pass


def stale(root, year, renderer, **chosen):
    return state.stale(root, root, year, state.options(renderer, **chosen))


class TestState:
    @pytest.fixture
    def built(self, project):
        """A project whose report is three made-up files."""
        for part in ("_site", "figures/2024/nl", "data/processed/2024"):
            (project / part).mkdir(parents=True)
            (project / part / "file").write_text("content")
        (project / "build" / "2024").mkdir(parents=True)
        state.write(project, 2024, {
            "inputs": keys.inputs(project), "outputs": state.outputs(project, 2024), "used": [], "summary": {},
            "options": state.options("auto"), "environment": keys.environment(project),
        })  # fmt: skip
        return project

    def test_nothing_changed_is_nothing_to_do(self, built):
        assert stale(built, 2024, "auto")[1] == []

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda root: (root / "_site/file").write_text("Content"), "_site/file changed"),
            (lambda root: (root / "_site/file").unlink(), "_site/file is gone"),
            (lambda root: (root / "_site/more").write_text(""), "_site/more is new"),
            (lambda root: (root / "pages/nl/index.qmd").write_text("x"), "pages/nl/index.qmd changed"),
            (lambda root: (root / "data/raw/x.csv").write_text("x"), "data/raw/x.csv is new"),
        ],
    )
    def test_one_changed_byte_or_file_is_seen_and_named(self, built, change, reason):
        change(built)
        assert stale(built, 2024, "auto")[1] == [reason]

    def test_a_changed_raw_file_is_told_from_other_changes(self, built):
        (built / "pages/nl/index.qmd").write_text("x")
        (built / "_site/file").unlink()
        assert not state.raw_changed(built, 2024)
        assert state.raw_changed(built, 2023)  # not built here yet
        (built / "data/raw/x.csv").write_text("x")
        assert state.raw_changed(built, 2024)

    def test_a_change_that_keeps_size_and_time_is_seen(self, built):
        path = built / "_site" / "file"
        times = path.stat()
        path.write_text("contenT")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert stale(built, 2024, "auto")[1] == ["_site/file changed"]

    def test_another_renderer_or_edition_is_another_build(self, built):
        assert stale(built, 2024, "pandoc")[1] == ["options changed"]
        assert stale(built, 2024, "auto", archive=True)[1] == ["options changed"]
        assert stale(built, 2023, "auto") == (None, ["this edition was not built here yet"])

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
    def test_a_spoiled_state_is_no_state(self, built, text):
        state.path(built, 2024).write_text(text)
        assert stale(built, 2024, "auto")[0] is None


def test_the_log_tells_how_a_run_ended(tmp_path):
    with pytest.raises(OswError), RunLog(tmp_path / "run.jsonl", edition=2024) as log:
        log.event("run", key="k")
        raise OswError("no room")
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [x["event"] for x in lines] == ["start", "run", "end"]
    assert lines[0]["edition"] == 2024
    assert (lines[-1]["result"], lines[-1]["error"]) == ("OswError", "no room")
    assert [x["seconds"] for x in lines] == sorted(x["seconds"] for x in lines)


OUTCOME = {"cells": [{"source": "x", "tags": [], "outputs": []}], "seconds": 1.0, "in_cells": 0.9}


class Scripted(Executor):
    """An executor that answers each label with the next of its script: an outcome, or an error."""

    def __init__(self, script):
        self.script, self.asked = script, []

    def submit(self, function, path, given, *_):
        self.asked.append(given["n"])
        future: Future = Future()
        answer = self.script[given["n"]].pop(0)
        future.set_exception(answer) if isinstance(answer, Exception) else future.set_result(dict(answer))
        return future


def collect(tmp_path, script, **more):
    jobs = [runs.Job(f"n{n}", tmp_path / "n.ipynb", {"n": n}, f"key{n}", {"n": n}) for n in script]
    executor, lines = Scripted(script), []
    with (
        RunLog(None) as log,
        runs.started(
            jobs, Store(tmp_path / "kept"), executor=executor, progress=lines.append, log=log, **more
        ) as pending,
    ):
        outcomes = pending.collect()
    return outcomes, executor.asked, lines


class TestRuns:
    def test_results_are_kept_and_not_asked_for_twice(self, tmp_path):
        first = collect(tmp_path, {1: [OUTCOME], 2: [OUTCOME]})
        assert first[1] == [1, 2]
        again = collect(tmp_path, {1: [], 2: [], 3: [OUTCOME]})
        assert again[1] == [3]
        assert again[0].keys() == {"key1", "key2", "key3"}

    def test_a_run_whose_worker_died_is_repeated_once(self, tmp_path):
        lost = notebooks.RunLostError("gone")
        outcomes, asked, lines = collect(tmp_path, {1: [lost, OUTCOME], 2: [OUTCOME]})
        assert outcomes.keys() == {"key1", "key2"}
        assert sorted(asked) == [1, 1, 2]
        assert any("once more" in line for line in lines)

    def test_a_run_that_dies_twice_stops_but_loses_no_other_result(self, tmp_path):
        lost = notebooks.RunLostError("gone")
        with pytest.raises(notebooks.RunLostError):
            collect(tmp_path, {1: [OUTCOME], 2: [lost, lost]})
        assert Store(tmp_path / "kept").read("key1") is not None

    def test_failures_can_be_gathered(self, tmp_path):
        failures: dict[str, str] = {}
        outcomes, _, _ = collect(tmp_path, {1: [OswError("no such region")], 2: [OUTCOME]}, failures=failures)
        assert failures == {"n1": "no such region"}
        assert outcomes.keys() == {"key2"}

    def test_where_a_whole_executor_broke_the_rest_runs_here(self, tmp_path, monkeypatch):
        monkeypatch.setattr(runs, "execute", lambda *_, **__: dict(OUTCOME))
        outcomes, asked, _ = collect(tmp_path, {1: [BrokenExecutor("died")], 2: [BrokenExecutor("died")]})
        assert outcomes.keys() == {"key1", "key2"}
        assert sorted(asked) == [1, 2]

    def test_a_worker_with_other_files_is_refused(self, project):
        path = project / "notebooks" / "claims.ipynb"
        with pytest.raises(OswError, match="this worker has another notebook"):
            runs.execute(str(path), {"edition": 2024}, "stock", "0" * 64, {"edition": 2024})

    def test_outputs_return_to_their_cells_with_the_prose_of_now(self, tmp_path):
        cell, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
        notebook = nbformat.v4.new_notebook(cells=[text("old"), cell("a = 1"), cell("a")])
        notebook.cells[1].metadata["tags"] = ["parameters"]
        path = tmp_path / "n.ipynb"
        nbformat.write(notebook, path)
        outcome = {
            "injected": True,
            "cells": [
                {"source": "a = 1", "tags": ["parameters"], "outputs": []},
                {"source": "a = 2", "tags": ["injected-parameters"], "outputs": []},
                {
                    "source": "a",
                    "tags": [],
                    "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}],
                },
            ],
        }
        notebook.cells[0].source = "new"
        notebook.cells.insert(2, text("between"))
        nbformat.write(notebook, path)
        dressed = runs.dress(path, outcome)
        assert ["".join(c["source"]) for c in dressed["cells"]] == ["new", "a = 1", "a = 2", "between", "a"]
        assert dressed["cells"][-1]["outputs"][0]["text"] == "2"
        nbformat.validate(nbformat.from_dict(dressed))

    def test_an_unknown_engine_is_named(self):
        with pytest.raises(InputError, match='column "--engine", value "fast": unknown engine'):
            notebooks.engine_name("fast")


def test_an_error_crosses_process_borders_whole():
    error = InputError("is no number", "Write digits.", file="a.csv", row=3, column="value", value="x")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.row, again.value) == (str(error), 3, "x")


def test_help_and_nothing_to_do_need_no_heavy_library():
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "osw_stats", "build", "--help"], check=True, capture_output=True, cwd=PROJECT
    )
    assert time.perf_counter() - start < 2  # 0.05 s where nothing else runs

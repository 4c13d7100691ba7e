"""The scheduling of runs: kept, repeated, gathered and dressed. The notebooks here are made up."""

import pickle
from concurrent.futures import BrokenExecutor, Executor, Future

import nbformat
import pytest

from osw_stats.errors import InputError, OswError
from osw_stats.report import notebooks
from osw_stats.report.graph import runs
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store

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

"""What the last build was made from and made, and how notebooks are run on any executor."""

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from osw_stats.build import notebooks, record, runs
from osw_stats.build.runs import RunLog, Work
from osw_stats.errors import InputError, NotPublishedError, OswError, SheetError
from osw_stats.kept import keys
from osw_stats.kept.store import Store
from tests.cases import table
from tests.conftest import PROJECT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ERRORS = [InputError("is no number", "Write digits.", file="a.csv", row=3, column="value", value="x")]
ERRORS += [NotPublishedError("no figure", "police_reports", "2024", wanted=[{"series_id": "police_reports"}])]
ERRORS += [SheetError("is geen getal", "Schrijf 3.", file="a.xlsx", sheet="Blad", cell="D7")]
QUARTO = ("bin/quarto", "bin/quarto.js", "share/version")
OUTCOME = {"cells": [{"source": "x", "tags": [], "outputs": []}], "seconds": 1.0, "in_cells": 0.9}
LOST, BROKEN = notebooks.RunLostError("gone"), BrokenExecutor("died")


def stale(root, year, renderer, **chosen):
    return record.stale(root, root, year, record.options(renderer, **chosen))


@pytest.fixture
def built(project):
    """A project whose report is three made-up files."""
    made = {part: project / part for part in ("_site", "figures/2024", "data/processed/2024")}
    for folder in made.values():
        folder.mkdir(parents=True)
        (folder / "file").write_text("content")
    record.write(made["_site"], project, 2024, keys.inputs(project), made, record.options("auto"))
    return project


@table(__file__, "changed", "name text reasons")
def test_one_changed_byte_or_file_is_named_also_with_size_and_time_of_before(built, name, text, reasons):
    path = built / name
    times = path.stat() if path.exists() else None
    path.unlink() if text is None else path.write_text(text)
    if text is not None and times:
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stale(built, 2024, "auto")[1] == reasons
    assert record.raw_changed(built, 2024) == name.startswith("data/raw")


def test_another_renderer_edition_or_library_is_another_build(built, monkeypatch):
    assert stale(built, 2024, "pandoc")[1] == ["options changed"]
    assert stale(built, 2024, "auto", archive=True)[1] == ["options changed"]
    assert stale(built, 2023, "auto")[0] is None and record.raw_changed(built, 2023)
    known = keys.inputs(built) | {"osw_stats/errors.py": "changed"}
    monkeypatch.setattr(keys, "inputs", lambda _: known)
    assert stale(built, 2024, "auto")[1] == ["the code of this library changed"]


@pytest.mark.parametrize("part", QUARTO)
def test_another_quarto_is_another_build(tmp_path, monkeypatch, part):
    """It is found on the path, so what it is counts and not where; a newer one in its place is another one."""
    for name in QUARTO:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    (tmp_path / "bin/quarto").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    renderers = ("auto", "quarto", "pandoc")
    before = [record.options(renderer) for renderer in renderers]
    (tmp_path / part).write_text("2")
    assert [record.options(r) == b for r, b in zip(renderers, before, strict=True)] == [False, False, True]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@example(value="[" * 100_000, part="raw")
@example(value="9" * 10_000, part="raw")
@example(value="{", part="raw")
@given(value=JSON, part=st.sampled_from([None, "edition", "library", *record.MAPPINGS]))
def test_a_record_of_any_other_shape_is_none_or_stale(tmp_path, value, part):
    whole = {"edition": 2024, "library": "", **{name: {} for name in record.MAPPINGS}}
    (tmp_path / "_site").mkdir(exist_ok=True)
    text = value if part == "raw" else json.dumps(value if part is None else whole | {part: value})
    (tmp_path / "_site" / record.NAME).write_text(text)
    assert stale(tmp_path, 2024, "pandoc")[1]


def test_the_log_tells_how_a_run_ended(tmp_path):
    with pytest.raises(OswError), RunLog(tmp_path / "run.jsonl", edition=2024) as log:
        log.event("run", key="k")
        raise OswError("no room")
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [x["event"] for x in lines] == ["start", "run", "end"]
    assert (lines[0]["edition"], lines[-1]["result"], lines[-1]["error"]) == (2024, "OswError", "no room")


@table(__file__, "need_nothing", "code")
def test_help_and_nothing_to_do_need_the_standard_library_alone(code):
    """Both answer at once because nothing of `-packages` is imported."""
    show = "print([m for m in sys.modules if '-packages' in str(getattr(sys.modules[m], '__file__', ''))])"
    line = [sys.executable, "-S", "-c", f"import sys\n{code}\n{show}"]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.splitlines()[-1] == "[]"


class Scripted(Executor):
    """An executor that answers each run with the next of its script: an outcome, or an error."""

    def __init__(self, script):
        self.script, self.asked = script, []

    def submit(self, function, path, given, *_):
        self.asked.append(given["n"])
        future: Future = Future()
        answer = self.script[given["n"]].pop(0)
        future.set_exception(answer) if isinstance(answer, Exception) else future.set_result(dict(answer))
        return future


def collect(tmp_path, script, **more):
    """Return which runs have an outcome, which were asked for, and what was said."""
    jobs = [runs.Job(f"n{n}", tmp_path / "n.ipynb", {"n": n}, f"key{n}") for n in script]
    executor, lines, store = Scripted(script), [], Store(tmp_path / "kept")
    work = Work(tmp_path, 2024, {}, store, None, RunLog(None), lines.append, executor=executor)
    with runs.started(work, jobs, **more) as pending:
        outcomes = pending.collect()
    return set(outcomes), sorted(executor.asked), lines


def test_a_run_whose_worker_died_is_repeated_once_and_what_is_kept_is_not_asked_for_again(tmp_path):
    outcomes, asked, lines = collect(tmp_path, {1: [LOST, OUTCOME], 2: [OUTCOME]})
    assert (outcomes, asked) == ({"key1", "key2"}, [1, 1, 2])
    assert any("once more" in line for line in lines)
    assert collect(tmp_path, {1: [], 2: [], 3: [OUTCOME]})[:2] == ({"key1", "key2", "key3"}, [3])


def test_a_run_that_dies_twice_stops_but_loses_no_other_result(tmp_path):
    with pytest.raises(notebooks.RunLostError):
        collect(tmp_path, {1: [OUTCOME], 2: [LOST, LOST]})
    assert Store(tmp_path / "kept").read("key1") is not None


def test_failures_can_be_gathered(tmp_path):
    failures: dict[str, str] = {}
    script = {1: [OswError("no such region")], 2: [OUTCOME]}
    assert collect(tmp_path, script, failures=failures)[0] == {"key2"}
    assert failures == {"n1": "no such region"}


def test_where_a_whole_executor_broke_the_rest_runs_here(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "execute", lambda *_, **__: dict(OUTCOME))
    assert collect(tmp_path, {1: [BROKEN], 2: [BROKEN]})[:2] == ({"key1", "key2"}, [1, 2])


def test_a_worker_with_other_files_is_refused(project):
    path = project / "notebooks" / "claims.ipynb"
    with pytest.raises(OswError, match="this worker has another notebook"):
        runs.execute(str(path), {"edition": 2024}, "stock", "0" * 64)


def test_outputs_return_to_their_cells_with_the_prose_of_now(tmp_path):
    cell, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    cells = [text("new"), cell("a = 1", metadata={"tags": ["parameters"]}), text("between"), cell("a")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "n.ipynb")
    shown = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    ran = [("a = 1", ["parameters"], []), ("a = 2", ["injected-parameters"], []), ("a", [], shown)]
    outcome = {"cells": [{"source": s, "tags": t, "outputs": o} for s, t, o in ran]}
    dressed = runs.dress(tmp_path / "n.ipynb", outcome)
    sources = ["".join(c["source"]) for c in dressed["cells"]]
    assert sources == ["new", "a = 1", "a = 2", "between", "a"]
    assert dressed["cells"][-1]["outputs"] == shown
    nbformat.validate(nbformat.from_dict(dressed))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_crosses_process_borders_whole(error):
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))

"""What a build depends on, keeps and runs: keys, store, lock, record, log, runs."""

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from osw_stats.build import notebooks, record, runs
from osw_stats.build.work import RunLog, Work
from osw_stats.errors import InputError, OswError
from osw_stats.kept import keys
from osw_stats.kept.swap import building
from osw_stats.kept.store import Store, kept
from tests.conftest import PROJECT


def python(code, *arguments, **more):
    """Run code in a process of its own, with this library, and return its last line."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        **more,
    )
    return done.stdout.splitlines()[-1]


class TestKeys:
    @staticmethod
    def of(root, **given):
        known = keys.inputs(root)
        run = keys.run_key(root, root / "notebooks" / "trend.ipynb", {"edition": 2024} | given, known)
        return run, keys.tables_key(root, 2024, known), keys.facts_key(root, 2024, known)

    @staticmethod
    def edit(path: Path, kind: str) -> None:
        """Change the last cell of a kind in a notebook."""
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cell = [c for c in notebook["cells"] if c["cell_type"] == kind][-1]
        cell["source"] = [*cell["source"], "\n# one line more"]
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def test_cells_that_give_the_same_change_nothing_after_them_but_parameters_do(self, project):
        """The manifest lists the parameters, used or not."""

        def key(**told):
            return keys.facts_key(project, 2024, keys.inputs(project), {"nl/trend": "a"} | told)

        before, notebook = key(), project / "notebooks" / "claims.ipynb"
        self.edit(notebook, "code")
        assert key() == before
        assert key(**{"nl/trend": "b"}) != before
        text = notebook.read_text(encoding="utf-8")
        assert "edition = 2025" in text
        notebook.write_text(text.replace("edition = 2025", "edition = 2023"), encoding="utf-8")
        assert key() != before

    # which of a run of the trend, of what tables say and of what the report says must be made again
    @pytest.mark.parametrize(
        ("name", "changed"),
        [
            ("pages/nl/index.qmd", (False, False, False)),
            ("pages/nl/trend.qmd", (False, False, True)),
            ("pages/errata.csv", (False, True, True)),
            ("_quarto.yml", (False, False, True)),
            ("CITATION.cff", (False, False, True)),
            ("data/raw/police/reports.csv", (True, True, True)),
            ("data/raw/police/new.csv", (True, True, True)),
            ("scenarios/central.yml", (True, True, True)),
            ("editions/2024.yml", (True, True, True)),
            ("editions/2023.yml", (False, True, True)),
            ("notebooks/helper.py", (True, False, False)),  # it may be imported
        ],
    )
    def test_what_a_result_reads_is_in_its_key_and_nothing_else(self, project, name, changed):
        before, path = self.of(project), project / name
        path.write_text("changed", encoding="utf-8")
        assert tuple(a != b for a, b in zip(before, self.of(project), strict=True)) == changed

    @pytest.mark.parametrize(
        ("notebook", "kind", "changed"),
        [
            ("trend", "markdown", (False, False, False)),
            ("trend", "code", (True, False, True)),
            ("claims", "code", (False, False, True)),
        ],
    )
    def test_of_a_notebook_the_code_counts(self, project, notebook, kind, changed):
        before = self.of(project)
        self.edit(project / "notebooks" / f"{notebook}.ipynb", kind)
        assert tuple(a != b for a, b in zip(before, self.of(project), strict=True)) == changed

    @pytest.mark.parametrize(
        ("name", "counts"),
        [
            ("stats/counts/half_years.py", True),
            ("text/words.yml", True),
            ("surroundings.py", True),
            ("publish/site/filter.lua", True),
            ("publish/site/page.html", False),
        ],
    )
    def test_the_code_of_the_library_counts_but_not_the_look_of_pages(self, name, counts):
        known = keys.inputs(PROJECT)
        assert f"osw_stats/{name}" in known
        other = known | {f"osw_stats/{name}": "changed"}
        for key in (keys.facts_key, keys.tables_key):
            assert (key(PROJECT, 2024, known) != key(PROJECT, 2024, other)) == counts
        trend = PROJECT / "notebooks" / "trend.ipynb"
        run = [keys.run_key(PROJECT, trend, {"edition": 2024}, k) for k in (known, other)]
        assert (run[0] != run[1]) == counts

    def test_parameters_and_the_files_they_name_are_part_of_a_run(self, project):
        assert self.of(project, alpha=0.05)[0] != self.of(project, alpha=0.1)[0]
        answers = project / "answers.csv"
        answers.write_text("a\n1\n")
        before = self.of(project, microdata=str(answers))[0]
        answers.write_text("a\n2\n")
        assert self.of(project, microdata=str(answers))[0] != before


class TestStore:
    def test_it_gives_back_what_it_got_and_a_fresh_one_reads_nothing(self, tmp_path):
        value = {"x": [1.5, "é", None]}
        assert Store(tmp_path).read("a") is None
        assert kept(Store(tmp_path), "a", lambda: value) == value
        assert kept(Store(tmp_path), "a", pytest.fail) == value
        fresh = Store(tmp_path, fresh=True)
        assert kept(fresh, "a", lambda: 2) == 2
        assert Store(tmp_path).read("a") == 2

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda entry: entry.replace(b"1.5", b"1.6"),
            lambda entry: entry[: len(entry) // 2],
            lambda entry: b"",
            lambda entry: entry.partition(b"\n")[2],
            lambda entry: hashlib.sha256(b"[1]").hexdigest().encode() + b"\n[1]",
        ],
        ids=["another value", "cut off", "empty", "without a seal", "of no key"],
    )
    def test_a_spoiled_entry_is_no_entry(self, tmp_path, spoil):
        Store(tmp_path).write("a", {"x": 1.5})
        (tmp_path / "a").write_bytes(spoil((tmp_path / "a").read_bytes()))
        assert Store(tmp_path).read("a") is None

    def test_an_entry_under_the_name_of_another_key_is_no_entry(self, tmp_path):
        store = Store(tmp_path)
        store.write("a", 1)
        (tmp_path / "a").rename(tmp_path / "b")
        assert store.read("b") is None

    def test_what_was_used_last_stays(self, tmp_path):
        store = Store(tmp_path)
        for number, name in enumerate("abc"):
            store.write(name, "x" * 100)
            os.utime(tmp_path / name, (number, number))
        store.read("a")
        size = (tmp_path / "a").stat().st_size
        store.prune(most=2 * size)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "c"]


class TestLock:
    def test_a_second_build_is_told_who_builds(self, tmp_path):
        with (
            building(tmp_path, "edition 2024"),
            pytest.raises(OswError, match=rf"running here \(process {os.getpid()}, edition 2024\)"),
            building(tmp_path, "edition 2023"),
        ):
            pass
        with building(tmp_path, "edition 2023"):
            pass

    def test_a_dead_process_keeps_no_lock(self, tmp_path):
        code = (
            "import sys, time; from pathlib import Path; from osw_stats.kept.swap import building\n"
            "with building(Path(sys.argv[1]), 'edition 2024'):\n    print('held', flush=True)\n    time.sleep(60)"
        )
        line, env = [sys.executable, "-c", code, str(tmp_path)], os.environ | {"PYTHONPATH": str(PROJECT)}
        with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=env) as other:
            assert other.stdout.readline() == "held\n"
            with pytest.raises(OswError, match=f"process {other.pid}"), building(tmp_path, "x"):
                pass
            other.send_signal(signal.SIGKILL)
            other.wait()
        with building(tmp_path, "x"):
            pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def stale(root, year, renderer, **chosen):
    return record.stale(root, root, year, record.options(renderer, **chosen))


class TestRecord:
    @pytest.fixture
    def built(self, project):
        """A project whose report is three made-up files."""
        made = {part: project / part for part in ("_site", "figures/2024", "data/processed/2024")}
        for folder in made.values():
            folder.mkdir(parents=True)
            (folder / "file").write_text("content")
        record.write(made["_site"], project, 2024, keys.inputs(project), made, record.options("auto"))
        return project

    @pytest.mark.parametrize(
        ("name", "text", "reasons"),
        [
            ("_site/file", "content", []),
            ("_site/file", "contenT", ["_site/file changed"]),
            ("_site/file", None, ["_site/file is gone"]),
            ("_site/more", "", ["_site/more is new"]),
            ("pages/nl/index.qmd", "x", ["pages/nl/index.qmd changed"]),
            ("data/raw/x.csv", "x", ["data/raw/x.csv is new"]),
        ],
    )
    def test_one_changed_byte_or_file_is_seen_and_named_also_with_size_and_time_of_before(
        self, built, name, text, reasons
    ):
        path = built / name
        times = path.stat() if path.exists() else None
        path.unlink() if text is None else path.write_text(text)
        if text is not None and times:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert stale(built, 2024, "auto")[1] == reasons
        assert record.raw_changed(built, 2024) == name.startswith("data/raw")

    def test_another_renderer_edition_or_library_is_another_build(self, built, monkeypatch):
        assert stale(built, 2024, "pandoc")[1] == ["options changed"]
        assert stale(built, 2024, "auto", archive=True)[1] == ["options changed"]
        assert stale(built, 2023, "auto")[0] is None
        assert record.raw_changed(built, 2023)
        known = keys.inputs(built) | {"osw_stats/errors.py": "changed"}
        monkeypatch.setattr(keys, "inputs", lambda _: known)
        assert stale(built, 2024, "auto")[1] == ["the code of this library changed"]

    @pytest.mark.parametrize("part", ["bin/quarto", "bin/quarto.js", "share/version"])
    def test_another_quarto_is_another_build(self, tmp_path, monkeypatch, part):
        """It is found on the path, so what it is counts and not where; a newer one in its place is another one."""
        for name in ("bin/quarto", "bin/quarto.js", "share/version"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("1")
        (tmp_path / "bin/quarto").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        before = [record.options(renderer) for renderer in ("auto", "quarto", "pandoc")]
        (tmp_path / part).write_text("2")
        after = [record.options(renderer) for renderer in ("auto", "quarto", "pandoc")]
        assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, True]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @example(value="[" * 100_000, part="raw")
    @example(value="9" * 10_000, part="raw")
    @example(value="{", part="raw")
    @given(value=JSON, part=st.sampled_from([None, "edition", "library", *record.MAPPINGS]))
    def test_a_record_of_any_other_shape_is_none_or_stale(self, tmp_path, value, part):
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


@pytest.mark.parametrize(
    "code",
    [
        "import contextlib; from osw_stats.cli import main\nwith contextlib.suppress(SystemExit): main(['build', '--help'])",
        "from osw_stats.build.build import build",
    ],
)
def test_help_and_nothing_to_do_need_the_standard_library_alone(code):
    """Both answer at once because nothing of `-packages` is imported."""
    show = "print([m for m in sys.modules if '-packages' in str(getattr(sys.modules[m], '__file__', ''))])"
    assert python(f"import sys\n{code}\n{show}") == "[]"


OUTCOME = {"cells": [{"source": "x", "tags": [], "outputs": []}], "seconds": 1.0, "in_cells": 0.9}


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
    jobs = [runs.Job(f"n{n}", tmp_path / "n.ipynb", {"n": n}, f"key{n}", {"n": n}) for n in script]
    executor, lines, store = Scripted(script), [], Store(tmp_path / "kept")
    work = Work(tmp_path, 2024, {}, store, None, RunLog(None), lines.append, executor=executor)
    with runs.started(work, jobs, **more) as pending:
        outcomes = pending.collect()
    return set(outcomes), sorted(executor.asked), lines


class TestRuns:
    def test_a_run_whose_worker_died_is_repeated_once(self, tmp_path):
        lost = notebooks.RunLostError("gone")
        found, asked, lines = collect(tmp_path, {1: [lost, OUTCOME], 2: [OUTCOME]})
        assert (found, asked) == ({"key1", "key2"}, [1, 1, 2])
        # what is kept is not asked for again
        assert collect(tmp_path, {1: [], 2: [], 3: [OUTCOME]})[:2] == ({"key1", "key2", "key3"}, [3])
        assert any("once more" in line for line in lines)

    def test_a_run_that_dies_twice_stops_but_loses_no_other_result(self, tmp_path):
        lost = notebooks.RunLostError("gone")
        with pytest.raises(notebooks.RunLostError):
            collect(tmp_path, {1: [OUTCOME], 2: [lost, lost]})
        assert Store(tmp_path / "kept").read("key1") is not None

    def test_failures_can_be_gathered(self, tmp_path):
        failures: dict[str, str] = {}
        script = {1: [OswError("no such region")], 2: [OUTCOME]}
        assert collect(tmp_path, script, failures=failures)[0] == {"key2"}
        assert failures == {"n1": "no such region"}

    def test_where_a_whole_executor_broke_the_rest_runs_here(self, tmp_path, monkeypatch):
        monkeypatch.setattr(runs, "execute", lambda *_, **__: dict(OUTCOME))
        script = {1: [BrokenExecutor("died")], 2: [BrokenExecutor("died")]}
        assert collect(tmp_path, script)[:2] == ({"key1", "key2"}, [1, 2])

    def test_a_worker_with_other_files_is_refused(self, project):
        path = project / "notebooks" / "claims.ipynb"
        with pytest.raises(OswError, match="this worker has another notebook"):
            runs.execute(str(path), {"edition": 2024}, "stock", "0" * 64, {"edition": 2024})

    def test_outputs_return_to_their_cells_with_the_prose_of_now(self, tmp_path):
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


def test_an_error_crosses_process_borders_whole():
    error = InputError("is no number", "Write digits.", file="a.csv", row=3, column="value", value="x")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.row, again.value) == (str(error), 3, "x")

"""Store, lock, state and log of a build."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osw_stats.errors import OswError
from osw_stats.report.build import _as_it_was
from osw_stats.report.graph import keys, state
from osw_stats.report.graph.lock import building
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store, kept
from tests.conftest import PROJECT


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

    @pytest.mark.parametrize("seed", range(5))
    def test_an_entry_under_the_name_of_another_key_is_no_entry(self, tmp_path, seed):
        draw = random.Random(seed)
        names = [hashlib.sha256(draw.randbytes(4)).hexdigest() for _ in range(8)]
        store = Store(tmp_path)
        for name in names:
            store.write(name, {"of": name})
        moved = draw.sample(names, 4)
        content = {a: (tmp_path / b).read_bytes() for a, b in zip(moved, moved[1:] + moved[:1], strict=True)}
        for name, entry in content.items():
            (tmp_path / name).write_bytes(entry)
        assert [Store(tmp_path).read(n) for n in names] == [None if n in moved else {"of": n} for n in names]

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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


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
            "inputs": keys.inputs(project), "outputs": state.outputs(project, 2024), "used": [], "summary": {"made": [], "pages": [], "gaps": {}},
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

    @pytest.mark.parametrize("part", ["bin/quarto", "bin/quarto.js", "share/version"])
    def test_another_quarto_is_another_build(self, tmp_path, monkeypatch, part):
        """It is found on the path, so what it is counts and not where; a newer one in its place is another one."""
        for name in ("bin/quarto", "bin/quarto.js", "share/version"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("1")
        (tmp_path / "bin/quarto").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        before = [state.options(renderer) for renderer in ("auto", "quarto", "pandoc")]
        (tmp_path / part).write_text("2")
        after = [state.options(renderer) for renderer in ("auto", "quarto", "pandoc")]
        assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, True]

    @pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "9" * 10_000, b"\xff\xfe\x00", "{}"])
    def test_a_spoiled_state_is_no_state(self, built, text):
        state.path(built, 2024).write_bytes(text if isinstance(text, bytes) else text.encode())
        assert stale(built, 2024, "auto")[0] is None
        assert state.raw_changed(built, 2024)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
    @given(value=JSON, draw=st.data())
    def test_a_state_of_any_other_shape_is_no_state(self, tmp_path, value, draw):
        """Any JSON there is, and a whole state with any JSON in the place of one of its parts."""
        (tmp_path / "build" / "2024").mkdir(parents=True, exist_ok=True)
        parts = {"inputs": {"a": "b"}, "outputs": {}, "options": {}, "environment": {}, "used": ["k"],
                 "summary": {"made": [["_site", 3]], "pages": ["a"], "gaps": {"withheld": ["x"]}}}  # fmt: skip
        name = draw.draw(st.sampled_from([None, *parts, "made", "pages", "gaps"]))
        if name is None:
            parts = value
        elif name in parts:
            parts[name] = value
        else:
            parts["summary"][name] = value
        state.path(tmp_path, 2024).write_text(json.dumps(parts))
        reasons = state.stale(tmp_path, tmp_path, 2024, state.options("pandoc"))[1]
        assert reasons
        assert all(isinstance(key, str) for key in state.used(tmp_path))
        kept = state.read(tmp_path, 2024)
        assert kept is None or _as_it_was(tmp_path, kept, 0.0).unchanged


def test_the_log_tells_how_a_run_ended(tmp_path):
    with pytest.raises(OswError), RunLog(tmp_path / "run.jsonl", edition=2024) as log:
        log.event("run", key="k")
        raise OswError("no room")
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [x["event"] for x in lines] == ["start", "run", "end"]
    assert lines[0]["edition"] == 2024
    assert (lines[-1]["result"], lines[-1]["error"]) == ("OswError", "no room")
    assert [x["seconds"] for x in lines] == sorted(x["seconds"] for x in lines)


def test_help_and_nothing_to_do_need_no_heavy_library():
    """Both answer at once because nothing of `-packages` is imported; how quick that is depends on the machine."""
    code = (
        "import contextlib, sys; from osw_stats.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['build', '--help'])\n"
        "print([m for m in sys.modules if '-packages' in str(getattr(sys.modules[m], '__file__', ''))])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True, cwd=PROJECT
    )
    assert done.stdout.splitlines()[-1] == "[]"

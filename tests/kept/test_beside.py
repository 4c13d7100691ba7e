import os
import signal
import sys
import threading
import time

import pytest

from osw_stats.errors import InputError
from osw_stats.kept import beside as module
from osw_stats.kept.beside import each, start_task
from osw_stats.kept.guard import Guard
from osw_stats.kept.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")
here = os.getpid()


@pytest.fixture
def store(tmp_path, monkeypatch):
    # whoever runs the tests in parallel has another thread
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(module, "_forks", True)  # and be as it was afterwards
    (tmp_path / "input").write_text("as it is")
    guard = Guard(tmp_path, parts=["input"])
    return Store(tmp_path / "kept", guard=guard)


def test_it_is_done_in_another_process_and_what_it_keeps_is_ours(store):
    def task():
        store.write("theirs", [1, 2])
        return os.getpid(), ("a", {"b": 1.5})

    store.write("ours", "before")
    with start_task(store, task) as result:
        store.write("meanwhile", "here")
        process, made = result()
    assert process != os.getpid()
    assert made == ("a", {"b": 1.5})
    store.settle()
    again = Store(store.folder)
    assert [again.read(key) for key in ("ours", "theirs", "meanwhile")] == ["before", [1, 2], "here"]


def test_an_error_is_told_by_the_same_work_done_here(store):
    def fail():
        raise InputError("is no day", f"Process {os.getpid()}.", value="x")

    with pytest.raises(InputError, match=f"Process {os.getpid()}"), start_task(store, fail) as result:
        result()


def test_what_was_ended_is_done_here_and_nothing_is_forked_after_it(store):
    def end():
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "made"

    with start_task(store, end) as result:
        assert result() == "made"
    # what was done here may have left threads behind that a fork would wait for
    with start_task(store, os.getpid) as result:
        assert result() == here


def test_it_ends_with_the_block(store, tmp_path):
    def task():
        (tmp_path / "process").write_text(str(os.getpid()))
        time.sleep(600)

    with pytest.raises(KeyError), start_task(store, task):
        deadline = time.monotonic() + 60
        while not (tmp_path / "process").is_file() or not (tmp_path / "process").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        raise KeyError("the block fails")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text()), 0)


def test_with_a_second_thread_nothing_is_forked(store, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(module, "_forks", True)
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    with start_task(store, os.getpid) as result:
        done.set()
        thread.join()
        assert result() == here
    with start_task(store, os.getpid) as result:
        assert result() == here


@pytest.mark.parametrize("things", [["nl"], ["nl", "en"], ["nl", "en", "fr"]])
def test_each_is_made_the_first_of_them_here(store, things):
    made = each(store, things, lambda thing: (thing, os.getpid() == here))
    assert made == {thing: (thing, at == 0) for at, thing in enumerate(things)}

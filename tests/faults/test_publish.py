"""Putting a new report in place: all of it, or the old one as it was."""

import os

import pytest

from osw_stats.errors import OswError
from osw_stats.report import publish as publishing
from osw_stats.report import swap
from osw_stats.report.publish import publish


def folder(path, text):
    path.mkdir(parents=True)
    (path / "page.html").write_text(text)
    return path


def test_everything_is_replaced(tmp_path):
    targets = [(folder(tmp_path / "new" / n, "new"), folder(tmp_path / n, "old")) for n in ("a", "b")]
    publish(targets)
    assert [(t / "page.html").read_text() for _, t in targets] == ["new", "new"]


def test_trouble_halfway_brings_the_old_report_back(tmp_path):
    """The third folder was never made, so its move fails after two have been moved."""
    targets = [(folder(tmp_path / "new" / n, "new"), folder(tmp_path / n, "old")) for n in ("a", "b")]
    targets.append((tmp_path / "new" / "never made", folder(tmp_path / "c", "old")))
    with pytest.raises(OswError, match=r"could not be put in place.*the old one is back"):
        publish(targets)
    assert [(t / "page.html").read_text() for _, t in targets] == ["old", "old", "old"]


def test_a_first_report_that_fails_leaves_nothing(tmp_path):
    targets = [
        (folder(tmp_path / "new" / "a", "new"), tmp_path / "a"),
        (tmp_path / "new" / "never made", tmp_path / "b"),
    ]
    with pytest.raises(OswError):
        publish(targets)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("exchange", [True, False], ids=["one step", "two steps"])
def test_folders_are_exchanged(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    new, target = folder(tmp_path / "a", "new"), folder(tmp_path / "b", "old")
    assert swap.put_in_place(new, target)
    assert [(p / "page.html").read_text() for p in (new, target)] == ["old", "new"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
    assert not swap.put_in_place(new, tmp_path / "deep" / "c")
    assert (tmp_path / "deep" / "c" / "page.html").read_text() == "old"
    with pytest.raises(OSError, match="No such file"):
        swap.put_in_place(tmp_path / "never made", target)
    assert (target / "page.html").read_text() == "new"


@pytest.mark.parametrize("step", range(6))
def test_killed_before_or_after_any_step_every_folder_is_whole(tmp_path, monkeypatch, step):
    """A killed process runs no `except`; so the child ends at once, like one that got kill -9."""
    names = ("a", "b", "c")
    targets = [(folder(tmp_path / "new" / n, "new"), folder(tmp_path / n, "old")) for n in names]
    true, calls = publishing.put_in_place, []

    def dying(new, target):
        if len(calls) == step // 2 and step % 2 == 0:
            os._exit(9)
        done = true(new, target)
        if len(calls) == step // 2:
            os._exit(9)
        calls.append(target)
        return done

    child = os.fork()
    if child == 0:
        publishing.put_in_place = dying
        publish(targets)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    found = [(tmp_path / n / "page.html").read_text() for n in names]
    done = (step + 1) // 2
    assert found == ["new"] * done + ["old"] * (3 - done)

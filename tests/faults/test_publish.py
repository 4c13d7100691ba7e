"""Putting a new report in place: all of it, or the old one as it was."""

import os
import shutil
import subprocess

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


@pytest.mark.parametrize("deep", [False, True])
def test_a_linked_folder_is_served_anew(tmp_path, deep):
    """Somebody lets the site stand where a web server looks: what it serves is the new one, and the link stays."""
    served = folder(tmp_path / ("a/b/www" if deep else "www"), "old")
    (tmp_path / "_site").symlink_to(served)
    publish([(folder(tmp_path / "new", "new"), tmp_path / "_site")])
    assert (served / "page.html").read_text() == "new"
    assert (tmp_path / "_site").is_symlink()
    assert (tmp_path / "new" / "page.html").read_text() == "old"


@pytest.mark.parametrize("renames", [0, 1, 2, 3])
def test_killed_between_two_renames_the_old_report_is_put_back(tmp_path, renames):
    """Where folders cannot be exchanged in one step; whatever lies in the build folder is thrown away by the next build."""
    build, target = tmp_path / "build", folder(tmp_path / "_site", "old")
    new = folder(build / "new-x" / "_site", "new")
    child = os.fork()
    if child == 0:
        true, left = type(new).rename, [renames]

        def dying(self, target):
            if not left[0]:
                os._exit(9)
            left[0] -= 1
            return true(self, target)

        swap._exchanged, type(new).rename = lambda *_: False, dying
        publish([(new, target)])
        os._exit(9)
    os.waitpid(child, 0)
    shutil.rmtree(build / "new-x")
    publishing.prepare(build, [target])
    assert (target / "page.html").read_text() == ("old" if renames < 2 else "new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["_site", "build"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
@pytest.mark.parametrize("part", ["_site", "data/processed", "data"])
def test_another_disk_is_told_before_the_work(tmp_path, part):
    (tmp_path / part).mkdir(parents=True)
    (tmp_path / "build").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", tmp_path / part], check=True)
    try:
        with pytest.raises(OswError, match="is on another disk or a mounted folder"):
            publishing.prepare(
                tmp_path / "build", [tmp_path / "_site", tmp_path / "data" / "processed" / "2024"]
            )
        with pytest.raises(OswError, match="is on another disk or a mounted folder"):
            publish([(folder(tmp_path / "new", "new"), tmp_path / part / "2024")])
    finally:
        subprocess.run(["umount", tmp_path / part], check=True)
    publishing.prepare(tmp_path / "build", [tmp_path / "_site", tmp_path / "data" / "processed" / "2024"])

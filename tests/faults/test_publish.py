"""Putting a new report in place: all of it, or the old one as it was."""

import contextlib
import os
import subprocess
import time
from pathlib import Path

import pytest

from osw_stats.build.record import published
from osw_stats.errors import OswError
from osw_stats.kept import swap
from osw_stats.kept.swap import prepare, publish, put_in_place


def folder(path, text):
    path.mkdir(parents=True)
    (path / "page.html").write_text(text)
    return path


def read(*paths):
    return [(path / "page.html").read_text() for path in paths]


def in_a_child(job):
    """Carry a job out in a process that ends at once, like one that got kill -9: no `except` is run; return its status."""
    child = os.fork()
    if child == 0:
        job()
        os._exit(9)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def three(tmp_path):
    """Three new folders, each for an old one."""
    return [(folder(tmp_path / "new" / n, "new"), folder(tmp_path / n, "old")) for n in ("a", "b", "c")]


def test_trouble_halfway_brings_the_old_report_back(tmp_path, three):
    """The last folder was never made, so its move fails after others have been moved; one had no report before."""
    added = (folder(tmp_path / "new" / "first", "new"), tmp_path / "first")
    never = (tmp_path / "new" / "never made", folder(tmp_path / "d", "old"))
    with pytest.raises(OswError, match=r"could not be put in place.*the old one is back"):
        publish([*three, added, never])
    assert read(*(target for _, target in three)) == ["old"] * 3
    assert not (tmp_path / "first").exists()
    publish(three)
    assert read(*(target for _, target in three)) == ["new"] * 3


@pytest.mark.parametrize("exchange", [True, False], ids=["one step", "two steps"])
def test_folders_are_exchanged(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    new, target = folder(tmp_path / "a", "new"), folder(tmp_path / "b", "old")
    assert put_in_place(new, target)
    assert read(new, target) == ["old", "new"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
    assert not put_in_place(new, tmp_path / "deep" / "c")
    assert read(tmp_path / "deep" / "c") == ["old"]
    with pytest.raises(OSError, match="No such file"):
        put_in_place(tmp_path / "never made", target)
    assert read(target) == ["new"]


@pytest.mark.parametrize("exchange", [True, False], ids=["one step", "two steps"])
@pytest.mark.parametrize("step", range(13))
def test_killed_at_any_rename_the_whole_old_report_comes_back(tmp_path, step, exchange):
    """Three folders, one of which is new in its place; after the last step all is new. No mark stays."""
    build = tmp_path / "build"
    pairs = [(folder(build / "new-x" / n, "new"), folder(tmp_path / n, "old")) for n in ("a", "b")]
    pairs.insert(1, (folder(build / "new-x" / "c", "new"), tmp_path / "c"))

    def job():
        left, rename, swapped, unlink = [step], Path.rename, swap._exchange, Path.unlink

        def dying(true):
            def call(*given, **how):
                if not left[0]:
                    os._exit(9)
                left[0] -= 1
                return true(*given, **how)

            return call

        Path.rename, Path.unlink = dying(rename), dying(unlink)
        swap._exchange = dying(swapped) if exchange else lambda *_: False
        publish(pairs)
        os._exit(0)

    whole = in_a_child(job) == 0
    committed = whole or not (build / "new-x" / swap._JOURNAL).exists()
    prepare(build, [target for _, target in pairs])
    targets = [target for _, target in pairs]
    if committed:
        assert read(*targets) == ["new"] * 3
    else:
        assert read(targets[0], targets[2]) == ["old"] * 2
        assert not targets[1].exists()
    assert not [p for p in tmp_path.rglob("*") if p.name == swap._JOURNAL or ".old" in p.name]
    assert not list(build.iterdir())
    assert whole == (step >= (7 if exchange else 11))


def test_whoever_may_enter_reads_what_is_published(tmp_path):
    before = os.umask(0o077)
    try:
        new = folder(tmp_path / "new" / "_site", "new")
        (new / "en").mkdir()
        (new / "en" / "page.html").write_text("new")
        publish([(new, tmp_path / "_site")])
    finally:
        os.umask(before)
    there = (tmp_path / "_site").rglob("*")
    modes = {p.relative_to(tmp_path).as_posix(): p.stat().st_mode & 0o777 for p in there}
    assert modes == {"_site/page.html": 0o644, "_site/en": 0o755, "_site/en/page.html": 0o644}
    assert (tmp_path / "_site").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("served", ["www", "a/b/www"])
def test_a_linked_folder_is_served_anew(tmp_path, served):
    """Somebody lets the site stand where a web server looks: what it serves is the new one, and the link stays."""
    old, site = folder(tmp_path / served, "old"), tmp_path / "_site"
    site.symlink_to(old)
    new = folder(tmp_path / "new", "new")
    publish([(new, site)])
    assert site.is_symlink()
    assert read(old, new) == ["new", "old"]
    # and what is published is found there by the next build
    assert published(tmp_path, 2024).keys() == {"_site/page.html"}


@pytest.mark.parametrize("part", ["_site", "figures/2024", "data/processed/2024"])
@pytest.mark.parametrize("there", ["a file", "a link to itself", "a link to a file", "a link to nothing yet"])
def test_a_place_that_is_no_folder_is_told_before_the_work(tmp_path, part, there):
    place, build = tmp_path / part, folder(tmp_path / "build", "")
    place.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "file").touch()
    if there == "a file":
        place.touch()
    else:
        leads = {"a link to itself": place.name, "a link to a file": tmp_path / "file"}
        place.symlink_to(leads.get(there, tmp_path / "www" / "new"))
    if there == "a link to nothing yet":
        prepare(build, [place])
        publish([(folder(tmp_path / "made", "new"), place)])
        assert read(tmp_path / "www" / "new") == ["new"]
    else:
        with pytest.raises(OswError, match=f"{place.name} is .* Take it away"):
            prepare(build, [place])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
@pytest.mark.parametrize("part", ["_site", "data/processed", "data"])
def test_another_disk_is_told_before_the_work(tmp_path, part):
    for name in (part, "build"):
        (tmp_path / name).mkdir(parents=True)
    places = [tmp_path / "_site", tmp_path / "data" / "processed" / "2024"]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", tmp_path / part], check=True)
    elsewhere = "is on another disk or a mounted folder"
    try:
        with pytest.raises(OswError, match=elsewhere):
            prepare(tmp_path / "build", places)
        with pytest.raises(OswError, match=elsewhere):
            publish([(folder(tmp_path / "new", "new"), tmp_path / part / "2024")])
    finally:
        subprocess.run(["umount", tmp_path / part], check=True)
    prepare(tmp_path / "build", places)


def test_what_a_killed_build_left_goes_though_its_orphans_still_write_there(tmp_path):
    left = folder(tmp_path / "build" / "new-1" / "drawings", "old")
    orphan = os.fork()
    if orphan == 0:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            with contextlib.suppress(OSError):  # as a program that was started in the folder and writes on
                (left / f"{time.monotonic_ns()}.json").write_text("late")
        os._exit(0)
    time.sleep(0.2)
    prepare(tmp_path / "build", [])
    assert not list((tmp_path / "build").glob("new-*"))
    os.waitpid(orphan, 0)
    assert not list((tmp_path / "build").glob("new-*"))

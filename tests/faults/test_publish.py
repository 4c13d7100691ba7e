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
from osw_stats.kept.swap import prepare, publish

in_one_step_or_two = pytest.mark.parametrize("exchange", [True, False], ids=["one step", "two steps"])


def folder(path, text):
    path.mkdir(parents=True)
    (path / "page.html").write_text(text)
    return path


def read(*paths):
    pages = [path / "page.html" for path in paths]
    return [page.read_text() if page.exists() else "nothing" for page in pages]


def three(new, places):
    """Return three new folders and their places: in the second nothing stood before."""
    pairs = [(folder(new / name, "new"), places / name) for name in ("a", "deep/b", "c")]
    for _, place in pairs[::2]:
        folder(place, "old")
    return pairs, [place for _, place in pairs]


@in_one_step_or_two
def test_trouble_halfway_brings_the_old_report_back(tmp_path, monkeypatch, exchange):
    pairs, places = three(tmp_path / "new", tmp_path)
    last = (folder(tmp_path / "new" / "d", "new"), folder(tmp_path / "d", "old"))

    def failing(true):
        def call(path, *given):
            if path == last[0]:
                raise OSError("no room")
            return true(path, *given)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing(Path.rename))
        patch.setattr(swap, "_exchange", failing(swap._exchange) if exchange else lambda *_: False)
        with pytest.raises(OswError, match=r"could not be put in place \(no room\); the old one is back"):
            publish([*pairs, last])
    assert read(*places, last[1]) == ["old", "nothing", "old", "old"]
    assert not list(tmp_path.rglob("*.old"))
    publish([(folder(tmp_path / "again", "new"), places[0])])
    assert read(places[0], tmp_path / "again") == ["new", "old"]


@in_one_step_or_two
@pytest.mark.parametrize("step", range(13))
def test_killed_at_any_rename_the_whole_old_report_comes_back(tmp_path, step, exchange):
    """After the last step all is new. No mark stays."""
    build = tmp_path / "build"
    (pairs, places), calls = three(build / "new-x", tmp_path), iter(range(step))

    def dying(true):
        def call(*given, **how):
            if next(calls, None) is None:
                os._exit(9)  # like kill -9: no `except` is run
            return true(*given, **how)

        return call

    if (child := os.fork()) == 0:
        Path.rename, Path.unlink = dying(Path.rename), dying(Path.unlink)
        swap._exchange = dying(swap._exchange) if exchange else lambda *_: False
        with contextlib.suppress(BaseException):
            publish(pairs)
            os._exit(0)
        os._exit(9)
    whole = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    committed = whole or not (build / "new-x" / swap._JOURNAL).exists()
    prepare(build, places)
    assert read(*places) == (["new"] * 3 if committed else ["old", "nothing", "old"])
    assert not [p for p in tmp_path.rglob("*") if p.name == swap._JOURNAL or ".old" in p.name]
    assert not list(build.iterdir()) and whole == (step >= (7 if exchange else 11))


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
    assert site.is_symlink() and read(old, new) == ["new", "old"]
    # and what is published is found there by the next build
    assert published(tmp_path, 2024).keys() == {"_site/page.html"}


@pytest.mark.parametrize("part", ["_site", "figures/2024", "data/processed/2024"])
@pytest.mark.parametrize("there", ["a file", "a link to itself", "a link to a file", "a link to nothing yet"])
def test_a_place_that_is_no_folder_is_told_before_the_work(tmp_path, part, there):
    place, build = tmp_path / part, folder(tmp_path / "build", "")
    place.parent.mkdir(parents=True, exist_ok=True)
    file = place if there == "a file" else tmp_path / "file"
    file.touch()
    leads = {"itself": place.name, "a file": file, "nothing yet": tmp_path / "www" / "new"}
    if place is not file:
        place.symlink_to(leads[there.removeprefix("a link to ")])
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

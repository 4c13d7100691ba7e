"""Whatever is done to an input while a result is made, and be it undone, no result is kept under the key of before."""

import os
import random
import shutil

import pytest

from osw_stats.data.edition import load_tables
from osw_stats.errors import InputError, OswError
from osw_stats.kept import guard as guards
from osw_stats.kept import keys
from osw_stats.kept.guard import Guard
from osw_stats.kept.store import Store


def rewrite(path):
    content, times = path.read_bytes(), path.stat()
    path.write_bytes(content.swapcase() + b"x")
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def replace(path):
    aside = path.rename(path.with_name("aside"))
    path.write_bytes(b"other")
    path.unlink()
    aside.rename(path)


def swap_folder(path):
    folder, aside = path.parent, path.parent.rename(path.parent.with_name("aside"))
    shutil.copytree(aside, folder)
    (folder / path.name).write_bytes(b"other")
    shutil.rmtree(folder)
    aside.rename(folder)


def add_and_take_away(path):
    path.with_name("more.csv").write_bytes(b"more")
    path.with_name("more.csv").unlink()


def through_a_link(path):
    target = path.rename(path.with_name("target"))
    path.symlink_to(target.name)
    path.unlink()
    target.rename(path)


WAYS = [rewrite, replace, swap_folder, add_and_take_away, through_a_link]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_change_that_was_undone_is_seen_and_nothing_made_meanwhile_is_kept(project, tmp_path, way):
    # files of every part of a project that has folders, a few by chance
    found = [p for part in keys.INPUTS for p in keys.files(project / part) if p.parent != project]
    for path in random.Random(20240701).sample(found, 6):
        guard, before = Guard(project), keys.hashes(project, keys.INPUTS)
        store = Store(tmp_path / "kept", guard=guard)
        store.write("before", 1)
        store.settle()
        store.write("meanwhile", 2)
        assert store.read("meanwhile") == 2  # the build that made it goes on with it
        assert not guard.touched()
        way(path)
        assert keys.hashes(project, keys.INPUTS) == before  # a comparison of hashes sees nothing
        assert guard.touched(), path
        for refused in (guard.require, store.settle):
            with pytest.raises(OswError, match="an input changed while the report was made"):
                refused()
        assert [p.name for p in (tmp_path / "kept").iterdir()] == ["before"]


def test_reading_is_no_touching(project, tmp_path):
    guard, named = Guard(project), tmp_path / "answers.csv"
    named.write_text("a\n")
    guard.also([named])
    keys.inputs(project)
    load_tables(2024, project)
    (project / "build").mkdir()
    guard.require()
    rewrite(named)  # a file that parameters name
    assert guard.touched()


def test_a_library_that_is_not_the_one_that_runs_is_refused(project, monkeypatch):
    monkeypatch.setitem(guards._LOADED, next(iter(guards._LOADED)), (0, 0, 0))
    with pytest.raises(OswError, match="the library was changed after this program was started"):
        Guard(project)


def test_what_was_made_of_inputs_at_rest_is_kept_whatever_ends_the_build(project, tmp_path):
    with pytest.raises(KeyboardInterrupt), Store(tmp_path, guard=Guard(project)) as store:
        store.write("made", 1)
        assert Store(tmp_path).read("made") is None
        raise KeyboardInterrupt
    assert Store(tmp_path).read("made") == 1


def test_figures_that_change_while_they_are_read_are_told_and_not_remembered(project, monkeypatch):
    from osw_stats.data import clean as cleaning

    true, raw = cleaning.clean, project / "data/raw/police/registered_offences.csv"
    text = raw.read_text(encoding="utf-8")

    def meanwhile(root):
        raw.write_text(text.replace("9088", "9988"), encoding="utf-8")
        tidy = true(root)
        raw.write_text(text, encoding="utf-8")
        return tidy

    monkeypatch.setattr(cleaning, "clean", meanwhile)
    with pytest.raises(InputError, match="changed while it was read"):
        load_tables(2024, project)
    monkeypatch.setattr(cleaning, "clean", true)
    assert 9088 in set(load_tables(2024, project).observations["obs_value"])

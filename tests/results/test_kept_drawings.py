"""A drawing that a build kept is the one that would be made; another one is made as soon as anything it rests on differs."""

import os
from dataclasses import replace

import pytest

from osw_stats.draw import tiles
from osw_stats.draw.style import Chart
from osw_stats.kept.store import DRAWINGS
from osw_stats.meaning.numbers import Number
from osw_stats.results import drawn as module
from osw_stats.results.drawn import drawn

SHARE = Number(5.2, "percent", 4.9, 5.5, "assumed", ("a",), "Wilson", "B")


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Return how often something was drawn, in a run of a build that keeps drawings in one folder."""
    made, original = [], module._made

    def counting(*given):
        made.append(given)
        return original(*given)

    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(module, "_made", counting)
    monkeypatch.setenv(DRAWINGS, os.pathsep.join([str(tmp_path / "kept")] * 2 + ["code"]))
    return made


def test_the_same_is_drawn_once_and_any_other_anew(counted, monkeypatch, tmp_path):
    first = drawn(tiles.seen, (SHARE,), "nl", "")
    assert drawn(tiles.seen, (SHARE,), "nl", "") == first
    assert len(counted) == 1
    more = replace(SHARE, value=9.2, lower=8.9, upper=9.5)
    others = [(tiles.seen, (SHARE,), "en", ""), (tiles.seen, (SHARE,), "nl", ", via Rapport")]
    others += [(tiles.seen, (more,), "nl", ""), (tiles.of_hundred, (SHARE,), "nl", "")]
    assert first["svg"] not in [drawn(*other)["svg"] for other in others]
    assert len(counted) == 5
    monkeypatch.setenv(DRAWINGS, os.pathsep.join([str(tmp_path / "kept")] * 2 + ["other code"]))
    assert drawn(tiles.seen, (SHARE,), "nl", "") == first
    assert len(counted) == 6


def test_a_function_of_ones_own_and_a_run_of_ones_own_keep_nothing(counted, monkeypatch, tmp_path):
    def own(share: Number, language: str) -> Chart:
        return tiles.of_hundred(share, language)

    for _ in range(2):
        drawn(own, (SHARE,), "nl", "")
        drawn(lambda language: tiles.of_hundred(SHARE, language), (), "nl", "")
    assert len(counted) == 4
    monkeypatch.delenv(DRAWINGS)
    for _ in range(2):
        drawn(tiles.of_hundred, (SHARE,), "nl", "")
    assert len(counted) == 6
    assert not list((tmp_path / "kept").iterdir())


def test_a_kernel_that_outlives_a_killed_build_does_not_bring_its_folder_back(counted, tmp_path):
    (tmp_path / "kept").rmdir()
    assert drawn(tiles.seen, (SHARE,), "nl", "")["svg"]
    assert not (tmp_path / "kept").exists()

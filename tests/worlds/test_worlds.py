"""Whole editions made out of the real one: each builds, none of its sentences contradicts its numbers, and paper says the same.

OSW_WORLDS_SEED and OSW_WORLDS_COUNT choose other worlds and more of them; OSW_WORLDS_KEEP=DIR leaves their pages and
observations there.
"""

import os

import pytest

from tests.worlds.changes import KINDS, planned
from tests.worlds.run import SEED, tried

pytestmark = pytest.mark.whole_road
CHOSEN = int(os.environ.get("OSW_WORLDS_SEED", SEED))
COUNT = int(os.environ.get("OSW_WORLDS_COUNT", "4"))


@pytest.mark.parametrize("number", range(COUNT), ids=lambda n: f"{n}: {', '.join(planned(CHOSEN, n))}")
def test_a_world_builds_and_contradicts_nothing(number):
    result = tried(CHOSEN, number, printed={0: "nl", 1: "en", 2: "nl"}.get(number, ""))
    assert len(result.changes) >= 5
    assert not result.findings, "\n".join([*result.changes, "", *(f.line() for f in result.findings)])


def test_ten_worlds_meet_every_kind_of_change():
    assert len(KINDS) >= 30
    assert {name for number in range(10) for name in planned(CHOSEN, number)} == set(KINDS)
    assert all(len(planned(CHOSEN, number)) >= 5 for number in range(10))

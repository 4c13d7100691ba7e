"""Whole editions made out of the real one: each builds, none of its sentences contradicts its numbers, and paper says the same.

OSW_WORLDS_SEED and OSW_WORLDS_COUNT choose other worlds and more of them; OSW_WORLDS_KEEP=DIR leaves their pages and
observations there.
"""

import os
import re

import pytest

from tests.worlds.changes import KINDS, planned
from tests.worlds.product import DEADLINES, EVIDENCE, build, real
from tests.worlds.run import SEED, tried

pytestmark = pytest.mark.whole_road
COUNT = int(os.environ.get("OSW_WORLDS_COUNT", "4"))


@pytest.mark.parametrize("number", range(COUNT), ids=lambda n: f"{n}: {', '.join(planned(SEED, n))}")
def test_a_world_builds_and_contradicts_nothing(number):
    changes, found = tried(SEED, number, printed={0: "nl", 1: "en", 2: "nl"}.get(number, ""))
    assert len(changes) >= 5
    assert not found, "\n".join([*changes, "", *(f.line() for f in found)])


def test_ten_worlds_meet_every_kind_of_change():
    assert len(KINDS) >= 30
    assert {name for number in range(10) for name in planned(SEED, number)} == set(KINDS)
    assert all(len(planned(SEED, number)) >= 5 for number in range(10))


def test_the_start_page_has_room_where_many_documents_answer_every_deadline(tmp_path):
    """SIMULATED: every document that was read says of every deadline that it was done."""
    world = real()
    ids = [row["id"] for row in world.files[DEADLINES]]
    read = {row["source_id"]: row for row in world.files[EVIDENCE]}.values()
    done = ({**row, "finding": "done", "done_on": row["published"]} for row in read)
    world.files[EVIDENCE] = [row | {"deadline": of} for row in done for of in ids]
    built = build(world, tmp_path)
    assert built.stops == []
    for language in ("nl", "en"):
        start, annex = (built.pages[language, n] for n in ("index", "capacity_gap-recommendations-annex"))
        assert len(re.findall(r"(?<!!)\[[^\]]+\]\(", start)) <= 45 - 23, (
            "stops of the head and foot: test_readers"
        )
        assert annex.count("](sources.qmd#src-") >= len(world.files[EVIDENCE]) > 60
        assert start.count(f" {len(read) - 1} ") >= 8  # how many more documents there are

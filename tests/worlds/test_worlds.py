"""Whole editions made out of the real one: each builds, none of its sentences contradicts its numbers, and paper says the same.

OSW_WORLDS_SEED and OSW_WORLDS_COUNT choose other worlds and more of them; OSW_WORLDS_KEEP=DIR leaves their pages and
observations there. `make worlds` tries many.
"""

import io
import os
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.worlds import product
from tests.worlds.changes import KINDS, SEED, planned, world
from tests.worlds.check import judge, judge_text
from tests.worlds.facts import Finding, facts_of
from tests.worlds.product import DEADLINES, EVIDENCE, build, real
from tests.worlds.read import blocks, sentences

pytestmark = pytest.mark.whole_road
COUNT = int(os.environ.get("OSW_WORLDS_COUNT", "4"))


def on_paper(pdf, pages, language, facts):
    """Return what a PDF contradicts, and the sentences of pages it lacks, if more than a footer of a page cuts through."""

    def letters(text):  # paper puts spaces and hyphens elsewhere
        return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)

    paper = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    foot = re.compile(r"\nOnline [^\n]* \d{4}\s+\d+\s*\Z")
    paper = [foot.sub("", page) for page in paper]
    text = "\n".join(page for page in paper if not re.search(r"(?: \.){12}", page))  # no table of contents
    whole = " ".join(re.sub(r"(?<=[a-zà-ÿ])[\u00ad\u2010-]\n(?=[a-zà-ÿ])", "", text).split())
    said = [s for item in whole.split("•") for s in sentences(item)]
    wrong = [f for s in said for f in judge_text(s, language, facts, page="PDF")]
    names = [f"{name}{part}" for name in ("prevalence", "trend", "capacity_gap") for part in ("", "-annex")]
    texts = [b.text for name in names for b in blocks(pages[language, name]) if b.kind == "text"]
    told = [s for text in texts for s in sentences(text) if " · " not in s and ".ipynb" not in s]
    told = [s for s in told if not s.endswith(":")]  # what only a screen can do
    bare = letters(whole)
    lost = [Finding("paper", "PDF", language, s, "is not printed") for s in told if letters(s) not in bare]
    assert len(told) > 40
    return wrong + (lost if len(lost) > len(told) / 20 else [])


@pytest.mark.parametrize("number", range(COUNT), ids=lambda n: f"{n}: {', '.join(planned(SEED, n))}")
def test_a_world_builds_and_contradicts_nothing(tmp_path, number):
    one = world(SEED, number)
    built, facts = build(one, tmp_path), facts_of(one.year, one.as_of, one.figures, one.series)
    found = [*dict.fromkeys(built.stops), *judge(built.pages, built.charts, facts)]
    if number < 3 and not built.stops:
        language = ("nl", "en", "nl")[number]
        found += on_paper(product.printed(one, tmp_path, language), built.pages, language, facts)
    told = "\n".join([f"edition {one.year}, as of {one.as_of}", *one.changes, "", *(f.line() for f in found)])
    if keep := os.environ.get("OSW_WORLDS_KEEP"):
        product.keep(one, tmp_path, Path(keep) / str(number), told)
    assert len(one.changes) >= 5
    assert not found, told


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
        # 23 stops of the head and foot: tests/site/test_readers.py
        assert len(re.findall(r"(?<!!)\[[^\]]+\]\(", start)) <= 45 - 23
        assert annex.count("](sources.qmd#src-") >= len(world.files[EVIDENCE]) > 60
        assert start.count(f" {len(read) - 1} ") >= 8  # how many more documents there are

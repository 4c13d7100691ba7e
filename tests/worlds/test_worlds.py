"""Editions derived from the real one: each builds, no sentence contradicts its numbers, and the PDF has the same text.

OSW_WORLDS_SEED and OSW_WORLDS_COUNT select other or more worlds; OSW_WORLDS_KEEP=DIR saves their pages and
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
    """Return contradictions in a PDF, and missing sentences if there are more than page footers can split."""

    def strip(text):  # a PDF has other spaces and hyphens
        return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)

    paper = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    footer = re.compile(r"\nOnline [^\n]* \d{4}\s+\d+\s*\Z")
    paper = [footer.sub("", page) for page in paper]
    text = "\n".join(page for page in paper if not re.search(r"(?: \.){12}", page))  # no table of contents
    body = " ".join(re.sub(r"(?<=[a-zà-ÿ])[\u00ad\u2010-]\n(?=[a-zà-ÿ])", "", text).split())
    printed = [s for item in body.split("•") for s in sentences(item)]
    contradictions = [f for s in printed for f in judge_text(s, language, facts, page="PDF")]
    names = [f"{name}{part}" for name in ("prevalence", "trend", "capacity_gap") for part in ("", "-annex")]
    texts = [b.text for name in names for b in blocks(pages[language, name]) if b.kind == "text"]
    wanted = [s for text in texts for s in sentences(text) if " · " not in s and ".ipynb" not in s]
    wanted = [s for s in wanted if not s.endswith(":")]  # lead-ins to interactive content
    bare = strip(body)
    lost = [Finding("paper", "PDF", language, s, "is not printed") for s in wanted if strip(s) not in bare]
    assert len(wanted) > 40
    return contradictions + (lost if len(lost) > len(wanted) / 20 else [])


@pytest.mark.parametrize("number", range(COUNT), ids=lambda n: f"{n}: {', '.join(planned(SEED, n))}")
def test_a_world_builds_and_contradicts_nothing(tmp_path, number):
    w = world(SEED, number)
    output, facts = build(w, tmp_path), facts_of(w.year, w.as_of, w.figures, w.series)
    findings = [*dict.fromkeys(output.stops), *judge(output.pages, output.charts, facts)]
    if number < 3 and not output.stops:
        language = ("nl", "en", "nl")[number]
        findings += on_paper(product.print_report(w, tmp_path, language), output.pages, language, facts)
    summary = "\n".join([f"edition {w.year}, as of {w.as_of}", *w.changes, "", *(f.line() for f in findings)])
    if keep := os.environ.get("OSW_WORLDS_KEEP"):
        product.keep(w, tmp_path, Path(keep) / str(number), summary)
    assert len(w.changes) >= 5
    assert not findings, summary


def test_ten_worlds_meet_every_kind_of_change():
    assert len(KINDS) >= 30
    assert {name for number in range(10) for name in planned(SEED, number)} == set(KINDS)
    assert all(len(planned(SEED, number)) >= 5 for number in range(10))


def test_the_start_page_has_room_where_many_documents_answer_every_deadline(tmp_path):
    """SIMULATED: every document consulted reports every deadline as met."""
    world = real()
    ids = [row["id"] for row in world.files[DEADLINES]]
    documents = {row["source_id"]: row for row in world.files[EVIDENCE]}.values()
    done = ({**row, "finding": "done", "done_on": row["published"]} for row in documents)
    world.files[EVIDENCE] = [row | {"deadline": deadline} for row in done for deadline in ids]
    output = build(world, tmp_path)
    assert output.stops == []
    for language in ("nl", "en"):
        start, annex = (output.pages[language, n] for n in ("index", "capacity_gap-recommendations-annex"))
        # 23 stops of the head and foot: tests/site/test_readers.py
        assert len(re.findall(r"(?<!!)\[[^\]]+\]\(", start)) <= 45 - 23
        assert annex.count("](sources.qmd#src-") >= len(world.files[EVIDENCE]) > 60
        assert start.count(f" {len(documents) - 1} ") >= 8  # the number of further documents

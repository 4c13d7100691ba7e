"""The report on paper says what the pages say and contradicts no figure: the PDF of three worlds."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from tests.worlds import product
from tests.worlds.changes import world
from tests.worlds.check import Finding, facts_of, judge_text
from tests.worlds.read import blocks, sentences
from tests.worlds.run import SEED

pytestmark = pytest.mark.whole_road


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF after its table of contents, on one line."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    text = "\n".join(page for page in pages if not re.search(r"(?: \.){12}", page))
    return " ".join(re.sub(r"(?<=[a-zà-ÿ])[\u00ad\u2010-]\n(?=[a-zà-ÿ])", "", text).split())


def found_in(text: str, language: str, facts) -> list[Finding]:
    """Return what the sentences of a printed report contradict."""
    told = [s for item in text.split("•") for s in sentences(item)]
    return [f for s in told for f in judge_text(s, language, facts, page="PDF")]


@pytest.mark.parametrize(("number", "language"), [(0, "nl"), (1, "en"), (2, "nl")])
def test_the_printed_report_of_a_world_says_what_its_pages_say(number, language, tmp_path):
    one = world(SEED, number)
    built = product.build(one, tmp_path, (language,))
    assert not built.stops, built.stops
    text = text_of(product.printed(one, tmp_path, language))
    facts = facts_of(one.year, one.as_of, one.figures, one.series)
    assert [f.line() for f in found_in(text, language, facts)] == []
    bare = letters(text)
    names = [f"{name}{part}" for name in ("prevalence", "trend", "capacity_gap") for part in ("", "-annex")]
    told = [s for name in names for s in prose(built.pages[language, name])]
    assert len(told) > 40
    lost = [s for s in told if letters(s) not in bare]
    assert len(lost) <= len(told) / 20, lost  # a sentence that goes over to the next page has its foot in it


def letters(text: str) -> str:
    """Return a text without spaces and hyphens, which paper puts elsewhere."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)


def prose(page: str) -> list[str]:
    """Return the sentences of the paragraphs of a page, but for what only a screen can do."""
    told = [s for b in blocks(page) if b.kind == "text" for s in sentences(b.text)]
    return [s for s in told if " · " not in s and ".ipynb" not in s and not s.endswith(":")]

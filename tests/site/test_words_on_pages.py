"""What is published speaks to readers: no ids, and nouns that agree with their numbers. Needs the built report."""

import re
import zipfile
from xml.etree import ElementTree

import pytest

from osw_stats.meaning.units import UNITS
from osw_stats.text.words import QUESTIONS, WORDS
from tests.site.conftest import CASES, FOLDERS, page_of, read

pytestmark = pytest.mark.whole_road
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FILE = re.compile(r"[\w.-]+\.(csv|ipynb|yml|json|jsonld|xlsx|pdf|docx|bib|svg|png|md)\b")
SNAKE = re.compile(r"(?<![\w/.])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?:[.@:]\w+)?")
KEY = re.compile(r"\([a-z]+(?:_[a-z]+)*/[a-z_/]+\)")
BLOCKS = ["title", "p", "li", "td", "th", "h1", "h2", "h3", "h4", "figcaption", "caption"]


@pytest.fixture(scope="module", params=FOLDERS)
def texts(request, report) -> dict[str, str]:
    """Return the words of every published page, its alt texts too, and of the Word file; code left out."""
    language, read_back = request.param, {"language": request.param}
    for path in sorted((report / "_site" / FOLDERS[language]).glob("*.html")):
        soup = read(path)
        for tag in soup.find_all(["code", "pre", "script", "style"]):
            tag.decompose()
        parts = [*(b.get_text(" ") for b in soup.find_all(BLOCKS)), *(i["alt"] for i in soup.find_all("img"))]
        read_back[path.name] = re.sub(r"\s+", " ", " \u00b6 ".join(parts))
    docx = report / "data" / "processed" / "2024" / f"report-2024-{language}.docx"
    document = ElementTree.fromstring(zipfile.ZipFile(docx).read("word/document.xml"))
    lines = ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.iter(f"{W}p"))
    read_back[docx.name] = " \u00b6 ".join(lines)
    assert len(read_back) > 40
    return read_back


def test_no_id_stands_where_a_reader_reads(texts, tables):
    words = (*tables.vintages["locator"], *tables.vintages["as_reported"], *tables.sources["title"])
    printed = " ".join(words)
    for name, text in texts.items():
        bare = FILE.sub(" ", text)
        raw = {hit for hit in SNAKE.findall(bare) if not hit.startswith("osw_stats") and hit not in printed}
        assert not raw, (name, raw)
        assert not KEY.findall(bare), name


def test_nothing_is_counted_as_one_and_named_as_more(texts):
    language = texts["language"]
    pairs = ((getattr(u, language), getattr(u, f"one_{language}")) for u in UNITS.values())
    many = {plural for plural, single in pairs if plural != single}
    words = "|".join(
        map(re.escape, sorted((*many, *CASES["counted_nouns"][language]), key=len, reverse=True))
    )
    # the end of a range, a date, a label and a decimal are no count of one
    wrong = re.compile(rf"(?<![\d.,–/-])(?<!tot )(?<!to )\b1 (?:{words})\b")
    for name, text in texts.items():
        assert not wrong.findall(text), (name, wrong.findall(text))


@pytest.mark.parametrize("language", FOLDERS)
def test_pages_and_claims_are_named_in_words(report, tables, language):
    cells = {th.get_text() for th in page_of(report, "quality", language).select("tbody tr > :first-child")}
    assert {text[language] for text in QUESTIONS.values()} <= cells
    assert not cells & {*WORDS["page"], *(t[language] for t in WORDS["method"].values())}
    result, text = tables.claims(), str(page_of(report, "claims-annex", language))
    places = dict(zip(result["id"], result["paragraph"], strict=True))
    again = result["restates"][result["restates"] != ""]
    assert len(again)
    for claim in again:
        assert f"{WORDS['claim']['restates'][language][1:]} {places[claim]}" in text

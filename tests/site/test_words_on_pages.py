"""What is published speaks to readers: no ids, and nouns that agree with their numbers. Needs the built report."""

import re
import zipfile
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from osw_stats.meaning.units import UNITS
from osw_stats.text.words import QUESTIONS, WORDS

pytestmark = pytest.mark.whole_road
FOLDERS = {"nl": "", "en": "en/"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FILE = re.compile(r"[\w.-]+\.(csv|ipynb|yml|json|jsonld|xlsx|pdf|docx|bib|svg|png|md)\b")
SNAKE = re.compile(r"(?<![\w/.])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?:[.@:]\w+)?")
KEY = re.compile(r"\([a-z]+(?:_[a-z]+)*/[a-z_/]+\)")
NOUNS = {"nl": ("reeksen", "beweringen", "cijfers", "zaken", "termijnen", "plaatsen"), "en": ("others", "years", "statements", "figures", "cases", "dates", "places")}  # fmt: skip


@pytest.fixture(scope="module", params=FOLDERS)
def texts(request, report) -> dict[str, str]:
    """Return the words of every published page, its alt texts too, and of the Word file; code left out."""
    language, found = request.param, {"language": request.param}
    for path in sorted((report / "_site" / FOLDERS[language]).glob("*.html")):
        if path.name.startswith(
            "reference"
        ):  # names of functions and of their arguments are what it is about
            continue
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for tag in soup.find_all(["code", "pre", "script", "style"]):
            tag.decompose()
        blocks = soup.find_all(
            ["title", "p", "li", "td", "th", "h1", "h2", "h3", "h4", "figcaption", "caption"]
        )
        parts = [*(b.get_text(" ") for b in blocks), *(i["alt"] for i in soup.find_all("img"))]
        found[path.name] = re.sub(r"\s+", " ", " \u00b6 ".join(parts))
    docx = report / "data" / "processed" / "2024" / f"report-2024-{language}.docx"
    document = ElementTree.fromstring(zipfile.ZipFile(docx).read("word/document.xml"))
    lines = ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.iter(f"{W}p"))
    found[docx.name] = " \u00b6 ".join(lines)
    assert len(found) > 40
    return found


def test_no_id_stands_where_a_reader_reads(texts, tables):
    printed = " ".join(
        (*tables.vintages["locator"], *tables.vintages["as_reported"], *tables.sources["title"])
    )
    for name, text in texts.items():
        bare = FILE.sub(" ", text)
        raw = {hit for hit in SNAKE.findall(bare) if not hit.startswith("osw_stats") and hit not in printed}
        assert not raw, (name, raw)
        assert not KEY.findall(bare), name


def test_the_quality_page_names_the_pages_by_their_titles(report):
    for language, folder in FOLDERS.items():
        soup = BeautifulSoup(
            (report / "_site" / folder / "quality.html").read_text(encoding="utf-8"), "html.parser"
        )
        cells = {th.get_text() for th in soup.select("tbody tr > :first-child")}
        assert {text[language] for text in QUESTIONS.values()} <= cells
        assert not cells & {*WORDS["page"], *(t[language] for t in WORDS["method"].values())}


def test_nothing_is_counted_as_one_and_named_as_more(texts):
    language = texts["language"]
    many = {
        getattr(u, language) for u in UNITS.values() if getattr(u, language) != getattr(u, f"one_{language}")
    }
    words = "|".join(map(re.escape, sorted((*many, *NOUNS[language]), key=len, reverse=True)))
    # the end of a range, a date, a label and a decimal are no count of one
    wrong = re.compile(rf"(?<![\d.,–/-])(?<!tot )(?<!to )\b1 (?:{words})\b")
    for name, text in texts.items():
        assert not wrong.findall(text), (name, wrong.findall(text))


def test_a_claim_that_restates_another_names_its_paragraph(report, tables):
    result = tables.claims()
    places = dict(zip(result["id"], result["paragraph"], strict=True))
    again = result[result["restates"] != ""]
    assert len(again)
    for language, folder in FOLDERS.items():
        text = (report / "_site" / folder / "claims.html").read_text(encoding="utf-8")
        for claim in again["restates"]:
            assert f"{WORDS['claim']['restates'][language][1:]} {places[claim]}" in text

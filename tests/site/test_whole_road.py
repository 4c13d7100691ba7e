"""Build the whole report from a clean copy and read the numbers back out of its pages."""

import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from osw_stats.meaning.units import UNITS
from osw_stats.text.words import QUESTIONS, WORDS
from tests.builds import hashes, osw
from tests.site.conftest import CASES, FOLDERS, page_of, read

pytestmark = pytest.mark.whole_road
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FILE = re.compile(r"[\w.-]+\.(csv|ipynb|yml|json|jsonld|xlsx|pdf|docx|bib|svg|png|md)\b")
SNAKE = re.compile(r"(?<![\w/.])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?:[.@:]\w+)?")
KEY = re.compile(r"\([a-z]+(?:_[a-z]+)*/[a-z_/]+\)")
BLOCKS = ["title", "p", "li", "td", "th", "h1", "h2", "h3", "h4", "figcaption", "caption"]


@pytest.mark.parametrize(("language", "names", "phrases"), CASES["headlines"])
def test_pages_state_their_headlines(report, language, names, phrases):
    texts = [page_of(report, name, language).main.get_text(" ") for name in names]
    text = re.sub(r"\s+", " ", " ".join(texts))
    assert [phrase for phrase in phrases if phrase not in text] == []


@pytest.mark.parametrize(("language", "tag", "other"), CASES["languages"])
def test_every_page_has_one_language_and_tables_with_headings(report, language, tag, other):
    """What else makes a page whole, dead links among it, the gate asks of every page."""
    for path in (report / "_site" / FOLDERS[language]).glob("*.html"):
        soup = read(path)
        assert soup.html["lang"] == tag and other not in soup.get_text(" ")
        assert all(table.find("th", scope="col") for table in soup.find_all("table"))


def test_every_published_row_of_the_raw_tables_stands_on_a_page_of_sources(report):
    pages = [p.stem for p in (report / "_site").glob("sources-*.html")]
    anchors = {tag["id"] for name in pages for tag in page_of(report, name).find_all(id=True)}
    observations = pd.read_csv(report / "data/processed/2024/observations.csv", dtype=str)
    wanted = {f"obs-{i}".replace("/", "-").replace("+", "plus") for i in observations["obs_id"]}
    assert wanted <= anchors


def test_the_summary_says_what_was_made_where_and_what_is_missing(report):
    output = (report / "output.txt").read_text()
    for word in ("clean", "run     prevalence", "render", "Made", "Open", "Took", "Missing", "file://"):
        assert word in output


def test_a_quarto_that_fails_is_told_and_pandoc_goes_on(report, tmp_path, quarto_fails):
    root = Path(shutil.copytree(report, tmp_path / "project"))
    before, done = hashes(root), osw(root, "build", "--only", "render")
    assert done.returncode == 0, done.stderr
    assert "Quarto failed on the nl pages" in done.stdout
    assert "pages (nl) with pandoc" in done.stdout
    record = "_site/checksums.json"  # names the program that was there
    assert hashes(root) | {record: ""} == before | {record: ""}


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
    nouns = sorted((*many, *CASES["counted_nouns"][language]), key=len, reverse=True)
    words = "|".join(map(re.escape, nouns))
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

"""A figure that we know only as quoted is "via" the quoting document, wherever its source is named in what is published."""

import json
import re
import zipfile

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from osw_stats.text.language import month
from tests.site.conftest import read

pytestmark = pytest.mark.whole_road
LANGUAGES = [("nl", ""), ("en", "en/")]


@pytest.fixture(scope="module")
def known(report):
    """Return the documents of the edition by id."""
    table = pd.read_csv(report / "data/processed/2024/sources.csv", dtype=str, keep_default_na=False)
    assert (table["via"] != "").sum() >= 15
    return {s["source_id"]: s for s in table.to_dict("records")}


@pytest.fixture(scope="module")
def of_row(report):
    """Return the document of a published figure by the id of its row on the pages."""
    table = pd.read_csv(report / "data/processed/2024/vintages.csv", dtype=str, keep_default_na=False)
    anchors = "obs-" + table["obs_id"].str.replace("/", "-").str.replace("+", "plus", regex=False)
    return dict(zip(anchors, table["source_id"], strict=True))


def said_via(source, known, language) -> str:
    """Return the words for the document that quotes this one, with its month; nothing where we saw it ourselves."""
    quoting = known.get(source["via"])
    return f", via {quoting['title']} ({month(quoting['published'], language)})" if quoting else ""


def after(link) -> str:
    """Return the words that follow a link in its place, up to the next link."""
    said = []
    for sibling in link.next_siblings:
        if getattr(sibling, "name", None) == "a":
            break
        said.append(sibling if isinstance(sibling, str) else sibling.get_text(" "))
    return re.sub(r"\s+", " ", "".join(said))


@pytest.mark.parametrize(("language", "folder"), LANGUAGES)
def test_every_source_that_a_page_names_says_via(report, known, language, folder):
    seen = set()
    pages = [p for p in (report / "_site" / folder).glob("*.html") if not re.match(r"sources|errata", p.name)]
    for path in pages:
        for link in read(path).select('a[href*="sources.html#src-"]'):
            source = known[link["href"].split("#src-")[1]]
            if link.get_text() == source["source_id"]:  # an id in a table, the words stand elsewhere
                continue
            quoting = source["via"]
            expected = f"{said_via(source, known, language)}, " if quoting else ""
            assert after(link).startswith(expected), (path.name, source["source_id"])
            assert quoting or ", via " not in after(link)
            seen.add((path.name, bool(quoting)))
    assert {
        ("index.html", True),
        ("index.html", False),
        ("trend.html", True),
        ("capacity_gap.html", True),
    } <= seen


@pytest.mark.parametrize(("language", "folder"), LANGUAGES)
def test_every_row_behind_a_headline_or_a_figure_says_via(report, known, of_row, language, folder):
    site, quoted = report / "_site" / folder, 0
    for path in (site / "trace.html", *site.glob("figure-*.html")):
        for link in read(path).select('td a[href*="#obs-"]'):
            source, said = known[of_row[link["href"].split("#")[1]]], after(link)
            quoted += bool(source["via"])
            assert said.startswith(said_via(source, known, language)), (path.name, said)
            assert source["via"] or ", via " not in said
    assert quoted > 10


@pytest.mark.parametrize(("language", "folder"), LANGUAGES)
def test_the_list_of_documents_says_via(report, known, language, folder):
    items = read(report / "_site" / folder / "sources.html").find_all("li")
    for source_id, source in known.items():
        (item,) = [i for i in items if i.find(id=f"src-{source_id}")]
        assert said_via(source, known, language) in item.get_text()
        assert bool(source["via"]) == (", via " in item.get_text())


def test_files_to_take_away_say_via(report, known):
    folder = report / "data/processed/2024"
    titles = [
        s["title"] for s in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["sources"]
    ]
    for language, _ in LANGUAGES:
        with zipfile.ZipFile(folder / f"report-2024-{language}.docx") as held:
            text = BeautifulSoup(held.read("word/document.xml"), "xml").get_text()
        for source in (s for s in known.values() if s["via"]):
            name = f"{source['publisher']}: {source['title']}"
            assert f"{name}{said_via(source, known, language)}" in text
            assert any(t.startswith(f"{name}, via ") for t in titles)


def test_the_sentence_to_copy_and_the_chart_say_via(report, known):
    for path in (report / "figures/2024").glob("*/*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        ids = {s["source_id"] for s in told["sources"]}
        assert all(s["via"] == known[s["source_id"]]["via"] for s in told["sources"])
        quoting = {known[known[i]["via"]]["title"] for i in ids if known[i]["via"]}
        svg = re.sub(
            r"\s+",
            " ",
            BeautifulSoup(path.with_suffix(".svg").read_text(encoding="utf-8"), "xml").get_text(" "),
        )
        for title in quoting:
            assert re.search(rf"via {title}", svg), path.name
        folder = "" if told["language"] == "nl" else "en/"
        page = read(report / "_site" / folder / f"figure-{told['name']}.html").get_text(" ")
        assert all(f"via {title}" in page for title in quoting), path.name


def test_the_capacity_page_adds_no_growth_to_posts(report):
    gap = pd.read_csv(report / "data/processed/2024/cap_gap.csv").set_index("body")
    rows = pd.read_csv(report / "data/processed/2024/observations.csv").set_index("obs_id")["obs_value"]
    for _, row in gap.iterrows():
        stated = set(rows[row["observations"].split()])
        assert {row["need"], row["funded"]} <= stated
    for folder in ("", "en/"):
        for name in ("index", "capacity_gap", "summary", "claims"):
            text = read(report / "_site" / folder / f"{name}.html").get_text(" ")
            assert not re.search(r"\b(91|74[,.]8) fte|17[,.]8 (procent|percent)", text), name


@pytest.mark.parametrize(
    ("folder", "none", "listed", "year"),
    [("", "geen", "13 organisaties", "april 2023"), ("en/", "none", "13 bodies", "April 2023")],
)
def test_the_start_page_says_that_nobody_published_fte_for_this_subject(report, folder, none, listed, year):
    table = pd.read_csv(report / "data/processed/2024/cap_fte.csv")
    assert not (table["share_for_osw"] == "all_of_it").any()
    cards = read(report / "_site" / folder / "index.html").find_all(class_="card")
    (card,) = [c for c in cards if "CvdM" in c.get_text()]
    text = re.sub(r"\s+", " ", card.get_text(" "))
    for words in (none, listed, year):
        assert words in text

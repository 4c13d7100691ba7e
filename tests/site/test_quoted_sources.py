"""A figure that we know only as quoted is "via" the quoting document, wherever its source is named in what is published."""

import json
import re
import zipfile
from itertools import takewhile

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from osw_stats.text.language import month
from tests.site.conftest import FOLDERS, page_of, read

pytestmark = pytest.mark.whole_road


def table(report, name) -> pd.DataFrame:
    return pd.read_csv(report / "data/processed/2024" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def known(report):
    sources = table(report, "sources")
    assert (sources["via"] != "").sum() >= 15
    return {s["source_id"]: s for s in sources.to_dict("records")}


def said_via(source, known, language) -> str:
    """Return the words for the document that quotes this one, with its month; nothing where we saw it ourselves."""
    quoting = known.get(source["via"])
    return f", via {quoting['title']} ({month(quoting['published'], language)})" if quoting else ""


def after(link) -> str:
    """Return the words that follow a link in its place, up to the next link."""
    siblings = takewhile(lambda sibling: sibling.name != "a", link.next_siblings)  # words have no name
    return re.sub(r"\s+", " ", "".join(sibling.get_text(" ") for sibling in siblings))


@pytest.mark.parametrize("language", FOLDERS)
def test_every_page_that_names_a_source_or_shows_its_row_behind_a_number_says_via(report, known, language):
    vintages, site, seen = table(report, "vintages"), report / "_site" / FOLDERS[language], set()
    rows = "obs-" + vintages["obs_id"].str.replace("/", "-").str.replace("+", "plus", regex=False)
    of = dict(zip(rows, vintages["source_id"], strict=True)) | {f"src-{name}": name for name in known}
    for path in (p for p in site.glob("*.html") if not re.match(r"sources|errata", p.name)):
        behind = re.match("trace|figure-", path.name)  # a headline or a figure
        for link in read(path).select(
            'a[href*="sources.html#src-"]' + ', td a[href*="#obs-"]' * bool(behind)
        ):
            source, said = known[of[link["href"].split("#")[1]]], after(link)
            if link.get_text() != source["source_id"]:  # an id in a table: the words stand elsewhere
                assert said.startswith(said_via(source, known, language)), (path.name, said)
                assert source["via"] or ", via " not in said
                seen.add((path.name, bool(source["via"])))
    assert {("prevalence-annex.html", False), ("trend-annex.html", True)} <= seen
    assert {
        ("capacity_gap-annex.html", True),
        ("figure-trend-police.html", True),
        ("trace.html", True),
    } <= seen
    items = page_of(report, "sources", language).find_all("li")
    for source_id, source in known.items():
        (item,) = [i for i in items if i.find(id=f"src-{source_id}")]
        assert said_via(source, known, language) in item.get_text()
        assert bool(source["via"]) == (", via " in item.get_text())


def test_files_to_take_away_say_via(report, known):
    folder = report / "data/processed/2024"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for language in FOLDERS:
        with zipfile.ZipFile(folder / f"report-2024-{language}.docx") as held:
            text = BeautifulSoup(held.read("word/document.xml"), "xml").get_text()
        for source in (s for s in known.values() if s["via"]):
            name = f"{source['publisher']}: {source['title']}"
            assert f"{name}{said_via(source, known, language)}" in text
            assert any(s["title"].startswith(f"{name}, via ") for s in package["sources"])


def test_the_sentence_to_copy_and_the_chart_say_via(report, known):
    for path in (report / "figures/2024").glob("*/*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        assert all(s["via"] == known[s["source_id"]]["via"] for s in told["sources"])
        quoting = {known[s["via"]]["title"] for s in told["sources"] if s["via"]}
        drawn = BeautifulSoup(path.with_suffix(".svg").read_text(encoding="utf-8"), "xml").get_text(" ")
        page = page_of(report, f"figure-{told['name']}", told["language"]).get_text(" ")
        for title in quoting:
            assert f"via {title}" in re.sub(r"\s+", " ", drawn), path.name
            assert f"via {title}" in page, path.name


def test_the_capacity_page_adds_no_growth_to_posts(report):
    folder = report / "data/processed/2024"
    gap = pd.read_csv(folder / "cap_gap.csv").set_index("body")
    rows = pd.read_csv(folder / "observations.csv").set_index("obs_id")["obs_value"]
    for _, row in gap.iterrows():
        assert {row["need"], row["funded"]} <= set(rows[row["observations"].split()])
    for language in FOLDERS:
        for name in ("index", "capacity_gap", "summary", "claims"):
            text = page_of(report, name, language).get_text(" ")
            assert not re.search(r"\b(91|74[,.]8) fte|17[,.]8 (procent|percent)", text), name

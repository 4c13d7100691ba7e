"""The files of a whole build: complete, explained, with links that lead where they should, and quoted figures "via"."""

import json
import re
import zipfile
from collections import Counter
from fnmatch import fnmatch
from itertools import takewhile
from urllib.parse import unquote, urlsplit

import pandas as pd
import pikepdf
import pytest
from bs4 import BeautifulSoup

from osw_stats import pandoc
from osw_stats.publish.files.package import CONTENTS
from osw_stats.publish.site.pandoc import READER
from osw_stats.publish.site.pieces import rows
from osw_stats.publish.site.stage import include
from osw_stats.text.language import month
from tests.conftest import PROJECT
from tests.files.test_descriptions import require_package
from tests.files.test_report import elements, links_of, require_headings, walk
from tests.site.conftest import FOLDERS, page_of, read

pytestmark = pytest.mark.whole_road


def test_the_site_carries_the_very_files_of_the_edition_each_offered_and_described(report):
    made = {p.name: p.read_bytes() for p in (report / "data" / "processed" / "2024").iterdir()}
    folder = report / "_site" / "data"
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == made
    assert not [name for name in made if not any(fnmatch(name, pattern) for pattern in CONTENTS)]
    package = json.loads(made["datapackage.json"])
    require_package(package, folder)
    described = {r["path"] for r in package["resources"]}
    assert described == set(made) - {"datapackage.json", "catalog.jsonld"}


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_the_printed_report_is_tagged_and_every_figure_speaks(report, language, tag):
    drawn, folder = (report / "figures/2024" / language).glob("*.svg"), report / "_site" / "data"
    figures = [p for p in drawn if not p.stem.startswith("tile-") and not p.stem.endswith("-phone")]
    with pikepdf.open(folder / f"report-2024-{language}.pdf") as read:
        assert str(read.Root.Lang) == tag
        with read.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        alts = [str(e.get("/Alt", "")) for e in elements(read) if e.S == "/Figure"]
        assert len(read.open_outline().root) >= 7
        require_headings(read)
    tiles = page_of(report, "index", language).select(".tile img")  # Word has their words alone
    assert len(alts) == len(figures) + len(tiles) and all(len(alt) > 20 for alt in alts)
    word = zipfile.ZipFile(folder / f"report-2024-{language}.docx").read("word/document.xml").decode()
    assert word.count("<wp:docPr") == len(figures) and 'descr=""' not in word
    assert word.count("<w:tblHeader") == word.count("<w:tbl>")


def as_page(target: str) -> str:
    """Say where a link to a staged page leads when it is rendered; all others stay as they are."""
    return target if urlsplit(target).scheme else re.sub(r"\.qmd(?=#|$)", ".html", target)


@pytest.mark.parametrize("language", FOLDERS)
def test_every_link_and_picture_of_a_staged_page_has_the_same_target_in_the_published_page(report, language):
    staged = sorted((report / "build" / "2024" / "pages" / language).glob("*.qmd"))
    assert {"index", "help", "trend"} <= {path.stem for path in staged}
    for path in staged:
        text = include(path.read_text(encoding="utf-8"), path.parent)
        # as Pandoc reads it with no filter of ours
        tree = json.loads(pandoc.run([f"--from={READER}", "--to=json"], text).stdout)
        targets = ((n["t"], n["c"][2][0]) for n in walk(tree) if n.get("t") in ("Link", "Image"))
        wanted = Counter((kind, as_page(unquote(target))) for kind, target in targets)
        main = page_of(report, path.stem, language).main
        shown = Counter(("Link", unquote(a["href"])) for a in main.find_all("a"))
        shown += Counter(("Image", unquote(i["src"])) for i in main.find_all("img"))
        assert shown == wanted, (path.stem, shown - wanted, wanted - shown)


@pytest.mark.parametrize("language", FOLDERS)
def test_every_line_of_help_is_reached_and_its_number_printed_and_found(report, language):
    for name in ("index", "help"):
        links = {(a["href"], a.get_text()) for a in page_of(report, name, language).find_all("a", href=True)}
        for row in rows(PROJECT, "help.csv"):
            assert (row["url"], row["contact"]) in links
            assert name != "help" or row["source_url"] in {href for href, _ in links}
        assert ("tel:112", "112") in links
        assert all(re.fullmatch(r"tel:\+?[0-9]+", href) for href, _ in links if href.startswith("tel"))
    numbers = {r["url"]: r["contact"] for r in rows(PROJECT, "help.csv") if r["kind"] == "telephone"}
    assert {"tel:112", "tel:113"} <= set(numbers)
    printed = report / "data" / "processed" / "2024" / f"report-2024-{language}"
    relations = zipfile.ZipFile(f"{printed}.docx").read("word/_rels/document.xml.rels").decode()
    with pikepdf.open(f"{printed}.pdf") as pdf:
        links = links_of(pdf)
    index = (report / "_site" / FOLDERS[language] / "search-index.js").read_text(encoding="utf-8")
    for target, contact in numbers.items():
        assert f'Target="{target}"' in relations and target in links
        assert contact in index


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
        links = 'a[href*="sources.html#src-"]' + ', td a[href*="#obs-"]' * bool(behind)
        for link in read(path).select(links):
            source, said = known[of[link["href"].split("#")[1]]], after(link)
            if link.get_text() != source["source_id"]:  # an id in a table: the words stand elsewhere
                assert said.startswith(said_via(source, known, language)), (path.name, said)
                assert source["via"] or ", via " not in said
                seen.add((path.name, bool(source["via"])))
    via = ("trend-annex", "capacity_gap-annex", "figure-trend-police", "trace")
    assert {("prevalence-annex.html", False), *((f"{name}.html", True) for name in via)} <= seen
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

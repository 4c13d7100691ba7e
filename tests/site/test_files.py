"""The files of a whole build: complete, explained, and with links that lead where the staged page says they lead."""

import json
import re
import zipfile
from collections import Counter
from fnmatch import fnmatch
from urllib.parse import unquote, urlsplit

import pikepdf
import pytest

from osw_stats import pandoc
from osw_stats.publish.files.package import CONTENTS
from osw_stats.publish.site.pandoc import READER
from osw_stats.publish.site.pieces import rows
from osw_stats.publish.site.stage import include
from tests.conftest import PROJECT
from tests.files.test_descriptions import require_package
from tests.files.test_report import elements, links_of, require_headings, walk
from tests.site.conftest import FOLDERS, page_of

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
    assert len(alts) == len(figures) + len(tiles)
    assert all(len(alt) > 20 for alt in alts)
    word = zipfile.ZipFile(folder / f"report-2024-{language}.docx").read("word/document.xml").decode()
    assert word.count("<wp:docPr") == len(figures)
    assert 'descr=""' not in word
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
def test_every_line_of_help_is_reached_from_start_and_help_page_and_its_number_printed_and_found(
    report, language
):
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
        assert f'Target="{target}"' in relations
        assert target in links
        assert contact in index

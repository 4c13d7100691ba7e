"""Links lead in every published form where the staged page says they lead. Needs the built report."""

import json
import re
import zipfile
from collections import Counter
from urllib.parse import unquote, urlsplit

import pikepdf
import pytest
from bs4 import BeautifulSoup

from osw_stats import pandoc
from osw_stats.publish.site.pandoc import READER
from osw_stats.publish.site.pieces import rows
from osw_stats.publish.site.stage import include
from tests.conftest import PROJECT
from tests.files.test_report import links_of, walk

pytestmark = pytest.mark.whole_road
FOLDERS = {"nl": "", "en": "en/"}


def staged_targets(report, language) -> dict[str, Counter]:
    """Return what each staged page links to and shows, as Pandoc reads it with no filter of ours."""
    found = {}
    for path in sorted((report / "build" / "2024" / "pages" / language).glob("*.qmd")):
        text = include(path.read_text(encoding="utf-8"), path.parent)
        tree = json.loads(pandoc.run([f"--from={READER}", "--to=json"], text).stdout)
        targets = ((n["t"], n["c"][2][0]) for n in walk(tree) if n.get("t") in ("Link", "Image"))
        found[path.stem] = Counter((kind, unquote(target)) for kind, target in targets)
    return found


def page(report, language, name) -> BeautifulSoup:
    text = (report / "_site" / FOLDERS[language] / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def as_page(target: str) -> str:
    """Say where a link to a staged page leads when it is rendered; all others stay as they are."""
    return target if urlsplit(target).scheme else re.sub(r"\.qmd(?=#|$)", ".html", target)


@pytest.mark.parametrize("language", FOLDERS)
def test_every_link_and_picture_of_a_staged_page_has_the_same_target_in_the_published_page(report, language):
    staged = staged_targets(report, language)
    assert {"index", "help", "trend"} <= set(staged)
    for name, targets in staged.items():
        wanted = Counter({(kind, as_page(target)): n for (kind, target), n in targets.items()})
        main = page(report, language, name).main
        shown = Counter(("Link", unquote(a["href"])) for a in main.find_all("a"))
        shown += Counter(("Image", unquote(i["src"])) for i in main.find_all("img"))
        assert shown == wanted, (name, shown - wanted, wanted - shown)


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize("name", ["index", "help"])
def test_every_line_of_help_can_be_reached_from_the_start_page_and_the_help_page(report, language, name):
    links = {(a["href"], a.get_text()) for a in page(report, language, name).main.find_all("a", href=True)}
    for row in rows(PROJECT, "help.csv"):
        assert (row["url"], row["contact"]) in links
        if name == "help":
            assert row["source_url"] in {href for href, _ in links}
    assert ("tel:112", "112") in links
    for href, _ in links:
        if href.startswith("tel"):
            assert re.fullmatch(r"tel:\+?[0-9]+", href)


@pytest.mark.parametrize("language", FOLDERS)
def test_the_printed_report_dials_and_the_search_finds_every_number(report, language):
    numbers = {r["url"]: r["contact"] for r in rows(PROJECT, "help.csv") if r["kind"] == "telephone"}
    assert {"tel:112", "tel:113"} <= set(numbers)
    folder = report / "data" / "processed" / "2024"
    with zipfile.ZipFile(folder / f"report-2024-{language}.docx") as docx:
        relations = docx.read("word/_rels/document.xml.rels").decode()
    with pikepdf.open(folder / f"report-2024-{language}.pdf") as pdf:
        links = links_of(pdf)
    index = (report / "_site" / FOLDERS[language] / "search-index.js").read_text(encoding="utf-8")
    for target, contact in numbers.items():
        assert f'Target="{target}"' in relations
        assert target in links
        assert contact in index

"""Editions that see less: every notebook runs, says what was not public and nothing that was not; so do their sites."""

import re
import shutil
from itertools import pairwise, product
from pathlib import Path

import pytest

from osw_stats.data.edition import load_tables
from osw_stats.kept.code_cells import notebook_names
from osw_stats.project import OVERALL
from osw_stats.publish import own_claims
from osw_stats.publish.contents import UNPUBLISHED, items, page_names
from osw_stats.publish.pages import standard
from osw_stats.publish.pages.render import render
from osw_stats.publish.site.stage import page_text
from osw_stats.results.collected import Results
from tests.builds import built
from tests.computed import computed
from tests.conftest import copy_project
from tests.site.conftest import FOLDERS, read

pytestmark = pytest.mark.whole_road
YEARS = (2022, 2023)
LANGUAGE = {2022: "nl", 2023: "en", 2024: "en", 2025: "nl"}
SOONER = "2025-04-01"  # edition 2024 on a day on which part of what the ledger cites was not out yet


@pytest.fixture(scope="module", params=LANGUAGE)
def edition(request, tmp_path_factory):
    """Run the notebooks of one edition in one language; return year, tables and pages by name."""
    year, root = request.param, copy_project(tmp_path_factory.mktemp("early") / "project")
    if year == 2024:
        file = root / "editions/2024.yml"
        file.write_text(re.sub("as_of: .*", f"as_of: {SOONER}", file.read_text("utf-8")), "utf-8")
    # what is tested here does not hang on the number of draws
    fewer = {"prevalence": {"draws": 20_000}, "capacity_gap": {"mc_draws": 20_000}}
    tables, language = load_tables(year, root), LANGUAGE[year]
    names = notebook_names(root)
    runs = {n: computed(root, n, tables=tables, edition=year, **fewer.get(n, {})) for n in names}
    told = {page: results for name, results in runs.items() for page in page_names(root, name)}
    told |= dict.fromkeys(OVERALL, Results.of_all(runs.values()))
    pages = {(n, language): render(root, n, language, results, tables) for n, results in told.items()}
    # every page meets the standard and every number in its sentences is found back
    standard.require(pages)
    own_claims.require(own_claims.own_claims(pages, tables))
    return year, tables, pages


def test_nothing_rests_on_a_figure_or_a_document_of_later(edition):
    year, tables, pages = edition
    numbers = [n for page in pages.values() for told in items(page) for n in told.facts.get("numbers", [])]
    used = {i for n in numbers for i in n["observations"]}
    assert used and used <= set(tables.observations["obs_id"])
    public = tables.sources["known_by"] <= tables.edition.as_of.isoformat()
    documents = set(pages["trend", LANGUAGE[year]].results.frame("trend_events")["source_id"])
    assert documents and documents <= set(tables.sources.loc[public, "source_id"])


def test_the_start_page_has_six_tiles_each_with_its_number_or_why_there_is_none(edition):
    year, _, pages = edition
    parts = [getattr(p, "data", {"text/markdown": p}) for p in pages["index", LANGUAGE[year]].parts]
    _, *tiles = "\n".join(data.get("text/markdown", "") for data in parts).split("{.tile}")
    assert len(tiles) == 6
    assert all(re.search(r"[^\s:]", tile.split("\n## ")[1].split("\n", 1)[1]) for tile in tiles)


def test_what_was_not_public_is_said_and_every_heading_that_is_left_has_something_under_it(edition, tmp_path):
    year, _, pages = edition
    states = {}
    for (name, _), page in pages.items():
        states[name] = [i for i in items(page) if i.kind == UNPUBLISHED]
        text = page_text(page, tmp_path)
        assert all(i.facts["text"] in text for i in states[name])
        lines = [line for line in text.splitlines() if line.strip()]
        heads = [n for n, line in enumerate(lines) if line.startswith("#")]
        for here, after in pairwise(heads):
            level = [len(lines[n]) - len(lines[n].lstrip("#")) for n in (here, after)]
            assert after > here + 1 or level[1] > level[0], lines[here]
    # the police figures of these years were not public, nor by then the complaints that waited at the AP
    topic = "capacity_gap" if year == 2024 else "trend"
    assert states[topic] or states[f"{topic}-annex"]
    if year < 2024:
        assert len(states["claims-annex"]) == 1
        assert states["capacity_gap"] or states["capacity_gap-annex"]
        assert "claims_result" not in pages["claims", LANGUAGE[year]].results.tables
        # the meetings the report tells of had not been published
        annex = pages["capacity_gap-annex", LANGUAGE[year]]
        assert "authority_answers" not in {item.name for item in items(annex)}
    else:  # edition 2025 has no report to check
        assert bool(states["claims-annex"]) == (year == 2025)


@pytest.fixture(scope="module")
def archive(report, tmp_path_factory) -> Path:
    root = Path(shutil.copytree(report, tmp_path_factory.mktemp("archive") / "project"))
    built(root, "--archive")
    return root


def test_the_page_of_editions_leads_to_each_in_its_language(archive):
    for (language, folder), year in product(FOLDERS.items(), YEARS):
        page = archive / "_site" / folder / "archive.html"
        (link,) = [a for a in read(page).find_all("a") if re.search(rf"(^|/){year}/", a["href"])]
        target = read(page.parent / link["href"])
        assert target.html["lang"].startswith(language) and str(year) in target.main.get_text()


@pytest.mark.parametrize("year", YEARS)
def test_every_page_of_an_earlier_edition_is_whole_says_so_and_leads_to_the_newest(archive, year):
    site = (archive / "_site").resolve()
    pages = sorted((site / str(year)).rglob("*.html"))
    assert len(pages) > 55
    for path in pages:
        page = read(path)
        (said,) = page.find_all("aside", class_="announcement")
        assert "2024" in said.a.get_text()
        newest = site / ("en" if path.parent.name == "en" else ".") / "index.html"
        assert (path.parent / said.a["href"]).resolve() == newest.resolve()
        levels = [int(h.name[1]) for h in page.main.find_all(re.compile(r"^h[1-6]$"))]
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in pairwise(levels)), (path, levels)
    assert not read(site / "index.html").find_all("aside", class_="announcement")
    files = (f"report-{year}-nl.pdf", f"report-{year}-en.docx", f"tables-{year}-nl.xlsx", "observations.csv")
    assert all((site / str(year) / "data" / name).stat().st_size > 1000 for name in files)


def test_made_again_there_is_nothing_to_do_and_without_it_the_archive_goes(archive):
    assert "Nothing to do" in built(archive, "--archive")
    built(archive)
    assert not (archive / "_site" / "2023").exists()

"""Earlier editions in the site of the newest one: whole sites of their own, made from the figures of then."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.builds import built
from tests.site.conftest import FOLDERS, read

pytestmark = pytest.mark.whole_road
YEARS = (2022, 2023)


@pytest.fixture(scope="module")
def archive(report, tmp_path_factory) -> Path:
    root = Path(shutil.copytree(report, tmp_path_factory.mktemp("archive") / "project"))
    built(root, "--archive")
    return root


def test_the_page_of_editions_leads_to_each_in_its_language(archive):
    for language, folder in FOLDERS.items():
        page = archive / "_site" / folder / "archive.html"
        for year in YEARS:
            (link,) = [a for a in read(page).find_all("a") if re.search(rf"(^|/){year}/", a["href"])]
            target = read(page.parent / link["href"])
            assert target.html["lang"].startswith(language)
            assert str(year) in target.main.get_text()


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

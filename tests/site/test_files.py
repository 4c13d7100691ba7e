"""The files of a whole build: complete, explained, the same in every place. Needs the built report."""

import json
import zipfile
from fnmatch import fnmatch

import pikepdf
import pytest

from osw_stats.publish.files.package import CONTENTS
from tests.files.test_descriptions import require_package
from tests.files.test_report import elements, require_headings
from tests.site.conftest import page_of

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
    figures = [
        path for path in drawn if not path.stem.startswith("tile-") and not path.stem.endswith("-phone")
    ]
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

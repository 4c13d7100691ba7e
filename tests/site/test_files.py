"""The files of a whole build: complete, explained, the same in every place. Needs the built report."""

import json
import zipfile
from fnmatch import fnmatch

import pikepdf
import pytest

from osw_stats.publish.files.package import CONTENTS
from tests.files.test_descriptions import require_package
from tests.files.test_report import elements, require_headings

pytestmark = pytest.mark.whole_road


@pytest.fixture(scope="module")
def folder(report):
    return report / "_site" / "data"


def test_the_site_carries_the_very_files_of_the_edition(report, folder):
    made = report / "data" / "processed" / "2024"
    assert {p.name for p in folder.iterdir() if p.is_file()} == {p.name for p in made.iterdir()}
    for path in made.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_every_file_is_offered_with_a_word_on_what_it_holds(folder):
    assert not [
        p.name for p in folder.iterdir() if p.is_file() and not any(fnmatch(p.name, c) for c in CONTENTS)
    ]


def test_the_package_describes_every_file_and_every_column_in_both_languages(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    require_package(package, folder)
    others = {"datapackage.json", "catalog.jsonld"}
    assert {r["path"] for r in package["resources"]} == {
        p.name for p in folder.iterdir() if p.is_file()
    } - others


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_the_printed_report_is_tagged_and_every_figure_speaks(report, folder, language, tag):
    figures = sorted((report / "figures" / "2024" / language).glob("*.png"))
    with pikepdf.open(folder / f"report-2024-{language}.pdf") as read:
        assert str(read.Root.Lang) == tag
        with read.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        alts = [str(e.get("/Alt", "")) for e in elements(read) if e.S == "/Figure"]
        chapters = len(read.open_outline().root)
        require_headings(read)
    assert len(alts) == len(figures)
    assert all(len(alt) > 20 for alt in alts)
    assert chapters >= 7
    word = zipfile.ZipFile(folder / f"report-2024-{language}.docx").read("word/document.xml").decode()
    assert word.count("<wp:docPr") == len(figures)
    assert 'descr=""' not in word
    assert word.count("<w:tblHeader") == word.count("<w:tbl>")

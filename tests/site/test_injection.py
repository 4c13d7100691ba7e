"""Text of a publisher that tries to be code comes out as the text it is, in every format."""

import dataclasses
import io
import json

import pandas as pd
import pypandoc
import pytest
from bs4 import BeautifulSoup

from osw_stats.errors import OswError
from osw_stats.publish import fragments
from osw_stats.publish.pages.functions import Functions
from osw_stats.publish.site.markdown import table
from osw_stats.publish.site.pandoc import READER, _body
from osw_stats.results.collected import Results, to_plain
from osw_stats.text.tables import csv_text, escape
from tests.site.conftest import CASES

HOSTILE = (
    '<script>alert(1)</script> [x](javascript:alert(1)) ![y](z){onerror=alert(1)} [z]{onclick="alert(1)"} a | b '
    "`c`{=html} $x$ #let x = 1 @ref {{< include _data.md >}} <javascript:alert(1)> <img src=x onerror=alert(1)> \\input{x} ~~d~~"
)
SAFE = ("", "http", "https", "mailto", "tel")
KNOWN = CASES["injection"]


def rendered(text: str) -> BeautifulSoup:
    return BeautifulSoup(_body(text, "page", "nl", None)[0], "html.parser")


def harmless(soup: BeautifulSoup) -> BeautifulSoup:
    assert not soup.find_all(["script", "iframe", "object", "embed", "form", "style", "base", "meta"])
    for tag in soup.find_all(True):
        assert not [a for a in tag.attrs if a.lower().startswith("on")], tag
        for name in ("href", "src", "action", "formaction", "srcdoc"):
            address = str(tag.get(name, "")).strip().lower()
            assert ":" not in address or address.partition(":")[0] in SAFE, tag
    return soup


@pytest.fixture(scope="module")
def hostile(tables):
    """The genuine tables with every text of a publisher replaced."""
    sources = tables.sources.assign(publisher=HOSTILE, title=HOSTILE, url="")
    words = {"locator": HOSTILE, "as_reported": HOSTILE}
    rows = {name: getattr(tables, name).assign(**words) for name in ("vintages", "observations")}
    return dataclasses.replace(tables, sources=sources, **rows)


def test_the_page_of_sources(hostile):
    assert HOSTILE in harmless(rendered(fragments.sources(hostile, "nl"))).find("h2").get_text()
    for text in fragments.source_figures(hostile, "nl").values():
        soup = harmless(rendered(text))
        assert HOSTILE in soup.find("h2").get_text()
        assert HOSTILE in {cell.get_text() for cell in soup.find_all("td")}
        for row in soup.find_all("tr"):  # no pipe made a cell of its own
            assert len(row.find_all(["td", "th"])) == len(row.find_parent("table").find("tr").find_all("th"))


def test_links_to_sources_on_start_page_and_notebook_pages(hostile):
    ids = list(hostile.observations["obs_id"].head(5))
    found = Results(tables={"rows": to_plain(pd.DataFrame({"observations": [" ".join(ids)]}))})
    (item,) = Functions(found, hostile, "nl")("sources", "rows")
    for text in (item.data["text/markdown"], fragments.source_links(hostile, ids, "trend", "nl")):
        soup = harmless(rendered(text))
        assert HOSTILE in soup.get_text()
        pages = {a["href"].split("#")[0] for a in soup.find_all("a", href=True)}
        assert pages <= {"sources.html", "data.html", "trend.html"}


def test_a_table_of_any_text(hostile):
    soup = harmless(rendered(table(["Wat"], [[HOSTILE], ["a\nb"]])))
    assert [td.get_text() for td in soup.select("tbody tr > *")] == [HOSTILE, "a b"]


@pytest.mark.parametrize("text", KNOWN["unescaped"])
def test_even_unescaped_text_becomes_no_script(text):
    """The second line of defence, should somebody forget to escape: what is no link is words."""
    harmless(rendered(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((text, "") for text in KNOWN["targets"]),
        *((shape.format(scheme), scheme) for scheme in KNOWN["schemes"] for shape in KNOWN["links"]),
        *((holder.format(name), name) for name in KNOWN["attributes"] for holder in KNOWN["holders"]),
    ],
)
def test_a_target_or_attribute_that_may_not_be_published_stops_the_build_and_is_named(text, name):
    with pytest.raises(OswError) as stopped:
        rendered(f"# T\n\n[113](tel:113)\n\n{text}\n")
    message = str(stopped.value)
    assert message.startswith("pages: nl/page.qmd: the ")
    assert "must not be published. Mend the page" in message
    assert len(message.splitlines()) == 1
    assert name in message


def test_own_pages_keep_their_links_and_attributes():
    links = "[a](https://b.nl/x.qmd#y) [c](d.qmd#e) <mailto:a@b.nl> [112](tel:112) <tel:+3109000101>"
    soup = rendered(f'{links}\n\n::: {{#what-if data-settings="1"}}\nx\n:::\n')
    found = [a["href"] for a in soup.find_all("a")]
    assert found == ["https://b.nl/x.qmd#y", "d.html#e", "mailto:a@b.nl", "tel:112", "tel:+3109000101"]
    assert soup.find(id="what-if")["data-settings"] == "1"


def test_typst_and_word_get_text_and_no_code():
    """What a PDF through Typst and a Word file are made from: the same Markdown."""
    typst = pypandoc.convert_text(escape(HOSTILE), "typst", format=READER, sandbox=True)
    assert "\\#let" in typst
    assert "#let" not in typst.replace("\\#let", "")
    tree = json.loads(pypandoc.convert_text(escape(HOSTILE), "json", format=READER, sandbox=True))
    (block,) = tree["blocks"]
    assert {inline["t"] for inline in block["c"]} <= {"Str", "Space", "Quoted"}


def test_no_cell_of_a_download_is_a_formula():
    risky = ["=1+1", "@x", "+cmd", "- nee", "\t=1", "\r=1"]  # a bare return would end the row in some readers
    fine = ["-5.2", "+3", "-", "–", "tekst = 1", ""]
    frame = pd.DataFrame({"a": [*risky, *fine], "n": [-1.5] * 12})
    cells = list(pd.read_csv(io.StringIO(csv_text(frame)), keep_default_na=False)["a"])
    assert [cell[0] for cell in cells[:6]] == ["'"] * 6
    assert cells[6:] == fine
    assert csv_text(frame[["n"]]) == "n\n" + "-1.5\n" * 12
    plain = pd.DataFrame({"a": ["x", None, "y"], "b": [1, 2, 3]})
    assert csv_text(plain) == plain.to_csv(index=False, lineterminator="\n")

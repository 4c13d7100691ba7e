"""Text of a publisher that tries to be code comes out as the text it is, in every format."""

from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from osw_stats.errors import OswError
from osw_stats.publish.pages.functions import Functions
from osw_stats.publish.site import sources
from osw_stats.publish.site.markdown import table
from osw_stats.publish.site.pandoc import bodies_of
from osw_stats.results.collected import Results, to_plain
from tests.site.conftest import CASES

SAFE = ("", "http", "https", "mailto", "tel")
KNOWN = CASES["injection"]
HOSTILE = KNOWN["hostile"]
REFUSED = [(text, "") for text in KNOWN["targets"]]
REFUSED += [(shape.format(name), name) for name in KNOWN["schemes"] for shape in KNOWN["links"]]
REFUSED += [(holder.format(name), name) for name in KNOWN["attributes"] for holder in KNOWN["holders"]]


def rendered(text: str) -> BeautifulSoup:
    return BeautifulSoup(bodies_of({"page": text}, "nl")["page"][0], "html.parser")


def harmless(text: str) -> BeautifulSoup:
    """Render a text and check that nothing in it can run or load anything."""
    soup = rendered(text)
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
    documents = tables.sources.assign(publisher=HOSTILE, title=HOSTILE, url="")
    both = {name: getattr(tables, name) for name in ("vintages", "observations")}
    both = {name: rows.assign(locator=HOSTILE, as_reported=HOSTILE) for name, rows in both.items()}
    return replace(tables, sources=documents, **both)


def test_the_pages_of_sources_and_any_table(hostile):
    assert HOSTILE in harmless(sources.sources(hostile, "nl")).find("h2").get_text()
    for text in sources.source_figures(hostile, "nl").values():
        soup = harmless(text)
        assert HOSTILE in soup.find("h2").get_text()
        assert HOSTILE in {cell.get_text() for cell in soup.find_all("td")}
        for row in soup.find_all("tr"):  # no pipe made a cell of its own
            assert len(row.find_all(["td", "th"])) == len(row.find_parent("table").find("tr").find_all("th"))
    soup = harmless(table("rules", "nl", [(HOSTILE, "a\nb", "x")]))
    assert [td.get_text() for td in soup.select("tbody tr > *")] == [HOSTILE, "a b", "x"]


def test_links_to_sources_on_start_page_and_notebook_pages(hostile):
    ids = list(hostile.observations["obs_id"].head(5))
    results = Results(tables={"rows": to_plain(pd.DataFrame({"observations": [" ".join(ids)]}))})
    (item,) = Functions(results, hostile, "nl")("sources", "rows")
    soup = harmless(item.data["text/markdown"])
    assert HOSTILE in soup.get_text()
    pages = {a["href"].split("#")[0] for a in soup.find_all("a", href=True)}
    assert pages <= {"sources.html", "data.html", "trend.html"}


@pytest.mark.parametrize("text", KNOWN["unescaped"])
def test_even_unescaped_text_becomes_no_script(text):
    """The second line of defence, should somebody forget to escape: what is no link is words."""
    harmless(text)


@pytest.mark.parametrize(("text", "name"), REFUSED)
def test_a_target_or_attribute_that_may_not_be_published_stops_the_build_and_is_named(text, name):
    with pytest.raises(OswError) as stopped:
        rendered(f"# T\n\n[113](tel:113)\n\n{text}\n")
    message = str(stopped.value)
    assert message.startswith("pages: nl/page.qmd: the ") and name in message
    assert "must not be published. Mend the page" in message and len(message.splitlines()) == 1


def test_own_pages_keep_their_links_and_attributes():
    links = "[a](https://b.nl/x.qmd#y) [c](d.qmd#e) <mailto:a@b.nl> [112](tel:112) <tel:+3109000101>"
    soup = rendered(f'{links}\n\n::: {{#what-if data-settings="1"}}\nx\n:::\n')
    targets = [a["href"] for a in soup.find_all("a")]
    assert targets == ["https://b.nl/x.qmd#y", "d.html#e", "mailto:a@b.nl", "tel:112", "tel:+3109000101"]
    assert soup.find(id="what-if")["data-settings"] == "1"

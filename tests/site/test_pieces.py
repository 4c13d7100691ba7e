"""Figure pages, trace, search index and the small tables of the site."""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from osw_stats.errors import InputError
from osw_stats.publish.contents import PHONE, Item, Page
from osw_stats.publish.site import figures, headlines, pandoc, pieces
from osw_stats.publish.site.markdown import Markdown, table
from osw_stats.publish.site.sources import anchor
from osw_stats.results.collected import Drawing, Results
from tests.conftest import PROJECT
from tests.site.conftest import CASES

CELLS = [(name, *cell) for name, cells in CASES["small_tables"].items() for cell in cells]


@pytest.fixture
def figure(tables):
    """Return a function that makes a figure of made-up words on the first two figures of the edition."""
    ids = tables.observations["obs_id"].iloc[:2]
    data = pd.DataFrame({"obs_id": ids, "observations": ids}).to_csv(index=False)

    def make(sentence="Zin met 5,2 procent.", **changes) -> tuple[Item, Page]:
        facts = {"language": "nl", "caption": "Aandeel", "alt": "Drie punten", "says": "share", "shown": ""}
        drawing = {"image/svg+xml": "<svg/>", PHONE: "<svg/>", "image/png": ""}
        told = Item("figure", "x", facts | {"csv": data} | changes, drawing)
        said = Item("sentence", "share", {"text": sentence}, {})
        drawn = {"x": Drawing("x", {}, {}, "report.figure('x')")}
        results = Results(figures=drawn, parameters="edition = 2024")
        return told, Page("prevalence", "nl", (said, told), results)

    return make


def test_a_page_of_a_figure_gives_sentence_table_sources_code_and_how_many_rows_it_leaves_out(figure, tables):
    page = figures.page(*figure(), tables, "nl")
    assert "> Zin met 5,2 procent. (Bron: osw\\_stats, editie 2024, 23 november 2026; cijfers van " in page
    assert "osw run prevalence -p edition 2024 -p language nl" in page
    parts = [f"{{#{part}}}" for part in ("say", "seen", "table", "made")]
    links = [f"#{anchor(obs_id)}" for obs_id in tables.observations["obs_id"].iloc[:2]]
    for shown in ("report.figure('x')", *parts, *links):
        assert shown in page
    ids = " ".join(tables.observations["obs_id"].iloc[: figures.SHOWN_ROWS + 1])
    page = figures.page(*figure(csv=f"observations\n{ids}\n"), tables, "en")
    assert "Another 1 figure is in the CSV file, with its place in `observations.csv`." in page
    assert page.count("#obs-") == figures.SHOWN_ROWS


def test_the_metadata_of_a_figure_name_its_figures_documents_units_and_files(figure, tables):
    facts = json.loads(figures.metadata(*figure(), tables, "nl"))
    assert facts["observations"] == sorted(tables.observations["obs_id"].iloc[:2])
    assert {s["source_id"] for s in facts["sources"]} == set(tables.observations["source_id"].iloc[:2])
    assert (facts["edition"], facts["licence"]) == (2024, "CC-BY-4.0")
    assert set(facts["sha256"]) == {"x.csv", "x.svg", "x-phone.svg", "x.png"}
    assert facts["sha256"]["x.svg"] == hashlib.sha256(b"<svg/>").hexdigest()
    units = figures.metadata(*figure(csv="unit,x\npercent,1\nfte,2\n"), tables, "nl")
    assert json.loads(units)["units"] == ["fte", "percent"]


def test_text_of_a_figure_or_a_cell_cannot_become_markup(figure, tables):
    words = {"caption": "<script>1</script> *x*", "alt": 'a " <b> `c` {{ x }}'}
    page = figures.page(*figure("<img src=x> [a](javascript:1)", **words), tables, "nl")
    for shown in ("\\<script\\>", "\\<img src=x\\>", 'a " \\<b\\> \\`c\\` {{ x }}'):
        assert shown in page
    assert '" <b>' not in page.split("fig-alt=")[1].split('"}')[0]
    text = table("rules", "en", [("<b> | *", Markdown("[x](y.qmd)"), ""), (1, "", "")], numeric=[1])
    heads = "| Rule | Result | What was found |\n| :--- | ---: | :--- |\n"
    assert text == heads + "| \\<b\\> \\| \\* | [x](y.qmd) |  |\n| 1 |  |  |\n"


def test_a_number_in_a_headline_is_a_link_once():
    parts = [("In 2024 zei ", ""), ("5,2 procent", "share"), (": ", ""), ("4,9 tot 5,5 procent", "share")]
    told = Item("sentence", "share", {"parts": parts, "quoted": [False] * len(parts)}, {})
    linked = headlines.linked(told, Page("prevalence", "nl", (), Results()))
    assert linked == "In 2024 zei [5,2 procent](trace.qmd#trace-prevalence-share-share): 4,9 tot 5,5 procent"


def test_the_trace_of_a_number_shows_value_margin_method_and_claims(tables):
    claims = tables.claims()
    on = next(str(c).split() for c in claims["observations"] if str(c).strip())
    number = {"name": "share", "value": 5.2, "unit": "percent", "lower": 4.9, "upper": 5.5}
    number |= {"interval_kind": "assumed", "method": "Wilson", "grade": "B", "observations": on}
    facts = {"headline": True, "text": "Zin.", "numbers": [number], "grade": "B"}
    told = Page("prevalence", "nl", (Item("sentence", "share", facts, {}),), Results())
    page = headlines.trace({"prevalence": told}, tables, "nl", "data/")
    paragraphs = [c.paragraph for c in claims.itertuples() if set(on) & set(str(c.observations).split())]
    value, count = "### 5,2 procent {#trace-prevalence-share-share}", f"- Cijfers uit de bronnen: {len(on)}"
    for shown in (value, "4,9 tot 5,5 procent", "[Wilson]{lang=en}", count, paragraphs[0]):
        assert shown in page


def test_the_index_finds_a_section_by_its_number_and_cannot_end_a_script():
    body = CASES["index"]["body"]
    text = pandoc.search_index({"p": pandoc.search_entries("p", body), "search": [["x", "", "", ""]]})
    assert "</script>" not in text
    found = json.loads(text.removeprefix("window.oswSearch = ").removesuffix(";\n"))
    assert found == CASES["index"]["entries"]


@pytest.mark.parametrize("name", list(pieces.FILES))
def test_the_small_tables_are_whole_in_both_languages(name):
    rows = pieces.rows(PROJECT, name)
    if name == "wcag.csv":  # WCAG 2.1 has 30 criteria at A and 20 at AA
        assert sorted(r["level"] for r in rows) == ["A"] * 30 + ["AA"] * 20
        assert all(r["note_nl"] and r["note_en"] for r in rows)


@pytest.mark.parametrize(("name", "column", "value"), CELLS)
def test_a_cell_of_a_small_table_that_cannot_be_used_stops_with_its_place(tmp_path, name, column, value):
    shutil.copytree(PROJECT / "pages", tmp_path / "pages")
    rows = pieces.rows(PROJECT, name)
    at = next((n for n, r in enumerate(rows) if r.get("url") == "tel:112"), 0)
    rows[at] = rows[at] | {column: value}
    pd.DataFrame(rows).to_csv(tmp_path / "pages" / name, columns=list(pieces.FILES[name]), index=False)
    with pytest.raises(InputError) as stopped:
        pieces.rows(tmp_path, name)
    error = stopped.value
    assert (error.file, error.row) == (f"pages/{name}", at + 2)
    # whether a contact is a page or a telephone shows in its address
    assert (error.column, error.value) == (column, value.strip()) or (column, error.column) == ("kind", "url")

"""Figure pages, trace, search index and the small tables of the site."""

import csv
import hashlib
import json
import shutil

import pandas as pd
import pytest

from osw_stats.errors import InputError
from osw_stats.report.fragments import observation_anchor
from osw_stats.report.harvest import PHONE, Item, Page
from osw_stats.report.site import cards, figure_pages, pieces, search, trace
from osw_stats.results.collected import Results
from tests.conftest import PROJECT

NUMBER = {
    "name": "share", "value": 5.2, "unit": "percent", "lower": 4.9, "upper": 5.5, "interval_kind": "assumed",
    "observations": ["cbs_osi_12m/2024"], "method": "Wilson", "grade": "B",
}  # fmt: skip


def figure(tables, *, alt="Drie punten", caption="Aandeel", sentence="Zin met 5,2 procent.", csv_text=None):
    ids = tables.observations["obs_id"].iloc[:2]
    facts = {
        "language": "nl", "caption": caption, "alt": alt, "says": "share", "shown": "",
        "csv": csv_text or pd.DataFrame({"obs_id": ids, "observations": ids}).to_csv(index=False),
    }  # fmt: skip
    told = Item("figure", "x", facts, {"image/svg+xml": "<svg/>", PHONE: "<svg/>", "image/png": ""})
    said = Item("sentence", "share", {"text": sentence}, {})
    return figure_pages.Drawn(told, "prevalence", "report.figure('x')", "edition = 2024", said)


def test_the_page_of_a_figure_gives_sentence_table_sources_and_code(tables):
    page = figure_pages.page(figure(tables), tables, "nl")
    assert "> Zin met 5,2 procent. (Bron: osw\\_stats, editie 2024, 23 november 2026" in page
    assert "report.figure('x')" in page
    assert "osw run prevalence -p edition 2024 -p language nl" in page
    for row in tables.observations.iloc[:2].itertuples():
        assert f"#{observation_anchor(row.obs_id)}" in page
    for part in ("#say", "#seen", "#table", "#made"):
        assert f"{{{part}}}" in page


def test_the_metadata_of_a_figure_name_its_observations_and_documents(tables):
    facts = json.loads(figure_pages.metadata(figure(tables), tables, "nl"))
    assert facts["observations"] == sorted(tables.observations["obs_id"].iloc[:2])
    assert {s["source_id"] for s in facts["sources"]} == set(tables.observations["source_id"].iloc[:2])
    assert facts["edition"] == 2024
    assert facts["licence"] == "CC-BY-4.0"


def test_the_metadata_of_a_figure_have_its_units_and_the_hash_of_each_of_its_files(tables):
    told = json.loads(
        figure_pages.metadata(figure(tables, csv_text="unit,x\npercent,1\nfte,2\n"), tables, "nl")
    )
    assert told["units"] == ["fte", "percent"]
    assert set(told["sha256"]) == {"x.csv", "x.svg", "x-phone.svg", "x.png"}
    assert told["sha256"]["x.svg"] == hashlib.sha256(b"<svg/>").hexdigest()


def test_text_of_a_figure_cannot_become_markup(tables):
    page = figure_pages.page(
        figure(tables, caption="<script>1</script> *x*", alt='a " <b> `c`', sentence="<img src=x> [a](javascript:1)"),
        tables, "nl",
    )  # fmt: skip
    assert "\\<script\\>" in page
    assert "\\<img src=x\\>" in page
    assert '" <b>' not in page.split("fig-alt=")[1].split('"}')[0]


def test_a_number_in_a_headline_is_a_link_once():
    told = Item("sentence", "share", {"parts": [("In 2024 zei ", ""), ("5,2 procent", "share"), (": ", ""), ("4,9 tot 5,5 procent", "share")]}, {})  # fmt: skip
    assert (
        trace.linked(told, "prevalence")
        == "In 2024 zei [5,2 procent](trace.qmd#trace-prevalence-share-share): 4,9 tot 5,5 procent"
    )


def test_the_trace_of_a_number_shows_value_margin_method_and_claims(tables):
    claims = tables.claims()
    on = next(str(c).split() for c in claims["observations"] if str(c).strip())
    number = NUMBER | {"observations": on}
    facts = {"headline": True, "text": "Zin.", "numbers": [number], "grade": "B"}
    told = Page("prevalence", "nl", (Item("sentence", "share", facts, {}),), Results())
    page = trace.page({"prevalence": told}, tables, "nl", "data/")
    assert "### 5,2 procent {#trace-prevalence-share-share}" in page
    assert "4,9 tot 5,5 procent" in page
    assert "[Wilson]{lang=en}" in page
    shown = [c for c in claims.itertuples() if set(on) & set(str(c.observations).split())]
    assert shown[0].paragraph in page


@pytest.mark.parametrize(("height", "shown"), [(300, True), (900, False)])
def test_a_card_shows_the_narrow_drawing_unless_it_is_tall(height, shown):
    facts = {"says": "share", "alt": 'a "quote"'}
    figure = Item("figure", "x", facts, {PHONE: f'<svg viewBox="0 0 216 {height}">'})
    sentence = Item("sentence", "share", {}, {})
    picture = cards._picture(Page("trend", "nl", (sentence, figure), Results()), [sentence])
    assert picture == ('![](figures/x-phone.svg){.beside fig-alt="a ”quote”"}' if shown else "")


def test_the_index_finds_a_section_by_its_number_and_leads_to_it():
    body = '<h1 id="t">Titel</h1><p>Inleiding</p><h2 id="hoe">Hoe vaak</h2><p>5,2&nbsp;procent <em>van</em></p><pre>geheim</pre>'
    assert search.entries("p", body) == [
        ["p.html", "Titel", "Titel", "Inleiding"],
        ["p.html#hoe", "Titel", "Hoe vaak", "5,2 procent van"],
    ]


def test_the_index_cannot_end_a_script():
    text = search.index({"p": search.entries("p", "<h1>T</h1><p>&lt;/script&gt;&lt;script&gt;</p>")})
    assert "</script>" not in text
    rows = json.loads(text.removeprefix("window.oswSearch = ").removesuffix(";\n"))
    assert rows[0][3] == "</script><script>"


@pytest.mark.parametrize("name", list(pieces.FILES))
def test_the_small_tables_are_whole_in_both_languages(name):
    rows = pieces.rows(PROJECT, name)
    if name == "wcag.csv":
        assert len(rows) == 50  # WCAG 2.1 has 30 criteria at A and 20 at AA
        assert sorted({r["level"] for r in rows}) == ["A", "AA"]
        assert [r["level"] for r in rows].count("A") == 30
        assert all(r["note_nl"] and r["note_en"] for r in rows)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r | {"status": "perhaps"}, r'pages/wcag\.csv, row 2, column "status", value "perhaps"'),
        (lambda r: r | {"en": ""}, r'pages/wcag\.csv, row 2, column "en".*is empty'),
    ],
)
def test_a_missing_translation_or_unknown_status_is_named(tmp_path, change, message):
    shutil.copytree(PROJECT / "pages", tmp_path / "pages")
    rows = pieces.rows(PROJECT, "wcag.csv")
    with (tmp_path / "pages" / "wcag.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, pieces.FILES["wcag.csv"])
        writer.writeheader()
        writer.writerows([change(rows[0]), *rows[1:]])
    with pytest.raises(InputError, match=message):
        pieces.rows(tmp_path, "wcag.csv")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("url", bad) for bad in ("", "tel:", "112", "tel:1 1 2", "tel:113", "tel:0800-0188", "https://112.nl", "callto:112")),
        *(("source_url", bad) for bad in ("", "politie.nl", "http://politie.nl/", "https://", "https://politie", "tel:112", "https://a b.nl/")),
        *(("kind", bad) for bad in ("website", "phone", "Telephone")),
    ],
)  # fmt: skip
def test_a_line_of_help_that_cannot_be_followed_stops_with_its_place(tmp_path, column, value):
    shutil.copytree(PROJECT / "pages", tmp_path / "pages")
    rows = pieces.rows(PROJECT, "help.csv")
    at = next(n for n, r in enumerate(rows) if r["url"] == "tel:112")
    rows[at] = rows[at] | {column: value}
    with (tmp_path / "pages" / "help.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, pieces.FILES["help.csv"])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InputError, match=rf'pages/help\.csv, row {at + 2}, column "(url|{column})"'):
        pieces.rows(tmp_path, "help.csv")


def test_every_contact_names_its_source():
    for row in pieces.rows(PROJECT, "help.csv"):
        assert row["source_url"].startswith("https://")
        assert row["seen_nl"]

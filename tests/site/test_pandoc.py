"""Rendering of one page with Pandoc: what Quarto would do, and nothing that could harm."""

import shutil

import pytest
from bs4 import BeautifulSoup

from osw_stats.errors import OswError
from osw_stats.report.graph.store import Store
from osw_stats.report.site import pandoc, quarto
from tests.conftest import PROJECT


@pytest.fixture
def staged(tmp_path):
    folder = tmp_path / "staged"
    folder.mkdir()
    for name in ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml"):
        shutil.copyfile(PROJECT / name, folder / name)
    (folder / "site.css").write_text("")
    return folder


def rendered(staged, tmp_path, text, language="nl"):
    (staged / "index.qmd").write_text(text, encoding="utf-8")
    pandoc.render(staged, language, tmp_path / "out")
    return BeautifulSoup((tmp_path / "out" / "index.html").read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize(
    "attack",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "`<b>x</b>`{=html}", "```{=html}\n<script>1</script>\n```"],
)  # fmt: skip
def test_text_never_becomes_markup(staged, tmp_path, attack):
    page = rendered(staged, tmp_path, f"# Titel\n\n{attack}\n")
    assert not page.find_all("script")
    assert not page.main.find_all("img")
    assert not page.main.find_all("b")


def test_a_title_is_escaped(staged, tmp_path):
    page = rendered(staged, tmp_path, "# A <b> & c\n\nText.\n")
    assert page.title.string.startswith("Online seksueel geweld")
    assert not page.head.find_all("b")


def test_links_between_pages_lead_to_pages(staged, tmp_path):
    page = rendered(
        staged, tmp_path, "# T\n\n[a](sources.qmd#src-x) [b](trend.qmd) [c](https://example.org/x.qmd)\n"
    )
    assert [a["href"] for a in page.main.find_all("a")] == [
        "sources.html#src-x", "trend.html", "https://example.org/x.qmd",
    ]  # fmt: skip


def test_tables_say_which_cells_are_headings(staged, tmp_path):
    page = rendered(staged, tmp_path, "# T\n\n| a | b |\n|:--|--:|\n| x | 1 |\n\n: Caption\n")
    assert [th["scope"] for th in page.find_all("th")] == ["col", "col", "row"]
    assert page.caption.string == "Caption"
    assert page.table.parent["role"] == "region"
    assert page.table.parent["tabindex"] == "0"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("1,0 (0,5–1,5)", "(0,5–1,5)"), ("−0,2 (−0,6 tot 0,2)", "(−0,6 tot 0,2)"), ("5,2", None),
        ("niet te zeggen (nog)", None), ("3 (alleen als bandbreedte gepubliceerd, 6,5–8,5)", None), ("312 (2025)", "(2025)"),
    ],
)  # fmt: skip
def test_limits_in_a_column_of_numbers_stay_on_one_line(staged, tmp_path, cell, kept):
    page = rendered(staged, tmp_path, f"# T\n\n| a | b | c |\n|:---|---:|:---|\n| x | {cell} | {cell} |\n")
    found = page.select("td .n")
    assert [n.get_text() for n in found] == ([kept] if kept else [])
    assert page.select("td")[0].get_text() == cell


def test_a_cell_of_many_words_asks_for_room(staged, tmp_path):
    page = rendered(
        staged, tmp_path, f"# T\n\n| a | b |\n|:---|:---|\n| x | {'word ' * 20} |\n| y | few words |\n"
    )
    assert [td.get("class") for td in page.select("td")] == [["long"], None]


def test_figures_keep_their_alt_text_beside_the_caption(staged, tmp_path):
    page = rendered(staged, tmp_path, '# T\n\n![De caption](figures/x.svg){#fig-x fig-alt="Alt, met 5,2"}\n')
    assert page.img["alt"] == "Alt, met 5,2"
    assert page.figcaption.get_text() == "De caption"


def test_the_language_of_a_page_and_its_switch(staged, tmp_path):
    page = rendered(staged, tmp_path, "# T\n\nText.\n", "en")
    assert page.html["lang"] == "en-GB"
    switch = page.find("a", class_="other")
    assert (switch["href"], switch["lang"]) == ("../index.html", "nl")


def test_a_page_without_title_or_with_a_lost_include_stops(staged, tmp_path):
    with pytest.raises(OswError, match="has no title"):
        rendered(staged, tmp_path, "Text.\n")
    with pytest.raises(OswError, match="names a file that is not there"):
        rendered(staged, tmp_path / "b", "# T\n\n{{< include ../../secret.md >}}\n")


def test_quarto_is_asked_for_the_profile_and_its_failure_is_told(staged, tmp_path, monkeypatch):
    """A stand-in for Quarto: what is called, and what a failure looks like."""
    log = tmp_path / "called"
    program = tmp_path / "quarto"
    program.write_text(f'#!/bin/sh\necho "$@" > {log}\necho "broken page" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert quarto.available()
    with pytest.raises(OswError, match="broken page"):
        quarto.render(staged, "nl", tmp_path / "out")
    assert f"render {staged} --profile nl --output-dir {tmp_path / 'out'}" in log.read_text()


def test_a_page_that_did_not_change_is_taken_from_what_was_kept_unless_all_is_made_anew(
    staged, tmp_path, monkeypatch
):
    calls, run = [], pandoc.pandoc.run
    monkeypatch.setattr(pandoc.pandoc, "run", lambda *a: calls.append(1) or run(*a))
    pages = []
    for number, fresh in enumerate((False, False, True), start=1):
        (staged / "index.qmd").write_text("# T\n\nA page.\n", encoding="utf-8")
        pandoc.render(staged, "nl", tmp_path / f"out{number}", store=Store(tmp_path / "kept", fresh=fresh))
        pages.append((tmp_path / f"out{number}" / "index.html").read_bytes())
    assert len(calls) == 2
    assert len(set(pages)) == 1

"""Editions that see less than the latest: every notebook runs, says what was not public, and nothing that was not."""

import re
from itertools import pairwise

import pytest

from osw_stats.data.edition import load_tables
from osw_stats.kept.code_cells import notebook_names
from osw_stats.publish import own_claims
from osw_stats.publish.contents import UNPUBLISHED as KIND
from osw_stats.publish.contents import items, results_of, told_in
from osw_stats.publish.pages import standard
from osw_stats.publish.site.headlines import cards
from osw_stats.publish.site.stage import page_text
from osw_stats.text.words import QUESTIONS
from tests.computed import page
from tests.conftest import copy_project

pytestmark = pytest.mark.whole_road
LANGUAGE = {2022: "nl", 2023: "en", 2024: "en", 2025: "nl"}
SOONER = "2025-04-01"  # edition 2024 on a day on which part of what the ledger cites was not out yet


@pytest.fixture(scope="module", params=[2022, 2023, 2024, 2025])
def edition(request, tmp_path_factory):
    """Run the notebooks of one edition in one language."""
    year, root = request.param, copy_project(tmp_path_factory.mktemp("early") / "project")
    if year == 2024:
        file = root / "editions/2024.yml"
        file.write_text(re.sub("as_of: .*", f"as_of: {SOONER}", file.read_text("utf-8")), "utf-8")
    # what is tested here does not hang on the number of draws
    fewer = {"prevalence": {"draws": 20_000}, "capacity_gap": {"mc_draws": 20_000}}
    tables, language = load_tables(year, root), LANGUAGE[year]
    pages = {
        (name, language): page(root, name, language, tables, edition=year, **fewer.get(name, {}))
        for name in notebook_names(root)
    }
    return year, tables, pages


def test_every_notebook_meets_the_standard_or_says_what_was_not_public(edition):
    _, _, pages = edition
    standard.require(pages)


def test_every_number_in_its_sentences_is_found_back(edition):
    _, tables, pages = edition
    claims = own_claims.own_claims(pages, tables)
    own_claims.require(claims)
    assert len(claims)


def test_nothing_rests_on_a_figure_of_later(edition):
    _, tables, pages = edition
    seen = set(tables.observations["obs_id"])
    used = {
        i
        for found in pages.values()
        for told in items(found)
        for n in told.facts.get("numbers", [])
        for i in n["observations"]
    }
    assert used
    assert used <= seen


def test_no_event_is_told_of_that_no_document_had_named_yet(edition):
    year, tables, pages = edition
    known = set(
        tables.sources.loc[tables.sources["known_by"] <= tables.edition.as_of.isoformat(), "source_id"]
    )
    told = pages["trend", LANGUAGE[year]].results.frame("trend_events")
    assert len(told)
    assert set(told["source_id"]) <= known


def test_the_start_page_has_a_card_for_every_question(edition):
    year, tables, pages = edition
    lang = LANGUAGE[year]
    text = cards(tables, told_in(lang, pages), lang)
    for name in QUESTIONS:
        assert f"({name}.qmd)" in text
    assert ": . " not in text  # a sentence that rests on no figure has no source and no grade


def test_states_are_on_the_pages(edition, tmp_path):
    year, _, pages = edition
    states = {name: [i for i in items(found) if i.kind == KIND] for (name, _), found in pages.items()}
    texts = {name: page_text(found, tmp_path) for (name, _), found in pages.items()}
    # the police figures of these years were not public, nor by then the complaints that waited at the AP
    assert states["capacity_gap" if year == 2024 else "trend"]
    for name, found in states.items():
        assert all(i.facts["text"] in texts[name] for i in found)
    if year < 2024:
        assert len(states["claims"]) == 1
        assert states["capacity_gap"]
        assert "claims_result" not in results_of(pages)["claims"].tables
        # the meetings the report tells of had not been published
        assert not any(i.name == "authority_answers" for i in items(pages["capacity_gap", LANGUAGE[year]]))
    else:  # edition 2025 has no report to check
        assert bool(states["claims"]) == (year == 2025)


def test_the_headings_that_are_left_have_something_under_them(edition, tmp_path):
    year, _, pages = edition
    for found in pages.values():
        (tmp_path / str(year)).mkdir(exist_ok=True)
        lines = [line for line in page_text(found, tmp_path / str(year)).splitlines() if line.strip()]
        heads = [n for n, line in enumerate(lines) if line.startswith("#")]
        for here, after in pairwise(heads):
            level = [len(lines[n]) - len(lines[n].lstrip("#")) for n in (here, after)]
            assert after > here + 1 or level[1] > level[0], lines[here]

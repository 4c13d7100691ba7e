"""The reporting standard on pages: results that meet a line must be shown in every language, where they exist."""

from dataclasses import replace

import pandas as pd
import pytest

from osw_stats.errors import OswError
from osw_stats.publish.contents import Item
from osw_stats.publish.pages import standard
from osw_stats.results.collected import Results
from osw_stats.text.words import QUESTIONS
from tests.cases import beside
from tests.pages.made import BOX, not_published, number, rendered, results

CASES = beside(__file__, "standard.yml")
NAMES = {"estimand": ["estimand", "counted"], "rounding": ["claims_result"], "vintage": ["sources"]}
TEXT = CASES["page"] + BOX


@pytest.fixture
def met_by(monkeypatch):
    def make(**names):
        of_claims = {"claims": NAMES | names}
        monkeypatch.setattr(standard, "standard", lambda: real | {"met_by": of_claims})

    real = standard.standard()
    make()
    return make


@pytest.fixture
def page(tmp_path, tables, met_by):
    def make(text=TEXT, language="nl", **values):
        values = {"n": number(1.0, 0.5, 1.5), "claims_result": tables.claims()} | values
        return replace(rendered(tmp_path, text, results(**values), tables, language), name="claims")

    return make


@pytest.mark.parametrize(("left_out", "code"), [*CASES["left_out"], (BOX, "a box ")])
def test_what_is_registered_and_not_shown_is_lacking(page, left_out, code):
    assert standard.lacking(page()) == []
    (line,) = standard.lacking(page(TEXT.replace(left_out, "")))
    assert line.startswith(code)


def test_what_is_absent_in_this_edition_and_a_page_of_nothing_are_asked_nothing(page):
    assert standard.lacking(page(claims_result=not_published())) == []
    assert standard.lacking(page(n=not_published())) == []
    assert standard.lacking(page(f"# T\n\n::: {{.nothing}}\nNiets.\n:::\n{BOX}")) == []


def test_what_is_shown_is_checked(page, met_by):
    met_by(rounding=["n"])
    (line,) = standard.lacking(page())
    assert line.startswith("rounding (")
    assert standard.lacking(page(n=number(1.0, 0.5, 1.5, kind="rounding"))) == []


def test_a_sentence_needs_a_grade_and_a_figure_its_alt_text(page):
    figure = Item("figure", "f", {"alt": " "}, {})
    made = page(TEXT, n=number(1.0, 0.5, 1.5, grade=""))
    lacks = standard.lacking(replace(made, parts=(*made.parts, figure)))
    assert lacks == ["alt of figure f", "a sentence with its evidence grade"]


def test_the_page_of_every_language_must_show_it(page):
    whole, part = page(), page(TEXT.replace("{{ sources('n') }}", ""), "en")
    standard.require({("claims", "nl"): whole})
    with pytest.raises(OswError, match=r"pages/en/claims.*vintage.*standard.yml"):
        standard.require({("claims", "nl"): whole, ("claims", "en"): part})


def test_names_that_no_notebook_registers_and_lines_that_nothing_meets_are_refused(met_by):
    asked = (requirement["notebooks"] for requirement in standard.standard()["requirements"].values())
    assert {notebook for notebooks in asked for notebook in notebooks} == set(QUESTIONS)
    met_by(vintage=[])
    faults = [(e.column, e.value) for e in standard.unknown("claims", {"estimand"})]
    assert faults == [("claims.rounding", "claims_result"), ("claims.vintage", None)]


@pytest.mark.parametrize(("code", "shown", "lack"), CASES["declared"])
def test_what_is_declared_must_really_be_there(code, shown, lack):
    found, items = Results(), []
    for n, columns in enumerate(shown):
        if isinstance(columns.get("lower", []), list):
            found.tables[f"t{n}"] = results(t=pd.DataFrame(columns)).tables["t"]
            items.append(Item("table", f"t{n}", {}, {}))
        else:
            number = columns | {"name": "n", "interval_kind": "x"}
            items.append(Item("sentence", "s", {"numbers": [number]}, {}))
    said = standard.lack_of(standard.standard()["requirements"][code], items, found)
    assert (lack in said) if lack else said == ""

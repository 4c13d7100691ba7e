"""The reporting standard on pages: results that meet a line must be shown in every language, where they exist."""

from dataclasses import replace

import pytest

from osw_stats.errors import OswError
from osw_stats.report import standard
from osw_stats.results.collected import Results
from tests.pages.made import BOX, not_published, number, rendered, results

NAMES = {"estimand": ["estimand", "counted"], "rounding": ["claims_result"], "vintage": ["sources"]}
TEXT = (
    "# Titel\n\n::: {#estimand}\nGeschat is {{ n }}.\n:::\n\n{{ counted('police_reports') }}\n\n"
    "{{ table('claims_result', chapter='4') }}\n\n## Bronnen {#sources}\n\n{{ sources('n') }}\n"
)


@pytest.fixture(autouse=True)
def its_names(monkeypatch):
    monkeypatch.setattr(standard, "names", lambda: {"claims": NAMES, "trend": NAMES})


def as_claims(page):
    return replace(page, name="claims")


@pytest.fixture
def lacking(tmp_path, tables):
    def make(text=TEXT + BOX, **values):
        given = {"n": number(1.0, 0.5, 1.5), "claims_result": tables.claims()} | values
        page = rendered(tmp_path, text, results(**given), tables)
        return standard.lacking(as_claims(page))

    return make


def test_a_page_that_shows_all_passes(lacking):
    assert lacking() == []


@pytest.mark.parametrize(
    ("left_out", "code"),
    [("{{ counted('police_reports') }}", "estimand"), ("{{ table('claims_result', chapter='4') }}", "rounding"),
     ("{{ sources('n') }}", "vintage")],
)  # fmt: skip
def test_what_is_registered_and_not_shown_is_lacking(lacking, left_out, code):
    (line,) = lacking((TEXT + BOX).replace(left_out, ""))
    assert line.startswith(f"{code} (")


def test_what_is_absent_in_this_edition_is_not_asked(lacking):
    assert lacking(claims_result=not_published()) == []


def test_a_sentence_that_gave_way_to_a_reason_is_not_asked(lacking):
    assert lacking(n=not_published()) == []


def test_what_is_shown_is_checked(lacking, monkeypatch):
    monkeypatch.setattr(standard, "names", lambda: {"claims": NAMES | {"rounding": ["n"]}})
    (line,) = lacking()
    assert line.startswith("rounding (")
    assert lacking(n=number(1.0, 0.5, 1.5, kind="rounding")) == []


def test_a_page_of_nothing_is_asked_nothing(tmp_path, tables):
    page = rendered(tmp_path, "# T\n\n::: {.nothing}\nNiets.\n:::\n" + BOX, Results(), tables)
    assert standard.lacking(as_claims(page)) == []


def test_the_page_of_every_language_must_show_it(tmp_path, tables):
    given = results(n=number(1.0, 0.5, 1.5), claims_result=tables.claims())
    whole = rendered(tmp_path, TEXT + BOX, given, tables)
    part = rendered(tmp_path, (TEXT + BOX).replace("{{ sources('n') }}", ""), given, tables, "en")
    whole, part = as_claims(whole), as_claims(part)
    standard.require({("claims", "nl"): whole})
    with pytest.raises(OswError, match=r"pages/en/claims.*vintage.*standard.yml"):
        standard.require({("claims", "nl"): whole, ("claims", "en"): part})


def test_names_that_no_notebook_registers_are_told():
    faults = standard.unknown("claims", {"estimand"})
    assert [(e.column, e.value) for e in faults] == [("claims.rounding", "claims_result")]


def test_a_line_that_nothing_meets_is_told(monkeypatch):
    monkeypatch.setattr(standard, "names", lambda: {"claims": NAMES | {"vintage": []}})
    (fault,) = standard.unknown("claims", {"estimand", "claims_result"})
    assert (fault.column, fault.problem) == ("claims.vintage", "is not met by any result")

"""Readers get words, each by the kind of its id, and the singular after a 1."""

import re

import pytest

from osw_stats.errors import OswError
from osw_stats.report import changes_words, fragments
from osw_stats.report.language import Said, filled
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.named import breakdown, category, definition
from osw_stats.report.words import QUESTIONS, WORDS, word
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import SEXES, STATUSES, WITHOUT_VALUE
from osw_stats.vocabulary.series import catalogue
from osw_stats.vocabulary.units import UNITS

LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("kind", WORDS)
def test_an_id_of_another_kind_or_of_none_stops_and_is_named(kind):
    others = {code for other in WORDS.values() for code in other} - set(WORDS[kind])
    assert len(others) > 50
    for code in (*sorted(others), "", "no_such_id", "Trend"):
        with pytest.raises(OswError, match=re.escape(f'words: "{code}" is no {kind} ')):
            word(kind, code, "nl")
    for code, text in WORDS[kind].items():
        assert [word(kind, code, k) for k in LANGUAGES] == [text[k] for k in LANGUAGES]
        assert all((text[k].strip() and text[k] != code) or "_" not in code for k in LANGUAGES)


def test_what_the_tables_may_hold_has_words():
    assert set(SEXES) <= set(WORDS["sex"])
    assert set(WITHOUT_VALUE) <= set(WORDS["no_value"])
    assert QUESTIONS.items() <= WORDS["page"].items()
    assert {code for codes in WORDS["dimension"] for code in [codes]} - {"months", "years", "from"} <= set(
        WORDS
    )


def test_every_breakdown_of_the_tables_has_words(tables):
    for text in sorted(set(tables.vintages["breakdown"]) - {""}):
        for language in LANGUAGES:
            assert "_" not in breakdown(text, language) or text.startswith("months=")
            assert category(text, language) in breakdown(text, language)
    for wrong in ("concept=sextortion", "concept=trend", "page=trend", "subject=needed", "concept"):
        with pytest.raises(OswError, match="words: "):
            breakdown(wrong, "en")


def test_every_definition_of_the_tables_has_words(tables):
    for text in sorted(set(tables.vintages["definition_id"])):
        for language in LANGUAGES:
            said = definition(text, language)
            assert said
            assert "_" not in said
            assert text not in said
            assert text.split(".")[0] in catalogue() or "@" in text


@pytest.mark.parametrize("page", QUESTIONS)
def test_the_table_of_own_sentences_names_the_page_by_its_title(page):
    row = {"notebook": page, "sentences": 1, "numbers": 1, "held": 1}
    first = LAYOUTS["own_claims"].columns[0]
    assert [first.cell(row, k) for k in LANGUAGES] == [QUESTIONS[page][k] for k in LANGUAGES]


PRINTED = {1: "1", 2: "2", -1: "−1", 0: "0", 11: "11", 21: "21"}


def own_words(code: str, value: float, language: str) -> str:
    unit = UNITS[code]
    return getattr(unit, f"one_{language}") if abs(value) == 1 else getattr(unit, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", UNITS)
@pytest.mark.parametrize("value", PRINTED)
def test_the_words_after_a_number_are_singular_only_after_one(code, value, language):
    assert UNITS[code].words(PRINTED[value], language) == own_words(code, value, language)
    for printed in ("1,0", "1.0", "10", "1.001", "0 tot 1", "1 (0–2)", "1 tot 2", ""):
        assert UNITS[code].words(printed, language) == getattr(UNITS[code], language)
    for printed in ("meer dan 1", "less than 1"):
        assert UNITS[code].words(printed, language) == getattr(UNITS[code], f"one_{language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", UNITS)
@pytest.mark.parametrize("value", [1, 2])
def test_every_place_that_prints_a_figure_agrees_with_it(code, value, language):
    unit, wanted = UNITS[code], own_words(code, value, language)
    estimate = Number(float(value), code, None, None, "none", ("a",), "m", "A")
    for shown in (f"{Said(estimate, language)}", f"{Said(estimate, language):change}"):
        number = shown.split(" ")[0]
        agrees = wanted if number.lstrip("−") in ("1", "2") else getattr(unit, language)
        assert f"{number} {agrees}" in shown
    row = {"obs_value": float(value), "unit_measure": code, "lower": None, "obs_status": "normal"}
    assert fragments.described(row, language)[2] == f"{value} {wanted}"
    changed = {"change": "headline_new", "subject": "trend/reports/police_reports", "new_value": float(value), "old": "", "new": "", "unit": code}  # fmt: skip
    cell = changes_words.cells(changed, language)[1]
    number = cell.split(" ")[0]
    assert cell == f"{number} {wanted if number in ('1', '2') else getattr(unit, language)}"


def test_a_text_with_a_choice_takes_the_one_that_fits_the_number():
    for n in range(30):
        assert filled("{n} [n:other|others]", n=n) == f"{n} {'other' if n == 1 else 'others'}"
    assert filled("[a:is|are] {b} [b:body|bodies]", a=1, b="2") == "is 2 bodies"
    assert filled("[x](y) {n}", n=1) == "[x](y) 1"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_figure_without_a_value_says_why_and_never_by_its_code(status, language):
    reason = status if status in WITHOUT_VALUE else "range_only"
    said = WORDS["no_value"][reason][language]
    row = {"obs_value": float("nan"), "lower": 1.0 if reason == "range_only" else float("nan"), "obs_status": status, "unit_measure": "persons"}  # fmt: skip
    assert fragments.described(row, language)[2] == said
    changed = {
        "change": "figure_revised", "subject": "police_reports", "time_period": "2024", "sex": "total", "age": "total", "region": "NL",
        "breakdown": "", "old": status, "new": status, "old_value": float("nan"), "new_value": 5.0, "unit": "persons",
        "new_source": "a", "old_source": "b",
    }  # fmt: skip
    assert changes_words.cells(changed, language)[2] == said

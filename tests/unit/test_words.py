"""Readers get words, each by the kind of its id, and the singular after a 1."""

import re

import pytest

from osw_stats.errors import OswError
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import SEXES, STATUSES, WITHOUT_VALUE
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.publish.site.sources import described
from osw_stats.text import changes_words
from osw_stats.text.codes import breakdown, category, definition
from osw_stats.text.language import Said, filled
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.words import QUESTIONS, WORDS, word

LANGUAGES = ("nl", "en")
FIGURE = {"series_id": "police_reports", "sex": "total", "age": "total", "breakdown": "", "lower": None}
NAN = float("nan")


@pytest.mark.parametrize("kind", WORDS)
def test_an_id_of_another_kind_or_of_none_stops_and_is_named(kind):
    others = {code for other in WORDS.values() for code in other} - set(WORDS[kind])
    for code in (*sorted(others), "", "no_such_id", "Trend"):
        with pytest.raises(OswError, match=re.escape(f'words: "{code}" is no {kind} ')):
            word(kind, code, "nl")
    for code, text in WORDS[kind].items():
        said = [word(kind, code, language) for language in LANGUAGES]
        assert said == [text[language] for language in LANGUAGES]
        assert all(words.strip() and (words != code or "_" not in code) for words in said)


def test_what_the_tables_may_hold_has_words(tables):
    assert set(SEXES) <= set(WORDS["sex"])
    assert set(WITHOUT_VALUE) <= set(WORDS["no_value"])
    assert set(WORDS["dimension"]) - {"months", "years", "from"} <= set(WORDS)
    for text in set(tables.vintages["breakdown"]) - {""}:
        for language in LANGUAGES:
            assert "_" not in breakdown(text, language) or text.startswith("months=")
            assert category(text, language) in breakdown(text, language)
    for text in set(tables.vintages["definition_id"]):
        for language in LANGUAGES:
            said = definition(text, language)
            assert said
            assert "_" not in said
            assert text.split(".")[0] in catalogue() or "@" in text


@pytest.mark.parametrize(
    "wrong", ["concept=sextortion", "concept=trend", "page=trend", "subject=needed", "concept"]
)
def test_a_breakdown_of_another_dimension_has_no_words(wrong):
    with pytest.raises(OswError, match="words: "):
        breakdown(wrong, "en")


@pytest.mark.parametrize(
    ("text", "nl", "en"),
    [
        ("cbs_osi_12m.1", "de eerste, tot 2022", "the first, until 2022"),
        ("cbs_osi_12m.2", "de tweede, vanaf 2022", "the second, from 2022"),
        ("what is counted", "what is counted", "what is counted"),
    ],
)
def test_a_definition_is_named_by_its_place_in_the_series(text, nl, en):
    assert (definition(text, "nl"), definition(text, "en")) == (nl, en)


@pytest.mark.parametrize("page", QUESTIONS)
def test_the_table_of_own_sentences_names_the_page_by_its_title(page):
    first = LAYOUTS["own_claims"].columns[0]
    row = {"notebook": page, "sentences": 1, "numbers": 1, "held": 1}
    assert [first.cell(row, language) for language in LANGUAGES] == list(QUESTIONS[page].values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", UNITS)
def test_the_words_after_a_number_are_singular_only_after_one(code, language):
    unit = UNITS[code]
    one, many = getattr(unit, f"one_{language}"), getattr(unit, language)
    for printed in ("1", "−1", "meer dan 1", "less than 1"):
        assert unit.words(printed, language) == one
    for printed in ("0", "2", "11", "21", "1,0", "1.0", "10", "1.001", "0 tot 1", "1 (0–2)", "1 tot 2", ""):
        assert unit.words(printed, language) == many
    for value, words in ((1.0, one), (2.0, many)):  # and so does every place that prints a figure
        estimate = Number(value, code, None, None, "none", ("a",), "m", "A")
        for shown in (f"{Said(estimate, language)}", f"{Said(estimate, language):change}"):
            number = shown.split(" ")[0]
            assert shown.startswith(f"{number} {words if number in ('1', '2') else many}")
        row = FIGURE | {"obs_value": value, "unit_measure": code, "obs_status": "normal"}
        assert described(row, language)[2] == f"{value:.0f} {words}"
        changed = {"change": "headline_new", "subject": "trend/reports/police_reports", "old": "", "new": ""}
        cell = changes_words.cells(changed | {"new_value": value, "unit": code}, language)[1]
        number = cell.split(" ")[0]
        assert cell == f"{number} {words if number in ('1', '2') else many}"


def test_a_text_with_a_choice_takes_the_one_that_fits_the_number():
    for n in (0, 1, 2, 11, 21):
        assert filled("{n} [n:other|others]", n=n) == f"{n} {'other' if n == 1 else 'others'}"
    assert filled("[a:is|are] {b} [b:body|bodies]", a=1, b="2") == "is 2 bodies"
    assert filled("[x](y) {n}", n=1) == "[x](y) 1"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_figure_without_a_value_says_why_and_never_by_its_code(status, language):
    reason = status if status in WITHOUT_VALUE else "range_only"
    said = WORDS["no_value"][reason][language]
    lower = 1.0 if reason == "range_only" else NAN
    row = FIGURE | {"obs_value": NAN, "lower": lower, "obs_status": status, "unit_measure": "persons"}
    assert described(row, language)[2] == said
    changed = FIGURE | {
        "change": "figure_revised",
        "subject": "police_reports",
        "time_period": "2024",
        "region": "NL",
    }
    changed |= {"old": status, "new": status, "old_value": NAN, "new_value": 5.0, "unit": "persons"}
    changed |= {"new_source": "a", "old_source": "b"}
    assert changes_words.cells(changed, language)[2] == said

"""What readers see in Dutch and English: numbers, dates, words for codes and cells of tables, by hand."""

import re
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.errors import OswError
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import SEXES, STATUSES, WITHOUT_VALUE
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.publish import compare
from osw_stats.publish.site import sources
from osw_stats.text import layouts
from osw_stats.text.cells import FIELD, INTERVAL, WAYS, pattern_cell
from osw_stats.text.language import Said, between, day, month, number, period_words, when
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import markdown
from osw_stats.text.words import WORDS, breakdown, category, definition, filled, word
from osw_stats.yamlfile import read_yaml

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
LANGUAGES = ("nl", "en")
NAN = float("nan")
SPACE = "\N{NO-BREAK SPACE}"


def estimate(value, unit, lower=None, upper=None, kind="none"):
    return Number(value, unit, lower, upper, kind, ("a",), "by hand", "A")


SAY = {f.__name__: f for f in (number, day, month, when, period_words, definition)}
SAY["between"] = lambda low, language, high, in_words: between(low, high, language, in_words=in_words)
SAY["estimate"] = lambda what, language, way: format(Said(estimate(*what), language), way)


@pytest.mark.parametrize(("say", "value", "nl", "en"), CASES["said"])
def test_numbers_estimates_days_periods_and_definitions_in_both_languages(say, value, nl, en):
    first, *more = value
    assert [SAY[say](first, language, *more) for language in LANGUAGES] == [nl, en]


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="unknown way"):
        format(Said(estimate(16.2, "fte"), "nl"), "loudly")


@pytest.mark.parametrize(("pattern", "absent", "row", "nl"), CASES["patterns"])
def test_a_pattern_is_filled_in(pattern, absent, row, nl):
    assert pattern_cell(pattern, absent)(row, "nl") == nl.replace("_", SPACE)


@pytest.mark.parametrize(("table", "head", "row", "nl"), CASES["cells"])
def test_a_row_becomes_a_cell(table, head, row, nl):
    (column,) = (c for c in LAYOUTS[table].columns if c.nl == head)
    assert column.cell(row, "nl") == nl.replace("_", SPACE)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_table_has_heads_in_both_languages_and_ways_that_are_known(name):
    table = read_yaml(Path(layouts.__file__).with_name("tables.yml"))[name]
    for column in table["columns"]:
        assert column["nl"].strip() and column["en"].strip()
        shows = column["show"].values() if isinstance(column["show"], dict) else [column["show"]]
        for pattern in (*shows, column.get("absent", "")):
            for field, way in FIELD.findall(pattern):
                assert re.fullmatch(r"[\w*]+", field) or INTERVAL.fullmatch(field), field
                assert way.partition(" ")[0] in WAYS or re.fullmatch(r"(-?\d|unit)?", way), way
    for language in LANGUAGES:
        text = markdown(pd.DataFrame(), LAYOUTS[name], language).removeprefix("::: {.words}\n")
        head, rule, _, caption, *_ = text.split("\n")
        assert head.count(" | ") == rule.count(" | ") == len(table["columns"]) - 1
        assert caption == f": {table[language]}"


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


@pytest.mark.parametrize("wrong", CASES["no_breakdowns"])
def test_a_breakdown_of_another_dimension_has_no_words(wrong):
    with pytest.raises(OswError, match="words: "):
        breakdown(wrong, "en")


def test_what_the_tables_may_hold_has_words(tables):
    assert set(SEXES) <= set(WORDS["sex"])
    assert set(WORDS["dimension"]) - {"months", "years", "from"} <= set(WORDS)
    for language in LANGUAGES:
        for text in set(tables.vintages["breakdown"]) - {""}:
            assert "_" not in breakdown(text, language) or text.startswith("months=")
            assert category(text, language) in breakdown(text, language)
        for text in set(tables.vintages["definition_id"]):
            assert (said := definition(text, language)) and "_" not in said
            assert text.split(".")[0] in catalogue() or "@" in text


def described(row, language):
    """Return how the list of figures and the page of changes print a figure."""
    everybody = {"series_id": "police_reports", "sex": "total", "age": "total"}
    row = everybody | {"breakdown": "", "lower": None} | row
    changed = row | {"change": "figure_revised", "subject": row["series_id"]}
    changed |= {"time_period": "2024", "region": "NL"}
    changed |= {"old": row["obs_status"], "new": row["obs_status"], "new_source": "a", "old_source": "b"}
    changed |= {"old_value": row["obs_value"], "new_value": 5.0, "unit": row["unit_measure"]}
    return sources.described(row, language)[2], compare.cells(changed, language)[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", UNITS)
def test_the_words_after_a_number_are_singular_only_after_one(code, language):
    unit = UNITS[code]
    one, many = getattr(unit, f"one_{language}"), getattr(unit, language)
    for printed in ("1", "−1", "meer dan 1", "less than 1"):
        assert unit.words(printed, language) == one
    for printed in ("0", "2", "11", "21", "1,0", "1.0", "10", "1.001", "0 tot 1", "1 (0–2)", "1 tot 2", ""):
        assert unit.words(printed, language) == many
    for value in (1.0, 2.0):  # and so does every place that prints a figure
        said = Said(estimate(value, code), language)
        row = {"obs_value": value, "unit_measure": code, "obs_status": "normal"}
        changed = [f"{said:change}"] if f"{said:than}" in ("dan", "than") else []
        for shown in (f"{said}", *changed, *described(row, language)):
            printed = shown.split(" ")[0]
            assert shown.startswith(f"{printed} {one if printed == '1' else many}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_figure_without_a_value_says_why_and_never_by_its_code(status, language):
    reason = status if status in WITHOUT_VALUE else "range_only"
    row = {"obs_value": NAN, "obs_status": status, "unit_measure": "persons"}
    row["lower"] = 1.0 if reason == "range_only" else NAN
    assert set(described(row, language)) == {WORDS["no_value"][reason][language]}


@pytest.mark.parametrize(("text", "parts", "expected"), CASES["choices"])
def test_a_text_with_a_choice_takes_the_one_that_fits_the_number(text, parts, expected):
    assert filled(text, **parts) == expected

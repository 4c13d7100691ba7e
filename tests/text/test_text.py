"""What readers see in Dutch and English: numbers, dates, words for codes and cells of tables, by hand."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from osw_stats.errors import OswError
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import SEXES, STATUSES, WITHOUT_VALUE
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.publish.site import sources
from osw_stats.text import changes_words, layouts
from osw_stats.text.cells import FIELD, INTERVAL, WAYS, pattern_cell
from osw_stats.text.language import Said, between, day, month, number, period_words, when
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import markdown
from osw_stats.text.words import QUESTIONS, WORDS, breakdown, category, definition, filled, word
from osw_stats.yamlfile import read_yaml

LANGUAGES = ("nl", "en")
NAN = float("nan")
SPACE = "\N{NO-BREAK SPACE}"
# pattern | what stands there where it is absent | row | Dutch
PATTERNS = """
{a:1} | ~ | a: 1234.25 | 1.234,3
{a:1} | ~ | a: .nan | niet gepubliceerd
{a:fte} | not_found | a: .nan | niet gevonden
{a:1} | – | a: .inf | –
{a:1} | {b:word no_change} | a: .nan, b: first_year | eerste jaar
{a:1} | {b:word no_change} | a: .nan, b: '' |
{a:0} → {b:0} | ~ | a: 1000, b: 2 | 1.000 → 2
{a (b..c):1} | ~ | a: -0.2, b: -0.6, c: 0.2 | −0,2 (−0,6 tot 0,2)
{a (b..c):1} | ~ | a: 5.2, b: 4.9, c: 5.5 | 5,2 (4,9–5,5)
{a (b..c):1} | ~ | a: 5.2, b: .nan, c: .nan | 5,2
{a (b..c):0} | '' | a: .nan, b: 1.0, c: 2.0 |
{a (b..c):0} | ~ | a: 5.0, b: 5.0, c: 5.0 | 5
{a (b..c):0} | ~ | a: 5.0, b: 4.9, c: 5.1 | 5 (5–5)
{a (b..c):-3} | ~ | a: 14499.0, b: 13500.0, c: 15000.0 | 14.000 (14.000–15.000)
{b to c:1} | ~ | b: 5.2, c: 12.7 | 5,2 tot 12,7
{b to c:day} | no_date | b: '2024-07-01', c: '2024-07-01' | 1 juli 2024
{a}[ ({b:0}%)] | ~ | a: x, b: .nan | x
{a}[ ({b:0}%)] | ~ | a: '{b}', b: 4.0 | {b} (4%)
{a_*} | ~ | a_nl: wie, a_en: who | wie
{g:plus}{a:fte} | ~ | g: growth, a: 16.25 | +16,25
{a:sized} | ~ | a: 13.66 | 13,7
{a:sized} | ~ | a: 0.0249 | 0,025
{a:million} | ~ | a: 6500000.0 | 6,5
{a:million} | ~ | a: 6550000.0 | 6,55
{a:percent} | ~ | a: 0.316 | 32%
{a:printed} | ~ | a: 31.0 | 31
{a:whole} | ~ | a: 2024.0 | 2024
{a (b..c):unit} | ~ | a: 5.21, b: 4.9, c: 5.5, unit: percent | 5,2 (4,9–5,5)
{a (b..c):unit} | ~ | a: 0.4, b: 0.35, c: 0.456, unit: percent | 0,40 (0,35–0,46)
{a (b..c):unit} | ~ | a: 16.0, b: 15.5, c: 16.0, unit: fte | 16,0 (15,5–16,0)
{a (b..c):unit} | ~ | a: .nan, b: 4.0, c: 6.0, unit: fte | alleen als bandbreedte gepubliceerd (4–6)
{a (b..c):unit} | ~ | a: 5.0, b: .nan, c: .nan, unit: fte | niet gepubliceerd
{a (b..c):unit} | ~ | a: 5.0, b: 4.95, c: 5.05, unit: percent, interval_kind: rounding | 5,0 (4,95–5,05)
{a:p} | ~ | a: 0.00149 | 0,001
{a:p} | ~ | a: 0.00099 | <_0,001
{a:p} | ~ | a: 0.0 | <_0,001
{a:p} | ~ | a: 1.0 | 1,000
"""
# table | head of a column | row | Dutch
CELLS = """
prev_estimates | Groep | sex: female, age: '16-17' | meisjes, 16-17 jaar
prev_estimates | Groep | sex: female, age: '18-23' | vrouwen, 18-23 jaar
prev_estimates | Effectieve steekproef (bandbreedte) | n_eff: 900.0, n_eff_min: 800.0, n_eff_max: .inf | 900 (800–∞)
prev_sensitivity | Uitkomst | quantity: change 2020 to 2024 | verandering 2020 tot 2024
prev_sensitivity | Aanname | variant: deff 1.6 | ontwerpeffect 1,6
prev_model | Term | term: groupfemale 16-17 | meisjes 16-17
its_fit | Term | term: s2 | seizoen, sinus 2
its_sensitivity | Keuze | variant: local_trend | trend van de laatste drie jaar
its_sensitivity | Verhouding (marge) | rr: .nan, lower: .nan, upper: .nan, reason: te kort | te kort
region_funnel | Per 100.000 | rate: 12.4 | 12
region_funnel | Gewoon verschil | low998: 10.0, high998: 14.0 | 10–14
region_funnel | Geregistreerde misdrijven | count: 3.0, suppression_reason: primary | niet getoond: te klein
cap_parameters | Laag | unit: share, low: 0.025 | 2,50%
cap_parameters | Laag | unit: eur_per_fte, low: 95000.0 | €_95.000
cap_mc | 10% | unit: eur, q10: 6500000.0 | €_6,50_mln
cap_bodies | Nodig | needed: 4.0, needed_growth: true, needed_year: '2024' | +4 (2024)
trend_half_years | Berekening | variant: identity, share_before: .nan | uit jaartotalen en groei
authority_matrix | Beleid | q1: 3, scope1: part | deels; over een deel van het onderwerp
"""


def rows(table):
    """Return the lines of a table as values; what holds a row is YAML."""
    cases = []
    for line in table.strip().splitlines():
        *names, row, expected = (part.strip() for part in line.split(" |"))
        cases.append((*names, yaml.safe_load(f"{{{row}}}"), expected.replace("_", SPACE)))
    return cases


def estimate(value, unit, lower=None, upper=None, kind="none"):
    return Number(value, unit, lower, upper, kind, ("a",), "by hand", "A")


SHARE = estimate(5.2, "percent", 4.895, 5.523, "assumed")
PEOPLE = estimate(769_600, "persons", 724_178, 817_870, "assumed")
POSTS = estimate(16.2, "fte", 16.2, 16.2)
GROWTH = estimate(5.6, "percent", -6.6, 19.4, "overdispersed")
HALVES = (
    "0.05 1 0.1; 0.15 1 0.2; 0.25 1 0.3; 2.45 1 2.5; 0.5 0 1; 1.5 0 2; 2.5 0 3; -2.5 0 -3; 13.815789 1 13.8"
)


@pytest.mark.parametrize("case", [*HALVES.split("; "), "764999 -4 760000", "765000 -4 770000"])
def test_halves_go_up_on_the_decimal_text(case):
    value, decimals, expected = case.split()
    assert str(half_up(value, int(decimals))) == expected


@pytest.mark.parametrize(
    ("say", "value", "nl", "en"),
    [
        (number, (14802,), "14.802", "14,802"),
        (number, (2.5,), "3", "3"),
        (number, (5.25, 1), "5,3", "5.3"),
        (number, (-6.61, 1), "−6,6", "−6.6"),
        (number, (-0.04, 1), "0,0", "0.0"),
        (day, ("2024-07-01",), "1 juli 2024", "1 July 2024"),
        (month, ("2023-04-30",), "april 2023", "April 2023"),
        (month, ("2023",), "2023", "2023"),
        (when, ("2023-04",), "in april 2023", "in April 2023"),
        (when, ("2023-11-27",), "op 27 november 2023", "on 27 November 2023"),
        (period_words, ("2024-H2",), "de tweede helft van 2024", "the second half of 2024"),
        (period_words, ("2024-07",), "juli 2024", "July 2024"),
        (definition, ("cbs_osi_12m.1",), "de eerste, tot 2022", "the first, until 2022"),
        (definition, ("cbs_osi_12m.2",), "de tweede, vanaf 2022", "the second, from 2022"),
        (definition, ("what is counted",), "what is counted", "what is counted"),
    ],
)
def test_numbers_days_periods_and_definitions_in_both_languages(say, value, nl, en):
    first, *more = value
    assert (say(first, "nl", *more), say(first, "en", *more)) == (nl, en)


def test_a_range_has_a_dash_unless_a_minus_sign_follows_it():
    assert between("4.9", "5.5", "en") == "4.9–5.5"
    assert between("4.9", "5.5", "en", in_words=True) == "4.9 to 5.5"
    assert between("−0.6", "0.2", "nl") == "−0.6 tot 0.2"


@pytest.mark.parametrize(
    ("what", "way", "nl", "en"),
    [
        (SHARE, "", "5,2 procent", "5.2 percent"),
        (SHARE, "interval", "4,9 tot 5,5 procent", "4.9 to 5.5 percent"),
        (SHARE, "one_in", "ongeveer 1 op de 19", "about 1 in 19"),
        (PEOPLE, "interval", "720.000 tot 820.000 mensen", "720,000 to 820,000 people"),
        (estimate(11, "fte", 1, 21, "rounding"), "", "11 fte", "11 fte"),
        (POSTS, "", "16,2 fte", "16.2 fte"),
        (POSTS, "interval", "geen marge", "no margin"),
        (GROWTH, "change", "5,6 procent meer", "5.6 percent more"),
        (
            GROWTH,
            "span",
            "6,6 procent minder tot 19,4 procent meer",
            "6.6 percent fewer to 19.4 percent more",
        ),
        (estimate(6_500_000, "eur"), "", "6,5 miljoen euro", "6.5 million euros"),
        # a percentage keeps the decimals it was printed with
        (estimate(31.0, "percent", 30.5, 31.5, "rounding"), "change", "31 procent meer", "31 percent more"),
        (estimate(5.0, "percent", 4.95, 5.05, "rounding"), "", "5,0 procent", "5.0 percent"),
    ],
)
def test_ways_to_say_an_estimate(what, way, nl, en):
    assert (format(Said(what, "nl"), way), format(Said(what, "en"), way)) == (nl, en)


def test_an_unknown_way_and_a_number_that_rests_on_nothing_are_refused():
    with pytest.raises(ValueError, match="unknown way"):
        format(Said(POSTS, "nl"), "loudly")
    with pytest.raises(ValueError, match="rests on"):
        Number(1, "fte", None, None, "none", (), "guess", "D")


@pytest.mark.parametrize(("pattern", "absent", "row", "nl"), rows(PATTERNS))
def test_a_pattern_is_filled_in(pattern, absent, row, nl):
    assert pattern_cell(pattern, yaml.safe_load(absent) if absent in ("~", "''") else absent)(row, "nl") == nl


@pytest.mark.parametrize(("table", "head", "row", "nl"), rows(CELLS))
def test_a_row_becomes_a_cell(table, head, row, nl):
    (column,) = (c for c in LAYOUTS[table].columns if c.nl == head)
    assert column.cell(row, "nl") == nl


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


@pytest.mark.parametrize("page", QUESTIONS)
def test_the_table_of_own_sentences_names_the_page_by_its_title(page):
    row = {"notebook": page, "sentences": 1, "numbers": 1, "held": 1}
    assert [LAYOUTS["own_claims"].columns[0].cell(row, language) for language in LANGUAGES] == list(
        QUESTIONS[page].values()
    )


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


@pytest.mark.parametrize(
    "wrong", ["concept=sextortion", "concept=trend", "page=trend", "subject=needed", "concept"]
)
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
    row = {
        "series_id": "police_reports",
        "sex": "total",
        "age": "total",
        "breakdown": "",
        "lower": None,
    } | row
    changed = row | {
        "change": "figure_revised",
        "subject": row["series_id"],
        "time_period": "2024",
        "region": "NL",
    }
    changed |= {"old": row["obs_status"], "new": row["obs_status"], "new_source": "a", "old_source": "b"}
    changed |= {"old_value": row["obs_value"], "new_value": 5.0, "unit": row["unit_measure"]}
    return sources.described(row, language)[2], changes_words.cells(changed, language)[2]


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
        for shown in (f"{said}", f"{said:change}", *described(row, language)):
            printed = shown.split(" ")[0]
            assert shown.startswith(f"{printed} {one if printed == '1' else many}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_figure_without_a_value_says_why_and_never_by_its_code(status, language):
    reason = status if status in WITHOUT_VALUE else "range_only"
    row = {"obs_value": NAN, "obs_status": status, "unit_measure": "persons"}
    row["lower"] = 1.0 if reason == "range_only" else NAN
    assert set(described(row, language)) == {WORDS["no_value"][reason][language]}


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("{n} [n:other|others]", {"n": 1}, "1 other"),
        ("{n} [n:other|others]", {"n": 0}, "0 others"),
        ("{n} [n:other|others]", {"n": 21}, "21 others"),
        ("[a:is|are] {b} [b:body|bodies]", {"a": 1, "b": "2"}, "is 2 bodies"),
        ("[x](y) {n}", {"n": 1}, "[x](y) 1"),
    ],
)
def test_a_text_with_a_choice_takes_the_one_that_fits_the_number(text, parts, expected):
    assert filled(text, **parts) == expected

"""Cells of the tables for readers: what a pattern or function of `tables.yml` says of a row, worked by hand."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from osw_stats.text import layouts
from osw_stats.text.cells import FIELD, INTERVAL, WAYS, p_value, pattern_cell
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import markdown
from osw_stats.yamlfile import read_yaml

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
"""
# table | head of a column | row | Dutch
CELLS = """
prev_estimates | Groep | sex: female, age: '16-17' | meisjes, 16-17 jaar
prev_estimates | Groep | sex: female, age: '18-23' | vrouwen, 18-23 jaar
prev_estimates | Tellen als (bandbreedte) | n_eff: 900.0, n_eff_min: 800.0, n_eff_max: .inf | 900 (800–∞)
prev_sensitivity | Uitkomst | quantity: change 2020 to 2024 | verandering 2020 tot 2024
prev_sensitivity | Aanname | variant: deff 1.6 | ontwerpeffect 1,6
prev_model | Term | term: groupfemale 16-17 | meisjes 16-17
its_fit | Term | term: s2 | seizoen, sinus 2
its_sensitivity | Keuze | variant: date 2024-06 | datum 2024-06
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


@pytest.mark.parametrize(("pattern", "absent", "row", "nl"), rows(PATTERNS))
def test_a_pattern_is_filled_in(pattern, absent, row, nl):
    assert pattern_cell(pattern, yaml.safe_load(absent) if absent in ("~", "''") else absent)(row, "nl") == nl


@pytest.mark.parametrize(("table", "head", "row", "nl"), rows(CELLS))
def test_a_row_becomes_a_cell(table, head, row, nl):
    (column,) = (c for c in LAYOUTS[table].columns if c.nl == head)
    assert column.cell(row, "nl") == nl


@pytest.mark.parametrize(
    ("p", "nl"),
    [(0.00149, "0,001"), (0.00099, f"<{SPACE}0,001"), (0.0, f"<{SPACE}0,001"), (1.0, "1,000")],
)
def test_a_p_value_is_written_in_one_way(p, nl):
    assert p_value(p, "nl") == pattern_cell("{p:p}")({"p": p}, "nl") == nl


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
    for language in ("nl", "en"):
        head, rule, *rest = (
            markdown(pd.DataFrame(), LAYOUTS[name], language).removeprefix("::: {.words}\n").split("\n")
        )
        assert head.count(" | ") == rule.count(" | ") == len(table["columns"]) - 1
        assert rest[1] == f": {table[language]}"

"""Every kind of interval and verdict that readers see has the size it says, in worlds whose truth is known (SIMULATED)."""

import re
from functools import cache

import pandas as pd
import pytest

from osw_stats.data.edition import Tables, load_tables
from osw_stats.meaning.numbers import Number
from osw_stats.yamlfile import read_yaml
from tests.computed import computed
from tests.conftest import PROJECT
from tests.size.rows import EXEMPT, TARGETS, all_rows, measure, normal_tail, outside

ROWS = all_rows()
NOTEBOOKS, EDITIONS = ("trend", "prevalence", "capacity_gap", "claims"), (2024, 2025)
# tables that wait for data, and those whose limits name no kind of their own; None: it shows no limits
KINDS = {
    "authority_agreement": "independent",
    "authority_disagreements": None,
    "cap_fte": "rounding",
    "cap_money": "rounding",
    "cap_overlap": "rounding",
    "cap_parameters": "scenario",
    "cap_supervision_parameters": "scenario",
    "cap_mc": "draws",
    "cap_tornado": "scenario",
    "cap_fan": "draws",
    "cap_waiting": "rounding",
    "claims_result": "rounding",
    "claims_often_read": "rounding",
    "claims_findings": "rounding",
    "claims_unproven": "rounding",
    "funnel_parameters": "scenario",
    "its_diagnostics": "overdispersed",
    "its_excess": "overdispersed",
    "its_fit": "overdispersed",
    "its_placebo": "overdispersed",
    "its_sensitivity": "overdispersed",
    "prev_model": "design",
    "prev_model_fit": None,
    "prev_shrunken": "design",
    "region_funnel": "overdispersed",
    "region_years": "overdispersed",
}
LIMITS = re.compile(r"(^|_)(lower|upper|low|high)\d*$|^q\d0$")
# verdicts that say what a wording leaves open, or what a ledger holds: no chance in them
CERTAIN = {"published_change", "what_could_be_seen", "years_of_a_gap", "statement"}


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_share_lies_where_it_is_said_to(row):
    """With few worlds: what lies outside by more than luck of the draw, one in a thousand, is wrong."""
    assert normal_tail(outside(row, measure(row, row.few))) > 0.001


@cache
def loaded(year: int) -> Tables:
    return load_tables(year, PROJECT)


@cache
def shown() -> tuple[dict[str, set[str]], set[str]]:
    """Return the kinds of every table that a page prints, and those of the numbers."""
    printed = {
        name
        for page in (PROJECT / "pages" / "en").glob("*.qmd")
        for name in re.findall(r'table\("(\w+)"', page.read_text(encoding="utf-8"))
    }
    tables: dict[str, set[str]] = {name: set() for name in printed}
    numbers: set[str] = set()
    for notebook in NOTEBOOKS:
        for year in EDITIONS:
            results = computed(PROJECT, notebook, tables=loaded(year), drawing=None)
            for name in printed & set(results.tables):
                tables[name] |= kinds(name, results.frame(name))
            numbers |= {n.interval_kind for n in results.numbers.values() if isinstance(n, Number)}
    for name in printed:
        tables[name] |= {KINDS.get(name)} - {None}
    return tables, numbers


def kinds(name: str, table: pd.DataFrame) -> set[str]:
    if "interval_kind" in table:
        return set(table["interval_kind"])
    limits = [column for column in table if LIMITS.search(str(column))]
    assert not limits or name in KINDS, f"{name} has limits {limits} of no kind: add it to KINDS"
    return set()


def wanted() -> set[str]:
    tables, numbers = shown()
    of_tables = {f"{name}:{kind}" for name, some in tables.items() for kind in some - set(EXEMPT)}
    words = read_yaml(PROJECT / "osw_stats" / "publish" / "pages" / "verdicts.yml", "verdicts.yml")
    said = {key for key, about in words.items() if about.get("family", "statement") not in CERTAIN}
    return (
        of_tables | {f"number:{kind}" for kind in numbers - set(EXEMPT)} | {f"verdict:{key}" for key in said}
    )


def test_every_kind_of_interval_and_every_verdict_of_chance_has_a_row():
    assert wanted() - {mark for row in ROWS for mark in row.stands_for} == set()


def test_a_row_stands_for_something_that_is_shown_and_has_a_target():
    assert {mark for row in ROWS for mark in row.stands_for} - wanted() == set()
    assert {row.target for row in ROWS} <= set(TARGETS)
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_what_is_no_chance_is_not_called_a_margin():
    words = read_yaml(PROJECT / "osw_stats" / "meaning" / "intervals.yml", "intervals.yml")
    ranges = {kind: words[kind]["en"] for kind in set(EXEMPT) - {"none", "published"}}
    assert [kind for kind, said in ranges.items() if "range" not in said] == []

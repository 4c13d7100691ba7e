"""Every kind of interval and verdict that readers see has the size it says, in worlds whose truth is known (SIMULATED)."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.data.edition import load_tables
from osw_stats.meaning.numbers import Number
from osw_stats.results.collected import Results
from osw_stats.stats.capacity.authorities import agreement
from osw_stats.yamlfile import read_yaml
from tests.computed import computed
from tests.conftest import PROJECT, copy_project
from tests.simulated import drop_police_table, export_by_month, export_by_region, simulated
from tests.simulated_margins import answers, margin_rows, write_margins
from tests.size.rows import EXEMPT, TARGETS, all_rows, measure, outside
from tests.size.survey import two_codings

ROWS = all_rows()
NOTEBOOKS, EDITIONS = ("trend", "prevalence", "capacity_gap", "claims"), (2024, 2025)
SHOWN = read_yaml(PROJECT / "tests" / "size" / "shown.yml", "shown.yml")
END = re.compile(r"^(?:(.*)_)?(?:lower|upper|low|high)(\d*)$")
OTHER = re.compile(r"(^|_)(p|se|t)$|^(p|mdd\d+|detectable)(_|$)")  # a p, a standard error, a power
Wanted = set[tuple[str, str, str]]  # table, measure, and the word that tells its rows apart
# verdicts that say what a wording leaves open, or what a ledger holds: no chance in them
CERTAIN = {"published_change", "what_could_be_seen", "years_of_a_gap", "statement"}


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_share_lies_where_it_is_said_to(row):
    """With few worlds: what lies outside by more than luck of the draw, one in a thousand, is wrong."""
    assert stats.norm.sf(outside(row, measure(row, row.few))) > 0.001


def by_word(said: Any) -> dict[str, list[str]]:
    """Return which rows of the table of sizes stand for something, by the word that tells its own rows apart."""
    parts = said if isinstance(said, dict) else {"": said}
    return {word: rows if isinstance(rows, list) else [rows] for word, rows in parts.items() if word != "by"}


SAID = {(table, what): said for table, of in SHOWN["tables"].items() for what, said in of.items()}
STANDS = {(*of, word): rows for of, said in SAID.items() for word, rows in by_word(said).items()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> list[Results]:
    """What the notebooks make of two editions, and of one with SIMULATED answers, margins, months and regions."""
    editions = [load_tables(year, PROJECT) for year in EDITIONS]
    made = [computed(PROJECT, name, tables=tables, drawing=None) for name in NOTEBOOKS for tables in editions]
    folder = tmp_path_factory.mktemp("more")
    root = copy_project(folder / "project")
    write_margins(root / "data/raw/cbs", margin_rows())
    series = simulated(5, n=110, post=14, first="2016-07")
    drop_police_table(root, "47022NED", export_by_month(series))
    drop_police_table(root, "47013NED", export_by_region(4, first=2019))
    answers(4, 0.4).to_csv(folder / "answers.csv", index=False)
    asked = [("trend", {"law_month": series.months[-14], "region": "Groningen"}), ("prevalence", {})]
    asked += [("prevalence", {"microdata": str(folder / "answers.csv")})]
    more = [computed(root, name, tables=load_tables(2024, root), drawing=None, **of) for name, of in asked]
    return made + more


def measures(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return by name which rows of a table have limits, a p, a standard error or a power."""
    found: dict[str, pd.Series] = {}
    for column in map(str, table):
        end = END.match(column) or re.match(r"^(q)\d0()$", column)
        if end or OTHER.search(column):
            name = (end[1] or "limits") + end[2] if end else column
            found[name] = found.get(name, False) | pd.to_numeric(table[column], errors="coerce").notna()
    return found


def of_tables(tables: Iterable[tuple[str, pd.DataFrame]]) -> Wanted:
    """Return the measures of tables, with the words of the rows that have them."""
    wanted: Wanted = set()
    for name, table in tables:
        for what, there in measures(table).items():
            said = SAID.get((name, what))
            by = said.get("by") if isinstance(said, dict) else None
            words = table.loc[there, by].astype(str).str.split().str[0] if by else [""]
            wanted |= {(name, what, word) for word in words if there.any()}
    return wanted


def without_a_row(wanted: Wanted) -> list[str]:
    """Return what is shown and stands for no row, nor is exempt."""
    known = {row.what for row in ROWS} | set(EXEMPT)
    missing = [which for which in wanted if which not in STANDS or not set(STANDS[which]) <= known]
    return sorted(f"{table}.{what} {word}".strip() for table, what, word in missing)


def tables_of(results: list[Results]) -> list[tuple[str, pd.DataFrame]]:
    """Return every table that was made, and that of two coders, which nobody has yet."""
    two = agreement(two_codings(np.random.default_rng(1), 0.6))[0]
    return [("authority_agreement", two), *((n, r.frame(n)) for r in results for n in r.tables)]


def test_every_limit_p_and_power_of_a_table_has_a_row(shown):
    tables = tables_of(shown)
    assert without_a_row(of_tables(tables)) == []
    pages = [page.read_text(encoding="utf-8") for page in (PROJECT / "pages" / "en").glob("*.qmd")]
    printed = {name for text in pages for name in re.findall(r'table\("(\w+)"', text)}
    # every table of a page was there to be looked at, but for the one that lists where two coders differ
    assert printed - {name for name, _ in tables} <= {"authority_disagreements"}


def test_a_new_column_kind_or_model_without_a_row_is_found():
    table = pd.DataFrame({"interval_kind": ["assumed", "bayesian"], "ci_lower": [1.0, 1.0]})
    table["ci_upper"] = 2.0
    bayesian, other = "prev_estimates.ci bayesian", table.assign(p_other=0.5).iloc[:, 3:]
    for name, shown, missing in (
        ("prev_estimates", table, [bayesian]),
        ("prev_estimates", table.assign(rate_upper=3.0), [bayesian, "prev_estimates.rate"]),
        ("new_table", table[["ci_lower"]], ["new_table.ci"]),
        ("trend_pairs", other, ["trend_pairs.p_other"]),
    ):
        assert without_a_row(of_tables([(name, shown)])) == missing


def test_what_is_of_chance_is_not_exempt(shown):
    """A row of a table that says its kind is one of chance has no pair that is called rounding or a scenario alone."""
    kinds = set(read_yaml(PROJECT / "osw_stats" / "meaning" / "intervals.yml", "intervals.yml")) - set(EXEMPT)
    for name, made in tables_of(shown):
        if "interval_kind" in made and set(made["interval_kind"]) & kinds:
            rows = {row for (table, *_), of in STANDS.items() if table == name for row in of}
            assert not rows <= set(EXEMPT), name


def test_every_number_and_verdict_of_chance_has_a_row(shown):
    every = [of for results in shown for of in results.numbers.items()]
    numbers = {name for name, n in every if isinstance(n, Number) and n.interval_kind not in EXEMPT}
    words = read_yaml(PROJECT / "osw_stats" / "publish" / "pages" / "verdicts.yml", "verdicts.yml")
    verdicts = {key for key, about in words.items() if about.get("family", "statement") not in CERTAIN}
    waiting = {name for results in shown for name in results.absent}  # for figures of other years
    assert numbers <= set(SHOWN["numbers"]) <= numbers | waiting
    assert verdicts == set(SHOWN["verdicts"])


def test_what_stands_for_a_row_is_shown_and_each_row_stands_for_something(shown):
    assert set(SAID) <= {(name, what) for name, table in tables_of(shown) for what in measures(table)}
    alone = [by_word(said) for of in ("numbers", "verdicts") for said in SHOWN[of].values()]
    every = [*STANDS.values(), *(rows for parts in alone for rows in parts.values())]
    used = {row for rows in every for row in rows}
    assert used - set(EXEMPT) == {row.what for row in ROWS}
    assert {row.target for row in ROWS} <= set(TARGETS)
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_what_is_no_chance_is_not_called_a_margin():
    words = read_yaml(PROJECT / "osw_stats" / "meaning" / "intervals.yml", "intervals.yml")
    ranges = {kind: words[kind]["en"] for kind in set(EXEMPT) - {"none", "published"}}
    assert [kind for kind, said in ranges.items() if "range" not in said] == []

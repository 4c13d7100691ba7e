"""Small tables by hand: rows as they are published, and what each function makes of them (tables.yml)."""

from pathlib import Path
from pkgutil import resolve_name

import pytest

from osw_stats import errors
from osw_stats.errors import InputError
from osw_stats.meaning.authorities import AUTHORITIES, authority
from osw_stats.stats import coverage, revisions
from osw_stats.stats.capacity import budgets, gaps
from osw_stats.stats.counts import half_years, levels, reconciliation, requests
from osw_stats.yamlfile import read_yaml
from tests.cases import table
from tests.simulated_figures import listed

CASES = read_yaml(Path(__file__).with_name("tables.yml"))
TABLES = {
    "alternatives": revisions.alternatives,
    "gaps of money": budgets.money_gaps,
    "gaps of posts": gaps.gaps,
    "half years": half_years.exact,
    "missing": coverage.missing,
    "rates": levels.rates,
    "revisions": revisions.revisions,
    "side by side": reconciliation.reconcile,
    "steps": levels.chain,
    "subjects": requests.subjects,
    "unit costs": budgets.unit_costs,
    "waiting": budgets.waiting_check,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["of"])
def test_a_small_table_by_hand(case):
    def made():
        return TABLES[case["table"]](listed(case["rows"]), **case.get("with", {})).to_dict("records")

    if "error" in case:
        with pytest.raises(getattr(errors, case["error"]), match=case.get("says")) as error:
            made()
        assert "lacking" not in case or error.value.series_id == case["lacking"]
    else:
        for row, expected in zip(made(), case["gives"], strict=True):
            assert {name: row[name] for name in expected} == pytest.approx(expected, nan_ok=True)


@table(__file__, "refused", "job given error words")
def test_what_cannot_be_computed_is_refused_in_words(job, given, error, words):
    with pytest.raises(getattr(errors, error), match=words):
        resolve_name(f"osw_stats.stats.{job}")(**given)


def test_twelve_bodies_were_asked_and_one_was_not():
    assert [a.code for a in AUTHORITIES.values() if not a.asked] == ["sdt"]
    assert authority("sdt").code == "sdt"
    with pytest.raises(InputError, match="no such body"):
        authority("nobody")

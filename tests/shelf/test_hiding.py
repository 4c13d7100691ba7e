"""Hiding small counts: the rule, the audit, and what somebody who reads everything can still not exclude."""

import pytest

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.counts import protect
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, System, too_small
from tests.cases import table

ROW = [("all", ["a", "b", "c"])]


def row(a, b, c, total=None):
    return {"a": a, "b": b, "c": c, "all": a + b + c if total is None else total}


def hidden(figures, relations=ROW, **how):
    return {k: r for k, r in protect(figures, relations, **how)[0].items() if r}


@table(__file__, "row", "counts names")
def test_a_row_with_its_total(counts, names):
    assert set(hidden(row(*counts))) == set(names.split())


def test_reasons_say_why():
    assert hidden(row(12, 3, 40)) == {"a": "complementary", "b": "primary"}
    assert hidden({"a": 3, "b": 9, "c": None}, []) == {"a": "primary", "c": "withheld"}
    figures = {"a": 2, "b": 20, "ab": 22, "c": 30, "all": 52}
    nested = hidden(figures, [("ab", ["a", "b"]), ("all", ["ab", "c"])])
    assert nested == {"a": "primary", "b": "complementary"}
    assert (MIN_COUNT, too_small(49, 49), too_small(50, 29), too_small(50, 30)) == (5, True, True, False)


def test_what_is_public_stays_shown_and_counts_for_the_attacker():
    assert set(hidden(row(12, 3, 40), public=["a", "all"])) == {"b", "c"}
    with pytest.raises(InputError, match=r'column "b".*public already.*only the total'):
        protect(row(12, 3, 40), ROW, public=["a", "c", "all"])


def test_a_table_is_protected_in_both_directions():
    body = {(r, c): 20 for r in "rst" for c in "xyz"} | {("r", "x"): 2}
    sums = [((r, "total"), [(r, c) for c in "xyz"]) for r in "rst"]
    sums += [(("total", c), [(r, c) for r in "rst"]) for c in "xyz"]
    whole = body | {total: sum(body[part] for part in parts) for total, parts in sums}
    lines = hidden(whole, sums)
    assert all(sum(part in lines for part in parts) != 1 for _, parts in sums)
    assert len(lines) == 4  # a square around the small one, no more


@table(__file__, "no_table", "figures parts problem")
def test_what_is_no_table_is_refused(figures, parts, problem):
    with pytest.raises(InputError, match=problem):
        protect(figures, [("all", parts)] if parts else [])


@table(__file__, "system", "lower upper sums may_be")
def test_what_the_sums_leave_open(lower, upper, sums, may_be):
    system = System(lower, upper, sums)
    for figure, numbers in may_be.items():
        assert [n for n in range(12) if system.takes(figure, n)] == numbers
        assert system.known(figure) is (len(numbers) == 1)

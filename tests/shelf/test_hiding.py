"""Hiding small counts: the rule, the audit, and what somebody who reads everything can still not exclude."""

import math

import pytest

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.counts import protect
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, System, too_small

ROW = [("all", ["a", "b", "c"])]
INF = math.inf


def row(a, b, c, total=None):
    return {"a": a, "b": b, "c": c, "all": a + b + c if total is None else total}


def hidden(figures, relations=ROW, **how):
    return {k: r for k, r in protect(figures, relations, **how)[0].items() if r}


@pytest.mark.parametrize(
    ("figures", "names"),
    [
        (row(12, 3, 40), "a b"),  # the smallest other one goes along
        (row(0, 3, 40), "b c"),  # a zero is nobody and protects nobody
        (row(0, 3, 0), "b all"),  # only the total is left to hide, and it is small itself
        (row(0, 5, 0), ""),
        (row(4, 4, 40), "a b"),
        (row(1, 2, 40), "a b c"),  # 3 together: neither could be 4, so one more is hidden
        (row(1, 1, 1), "a b c all"),
        (row(0, 0, 0), ""),
        (row(5, 6, 7), ""),
        (row(3, 20, 20), "a b"),  # of equals the first
        (row(7.0, math.nan, 5, 30), "b c"),  # a whole float is a count, NaN is withheld
        (row(12, None, 40, 55), "a b"),  # 55 - 12 - 40 would undo what the publisher withheld
        (row(4, None, 5, 9), "a b"),  # what is withheld may have been a zero
        (row(3, None, 5, 8), "a b c"),  # three for the two of them: it cannot be four
    ],
)
def test_a_row_with_its_total(figures, names):
    assert set(hidden(figures)) == set(names.split())


def test_reasons_say_why():
    assert hidden(row(12, 3, 40)) == {"a": "complementary", "b": "primary"}
    assert hidden({"a": 3, "b": 9, "c": None}, []) == {"a": "primary", "c": "withheld"}
    figures = {"a": 2, "b": 20, "ab": 22, "c": 30, "all": 52}
    assert hidden(figures, [("ab", ["a", "b"]), ("all", ["ab", "c"])]) == {
        "a": "primary",
        "b": "complementary",
    }
    assert (MIN_COUNT, too_small(49, 49), too_small(50, 29), too_small(50, 30)) == (5, True, True, False)


def test_what_is_public_stays_shown_and_counts_for_the_attacker():
    assert set(hidden(row(12, 3, 40), public=["a", "all"])) == {"b", "c"}
    with pytest.raises(InputError, match=r'column "b".*public already.*only the total'):
        protect(row(12, 3, 40), ROW, public=["a", "c", "all"])


def test_a_table_is_protected_in_both_directions():
    body = {(r, c): 20 + at for at, (r, c) in enumerate((r, c) for r in "rst" for c in "xyz")} | {
        ("r", "x"): 2
    }
    sums = [((r, "total"), [(r, c) for c in "xyz"]) for r in "rst"]
    sums += [(("total", c), [(r, c) for r in "rst"]) for c in "xyz"]
    whole = body | {total: sum(body[part] for part in parts) for total, parts in sums}
    lines = hidden(whole, sums)
    assert all(sum(part in lines for part in parts) != 1 for _, parts in sums)
    assert len(lines) == 4  # a square around the small one, no more


@pytest.mark.parametrize(
    ("figures", "relations", "problem"),
    [
        ({"a": -1}, [], "is no count"),
        ({"a": 1.5}, [], "is no count"),
        ({"a": 1}, [("all", ["a"])], "is no figure"),
        ({"a": 1, "all": 3}, [("all", ["a"])], "not the sum of its parts"),
        ({"a": 9, "b": None, "all": 3}, [("all", ["a", "b"])], r"not the sum of its parts \(9\)"),
        ({"a": 9, "b": 1, "all": 11}, [("all", ["a", "b"])], "not the sum of its parts"),
    ],
)
def test_what_is_no_table_is_refused(figures, relations, problem):
    with pytest.raises(InputError, match=problem):
        protect(figures, relations)


@pytest.mark.parametrize(
    ("lower", "upper", "sums", "may_be"),
    [
        # a + b = 7, both at least 1
        ([1, 1, 7], [INF, INF, 7], [(2, (0, 1))], {0: range(1, 7), 2: [7]}),
        ([1, 1, 2], [INF, INF, 2], [(2, (0, 1))], {0: [1]}),
        # a total without an end has none
        ([0, 0, 0], [INF] * 3, [(2, (0, 1))], {2: range(12)}),
        # without a sum only its own limits count
        ([0, 2], [5, 2], [], {0: range(6), 1: [2]}),
        # figures that can be exchanged share what they may be; a total and a part cannot
        ([1, 1, 1, 10], [9, 9, 9, 10], [(3, (0, 1, 2))], {0: range(1, 9), 1: range(1, 9), 2: range(1, 9)}),
        ([0, 0, 3], [10, 10, 3], [(0, (1, 2))], {1: range(8), 0: range(3, 11)}),
        # x + y = 5 and y + z = 5 and x + z = 4: only 2, 3, 2 fits
        (
            [0, 0, 0, 5, 5, 4],
            [9, 9, 9, 5, 5, 4],
            [(3, (0, 1)), (4, (1, 2)), (5, (0, 2))],
            {0: [2], 1: [3], 2: [2]},
        ),
    ],
)
def test_what_the_sums_leave_open(lower, upper, sums, may_be):
    system = System(lower, upper, sums)
    for figure, numbers in may_be.items():
        assert [n for n in range(12) if system.takes(figure, n)] == list(numbers)
        assert system.known(figure) is (len(numbers) == 1)

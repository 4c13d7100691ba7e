"""What hides a small number: the edges of each rule."""

import math

import numpy as np
import pytest

from osw_stats.analysis.disclosure import protect, require_rounded_margins, round_to_base, sums, treated
from osw_stats.analysis.disclosure.feasible import System
from osw_stats.analysis.disclosure.groups import _open
from osw_stats.errors import InputError


class TestSystem:
    def test_what_the_sums_leave_open(self):
        # a + b = 7, both at least 1
        system = System([1, 1, 7], [math.inf, math.inf, 7], [(2, (0, 1))])
        assert [system.takes(0, n) for n in range(9)] == [
            False,
            True,
            True,
            True,
            True,
            True,
            True,
            False,
            False,
        ]
        assert system.takes(2, 7)
        assert not system.takes(2, 6)
        assert not system.known(0)
        assert System([1, 1, 2], [math.inf, math.inf, 2], [(2, (0, 1))]).known(0)
        assert not System([1, 1, 3], [math.inf, math.inf, 3], [(2, (0, 1))]).known(0)

    def test_without_a_sum_only_its_own_limits_count(self):
        system = System([0, 2], [5, 2], [])
        assert (system.takes(0, 5), system.takes(0, 6), system.known(0), system.known(1)) == (
            True,
            False,
            False,
            True,
        )

    def test_figures_that_can_be_exchanged_share_what_they_may_be(self):
        system = System([1, 1, 1, 10], [9, 9, 9, 10], [(3, (0, 1, 2))])
        assert [system.takes(at, 8) for at in (0, 1, 2)] == [True] * 3
        assert not system.takes(1, 9)
        assert not system.known(2)

    def test_a_total_and_a_part_with_the_same_limits_cannot_be_exchanged(self):
        system = System([0, 0, 3], [10, 10, 3], [(0, (1, 2))])
        assert system.takes(1, 0)
        assert not system.takes(0, 0)
        assert system.takes(0, 3)
        assert not system.takes(1, 8)

    def test_only_a_small_number_must_be_able_to_be_every_small_number(self):
        system = System([0, 0], [2, 2], [])
        assert _open(system, 0, 0)  # a zero says nothing of one to four
        assert not _open(system, 0, 2)  # it could not be 3 or 4
        assert not _open(System([0], [0], []), 0, 0)  # known

    def test_an_unbounded_total_has_no_end(self):
        system = System([0, 0, 0], [math.inf] * 3, [(2, (0, 1))])
        assert not system.known(2)
        assert system.takes(2, 1000)

    def test_two_sums_together(self):
        # x + y = 5 and y + z = 5 and x + z = 4: only x = 2, y = 3, z = 2 fits
        system = System([0, 0, 0, 5, 5, 4], [9, 9, 9, 5, 5, 4], [(3, (0, 1)), (4, (1, 2)), (5, (0, 2))])
        assert [system.known(at) for at in range(3)] == [True] * 3
        assert [n for n in range(6) if system.takes(1, n)] == [3]


class TestHiding:
    def test_a_withheld_figure_may_have_been_a_zero(self):
        # four for the two of them: the small one may be all of it, since what is withheld may be nothing
        found = protect({"a": 4, "b": None, "c": 5, "all": 9}, [("all", ["a", "b", "c"])])
        assert (found["a"], found["b"]) == ("primary", "withheld")
        assert found["c"] == ""
        # three for the two of them: it cannot be four, so that one more is hidden
        assert (
            protect({"a": 3, "b": None, "c": 5, "all": 8}, [("all", ["a", "b", "c"])])["c"] == "complementary"
        )

    def test_the_smallest_goes_along_and_of_equals_the_first(self):
        found = protect({"a": 3, "b": 30, "c": 20, "d": 20, "all": 73}, [("all", "abcd")])
        assert [k for k, r in found.items() if r] == ["a", "c"]

    def test_totals_of_totals(self):
        figures = {"a": 2, "b": 20, "ab": 22, "c": 30, "all": 52}
        found = protect(figures, [("ab", ["a", "b"]), ("all", ["ab", "c"])])
        assert found == {"a": "primary", "b": "complementary", "ab": "", "c": "", "all": ""}
        assert treated(figures, found)["ab"] == 22
        assert math.isnan(treated(figures, found)["b"])

    def test_a_float_that_is_whole_is_a_count_and_nan_is_withheld(self):
        assert protect({"a": 7.0, "b": np.nan}, []) == {"a": "", "b": "withheld"}
        for bad in (-1, 2.5):
            with pytest.raises(InputError, match="is no count"):
                protect({"a": bad}, [])

    def test_parts_that_are_known_do_not_exceed_their_total(self):
        with pytest.raises(InputError, match=r"not the sum of its parts \(9\)"):
            protect({"a": 9, "b": None, "all": 8}, [("all", ["a", "b"])])
        assert protect({"a": 9, "b": None, "all": 9}, [("all", ["a", "b"])])["b"] == "withheld"
        with pytest.raises(InputError):
            protect({"a": 9, "b": 1, "all": 11}, [("all", ["a", "b"])])

    def test_sums_of_a_table(self):
        found = dict(sums(["r", "s"], ["x"]))
        assert found["r", "total"] == [("r", "x")]
        assert found["total", "x"] == [("r", "x"), ("s", "x")]
        assert found["total", "total"] == [("r", "total"), ("s", "total")]
        assert len(sums(["r", "s"], ["x"])) == 3 + 2

    @pytest.mark.parametrize(("n", "base", "rounded"), [(2, 5, 0), (3, 5, 5), (7.5, 5, 10), (5, 10, 10), (4, 10, 0), ("12", 5, 10), (1, 2, 2)])  # fmt: skip
    def test_rounding_to_a_base_takes_halves_up(self, n, base, rounded):
        assert round_to_base(n, base) == rounded

    def test_a_rounded_zero_may_have_been_up_to_half_the_base(self):
        # 0 to base 5 is 0, 1 or 2; with an exact total of 2 each may still be that, with 1 not
        require_rounded_margins({"a": 0, "b": 5}, [], base=5)
        with pytest.raises(InputError, match='column "a"'):
            require_rounded_margins(
                {"a": 0, "b": 0, "t": 1}, [("t", ["a", "b"])], base=5, exact=frozenset("t")
            )
        require_rounded_margins({"a": 0, "b": 0, "t": 2}, [("t", ["a", "b"])], base=5, exact=frozenset("t"))

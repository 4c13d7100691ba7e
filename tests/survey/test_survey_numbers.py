"""Intervals, effective sizes, differences, ratios and groups of people: closed forms, invariants, edges, simulation."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from osw_stats.errors import NotEstimableError
from osw_stats.stats.draws import generator, quantiles
from osw_stats.stats.survey import intervals
from osw_stats.stats.survey.comparing import adjust, detectable, difference, newcombe_p, p_range
from osw_stats.stats.survey.funnel import drawn_ratio
from osw_stats.stats.survey.groups import disjoint, holds, leaves
from osw_stats.stats.survey.intervals import LEAST_SIZE, effective_n, proportion_interval, total_interval
from tests.cases import table
from tests.worked import hold, worked

Z = 1.959963984540054
REACH = Z + 0.8416212335729143  # of a test that finds four in five
shares, sizes = st.floats(0.01, 0.99), st.floats(20, 50_000)


@worked(__file__)
def test_what_is_worked_out_by_hand(case):
    hold(case)


class TestIntervals:
    @given(st.floats(0.001, 0.999), st.floats(2, 1e6), st.floats(0.5, 3), st.floats(0.001, 0.5))
    def test_wilson_and_logit_in_closed_form(self, p, n, deff, alpha):
        m, z = n / deff, stats.norm.isf(alpha / 2)
        centre = (p + z * z / (2 * m)) / (1 + z * z / m)
        half = z / (1 + z * z / m) * math.sqrt(p * (1 - p) / m + z * z / (4 * m * m))
        wilson = proportion_interval(p, n, deff=deff, alpha=alpha)
        assert wilson == pytest.approx((centre - half, centre + half))
        log, width = math.log(p / (1 - p)), z / math.sqrt(m * p * (1 - p))
        ends = [1 / (1 + math.exp(-log - side * width)) for side in (-1, 1)]
        assert proportion_interval(p, n, deff=deff, alpha=alpha, method="logit") == pytest.approx(ends)

    @pytest.mark.parametrize("method", intervals.METHODS)
    def test_limits_enclose_the_share_of_any_size_and_widen_with_the_level(self, method):
        for p, n in product((0, 1e-7, 0.05, 0.5, 1 - 1e-7, 1), (1, 1e3, 1e6, 1e10, 1e14)):
            inside = p, p
            for alpha in (0.5, 0.05, 1e-10):
                low, high = proportion_interval(p, n, method=method, alpha=alpha)
                assert -1e-12 <= low <= inside[0] * (1 + 1e-9) + 1e-15
                assert inside[1] * (1 - 1e-9) <= high <= 1 + 1e-12
                inside = low, high

    def test_a_total_is_no_more_than_there_are_people(self):
        assert total_interval(0.9, 0.4, 1, 1000, 30)[1] == 1030

    @pytest.mark.parametrize("size", [1e-3, 0.5, 1, 1e6])
    def test_a_total_goes_with_the_size_whatever_it_is_counted_in(self, size):
        of_one, limits = (total_interval(0.05, 0, 0.1, n, n / 50) for n in (1, size))
        assert limits == pytest.approx([size * end for end in of_one])

    def test_the_least_share_and_sample_are_taken_and_less_is_not(self):
        assert total_interval(LEAST_SIZE, 0, LEAST_SIZE, 1, 0)[0] > 0
        for less in (0, LEAST_SIZE * 0.999):
            with pytest.raises(NotEstimableError, match="total of nought"):
                total_interval(less, 0, LEAST_SIZE, 1, 0)
        assert proportion_interval(0.5, LEAST_SIZE) == pytest.approx((0, 1), abs=1e-4)


class TestEffectiveN:
    @table(__file__, "symmetric", "upper symmetric")
    def test_limits_are_symmetric_up_to_one_printed_step_else_inverted_by_wilson(self, upper, symmetric):
        size = effective_n(20, 18, upper, step=1)
        assert (size.symmetric, size.point) == (symmetric, size.wald if symmetric else size.wilson)
        none = effective_n(0, 0, 2, step=1)
        assert none.point == none.wilson
        assert [intervals.EffectiveN(1, 1, 100, top, True).recoverable for top in (250, 250.1)] == [
            True,
            False,
        ]

    @given(st.floats(1, 60), st.floats(0.05, 1e12))  # less than one respondent makes a very wide interval
    @example(50.0, 0.08)
    def test_the_size_is_recovered_from_wilson_limits(self, pct, n):
        low, high = proportion_interval(pct / 100, n)
        assert effective_n(pct, 100 * low, 100 * high, step=0.1).wilson == pytest.approx(n, rel=1e-6)

    @given(st.floats(2, 60), st.floats(400, 20_000), st.sampled_from([0.1, 1.0]))
    def test_the_true_size_lies_in_the_range_of_the_rounding_box(self, pct, n, step):
        half = 100 * Z * math.sqrt(pct / 100 * (1 - pct / 100) / n)
        printed = [round(round(x / step) * step, 6) for x in (pct, pct - half, pct + half)]
        assume(0 <= printed[1] <= printed[0] <= printed[2])
        size = effective_n(*printed, step=step)
        assert size.minimum * (1 - 1e-9) <= n <= size.maximum * (1 + 1e-9)


class TestDifferences:
    @settings(max_examples=60)
    @given(shares, sizes, shares, sizes)
    def test_newcombe_by_its_own_formula_and_turned_round(self, p, n, q, m):
        """Method 10 written out: squared distances to the Wilson limits are added."""
        (l1, u1), (l2, u2) = proportion_interval(p, n), proportion_interval(q, m)
        d, back = difference(p, n, q, m), difference(q, m, p, n)
        assert d.lower == pytest.approx(q - p - math.hypot(q - l2, u1 - p), abs=1e-9)
        assert d.upper == pytest.approx(q - p + math.hypot(u2 - q, p - l1), abs=1e-9)
        assert -1 <= d.lower <= d.upper <= 1
        assert (d.diff, d.lower, d.upper) == pytest.approx((-back.diff, -back.upper, -back.lower))
        assert (d.p_value, d.ratio) == pytest.approx((back.p_value, 1 / back.ratio))

    @settings(max_examples=30)
    @given(st.lists(st.floats(0.001, 0.9), min_size=2, max_size=12), st.data())
    def test_adjusting_is_monotone_in_every_p(self, p, data):
        """The ground of `robust_to_rounding`: raising p-values never lowers an adjusted one."""
        raised = [min(1.0, x + data.draw(st.floats(0, 0.2))) for x in p]
        for method in ("holm", "bh"):
            low, high = adjust(p, method), adjust(raised, method)
            assert all(a >= x - 1e-12 for a, x in zip(low, p, strict=True))
            assert all(b >= a - 1e-12 for a, b in zip(low, high, strict=True))

    @given(shares, sizes, sizes, st.booleans())
    def test_a_detectable_change_solves_its_equation(self, p, n, m, upward):
        d = detectable(p, n, m, upward=upward)
        assume(not math.isnan(d))
        q = p + d if upward else p - d
        assert 0 <= q <= 1 + 1e-9
        spread = p * (1 - p) / n + max(q * (1 - q), 0) / m
        assert d == pytest.approx(REACH * math.sqrt(spread), rel=1e-6, abs=1e-9)

    @settings(max_examples=25)
    @example(p=0.984375, q=0.015625, n=100.0, half=0.015625)
    @given(shares, shares, st.floats(100, 5000), st.floats(0.001, 0.02))
    def test_p_over_a_box_lies_between_the_ends_that_are_told(self, p, q, n, half):
        boxes = [(max(0.0, x - half), min(1.0, x + half)) for x in (p, q)]
        least, most = p_range(boxes[0], (n, 2 * n), boxes[1], (n / 2, n))
        grid = [np.linspace(*box, 5) for box in boxes]
        inside = [newcombe_p(a, n * f, b, n * f / 2) for a in grid[0] for b in grid[1] for f in (1, 1.5, 2)]
        assert all(least - 1e-9 <= each <= most + 1e-9 for each in inside)
        # no corner of the box says so where the ranges meet inside
        assert (most == 1) is (boxes[0][0] <= boxes[1][1] and boxes[1][0] <= boxes[0][1])
        assert least in inside or least == pytest.approx(min(inside), rel=1e-6, abs=1e-12)

    @settings(max_examples=40)
    @given(shares, sizes, shares, sizes, st.floats(0.001, 0.3))
    def test_limits_and_test_of_a_difference_never_contradict_each_other(self, p, n, q, m, alpha):
        d, chance = difference(p, n, q, m, alpha=alpha), newcombe_p(p, n, q, m)
        assume(abs(chance - alpha) > 1e-9)
        assert (d.lower <= 0 <= d.upper) is (chance > alpha)
        assert chance == pytest.approx(newcombe_p(q, m, p, n), rel=1e-6)


def test_drawn_quantiles_know_their_error():
    ratio = drawn_ratio(np.arange(1.0, 1002), alpha=0.2)
    assert (ratio.middle, ratio.lower, ratio.upper, ratio.mean) == (501, 101, 901, 501)
    # half the distance between the order statistics one binomial deviation to either side
    assert ratio.mc_se == pytest.approx(1000 * math.sqrt(0.25 / 1001))
    middle, errors = quantiles(np.arange(101.0), [0.1, 0.5])
    assert middle == pytest.approx([10, 50])
    assert errors == pytest.approx([100 * math.sqrt(0.09 / 101), 100 * math.sqrt(0.25 / 101)])
    # at the end of the draws the range is cut off
    cut = (2 - 2 * (0.99 - math.sqrt(0.0099 / 3))) / 2
    assert quantiles(np.arange(3.0), [0.99])[1][0] == pytest.approx(cut)


def test_draws_of_another_name_or_seed_are_others():
    first = [generator(*names).random() for names in ((1, "a", "b"), (1, "b", "a"), (2, "a", "b"))]
    assert len(set(first)) == 3
    assert generator(1, "a", "b").random() == first[0]


@table(__file__, "groups", "a b apart inside")
def test_groups_apart_and_within(a, b, apart, inside):
    one, other = tuple(a.split()), tuple(b.split())
    assert disjoint(one, other) is disjoint(other, one) is apart
    assert holds(one, other) is inside
    assert leaves([one, one]) == [one]

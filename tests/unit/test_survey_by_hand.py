"""Intervals, effective sizes, differences and ratios of survey shares, at the edges of what they take."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from osw_stats.analysis.draws import generator, quantiles
from osw_stats.analysis.survey.differences import adjust, detectable, difference, worst_p
from osw_stats.analysis.survey.effective import DEFF_RANGE, EffectiveN, effective_n
from osw_stats.analysis.survey.intervals import proportion_interval, total_interval
from osw_stats.analysis.survey.ratios import drawn_ratio, fieller, lognormal_ratio
from osw_stats.errors import InputError

Z = 1.959963984540054


class TestIntervals:
    @pytest.mark.parametrize("bad", [{"p": -0.01, "n": 9}, {"p": 1.01, "n": 9}, {"p": 0.5, "n": -1}, {"p": 0.5, "n": 9, "deff": -1}])  # fmt: skip
    def test_what_is_no_share_of_a_sample(self, bad):
        with pytest.raises(InputError):
            proportion_interval(**bad)

    def test_an_unknown_method_is_named(self):
        with pytest.raises(InputError, match="wilson, agresti_coull, clopper_pearson, logit"):
            proportion_interval(0.5, 9, method="wald")

    @given(st.floats(0.001, 0.999), st.floats(2, 1e6), st.floats(0.5, 3), st.floats(0.001, 0.5))
    def test_wilson_and_logit_in_closed_form(self, p, n, deff, alpha):
        m, z = n / deff, stats.norm.isf(alpha / 2)
        centre = (p + z * z / (2 * m)) / (1 + z * z / m)
        half = z / (1 + z * z / m) * math.sqrt(p * (1 - p) / m + z * z / (4 * m * m))
        assert proportion_interval(p, n, deff=deff, alpha=alpha) == pytest.approx(
            (centre - half, centre + half)
        )
        log, width = math.log(p / (1 - p)), z / math.sqrt(m * p * (1 - p))
        ends = [1 / (1 + math.exp(-log - side * width)) for side in (-1, 1)]
        assert proportion_interval(p, n, deff=deff, alpha=alpha, method="logit") == pytest.approx(ends)

    def test_a_total_by_goodmans_variance(self):
        # share 0.05 with se 0.01, size 1000 plus or minus 30: variances 1e-4 and 900 / 3 = 300
        variance = 1000**2 * 1e-4 + 0.05**2 * 300 + 1e-4 * 300
        sigma = math.sqrt(math.log(1 + variance / 50**2))
        found = total_interval(0.05, 0.05 - Z * 0.01, 0.05 + Z * 0.01, 1000, 30)
        assert found == pytest.approx((50 * math.exp(-Z * sigma), 50 * math.exp(Z * sigma)))
        # known exactly: only the share varies
        exact = math.sqrt(math.log(1 + 1e-4 / 0.05**2))
        assert total_interval(0.05, 0.05 - Z * 0.01, 0.05 + Z * 0.01, 1000, 0) == pytest.approx((50 * math.exp(-Z * exact), 50 * math.exp(Z * exact)))  # fmt: skip


class TestEffectiveN:
    def test_each_form_by_hand(self):
        # 20 percent with limits 18 and 22: Wald n = z^2 0.16 / 0.02^2
        found = effective_n(20, 18, 22, step=1)
        assert found.wald == pytest.approx(Z * Z * 0.16 / 0.0004)
        half = (math.log(0.22 / 0.78) - math.log(0.18 / 0.82)) / 2
        assert found.logit == pytest.approx(Z * Z / (0.16 * half**2))
        low, high = proportion_interval(0.2, found.wilson)
        assert high - low == pytest.approx(0.04)
        # printed in whole percents: 19.5 to 20.5, and a width of 3 to 5 percent
        assert found.minimum == pytest.approx(Z * Z * 0.195 * 0.805 / 0.025**2)
        assert found.maximum == pytest.approx(Z * Z * 0.205 * 0.795 / 0.015**2)
        assert found.symmetric
        assert found.point == found.wald

    def test_a_half_within_the_rounding_has_the_largest_spread(self):
        found = effective_n(50, 46, 54, step=1)
        assert found.maximum == pytest.approx(Z * Z * 0.25 / 0.035**2)
        assert found.minimum == pytest.approx(Z * Z * 0.495 * 0.505 / 0.045**2)
        edge = effective_n(49.5, 45.5, 53.5, step=1)  # its box ends at a half
        assert edge.maximum == pytest.approx(Z * Z * 0.25 / 0.035**2)

    @pytest.mark.parametrize(("upper", "symmetric"), [(22, True), (23, True), (23.1, False), (21, True), (20.9, False)])  # fmt: skip
    def test_limits_are_symmetric_up_to_one_printed_step(self, upper, symmetric):
        assert effective_n(20, 18, upper, step=1).symmetric is symmetric

    def test_uneven_limits_are_inverted_by_wilson(self):
        found = effective_n(5, 3, 9, step=0.1)
        assert found.point == found.wilson

    def test_limits_that_may_have_been_equal_leave_no_largest_size(self):
        found = effective_n(20, 20, 21, step=1)
        assert found.maximum == math.inf
        assert not found.recoverable
        assert effective_n(20, 19, 21, step=1).maximum == pytest.approx(Z * Z * 0.205 * 0.795 / 0.005**2)

    def test_without_any_width_every_form_is_infinite(self):
        found = effective_n(20, 20, 20, step=1)
        assert (found.wald, found.wilson, found.maximum) == (math.inf, math.inf, math.inf)
        assert math.isnan(found.logit)

    def test_at_the_ends_there_is_no_spread(self):
        found = effective_n(0, 0, 2, step=1)
        assert math.isnan(found.wald)
        assert math.isnan(found.logit)
        assert found.point == found.wilson
        assert math.isnan(effective_n(50, 0, 100, step=1).wilson)

    @pytest.mark.parametrize(("maximum", "recoverable"), [(250, True), (250.1, False)])
    def test_a_range_of_two_and_a_half_can_be_used(self, maximum, recoverable):
        assert EffectiveN(1, 1, 1, 100, maximum, True).recoverable is recoverable

    @pytest.mark.parametrize("step", [0, -1])
    def test_a_step_is_above_zero(self, step):
        with pytest.raises(InputError, match="a step is above zero"):
            effective_n(20, 18, 22, step=step)

    def test_usual_design_effects(self):
        assert DEFF_RANGE == (0.8, 2.5)


class TestDifferences:
    def test_every_part_by_hand(self):
        # 20 of 100 and 30 of 100: standard error sqrt(0.0016 + 0.0021)
        found, se = difference(0.2, 100, 0.3, 100), math.sqrt(0.0037)
        assert (found.diff, found.se, found.z) == (
            pytest.approx(0.1),
            pytest.approx(se),
            pytest.approx(0.1 / se),
        )
        assert found.p_value == pytest.approx(math.erfc(0.1 / se / math.sqrt(2)))
        assert (found.wald_lower, found.wald_upper) == (
            pytest.approx(0.1 - Z * se),
            pytest.approx(0.1 + Z * se),
        )
        (l1, u1), (l2, u2) = (proportion_interval(p, 100) for p in (0.2, 0.3))
        assert found.lower == pytest.approx(0.1 - math.sqrt((0.3 - l2) ** 2 + (u1 - 0.2) ** 2))
        assert found.upper == pytest.approx(0.1 + math.sqrt((u2 - 0.3) ** 2 + (0.2 - l1) ** 2))
        half = Z * math.sqrt(0.8 / 20 + 0.7 / 30)
        assert (found.ratio, found.ratio_lower, found.ratio_upper) == pytest.approx((1.5, 1.5 * math.exp(-half), 1.5 * math.exp(half)))  # fmt: skip

    @pytest.mark.parametrize(("p1", "p2", "z", "p"), [(0, 1, math.inf, 0), (1, 0, -math.inf, 0), (0, 0, None, None), (1, 1, None, None)])  # fmt: skip
    def test_shares_without_variance(self, p1, p2, z, p):
        found = difference(p1, 9, p2, 9)
        for value, expected in ((found.z, z), (found.p_value, p)):
            assert math.isnan(value) if expected is None else value == expected
        assert math.isnan(found.ratio) is not (p1 == p2 == 1)

    @pytest.mark.parametrize("bad", [(-0.1, 9, 0.5, 9), (0.5, 9, 1.1, 9), (0.5, 0, 0.5, 9), (0.5, 9, 0.5, 0)])
    def test_what_is_no_share_of_two_samples(self, bad):
        with pytest.raises(InputError):
            difference(*bad)

    def test_holm_and_benjamini_hochberg_by_hand(self):
        # sorted 0.01, 0.02, 0.03, 0.5: Holm times 4, 3, 2, 1; BH times 4/1, 4/2, 4/3, 4/4, each no less than the last
        p = [0.03, 0.01, math.nan, 0.5, 0.02]
        assert adjust(p, "holm") == pytest.approx([0.06, 0.04, math.nan, 0.5, 0.06], nan_ok=True)
        assert adjust(p, "bh") == pytest.approx([0.04, 0.04, math.nan, 0.5, 0.04], nan_ok=True)
        assert adjust(p, "bonferroni") == pytest.approx([0.12, 0.04, math.nan, 1, 0.08], nan_ok=True)
        assert adjust([0, 1], "holm") == [0, 1]
        assert math.isnan(adjust([math.nan], "holm")[0])
        assert adjust([], "holm") == []

    @pytest.mark.parametrize(("p", "row"), [([-0.001], 1), ([0.5, 1.001], 2)])
    def test_what_is_no_p_value_names_its_row(self, p, row):
        with pytest.raises(InputError, match=f"row {row}"):
            adjust(p, "holm")

    @pytest.mark.parametrize("upward", [True, False])
    def test_the_detectable_change_solves_its_equation(self, upward):
        p, n1, n2 = 0.3, 400, 300
        d = detectable(p, n1, n2, upward=upward)
        q = p + d if upward else p - d
        assert d == pytest.approx((Z + 0.8416212) * math.sqrt(p * (1 - p) / n1 + q * (1 - q) / n2))

    def test_where_even_everybody_would_be_missed_there_is_none(self):
        assert math.isnan(detectable(0.0, 100, 100, upward=False))
        assert math.isnan(detectable(1.0, 100, 100))
        assert math.isnan(detectable(0.5, 3, 3))

    def test_from_nobody_or_everybody_the_change_is_above_zero(self):
        # p = 0 leaves d = r sqrt(d (1 - d) / n2), so d = r^2 / (n2 + r^2)
        r2 = (Z + 0.8416212335729143) ** 2
        assert detectable(0.0, 100, 50) == pytest.approx(r2 / (50 + r2))
        assert detectable(1.0, 100, 50, upward=False) == pytest.approx(r2 / (50 + r2))
        assert detectable(1e-9, 100, 50) == pytest.approx(r2 / (50 + r2), rel=1e-4)

    @pytest.mark.parametrize("bad", [(-0.1, 9, 9), (1.1, 9, 9), (0.5, 0, 9), (0.5, 9, 0)])
    def test_a_detectable_change_needs_two_samples(self, bad):
        with pytest.raises(InputError, match="no share of two samples"):
            detectable(*bad)

    @pytest.mark.parametrize(
        ("one", "other", "equal"),
        [((0.2, 0.3), (0.3, 0.4), True), ((0.3, 0.4), (0.2, 0.3), True), ((0.2, 0.3), (0.301, 0.4), False), ((0.301, 0.4), (0.2, 0.3), False), ((0.1, 0.9), (0.4, 0.5), True)],
    )  # fmt: skip
    def test_ranges_that_touch_may_be_equal(self, one, other, equal):
        worst = worst_p(one, (100, 200), other, (100, 200))
        assert (worst == 1) is equal
        if not equal:
            near = sorted((one, other))
            assert worst == difference(near[0][1], 100, near[1][0], 100).p_value


class TestRatios:
    def test_lognormal_in_closed_form(self):
        found = lognormal_ratio(100, 0.3, 50, 0.4)
        assert (found.middle, found.mean, found.mc_se) == (2, pytest.approx(2 * math.exp(0.125)), 0)
        assert (found.lower, found.upper) == pytest.approx((2 * math.exp(-0.5 * Z), 2 * math.exp(0.5 * Z)))
        assert found.per_hundred == 50
        assert lognormal_ratio(100, 0, 50, 0).upper == 2

    @pytest.mark.parametrize(
        "bad", [(0, 0.1, 1, 0.1), (1, 0.1, 0, 0.1), (1, -0.1, 1, 0.1), (1, 0.1, 1, -0.1)]
    )
    def test_what_is_no_lognormal_amount(self, bad):
        with pytest.raises(InputError):
            lognormal_ratio(*bad)

    def test_fieller_solves_its_quadratic(self):
        found = fieller(5, 1, 10, 2)
        for r in (found.lower, found.upper):
            assert (5 - r * 10) ** 2 == pytest.approx(Z * Z * (1 + r * r * 4))
        assert found.middle == 0.5
        below = fieller(5, 1, -10, 2)
        assert (below.lower, below.upper) == pytest.approx((-found.upper, -found.lower))
        zero = fieller(0, 1, 10, 2)
        assert zero.lower == pytest.approx(-zero.upper)

    @pytest.mark.parametrize(("se", "known"), [(9.99 / Z, True), (10 / Z, False), (11 / Z, False)])
    def test_fieller_needs_a_denominator_apart_from_zero(self, se, known):
        assert math.isnan(fieller(5, 1, 10, se).lower) is not known

    @pytest.mark.parametrize("bad", [(1, 1, 0, 1), (1, -1, 1, 1), (1, 1, 1, -1)])
    def test_what_is_no_ratio(self, bad):
        with pytest.raises(InputError, match="is no ratio"):
            fieller(*bad)

    def test_drawn_quantiles_are_those_of_the_ratio(self):
        found = drawn_ratio(np.arange(1.0, 1002) * 2, np.full(1001, 2.0), alpha=0.2)
        assert (found.middle, found.lower, found.upper, found.mean) == (501, 101, 901, 501)
        # half the distance between the order statistics one binomial deviation to either side
        assert found.mc_se == pytest.approx(1000 * math.sqrt(0.25 / 1001))

    def test_quantiles_and_their_error_by_hand(self):
        found, errors = quantiles(np.arange(101.0), [0.1, 0.5])
        assert found == pytest.approx([10, 50])
        assert errors == pytest.approx([100 * math.sqrt(0.09 / 101), 100 * math.sqrt(0.25 / 101)])
        # at the end of the draws the range is cut off
        assert quantiles(np.arange(3.0), [0.99])[1][0] == pytest.approx(
            (2 - 2 * (0.99 - math.sqrt(0.0099 / 3))) / 2
        )

    def test_draws_of_another_name_are_others(self):
        one = [generator(*names).random() for names in ((1, "a", "b"), (1, "b", "a"), (2, "a", "b"))]
        assert len(set(one)) == 3
        assert generator(1, "a", "b").random() == one[0]


def test_an_interval_wider_than_that_of_one_respondent():
    # at one half the Wilson width is z / sqrt(n + z^2), so n = z^2 (1 / width^2 - 1)
    for width in (0.9, 0.95, 0.99):
        found = effective_n(50, 50 - 50 * width, 50 + 50 * width, step=0.1)
        assert found.wilson == pytest.approx(Z**2 * (1 / width**2 - 1), rel=1e-9)
        assert found.wilson < 1

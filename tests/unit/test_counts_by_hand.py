"""Ratios, dispersions, forecasts and compositions of counts against values worked by hand or by plain least squares."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from osw_stats.analysis.counts import composition, forecast, half_years
from osw_stats.analysis.counts.rates import (
    LARGEST_E_TEST,
    e_test,
    rate_ratio,
    score_interval,
    yearly_dispersion,
)
from osw_stats.errors import InputError, NotEstimableError
from tests.plain_fits import poisson_fit


class TestRatios:
    @pytest.mark.parametrize(
        ("bad"),
        [{"x1": -1, "x0": 5}, {"x1": 5, "x0": -1}, {"x1": 5, "x0": 5, "t1": 0}, {"x1": 5, "x0": 5, "t0": 0}, {"x1": 5, "x0": 5, "phi": 0}],
    )  # fmt: skip
    def test_what_is_no_count_over_time_is_refused(self, bad):
        with pytest.raises(ValueError, match="no counts over time"):
            rate_ratio(**bad)

    def test_nothing_after_something_is_a_ratio_of_zero(self):
        # the exact upper limit of 0 against 5 is q / (1 - q) with (1 - q)^5 = 0.025
        found = rate_ratio(0, 5)
        q = 1 - 0.025 ** (1 / 5)
        assert (found.ratio, found.exact_lower) == (0, 0)
        assert found.exact_upper == pytest.approx(q / (1 - q))
        assert found.p_exact == pytest.approx(2 * 0.5**5)
        assert math.isnan(found.lower)

    def test_nothing_twice_tells_nothing(self):
        found = rate_ratio(0, 0)
        assert (found.exact_lower, found.exact_upper, found.p_exact) == (0, math.inf, 1)

    def test_one_of_each(self):
        # 1 against 1: q = 0.975^(1/2) from P(X >= 1 of 2) and its mirror image
        found = rate_ratio(1, 1)
        low = 1 - math.sqrt(0.975)
        assert found.exact_lower == pytest.approx(low / (1 - low))
        assert found.exact_upper == pytest.approx((1 - low) / low)
        assert (found.ratio, found.p_exact) == (1, 1)
        assert found.se == pytest.approx(math.sqrt(2))

    @given(st.integers(1, 5000), st.integers(1, 5000), st.floats(0.5, 3), st.floats(0.5, 3))
    def test_turning_the_years_round_turns_the_ratio_round(self, x1, x0, t1, t0):
        one, other = rate_ratio(x1, x0, t1=t1, t0=t0, phi=3), rate_ratio(x0, x1, t1=t0, t0=t1, phi=3)
        assert one.ratio == pytest.approx(1 / other.ratio)
        assert (one.lower, one.upper) == (pytest.approx(1 / other.upper), pytest.approx(1 / other.lower))
        assert (one.exact_lower, one.exact_upper) == (
            pytest.approx(1 / other.exact_upper), pytest.approx(1 / other.exact_lower),
        )  # fmt: skip
        assert one.log_ratio == pytest.approx(-other.log_ratio)
        assert one.phi_break_even == pytest.approx(other.phi_break_even)

    def test_at_the_dispersion_of_break_even_the_limit_is_one(self):
        found = rate_ratio(150, 100)
        edge = rate_ratio(150, 100, phi=found.phi_break_even)
        assert edge.lower == pytest.approx(1)
        assert edge.upper == pytest.approx(1.5**2)

    def test_the_score_limits_need_two_counts(self):
        for x1, x0 in ((0, 5), (5, 0), (0, 0)):
            assert all(math.isnan(end) for end in score_interval(x1, x0))
        low, high = score_interval(1, 1)
        assert low == pytest.approx(1 / high)  # 1 against 1 has no side

    def test_the_e_test_is_for_fewer_than_four_hundred(self):
        assert LARGEST_E_TEST == 400
        assert math.isnan(e_test(200, 200))
        assert 0 < e_test(200, 199) <= 1
        assert math.isnan(e_test(0, 0))
        assert e_test(1, 0) == pytest.approx(e_test(0, 1))


class TestDispersion:
    def test_by_hand(self):
        # three steps of a factor 2 between 100 and 200: ln 2 squared over (1/100 + 1/200)
        step = math.log(2) ** 2 / 0.015
        assert yearly_dispersion([100, 200, 100, 200]) == pytest.approx(step)
        # the last step alone is larger; left out it does not count
        last = math.log(4) ** 2 / (1 / 200 + 1 / 800)
        assert yearly_dispersion([100, 200, 100, 200, 800]) == pytest.approx((3 * step + last) / 4)
        assert yearly_dispersion([100, 200, 100, 200, 800], without=4) == pytest.approx(step)
        assert yearly_dispersion([800, 200, 100, 200, 100], without=1) == pytest.approx(step)

    def test_it_is_never_below_one(self):
        assert yearly_dispersion([100, 100, 101, 100]) == 1

    @pytest.mark.parametrize("counts", [[1, 2, 3], [1, 2, 3, 0], [1, 2, -3, 4]])
    def test_it_needs_four_positive_counts(self, counts):
        with pytest.raises(NotEstimableError, match="four positive counts"):
            yearly_dispersion(counts)


class TestForecast:
    YEARS = (2016, 2017, 2018, 2019, 2020, 2021)
    COUNTS = (100.0, 121.0, 118.0, 140.0, 155.0, 149.0)

    @pytest.mark.parametrize("least", [0.0, 1.0, 9.0])
    def test_the_trend_by_reweighted_least_squares(self, least):
        x = np.column_stack([np.ones(6), np.arange(6.0)])
        b, information, phi, _ = poisson_fit(x, np.array(self.COUNTS))
        phi = max(phi, least)
        ahead = np.array([1.0, 6.0])
        eta, variance = ahead @ b, phi * ahead @ np.linalg.inv(information) @ ahead
        spread = math.sqrt(variance + phi / math.exp(eta))
        found = forecast.next_year(self.YEARS, self.COUNTS, least_phi=least)
        t = stats.t.ppf(0.975, 4)
        assert (found.year, found.df) == (2022, 4)
        assert found.mean == pytest.approx(math.exp(eta))
        assert found.phi == pytest.approx(phi)
        assert found.se_eta == pytest.approx(math.sqrt(variance))
        assert (found.lower, found.upper) == (
            pytest.approx(math.exp(eta - t * spread)), pytest.approx(math.exp(eta + t * spread)),
        )  # fmt: skip
        assert (found.lower_normal, found.upper_normal) == (
            pytest.approx(math.exp(eta - 1.959964 * spread)), pytest.approx(math.exp(eta + 1.959964 * spread)),
        )  # fmt: skip
        assert found.growth == pytest.approx(math.exp(b[1]) - 1)

    def test_three_years_are_enough_for_a_trend_and_five_for_a_backtest(self):
        assert forecast.next_year((2016, 2017, 2018), (100, 120, 110)).df == 1
        assert forecast.backtest(self.YEARS[:5], self.COUNTS[:5]).origins == 1
        with pytest.raises(NotEstimableError, match="4 yearly counts of one definition; 5 are needed"):
            forecast.backtest(self.YEARS[:4], self.COUNTS[:4])
        with pytest.raises(NotEstimableError, match="2 yearly counts of one definition; 3 are needed"):
            forecast.repeat_last(self.YEARS[:2], self.COUNTS[:2])

    def test_years_and_counts_go_in_pairs(self):
        with pytest.raises(NotEstimableError):
            forecast.next_year((2016, 2017, 2018, 2019), (100, 120, 110))

    def test_last_year_again_by_hand(self):
        # two steps of the same size, up and down: their root mean square is ln 1.1; t with 2 degrees is 4.3026527
        found = forecast.repeat_last((2020, 2021, 2022), (100, 110, 100))
        assert (found.year, found.mean, found.growth, found.df) == (2023, 100, 0, 2)
        assert found.se_eta == pytest.approx(math.log(1.1))
        assert found.upper == pytest.approx(100 * 1.1**4.30265273)
        assert found.lower == pytest.approx(100 / 1.1**4.30265273)
        assert found.upper_normal == pytest.approx(100 * 1.1**1.959964)
        assert found.lower_normal == pytest.approx(100 / 1.1**1.959964)
        assert math.isnan(found.phi)

    def test_the_backtest_by_hand(self):
        found = forecast.backtest(self.YEARS, self.COUNTS)
        errors, naive, drift, inside = [], [], [], []
        for n in (4, 5):
            made = forecast.next_year(self.YEARS[:n], self.COUNTS[:n], least_phi=1.0)
            true, last = self.COUNTS[n], self.COUNTS[n - 1]
            errors.append(abs(made.mean - true))
            naive.append(abs(last - true))
            drift.append(abs(last * (last / self.COUNTS[0]) ** (1 / (n - 1)) - true))
            inside.append(made.lower <= true <= made.upper)
        assert found.origins == 2
        assert found.coverage == sum(inside) / 2
        assert found.mae_ratio == pytest.approx(sum(errors) / sum(naive))
        assert found.mae_ratio_drift == pytest.approx(sum(errors) / sum(drift))

    def test_a_perfect_repetition_cannot_be_beaten(self):
        # the last two years are equal, so that repeating makes no error
        assert math.isnan(forecast.backtest(self.YEARS[:5], (100, 120, 110, 130, 130)).mae_ratio)

    def test_a_year_far_away_is_not_covered(self):
        assert forecast.backtest(self.YEARS[:5], (1000, 1010, 1021, 1029, 9000)).coverage == 0


class TestComposition:
    def test_a_zero_counts_as_a_half_and_the_whole_stays(self):
        # 0, 5, 5 become 0.5, 4.75, 4.75
        logs = np.log([0.05, 0.475, 0.475])
        assert composition.clr([0, 5, 5]) == pytest.approx(logs - logs.mean())
        two = np.log([0.05, 0.05, 0.9])
        assert composition.clr([0, 0, 10]) == pytest.approx(two - two.mean())

    def test_two_by_two_by_hand(self):
        # 30 of 100 against 50 of 100: n (ad - bc)^2 over the product of the margins
        found = composition.change([30, 70], [50, 50])
        chi2 = 200 * (30 * 50 - 70 * 50) ** 2 / (100 * 100 * 80 * 120)
        assert (found.chi2, found.df) == (pytest.approx(chi2), 1)
        assert found.p == pytest.approx(math.erfc(math.sqrt(chi2 / 2)))
        assert found.cramers_v == pytest.approx(math.sqrt(chi2 / 200))
        assert found.total_variation == pytest.approx(0.2)
        assert found.share_change_pp == pytest.approx([20, -20])
        assert found.count_change == pytest.approx([100 * 2 / 3, -100 * 2 / 7])

    def test_a_part_that_was_zero_has_no_growth_and_one_that_stays_zero_no_test(self):
        found = composition.change([30, 70, 0, 0], [50, 50, 0, 10])
        assert found.df == 2
        assert np.isnan(found.count_change[2:]).all()
        assert composition.change([1, 1], [2, 0]).count_change.tolist() == [100, -100]

    def test_goodman_limits_by_hand(self):
        # Goodman (1965) as quoted by May and Johnson (1997): chi-square(1) at 1 - alpha / K
        n, k = np.array([30.0, 70.0]), 2
        c = stats.chi2.ppf(1 - 0.05 / k, 1)
        root = np.sqrt(c * (c + 4 * n * (100 - n) / 100))
        found = composition.shares(n.tolist())
        assert found.limits[:, 0] == pytest.approx((c + 2 * n - root) / (2 * (100 + c)))
        assert found.limits[:, 1] == pytest.approx((c + 2 * n + root) / (2 * (100 + c)))
        assert found.shares.tolist() == [0.3, 0.7]

    @pytest.mark.parametrize("bad", [[1], [0, 0], [1, -1], [1, math.inf]])
    def test_what_is_no_composition(self, bad):
        with pytest.raises(InputError, match="is no composition"):
            composition.clr(bad)


class TestHalfYears:
    def test_by_hand(self):
        # 48 percent of 1000 is 480; 10 percent more is 528; 1100 - 528 = 572 against 520
        found = half_years.identity(1100, 1000, 10, 0.48)
        assert (found.h2_current, found.h1_current) == (pytest.approx(528), pytest.approx(572))
        assert found.h1_change == pytest.approx(10)
        # a growth of 9.5 to 10.5 percent is 525.6 to 530.4, and so 574.4 down to 569.6
        low, high = found.h1_change_range
        assert (low, high) == (pytest.approx(100 * (569.6 / 520 - 1)), pytest.approx(100 * (574.4 / 520 - 1)))
        fine = half_years.identity(1100, 1000, 10, 0.48, step=0.1).h1_change_range
        assert fine[1] - fine[0] == pytest.approx((high - low) / 10)

    @pytest.mark.parametrize("bad", [(1, 0, 0, 0.5), (-1, 1, 0, 0.5), (1, 1, 0, -0.1), (1, 1, 0, 1.1)])
    def test_what_has_no_halves(self, bad):
        with pytest.raises(ValueError, match="no half years"):
            half_years.identity(*bad)

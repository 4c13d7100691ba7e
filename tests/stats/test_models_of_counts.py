"""Ratios, dispersions, trends and forecasts of counts against values worked by hand or by plain least squares."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from osw_stats.errors import NotEstimableError
from osw_stats.stats.counts import multiyear
from osw_stats.stats.counts.rates import backtest, next_year, rate_ratio, repeat_last, yearly_dispersion
from tests.plain_fits import poisson_fit
from tests.simulated_figures import frame, yearly

OFFENCES = "police_registered_141"
LONG = (7000, 7600, 7300, 7900, 7400, 8300, 8100, 8800, 8900)
YEARS, COUNTS = (2016, 2017, 2018, 2019, 2020, 2021), (100.0, 121.0, 118.0, 140.0, 155.0, 149.0)


def percent(log):
    return 100 * (math.exp(log) - 1)


class TestRatio:
    @pytest.mark.parametrize("bad", [{"x1": -1}, {"x0": -1}, {"t1": 0}, {"t0": 0}, {"phi": 0}])
    def test_what_is_no_count_over_time_is_refused(self, bad):
        with pytest.raises(ValueError, match="no counts over time"):
            rate_ratio(**{"x1": 5, "x0": 5} | bad)

    def test_counts_of_nought_and_one_by_hand(self):
        # the exact upper limit of 0 against 5 is q / (1 - q) with (1 - q)^5 = 0.025
        none, q = rate_ratio(0, 5), 1 - 0.025 ** (1 / 5)
        assert (none.ratio, none.exact_lower, none.exact_upper) == (0, 0, pytest.approx(q / (1 - q)))
        assert (none.p_exact, math.isnan(none.lower)) == (pytest.approx(2 * 0.5**5), True)
        nothing = rate_ratio(0, 0)
        assert (nothing.exact_lower, nothing.exact_upper, nothing.p_exact) == (0, math.inf, 1)
        # 1 against 1: q = 0.975^(1/2) from P(X >= 1 of 2) and its mirror image
        one, low = rate_ratio(1, 1), 1 - math.sqrt(0.975)
        assert (one.exact_lower, one.exact_upper) == pytest.approx((low / (1 - low), (1 - low) / low))
        assert (one.ratio, one.p_exact, one.se) == (1, 1, pytest.approx(math.sqrt(2)))

    @given(st.integers(1, 5000), st.integers(1, 5000), st.floats(0.5, 3), st.floats(0.5, 3))
    def test_turning_the_years_round_turns_the_ratio_round(self, x1, x0, t1, t0):
        r, turned = rate_ratio(x1, x0, t1=t1, t0=t0, phi=3), rate_ratio(x0, x1, t1=t0, t0=t1, phi=3)
        limits = (1 / turned.upper, 1 / turned.lower, 1 / turned.exact_upper, 1 / turned.exact_lower)
        assert (r.lower, r.upper, r.exact_lower, r.exact_upper) == pytest.approx(limits)
        assert (r.ratio, r.log_ratio) == pytest.approx((1 / turned.ratio, -turned.log_ratio))
        assert r.phi_break_even == pytest.approx(turned.phi_break_even)

    def test_at_the_dispersion_of_break_even_the_limit_is_one(self):
        edge = rate_ratio(150, 100, phi=rate_ratio(150, 100).phi_break_even)
        assert (edge.lower, edge.upper) == pytest.approx((1, 1.5**2))


class TestDispersion:
    # steps of a factor 2 between 100 and 200: ln 2 squared over (1/100 + 1/200); the last one is of a factor 4
    STEP, LAST = math.log(2) ** 2 / 0.015, math.log(4) ** 2 / (1 / 200 + 1 / 800)

    @pytest.mark.parametrize(
        ("counts", "without", "expected"),
        [
            ([100, 200, 100, 200], None, STEP),
            ([100, 200, 100, 200, 800], None, (3 * STEP + LAST) / 4),
            ([100, 200, 100, 200, 800], 4, STEP),
            ([800, 200, 100, 200, 100], 1, STEP),
            ([100, 100, 101, 100], None, 1),
        ],
    )
    def test_it_is_the_mean_of_the_other_steps_and_never_below_one(self, counts, without, expected):
        assert yearly_dispersion(counts, without=without) == pytest.approx(expected)

    @pytest.mark.parametrize("counts", [[1, 2, 3], [1, 2, 3, 0], [1, 2, -3, 4]])
    def test_it_needs_four_positive_counts(self, counts):
        with pytest.raises(NotEstimableError, match="four positive counts"):
            yearly_dispersion(counts)


class TestForecast:
    @pytest.mark.parametrize("least", [0.0, 1.0, 9.0])
    def test_the_trend_by_reweighted_least_squares(self, least):
        b, information, phi, _ = poisson_fit(np.column_stack([np.ones(6), np.arange(6.0)]), np.array(COUNTS))
        phi, ahead = max(phi, least), np.array([1.0, 6.0])
        eta, variance = ahead @ b, phi * ahead @ np.linalg.inv(information) @ ahead
        half = stats.t.ppf(0.975, 4) * math.sqrt(variance + phi / math.exp(eta))
        made = next_year(YEARS, COUNTS, least_phi=least)
        assert (made.year, made.mean, made.phi) == (2022, pytest.approx(math.exp(eta)), pytest.approx(phi))
        assert (made.lower, made.upper) == pytest.approx((math.exp(eta - half), math.exp(eta + half)))

    def test_an_exact_line_is_drawn_on(self):
        years, counts = list(range(2015, 2024)), [round(100 * 1.09**i) for i in range(9)]
        assert next_year(years, counts).mean == pytest.approx(100 * 1.09**9, rel=0.005)

    def test_last_year_again_by_hand(self):
        # two steps of the same size, up and down: their root mean square is ln 1.1; t with 2 degrees is 4.3026527
        again = repeat_last((2020, 2021, 2022), (100, 110, 100))
        assert (again.year, again.mean) == (2023, 100)
        assert (again.lower, again.upper) == pytest.approx((100 / 1.1**4.30265273, 100 * 1.1**4.30265273))

    def test_the_backtest_by_hand_sees_no_year_ahead(self):
        errors, naive, inside = [], [], []
        for n in (4, 5):
            made, true = next_year(YEARS[:n], COUNTS[:n], least_phi=1.0), COUNTS[n]
            errors.append(abs(made.mean - true))
            naive.append(abs(COUNTS[n - 1] - true))
            inside.append(made.lower <= true <= made.upper)
        tested = backtest(YEARS, COUNTS)
        assert (tested.origins, tested.coverage) == (2, sum(inside) / 2)
        assert tested.mae_ratio == pytest.approx(sum(errors) / sum(naive))

    def test_a_perfect_repetition_cannot_be_beaten_and_a_year_far_away_is_not_covered(self):
        assert math.isnan(backtest(YEARS[:5], (100, 120, 110, 130, 130)).mae_ratio)
        assert backtest(YEARS[:5], (1000, 1010, 1021, 1029, 9000)).coverage == 0

    @pytest.mark.parametrize(
        ("job", "years", "counts", "problem"),
        [
            (next_year, (2020, 2021), (1, 2), "3 are needed"),
            (repeat_last, (2020, 2021), (1, 2), "2 yearly counts of one definition; 3 are needed"),
            (backtest, YEARS[:4], COUNTS[:4], "4 yearly counts of one definition; 5 are needed"),
            (next_year, (2020, 2021, 2022, 2023), (1, 2, 3), "3 yearly counts"),
            (next_year, (2020, 2021, 2023), (1, 2, 3), "years are missing"),
            (next_year, (2020, 2021, 2022), (0, 0, 0), "zero"),
            (next_year, (2020, 2021, 2022), (5, 5, 5), "all the same"),
            (next_year, (2020, 2021, 2022), (5, -5, 6), "negative"),
            (next_year, (2020, 2021, 2022), (5, math.nan, 6), "missing"),
        ],
    )
    def test_what_cannot_be_estimated_is_refused(self, job, years, counts, problem):
        with pytest.raises(NotEstimableError, match=problem):
            job(years, counts)


class TestSlopes:
    @pytest.mark.parametrize(
        ("years", "slopes", "forecasts", "refused"),
        [(3, 0, 0, "slope forecast"), (4, 1, 0, "forecast"), (5, 1, 1, None)],
    )
    def test_four_years_make_a_slope_and_five_a_forecast(self, years, slopes, forecasts, refused):
        rows = frame(*yearly(OFFENCES, 2015, LONG[:years]))
        assert len(multiyear.slopes(rows, alpha=0.05)) == slopes
        assert len(multiyear.forecasts(rows, alpha=0.05)) == forecasts
        told = (
            multiyear.refusals(rows).query("series == @OFFENCES")[["analysis", "reason"]].to_numpy().tolist()
        )
        assert told == ([[refused, "too_few_years"]] if refused else [])

    def test_the_slope_by_reweighted_least_squares_also_without_some_years(self):
        (row,) = multiyear.slopes(frame(*yearly(OFFENCES, 2015, LONG)), alpha=0.05).to_dict("records")
        years, y = np.arange(2015.0, 2024), np.array(LONG, dtype=float)

        def slope(keep, *more):
            x = np.column_stack([np.ones(keep.sum()), years[keep] - years[keep][0], *more])
            return percent(poisson_fit(x, y[keep])[0][1])

        b, information, phi, residuals = poisson_fit(np.column_stack([np.ones(9), years - 2015]), y)
        se, t = math.sqrt(phi * np.linalg.inv(information)[1, 1]), stats.t.ppf(0.975, 7)
        left_out = [slope(years != year) for year in years]
        assert (row["first"], row["last"], row["years"], row["x1"]) == (2015, 2023, 9, 8900)
        expected = {
            "annual_change": percent(b[1]),
            "lower": percent(b[1] - t * se),
            "upper": percent(b[1] + t * se),
            "phi": phi,
            "p": 2 * stats.t.sf(b[1] / se, 7),
            "rho1": sum(residuals[1:] * residuals[:-1]) / sum(residuals**2),
            "detectable": percent((t + stats.t.ppf(0.8, 7)) * se),
            "leave_out_low": min(left_out),
            "leave_out_high": max(left_out),
            "without_pandemic": slope((years < 2020) | (years > 2021)),
            "with_pulse": slope(years > 0, (years == 2022).astype(float)),
        }
        assert {name: row[name] for name in expected} == pytest.approx(expected)

    @pytest.mark.parametrize(("rounded", "tried"), [(8, True), (9, False)])
    def test_every_corner_of_up_to_eight_rounded_years_is_tried(self, rounded, tried):
        rows = yearly(OFFENCES, 2015, LONG)
        exact = multiyear.slopes(frame(*rows), alpha=0.05).iloc[0]
        for row in rows[9 - rounded :]:
            row |= {"lower": row["obs_value"] - 50, "upper": row["obs_value"] + 50}
        wide = multiyear.slopes(frame(*rows), alpha=0.05).iloc[0]
        assert wide["annual_change"] == pytest.approx(exact["annual_change"])
        assert (wide["lower"] < exact["lower"] - 1e-9) == (wide["upper"] > exact["upper"] + 1e-9) == tried

    @pytest.mark.parametrize(
        ("first", "years", "calm", "pulse"),
        [
            (2014, 6, False, False),
            (2017, 5, True, False),
            (2018, 4, False, False),
            (2018, 5, True, False),
            (2018, 6, True, True),
            (2019, 5, True, False),
        ],
    )
    def test_years_apart_need_enough_others(self, first, years, calm, pulse):
        # three calm years beside those of the pandemic; six years beside the one of the publicity
        table = multiyear.slopes(frame(*yearly(OFFENCES, first, LONG[:years])), alpha=0.05)
        assert table[["without_pandemic", "with_pulse"]].notna().to_numpy().tolist() == [[calm, pulse]]

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            (yearly(OFFENCES, 2015, (7000,)) + yearly(OFFENCES, 2017, (7000,)), "years_missing"),
            (yearly(OFFENCES, 2023, (7000, 7100)), "break_between"),
            (
                yearly(OFFENCES, 2015, (7000,), known_by="2020-01-01") + yearly(OFFENCES, 2016, (7100,)),
                "editions_differ",
            ),
            (yearly(OFFENCES, 2015, (7000, 7100)), "too_few_years"),
        ],
    )
    def test_why_there_is_no_slope(self, rows, reason):
        refused = multiyear.refusals(frame(*rows)).set_index("series").loc[OFFENCES]
        assert refused["reason"] == reason
        assert ("pair" in refused["analysis"]) is (reason in ("years_missing", "editions_differ"))

    def test_counts_that_never_vary_have_no_slope_and_stop_nothing(self):
        assert multiyear.slopes(frame(*yearly(OFFENCES, 2010, (800,) * 6)), alpha=0.05).empty
        nearly = frame(*yearly(OFFENCES, 2010, (800, 800, 800, 810, 800)))
        assert len(multiyear.slopes(nearly, alpha=0.05)) == 1  # flat when the one year is left out


def inside_last_year(past, true):
    steps = [math.log(b / a) for a, b in pairwise(past)]
    half = stats.t.ppf(0.975, len(steps)) * math.sqrt(sum(s * s for s in steps) / len(steps))
    return abs(math.log(true / past[-1])) <= half


def inside_trend(past, true):
    b, information, phi, _ = poisson_fit(np.column_stack([np.ones(len(past)), np.arange(len(past))]), past)
    phi, ahead = max(1.0, phi), np.array([1.0, len(past)])
    variance = phi * (ahead @ np.linalg.inv(information) @ ahead + 1 / math.exp(ahead @ b))
    return abs(math.log(true) - ahead @ b) <= stats.t.ppf(0.975, len(past) - 2) * math.sqrt(variance)


def test_the_coverage_printed_is_that_of_the_method_printed_and_of_no_other(observations):
    """SIMULATED: twenty series that grow steadily, which a line foresees, and twenty that walk, which it does not."""
    rng, methods, unlike = np.random.default_rng(2024), set(), 0
    here = observations["series_id"].eq(OFFENCES)
    for kind in ["growth", "walk"] * 20:
        steps = rng.normal(0.12, 0.01, 12) if kind == "growth" else rng.normal(0, 0.12, 12)
        counts = np.round(5000 * np.exp(np.cumsum(steps)))
        rows = observations[here].assign(obs_value=counts, lower=counts, upper=counts)
        (row,) = multiyear.forecasts(rows, alpha=0.05).to_dict("records")
        origins, ways = range(4, 12), {"trend": inside_trend, "last_year": inside_last_year}
        share = {m: 100 * np.mean([f(counts[:n], counts[n]) for n in origins]) for m, f in ways.items()}
        assert row["backtest_coverage"] == pytest.approx(share[row["method_code"]]), row["method_code"]
        methods.add(row["method_code"])
        unlike += share["trend"] != share["last_year"]
    assert methods == {"trend", "last_year"}
    assert unlike > 10  # else both methods would pass

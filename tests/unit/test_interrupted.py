"""Interrupted time series on SIMULATED series with known truth: coverage, placebo dates, variants, excess, breaks."""

import math

import numpy as np
import pytest

from osw_stats.analysis.draws import generator
from osw_stats.analysis.months import counterfactual, structural
from osw_stats.analysis.months.forecast_months import next_months
from osw_stats.analysis.months.interrupted import (
    Model,
    diagnostics,
    fit,
    months_from,
    negative_binomial,
    table,
)
from osw_stats.analysis.months.its_variants import against_control, sensitivity, subtract
from osw_stats.analysis.months.monthly import monthly_series
from osw_stats.analysis.months.placebo import placebo_dates, rank
from osw_stats.errors import NotEstimableError
from tests.simulated import simulated

RUNS = 120


def last_six(series):
    return Model(series.months[-6])


@pytest.fixture(scope="module", params=[0.0, 0.6])
def covered(request):
    """How often the true step of +16 percent lies in the interval, by standard error, with AR(1) errors."""
    true = math.log(1.16)
    inside = dict.fromkeys(("poisson", "quasi", "hac3", "recommended"), 0)
    for seed in range(RUNS):
        fitted = fit(s := simulated(seed, step=true, theta=200, rho=request.param, mean=1100), last_six(s))
        for kind in inside:
            found = fitted.step(kind)
            inside[kind] += found["lower"] <= true <= found["upper"]
    return {kind: count / RUNS for kind, count in inside.items()}


class TestTheRecommendedInterval:
    def test_it_covers_the_truth_about_as_often_as_it_says(self, covered):
        # the bound is three binomial standard errors below 0.95
        assert covered["recommended"] >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / RUNS)

    def test_the_poisson_interval_does_not(self, covered):
        assert covered["poisson"] < 0.75
        assert covered["recommended"] >= covered["quasi"]
        assert covered["recommended"] >= covered["hac3"]


def test_the_recommended_error_is_never_below_the_others():
    for seed in range(20):
        fitted = fit(s := simulated(seed, rho=0.3), last_six(s))
        most = np.maximum(fitted.se("quasi"), fitted.se("hac3_adjusted"))
        assert (fitted.se() >= most - 1e-15).all()
        assert 0 <= fitted.r1_corrected <= 0.9


def test_an_unknown_standard_error_is_refused():
    with pytest.raises(ValueError, match="unknown standard error"):
        fit(s := simulated(1), last_six(s)).se("robust")


def test_a_slope_needs_a_year_after_the_date():
    series = simulated(1)
    assert "t_post" not in fit(series, Model(series.months[-11])).names
    assert "t_post" in fit(series, Model(series.months[-12])).names
    assert "t_post" not in fit(series, Model(series.months[-12], slope=False)).names


def test_a_pulse_takes_its_months_out():
    """A stretch with a level of its own: months in it say nothing about the step."""
    series = simulated(3, step=0.1)
    raised = series.counts.copy()
    raised[50:56] *= 2
    disturbed = monthly_series("x", series.months, raised.tolist())
    pulse = (series.months[50], series.months[55])
    clean, with_pulse = (
        fit(series, last_six(series)),
        fit(disturbed, Model(series.months[-6], pulses=(pulse,))),
    )
    without = fit(disturbed, last_six(series))
    assert abs(with_pulse.step()["estimate"] - clean.step()["estimate"]) < 0.01
    assert without.phi > 5 * with_pulse.phi  # leaving out a true pulse biases the dispersion


def test_negative_binomial_finds_theta_and_no_overdispersion_where_there_is_none():
    _, _, theta = negative_binomial(fit(s := simulated(5, n=600, theta=100, first="1960-01"), last_six(s)))
    assert 70 < theta < 140
    rng = np.random.default_rng(1)
    months, days = simulated(1).months, simulated(1).days
    # binomial counts vary less than Poisson
    plain = monthly_series("binomial", months, rng.binomial((66 * days).astype(int), 0.5).tolist())
    _, _, none = negative_binomial(fit(plain, Model(months[-6])))
    assert none == math.inf


def test_the_tables_have_their_columns_and_the_power_is_told():
    fitted = fit(s := simulated(1), last_six(s))
    assert list(table(fitted)["term"]) == list(fitted.names)
    row = diagnostics(fitted).iloc[0]
    assert (row["n_pre"], row["n_post"]) == (102, 6)
    assert 1.03 < row["detectable_rr"] < 1.5
    assert fitted.detectable(alpha=0.01) > fitted.detectable(alpha=0.05)


class TestPlaceboDates:
    def test_a_large_step_stands_out_and_none_does_not(self):
        found = rank(placebo_dates(s := simulated(7, step=0.4), last_six(s)))
        assert found.p == pytest.approx(1 / (1 + found.dates))
        # months 36 to 96 begin a stretch of six that ends before the true date
        assert found.dates == 108 - 6 - 6 - 36 + 1
        assert found.n_eff == pytest.approx((found.dates + 5) / 6)
        none = rank(placebo_dates(s := simulated(8), last_six(s)))
        assert none.p > found.p

    def test_no_placebo_stretch_touches_the_true_date(self):
        series = simulated(9)
        dates = placebo_dates(series, last_six(series))
        assert dates["is_true_date"].sum() == 1
        last = dates.loc[~dates["is_true_date"], "date"].iloc[-1]
        assert months_from(last, 5) < series.months[-6]
        assert (dates["n_post"] == 6).all()

    def test_months_after_the_true_date_change_no_placebo(self):
        series = simulated(9)
        later = series.counts.copy()
        later[-6:] += 500
        other = monthly_series("x", series.months, later.tolist())
        one, two = (placebo_dates(s, last_six(series)) for s in (series, other))
        assert one["delta"].iloc[:-1].tolist() == two["delta"].iloc[:-1].tolist()

    def test_a_stretch_that_is_itself_a_pulse_is_no_placebo(self):
        series = simulated(9)
        pulse = (series.months[60], series.months[65])
        dates = placebo_dates(series, Model(series.months[-6], pulses=(pulse,)))
        assert series.months[60] not in set(dates["date"])
        assert series.months[59] in set(dates["date"])

    def test_too_short_a_series_is_refused(self):
        series = simulated(1, n=42)
        with pytest.raises(NotEstimableError, match="no placebo date is possible"):
            placebo_dates(series, last_six(series))

    def test_the_p_value_is_about_uniform_without_a_step(self):
        p = [rank(placebo_dates(s := simulated(seed), last_six(s), most=20)).p for seed in range(40)]
        assert 0.3 < np.mean(p) < 0.7


class TestVariants:
    def test_the_primary_one_stands_first_and_alone(self):
        series = simulated(11, step=0.2)
        found = sensitivity(series, last_six(series), dates=("2023-07",), control=simulated(12))
        assert found["variant"].iloc[0] == "primary"
        assert found["primary"].sum() == 1
        assert found["rr"].notna().all()
        assert len(found) >= 17
        assert (found["lower"] <= found["rr"]).all()
        assert (found["rr"] <= found["upper"]).all()

    def test_a_variant_that_is_not_possible_says_why_and_has_no_number(self):
        series = simulated(11, n=36)
        found = sensitivity(series, Model(series.months[-6]), dates=("1999-01",)).set_index("variant")
        assert math.isnan(found.loc["date 1999-01", "rr"])
        assert "outside the series" in found.loc["date 1999-01", "reason"]

    def test_leaving_a_month_out_is_fitting_without_it(self):
        """The month's own level takes it out: its count does not matter any more."""
        series = simulated(11)
        changed = series.counts.copy()
        changed[-2] += 700
        other = monthly_series("x", series.months, changed.tolist())
        name = f"without {series.months[-2]}"
        one, two = (sensitivity(s, last_six(series)).set_index("variant") for s in (series, other))
        assert one.loc[name, "rr"] == pytest.approx(two.loc[name, "rr"], rel=1e-8)
        assert one.loc["primary", "rr"] != pytest.approx(two.loc["primary", "rr"], rel=1e-3)

    def test_a_shock_to_both_series_vanishes_beside_the_control(self):
        rng = np.random.default_rng(2)
        base, other = simulated(13, theta=1e6), simulated(14, theta=1e6)
        shock = np.where(np.arange(108) >= 102, 1.5, 1.0) * np.exp(rng.normal(0, 0.03, 108))
        both = [
            monthly_series(n, base.months, (s.counts * shock).round().tolist())
            for n, s in (("series", base), ("control", other))
        ]
        alone = fit(both[0], last_six(base)).step()
        rr, low, high = against_control(*both, last_six(base))
        assert alone["rr"] > 1.4
        assert low < 1 < high
        assert rr == pytest.approx(1, abs=0.05)

    def test_like_for_like_takes_new_counts_off(self):
        series = simulated(15)
        new = monthly_series("new", series.months[-6:], [70, 71, 72, 73, 74, 75])
        assert subtract(series, new).counts.sum() == series.counts.sum() - 435
        found = sensitivity(series, last_six(series), minus=new).set_index("variant")
        assert found.loc["like_for_like", "rr"] < found.loc["primary", "rr"]


class TestExcess:
    def test_months_add_up_to_the_total(self):
        fitted = fit(s := simulated(21, step=0.2), last_six(s))
        by_month, total = counterfactual.excess_by_month(fitted), counterfactual.excess_total(fitted)
        assert by_month["excess"].sum() == pytest.approx(total["excess"])
        assert by_month["cum_excess"].iloc[-1] == pytest.approx(total["excess"])
        assert (by_month["cum_lower"].iloc[-1], by_month["cum_upper"].iloc[-1]) == (
            pytest.approx(total["lower"]),
            pytest.approx(total["upper"]),
        )
        assert total["percent"] == pytest.approx(100 * (fitted.step()["rr"] - 1), rel=0.02)

    def test_the_recommended_interval_is_not_narrower(self):
        for seed in range(10):
            fitted = fit(s := simulated(seed, rho=0.4), last_six(s))
            wide = counterfactual.excess_total(fitted)
            plain = counterfactual.excess_total(fitted, recommended=False)
            assert wide["upper"] - wide["lower"] >= plain["upper"] - plain["lower"]


class TestUnknownBreaks:
    def test_a_break_is_found_where_it_is(self):
        series = simulated(31, step=0.3, post=50, theta=500)
        found = structural.sup_f(series, generator(1, "test", "break"), samples=199)
        assert found.p < 0.02
        assert abs(series.position(found.date) - 58) <= 2
        chosen = structural.breaks(series).set_index("breaks")
        assert chosen.loc[chosen["chosen"]].index[0] >= 1

    def test_none_is_found_where_there_is_none(self):
        p = [
            structural.sup_f(simulated(seed), generator(seed, "test", "none"), samples=99).p
            for seed in range(30)
        ]
        assert np.mean(np.array(p) < 0.05) <= 0.2

    def test_the_same_seed_gives_the_same_answer(self):
        series = simulated(31)
        one, two = (structural.sup_f(series, generator(1, "a", "b"), samples=99) for _ in range(2))
        assert one == two

    def test_a_short_series_is_refused(self):
        with pytest.raises(NotEstimableError, match="only 40 months"):
            structural.sup_f(simulated(1, n=40), generator(1, "a", "b"))


class TestTheComingMonths:
    def test_the_sum_of_the_year_that_came_lies_in_the_limits(self):
        """Simulated: the last twelve months are held back and forecast from the others."""
        inside = 0
        for seed in range(40):
            whole = simulated(seed, n=120, theta=100)
            ahead = next_months(whole.part(0, 108), generator(seed, "test", "ahead"), paths=2000)
            inside += ahead.lower <= whole.counts[108:].sum() <= ahead.upper
        assert inside / 40 >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 40)

    def test_the_error_of_drawing_is_small_and_told(self):
        ahead = next_months(simulated(1), generator(1, "test", "ahead"))
        assert ahead.paths == 20_000
        assert ahead.mc_se < 0.03 * (ahead.upper - ahead.lower)
        assert (ahead.first, ahead.last) == ("2025-01", "2025-12")

    def test_two_years_are_needed(self):
        with pytest.raises(NotEstimableError, match="only 23 months"):
            next_months(simulated(1, n=23), generator(1, "test", "ahead"))

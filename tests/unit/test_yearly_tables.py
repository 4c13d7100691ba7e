"""Tables of yearly counts on simulated rows: comparisons, slopes and what is refused."""

import math

import numpy as np
import pytest
from scipy import stats

from osw_stats.analysis.counts import multiyear, trend, trend_variants
from osw_stats.analysis.counts.rates import rate_ratio, yearly_dispersion
from osw_stats.errors import NotPublishedError
from tests.plain_fits import poisson_fit
from tests.simulated_figures import figure, frame, yearly

OFFENCES = "police_registered_141"
COUNTS = (7000, 7600, 7300, 7900, 7400, 8300, 8100, 8800, 8900)
LONG = frame(*yearly(OFFENCES, 2015, COUNTS))


def percent(log):
    return 100 * (math.exp(log) - 1)


class TestPairs:
    def test_a_long_series_tells_its_own_dispersion_without_the_step_in_question(self):
        found = trend.pairs(LONG, alpha=0.05)
        assert found["period1"].tolist() == [str(y) for y in range(2016, 2024)]
        row = trend.find(found, OFFENCES, "2018")
        phi = yearly_dispersion(COUNTS, without=3)
        one = rate_ratio(7900, 7300, phi=phi)
        assert (row["phi_used"], row["phi_from"], row["grade"]) == (pytest.approx(phi), OFFENCES, "B")
        assert (row["x1"], row["t1"], row["x0"], row["t0"]) == (7900, 1, 7300, 1)
        assert row["change"] == pytest.approx(100 * (7900 / 7300 - 1))
        assert (row["lower"], row["upper"]) == (pytest.approx(100 * (one.lower - 1)), pytest.approx(100 * (one.upper - 1)))  # fmt: skip
        assert (row["exact_lower"], row["exact_upper"]) == (one.exact_lower, one.exact_upper)
        z = math.log(7900 / 7300) / math.sqrt(phi * (1 / 7900 + 1 / 7300))
        assert row["p_raw"] == pytest.approx(math.erfc(z / math.sqrt(2)))
        # 1.959964 for the level and 0.841621 for a power of 80 percent
        assert row["detectable"] == pytest.approx(percent(2.801585 * z ** -1 * math.log(7900 / 7300)), rel=1e-5)  # fmt: skip
        assert row["definition_same"]
        assert (row["basis"], bool(row["robust_to_rounding"])) == ("published", True)

    def test_the_days_of_a_leap_year_count(self):
        row = trend.find(trend.pairs(LONG, alpha=0.05), OFFENCES, "2020")
        assert row["day_rr"] == pytest.approx(row["rr"] * 365 / 366)

    def test_the_false_discovery_rate_is_that_of_benjamini_and_hochberg(self):
        found = trend.pairs(LONG, alpha=0.05)
        p = np.sort(found["p_raw"].to_numpy())
        steps = np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
        assert np.sort(found["p_adj"]) == pytest.approx(np.minimum(steps, 1))

    def test_the_correlation_of_the_steps_by_hand(self):
        steps = np.diff(np.log(COUNTS))
        steps -= steps.mean()
        rho = set(trend.pairs(LONG, alpha=0.05)["rho1"])
        assert rho.pop() == pytest.approx(sum(steps[1:] * steps[:-1]) / sum(steps**2))

    @pytest.mark.parametrize(("years", "own"), [(5, True), (4, False)])
    def test_five_years_are_enough_for_a_dispersion_of_ones_own(self, years, own):
        rows = frame(*LONG.to_dict("records"), *yearly("ap_complaints", 2020 - years, (900, 980, 930, 1010, 990)[:years]))  # fmt: skip
        row = trend.find(trend.pairs(rows, alpha=0.05), "ap_complaints", "2019")
        assert (row["phi_from"] == "ap_complaints") is own
        assert row["grade"] == ("B" if own else "C")
        assert ("of registered offences" in row["method"]) is not own

    @pytest.mark.parametrize(("half", "grade"), [(0.0, "B"), (50.0, "C")])
    def test_the_dispersion_of_the_same_publisher_bridges_exact_counts_only(self, half, grade):
        last = figure("police_reports", "2023", 1000.0, lower=1000 - half, upper=1000 + half)
        rows = frame(*LONG.to_dict("records"), figure("police_reports", "2022", 900.0), last)
        row = trend.find(trend.pairs(rows, alpha=0.05), "police_reports", "2023")
        assert (row["phi_from"], row["grade"]) == (OFFENCES, grade)

    def test_a_gap_of_two_years_is_no_pair(self):
        rows = frame(*LONG.to_dict("records"), figure("ap_complaints", "2017", 900.0), figure("ap_complaints", "2019", 900.0))  # fmt: skip
        assert "ap_complaints" not in set(trend.pairs(rows, alpha=0.05)["series"])

    def test_rounding_takes_the_outermost_of_all_corners(self):
        rows = LONG.to_dict("records")
        rows[3] |= {"lower": 7850.0, "upper": 7950.0}
        row = trend.find(trend.pairs(frame(*rows), alpha=0.05), OFFENCES, "2018")
        ends = [rate_ratio(x, 7300, phi=row["phi_used"]) for x in (7850, 7950)]
        assert row["basis"] == "rounded"
        assert (row["lower"], row["upper"]) == (pytest.approx(100 * (ends[0].lower - 1)), pytest.approx(100 * (ends[1].upper - 1)))  # fmt: skip
        assert row["exact_lower"] == ends[0].exact_lower
        assert row["exact_upper"] == ends[1].exact_upper
        assert row["p_exact"] == max(e.p_exact for e in ends)
        assert row["change"] == pytest.approx(100 * (7900 / 7300 - 1))

    def test_what_is_not_there_names_both_years(self):
        with pytest.raises(NotPublishedError, match="between 2013 and 2014"):
            trend.find(trend.pairs(LONG, alpha=0.05), OFFENCES, "2014")

    def test_without_a_series_that_tells_the_variation_there_is_no_pair_and_it_is_named(self):
        rows = frame(figure("police_reports", "2022", 900.0), figure("police_reports", "2023", 1000.0))
        found = trend.pairs(rows, alpha=0.05)
        assert found.empty
        with pytest.raises(NotPublishedError) as told:
            trend.find(found, "police_reports", "2023")
        assert {"series_id": OFFENCES} in told.value.wanted

    def test_a_count_of_nought_has_no_test_and_takes_none_away(self):
        rows = frame(*LONG.to_dict("records"), figure("ap_complaints", "2022", 900.0), figure("ap_complaints", "2023", 0.0))  # fmt: skip
        found = trend.pairs(rows, alpha=0.05)
        nought = trend.find(found, "ap_complaints", "2023")
        assert (nought["change"], math.isnan(nought["p_raw"]), math.isnan(nought["p_adj"])) == (
            -100,
            True,
            True,
        )
        assert found.loc[found["series"] == OFFENCES, "p_adj"].notna().all()

    def test_the_length_of_a_year(self):
        assert (trend.days(2024), trend.days(2023)) == (366, 365)


@pytest.fixture(scope="module")
def rows():
    pair = trend.find(trend.pairs(LONG, alpha=0.05), OFFENCES, "2018")
    return pair, trend_variants.sensitivity(LONG, pair, alpha=0.05, run_seed=1, draws=4000)


class TestVariants:
    def test_fixed_dispersions(self, rows):
        pair, found = rows
        fixed = found[found["variant"] == "phi_fixed"]
        assert fixed["phi"].tolist() == [1, 2, 5, 10]
        assert fixed["lower"].tolist() == pytest.approx([100 * (rate_ratio(7900, 7300, phi=p).lower - 1) for p in (1, 2, 5, 10)])  # fmt: skip
        assert (found["change"].iloc[0], found["lower"].iloc[0]) == (pair["change"], pair["lower"])

    def test_t_with_as_many_degrees_of_freedom_as_steps(self, rows):
        pair, found = rows
        row = found.set_index("variant").loc["t_quantile"]
        half = stats.t.ppf(0.975, len(COUNTS) - 1) * math.sqrt(pair["phi_used"] * (1 / 7900 + 1 / 7300))
        log = math.log(7900 / 7300)
        assert (row["lower"], row["upper"]) == (pytest.approx(percent(log - half)), pytest.approx(percent(log + half)))  # fmt: skip

    def test_the_dispersion_around_a_trend(self, rows):
        x = np.column_stack([np.ones(9), np.arange(9.0)])
        phi = poisson_fit(x, np.array(COUNTS, dtype=float))[2]
        assert rows[1].set_index("variant").loc["phi_around_trend", "phi"] == pytest.approx(phi)

    def test_no_new_offences_where_the_series_is_another(self, rows):
        assert "without_new_offences" not in set(rows[1]["variant"])


class TestSlopes:
    @pytest.mark.parametrize(("years", "found"), [(3, False), (4, True)])
    def test_four_years_make_a_slope(self, years, found):
        rows = frame(*yearly(OFFENCES, 2015, COUNTS[:years]))
        assert len(multiyear.slopes(rows, alpha=0.05)) == found
        refused = multiyear.refusals(rows).set_index("series").loc[OFFENCES]
        assert refused["analysis"] == ("forecast" if found else "slope forecast")
        assert refused["reason"] == "too_few_years"

    def test_five_years_make_a_forecast_and_nothing_is_refused(self):
        rows = frame(*yearly(OFFENCES, 2015, COUNTS[:5]))
        assert len(multiyear.forecasts(rows, alpha=0.05)) == 1
        assert OFFENCES not in set(multiyear.refusals(rows)["series"])

    def test_the_slope_by_reweighted_least_squares(self):
        (row,) = multiyear.slopes(LONG, alpha=0.05).to_dict("records")
        x, y = np.column_stack([np.ones(9), np.arange(9.0)]), np.array(COUNTS, dtype=float)
        b, information, phi, residuals = poisson_fit(x, y)
        se, t = math.sqrt(phi * np.linalg.inv(information)[1, 1]), stats.t.ppf(0.975, 7)
        assert (row["first"], row["last"], row["years"], row["x1"]) == (2015, 2023, 9, 8900)
        assert row["annual_change"] == pytest.approx(percent(b[1]))
        assert (row["lower"], row["upper"]) == (pytest.approx(percent(b[1] - t * se)), pytest.approx(percent(b[1] + t * se)))  # fmt: skip
        assert (row["phi"], row["p"]) == (pytest.approx(phi), pytest.approx(2 * stats.t.sf(b[1] / se, 7)))
        assert row["rho1"] == pytest.approx(sum(residuals[1:] * residuals[:-1]) / sum(residuals**2))
        assert row["detectable"] == pytest.approx(percent((t + stats.t.ppf(0.8, 7)) * se))

    def test_the_slope_without_some_years(self):
        (row,) = multiyear.slopes(LONG, alpha=0.05).to_dict("records")
        years, y = np.arange(2015.0, 2024), np.array(COUNTS, dtype=float)

        def slope(keep, *more):
            x = np.column_stack([np.ones(keep.sum()), years[keep], *more])
            x[:, 1] -= x[0, 1]
            return percent(poisson_fit(x, y[keep])[0][1])

        each = [slope(years != out) for out in years]
        assert (row["leave_out_low"], row["leave_out_high"]) == (pytest.approx(min(each)), pytest.approx(max(each)))  # fmt: skip
        assert row["without_pandemic"] == pytest.approx(slope((years < 2020) | (years > 2021)))
        assert row["with_pulse"] == pytest.approx(slope(years > 0, (years == 2022).astype(float)))

    @pytest.mark.parametrize(("rounded", "tried"), [(8, True), (9, False)])
    def test_every_corner_of_up_to_eight_rounded_years_is_tried(self, rounded, tried):
        rows = LONG.to_dict("records")
        exact = multiyear.slopes(LONG, alpha=0.05).iloc[0]
        for row in rows[9 - rounded :]:
            row |= {"lower": row["obs_value"] - 50, "upper": row["obs_value"] + 50}
        found = multiyear.slopes(frame(*rows), alpha=0.05).iloc[0]
        assert found["annual_change"] == pytest.approx(exact["annual_change"])
        assert (found["lower"] < exact["lower"] - 1e-9, found["upper"] > exact["upper"] + 1e-9) == (
            tried,
            tried,
        )

    @pytest.mark.parametrize(
        ("first", "years", "calm", "pulse"),
        [(2014, 6, False, False), (2017, 5, True, False), (2018, 4, False, False), (2018, 5, True, False), (2018, 6, True, True), (2019, 5, True, False)],
    )  # fmt: skip
    def test_years_apart_need_enough_others(self, first, years, calm, pulse):
        # three calm years beside those of the pandemic; six years beside the one of the publicity
        (row,) = multiyear.slopes(frame(*yearly(OFFENCES, first, COUNTS[:years])), alpha=0.05).to_dict("records")  # fmt: skip
        assert (math.isnan(row["without_pandemic"]), math.isnan(row["with_pulse"])) == (not calm, not pulse)

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            (yearly(OFFENCES, 2015, (7000,)) + yearly(OFFENCES, 2017, (7000,)), "years_missing"),
            (yearly(OFFENCES, 2023, (7000, 7100)), "break_between"),
            (yearly(OFFENCES, 2015, (7000,), known_by="2020-01-01") + yearly(OFFENCES, 2016, (7100,)), "editions_differ"),
            (yearly(OFFENCES, 2015, (7000, 7100)), "too_few_years"),
        ],
    )  # fmt: skip
    def test_why_there_is_no_slope(self, rows, reason):
        refused = multiyear.refusals(frame(*rows)).set_index("series").loc[OFFENCES]
        assert refused["reason"] == reason
        assert ("pair" in refused["analysis"]) is (reason in ("years_missing", "editions_differ"))


def test_counts_that_never_vary_have_no_slope_and_stop_nothing():
    flat = frame(*yearly(OFFENCES, 2010, (800,) * 6))
    assert multiyear.slopes(flat, alpha=0.05).empty
    nearly = frame(*yearly(OFFENCES, 2010, (800, 800, 800, 810, 800)))
    assert len(multiyear.slopes(nearly, alpha=0.05)) == 1  # flat when the one year is left out

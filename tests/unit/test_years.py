"""Yearly counts: points, slopes, forecasts, composition, half years and the statements of the page."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.analysis.counts import (
    composition,
    forecast,
    half_years,
    multiyear,
    reconciliation,
    requests,
    trend,
    trend_variants,
)
from osw_stats.analysis.counts.yearly import COUNTED, Counted, points, runs
from osw_stats.errors import InputError, NotEstimableError, OswError
from osw_stats.sources.events import load_events
from osw_stats.vocabulary.series import series
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def pairs(observations):
    return trend.pairs(observations, alpha=0.05)


class TestWhatThePageMustSay:
    def test_sextortion_fell_while_the_total_rose(self, pairs):
        subject = trend.find(pairs, "helpwanted_requests_subject", "2024", "subject=sextortion")
        total = trend.find(pairs, "helpwanted_requests", "2024")
        assert round(subject["change"], 1) == -7.1
        assert round(total["change"]) == 31
        assert (total["basis"], subject["basis"]) == ("implied", "published")
        assert subject["lower"] < 0 < subject["upper"]  # not demonstrably, with the dispersion of the police
        assert total["lower"] > 0

    def test_the_rise_of_police_reports_vanishes_at_a_dispersion_of_5_6(self, pairs):
        row = trend.find(pairs, "police_reports", "2024")
        assert (round(row["change"], 1), round(row["phi_break_even"], 1)) == (5.6, 5.6)

    def test_three_reconstructions_stand_side_by_side(self, observations):
        table = half_years.reconstructions(observations, 2024)
        change = table.set_index("variant")["change"]
        assert sorted(round(v, 1) for v in change["identity"]) == [-5.6, -4.8, -4.0]
        rows = table.set_index("variant")
        assert round(rows.loc["from_next_year", "h1"]) == 6838
        assert rows.loc["from_second_half", "h1"] == 7802
        assert rows.loc["earlier_years", "reason"] == "base_not_published"
        assert math.isnan(rows.loc["earlier_years", "h1"])
        said = half_years.with_statement(table, load_events(PROJECT), 2024).iloc[-1]
        assert said["variant"] == "police_said"
        assert "minder" in said["said_nl"]
        assert math.isnan(said["h1"])

    def test_the_identity_covers_the_range_of_the_printed_growth(self, observations):
        identity = half_years.reconstructions(observations, 2024).query("variant == 'identity'")
        # outermost: 48 percent with the smallest growth, 52 percent with the largest
        assert (round(identity["upper"].max(), 1), round(identity["lower"].min(), 1)) == (-3.5, -6.2)

    def test_three_counts_of_2022_with_their_reasons(self, observations):
        table = reconciliation.reconcile(observations, 2022)
        assert table["count"].tolist() == [15500, 9900, 9088]
        assert table["reason"].tolist() == ["", "no_offence_or_no_criminal_law", "not_explained"]
        assert len(set(table["unit"])) == 2
        assert table.attrs["bridge"].nl

    def test_shares_of_the_requests(self, observations):
        now = requests.subjects(observations, 2024, alpha=0.05).query("year == 2024").set_index("subject")
        assert [round(now.loc[s, "share"], 1) for s in ("sextortion", "distribution", "rest")] == [
            38.1,
            22.6,
            39.3,
        ]
        # the share fell by far more than the count
        assert now.loc["sextortion", "change_pp"] == pytest.approx(-15.6, abs=0.05)
        assert now.loc["sextortion", "change_lower"] < now.loc["sextortion", "change_upper"]


class TestPoints:
    def test_a_total_that_follows_from_growth_is_marked_and_has_a_range(self, observations):
        found = {p.year: p for p in points(observations, Counted("helpwanted_requests"))}
        assert found[2023].basis == "implied"
        assert (round(found[2023].lower), round(found[2023].upper)) == (9282, 9353)
        assert len(found[2023].observations) == 2

    def test_no_chain_of_growth_rates(self, observations):
        assert [p.year for p in points(observations, Counted("csg_contacts"))] == [2021, 2022, 2024]

    def test_no_stretch_crosses_a_break_or_a_gap(self, observations):
        for counted in COUNTED:
            for stretch in runs(points(observations, counted)):
                assert len({p.definition_id for p in stretch}) == 1
                assert np.diff([p.year for p in stretch]).tolist() == [1] * (len(stretch) - 1)


class TestPairs:
    def test_series_that_change_without_notice_are_not_compared(self, pairs):
        assert all(series(s).homogeneous for s in pairs["series"])

    def test_the_adjusted_p_is_never_smaller(self, pairs):
        assert (pairs["p_adj"] >= pairs["p_raw"] - 1e-12).all()
        assert set(pairs["family"]) == {"year_on_year"}

    def test_rounding_is_carried_through(self, pairs):
        row = trend.find(pairs, "cbs_registered_sexual", "2022")
        assert row["basis"] == "rounded"
        assert row["exact_lower"] < 9850 / 8850 * 0.99
        assert row["robust_to_rounding"]

    def test_two_editions_of_one_table_are_not_compared(self, pairs):
        cbs = pairs[pairs["series"] == "cbs_registered_sexual"]
        assert cbs["period1"].tolist() == ["2022"]  # 2017 was printed in 2019, 2018 in 2023

    def test_years_that_are_not_there_are_named(self, pairs):
        with pytest.raises(OswError, match="police_reports cannot be compared between 2022 and 2023"):
            trend.find(pairs, "police_reports", "2023")

    def test_variants(self, observations, pairs):
        row = trend.find(pairs, "police_reports", "2024")
        found = trend_variants.sensitivity(observations, row, alpha=0.05, run_seed=1)
        assert found["primary"].tolist() == [True] + [False] * (len(found) - 1)
        by = found.drop_duplicates("variant").set_index("variant")
        # the simulation and its closed form check each other, within the error of drawing
        for end in ("lower", "upper"):
            gap = abs(by.loc["phi_simulated", end] - by.loc["t_quantile", end])
            assert gap < 4 * by.loc["phi_simulated", "mc_se"]
        width = by.loc["phi_simulated", "upper"] - by.loc["phi_simulated", "lower"]
        assert by.loc["phi_simulated", "mc_se"] < 0.01 * width
        assert by.loc["without_new_offences", "change"] == pytest.approx(
            100 * ((14802 - 298 - 131) / 14015 - 1)
        )
        again = trend_variants.sensitivity(observations, row, alpha=0.05, run_seed=1)
        assert found.equals(again)


class TestSlopes:
    def test_never_across_a_break(self, observations):
        found = multiyear.slopes(observations, alpha=0.05)
        assert (found["years"] >= multiyear.LEAST).all()
        for row in found.to_dict("records"):
            ids = {series(row["series"]).definition_id(str(y)) for y in range(row["first"], row["last"] + 1)}
            assert ids == {row["definition_id"]}

    def test_every_series_has_a_slope_or_a_reason(self, observations):
        found = multiyear.slopes(observations, alpha=0.05)
        refused = multiyear.refusals(observations).query("analysis.str.contains('slope')")
        key = ["series", "breakdown"]
        both = [*map(tuple, found[key].to_numpy()), *map(tuple, refused[key].to_numpy())]
        assert sorted(both) == sorted((c.series_id, c.breakdown) for c in COUNTED)

    def test_a_forecast_over_a_break_says_so(self, observations):
        found = multiyear.forecasts(observations, alpha=0.05).set_index("series")
        assert not found.loc["police_registered_141", "definition_same"]
        assert found.loc["ap_complaints", "definition_same"]
        # where the line did no better than the year before, the year before is what is printed
        naive = found[found["method_code"] == "last_year"]
        assert ((naive["mae_ratio_to_naive"] >= 1) | naive["reason"].eq("naive_exact")).all()
        assert naive.loc["police_registered_141", "mean"] == 8214


class TestForecast:
    YEARS, COUNTS = list(range(2015, 2024)), [100, 108, 119, 127, 141, 150, 166, 178, 196]

    def test_an_exact_line_is_drawn_on(self):
        found = forecast.next_year(self.YEARS, [round(100 * 1.09**i) for i in range(9)])
        assert found.mean == pytest.approx(100 * 1.09**9, rel=0.005)
        assert found.growth == pytest.approx(0.09, abs=0.002)
        floor = forecast.next_year(self.YEARS, [round(100 * 1.09**i) for i in range(9)], least_phi=1.0)
        assert floor.phi == 1.0
        assert floor.upper - floor.lower > found.upper - found.lower

    def test_the_backtest_sees_no_year_ahead(self):
        one = forecast.backtest(self.YEARS, self.COUNTS)
        assert one.origins == 5
        assert one.mae_ratio < 0.5
        assert one.coverage == 1.0

    @pytest.mark.parametrize(
        ("years", "counts", "problem"),
        [
            ([2020, 2021], [1, 2], "3 are needed"),
            ([2020, 2021, 2023], [1, 2, 3], "years are missing"),
            ([2020, 2021, 2022], [0, 0, 0], "zero"),
            ([2020, 2021, 2022], [5, 5, 5], "all the same"),
            ([2020, 2021, 2022], [5, -5, 6], "negative"),
            ([2020, 2021, 2022], [5, math.nan, 6], "missing"),
        ],
    )
    def test_what_cannot_be_estimated_is_refused(self, years, counts, problem):
        with pytest.raises(NotEstimableError, match=problem):
            forecast.next_year(years, counts)
        with pytest.raises(NotEstimableError):
            forecast.backtest(years, counts)


class TestComposition:
    @given(st.lists(st.integers(0, 10**6), min_size=2, max_size=6).filter(lambda c: sum(c) > 0))
    def test_shares_add_up_and_lie_in_their_limits(self, counts):
        found = composition.shares(counts)
        assert found.shares.sum() == pytest.approx(1)
        assert found.clr.sum() == pytest.approx(0, abs=1e-9)
        assert (found.limits[:, 0] <= found.shares + 1e-12).all()
        assert (found.shares <= found.limits[:, 1] + 1e-12).all()

    @given(st.lists(st.integers(1, 10**5), min_size=2, max_size=6), st.integers(2, 9))
    def test_twice_as_much_of_everything_is_no_change(self, counts, factor):
        found = composition.change(counts, [factor * c for c in counts])
        assert found.chi2 == pytest.approx(0, abs=1e-6)
        assert found.total_variation == pytest.approx(0, abs=1e-12)
        assert found.count_change == pytest.approx([100 * (factor - 1)] * len(counts))

    @pytest.mark.parametrize("bad", [[5], [0, 0], [3, -1], [3, math.nan]])
    def test_what_is_no_composition_is_refused(self, bad):
        with pytest.raises(InputError, match="is no composition"):
            composition.shares(bad)

    def test_two_years_need_the_same_parts(self):
        with pytest.raises(InputError, match="different parts"):
            composition.change([1, 2], [1, 2, 3])


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(-50, 100), st.floats(0.05, 0.95))
def test_halves_add_up_to_the_year(current, before, growth, share):
    found = half_years.identity(current, before, growth, share)
    assert found.h1_current + found.h2_current == pytest.approx(current)
    low, high = found.h1_change_range
    assert low <= found.h1_change <= high


@pytest.mark.parametrize("bad", [(0, 1, 0, 0.5), (1, 1, 0, 0.0), (1, 1, 0, 1.0)])
def test_impossible_halves_are_refused(bad):
    with pytest.raises(ValueError, match="no half years"):
        half_years.identity(*bad)

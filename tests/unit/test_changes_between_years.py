"""Counts and changes that a page says, their verdicts, and half years beside a law: table in, number out (SIMULATED)."""

import math
from datetime import date

import pandas as pd
import pytest

from osw_stats.analysis.counts import changes, published_halves, trend
from osw_stats.analysis.counts.yearly import Counted
from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from tests.simulated_figures import figure, frame, yearly

REPORTS, TOTAL = "police_reports", "helpwanted_requests"


def pair(series_id, lower, upper, p, breakdown="", year="2024"):
    return {
        "series": series_id, "breakdown": breakdown, "period1": year, "period0": str(int(year) - 1), "lower": lower,
        "upper": upper, "p_raw": p, "change": (lower + upper) / 2, "unit": "percent", "interval_kind": "overdispersed",
        "observations": "a b", "method": "ratio", "grade": "B", "basis": "published",
    }  # fmt: skip


class TestVerdicts:
    @pytest.mark.parametrize(
        ("lower", "upper", "verdict"),
        [
            (-1, 1, "within_ordinary_variation"), (0, 1, "within_ordinary_variation"), (-1, 0, "within_ordinary_variation"),
            (0.1, 2, "more_than_ordinary_variation"), (-2, -0.1, "more_than_ordinary_variation"),
        ],
    )  # fmt: skip
    def test_a_change_needs_limits_on_one_side_of_zero(self, lower, upper, verdict):
        found = changes.judged(pd.DataFrame([pair(REPORTS, lower, upper, 0.01)]), [Counted(REPORTS)], 2024, alpha=0.05)  # fmt: skip
        assert found["verdict"].tolist() == [verdict]
        assert changes.change(found.iloc[0]).verdict == verdict

    def test_what_is_judged_together_is_corrected_together_and_the_rest_gets_no_verdict(self):
        rows = pd.DataFrame([
            pair(REPORTS, 0.1, 2, 0.04), pair(TOTAL, 0.1, 2, 0.001), pair("csg_contacts", 0.1, 2, 0.001), pair(REPORTS, 0.1, 2, 0.001, year="2023"),
            pair("helpwanted_requests_subject", 0.1, 2, 0.03, "subject=a"), pair("helpwanted_requests_subject", 0.1, 2, 0.03, "subject=b"),
        ])  # fmt: skip
        named = [Counted(REPORTS), Counted(TOTAL), Counted("helpwanted_requests_subject", "subject=a")]
        found = changes.judged(rows, named, 2024, alpha=0.05)
        # Holm: 3 x 0.001, then 2 x 0.03, then at least as much
        assert found["p_holm"].dropna().tolist() == pytest.approx([0.06, 0.003, 0.06])
        assert found["verdict"].tolist() == [
            "not_after_correction", "more_than_ordinary_variation", "", "", "not_after_correction", "",
        ]  # fmt: skip
        assert found.drop(columns=["p_holm", "verdict"]).equals(rows)

    def test_a_count_of_nought_is_not_judged(self):
        rows = pd.DataFrame([pair(REPORTS, math.nan, math.nan, math.nan)])
        found = changes.judged(rows, [Counted(REPORTS)], 2024, alpha=0.05)
        assert found["verdict"].tolist() == [""]
        with pytest.raises(NotEstimableError):
            changes.change(found.iloc[0])
        assert changes.judged(rows.iloc[:0], [Counted(REPORTS)], 2024, alpha=0.05).empty


class TestCounts:
    ROWS = frame(
        *yearly("police_registered_141", 2010, (7000, 7400, 6900, 7300, 7800, 7500, 8100, 7700)),
        figure(TOTAL, "2024", 1320.0), figure("helpwanted_requests_change", "2024", 10.0, lower=9.5, upper=10.5),
        figure(REPORTS, "2024", 1100.0, lower=1050.0, upper=1150.0), figure(REPORTS, "2023", 1000.0),
        figure(TOTAL, "2019", math.nan),
    )  # fmt: skip

    def test_a_count_says_its_period_and_whether_it_was_published(self):
        exact, rounded, implied = (
            changes.count(self.ROWS, name, year)
            for name, year in ((REPORTS, 2023), (REPORTS, 2024), (TOTAL, 2023))
        )
        assert [n.basis for n in (exact, rounded, implied)] == ["published", "rounded", "implied"]
        assert [n.grade for n in (exact, rounded, implied)] == ["A", "A", "B"]
        assert (implied.value, implied.period) == (1200, "2023")
        assert (exact.interval_kind, rounded.lower, rounded.interval_kind) == ("none", 1050, "rounding")
        assert changes.exact_totals(self.ROWS, REPORTS) == 1
        with pytest.raises(NotPublishedError) as told:
            changes.count(self.ROWS, TOTAL, 2019)
        assert told.value.wanted[0]["time_period"] == "2019"

    def test_an_implied_count_is_not_printed(self):
        assert changes.printed(self.ROWS, TOTAL, 2024).value == 1320
        with pytest.raises(NotPublishedError, match="2023"):
            changes.printed(self.ROWS, TOTAL, 2023)

    def test_growth_is_the_printed_rate_where_the_earlier_total_rests_on_it(self):
        row = trend.find(trend.pairs(self.ROWS, alpha=0.05), TOTAL, "2024")
        found = changes.growth(self.ROWS, row)
        assert (found.value, found.lower, found.upper, found.basis) == (10, 9.5, 10.5, "published")
        assert (found.period, found.before) == ("2024", "2023")

    def test_growth_follows_from_the_totals_where_both_are_there_whatever_was_printed(self):
        rows = frame(*self.ROWS.to_dict("records"), figure(TOTAL, "2023", 1650.0))
        for known in (rows, rows[rows["series_id"] != "helpwanted_requests_change"]):
            row = trend.find(trend.pairs(known, alpha=0.05), TOTAL, "2024")
            found = changes.growth(known, row)
            assert (found.value, found.basis, found.interval_kind) == (pytest.approx(-20), "derived", "none")
        rounded = changes.growth(self.ROWS, trend.find(trend.pairs(self.ROWS, alpha=0.05), REPORTS, "2024"))
        assert (rounded.value, rounded.lower, rounded.upper) == pytest.approx((10, 5, 15))

    def test_the_variation_is_borrowed_or_ones_own(self):
        pairs = trend.pairs(self.ROWS, alpha=0.05)
        row = trend.find(pairs, REPORTS, "2024")
        assert changes.borrowed_dispersion(row).value == row["phi_used"]
        with pytest.raises(NotAskedError):
            changes.borrowed_dispersion(trend.find(pairs, "police_registered_141", "2017"))


class TestBreaks:
    @pytest.mark.parametrize(("year", "there"), [(2023, False), (2024, True), (2025, True), (2026, False)])
    def test_a_break_in_either_year_makes_them_unlike(self, year, there):
        if there:
            assert "2024" in changes.break_between(REPORTS, year).value["en"]
        else:
            with pytest.raises(NotAskedError):
                changes.break_between(REPORTS, year)

    def test_of_a_break_known_by_its_year_the_day_may_be_any(self):
        assert changes.break_between(TOTAL, 2023) == changes.break_between(TOTAL, 2022)
        with pytest.raises(NotAskedError):
            changes.break_between(TOTAL, 2021)

    def test_the_last_break_up_to_a_year(self):
        assert "2022" in changes.last_break(TOTAL, 2030).value["nl"]
        with pytest.raises(NotAskedError):
            changes.last_break(TOTAL, 2021)
        assert changes.law_date() == date(2024, 7, 1)


class TestHalfYears:
    SERIES = "police_reports_half_year"
    LAW = date(2024, 7, 1)

    def rows(self, *more):
        return frame(
            figure(self.SERIES, "2024-H2", 120.0, obs_status="derived"), figure(self.SERIES, "2024-H1", 100.0),
            figure(self.SERIES, "2022-H1", 82.0, lower=81.0, upper=83.0), *more,
        )  # fmt: skip

    def test_only_exact_halves_are_shown_in_order_with_the_change_from_half_to_half(self):
        found = published_halves.up_to(self.rows(figure(self.SERIES, "2025-H1", 114.0)), 2024)
        assert found["period"].tolist() == ["2024-H1", "2024-H2"]
        assert found["basis"].tolist() == ["published", "implied"]
        assert math.isnan(found["change"][0]) and found["change"][1] == pytest.approx(20)
        assert published_halves.published(self.rows()) == 3
        with pytest.raises(NotAskedError):
            published_halves.up_to(self.rows(), 2023)

    def test_a_gap_between_halves_is_no_change(self):
        found = published_halves.exact(self.rows(figure(self.SERIES, "2025-H2", 130.0)))
        assert math.isnan(found["change"].iloc[-1])

    @pytest.mark.parametrize(("last", "since"), [(114.0, -5), (126.0, 5)])
    def test_the_step_at_the_law_and_what_came_after(self, last, since):
        table = published_halves.up_to(self.rows(figure(self.SERIES, "2025-H1", last)), 2025)
        before, after = published_halves.around(table, self.LAW)
        step = published_halves.step(before, after)
        assert (step.value, step.period, step.before, step.grade) == (
            pytest.approx(20),
            "2024-H2",
            "2024-H1",
            "B",
        )
        latest = published_halves.latest(table, after)
        assert published_halves.step(after, latest).value == pytest.approx(since)
        assert published_halves.year_before(table, latest).period == "2024-H1"

    def test_what_is_not_there_is_not_told(self):
        table = published_halves.up_to(self.rows(), 2024)
        _, after = published_halves.around(table, self.LAW)
        for tell in (
            lambda: published_halves.latest(table, after), lambda: published_halves.around(table, date(2024, 5, 1)),
            lambda: published_halves.around(table, None), lambda: published_halves.year_before(table, after),
        ):  # fmt: skip
            with pytest.raises(NotAskedError):
                tell()
        with pytest.raises(NotPublishedError):
            published_halves.half(self.rows(), "2022-H1")  # rounded

"""Half years, parts of requests, and counts side by side: SIMULATED rows by hand, and the figures of the page."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.stats.counts import half_years, levels, reconciliation, requests
from tests.simulated_figures import figure, frame

YEAR, HALF, GROWTH = "police_reports", "police_reports_half_year", "police_reports_half_year_change"
TOTAL, PART = "helpwanted_requests", "helpwanted_requests_subject"


class TestIdentity:
    def test_by_hand(self):
        # 48 percent of 1000 is 480; 10 percent more is 528; 1100 - 528 = 572 against 520
        halves = half_years.identity(1100, 1000, 10, 0.48)
        assert (halves.h2_current, halves.h1_current, halves.h1_change) == pytest.approx((528, 572, 10))
        # a growth of 9.5 to 10.5 percent is 525.6 to 530.4, and so 574.4 down to 569.6
        ends = (100 * (569.6 / 520 - 1), 100 * (574.4 / 520 - 1))
        assert halves.h1_change_range == pytest.approx(ends)
        low, high = half_years.identity(1100, 1000, 10, 0.48, step=0.1).h1_change_range
        assert high - low == pytest.approx((ends[1] - ends[0]) / 10)

    @given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(-50, 100), st.floats(0.05, 0.95))
    def test_halves_add_up_to_the_year(self, current, before, growth, share):
        halves = half_years.identity(current, before, growth, share)
        assert halves.h1_current + halves.h2_current == pytest.approx(current)
        low, high = halves.h1_change_range
        assert low <= halves.h1_change <= high

    @pytest.mark.parametrize(
        "bad",
        [
            *((0, 1, 0, 0.5), (1, 0, 0, 0.5), (1, -1, 0, 0.5), (1, 1, 0, 0), (1, 1, 0, 1), (1, 1, 0, 1.1)),
            *((math.nan, 1, 0, 0.5), (1, math.nan, 0, 0.5), (1, 1, math.inf, 0.5), (1, 1, 0, math.nan)),
        ],
    )
    def test_what_has_no_halves(self, bad):
        with pytest.raises(InputError, match="no half years"):
            half_years.identity(*bad)


class TestReconstructions:
    ROWS = frame(
        figure(YEAR, "2024", 1100.0),
        figure(YEAR, "2023", 1000.0),
        figure(GROWTH, "2024-H2", 10.0, lower=10.0, upper=11.0),  # "ruim 10 procent"
        figure(HALF, "2025-H1", 600.0, lower=590.0, upper=610.0),
        figure(GROWTH, "2025-H1", 20.0, lower=19.5, upper=20.5),
        figure(HALF, "2024-H2", 540.0, lower=530.0, upper=550.0),
    )

    @pytest.fixture
    def table(self):
        return half_years.reconstructions(self.ROWS, 2024)

    @pytest.mark.parametrize(
        ("at", "variant", "expected"),
        [
            (0, "identity", {"share_before": 48, "h2": 528, "h1": 572, "change": 10}),
            # growth of 10 to 11 percent on 500: 550 to 555, so 550 down to 545
            (1, "identity", {"h1": 550, "h1_lower": 545, "h1_upper": 550, "lower": 9, "upper": 10}),
            (2, "identity", {"share_before": 52, "h2": 572, "h1": 528, "change": 10}),
            (3, "earlier_years", {"h1": math.nan}),
            (4, "from_next_year", {"h1": 500, "h1_lower": 590 / 1.205, "h1_upper": 610 / 1.195, "h2": 600}),
            # on 48 to 52 percent of the year before, in the first half 520 down to 480
            (4, "from_next_year", {"lower": 100 * (590 / 1.205 / 520 - 1)}),
            (4, "from_next_year", {"upper": 100 * (610 / 1.195 / 480 - 1)}),
            (5, "from_second_half", {"h1": 560, "h1_lower": 550, "h1_upper": 570, "change": 12}),
        ],
    )
    def test_every_reconstruction_by_hand(self, table, at, variant, expected):
        row = table.iloc[at]
        assert (len(table), row["variant"]) == (6, variant)
        assert row[list(expected)].to_dict() == pytest.approx(expected, nan_ok=True)

    def test_an_estimate_of_one_of_them(self, table):
        n = half_years.estimate(table, "identity", "lowest")
        assert (n.value, n.lower, n.upper, n.unit) == (*map(pytest.approx, (528, 522.8, 528)), YEAR)
        assert half_years.estimate(table, "identity", "highest").value == pytest.approx(572)
        with pytest.raises(NotAskedError):
            half_years.estimate(table.iloc[:3], "from_next_year")

    def test_how_many_answers_there_are_and_where_they_meet(self, table):
        assert half_years.answers(table) == 3
        # 522.8 to 572 over the shares, 590 / 1.205 to 610 / 1.195, and 550 to 570: nothing fits all
        with pytest.raises(NotAskedError, match="nothing in common"):
            half_years.agreement(table)
        two = table[table["variant"].isin(["identity", "from_second_half"])]
        meet = half_years.agreement(two)
        assert (meet.lower, meet.upper) == (550, 570)
        with pytest.raises(NotAskedError):
            half_years.agreement(two.iloc[:1])

    @pytest.mark.parametrize(
        ("gone", "left"),
        [
            ((GROWTH, "2024-H2"), {"from_next_year", "from_second_half"}),
            ((HALF, "2024-H2"), {"identity", "earlier_years", "from_next_year"}),
            ((GROWTH, "2025-H1"), {"identity", "earlier_years", "from_second_half"}),
        ],
    )
    def test_what_misses_a_figure_is_left_out_and_the_rest_stands(self, gone, left):
        rows = self.ROWS[(self.ROWS["series_id"] != gone[0]) | (self.ROWS["time_period"] != gone[1])]
        assert set(half_years.reconstructions(rows, 2024)["variant"]) == left

    def test_without_any_of_them_everything_looked_for_is_named(self):
        with pytest.raises(NotPublishedError) as error:
            half_years.reconstructions(self.ROWS[self.ROWS["series_id"] == YEAR], 2024)
        assert len(error.value.wanted) == 4

    def test_a_known_half_is_not_reconstructed_and_a_known_second_half_before_is_taken(self):
        rows = self.ROWS.to_dict("records")
        with pytest.raises(NotAskedError):
            half_years.reconstructions(frame(*rows, figure(HALF, "2024-H1", 520.0)), 2024)
        table = half_years.reconstructions(frame(*rows, figure(HALF, "2023-H2", 400.0)), 2024)
        identity = table[table["variant"] == "identity"]
        assert identity[["share_before", "h2"]].to_numpy().tolist() == [[40, pytest.approx(440)]]
        assert "earlier_years" not in set(table["variant"])  # there is one to hold the growth against

    def test_what_was_said_in_words_stands_last_or_is_missed(self, table):
        event = {"kind": "statement", "end": "2024-06-30", "nl": "minder", "en": "fewer"}
        event |= {"source_id": "d", "locator": "1"}
        events = pd.DataFrame([event, event | {"kind": "law"}, event | {"end": "2023-06-30"}])
        told = half_years.with_statement(table, events, 2024)
        assert told["said_en"].tolist() == [""] * 6 + ["fewer"]
        assert half_years.with_statement(table, events, 2022) is table
        assert half_years.said(events, 2024).value == {"nl": "minder", "en": "fewer"}
        with pytest.raises(NotAskedError, match="first half of 2022"):
            half_years.said(events, 2022)


class TestPublishedHalves:
    ROWS = (
        figure(HALF, "2024-H2", 120.0, obs_status="derived"),
        figure(HALF, "2024-H1", 100.0),
        figure(HALF, "2022-H1", 82.0, lower=81.0, upper=83.0),
    )

    def test_only_exact_halves_are_shown_in_order_with_the_change_from_half_to_half(self):
        rows = frame(*self.ROWS, figure(HALF, "2025-H2", 114.0))
        table = half_years.exact(rows, 2024)
        assert table["period"].tolist() == ["2024-H1", "2024-H2"]
        assert table["basis"].tolist() == ["published", "implied"]
        assert table["change"].tolist() == pytest.approx([math.nan, 20], nan_ok=True)
        # a gap between halves is no change
        assert math.isnan(half_years.exact(rows)["change"].iloc[-1])
        assert half_years.known(frame(*self.ROWS)) == 3
        with pytest.raises(NotAskedError):
            half_years.exact(rows, 2023)

    @pytest.mark.parametrize(("last", "since"), [(114.0, -5), (126.0, 5)])
    def test_the_step_at_the_law_and_what_came_after(self, last, since):
        table = half_years.exact(frame(*self.ROWS, figure(HALF, "2025-H1", last)), 2025)
        before, after = half_years.around(table, date(2024, 7, 1))
        step = half_years.step(before, after)
        assert (step.value, step.grade) == (pytest.approx(20), "B")
        assert (step.period, step.before) == ("2024-H2", "2024-H1")
        latest = half_years.later(table, after)
        assert half_years.step(after, latest).value == pytest.approx(since)
        assert half_years.year_before(table, latest).period == "2024-H1"

    def test_what_is_not_there_is_not_told(self):
        table = half_years.exact(frame(*self.ROWS), 2024)
        after = half_years.number(table, "2024-H2")
        jobs = (("later", after), ("around", date(2024, 5, 1)), ("around", None), ("year_before", after))
        for job, at in jobs:
            with pytest.raises(NotAskedError):
                getattr(half_years, job)(table, at)
        with pytest.raises(NotPublishedError):
            half_years.number(half_years.exact(frame(*self.ROWS)), "2022-H1")  # rounded


class TestLevels:
    ROWS = frame(
        *(figure("cbs_population", year, 17e6, age="0+") for year in ("2023", "2024")),
        figure("police_reports", "2024", 0.0),
        figure("police_reports", "2023", 340.0, obs_status="derived"),
        figure("police_complaints", "2023", 34.0, lower=30.0, upper=38.0),
        *(figure("police_complaints_half_year", f"2024-H{n}", 17.0 * n, upper=20.0 * n) for n in (1, 2)),
        figure("nr_cases_per_thousand_reports", "2017", 138.0, breakdown="years=2013-2017", age="0-17"),
    )

    def test_rates_of_the_last_year_with_limits_at_the_ends_of_the_rounding(self):
        table = levels.rates(self.ROWS, 2024, alpha=0.05).set_index("series")
        assert table["rate"].to_dict() == pytest.approx({"police_reports": 0, "police_complaints": 0.3})
        of_nought = table.loc["police_reports", ["lower", "upper"]].tolist()
        assert of_nought == pytest.approx([0, -math.log(0.025) / 170])
        ends = (stats.chi2.ppf(0.025, 102) / 340, stats.chi2.ppf(0.975, 122) / 340)  # of 51 and of 60
        assert table.loc["police_complaints", ["lower", "upper"]].tolist() == pytest.approx(ends)
        assert levels.rates(self.ROWS, 2023, alpha=0.05)["rate"].tolist() == pytest.approx([2, 0.2])
        with pytest.raises(NotPublishedError):
            levels.rates(self.ROWS, 2022, alpha=0.05)

    def test_steps_of_five_years_two_halves_as_their_sum_and_else_the_last_there_is(self):
        table = levels.chain(self.ROWS, 2024)
        assert table["period"].tolist() == ["2023", "2024", "2023", "2024", "2013-2017"]
        assert table["count"].tolist() == [340, 0, 34, 51, 138]
        assert table.loc[3, ["lower", "upper", "basis", "grade"]].tolist() == [51, 60, "implied", "B"]
        assert [words.split()[0] for words in table["method"]] == ["derived", "as", "as", "sum", "as"]
        with pytest.raises(NotPublishedError):
            levels.chain(self.ROWS, 2016)


class TestRequests:
    def rows(self, *more):
        parts = (
            ("2024", "sextortion", 660.0),
            ("2024", "distribution", 330.0),
            ("2023", "sextortion", 720.0),
        )
        of_parts = [figure(PART, year, n, breakdown=f"subject={name}") for year, name, n in parts]
        growth = figure(f"{TOTAL}_change", "2024", 10.0, lower=9.5, upper=10.5)
        return frame(figure(TOTAL, "2024", 1320.0), growth, *of_parts, *more)

    def test_shares_and_their_change_by_hand(self):
        table = requests.subjects(self.rows(), 2024, alpha=0.05).set_index(["year", "subject"])
        assert table.loc[2023, "count"].to_dict() == pytest.approx({"sextortion": 720, "rest": 480})
        assert table.loc[2024, "share"].to_dict() == {"sextortion": 50, "distribution": 25, "rest": 25}
        row = table.loc[(2024, "sextortion")]
        assert (row["change_count"], row["change_pp"]) == pytest.approx((100 * (660 / 720 - 1), -10))
        # the total before was 1320 / 1.105 up to 1320 / 1.095
        ends = [50 - 72000 * rate / 1320 for rate in (1.105, 1.095)]
        assert row[["change_lower", "change_upper"]].tolist() == pytest.approx(ends)
        assert (row["grade"], row["basis"], table.loc[(2023, "rest"), "grade"]) == ("A", "published", "B")
        assert table["change_pp"].notna().sum() == 1

    @pytest.mark.parametrize(("before", "grown"), [(0, math.nan), (1, 32900), (330, 0)])
    def test_nothing_grows_from_nought(self, before, grown):
        rows = self.rows(figure(PART, "2023", float(before), breakdown="subject=distribution"))
        table = requests.subjects(rows, 2024, alpha=None).set_index(["year", "subject"])
        row = table.loc[(2024, "distribution")]
        assert row["change_count"] == pytest.approx(grown, nan_ok=True)
        assert math.isnan(row["change_pp"]) == math.isnan(grown)

    def test_a_full_count_has_no_margin_and_an_implied_total_the_range_it_leaves_open(self):
        table = requests.subjects(self.rows(), 2024, alpha=None).set_index(["year", "subject"])
        now, before = table.loc[2024], table.loc[2023]
        assert (now["lower"].equals(now["share"])) and set(now["interval_kind"]) == {"none"}
        assert set(before["interval_kind"]) == {"rounding"}
        ends = sorted(72000 * rate / 1320 for rate in (1.105, 1.095))
        assert before.loc["sextortion", ["lower", "upper"]].tolist() == pytest.approx(ends)
        left = [100 - ends[1], 100 - ends[0]]
        assert before.loc["rest", ["lower", "upper"]].tolist() == pytest.approx(left)

    def test_a_year_without_its_total_before_is_shown_alone(self):
        rows = self.rows()
        table = requests.subjects(rows[rows["series_id"] != f"{TOTAL}_change"], 2024, alpha=0.05)
        assert set(table["year"]) == {2024}
        assert table["change_count"].isna().all()

    @pytest.mark.parametrize("gone", [TOTAL, PART])
    def test_without_total_or_subjects_it_says_which(self, gone):
        rows = self.rows()
        with pytest.raises(NotPublishedError) as error:
            requests.subjects(rows[rows["series_id"] != gone], 2024, alpha=0.05)
        assert error.value.series_id == gone

    def test_subjects_that_exceed_their_total_have_no_shares(self):
        more = figure(PART, "2024", 900.0, breakdown="subject=other")
        with pytest.raises(NotEstimableError, match="exceed the total"):
            requests.subjects(self.rows(more), 2024, alpha=0.05)


class TestReconciliation:
    ROWS = frame(
        figure("police_reports_complaints", "2022", 150.0, lower=145.0, upper=155.0),
        figure("cbs_registered_sexual", "2022", 100.0, lower=95.0, upper=105.0),
        figure("police_registered_141", "2022", 90.0),
    )

    def test_counts_side_by_side_with_their_gap(self):
        table = reconciliation.reconcile(self.ROWS, 2022)
        assert table["count"].tolist() == [150, 100, 90]
        assert table["below"].tolist() == pytest.approx([math.nan, 50, 10], nan_ok=True)
        assert table[["below_lower", "below_upper"]].to_numpy()[1:].tolist() == [[40, 60], [5, 15]]
        # over the mean of the two: 50 of 125 and 10 of 95
        assert table["below_pct"].tolist()[1:] == pytest.approx([40, 1000 / 95])
        assert reconciliation.fewer(table, "cbs_registered_sexual").value == pytest.approx(40)
        count = reconciliation.count(table, "police_reports_complaints")
        assert (count.value, count.lower, count.upper, count.period) == (150, 145, 155, "2022")
        other = reconciliation.reconcile(self.ROWS.assign(obs_value=[150.0, 180.0, 90.0]), 2022)
        with pytest.raises(NotAskedError):
            reconciliation.fewer(other, "cbs_registered_sexual")

    def test_the_last_year_of_all_three_or_else_of_the_widest(self):
        later = figure("police_reports_complaints", "2023", 1.0)
        rows = frame(later, figure("cbs_registered_sexual", "2022", 1.0))
        assert (reconciliation.last_year(self.ROWS), reconciliation.last_year(rows)) == (2022, 2023)
        with pytest.raises(NotPublishedError) as error:
            reconciliation.last_year(rows.iloc[1:])
        assert error.value.series_id == "police_reports_complaints"

    def test_what_no_reason_explains_says_so_and_every_comparison_has_its_bridge(self, observations):
        table = reconciliation.reconcile(observations, 2022)
        assert table["reason"].tolist() == ["", "no_offence_or_no_criminal_law", "not_explained"]
        assert table.attrs["bridge"].nl

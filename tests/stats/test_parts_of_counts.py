"""Half years, parts of requests, and counts side by side: SIMULATED rows by hand, and the figures of the page."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import NotAskedError, NotPublishedError
from osw_stats.meaning.observations import records
from osw_stats.stats.counts import half_years, reconciliation
from tests.cases import beside, table
from tests.simulated_figures import figure, frame, listed

YEAR, HALF, GROWTH = "police_reports", "police_reports_half_year", "police_reports_half_year_change"
CASES = beside(__file__)


class TestIdentity:
    @given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(-50, 100), st.floats(0.05, 0.95))
    def test_halves_add_up_to_the_year(self, current, before, growth, share):
        halves = half_years.identity(current, before, growth, share)
        assert halves.h1_current + halves.h2_current == pytest.approx(current)
        low, high = halves.h1_change_range
        assert low <= halves.h1_change <= high
        least, most = half_years.identity(current, before, growth, share, step=0.1).h1_change_range
        assert 10 * (most - least) == pytest.approx(high - low, rel=1e-3)


class TestReconstructions:
    ROWS = listed(CASES["rows"]["halves"])

    @pytest.fixture
    def made(self):
        return half_years.reconstructions(self.ROWS, 2024)

    @table(__file__, "reconstructions", "at variant expected")
    def test_every_reconstruction_by_hand(self, made, at, variant, expected):
        row = made.iloc[at]
        assert (len(made), row["variant"]) == (6, variant)
        assert row[list(expected)].to_dict() == pytest.approx(expected, nan_ok=True)

    def test_an_estimate_of_one_of_them(self, made):
        n = half_years.estimate(made, "identity", "lowest")
        assert (n.value, n.lower, n.upper, n.unit) == pytest.approx((528, 522.8, 528, YEAR))
        assert half_years.estimate(made, "identity", "highest").value == pytest.approx(572)
        with pytest.raises(NotAskedError):
            half_years.estimate(made.iloc[:3], "from_next_year")

    def test_how_many_answers_there_are_and_where_they_meet(self, made):
        assert half_years.answers(made) == 3
        # 522.8 to 572 over the shares, 590 / 1.205 to 610 / 1.195, and 550 to 570: nothing fits all
        with pytest.raises(NotAskedError, match="nothing in common"):
            half_years.agreement(made)
        two = made[made["variant"].isin(["identity", "from_second_half"])]
        meet = half_years.agreement(two)
        assert (meet.lower, meet.upper) == (550, 570)
        with pytest.raises(NotAskedError):
            half_years.agreement(two.iloc[:1])

    @table(__file__, "halves_without", "series_id period left")
    def test_what_misses_a_figure_is_left_out_and_the_rest_stands(self, series_id, period, left):
        rows = self.ROWS[(self.ROWS["series_id"] != series_id) | (self.ROWS["time_period"] != period)]
        assert set(half_years.reconstructions(rows, 2024)["variant"]) == set(left.split())

    def test_without_any_of_them_everything_looked_for_is_named(self):
        with pytest.raises(NotPublishedError) as error:
            half_years.reconstructions(self.ROWS[self.ROWS["series_id"] == YEAR], 2024)
        assert len(error.value.wanted) == 4

    def test_the_last_half_year_is_the_last_one_that_counts_the_same(self):
        counted = [("2024-H1", "a"), ("2024-H2", "b"), ("2025-H1", "b"), ("2025-H2", "c")]
        rows = [figure(HALF, at, 100.0, definition_id=which) for at, which in counted]
        halves = half_years.exact(frame(*rows))
        first, second, *_, last = (half_years.number(halves, at) for at, _ in counted)
        assert half_years.later(halves, second).period == "2025-H1"
        for without in (first, last):
            with pytest.raises(NotAskedError):
                half_years.later(halves, without)

    def test_a_known_half_is_not_reconstructed_and_a_known_second_half_before_is_taken(self):
        rows = self.ROWS.to_dict("records")
        with pytest.raises(NotAskedError):
            half_years.reconstructions(frame(*rows, figure(HALF, "2024-H1", 520.0)), 2024)
        table = half_years.reconstructions(frame(*rows, figure(HALF, "2023-H2", 400.0)), 2024)
        identity = table[table["variant"] == "identity"]
        assert identity[["share_before", "h2"]].to_numpy().tolist() == [[40, pytest.approx(440)]]
        assert "earlier_years" not in set(table["variant"])  # there is one to hold the growth against
        # 500 to 600 in the first half of 2023, not half of the year
        assert table["change"].between(table["lower"], table["upper"]).all()

    def test_what_was_said_in_words_stands_last_or_is_missed(self, made):
        event = {"kind": "statement", "end": "2024-06-30", "nl": "minder", "en": "fewer"}
        event |= {"source_id": "d", "locator": "1"}
        events = pd.DataFrame([event, event | {"kind": "law"}, event | {"end": "2023-06-30"}])
        told = half_years.with_statement(made, events, 2024)
        assert told["said_en"].tolist() == [""] * 6 + ["fewer"]
        assert half_years.with_statement(made, events, 2022) is made
        assert half_years.said(events, 2024).value == {"nl": "minder", "en": "fewer"}
        with pytest.raises(NotAskedError, match="first half of 2022"):
            half_years.said(events, 2022)


class TestPublishedHalves:
    ROWS = tuple(records(listed(CASES["rows"]["published halves"])))

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
        assert half_years.known(frame(*self.ROWS)) == 3


class TestReconciliation:
    ROWS = listed(CASES["rows"]["side by side"])

    def test_a_gap_is_told_where_there_are_fewer_than_of_the_series_before(self):
        table = reconciliation.reconcile(self.ROWS, 2022)
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

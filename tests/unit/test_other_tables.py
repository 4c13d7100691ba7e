"""Half years, parts of requests, counts side by side, other studies, the funnel: on simulated rows, by hand."""

import math

import pandas as pd
import pytest

from osw_stats.analysis.counts import half_years, reconciliation, requests
from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from tests.simulated_figures import figure, frame


class TestHalfYears:
    ROWS = frame(
        figure("police_reports", "2024", 1100.0), figure("police_reports", "2023", 1000.0),
        figure("police_reports_half_year_change", "2024-H2", 10.0, lower=9.5, upper=10.5),
        figure("police_reports_half_year", "2025-H1", 600.0, lower=590.0, upper=610.0),
        figure("police_reports_half_year_change", "2025-H1", 20.0, lower=19.5, upper=20.5),
        figure("police_reports_half_year", "2024-H2", 540.0, lower=530.0, upper=550.0),
    )  # fmt: skip

    def test_every_reconstruction_by_hand(self):
        found = half_years.reconstructions(self.ROWS, 2024)
        assert found["variant"].tolist() == ["identity"] * 3 + [
            "earlier_years",
            "from_next_year",
            "from_second_half",
        ]
        assert found["share_before"].tolist()[:3] == pytest.approx([48, 50, 52])
        assert found["h2"].tolist()[:3] == pytest.approx([528, 550, 572])
        assert found["h1"].tolist()[:3] == pytest.approx([572, 550, 528])
        assert found["change"].tolist()[:3] == pytest.approx([10, 10, 10])
        half = found.iloc[1]
        # growth of 9.5 to 10.5 percent on 500: 547.5 to 552.5, so 552.5 down to 547.5
        assert (half["h1_lower"], half["h1_upper"]) == pytest.approx((547.5, 552.5))
        assert (half["lower"], half["upper"]) == pytest.approx((9.5, 10.5))
        back = found.iloc[4]
        assert (back["h1"], back["h1_lower"], back["h1_upper"]) == pytest.approx(
            (500, 590 / 1.205, 610 / 1.195)
        )
        assert (back["h2"], back["change"]) == pytest.approx((600, 0))
        # on 48 to 52 percent of the year before, in the first half 520 down to 480
        assert (back["lower"], back["upper"]) == pytest.approx((100 * (590 / 1.205 / 520 - 1), 100 * (610 / 1.195 / 480 - 1)))  # fmt: skip
        second = found.iloc[5]
        assert (second["h1"], second["h1_lower"], second["h1_upper"], second["change"]) == pytest.approx((560, 550, 570, 12))  # fmt: skip

    def test_an_estimate_of_one_of_them(self):
        table = half_years.reconstructions(self.ROWS, 2024)
        found = half_years.estimate(table, "identity", "lowest")
        assert (found.value, found.lower, found.upper) == pytest.approx((528, 525.4, 530.6))
        assert half_years.estimate(table, "identity", "highest").value == pytest.approx(572)
        with pytest.raises(NotAskedError):
            half_years.estimate(table.iloc[:3], "from_next_year")

    def test_how_many_answers_there_are_and_where_they_meet(self):
        table = half_years.reconstructions(self.ROWS, 2024)
        assert half_years.answers(table) == 3
        # 525.4 to 574.6 over the shares, 590 / 1.205 to 610 / 1.195, and 550 to 570: nothing fits all
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
            ("police_reports_half_year_change/2024-H2//", {"from_next_year", "from_second_half"}),
            ("police_reports_half_year/2024-H2//", {"identity", "earlier_years", "from_next_year"}),
            ("police_reports_half_year_change/2025-H1//", {"identity", "earlier_years", "from_second_half"}),
        ],
    )
    def test_what_misses_a_figure_is_left_out_and_the_rest_stands(self, gone, left):
        rows = self.ROWS[~(self.ROWS["series_id"] + "/" + self.ROWS["time_period"] + "//").eq(gone)]
        assert set(half_years.reconstructions(rows, 2024)["variant"]) == left

    def test_without_any_of_them_everything_looked_for_is_named(self):
        rows = self.ROWS[self.ROWS["series_id"] == "police_reports"]
        with pytest.raises(NotPublishedError) as told:
            half_years.reconstructions(rows, 2024)
        assert len(told.value.wanted) == 4

    def test_a_known_half_is_not_reconstructed_and_a_known_second_half_before_is_taken(self):
        first = figure("police_reports_half_year", "2024-H1", 520.0)
        with pytest.raises(NotAskedError):
            half_years.reconstructions(frame(*self.ROWS.to_dict("records"), first), 2024)
        second = figure("police_reports_half_year", "2023-H2", 400.0)
        found = half_years.reconstructions(frame(*self.ROWS.to_dict("records"), second), 2024)
        identity = found[found["variant"] == "identity"]
        assert identity["share_before"].tolist() == pytest.approx([40])
        assert identity["h2"].tolist() == pytest.approx([440])
        assert "earlier_years" not in set(found["variant"])  # there is one to hold the growth against

    def test_what_was_said_in_words_stands_last_or_is_missed(self):
        event = {"kind": "statement", "end": "2024-06-30", "nl": "minder", "en": "fewer", "source_id": "d", "locator": "1"}  # fmt: skip
        table = half_years.reconstructions(self.ROWS, 2024)
        events = pd.DataFrame([event, event | {"kind": "law"}, event | {"end": "2023-06-30"}])
        assert half_years.with_statement(table, events, 2024)["said_en"].tolist() == [""] * 6 + ["fewer"]
        assert half_years.with_statement(table, events, 2022) is table
        assert half_years.said(events, 2024).value == {"nl": "minder", "en": "fewer"}
        with pytest.raises(NotAskedError, match="first half of 2022"):
            half_years.said(events, 2022)


class TestRequests:
    def rows(self, *more):
        part = "helpwanted_requests_subject"
        return frame(
            figure("helpwanted_requests", "2024", 1320.0), figure("helpwanted_requests_change", "2024", 10.0, lower=9.5, upper=10.5),
            figure(part, "2024", 660.0, breakdown="subject=sextortion"), figure(part, "2023", 720.0, breakdown="subject=sextortion"),
            figure(part, "2024", 330.0, breakdown="subject=distribution"), *more,
        )  # fmt: skip

    def test_shares_and_their_change_by_hand(self):
        found = requests.subjects(self.rows(), 2024, alpha=0.05).set_index(["year", "subject"])
        assert found.loc[2023, "count"].to_dict() == {"sextortion": 720, "rest": pytest.approx(480)}
        assert found.loc[2024, "share"].to_dict() == {"sextortion": 50, "distribution": 25, "rest": 25}
        row = found.loc[(2024, "sextortion")]
        assert (row["change_count"], row["change_pp"]) == (
            pytest.approx(100 * (660 / 720 - 1)),
            pytest.approx(-10),
        )
        # the total before was 1320 / 1.105 up to 1320 / 1.095
        assert row["change_lower"] == pytest.approx(50 - 72000 * 1.105 / 1320)
        assert row["change_upper"] == pytest.approx(50 - 72000 * 1.095 / 1320)
        assert (row["grade"], row["basis"], found.loc[(2023, "rest"), "grade"]) == ("A", "published", "B")
        assert math.isnan(found.loc[(2024, "distribution"), "change_pp"])
        assert math.isnan(found.loc[(2023, "sextortion"), "change_pp"])

    def test_a_year_without_its_total_before_is_shown_alone(self):
        rows = self.rows()
        found = requests.subjects(rows[rows["series_id"] != "helpwanted_requests_change"], 2024, alpha=0.05)
        assert set(found["year"]) == {2024}
        assert found["change_count"].isna().all()

    @pytest.mark.parametrize("gone", ["helpwanted_requests", "helpwanted_requests_subject"])
    def test_without_total_or_subjects_it_says_which(self, gone):
        rows = self.rows()
        with pytest.raises(NotPublishedError) as told:
            requests.subjects(rows[rows["series_id"] != gone], 2024, alpha=0.05)
        assert told.value.series_id == gone

    def test_subjects_that_exceed_their_total_have_no_shares(self):
        more = figure("helpwanted_requests_subject", "2024", 900.0, breakdown="subject=other")
        with pytest.raises(NotEstimableError, match="exceed the total"):
            requests.subjects(self.rows(more), 2024, alpha=0.05)


def test_counts_side_by_side_with_their_gap():
    rows = frame(
        figure("police_reports_complaints", "2022", 150.0, lower=145.0, upper=155.0), figure("cbs_registered_sexual", "2022", 100.0, lower=95.0, upper=105.0),
        figure("police_registered_141", "2022", 90.0),
    )  # fmt: skip
    found = reconciliation.reconcile(rows, 2022)
    assert found["count"].tolist() == [150, 100, 90]
    assert math.isnan(found["below"][0])
    assert found["below"].tolist()[1:] == [50, 10]
    assert (found["below_lower"][1], found["below_upper"][1]) == (40, 60)
    assert (found["below_lower"][2], found["below_upper"][2]) == (5, 15)
    # over the mean of the two: 50 of 125 and 10 of 95
    assert found["below_pct"].tolist()[1:] == pytest.approx([40, 1000 / 95])
    assert reconciliation.last_year(rows) == 2022
    assert reconciliation.fewer(found, "cbs_registered_sexual").value == pytest.approx(40)
    count = reconciliation.count(found, "police_reports_complaints")
    assert (count.value, count.lower, count.upper, count.period) == (150, 145, 155, "2022")
    other = reconciliation.reconcile(rows.assign(obs_value=[150.0, 180.0, 90.0]), 2022)
    with pytest.raises(NotAskedError):
        reconciliation.fewer(other, "cbs_registered_sexual")


def test_without_a_common_year_the_last_of_the_widest_count_is_asked_for():
    rows = frame(
        figure("police_reports_complaints", "2023", 150.0), figure("cbs_registered_sexual", "2022", 100.0)
    )
    assert reconciliation.last_year(rows) == 2023
    with pytest.raises(NotPublishedError) as told:
        reconciliation.last_year(rows.iloc[1:])
    assert told.value.series_id == "police_reports_complaints"

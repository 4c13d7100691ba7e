"""Gaps between need and means, and the status of dates, at their edges."""

import math
from datetime import date

import pandas as pd
import pytest

from osw_stats.analysis.capacity import authorities, gaps
from osw_stats.errors import InputError, UnitMismatchError

ROW = {
    "breakdown": "concept=needed",
    "obs_value": 60.0,
    "unit_measure": "fte",
    "obs_id": "x",
    "series_id": "s",
}


class TestGaps:
    def test_only_a_need_less_its_means_is_a_gap(self):
        met = ROW | {"breakdown": "channel=a;concept=funded", "obs_value": 49.0}
        assert gaps.difference(ROW, met) == 11
        for other in ("occupied", "formation", "needed", ""):
            with pytest.raises(InputError, match="is no gap"):
                gaps.difference(ROW, met | {"breakdown": f"concept={other}"})
        with pytest.raises(UnitMismatchError):
            gaps.difference(ROW, met | {"unit_measure": "eur"})

    def test_shares_of_a_gap_by_hand(self):
        assert gaps.gap_shares(60, 45) == {"gap_pct": 25, "granted_pct": pytest.approx(math.nan, nan_ok=True)}
        assert gaps.gap_shares(60, 45, 40)["granted_pct"] == 25
        assert gaps.gap_shares(60, 45, 40)["gap_pct"] == 25
        assert math.isnan(gaps.gap_shares(60, 45, 60)["granted_pct"])

    def test_the_latest_total_stands_before_a_growth(self):
        row = {"body": "acm", "share_for_osw": "unknown", "observations": "x"}
        table = pd.DataFrame(
            [
                row | {"series": "cvdm_fte_growth", "concept": "needed", "fte": 5.0, "date": "2025"},
                row | {"series": "cvdm_fte", "concept": "needed", "fte": 91.0, "date": "2024"},
                row | {"series": "cvdm_fte_growth", "concept": "supported", "fte": 3.0, "date": "2024"},
                row | {"series": "cvdm_fte", "concept": "occupied", "fte": math.nan, "date": "2024", "observations": ""},
            ]
        )  # fmt: skip
        (found,) = gaps.side_by_side(table).to_dict("records")
        assert (found["needed"], found["needed_year"], found["needed_growth"]) == (91, "2024", False)
        assert (found["met"], found["met_growth"]) == (3, True)
        assert math.isnan(found["occupied"])
        assert found["observations"] == "x x x"


class TestDeadlines:
    @pytest.mark.parametrize(
        ("finding", "done", "today", "status"),
        [
            ("done", "2024-06-30", "2024-07-01", "met"), ("done", "2024-07-01", "2024-07-01", "partly"), ("partly", "", "2024-07-01", "partly"),
            ("not_done", "", "2024-06-30", "open"), ("not_done", "", "2024-07-01", "missed"), ("unclear", "", "2024-06-30", "open"),
            ("unclear", "", "2024-07-01", "not_settled"),
        ],
    )  # fmt: skip
    def test_a_day_late_is_late(self, finding, done, today, status):
        known = pd.DataFrame(
            [{"finding": finding, "done_on": done, "published": "2024-01-01", "read": "whole"}]
        )
        found = authorities.status({"date_latest": "2024-06-30"}, known, date.fromisoformat(today))
        assert found == {"status": status, "done_on": done if finding == "done" else ""}

    def test_without_a_date_it_stays_open_and_whatever_is_done_is_met(self):
        none = pd.DataFrame(columns=["finding", "done_on", "published"])
        assert authorities.status({"date_latest": ""}, none, date(2030, 1, 1))["status"] == "open"
        done = pd.DataFrame([{"finding": "done", "done_on": "2029-01-01", "published": "2029-01-01"}])
        assert authorities.status({"date_latest": ""}, done, date(2030, 1, 1))["status"] == "met"

    def test_the_latest_evidence_decides(self):
        known = pd.DataFrame([{"finding": f, "done_on": "", "published": p, "read": "whole"} for f, p in (("not_done", "2025-01-01"), ("partly", "2024-12-31"), ("unclear", "2025-02-01"))])  # fmt: skip
        assert (
            authorities.status({"date_latest": "2024-06-30"}, known, date(2025, 3, 1))["status"] == "missed"
        )


def test_figures_that_the_founding_report_gives_without_a_document_have_the_lowest_grade(observations):
    found = gaps.fte(observations)
    theirs = found["source"] == "rapport-2025"
    assert theirs.any()
    assert set(found.loc[theirs, "grade"]) == {"D"}
    others = found[~theirs & (found["source"] != "")]
    stated = others["concept"].isin(["needed", "funded", "supported", "allocated", "planned"])
    assert set(others.loc[stated, "grade"]) == {"B"}  # nobody counted what somebody says is needed or granted
    assert set(others.loc[~stated, "grade"]) == {"A"}
    assert set(found.loc[found["source"] == "", "grade"]) == {""}

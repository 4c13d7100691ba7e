"""Revisions, gaps in the record, scenarios drawn, money per post and two coders: small tables by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis import coverage
from osw_stats.analysis.capacity import authorities, budgets, gaps, sensitivity
from osw_stats.analysis.revisions import alternatives, revisions
from osw_stats.errors import InputError, NotPublishedError
from osw_stats.vocabulary.authorities import AUTHORITIES, CODES, QUESTIONS, authority
from tests.simulated_figures import figure, frame
from tests.simulated_scenarios import VALUES, scenario


class TestRevisions:
    def test_old_and_new_by_the_day_they_were_known(self):
        rows = frame(
            figure("police_reports", "2020", 110.0, known_by="2022-01-01", source_id="b"), figure("police_reports", "2020", 100.0, known_by="2021-01-01", source_id="a"),
            figure("police_reports", "2020", 110.0, known_by="2023-01-01", source_id="c"), figure("police_reports", "2021", 5.0),
            figure("police_reports", "2020", 999.0, known_by="2021-06-01", role="alternative"), figure("police_reports", "2022", 0.0, known_by="2023-01-01"),
            figure("police_reports", "2022", 4.0, known_by="2024-01-01"), figure("police_reports", "2021", math.nan, known_by="2023-01-01"),
        )  # fmt: skip
        found = revisions(rows)
        assert found[["old_value", "new_value", "change"]].to_numpy().tolist() == [[100, 110, 10], [0, 4, 4]]
        assert found["change_pct"][0] == pytest.approx(10)
        assert math.isnan(found["change_pct"][1])
        assert found.loc[0, ["old_source", "new_source", "old_known_by"]].tolist() == ["a", "b", "2021-01-01"]
        other = alternatives(rows)
        assert other["obs_value"].tolist() == [999] * 3
        assert sorted(other["obs_value_preferred"]) == [100, 110, 110]


def test_gaps_and_their_reasons():
    rows = frame(
        figure("police_reports", "2024", 5.0), figure("ap_complaints", "2023", 5.0), figure("om_inflow_csam", "2024", math.nan, lower=4.0, upper=6.0),
        figure("om_inflow_sexual", "2024", math.nan, obs_status="withheld"), figure("csg_victims", "2019", 5.0),
    )  # fmt: skip
    found = coverage.missing(rows, 2024).set_index("series")["reason"].to_dict()
    assert found == {
        "om_inflow_csam": "range_only",
        "om_inflow_sexual": "withheld",
        "ap_complaints": "no_figure",
    }
    assert "ap_complaints" not in set(coverage.missing(rows, 2023)["series"])


class TestDrawnScenarios:
    DRAWN = {n: np.full(100, float(v[1])) for n, v in VALUES.items()} | {"reports": np.arange(1.0, 101) * 20}

    def test_the_chance_to_need_more_than_there_is(self):
        # 500 reports are one post: 25 of 100 draws ask one or less, 62 ask 2.5 or less, all ask four or less
        found = sensitivity.exceedance(scenario(), self.DRAWN).set_index("fte_available")
        assert found["probability"].tolist() == [75, 38, 0]
        assert found["mc_se"].tolist() == pytest.approx([100 * math.sqrt(0.75 * 0.25 / 100), 100 * math.sqrt(0.38 * 0.62 / 100), 0])  # fmt: skip
        assert set(found["draws"]) == {100}

    def test_the_fan_begins_with_what_waits_and_never_goes_below_nothing(self):
        found = sensitivity.backlog_fan(scenario(), self.DRAWN).set_index(["fte_available", "year"])
        assert found.index.levels[1].tolist() == [0, 1, 2, 3, 4, 5]
        assert found.loc[(2.5, 0), ["q10", "q50", "q90", "mc_se"]].tolist() == [30, 30, 30, 0]
        after = np.maximum(0, 30 + np.arange(1, 101) * 2 - 125)
        assert found.loc[(2.5, 1), ["q10", "q50", "q90"]].tolist() == pytest.approx(np.quantile(after, [0.1, 0.5, 0.9]).tolist())  # fmt: skip
        later = np.maximum(0, after + np.arange(1, 101) * 2 - 125)
        assert found.loc[(2.5, 2), "q90"] == pytest.approx(np.quantile(later, 0.9))


class TestMoney:
    def rows(self, *more):
        return frame(
            figure("ap_budget", "2022", 30e6, lower=29e6, upper=31e6, breakdown="concept=realised"), figure("ap_fte_year_end", "2022", 150.0, lower=149.0, upper=151.0, breakdown="concept=occupied"),
            *more,
        )  # fmt: skip

    def test_euro_per_post_is_told_with_its_corners(self, monkeypatch):
        pair = ("ap", "year_end", ("ap_budget", "concept=realised"), ("ap_fte_year_end", "concept=occupied"))
        monkeypatch.setattr(budgets, "PAIRS", (pair,))
        (found,) = budgets.unit_costs(self.rows()).to_dict("records")
        assert (found["eur_per_fte"], found["lower"], found["upper"]) == (200_000, 29e6 / 151, 31e6 / 149)
        assert (found["years_mixed"], found["grade"], found["fte_concept"]) == (False, "B", "occupied")

    def test_need_less_allocation(self):
        rows = frame(
            figure("ap_budget", "2025", 100e6, lower=95e6, upper=105e6, breakdown="concept=needed"), figure("ap_budget_allocated", "2023", 30e6),
            figure("ap_budget_allocated", "2024", 40e6, lower=39e6, upper=41e6),
        )  # fmt: skip
        (found,) = budgets.money_gaps(rows).to_dict("records")
        assert (found["gap"], found["gap_lower"], found["gap_upper"], found["gap_pct"]) == (
            60e6,
            54e6,
            66e6,
            60,
        )
        assert (found["years"], found["years_mixed"]) == ("2025 2024", True)

    def test_waiting_by_littles_law(self):
        rows = frame(
            figure("ap_complaint_duration", "2024", 1.0, lower=0.5, upper=1.5), figure("ap_complaints_backlog", "2023", 300.0, lower=295.0, upper=305.0),
            figure("ap_complaints_backlog", "2022", 200.0), figure("ap_complaints", "2023", 600.0), figure("ap_complaints", "2023", 5.0, breakdown="part=a"),
        )  # fmt: skip
        (found,) = budgets.waiting_check(rows).to_dict("records")
        assert (found["year"], found["waiting"], found["arrivals"]) == ("2023", 300, 600)
        assert (found["wait_lower"], found["wait_upper"]) == (
            pytest.approx(5.9),
            pytest.approx(6.1),
        )  # months
        assert (found["in_hand_lower"], found["in_hand_upper"]) == (300, 900)

    @pytest.mark.parametrize("gone", ["ap_complaints_backlog", "ap_complaint_duration", "ap_complaints"])
    def test_without_a_year_of_both_nothing_is_said_of_waiting(self, gone):
        series = ("ap_complaint_duration", "ap_complaints_backlog", "ap_complaints")
        rows = frame(*(figure(s, "2023", 300.0, lower=295.0, upper=305.0) for s in series if s != gone))
        with pytest.raises(NotPublishedError):
            budgets.waiting_check(rows)

    def test_gaps_of_two_bodies(self):
        rows = frame(
            figure("acm_dsa_fte", "2024", 60.0, lower=50.0, upper=70.0, breakdown="concept=needed"), figure("acm_dsa_fte", "2024", 40.0, lower=39.0, upper=41.0, breakdown="concept=funded"),
            figure("acm_dsa_budget", "2024", 4e6, breakdown="concept=funded"), figure("cvdm_fte_growth", "2025", 30.0, breakdown="concept=needed"),
            figure("cvdm_fte_growth", "2025", 15.0, breakdown="concept=supported"), figure("cvdm_fte", "2024", 60.0, breakdown="concept=occupied"),
        )  # fmt: skip
        acm, cvdm = gaps.gaps(rows).to_dict("records")
        assert (acm["gap"], acm["gap_lower"], acm["gap_upper"]) == (20, 9, 31)
        assert (acm["eur_per_fte"], acm["gap_meur"], acm["interval_kind"], acm["years_mixed"]) == (100_000, 2, "rounding", False)  # fmt: skip
        # growth of formation stays growth: the posts that are occupied are not added to it
        assert (cvdm["basis"], cvdm["need"], cvdm["funded"], cvdm["gap"], cvdm["gap_pct"]) == ("growth", 30, 15, 15, 50)  # fmt: skip
        assert (cvdm["granted_pct"], cvdm["interval_kind"], cvdm["years_mixed"], cvdm["years"]) == (50, "none", False, "2025")  # fmt: skip
        assert math.isnan(cvdm["eur_per_fte"])


class TestCoders:
    def codings(self, *codes):
        return pd.DataFrame([{"coder": c, "body": f"b{at}", "question": 1, "code": n, "quote": str(n), "scope": ""} for c, row in zip("xyz", codes, strict=False) for at, n in enumerate(row)])  # fmt: skip

    def test_kappa_by_hand(self):
        # agree on three of four; by chance on (2*1 + 1*1 + 1*2) / 16 = 5/16
        table, differing = authorities.agreement(self.codings([1, 1, 2, 3], [1, 3, 2, 3]))
        plain, linear = table.to_dict("records")
        assert (plain["kappa"], plain["agreed"], plain["cells"]) == (
            pytest.approx((0.75 - 5 / 16) / (11 / 16)),
            3,
            4,
        )
        # linear weights: one difference of two; by chance the mean of |i - j| over the margins
        chance = (
            sum(a * b * abs(i - j) for i, a in ((1, 2), (2, 1), (3, 1)) for j, b in ((1, 1), (2, 1), (3, 2)))
            / 16
        )
        assert linear["kappa"] == pytest.approx(1 - (2 / 4) / chance)
        assert (plain["lower"] + plain["upper"]) / 2 == pytest.approx(plain["kappa"])
        assert plain["lower"] < plain["kappa"] < plain["upper"]
        assert differing[["body", "code_1", "code_2"]].to_numpy().tolist() == [["b1", 1, 3]]
        narrow = authorities.agreement(self.codings([1, 1, 2, 3], [1, 3, 2, 3]), alpha=0.5)[0]
        assert narrow["upper"][0] < plain["upper"]

    def test_one_coder_agrees_with_nobody_and_two_may_agree_on_all(self):
        assert authorities.agreement(self.codings([1, 2])) is None
        with pytest.raises(InputError, match="x, y, z"):
            authorities.agreement(self.codings([1], [1], [1]))
        table, differing = authorities.agreement(self.codings([1, 1], [1, 1]))
        assert table["kappa"].tolist() == [1, 1]
        assert table["lower"].isna().all()
        assert differing.empty

    def test_codes_are_counted_by_question(self):
        cells = ((1, 0, "", ""), (1, 3, "part", "70 meldingen"), (1, 3, "part", "alleen minderjarigen"), (1, 4, "subject", "twaalf meldingen"), (1, 9, "", ""), (2, 3, "", "7 fte"))  # fmt: skip
        answers = pd.DataFrame([{"coder": "first", "question": q, "code": c, "scope": s, "quote": t} for q, c, s, t in cells])  # fmt: skip
        found = authorities.coverage(answers).set_index("question")
        assert found.loc[1, ["asked", "refused", "without_record", "bodies"]].tolist() == [5, 1, 1, 3]
        assert found.loc[1, ["code0", "code3", "code4", "code9"]].tolist() == [1, 2, 1, 1]
        assert found.loc[1, ["part", "broader", "subject", "numbers"]].tolist() == [1, 0, 1, 2]
        assert list(found.index) == list(QUESTIONS) == [1, 2, 3, 4, 5]
        assert list(CODES) == [0, 1, 2, 3, 4, 9]

    def test_twelve_bodies_were_asked_and_one_was_not(self):
        assert [a.code for a in AUTHORITIES.values() if not a.asked] == ["sdt"]
        assert authority("sdt").code == "sdt"
        with pytest.raises(InputError, match="no such body"):
            authority("nobody")


def test_gaps_stand_in_the_order_of_the_figures():
    rows = frame(figure("police_reports", "2020", 1.0), figure("ap_complaints", "2020", 2.0))
    found = coverage.missing(rows, 2024)
    assert found["series"].tolist() == ["police_reports", "ap_complaints"]

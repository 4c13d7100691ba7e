"""Need and means, money and posts, waiting, and what was coded by hand: SIMULATED rows by hand, and the shipped figures."""

import csv
import itertools
import math
from datetime import date

import pandas as pd
import pytest

from osw_stats.claims.book import figures, over_figures
from osw_stats.data.coded import load_answers
from osw_stats.errors import (
    InputError,
    NotAskedError,
    NotEstimableError,
    NotPublishedError,
    UnitMismatchError,
)
from osw_stats.meaning.authorities import AUTHORITIES, CODES, QUESTIONS
from osw_stats.stats.capacity import authorities, budgets, gaps
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

CONCEPTS = ("occupied", "formation", "funded", "supported", "allocated", "needed", "realised")
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}
ACM, CVDM, MONEY = "acm_dsa_fte", "cvdm_fte_growth", "ap_budget"


def stated_as(series_id, period, value, concept, **more):
    return figure(series_id, period, value, breakdown=f"concept={concept}", **more)


class TestConcepts:
    @pytest.mark.parametrize(("one", "other"), list(itertools.product(CONCEPTS, CONCEPTS)))
    @pytest.mark.parametrize("sign", ["+", "-"])
    def test_unlike_concepts_neither_add_nor_subtract(self, one, other, sign):
        rows = frame(stated_as("cvdm_fte", "2023", 59.0, one), stated_as("ap_fte", "2026", 32.0, other))
        known = figures(rows.assign(obs_id=["a/doc", "b/doc"], lower_closed=True, upper_closed=True))
        for formula in (f"[a] {sign} [b]", f"2 * ([a] {sign} [b] / 2)"):
            if one == other or (sign == "-" and (one, other) in GAPS):
                assert over_figures(formula, known).unit == "fte"
            else:
                with pytest.raises(InputError, match=f"{one} (plus|minus) {other}"):
                    over_figures(formula, known)

    def test_only_a_need_less_its_means_is_a_gap_and_growth_is_no_total(self):
        need, met = stated_as(ACM, "2024", 60.0, "needed"), stated_as(ACM, "2024", 49.0, "funded")
        assert gaps.difference(need, met | {"breakdown": "channel=a;concept=funded"}) == 11
        for other in ("occupied", "formation", "needed", ""):
            with pytest.raises(InputError, match="is no gap"):
                gaps.difference(need, met | {"breakdown": f"concept={other}"})
        with pytest.raises(UnitMismatchError):
            gaps.difference(need, met | {"unit_measure": "eur"})
        growth = [stated_as(CVDM, "2026", 32.0, concept) for concept in ("needed", "supported")]
        for pair in ((growth[0], met), (need, growth[1])):
            with pytest.raises(InputError, match="growth"):
                gaps.difference(*pair)


class TestGaps:
    def test_gaps_of_two_bodies_by_hand(self):
        rows = frame(
            stated_as(ACM, "2024", 60.0, "needed", lower=50.0, upper=70.0),
            stated_as(ACM, "2024", 40.0, "funded", lower=39.0, upper=41.0),
            stated_as("acm_dsa_budget", "2024", 4e6, "funded"),
            stated_as(CVDM, "2025", 30.0, "needed"),
            stated_as(CVDM, "2025", 15.0, "supported"),
            stated_as("cvdm_fte", "2024", 60.0, "occupied"),
        )
        acm, cvdm = gaps.gaps(rows).to_dict("records")
        assert (acm["gap"], acm["gap_lower"], acm["gap_upper"], acm["interval_kind"]) == (
            20,
            9,
            31,
            "rounding",
        )
        assert (acm["eur_per_fte"], acm["gap_meur"], acm["years_mixed"]) == (100_000, 2, False)
        # growth of formation stays growth: the posts that are occupied are not added to it
        assert (cvdm["basis"], cvdm["need"], cvdm["funded"], cvdm["gap"]) == ("growth", 30, 15, 15)
        assert (cvdm["gap_pct"], cvdm["granted_pct"], cvdm["interval_kind"], cvdm["years"]) == (
            50,
            50,
            "none",
            "2025",
        )
        assert math.isnan(cvdm["eur_per_fte"])

    @pytest.mark.parametrize(
        ("numbers", "pct", "granted"),
        [((60, 45), 25, math.nan), ((60, 45, 40), 25, 25), ((60, 45, 60), 25, math.nan)],
    )
    def test_shares_of_a_gap_by_hand(self, numbers, pct, granted):
        shares = gaps.gap_shares(*numbers)
        assert list(shares.values()) == pytest.approx([pct, granted], nan_ok=True)

    @pytest.mark.parametrize("seed", range(4))
    def test_any_series_with_both_has_a_row_and_no_other(self, seed):
        every = list(gaps.FTE_SERIES)
        both, needing = every[seed : seed + 3], every[(seed + 4) % len(every)]
        rows = [
            stated_as(s, "2031", 10.0 + n, concept)
            for n, s in enumerate(both)
            for concept in ("needed", "supported" if n else "funded")
        ]
        table = gaps.gaps(frame(*rows, stated_as(needing, "2031", 5.0, "needed")))
        bodies = [gaps.FTE_SERIES[s][0] for s in both]
        assert (table["scope"].tolist(), table["body"].tolist()) == (both, bodies)
        assert gaps.others(table, {both[0]: "funded"}) == bodies[1:]
        assert gaps.others(table, {both[0]: "supported"}) == bodies

    def test_money_comes_before_support_and_posts_need_no_money(self):
        concepts = {"needed": 60.0, "supported": 55.0, "funded": 50.0}
        rows = frame(*(stated_as(ACM, "2031", n, c) for c, n in concepts.items()))
        (row,) = gaps.gaps(rows).to_dict("records")
        assert (row["gap"], row["funded_concept"], pd.isna(row["eur_per_fte"])) == (10, "funded", True)

    def test_without_any_the_figure_beside_the_need_is_named_or_else_every_need(self):
        for row, lacking in (
            (stated_as(CVDM, "2031", 9.0, "needed"), {CVDM}),
            (figure("police_reports", "2031", 9.0), set(gaps.FTE_SERIES)),
        ):
            with pytest.raises(NotPublishedError) as error:
                gaps.gaps(frame(row))
            assert {w["series_id"] for w in error.value.wanted} == lacking

    @pytest.mark.parametrize(("granted", "verdict"), [("2031", "one_year"), ("2033", "years_differ")])
    def test_a_gap_knows_whether_its_years_differ(self, granted, verdict):
        rows = frame(stated_as(ACM, "2031", 60.0, "needed"), stated_as(ACM, granted, 49.0, "funded"))
        told = gaps.numbers(gaps.gap_of(gaps.gaps(rows), "funded", scope=ACM))
        assert (told["gap"].value, told["gap"].verdict) == (11, verdict)
        assert (told["need"].period, told["met"].period) == ("2031", granted)
        with pytest.raises(NotEstimableError, match="supported"):
            gaps.gap_of(gaps.gaps(rows), "supported", scope=ACM)

    def test_the_shipped_needs_say_when_they_were_stated(self):
        with (PROJECT / "data/raw/authorities/capacity.csv").open(encoding="utf-8", newline="") as handle:
            needs = [r for r in csv.DictReader(handle) if "concept=needed" in r["breakdown"]]
        said = {r["series_id"]: gaps.said_on(r) for r in needs}
        assert said == {MONEY: "2023-11-27", ACM: "2023-04", CVDM: ""}


class TestWhoPublished:
    def test_nobody_published_fte_for_this_subject_until_somebody_does(self, observations, monkeypatch):
        answers = load_answers(PROJECT)
        assert gaps.for_subject(gaps.fte(observations), answers) == []
        monkeypatch.setitem(gaps.FTE_SERIES, "tbkk_fte", ("police", gaps.ALL_OF_IT))
        planted = gaps.fte(observations)
        assert gaps.for_subject(planted) == ["police"]
        answers.loc[(answers["body"] == "ap") & (answers["question"] == 4), ["code", "scope"]] = [
            4,
            "subject",
        ]
        assert gaps.for_subject(planted, answers) == ["police", "ap"]

    @pytest.mark.parametrize(("table", "of"), [(gaps.fte, gaps.FTE_SERIES), (gaps.money, gaps.MONEY_SERIES)])
    def test_every_body_is_listed_whatever_was_published_so_far(self, observations, table, of):
        for gone in {body for body, _ in of.values()}:
            hidden = [s for s, (body, _) in of.items() if body == gone]
            left = table(observations[~observations["series_id"].isin(hidden)])
            assert set(left["body"]) == set(AUTHORITIES)
            assert left.loc[left["body"] == gone, "observations"].tolist() == [""]

    def test_the_grade_says_who_counted_and_whether_there_is_a_document(self, observations):
        table = gaps.fte(observations)
        word = pd.Series("stated", table.index).mask(
            table["concept"].isin(["occupied", "formation", "filled"]), "counted"
        )
        word = word.mask(table["source"] == "rapport-2025", "theirs").mask(table["source"] == "", "none")
        assert table["grade"].groupby(word).unique().map(list).to_dict() == {
            "counted": ["A"],
            "stated": ["B"],
            "theirs": ["D"],
            "none": [""],
        }

    def test_the_latest_total_stands_before_a_growth(self):
        row = {"body": "acm", "share_for_osw": "unknown", "observations": "x"}
        names = ["series", "concept", "fte", "date"]
        rows = [
            (CVDM, "needed", 5.0, "2025"),
            ("cvdm_fte", "needed", 91.0, "2024"),
            (CVDM, "supported", 3.0, "2024"),
            ("cvdm_fte", "occupied", math.nan, "2024"),
        ]
        table = pd.DataFrame([row | dict(zip(names, values, strict=True)) for values in rows])
        (told,) = gaps.side_by_side(table).to_dict("records")
        assert (told["needed"], told["needed_year"], told["needed_growth"]) == (91, "2024", False)
        assert (told["met"], told["met_growth"], math.isnan(told["occupied"])) == (3, True, True)


WAIT = {
    "ap_complaint_duration": (0.5, 1.5),
    "ap_complaints_backlog": (295.0, 305.0),
    "ap_complaints": (600.0, 600.0),
}


class TestMoney:
    YEAR = (
        stated_as(MONEY, "2022", 30e6, "realised", lower=29e6, upper=31e6),
        stated_as("ap_fte_year_end", "2022", 150.0, "occupied", lower=149.0, upper=151.0),
    )

    def waiting(self, year="2023", **ends):
        return [
            figure(name, year, (low + high) / 2, lower=low, upper=high)
            for name, (low, high) in (WAIT | ends).items()
        ]

    def test_euro_per_post_is_told_with_its_corners(self):
        (row,) = budgets.unit_costs(frame(*self.YEAR)).to_dict("records")
        assert (row["eur_per_fte"], row["lower"], row["upper"]) == (200_000, 29e6 / 151, 31e6 / 149)
        assert (row["years_mixed"], row["grade"], row["fte_concept"]) == (False, "B", "occupied")

    def test_need_less_allocation(self):
        rows = frame(
            stated_as(MONEY, "2025", 100e6, "needed", lower=95e6, upper=105e6),
            figure("ap_budget_allocated", "2023", 30e6),
            figure("ap_budget_allocated", "2024", 40e6, lower=39e6, upper=41e6),
        )
        (row,) = budgets.money_gaps(rows).to_dict("records")
        assert (row["gap"], row["gap_lower"], row["gap_upper"], row["gap_pct"]) == (60e6, 54e6, 66e6, 60)
        assert (row["years"], row["years_mixed"]) == ("2025 2024", True)

    def test_waiting_by_littles_law(self):
        rows = frame(*self.waiting(), figure("ap_complaints", "2023", 5.0, breakdown="part=a"))
        (row,) = budgets.waiting_check(rows).to_dict("records")
        assert (row["year"], row["waiting"], row["arrivals"]) == ("2023", 300, 600)
        assert (row["wait_lower"], row["wait_upper"]) == pytest.approx((5.9, 6.1))  # months
        assert (row["in_hand_lower"], row["in_hand_upper"]) == (300, 900)

    @pytest.mark.parametrize("gone", list(WAIT))
    def test_without_a_year_of_both_nothing_is_said_of_waiting(self, gone):
        rows = frame(*self.waiting())
        with pytest.raises(NotPublishedError):
            budgets.waiting_check(rows[rows["series_id"] != gone])

    @pytest.mark.parametrize("amount", [0.0, math.nan])
    def test_what_is_nought_or_without_a_value_is_divided_by_nowhere(self, amount):
        more = (
            stated_as(MONEY, "2023", 30e6, "realised"),
            stated_as("ap_fte_year_end", "2023", amount, "occupied"),
        )
        assert budgets.unit_costs(frame(*self.YEAR, *more))["fte_year"].tolist() == ["2022"]
        earlier = self.waiting("2022", ap_complaints=(amount, amount))
        assert budgets.waiting_check(frame(*self.waiting(), *earlier))["year"].tolist() == ["2023"]

    @pytest.mark.parametrize(
        ("months", "word"),
        [
            ((5, 11.9), "shorter"),
            ((5, 12), "overlap"),
            ((6.3, 12.7), "overlap"),
            ((18, 20), "overlap"),
            ((18.1, 20), "longer"),
            ((1, 40), "overlap"),
        ],
    )
    def test_a_wait_is_shorter_or_longer_only_where_the_ranges_are_apart(self, months, word):
        row = {"year": "2030", "stated_lower": 1, "stated_upper": 1.5}
        told = budgets.waits(pd.DataFrame([row | {"wait_lower": months[0], "wait_upper": months[1]}]))
        assert told == {"shorter": [], "longer": [], "overlap": []} | {word: ["2030"]}


class TestCodedByHand:
    def test_what_was_coded_counts_from_the_day_its_document_is_public(self, tables):
        answers = load_answers(PROJECT)
        seen = authorities.public(answers, tables.sources, tables.edition.as_of)
        assert authorities.require(seen) is seen and len(seen) == len(answers)
        with pytest.raises(NotAskedError):
            authorities.require(authorities.public(answers, tables.sources, date(2024, 12, 31)))

    def codings(self, *codes):
        cells = [(c, at, n) for c, row in zip("xyz", codes, strict=False) for at, n in enumerate(row)]
        return pd.DataFrame(
            [{"coder": c, "body": f"b{at}", "question": 1, "code": n, "quote": str(n)} for c, at, n in cells]
        )

    def test_kappa_by_hand(self):
        # agree on three of four; by chance on (2*1 + 1*1 + 1*2) / 16 = 5/16
        both = self.codings([1, 1, 2, 3], [1, 3, 2, 3])
        table, differing = authorities.agreement(both)
        plain, linear = table.to_dict("records")
        assert (plain["kappa"], plain["agreed"], plain["cells"]) == (
            pytest.approx((0.75 - 5 / 16) / (11 / 16)),
            3,
            4,
        )
        # linear weights: one difference of two; by chance the mean of |i - j| over the margins
        margins = itertools.product(((1, 2), (2, 1), (3, 1)), ((1, 1), (2, 1), (3, 2)))
        chance = sum(a * b * abs(i - j) for (i, a), (j, b) in margins) / 16
        assert linear["kappa"] == pytest.approx(1 - (2 / 4) / chance)
        assert (plain["lower"] + plain["upper"]) / 2 == pytest.approx(plain["kappa"])
        assert differing[["body", "code_1", "code_2"]].to_numpy().tolist() == [["b1", 1, 3]]
        assert authorities.agreement(both, alpha=0.5)[0]["upper"][0] < plain["upper"]

    def test_one_coder_agrees_with_nobody_and_two_may_agree_on_all(self):
        with pytest.raises(NotAskedError):
            authorities.agreement(self.codings([1, 2]))
        with pytest.raises(InputError, match="x, y, z"):
            authorities.agreement(self.codings([1], [1], [1]))
        table, differing = authorities.agreement(self.codings([1, 1], [1, 1]))
        assert (table["kappa"].tolist(), table["lower"].isna().all(), differing.empty) == ([1, 1], True, True)

    def test_codes_are_counted_by_question(self):
        cells = [
            (1, 0, "", ""),
            (1, 3, "part", "70 meldingen"),
            (1, 3, "part", "alleen minderjarigen"),
            (1, 4, "subject", "twaalf meldingen"),
            (1, 9, "", ""),
            (2, 3, "", "7 fte"),
        ]
        answers = pd.DataFrame(cells, columns=["question", "code", "scope", "quote"]).assign(coder="first")
        row = authorities.coverage(answers).set_index("question").loc[1]
        assert row[["asked", "refused", "without_record", "bodies"]].tolist() == [5, 1, 1, 3]
        assert row[["code0", "code3", "code4", "code9"]].tolist() == [1, 2, 1, 1]
        assert row[["part", "broader", "subject", "numbers"]].tolist() == [1, 0, 1, 2]
        assert (list(QUESTIONS), list(CODES)) == ([1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 9])

    def test_who_was_not_heard_is_in_no_denominator(self):
        answers = load_answers(PROJECT)
        heard = (
            answers[answers["place"].str.contains("gespreksverslag")].groupby("question")["body"].nunique()
        )
        table = authorities.coverage(answers).set_index("question")
        assert (table["bodies"] >= heard).all()
        assert (table["asked"] == table["bodies"] + table["refused"] + table["without_record"]).all()
        assert set(table["without_record"]) == {2}


class TestDeadlines:
    def status(self, latest, today, *rows):
        names = ["finding", "done_on", "published", "read"]
        known = pd.DataFrame([(*row, "whole")[:4] for row in rows], columns=names)
        return authorities.status({"date_latest": latest}, known, date.fromisoformat(today))

    @pytest.mark.parametrize(
        ("finding", "done", "today", "word"),
        [
            ("done", "2024-06-30", "2024-07-01", "met"),
            ("done", "2024-07-01", "2024-07-01", "partly"),
            ("partly", "", "2024-07-01", "partly"),
            ("not_done", "", "2024-06-30", "open"),
            ("not_done", "", "2024-07-01", "missed"),
            ("unclear", "", "2024-06-30", "open"),
            ("unclear", "", "2024-07-01", "not_settled"),
        ],
    )
    def test_a_day_late_is_late(self, finding, done, today, word):
        told = self.status("2024-06-30", today, (finding, done, "2024-01-01"))
        assert told == {"status": word, "done_on": done if finding == "done" else ""}

    def test_without_a_date_it_stays_open_and_whatever_is_done_is_met(self):
        assert self.status("", "2030-01-01")["status"] == "open"
        assert self.status("", "2030-01-01", ("done", "2029-01-01", "2029-01-01"))["status"] == "met"

    def test_the_latest_evidence_decides(self):
        evidence = [
            ("not_done", "", "2025-01-01"),
            ("partly", "", "2024-12-31"),
            ("unclear", "", "2025-02-01"),
        ]
        assert self.status("2024-06-30", "2025-03-01", *evidence)["status"] == "missed"

"""Need and means, money and posts, waiting, and what was coded by hand: SIMULATED rows by hand, and the shipped figures."""

import itertools
import math
from datetime import date
from pathlib import Path

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
from osw_stats.meaning.authorities import CODES, QUESTIONS
from osw_stats.meaning.observations import public_on
from osw_stats.stats.capacity import authorities, budgets, gaps
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
CONCEPTS = ("occupied", "formation", "funded", "supported", "allocated", "needed", "realised")
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}
ACM, CVDM, MONEY = "acm_dsa_fte", "cvdm_fte_growth", "ap_budget"


def stated_as(series_id, period, value, concept, **more):
    return figure(series_id, period, value, breakdown=f"concept={concept}", **more)


def only_row(table, names):
    (row,) = table.to_dict("records")
    return [row[name] for name in names.split()]


class TestConcepts:
    @pytest.mark.parametrize("sign", ["+", "-"])
    @pytest.mark.parametrize("one", CONCEPTS)
    def test_unlike_concepts_neither_add_nor_subtract(self, one, sign):
        for other in CONCEPTS:
            rows = frame(stated_as("cvdm_fte", "2023", 59.0, one), stated_as("ap_fte", "2026", 32.0, other))
            known = figures(rows.assign(obs_id=["a/doc", "b/doc"], lower_closed=True, upper_closed=True))
            for formula in (f"[a] {sign} [b]", f"2 * ([a] {sign} [b] / 2)"):
                if one == other or (sign == "-" and (one, other) in GAPS):
                    assert over_figures(formula, known).unit == "fte"
                else:
                    with pytest.raises(InputError, match=f"{one} (plus|minus) {other}"):
                        over_figures(formula, known)

    @pytest.mark.parametrize(
        ("need", "met", "error", "words"),
        [
            ({}, {"breakdown": "concept=occupied"}, InputError, "needed minus occupied is no gap"),
            ({}, {"breakdown": "concept=formation"}, InputError, "needed minus formation is no gap"),
            ({}, {"breakdown": ""}, InputError, "needed minus no concept is no gap"),
            ({"breakdown": ""}, {}, InputError, "no concept minus funded is no gap"),
            ({}, {"unit_measure": "eur"}, UnitMismatchError, ""),
            ({}, {"series_id": CVDM}, InputError, "growth"),
            ({"series_id": CVDM}, {}, InputError, "growth"),
        ],
    )
    def test_only_a_need_less_its_means_is_a_gap_and_growth_is_no_total(self, need, met, error, words):
        asked, funded = stated_as(ACM, "2024", 60.0, "needed"), stated_as(ACM, "2024", 49.0, "funded")
        assert gaps.difference(asked, funded | {"breakdown": "channel=a;concept=funded"}) == 11
        with pytest.raises(error, match=words):
            gaps.difference(asked | need, funded | met)


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
        acm, cvdm = (gaps.gaps(rows).iloc[[at]] for at in (0, 1))
        assert only_row(acm, "gap gap_lower gap_upper interval_kind") == [20, 9, 31, "rounding"]
        assert only_row(acm, "eur_per_fte gap_meur years_mixed") == [100_000, 2, False]
        # growth of formation stays growth: the posts that are occupied are not added to it
        assert only_row(cvdm, "basis need funded gap") == ["growth", 30, 15, 15]
        assert only_row(cvdm, "gap_pct granted_pct interval_kind years") == [50, 50, "none", "2025"]
        assert math.isnan(cvdm["eur_per_fte"].item())

    def test_any_series_with_both_has_a_row_and_no_other(self):
        *both, _, needing = list(gaps.FTE_SERIES)[2:7]
        concepts = {s: ("needed", "supported" if at else "funded") for at, s in enumerate(both)}
        rows = [stated_as(s, "2031", 10.0, concept) for s in both for concept in concepts[s]]
        table = gaps.gaps(frame(*rows, stated_as(needing, "2031", 5.0, "needed")))
        bodies = [gaps.FTE_SERIES[s][0] for s in both]
        assert (table["scope"].tolist(), table["body"].tolist()) == (both, bodies)
        assert gaps.others(table, {both[0]: "funded"}) == bodies[1:]
        assert gaps.others(table, {both[0]: "supported"}) == bodies

    def test_money_comes_before_support_and_posts_need_no_money(self):
        concepts = {"needed": 60.0, "supported": 55.0, "funded": 50.0}
        table = gaps.gaps(frame(*(stated_as(ACM, "2031", n, c) for c, n in concepts.items())))
        assert only_row(table, "gap funded_concept") == [10, "funded"] and table["eur_per_fte"].isna().all()

    @pytest.mark.parametrize(
        ("row", "lacking"),
        [
            (stated_as(CVDM, "2031", 9.0, "needed"), {CVDM}),
            (figure("police_reports", "2031", 9.0), set(gaps.FTE_SERIES)),
        ],
    )
    def test_without_any_the_figure_beside_the_need_is_named_or_else_every_need(self, row, lacking):
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


class TestWhoPublished:
    def test_nobody_published_fte_for_this_subject_until_somebody_does(self, observations, monkeypatch):
        answers = load_answers(PROJECT)
        assert gaps.for_subject(gaps.fte(observations), answers) == []
        monkeypatch.setitem(gaps.FTE_SERIES, "tbkk_fte", ("police", gaps.ALL_OF_IT))
        planted = gaps.fte(observations)
        assert gaps.for_subject(planted) == ["police"]
        answers.loc[(answers["body"] == "ap") & (answers["question"] == 4), "scope"] = "subject"
        assert gaps.for_subject(planted, answers) == ["police", "ap"]

    def test_the_grade_says_who_counted_and_whether_there_is_a_document(self, observations):
        table = gaps.fte(observations)
        counted = table["concept"].isin(["occupied", "formation", "filled"])
        grade = counted.map({True: "A", False: "B"})
        grade = grade.mask(table["source"] == "rapport-2025", "D").mask(table["source"] == "", "")
        assert table["grade"].tolist() == grade.tolist() and set(grade) == {"A", "B", "D", ""}

    def test_the_latest_total_stands_before_a_growth(self):
        rows = [
            (CVDM, "needed", 5.0, "2025"),
            ("cvdm_fte", "needed", 91.0, "2024"),
            (CVDM, "supported", 3.0, "2024"),
            ("cvdm_fte", "occupied", math.nan, "2024"),
        ]
        table = pd.DataFrame(rows, columns=["series", "concept", "fte", "date"])
        table = gaps.side_by_side(table.assign(body="acm", share_for_osw="unknown", observations="x"))
        told = only_row(table, "needed needed_year needed_growth met met_growth")
        assert told == [91, "2024", False, 3, True]
        assert table["occupied"].isna().all()


WAIT = {"ap_complaint_duration": (0.5, 1.5), "ap_complaints_backlog": (295.0, 305.0)}
WAIT["ap_complaints"] = (600.0, 600.0)


def waiting(year="2023", **ends):
    return [figure(n, year, (a + b) / 2, lower=a, upper=b) for n, (a, b) in (WAIT | ends).items()]


class TestMoney:
    YEAR = (
        stated_as(MONEY, "2022", 30e6, "realised", lower=29e6, upper=31e6),
        stated_as("ap_fte_year_end", "2022", 150.0, "occupied", lower=149.0, upper=151.0),
    )

    @pytest.mark.parametrize("parts", [1, 256])
    def test_euro_per_post_is_told_with_its_corners(self, parts):
        """Also of half a post."""
        amounts = ("obs_value", "lower", "upper")
        money, posts = (row | {name: row[name] / parts for name in amounts} for row in self.YEAR)
        table = budgets.unit_costs(frame(money, posts))
        assert only_row(table, "eur_per_fte lower upper") == [200_000, 29e6 / 151, 31e6 / 149]
        assert only_row(table, "years_mixed grade fte_concept") == [False, "B", "occupied"]

    def test_need_less_allocation(self):
        rows = frame(
            stated_as(MONEY, "2025", 100e6, "needed", lower=95e6, upper=105e6),
            figure("ap_budget_allocated", "2023", 30e6),
            figure("ap_budget_allocated", "2024", 40e6, lower=39e6, upper=41e6),
        )
        table = budgets.money_gaps(rows)
        assert only_row(table, "gap gap_lower gap_upper gap_pct") == [60e6, 54e6, 66e6, 60]
        assert only_row(table, "years years_mixed") == ["2025 2024", True]

    def test_waiting_by_littles_law(self):
        part = figure("ap_complaints", "2023", 5.0, breakdown="part=a")
        table = budgets.waiting_check(frame(*waiting(), part))
        told = only_row(table, "year waiting arrivals in_hand_lower in_hand_upper")
        assert told == ["2023", 300, 600, 300, 900]
        assert only_row(table, "wait_lower wait_upper") == pytest.approx([5.9, 6.1])  # months

    @pytest.mark.parametrize("gone", list(WAIT))
    def test_without_a_year_of_both_nothing_is_said_of_waiting(self, gone):
        rows = frame(*waiting())
        with pytest.raises(NotPublishedError):
            budgets.waiting_check(rows[rows["series_id"] != gone])

    @pytest.mark.parametrize("amount", [0.0, math.nan])
    def test_what_is_nought_or_without_a_value_is_divided_by_nowhere(self, amount):
        posts = stated_as("ap_fte_year_end", "2023", amount, "occupied")
        costs = budgets.unit_costs(frame(*self.YEAR, stated_as(MONEY, "2023", 30e6, "realised"), posts))
        assert costs["fte_year"].tolist() == ["2022"]
        earlier = waiting("2022", ap_complaints=(amount, amount))
        assert budgets.waiting_check(frame(*waiting(), *earlier))["year"].tolist() == ["2023"]

    @pytest.mark.parametrize(
        ("low", "high", "word"),
        [
            (5, 11.9, "shorter"),
            (5, 12, "overlap"),
            (18, 20, "overlap"),
            (18.1, 20, "longer"),
            (1, 40, "overlap"),
        ],
    )
    def test_a_wait_is_shorter_or_longer_only_where_the_ranges_are_apart(self, low, high, word):
        row = {"year": "2030", "stated_lower": 1, "stated_upper": 1.5, "wait_lower": low, "wait_upper": high}
        expected = {"shorter": [], "longer": [], "overlap": []} | {word: ["2030"]}
        assert budgets.waits(pd.DataFrame([row])) == expected


def codings(*codes):
    cells = [(c, f"b{at}", n) for c, row in zip("xyz", codes, strict=False) for at, n in enumerate(row)]
    return pd.DataFrame(cells, columns=["coder", "body", "code"]).assign(question=1, quote="1")


class TestCodedByHand:
    def test_what_was_coded_counts_from_the_day_its_document_is_public(self, tables):
        answers = load_answers(PROJECT)
        seen = public_on(answers, tables.sources, tables.edition.as_of)
        assert authorities.require(seen) is seen and len(seen) == len(answers)
        with pytest.raises(NotAskedError):
            authorities.require(public_on(answers, tables.sources, date(2024, 12, 31)))

    def test_kappa_by_hand(self):
        # agree on three of four; by chance on (2*1 + 1*1 + 1*2) / 16 = 5/16
        both = codings([1, 1, 2, 3], [1, 3, 2, 3])
        table, differing = authorities.agreement(both)
        plain, linear = table.to_dict("records")
        assert (plain["agreed"], plain["cells"]) == (3, 4)
        assert plain["kappa"] == pytest.approx((0.75 - 5 / 16) / (11 / 16))
        # linear weights: one difference of two; by chance the mean of |i - j| over the margins
        margins = itertools.product(((1, 2), (2, 1), (3, 1)), ((1, 1), (2, 1), (3, 2)))
        chance = sum(a * b * abs(i - j) for (i, a), (j, b) in margins) / 16
        assert linear["kappa"] == pytest.approx(1 - (2 / 4) / chance)
        assert (1 - plain["lower"]) * (1 - plain["upper"]) == pytest.approx((1 - plain["kappa"]) ** 2)
        assert differing[["body", "code_1", "code_2"]].to_numpy().tolist() == [["b1", 1, 3]]
        assert authorities.agreement(both, alpha=0.5)[0]["upper"][0] < plain["upper"]

    def test_one_coder_agrees_with_nobody_and_two_may_agree_on_all(self):
        with pytest.raises(NotAskedError):
            authorities.agreement(codings([1, 2]))
        with pytest.raises(InputError, match="is no level"):
            authorities.agreement(codings([1, 2], [1, 1]), alpha=1.5)
        with pytest.raises(InputError, match="x, y, z"):
            authorities.agreement(codings([1], [1], [1]))
        table, differing = authorities.agreement(codings([1, 1], [1, 1]))
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
        table = authorities.coverage(answers)
        first = table[table["question"] == 1]
        assert only_row(first, "asked refused without_record bodies") == [5, 1, 1, 3]
        assert only_row(first, "code0 code3 code4 code9") == [1, 2, 1, 1]
        assert only_row(first, "part broader subject numbers") == [1, 0, 1, 2]
        assert (list(QUESTIONS), list(CODES)) == ([1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 9])


@pytest.mark.parametrize(("latest", "today", "evidence", "word"), CASES["deadlines"])
def test_the_status_of_a_deadline(latest, today, evidence, word):
    known = pd.DataFrame(evidence, columns=["finding", "done_on", "published"]).assign(read="whole")
    told = authorities.status({"date_latest": latest}, known, date.fromisoformat(today))
    done = evidence[0][1] if evidence and evidence[0][0] == "done" else ""
    assert told == {"status": word, "done_on": done}

"""Need and means, money and posts, waiting and queues, and what was coded by hand: SIMULATED rows, and the shipped figures."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.claims.book import figures, over_figures
from osw_stats.data.coded import load_answers
from osw_stats.errors import InputError, NotAskedError, NotPublishedError
from osw_stats.meaning.authorities import CODES, QUESTIONS
from osw_stats.meaning.observations import public_on
from osw_stats.stats.capacity import authorities, gaps, queueing
from osw_stats.stats.capacity.queueing import backlog, fewest_servers, queue
from tests.cases import table
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

CONCEPTS = ("occupied", "formation", "funded", "supported", "allocated", "needed", "realised")
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}
ACM, CVDM = "acm_dsa_fte", "cvdm_fte_growth"


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


def test_without_any_need_every_series_of_posts_is_named():
    with pytest.raises(NotPublishedError) as error:
        gaps.gaps(frame(figure("police_reports", "2031", 9.0)))
    assert {w["series_id"] for w in error.value.wanted} == set(gaps.FTE_SERIES)


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


def test_what_was_coded_counts_from_the_day_its_document_is_public(tables):
    answers = load_answers(PROJECT)
    seen = public_on(answers, tables.sources, tables.edition.as_of)
    assert authorities.require(seen) is seen and len(seen) == len(answers)
    with pytest.raises(NotAskedError):
        authorities.require(public_on(answers, tables.sources, date(2024, 12, 31)))
    assert (list(QUESTIONS), list(CODES)) == ([1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 9])


def test_limits_of_kappa_lie_around_it_in_logarithms_and_narrow_with_the_level():
    codes = pd.DataFrame({"body": list("abcd") * 2, "code": [1, 1, 2, 3, 1, 3, 2, 3]})
    codes = codes.assign(coder=list("xxxxyyyy"), question=1, quote="1")
    plain, _ = authorities.agreement(codes)[0].to_dict("records")
    assert (1 - plain["lower"]) * (1 - plain["upper"]) == pytest.approx((1 - plain["kappa"]) ** 2)
    assert authorities.agreement(codes, alpha=0.5)[0]["upper"][0] < plain["upper"]


RATES, COUNTS = st.floats(0.01, 500), st.floats(0, 1e5)


def test_bursts_lengthen_the_wait_by_half_the_sum_of_the_variabilities():
    calm, wild = queue(10, 6, 3), queue(10, 6, 3, arrival_scv=4, service_scv=2)
    assert (wild.wait, wild.p_wait) == (pytest.approx(3 * calm.wait), calm.p_wait)


@given(arrivals=RATES, completions=RATES, servers=st.integers(1, 300))
def test_a_stable_queue_obeys_littles_law_and_one_more_post_never_makes_it_worse(
    arrivals, completions, servers
):
    q, more = queue(arrivals, completions, servers), queue(arrivals, completions, servers + 1)
    assert more.utilisation < q.utilisation
    if q.status == "unstable":
        assert q.utilisation >= 1 and q.backlog_growth >= -1e-9 and math.isnan(q.wait)
    else:
        assert 0 <= q.p_wait <= 1 and 0 <= more.wait <= q.wait
        assert q.in_system == pytest.approx(arrivals * q.stay, rel=1e-9)


@given(arrivals=st.floats(0.1, 50), completions=st.floats(0.5, 10))
def test_the_fewest_posts_are_enough_and_one_less_is_not(arrivals, completions):
    least, quick = (fewest_servers(arrivals, completions, p) for p in (None, 0.1))
    assert queue(arrivals, completions, least).status == "stable"
    assert least == 1 or queue(arrivals, completions, least - 1).status == "unstable"
    assert queue(arrivals, completions, quick).p_wait <= 0.1
    assert quick == least or queue(arrivals, completions, quick - 1).p_wait > 0.1


@given(start=COUNTS, arrivals=COUNTS, fte=st.floats(0.1, 200), each=st.floats(0.1, 100))
def test_a_backlog_follows_the_closed_form(start, arrivals, fte, each):
    path, step = backlog(start, arrivals, fte, each, 5), arrivals - fte * each
    if step >= 0:
        assert path == pytest.approx([start + year * step for year in range(6)], abs=1e-6)
    else:
        assert path == sorted(path, reverse=True) and min(path) >= 0


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf])
@table(__file__, "queues", "job good zero")
def test_what_makes_no_sense_is_refused_by_name(job, good, zero, bad):
    for name in good.keys() - {"years"}:
        may_be_zero = name in zero.split() or name.endswith("scv")
        words = "zero or more" if may_be_zero else "above zero"
        for value in (bad,) if may_be_zero else (bad, 0):
            with pytest.raises(InputError, match=rf'column "{name}".*{words}'):
                getattr(queueing, job)(**good | {name: value})


@pytest.mark.parametrize(("arrivals", "completions"), [(k / 10, 0.1) for k in range(1, 40)])
def test_a_queue_at_full_load_is_unstable_whatever_the_last_binary_digit_says(arrivals, completions):
    full = round(arrivals / completions)
    assert queue(arrivals, completions, full).status == "unstable"
    assert fewest_servers(arrivals, completions) == full + 1
    assert queue(arrivals, completions, full + 1).status == "stable"

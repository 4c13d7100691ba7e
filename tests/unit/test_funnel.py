"""Ratios and the funnel: drawing against closed form, seeds, bridges that must be declared."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.analysis.draws import generator
from osw_stats.analysis.survey import prevalence, related, stages
from osw_stats.analysis.survey.funnel import (
    Amount,
    Bridges,
    analytic,
    contacts_of,
    parameters,
    scope_of_items,
    tip,
    variants,
)
from osw_stats.analysis.survey.ratios import fieller, lognormal_ratio
from osw_stats.errors import InputError, NotEstimableError, NotPublishedError

PEOPLE = Amount(770_000, 725_000, 818_000)
OPTIONS = {"deff": 1.3, "deff_range": (1.0, 1.6), "alpha": 0.05}


@pytest.fixture(scope="module")
def made(observations):
    estimates = prevalence.estimates(observations, **OPTIONS)
    others = related.related(observations, estimates, deff=1.3, alpha=0.05)
    scope, _, wave = scope_of_items(observations)
    assert wave == "2020"
    bridges = Bridges(in_scope=scope)
    table = stages.funnel(
        observations, estimates, others, bridges, year=2024, run_seed=7, draws=50_000, alpha=0.05
    )
    return table.set_index("stage"), bridges


part = st.tuples(st.floats(0.3, 1.0), st.floats(0.3, 1.0)).map(lambda r: (min(r), max(r)))


@settings(max_examples=30)
@given(part, part, part)
def test_drawn_logarithms_have_the_mean_and_spread_of_the_closed_form(contacts, victims, scope):
    bridges = Bridges(contacts, victims, scope)
    _, draws = tip(PEOPLE, 12_206, bridges, generator(1, "test", "tip"), draws=20_000)
    closed = analytic(PEOPLE, 12_206, bridges)
    logs, sd = np.log(draws), math.log(closed.upper / closed.lower) / (2 * 1.959963984540054)
    assert logs.mean() == pytest.approx(math.log(closed.middle), abs=5 * sd / math.sqrt(20_000))
    assert logs.std() == pytest.approx(sd, rel=0.04)


def test_the_limits_of_the_page_agree_with_the_closed_form(made):
    """Three uniform logarithms and a normal one added are nearly normal."""
    row = made[0].loc["helpline"]
    assert row["factor_lower"] == pytest.approx(row["analytic_lower"], rel=0.03)
    assert row["factor_upper"] == pytest.approx(row["analytic_upper"], rel=0.03)


def test_without_bridges_it_is_people_over_requests():
    one = Bridges((1, 1), (1, 1), (1, 1))
    drawn, _ = tip(PEOPLE, 12_206, one, generator(1, "test", "plain"))
    assert drawn.middle == pytest.approx(770_000 / 12_206, rel=0.001)
    assert (drawn.lower, drawn.upper) == (
        pytest.approx(PEOPLE.lower / 12_206, rel=0.005),
        pytest.approx(PEOPLE.upper / 12_206, rel=0.005),
    )


def test_the_same_seed_gives_the_same_and_another_name_another():
    runs = [
        tip(PEOPLE, 100, Bridges(), generator(seed, "p", cell), draws=1000)[0]
        for seed, cell in ((1, "a"), (1, "a"), (1, "b"), (2, "a"))
    ]
    assert runs[0] == runs[1]
    assert len({r.middle for r in runs}) == 3


def test_what_drawing_leaves_uncertain_is_small_and_told(made):
    row = made[0].loc["helpline"]
    assert 0 < row["mc_se"] < 0.01 * (row["factor_upper"] - row["factor_lower"])
    assert (row["draws"], row["seed"]) == (50_000, 7)


def test_the_inverse_is_what_the_page_prints(made):
    row = made[0].loc["helpline"]
    assert row["share_per_100"] == pytest.approx(100 / row["factor"])
    assert (row["share_lower"], row["share_upper"]) == (
        pytest.approx(100 / row["factor_upper"]),
        pytest.approx(100 / row["factor_lower"]),
    )
    assert 0.9 < row["p_over_10"] <= 1
    assert row["p_over_100"] == 0


def test_no_ratio_is_given_to_the_police_or_the_centre(made):
    table, _ = made
    for stage in ("police", "centre"):
        assert table.loc[stage, ["factor", "share_per_100", "factor_lower"]].isna().all()
        assert "No ratio" in table.loc[stage, "bridge_text"]
        assert "Geen verhouding" in table.loc[stage, "bridge_text_nl"]


def test_what_was_not_published_is_a_stage_less(observations):
    left = observations[
        ~observations["series_id"].isin(["police_reports", "csg_contacts", "cbs_osi_police_complaint"])
    ]
    estimates = prevalence.estimates(left, **OPTIONS)
    others = related.related(left, estimates, deff=1.3, alpha=0.05)
    table = stages.funnel(left, estimates, others, Bridges(), year=2024, run_seed=7, draws=2000, alpha=0.05)
    assert table["stage"].tolist() == ["survey", "in_scope", "helpline"]


def test_people_of_an_earlier_wave_are_not_set_beside_later_requests(observations):
    people = observations["series_id"].isin(["cbs_phgsg_population", "cbs_osi_12m_persons"])
    estimates = prevalence.estimates(
        observations[~people | (observations["time_period"] == "2020")], **OPTIONS
    )
    assert prevalence.latest_persons(estimates)["wave"] == "2020"
    with pytest.raises(NotPublishedError, match="last wave") as error:
        stages.people_of_last_wave(estimates, 0.05)
    assert error.value.wanted == ({"series_id": "cbs_phgsg_population", "time_period": "2024"},)


def test_every_stage_names_what_joins_it_and_its_population(made):
    table, _ = made
    assert (table["bridge_text"].str.len() > 20).all()
    assert (table["population"].str.len() > 5).all()
    assert table["unit"].nunique() == 5  # nothing here is one unit


def test_the_scope_comes_from_the_published_forms(observations, made):
    forms = observations[observations["series_id"] == "cbs_osi_12m_form"].set_index("breakdown")
    scope = made[1].in_scope
    assert scope[0] == pytest.approx(forms.loc["form=forced_money_transfer", "lower"] / 5.45)
    assert scope[1] == pytest.approx((0.85 + 4 * 0.15) / 5.35)


def test_variants_have_one_primary_and_the_bare_ratio(observations, made):
    whole, direct = contacts_of(observations, 2024)
    table = variants(PEOPLE, whole, direct, made[1], run_seed=7, draws=20_000, alpha=0.05)
    assert table["primary"].sum() == 1
    assert len(table) >= 5
    bare = table.set_index("variant").loc["no_bridge", "factor"]
    assert bare == pytest.approx(770_000 / 12_206, rel=0.01)


def test_every_bridge_has_a_reason_in_two_languages(made):
    table = parameters(made[1], ["obs"], "2020")
    assert (table["low"] < table["high"]).all()
    assert (table[["reason_nl", "reason_en"]].map(len) > 30).all(axis=None)
    assert set(table["grade"]) == {"C"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Bridges((0.0, 1.0)), "persons_per_contact"),
        (lambda: Bridges(by_victims=(0.8, 0.6)), "by_victims"),
        (lambda: Amount(10, 12, 14), "do not enclose"),
        (lambda: tip(PEOPLE, 10, Bridges(), generator(1, "a", "b"), draws=9), "1000 draws or more"),
        (lambda: lognormal_ratio(0, 1, 1, 1), "medians above 0"),
        (lambda: fieller(1, 1, 0, 1), "other than 0"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=re.escape(message)):
        call()


@pytest.mark.parametrize("call", [
    lambda: tip(PEOPLE, 0, Bridges(), generator(1, "a", "b")), lambda: Amount(10, 0, 14),
])  # fmt: skip
def test_nobody_is_no_base_of_a_ratio(call):
    with pytest.raises(NotEstimableError):
        call()


def test_fieller_has_no_limits_when_the_denominator_may_be_zero():
    found = fieller(1, 0.1, 1, 0.6)
    assert math.isnan(found.lower)
    assert found.middle == 1


def test_fieller_covers_as_often_as_it_says():
    """Simulated: a ratio of normals with a fairly uncertain denominator."""
    rng = np.random.default_rng(11)
    a, b = rng.normal(5, 1, 4000), rng.normal(10, 2, 4000)
    held = [f.lower <= 0.5 <= f.upper for f in (fieller(x, 1, y, 2) for x, y in zip(a, b, strict=True))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)

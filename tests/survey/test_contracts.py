"""Contracts stop a result table that cannot be true; a margin is kept apart from rounding."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.stats.survey import bounds, contracts, groups, prevalence
from tests.computed import computed
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame
from tests.simulated_survey import OPTIONS, WHO, population, respondents, share

# tables that only other inputs give; tests/notebooks makes them
BY_INPUT = {"prev_p_strip", "prev_design_effects", "prev_shrunken", "prev_model_fit"}
BY_INPUT |= {"region_funnel", "region_years", "its_sensitivity"}
LIMITED = {
    name for name, about in contracts.CONTRACTS.items() if {"ordered", "percent", "probability"} & set(about)
}
GOOD = pd.DataFrame([dict.fromkeys(contracts.columns("funnel"), 0.5) | {"grade": "C", "p_over_100": 1.0}])


def checked(column, value):
    """Return that table with one other value, once its promises are kept."""
    return contracts.check_table("funnel", GOOD.assign(**{column: value}))


def test_columns_stand_in_their_order():
    with pytest.raises(InputError, match=r'column "number".*does not begin with its columns'):
        contracts.check_table("funnel", GOOD.rename(columns={"count": "number"}))


@pytest.fixture(scope="module")
def estimates(observations):
    return prevalence.estimates(observations, **OPTIONS)


@pytest.fixture(scope="module")
def tables_told():
    """Return every result table of the four notebooks, by name, waves as text."""
    notebooks = ("prevalence", "trend", "capacity_gap", "claims")
    every = [computed(PROJECT, notebook, drawing=None, edition=2024) for notebook in notebooks]
    told = {name: results.frame(name) for results in every for name in results.tables}
    return {name: t.astype({"wave": str}) if "wave" in t else t for name, t in told.items()}


def test_what_is_published_keeps_its_contract(tables_told):
    for name, told in tables_told.items():
        contracts.check_table(name, told)
    assert set(contracts.CONTRACTS) - set(tables_told) <= BY_INPUT


@pytest.mark.parametrize("name", sorted(LIMITED - BY_INPUT - {"prev_model"}))
def test_a_number_above_its_whole_or_its_limit_stops_the_table(tables_told, name):
    contract, told = contracts.CONTRACTS[name], tables_told[name]
    spoiled = [(c, value) for c in contract.get("percent", []) for value in (100.5, -0.5)]
    spoiled += [(c, 1.01) for c in contract.get("probability", [])]
    limits = ((mid, told[high]) for _, mid, high in contract.get("ordered", []))
    spoiled += [(mid, high.max() + 1) for mid, high in limits if high.notna().any()]
    assert spoiled
    rng = np.random.default_rng(len(name))
    for column, value in spoiled:
        known = told.index[told[column].notna()]
        if len(known):
            wrong = told.astype({column: float})
            wrong.loc[rng.choice(known), column] = value
            with pytest.raises(InputError, match=f"{name}, row .*breaks a promise"):
                contracts.check_table(name, wrong)


def test_rows_that_cannot_be_true_together_stop_the_table(tables_told):
    shares, funnel = (tables_told[name].copy() for name in ("prev_estimates", "funnel"))
    last, everyone = shares["wave"].eq("2024"), shares["group"].eq("total")
    more = shares.loc[last & everyone, "persons"].item() * 1.001
    shares.loc[shares.index[last & ~everyone][-1], ["persons", "persons_lower", "persons_upper"]] = more
    part = funnel["count"].mask(funnel["stage"] == "in_scope", 1e7)
    twice = pd.concat([tables_told["prev_estimates"], shares[everyone]])
    for name, spoiled, message in (
        ("prev_estimates", shares, 'column "persons".*no group has more people than everyone'),
        ("prev_estimates", twice, "two rows of everyone"),
        ("funnel", funnel.assign(count=part, count_ci_upper=1e7), "no part of the victims is more than all"),
        ("composition", tables_told["composition"].assign(share=1.0, lower=1.0, upper=1.0), "100 together"),
        ("region_funnel", pd.DataFrame({"count": [3.0, 9], "base": [4.0, 8]}), "lies above its base"),
    ):
        with pytest.raises(InputError, match=message):
            contracts.check_table(name, spoiled)


def test_a_table_of_several_kinds_of_interval_keeps_margins_apart_from_rounding(tables_told):
    for name, told in tables_told.items():
        kinds = set(told["interval_kind"].dropna()) if "interval_kind" in told else set()
        if kinds & {"rounding", "none"} and kinds - {"rounding", "none"}:
            assert not {"lower", "upper", "count_lower", "count_upper"} & set(told.columns), name
            own = [c for c in told.columns if re.fullmatch(r"(count_)?ci_(lower|upper)", c)]
            assert len(own) == 2, name
            rounded = told["interval_kind"].isin(["rounding", "none"])
            assert told.loc[rounded, own].isna().all(axis=None), name


def test_a_margin_is_that_of_a_sample_and_a_box_that_of_the_digits(estimates):
    known = estimates["source_of_interval"] != "not_estimable"
    assert (estimates[["ci_lower", "ci_upper"]].notna().all(axis=1) == known).all()
    assert estimates.loc[~known, ["ci_lower", "ci_upper"]].isna().all(axis=None)
    assert estimates[["box_lower", "box_upper"]].notna().all(axis=None)


def rows(pct, count=None, people=None):
    """Return the rows of a wave: its share, and how many people were printed and live there, where given."""
    made = [share("2024", pct), respondents("2024", 25_000)]
    if count:
        ends = {"lower": count[0], "upper": count[1], "as_reported": "ruim"} | WHO
        made.append(figure("cbs_osi_12m_persons", "2024", count[0], **ends))
    return frame(*made, *([population(people)] if people else []))


@given(st.floats(2, 10), st.floats(10e6, 16e6), st.floats(-0.1, 0.1), st.floats(0.0005, 0.05))
def test_the_outcome_of_a_count_of_people_names_what_the_numbers_do(pct, people, off, width):
    low = pct / 100 * people * (1 + off)
    high = low * (1 + width)
    found = bounds.against_count(rows(pct, (low, high), people))
    least, most = ((pct + s) / 100 * (people + p) for s, p in ((-0.05, -1e5), (0.05, 1e5)))
    inside = low <= pct / 100 * people <= high
    outcome = "consistent" if inside else "refuted" if most < low or high < least else "edge"
    assert found["outcome"].tolist() == [outcome]
    contracts.check_table("prev_persons", found)


@settings(max_examples=30)
@given(st.floats(0.2, 10), st.floats(10e6, 16e6), st.floats(0.001, 0.05))
def test_without_a_population_it_follows_from_what_was_printed(pct, people, width):
    low = pct / 100 * people
    printed = rows(pct, (low, low * (1 + width)))
    found = prevalence.latest_persons(prevalence.estimates(printed, **OPTIONS))
    size = groups.size(printed, "2024", groups.EVERYONE)
    assert size.basis == found["persons_basis"] == "implied"
    assert abs(size.value - people * (1 + width / 2)) <= size.half_width
    assert found["ci_lower"] < low * (1 + width)
    assert low < found["ci_upper"]
    assert (found["persons_published"], found["persons_as_reported"]) == (low, "ruim")
    assert bounds.against_count(printed)["outcome"].tolist() == ["no_population"]


def test_people_neither_printed_nor_known():
    known = rows(5.0, people=14e6)
    assert bounds.against_count(known)["outcome"].tolist() == ["no_count"]
    assert prevalence.latest_persons(prevalence.estimates(known, **OPTIONS))["persons_as_reported"] == ""
    with pytest.raises(NotPublishedError):
        prevalence.latest_persons(prevalence.estimates(rows(5.0), **OPTIONS))


def test_every_wave_has_an_outcome_and_agrees_with_what_was_printed(observations, estimates):
    found = bounds.against_count(observations).set_index("wave")
    whole = estimates[estimates["group"] == "total"].set_index("wave")
    assert found.index.tolist() == whole.index.tolist()
    for wave, row in whole.iterrows():
        if math.isnan(row["persons_published"]):
            assert found.loc[wave, "outcome"] == "no_count"
        else:  # ours lies in what the publisher printed, and its margin holds it
            assert row["persons_box_lower"] <= row["persons"] <= row["persons_box_upper"]
            assert row["persons_lower"] < row["persons_published"] < row["persons_upper"]

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
from osw_stats.stats.survey.margins import DesignEffect
from tests.computed import computed
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

OPTIONS = {"deff": DesignEffect(1.3, 1.0, 1.6), "alpha": 0.05}
# tables that only other inputs give; tests/notebooks makes them
BY_INPUT = {"prev_p_strip", "prev_design_effects", "prev_shrunken", "prev_model_fit"}
BY_INPUT |= {"region_funnel", "region_years", "its_sensitivity"}
LIMITED = {
    name for name, about in contracts.CONTRACTS.items() if {"ordered", "percent", "probability"} & set(about)
}
WHO = {"sex": "total", "age": "16+"}


@pytest.fixture(scope="module")
def estimates(observations):
    return prevalence.estimates(observations, **OPTIONS)


@pytest.fixture(scope="module")
def tables_told():
    """Return every result table of the four notebooks, by name."""
    notebooks = ("prevalence", "trend", "capacity_gap", "claims")
    every = [computed(PROJECT, notebook, drawing=None, edition=2024) for notebook in notebooks]
    return {name: results.frame(name) for results in every for name in results.tables}


def test_what_is_published_keeps_its_contract(tables_told):
    for name, table in tables_told.items():
        waves = {"wave": table["wave"].astype(str)} if "wave" in table else {}
        contracts.check_table(name, table.assign(**waves))
    assert set(contracts.CONTRACTS) - set(tables_told) <= BY_INPUT


@pytest.mark.parametrize("name", sorted(LIMITED - BY_INPUT - {"prev_model"}))
def test_a_number_above_its_whole_or_its_limit_stops_the_table(tables_told, name):
    contract, table = contracts.CONTRACTS[name], tables_told[name]
    spoiled = [(c, value) for c in contract.get("percent", []) for value in (100.5, -0.5)]
    spoiled += [(c, 1.01) for c in contract.get("probability", [])]
    limits = ((mid, table[high]) for _, mid, high in contract.get("ordered", []))
    spoiled += [(mid, high.max() + 1) for mid, high in limits if high.notna().any()]
    assert spoiled
    rng = np.random.default_rng(len(name))
    for column, value in spoiled:
        known = table.index[table[column].notna()]
        if len(known):
            wrong = table.astype({column: float})
            wrong.loc[rng.choice(known), column] = value
            with pytest.raises(InputError, match=f"{name}, row .*breaks a promise"):
                contracts.check_table(name, wrong)


def everyone_twice(estimates):
    return pd.concat([estimates, estimates[estimates["group"] == "total"]], ignore_index=True)


def part_above_all_victims(stages):
    stages.loc[stages["stage"] == "in_scope", ["count", "count_ci_upper"]] = 1e7
    return stages


def first_share_of_one_percent(composition):
    composition.loc[0, ["share", "lower", "upper"]] = 1.0
    return composition


def count_above_base(_):
    return pd.DataFrame({"count": [3.0, 9.0], "base": [4.0, 8.0]})


def more_than_everyone(estimates):
    whole = (estimates["wave"] == "2024") & (estimates["group"] == "total")
    group = estimates.index[(estimates["wave"] == "2024") & ~whole][-1]
    columns = ["persons", "persons_lower", "persons_upper"]
    estimates.loc[group, columns] = estimates.loc[whole, "persons"].item() * 1.001
    return estimates


@pytest.mark.parametrize(
    ("name", "spoil", "message"),
    [
        ("prev_estimates", more_than_everyone, 'column "persons".*no group has more people than everyone'),
        ("prev_estimates", everyone_twice, 'column "wave".*two rows of everyone'),
        ("funnel", part_above_all_victims, "no part of the victims is more than all victims"),
        ("composition", first_share_of_one_percent, "100 together"),
        ("region_funnel", count_above_base, "no count lies above its base"),
    ],
)
def test_rows_that_cannot_be_true_together_stop_the_table(tables_told, name, spoil, message):
    table = tables_told.get(name, pd.DataFrame())
    waves = {"wave": table["wave"].astype(str)} if "wave" in table else {}
    with pytest.raises(InputError, match=message):
        contracts.check_table(name, spoil(table.assign(**waves)))


def test_a_table_of_several_kinds_of_interval_keeps_margins_apart_from_rounding(tables_told):
    for name, table in tables_told.items():
        kinds = set(table["interval_kind"].dropna()) if "interval_kind" in table else set()
        if kinds & {"rounding", "none"} and kinds - {"rounding", "none"}:
            assert not {"lower", "upper", "count_lower", "count_upper"} & set(table.columns), name
            own = [c for c in table.columns if re.fullmatch(r"(count_)?ci_(lower|upper)", c)]
            assert len(own) == 2, name
            rounded = table["interval_kind"].isin(["rounding", "none"])
            assert table.loc[rounded, own].isna().all(axis=None), name


def test_a_margin_is_that_of_a_sample_and_a_box_that_of_the_digits(estimates):
    known = estimates["source_of_interval"] != "not_estimable"
    assert (estimates[["ci_lower", "ci_upper"]].notna().all(axis=1) == known).all()
    assert estimates.loc[~known, ["ci_lower", "ci_upper"]].isna().all(axis=None)
    assert estimates[["box_lower", "box_upper"]].notna().all(axis=None)


def rows(*, share, count, population, half=0.05):
    """Return the rows of a wave: its share, how many people were printed, and a population; None where not printed."""

    def row(series_id, value, lower, upper, **more):
        return figure(series_id, "2024", value, lower=lower, upper=upper, **WHO, **more)

    share = row("cbs_osi_12m", share, share - half, share + half, file="f", row=2, as_reported="5,0")
    made = [share, figure("cbs_phgsg_respondents", "2024", 25_000.0, **WHO)]
    if count:
        made.append(row("cbs_osi_12m_persons", count[0], *count, as_reported="ruim"))
    if population:
        made.append(row("cbs_phgsg_population", population, population - 1e5, population + 1e5))
    return frame(*made)


@given(st.floats(2, 10), st.floats(10e6, 16e6), st.floats(-0.1, 0.1), st.floats(0.0005, 0.05))
def test_the_outcome_of_a_count_of_people_names_what_the_numbers_do(share, population, off, width):
    low = share / 100 * population * (1 + off)
    high = low * (1 + width)
    found = bounds.against_count(rows(share=share, count=(low, high), population=population))
    least, most = ((share + s) / 100 * (population + p) for s, p in ((-0.05, -1e5), (0.05, 1e5)))
    inside = low <= share / 100 * population <= high
    outcome = "consistent" if inside else "refuted" if most < low or high < least else "edge"
    assert found["outcome"].tolist() == [outcome]
    contracts.check_table("prev_persons", found)


@settings(max_examples=30)
@given(st.floats(0.2, 10), st.floats(10e6, 16e6), st.floats(0.001, 0.05))
def test_without_a_population_it_follows_from_what_was_printed(share, population, width):
    low = share / 100 * population
    printed = rows(share=share, count=(low, low * (1 + width)), population=None)
    found = prevalence.latest_persons(prevalence.estimates(printed, **OPTIONS))
    size = groups.size(printed, "2024", groups.EVERYONE)
    assert size.basis == found["persons_basis"] == "implied"
    assert abs(size.value - population * (1 + width / 2)) <= size.half_width
    assert found["ci_lower"] < low * (1 + width)
    assert low < found["ci_upper"]
    assert (found["persons_published"], found["persons_as_reported"]) == (low, "ruim")
    assert bounds.against_count(printed)["outcome"].tolist() == ["no_population"]


def test_people_neither_printed_nor_known():
    known = rows(share=5.0, count=None, population=14e6)
    assert bounds.against_count(known)["outcome"].tolist() == ["no_count"]
    assert prevalence.latest_persons(prevalence.estimates(known, **OPTIONS))["persons_as_reported"] == ""
    unknown = prevalence.estimates(rows(share=5.0, count=None, population=None), **OPTIONS)
    with pytest.raises(NotPublishedError):
        prevalence.latest_persons(unknown)


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

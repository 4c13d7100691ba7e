"""Contracts stop a result table that cannot be true; a margin is kept apart from rounding."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.stats.survey import contracts, groups, prevalence
from tests.computed import computed
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

OPTIONS = {"deff": 1.3, "deff_range": (1.0, 1.6), "alpha": 0.05}
# tables that only other inputs give; tests/notebooks/test_inputs.py makes them
BY_INPUT = {"prev_shrunken", "prev_model_fit", "region_funnel", "region_years", "its_sensitivity"}
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
    return {
        name: results.frame(name)
        for notebook in ("prevalence", "trend", "capacity_gap", "claims")
        for results in (computed(PROJECT, notebook, drawing=None, edition=2024),)
        for name in results.tables
    }


class TestContracts:
    """Every table that is told goes through its contract; one cell is spoiled at a time."""

    def test_what_is_published_keeps_them(self, tables_told):
        for name, table in tables_told.items():
            contracts.check_table(
                name, table.assign(wave=table["wave"].astype(str)) if "wave" in table else table
            )
        assert set(contracts.CONTRACTS) - set(tables_told) <= BY_INPUT

    @pytest.mark.parametrize("name", sorted(LIMITED - BY_INPUT - {"prev_model"}))
    def test_a_number_above_its_whole_or_its_limit_stops_the_table(self, tables_told, name):
        contract, table = contracts.CONTRACTS[name], tables_told[name]
        spoiled = [
            *((c, 100.5) for c in contract.get("percent", [])),
            *((c, -0.5) for c in contract.get("percent", [])),
            *((c, 1.01) for c in contract.get("probability", [])),
        ]
        spoiled += [
            (mid, table[high].max() + 1)
            for _, mid, high in contract.get("ordered", [])
            if table[high].notna().any()
        ]
        assert spoiled
        rng = np.random.default_rng(len(name))
        for column, value in spoiled:
            known = table.index[table[column].notna()]
            if len(known):
                wrong = table.astype({column: float})
                wrong.loc[rng.choice(known), column] = value
                with pytest.raises(InputError, match=f"{name}, row .*breaks a promise"):
                    contracts.check_table(name, wrong)

    @pytest.mark.parametrize("seed", range(5))
    def test_a_group_above_everyone_and_a_wave_with_everyone_twice(self, estimates, seed):
        rng = np.random.default_rng(seed)
        wave = rng.choice(["2020", "2024"])
        whole = (estimates["wave"] == wave) & (estimates["group"] == "total")
        group = rng.choice(estimates.index[(estimates["wave"] == wave) & ~whole])
        more = estimates.copy()
        more.loc[group, ["persons", "persons_lower", "persons_upper"]] = (
            estimates.loc[whole, "persons"].item() * 1.001
        )
        with pytest.raises(InputError, match=r'column "persons".*no group has more people than everyone'):
            contracts.check_table("prev_estimates", more)
        for wrong in (pd.concat([estimates, estimates[whole]]),):
            with pytest.raises(InputError, match=r'column "wave".*two rows of everyone'):
                contracts.check_table("prev_estimates", wrong.reset_index(drop=True))

    def test_part_of_the_victims_above_all_and_shares_that_do_not_add_up(self, tables_told):
        funnel, subjects = tables_told["funnel"].copy(), tables_told["composition"].copy()
        funnel.loc[funnel["stage"] == "in_scope", ["count", "count_ci_upper"]] = 1e7
        with pytest.raises(InputError, match="no part of the victims is more than all victims"):
            contracts.check_table("funnel", funnel)
        subjects.loc[0, ["share", "lower", "upper"]] = 1.0
        with pytest.raises(InputError, match="100 together"):
            contracts.check_table("composition", subjects)
        with pytest.raises(InputError, match="no count lies above its base"):
            contracts.check_table("region_funnel", pd.DataFrame({"count": [3.0, 9.0], "base": [4.0, 8.0]}))


class TestMarginsAndRounding:
    def test_no_pair_of_columns_holds_both(self, tables_told):
        """A table whose rows have several kinds of interval keeps sampling limits in columns of their own."""
        for name, table in tables_told.items():
            kinds = set(table["interval_kind"].dropna()) if "interval_kind" in table else set()
            if kinds & {"rounding", "none"} and kinds - {"rounding", "none"}:
                assert not {"lower", "upper", "count_lower", "count_upper"} & set(table.columns), name
                own = [c for c in table.columns if re.fullmatch(r"(count_)?ci_(lower|upper)", c)]
                assert len(own) == 2, name
                assert (
                    table.loc[table["interval_kind"].isin(["rounding", "none"]), own].isna().all(axis=None)
                ), name

    def test_a_margin_is_that_of_a_sample_and_a_box_that_of_the_digits(self, estimates):
        kinds = estimates["source_of_interval"]
        assert estimates.loc[kinds == "not_estimable", ["ci_lower", "ci_upper"]].isna().all(axis=None)
        assert estimates.loc[kinds != "not_estimable", ["ci_lower", "ci_upper"]].notna().all(axis=None)
        assert estimates[["box_lower", "box_upper"]].notna().all(axis=None)


class TestPeople:
    def rows(self, *, share, count, population, half=0.05, register=None):
        made = [
            figure(
                "cbs_osi_12m",
                "2024",
                share,
                lower=share - half,
                upper=share + half,
                file="f",
                row=2,
                as_reported="5,0",
                **WHO,
            )
        ]
        made.append(figure("cbs_phgsg_respondents", "2024", 25_000.0, **WHO))
        if count:
            made.append(
                figure(
                    "cbs_osi_12m_persons",
                    "2024",
                    count[0],
                    lower=count[0],
                    upper=count[1],
                    as_reported="ruim",
                    **WHO,
                )
            )
        if population:
            made.append(
                figure(
                    "cbs_phgsg_population",
                    "2024",
                    population,
                    lower=population - 1e5,
                    upper=population + 1e5,
                    **WHO,
                )
            )
        return frame(*made)

    @given(st.floats(2, 10), st.floats(10e6, 16e6), st.floats(-0.1, 0.1), st.floats(0.0005, 0.05))
    def test_the_outcome_names_what_the_numbers_do(self, share, population, off, width):
        low = share / 100 * population * (1 + off)
        rows = self.rows(share=share, count=(low, low * (1 + width)), population=population)
        (found,) = prevalence.against_count(rows).to_dict("records")
        product, ends = (
            share / 100 * population,
            [(share + s) / 100 * (population + p) for s, p in ((-0.05, -1e5), (0.05, 1e5))],
        )
        if low <= product <= low * (1 + width):
            assert found["outcome"] == "consistent"
        elif ends[1] < low or low * (1 + width) < ends[0]:
            assert found["outcome"] == "refuted"
        else:
            assert found["outcome"] == "edge"
        contracts.check_table("prev_persons", pd.DataFrame([found]))

    @settings(max_examples=30)
    @given(st.floats(2, 10), st.floats(10e6, 16e6), st.floats(0.001, 0.05))
    def test_without_a_population_it_follows_from_what_was_printed(self, share, population, width):
        low = share / 100 * population
        rows = self.rows(share=share, count=(low, low * (1 + width)), population=None)
        found = prevalence.latest_persons(prevalence.estimates(rows, **OPTIONS))
        size = groups.size(rows, "2024", groups.EVERYONE)
        assert size.basis == found["persons_basis"] == "implied"
        assert abs(size.value - population * (1 + width / 2)) <= size.half_width
        assert found["ci_lower"] < low * (1 + width) and low < found["ci_upper"]
        assert (found["persons_published"], found["persons_as_reported"]) == (low, "ruim")
        assert prevalence.against_count(rows)["outcome"].tolist() == ["no_population"]

    def test_neither_printed_nor_known(self):
        rows = self.rows(share=5.0, count=None, population=14e6)
        assert prevalence.against_count(rows)["outcome"].tolist() == ["no_count"]
        assert prevalence.latest_persons(prevalence.estimates(rows, **OPTIONS))["persons_as_reported"] == ""
        with pytest.raises(NotPublishedError):
            prevalence.latest_persons(
                prevalence.estimates(self.rows(share=5.0, count=None, population=None), **OPTIONS)
            )

    def test_every_wave_of_the_edition_has_an_outcome_and_agrees_with_what_was_printed(
        self, observations, estimates
    ):
        found = prevalence.against_count(observations).set_index("wave")
        whole = estimates[estimates["group"] == "total"].set_index("wave")
        assert found.index.tolist() == whole.index.tolist()
        for wave, row in whole.iterrows():
            if math.isnan(row["persons_published"]):
                assert found.loc[wave, "outcome"] == "no_count"
            else:  # ours lies in what the publisher printed, and its margin holds it
                assert row["persons_box_lower"] <= row["persons"] <= row["persons_box_upper"]
                assert row["persons_lower"] < row["persons_published"] < row["persons_upper"]

"""Contracts of result tables, the pooled model and answers of a survey, at the edges of what they take."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.analysis.disclosure import too_small
from osw_stats.analysis.survey import changes, contracts, model
from osw_stats.analysis.survey.microdata import prevalence_from_microdata
from osw_stats.analysis.survey.pooled import INFLATE_ABOVE, PooledModel, fit, shrink, terms_table
from osw_stats.errors import InputError

Z = 1.959963984540054


class TestContracts:
    GOOD = pd.DataFrame([dict.fromkeys(contracts.CONTRACTS["funnel"].columns, 0.5) | {"grade": "C", "share_lower": 0.4, "share_upper": 0.6, "count_ci_lower": math.nan, "count_ci_upper": math.nan, "p_over_10": 0.0, "p_over_100": 1.0}])  # fmt: skip

    def test_a_good_table_is_given_back(self):
        assert contracts.kept("funnel", self.GOOD) is self.GOOD

    @pytest.mark.parametrize(
        ("column", "value", "breaks"),
        [
            ("share_per_100", 100.0, "share_per_100"), ("share_lower", 0.5 + 5e-10, None), ("share_lower", 0.5 + 2e-9, "share_per_100"),
            ("share_upper", 0.5 - 5e-10, None), ("share_upper", 0.5 - 2e-9, "share_per_100"), ("p_over_10", 1.01, "p_over_10"),
            ("p_over_10", -0.01, "p_over_10"), ("p_over_100", math.nan, None), ("grade", "E", "grade"), ("grade", "D", None),
            ("factor", math.nan, None), ("factor_lower", math.nan, None), ("factor_lower", 0.6, "factor"), ("factor_upper", 0.4, "factor"),
        ],
    )  # fmt: skip
    def test_what_breaks_it(self, column, value, breaks):
        table = self.GOOD.assign(**{column: value})
        if breaks is None:
            contracts.kept("funnel", table)
        else:
            with pytest.raises(InputError, match=rf'funnel, row 1, column "{breaks}"'):
                contracts.kept("funnel", table)

    def test_the_slack_itself_is_allowed(self):
        none = self.GOOD.assign(share_lower=0.0, share_per_100=0.0, share_upper=0.0)
        contracts.kept("funnel", none.assign(share_per_100=1e-9))
        contracts.kept("funnel", none.assign(share_lower=1e-9))

    def test_shares_lie_from_zero_to_a_hundred(self):
        whole = self.GOOD.assign(share_per_100=100.0, share_upper=100.0)
        contracts.kept("funnel", whole)
        with pytest.raises(InputError):
            contracts.kept("funnel", self.GOOD.assign(share_per_100=100.1, share_upper=100.1))
        with pytest.raises(InputError, match='column "number"'):
            contracts.kept("funnel", self.GOOD.rename(columns={"count": "number"}).assign(count=1))


class TestPooled:
    CELLS = pd.DataFrame({"wave": ["2022", "2022", "2024", "2024"], "group": list("abab"), "n_eff": [1000.0] * 4, "y": [100.0, 50, 130, 45]})  # fmt: skip

    @pytest.mark.parametrize(("deviance", "inflated"), [(2 * INFLATE_ABOVE, False), (2 * INFLATE_ABOVE + 0.01, True)])  # fmt: skip
    def test_variances_grow_above_a_deviance_of_one_and_a_half(self, deviance, inflated):
        one = PooledModel(self.CELLS, ["a"], np.ones(1), np.eye(1), deviance, 2, 0.5, ["2022"], ["a"])
        assert one.inflation == (deviance / 2 if inflated else 1)
        assert INFLATE_ABOVE == 1.5
        exact = PooledModel(self.CELLS, ["a"], np.ones(1), np.eye(1), 0.0, 0, 0.5, ["2022"], ["a"])
        assert math.isnan(exact.phi)
        assert exact.inflation == 1

    def test_the_deviance_and_its_test_by_hand(self):
        found = fit(self.CELLS)
        p = 1 / (1 + np.exp(-np.array([found.row(w, g) @ found.coef for w, g in zip(self.CELLS["wave"], self.CELLS["group"], strict=True)])))  # fmt: skip
        y, n = self.CELLS["y"].to_numpy(), 1000
        deviance = 2 * (y * np.log(y / (n * p)) + (n - y) * np.log((n - y) / (n * (1 - p)))).sum()
        assert (found.deviance, found.df_resid) == (pytest.approx(deviance), 1)
        assert found.lr_p == pytest.approx(stats.chi2.sf(deviance, 1))
        # at the maximum the fitted margins are those of the data
        assert (n * p).reshape(2, 2).sum(axis=0) == pytest.approx(y.reshape(2, 2).sum(axis=0))

    def test_odds_ratios_have_normal_limits(self):
        found = fit(self.CELLS)
        row = terms_table(found, {"a": 1.0, "b": 1.0}).iloc[1]
        assert (row["or_lower"], row["or_upper"]) == pytest.approx((math.exp(row["logit"] - Z * row["se"]), math.exp(row["logit"] + Z * row["se"])))  # fmt: skip
        assert row["ame"] > 0

    @pytest.mark.parametrize(("y", "fits"), [(0.0, True), (1000.0, True), (-0.1, False), (1000.1, False)])
    def test_counts_lie_from_nobody_to_everybody(self, y, fits):
        table = self.CELLS.assign(y=[y, 50.0, 130.0, 45.0])
        if fits:
            found = shrink(fit(table))
            assert np.isfinite(found["shrunken_pct"]).all()
            assert found["pct"].iloc[0] == y / 10
        else:
            with pytest.raises(InputError, match="row 1"):
                fit(table)

    def test_shrunken_shares_are_those_of_the_posterior(self):
        """Flat prior on wave and group, normal one on each cell: its precision is (1 - hat matrix) / tau squared."""
        wild = self.CELLS.assign(y=[100.0, 50, 190, 30])
        found = shrink(fit(wild))
        p, tau2 = wild["y"].to_numpy() / 1000, found["tau"].iloc[0] ** 2
        x = np.array([[1.0, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
        prior = (np.eye(4) - x @ np.linalg.inv(x.T @ x) @ x.T) / tau2
        data = np.diag(1000 * p * (1 - p))
        posterior = np.linalg.inv(prior + data)
        centre = posterior @ data @ np.log(p / (1 - p))
        half = Z * np.sqrt(np.diag(posterior))
        for name, side in (("shrunken_pct", 0), ("lower", -1), ("upper", 1)):
            assert found[name].tolist() == pytest.approx((100 / (1 + np.exp(-centre - side * half))).tolist())
        assert found["weight"].tolist() == pytest.approx((tau2 / (tau2 + 1 / np.diag(data))).tolist())

    def test_a_cell_of_nobody_gets_half_a_respondent_of_each(self):
        zero = shrink(fit(self.CELLS.assign(y=[0.0, 50.0, 130.0, 45.0])))
        half = shrink(fit(self.CELLS.assign(y=[0.0, 50.0, 130.0, 45.0])).__class__(**vars(fit(self.CELLS.assign(y=[0.0, 50.0, 130.0, 45.0]))) | {"cells": self.CELLS.assign(y=[0.5, 50.0, 130.0, 45.0], n_eff=[1001.0, 1000, 1000, 1000])}))  # fmt: skip
        assert zero["shrunken_pct"].tolist() == pytest.approx(half["shrunken_pct"].tolist())


def cells(groups, waves=("2022", "2024"), **more):
    """Return made-up estimates of groups of women, one row a wave and age."""
    return pd.DataFrame(
        [
            {"wave": w, "sex": "female", "age": f"{20 + 5 * g}-{24 + 5 * g}", "group": f"female {20 + 5 * g}-{24 + 5 * g}", "n_eff": 1000.0,
             "pct": 5.0 + g + (w == "2024") * (1 + g % 2), "observations": f"o{g}", "interval_kind": "published", "grade": "A", "unit": "percent",
             "definition_version": "d", "source_of_interval": "published", "n_eff_min": 900.0, "box_lower": 1.0, "box_upper": 20.0} | more
            for w in waves for g in range(groups)
        ]
    )  # fmt: skip


NOBODY = pd.DataFrame(
    columns=["series_id", "time_period", "sex", "age", "obs_value", "lower", "upper", "breakdown", "obs_id"]
)


class TestModelTables:
    @pytest.mark.parametrize(("groups", "waves", "made"), [(2, 2, True), (1, 2, False), (2, 1, False)])
    def test_two_waves_and_two_groups_are_enough(self, groups, waves, made):
        found = model.model(cells(groups, ("2022", "2024")[:waves]), NOBODY, alpha=0.05)
        assert (len(found.terms) > 0) is (len(found.fit) > 0) is made
        assert list(found.shrunken.columns) == model.SHRUNKEN

    @pytest.mark.parametrize(("groups", "shrunken"), [(6, 0), (7, 14)])
    def test_more_than_twelve_cells_are_shrunken(self, groups, shrunken):
        found = model.model(cells(groups), NOBODY, alpha=0.05)
        assert len(found.shrunken) == shrunken
        assert model.POOL_ABOVE == 12
        if shrunken:
            row = found.shrunken.iloc[0]
            assert (row["unit"], row["interval_kind"], row["pct"], row["observations"]) == ("percent", "published", 5, "o0")  # fmt: skip

    def test_the_foot_is_that_of_the_fit(self):
        table = cells(3)
        plain = fit(table.assign(y=table["n_eff"] * table["pct"] / 100))
        (row,) = model.model(table, NOBODY, alpha=0.05).fit.to_dict("records")
        assert (row["cells"], row["deviance"], row["df"], row["phi"]) == (
            6,
            plain.deviance,
            plain.df_resid,
            plain.phi,
        )
        assert (row["lr_interaction"], row["lr_df"], row["lr_p"], row["inflated"]) == (plain.deviance, 2, plain.lr_p, False)  # fmt: skip
        assert row["observations"] == "o0 o1 o2"
        wild = table.assign(pct=[5.0, 6, 7, 9, 4, 12])
        assert model.model(wild, NOBODY, alpha=0.05).fit["inflated"].item()

    def test_every_group_counts_alike_where_people_are_not_known(self):
        table = cells(2)
        found = model.model(table, NOBODY, alpha=0.05).terms.set_index("term")
        plain = terms_table(
            fit(table.assign(y=table["n_eff"] * table["pct"] / 100)), dict.fromkeys(table["group"], 1.0)
        )
        assert found["ame"].tolist() == pytest.approx(plain["ame"].tolist(), nan_ok=True)
        assert (found["grade"].iloc[0], found["interval_kind"].iloc[0]) == ("A", "published")
        mixed = model.model(table.assign(interval_kind=["assumed", *["published"] * 3], grade=["B", *"AAA"]), NOBODY, alpha=0.05)  # fmt: skip
        assert set(mixed.terms["interval_kind"]) == {"assumed"}
        assert set(mixed.terms["grade"]) == {"B"}

    def test_people_weigh_the_groups(self):
        table = cells(2)
        people = [
            {"series_id": "cbs_population", "time_period": "2024", "sex": s, "age": a, "obs_value": n, "lower": n, "upper": n, "breakdown": "", "obs_id": f"{s}{a}"}
            for s, a, n in (("total", "16+", 10e6), ("female", "20-24", 3e6), ("female", "25-29", 1e6))
        ]  # fmt: skip
        survey = people[0] | {"series_id": "cbs_phgsg_population", "obs_value": 9e6, "obs_id": "s"}
        found = model.model(table, pd.DataFrame([*people, survey]), alpha=0.05).terms.set_index("term")
        plain = terms_table(fit(table.assign(y=table["n_eff"] * table["pct"] / 100)), {"female 20-24": 3.0, "female 25-29": 1.0})  # fmt: skip
        assert found["ame"].tolist() == pytest.approx(plain["ame"].tolist(), nan_ok=True)
        assert "female20-24" in found["observations"].iloc[0].split()

    def test_cells_without_a_size_and_groups_that_hold_others_stay_out(self):
        table = pd.concat([cells(2), cells(1).assign(age="16+", group="female"), cells(1).assign(age="60-64", group="x", n_eff=math.nan)])  # fmt: skip
        assert model.model(table, NOBODY, alpha=0.05).fit["cells"].item() == 4
        rows = changes.differences(pd.concat([cells(3)]), alpha=0.05)
        assert rows.index.tolist() == list(range(len(rows)))
        assert rows["family"].tolist() == ["F2"] * 3 + ["F3"] * 3


class TestAnswers:
    def test_strata_of_one_cluster_leave_no_degrees_of_freedom(self):
        answers = pd.DataFrame({"osi_12m": [1, 0], "w": [1.0, 1.0], "s": [1, 2]})
        found = prevalence_from_microdata(answers, weight="w", strata="s", by=(), single="centre").iloc[0]
        assert (found["pct"], found["df"], found["n"]) == (50, 0, 2)
        assert math.isnan(found["lower"])
        with pytest.raises(InputError, match='row 1, column "s"'):
            prevalence_from_microdata(answers, weight="w", strata="s", by=())

    def test_one_degree_of_freedom_is_enough_for_limits(self):
        answers = pd.DataFrame({"osi_12m": [1, 0], "w": [1.0, 1.0]})
        found = prevalence_from_microdata(answers, weight="w", by=()).iloc[0]
        # two answers: variance of the mean is 2 / 1 times the sum of (1/4)^2
        assert (found["df"], found["se"]) == (1, pytest.approx(100 * math.sqrt(2 * 2 * 0.0625)))
        assert 0 < found["lower"] < 50 < found["upper"] < 100

    def test_all_or_none_count_as_a_simple_sample(self):
        answers = pd.DataFrame({"osi_12m": [1, 1, 1], "w": [1.0, 2.0, 3.0]})
        found = prevalence_from_microdata(answers, weight="w", by=()).iloc[0]
        assert (found["pct"], found["se"], found["n_eff"], found["deff"]) == (100, 0, 3, 1)

    def test_an_unused_category_is_no_group(self):
        kind = pd.Categorical(["a", "a", "b", "b"], categories=["a", "b", "c"])
        answers = pd.DataFrame({"osi_12m": [1, 0, 1, 1], "w": [1.0] * 4, "kind": kind})
        assert prevalence_from_microdata(answers, weight="w", by=("kind",))["pct"].tolist() == [50, 100]

    def test_a_weight_of_zero_is_a_weight_and_of_infinity_is_none(self):
        answers = pd.DataFrame({"osi_12m": [1, 0, 1], "w": [1.0, 1.0, 0.0]})
        assert prevalence_from_microdata(answers, weight="w", by=()).iloc[0]["pct"] == 50
        for bad in (math.inf, -1.0, math.nan):
            with pytest.raises(InputError, match='row 2, column "w"'):
                prevalence_from_microdata(answers.assign(w=[1.0, bad, 1.0]), weight="w", by=())

    @pytest.mark.parametrize(("n", "n_eff", "small"), [(50, 30, False), (49, 30, True), (50, 29, True), (50, 29.9, True)])  # fmt: skip
    def test_fifty_respondents_and_thirty_in_effect_are_enough(self, n, n_eff, small):
        assert too_small(n, n_eff) is small

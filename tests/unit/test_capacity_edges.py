"""Scenarios and draws at their edges, with values by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from osw_stats.analysis.capacity import scenario_tables, sensitivity
from osw_stats.analysis.capacity.queueing import (
    queue,
)
from osw_stats.analysis.capacity.scenarios import (
    LEVELS,
    Parameter,
    break_even_share,
    fte_needed,
    outcome,
)
from osw_stats.errors import InputError
from tests.simulated_scenarios import VALUES, parameter, scenario


class TestParameters:
    @pytest.mark.parametrize(
        ("name", "values", "fits"),
        [
            ("referral_share", (0.1, 1, 1), True), ("referral_share", (0.1, 1, 1.01), False), ("reports", (0, 1, 2), False),
            ("backlog_start", (0, 0, 0), True), ("backlog_start", (-1, 0, 0), False), ("arrival_variability", (0, 0, 1), True),
            ("reports", (2, 1, 3), False), ("reports", (1, 3, 2), False), ("reports", (1, 1, 1), True), ("reports", (1, math.inf, math.inf), False),
            ("hours_per_case", (1, 2, 3), True), ("clearance_factor", (1, 1.5, 2), True),
        ],
    )  # fmt: skip
    def test_what_values_it_may_have(self, name, values, fits):
        if fits:
            assert parameter(name, *values).mid == values[1]
        else:
            with pytest.raises(InputError, match=name):
                parameter(name, *values)

    def test_money_has_a_year_and_each_its_unit(self):
        with pytest.raises(InputError, match=r"cost_per_fte\.year"):
            parameter("cost_per_fte", 1, 2, 3, year=None)
        assert parameter("reports", 1, 2, 3, year=None).year is None
        with pytest.raises(InputError, match=r"reports\.unit"):
            Parameter("reports", 1, 2, 3, "share")
        with pytest.raises(InputError, match="no such parameter"):
            Parameter("meldingen", 1, 2, 3, "share")

    @pytest.mark.parametrize(("use", "fits"), [(0, False), (0.01, True), (0.99, True), (1, False)])
    def test_the_use_aimed_at_lies_between_nothing_and_all(self, use, fits):
        if fits:
            assert replace(scenario(), target_use=use).target_use == use
        else:
            with pytest.raises(InputError, match="target_use"):
                replace(scenario(), target_use=use)


class TestScenarios:
    def test_the_central_outcome_by_hand(self):
        given = scenario()
        found = outcome(given.values(), "cases", 0.8)
        assert (found["demand"], found["fte_break_even"], found["fte_at_target"]) == (100, 2, 2.5)
        assert (found["capacity"], found["utilisation"], found["status"]) == (125, 0.8, "stable")
        assert found["backlog"] == [5, 0, 0, 0, 0]
        assert outcome(given.values(fte_available=2), "cases")["status"] == "unstable"
        assert outcome(given.values(fte_available=1), "cases")["backlog"] == [80, 130, 180, 230, 280]
        assert break_even_share(given.values()) == pytest.approx(0.25)

    def test_one_at_a_time_by_hand(self):
        table = sensitivity.tornado(scenario(), sensitivity.simulate(scenario(), run_seed=1, draws=2000))
        found = table.set_index("parameter")
        # 2 posts in the middle; half to double of each factor is 1 to 4; a work rate of 0.8 asks 2.5
        assert found.loc["reports", ["fte_mid", "fte_low", "fte_high", "swing"]].tolist() == [2, 1, 4, 3]
        assert found.loc["clearance_factor", ["fte_low", "fte_high", "swing"]].tolist() == [2.5, 2, 0.5]
        assert "eligible_share" not in found.index
        assert table["parameter"].iloc[-1] == "clearance_factor"
        assert table.columns.tolist() == ["parameter", "low", "mid", "high", "fte_mid", "fte_low", "fte_high", "swing", "rank_corr", "first_order"]  # fmt: skip
        assert found.loc["clearance_factor", "rank_corr"] < 0 < found.loc["reports", "rank_corr"]

    def test_first_order_shares_by_hand(self):
        # two factors that are 1 or 3 with equal chance: cv^2 = 1/4 each; the whole is (5/4)^2 - 1 = 9/16
        given = scenario(
            **{n: (v[1],) * 3 for n, v in VALUES.items() if n not in ("reports", "hours_per_case")}
        )
        drawn = sensitivity.simulate(given, run_seed=1, draws=4) | {"reports": np.array([1.0, 1, 3, 3]), "hours_per_case": np.array([1.0, 3, 1, 3])}  # fmt: skip
        found = sensitivity.tornado(given, drawn).set_index("parameter")["first_order"]
        assert found.tolist() == pytest.approx([100 * 4 / 9] * 2)

    def test_a_work_rate_stands_below_the_line(self):
        given = scenario(**{n: (v[1],) * 3 for n, v in VALUES.items() if n != "clearance_factor"})
        drawn = sensitivity.simulate(given, run_seed=1, draws=2) | {"clearance_factor": np.array([0.5, 1.0])}
        assert sensitivity.tornado(given, drawn)["first_order"].tolist() == pytest.approx([100])

    def test_quantiles_of_the_posts_by_hand(self):
        given = scenario()
        drawn = {n: np.full(101, float(v[1])) for n, v in VALUES.items()} | {"reports": np.arange(101.0) * 10}
        found = sensitivity.monte_carlo(given, drawn).set_index("quantity")
        # 1000 reports are 2 posts: the tenth part of the draws lies below 100 reports and so on
        assert found.loc["fte_break_even", ["q10", "q50", "q90"]].tolist() == pytest.approx([0.2, 1, 1.8])
        assert found.loc["fte_at_target", ["q10", "q50", "q90"]].tolist() == pytest.approx([0.25, 1.25, 2.25])
        assert found.loc["cost_at_target", "q50"] == pytest.approx(125_000)
        assert found.loc["fte_break_even", "mc_se"] == pytest.approx(2 * math.sqrt(0.25 / 101))
        assert set(found["draws"]) == {101}

    def test_pert_and_triangle_have_their_known_moments(self):
        p, n = parameter("reports", 10, 20, 60), 100_000
        rng = np.random.default_rng(1)
        pert = sensitivity.draw(p, n, rng)
        # PERT: mean (10 + 80 + 60) / 6 = 25; beta(1.8, 4.2) of width 50 has variance 2500 ab / ((a+b)^2 (a+b+1))
        sd = 50 * math.sqrt(1.8 * 4.2 / (36 * 7))
        assert pert.mean() == pytest.approx(25, abs=5 * sd / math.sqrt(n))
        assert pert.std() == pytest.approx(sd, rel=0.01)
        triangle = sensitivity.draw(p, n, rng, shape="triangular")
        assert triangle.mean() == pytest.approx(30, abs=0.2)
        logs = np.log(sensitivity.draw(p, n, rng, log=True))
        assert logs.mean() == pytest.approx((math.log(10) + 4 * math.log(20) + math.log(60)) / 6, abs=0.01)
        assert sensitivity.draw(parameter("reports", 7, 7, 7), 3, rng).tolist() == [7, 7, 7]
        with pytest.raises(InputError, match="Shapes: pert, triangular"):
            sensitivity.draw(p, 9, rng, shape="normal")

    @pytest.mark.parametrize("wanted", [-0.6, 0.3, 0.9])
    def test_ranks_correlate_as_asked(self, wanted):
        rng = np.random.default_rng(2)
        one, other = rng.random(50_000), rng.random(50_000) ** 2
        kept = np.sort(one), np.sort(other)
        sensitivity.correlate(one, other, wanted, rng)
        assert stats.spearmanr(one, other).statistic == pytest.approx(wanted, abs=0.015)
        assert (np.sort(one) == kept[0]).all()
        assert (np.sort(other) == kept[1]).all()

    @pytest.mark.parametrize("bad", [-1, 1])
    def test_a_perfect_rank_correlation_is_refused(self, bad):
        with pytest.raises(InputError, match="rank_correlation"):
            sensitivity.correlate(np.ones(3), np.ones(3), bad, np.random.default_rng(1))

    def test_three_ways_to_draw(self):
        found = sensitivity.monte_carlo_table(scenario(), run_seed=1, draws=2000)
        assert found["variant"].drop_duplicates().tolist() == ["independent", "correlated", "triangular"]
        assert found["primary"].tolist() == [True] * 3 + [False] * 6
        assert found.columns[:3].tolist() == ["variant", "primary", "quantity"]
        mid = found[found["quantity"] == "fte_break_even"].set_index("variant")
        width = mid["q90"] - mid["q10"]
        assert width["correlated"] < width["independent"]  # the more is referred, the lighter the case

    def test_the_grid_around_fixed_values_is_half_to_double(self):
        given = scenario(referral_share=(0.2, 0.2, 0.2))
        share, hours, posts = sensitivity.grid(given, 3)
        assert share.tolist() == pytest.approx([0.1, 0.2, 0.4])
        assert hours.tolist() == pytest.approx([10, 20, 40])
        assert posts.shape == (3, 3)
        assert posts[2, 0] == pytest.approx(2)  # 40 hours, a tenth referred
        assert posts[0, 2] == pytest.approx(2)
        assert posts[2, 2] == pytest.approx(8)
        assert [len(axis) for axis in sensitivity.grid(given)[:2]] == [50, 50]

    def test_break_even_shares_by_hand(self):
        found = sensitivity.break_even(scenario())
        assert len(found) == 9
        # 2.5 posts are 2500 hours: of 20 hours each that is 125 of 500 eligible reports
        row = found[(found["hours"] == 20) & (found["fte_available"] == 2.5)]
        assert row["referral_share"].item() == pytest.approx(25)

    def test_variants_ask_fewest_and_most_at_once(self):
        found = {(name, level): values for name, level, values in scenario_tables.variants(scenario())}
        assert len(found) == 1 + 2 * 4 + 2
        fewest, most = found["all_together", "low"], found["all_together", "high"]
        assert (fewest["reports"], fewest["clearance_factor"], most["reports"], most["clearance_factor"]) == (500, 1, 2000, 0.8)  # fmt: skip
        asked = [fte_needed(v) for v in found.values()]
        assert (min(asked), max(asked)) == (fte_needed(fewest), fte_needed(most))
        assert found["reports", "low"]["reports"] == 500
        assert LEVELS == ("low", "mid", "high")

    def test_whole_posts_around_the_target(self):
        table = scenario_tables.queue_table(scenario())
        assert table["posts"].tolist() == [2, 2, 2, 3, 3, 3]  # 2.5 at the target
        assert table["status"].tolist() == ["unstable"] * 3 + ["stable"] * 3
        assert table["utilisation"].iloc[-1] == pytest.approx(2 / 3)
        whole = queue(100, 50, 3, arrival_scv=4, service_scv=1)
        assert table["wq_months"].iloc[-1] == pytest.approx(12 * whole.wait)
        assert table["w_months"].iloc[-1] == pytest.approx(12 * whole.stay)
        small = scenario_tables.queue_table(scenario(reports=(1, 1, 1)))
        assert (set(small["posts"]), set(small["status"])) == ({1}, {"stable"})

    def test_the_table_takes_whole_posts_of_what_there_is(self):
        table = scenario_tables.scenario_table(scenario()).set_index(["scenario", "level"])
        row = table.loc[("central", "mid")]
        assert math.isnan(row["p_wait"])  # two whole posts of 2.5, and two are fully used
        assert (row["fewest_posts"], row["backlog_y1"], row["target_use"]) == (3, 5, 0.8)
        low = table.loc[("reports", "low")]
        assert low["p_wait"] == pytest.approx(queue(50, 50, 2).p_wait)
        none = scenario_tables.scenario_table(scenario(fte_available=(0.5, 0.9, 1)))
        assert none["p_wait"].isna().all()

"""Scenarios: the arithmetic by hand, random draws against exact answers, and files that are refused."""

import math
from functools import reduce

import numpy as np
import pytest
import yaml
from scipy import stats

from osw_stats.cli import main
from osw_stats.data.editions import read_scenario
from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.stats.capacity import scenario_tables, sensitivity
from osw_stats.stats.capacity.scenarios import fte_needed, outcome, scenario
from tests.cases import beside, table
from tests.conftest import PROJECT
from tests.simulated_scenarios import VALUES, fixed, parameter
from tests.simulated_scenarios import scenario as simulated

CENTRAL, SUPERVISION = (PROJECT / f"scenarios/{name}.yml" for name in ("central", "system_supervision"))
P = "parameters."
CASES = beside(__file__)


@pytest.fixture(scope="module")
def central(observations):
    return scenario(read_scenario(CENTRAL), observations)


@pytest.fixture(scope="module")
def drawn(central):
    return sensitivity.simulate(central, run_seed=7, draws=200_000)


def own(folder, changes):
    """Write the shipped scenario with what stands at some paths changed; None takes a key away."""
    entry = yaml.safe_load(CENTRAL.read_text(encoding="utf-8"))
    for where, value in changes.items():
        *path, last = where.split(".")
        place = reduce(dict.__getitem__, path, entry)
        place[last] = value
        if value is None:
            del place[last]
    path = folder / "my.yml"
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def changed(tmp_path, observations):
    return lambda changes: scenario(read_scenario(own(tmp_path, changes), "my.yml"), observations, "my.yml")


def test_the_shipped_scenarios_by_hand(observations, central):
    # 7,405 of 12,206 requests are eligible; one in fifty is referred, and takes 120 of 1,300 hours
    assert outcome(central.values())["fte_break_even"] == pytest.approx(7405 * 0.02 * 120 / 1300)
    assert len(central.parameters["eligible_share"].observations) == 3
    platforms = scenario(read_scenario(SUPERVISION), observations)
    result = outcome(platforms.values(), "audits", platforms.target_use)
    assert (result["demand"], result["fte_break_even"]) == (20, pytest.approx(20 * 600 / 1300))
    with pytest.raises(InputError, match="no referral share"):
        sensitivity.grid(platforms)


def test_variants_ask_fewest_and_most_at_once():
    cases = {(name, level): values for name, level, values in scenario_tables.variants(simulated())}
    assert len(cases) == 1 + 2 * 4 + 2
    fewest, most = cases["all_together", "low"], cases["all_together", "high"]
    assert [v["reports"] for v in (fewest, most)] == [500, 2000]
    assert [v["clearance_factor"] for v in (fewest, most)] == [1, 0.8]
    asked = [fte_needed(v) for v in cases.values()]
    assert (min(asked), max(asked)) == (fte_needed(fewest), fte_needed(most))


class TestTornado:
    def test_shares_and_ranks_agree_with_brute_force(self, central, drawn):
        """Variance of the mean of the posts given one factor, by fine slices of that factor."""
        table, needed = sensitivity.tornado(central, drawn).set_index("parameter"), fte_needed(drawn)
        for name in ("referral_share", "hours_per_case"):
            slices = np.array_split(needed[np.argsort(drawn[name])], 400)
            explained = np.var([s.mean() for s in slices]) / np.var(needed)
            assert table.loc[name, "first_order"] == pytest.approx(100 * explained, abs=1.5)
            rank = stats.spearmanr(drawn[name], needed).statistic
            assert table.loc[name, "rank_corr"] == pytest.approx(rank, abs=1e-9)
        assert 0 < table["first_order"].sum() < 100 and set(table.index) == set(central.moving)

    def test_nothing_matters_more_where_all_is_fixed(self, central):
        certain = fixed(central, **{name: central.parameters[name].mid for name in central.factors})
        with pytest.raises(NotAskedError):
            sensitivity.tornado(certain, {})


class TestDraws:
    DRAWN = {n: np.full(100, float(v[1])) for n, v in VALUES.items()} | {"reports": np.arange(1.0, 101) * 20}

    def test_the_moments_of_pert_and_triangle_are_known(self):
        p, n, rng = parameter("reports", 10, 20, 60), 100_000, np.random.default_rng(1)
        pert = sensitivity.draw(p, n, rng)
        # PERT: mean (10 + 80 + 60) / 6 = 25; beta(1.8, 4.2) of width 50 has variance 2500 ab / ((a+b)^2 (a+b+1))
        sd = 50 * math.sqrt(1.8 * 4.2 / (36 * 7))
        assert pert.mean() == pytest.approx(25, abs=5 * sd / math.sqrt(n))
        assert pert.std() == pytest.approx(sd, rel=0.01)
        assert 10 <= pert.min() <= pert.max() <= 60
        triangle = sensitivity.draw(p, n, rng, shape="triangular")
        assert np.median(triangle) == pytest.approx(stats.triang(0.2, 10, 50).median(), rel=5e-3)
        logs = np.log(sensitivity.draw(p, n, rng, log=True))
        assert logs.mean() == pytest.approx(math.log(10 * 20**4 * 60) / 6, abs=0.01)
        assert sensitivity.draw(parameter("reports", 7, 7, 7), 3, rng).tolist() == [7, 7, 7]
        with pytest.raises(InputError, match="Shapes: pert, triangular"):
            sensitivity.draw(p, 9, rng, shape="normal")

    @pytest.mark.parametrize("wanted", [-0.6, -0.3, 0.9])
    def test_ranks_correlate_as_asked_and_values_stay(self, wanted):
        rng = np.random.default_rng(2)
        columns = rng.random(50_000), rng.random(50_000) ** 2
        kept = [np.sort(values) for values in columns]
        sensitivity.correlate(*columns, wanted, rng)
        assert stats.spearmanr(*columns).statistic == pytest.approx(wanted, abs=0.015)
        assert all((np.sort(values) == before).all() for values, before in zip(columns, kept, strict=True))
        with pytest.raises(InputError, match="rank_correlation"):
            sensitivity.correlate(*columns, math.copysign(1, wanted), rng)

    def test_quantiles_of_the_posts_by_hand(self):
        drawn = {n: np.full(101, float(v[1])) for n, v in VALUES.items()} | {"reports": np.arange(101.0) * 10}
        table = sensitivity.monte_carlo(simulated(), drawn).set_index("quantity")
        # 1000 reports are 2 posts: the tenth part of the draws lies below 100 reports and so on
        for name, expected in (("fte_break_even", [0.2, 1, 1.8]), ("fte_at_target", [0.25, 1.25, 2.25])):
            assert table.loc[name, ["q10", "q50", "q90"]].tolist() == pytest.approx(expected)
        assert table.loc["cost_at_target", "q50"] == pytest.approx(125_000)
        assert table.loc["fte_break_even", "mc_se"] == pytest.approx(2 * math.sqrt(0.25 / 101))
        assert set(table["draws"]) == {101}

    def test_three_ways_to_draw_with_small_errors_whatever_the_seed(self, central):
        tables = [sensitivity.monte_carlo_table(central, run_seed=s, draws=200_000) for s in (7, 8)]
        table, other = tables
        assert table.columns[:2].tolist() == ["variant", "primary"]
        assert table["variant"].drop_duplicates().tolist() == ["independent", "correlated", "triangular"]
        assert table["primary"].tolist() == [True] * 3 + [False] * 6
        assert (table["mc_se"] < 0.01 * (table["q90"] - table["q10"])).all()
        assert ((table["q50"] - other["q50"]).abs() < 5 * np.hypot(table["mc_se"], other["mc_se"])).all()
        mid = table[table["quantity"] == "fte_break_even"].set_index("variant")
        width = mid["q90"] - mid["q10"]
        assert width["correlated"] < width["independent"]  # the more is referred, the lighter the case

    def test_the_chance_to_need_more_than_there_is(self):
        # 500 reports are one post: 25 of 100 draws ask one or less, 62 ask 2.5 or less, all ask four or less
        table = sensitivity.exceedance(simulated(), self.DRAWN)
        assert table["probability"].tolist() == [75, 38, 0]
        errors = [100 * math.sqrt(p * (1 - p) / 100) for p in (0.75, 0.38, 0)]
        assert table["mc_se"].tolist() == pytest.approx(errors)

    def test_the_fan_begins_with_what_waits_and_never_goes_below_nothing(self, central):
        assert (
            np.ptp(sensitivity.simulate(simulated(), run_seed=1, draws=1000)["backlog_start"]) > 30
        )  # 0 to 60
        ends, waiting = ["q10", "q50", "q90"], np.linspace(0.0, 60.0, 100)
        table = sensitivity.backlog_fan(simulated(), self.DRAWN | {"backlog_start": waiting})
        table = table.set_index(["fte_available", "year"])
        for year in range(6):
            expected = np.quantile(waiting, [0.1, 0.5, 0.9]).tolist()
            assert table.loc[(2.5, year), ends].tolist() == pytest.approx(expected)
            waiting = np.maximum(0, waiting + np.arange(1, 101) * 2 - 125)
        middle = {n: p.mid for n, p in central.parameters.items()} | {"fte_available": 10.0}
        certain = fixed(central, **middle)
        sure = sensitivity.backlog_fan(certain, sensitivity.simulate(certain, run_seed=1, draws=100))
        for column in ends:
            assert sure[column].tolist() == pytest.approx([0, *outcome(certain.values())["backlog"]])


class TestWhatIsRefused:
    # a number that no float can hold stands here, as no file of cases can hold it either
    HUGE = ({"parameters.reports.mid": 10**400}, "parameters.reports.mid", "greater than the maximum")

    @pytest.mark.parametrize(("changes", "column", "problem"), [*CASES["scenarios"], HUGE])
    def test_a_bad_scenario_is_refused_with_file_and_parameter(self, changed, changes, column, problem):
        with pytest.raises(InputError) as error:
            changed(changes)
        message = str(error.value)
        assert message.startswith("my.yml") and problem in message
        assert not column or f'column "{column}"' in message

    @pytest.mark.parametrize(("file", "model"), [(SUPERVISION, "cases"), (CENTRAL, "audits")])
    def test_a_scenario_of_another_model_is_refused(self, observations, file, model):
        place = rf'own.yml, column "model", value "\w+": is no scenario of {model}'
        with pytest.raises(InputError, match=place):
            scenario(read_scenario(file), observations, "own.yml", model)

    def test_figures_that_are_not_there_are_named_all_of_them_and_no_other(self, changed):
        money = "[acm_dsa_budget/1998/concept-funded] / [acm_dsa_fte/2024/concept-funded]"
        requests = "[helpwanted_requests/1999] + [helpwanted_requests/2024]"
        with pytest.raises(NotPublishedError) as error:
            changed({P + "reports.mid": requests, P + "cost_per_fte.low": money})
        assert sorted(error.value.wanted, key=lambda w: w["series_id"]) == [
            {"series_id": "acm_dsa_budget", "time_period": "1998", "breakdown": "concept=funded"},
            {"series_id": "helpwanted_requests", "time_period": "1999"},
        ]

    @table(__file__, "out_of_range", "formula")
    def test_figures_that_leave_their_range_are_no_mistake_of_the_scenario(self, changed, formula):
        with pytest.raises(NotEstimableError, match="eligible_share"):
            changed({P + "eligible_share.mid": formula})

    def test_numbers_alone_make_a_scenario_too(self, changed):
        cost = {f"{P}cost_per_fte.{level}": 100_000 for level in ("low", "mid", "high")}
        plain = changed({P + "reports.mid": 500, P + "eligible_share.mid": 0.5} | cost)
        assert scenario_tables.rests_on(plain) == ("scenario",)
        assert outcome(plain.values())["demand"] == pytest.approx(5)

    def test_the_command_line_finds_a_scenario_where_the_user_stands(self, tmp_path, monkeypatch, capsys):
        own(tmp_path, {P + "hours_per_case.low": 300})
        monkeypatch.chdir(tmp_path)
        run = ["run", "capacity_gap", "-o", str(tmp_path / "out.ipynb"), "-p", "scenario"]
        refused = {"my.yml": 'my.yml, column "hours_per_case"', "gone.yml": "no such scenario file"}
        for file, words in refused.items():
            assert main([*run, file]) == 1
            assert words in capsys.readouterr().err

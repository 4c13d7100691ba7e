"""Scenarios: the arithmetic by hand, random draws against exact answers, and files that are refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
import yaml
from hypothesis import given as examples
from hypothesis import strategies as st
from scipy import stats

from osw_stats.analysis.capacity import scenario_tables, sensitivity
from osw_stats.analysis.capacity.scenarios import (
    UNIT,
    Parameter,
    break_even_share,
    fte_needed,
    outcome,
    scenario,
)
from osw_stats.cli import main
from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.sources.scenario import read_scenario
from tests.conftest import PROJECT

CENTRAL = PROJECT / "scenarios/central.yml"
SUPERVISION = PROJECT / "scenarios/system_supervision.yml"


@pytest.fixture(scope="module")
def central(observations):
    return scenario(read_scenario(CENTRAL), observations)


@pytest.fixture(scope="module")
def platforms(observations):
    return scenario(read_scenario(SUPERVISION), observations)


@pytest.fixture(scope="module")
def drawn(central):
    return sensitivity.simulate(central, run_seed=7, draws=200_000)


def test_the_central_scenario_takes_published_figures_from_the_observations(central):
    assert central.parameters["reports"].mid == 12206
    assert central.parameters["eligible_share"].mid == pytest.approx(7405 / 12206)
    assert central.parameters["cost_per_fte"].mid == pytest.approx(6.5e6 / 49)
    assert central.parameters["cost_per_fte"].high == pytest.approx(4e6 / 24)
    assert len(central.parameters["eligible_share"].observations) == 3


def test_the_posts_needed_by_hand(central):
    told = outcome(central.values(), target_use=0.85)
    cases = 12206 * (7405 / 12206) * 0.02
    assert told["demand"] == pytest.approx(cases)
    assert told["fte_break_even"] == pytest.approx(cases * 120 / 1300)
    assert told["fte_at_target"] == pytest.approx(cases * 120 / 1300 / 0.85)
    assert told["status"] == "stable"


def test_break_even_share_fills_the_posts_exactly(central):
    values = central.values()
    full = outcome(values | {"referral_share": break_even_share(values)})
    assert full["utilisation"] == pytest.approx(1)


def test_too_few_posts_let_the_backlog_grow_and_no_wait_is_given(central):
    table = scenario_tables.scenario_table(central.at(fte_available=5.0)).iloc[0]
    growth = table["lambda"] - 5 * 1300 / 120
    assert table["status"] == "unstable"
    assert math.isnan(table["wq_months"])
    assert [table[f"backlog_y{y}"] for y in range(1, 6)] == pytest.approx([growth * y for y in range(1, 6)])


def test_the_primary_variant_is_one_and_first(central):
    table = scenario_tables.scenario_table(central)
    assert table["primary"].tolist() == [True] + [False] * (len(table) - 1)
    assert len(table) >= 6
    extremes = table[table["scenario"] == "all_together"].set_index("level")["fte_break_even"]
    assert extremes["low"] == table["fte_break_even"].min()
    assert extremes["high"] == table["fte_break_even"].max()


def test_half_a_post_has_no_team_to_wait_for(central):
    table = scenario_tables.scenario_table(central.at(fte_available=0.5))
    assert table["wq_months"].isna().all()


def test_the_queue_shows_whole_posts_below_and_above(central):
    table = scenario_tables.queue_table(central)
    asked = outcome(central.values(), target_use=central.target_use)["fte_at_target"]
    assert set(table["posts"]) == {math.floor(asked), math.ceil(asked)}
    waits = table.groupby("posts")["wq_months"].apply(list)
    assert all(w == sorted(w) for w in waits)


def test_the_tornado_is_in_order_of_swing_and_its_shares_leave_room_for_interaction(central, drawn):
    table = sensitivity.tornado(central, drawn)
    assert table["swing"].is_monotonic_decreasing
    assert "reports" not in set(table["parameter"])  # fixed
    assert 0 < table["first_order"].sum() < 100
    signs = table.set_index("parameter")["rank_corr"]
    assert signs["referral_share"] > 0 > signs["productive_hours"]


def test_the_rank_correlation_is_spearmans(central, drawn):
    table = sensitivity.tornado(central, drawn).set_index("parameter")
    wanted = stats.spearmanr(drawn["hours_per_case"], fte_needed(drawn)).statistic
    assert table.loc["hours_per_case", "rank_corr"] == pytest.approx(wanted, abs=1e-9)


def test_first_order_shares_agree_with_a_brute_force_estimate(central, drawn):
    """Variance of the mean of the posts given one factor, by fine slices of that factor."""
    table = sensitivity.tornado(central, drawn).set_index("parameter")
    needed = fte_needed(drawn)
    for name in ("referral_share", "hours_per_case"):
        slices = np.array_split(needed[np.argsort(drawn[name])], 400)
        explained = np.var([s.mean() for s in slices]) / np.var(needed)
        assert table.loc[name, "first_order"] == pytest.approx(100 * explained, abs=1.5)


def test_pert_draws_have_the_mean_of_the_pert(central):
    p = central.parameters["productive_hours"]
    found = sensitivity.draw(p, 200_000, np.random.default_rng(1))
    assert found.mean() == pytest.approx((p.low + 4 * p.mid + p.high) / 6, rel=1e-3)
    assert p.low <= found.min() <= found.max() <= p.high


def test_triangular_draws_have_the_median_of_the_triangle(central):
    p = central.parameters["eligible_share"]
    found = sensitivity.draw(p, 200_000, np.random.default_rng(1), shape="triangular")
    wanted = stats.triang((p.mid - p.low) / (p.high - p.low), p.low, p.high - p.low).median()
    assert np.median(found) == pytest.approx(wanted, rel=2e-3)


def test_the_log_scale_treats_half_and_double_alike(central):
    p = central.parameters["hours_per_case"]  # 60, 120, 240
    found = sensitivity.draw(p, 200_000, np.random.default_rng(1), log=True)
    assert np.median(found) == pytest.approx(120, rel=5e-3)


def test_the_rank_correlation_asked_for_is_reached_and_values_stay(central, drawn):
    other = sensitivity.simulate(central, run_seed=7, draws=200_000, rank_correlation=-0.3)
    rho = stats.spearmanr(other["referral_share"], other["hours_per_case"]).statistic
    assert rho == pytest.approx(-0.3, abs=0.01)
    assert np.sort(other["hours_per_case"]) == pytest.approx(np.sort(drawn["hours_per_case"]))


def test_the_same_seed_gives_the_same_draws_and_another_does_not(central):
    one, same, other = (sensitivity.simulate(central, run_seed=s, draws=1000) for s in (1, 1, 2))
    assert np.array_equal(one["referral_share"], same["referral_share"])
    assert not np.array_equal(one["referral_share"], other["referral_share"])


def test_monte_carlo_error_is_below_a_hundredth_of_the_width(central):
    table = sensitivity.monte_carlo_table(central, run_seed=7, draws=200_000)
    assert (table["mc_se"] < 0.01 * (table["q90"] - table["q10"])).all()
    assert set(table["variant"]) == {"independent", "correlated", "triangular"}
    assert (table["seed"] == 7).all()


def test_quantiles_agree_with_another_seed_within_their_error(central):
    one, other = (sensitivity.monte_carlo_table(central, run_seed=s, draws=200_000) for s in (7, 8))
    assert ((one["q50"] - other["q50"]).abs() < 5 * np.hypot(one["mc_se"], other["mc_se"])).all()


def test_the_chance_to_need_more_falls_with_the_posts_there_are(central, drawn):
    table = sensitivity.exceedance(central, drawn)
    assert table["fte_available"].is_monotonic_increasing
    assert table["probability"].is_monotonic_decreasing


def test_the_fan_of_a_certain_scenario_is_its_backlog(central):
    fixed = central.at(
        **{n: p.mid for n, p in central.parameters.items()},
    ).at(fte_available=10.0)
    sure = sensitivity.backlog_fan(fixed, sensitivity.simulate(fixed, run_seed=1, draws=100))
    wanted = [0, *outcome(fixed.values())["backlog"]]
    for column in ("q10", "q50", "q90"):
        assert sure[column].tolist() == pytest.approx(wanted)


def test_the_grid_is_the_formula_in_every_corner(central):
    share, hours, posts = sensitivity.grid(central, 50)
    assert posts.shape == (50, 50)
    for i, j in ((0, 0), (49, 0), (0, 49), (49, 49), (20, 30)):
        alone = fte_needed(central.values(referral_share=share[j], hours_per_case=hours[i]))
        assert posts[i, j] == pytest.approx(alone)


def test_a_fixed_value_still_has_a_grid_around_it_and_no_bar(central):
    fixed = central.at(hours_per_case=120.0)
    _, hours, _ = sensitivity.grid(fixed, 5)
    assert (hours[0], hours[2], hours[-1]) == pytest.approx((60, 120, 240))
    bars = sensitivity.tornado(fixed, sensitivity.simulate(fixed, run_seed=1, draws=1000))
    assert "hours_per_case" not in set(bars["parameter"])


@pytest.mark.parametrize(("file", "model"), [(SUPERVISION, "cases"), (CENTRAL, "audits")])
def test_a_scenario_of_another_model_is_refused(observations, file, model):
    with pytest.raises(InputError, match=rf'own.yml, column "model", value "\w+": is no scenario of {model}'):
        scenario(read_scenario(file), observations, "own.yml", model)


def test_system_supervision_is_the_same_arithmetic_over_platforms(platforms):
    told = outcome(platforms.values(), "audits", platforms.target_use)
    assert told["demand"] == 20
    assert told["fte_break_even"] == pytest.approx(20 * 600 / 1300)
    with pytest.raises(InputError, match="no referral share"):
        sensitivity.grid(platforms)


shares = st.floats(0.001, 1)


@examples(
    reports=st.floats(1, 1e6),
    eligible=shares,
    referral=shares,
    hours=st.floats(1, 2000),
    fte=st.floats(0.5, 5000),
)
def test_more_work_never_needs_fewer_posts(reports, eligible, referral, hours, fte):
    values = {
        "reports": reports, "eligible_share": eligible, "referral_share": referral, "hours_per_case": hours,
        "productive_hours": 1300.0, "clearance_factor": 1.0, "fte_available": fte, "backlog_start": 0.0,
    }  # fmt: skip
    told, double = outcome(values), outcome(values | {"hours_per_case": 2 * hours})
    assert double["fte_break_even"] == pytest.approx(2 * told["fte_break_even"])
    assert told["backlog"] == sorted(told["backlog"])
    assert (told["status"] == "unstable") == (told["utilisation"] >= 1)
    assert (told["backlog"][-1] > 0) <= (told["utilisation"] >= 1 - 1e-12)


def own(tmp_path, **changes):
    """Write the shipped scenario with some parameters changed; None takes a key away."""
    entry = yaml.safe_load(CENTRAL.read_text(encoding="utf-8"))
    for where, value in changes.items():
        *path, last = where.split("__")
        place = entry
        for step in path:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    path = tmp_path / "my.yml"
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    return path


P = "parameters__"


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({P + "hours_per_case__low": 300}, "hours_per_case", "out of order"),
        ({P + "hours_per_case__mid": -120, P + "hours_per_case__low": -200}, "hours_per_case.low", "above zero"),
        ({P + "hours_per_case__low": 0}, "hours_per_case.low", "above zero"),
        ({P + "fte_available__low": 0}, "fte_available.low", "above zero"),
        ({P + "productive_hours__mid": 0, P + "productive_hours__low": 0}, "productive_hours.low", "above zero"),
        ({P + "referral_share__high": 2}, "referral_share.high", "share above one"),
        ({P + "reports__unit": None}, "parameters.reports", "'unit' is a required property"),
        ({P + "reports__unit": "reports per month"}, "reports.unit", "another unit"),
        ({P + "cost_per_fte__year": None}, "cost_per_fte.year", "without a year"),
        ({P + "referral_share": None}, "parameters.referral_share", "is missing"),
        ({P + "platforms": {"unit": "platforms", "mid": 3, "reason": {"nl": "a", "en": "b"}, "grade": "C"}}, "parameters.platforms", "no meaning in the model cases"),
        ({P + "hours_per_cse": {"unit": "hours per case", "mid": 3, "reason": {"nl": "a", "en": "b"}, "grade": "C"}}, "hours_per_cse", "no such parameter"),
        ({P + "reports__reason": {"nl": "alleen Nederlands"}}, "parameters.reports.reason", "'en' is a required property"),
        ({P + "reports__mid": "[helpwanted_request/2024]"}, "parameters.reports.mid", "unknown series"),
        ({P + "reports__mid": "12206"}, "parameters.reports.mid", "literals alone"),
        ({P + "reports__mid": [1, 2]}, "parameters.reports.mid", "is not of type"),
        ({P + "cost_per_fte__low": "[acm_dsa_budget/2024/concept-funded]"}, "parameters.cost_per_fte.low", "gives eur, not eur per fte"),
        ({"model": "guess"}, "model", "no such model"),
        ({"target_use": 1.5}, "target_use", "between 0 and 1"),
        ({"name": None}, None, "'name' is a required property"),
    ],
)  # fmt: skip
def test_a_bad_scenario_is_refused_with_file_and_parameter(tmp_path, observations, changes, column, problem):
    path = own(tmp_path, **changes)
    with pytest.raises(InputError) as caught:
        scenario(read_scenario(path, "my.yml"), observations, "my.yml")
    message = str(caught.value)
    assert message.startswith("my.yml")
    assert problem in message
    if column:
        assert f'column "{column}"' in message


def test_figures_that_are_not_there_are_named_all_of_them_and_no_other(tmp_path, observations):
    changes = {P + "reports__mid": "[helpwanted_requests/1999] + [helpwanted_requests/2024]",
               P + "cost_per_fte__low": "[acm_dsa_budget/1998/concept-funded] / [acm_dsa_fte/2024/concept-funded]"}  # fmt: skip
    path = own(tmp_path, **changes)
    with pytest.raises(NotPublishedError) as caught:
        scenario(read_scenario(path, "my.yml"), observations, "my.yml")
    assert sorted(caught.value.wanted, key=lambda w: w["series_id"]) == [
        {"series_id": "acm_dsa_budget", "time_period": "1998", "breakdown": "concept=funded"},
        {"series_id": "helpwanted_requests", "time_period": "1999"},
    ]


@pytest.mark.parametrize("formula", [
    "3 * [helpwanted_requests_subject/2024/subject-sextortion] / [helpwanted_requests/2024]",
    "[helpwanted_requests/2024] / ([helpwanted_requests/2024] - [helpwanted_requests/2024])",
])  # fmt: skip
def test_figures_that_leave_the_range_typed_beside_them_are_no_mistake_of_the_scenario(
    tmp_path, observations, formula
):
    path = own(tmp_path, **{P + "eligible_share__mid": formula})
    with pytest.raises(NotEstimableError, match="eligible_share"):
        scenario(read_scenario(path, "my.yml"), observations, "my.yml")


def test_the_calculator_starts_from_the_scenario(central):
    table = scenario_tables.calculator(replace(central, target_use=0.7)).set_index("parameter")
    assert table.loc[scenario_tables.TARGET_USE, "mid"] == 0.7
    for name, parameter in central.parameters.items():
        assert table.loc[name, ["low", "mid", "high", "unit"]].tolist() == [
            parameter.low, parameter.mid, parameter.high, parameter.unit,
        ]  # fmt: skip
    assert scenario_tables.published_inputs(central, "reports", "hours_per_case") == 1


def test_nothing_matters_more_where_all_is_fixed(central):
    fixed = central.at(**{name: central.parameters[name].mid for name in central.factors})
    with pytest.raises(NotAskedError):
        sensitivity.tornado(fixed, sensitivity.simulate(fixed, run_seed=1, draws=1000))


def test_a_value_that_is_no_number_is_refused():
    for value in (math.nan, math.inf):
        with pytest.raises(InputError, match="is not a number"):
            Parameter("reports", value, value, value, UNIT["reports"])


def test_numbers_alone_make_a_scenario_too(tmp_path, observations):
    path = own(tmp_path, parameters__reports__mid=500, parameters__eligible_share__mid=0.5,
               parameters__cost_per_fte__low=100000, parameters__cost_per_fte__mid=100000, parameters__cost_per_fte__high=100000)  # fmt: skip
    plain = scenario(read_scenario(path), observations)
    assert scenario_tables.rests_on(plain) == ("scenario",)
    assert outcome(plain.values())["demand"] == pytest.approx(5)


def test_a_fixed_parameter_is_one_value_three_times(central):
    assert replace(central.parameters["reports"], mid=12206).low == 12206


def test_the_command_line_finds_a_scenario_where_the_user_stands(tmp_path, monkeypatch, capsys):
    own(tmp_path, parameters__hours_per_case__low=300)
    monkeypatch.chdir(tmp_path)
    assert main(["run", "capacity_gap", "-p", "scenario", "my.yml", "-o", str(tmp_path / "out.ipynb")]) == 1
    error = capsys.readouterr().err
    assert "my.yml" in error
    assert 'column "hours_per_case"' in error
    assert main(["run", "capacity_gap", "-p", "scenario", "gone.yml", "-o", str(tmp_path / "out.ipynb")]) == 1
    assert "no such scenario file" in capsys.readouterr().err

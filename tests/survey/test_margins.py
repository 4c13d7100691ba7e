"""A file with margins: read strictly, and what it changes in the tables. All margins here are simulated."""

import math

import pytest

from osw_stats import shelf
from osw_stats.claims.summary import explain
from osw_stats.data.edition import load_tables
from osw_stats.errors import InputError
from osw_stats.meaning.definitions import DefinitionMismatchError
from osw_stats.meaning.rounding import printed_range
from osw_stats.shelf.microdata.release import by_group
from osw_stats.stats.survey import BRIDGE, bounds, changes, contracts, findings, groups, prevalence
from tests.simulated_margins import SHARES, answers, margin_rows, write_margins

OPTIONS = {"deff": 1.3, "deff_range": (1.0, 1.6), "alpha": 0.05}


@pytest.fixture(scope="module")
def lit(tmp_path_factory):
    from tests.conftest import copy_project

    root = copy_project(tmp_path_factory.mktemp("margins") / "project")
    write_margins(root / "data/raw/cbs", margin_rows())
    return load_tables(2024, root).observations


@pytest.fixture(scope="module")
def estimates(lit):
    return prevalence.estimates(lit, **OPTIONS)


def cell(estimates, wave, group):
    return estimates[(estimates["wave"] == wave) & (estimates["group"] == group)].iloc[0]


def test_published_limits_are_shown_as_published(estimates):
    for row in margin_rows():
        found = cell(estimates, row["wave"], f"{row['sex']} {row['age']}")
        assert (found["ci_lower"], found["ci_upper"]) == (float(row["lower"]), float(row["upper"]))
        assert (found["source_of_interval"], found["interval_kind"]) == ("published", "published")


def test_what_the_wording_leaves_open_and_what_was_published_are_never_mixed(lit):
    """With a margins file beside all others: columns apart, and no value without its own range."""
    known = lit[lit["obs_value"].notna()]
    assert ((known["lower"] <= known["obs_value"]) & (known["obs_value"] <= known["upper"])).all()
    exact = known[~known["unit_measure"].isin(["percent", "times"]) & (known["interval_kind"] == "none")]
    assert (exact["lower"] == exact["upper"]).all()
    assert set(known.loc[known["obs_status"] == "derived", "interval_kind"]) == {"none"}
    margins = lit[lit["series_id"] == "cbs_osi_12m_margins"]
    assert margins["ci_lower"].notna().equals(margins["interval_kind"] == "published")
    assert lit.loc[lit["series_id"] != "cbs_osi_12m_margins", ["ci_lower", "ci_upper"]].isna().all(axis=None)
    for row in margin_rows():
        here = (
            (margins["time_period"] == row["wave"])
            & (margins["sex"] == row["sex"])
            & (margins["age"] == row["age"])
        )
        found = margins[here].squeeze()
        assert (found["ci_lower"], found["ci_upper"]) == (float(row["lower"]), float(row["upper"]))
        pct = float(row["pct"])
        assert (found["lower"], found["upper"]) == (pytest.approx(pct - 0.05), pytest.approx(pct + 0.05))


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("20 (15-25)", 19.5, 20.5), ("20.0 (15.0-25.0)", 19.95, 20.05), ("0.0 (0.0-0.4)", 0, 0.05)],
)
def test_the_printed_digits_of_a_share_say_what_they_leave_open(printed, low, high):
    assert printed_range(float(printed.split()[0]), printed=printed) == pytest.approx((low, high))


def test_no_arithmetic_behind_a_statement_prints_a_range_that_is_not_there(tables):
    result = tables.claims()
    for claim in result["id"]:
        assert "nan" not in explain(result, tables.observations, claim, tables.places).casefold().split()
        assert "[nan" not in explain(result, tables.observations, claim, tables.places)


def test_our_own_interval_stands_beside_it_as_a_check(estimates):
    shown = estimates[estimates["source_of_interval"] == "published"]
    assert ((shown["check_lower"] - shown["ci_lower"]).abs() < 0.3).all()
    assert ((shown["check_upper"] - shown["ci_upper"]).abs() < 0.3).all()


def test_the_design_effect_is_implied_by_respondents_and_limits(estimates):
    found = cell(estimates, "2024", "female 18-23")
    assert found["n"] == 1250
    assert found["deff"] == pytest.approx(1.3, rel=0.05)
    assert found["n_eff_min"] < found["n_eff"] < found["n_eff_max"]


def test_groups_become_people_by_the_register(estimates):
    found = cell(estimates, "2024", "female 16-17")
    assert found["persons"] == pytest.approx(0.181 * 190_257 * 14_800_000 / 15_031_713)
    assert found["persons_basis"] == "register"


def test_all_three_families_are_tested(estimates):
    table = contracts.check_table(
        "prev_differences", changes.differences(estimates, alpha=0.05, bridge=BRIDGE)
    )
    assert table.groupby("family").size().to_dict() == {"F1": 3, "F2": 18, "F3": 9}
    assert (table["p_adj"] >= table["p_raw"] - 1e-12).all()
    sexes = table[table["contrast"] == "female 18-23 to male 18-23"].iloc[0]
    assert sexes["robust_to_rounding"]
    assert sexes["upper"] < 0
    assert table.attrs["bridge"] is BRIDGE


def test_a_group_is_never_compared_with_one_that_holds_it(lit, estimates):
    table = changes.differences(estimates, alpha=0.05, bridge=BRIDGE)
    within = table[table["family"] == "F3"]
    assert "total" not in set(within["group_from"]) | set(within["group_to"])


def test_the_last_wave_of_girls_is_at_the_edge(estimates):
    table = changes.differences(estimates, alpha=0.05, bridge=BRIDGE)
    girls = table[table["contrast"] == "female 16-17: 2020 to 2024"].iloc[0]
    assert not girls["robust_to_rounding"]
    assert girls["mdd80"] > abs(girls["diff"]) * 0.9


def test_waves_of_two_definitions_need_a_bridge(estimates):
    with pytest.raises(DefinitionMismatchError, match="bridge"):
        changes.differences(estimates, alpha=0.05)


def test_the_model_and_the_shrunken_shares_appear(lit, estimates):
    found = shelf.group_model(estimates, lit, alpha=0.05, bridge=BRIDGE)
    contracts.check_table("prev_model", found.terms)
    assert found.fit["cells"].item() == 18
    assert len(found.shrunken) == 18
    wave = found.terms.set_index("term").loc["wave2024"]
    assert wave["ame_lower"] < wave["ame"] < wave["ame_upper"]


def test_nothing_is_left_to_be_called_invisible(lit, estimates):
    left = changes.out_of_sight(estimates, lit, **OPTIONS)
    assert not set(left["group"]) & {f"{s} {a}" for s, a in SHARES}


def test_without_margins_there_is_no_model(observations):
    found = shelf.group_model(prevalence.estimates(observations, **OPTIONS), observations, alpha=0.05)
    assert found.terms.empty
    assert found.shrunken.empty
    assert list(found.terms.columns) == contracts.columns("prev_model")


def test_microdata_come_before_everything(observations):
    frame = answers()
    table = prevalence.estimates(observations, **OPTIONS, answers=by_group(frame, alpha=0.05))
    known = table[table["source_of_interval"] == "microdata"]
    assert len(table) == 3 * (1 + 2 + 6)
    # few boys of sixteen and seventeen in this small sample said yes: their groups are withheld, and others with them
    hidden = table[table["suppression_reason"] != ""]
    assert {"primary", "complementary"} <= set(hidden["suppression_reason"])
    assert not (hidden["source_of_interval"] == "microdata").any()  # the publisher printed a figure of each
    assert len(known) + len(hidden) == len(table)
    assert not known["suppressed"].any()
    shown = known
    truth = {f"{s} {a}": v[2] for (s, a), v in SHARES.items()}
    last = shown[(shown["wave"] == "2024") & shown["group"].isin(truth)]
    held = [r["ci_lower"] <= truth[r["group"]] <= r["ci_upper"] for _, r in last.iterrows()]
    assert sum(held) >= len(held) - 1


def test_what_is_withheld_and_was_not_printed_is_left_out_with_all_that_goes_with_it(observations):
    frame = answers()
    few = frame[(frame["wave"] != "2022") | (frame["age"] != "16-17") | (frame["cluster"] % 3 == 0)]
    table = prevalence.estimates(observations, **OPTIONS, answers=by_group(few, alpha=0.05))
    cells = table[table["wave"] == "2022"].set_index("group")
    hidden = cells[cells["suppressed"]]
    assert {"female 16-17", "male 16-17"} < set(hidden.index)
    numbers = [
        "pct",
        "ci_lower",
        "ci_upper",
        "n",
        "n_eff",
        "n_eff_min",
        "n_eff_max",
        "deff",
        "persons",
        "persons_lower",
    ]
    assert hidden[numbers].isna().all(axis=None)
    assert (hidden["flags"] == "").all()
    assert set(hidden["suppression_reason"]) <= {"primary", "complementary", "confidential"}
    for sex in ("female", "male"):  # the sum of a sex has never one group left out
        assert hidden.index.str.startswith(f"{sex} ").sum() >= 2
    left = changes.out_of_sight(table, observations, **OPTIONS)
    assert not set(left.loc[left["wave_from"] == "2022", "group"]) & set(hidden.index)
    found = changes.differences(table, alpha=0.05, bridge=BRIDGE)
    used = found[(found["wave_from"] == "2022") | (found["wave_to"] == "2022")]
    assert not set(used["group_to"]) & set(hidden.index)


def test_whole_percents_give_no_effective_n_of_their_own(tmp_path):
    from tests.conftest import copy_project

    root = copy_project(tmp_path / "project")
    write_margins(root / "data/raw/cbs", margin_rows(decimals=0))
    table = prevalence.estimates(load_tables(2024, root).observations, **OPTIONS)
    row = cell(table, "2024", "male 24+")
    assert row["n_eff"] == pytest.approx(row["n"] / 1.3)
    assert "too coarsely printed" in row["method"]


def test_a_share_above_one_hundred_names_the_row_of_its_file(observations):
    odd = observations.copy()
    place = (odd["series_id"] == "cbs_osi_12m") & (odd["time_period"] == "2024") & (odd["age"] == "16+")
    odd.loc[place, "obs_value"] = 520.0
    with pytest.raises(
        InputError, match=r'prevalence_monitor\.csv, row 4, column "p", value "5.2": is no share'
    ):
        prevalence.estimates(odd, **OPTIONS)


def test_a_difference_over_a_bridge_rests_on_one_assumption_more(estimates):
    table = changes.differences(estimates, alpha=0.05, bridge=BRIDGE).set_index("contrast")
    assert table.loc["total: 2020 to 2024", "grade"] == "C"
    assert table.loc["total: 2022 to 2024", "grade"] == "B"
    assert table.loc["female 24+: 2020 to 2024", "grade"] == "B"
    assert table.loc["female 24+: 2022 to 2024", "grade"] == "A"


def test_groups_apart_and_within():
    assert groups.leaves([("total", "16+"), ("female", "16+"), ("female", "16-17"), ("male", "16+")]) == [
        ("female", "16-17"),
        ("male", "16+"),
    ]
    with pytest.raises(InputError, match="is no age band"):
        groups.age_range("jong")
    with pytest.raises(InputError, match="runs backwards"):
        groups.age_range("18-16")


def test_sizes_of_groups(observations):
    everyone = groups.size(observations, "2024", ("total", "16+"))
    assert (everyone.value, everyone.basis) == (14_800_000, "survey")
    older = groups.size(observations, "2024", ("male", "24+"))
    men = observations.query("series_id == 'cbs_population' and time_period == '2024' and sex == 'male'")
    men = men.set_index("age")["obs_value"]
    assert older.value == pytest.approx((men["16+"] - men["16-17"] - men["18-23"]) * 14_800_000 / 15_031_713)
    assert groups.size(observations, "2024", ("female", "30-39")) is None


def test_a_table_that_breaks_its_contract_is_named(estimates):
    broken = estimates.copy()
    broken.loc[3, "ci_lower"] = 99.0
    with pytest.raises(InputError, match=r'prev_estimates, row 4, column "pct"'):
        contracts.check_table("prev_estimates", broken)
    with pytest.raises(InputError, match="does not begin with its columns"):
        contracts.check_table("prev_estimates", estimates.drop(columns="n_eff"))


def test_people_who_did_not_take_part(observations):
    plain = prevalence.estimates(observations, **OPTIONS)
    table = bounds.nonresponse(plain, observations)
    same = table[table["odds_ratio"] == 1]
    assert same["pct"].tolist() == pytest.approx(prevalence.everyone(plain)["pct"].tolist())
    twice = table.query("wave == '2024' and odds_ratio == 2").iloc[0]
    odds = 2 * 0.052 / 0.948
    assert twice["pct"] == pytest.approx(100 * (0.256 * 0.052 + 0.744 * odds / (1 + odds)))
    with pytest.raises(InputError, match="no share and response"):
        bounds.blend(0.05, 0, 1)


def test_growth_since_the_first_wave_is_not_shown(observations):
    plain = prevalence.estimates(observations, **OPTIONS)
    table = changes.differences(plain, alpha=0.05, bridge=BRIDGE)
    row = changes.since_first(table)
    assert (row["wave_from"], row["wave_to"]) == ("2020", "2024")
    assert row["diff"] == pytest.approx(-0.2)
    assert row["lower"] < 0 < row["upper"]
    assert findings.difference(row, 0.05).verdict == "survey_not_shown"
    assert not row["same_definition"]
    assert math.isclose(row["mdd80"], 0.6, abs_tol=0.05)

"""A file with margins: read strictly, and what it changes in the tables. All margins here are simulated."""

import pytest

from osw_stats import shelf
from osw_stats.data.edition import load_tables
from osw_stats.data.record import record_new
from osw_stats.errors import InputError
from osw_stats.meaning.definitions import DefinitionMismatchError
from osw_stats.shelf.microdata.release import by_group
from osw_stats.stats.survey import BRIDGE, changes, contracts, margins, prevalence
from osw_stats.stats.survey.margins import DesignEffect
from tests.cases import words
from tests.conftest import copy_project
from tests.simulated_margins import SHARES, answers, margin_rows, write_margins
from tests.simulated_survey import OPTIONS


@pytest.fixture(scope="module")
def lit(tmp_path_factory):
    root = copy_project(tmp_path_factory.mktemp("margins") / "project")
    write_margins(root / "data/raw/cbs", margin_rows())
    return load_tables(2024, root).observations


@pytest.fixture(scope="module")
def estimates(lit):
    return prevalence.estimates(lit, **OPTIONS)


def cell(estimates, wave, group):
    return estimates[(estimates["wave"] == wave) & (estimates["group"] == group)].iloc[0]


def test_published_limits_are_shown_as_published_and_our_own_interval_beside_them_as_a_check(estimates):
    for row in margin_rows():
        found = cell(estimates, row["wave"], f"{row['sex']} {row['age']}")
        assert found[["ci_lower", "ci_upper"]].tolist() == [float(row["lower"]), float(row["upper"])]
        assert found[["source_of_interval", "interval_kind"]].eq("published").all()
        assert found["check_lower"] == pytest.approx(found["ci_lower"], abs=0.3)
        assert found["check_upper"] == pytest.approx(found["ci_upper"], abs=0.3)
    # the design effect is implied by respondents and limits, the people by the register
    girls = cell(estimates, "2024", "female 18-23")
    assert girls["n"] == 1250
    assert girls["deff"] == pytest.approx(1.3, rel=0.05)
    assert girls["n_eff_min"] < girls["n_eff"] < girls["n_eff_max"] <= girls["n"]
    girls = cell(estimates, "2024", "female 16-17")
    assert girls["persons"] == pytest.approx(0.181 * 190_257 * 14_800_000 / 15_031_713)
    assert girls["persons_basis"] == "register"


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


def test_all_three_families_are_tested_and_no_group_against_one_that_holds_it(estimates):
    with pytest.raises(DefinitionMismatchError, match="bridge"):
        changes.differences(estimates, alpha=0.05)
    table = changes.differences(estimates, alpha=0.05, bridge=BRIDGE)
    contracts.check_table("prev_differences", table)
    assert table.groupby("family").size().to_dict() == {"F1": 3, "F2": 18, "F3": 9}
    tested = table["family"] == "F1"
    assert (table.loc[tested, "p_adj"] >= table.loc[tested, "p_raw"] - 1e-12).all()
    assert table.loc[~tested, "p_adj"].isna().all()
    outside = (table["lower"] > 0) | (table["upper"] < 0)
    assert (outside == (table["p_adj"].fillna(table["p_raw"]) < 0.05)).all()
    assert "total" not in set(table.loc[table["family"] == "F3", ["group_from", "group_to"]].stack())
    by_contrast = table.set_index("contrast")
    assert by_contrast.loc["female 18-23 to male 18-23", "upper"] < 0
    girls = by_contrast.loc["female 16-17: 2020 to 2024"]
    assert girls["mdd80"] > abs(girls["diff"]) * 0.9


def test_the_model_and_the_shrunken_shares_need_margins(lit, estimates, observations):
    found = shelf.group_model(estimates, lit, alpha=0.05, bridge=BRIDGE)
    contracts.check_table("prev_model", found.terms)
    assert found.fit["cells"].item() == 18
    assert len(found.shrunken) == 18
    wave = found.terms.set_index("term").loc["wave2024"]
    assert wave["ame_lower"] < wave["ame"] < wave["ame_upper"]
    bare = shelf.group_model(prevalence.estimates(observations, **OPTIONS), observations, alpha=0.05)
    assert bare.terms.empty and bare.shrunken.empty
    assert list(bare.terms.columns) == contracts.columns("prev_model")


def test_margins_of_groups_replace_the_assumed_design_effect(lit, observations):
    found = margins.design_effect(lit, 1.3, (1.0, 1.6))
    # the margins were simulated with a design effect of 1.3
    assert found.basis == "published"
    assert found.value == pytest.approx(1.3, rel=0.05)
    assert found.low <= 1.3 <= found.high
    assert margins.design_effect(observations, 1.3, (1.0, 1.6)) == DesignEffect(1.3, 1.0, 1.6)
    whole = prevalence.estimates(lit, deff=found, alpha=0.05).query("group == 'total'")
    assert set(whole["interval_kind"]) == {"implied"}
    table = margins.implied(lit)
    contracts.check_table("prev_design_effects", table)
    assert table["same_survey"].all() and table["deff"].notna().any()


def test_margins_of_another_survey_stand_beside_and_replace_nothing(tmp_path, observations):
    """A table as StatLine writes it, with a dimension of margins; its numbers are simulated."""
    root = copy_project(tmp_path / "project")
    ends = ("Waarde", "Ondergrens 95%-interval", "Bovengrens 95%-interval")
    heads = ("Kenmerken", "Marges", "Perioden", "Slachtofferschap (% slachtoffers)")
    cells = {("Totaal personen", "2023"): ("12,4", "12,0", "12,8"), ("Mannen", "2023"): ("2,4", "2,2", "2,5")}
    lines = [";".join(f'"{h}"' for h in heads)]
    for (who, year), numbers in cells.items():
        lines += [f'"{who}";"{end}";"{year}";"{n}"' for end, n in zip(ends, numbers, strict=True)]
    (root / "data/raw/cbs/85846NED_margins.csv").write_text("\n".join(lines) + "\n", "utf-8")
    record_new(root, "2025-12-01")
    found = load_tables(2025, root)
    table = margins.implied(found.observations, found.cells).set_index("what")
    assert not table["same_survey"].any() and set(table["source"]) == {"85846NED"}
    row = table[table.index.str.contains("Totaal personen")].iloc[0]
    assert row["n_eff"] == pytest.approx(1.96**2 * 0.124 * 0.876 / 0.004**2, rel=0.01)
    assert table[table.index.str.contains("Mannen")]["n_eff"].isna().all()  # too coarsely printed
    assert margins.design_effect(found.observations, 1.3, (1.0, 1.6)).basis == "assumed"


def test_nothing_is_left_to_be_called_invisible(lit, estimates):
    left, _ = changes.group_changes(estimates, lit, allocation=(0.8, 1.25), **OPTIONS)
    assert not set(left["group"]) & {f"{s} {a}" for s, a in SHARES}


def test_answers_come_before_all_else_and_what_is_withheld_takes_along_all_that_goes_with_it(observations):
    frame = answers()
    few = frame[(frame["wave"] != "2022") | (frame["age"] != "16-17") | (frame["cluster"] % 3 == 0)]
    table = prevalence.estimates(observations, **OPTIONS, answers=by_group(few, alpha=0.05)[0])
    assert len(table) == 3 * (1 + 2 + 6)
    assert set(table["source_of_interval"]) == {"microdata"}  # nothing of a publisher stands among them
    cells = table[table["wave"] == "2022"].set_index("group")
    hidden = cells[cells["suppressed"]]
    assert {"female 16-17", "male 16-17"} < set(hidden.index)
    numbers = words("pct ci_lower ci_upper n n_eff n_eff_min n_eff_max deff persons persons_lower")
    assert hidden[numbers].isna().all(axis=None)
    assert (hidden["flags"] == "").all()
    assert set(hidden["suppression_reason"]) <= {"primary", "complementary", "confidential"}
    for sex in ("female", "male"):  # the sum of a sex has never one group left out
        assert hidden.index.str.startswith(f"{sex} ").sum() >= 2
    left, _ = changes.group_changes(table, observations, allocation=(0.8, 1.25), **OPTIONS)
    assert not set(left.loc[left["wave_from"] == "2022", "group"]) & set(hidden.index)
    found = changes.differences(table, alpha=0.05, bridge=BRIDGE)
    used = found[(found["wave_from"] == "2022") | (found["wave_to"] == "2022")]
    assert not set(used["group_to"]) & set(hidden.index)


def test_a_share_above_one_hundred_names_the_row_of_its_file(observations):
    odd = observations.copy()
    place = (odd["series_id"] == "cbs_osi_12m") & (odd["time_period"] == "2024") & (odd["age"] == "16+")
    odd.loc[place, "obs_value"] = 520.0
    place = r'prevalence_monitor\.csv, row 4, column "p", value "5.2": is no share'
    with pytest.raises(InputError, match=place):
        prevalence.estimates(odd, **OPTIONS)

"""A file with margins: read strictly, and what it changes in the tables. All margins here are simulated."""

import pytest

from osw_stats import shelf
from osw_stats.data.edition import load_tables
from osw_stats.errors import InputError
from osw_stats.meaning.definitions import DefinitionMismatchError
from osw_stats.meaning.rounding import printed_range
from osw_stats.shelf.microdata.release import by_group
from osw_stats.stats.survey import BRIDGE, changes, contracts, groups, prevalence
from tests.cases import words
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


def test_published_limits_are_shown_as_published_and_our_own_interval_beside_them_as_a_check(estimates):
    for row in margin_rows():
        found = cell(estimates, row["wave"], f"{row['sex']} {row['age']}")
        assert (found["ci_lower"], found["ci_upper"]) == (float(row["lower"]), float(row["upper"]))
        assert (found["source_of_interval"], found["interval_kind"]) == ("published", "published")
    shown = estimates[estimates["source_of_interval"] == "published"]
    assert ((shown["check_lower"] - shown["ci_lower"]).abs() < 0.3).all()
    assert ((shown["check_upper"] - shown["ci_upper"]).abs() < 0.3).all()
    # the design effect is implied by respondents and limits, the people by the register
    girls = cell(estimates, "2024", "female 18-23")
    assert girls["n"] == 1250
    assert girls["deff"] == pytest.approx(1.3, rel=0.05)
    assert girls["n_eff_min"] < girls["n_eff"] < girls["n_eff_max"]
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


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("20 (15-25)", 19.5, 20.5), ("20.0 (15.0-25.0)", 19.95, 20.05), ("0.0 (0.0-0.4)", 0, 0.05)],
)
def test_the_printed_digits_of_a_share_say_what_they_leave_open(printed, low, high):
    assert printed_range(float(printed.split()[0]), printed=printed) == pytest.approx((low, high))


def test_all_three_families_are_tested_and_no_group_against_one_that_holds_it(estimates):
    with pytest.raises(DefinitionMismatchError, match="bridge"):
        changes.differences(estimates, alpha=0.05)
    table = changes.differences(estimates, alpha=0.05, bridge=BRIDGE)
    contracts.check_table("prev_differences", table)
    assert table.groupby("family").size().to_dict() == {"F1": 3, "F2": 18, "F3": 9}
    assert (table["p_adj"] >= table["p_raw"] - 1e-12).all()
    assert "total" not in set(table.loc[table["family"] == "F3", ["group_from", "group_to"]].stack())
    by_contrast = table.set_index("contrast")
    sexes, girls = (
        by_contrast.loc["female 18-23 to male 18-23"],
        by_contrast.loc["female 16-17: 2020 to 2024"],
    )
    assert sexes["robust_to_rounding"]
    assert sexes["upper"] < 0
    # the last wave of girls is at the edge of what can be seen
    assert not girls["robust_to_rounding"]
    assert girls["mdd80"] > abs(girls["diff"]) * 0.9


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
    truth = {f"{s} {a}": v[2] for (s, a), v in SHARES.items()}
    last = known[(known["wave"] == "2024") & known["group"].isin(truth)]
    held = [r["ci_lower"] <= truth[r["group"]] <= r["ci_upper"] for _, r in last.iterrows()]
    assert sum(held) >= len(held) - 1


def test_what_is_withheld_and_was_not_printed_is_left_out_with_all_that_goes_with_it(observations):
    frame = answers()
    few = frame[(frame["wave"] != "2022") | (frame["age"] != "16-17") | (frame["cluster"] % 3 == 0)]
    table = prevalence.estimates(observations, **OPTIONS, answers=by_group(few, alpha=0.05))
    cells = table[table["wave"] == "2022"].set_index("group")
    hidden = cells[cells["suppressed"]]
    assert {"female 16-17", "male 16-17"} < set(hidden.index)
    numbers = words("pct ci_lower ci_upper n n_eff n_eff_min n_eff_max deff persons persons_lower")
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


def test_a_share_above_one_hundred_names_the_row_of_its_file(observations):
    odd = observations.copy()
    place = (odd["series_id"] == "cbs_osi_12m") & (odd["time_period"] == "2024") & (odd["age"] == "16+")
    odd.loc[place, "obs_value"] = 520.0
    place = r'prevalence_monitor\.csv, row 4, column "p", value "5.2": is no share'
    with pytest.raises(InputError, match=place):
        prevalence.estimates(odd, **OPTIONS)


def test_a_band_of_ages_is_two_numbers_in_order():
    for band, problem in (("jong", "is no age band"), ("18-16", "runs backwards")):
        with pytest.raises(InputError, match=problem):
            groups.age_range(band)

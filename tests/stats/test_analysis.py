"""Result tables of the published figures: values by hand, and what must never happen."""

import math

import pytest

from osw_stats.data.clean import clean
from osw_stats.stats import coverage
from osw_stats.stats.capacity import gaps as capacity
from osw_stats.stats.counts import trend
from osw_stats.stats.survey import prevalence
from tests.conftest import raw_row, write_raw


@pytest.fixture(scope="module")
def estimates(observations):
    return prevalence.estimates(observations, deff=1.3, deff_range=(1.0, 1.6), alpha=0.05)


@pytest.fixture(scope="module")
def pairs(observations):
    return trend.pairs(observations, alpha=0.05)


def wilson(p, n, z=1.959963984540054):
    """Closed form, written out apart from the library."""
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return 100 * (centre - half), 100 * (centre + half)


def test_the_national_interval_is_wilson_with_an_assumed_design_effect(estimates):
    row = estimates.query("wave == '2024' and sex == 'total'").iloc[0]
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(wilson(0.052, 25_000 / 1.3), abs=1e-9)
    assert (row["interval_kind"], row["source_of_interval"], row["grade"]) == ("assumed", "assumed_deff", "B")
    assert (row["n_eff_min"], row["n_eff_max"]) == (25_000 / 1.6, 25_000)
    assert row["persons_lower"] < 760_000 < row["persons_upper"]  # as published
    assert row["persons"] == pytest.approx(0.052 * 14_800_000)


def test_groups_have_no_sampling_interval_and_a_range_for_two_never_becomes_a_midpoint(estimates):
    groups = estimates[~((estimates["sex"] == "total") & (estimates["age"] == "16+"))]
    assert set(groups["source_of_interval"]) == {"not_estimable"}
    assert groups["n_eff"].isna().all()
    boys = groups.query("wave == '2024' and sex == 'male' and age == '16-17'").iloc[0]
    assert boys[["pct", "ci_lower", "ci_upper"]].isna().all()
    assert (boys["box_lower"], boys["box_upper"]) == (6.5, 8.5)


def test_every_result_names_observations_that_exist(observations, estimates, pairs):
    known = set(observations["obs_id"])
    for frame in (estimates, pairs, capacity.gaps(observations)):
        assert {i for cell in frame["observations"] for i in cell.split()} <= known


def test_the_police_change_has_the_overdispersed_interval(pairs):
    row = pairs.query("series == 'police_reports'").iloc[0]
    log, se = math.log(14802 / 14015), math.sqrt(row["phi_used"] * (1 / 14802 + 1 / 14015))
    ends = [100 * math.expm1(log + sign * 1.959964 * se) for sign in (0, -1, 1)]
    assert row[["change", "lower", "upper"]].tolist() == pytest.approx(ends, abs=1e-4)
    assert row["lower"] < 0 < row["upper"]
    assert 25 < row["phi_used"] < 32  # near 28 from the yearly steps of registered offences
    assert not row["definition_same"]  # the law of 1 July 2024 lies between


def test_pairs_never_join_two_series_or_skip_a_year(pairs):
    assert (pairs["period1"].astype(int) - pairs["period0"].astype(int)).eq(1).all()
    assert "police_reports_complaints" not in set(pairs["series"])


@pytest.mark.parametrize(
    ("body", "gap", "low", "high", "percent", "euros"),
    [("acm", 11, 1, 21, 18.3333333, 6.5e6 / 49), ("cvdm", 16.2, 16.15, 16.25, 50.625, math.nan)],
)
def test_gaps_of_the_report(observations, body, gap, low, high, percent, euros):
    row = capacity.gaps(observations).set_index("body").loc[body]
    told = row[["gap", "gap_lower", "gap_upper", "gap_pct", "eur_per_fte"]].tolist()
    assert told == pytest.approx([gap, low, high, percent, euros], nan_ok=True)


def test_gaps_are_told_not_hidden(observations):
    gaps = coverage.missing(observations, 2024)
    reasons = gaps.set_index(["series", "time_period"])["reason"]
    assert reasons["helpwanted_requests", "2023"] == "not_found"
    assert reasons["csg_online_protocol", "2024"] == "not_registered"
    assert ("csg_victims", "2019") not in reasons  # the publisher gave that series up
    assert reasons["police_registered_141", "2023"] == "no_figure"


def test_a_series_that_changes_without_notice_shares_no_definition(tmp_path):
    about = {"series_id": "meldpunt_reports", "unit": "hotline_reports"}
    years = (("2020", "307021"), ("2021", "413262"))
    rows = [raw_row(**about, time_period=y, value=v, as_reported=v) for y, v in years]
    assert clean(write_raw(tmp_path, *rows)).observations["definition_id"].is_unique

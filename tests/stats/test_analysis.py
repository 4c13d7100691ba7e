"""Result tables: columns as specified, values by hand, and what must never happen."""

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


def wilson(p, n, z=1.959963984540054):
    """Closed form, written out apart from the library."""
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


def test_the_national_interval_is_wilson_with_an_assumed_design_effect(estimates):
    row = estimates.query("wave == '2024' and sex == 'total'").iloc[0]
    low, high = wilson(0.052, 25_000 / 1.3)
    assert (row["ci_lower"], row["ci_upper"]) == (
        pytest.approx(100 * low, abs=1e-9),
        pytest.approx(100 * high, abs=1e-9),
    )
    assert (row["interval_kind"], row["source_of_interval"], row["grade"]) == ("assumed", "assumed_deff", "B")
    assert (row["n_eff_min"], row["n_eff_max"]) == (25_000 / 1.6, 25_000)


def test_groups_get_no_sampling_interval_while_margins_are_unpublished(estimates):
    groups = estimates[~((estimates["sex"] == "total") & (estimates["age"] == "16+"))]
    assert set(groups["source_of_interval"]) == {"not_estimable"}
    assert set(groups["interval_kind"]) == {"rounding"}
    assert groups["n_eff"].isna().all()


def test_a_range_for_two_groups_never_becomes_a_midpoint(estimates):
    row = estimates.query("wave == '2024' and sex == 'male' and age == '16-17'").iloc[0]
    assert math.isnan(row["pct"])
    assert (row["box_lower"], row["box_upper"]) == (6.5, 8.5)
    assert math.isnan(row["ci_lower"]) and math.isnan(row["ci_upper"])


def test_persons_hold_the_published_figure(estimates):
    row = estimates.query("wave == '2024' and sex == 'total'").iloc[0]
    assert row["persons_lower"] < 760_000 < row["persons_upper"]
    assert row["persons"] == pytest.approx(0.052 * 14_800_000)


def test_every_result_names_observations_that_exist(observations, estimates):
    known = set(observations["obs_id"])
    for frame in (estimates, trend.pairs(observations, alpha=0.05), capacity.gaps(observations)):
        assert {i for cell in frame["observations"] for i in cell.split()} <= known


def test_the_police_change_has_the_overdispersed_interval(observations):
    row = trend.pairs(observations, alpha=0.05).query("series == 'police_reports'").iloc[0]
    assert row["change"] == pytest.approx(5.6154, abs=1e-4)
    se = math.sqrt(row["phi_used"] * (1 / 14802 + 1 / 14015))
    assert row["lower"] == pytest.approx(
        100 * (math.exp(math.log(14802 / 14015) - 1.959964 * se) - 1), abs=1e-4
    )
    assert row["lower"] < 0 < row["upper"]
    assert 25 < row["phi_used"] < 32  # near 28 from the yearly steps of registered offences
    assert not row["definition_same"]  # the law of 1 July 2024 lies between
    assert row["interval_kind"] == "overdispersed"


def test_pairs_never_join_two_series_or_skip_a_year(observations):
    pairs = trend.pairs(observations, alpha=0.05)
    assert (pairs["period1"].astype(int) - pairs["period0"].astype(int)).eq(1).all()
    assert "police_reports_complaints" not in set(pairs["series"])


@pytest.mark.parametrize(
    ("body", "need", "funded", "gap", "low", "high", "percent"),
    [("acm", 60, 49, 11, 1, 21, 18.3333333), ("cvdm", 32, 15.8, 16.2, 16.15, 16.25, 50.625)],
)
def test_gaps_of_the_report(observations, body, need, funded, gap, low, high, percent):
    row = capacity.gaps(observations).set_index("body").loc[body]
    assert (row["need"], row["funded"], row["gap"]) == (need, pytest.approx(funded), gap)
    assert (row["gap_lower"], row["gap_upper"]) == pytest.approx((low, high))
    assert row["gap_pct"] == pytest.approx(percent)


def test_euro_per_fte_of_the_acm(observations):
    row = capacity.gaps(observations).set_index("body").loc["acm"]
    assert row["eur_per_fte"] == pytest.approx(6.5e6 / 49)
    assert row["gap_meur"] == pytest.approx(11 * 6.5 / 49)


def test_gaps_are_told_not_hidden(observations):
    gaps = coverage.missing(observations, 2024)
    reasons = gaps.set_index(["series", "time_period"])["reason"]
    assert reasons["helpwanted_requests", "2023"] == "not_found"
    assert reasons["csg_online_protocol", "2024"] == "not_registered"
    assert ("csg_victims", "2019") not in reasons  # the publisher gave that series up
    assert reasons["police_registered_141", "2023"] == "no_figure"


def test_a_series_that_changes_without_notice_shares_no_definition(tmp_path):
    rows = [
        raw_row(series_id="meldpunt_reports", unit="hotline_reports", time_period=y, value=v, as_reported=v)
        for y, v in (("2020", "307021"), ("2021", "413262"))
    ]
    assert clean(write_raw(tmp_path, *rows)).observations["definition_id"].is_unique

"""Revisions, gaps in the record and the bodies asked: small tables by hand."""

import math

import pytest

from osw_stats.errors import InputError
from osw_stats.meaning.authorities import AUTHORITIES, authority
from osw_stats.stats import coverage
from osw_stats.stats.revisions import alternatives, revisions
from tests.simulated_figures import figure, frame


def reports(year, value, known_by, source_id="x", role="main"):
    return figure("police_reports", year, value, known_by=known_by, source_id=source_id, role=role)


def test_old_and_new_values_by_the_day_they_were_known():
    rows = frame(
        reports("2020", 110.0, "2022-01-01", "b"),
        reports("2020", 100.0, "2021-01-01", "a"),
        reports("2020", 110.0, "2023-01-01", "c"),
        reports("2020", 999.0, "2021-06-01", role="alternative"),
        reports("2021", 5.0, "2022-01-01"),
        reports("2021", math.nan, "2023-01-01"),
        reports("2022", 0.0, "2023-01-01"),
        reports("2022", 4.0, "2024-01-01"),
    )
    revised = revisions(rows)
    assert revised[["old_value", "new_value", "change"]].to_numpy().tolist() == [[100, 110, 10], [0, 4, 4]]
    assert revised["change_pct"].tolist() == pytest.approx([10, math.nan], nan_ok=True)
    assert revised.loc[0, ["old_source", "new_source", "old_known_by"]].tolist() == ["a", "b", "2021-01-01"]
    other = alternatives(rows)
    assert other["obs_value"].tolist() == [999] * 3
    assert sorted(other["obs_value_preferred"]) == [100, 110, 110]


def test_gaps_have_reasons_and_stand_in_the_order_of_the_figures():
    rows = frame(
        figure("police_reports", "2024", 5.0),
        figure("om_inflow_csam", "2024", math.nan, lower=4.0, upper=6.0),
        figure("om_inflow_sexual", "2024", math.nan, obs_status="withheld"),
        figure("ap_complaints", "2023", 5.0),
        figure("csg_victims", "2019", 5.0),
    )
    gaps = coverage.missing(rows, 2024)
    reasons = {"om_inflow_csam": "range_only", "om_inflow_sexual": "withheld", "ap_complaints": "no_figure"}
    assert gaps.set_index("series")["reason"].to_dict() == reasons
    assert "ap_complaints" not in set(coverage.missing(rows, 2023)["series"])
    earlier = frame(figure("police_reports", "2020", 1.0), figure("ap_complaints", "2020", 2.0))
    assert coverage.missing(earlier, 2024)["series"].tolist() == ["police_reports", "ap_complaints"]


def test_twelve_bodies_were_asked_and_one_was_not():
    assert [a.code for a in AUTHORITIES.values() if not a.asked] == ["sdt"]
    assert authority("sdt").code == "sdt"
    with pytest.raises(InputError, match="no such body"):
        authority("nobody")

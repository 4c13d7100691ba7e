"""Revisions, gaps in the record and the bodies asked: small tables by hand."""

import math

import pytest

from osw_stats.errors import InputError
from osw_stats.meaning.authorities import AUTHORITIES, authority
from osw_stats.stats import coverage
from osw_stats.stats.revisions import alternatives, revisions
from tests.simulated_figures import figure, frame


class TestRevisions:
    def test_old_and_new_by_the_day_they_were_known(self):
        rows = frame(
            figure("police_reports", "2020", 110.0, known_by="2022-01-01", source_id="b"), figure("police_reports", "2020", 100.0, known_by="2021-01-01", source_id="a"),
            figure("police_reports", "2020", 110.0, known_by="2023-01-01", source_id="c"), figure("police_reports", "2021", 5.0),
            figure("police_reports", "2020", 999.0, known_by="2021-06-01", role="alternative"), figure("police_reports", "2022", 0.0, known_by="2023-01-01"),
            figure("police_reports", "2022", 4.0, known_by="2024-01-01"), figure("police_reports", "2021", math.nan, known_by="2023-01-01"),
        )  # fmt: skip
        found = revisions(rows)
        assert found[["old_value", "new_value", "change"]].to_numpy().tolist() == [[100, 110, 10], [0, 4, 4]]
        assert found["change_pct"][0] == pytest.approx(10)
        assert math.isnan(found["change_pct"][1])
        assert found.loc[0, ["old_source", "new_source", "old_known_by"]].tolist() == ["a", "b", "2021-01-01"]
        other = alternatives(rows)
        assert other["obs_value"].tolist() == [999] * 3
        assert sorted(other["obs_value_preferred"]) == [100, 110, 110]


def test_gaps_and_their_reasons():
    rows = frame(
        figure("police_reports", "2024", 5.0), figure("ap_complaints", "2023", 5.0), figure("om_inflow_csam", "2024", math.nan, lower=4.0, upper=6.0),
        figure("om_inflow_sexual", "2024", math.nan, obs_status="withheld"), figure("csg_victims", "2019", 5.0),
    )  # fmt: skip
    found = coverage.missing(rows, 2024).set_index("series")["reason"].to_dict()
    assert found == {
        "om_inflow_csam": "range_only",
        "om_inflow_sexual": "withheld",
        "ap_complaints": "no_figure",
    }
    assert "ap_complaints" not in set(coverage.missing(rows, 2023)["series"])


def test_twelve_bodies_were_asked_and_one_was_not():
    assert [a.code for a in AUTHORITIES.values() if not a.asked] == ["sdt"]
    assert authority("sdt").code == "sdt"
    with pytest.raises(InputError, match="no such body"):
        authority("nobody")


def test_gaps_stand_in_the_order_of_the_figures():
    rows = frame(figure("police_reports", "2020", 1.0), figure("ap_complaints", "2020", 2.0))
    found = coverage.missing(rows, 2024)
    assert found["series"].tolist() == ["police_reports", "ap_complaints"]

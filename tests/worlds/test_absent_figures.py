"""No cell of a notebook ends in anything but a result or a stated absence, whatever figures are gone.

`OSW_WORLDS_LEFT_OUT` sets how many single figures are tried and `OSW_WORLDS_SEED` which; `make worlds` tries every one.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from osw_stats.analysis.counts import trend
from osw_stats.analysis.counts.yearly import COUNTED
from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.report.edition import load_tables
from tests.conftest import PROJECT
from tests.worlds import absence
from tests.worlds.absence import CHANGES, EDITIONS, carried_out, drawn, faults, keys, subset, whole, without
from tests.worlds.absence import wrongly_wanted as false_of
from tests.worlds.tried import SEED

CHOSEN = int(os.environ.get("OSW_WORLDS_SEED", SEED))
COUNT = int(os.environ.get("OSW_WORLDS_LEFT_OUT", "20"))


class TestFiguresTakenAway:
    @pytest.mark.parametrize("year", EDITIONS)
    def test_an_edition_as_it_is_calls_nothing_absent_that_is_there(self, year):
        one = whole(year)
        found = {n: absent.wanted for r in one.results.values() for n, absent in r.absent.items()}
        assert found
        assert not {n: there for n, w in found.items() if (there := false_of(w, one.tables.observations))}

    def test_one_at_a_time(self):
        found = {}
        for year, key, how in drawn(CHOSEN, COUNT):
            if wrong := faults([key], how, year):
                found[year, "/".join(key), how] = wrong
        assert not found, found

    @pytest.mark.parametrize("number", range(2))
    def test_many_at_once_with_the_charts(self, number):
        year = EDITIONS[number % 2]
        gone, how = subset(CHOSEN, number, year)
        assert gone
        assert not faults(gone, how, year, charts=True)

    def test_every_one(self):
        assert not faults(keys(), "taken away")

    @pytest.mark.parametrize("year", range(2022, 2026))
    def test_a_comparison_of_an_early_edition_blames_no_figure_that_it_holds(self, year):
        observations = load_tables(year, PROJECT).observations
        pairs = trend.pairs(observations, alpha=0.05)
        refused = 0
        for counted in COUNTED:
            for last in range(2012, 2027):
                try:
                    trend.find(pairs, counted.series_id, str(last), counted.breakdown)
                except NotPublishedError as error:
                    refused += 1
                    assert not false_of(error.wanted, observations)
                except NotEstimableError:
                    refused += 1
        assert refused


class TestThatTheTestCanFail:
    """A cell that looks up a row blindly, or states a false absence, is found out."""

    KEY = ("police_reports", "2023", "total", "total", "NL", "")

    def test_a_blind_lookup_and_a_false_absence_are_faults(self, monkeypatch):
        assert self.KEY in keys(EDITIONS[1])  # before anything is planted

        def blind(observations, *_, **__):
            figures = observations.set_index(["series_id", "time_period"])
            return figures.loc[("police_reports", "2023"), "obs_value"].iloc[0]

        def false(*_, **__):
            raise NotPublishedError("both are absent", "police_reports", wanted=[
                {"series_id": "police_reports", "time_period": year} for year in ("2023", "2024")
            ])  # fmt: skip

        monkeypatch.setattr("osw_stats.analysis.counts.multiyear.slopes", blind)
        monkeypatch.setattr("osw_stats.analysis.counts.multiyear.refusals", false)
        monkeypatch.setattr(
            absence, "whole", lambda _: replace(whole(EDITIONS[1]), series={"trend": {"police_reports"}})
        )
        found = faults([self.KEY], "taken away", EDITIONS[1])
        assert any(line.startswith("trend: KeyError in ") for line in found)
        assert any("calls absent what is there: trend_refused" in line and "2024" in line for line in found)
        assert len(found) == 2

    def test_what_is_gone_is_gone_in_each_way(self):
        for how in CHANGES:
            tables = without([self.KEY], how, EDITIONS[1])
            assert not false_of([{"series_id": "police_reports", "time_period": "2023"}], tables.observations)
        errors: list[Exception] = []
        results = carried_out("trend", without([self.KEY], "taken away", EDITIONS[1]), errors)
        assert {c["time_period"] for c in results.absent["police_change"].wanted} == {"2023"}
        assert not errors

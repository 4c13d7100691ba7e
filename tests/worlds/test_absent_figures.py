"""No cell of a notebook ends in anything but a result or a stated absence, whatever figures are gone.

`OSW_WORLDS_LEFT_OUT` sets how many single figures are tried and `OSW_WORLDS_SEED` which; `make worlds` tries every one.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from osw_stats.claims.book import figures, over_figures
from osw_stats.claims.formulas import NoEvidenceError, read
from osw_stats.data.edition import load_tables
from osw_stats.data.editions import read_scenario
from osw_stats.data.ledger import load_ledger
from osw_stats.errors import InputError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import every, latest, one
from osw_stats.meaning.observations import KEY
from osw_stats.stats.counts import changes, trend
from osw_stats.stats.counts.yearly import COUNTED, VARIATION
from tests.conftest import PROJECT
from tests.worlds import absence
from tests.worlds.absence import (
    CHANGES,
    EDITIONS,
    carried_out,
    drawn,
    faults,
    keys,
    subset,
    whole,
    without,
    wrongly_wanted,
)
from tests.worlds.run import SEED

CHOSEN = int(os.environ.get("OSW_WORLDS_SEED", SEED))
COUNT = int(os.environ.get("OSW_WORLDS_LEFT_OUT", "20"))


class TestFiguresTakenAway:
    @pytest.mark.parametrize("year", EDITIONS)
    def test_an_edition_as_it_is_calls_nothing_absent_that_is_there(self, year):
        edition = whole(year)
        found = {n: absent.wanted for r in edition.results.values() for n, absent in r.absent.items()}
        assert found
        assert not {
            n: there for n, w in found.items() if (there := wrongly_wanted(w, edition.tables.observations))
        }

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
                    assert not wrongly_wanted(error.wanted, observations)
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

        monkeypatch.setattr("osw_stats.stats.counts.multiyear.slopes", blind)
        monkeypatch.setattr("osw_stats.stats.counts.multiyear.refusals", false)
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
            assert not wrongly_wanted(
                [{"series_id": "police_reports", "time_period": "2023"}], tables.observations
            )
        errors: list[Exception] = []
        results = carried_out("trend", without([self.KEY], "taken away", EDITIONS[1]), errors)
        assert {c["time_period"] for c in results.absent["police_change"].wanted} == {"2023"}
        assert not errors


class TestAMistakeIsNoAbsence:
    def test_a_misspelt_series_is_refused_wherever_it_is_named(self, tables):
        seen = tables.observations
        pairs = trend.pairs(seen, alpha=0.05)
        for ask in (
            lambda: one(seen, "police_report", time_period="2024"),
            lambda: latest(seen, "police_report"),
            lambda: every(seen, [{"series_id": "police_report", "time_period": "2024"}]),
            lambda: trend.find(pairs, "police_report", "2024"),
            lambda: over_figures("[police_report/2024] * 2", {}),
            lambda: changes.last_break("police_report", 2024),
        ):
            with pytest.raises(InputError, match="unknown series") as found:
                ask()
            assert not isinstance(found.value, NotPublishedError)

    def test_what_is_there_and_cannot_be_compared_is_not_called_absent(self, tables):
        seen = tables.observations.copy()
        hit = seen["series_id"].eq("police_reports") & seen["time_period"].eq("2023")
        seen.loc[hit, ["obs_value", "lower", "upper"]] = 0
        with pytest.raises(NotEstimableError, match="on a count of nought"):
            changes.change(trend.find(trend.pairs(seen, alpha=0.05), "police_reports", "2024"))
        few = seen[~seen["series_id"].eq(VARIATION.series_id) | seen["time_period"].lt("2015")]
        with pytest.raises(NotEstimableError, match="four positive counts"):
            trend.find(trend.pairs(few, alpha=0.05), "police_reports", "2024")
        none = seen[~seen["series_id"].eq(VARIATION.series_id)]
        with pytest.raises(NotPublishedError) as found:
            trend.find(trend.pairs(none, alpha=0.05), "police_reports", "2024")
        assert found.value.wanted == ({"series_id": VARIATION.series_id},)


class TestTheLedgerAndTheScenarios:
    """An absent figure gives no verdict; in the files of this project each figure that is named was read somewhere."""

    def test_a_claim_on_an_absent_figure_has_no_verdict_and_says_why(self):
        edition = whole(EDITIONS[1])
        claims, seen = edition.tables.claims().set_index("id"), edition.tables.observations
        cited = " ".join(claims["observations"]).split()
        most = seen[seen["obs_id"] == max(sorted(set(cited)), key=cited.count)]
        named = claims[[most["obs_id"].item() in ids.split() for ids in claims["observations"]]]
        found = without([tuple(most[KEY].iloc[0])], "taken away", EDITIONS[1]).claims().set_index("id")
        assert set(found.index) == set(claims.index)
        lost = found.loc[named.index]
        assert set(lost["reason"]) <= {"missing_figure", "judgement", "missing"}
        assert set(lost["verdict"]) == {"needs_external_source"}

    def test_every_figure_that_the_files_name_was_read(self, tables):
        ledger = load_ledger(PROJECT)
        written = [
            *ledger["formula"],
            *ledger["compared_with"],
            *(f"[{n}]" for n in ledger["observation"] if n),
        ]
        for path in sorted((PROJECT / "scenarios").glob("*.yml")):
            parameters = read_scenario(path, path.name)["parameters"].values()
            written += [
                v
                for p in parameters
                for v in (p.get(k) for k in ("low", "mid", "high"))
                if isinstance(v, str)
            ]
        named = set()
        for formula in filter(None, written):
            try:
                named |= {r[1:-1] for r in read(formula).references if r.startswith("[")}
            except NoEvidenceError:
                continue
        assert len(named) > 50
        assert sorted(named - set(figures(tables.vintages))) == []

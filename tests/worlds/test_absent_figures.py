"""Every cell of a notebook ends in a result or a stated absence, whatever figures are missing.

`OSW_WORLDS_LEFT_OUT` sets the number of single figures to try, `OSW_WORLDS_SEED` which; `make worlds` tries all.
"""

import contextlib
import itertools
import os

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
from tests.worlds.absence import EDITIONS, MODES, falsely_absent, faults, keys, run_edition, subset, without
from tests.worlds.changes import SEED

COUNT = int(os.environ.get("OSW_WORLDS_LEFT_OUT", "20"))
POLICE = ("police_reports", "2023", "total", "total", "NL", "")
POLICE_2023 = {"series_id": "police_reports", "time_period": "2023"}
MISSPELT = {
    "one": lambda seen, _: one(seen, "police_report", time_period="2024"),
    "latest": lambda seen, _: latest(seen, "police_report"),
    "every": lambda seen, _: every(seen, [{"series_id": "police_report", "time_period": "2024"}]),
    "pair": lambda _, pairs: trend.find(pairs, "police_report", "2024"),
    "formula": lambda *_: over_figures("[police_report/2024] * 2", {}),
    "break": lambda *_: changes.last_break("police_report", 2024),
}


@pytest.mark.parametrize("year", EDITIONS)
def test_an_edition_as_it_is_calls_nothing_absent_that_is_there(year):
    wanted = [a.wanted for results in run_edition(year).results.values() for a in results.absent.values()]
    assert wanted
    assert not [there for w in wanted if (there := falsely_absent(w, run_edition(year).tables.observations))]


def test_no_figure_that_is_gone_makes_a_fault():
    tries = absence.draw_figures(SEED, COUNT)
    assert {t: problems for t in tries if (problems := faults([t[1]], t[2], t[0]))} == {}


@pytest.mark.parametrize("number", range(2))
def test_many_figures_may_go_at_once_also_from_charts(number):
    gone, mode = subset(SEED, number, EDITIONS[number])
    assert gone and not faults(gone, mode, EDITIONS[number], charts=True)


def test_every_figure_may_go():
    assert not faults(keys(), "taken away")


@pytest.mark.parametrize("year", range(2022, 2026))
def test_a_comparison_of_an_early_edition_blames_no_figure_that_it_holds(year):
    observations = load_tables(year, PROJECT).observations
    pairs, blamed = trend.pairs(observations, alpha=0.05), []
    for counted, last in itertools.product(COUNTED, range(2012, 2027)):
        try:
            trend.find(pairs, counted.series_id, str(last), counted.breakdown)
        except (NotPublishedError, NotEstimableError) as error:
            blamed.append(getattr(error, "wanted", ()))
    assert blamed and not [there for w in blamed if (there := falsely_absent(w, observations))]


def test_a_blind_lookup_and_a_false_absence_are_faults(monkeypatch):
    """The search for faults can fail."""
    assert POLICE in keys(EDITIONS[1])  # before anything is planted

    def blind(observations, *_, **__):
        return observations.set_index(["series_id", "time_period"]).loc[POLICE[:2], "obs_value"].iloc[0]

    def false(*_, **__):
        wanted = [POLICE_2023 | {"time_period": year} for year in ("2023", "2024")]
        raise NotPublishedError("both are absent", "police_reports", wanted=wanted)

    monkeypatch.setattr("osw_stats.stats.counts.multiyear.slopes", blind)
    monkeypatch.setattr("osw_stats.stats.counts.multiyear.refusals", false)
    only_trend = run_edition(EDITIONS[1])._replace(series={"trend": {"police_reports"}})
    monkeypatch.setattr(absence, "run_edition", lambda _: only_trend)
    first, second = sorted(faults([POLICE], "taken away", EDITIONS[1]), key=lambda line: "calls" in line)
    assert first.startswith("trend: KeyError in ")
    assert "calls absent what is there: trend_refused" in second and "2024" in second


@pytest.mark.parametrize("mode", MODES)
def test_what_is_gone_is_gone_and_named(mode):
    tables, errors = without([POLICE], mode, EDITIONS[1]), []
    assert not falsely_absent([POLICE_2023], tables.observations)
    if mode == "taken away":
        absent = absence.run_notebook("trend", tables, errors).absent["police_change"]
        assert {figure["time_period"] for figure in absent.wanted} == {"2023"} and not errors


@pytest.mark.parametrize("ask", MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_series_is_refused_and_not_called_absent(ask, tables):
    with pytest.raises(InputError, match="unknown series") as refusal:
        ask(tables.observations, trend.pairs(tables.observations, alpha=0.05))
    assert not isinstance(refusal.value, NotPublishedError)


def test_what_is_there_and_cannot_be_compared_is_not_called_absent(tables):
    def ask(seen):
        return trend.find(trend.pairs(seen, alpha=0.05), "police_reports", "2024")

    seen = tables.observations.copy()
    matches = seen["series_id"].eq("police_reports") & seen["time_period"].eq("2023")
    seen.loc[matches, ["obs_value", "lower", "upper"]] = 0
    with pytest.raises(NotEstimableError, match="on a count of nought"):
        changes.change(ask(seen))
    # one of the series that show the variation of counts may be missing, not all of them
    spread, varying = ask(tables.observations), tables.observations["series_id"].eq(VARIATION.series_id)
    assert ask(tables.observations[~varying])["series_used"] == spread["series_used"] - 1
    only_police = tables.observations["series_id"].eq("police_reports")
    with pytest.raises(NotEstimableError, match="no series has two years"):
        ask(tables.observations[only_police])


def test_a_claim_on_an_absent_figure_has_no_verdict_and_says_why():
    tables = run_edition(EDITIONS[1]).tables
    claims, seen = tables.claims().set_index("id"), tables.observations
    cited = " ".join(claims["observations"]).split()
    figure = seen[seen["obs_id"] == max(sorted(set(cited)), key=cited.count)]
    citing = claims[[figure["obs_id"].item() in ids.split() for ids in claims["observations"]]]
    verdicts = without([tuple(figure[KEY].iloc[0])], "taken away", EDITIONS[1]).claims().set_index("id")
    assert set(verdicts.index) == set(claims.index)
    lost = verdicts.loc[citing.index]
    assert set(lost["reason"]) <= {"missing_figure", "judgement", "missing"}
    assert set(lost["verdict"]) == {"needs_external_source"}


def test_every_figure_that_the_ledger_and_the_scenarios_name_was_read(tables):
    ledger = load_ledger(PROJECT)
    formulas = [*ledger["formula"], *ledger["compared_with"], *(f"[{n}]" for n in ledger["observation"] if n)]
    for path in sorted((PROJECT / "scenarios").glob("*.yml")):
        for parameter in read_scenario(path, path.name)["parameters"].values():
            ends = (parameter.get(end) for end in ("low", "mid", "high"))
            formulas += [end for end in ends if isinstance(end, str)]
    named = set()
    for formula in filter(None, formulas):
        with contextlib.suppress(NoEvidenceError):
            named |= {r[1:-1] for r in read(formula).references if r.startswith("[")}
    assert len(named) > 50 and sorted(named - set(figures(tables.vintages))) == []

"""No function that a notebook calls ends in anything but a result or a stated absence, whatever figures are gone.

`OSW_ABSENT` sets how many single figures are tried, -1 for every one in each way (`make worlds` does that), and
`OSW_WORLDS_SEED` which.
"""

from __future__ import annotations

import ast
import os
from dataclasses import replace

import nbformat
import numpy as np
import pytest

from osw_stats import load
from osw_stats.analysis.claims.book import figures, over_figures
from osw_stats.analysis.claims.formulas import NoEvidenceError, read
from osw_stats.analysis.counts import trend
from osw_stats.errors import InputError, NotEstimableError, NotPublishedError
from osw_stats.sources.ledger import load_ledger
from osw_stats.sources.scenario import read_scenario
from osw_stats.vocabulary.lookup import every, latest, one
from osw_stats.vocabulary.observations import KEY
from tests.conftest import PROJECT
from tests.worlds.absence import CHANGES, faults, keys, subset, whole, without
from tests.worlds.analysis import STEPS, Outcome, Room, outcomes
from tests.worlds.tried import SEED

CHOSEN = int(os.environ.get("OSW_WORLDS_SEED", SEED))
COUNT = int(os.environ.get("OSW_ABSENT", "40"))
HOW = tuple(CHANGES)
LEDGER_STEPS = 4  # a figure that more steps rest on is one of a page's own


def single() -> list[tuple[int, str]]:
    """Return which figures are left out by their place among the keys, and how: half of them those a result cites."""
    every = keys(whole().tables)
    if COUNT < 0:
        return [(at, how) for how in HOW for at in range(len(every))]
    cited = [at for at, key in enumerate(every) if _cited(key)]
    order = np.random.default_rng(CHOSEN)
    drawn = [*order.permutation(cited)[: COUNT // 2], *order.permutation(len(every))[: COUNT - COUNT // 2]]
    return [(int(at), HOW[n % len(HOW)]) for n, at in enumerate(drawn)]


def _cited(key: tuple[str, ...]) -> bool:
    """Say whether steps besides the ledger and the lists of all figures rest on a figure."""
    seen = whole().tables.observations
    row = seen[np.logical_and.reduce([seen[c] == v for c, v in zip(KEY, key, strict=True)])]
    names = [i.rpartition("/")[0] for i in row["obs_id"]]
    return len(whole().resting_on(names) - whole().resting_on([])) > LEDGER_STEPS


class TestFiguresTakenAway:
    def test_one_at_a_time(self):
        found = {}
        for at, how in single():
            key = keys(whole().tables)[at]
            if wrong := faults([key], how):
                found["/".join(key), how] = wrong
        assert not found, found

    @pytest.mark.parametrize("number", range(5))
    def test_many_at_once_with_the_charts(self, number):
        gone, how = subset(CHOSEN, number)
        assert gone
        assert not faults(gone, how, charts=number % 2 == 0)

    def test_every_one(self):
        gone = keys(whole().tables)
        assert not faults(gone[:-1], "taken away")
        assert not faults(gone, "not_found")


class TestThatTheTestCanFail:
    """The edition as it is lacks nothing; a function that looks up a row blindly is found out."""

    def test_nothing_is_absent_from_the_edition_of_2024(self):
        room = Room(load(2024, PROJECT))
        assert [o.step for o in outcomes(room) if o.how != "made"] == UNASKED

    def test_a_blind_lookup_and_a_false_absence_are_faults(self, monkeypatch):
        key = ("police_reports", "2023", "total", "total", "NL", "")
        assert whole().made  # before anything is planted

        def blind(room: Room) -> float:
            figures = room.observations.set_index(["series_id", "time_period"])
            return float(figures.loc[("police_reports", "2023"), "obs_value"].iloc[0])

        def false(room: Room) -> None:
            raise NotPublishedError("both are absent", "police_reports", wanted=[
                {"series_id": "police_reports", "time_period": year} for year in ("2023", "2024")
            ])  # fmt: skip

        monkeypatch.setitem(STEPS, "blind", blind)
        monkeypatch.setitem(STEPS, "false", false)
        found = faults([key], "taken away")
        assert any(line.startswith("blind: KeyError") for line in found)
        assert any(line.startswith("false: calls absent what is there") and "2024" in line for line in found)
        assert len(found) == 2

    def test_a_number_without_a_value_is_a_fault(self, monkeypatch):
        assert whole().made
        monkeypatch.setitem(
            STEPS, "nothing", lambda room: {"growth": replace(room.growth, value=float("nan"))}
        )
        ended = {o.step: o for o in outcomes(Room(whole().tables, made=whole().made))}
        assert ended["nothing"] == Outcome("nothing", "fault", place="nothing is a number without a value")

    def test_every_function_of_an_analysis_that_a_notebook_calls_is_a_step(self):
        text = (PROJECT / "tests" / "worlds" / "analysis.py").read_text(encoding="utf-8")
        called = {name for path in (PROJECT / "notebooks").glob("*.ipynb") for name in _called(path)}
        assert called
        assert sorted(n for n in called if f"{n}(" not in text and n not in OPTIONAL) == []


# a second coder, and an example that waits for a figure of later
UNASKED = ["agreement", "awaited"]
# of a region, that somebody must name, and of months, that nobody published
OPTIONAL = {"figures", "last_year", "place", "years", "read_survey", "of_everyone"}


def _called(path) -> set[str]:
    """Return the functions of the analysis that a notebook calls, by name."""
    modules: dict[str, str] = {}
    functions: dict[str, str] = {}
    called: set[str] = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("osw_stats.analysis"):
                known = functions if node.module.count(".") > 2 else modules
                known |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.Call):
                called |= _names_of(node.func, modules, functions)
    return called


def _names_of(function: ast.expr, modules: dict[str, str], functions: dict[str, str]) -> set[str]:
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return {function.attr} if function.value.id in modules else set()
    return {functions[function.id]} if isinstance(function, ast.Name) and function.id in functions else set()


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
            lambda: trend.break_year("police_report"),
        ):
            with pytest.raises(InputError, match="unknown series") as found:
                ask()
            assert not isinstance(found.value, NotPublishedError)

    def test_what_is_there_and_cannot_be_compared_is_not_called_absent(self, tables):

        seen = tables.observations.copy()
        hit = seen["series_id"].eq("police_reports") & seen["time_period"].eq("2023")
        seen.loc[hit, ["obs_value", "lower", "upper"]] = 0
        with pytest.raises(NotEstimableError, match="a count of nought has no ratio"):
            trend.find(trend.pairs(seen, alpha=0.05), "police_reports", "2024")


class TestTheLedgerAndTheScenarios:
    """An absent figure gives no verdict; in the files of this project each figure that is named was read somewhere."""

    def test_a_claim_on_an_absent_figure_has_no_verdict_and_says_why(self):
        claims = whole().tables.claims().set_index("id")
        if claims.empty:
            pytest.skip("the newest edition has no ledger")
        seen = whole().tables.observations
        cited = " ".join(claims["observations"]).split()
        most = seen[seen["obs_id"] == max(sorted(set(cited)), key=cited.count)]
        named = claims[[most["obs_id"].item() in ids.split() for ids in claims["observations"]]]
        room = without([tuple(most[KEY].iloc[0])], "taken away")
        assert {o.step: o.how for o in outcomes(room)}["verdicts"] == "made"
        found = room.verdicts.set_index("id")
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

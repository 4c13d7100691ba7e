"""Figures taken away, and what the notebooks do about it: a result, a stated absence, or a fault.

A notebook is carried out again only where it rests on a series of the figure. Run `python -m tests.worlds.absence` for
every figure that a notebook rests on, of the newest edition and of the one before.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from osw_stats import load
from osw_stats.data.edition import Tables
from osw_stats.kept.code_cells import notebook_names
from osw_stats.meaning.observations import KEY, WITHOUT_VALUE
from osw_stats.results.collected import Results
from tests.computed import computed
from tests.conftest import PROJECT
from tests.worlds.product import DRAWS, NEWEST

EDITIONS = (NEWEST, NEWEST - 1)  # a report is checked against the edition of its year, so that one goes along
NUMBERS = ["obs_value", "lower", "upper", "ci_lower", "ci_upper"]
Key = tuple[str, ...]
Change = Callable[[pd.DataFrame, Any], pd.DataFrame]


@dataclass(frozen=True)
class Whole:
    """An edition as it is, what its notebooks give, and the series that each rests on."""

    tables: Tables
    results: dict[str, Results]
    series: dict[str, set[str]]

    def resting_on(self, gone: Iterable[Key]) -> list[str]:
        """Return the notebooks that rest on a series of these figures."""
        lost = {key[0] for key in gone}
        return [name for name in self.series if self.series[name] & lost]


@cache
def whole(year: int = NEWEST) -> Whole:
    """Carry out the notebooks on an edition as it is."""
    tables = load(year, PROJECT)
    errors: list[Exception] = []
    results = {name: carried_out(name, tables, errors) for name in notebook_names(PROJECT)}
    assert not errors, errors
    return Whole(tables, results, {name: _series(found, tables) for name, found in results.items()})


def carried_out(name: str, tables: Tables, errors: list[Exception], *, charts: bool = False) -> Results:
    """Carry out a notebook on these tables with few draws; an error goes into the list."""
    fewer = {"prevalence": {"draws": DRAWS}, "capacity_gap": {"mc_draws": DRAWS}}.get(name, {})
    year, drawing = tables.edition.year, (lambda _: "<svg/>") if charts else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = computed(PROJECT, name, tables=tables, drawing=drawing, errors=errors, edition=year, **fewer)
    plt.close("all")
    return found


def _series(found: Results, tables: Tables) -> set[str]:
    text = json.dumps(found.tables, default=str) + repr(found.numbers)
    named = tables.observations[["obs_id", "series_id"]].itertuples(index=False, name=None)
    return {series_id for obs_id, series_id in named if obs_id in text}


def taken_away(figures: pd.DataFrame, hit: Any) -> pd.DataFrame:
    """Leave figures out."""
    return figures[~hit]


def without_value(status: str) -> Change:
    """Leave the rows of figures and take their values."""

    def change(figures: pd.DataFrame, hit: Any) -> pd.DataFrame:
        out = figures.copy()
        out.loc[hit, NUMBERS] = np.nan
        out.loc[hit, ["obs_status", "interval_kind", "as_reported"]] = [status, "none", ""]
        return out

    return change


def range_only(figures: pd.DataFrame, hit: Any) -> pd.DataFrame:
    """Leave of figures only what lies around them."""
    out = figures.copy()
    # no value of a figure lies at the very end of what its words leave open
    out.loc[hit, "lower"] = 0.95 * out.loc[hit, "obs_value"].astype(float)
    out.loc[hit, "upper"] = 1.05 * out.loc[hit, "obs_value"].astype(float)
    out.loc[hit, "obs_value"] = np.nan
    out.loc[hit, "interval_kind"] = "rounding"
    return out


CHANGES: dict[str, Change] = {
    "taken away": taken_away,
    **{status: without_value(status) for status in WITHOUT_VALUE},
    "range only": range_only,
}


def keys(year: int = NEWEST) -> list[Key]:
    """Return the key of every figure of the series that the notebooks rest on, in order of their names."""
    one = whole(year)
    used = set().union(*one.series.values())
    return sorted(
        {key for key in one.tables.observations[KEY].itertuples(index=False, name=None) if key[0] in used}
    )


def drawn(seed: int, number: int) -> list[tuple[int, Key, str]]:
    """Draw figures one by one: of which edition, which, and how it goes."""
    rng = np.random.default_rng(seed)
    orders = {year: rng.permutation(len(keys(year))) for year in EDITIONS}
    hows = tuple(CHANGES)
    return [
        (year, keys(year)[orders[year][n // len(EDITIONS)]], hows[n % len(hows)])
        for n in range(number)
        for year in (EDITIONS[n % len(EDITIONS)],)
    ]


def subset(seed: int, number: int, year: int = NEWEST) -> tuple[list[Key], str]:
    """Draw figures that are gone together, and how: a series, a year, a part of a page, or any, few or nearly all."""
    rng = np.random.default_rng([seed, number])
    kinds: tuple[Callable[[Key], str], ...] = (
        lambda key: key[0],
        lambda key: key[1][:4],
        lambda key: key[0].partition("_")[0],
        lambda key: f"{key[0]} {key[1]}",
        "/".join,
    )
    of = kinds[number % len(kinds)]
    groups = sorted({of(key) for key in keys(year)})
    share = rng.choice([0.05, 0.3, 0.7, 0.95])
    gone = set(rng.choice(groups, max(1, round(share * len(groups))), replace=False).tolist())
    return [key for key in keys(year) if of(key) in gone], str(rng.choice(list(CHANGES)))


def without(gone: Iterable[Key], how: str, year: int = NEWEST) -> Tables:
    """Return the tables of an edition without some figures."""
    tables, lost = whole(year).tables, set(gone)
    hits = [
        np.fromiter((key in lost for key in frame[KEY].itertuples(index=False, name=None)), bool, len(frame))
        for frame in (tables.observations, tables.vintages)
    ]
    change = CHANGES[how]
    return replace(
        tables, observations=change(tables.observations, hits[0]), vintages=change(tables.vintages, hits[1])
    )


def faults(gone: list[Key], how: str, year: int = NEWEST, *, charts: bool = False) -> list[str]:
    """Return what went wrong without some figures: an error that states no absence, or one that states a false one."""
    found: list[str] = []
    tables = without(gone, how, year)
    for name in whole(year).resting_on(gone):
        errors: list[Exception] = []
        results = carried_out(name, tables, errors, charts=charts)
        found += [f"{name}: {type(e).__name__} in {_place(e)}: {e}" for e in errors]
        for result, absent in results.absent.items():
            if there := wrongly_wanted(absent.wanted, tables.observations):
                found.append(f"{name}: calls absent what is there: {result}: {there}")
    return found


def _place(error: BaseException) -> str:
    """Return the cell or the function of the project in which an error arose."""
    at, place = error.__traceback__, ""
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        if "osw_stats" in file or ".ipynb" in file:
            place = f"{file.rpartition('osw_stats/')[2]}:{at.tb_lineno}"
        at = at.tb_next
    return place


def wrongly_wanted(wanted: Iterable[Mapping[str, str]], observations: pd.DataFrame) -> list[dict[str, str]]:
    """Return what is called absent although the figures hold a value of it, everyone's unless it names a group."""
    known = observations[observations["obs_value"].notna()]
    there = []
    for figure in wanted:
        hit = pd.Series(True, index=known.index)
        for column, value in ({"breakdown": ""} | dict(figure)).items():
            hit &= known[column].eq(value)
        for column, all_ in (("sex", ("total",)), ("age", ("total", "16+"))):
            if column not in figure:
                hit &= known[column].isin(all_)
        if hit.any():
            there.append(dict(figure))
    return there


def _tries(given: argparse.Namespace) -> Iterable[tuple[int, list[Key], str]]:
    if given.subsets:
        return ((y, *subset(given.seed, n, y)) for n in range(given.subsets) for y in (EDITIONS[n % 2],))
    if given.left_out >= 0:
        return ((year, [key], how) for year, key, how in drawn(given.seed, given.left_out))
    return ((year, [key], how) for how in given.how for year in EDITIONS for key in keys(year))


def main() -> int:
    """Take every figure away in turn, in each way, and print what went wrong by kind and place."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds.absence", description=__doc__)
    parser.add_argument(
        "--how", nargs="*", choices=[*CHANGES], default=["taken away", "not_found", "range only"]
    )
    parser.add_argument("--charts", action="store_true", help="draw the charts as well")
    parser.add_argument(
        "--left-out", type=int, default=-1, help="draw this many figures; every one by default"
    )
    parser.add_argument("--subsets", type=int, default=0, help="this many subsets instead of single figures")
    parser.add_argument("--seed", type=int, default=9, help="of what is drawn")
    given = parser.parse_args()
    kinds, examples = Counter[str](), dict[str, str]()
    began, tried, bad = time.monotonic(), 0, 0
    for year, gone, how in _tries(given):
        found = faults(gone, how, year, charts=given.charts)
        tried, bad = tried + 1, bad + bool(found)
        for line in found:
            kind = ": ".join(line.split(": ")[:2])
            kinds[kind] += 1
            examples.setdefault(kind, f"{year}, {how}, {len(gone)} as {'/'.join(gone[0])}: {line}")
        if tried % 20 == 0:
            print(f"{tried} tried, {bad} with a fault, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{tried} tried, {bad} with a fault, {time.monotonic() - began:.0f} s")
    for kind, times in kinds.most_common():
        print(f"{times:5}  {kind}\n         {examples[kind][:600]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

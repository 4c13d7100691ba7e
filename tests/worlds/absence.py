"""Figures of the newest edition taken away, and what the analysis does about it: results, a stated absence, or a fault.

A step is carried out again only where what it gave rests on the figure, or on a step that does; the others would give
what they gave. Run `python -m tests.worlds.absence` for every figure, taken away and left without a value.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from osw_stats import load
from osw_stats.errors import NotPublishedError
from osw_stats.report.edition import Tables
from osw_stats.vocabulary.observations import KEY, WITHOUT_VALUE
from tests.conftest import PROJECT
from tests.worlds.analysis import CHARTS, STEPS, Room, outcomes, wrongly_wanted
from tests.worlds.product import NEWEST

# what reads every figure and names none, so that it is carried out whatever is taken away
ALWAYS = ("missing", "refused")
NUMBERS = ["obs_value", "lower", "upper", "ci_lower", "ci_upper"]


@dataclass(frozen=True)
class Whole:
    """The edition as it is: what each step made, the words in that, and the steps it read."""

    tables: Tables
    made: dict[str, Any]
    words: dict[str, str]
    reads: dict[str, set[str]]

    def resting_on(self, names: list[str]) -> set[str]:
        """Return the steps that rest on one of these figures, each by its id without the document."""
        found = {s for s, text in self.words.items() if s in ALWAYS or any(n in text for n in names)}
        for name in self.reads:  # in the order in which they were carried out
            if self.reads[name] & found:
                found.add(name)
        return found


@cache
def whole(year: int = NEWEST) -> Whole:
    """Carry out every step on the edition as it is."""
    tables = load(year, PROJECT)
    room = Room(tables)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ended = list(outcomes(room, charts=True))
    assert not (bad := [o for o in ended if o.how == "fault"]), bad
    words = {name: "\n".join(_words(made)) + "\n" for name, made in room.made.items()}
    return Whole(tables, room.made, {**dict.fromkeys([*STEPS, *CHARTS], ""), **words}, room.reads)


def _words(made: Any) -> Iterator[str]:
    if isinstance(made, str):
        yield made
    elif isinstance(made, pd.DataFrame):
        for _, column in made.items():
            if not pd.api.types.is_numeric_dtype(column):
                yield from map(str, column)
    elif isinstance(made, pd.Series):
        yield from map(str, made)
    elif isinstance(made, dict):
        yield from _words(list(made.values()))
    elif isinstance(made, list | tuple):
        for part in made:
            yield from _words(part)
    elif is_dataclass(made):
        yield from _words(list(vars(made).values()))


Change = Callable[[pd.DataFrame, Any], pd.DataFrame]


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


def keys(tables: Tables) -> list[tuple[str, ...]]:
    """Return the key of every figure of an edition, in order of their names."""
    return sorted(set(tables.observations[KEY].itertuples(index=False, name=None)))


def subset(seed: int, number: int) -> tuple[list[tuple[str, ...]], str]:
    """Draw figures that are gone together, and how: a series, a year, a part of a page, or any, few or nearly all."""
    rng = np.random.default_rng([seed, number])
    every = keys(whole().tables)
    kinds: tuple[Callable[[tuple[str, ...]], str], ...] = (
        lambda key: key[0],
        lambda key: key[1][:4],
        lambda key: key[0].partition("_")[0],
        lambda key: f"{key[0]} {key[1]}",
        "/".join,
    )
    of = kinds[number % len(kinds)]
    groups = sorted({of(key) for key in every})
    share = rng.choice([0.05, 0.3, 0.7, 0.95])
    gone = set(rng.choice(groups, max(1, round(share * len(groups))), replace=False).tolist())
    return [key for key in every if of(key) in gone], str(rng.choice(list(CHANGES)))


def without(gone: list[tuple[str, ...]], how: str) -> Room:
    """Return the room of the edition without some figures, with all that does not rest on them."""
    one = whole()
    lost, tables = set(gone), one.tables
    hits = [
        np.fromiter((key in lost for key in frame[KEY].itertuples(index=False, name=None)), bool, len(frame))
        for frame in (tables.observations, tables.vintages)
    ]
    assert hits[0].sum() == len(lost)
    resting = one.resting_on([i.rpartition("/")[0] for i in tables.observations.loc[hits[0], "obs_id"]])
    change = CHANGES[how]
    changed = replace(
        tables, observations=change(tables.observations, hits[0]), vintages=change(tables.vintages, hits[1])
    )
    return Room(changed, made={name: made for name, made in one.made.items() if name not in resting})


def faults(gone: list[tuple[str, ...]], how: str, *, charts: bool = False) -> list[str]:
    """Return what went wrong without some figures: an error that states no absence, or one that states a false one."""
    found, room = [], without(gone, how)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for outcome in outcomes(room, charts=charts):
            error = outcome.error
            if outcome.how == "fault":
                found.append(f"{outcome.step}: {type(error).__name__} in {outcome.place}: {error}")
            elif isinstance(error, NotPublishedError) and (there := wrongly_wanted(error, room.observations)):
                found.append(f"{outcome.step}: calls absent what is there: {there}")
    return found


def main() -> int:
    """Take every figure away in turn, in each way, and print what went wrong by kind and place."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds.absence", description=__doc__)
    parser.add_argument(
        "--how", nargs="*", choices=[*CHANGES], default=["taken away", "not_found", "range only"]
    )
    parser.add_argument("--charts", action="store_true", help="draw the charts as well")
    parser.add_argument("--subsets", type=int, default=0, help="this many subsets instead of single figures")
    parser.add_argument("--seed", type=int, default=9, help="of the subsets")
    parser.add_argument("--every", type=int, default=1, help="every so many figures")
    given = parser.parse_args()
    single = (([key], how) for how in given.how for key in keys(whole().tables)[:: given.every])
    drawn = (subset(given.seed, n) for n in range(given.subsets))
    kinds, examples = Counter[str](), dict[str, str]()
    began, tried, bad = time.monotonic(), 0, 0
    for gone, how in drawn if given.subsets else single:
        found = faults(gone, how, charts=given.charts)
        tried, bad = tried + 1, bad + bool(found)
        for line in found:
            kind = ": ".join(line.split(": ")[:2])
            kinds[kind] += 1
            examples.setdefault(kind, f"{how} {len(gone)} {'/'.join(gone[0])}: {line}")
        if tried % 100 == 0:
            print(f"{tried} tried, {bad} with a fault, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{tried} tried, {bad} with a fault, {time.monotonic() - began:.0f} s")
    for kind, times in kinds.most_common():
        print(f"{times:5}  {kind}\n         {examples[kind][:400]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

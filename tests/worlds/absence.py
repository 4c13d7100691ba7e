"""Figures taken away, and what the notebooks do about it: a result, a stated absence, or a fault.

A notebook is carried out again only where it rests on a series of the figure. `make worlds` takes away every figure that
a notebook rests on, of the newest edition and of the one before.
"""

import itertools
import json
import time
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from osw_stats import load
from osw_stats.data.edition import Tables
from osw_stats.kept.code_cells import notebook_names
from osw_stats.meaning.observations import KEY, WITHOUT_VALUE
from osw_stats.results.collected import Results
from tests.conftest import PROJECT
from tests.worlds import product
from tests.worlds.product import DRAWS, NEWEST

EDITIONS = (NEWEST, NEWEST - 1)  # a report is checked against the edition of its year, so that one goes along
NUMBERS = ["obs_value", "lower", "upper", "ci_lower", "ci_upper"]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Whole:
    """An edition as it is, what its notebooks give, and the series that each rests on."""

    tables: Tables
    results: dict[str, Results]
    series: dict[str, set[str]]


@cache
def whole(year: int = NEWEST) -> Whole:
    """Carry out the notebooks on an edition as it is."""
    tables = load(year, PROJECT)
    errors: list[Exception] = []
    results = {name: carried_out(name, tables, errors) for name in notebook_names(PROJECT)}
    assert not errors, errors
    named = list(rows(tables.observations, ["obs_id", "series_id"]))
    texts = {name: json.dumps(r.tables, default=str) + repr(r.numbers) for name, r in results.items()}
    rests = {name: {series for obs_id, series in named if obs_id in text} for name, text in texts.items()}
    return Whole(tables, results, rests)


def carried_out(name: str, tables: Tables, errors: list[Exception], *, charts: bool = False) -> Results:
    """Carry out a notebook on these tables with few draws; an error goes into the list."""
    fewer = {"draws": DRAWS} if name == "prevalence" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return product.carried_out(name, tables, (lambda _: "<svg/>") if charts else None, errors, **fewer)


def rows(frame: pd.DataFrame, columns: list[str]) -> Iterable[Key]:
    return frame[columns].itertuples(index=False, name=None)


HOWS = ("taken away", *WITHOUT_VALUE, "range only")


def keys(year: int = NEWEST) -> list[Key]:
    """Return the key of every figure of the series that the notebooks rest on, in order of their names."""
    used = set().union(*whole(year).series.values())
    known = rows(whole(year).tables.observations, KEY)
    return sorted({key for key in known if key[0] in used})


def drawn(seed: int, number: int) -> list[tuple[int, Key, str]]:
    """Draw figures one by one: of which edition, which, and how it goes."""
    rng = np.random.default_rng(seed)
    orders = {year: rng.permutation(len(keys(year))) for year in EDITIONS}
    turns = zip(range(number), itertools.cycle(EDITIONS), itertools.cycle(HOWS))
    return [(year, keys(year)[orders[year][n // len(EDITIONS)]], how) for n, year, how in turns]


def subset(seed: int, number: int, year: int = NEWEST) -> tuple[list[Key], str]:
    """Draw figures that are gone together, and how: a series, a year, a part of a page, or any, few or nearly all."""
    rng = np.random.default_rng([seed, number])
    of: dict[Key, str] = {}
    for key in keys(year):
        kinds = (key[0], key[1][:4], key[0].partition("_")[0], f"{key[0]} {key[1]}", "/".join(key))
        of[key] = kinds[number % len(kinds)]
    groups = sorted(set(of.values()))
    share = rng.choice([0.05, 0.3, 0.7, 0.95])
    gone = set(rng.choice(groups, max(1, round(share * len(groups))), replace=False).tolist())
    return [key for key in of if of[key] in gone], str(rng.choice(HOWS))


def without(gone: Iterable[Key], how: str, year: int = NEWEST) -> Tables:
    """Return the tables of an edition with figures taken away, or without a value: with a reason, or what lies around."""
    tables, lost = whole(year).tables, set(gone)

    def without_them(frame: pd.DataFrame) -> pd.DataFrame:
        out, hit = frame.copy(), np.array([key in lost for key in rows(frame, KEY)], bool)
        if how == "taken away":
            return out[~hit]
        if how == "range only":  # no value of a figure lies at the very end of what its words leave open
            value = out.loc[hit, "obs_value"].astype(float)
            out.loc[hit, ["lower", "upper"]] = np.column_stack([0.95 * value, 1.05 * value])
            out.loc[hit, "obs_value"] = np.nan
            out.loc[hit, "interval_kind"] = "rounding"
        else:
            out.loc[hit, NUMBERS] = np.nan
            out.loc[hit, ["obs_status", "interval_kind", "as_reported"]] = [how, "none", ""]
        return out

    figures, vintages = without_them(tables.observations), without_them(tables.vintages)
    return replace(tables, observations=figures, vintages=vintages)


def faults(gone: list[Key], how: str, year: int = NEWEST, *, charts: bool = False) -> list[str]:
    """Return what went wrong without some figures: an error that states no absence, or one that states a false one."""
    found: list[str] = []
    tables, lost = without(gone, how, year), {key[0] for key in gone}
    for name in (name for name, series in whole(year).series.items() if series & lost):
        errors: list[Exception] = []
        results = carried_out(name, tables, errors, charts=charts)
        found += [f"{name}: {type(e).__name__} in {product.place(e)}: {e}" for e in errors]
        for result, absent in results.absent.items():
            if there := wrongly_wanted(absent.wanted, tables.observations):
                found.append(f"{name}: calls absent what is there: {result}: {there}")
    return found


def wrongly_wanted(wanted: Iterable[Mapping[str, str]], observations: pd.DataFrame) -> list[dict[str, str]]:
    """Return what is called absent although the figures hold a value of it, everyone's unless it names a group."""
    known = observations[observations["obs_value"].notna()]
    known = known.assign(age=known["age"].replace("16+", "total"))
    everyone = {"breakdown": "", "sex": "total", "age": "total"}
    there = []
    for figure in wanted:
        key = everyone | {c: v.replace("16+", "total") for c, v in figure.items()}
        if np.logical_and.reduce([known[c].eq(v) for c, v in key.items()]).any():
            there.append(dict(figure))
    return there


def told(seed: int, number: int) -> bool:
    """Take so many drawn figures away one by one, or below nought all, in three ways; print what went wrong, if anything."""
    tries: Iterable[tuple[int, Key, str]] = drawn(seed, number)
    if number < 0:
        hows = ("taken away", "not_found", "range only")
        tries = ((year, key, how) for how in hows for year in EDITIONS for key in keys(year))
    wrong: dict[str, list[str]] = {}
    began, tried = time.monotonic(), 0
    for tried, (year, key, how) in enumerate(tries, start=1):
        for line in faults([key], how, year):
            kind = ": ".join(line.split(": ")[:2])
            wrong.setdefault(kind, []).append(f"{year}, {how}, {'/'.join(key)}: {line}")
        if tried % 20 == 0:
            print(f"{tried} tried, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{tried} tried, {len(wrong)} kinds of fault, {time.monotonic() - began:.0f} s")
    for kind, lines in sorted(wrong.items(), key=lambda pair: -len(pair[1])):
        print(f"{len(lines):5}  {kind}\n         {lines[0][:600]}")
    return bool(wrong)

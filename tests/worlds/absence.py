"""Figures taken away, and what the notebooks do about it: a result, a stated absence, or a fault.

A notebook is carried out again only where it rests on a series of the figure. `make worlds` takes away every figure that
a notebook rests on, of the newest edition and of the one before.
"""

import itertools
import json
import warnings
from collections import namedtuple
from dataclasses import replace
from functools import cache

import numpy as np

from osw_stats import load
from osw_stats.kept.code_cells import notebook_names
from osw_stats.meaning.observations import KEY, WITHOUT_VALUE
from tests.conftest import PROJECT
from tests.worlds import product
from tests.worlds.product import DRAWS, NEWEST

EDITIONS = (NEWEST, NEWEST - 1)  # a report is checked against the edition of its year, so that one goes along
NUMBERS = ["obs_value", "lower", "upper", "ci_lower", "ci_upper"]
HOWS = ("taken away", *WITHOUT_VALUE, "range only")
# an edition as it is, what its notebooks give, and the series that each rests on
Whole = namedtuple("Whole", "tables results series")


@cache
def whole(year=NEWEST):
    """Carry out the notebooks on an edition as it is."""
    tables, errors = load(year, PROJECT), []
    results = {name: carried_out(name, tables, errors) for name in notebook_names(PROJECT)}
    assert not errors, errors
    named = list(rows(tables.observations, ["obs_id", "series_id"]))
    texts = {name: json.dumps(r.tables, default=str) + repr(r.numbers) for name, r in results.items()}
    rests = {name: {series for obs_id, series in named if obs_id in text} for name, text in texts.items()}
    return Whole(tables, results, rests)


def carried_out(name, tables, errors, *, charts=False):
    """Carry out a notebook on these tables with few draws; an error goes into the list."""
    fewer = {"draws": DRAWS} if name == "prevalence" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return product.carried_out(name, tables, (lambda _: "<svg/>") if charts else None, errors, **fewer)


def rows(frame, columns):
    return frame[columns].itertuples(index=False, name=None)


def keys(year=NEWEST):
    """Return the key of every figure of the series that the notebooks rest on, in order of their names."""
    used = set().union(*whole(year).series.values())
    return sorted({key for key in rows(whole(year).tables.observations, KEY) if key[0] in used})


def drawn(seed, number):
    """Draw figures one by one: of which edition, which, and how it goes; below nought all, in three ways."""
    if number < 0:
        hows = ("taken away", "not_found", "range only")
        return [(year, key, how) for how in hows for year in EDITIONS for key in keys(year)]
    rng = np.random.default_rng(seed)
    orders = {year: rng.permutation(len(keys(year))) for year in EDITIONS}
    turns = zip(range(number), itertools.cycle(EDITIONS), itertools.cycle(HOWS))
    return [(year, keys(year)[orders[year][n // len(EDITIONS)]], how) for n, year, how in turns]


def subset(seed, number, year=NEWEST):
    """Draw figures that are gone together, and how: a series, a year, a part of a page, or any, few or nearly all."""
    rng, of = np.random.default_rng([seed, number]), {}
    for key in keys(year):
        kinds = (key[0], key[1][:4], key[0].partition("_")[0], f"{key[0]} {key[1]}", "/".join(key))
        of[key] = kinds[number % len(kinds)]
    groups, share = sorted(set(of.values())), rng.choice([0.05, 0.3, 0.7, 0.95])
    gone = set(rng.choice(groups, max(1, round(share * len(groups))), replace=False).tolist())
    return [key for key in of if of[key] in gone], str(rng.choice(HOWS))


def without(gone, how, year=NEWEST):
    """Return the tables of an edition with figures taken away, or without a value: with a reason, or what lies around."""
    tables, lost = whole(year).tables, set(gone)

    def without_them(frame):
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


def faults(gone, how, year=NEWEST, *, charts=False):
    """Return what went wrong without some figures: an error that states no absence, or one that states a false one."""
    found, tables, lost = [], without(gone, how, year), {key[0] for key in gone}
    for name in (name for name, series in whole(year).series.items() if series & lost):
        errors = []
        results = carried_out(name, tables, errors, charts=charts)
        found += [f"{name}: {type(e).__name__} in {product.place(e)}: {e}" for e in errors]
        for result, absent in results.absent.items():
            if there := wrongly_wanted(absent.wanted, tables.observations):
                found.append(f"{name}: calls absent what is there: {result}: {there}")
    return found


def wrongly_wanted(wanted, observations):
    """Return what is called absent although the figures hold a value of it, everyone's unless it names a group."""
    known = observations[observations["obs_value"].notna()]
    known = known.assign(age=known["age"].replace("16+", "total"))
    everyone, there = {"breakdown": "", "sex": "total", "age": "total"}, []
    for figure in wanted:
        key = everyone | {c: v.replace("16+", "total") for c, v in figure.items()}
        if np.logical_and.reduce([known[c].eq(v) for c, v in key.items()]).any():
            there.append(dict(figure))
    return there

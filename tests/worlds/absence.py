"""Figures removed, and the response of the notebooks: a result, a stated absence, or a fault.

A notebook is run again only if it uses a series of the figure. `make worlds` removes every figure that a notebook
uses, from the newest edition and the one before.
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

EDITIONS = (NEWEST, NEWEST - 1)  # the second because a report is checked in the edition of its year
NUMBERS = ["obs_value", "lower", "upper", "ci_lower", "ci_upper"]
MODES = ("taken away", *WITHOUT_VALUE, "range only")
# the actual tables of an edition, the results of its notebooks, and the series that each notebook uses
EditionRun = namedtuple("EditionRun", "tables results series")


@cache
def run_edition(year=NEWEST):
    """Run the notebooks on the actual tables of an edition."""
    tables, errors = load(year, PROJECT), []
    results = {name: run_notebook(name, tables, errors) for name in notebook_names(PROJECT)}
    assert not errors, errors
    observed = list(rows(tables.observations, ["obs_id", "series_id"]))
    texts = {name: json.dumps(r.tables, default=str) + repr(r.numbers) for name, r in results.items()}
    used = {name: {series for obs_id, series in observed if obs_id in text} for name, text in texts.items()}
    return EditionRun(tables, results, used)


def run_notebook(name, tables, errors, *, charts=False):
    """Run a notebook on these tables with few draws; errors are added to the list."""
    fewer = {"draws": DRAWS} if name == "prevalence" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return product.run_notebook(name, tables, (lambda _: "<svg/>") if charts else None, errors, **fewer)


def rows(frame, columns):
    return frame[columns].itertuples(index=False, name=None)


def keys(year=NEWEST):
    """Return the keys of all figures in series that the notebooks use, sorted."""
    used = set().union(*run_edition(year).series.values())
    return sorted({key for key in rows(run_edition(year).tables.observations, KEY) if key[0] in used})


def draw_figures(seed, number):
    """Draw single figures: edition, key and mode of absence; for a negative number all figures, in three modes."""
    if number < 0:
        modes = ("taken away", "not_found", "range only")
        return [(year, key, mode) for mode in modes for year in EDITIONS for key in keys(year)]
    rng = np.random.default_rng(seed)
    orders = {year: rng.permutation(len(keys(year))) for year in EDITIONS}
    turns = zip(range(number), itertools.cycle(EDITIONS), itertools.cycle(MODES))
    return [(year, keys(year)[orders[year][n // len(EDITIONS)]], mode) for n, year, mode in turns]


def subset(seed, number, year=NEWEST):
    """Draw figures to remove together, and a mode: by series, year, prefix, period or single figure, few or nearly all."""
    rng, group_of = np.random.default_rng([seed, number]), {}
    for key in keys(year):
        kinds = (key[0], key[1][:4], key[0].partition("_")[0], f"{key[0]} {key[1]}", "/".join(key))
        group_of[key] = kinds[number % len(kinds)]
    groups, share = sorted(set(group_of.values())), rng.choice([0.05, 0.3, 0.7, 0.95])
    gone = set(rng.choice(groups, max(1, round(share * len(groups))), replace=False).tolist())
    return [key for key in group_of if group_of[key] in gone], str(rng.choice(MODES))


def without(gone, mode, year=NEWEST):
    """Return the tables of an edition with figures removed, or with a reason or a range instead of their value."""
    tables, gone_keys = run_edition(year).tables, set(gone)

    def without_them(frame):
        result, matches = frame.copy(), np.array([key in gone_keys for key in rows(frame, KEY)], bool)
        if mode == "taken away":
            return result[~matches]
        if mode == "range only":  # a value never lies at the very end of its range
            value = result.loc[matches, "obs_value"].astype(float)
            result.loc[matches, ["lower", "upper"]] = np.column_stack([0.95 * value, 1.05 * value])
            result.loc[matches, "obs_value"] = np.nan
            result.loc[matches, "interval_kind"] = "rounding"
        else:
            result.loc[matches, NUMBERS] = np.nan
            result.loc[matches, ["obs_status", "interval_kind", "as_reported"]] = [mode, "none", ""]
        return result

    figures, vintages = without_them(tables.observations), without_them(tables.vintages)
    return replace(tables, observations=figures, vintages=vintages)


def faults(gone, mode, year=NEWEST, *, charts=False):
    """Return the faults without some figures: errors that state no absence, and falsely stated absences."""
    problems, tables, gone_series = [], without(gone, mode, year), {key[0] for key in gone}
    for name in (name for name, series in run_edition(year).series.items() if series & gone_series):
        errors = []
        results = run_notebook(name, tables, errors, charts=charts)
        problems += [f"{name}: {type(e).__name__} in {product.place_of(e)}: {e}" for e in errors]
        for result, absent in results.absent.items():
            if present := falsely_absent(absent.wanted, tables.observations):
                problems.append(f"{name}: calls absent what is there: {result}: {present}")
    return problems


def falsely_absent(wanted, observations):
    """Return the figures called absent that have a value, for everyone unless they name a group."""
    known = observations[observations["obs_value"].notna()]
    known = known.assign(age=known["age"].replace("16+", "total"))
    everyone, present = {"breakdown": "", "sex": "total", "age": "total"}, []
    for figure in wanted:
        key = everyone | {c: v.replace("16+", "total") for c, v in figure.items()}
        if np.logical_and.reduce([known[c].eq(v) for c, v in key.items()]).any():
            present.append(dict(figure))
    return present

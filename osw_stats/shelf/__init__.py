"""Analyses of data not published yet; an ordinary edition imports none of them.

Every run imports this module only: its functions load the rest when there is something to analyse.
"""

from dataclasses import dataclass

import pandas as pd

from osw_stats.meaning.definitions import Bridge
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import leaves


@dataclass(frozen=True)
class ModelTables:
    """The tables `prev_model`, `prev_model_fit` and `prev_shrunken`; empty without sampling intervals of groups."""

    terms: pd.DataFrame
    fit: pd.DataFrame
    shrunken: pd.DataFrame


@dataclass(frozen=True)
class Answers:
    """Releasable estimates from the answers of a survey: groups, and standard errors of their differences; None without answers."""

    groups: pd.DataFrame | None = None
    errors: pd.DataFrame | None = None


def answers(microdata: pd.DataFrame | None, *, alpha: float) -> Answers:
    """Return the releasable estimates from the answers of a survey."""
    # `microdata` has one row per respondent aged 16 and over (columns wave, sex, age, osi_12m, weight, stratum,
    # cluster); it is None without a file. InputError if an answer is invalid, or a wave lacks a sex or
    # ages.
    if microdata is None:
        return Answers()
    from osw_stats.shelf.microdata.release import by_group, check_everyone

    check_everyone(microdata)
    return Answers(*by_group(microdata, alpha=alpha))


def group_model(
    prev_estimates: pd.DataFrame, observations: pd.DataFrame, *, alpha: float, bridge: Bridge | None = None
) -> ModelTables:
    """Fit wave + group to the effective counts of disjoint groups, and shrink small cells towards the model."""
    # No trend is fitted to so few waves: the terms are the changes from the first wave to each later one.
    # The tables are empty while fewer than two groups have a sampling interval in two waves.
    known = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    groups = pd.Series(list(zip(known["sex"], known["age"], strict=True)), known.index, dtype="object")
    cells = known[groups.isin(leaves(groups))]
    names = ("prev_model", "prev_model_fit", "prev_shrunken")
    empty = [pd.DataFrame(columns=columns(name)) for name in names]
    if min(len(set(cells["wave"])), len(set(cells["group"]))) < 2:
        return ModelTables(*empty)
    from osw_stats.shelf.microdata.pooled import tables

    results = tables(cells, observations, alpha=alpha, bridge=bridge)
    return ModelTables(*results, *empty[len(results) :])

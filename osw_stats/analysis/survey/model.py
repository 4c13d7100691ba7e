"""The pooled model of the prevalence page: which cells go in, and the tables it gives (`shelf.group_model`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from osw_stats.analysis.survey.contracts import columns
from osw_stats.analysis.survey.groups import leaves


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=columns(name))


@dataclass(frozen=True)
class ModelTables:
    """`prev_model`, `prev_model_fit` and `prev_shrunken`; all empty where groups have no sampling interval."""

    terms: pd.DataFrame = field(default_factory=partial(_empty, "prev_model"))
    fit: pd.DataFrame = field(default_factory=partial(_empty, "prev_model_fit"))
    shrunken: pd.DataFrame = field(default_factory=partial(_empty, "prev_shrunken"))


def comparable_cells(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of groups apart that have an effective size; none where they are of one wave or one group."""
    known = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    groups = pd.Series(list(zip(known["sex"], known["age"], strict=True)), known.index, dtype="object")
    cells = known[groups.isin(leaves(groups))]
    enough = min(len(set(cells["wave"])), len(set(cells["group"]))) > 1
    return cells if enough else cells.iloc[:0]

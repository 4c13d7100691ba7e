"""The pooled model of the prevalence page: which cells go in, and its tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from osw_stats.analysis.survey.groups import Group, label, leaves, size
from osw_stats.analysis.survey.pooled import PooledModel, fit, shrink, terms_table
from osw_stats.errors import NotEstimableError
from osw_stats.vocabulary.definitions import Bridge, require_same
from osw_stats.vocabulary.observations import records

TERMS = [
    "term", "logit", "se", "or", "or_lower", "or_upper", "ame", "ame_lower", "ame_upper", "unit", "interval_kind",
    "observations", "method", "grade",
]  # fmt: skip
FIT = ["cells", "deviance", "df", "phi", "inflated", "lr_interaction", "lr_df", "lr_p", "observations"]
SHRUNKEN = [
    "wave", "group", "sex", "age", "pct", "shrunken_pct", "lower", "upper", "weight", "tau", "unit", "interval_kind",
    "observations",
]  # fmt: skip
POOL_ABOVE = 12  # cells; with fewer there is too little to learn the spread from


@dataclass(frozen=True)
class ModelTables:
    """`prev_model`, `prev_model_fit` and `prev_shrunken`; all empty where groups have no sampling interval."""

    terms: pd.DataFrame
    fit: pd.DataFrame
    shrunken: pd.DataFrame


def model(
    prev_estimates: pd.DataFrame, observations: pd.DataFrame, *, alpha: float, bridge: Bridge | None = None
) -> ModelTables:
    """Fit wave + group on the effective counts of groups apart, and draw small cells towards the model.

    No trend is fitted through so few waves: the terms are the change from the first wave to each later one.
    """
    known = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    apart = set(leaves((str(r["sex"]), str(r["age"])) for r in records(known)))
    cells = known[pd.Series([(r["sex"], r["age"]) in apart for r in records(known)], known.index, dtype=bool)]
    none = ModelTables(*(pd.DataFrame(columns=c) for c in (TERMS, FIT, SHRUNKEN)))
    if cells["wave"].nunique() < 2 or cells["group"].nunique() < 2:
        return none
    require_same(
        cells.rename(columns={"unit": "unit_measure", "definition_version": "definition_id"}), bridge
    )
    try:
        found = fit(cells.assign(y=cells["n_eff"] * cells["pct"] / 100))
    except NotEstimableError:
        return none
    population, ids = _population(observations, str(cells["wave"].max()), sorted(apart))
    used = list(dict.fromkeys([i for c in cells["observations"] for i in c.split()] + ids))
    shared = {"interval_kind": _kind(cells), "observations": " ".join(used)}
    terms = terms_table(found, population, alpha=alpha).assign(
        unit="percentage_points", method="binomial model on effective counts", grade=cells["grade"].max(),
        **shared,
    )  # fmt: skip
    terms.attrs["bridge"] = bridge if len(set(cells["definition_version"])) > 1 else None
    return ModelTables(
        terms[TERMS], _fit_table(found, shared["observations"]), _shrunken(found, cells, alpha)
    )


def _fit_table(found: PooledModel, used: str) -> pd.DataFrame:
    row = (
        len(found.cells), found.deviance, found.df_resid, found.phi, found.inflation > 1, found.deviance,
        found.df_resid, found.lr_p, used,
    )  # fmt: skip
    return pd.DataFrame([row], columns=FIT)


def _shrunken(found: PooledModel, cells: pd.DataFrame, alpha: float) -> pd.DataFrame:
    if len(found.cells) <= POOL_ABOVE:
        return pd.DataFrame(columns=SHRUNKEN)
    known = cells[["wave", "group", "sex", "age", "observations"]]
    table = shrink(found, alpha=alpha).merge(known, on=["wave", "group"])
    return table.assign(unit="percent", interval_kind=_kind(cells))[SHRUNKEN]


def _kind(cells: pd.DataFrame) -> str:
    kinds = set(cells["interval_kind"])
    return "assumed" if "assumed" in kinds else sorted(kinds)[0]


def _population(
    observations: pd.DataFrame, wave: str, groups: list[Group]
) -> tuple[dict[str, float], list[str]]:
    """Return people by group to standardise to; every group counts alike where one is not known."""
    sizes = {label(g): size(observations, wave, g) for g in groups}
    if any(s is None for s in sizes.values()):
        return dict.fromkeys(sizes, 1.0), []
    known = {name: s for name, s in sizes.items() if s is not None}
    return {name: s.value for name, s in known.items()}, [i for s in known.values() for i in s.observations]

"""How many people: survey shares with their interval, and what they mean in persons."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.analysis.intervals import proportion_interval, total_interval
from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import pick, records

SERIES = "cbs_osi_12m"
ALL = "16+"
COLUMNS = [
    "wave", "sex", "age", "pct", "lower", "upper", "source_of_interval", "n", "n_eff", "n_eff_min",
    "n_eff_max", "deff", "persons", "persons_lower", "persons_upper", "suppressed",
    "definition_version", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def estimates(
    observations: pd.DataFrame, *, deff: float, deff_range: tuple[float, float], alpha: float
) -> pd.DataFrame:
    """Return the table `prev_estimates`: one row a wave and group.

    The publisher gave no margins. The whole population gets a Wilson interval with the
    published number of respondents and an *assumed* design effect; for groups the number
    of respondents is not published either, so only the rounding interval is given and
    the sampling interval is "not_estimable".

    Parameters
    ----------
    observations
        The vintage of an edition.
    deff, deff_range
        Assumed design effect and the range it is thought to lie in.
    alpha
        1 minus the confidence level.

    Returns
    -------
    pandas.DataFrame
        `pct`, `lower` and `upper` in percent; persons in heads; n in respondents.
    """
    if not deff_range[0] <= deff <= deff_range[1]:
        raise InputError(
            f"lies outside its own range {deff_range[0]:g} to {deff_range[1]:g}",
            "Widen the range (deff_low, deff_high) or change the design effect.", column="deff", value=deff,
        )  # fmt: skip
    shares = pick(observations, SERIES).sort_values(["time_period", "age", "sex"], kind="stable")
    rows = [
        _national(r, observations, deff, deff_range, alpha)
        if r["sex"] == "total" and r["age"] == ALL
        else _group(r)
        for r in records(shares)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _national(
    share: dict[str, Any], observations: pd.DataFrame, deff: float,
    deff_range: tuple[float, float], alpha: float,
) -> dict[str, Any]:  # fmt: skip
    wave = share["time_period"]
    respondents = pick(observations, "cbs_phgsg_respondents", time_period=wave).iloc[0]
    p, n = share["obs_value"] / 100, respondents["obs_value"]
    low, high = proportion_interval(p, n, deff=deff, alpha=alpha)
    used = [share["obs_id"], respondents["obs_id"]]
    row = _common(share) | {
        "lower": 100 * low,
        "upper": 100 * high,
        "source_of_interval": "assumed_deff",
        "n": n,
        "n_eff": n / deff,
        "n_eff_min": n / deff_range[1],
        "n_eff_max": n / deff_range[0],
        "deff": deff,
        "interval_kind": "assumed",
        "method": f"Wilson interval, n = {n:.0f} respondents, assumed design effect {deff:g}",
        "grade": "B",
    }
    size = observations[
        (observations["series_id"] == "cbs_phgsg_population") & (observations["time_period"] == wave)
    ]
    if len(size):
        population = size.iloc[0]
        used.append(population["obs_id"])
        half = (population["upper"] - population["lower"]) / 2
        total = total_interval(p, low, high, population["obs_value"], half, alpha)
        row |= {
            "persons": p * population["obs_value"],
            "persons_lower": total[0],
            "persons_upper": total[1],
        }
    return row | {"observations": " ".join(used)}


def _group(share: dict[str, Any]) -> dict[str, Any]:
    """Keep for a group what is published: value and rounding, no sampling interval."""
    return _common(share) | {
        "lower": share["lower"],
        "upper": share["upper"],
        "source_of_interval": "not_estimable",
        "interval_kind": "rounding",
        "observations": share["obs_id"],
        "method": "As published; the respondents of this group were not published",
        "grade": "A",
    }


def _common(share: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS, math.nan) | {
        "wave": share["time_period"],
        "sex": share["sex"],
        "age": share["age"],
        "pct": share["obs_value"],
        "suppressed": share["obs_status"] == "withheld",
        "definition_version": share["definition_id"],
        "unit": "percent",
    }


def persons(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the waves whose share can be turned into persons, as value with interval."""
    known = prev_estimates[prev_estimates["persons"].notna()]
    return known.assign(
        value=known["persons"], lower=known["persons_lower"], upper=known["persons_upper"],
        unit="persons", method=known["method"] + "; times the population of the survey",
    )  # fmt: skip

"""What authorities have, what they say they need, and what lies between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import pick
from osw_stats.vocabulary.series import series
from osw_stats.vocabulary.units import Quantity

COLUMNS = [
    "body", "scope", "need", "funded", "funded_concept", "gap", "gap_lower", "gap_upper", "gap_pct", "eur_per_fte",
    "gap_meur", "years_mixed", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


@dataclass(frozen=True)
class Body:
    """Which series hold need and funding of one authority.

    `base` is set where need and funding are published as growth on posts there already are;
    `met` is the concept of what stands against the need: funded, or supported in words only.
    """

    name: str
    fte: str
    met: str = "funded"
    base: str | None = None
    budget: str | None = None


BODIES = (
    Body("ACM", "acm_dsa_fte", budget="acm_dsa_budget"),
    Body("CvdM", "cvdm_fte_growth", met="supported", base="cvdm_fte"),
)
FTE_SERIES = (
    "ap_fte", "ap_fte_year_end", "acm_dsa_fte", "cvdm_fte", "cvdm_fte_growth", "atkm_fte",
    "tbkk_fte", "tbkk_fte_growth",
)  # fmt: skip


def fte(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_fte`: every published fte figure with its concept.

    Occupied posts, formation, funding and need are different concepts; they stand
    beside each other and are never subtracted across concepts other than need - funded.
    """
    rows = observations[observations["series_id"].isin(FTE_SERIES)]
    return pd.DataFrame(
        {
            "body": [series(s).publisher for s in rows["series_id"]],
            "series": rows["series_id"],
            "concept": rows["breakdown"].str.removeprefix("concept="),
            "date": rows["time_period"],
            "fte": rows["obs_value"],
            "lower": rows["lower"],
            "upper": rows["upper"],
            "source": rows["source_id"],
            "observations": rows["obs_id"],
            "note": rows["note"],
        }
    ).reset_index(drop=True)


def gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_gap`: need minus funded for every body that published both.

    Limits come from the wording of the figures ("circa 60"): corners of the box of
    what each wording leaves open.
    """
    return pd.DataFrame([_gap(observations, body) for body in BODIES], columns=COLUMNS)


def _gap(observations: pd.DataFrame, body: Body) -> dict[str, Any]:
    need = pick(observations, body.fte, breakdown="concept=needed").iloc[-1]
    funded = pick(observations, body.fte, breakdown=f"concept={body.met}").iloc[-1]
    used = [need, funded]
    gap = (
        Quantity(need["obs_value"], need["unit_measure"])
        - Quantity(funded["obs_value"], funded["unit_measure"])
    ).value
    there = 0.0
    if body.base:
        occupied = pick(observations, body.base, breakdown="concept=occupied").iloc[-1]
        there = occupied["obs_value"]
        used.append(occupied)
    rate = math.nan
    if body.budget:
        budget = pick(observations, body.budget, breakdown="concept=funded").iloc[-1]
        rate = budget["obs_value"] / funded["obs_value"]
        used.append(budget)
    lower, upper = need["lower"] - funded["upper"], need["upper"] - funded["lower"]
    total_need = there + need["obs_value"]
    return {
        "body": body.name,
        "scope": body.fte,
        "need": total_need,
        "funded": there + funded["obs_value"],
        "funded_concept": body.met,
        "gap": round(gap, 9),
        "gap_lower": round(lower, 9),
        "gap_upper": round(upper, 9),
        "gap_pct": 100 * gap / total_need,
        "eur_per_fte": rate,
        "gap_meur": gap * rate / 1e6,
        "years_mixed": len({row["time_period"] for row in used}) > 1,
        "unit": "fte",
        "interval_kind": "rounding" if lower < upper else "none",
        "observations": " ".join(row["obs_id"] for row in used),
        "method": f"need minus {body.met}, both as stated",
        "grade": "B",
    }

"""What authorities have, what they say they need, and what lies between."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.lookup import latest
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series
from osw_stats.vocabulary.units import Quantity

Row = Mapping[str, Any] | pd.Series  # one figure of the tidy table
# whose posts or money a series is about, and what part of them is for online sexual violence
FTE_SERIES: dict[str, tuple[str, str]] = {
    "ap_fte": ("ap", "unknown"),
    "ap_fte_year_end": ("ap", "unknown"),
    "acm_dsa_fte": ("acm", "unknown"),
    "cvdm_fte": ("cvdm", "unknown"),
    "cvdm_fte_growth": ("cvdm", "unknown"),
    "cvdm_fte_mean": ("cvdm", "unknown"),
    "atkm_fte": ("atkm", "unknown"),
    "tbkk_fte": ("police", "minors_only"),
    "tbkk_fte_growth": ("police", "minors_only"),
    "police_vice_fte_growth": ("police", "unknown"),
}
MONEY_SERIES: dict[str, tuple[str, str]] = {
    "ap_budget": ("ap", "unknown"),
    "ap_budget_allocated": ("ap", "unknown"),
    "acm_dsa_budget": ("acm", "unknown"),
    "cvdm_ministry_contribution": ("cvdm", "unknown"),
    "cvdm_supervision_fees": ("cvdm", "unknown"),
    "tbkk_budget": ("police", "minors_only"),
}
# the concepts that stand side by side, and which words of a figure belong to each
SHOWN = {
    "occupied": ("occupied",), "formation": ("formation",), "met": ("funded", "supported"), "needed": ("needed",),
}  # fmt: skip
# the only differences that mean a gap; occupied and formation are two sides of one staff, not need and means
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}
COLUMNS = [
    "body", "scope", "need", "funded", "funded_concept", "gap", "gap_lower", "gap_upper", "gap_pct", "granted_pct",
    "eur_per_fte", "gap_meur", "years", "years_mixed", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


@dataclass(frozen=True)
class Body:
    """Which series hold need and means of one authority.

    `base` is set where need and means are published as growth on posts there already are;
    `met` is the concept of what stands against the need: funded, or supported in words only.
    """

    code: str
    fte: str
    met: str = "funded"
    base: str | None = None
    budget: str | None = None


BODIES = (
    Body("acm", "acm_dsa_fte", budget="acm_dsa_budget"),
    Body("cvdm", "cvdm_fte_growth", met="supported", base="cvdm_fte"),
)


def fte(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_fte`: every published fte figure with its concept, and every body without one.

    Occupied posts, formation, funding and need are different concepts; they stand beside each
    other. `share_for_osw` says what part is for online sexual violence: minors_only or unknown.
    """
    return _published(observations, FTE_SERIES, "fte")


def money(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_money`: every published budget with its concept, and every body without one."""
    return _published(observations, MONEY_SERIES, "eur")


def _published(observations: pd.DataFrame, of: Mapping[str, tuple[str, str]], unit: str) -> pd.DataFrame:
    found = []
    for row in records(observations[observations["series_id"].isin(list(of))]):
        body, share = of[row["series_id"]]
        found.append(
            {
                "body": body, "series": row["series_id"], "scope": series(row["series_id"]).population["en"],
                "concept": concept(row), "date": row["time_period"], unit: row["obs_value"], "lower": row["lower"],
                "upper": row["upper"], "share_for_osw": share, "source": row["source_id"],
                "published": row["published"], "observations": row["obs_id"],
                # the founding report names no document for a figure of its own
                "grade": "D" if row["source_id"] == "rapport-2025" else "A", "note": row["note"],
            }
        )  # fmt: skip
    for code in (a for a in AUTHORITIES if a not in {body for body, _ in of.values()}):
        found.append(
            {"body": code, "series": "", "scope": "", "concept": "", "date": "", unit: math.nan,
             "lower": math.nan, "upper": math.nan, "share_for_osw": "unknown", "source": "", "published": "",
             "observations": "", "grade": "", "note": ""}
        )  # fmt: skip
    order = {code: at for at, code in enumerate(AUTHORITIES)}
    table = pd.DataFrame(found).sort_values("date", kind="stable", ascending=False)
    return table.sort_values("body", key=lambda b: b.map(order), kind="stable").reset_index(drop=True)


def side_by_side(fte: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_bodies`: one row a body with the latest figure of each concept beside the others.

    Parameters
    ----------
    fte
        The table `cap_fte`.

    Returns
    -------
    pandas.DataFrame
        body, share_for_osw, and for occupied, formation, met (funded or supported) and needed: the fte, its
        year, and whether it is growth on what there was. NaN where nothing was published.
    """
    rows = []
    for body, figures in fte.groupby("body", sort=False):
        row: dict[str, Any] = {"body": body, "share_for_osw": figures["share_for_osw"].iloc[0]}
        for name, concepts in SHOWN.items():
            found = figures[figures["concept"].isin(concepts) & figures["fte"].notna()]
            # totals before growth; the table is in order of date, the latest first
            best = records(
                found.sort_values("series", key=lambda s: s.str.endswith("_growth"), kind="stable")
            )
            growth = bool(best) and best[0]["series"].endswith("_growth")
            row |= {
                name: best[0]["fte"] if best else math.nan,
                f"{name}_year": best[0]["date"] if best else "",
                f"{name}_growth": growth,
            }
        row["observations"] = " ".join(i for i in figures["observations"] if i)
        rows.append(row)
    return pd.DataFrame(rows)


def concept(row: Row) -> str:
    """Return which concept a figure of posts or money is: what the row says, else what its series is."""
    for part in str(row["breakdown"]).split(";"):
        if part.startswith("concept="):
            return part.removeprefix("concept=")
    return {
        "ap_budget_allocated": "allocated", "cvdm_fte_mean": "occupied", "cvdm_ministry_contribution": "realised",
        "cvdm_supervision_fees": "realised",
    }.get(str(row["series_id"]), "")  # fmt: skip


def difference(need: Row, met: Row) -> float:
    """Return need − what meets it, in their one unit.

    Raises
    ------
    InputError
        If the two concepts are no need and its means: occupied posts and formation are never subtracted.
    UnitMismatchError
        If they count different things.
    """
    pair = (concept(need), concept(met))
    if pair not in GAPS:
        raise InputError(
            f"{pair[0] or 'no concept'} minus {pair[1] or 'no concept'} is no gap",
            "Only a stated need minus what is funded, allocated or endorsed is one.",
            value=met["obs_id"],
        )
    quantities = (Quantity(row["obs_value"], row["unit_measure"]) for row in (need, met))
    gap = next(quantities) - next(quantities)
    return gap.value


def gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_gap`: need minus funded for every body that published both.

    Limits come from the wording of the figures ("circa 60"): corners of the box of
    what each wording leaves open.
    """
    return pd.DataFrame([_gap(observations, body) for body in BODIES], columns=COLUMNS)


def _gap(observations: pd.DataFrame, body: Body) -> dict[str, Any]:
    need = latest(observations, body.fte, breakdown="concept=needed")
    met = latest(observations, body.fte, breakdown=f"concept={body.met}")
    used, gap = [need, met], difference(need, met)
    there = 0.0
    if body.base:
        occupied = latest(observations, body.base, breakdown="concept=occupied")
        there = occupied["obs_value"]
        used.append(occupied)
    rate = math.nan
    if body.budget:
        budget = latest(observations, body.budget, breakdown="concept=funded")
        rate = budget["obs_value"] / met["obs_value"]
        used.append(budget)
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    years = sorted({row["time_period"] for row in used})
    shown = gap_shares(there + need["obs_value"], there + met["obs_value"], there if body.base else None)
    return {
        "body": body.code,
        "scope": body.fte,
        "need": there + need["obs_value"],
        "funded": there + met["obs_value"],
        "funded_concept": body.met,
        "gap": round(gap, 9),
        "gap_lower": round(lower, 9),
        "gap_upper": round(upper, 9),
        **shown,
        "eur_per_fte": rate,
        "gap_meur": gap * rate / 1e6,
        "years": " ".join(years),
        "years_mixed": len(years) > 1,
        "unit": "fte",
        "interval_kind": "rounding" if lower < upper else "none",
        "observations": " ".join(row["obs_id"] for row in used),
        "method": f"need minus {body.met}, both as stated",
        "grade": "B",
    }


def gap_shares(need: float, met: float, base: float | None = None) -> dict[str, float]:
    """Return the gap as percent of the need, and the part granted of what was asked on top of `base`.

    Parameters
    ----------
    need, met, base
        In one unit. `base` is what there was before the request; None where need and means are stated
        as totals, and then no part granted is computed.

    Examples
    --------
    >>> gap_shares(91, 74.8, 59)["granted_pct"]
    49.375
    """
    asked = math.nan if base is None else need - base
    granted = math.nan if base is None else 100 * (met - base) / asked if asked else math.nan
    return {"gap_pct": 100 * (need - met) / need, "granted_pct": round(granted, 9)}

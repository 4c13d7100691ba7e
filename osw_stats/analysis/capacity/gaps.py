"""What authorities have, what they say they need, and what lies between."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.concepts import GAPS, Row, concept, is_growth
from osw_stats.vocabulary.lookup import all_absent, latest, latest_of_each, only
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.quantity import Quantity
from osw_stats.vocabulary.series import series

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
COUNTED = ("occupied", "filled", "formation", "realised", "")
ALL_OF_IT = "all_of_it"  # the part of a figure that is for online sexual violence, where that is the whole
COLUMNS = [
    "body", "scope", "basis", "need", "funded", "funded_concept", "gap", "gap_lower", "gap_upper", "gap_pct", "granted_pct",
    "eur_per_fte", "gap_meur", "said", "document", "need_year", "funded_year", "years", "years_mixed", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


@dataclass(frozen=True)
class Body:
    """Which series hold need and means of one authority.

    `met` is the concept of what stands against the need: funded, or supported in words only.
    """

    code: str
    fte: str
    met: str = "funded"
    budget: str | None = None


BODIES = (
    Body("acm", "acm_dsa_fte", budget="acm_dsa_budget"),
    Body("cvdm", "cvdm_fte_growth", met="supported"),
)


def fte(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_fte`: every published fte figure with its concept, and every body without one.

    Occupied posts, formation, funding and need are different concepts; they stand beside each
    other. `share_for_osw` says what part is for online sexual violence: all_of_it, minors_only or unknown.
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
                "said": said_on(row), "grade": _grade(row), "note": row["note"],
            }
        )  # fmt: skip
    held = {row["body"] for row in found}
    for code in (a for a in AUTHORITIES if a not in held):
        found.append(
            {"body": code, "series": "", "scope": "", "concept": "", "date": "", unit: math.nan,
             "lower": math.nan, "upper": math.nan, "share_for_osw": "unknown", "source": "", "published": "",
             "observations": "", "said": "", "grade": "", "note": ""}
        )  # fmt: skip
    order = {code: at for at, code in enumerate(AUTHORITIES)}
    table = pd.DataFrame(found).sort_values("date", kind="stable", ascending=False)
    return table.sort_values("body", key=lambda b: b.map(order), kind="stable").reset_index(drop=True)


def _grade(row: Row) -> str:
    """Return the grade of a stated figure: what is needed, granted or endorsed is stated, and counted by nobody."""
    if row["source_id"] == "rapport-2025":  # the founding report names no document for a figure of its own
        return "D"
    return "A" if concept(row) in COUNTED else "B"


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


def for_subject(fte: pd.DataFrame, answers: pd.DataFrame | None = None) -> list[str]:
    """Return the bodies that published or named fte for online sexual violence alone.

    Parameters
    ----------
    fte
        The table `cap_fte`.
    answers
        The coded answers; a number of people for this subject counts as well.
    """
    found = set(fte.loc[fte["fte"].notna() & (fte["share_for_osw"] == ALL_OF_IT), "body"])
    if answers is not None:
        found |= set(answers.loc[(answers["question"] == 4) & (answers["scope"] == "subject"), "body"])
    return [code for code in AUTHORITIES if code in found]


def difference(need: Row, met: Row) -> float:
    """Return need − what meets it, in their one unit.

    Raises
    ------
    InputError
        If the two concepts are no need and its means (occupied posts and formation are never subtracted), or
        one is growth and the other a total.
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
    if is_growth(need) != is_growth(met):
        raise InputError(
            "is growth where the other figure is a total, or the other way round",
            "Compare growth with growth and totals with totals.",
            value=met["obs_id"],
        )
    quantities = (Quantity(row["obs_value"], row["unit_measure"]) for row in (need, met))
    gap = next(quantities) - next(quantities)
    return float(gap)


def said_on(row: Row) -> str:
    """Return when a figure was stated: as its note says (`stated 2023-04: ...`), else as its document is dated."""
    noted = re.match(r"stated (\d{4}(-\d{2}){0,2})\b", str(row["note"]))
    return noted[1] if noted else str(row["published"])


def gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_gap`: need minus funded for every body that published both.

    Where both are stated as growth they stay growth (`basis`): it is of formation, and is never added to posts
    that are occupied. Limits come from the wording of the figures ("circa 60"): corners of the box of what each
    wording leaves open.

    Raises NotPublishedError if no body published both; it names what each did not.
    """
    rows: list[Row] = []
    absent = {}
    for body in BODIES:
        try:
            rows.append(_gap(observations, body))
        except NotPublishedError as error:
            absent[body.code] = error
    if not rows:
        raise all_absent(list(absent.values()))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.attrs["absent"] = absent
    return table


def gap_of(gaps: pd.DataFrame, body: str) -> Row:
    """Return the row of one body of the table `cap_gap`; NotPublishedError says what the body did not publish."""
    if body in gaps.attrs.get("absent", {}):
        raise gaps.attrs["absent"][body]
    return only(gaps, "cap_gap", body=body)


def _gap(observations: pd.DataFrame, body: Body) -> Row:
    need, met = latest_of_each(
        observations, *((body.fte, f"concept={concept}") for concept in ("needed", body.met))
    )
    used, gap = [need, met], difference(need, met)
    rate = math.nan
    if body.budget and met["obs_value"] > 0:
        try:
            budget = latest(observations, body.budget, breakdown="concept=funded")
        except NotPublishedError:  # then there is no amount beside the posts
            pass
        else:
            rate = budget["obs_value"] / met["obs_value"]
            used.append(budget)
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    years = sorted({row["time_period"] for row in used})
    growth = is_growth(need)
    return {
        "body": body.code,
        "scope": body.fte,
        "basis": "growth" if growth else "total",
        "need": need["obs_value"],
        "funded": met["obs_value"],
        "funded_concept": body.met,
        "gap": round(gap, 9),
        "gap_lower": round(lower, 9),
        "gap_upper": round(upper, 9),
        **gap_shares(need["obs_value"], met["obs_value"], 0.0 if growth else None),
        "eur_per_fte": rate,
        "gap_meur": gap * rate / 1e6,
        "said": said_on(need),
        "document": need["source_id"],
        "need_year": need["time_period"],
        "funded_year": met["time_period"],
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
        In one unit. `base` is what there was before the request, 0 where both are stated as growth; None where
        they are stated as totals, and then no part granted is computed.

    Examples
    --------
    >>> gap_shares(32, 15.8, 0)
    {'gap_pct': 50.625, 'granted_pct': 49.375}
    """
    asked = math.nan if base is None else need - base
    granted = math.nan if base is None else 100 * (met - base) / asked if asked else math.nan
    missed = 100 * (need - met) / need if need else math.nan
    return {"gap_pct": round(missed, 9), "granted_pct": round(granted, 9)}

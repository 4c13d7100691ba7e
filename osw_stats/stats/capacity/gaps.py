"""What authorities have, what they say they need, and what lies between."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from osw_stats.meaning.authorities import AUTHORITIES
from osw_stats.meaning.definitions import concept, is_growth
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.stats.capacity.stated import MET, SUBJECTS, gap_row, latest_stated, needs_and_means, said_on

# by series whose it is, and what part of it is for online sexual violence
FTE_SERIES: dict[str, tuple[str, str]] = {name: tuple(about) for name, about in SUBJECTS["posts"].items()}
MONEY_SERIES: dict[str, tuple[str, str]] = {name: tuple(about) for name, about in SUBJECTS["money"].items()}
ALL_OF_IT = "all_of_it"  # the part of a figure that is for online sexual violence, where that is the whole


def fte(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_fte`: every published fte figure with its concept, and every body without one.

    Occupied posts, formation, funding and need are different concepts; they stand beside each other. `share_for_osw` says
    what part is for online sexual violence: all_of_it, minors_only or unknown.
    """
    return _published(observations, FTE_SERIES, "fte")


def money(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_money`: every published budget with its concept, and every body without one."""
    return _published(observations, MONEY_SERIES, "eur")


def _published(observations: pd.DataFrame, of: Mapping[str, tuple[str, str]], unit: str) -> pd.DataFrame:
    rows = []
    for row in records(observations[observations["series_id"].isin(list(of))]):
        name, kind = row["series_id"], concept(row)
        # what is needed, granted or endorsed is stated, and counted by nobody
        grade = "A" if kind in SUBJECTS["counted"] else "B"
        if row["source_id"] == SUBJECTS["without_document"]:
            grade = "D"
        about = {"body": of[name][0], "share_for_osw": of[name][1], "series": name, "concept": kind}
        about |= {"scope": series(name).population["en"], "date": row["time_period"], "grade": grade}
        about |= {"source": row["source_id"], "observations": row["obs_id"], "said": said_on(row)}
        rows.append(row | about | {"value": row["obs_value"]})
    without = [code for code in AUTHORITIES if code not in {row["body"] for row in rows}]
    rows += [{"body": code, "share_for_osw": "unknown"} for code in without]
    table = pd.DataFrame(rows, columns=SUBJECTS["columns"]["cap_published"])
    numbers = ("value", "lower", "upper")
    table = table.fillna(dict.fromkeys((c for c in table if c not in numbers), ""))
    order = {code: at for at, code in enumerate(AUTHORITIES)}
    table = table.rename(columns={"value": unit}).sort_values("date", kind="stable", ascending=False)
    return table.sort_values("body", key=lambda b: b.map(order), kind="stable").reset_index(drop=True)


def side_by_side(fte: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_bodies`: one row a body with the latest figure of each concept of `cap_fte` beside the others.

    Of occupied, formation, met (funded or supported) and needed: the fte, its year, and whether it is growth on what there
    was; NaN where nothing was published.
    """
    rows = []
    for body, figures in fte.groupby("body", sort=False):
        row: dict[str, Any] = {"body": body, "share_for_osw": figures["share_for_osw"].iloc[0]}
        for name, concepts in SUBJECTS["side_by_side"].items():
            known = records(figures[figures["concept"].isin(concepts) & figures["fte"].notna()])
            growth = [r["series"].endswith("_growth") for r in known]
            # totals before growth; the table is in order of date, the latest first
            best = known[growth.index(False) if False in growth else 0] if known else None
            row[name] = best["fte"] if best else math.nan
            row[f"{name}_year"] = best["date"] if best else ""
            row[f"{name}_growth"] = bool(known) and all(growth)
        row["observations"] = " ".join(i for i in figures["observations"] if i)
        rows.append(row)
    return pd.DataFrame(rows)


def for_subject(fte: pd.DataFrame, answers: pd.DataFrame | None = None) -> list[str]:
    """Return the bodies that published fte for online sexual violence alone, or named a number in a coded answer."""
    bodies = set(fte.loc[fte["fte"].notna() & (fte["share_for_osw"] == ALL_OF_IT), "body"])
    if answers is not None:
        bodies |= set(answers.loc[(answers["question"] == 4) & (answers["scope"] == "subject"), "body"])
    return [code for code in AUTHORITIES if code in bodies]


def gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_gap`: need minus what was granted, for every series of posts with both.

    Where both are stated as growth they stay growth (`basis`): it is of formation, and is never added to posts that are
    occupied. Limits come from the wording of the figures ("circa 60"): corners of the box of what each wording leaves open.
    """
    rows = []
    for need, met in needs_and_means(observations, "posts", FTE_SERIES):
        name, row, growth = need["series_id"], gap_row(need, met), is_growth(need)
        used, rate = [need, met], math.nan
        budget = SUBJECTS["budget_of"].get(name)
        paid = latest_stated(observations, budget, MET[0]) if budget else None
        if paid is not None and met["obs_value"] > 0:  # posts without their money are a gap all the same
            used.append(paid)
            rate = paid["obs_value"] / met["obs_value"]
        years = sorted({r["time_period"] for r in used})
        row |= gap_shares(row["need"], row["funded"], 0.0 if growth else None)
        row |= {"body": FTE_SERIES[name][0], "scope": name, "basis": "growth" if growth else "total"}
        row |= {"eur_per_fte": rate, "gap_meur": row["gap"] * rate / 1e6, "unit": "fte"}
        row |= {"years": " ".join(years), "years_mixed": len(years) > 1}
        row |= {"interval_kind": "rounding" if row["gap_lower"] < row["gap_upper"] else "none"}
        rows.append(row | {"observations": " ".join(r["obs_id"] for r in used)})
    return pd.DataFrame(rows, columns=SUBJECTS["columns"]["cap_gap"])


def gap_shares(need: float, met: float, base: float | None = None) -> dict[str, float]:
    """Return the gap as percent of the need, and the part granted of what was asked on top of `base`.

    `base` is what there was before: 0 where both are stated as growth; None where they are totals, and then no part granted
    is computed.
    """
    asked = math.nan if base is None else need - base
    granted = math.nan if base is None or not asked else 100 * (met - base) / asked
    gap = 100 * (need - met) / need if need else math.nan
    return {"gap_pct": round(gap, 9), "granted_pct": round(granted, 9)}

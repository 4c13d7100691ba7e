"""Capacity gaps: what authorities have, what they state they need, and the difference."""

import math
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, NotEstimableError, NotPublishedError
from osw_stats.meaning.authorities import AUTHORITIES
from osw_stats.meaning.definitions import GAPS, concept, is_growth
from osw_stats.meaning.lookup import latest
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.meaning.units import Quantity
from osw_stats.yamlfile import read_yaml

Row = dict[str, Any]
SUBJECTS: dict[str, Any] = read_yaml(files("osw_stats.stats.capacity") / "capacity.yml", "capacity.yml")
# by series: the body, and the share for online sexual violence
FTE_SERIES: dict[str, list[str]] = SUBJECTS["posts"]
MONEY_SERIES: dict[str, list[str]] = SUBJECTS["money"]
ALL_OF_IT = "all_of_it"  # the share of a figure entirely for online sexual violence
MET = ("funded", "supported")  # concepts that can meet a need: funding before stated support


def fte(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_fte`: every published fte figure with its concept, and every body without one."""
    return _published_table(observations, FTE_SERIES, "fte")


def money(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_money`: every published budget with its concept, and every body without one."""
    return _published_table(observations, MONEY_SERIES, "eur")


def _published_table(observations: pd.DataFrame, owners: Mapping[str, list[str]], unit: str) -> pd.DataFrame:
    rows = []
    for row in records(observations[observations["series_id"].isin(list(owners))]):
        name, kind = row["series_id"], concept(row)
        # needs, grants and endorsements are stated, not counted
        grade = "A" if kind in SUBJECTS["counted"] else "B"
        if row["source_id"] == SUBJECTS["without_document"]:
            grade = "D"
        fields = {"body": owners[name][0], "share_for_osw": owners[name][1], "series": name, "concept": kind}
        fields |= {"scope": series(name).population["en"], "date": row["time_period"], "grade": grade}
        fields |= {"source": row["source_id"], "observations": row["obs_id"], "said": said_on(row)}
        rows.append(row | fields | {"value": row["obs_value"]})
    without = [code for code in AUTHORITIES if code not in {row["body"] for row in rows}]
    rows += [{"body": code, "share_for_osw": "unknown"} for code in without]
    table = pd.DataFrame(rows, columns=SUBJECTS["columns"]["cap_published"])
    table = table.fillna(dict.fromkeys(table.columns.difference(["value", "lower", "upper"]), ""))
    table = table.rename(columns={"value": unit}).sort_values("date", kind="stable", ascending=False)
    order = list(AUTHORITIES)
    return table.sort_values("body", key=lambda b: b.map(order.index), kind="stable", ignore_index=True)


def side_by_side(fte: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_bodies`: one row per body with the latest figure of each concept of `cap_fte`."""
    rows = []
    for body, figures in fte.groupby("body", sort=False):
        row: Row = {"body": body, "share_for_osw": figures["share_for_osw"].iloc[0]}
        for name, concepts in SUBJECTS["side_by_side"].items():
            known = records(figures[figures["concept"].isin(concepts) & figures["fte"].notna()])
            growth = [r["series"].endswith("_growth") for r in known]
            # totals before growth; the table is sorted by date, latest first
            best = known[growth.index(False) if False in growth else 0] if known else None
            row[name] = best["fte"] if best else math.nan
            row[f"{name}_year"] = best["date"] if best else ""
            row[f"{name}_growth"] = bool(known) and all(growth)
        row["observations"] = " ".join(i for i in figures["observations"] if i)
        rows.append(row)
    return pd.DataFrame(rows)


def for_subject(fte: pd.DataFrame, answers: pd.DataFrame | None = None) -> list[str]:
    """Return the bodies that published fte for online sexual violence alone, or gave a number in a coded answer."""
    bodies = set(fte.loc[fte["fte"].notna() & (fte["share_for_osw"] == ALL_OF_IT), "body"])
    if answers is not None:
        bodies |= set(answers.loc[(answers["question"] == 4) & (answers["scope"] == "subject"), "body"])
    return [code for code in AUTHORITIES if code in bodies]


def gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_gap`: need minus grant, for every series of posts with both."""
    # Where both are stated as growth they stay growth (`basis`) of established posts, and are never added to
    # occupied posts. Limits are at the corners of the ranges that both wordings imply ("circa 60").
    rows = []
    for need, met in needs_and_means(observations, "posts", FTE_SERIES):
        name, row, growth = need["series_id"], gap_row(need, met), is_growth(need)
        used, rate = [need, met], math.nan
        budget = SUBJECTS["budget_of"].get(name)
        paid = _latest_stated(observations, budget, MET[0]) if budget else None
        if paid is not None and met["obs_value"] > 0:  # posts without a budget are still a gap
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
    """Return the gap in percent of the need, and the percentage granted of the request on top of existing posts (`base`)."""
    # `base` is 0 where both are stated as growth, None where they are totals, for which no percentage granted is computed
    requested = math.nan if base is None else need - base
    granted = math.nan if base is None or not requested else 100 * (met - base) / requested
    gap = 100 * (need - met) / need if need else math.nan
    return {"gap_pct": round(gap, 9), "granted_pct": round(granted, 9)}


def needs_and_means(
    observations: pd.DataFrame, resource: str, series_ids: Iterable[str]
) -> list[tuple[Row, Row]]:
    """Return need and means of every series with both; NotPublishedError, with the missing figures, if there is none."""
    pairs, lacking = [], []
    for series_id in series_ids:
        allocation, *concepts = SUBJECTS["allocated_in"].get(series_id, (series_id, *MET))
        need = _latest_stated(observations, series_id, "needed")
        met = _latest_stated(observations, allocation, *concepts)
        if need is not None and met is not None:
            pairs.append((need, met))
        elif need is not None:
            group = {"breakdown": f"concept={concepts[0]}"} if concepts[0] else {}
            lacking.append({"series_id": allocation} | group)
    if not pairs:
        wanted = lacking or [{"series_id": s, "breakdown": "concept=needed"} for s in series_ids]
        first = wanted[0]["series_id"]
        raise NotPublishedError(f"no body has {resource} both needed and granted", first, wanted=wanted)
    return pairs


def _latest_stated(observations: pd.DataFrame, series_id: str, *concepts: str) -> Row | None:
    """Return the latest figure of the first of these concepts ("" is none) present in a series."""
    known = observations[observations["obs_value"].notna()]
    for name in concepts:
        try:
            return latest(known, series_id, **({"breakdown": f"concept={name}"} if name else {}))
        except NotPublishedError:
            continue
    return None


def difference(need: Row, met: Row) -> float:
    """Return need − means, in their common unit; UnitMismatchError if they count different things."""
    # InputError if they are no need and its means (occupied and established posts are never subtracted), or one
    # is growth and the other a total
    names = [concept(row) for row in (need, met)]
    if tuple(names) not in GAPS:
        problem = f"{names[0] or 'no concept'} minus {names[1] or 'no concept'} is no gap"
        remedy = "Only a stated need minus what is funded, allocated or endorsed is one."
        raise InputError(problem, remedy, value=met["obs_id"])
    if is_growth(need) != is_growth(met):
        problem = "is growth where the other figure is a total, or the other way round"
        raise InputError(problem, "Compare growth with growth and totals with totals.", value=met["obs_id"])
    amounts = [Quantity(row["obs_value"], row["unit_measure"]) for row in (need, met)]
    return float(amounts[0] - amounts[1])


def gap_row(need: Row, met: Row) -> Row:
    """Return the common columns of a need and its means; limits are at the corners of their ranges."""
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    row = {"need": need["obs_value"], "funded": met["obs_value"], "funded_concept": concept(met)}
    row["gap"] = round(difference(need, met), 9)
    row |= {"gap_lower": round(lower, 9), "gap_upper": round(upper, 9)}
    row |= {"said": said_on(need), "document": need["source_id"], "need_year": need["time_period"]}
    method = f"need minus {concept(met)}, both as stated"
    return row | {"funded_year": met["time_period"], "method": method, "grade": "B"}


def said_on(row: Row) -> str:
    """Return the date a figure was stated: from its note (`stated 2023-04: ...`), else the date of its document."""
    noted = re.match(r"stated (\d{4}(-\d{2}){0,2})\b", str(row["note"]))
    return noted[1] if noted else str(row["published"])


def gap_of(table: pd.DataFrame, met: str, **where: str) -> Row:
    """Return the row of a table of gaps with these values, granted as `met`; NotEstimableError if there is none."""
    for row in records(table):
        if where.items() <= row.items() and row["funded_concept"] == met:
            return row
    named = ", ".join(f"{k}={v}" for k, v in where.items())
    raise NotEstimableError(f"no figure both needed and {met} for {named}")


def numbers(row: Row) -> dict[str, Number]:
    """Return `gap`, `need` and `met` of a row of a table of gaps; the verdict states whether they are of one year."""
    verdict = "one_year" if row["need_year"] == row["funded_year"] else "years_differ"
    return {
        "gap": Number.from_row(row, "gap", "gap_lower", "gap_upper", verdict=verdict),
        "need": Number.from_row(row, "need", period=row["need_year"]),
        "met": Number.from_row(row, "funded", period=row["funded_year"]),
    }


def others(table: pd.DataFrame, shown: Mapping[str, str]) -> list[str]:
    """Return the bodies in `cap_gap` not shown already: `shown` maps each shown series to the concept of its grant."""
    return [r["body"] for r in records(table) if shown.get(r["scope"]) != r["funded_concept"]]

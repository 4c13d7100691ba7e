"""Figures as somebody stated them: the latest of a concept, when it was said, and one gap as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, NotEstimableError, NotPublishedError
from osw_stats.meaning.definitions import GAPS, Row, concept, is_growth
from osw_stats.meaning.lookup import latest
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.meaning.quantity import Quantity
from osw_stats.yamlfile import read_yaml

SUBJECTS: dict[str, Any] = read_yaml(files("osw_stats.stats.capacity") / "capacity.yml", "capacity.yml")
MET = ("funded", "supported")  # what can stand against a need: money before support in words


def latest_stated(observations: pd.DataFrame, series_id: str, *concepts: str) -> dict[str, Any] | None:
    """Return the latest figure of the first of these concepts ("" is none) that a series has; None without one."""
    known = observations[observations["obs_value"].notna()]
    for name in concepts:
        try:
            return latest(known, series_id, **({"breakdown": f"concept={name}"} if name else {}))
        except NotPublishedError:
            continue
    return None


def needs_and_means(
    observations: pd.DataFrame, what: str, series_ids: Iterable[str]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return need and means of every series that has both.

    NotPublishedError if none has: it names what lacks beside a need, or else every need.
    """
    pairs, lacking = [], []
    for series_id in series_ids:
        against, *concepts = SUBJECTS["allocated_in"].get(series_id, (series_id, *MET))
        need = latest_stated(observations, series_id, "needed")
        met = latest_stated(observations, against, *concepts)
        if need is not None and met is not None:
            pairs.append((need, met))
        elif need is not None:
            group = {"breakdown": f"concept={concepts[0]}"} if concepts[0] else {}
            lacking.append({"series_id": against} | group)
    if not pairs:
        wanted = lacking or [{"series_id": s, "breakdown": "concept=needed"} for s in series_ids]
        first = wanted[0]["series_id"]
        raise NotPublishedError(f"no body has {what} both needed and granted", first, wanted=wanted)
    return pairs


def difference(need: Row, met: Row) -> float:
    """Return need − what meets it, in their one unit.

    InputError if the two concepts are no need and its means (occupied posts and formation are never subtracted), or one is
    growth and the other a total; UnitMismatchError if they count different things.
    """
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


def gap_row(need: dict[str, Any], met: dict[str, Any]) -> dict[str, Any]:
    """Return what every table of gaps says of a need and its means; limits are the corners of their wordings."""
    gap, asked = difference(need, met), need["obs_value"]
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    row = {"need": asked, "funded": met["obs_value"], "funded_concept": concept(met), "gap": round(gap, 9)}
    row |= {"gap_lower": round(lower, 9), "gap_upper": round(upper, 9), "said": said_on(need)}
    row |= {"document": need["source_id"], "need_year": need["time_period"], "grade": "B"}
    row |= {"funded_year": met["time_period"], "method": f"need minus {concept(met)}, both as stated"}
    return row


def said_on(row: Row) -> str:
    """Return when a figure was stated: as its note says (`stated 2023-04: ...`), else as its document is dated."""
    noted = re.match(r"stated (\d{4}(-\d{2}){0,2})\b", str(row["note"]))
    return noted[1] if noted else str(row["published"])


def gap_of(table: pd.DataFrame, met: str, **where: str) -> dict[str, Any]:
    """Return the row of a table of gaps that holds these values, where it was granted as `met`; NotEstimableError if none."""
    for row in records(table):
        if where.items() <= row.items() and row["funded_concept"] == met:
            return row
    named = ", ".join(f"{k}={v}" for k, v in where.items())
    raise NotEstimableError(f"no figure both needed and {met} for {named}")


def numbers(row: Mapping[str, Any]) -> dict[str, Number]:
    """Return `gap`, `need` and `met` of a row of a table of gaps, each with its period.

    The verdict of the gap says whether need and means are of one year.
    """
    verdict = "one_year" if row["need_year"] == row["funded_year"] else "years_differ"
    return {
        "gap": Number.from_row(row, "gap", "gap_lower", "gap_upper", verdict=verdict),
        "need": Number.from_row(row, "need", period=row["need_year"]),
        "met": Number.from_row(row, "funded", period=row["funded_year"]),
    }


def others(table: pd.DataFrame, told: Mapping[str, str]) -> list[str]:
    """Return the bodies in `cap_gap` that are not told already: `told` is how each told series was granted."""
    return [r["body"] for r in records(table) if told.get(r["scope"]) != r["funded_concept"]]

"""Figures as somebody stated them: the latest of a concept, when it was said, and one gap as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.vocabulary.concepts import Row
from osw_stats.vocabulary.lookup import latest
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import records

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


def nothing_both(what: str, lacking: list[dict[str, str]], asked: Iterable[str]) -> NotPublishedError:
    """Return the error of a table of gaps without rows: what lacks beside a need, or else every need."""
    wanted = lacking or [{"series_id": s, "breakdown": "concept=needed"} for s in asked]
    return NotPublishedError(
        f"no body has {what} both needed and granted", wanted[0]["series_id"], wanted=wanted
    )


def said_on(row: Row) -> str:
    """Return when a figure was stated: as its note says (`stated 2023-04: ...`), else as its document is dated."""
    noted = re.match(r"stated (\d{4}(-\d{2}){0,2})\b", str(row["note"]))
    return noted[1] if noted else str(row["published"])


def gap_of(table: pd.DataFrame, met: str, **where: str) -> dict[str, Any]:
    """Return the row of a table of gaps that holds these values, where it was granted as `met`.

    Raises
    ------
    NotEstimableError
        If there is none: what lacks is said where the table is made.
    """
    rows = [r for r in records(table) if where.items() <= r.items() and r["funded_concept"] == met]
    if not rows:
        named = ", ".join(f"{k}={v}" for k, v in where.items())
        raise NotEstimableError(f"no figure both needed and {met} for {named}")
    return rows[0]


def numbers(row: Mapping[str, Any]) -> dict[str, Number]:
    """Return `gap`, `need` and `met` of a row of a table of gaps, each with its period.

    The verdict of the gap says whether need and means are of one year.
    """
    mixed = row["need_year"] != row["funded_year"]
    return {
        "gap": Number.from_row(
            row, "gap", "gap_lower", "gap_upper", verdict="years_differ" if mixed else "one_year"
        ),
        "need": Number.from_row(row, "need", period=row["need_year"]),
        "met": Number.from_row(row, "funded", period=row["funded_year"]),
    }


def others(table: pd.DataFrame, told: Mapping[str, str]) -> list[str]:
    """Return the bodies in `cap_gap` that are not told already: `told` is how each told series was granted."""
    return [r["body"] for r in records(table) if told.get(r["scope"]) != r["funded_concept"]]

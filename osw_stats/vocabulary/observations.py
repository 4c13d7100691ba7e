"""The tidy table: one published figure a row, with everything that says what it is.

Columns stand in columns.yml. Missing is never zero: a figure that is withheld or not applicable has a status and no value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.vocabulary.packaged import packaged
from osw_stats.vocabulary.quantities import QuantityDtype

# a locator that says another document quotes this one
QUOTED = re.compile(r"\b(?:aangehaald|geciteerd|quoted|cited) in ")


@dataclass(frozen=True)
class Column:
    """A column of the tidy table, for the schema and for the data dictionary alike."""

    name: str
    type: str
    nl: str
    en: str
    allowed: tuple[str, ...] = ()
    required: bool = True


COLUMNS: tuple[Column, ...] = tuple(
    Column(name, **about | {"allowed": tuple(about.get("allowed", ()))})
    for name, about in packaged("columns.yml").items()
)
NAMES = [c.name for c in COLUMNS]
_ALLOWED = {c.name: c.allowed for c in COLUMNS}
SEXES, STATUSES, PRECISIONS = (_ALLOWED[name] for name in ("sex", "obs_status", "published_precision"))
WITHOUT_VALUE = ("withheld", "not_applicable", "not_registered", "not_found")
# everybody, in each column of the key
WHOLE = {"sex": "total", "age": "total", "region": "NL", "breakdown": ""}
KEY = ["series_id", "time_period", *WHOLE]
_NO_END = 999  # the last year of an open age band
COMPUTED = "derived"  # stands for the document in the id of a figure that we derived from two others


def published(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that stand in a document, without what was derived from two of them at reading."""
    return observations[~observations["obs_id"].str.endswith(f"/{COMPUTED}")]


def public(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return every figure that was certainly public on a day, of all documents."""
    return observations[observations["known_by"] <= day.isoformat()]


def as_of(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the vintage an edition sees: per figure the latest one public on `day`, in the order of the table.

    Figures that stand beside a preferred one of another source do not enter.
    """
    known = public(observations, day)
    main = known[known["role"] == "main"]
    return main.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last").sort_index()


def pick(observations: pd.DataFrame, series_id: str, **where: str) -> pd.DataFrame:
    """Return the figures of one series; totals unless `where` names another sex, age, region or breakdown.

    The total is the whole that the series is about: both sexes, the age band that holds the others, the whole country,
    no breakdown. Of a series that has no such row the only group there is will do.

    Raises
    ------
    NotPublishedError
        If nothing is left.
    InputError
        If the series has several groups and no total; the message names them.
    """
    wanted = {"series_id": series_id, **where}
    # over all periods of the series, so that each period gives the same whole
    scope = {k: v for k, v in wanted.items() if k in ("series_id", "breakdown")}
    left = observations[matching(observations, scope)]
    for column in ("breakdown", "region", "sex", "age"):
        if column not in where and len(left) and matching(observations, wanted).any():
            wanted[column] = _whole(column, left, series_id)
            left = left[matching(left, {column: wanted[column]})]
    rows = observations[matching(observations, wanted)]
    if rows.empty:
        named = ", ".join(f"{k}={v}" for k, v in wanted.items() if v)
        raise NotPublishedError(f"no figure for {named}", series_id, wanted=[wanted])
    return rows


def _whole(column: str, of_series: pd.DataFrame, series_id: str) -> str:
    """Return what stands for everybody in a column of one series, or the only value there is."""
    groups = sorted(set(of_series[column].astype(str)))
    if column == "age" and WHOLE["age"] not in groups:
        bands = [(band, *_ends(band)) for band in groups]
        low, high = min(b[1] for b in bands), max(b[2] for b in bands)
        groups = [band for band, *ends in bands if ends == [low, high]] or groups
    if WHOLE[column] in groups:
        return WHOLE[column]
    if len(groups) > 1:
        remedy = f"Name one, {column}= one of: {', '.join(groups)}."
        problem = "this series has several groups and no total"
        raise InputError(problem, remedy, column=column, value=series_id)
    return groups.pop()


def _ends(band: str) -> tuple[int, int]:
    """Return the first and last year of an age band: "16+", "12-24" or "16"."""
    low, _, high = band.removesuffix("+").partition("-")
    return int(low), _NO_END if band.endswith("+") else int(high or low)


def matching(observations: pd.DataFrame, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
    """Say of every row whether it holds these values, by column."""
    hit: NDArray[np.bool_] = np.logical_and.reduce([observations[c] == value for c, value in wanted.items()])
    return hit


def published_limits(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return the published confidence limits of a figure, NaN where there are none."""
    return float(row["ci_lower"]), float(row["ci_upper"])


def wording_kind(row: Mapping[str, Any]) -> str:
    """Return what `lower` and `upper` of a figure are: what rounding leaves open, or nothing."""
    return "rounding" if row["lower"] < row["upper"] else "none"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column name, numbers without their unit."""
    # not `to_dict`: it takes every column by position, three times as dear on the few rows of a series
    names = list(frame.columns)
    columns = (frame[name] for name in names)
    plain = (c.astype(float) if isinstance(c.dtype, QuantityDtype) else c for c in columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*(c.tolist() for c in plain), strict=True)]


def dictionary() -> pd.DataFrame:
    """Return the data dictionary: one row a column of the tidy table, in two languages."""
    return pd.DataFrame(
        {
            "column": NAMES,
            "type": [c.type for c in COLUMNS],
            "required": ["yes" if c.required else "no" for c in COLUMNS],
            "allowed": [" | ".join(c.allowed) for c in COLUMNS],
            "description_nl": [c.nl for c in COLUMNS],
            "description_en": [c.en for c in COLUMNS],
        }
    )

"""The tidy table: one published figure a row, with everything that says what it is.

Column names follow SDMX as official statistics uses it. Missing is never zero:
a figure that is withheld or not applicable has a status and no value.
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
from osw_stats.vocabulary.quantities import QuantityDtype

# a locator that says another document quotes this one
QUOTED = re.compile(r"\b(?:aangehaald|geciteerd|quoted|cited) in ")
SEXES = ("total", "female", "male", "other")
STATUSES = (
    "normal", "provisional", "revised", "estimated", "derived", "withheld", "not_applicable",
    "not_registered", "not_found",
)  # fmt: skip
INTERVAL_KINDS = ("published", "rounding", "none")
PRECISIONS = ("day", "month", "year", "unknown")
ROLES = ("main", "alternative")
# withheld: the publisher has it and keeps it; not_registered: nobody counts it; not_found: it was
# not in what we read, which is no proof that it was not published
WITHOUT_VALUE = ("withheld", "not_applicable", "not_registered", "not_found")


@dataclass(frozen=True)
class Column:
    """A column of the tidy table, for the schema and for the data dictionary alike."""

    name: str
    dtype: str
    nl: str
    en: str
    allowed: tuple[str, ...] = ()
    required: bool = True


COLUMNS: tuple[Column, ...] = (
    Column("obs_id", "str", "Sleutel van het cijfer", "Key of the figure"),
    Column("series_id", "str", "Reeks", "Series"),
    Column("publisher", "str", "Wie het cijfer publiceert", "Who publishes the figure"),
    Column("indicator", "str", "Wat gemeten is", "What was measured"),
    Column("unit_measure", "str", "Eenheid: wat er geteld is", "Unit: what was counted"),
    Column("time_period", "str", "Periode (2024, 2024-07, 2024-H2)", "Period"),
    Column("sex", "str", "Geslacht", "Sex", SEXES),
    Column("age", "str", "Leeftijd, beide grenzen inbegrepen", "Age, both limits included"),
    Column("region", "str", "Gebied (NL = heel Nederland)", "Area (NL = the whole country)"),
    Column("breakdown", "str", "Andere uitsplitsing", "Other breakdown", required=False),
    Column("obs_value", "float", "Waarde; leeg als niet gepubliceerd", "Value; empty if not published", required=False),
    Column("lower", "float", "Laagste waarde die de gedrukte woorden openlaten", "Lowest value the printed words leave open", required=False),
    Column("upper", "float", "Hoogste waarde die de gedrukte woorden openlaten", "Highest value the printed words leave open", required=False),
    Column("ci_lower", "float", "Ondergrens van de gepubliceerde steekproefmarge", "Lower published confidence limit", required=False),
    Column("ci_upper", "float", "Bovengrens van de gepubliceerde steekproefmarge", "Upper published confidence limit", required=False),
    Column("lower_closed", "bool", "Hoort de ondergrens zelf erbij?", "Does the lower end belong to it?"),
    Column("upper_closed", "bool", "Hoort de bovengrens zelf erbij?", "Does the upper end belong to it?"),
    Column("interval_kind", "str", "Soort interval", "Kind of interval", INTERVAL_KINDS),
    Column("obs_status", "str", "Status van het cijfer", "Status of the figure", STATUSES),
    Column("definition_id", "str", "Definitie; verspringt bij een breuk", "Definition; changes at a break"),
    Column("source_id", "str", "Document", "Document"),
    Column("locator", "str", "Plaats in het document", "Place in the document"),
    Column("as_reported", "str", "Zoals gedrukt", "As printed", required=False),
    Column("published", "str", "Datum van publicatie", "Date of publication", required=False),
    Column("published_precision", "str", "Hoe nauwkeurig die datum bekend is", "How exactly that date is known", PRECISIONS),
    Column("known_by", "str", "Dag waarop het cijfer zeker openbaar was", "Day on which the figure was certainly public"),
    Column("role", "str", "Geldt het cijfer, of staat het naast een ander?", "Does the figure count, or stand beside another?", ROLES),
    Column("note", "str", "Opmerking", "Note", required=False),
    Column("file", "str", "Bestand in data/raw", "File in data/raw"),
    Column("row", "int", "Regel in dat bestand", "Line in that file"),
)  # fmt: skip
NAMES = [c.name for c in COLUMNS]
WHOLE = {
    "sex": "total",
    "age": "total",
    "region": "NL",
    "breakdown": "",
}  # everybody, in each column of the key
NO_END = 999  # the last year of an open age band
KEY = ["series_id", "time_period", "sex", "age", "region", "breakdown"]

COMPUTED = "derived"  # stands for the document in the id of a figure that we derived from two others


def published(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that stand in a document, without what was derived from two of them at reading."""
    return observations[~observations["obs_id"].str.endswith(f"/{COMPUTED}")]


def public(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return every figure that was certainly public on a day, of all documents."""
    return observations[observations["known_by"] <= day.isoformat()]


def as_of(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the vintage an edition sees: per figure the latest one public on `day`.

    Figures that stand beside a preferred one of another source do not enter.

    Parameters
    ----------
    observations
        The tidy table with all vintages.
    day
        The as-of date; figures certainly public on or before it count.

    Returns
    -------
    pandas.DataFrame
        At most one row a key, in the order of the tidy table.
    """
    known = public(observations, day)
    latest = (
        known[known["role"] == "main"]
        .sort_values("known_by", kind="stable")
        .drop_duplicates(KEY, keep="last")
    )
    return latest.sort_index()


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
    left = observations[
        matching(observations, {k: wanted[k] for k in ("series_id", "breakdown") if k in wanted})
    ]
    for column in ("breakdown", "region", "sex", "age"):
        if column not in where and len(left) and matching(observations, wanted).any():
            wanted[column] = _whole(column, left, series_id)
            left = left[matching(left, {column: wanted[column]})]
    rows = observations[matching(observations, wanted)]
    if rows.empty:
        raise NotPublishedError(
            f"no figure for {', '.join(f'{k}={v}' for k, v in wanted.items() if v)}",
            series_id, wanted=[wanted],
        )  # fmt: skip
    return rows


def _whole(column: str, of_series: pd.DataFrame, series_id: str) -> str:
    """Return what stands for everybody in a column of one series, or the only value there is."""
    found = sorted(set(of_series[column].astype(str)))
    if column == "age" and WHOLE["age"] not in found:
        holding = [a for a in found if all(_holds(a, other) for other in found)]
        found = holding or found
    if WHOLE[column] in found:
        return WHOLE[column]
    if len(found) > 1:
        raise InputError(
            "this series has several groups and no total", f"Name one, {column}= one of: {', '.join(found)}.",
            column=column, value=series_id,
        )  # fmt: skip
    return found.pop()


def _holds(a: str, b: str) -> bool:
    """Say whether age band `a` ("16+", "12-24", "16") holds all of band `b`."""
    (low_a, high_a), (low_b, high_b) = (_ends(band) for band in (a, b))
    return low_a <= low_b and high_b <= high_a


def _ends(band: str) -> tuple[int, int]:
    low, _, high = band.removesuffix("+").partition("-")
    return int(low), NO_END if band.endswith("+") else int(high or low)


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
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(_plain(frame[name]).tolist() for name in names), strict=True)
    ]


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype(float) if isinstance(column.dtype, QuantityDtype) else column


def dictionary() -> pd.DataFrame:
    """Return the data dictionary: one row a column of the tidy table, in two languages."""
    return pd.DataFrame(
        [
            {
                "column": c.name,
                "type": c.dtype,
                "required": "yes" if c.required else "no",
                "allowed": " | ".join(c.allowed),
                "description_nl": c.nl,
                "description_en": c.en,
            }
            for c in COLUMNS
        ]
    )

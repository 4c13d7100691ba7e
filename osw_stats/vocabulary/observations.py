"""The tidy table: one published figure a row, with everything that says what it is.

Column names follow SDMX as official statistics uses it. Missing is never zero:
a figure that is withheld or not applicable has a status and no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotPublishedError

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
    Column("lower", "float", "Ondergrens van het interval", "Lower end of the interval", required=False),
    Column("upper", "float", "Bovengrens van het interval", "Upper end of the interval", required=False),
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
KEY = ["series_id", "time_period", "sex", "age", "region", "breakdown"]


def schema() -> Any:
    """Return the pandera schema of the tidy table."""
    # pandera takes half a second to import; only validation needs it
    import pandera.pandas as pa

    columns = {}
    for c in COLUMNS:
        checks: list[Any] = []
        if c.allowed:
            checks.append(pa.Check.isin(list(c.allowed), error=f"must be one of: {', '.join(c.allowed)}"))
        if c.dtype == "str" and c.required:
            checks.append(pa.Check.str_length(min_value=1, error="must not be empty"))
        kind = {"str": "str", "float": "float64", "int": "int64", "bool": "bool"}[c.dtype]
        columns[c.name] = pa.Column(kind, checks, nullable=c.dtype == "float")
    ordered = pa.Check(
        lambda d: (
            ~((d["lower"] > d["upper"]) | (d["obs_value"] < d["lower"]) | (d["obs_value"] > d["upper"]))
        ),
        error="lower <= value <= upper does not hold",
    )
    present = pa.Check(
        lambda d: d["obs_value"].notna() | d["lower"].notna() | d["obs_status"].isin(WITHOUT_VALUE),
        error="has no value and no range; give it the status withheld or not_applicable",
    )
    absent = pa.Check(
        lambda d: d["obs_value"].isna() | ~d["obs_status"].isin(WITHOUT_VALUE),
        error="is withheld or not applicable and must have no value",
    )
    counted = pa.Check(
        lambda d: (d["unit_measure"] == "percent") | d["obs_value"].isna() | d["obs_value"].ge(0),
        error="counts cannot be negative",
    )
    share = pa.Check(
        lambda d: (d["unit_measure"] != "percent") | d["obs_value"].isna() | d["obs_value"].abs().le(1000),
        error="is no plausible percentage",
    )
    return pa.DataFrameSchema(columns, checks=[ordered, present, absent, counted, share], strict=True)


def validate(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` when every rule of the tidy table holds.

    Raises
    ------
    InputError
        For the first rule that fails, with the file, row, column and value it fails on.
    """
    import pandera.errors

    try:
        schema().validate(observations, lazy=True)
    except pandera.errors.SchemaErrors as failed:
        case = failed.failure_cases.sort_values("index", kind="stable").iloc[0]
        index = None if pd.isna(case["index"]) else int(case["index"])
        place: Any = observations.loc[index] if index is not None else None
        raise InputError(
            f"breaks a rule of the tidy table: {case['check']}",
            "Correct the row in the raw file.",
            file=None if place is None else place["file"],
            row=None if place is None else int(place["row"]),
            column=None if case["column"] in (None, observations.index.name) else str(case["column"]),
            value=case["failure_case"] if case["column"] in NAMES else _value(place),
        ) from None
    twice = observations[observations.duplicated([*KEY, "known_by", "source_id"], keep=False)]
    if len(twice):
        first, second = twice.iloc[0], twice.iloc[1]
        raise InputError(
            f"the same figure of the same date stands also in {first['file']}, row {first['row']}",
            "Keep one of the two, or give the later vintage its own publication date.",
            file=second["file"], row=int(second["row"]), column="series_id", value=second["series_id"],
        )  # fmt: skip
    return observations


def _value(place: Any) -> object:
    return None if place is None else place["obs_value"]


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
    counts = observations["role"] == "main"
    public = observations[counts & (observations["known_by"] <= day.isoformat())]
    latest = public.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last")
    return latest.sort_index()


def pick(observations: pd.DataFrame, series_id: str, **where: str) -> pd.DataFrame:
    """Return the rows of one series; totals unless `where` names another sex, age or breakdown.

    Raises
    ------
    NotPublishedError
        If nothing is left.
    """
    wanted = {"series_id": series_id, **where}
    rows = observations[matching(observations, wanted)]
    if rows.empty:
        raise NotPublishedError(
            f"no figure for {', '.join(f'{k}={v}' for k, v in wanted.items())}",
            series_id, wanted=[wanted],
        )  # fmt: skip
    return rows


def matching(observations: pd.DataFrame, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
    """Say of every row whether it holds these values, by column."""
    hit: NDArray[np.bool_] = np.logical_and.reduce([observations[c] == value for c, value in wanted.items()])
    return hit


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column name."""
    # not `to_dict`: it takes every column by position, three times as dear on the few rows of a series
    names = list(frame.columns)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(frame[name].tolist() for name in names), strict=True)
    ]


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

"""The tidy table: one published figure a row, with everything that says what it is.

Columns stand in columns.yml. Missing is never zero: a figure that is withheld or not applicable has a status and no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.meaning.quantities import QuantityDtype
from osw_stats.yamlfile import read_yaml

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
    for name, about in read_yaml(Path(__file__).with_name("columns.yml")).items()
)
NAMES = [c.name for c in COLUMNS]
SEXES, STATUSES = (c.allowed for c in COLUMNS if c.name in ("sex", "obs_status"))
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
    no breakdown. Of a series that has no such row the only group there is will do. NotPublishedError says that nothing
    is left, InputError that the series has several groups and no total.
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
    if column == "age" and WHOLE["age"] not in groups:  # "16+", "12-24" or "16"
        ends = {
            band: (*map(int, re.findall(r"\d+", band)), *([_NO_END] if "+" in band else []))
            for band in groups
        }
        widest = min(e[0] for e in ends.values()), max(e[-1] for e in ends.values())
        groups = [band for band, e in ends.items() if (e[0], e[-1]) == widest] or groups
    if WHOLE[column] in groups:
        return WHOLE[column]
    if len(groups) > 1:
        remedy = f"Name one, {column}= one of: {', '.join(groups)}."
        problem = "this series has several groups and no total"
        raise InputError(problem, remedy, column=column, value=series_id)
    return groups.pop()


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
    columns = (frame[name] for name in frame.columns)
    plain = [(c.astype(float) if isinstance(c.dtype, QuantityDtype) else c).tolist() for c in columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*plain, strict=True)]


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


# what must hold of every row, and what a message says where it does not
_RULES: dict[str, Callable[[pd.DataFrame], pd.Series[bool]]] = {
    "lower <= value <= upper does not hold": lambda d: (
        ~((d["lower"] > d["upper"]) | (d["obs_value"] < d["lower"]) | (d["obs_value"] > d["upper"]))
    ),
    "has a value and does not say what its wording leaves open": lambda d: (
        d["obs_value"].isna()
        | d[["lower", "upper"]].notna().all(axis=1)
        | d["obs_status"].isin(WITHOUT_VALUE)
    ),
    "published limits enclose their value, and stand only where they were published": lambda d: (
        (d["interval_kind"].eq("published") & d["obs_value"].between(d["ci_lower"], d["ci_upper"]))
        | (d["interval_kind"].ne("published") & d["ci_lower"].isna() & d["ci_upper"].isna())
    ),
    "has no value and no range; give it the status withheld or not_applicable": lambda d: (
        d["obs_value"].notna() | d["lower"].notna() | d["obs_status"].isin(WITHOUT_VALUE)
    ),
    "is withheld or not applicable and must have no value": lambda d: (
        d["obs_value"].isna() | ~d["obs_status"].isin(WITHOUT_VALUE)
    ),
    "counts cannot be negative": lambda d: (d["unit_measure"] == "percent") | ~(d["obs_value"] < 0),
    "is no plausible percentage": lambda d: (d["unit_measure"] != "percent") | ~(d["obs_value"].abs() > 1000),
}


def _schema() -> Any:
    # pandera takes half a second to import; only validation needs it
    import pandera.pandas as pa

    def column(about: Column) -> Any:
        checks: list[Any] = []
        if about.allowed:
            problem = f"must be one of: {', '.join(about.allowed)}"
            checks.append(pa.Check.isin(list(about.allowed), error=problem))
        if about.type == "str" and about.required:
            checks.append(pa.Check.str_length(min_value=1, error="must not be empty"))
        kind = {"str": "str", "float": "float64", "int": "int64", "bool": "bool"}[about.type]
        return pa.Column(kind, checks, nullable=about.type == "float")

    checks = [pa.Check(rule, error=problem) for problem, rule in _RULES.items()]
    return pa.DataFrameSchema({c.name: column(c) for c in COLUMNS}, checks=checks, strict=True)


def validate(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` when every rule of the tidy table holds; else refuse the first that fails, by its place."""
    import pandera.errors

    try:
        _schema().validate(observations, lazy=True)
    except pandera.errors.SchemaErrors as failed:
        case = failed.failure_cases.sort_values("index", kind="stable").iloc[0]
        place: Any = {} if pd.isna(case["index"]) else observations.loc[int(case["index"])]
        in_column = case["column"] in NAMES
        raise InputError(
            f"breaks a rule of the tidy table: {case['check']}",
            "Correct the row in the raw file.",
            file=place.get("file"),
            row=int(place["row"]) if "row" in place else None,
            column=None if case["column"] in (None, observations.index.name) else str(case["column"]),
            value=case["failure_case"] if in_column else place.get("obs_value"),
        ) from None
    twice = observations[observations.duplicated([*KEY, "known_by", "source_id"], keep=False)]
    if len(twice):
        first, second = twice.iloc[0], twice.iloc[1]
        problem = f"the same figure of the same date stands also in {first['file']}, row {first['row']}"
        remedy = "Keep one of the two, or give the later vintage its own publication date."
        place = {"file": second["file"], "row": int(second["row"])}
        raise InputError(problem, remedy, **place, column="series_id", value=second["series_id"])
    return observations

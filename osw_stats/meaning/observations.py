"""The tidy table: one published figure a row; a missing one is never zero but has a status. Columns: columns.yml."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import NotPublishedError
from osw_stats.meaning.quantities import QuantityDtype
from osw_stats.yamlfile import read_yaml, refusals

refused = refusals(__file__)

# a locator that marks a quotation in another document
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
WITHOUT_VALUE = ("withheld", "not_applicable", "unknown", "not_registered", "not_found")
# the code for the total, in each column of the key
WHOLE = {"sex": "total", "age": "total", "region": "NL", "breakdown": ""}
KEY = ["series_id", "time_period", *WHOLE]
_NO_END = 999  # the last year of an open age band
COMPUTED = "derived"  # in place of the document in the id of a figure derived from two others


def published(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the figures printed in a document, without those derived from two of them on reading."""
    return observations[~observations["obs_id"].str.endswith(f"/{COMPUTED}")]


def public(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return all figures, from all documents, that were certainly public on a day."""
    return observations[observations["known_by"] <= day.isoformat()]


def public_on(coded: pd.DataFrame, sources: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the hand-coded rows whose document (`source_id`) was certainly public on a day.

    >>> events = pd.DataFrame({"source_id": ["a", "b"]})
    >>> sources = pd.DataFrame({"source_id": ["a", "b"], "known_by": ["2023-01-01", "2025-01-01"]})
    >>> list(public_on(events, sources, date(2024, 12, 31))["source_id"])
    ['a']
    """
    return coded[coded["source_id"].isin(public(sources, day)["source_id"])].reset_index(drop=True)


def as_of(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the vintage of an edition: for each figure the latest main one public on `day`, in table order."""
    known = public(observations, day)
    main = known[known["role"] == "main"]
    return main.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last").sort_index()


def pick(observations: pd.DataFrame, series_id: str, **where: str) -> pd.DataFrame:
    """Return the figures of one series; totals unless `where` names another sex, age, region or breakdown."""
    # The total covers the whole population of the series; in a series without a total, its only group does.
    # NotPublishedError: nothing is left. InputError: the series has several groups and no total.
    wanted = {"series_id": series_id, **where}
    # over all periods of the series, so that each period has the same total
    scope = {k: v for k, v in wanted.items() if k in ("series_id", "breakdown")}
    candidates = observations[matching(observations, scope)]
    for column in ("breakdown", "region", "sex", "age"):
        if column not in where and len(candidates) and matching(observations, wanted).any():
            wanted[column] = _total_group(column, candidates, series_id)
            candidates = candidates[matching(candidates, {column: wanted[column]})]
    rows = observations[matching(observations, wanted)]
    if rows.empty:
        named = ", ".join(f"{k}={v}" for k, v in wanted.items() if v)
        raise NotPublishedError(f"no figure for {named}", series_id, wanted=[wanted])
    return rows


def _total_group(column: str, rows: pd.DataFrame, series_id: str) -> str:
    """Return the code for the total in a column of one series, or its only value."""
    groups = sorted(set(rows[column].astype(str)))
    if column == "age" and WHOLE["age"] not in groups:  # "16+", "12-24" or "16"
        ends = {band: [int(y) for y in band.replace("+", f"-{_NO_END}").split("-")] for band in groups}
        widest = min(e[0] for e in ends.values()), max(e[-1] for e in ends.values())
        groups = [band for band, e in ends.items() if (e[0], e[-1]) == widest] or groups
    if WHOLE[column] in groups:
        return WHOLE[column]
    if len(groups) > 1:
        raise refused("several_groups", column=column, value=series_id, groups=", ".join(groups))
    return groups.pop()


def matching(observations: pd.DataFrame, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
    """Return for each row whether it has these values, by column."""
    mask: NDArray[np.bool_] = np.logical_and.reduce([observations[c] == value for c, value in wanted.items()])
    return mask


def wording_kind(row: Mapping[str, Any]) -> str:
    """Return the kind of interval that `lower` and `upper` form: rounding, or none."""
    return "rounding" if row["lower"] < row["upper"] else "none"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column name, numbers without their unit."""
    # not `to_dict`: it takes every column by position, three times as slow on the few rows of a series
    # list the names once: iterating over an index is slow
    names, columns = list(frame.columns), []
    for name in names:
        column = frame[name]
        plain = column.astype(float) if isinstance(column.dtype, QuantityDtype) else column
        columns.append(plain.tolist())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def dictionary() -> pd.DataFrame:
    """Return the data dictionary: one row per column of the tidy table, in two languages."""
    required = {True: "yes", False: "no"}
    rows = [(c.name, c.type, required[c.required], " | ".join(c.allowed), c.nl, c.en) for c in COLUMNS]
    names = ["column", "type", "required", "allowed", "description_nl", "description_en"]
    return pd.DataFrame(rows, columns=names)


# the rules for every row, by the message where one is broken
_RULES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "lower <= value <= upper does not hold": lambda d: (
        ~((d.lower > d.upper) | (d.obs_value < d.lower) | (d.obs_value > d.upper))
    ),
    "has a value and does not say what its wording leaves open": lambda d: (
        d.obs_value.isna() | (d.lower.notna() & d.upper.notna()) | d.obs_status.isin(WITHOUT_VALUE)
    ),
    "published limits enclose their value, and stand only where they were published": lambda d: (
        d.obs_value.between(d.ci_lower, d.ci_upper).where(
            d.interval_kind == "published", d.ci_lower.isna() & d.ci_upper.isna()
        )
    ),
    "has no value and no range; give it the status withheld or not_applicable": lambda d: (
        d.obs_value.notna() | d.lower.notna() | d.obs_status.isin(WITHOUT_VALUE)
    ),
    "is withheld or not applicable and must have no value": lambda d: (
        d.obs_value.isna() | ~d.obs_status.isin(WITHOUT_VALUE)
    ),
    "counts cannot be negative": lambda d: (d.unit_measure == "percent") | ~(d.obs_value < 0),
    "is no plausible percentage": lambda d: (d.unit_measure != "percent") | ~(d.obs_value.abs() > 1000),
}


def validate(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `observations` if every rule of the tidy table holds; otherwise refuse the first violation."""
    kinds = {"str": "O", "float": "f", "int": "i", "bool": "b"}
    types = {name: column.dtype.kind for name, column in observations.items()}
    if types != {column.name: kinds[column.type] for column in COLUMNS}:
        raise refused("not_tidy", value=", ".join(map(str, types)), columns=", ".join(NAMES))
    # the position of the first row that breaks a rule, the rule, the column
    violations: list[tuple[int, str, str]] = []
    for column in COLUMNS:
        cells = observations[column.name]
        if column.allowed:
            bad, problem = ~cells.isin(column.allowed), f"must be one of: {', '.join(column.allowed)}"
        else:
            bad, problem = cells.isna() | cells.eq(""), "must not be empty"
        if column.required and bad.any():
            violations.append((int(bad.to_numpy().argmax()), problem, column.name))
    for problem, rule in _RULES.items():
        if not (holds := rule(observations).to_numpy()).all():
            violations.append((int(holds.argmin()), problem, "obs_value"))
    for position, problem, name in sorted(violations)[:1]:
        row = observations.iloc[position]
        place = {"file": row["file"], "row": int(row["row"]), "column": name}
        raise refused("rule", **place, value=row[name], rule=problem)
    duplicates = observations[observations.duplicated([*KEY, "known_by", "source_id"], keep=False)]
    if len(duplicates):
        first, second = duplicates.iloc[0], duplicates.iloc[1]
        place = {"file": second["file"], "row": int(second["row"]), "column": "series_id"}
        raise refused("figure_twice", **place, value=second["series_id"], first=first)
    return observations

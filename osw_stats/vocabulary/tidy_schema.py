"""The rules of the tidy table, checked on every row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import COLUMNS, KEY, NAMES, WITHOUT_VALUE, Column


def _is_without_value(d: pd.DataFrame) -> pd.Series[bool]:
    return d["obs_status"].isin(WITHOUT_VALUE)


# what must hold of every row, and what a message says where it does not
_RULES: dict[str, Callable[[pd.DataFrame], pd.Series[bool]]] = {
    "lower <= value <= upper does not hold": lambda d: (
        ~((d["lower"] > d["upper"]) | (d["obs_value"] < d["lower"]) | (d["obs_value"] > d["upper"]))
    ),
    "has a value and does not say what its wording leaves open": lambda d: (
        d["obs_value"].isna() | d[["lower", "upper"]].notna().all(axis=1) | _is_without_value(d)
    ),
    "published limits enclose their value, and stand only where they were published": lambda d: (
        (d["interval_kind"].eq("published") & d["obs_value"].between(d["ci_lower"], d["ci_upper"]))
        | (d["interval_kind"].ne("published") & d["ci_lower"].isna() & d["ci_upper"].isna())
    ),
    "has no value and no range; give it the status withheld or not_applicable": lambda d: (
        d["obs_value"].notna() | d["lower"].notna() | _is_without_value(d)
    ),
    "is withheld or not applicable and must have no value": lambda d: (
        d["obs_value"].isna() | ~_is_without_value(d)
    ),
    "counts cannot be negative": lambda d: (d["unit_measure"] == "percent") | ~(d["obs_value"] < 0),
    "is no plausible percentage": lambda d: (d["unit_measure"] != "percent") | ~(d["obs_value"].abs() > 1000),
}


def schema() -> Any:
    """Return the pandera schema of the tidy table."""
    # pandera takes half a second to import; only validation needs it
    import pandera.pandas as pa

    def column(about: Column) -> Any:
        checks: list[Any] = []
        if about.allowed:
            checks.append(
                pa.Check.isin(list(about.allowed), error=f"must be one of: {', '.join(about.allowed)}")
            )
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
        schema().validate(observations, lazy=True)
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

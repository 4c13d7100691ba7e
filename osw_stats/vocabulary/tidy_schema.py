"""The rules of the tidy table, checked on every row."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import COLUMNS, KEY, NAMES, WITHOUT_VALUE


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
    ranged = pa.Check(
        lambda d: (
            d["obs_value"].isna()
            | d[["lower", "upper"]].notna().all(axis=1)
            | d["obs_status"].isin(WITHOUT_VALUE)
        ),
        error="has a value and does not say what its wording leaves open",
    )
    margin = pa.Check(
        lambda d: (
            (d["interval_kind"].eq("published") & d["obs_value"].between(d["ci_lower"], d["ci_upper"]))
            | (d["interval_kind"].ne("published") & d["ci_lower"].isna() & d["ci_upper"].isna())
        ),
        error="published limits enclose their value, and stand only where they were published",
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
    return pa.DataFrameSchema(
        columns, checks=[ordered, ranged, margin, present, absent, counted, share], strict=True
    )


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

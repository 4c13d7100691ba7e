"""Print the observations of a published table, in order, without holding the text in memory."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from osw_stats.data.statline.table import ENDS, OPEN, Table

CHUNK = 50_000  # rows turned into text at a time


def to_json(table: Table) -> Iterator[str]:
    """Yield a JSON list with one object an observation.

    Each has `time_period`, `dims` (by the table's own names), `measure`, `value` (null where
    there is none), `ci_lower`, `ci_upper`, `obs_status`, `row`; `labels` where a code list was there, and `lower` and `upper`
    where marks leave an interval open.
    """
    yield "["
    rows = (row for part in _chunks(table.frame) for row in part.to_dict("records"))
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(_entry(row, table), ensure_ascii=False)
    yield "\n]\n"


def to_csv(table: Table) -> Iterator[str]:
    """Yield CSV text: the dimensions first, then period, measure, value, limits, status and row."""
    for number, part in enumerate(_chunks(table.frame)):
        yield part.to_csv(index=False, header=number == 0, float_format="%.12g", lineterminator="\n")


def _chunks(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for start in range(0, len(frame), CHUNK):
        yield frame.iloc[start : start + CHUNK]


def _entry(row: dict[Any, Any], table: Table) -> dict[str, Any]:
    dims = {name: str(row[name]) for name in table.dims}
    numbers = {name: _number(row[name]) for name in ("value", *ENDS, *OPEN) if name in row}
    entry = {"time_period": row["time_period"], "dims": dims, "measure": row["measure"], **numbers}
    entry |= {"obs_status": row["obs_status"], "row": row["row"]}
    coded = dims | {"measure": str(row["measure"])}
    labels = {n: table.labels[n][c] for n, c in coded.items() if c in table.labels.get(n, {})}
    return entry | ({"labels": labels} if labels else {})


def _number(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if value == int(value) else value

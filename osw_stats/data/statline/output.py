"""Print the observations of a published table, in order, without holding the text in memory."""

import json
import math
from collections.abc import Iterator

import pandas as pd

from osw_stats.data.statline.table import ENDS, OPEN, Table

CHUNK = 50_000  # rows turned into text at a time


def to_json(table: Table) -> Iterator[str]:
    """Yield a JSON list with one object an observation; `lower` and `upper` where marks leave an interval open."""
    yield "["
    for number, row in enumerate(row for part in _chunks(table.frame) for row in part.to_dict("records")):
        dims = {name: str(row[name]) for name in table.dims}
        coded = dims | {"measure": str(row["measure"])}
        entry = {"time_period": row["time_period"], "dims": dims, "measure": row["measure"]}
        for name in ("value", *ENDS, *OPEN):
            if name in row:
                entry[name] = (
                    None if math.isnan(value := row[name]) else int(value) if value % 1 == 0 else value
                )
        entry |= {"obs_status": row["obs_status"], "row": row["row"]}
        labels = {n: table.labels[n][c] for n, c in coded.items() if c in table.labels.get(n, {})}
        entry |= {"labels": labels} if labels else {}
        yield ("," if number else "") + "\n" + json.dumps(entry, ensure_ascii=False)
    yield "\n]\n"


def to_csv(table: Table) -> Iterator[str]:
    """Yield CSV text: the dimensions first, then period, measure, value, limits, status and row."""
    for number, part in enumerate(_chunks(table.frame)):
        yield part.to_csv(index=False, header=number == 0, float_format="%.12g", lineterminator="\n")


def _chunks(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    return (frame.iloc[start : start + CHUNK] for start in range(0, len(frame), CHUNK))

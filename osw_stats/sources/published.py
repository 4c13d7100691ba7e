"""Downloaded tables: all their cells, and among them the figures of series we know."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.sources.register import SourceRecord
from osw_stats.sources.statline.read import read_table
from osw_stats.sources.statline.table import Table
from osw_stats.vocabulary.limits import printed_range
from osw_stats.vocabulary.observations import NAMES, records
from osw_stats.vocabulary.periods import known_by
from osw_stats.vocabulary.series import series
from osw_stats.yamlfile import read_yaml

CELLS = [
    "table", "dims", "measure", "measure_label", "time_period", "value", "ci_lower", "ci_upper", "obs_status",
    "source_id", "known_by", "file", "row",
]  # fmt: skip
_LENGTH = {"year": 4, "month": 7}


@cache
def mapping() -> list[dict[str, Any]]:
    """Return which cells of which tables are figures of a known series."""
    entries: list[dict[str, Any]] = read_yaml(files("osw_stats.sources") / "mapping.yml", "mapping.yml")
    return entries


def read_download(record: SourceRecord) -> Table:
    """Read the table a download record describes: its one data file, or the pages of its folder."""
    data = [p for p in record.files if p.suffix == ".csv" and p.name not in _companions(record)]
    return read_table(data[0] if data else record.path)


def _companions(record: SourceRecord) -> set[str]:
    """Name the code lists that lie beside the data of a dump."""
    names = {p.name for p in record.files}
    return names - {record.record.name.removesuffix(".source.yml") + ".csv"} if len(names) > 1 else set()


def cells_of(record: SourceRecord, table: Table, root: Path) -> pd.DataFrame:
    """Return every cell of a table as one long table that fits any other table's."""
    frame = table.frame
    dims = pd.Series([""] * len(frame), index=frame.index, dtype="str")
    for number, name in enumerate(table.dims):
        dims = dims + ("; " if number else "") + f"{name}=" + frame[name].astype("str")
    titles = table.labels.get("measure", {})
    ((source_id, document),) = record.documents.items()
    return frame.assign(
        table=record.facts["table"],
        dims=dims,
        measure_label=frame["measure"].astype("str").map(lambda code: titles.get(code, code)),
        source_id=source_id,
        known_by=_known_by(record, document),
        file=record.path.relative_to(root).as_posix(),
    )[CELLS]


def observations_of(record: SourceRecord, table: Table, root: Path) -> pd.DataFrame:
    """Return the figures of known series that a table holds, as rows of the tidy table."""
    rows = [
        _observation(entry["series_id"], cell, record, root, table)
        for entry in mapping()
        if record.facts["table"] in entry["tables"]
        for cell in records(_matching(table, entry))
    ]
    return pd.DataFrame(rows, columns=NAMES)


def _matching(table: Table, entry: dict[str, Any]) -> pd.DataFrame:
    frame = table.frame
    hit = frame["measure"].astype("str").str.contains(re.compile(entry["measure"], re.I))
    hit &= frame["time_period"].str.len() == _LENGTH[entry["period"]]
    for condition in entry["where"]:
        name = next((n for n in condition["names"] if n in table.dims), None)
        if name is not None:
            codes = frame[name].astype("str").str.split(" ").str[0]
            hit &= codes.isin(condition["codes"])
    return frame[hit]


def _observation(
    series_id: str, cell: dict[str, Any], record: SourceRecord, root: Path, table: Table
) -> dict[str, Any]:
    about = series(series_id)
    ((source_id, document),) = record.documents.items()
    where = ", ".join(f"{name} {cell[name]}" for name in table.dims)
    ci = (cell["ci_lower"], cell["ci_upper"])
    low, high = printed_range(cell["value"], *ci) if about.unit == "percent" else (cell["value"],) * 2
    return {
        "obs_id": f"{series_id}/{cell['time_period']}/{source_id}",
        "series_id": series_id,
        "publisher": about.publisher,
        "indicator": about.indicator,
        "unit_measure": about.unit,
        "time_period": cell["time_period"],
        "sex": "total",
        "age": "total",
        "region": "NL",
        "breakdown": "",
        "obs_value": cell["value"],
        "lower": low,
        "upper": high,
        "ci_lower": ci[0],
        "ci_upper": ci[1],
        "lower_closed": True,
        "upper_closed": not low < high,
        "interval_kind": "published" if not pd.isna(ci[0]) else "rounding" if low < high else "none",
        "obs_status": cell["obs_status"],
        "definition_id": about.definition_id(cell["time_period"]),
        "source_id": source_id,
        "locator": f"{where}, {cell['time_period']}, {cell['measure']}",
        "as_reported": "",
        "published": record.facts.get("published", ""),
        "published_precision": record.facts["published_precision"],
        "known_by": _known_by(record, document),
        "role": "main",
        "note": "",
        "file": record.path.relative_to(root).as_posix(),
        "row": cell["row"],
    }


def _known_by(record: SourceRecord, document: dict[str, str]) -> str:
    facts = record.facts
    return known_by(facts.get("published", ""), facts["published_precision"], document["seen"]).isoformat()

"""Downloaded tables: all their cells, and the figures of known series among them."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.register import SUFFIX, SourceRecord
from osw_stats.data.rows import tidy_row
from osw_stats.data.statline.read import read_table
from osw_stats.data.statline.table import ENDS, OPEN, Table
from osw_stats.meaning.observations import NAMES, records
from osw_stats.meaning.periods import known_by
from osw_stats.meaning.rounding import printed_range
from osw_stats.meaning.series import series
from osw_stats.yamlfile import read_yaml

CELLS = ["table", "dims", "measure", "measure_label", "time_period", "value", "lower", "upper"]
CELLS += ["ci_lower", "ci_upper", "obs_status", "source_id", "known_by", "file", "row"]
SHAPE = {"year": r"\d{4}", "month": r"\d{4}-\d{2}"}  # of the text of a period

CHUNK = 50_000  # rows turned into text at a time
# the cells of tables that are figures of a known series
MAPPING: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("mapping.yml"))


def read_download(record: SourceRecord) -> Table:
    """Read the table a download record describes: the file it is named after, or the pages of its folder."""
    base_name = record.record.name.removesuffix(SUFFIX)
    data = next((path for path in record.files if path.stem == base_name), record.path)
    return read_table(data, record.facts)


def cells_of(record: SourceRecord, table: Table, root: Path) -> pd.DataFrame:
    """Return all cells of a table in long format, with the same columns for every table."""
    frame = table.frame
    dims = pd.Series([""] * len(frame), index=frame.index, dtype="str")
    for number, name in enumerate(table.dims):
        dims = dims + ("; " if number else "") + f"{name}=" + frame[name].astype("str")
    titles = table.labels.get("measure", {})
    ((source_id, document),) = record.documents.items()
    facts = record.facts
    public = known_by(facts.get("published", ""), facts["published_precision"], document["seen"])
    label = frame["measure"].astype("str").map(lambda code: titles.get(code, code))
    about = {"table": facts["table"], "source_id": source_id, "known_by": public.isoformat()}
    about["file"] = record.path.relative_to(root).as_posix()
    return frame.assign(dims=dims, measure_label=label, **about).reindex(columns=CELLS)


def observations_of(record: SourceRecord, table: Table, root: Path) -> pd.DataFrame:
    """Return the figures of known series in a table, as rows of the tidy table."""
    ((source_id, document),) = record.documents.items()
    precision = record.facts["published_precision"]
    base = {"source_id": source_id, "published": record.facts.get("published", "")}
    base |= {"published_precision": precision, "file": record.path.relative_to(root).as_posix()}
    rows = []
    for entry in (entry for entry in MAPPING if record.facts["table"] in entry["tables"]):
        for cell in records(_matching(table, entry)):
            codes = ", ".join(f"{name} {cell[name]}" for name in table.dims)
            facts = {c: cell[c] for c in ("time_period", "ci_lower", "ci_upper", "obs_status", "row")} | base
            facts |= {"series_id": entry["series_id"], "obs_value": cell["value"]}
            facts["locator"] = f"{codes}, {cell['time_period']}, {cell['measure']}"
            if cell.get("upper", math.nan) == cell.get("upper"):  # a mark such as <5
                facts |= {"lower": cell["lower"], "upper": cell["upper"], "upper_closed": True}
            elif series(entry["series_id"]).unit == "percent":  # a count is exact
                limits = printed_range(cell["value"], cell["ci_lower"], cell["ci_upper"])
                facts |= dict(zip(("lower", "upper"), limits, strict=True))
            rows.append(tidy_row(document["seen"], **facts))
    return pd.DataFrame(rows, columns=NAMES)


def _matching(table: Table, entry: dict[str, Any]) -> pd.DataFrame:
    frame = table.frame
    matches = frame["measure"].astype("str").str.contains(re.compile(entry["measure"], re.I))
    matches &= frame["time_period"].str.fullmatch(SHAPE[entry["period"]])
    for condition in entry["where"]:
        name = next((n for n in condition["names"] if n in table.dims), None)
        if name is not None:
            codes = frame[name].astype("str").str.split(" ").str[0]
            matches &= codes.isin(condition["codes"])
    return frame[matches]


def to_json(table: Table) -> Iterator[str]:
    """Yield a JSON list with one object per observation; `lower` and `upper` where marks leave an interval open."""
    yield "["
    for number, row in enumerate(row for part in _chunks(table.frame) for row in part.to_dict("records")):
        dims = {name: str(row[name]) for name in table.dims}
        coded = dims | {"measure": str(row["measure"])}
        entry = {"time_period": row["time_period"], "dims": dims, "measure": row["measure"]}
        for name in ("value", *ENDS, *OPEN):
            if name in row:
                value = row[name]
                entry[name] = None if math.isnan(value) else int(value) if value % 1 == 0 else value
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

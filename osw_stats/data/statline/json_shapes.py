"""The JSON shapes of the OData services: version 3 (wide rows) and version 4 (one cell a row)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.statline.keys import PERIOD_NAMES
from osw_stats.data.statline.table import (
    Table,
    dimensions,
    finish,
    melt,
    merge_margins,
    numbers,
    refuse_negative,
)
from osw_stats.errors import InputError

_TOPIC = re.compile(r".+_\d+")
_V4 = ("Id", "Measure", "ValueAttribute", "Value")
# why a cell of version 4 has no value
ATTRIBUTES = {"None": "normal", "": "normal", "Impossible": "not_applicable", "Confidential": "withheld"}


def read_json(paths: Iterable[Path], name: str) -> Table:
    """Read the pages of one table, in order.

    Raises
    ------
    InputError
        If a page has no known shape, its columns differ from those of the first page, or a
        cell does not fit the shape.
    """
    folder, parts = None, []
    columns: list[str] | None = None
    offset = 1
    for path in paths:
        folder, records = path.parent, _records(path)
        if columns is None:
            columns = list(records[0])
        frame = _frame(records, columns, offset)
        parts.append(frame if columns is not None and set(columns) >= set(_V4) else _wide(frame))
        offset += len(records)
    if columns is None:
        raise InputError("holds no page", "Download the table again.", row=1)
    whole = parts[0] if len(parts) == 1 else _concat(parts)
    if set(columns) >= set(_V4):
        return observations_v4(whole.assign(row=whole.index), name, "v4-json")
    dims = _dims(columns)
    plain = [d for d in dims if d not in (*PERIOD_NAMES, "Marges", "Margins")]
    return finish(name, "v3-json", plain, merge_margins(whole, tuple(plain)), _labels(folder, plain))


def _labels(folder: Path | None, dims: list[str]) -> dict[str, dict[str, str]]:
    """Return the titles of codes and measures from the code lists beside the pages, where they are."""
    found = {}
    for name, file in [*((d, f"{d}.json") for d in dims), ("measure", "DataProperties.json")]:
        path = (folder or Path()) / file
        if folder is not None and path.is_file():
            found[name] = {
                str(r["Key"]).strip(): str(r["Title"])
                for r in _records(path)
                if r.get("Key") and r.get("Title")
            }
    return found


def _records(path: Path) -> list[dict[str, Any]]:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON number")

    try:
        page = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=refuse)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        row = getattr(error, "lineno", 1)
        raise InputError(
            f"cannot be read as JSON ({str(error)[:80]})", "Download the page again.", row=row
        ) from None
    if isinstance(page, dict) and "odata.error" in page:
        raise InputError(
            "is an error message of the service, not a table", "Download the table again.", row=1
        )
    value = page.get("value") if isinstance(page, dict) else None
    if not isinstance(value, list) or not value or not all(isinstance(r, dict) for r in value):
        raise InputError("is no OData answer with rows", "Download the table again.", row=1)
    return value


def _frame(records: list[dict[str, Any]], columns: list[str], offset: int) -> pd.DataFrame:
    """Return the records as text cells; null is kept apart from any text."""
    expected = set(columns)
    for number, record in enumerate(records, start=offset):
        if record.keys() != expected:
            differing = sorted(record.keys() ^ expected)[0]
            raise InputError(
                "this record has other fields than the first", "Download all pages of one edition of the table.",
                row=number, column=differing,
            )  # fmt: skip
    data = {c: [_cell(r[c], c, n) for n, r in enumerate(records, start=offset)] for c in columns}
    return pd.DataFrame(data, index=range(offset, offset + len(records)), dtype="str")


def _cell(value: Any, column: str, row: int) -> str:
    """Return a cell as the text the CSV shapes hold; null is withheld, never zero."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if value is None:
        return "."
    if kind is float:
        return np.format_float_positional(value, trim="-")
    raise InputError("is neither text nor a number", "Download the page again.", row=row, column=column, value=str(value)[:80])  # fmt: skip


def _dims(columns: list[str]) -> list[str]:
    return [c for c in columns if not _TOPIC.fullmatch(c) and c != "ID"]


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    dims = _dims(list(frame.columns))
    topics = [c for c in frame.columns if c not in dims and c != "ID"]
    if not topics:
        raise InputError("has no field of figures", "Download the table again.", row=int(frame.index[0]))
    return melt(frame, dims, topics, ".", margins=False)


def _concat(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put pages together without losing their categories, which keep a million rows small."""
    for column in parts[0].columns:
        if isinstance(parts[0][column].dtype, pd.CategoricalDtype):
            union = pd.api.types.union_categoricals([p[column] for p in parts], ignore_order=True).categories
            for part in parts:
                part[column] = part[column].cat.set_categories(union)
    return pd.concat(parts, ignore_index=True)


def observations_v4(records: pd.DataFrame, name: str, shape: str) -> Table:
    """Read version 4 observations: one cell a row, the reason for a missing value beside it."""
    dims = [c for c in records.columns if c not in (*_V4, "StringValue", "row")]
    base, plain = dimensions(records.set_index("row"), dims)
    unknown = set(records["ValueAttribute"].str.strip()) - set(ATTRIBUTES) - {"."}
    if unknown:
        code = min(unknown)
        at = records[records["ValueAttribute"].str.strip() == code].iloc[0]
        raise InputError(
            "is an unknown reason for a missing value", f"Known: {', '.join(filter(None, ATTRIBUTES))}.",
            row=int(at["row"]), column="ValueAttribute", value=code,
        )  # fmt: skip
    indexed = records.set_index("row")
    values, printed = numbers(indexed["Value"], ".")
    attribute = indexed["ValueAttribute"].str.strip().map(ATTRIBUTES | {".": "normal"})
    status = attribute.where(attribute != "normal", printed.where(printed == "normal", "withheld"))
    base["measure"] = indexed["Measure"].str.strip()
    for measure, part in values.groupby(base["measure"]):
        refuse_negative(part, str(measure))
    base["value"] = values.where(status == "normal")
    base["obs_status"] = status.where(status != "normal", base["obs_status"])
    return finish(name, shape, plain, merge_margins(base.reset_index(drop=True), plain), {})

"""A result table as JSON and back, with its types: nothing is guessed again from text."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.errors import InputError

Plain = dict[str, Any]
TYPES = {"quantity": "float64"}  # a table has its unit in a column


def to_plain(frame: pd.DataFrame) -> Plain:
    """Return a table as plain values: by column its name, its type and its cells.

    Examples
    --------
    >>> to_plain(pd.DataFrame({"n": [1.5, None]}))["columns"]
    [{'name': 'n', 'dtype': 'float64', 'cells': [1.5, None]}]
    """
    columns = [
        {
            "name": str(name),
            "dtype": TYPES.get(str(dtype), str(dtype)),
            "cells": [_cell(value, name) for value in frame.iloc[:, at].tolist()],
        }
        for at, (name, dtype) in enumerate(zip(frame.columns, frame.dtypes, strict=True))
    ]
    plain: Plain = {"columns": columns, "rows": len(frame)}
    if bridge := frame.attrs.get("bridge"):  # what joins two definitions is said under the table
        plain["bridge"] = {"nl": bridge.nl, "en": bridge.en}
    return plain


def _cell(value: Any, column: Any) -> Any:
    """Return a cell as JSON can hold it; InputError if it cannot."""
    if (isinstance(value, float) and math.isnan(value)) or value is pd.NA or value is pd.NaT:
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, tuple | list):
        return [_cell(v, column) for v in value]
    if hasattr(value, "item"):
        return _cell(value.item(), column)
    if hasattr(value, "__float__"):
        return _cell(float(value), column)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    problem = f"holds {type(value).__name__}, which no table of results can"
    raise InputError(problem, "Turn it into text or a number.", column=column)


def to_frame(plain: Plain) -> pd.DataFrame:
    """Return the table that `to_plain` gave, with its types.

    Examples
    --------
    >>> frame = pd.DataFrame({"n": [1.5, None], "t": ["a", "b"], "y": [True, False]})
    >>> to_frame(to_plain(frame)).equals(frame)
    True
    """
    index = pd.RangeIndex(plain["rows"])
    columns = [pd.Series(c["cells"], index=index, dtype=c["dtype"]) for c in plain["columns"]]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    frame.columns = pd.Index([c["name"] for c in plain["columns"]])
    return frame

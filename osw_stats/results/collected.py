"""Results registered by an executed notebook, read back: numbers, facts, tables, drawings and absences."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.meaning.numbers import Absent, Fact, Number

Plain = dict[str, Any]
TYPES = {"quantity": "float64"}  # a table has its unit in a column


@dataclass(frozen=True)
class Drawing:
    """A registered figure: drawing and texts by language, the rows drawn, and the code of its cell."""

    name: str
    charts: dict[str, Plain]
    rows: Plain
    code: str


@dataclass
class Results:
    """Everything one run registered, by name; `tables` are plain values until requested (`frame`)."""

    # `absent` names numbers, tables and figures alike. `parts` are what a page repeats: by name a list of
    # `{"key": "4", "name": {"nl": ..., "en": ...}, "figure": "claims-4"}`, the figure empty without one.
    numbers: dict[str, Number | Fact] = field(default_factory=dict)
    tables: dict[str, Plain] = field(default_factory=dict)
    figures: dict[str, Drawing] = field(default_factory=dict)
    parts: dict[str, list[Plain]] = field(default_factory=dict)
    absent: dict[str, Absent] = field(default_factory=dict)
    parameters: str = ""

    @classmethod
    def of_notebook(cls, notebook: Plain) -> "Results":
        """Read the outputs of an executed notebook."""
        results, parameters = cls(), []
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                code = "".join(cell["source"]).strip()
                if {"parameters", "injected-parameters"} & set(cell["metadata"].get("tags", [])):
                    parameters.append(code)
                sent = (output.get("metadata", {}).get("osw") for output in cell.get("outputs", []))
                results.take((item for item in sent if item), code)
        results.parameters = "\n".join(parameters)
        return results

    def take(self, sent: Iterable[Plain], code: str = "") -> "Results":
        """Add what a report sent (`Report.sent`), from a cell with this code."""
        for item in sent:
            kind, name = item["kind"], item["name"]
            if kind == "numbers":
                self.numbers |= {key: _number(plain) for key, plain in item["values"].items()}
            elif kind == "table":
                self.tables[name] = item["frame"]
            elif kind == "figure":
                self.figures[name] = Drawing(name, item["drawn"], item["frame"], code)
            elif kind == "parts":
                self.parts[name] = item["parts"]
            elif kind == "absent":
                reason = Absent(**item["reason"] | {"wanted": tuple(item["reason"]["wanted"])})
                self.absent |= dict.fromkeys(item["names"], reason)
        return self

    @classmethod
    def of_all(cls, runs: "Iterable[Results]") -> "Results":
        """Return the results of several runs; a name used by two of them is dropped."""
        combined, every = cls(), list(runs)
        used = Counter(name for run in every for name in run.names())
        for run in every:
            for kind in ("numbers", "tables", "figures", "parts", "absent"):
                getattr(combined, kind).update({n: v for n, v in getattr(run, kind).items() if used[n] == 1})
        return combined

    def frame(self, name: str) -> pd.DataFrame:
        """Return a registered table with its types."""
        return to_frame(self.tables[name])

    def names(self) -> set[str]:
        """Return every name a page can use."""
        return {*self.numbers, *self.tables, *self.figures, *self.parts, *self.absent}


def _number(plain: Plain) -> Number | Fact:
    """Return a number or a fact from plain values."""
    if "day" in plain:
        return Fact(date.fromisoformat(plain["day"]))
    if "count" in plain:
        return Fact(plain["count"])
    if "words" in plain:
        return Fact(plain["words"], tuple(plain["quotes"]), tuple(plain["counts"]))
    return Number(**plain | {"observations": tuple(plain["observations"])})


def to_plain(frame: pd.DataFrame) -> Plain:
    """Return a table as plain values: name, type and cells of each column.

    >>> to_plain(pd.DataFrame({"n": [1.5, None]}))["columns"]
    [{'name': 'n', 'dtype': 'float64', 'cells': [1.5, None]}]
    """
    columns = [
        {
            "name": str(name),
            "dtype": TYPES.get(str(dtype), str(dtype)),
            "cells": [_cell(value, name) for value in frame.iloc[:, index].tolist()],
        }
        for index, (name, dtype) in enumerate(zip(frame.columns, frame.dtypes, strict=True))
    ]
    plain: Plain = {"columns": columns, "rows": len(frame)}
    if bridge := frame.attrs.get("bridge"):  # the bridge between two definitions is shown under the table
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

    >>> frame = pd.DataFrame({"n": [1.5, None], "t": ["a", "b"], "y": [True, False]})
    >>> to_frame(to_plain(frame)).equals(frame)
    True
    """
    index = pd.RangeIndex(plain["rows"])
    columns = [pd.Series(c["cells"], index=index, dtype=c["dtype"]) for c in plain["columns"]]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    frame.columns = pd.Index([c["name"] for c in plain["columns"]])
    return frame

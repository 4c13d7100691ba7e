"""What an executed notebook registered, read back: numbers, facts, tables, drawings, and what is absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from osw_stats.meaning.numbers import Absent, Fact, Number
from osw_stats.results.frames import to_frame

Plain = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """A registered figure: by language what was drawn and said of it, the rows it draws, and the code of its cell."""

    name: str
    charts: dict[str, Plain]
    rows: Plain
    code: str


@dataclass
class Results:
    """Everything one run registered, by name.

    `tables` are plain until asked for (`frame`); `absent` are names of numbers, tables and figures alike; `own` are
    drawings of a researcher that no page can show. `parts` are what a page repeats: by name a list of
    `{"key": "4", "name": {"nl": ..., "en": ...}, "figure": "claims-4"}`, the figure empty without one.
    """

    numbers: dict[str, Number | Fact] = field(default_factory=dict)
    tables: dict[str, Plain] = field(default_factory=dict)
    figures: dict[str, Drawing] = field(default_factory=dict)
    parts: dict[str, list[Plain]] = field(default_factory=dict)
    absent: dict[str, Absent] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    parameters: str = ""

    @classmethod
    def of_notebook(cls, notebook: Plain) -> Results:
        """Read the outputs of an executed notebook."""
        results, given = cls(), []
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                code = "".join(cell["source"]).strip()
                if {"parameters", "injected-parameters"} & set(cell["metadata"].get("tags", [])):
                    given.append(code)
                sent = (output.get("metadata", {}).get("osw") for output in cell.get("outputs", []))
                results.take((item for item in sent if item), code)
        results.parameters = "\n".join(given)
        return results

    def take(self, sent: Iterable[Plain], code: str = "") -> Results:
        """Add what a report sent (`Report.sent`), from a cell with this code."""
        for item in sent:
            kind, name = item["kind"], item["name"]
            if kind == "numbers":
                self.numbers |= {key: _number(plain) for key, plain in item["values"].items()}
            elif kind == "table":
                self.tables[name] = item["frame"]
            elif kind == "figure" and item["drawn"]:
                self.figures[name] = Drawing(name, item["drawn"], item["frame"], code)
            elif kind == "figure":
                self.own.append(name)
            elif kind == "parts":
                self.parts[name] = item["parts"]
            elif kind == "absent":
                reason = Absent(**item["reason"] | {"wanted": tuple(item["reason"]["wanted"])})
                self.absent |= dict.fromkeys(item["names"], reason)
        return self

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

"""Result tables for readers: which columns, in which words, how rounded.

The machine-readable file keeps every column at full precision; only what is shown here
is rounded. Which columns a table shows stands in `tables.yml`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.rows import FORMULA
from osw_stats.errors import InputError
from osw_stats.meaning.observations import records

Row = dict[str, Any]
Cell = Callable[[Row, str], str]  # from a row of a table and a language


@dataclass(frozen=True)
class Shown:
    """One column: its heading and how a row becomes a cell, plain text unless `marked` as our own Markdown."""

    nl: str
    en: str
    cell: Cell
    number: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Layout:
    """A result table for readers: caption and columns; `words` for cells that hold sentences."""

    nl: str
    en: str
    columns: tuple[Shown, ...]
    words: bool = False


def markdown(frame: pd.DataFrame, layout: Layout, language: str) -> str:
    """Return a pipe table with its caption, for page, PDF, Word and JupyterLab; the first column is the row heading."""
    heads = [getattr(c, language) for c in layout.columns]
    rows = [
        [text if c.marked else escape(text) for c in layout.columns for text in [c.cell(row, language)]]
        for row in records(frame)
    ]
    numeric = [index for index, c in enumerate(layout.columns) if c.number]
    text = f"{pipe_table([*map(escape, heads)], rows, numeric)}\n: {getattr(layout, language)}\n"
    return f"::: {{.words}}\n{text}\n:::\n" if layout.words else text


def pipe_table(heads: Sequence[str], rows: Iterable[Sequence[str]], numeric: Collection[int] = ()) -> str:
    """Return a table in Markdown, of cells in Markdown; `numeric` columns (from 0) are set to the right."""
    rule = ["---:" if index in numeric else ":---" for index in range(len(heads))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *rows))


def escape(text: str) -> str:
    """Keep cell text from being read as Markdown."""
    for mark in "\\|*_`[]<>$#^~@":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ")


def csv_text(frame: pd.DataFrame) -> str:
    """Return the machine-readable table: twelve significant digits, Unix line ends, no formulas.

    Why: spreadsheet programs run a cell that begins as a formula does. Text that does gets an
    apostrophe in front, which those programs do not show; numbers stay as they are. A number
    without end is refused: for many programs "inf" is no number.

    >>> print(csv_text(pd.DataFrame({"a": ["=1+1", "-5,2", "@x", "plain"], "b": [-1, 2, 3, 4]})), end="")
    a,b
    '=1+1,-1
    "-5,2",2
    '@x,3
    plain,4
    """
    safe = frame.copy()
    for i, (column, kind) in enumerate(frame.dtypes.items()):  # by position: two columns may have one name
        values = frame.iloc[:, i]
        if kind.kind == "f" and np.isinf(values).any():
            remedy = "Leave it empty, with the reason beside it."
            raise InputError("holds a number without end", remedy, column=str(column))
        if kind == "object" or pd.api.types.is_string_dtype(kind):
            safe.isetitem(i, values.map(_safe).array)
    return safe.to_csv(index=False, float_format="%.12g", lineterminator="\n")


def _safe(cell: object) -> object:
    """Return a cell that stays one cell and that no program runs."""
    if not isinstance(cell, str):
        return cell
    return "'" * bool(FORMULA.match(cell)) + cell.replace("\r\n", "\n").replace("\r", "\n")

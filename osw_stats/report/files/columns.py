"""How wide the columns of a printed table are: by the words in them.

Why: on paper nothing scrolls. Every column first gets room for its longest word (a column
of numbers for its longest number with margin), and what is left goes to the columns with
the most text. Where a text would still become a tall pillar of short lines, numbers give room:
their margin may then stand on a second line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from osw_stats.report.files.tree import Node, plain

LINE = 116  # characters of table text on a line of A4 upright
LONGEST_WORD, LONGEST_NUMBER = 15, 23  # what is longer is broken
LONGEST_HEADING = 11  # characters of a word in a heading; what is longer is hyphenated
GAP = 4  # characters of padding, and for bold headings
PILLAR = 5  # lines of one cell
MOST = 90  # characters beyond which a cell asks for no more room


@dataclass(frozen=True)
class Column:
    """The heading and the cells of one column, and whether it holds numbers."""

    heading: str
    cells: tuple[str, ...]
    numeric: bool = False

    def wanted(self) -> int:
        """Return the characters it takes unbroken."""
        return max(map(len, (self.heading, *self.cells))) + GAP

    def least(self, *, tight: bool = False) -> int:
        """Return the characters below which words, or numbers with their margin, would be broken."""
        words = [len(w) for text in self.cells for w in text.split()]
        heads = [min(LONGEST_HEADING, len(w)) for w in self.heading.split()]
        longest = max(min(LONGEST_WORD, max(words, default=1)), *heads, 1)
        if self.numeric and not tight:
            numbers = [len(c) for c in self.cells if any(map(str.isdigit, c))]
            longest = max(longest, min(LONGEST_NUMBER, max(numbers, default=1)))
        return longest + GAP


def columns(table: Node) -> list[Column]:
    """Return the columns of a table of the document tree."""
    rows = [[plain(cell[4]) for cell in row] for row in _rows(table)]
    return [
        Column(rows[0][n], tuple(row[n] for row in rows[1:]), spec[0]["t"] == "AlignRight")
        for n, spec in enumerate(table["c"][2])
    ]


def widths(found: list[Column]) -> list[float] | None:
    """Return each column's share of the line; None when the table fits as it is.

    Examples
    --------
    >>> widths([Column("year", ("2024",)), Column("value", ("5.2",))]) is None
    True
    >>> [round(w, 2) for w in widths([Column("a", ("b",)), Column("text", ("word " * 60,))])]
    [0.04, 0.96]
    """
    wanted = [column.wanted() for column in found]
    if sum(wanted) <= LINE:
        return None
    least = [column.least() for column in found]
    shared = _shared(wanted, least)
    if sum(least) > LINE or max(w / s for w, s in zip(wanted, shared, strict=True)) > PILLAR:
        shared = _shared(wanted, [column.least(tight=True) for column in found])
    return [s / sum(shared) for s in shared]


def _shared(wanted: list[int], least: list[int]) -> list[float]:
    """Return the characters of each column: what it needs at least, and its part of what is left."""
    left = max(0, LINE - sum(least))
    more = [min(MOST, max(0, w - n)) for w, n in zip(wanted, least, strict=True)]
    total = sum(more) or 1
    return [n + left * m / total for n, m in zip(least, more, strict=True)]


def set_widths(table: Node) -> None:
    """Give the columns of a table their widths."""
    shares = widths(columns(table))
    for number, column in enumerate(table["c"][2]):
        column[1] = {"t": "ColWidth", "c": shares[number]} if shares else {"t": "ColWidthDefault"}


def _rows(table: Node) -> Iterator[list[Any]]:
    _, _, _, head, bodies, _ = table["c"]
    for row in head[1]:
        yield row[1]
    for body in bodies:
        for row in [*body[2], *body[3]]:
            yield row[1]

"""Headings of rows in the tags of a PDF: the first cell of a row says what the row is about.

Typst tags headings of columns; for those of rows it has `pdf.header-cell`, which its wheel keeps
switched off (0.15). So the tags are changed after it: the first cell of a row becomes a TH of its row.
Its data cells named their headings one by one, columns only; without those names a reader finds
column and row by the scope of each heading. Every change is as long as what it replaces, so no
place in the file moves and its table of places stays true.
"""

from __future__ import annotations

import re

from osw_stats.errors import OswError

ROW = re.compile(rb"/Type/StructElem/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
CELL = re.compile(
    rb"(?<=\n)(\d+)( 0 obj\n<</Type/StructElem/S/T)D(/P \d+ 0 R/A\[<</O/Table)(/Headers\[[^\]]*\])"
)
SCOPE = b"/Scope/Row"


def with_row_heads(pdf: bytes) -> bytes:
    """Return a PDF of Typst whose table rows begin with a heading."""
    firsts = set(ROW.findall(pdf))

    def tagged(cell: re.Match[bytes]) -> bytes:
        number, start, middle, names = cell.groups()
        first = number in firsts
        kind, said = (b"H", SCOPE) if first else (b"D", b"")
        return number + start + kind + middle + said.ljust(len(names))

    made = CELL.sub(tagged, pdf)
    if len(made) != len(pdf) or (b"/S/TD" in pdf and SCOPE not in made):
        raise OswError(
            "report: this version of Typst writes tables in a way that is not known. Install the versions of requirements.lock."
        )
    return made

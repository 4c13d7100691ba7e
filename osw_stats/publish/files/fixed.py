"""Files of other programs, changed where those leave no choice: tags of a PDF, parts and dates of a ZIP file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from osw_stats.errors import OswError

ROW = re.compile(rb"/Type/StructElem/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
CELL = re.compile(
    rb"(?<=\n)(\d+)( 0 obj\n<</Type/StructElem/S/T)D(/P \d+ 0 R/A\[<</O/Table)(/Headers\[[^\]]*\])"
)
SCOPE = b"/Scope/Row"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date a ZIP file can hold


def with_row_heads(pdf: bytes) -> bytes:
    """Return a PDF of Typst whose table rows begin with a heading.

    Typst tags headings of columns; `pdf.header-cell`, which tags those of rows, is switched off in its wheel
    (0.15). So the first cell of a row becomes a TH of its row, and the data cells lose the names of their
    headings, columns only, that would hide those found by scope. Every change is as long as what it
    replaces, so that no place in the file moves.
    """
    firsts = set(ROW.findall(pdf))

    def tagged(cell: re.Match[bytes]) -> bytes:
        number, start, middle, names = cell.groups()
        kind, said = (b"H", SCOPE) if number in firsts else (b"D", b"")
        return number + start + kind + middle + said.ljust(len(names))

    made = CELL.sub(tagged, pdf)
    if len(made) != len(pdf) or (b"/S/TD" in pdf and SCOPE not in made):
        raise OswError(
            "report: this version of Typst writes tables in a way that is not known. "
            "Install the versions of requirements.lock."
        )
    return made


def rewrite_zip(path: Path, out: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Copy a ZIP file with every part changed by `change`, parts sorted and all of one fixed date."""
    with zipfile.ZipFile(path) as held:
        parts = {name: change(name, held.read(name)) for name in held.namelist()}
    first = "[Content_Types].xml"  # readers expect it at the start
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(parts, key=lambda n: (n != first, n)):
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(info, parts[name])

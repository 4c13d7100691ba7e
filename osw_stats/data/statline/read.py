"""Read any file in a published shape, whatever table it holds."""

from __future__ import annotations

import re
from pathlib import Path

from osw_stats.data.statline.csv_shapes import read_csv
from osw_stats.data.statline.json_shapes import read_json
from osw_stats.data.statline.table import Table
from osw_stats.errors import InputError

_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{4,5}[A-Za-z]{3})(?![0-9A-Za-z])")
LARGEST = 2_000_000_000  # bytes; StatLine's largest bulk files are below this


def read_table(path: Path) -> Table:
    """Return the observations of one file, or of a folder with the pages of one table.

    Raises
    ------
    InputError
        If the file cannot be read as a published table; it names file, row, column and value.

    Notes
    -----
    The shapes, and which of them were seen in a real file, are listed in docs/formats.md.
    """
    try:
        if path.is_dir():
            pages = sorted(path.glob("*DataSet*.json")) or sorted(path.glob("Observations*.json"))
            return read_json(pages, table_number(path))
        if not path.is_file():
            raise InputError("there is no such file", "Check the name.")
        size = path.stat().st_size
        if not 0 < size <= LARGEST:
            raise InputError(
                "is empty" if size == 0 else f"is larger than {LARGEST:,} bytes",
                "Download the table again.",
                row=1,
            )
        with path.open("rb") as handle:
            first = handle.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        return read_json([path], table_number(path)) if first in b"{[" else read_csv(path, table_number(path))
    except InputError as error:
        raise error.located(file=path) from None


def table_number(path: Path) -> str:
    """Return the table number in a file's name or its folder's, else the file's stem.

    Examples
    --------
    >>> table_number(Path("47022NED_UntypedDataSet_01022024_120000.csv"))
    '47022NED'
    """
    for part in (path.name, path.parent.name):
        found = _NUMBER.search(part.replace("_", " "))
        if found:
            return found[1]
    return path.stem

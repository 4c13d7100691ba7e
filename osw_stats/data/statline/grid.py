"""The cells of a file as texts: rows of a CSV or workbook, and columns that store each text once."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.wording.words import SCALES
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

Row = tuple[int, Sequence[str]]  # the first line of a row, and its cells
FOOTER = re.compile(r"(?:Bron|Source|©)\b.*|© .*")
IDS = ("ID", "Id")
# what a number format adds: commas that divide the number, and words of scale
_SCALE = re.compile(
    rf'[0#?],+(?![0#?])|"[^"]*(?:\b(?:k|m|{"|".join(SCALES)})\b|1[., ]?000)[^"]*"|\\[km]', re.I
)
MOST_UNPACKED, MOST_PARTS = 200_000_000, 200  # of a workbook: bytes, files in it
_HEAD = 30  # rows that show the structure of a file


def sniffed(text: str) -> tuple[str, list[list[str]]]:
    """Return the delimiter of a text, and its first rows."""
    best: tuple[tuple[int, int], str, list[list[str]]] = ((0, 0), ";", [])
    for delimiter in ";,\t":
        try:
            head = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _HEAD))
        except csv.Error:
            continue
        # rows of a table are equally wide; a mark inside numbers makes rows of many widths
        widths = Counter(len(row) for row in head if len(row) > 1)
        shape = max(((n, width) for width, n in widths.items()), default=(0, 1))
        best = max(best, (shape, delimiter, head), key=lambda candidate: candidate[0])
    _, delimiter, head = best
    rows = [row for row in head if row]
    alone = [row for row in rows if re.search(r'[;\t]|,"|[^ ],[^ ]', row[0]) and not any(row[1:])]
    if rows and rows[0] in alone and len(alone) > len(rows) / 2:
        raise refused("row_in_a_cell", row=1)
    return delimiter, head


def csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the non-blank rows of a CSV file; refuse a file that may be cut off inside a cell."""
    # a last cell that is closed is complete, and so is its row, if it has all its cells
    if not text.endswith(("\n", "\r", '"')):
        raise refused("cut_off", row=text.count("\n") + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise refused("broken_csv", row=start, error=error) from None


def workbook_rows(path: Path, *, most: int | None = None) -> tuple[list[Row], list[str], set[str]]:
    """Return the rows of the first visible sheet as in a CSV, the names of the others, and its texts."""
    from openpyxl import load_workbook  # takes a tenth of a second, only for workbooks

    try:
        with zipfile.ZipFile(path) as packed:  # checked before anything is unpacked
            sizes = [part.file_size for part in packed.infolist()]
        if sum(sizes) > MOST_UNPACKED or len(sizes) > MOST_PARTS:
            raise ValueError("unpacks to too much")
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        first = min(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        rows, texts, scaled = [], set[str](), None
        for cells in first.iter_rows(max_row=most):
            rows.append([_shown(cell) for cell in cells])
            scaled = scaled or next(filter(_scaled, cells), None)
            texts.update(cell.value for cell in cells if isinstance(cell.value, str))
        place = None if most else _uncomputed(first)
    except Exception as error:  # any error that openpyxl raises on a damaged workbook
        raise refused("broken_workbook", row=1, error=type(error).__name__) from None
    numbered: list[Row] = [(line, cells) for line, cells in enumerate(rows, start=1) if any(cells)]
    if place:
        raise refused("uncomputed", row=int(re.sub("[A-Z]", "", place)), value=place)
    if scaled is not None:
        raise refused("scaled", row=scaled.row, value=scaled.coordinate, format=scaled.number_format)
    return numbered, [sheet.title for sheet in book.worksheets if sheet is not first], texts


def _uncomputed(sheet: Any) -> str | None:
    """Return the first cell with a formula but no saved result: it would be read as empty."""
    from openpyxl.xml.functions import iterparse

    with sheet._get_source() as source:
        for _, node in iterparse(source):
            parts = {part.tag.rpartition("}")[2]: part.text for part in node}
            if node.tag.endswith("}c") and "f" in parts and not parts.get("v") and node.get("t") != "str":
                return str(node.get("r"))
            if node.tag.endswith("}row"):
                node.clear()
    return None


def _scaled(cell: Any) -> bool:
    """Return whether a number is shown in thousands or millions, by its format alone."""
    return isinstance(cell.value, int | float) and _SCALE.search(cell.number_format) is not None


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int | float) and "%" in cell.number_format:
        return np.format_float_positional(round(100 * value, 12), trim="-") + "%"
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-")
    return "" if value is None else str(value)


def wide(rows: Iterable[Row]) -> pd.DataFrame:
    """Return a table with the headings of its first row: categorical columns, and the line of each row as index."""
    # a million rows have few distinct texts; each is stored, and later judged, once
    rows = iter(rows)
    line, header = next(rows, (1, []))
    while filled(header) == 1 and (below := next(rows, None)) is not None:  # titles above a table
        above, (line, header) = header, below
        if len(header) == len(above) == 1:
            raise refused("one_column", row=line, value=header[0][:80])
    names = [name for name in header if name.strip()]
    duplicate = next((name for name in names if names.count(name) > 1), None)
    if duplicate is not None:
        raise refused("heading_twice", row=line, column=duplicate)
    numbered = [name if name.strip() else f"\0{at}" for at, name in enumerate(header)]
    table = encoded(numbered, _of_width(rows, len(header)))
    for name in [name for name in numbered if name.startswith("\0")]:
        # programs leave empty columns, and a column of row numbers, without a heading
        texts = list(table[name].cat.categories)
        counted = ([str(number + first) for number in range(len(table))] for first in (0, 1))
        if any(map(str.strip, texts)) and texts not in counted:
            raise refused("no_heading", row=line, value=texts[0])
        table = table.drop(columns=name)
    return table


def filled(cells: Sequence[str]) -> int:
    """Return the number of non-blank cells in a row."""
    return sum(bool(cell.strip()) for cell in cells)


def require_width(line: int, cells: Sequence[str], width: int) -> None:
    """Refuse a row with more or fewer cells than its heading."""
    if len(cells) != width:
        raise refused("row_length", row=line, cells=len(cells), width=width)


def _of_width(rows: Iterable[Row], width: int) -> Iterator[Row]:
    tail: list[Row] = []  # rows that may be notes under the table
    for line, cells in chain(rows, [(0, [])]):
        if len(cells) == width and not tail and any(cells[1:]):  # nearly all rows
            yield line, cells
            continue
        if cells and filled(cells) <= 1 < width:
            tail.append((line, cells))
            continue
        if not cells and tail and FOOTER.fullmatch(tail[-1][1][0]):
            tail = [row for row in tail if len(row[1]) == width and not FOOTER.fullmatch(row[1][0])]
        for at, row in [*tail, *([(line, cells)] if cells else [])]:
            require_width(at, row, width)
            yield at, row
        tail = []


def encoded(header: Sequence[str], rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows as a frame of categoricals, without the row numbers of OData."""
    names = [name for name in header if name not in IDS]
    keep = [at for at, name in enumerate(header) if name not in IDS]
    seen: list[dict[str, int]] = [{} for _ in names]
    codes, lines = [array("i") for _ in names], array("q")
    columns = list(zip(keep, seen, codes, strict=True))
    for line, cells in rows:
        lines.append(line)
        for at, known, numbers in columns:
            numbers.append(known.setdefault(cells[at], len(known)))
    if not lines:
        raise refused("no_figures", row=1)
    frame = {
        name: pd.Categorical.from_codes(np.asarray(numbers), pd.Index(list(known)))
        for name, known, numbers in zip(names, seen, codes, strict=True)
    }
    return pd.DataFrame(frame, index=pd.Index(np.asarray(lines), name="row"))


def each(column: pd.Series[Any], function: Callable[[str], Any]) -> list[Any]:
    """Return the result of a function for each distinct text of a categorical column."""
    return [function(str(text)) for text in column.cat.categories]


def renamed(column: pd.Series[Any], texts: Sequence[str]) -> pd.Series[Any]:
    """Return a categorical column with other texts, merging texts that have become equal."""
    codes, known = pd.factorize(np.asarray(texts, dtype=object))
    coded = pd.Categorical.from_codes(codes[column.cat.codes], pd.Index(known))
    return pd.Series(coded, index=column.index, name=column.name)


def taken(column: pd.Series[Any], values: Sequence[Any], dtype: Any = object) -> np.ndarray[Any, Any]:
    """Return the value of each row, where `values` are those of the distinct texts of a categorical column."""
    return np.asarray(values, dtype=dtype)[column.cat.codes.to_numpy()]


def place_of(column: pd.Series[Any], text: str) -> dict[str, Any]:
    """Return the first place of a text in a categorical column, for a message."""
    row = int(column.index[int((column == text).to_numpy().argmax())])
    return {"row": row, "column": str(column.name), "value": text[:80]}


def stripped(keys: pd.DataFrame) -> pd.DataFrame:
    """Return columns of keys without padding."""
    return keys.apply(lambda column: renamed(column, each(column, str.strip)))

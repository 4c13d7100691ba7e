"""Read a table of ours row by row, strictly: the right heading, the right number of cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from osw_stats.errors import InputError
from osw_stats.vocabulary.reported import bare

LARGEST = 50_000_000  # bytes of a table made by hand
FORMULA = re.compile(r"[=@]|[+-](?![0-9.,\s]|$)")
# what a reader cannot see: controls, and marks that turn the direction of text
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def read_rows(path: Path, name: str, header: list[str]) -> list[tuple[int, dict[str, str]]]:
    """Return every row of a table with exactly these columns, with the line it stands on.

    Raises
    ------
    InputError
        If the file is not UTF-8 or CSV, has another heading, or a row has other cells.
    """
    _, rows = read_table(path, name, header)
    return [(line, dict(zip(header, cells, strict=True))) for line, cells in rows]


def read_table(
    path: Path, name: str, wanted: list[str] | None = None
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heading of a CSV file and every row with its line; empty lines are passed over.

    The heading must be `wanted` where that is given.

    Raises
    ------
    InputError
        If the file is not UTF-8 or CSV, a row has more or fewer cells than the heading, or there is none.
    """

    def check(header: list[str]) -> None:
        if wanted is not None and header != wanted:
            raise InputError(
                "the columns are not those of this kind of table",
                f"Write exactly: {','.join(wanted)}.",
                file=name, row=1, column=next((h for h in header if h not in wanted), None),
            )  # fmt: skip

    header, rows = _read(path, name, check)
    if not rows:
        raise InputError(
            "holds no row", "Add a figure, or take the file and its record away.", file=name, row=1
        )
    return header, rows


def read_columns(path: Path, name: str, wanted: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a table that has at least the `wanted` columns; others are kept too.

    Every row also gets `row`, the line it ends on.

    Raises
    ------
    InputError
        If the file is missing, not UTF-8 or CSV, misses a column, or a row has other cells.
    """

    def check(header: list[str]) -> None:
        missing = [column for column in wanted if column not in header]
        if missing:
            raise InputError(
                "misses a column", f"Give it at least: {', '.join(wanted)}.",
                file=name, row=1, column=missing[0],
            )  # fmt: skip

    try:
        header, rows = _read(path, name, check)
    except FileNotFoundError:
        raise InputError("is not there", "Check the name and the folder.", file=name) from None
    return [dict(zip(header, cells, strict=True)) | {"row": str(line)} for line, cells in rows]


def _read(
    path: Path, name: str, check: Callable[[list[str]], None]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heading that `check` passed and every row with its line, its cells made plain."""
    _require_size(path, name)
    header, rows = csv_rows(path, name, check, "Put text that holds a comma between double quotes.")
    return header, [(line, _plain(header, cells, name, line)) for line, cells in rows]


def csv_rows(
    path: Path, name: str, check: Callable[[list[str]], None], remedy: str
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heading that `check` passed and the cells of every row as they stand, with the line they stand on.

    `remedy` says what to do about a row of another number of cells.

    Raises
    ------
    InputError
        If the file is not UTF-8 or CSV, or a row has more or fewer cells than the heading.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            check(header)
            rows = []
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise InputError(
                        f"has {len(cells)} cells instead of {len(header)}",
                        remedy, file=name, row=reader.line_num,
                    )  # fmt: skip
                rows.append((reader.line_num, cells))
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", "Save it as CSV UTF-8.", file=name) from None
    except csv.Error as error:
        raise InputError(
            f"cannot be read as CSV ({error})", "Mend the quotes in this file.", file=name
        ) from None
    return header, rows


def _plain(header: Sequence[str], cells: Sequence[str], name: str, row: int) -> list[str]:
    """Return cells without the space around them; refuse what a spreadsheet would carry out or nobody can see."""
    found = [cell.strip() for cell in cells]
    for column, cell in zip(header, found, strict=True):
        if UNSEEN.search(cell):
            raise InputError(
                "holds a character that cannot be seen", "Type the cell anew.",
                file=name, row=row, column=column, value=cell.encode("unicode_escape").decode("ascii"),
            )  # fmt: skip
        if column != "formula" and FORMULA.match(cell):
            raise InputError(
                "begins as a formula of a spreadsheet", "Begin the text with a letter.",
                file=name, row=row, column=column, value=cell,
            )  # fmt: skip
    return found


def _require_size(path: Path, name: str) -> None:
    if path.is_file() and path.stat().st_size > LARGEST:
        raise InputError(f"is larger than {LARGEST:,} bytes", "Split it over several tables.", file=name)


def one_of(column: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a cell that holds none of the allowed values."""
    if value not in allowed:
        raise InputError(
            "is not one of the allowed values", f"Allowed here: {', '.join(allowed)}.",
            column=column, value=value,
        )  # fmt: skip


def number(column: str, text: str) -> float | None:
    """Return the number in a cell, None where it is empty.

    Raises
    ------
    InputError
        If it holds anything but digits, a minus sign, spaces between thousands and a decimal point.
    """
    if text == "":
        return None
    # here the point is always a decimal one, whatever the language of the document: "12,206" could be either
    found = None if "," in text else bare(text, "en")
    if found is None:
        raise InputError(
            "is not a number",
            "Write digits with a decimal point and without thousands marks, such as 14802 or 5.2.",
            column=column, value=text,
        )  # fmt: skip
    return float(found)


def step_of(text: str) -> float | None:
    """Return an overriding step; it must be above zero.

    Raises
    ------
    InputError
        If it is not.
    """
    found = number("step", text)
    if found is not None and found <= 0:
        raise InputError("a step is above zero", "Write the place value of the last printed digit.", column="step", value=text)  # fmt: skip
    return found

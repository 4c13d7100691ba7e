"""What a file is: its text or JSON, or one message that says what lies there instead, and the way out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, shown

LARGEST = 2_000_000_000  # bytes; StatLine's largest bulk files are below this
DIGITS = 18  # of a number; no figure has more
_AGAIN = "Download the table again."
_BUTTON = "At the same download button choose CSV."
_PAGE = "The address gave a page: a sign-in, a notice, an error. Download with the button of the publisher."
_CONVERT = (
    "This reader does not read it. Convert it to one row a figure (Python: {}; R: rsdmx or eurostat), put that table "
    "in data/raw, and say what its columns hold: `osw record` proposes it."
)
_EUROSTAT, _SDMX = _CONVERT.format("sdmx1 or eurostat"), _CONVERT.format("sdmx1")
_SDMX_CSV = rb'"?(?:DATAFLOW|STRUCTURE)"?[,;]|(?=[^\n]*\bTIME_PERIOD\b)[^\n]*\bOBS_VALUE\b'
_WORKBOOK = rb"(?s)PK\x03\x04.{0,900}(?:\[Content_T|_rels/|xl/)"
_SIGNS = [
    (rb"version https://git-lfs", "is a pointer of a large-file store (Git LFS)", "Give `git lfs pull`."),
    (rb"\S*(?:annex/objects|MD5E-s|SHA256E-s)", "is a pointer of git-annex", "Give `git annex get`."),
    (_WORKBOOK, "is a workbook under another name", "Name it .xlsx."),
    (rb"PK\x03\x04", "is packed (.zip)", "Unpack it, and put in the folder that comes out of it."),
    (rb"\xd0\xcf\x11\xe0", "is a workbook of an old Excel (.xls)", _BUTTON),
    (rb"\x1f\x8b|BZh|\xfd7zXZ", "is packed (.gz, .bz2 or .xz)", "Unpack it first."),
    (rb"%PDF", "is a PDF", _BUTTON),
    (rb"PAR1|\$FL[23]", "is a data file of a program (Parquet or SPSS)", "Save it as CSV from there."),
    (rb"\xff\xfe|\xfe\xff", "is UTF-16 text", "Download the file again; do not open and save it."),
    (
        rb"(?is)\s*<.{0,900}?<?(?:!doctype html|html|head|body|table)\b",
        "is a page of HTML, not a table",
        _PAGE,
    ),
    (rb"(?is)\s*<.{0,900}sdmx", "is SDMX-ML", _SDMX),
    (rb"\s*<", "is XML, not a table", "At the same address ask for CSV or JSON."),
    (rb"[\w,]+\\(?:TIME_PERIOD|time)\t", "is a table of Eurostat (TSV)", _EUROSTAT),
    (_SDMX_CSV, "is SDMX-CSV", _EUROSTAT),
    (rb"(?:CHARSET|AXIS-VERSION)=", "is a PC-Axis file", _CONVERT.format("pyaxis")),
    (rb'"?v4_\d"?[,;]', "is a table of the ONS (v4)", _CONVERT.format("pandas")),
    (rb'"?LOCATION"?,"?(?:INDICATOR|SUBJECT)\b', "is a table of the OECD", _CONVERT.format("sdmx1")),
    (rb'"Data Source","', "is a table of the World Bank", _CONVERT.format("wbgapi")),
    (rb"{\\rtf", "is a text of a word processor (RTF)", _BUTTON),
]


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file that may hold a table; refuse any other by what it is."""
    if not path.is_file():
        raise InputError("there is no such file", "Check the name.")
    size = path.stat().st_size
    if not 0 < size <= LARGEST:
        problem = "is empty" if size == 0 else f"is larger than {LARGEST:,} bytes"
        raise InputError(problem, "Download the table again.", row=1)
    with path.open("rb") as handle:
        head = handle.read(1024).removeprefix(b"\xef\xbb\xbf")
    if not (head.startswith(b"PK\x03\x04") and path.suffix.lower() == ".xlsx"):
        refuse_signs(head)
    return head


def refuse_signs(head: bytes) -> None:
    """Refuse what begins as anything but a table, by what it is."""
    for sign, problem, remedy in _SIGNS:
        if re.match(sign, head):
            raise InputError(problem, remedy, row=1)


def text_of(path: Path) -> str:
    """Return the UTF-8 text of a file."""
    body = path.read_bytes()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = body[: error.start].count(b"\n") + 1
        problem = f"is not UTF-8 text (byte {error.start})"
        remedy = "Download the file again; do not open and save it."
        raise InputError(problem, remedy, row=row) from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise InputError("holds zero bytes", "Download the file again.", row=row)
    return text


def parse_json(body: bytes) -> Any:
    """Return what JSON says; a ValueError where a key stands twice or a number is none."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        entry = dict(items)
        if len(entry) < len(items):
            names = [name for name, _ in items]
            raise ValueError(f'the key "{next(n for n in names if names.count(n) > 1)}" stands twice')
        return entry

    def number(text: str) -> Any:
        if len(text) > DIGITS + 7 or (value := float(text)) - value != 0:
            raise ValueError(f"{text[:20]} is not a number")
        return int(text) if text.lstrip("-").isdigit() else value

    strict: Any = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), number)
    return json.loads(body.decode("utf-8-sig"), object_pairs_hook=pairs, **strict)


def odata_page(body: bytes) -> tuple[list[dict[str, Any]], str | None]:
    """Return the rows of an OData answer, and the address of the page after it where it names one."""
    refuse_signs(body[:1024].removeprefix(b"\xef\xbb\xbf"))
    try:
        page = parse_json(body)
    except (ValueError, RecursionError) as error:
        problem, row = f"cannot be read as JSON ({str(error)[:80]})", getattr(error, "lineno", 1)
        raise InputError(problem, _AGAIN, row=row) from None
    said = page if isinstance(page, dict) else {"value": page}
    if fault := {"odata.error", "error"} & set(said):
        problem = f"is an error message of the service, not a table: {shown(said[fault.pop()])}"
        raise InputError(problem, "Check the table and the filter.", row=1)
    if {"dimension", "size"} & set(said.get("dataset", said) or ()):
        raise InputError("is JSON-stat", _CONVERT.format("pyjstat"), row=1)
    if {"dataSets", "data"} & set(said):
        raise InputError("is SDMX-JSON", _SDMX, row=1)
    rows, link = said.get("value"), said.get("odata.nextLink", said.get("@odata.nextLink"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError("is no OData answer with rows", _AGAIN, row=1)
    return rows, None if link is None else str(link)


def json_rows(path: Path) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of an OData page, and whether the publisher says that more pages follow."""
    rows, link = odata_page(path.read_bytes())
    if not rows:
        raise InputError("is no OData answer with rows", _AGAIN, row=1)
    return rows, link is not None

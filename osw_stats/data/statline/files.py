"""What a file is: its text or JSON, or one message that says what lies there instead, and the way out."""

import json
import re
from pathlib import Path
from typing import Any

from osw_stats.data.statline.keys import WORDS
from osw_stats.errors import InputError, shown
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

LARGEST = 2_000_000_000  # bytes; StatLine's largest bulk files are below this
DIGITS = 18  # of a number; no figure has more
_BOM = b"\xef\xbb\xbf"


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file that may hold a table; refuse any other by what it is."""
    if not path.is_file():
        raise refused("no_such_file")
    size = path.stat().st_size
    if not 0 < size <= LARGEST:
        raise refused("empty" if size == 0 else "large", row=1, largest=LARGEST)
    with path.open("rb") as handle:
        head = handle.read(1024).removeprefix(_BOM)
    if not (head.startswith(b"PK\x03\x04") and path.suffix.lower() == ".xlsx"):
        refuse_signs(head)
    return head


def refuse_signs(head: bytes) -> None:
    """Refuse what begins as anything but a table, by what it is."""
    for sign, problem, remedy in WORDS["signs"]:
        if re.match(sign.encode(), head):
            raise InputError(problem, WORDS["remedies"].get(remedy, remedy), row=1)


def text_of(path: Path) -> str:
    """Return the UTF-8 text of a file."""
    body = path.read_bytes()
    try:
        text, at, code = body.decode("utf-8-sig"), body.find(b"\0"), "zero_bytes"
    except UnicodeDecodeError as error:
        text, at, code = "", error.start, "not_utf8"
    if at >= 0:
        raise refused(code, row=body.count(b"\n", 0, at) + 1, at=at)
    return text


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    entry = dict(items)
    if len(entry) < len(items):
        names = [name for name, _ in items]
        raise ValueError(f'the key "{next(n for n in names if names.count(n) > 1)}" stands twice')
    return entry


def _number(text: str) -> Any:
    if len(text) > DIGITS + 7 or (value := float(text)) - value != 0:
        raise ValueError(f"{text[:20]} is not a number")
    return int(text) if text.lstrip("-").isdigit() else value


def odata_page(body: bytes) -> tuple[list[dict[str, Any]], str | None]:
    """Return the rows of an OData answer, and the address of the page after it where it names one."""
    refuse_signs(body[:1024].removeprefix(_BOM))
    strict: Any = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), _number)
    try:
        page = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_pairs, **strict)
    except (ValueError, RecursionError) as error:
        raise refused("broken_json", row=getattr(error, "lineno", 1), error=str(error)[:80]) from None
    said = page if isinstance(page, dict) else {"value": page}
    if fault := {"odata.error", "error"} & set(said):
        raise refused("error_message", row=1, said=shown(said[fault.pop()]))
    for kind, fields in WORDS["json"].items():
        if set(fields) & {*said, *(said["dataset"] if isinstance(said.get("dataset"), dict) else ())}:
            raise InputError(f"is {kind}", WORDS["remedies"][kind], row=1)
    rows, link = said.get("value"), said.get("odata.nextLink", said.get("@odata.nextLink"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise refused("no_rows", row=1)
    return rows, None if link is None else str(link)


def json_rows(path: Path) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of an OData page, and whether the publisher says that more pages follow."""
    rows, link = odata_page(path.read_bytes())
    if not rows:
        raise refused("no_rows", row=1)
    return rows, link is not None

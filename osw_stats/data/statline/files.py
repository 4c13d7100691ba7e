"""The kind of a file: its text or JSON, or one message about what it is instead; and the code lists of a download.

Code lists and descriptions give labels, statuses of periods, and the measures that are text.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osw_stats.data.statline.grid import csv_rows, sniffed
from osw_stats.data.statline.keys import WORDS, period
from osw_stats.errors import InputError, shown
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

LARGEST = 2_000_000_000  # bytes; StatLine's largest bulk files are below this
DIGITS = 18  # of a number; no figure has more
_BOM = b"\xef\xbb\xbf"
# companion files without figures, by name and by heading
_NAMES = re.compile(
    r"(?:.*[_-])?(?:TableInfos?|DataProperties|Properties|CategoryGroups|Dimensions|MeasureGroups|metadata)"
    r"|\w+(?:Codes|Groups)",
    re.I,
)
_HEADING = re.compile(r'"?(?:(?:Key|Identifier)"?[,;]|odata\.type"?[,;]|ID"?[,;]"?Title)')
REASONS: dict[str, str] = WORDS["reasons"]


def head_of(path: Path) -> bytes:
    """Return the first bytes of a possible table; refuse any other file by its kind."""
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
    """Refuse contents that begin as anything but a table, by kind."""
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
        raise ValueError(f'the key "{next(n for n in names if names.count(n) > 1)}" occurs twice')
    return entry


def _number(text: str) -> Any:
    if len(text) > DIGITS + 7 or (value := float(text)) - value != 0:
        raise ValueError(f"{text[:20]} is not a number")
    return int(text) if text.lstrip("-").isdigit() else value


def odata_page(body: bytes) -> tuple[list[dict[str, Any]], str | None]:
    """Return the rows of an OData page, and the address of the next page if it gives one."""
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
    """Return the rows of an OData page, and whether more pages follow."""
    rows, link = odata_page(path.read_bytes())
    if not rows:
        raise refused("no_rows", row=1)
    return rows, link is not None


@dataclass
class Lists:
    """The contents of code lists: labels by dimension, statuses by period, measures that are text."""

    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def add_labels(self, dim: str, labels: dict[str, str]) -> None:
        """Add labels from a column of the table; labels of periods show which are provisional."""
        self.labels[dim] = labels | self.labels.get(dim, {})
        marks = {key: period(label) for key, label in labels.items()}
        self.statuses = {key: mark[1] for key, mark in marks.items() if mark} | self.statuses

    def reason(self, code: str) -> str:
        """Return the status for the reason of a missing value."""
        code = code.strip()
        if code not in REASONS:
            self.notes.append(f'cells with the unknown reason "{code}" are read as without a value')
        return REASONS.get(code, "unknown")


def is_companion(path: Path) -> bool:
    """Return whether a file describes a table in its folder, rather than being one."""
    with path.open("rb") as handle:
        head = handle.read(200).decode("utf-8", "replace").removeprefix("\ufeff")
    if path.suffix.lower() in (".txt", ".md", ".pdf"):
        return not re.search(r"[;\t]", head)
    if path.suffix.lower() not in (".csv", ".json"):
        return False
    return bool(_NAMES.fullmatch(path.stem) or _HEADING.match(head))


def lists_beside(folder: Path, dims: Iterable[str]) -> Lists:
    """Return the code lists in a folder for dimensions of these names; damaged ones are skipped."""
    lists = Lists()
    for dim in filter(re.compile(r"[A-Za-z_]\w{0,99}").fullmatch, dims):
        entries = _entries(folder, (dim, f"{dim}Codes"), lists)
        if titles := {key: entry["Title"] for key, entry in entries.items() if entry.get("Title")}:
            lists.labels[dim] = titles
        words = {key: entry["Status"].strip() for key, entry in entries.items() if entry.get("Status")}
        known = {key: "normal" if word in WORDS["final"] else "provisional" for key, word in words.items()}
        lists.statuses |= known
    measures = _entries(folder, ("DataProperties", "MeasureCodes"), lists)
    lists.texts = {k for k, e in measures.items() if e.get("Datatype", e.get("DataType")) == "String"}
    lists.texts -= {k for k, e in measures.items() if "Topic" not in e.get("Type", "Topic")}
    if titles := {key: entry["Title"] for key, entry in measures.items() if entry.get("Title")}:
        lists.labels["measure"] = titles
    return lists


def _entries(folder: Path, names: Iterable[str], lists: Lists) -> dict[str, dict[str, str]]:
    """Return the entries of the first list of these names, by key without padding."""
    paths = [folder / f"{name}{kind}" for name in names for kind in (".csv", ".json")]
    path = next((p for p in paths if p.is_file()), None)
    if path is None:
        return {}
    try:
        if path.suffix == ".json":
            rows = [{k: str(v) for k, v in row.items() if v is not None} for row in json_rows(path)[0]]
        else:
            text = text_of(path)
            lines = [cells for _, cells in csv_rows(text, sniffed(text)[0])]
            rows = [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]
        key = "Key" if "Key" in rows[0] else "Identifier"
        return {row[key].strip(): row for row in rows if row.get(key)}
    except (InputError, ValueError, IndexError, KeyError):
        lists.notes.append(f"the code list {path.name} cannot be read and is passed over")
        return {}

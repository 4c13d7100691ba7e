"""The code lists and descriptions that lie beside a download: labels, statuses of periods, kinds of values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from osw_stats.data.statline.files import json_rows, text_of
from osw_stats.data.statline.grid import csv_rows, sniffed
from osw_stats.data.statline.keys import WORDS, period
from osw_stats.errors import InputError

# what comes with a table and holds no figure of it, by its name and by its heading
_NAMES = re.compile(
    r"(?:.*[_-])?(?:TableInfos?|DataProperties|Properties|CategoryGroups|Dimensions|MeasureGroups|metadata)"
    r"|\w+(?:Codes|Groups)",
    re.I,
)
_HEADING = re.compile(r'"?(?:(?:Key|Identifier)"?[,;]|odata\.type"?[,;]|ID"?[,;]"?Title)')
REASONS: dict[str, str] = WORDS["reasons"]


@dataclass
class Lists:
    """What code lists say: labels by dimension, statuses by period, measures that hold text."""

    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def add_labels(self, dim: str, labels: dict[str, str]) -> None:
        """Take the labels that stand in a column of the table; of periods they tell which are provisional."""
        self.labels[dim] = labels | self.labels.get(dim, {})
        marks = {key: period(label) for key, label in labels.items()}
        self.statuses = {key: found[1] for key, found in marks.items() if found} | self.statuses

    def reason(self, code: str) -> str:
        """Return the status that the reason of a missing value stands for."""
        code = code.strip()
        if code not in REASONS:
            self.notes.append(f'cells with the unknown reason "{code}" are read as without a value')
        return REASONS.get(code, "unknown")


def is_companion(path: Path) -> bool:
    """Say whether a file describes a table beside it, rather than being one."""
    with path.open("rb") as handle:
        head = handle.read(200).decode("utf-8", "replace").removeprefix("\ufeff")
    if path.suffix.lower() in (".txt", ".md", ".pdf"):
        return not re.search(r"[;\t]", head)
    if path.suffix.lower() not in (".csv", ".json"):
        return False
    return bool(_NAMES.fullmatch(path.stem) or _HEADING.match(head))


def lists_beside(folder: Path, dims: Iterable[str]) -> Lists:
    """Read the code lists in a folder that go with dimensions of these names; one that is damaged is passed over."""
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
    """Return the entries of the first list of these names by their keys, which lose their padding."""
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

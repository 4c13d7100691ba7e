"""The source records: one small YAML file beside every raw file says where it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from osw_stats.errors import InputError

SUFFIX = ".source.yml"
IGNORED = {"README.md", ".gitkeep", "corrections.yml"}
KINDS = ("transcription", "ledger")
# credit: named as source, licence not seen; citation: single figures quoted
LICENCES = ("CC-BY-4.0", "credit", "citation")

_DOCUMENT = {
    "type": "object",
    "required": ["publisher", "title", "language", "date_basis", "read_in"],
    "additionalProperties": False,
    "properties": {
        "publisher": {"type": "string", "minLength": 1},
        "title": {"type": "string", "minLength": 1},
        "language": {"enum": ["nl", "en"]},
        "url": {"type": "string", "pattern": "^https?://"},
        "date_basis": {"type": "string", "minLength": 1},
        "seen": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "read_in": {"type": "string", "minLength": 1},
    },
}
_RECORD = {
    "type": "object",
    "required": ["file", "kind", "title", "licence", "transcribed", "documents"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string"},
        "kind": {"enum": list(KINDS)},
        "title": {"type": "string"},
        "licence": {"enum": list(LICENCES)},
        "transcribed": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "caveat": {"type": "string"},
        "documents": {"type": "object", "additionalProperties": _DOCUMENT, "minProperties": 1},
    },
}


@dataclass(frozen=True)
class SourceRecord:
    """What a record says of its raw file; `path` is the raw file, `record` the YAML file."""

    path: Path
    record: Path
    kind: str
    title: str
    licence: str
    transcribed: str
    caveat: str
    documents: dict[str, dict[str, str]]

    @property
    def sha256(self) -> str:
        """Hash of the raw file as it lies there."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def load_records(raw: Path) -> list[SourceRecord]:
    """Read every source record under `raw` and check that files and records match one to one.

    Raises
    ------
    InputError
        If a record cannot be read, a raw file is missing, or a raw file has no record.
    """
    if not raw.is_dir():
        raise InputError("folder of raw figures is missing", "Run from the project folder.", file=raw)
    records = [_read(path) for path in sorted(raw.rglob(f"*{SUFFIX}"))]
    if not records:
        raise InputError("holds no source record", "Put back data/raw as it was published.", file=raw)
    described = {r.path for r in records}
    for path in sorted(p for p in raw.rglob("*") if p.is_file()):
        if path.name.endswith(SUFFIX) or path.name in IGNORED or path in described:
            continue
        raise InputError(
            "this raw file has no source record",
            f"Write {path.with_suffix('').name}{SUFFIX} beside it, after the example of another "
            "record, or take the file away.",
            file=path,
        )
    return records


def _read(record: Path) -> SourceRecord:
    try:
        entry: Any = yaml.safe_load(record.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InputError(
            f"cannot be read as YAML ({str(error).splitlines()[0]})",
            "Mend the record.",
            file=record,
        ) from None
    wrong = next(iter(jsonschema.Draft202012Validator(_RECORD).iter_errors(entry)), None)
    if wrong is not None:
        raise InputError(
            wrong.message,
            "Mend the record after the example of another one.",
            file=record,
            column=".".join(str(part) for part in wrong.absolute_path) or None,
        )
    if Path(entry["file"]).name != entry["file"]:
        raise InputError(
            "names a file outside its own folder",
            "A record describes the file beside it.",
            file=record, column="file", value=entry["file"],
        )  # fmt: skip
    path = record.with_name(entry["file"])
    if not path.is_file():
        raise InputError(
            "this raw file is missing",
            f"Its record {record.name} says it should be here: put the file back, or take the "
            "record away as well.",
            file=path,
        )
    return SourceRecord(
        path, record, entry["kind"], entry["title"], entry["licence"], entry["transcribed"],
        entry.get("caveat", ""), entry["documents"],
    )  # fmt: skip


def documents(records: list[SourceRecord]) -> dict[str, dict[str, str]]:
    """Return every document once, by its id.

    Raises
    ------
    InputError
        If two records describe one document differently.
    """
    found: dict[str, dict[str, str]] = {}
    for record in records:
        for source_id, document in record.documents.items():
            if found.setdefault(source_id, document) != document:
                raise InputError(
                    "describes this document differently from another record",
                    "Give both records the same words.",
                    file=record.record, column="documents", value=source_id,
                )  # fmt: skip
    return found

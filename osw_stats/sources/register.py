"""The source records: one small YAML file beside every raw file says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.sources.disk import sha256
from osw_stats.vocabulary.series import OWN
from osw_stats.yamlfile import read_yaml, require_schema

SUFFIX = ".source.yml"
IGNORED = {"README.md", ".gitkeep", "corrections.yml", OWN}
# credit: named as source, licence not seen; citation: single figures quoted
LICENCES = ("CC-BY-4.0", "credit", "citation")

# kinds of tables that were copied or coded by hand
COPIED = (
    "transcription", "ledger", "places", "non_claims", "margins", "events", "answers", "deadlines", "evidence",
)  # fmt: skip

URL = r"^https?://[^\s<>\"'()\[\]\\]+\Z"  # nothing that could end a link in a page
DOCUMENT_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"  # part of anchors and links
_DAY = {"type": "string", "format": "date"}
_DOCUMENT = {
    "type": "object",
    "required": ["publisher", "title", "language", "date_basis", "read_in"],
    "additionalProperties": False,
    "properties": {
        "publisher": {"type": "string", "minLength": 1},
        "title": {"type": "string", "minLength": 1},
        "language": {"enum": ["nl", "en", "it"]},
        "url": {"type": "string", "pattern": URL},
        "date_basis": {"type": "string", "minLength": 1},
        "seen": _DAY,
        "published": _DAY,  # of a document from which no figure was taken; figures carry their own date
        "licence": {"enum": list(LICENCES)},
        "how": {"type": "string", "minLength": 1},
        "read_in": {"type": "string", "minLength": 1},
        "read": {"enum": ["whole", "part"]},  # part: what it says further on is not known to us
        "via": {"type": "string", "minLength": 1},  # the document that quotes this one, which we did not see
    },
}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
# tables copied by hand: many documents a file
_COPIED = {
    "type": "object",
    "required": ["file", "kind", "title", "licence", "transcribed", "documents"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string"},
        "kind": {"enum": list(COPIED)},
        "title": {"type": "string"},
        "licence": {"enum": list(LICENCES)},
        "transcribed": _DAY,
        "caveat": {"type": "string"},
        "sha256": _HASH,
        "documents": {
            "type": "object",
            "additionalProperties": _DOCUMENT,
            "minProperties": 1,
            "propertyNames": {"pattern": DOCUMENT_ID},
        },
    },
}
# tables as the publisher's service or button gave them: one document, one or more files
_DOWNLOADED = {
    "type": "object",
    "required": ["kind", "publisher", "table", "title", "licence", "seen", "published_precision", "date_basis", "files"],
    "additionalProperties": False,
    "properties": {
        "kind": {"const": "download"},
        "publisher": {"type": "string", "minLength": 1},
        "table": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"},
        "title": {"type": "string", "minLength": 1},
        "licence": {"enum": list(LICENCES)},
        "url": {"type": "string", "pattern": URL},
        "address": {"type": "string"},
        "seen": _DAY,
        "published": {"type": "string"},
        "published_precision": {"enum": ["day", "month", "year", "unknown"]},
        "date_basis": {"type": "string", "minLength": 1},
        "caveat": {"type": "string"},
        "how": {"type": "string"},
        "filter": {"type": "object"},
        "rows": {"type": "integer"},
        "rows_checked_by": {"type": "string"},
        "files": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object", "required": ["name", "sha256"], "additionalProperties": False,
                "properties": {"name": {"type": "string", "minLength": 1}, "sha256": _HASH},
            },
        },
    },
}  # fmt: skip
# a sheet somebody filled in: its record is made from it, and made anew when it is saved again
SHEET = {
    "type": "object",
    "required": ["file", "kind", "title", "licence", "seen", "sha256", "documents"],
    "additionalProperties": False,
    "properties": {
        **{name: _COPIED["properties"][name] for name in ("file", "title", "licence", "sha256")},  # type: ignore[index]
        # none as long as no value was filled in
        "documents": {**_COPIED["properties"]["documents"], "minProperties": 0},  # type: ignore[index]
        "kind": {"const": "sheet"},
        "seen": _DAY,
    },
}


@dataclass(frozen=True)
class SourceRecord:
    """What a record says of its raw files.

    Attributes
    ----------
    record
        The YAML file.
    kind
        One of COPIED, download, or sheet.
    files
        The raw files with the hash the record holds.
    documents
        By id: publisher, title, language, date and where it was read.
    facts
        The record as it stands.
    """

    record: Path
    kind: str
    files: dict[Path, str]
    documents: dict[str, dict[str, str]]
    facts: dict[str, Any]

    @property
    def path(self) -> Path:
        """The raw file, or the folder where there are several."""
        return next(iter(self.files)) if len(self.files) == 1 else self.record.parent

    def changed(self) -> list[Path]:
        """Return the files that are not as they were when they were recorded."""
        return [path for path, told in self.files.items() if sha256(path) != told]


def records_of(root: Path, kind: str) -> list[SourceRecord]:
    """Return the records of one kind of table.

    Raises
    ------
    InputError
        If there is none.
    """
    found = [r for r in load_records(root / "data" / "raw") if r.kind == kind]
    if not found:
        raise InputError(
            f"holds no table of the kind {kind}", "Put back data/raw as published.", file="data/raw"
        )
    return found


def load_records(raw: Path) -> list[SourceRecord]:
    """Read every source record under `raw` and check that files and records match one to one.

    Raises
    ------
    InputError
        If a record cannot be read, a raw file is missing, a raw file has no record, a folder is a link,
        or a download was changed after it was recorded.
    """
    if not raw.is_dir():
        raise InputError("folder of raw figures is missing", "Run from the project folder.", file=raw)
    if linked := next((p for p in sorted(raw.rglob("*")) if p.is_symlink() and p.is_dir()), None):
        raise InputError("is a link to another folder", "Put the folder itself here.", file=linked)
    records = [read_record(path) for path in sorted(raw.rglob(f"*{SUFFIX}"))]
    if not records:
        raise InputError("holds no source record", "Put back data/raw as it was published.", file=raw)
    strange = unrecorded(raw, records)
    if strange:
        raise InputError(
            "this raw file has no source record",
            "A download or a filled-in sheet is recorded by `osw build` or `osw record`. For a table copied by hand write "
            f"{strange[0].with_suffix('').name}{SUFFIX} beside it, after the example of another record.",
            file=strange[0],
        )
    for record in records:
        if record.kind == "download" and record.changed():
            raise InputError(
                "was changed after it was recorded",
                "Put back the file as it was downloaded; a new edition of a table gets a folder of its own.",
                file=record.changed()[0],
            )
    return records


def unrecorded(raw: Path, records: list[SourceRecord]) -> list[Path]:
    """Return the raw files that no record describes."""
    described = {path for r in records for path in r.files}
    return [
        p
        for p in sorted(raw.rglob("*"))
        if p.is_file()
        and not p.name.endswith(SUFFIX)
        and p.name not in IGNORED
        and p not in described
        and not any(part.startswith(".") for part in p.relative_to(raw).parts)
    ]


def read_record(record: Path) -> SourceRecord:
    """Read one record and check that its files are there."""
    entry = _entry(record, sha256(record) if record.is_file() else "")
    kind = entry["kind"]
    if kind == "download":
        files = {f["name"]: f["sha256"] for f in entry["files"]}
        return SourceRecord(
            record, kind, _files(record, files), {_download_id(entry): _document(entry)}, entry
        )
    files = _files(record, {entry["file"]: entry.get("sha256", "")})
    return SourceRecord(record, entry["kind"], files, entry["documents"], entry)


@lru_cache(maxsize=1024)
def _entry(record: Path, _hash: str) -> dict[str, Any]:
    """Return what a record says; the hash of its text lets it be parsed once, however often figures are read."""
    entry: Any = read_yaml(record)
    kind = entry.get("kind") if isinstance(entry, dict) else None
    wanted = {"download": _DOWNLOADED, "sheet": SHEET}.get(str(kind), _COPIED)
    require_schema(entry, wanted, "Mend the record after the example of another one.", file=record)
    read: dict[str, Any] = entry
    return read


def _files(record: Path, named: dict[str, str]) -> dict[Path, str]:
    found = {}
    for name, told in named.items():
        if Path(name).name != name:
            raise InputError(
                "names a file outside its own folder",
                "A record describes the files beside it.",
                file=record, column="file", value=name,
            )  # fmt: skip
        path = record.with_name(name)
        if path.is_symlink():
            raise InputError(
                "is a link to another place", "Put the file itself here, as it was published.", file=path
            )
        if not path.is_file():
            raise InputError(
                "this raw file is missing",
                f"Its record {record.name} says it should be here: put the file back, or take the "
                "record away as well.",
                file=path,
            )
        found[path] = told
    return found


def _download_id(entry: dict[str, Any]) -> str:
    return f"{entry['table']}-{entry.get('published') or entry['seen']}".lower()


def _document(entry: dict[str, Any]) -> dict[str, str]:
    """Describe a download as the document it is, in the words of other documents."""
    kept = {k: entry[k] for k in ("publisher", "title", "url", "date_basis", "seen") if k in entry}
    return kept | {"language": "nl", "read_in": "the download itself"}


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
    for record in records:
        for source_id, document in record.documents.items():
            quoting = document.get("via", "")
            if quoting and (quoting not in found or found[quoting].get("via") or quoting == source_id):
                raise InputError(
                    f"the document {source_id} is known via {quoting}, which no record describes as a document we saw",
                    "Name the document in which the quotation was read, and describe it in a record.",
                    file=record.record, column="via", value=quoting,
                )  # fmt: skip
    return found

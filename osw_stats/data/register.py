"""Source records: one small YAML file next to every raw file documents its origin."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from osw_stats.data.editions import schema
from osw_stats.kept.disk import sha256, write
from osw_stats.kept.keys import files
from osw_stats.meaning.series import OWN
from osw_stats.yamlfile import read_yaml, refusals, require_schema

refused = refusals(__file__)
SUFFIX = ".source.yml"
IGNORED = {"README.md", ".gitkeep", "corrections.yml", OWN}

URL = schema("url")["pattern"]
DOCUMENT_ID = schema("document_id")["pattern"]
SHEET = schema("sheet")

# banned from cells and records: control characters, and those that change the direction of text
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class SourceRecord:
    """The content of a source record and its raw files."""

    record: Path  # the YAML file
    kind: str  # one of those in `schemas.yml`
    files: dict[Path, str]  # the raw files with their recorded hashes
    documents: dict[str, dict[str, str]]  # by id: publisher, title, language, date and place of reading
    facts: dict[str, Any]  # the whole record

    @property
    def path(self) -> Path:
        """The raw file, or the folder if there are several."""
        return next(iter(self.files)) if len(self.files) == 1 else self.record.parent

    def changed(self) -> list[Path]:
        """Return the files that changed since they were recorded."""
        return [path for path, recorded in self.files.items() if sha256(path) != recorded]


def records_of(root: Path, kind: str) -> list[SourceRecord]:
    """Return the records of one kind of table; refuse a project without any."""
    records = [r for r in load_records(root / "data" / "raw") if r.kind == kind]
    if not records:
        raise refused("no_table", file="data/raw", of=kind)
    return records


def load_records(raw: Path) -> list[SourceRecord]:
    """Read every source record under `raw`; refuse unmatched files and records, and changed downloads."""
    if not raw.is_dir():
        raise refused("no_raw", file=raw)
    records = [read_record(path) for path in files(raw) if path.name.endswith(SUFFIX)]
    if not records:
        raise refused("no_records", file=raw)
    for path in unrecorded(raw, records):
        raise refused("no_record", file=path, record=path.with_suffix("").name + SUFFIX)
    for record, path in ((r, p) for r in records for p in r.changed()):
        if hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() == record.files[path]:
            raise refused("windows_lines", file=path)
        if record.kind == "download":
            raise refused("changed_download", file=path)
    return records


def unrecorded(raw: Path, records: list[SourceRecord]) -> list[Path]:
    """Return the raw files without a record."""
    described = {path for r in records for path in r.files}
    candidates = (p for p in files(raw) if p.name not in IGNORED and not p.name.endswith(SUFFIX))
    return [p for p in candidates if p not in described and "/." not in f"/{p.relative_to(raw).as_posix()}"]


def read_record(record: Path) -> SourceRecord:
    """Read one record and check that its files exist."""
    entry = _read_entry(record, sha256(record) if record.is_file() else "")
    if entry["kind"] == "download":
        hashes = {f["name"]: f["sha256"] for f in entry["files"]}
        name = f"{entry['table']}-{entry.get('published') or entry['seen']}".lower()
        # the download itself is the document
        facts = ("publisher", "title", "url", "date_basis", "seen")
        document = {k: entry[k] for k in facts if k in entry}
        documents = {name: document | {"language": "nl", "read_in": "the download itself"}}
    else:
        hashes, documents = {entry["file"]: entry.get("sha256", "")}, entry["documents"]
    for name in hashes:
        path = record.parent / name
        if Path(name).name != name:
            raise refused("outside_its_folder", file=record, column="file", value=name)
        if not path.is_file():
            raise refused("raw_file_missing", file=path, record=record.name)
    files_with_hash = {record.with_name(name): value for name, value in hashes.items()}
    return SourceRecord(record, entry["kind"], files_with_hash, documents, entry)


@lru_cache(maxsize=1024)
def _read_entry(record: Path, _hash: str) -> dict[str, Any]:
    """Return the content of a record, cached by the hash of its text."""
    entry: Any = read_yaml(record)
    kind = entry.get("kind") if isinstance(entry, dict) else None
    name = str(kind) if kind in ("download", "sheet") else "copied"
    require_schema(entry, schema(name), "Mend the record after the example of another one.", file=record)
    for place, text in _iterate_texts(entry):
        if UNSEEN.search(text):  # no page can print it; refused before anything runs
            value = text.encode("unicode_escape").decode("ascii")
            raise refused("unseen_in_record", file=record, column=place, value=value)
    return dict(entry)


def _iterate_texts(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in a record with its place."""
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _iterate_texts(value, f"{place}.{key}".lstrip("."))


def documents(records: list[SourceRecord]) -> dict[str, dict[str, str]]:
    """Return every document by id; refuse conflicting descriptions, and quotation via a document not consulted."""
    by_id: dict[str, dict[str, str]] = {}
    described = [(r.record, name, document) for r in records for name, document in r.documents.items()]
    for record, name, document in described:
        if by_id.setdefault(name, document) != document:
            raise refused("described_differently", file=record, column="documents", value=name)
    for record, name, document in described:
        via = document.get("via", "")
        if via and (via not in by_id or by_id[via].get("via") or via == name):
            raise refused("via", file=record, column="via", value=via, name=name)
    return by_id


def write_record(path: Path, entry: dict[str, Any]) -> None:
    """Write a record as readable YAML: keys in the given order, text unescaped."""
    write(path, yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100).encode())

"""The source records: one small YAML file beside every raw file says where it comes from."""

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

# in no cell and no record: control characters, and those that turn the direction of a line
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class SourceRecord:
    """What a record says of its raw files."""

    record: Path  # the YAML file
    kind: str  # one of those in `schemas.yml`
    files: dict[Path, str]  # the raw files with the hash the record holds
    documents: dict[str, dict[str, str]]  # by id: publisher, title, language, date and where it was read
    facts: dict[str, Any]  # the record as it stands

    @property
    def path(self) -> Path:
        """The raw file, or the folder where there are several."""
        return next(iter(self.files)) if len(self.files) == 1 else self.record.parent

    def changed(self) -> list[Path]:
        """Return the files that are not as they were when they were recorded."""
        return [path for path, recorded in self.files.items() if sha256(path) != recorded]


def records_of(root: Path, kind: str) -> list[SourceRecord]:
    """Return the records of one kind of table; there is at least one."""
    records = [r for r in load_records(root / "data" / "raw") if r.kind == kind]
    if not records:
        raise refused("no_table", file="data/raw", of=kind)
    return records


def load_records(raw: Path) -> list[SourceRecord]:
    """Read every source record under `raw`; files and records match one to one, and no download was changed since."""
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
    """Return the raw files that no record describes."""
    described = {path for r in records for path in r.files}
    there = (p for p in files(raw) if p.name not in IGNORED and not p.name.endswith(SUFFIX))
    return [p for p in there if p not in described and "/." not in f"/{p.relative_to(raw).as_posix()}"]


def read_record(record: Path) -> SourceRecord:
    """Read one record and check that its files are there."""
    entry = _entry(record, sha256(record) if record.is_file() else "")
    if entry["kind"] == "download":
        named = {f["name"]: f["sha256"] for f in entry["files"]}
        name = f"{entry['table']}-{entry.get('published') or entry['seen']}".lower()
        # the download is a document itself
        facts = ("publisher", "title", "url", "date_basis", "seen")
        document = {k: entry[k] for k in facts if k in entry}
        documents = {name: document | {"language": "nl", "read_in": "the download itself"}}
    else:
        named, documents = {entry["file"]: entry.get("sha256", "")}, entry["documents"]
    for name in named:
        path = record.parent / name
        if Path(name).name != name:
            raise refused("outside_its_folder", file=record, column="file", value=name)
        if not path.is_file():
            raise refused("raw_file_missing", file=path, record=record.name)
    recorded = {record.with_name(name): value for name, value in named.items()}
    return SourceRecord(record, entry["kind"], recorded, documents, entry)


@lru_cache(maxsize=1024)
def _entry(record: Path, _hash: str) -> dict[str, Any]:
    """Return what a record says; by the hash of its text it is parsed once, however often figures are read."""
    entry: Any = read_yaml(record)
    kind = entry.get("kind") if isinstance(entry, dict) else None
    name = str(kind) if kind in ("download", "sheet") else "copied"
    require_schema(entry, schema(name), "Mend the record after the example of another one.", file=record)
    for place, text in _texts(entry):
        if UNSEEN.search(text):  # no page prints it; said here, before anything runs
            value = text.encode("unicode_escape").decode("ascii")
            raise refused("unseen_in_record", file=record, column=place, value=value)
    return dict(entry)


def _texts(part: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a record, with where it stands."""
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from _texts(value, f"{place}.{key}".lstrip("."))


def documents(records: list[SourceRecord]) -> dict[str, dict[str, str]]:
    """Return every document once, by its id; two records describe it alike, and who quotes it is a document we saw."""
    known: dict[str, dict[str, str]] = {}
    described = [(r.record, name, document) for r in records for name, document in r.documents.items()]
    for record, name, document in described:
        if known.setdefault(name, document) != document:
            raise refused("described_differently", file=record, column="documents", value=name)
    for record, name, document in described:
        via = document.get("via", "")
        if via and (via not in known or known[via].get("via") or via == name):
            raise refused("via", file=record, column="via", value=via, name=name)
    return known


def write_record(path: Path, entry: dict[str, Any]) -> None:
    """Write a record as people read it: in the order of its entry, words as they are."""
    write(path, yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100).encode())

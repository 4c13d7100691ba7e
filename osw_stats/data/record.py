"""Write the record of a download or a filled-in sheet that somebody dropped into data/raw, and renew hashes.

Why a command does this and reading does not: the day on which a file was first seen is a fact of that day. It is written
down once and read ever after, so the same files give the same report next year.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from osw_stats.data.register import SUFFIX, load_records, read_record, unrecorded
from osw_stats.data.sheets.read import is_form
from osw_stats.data.sheets.record import record_sheets
from osw_stats.data.statline.read import read_table
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.meaning.series import take_up

# code lists and descriptions that come with a dump
COMPANION = re.compile(r'^\ufeff?"?(Key"?[,;]"?Title|odata\.type|ID"?,"?Title)')
PUBLISHERS = {
    "police": ("Politie", "credit", "https://data.politie.nl/#/Politie/nl/dataset/{table}/table"),
    "cbs": ("CBS", "CC-BY-4.0", "https://opendata.cbs.nl/statline/#/CBS/nl/dataset/{table}/table"),
}


def record_new(root: Path, seen: str) -> list[Path]:
    """Write a record beside every download and filled-in sheet in data/raw that has none; return the records.

    `seen` is today, as year-month-day. InputError if a file without a record is no table in a published shape.
    """
    take_up(root)
    raw = root / "data" / "raw"
    known = [read_record(path) for path in sorted(raw.rglob(f"*{SUFFIX}"))]
    strange = unrecorded(raw, known)
    written = record_sheets(raw, root, strange, known, seen)
    # a sheet is no table of a publisher
    strange = [path for path in strange if not is_form(path)]
    companions = [path for path in strange if _is_companion(path)]
    for path in strange:
        if path in companions:
            continue
        try:
            table = read_table(path).name
        except InputError as error:
            raise error.located(file=path.relative_to(root).as_posix()) from None
        folder = path.relative_to(raw).parts[0]
        name, licence, url = PUBLISHERS.get(folder, (folder, "citation", ""))
        files = [path, *(p for p in companions if p.parent == path.parent)]
        entry = {
            "kind": "download",
            "publisher": name,
            "table": table,
            "title": f"Table {table}",
            "licence": licence,
            **({"url": url.format(table=table)} if url and table != path.stem else {}),
            "seen": seen,
            "published_precision": "unknown",
            "date_basis": "not known: the file was found in data/raw on the day named under seen",
            "files": [{"name": p.name, "sha256": sha256(p)} for p in files],
        }
        record = path.with_name(path.stem + SUFFIX)
        text = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100)
        record.write_text(text, encoding="utf-8")
        written.append(record)
    return written


def _is_companion(path: Path) -> bool:
    with path.open("rb") as handle:
        return bool(COMPANION.match(handle.read(200).decode("utf-8", "replace")))


def renew_hashes(root: Path) -> list[Path]:
    """Write the present hash into the record of every table copied by hand that was edited; downloads never are."""
    renewed = []
    for record in load_records(root / "data" / "raw"):
        if record.kind not in ("download", "sheet") and record.changed():
            (path,) = record.files
            text, told = record.record.read_text(encoding="utf-8"), record.files[path]
            new = text.replace(told, sha256(path)) if told else f"sha256: {sha256(path)}\n{text}"
            record.record.write_text(new, encoding="utf-8")
            renewed.append(record.record)
    return renewed

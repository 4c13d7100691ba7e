"""Write the record of a download or filled-in sheet placed in data/raw, and renew hashes.

A command does this, not the reader, because the day a file was first seen must be recorded on that day. It is written
once and then only read, so the same files give the same report next year.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from osw_stats.data.register import SUFFIX, load_records, read_record, unrecorded, write_record
from osw_stats.data.sheets.read import is_form
from osw_stats.data.sheets.record import record_sheets
from osw_stats.data.statline.files import is_companion
from osw_stats.data.statline.read import NUMBER, PAGE, read_table, table_number
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256, write
from osw_stats.kept.keys import files
from osw_stats.meaning.series import take_up
from osw_stats.yamlfile import read_yaml

# publishers by folder, and the tables that `osw fetch` downloads
FETCHED = read_yaml(Path(__file__).with_name("fetch") / "tables.yml")
PUBLISHERS: dict[str, dict[str, str]] = FETCHED["publishers"]


def record_new(root: Path, seen: str, tell: Callable[[str], object] = lambda _: None) -> list[Path]:
    """Write a record for every download and filled-in sheet in data/raw without one; return their paths."""
    # Open entries in the record of a copy end in a question mark, to be answered before any figure is read.
    # InputError if a file without a record has no known table layout.
    take_up(root)
    raw = root / "data" / "raw"
    registered = [read_record(path) for path in files(raw) if path.name.endswith(SUFFIX)]
    unknown = unrecorded(raw, registered)
    written = record_sheets(root, unknown, registered, seen)
    # sheets are not publishers' tables
    unknown = [path for path in unknown if not is_form(path)]
    companions = [path for path in unknown if is_companion(path)]
    pages = [path for path in unknown if PAGE.fullmatch(path.name)]
    folders = {page.parent for page in pages if sum(p.parent == page.parent for p in pages) > 1}
    unknown = [path for path in unknown if path not in pages or path.parent not in folders]
    for path in sorted({*unknown, *folders} - set(companions)):
        file_name = path.relative_to(root).as_posix()
        declared: dict[str, Any] = {}
        try:
            result = read_table(path, shown=declared)
            declared, notes = declared if result.shape == "copy" else {}, result.notes
        except InputError as error:
            if "?" not in str(declared):
                raise error.located(file=file_name) from None
            notes = (f"{error.problem}; answer what ends in a question mark in its record",)
        for note in notes:
            tell(f"{file_name}: {note}")
        home, tables = (path, pages) if path in folders else (path.parent, [path])
        data_files = [p for p in (*tables, *companions) if p.parent == home]
        record = path / f"table{SUFFIX}" if path in folders else path.with_name(path.stem + SUFFIX)
        folder = path.relative_to(raw).parts[0]
        write_record(record, download_entry(folder, table_number(path), data_files, seen, **declared))
        written.append(record)
    return written


def download_entry(folder: str, table: str, paths: list[Path], seen: str, **facts: Any) -> dict[str, Any]:
    """Return the record of a download in a publisher's folder: defaults, known facts and hashes."""
    publisher = PUBLISHERS.get(folder, {"name": folder, "licence": "citation"})
    entry = {
        "kind": "download",
        "publisher": publisher["name"],
        "table": table,
        "title": f"Table {table}",
        "licence": publisher["licence"],
        "seen": seen,
        "published_precision": "unknown",
        "date_basis": "not known: the file was found in data/raw on the day named under seen",
    }
    if "page" in publisher and (facts.get("address") or NUMBER.fullmatch(table)):
        entry["url"] = publisher["page"].format(table=table)
    return entry | facts | {"files": [{"name": p.name, "sha256": sha256(p)} for p in paths]}


def renew_hashes(root: Path) -> list[Path]:
    """Update the hash in the record of every edited table copied by hand; downloads are never edited."""
    renewed = []
    for record in load_records(root / "data" / "raw"):
        if record.kind not in ("download", "sheet") and record.changed():
            (path,) = record.files
            text, recorded = record.record.read_text(encoding="utf-8"), record.files[path]
            updated = text.replace(recorded, sha256(path)) if recorded else f"sha256: {sha256(path)}\n{text}"
            write(record.record, updated.encode())
            renewed.append(record.record)
    return renewed

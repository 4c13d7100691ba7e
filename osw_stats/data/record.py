"""Write the record of a download or a filled-in sheet that somebody dropped into data/raw, and renew hashes.

Why a command does this and reading does not: the day on which a file was first seen is a fact of that day. It is written
down once and read ever after, so the same files give the same report next year.
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

# by the folder of their files; what `osw fetch` downloads stands there too
FETCHED = read_yaml(Path(__file__).with_name("fetch") / "tables.yml")
PUBLISHERS: dict[str, dict[str, str]] = FETCHED["publishers"]


def record_new(root: Path, seen: str, tell: Callable[[str], object] = lambda _: None) -> list[Path]:
    """Write a record beside every download and filled-in sheet in data/raw that has none; return the records."""
    # What the record of a copy leaves open ends in a question mark, and is asked for before a figure is read.
    # InputError if a file without a record is no table in a published shape.
    take_up(root)
    raw = root / "data" / "raw"
    known = [read_record(path) for path in files(raw) if path.name.endswith(SUFFIX)]
    strange = unrecorded(raw, known)
    written = record_sheets(root, strange, known, seen)
    # a sheet is no table of a publisher
    strange = [path for path in strange if not is_form(path)]
    companions = [path for path in strange if is_companion(path)]
    pages = [path for path in strange if PAGE.fullmatch(path.name)]
    folders = {page.parent for page in pages if sum(p.parent == page.parent for p in pages) > 1}
    strange = [path for path in strange if path not in pages or path.parent not in folders]
    for path in sorted({*strange, *folders} - set(companions)):
        name_of_file = path.relative_to(root).as_posix()
        declared: dict[str, Any] = {}
        try:
            result = read_table(path, shown=declared)
            declared, notes = declared if result.shape == "copy" else {}, result.notes
        except InputError as error:
            if "?" not in str(declared):
                raise error.located(file=name_of_file) from None
            notes = (f"{error.problem}; answer what ends in a question mark in its record",)
        for note in notes:
            tell(f"{name_of_file}: {note}")
        home, tables = (path, pages) if path in folders else (path.parent, [path])
        beside = [p for p in (*tables, *companions) if p.parent == home]
        record = path / f"table{SUFFIX}" if path in folders else path.with_name(path.stem + SUFFIX)
        folder = path.relative_to(raw).parts[0]
        write_record(record, download_entry(folder, table_number(path), beside, seen, **declared))
        written.append(record)
    return written


def download_entry(folder: str, table: str, paths: list[Path], seen: str, **known: Any) -> dict[str, Any]:
    """Return the record of a download in a publisher's folder: the usual, what is known of it, and its hashes."""
    about = PUBLISHERS.get(folder, {"name": folder, "licence": "citation"})
    entry = {
        "kind": "download",
        "publisher": about["name"],
        "table": table,
        "title": f"Table {table}",
        "licence": about["licence"],
        "seen": seen,
        "published_precision": "unknown",
        "date_basis": "not known: the file was found in data/raw on the day named under seen",
    }
    if "page" in about and (known.get("address") or NUMBER.fullmatch(table)):
        entry["url"] = about["page"].format(table=table)
    return entry | known | {"files": [{"name": p.name, "sha256": sha256(p)} for p in paths]}


def renew_hashes(root: Path) -> list[Path]:
    """Write the present hash into the record of every table copied by hand that was edited; downloads never are."""
    renewed = []
    for record in load_records(root / "data" / "raw"):
        if record.kind not in ("download", "sheet") and record.changed():
            (path,) = record.files
            text, recorded = record.record.read_text(encoding="utf-8"), record.files[path]
            new = text.replace(recorded, sha256(path)) if recorded else f"sha256: {sha256(path)}\n{text}"
            write(record.record, new.encode())
            renewed.append(record.record)
    return renewed

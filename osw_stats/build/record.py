"""The record of a build, published with its site: its inputs, and the hash of every file. Quick to read.

It shows what is stale and has to be rebuilt, and is what `osw verify` compares. Standard library only.
"""

import csv
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.kept import keys
from osw_stats.kept.disk import sha256

NAME = "checksums.json"
Record = dict[str, Any]
MAPPINGS = ("environment", "inputs", "files", "options")


def _provenance(root: Path, known: keys.Hashes, options: Record) -> Record:
    library = keys.library(known)
    return {
        "options": options,
        "environment": keys.environment(root),
        "library": keys.digest(library),
        "inputs": {path: value for path, value in known.items() if path not in library},
    }


def write(
    site: Path, root: Path, year: int, known: keys.Hashes, folders: dict[str, Path], options: Record
) -> None:
    """Write the record into a new site: `known` are the inputs, `folders` each new folder by its published path."""
    files = {
        f"{target}/{path}": value
        for target, folder in folders.items()
        for path, value in keys.hashes(folder, [""]).items()
    }
    content = {"edition": year, "files": files} | _provenance(root, known, options)
    (site / NAME).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(path: Path) -> Record:
    """Return a record; InputError if it is missing or not a record."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        complete = all(isinstance(content[part], dict) for part in MAPPINGS)
        if complete and isinstance(content["edition"], int) and isinstance(content["library"], str):
            return dict(content)
    except FileNotFoundError:
        remedy = "Run `osw build` first, or give --manifest."
        raise InputError("there is no manifest to compare with", remedy, file=path) from None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        pass
    raise InputError("is no manifest of a site", f"Give the {NAME} of one.", file=path)


def last(place: Path, year: int) -> Record | None:
    """Return the record of the site in a place; None if there is none, or it is of another edition."""
    with suppress(InputError):
        record = read(place / "_site" / NAME)
        return record if record["edition"] == year else None
    return None


def quarto_program() -> Path | None:
    """Return Quarto if it is on the path; without `shutil`, which takes long to import."""
    places = (Path(folder, "quarto") for folder in os.get_exec_path())
    return next((place for place in places if place.is_file() and os.access(place, os.X_OK)), None)


def options(renderer: str, *, archive: bool = False, newest: int | None = None) -> Record:
    """Return the options of a build that decide its bytes; Quarto is identified by its program, code and version."""
    quarto = ""
    if renderer != "pandoc" and (program := quarto_program()):
        path = program.resolve()
        parts = (path, path.with_name("quarto.js"), path.parents[1] / "share" / "version")
        quarto = keys.digest([sha256(part) if part.is_file() else "" for part in parts])
    return {"renderer": renderer, "quarto": quarto, "archive": archive, "newest": newest}


def published(root: Path, year: int) -> keys.Hashes:
    """Return the hash of every published file of an edition except the record: site, figures, tables, runs."""
    parts = ("_site", f"figures/{year}", f"data/processed/{year}", f"build/{year}/runs")
    published_hashes = keys.hashes(root, parts, by_link=True)
    published_hashes.pop(f"_site/{NAME}", None)
    return published_hashes


def stale(root: Path, place: Path, year: int, wanted: Record) -> tuple[Record | None, list[str]]:
    """Return the record of the last build in a place, and what has changed since."""
    # every input and published file is read, so a page that was edited, truncated or deleted is found
    record = last(place, year)
    if record is None:
        return None, ["this edition was not built here yet"]
    now = _provenance(root, keys.inputs(root), wanted) | {"files": published(place, year)}
    parts = {"options": "options", "environment": "environment", "library": "the code of this library"}
    reasons = [f"{words} changed" for part, words in parts.items() if record[part] != now[part]]
    changes = [line for part in ("inputs", "files") for line in _changes(record[part], now[part])]
    return record, reasons + changes


def raw_changed(root: Path, year: int) -> bool:
    """Return whether data/raw has changed since the last build of an edition, or there was no build."""
    record = last(root, year)
    before = record["inputs"] if record else {}
    return keys.hashes(root, ["data/raw"]) != {k: v for k, v in before.items() if k.startswith("data/raw/")}


def differences(old: Record, new: Record) -> list[str]:
    """Return the inputs in which two builds differ."""
    return [
        *(f"{part}: {line}" for part in ("environment", "inputs") for line in _changes(old[part], new[part])),
        *(["the code of this library"] if old["library"] != new["library"] else []),
    ]


def _changes(old: keys.Hashes, new: keys.Hashes) -> list[str]:
    return [
        f"{name} {'changed' if name in old and name in new else 'is gone' if name in old else 'is new'}"
        for name in sorted(set(old) | set(new))
        if old.get(name) != new.get(name)
    ]


def rows_of(table: Path) -> list[dict[str, str]]:
    """Return the rows of a published table as text; pandas takes long to import."""
    with table.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def gaps(processed: Path) -> dict[str, list[str]]:
    """Return the series without a figure, by reason, from the tables of an edition."""
    rows = rows_of(processed / "missing.csv")
    reasons = dict.fromkeys(row["reason"] for row in rows)
    return {r: sorted({row["series"] for row in rows if row["reason"] == r}) for r in reasons}

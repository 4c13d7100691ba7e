"""The published manifest of a site: the hash of every file it was published with, and what it was made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.report.graph import keys
from osw_stats.sources.disk import sha256

NAME = "checksums.json"


def write(
    site: Path, root: Path, year: int, known: keys.Hashes, made: dict[str, Path], archive: list[int]
) -> keys.Hashes:
    """Write the manifest into a new site; return the hash of every file that will be published, its own as well.

    Parameters
    ----------
    site
        Folder of the new site.
    root, year
        Project folder and edition.
    known
        Hashes of all inputs.
    made
        Each new folder, by the path it will be published under.
    archive
        The earlier editions that stand in the site.
    """
    library = keys.library(known)
    files = {
        f"{target}/{path.relative_to(folder).as_posix()}": sha256(path)
        for target, folder in made.items()
        for path in keys.files(folder)
    }
    content = {
        "edition": year,
        "archive": archive,
        "environment": keys.environment(root),
        "library": keys.digest(library),
        "inputs": {k: v for k, v in known.items() if k not in library},
        "files": files,
    }
    (site / NAME).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return files | {f"_site/{NAME}": sha256(site / NAME)}


def read(path: Path) -> dict[str, Any]:
    """Read a manifest.

    Raises
    ------
    InputError
        If it is not there, or is none.
    """
    if not path.is_file():
        raise InputError(
            "there is no manifest to compare with", "Run `osw build` first, or give --manifest.", file=path
        )
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        (
            content["files"].items(),
            content["inputs"].items(),
            content["environment"].items(),
            content["library"],
            content["edition"],
        )
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise InputError("is no manifest of a site", "Give the checksums.json of one.", file=path) from None
    return content

"""`datapackage.json`: all files of an edition described by the Data Package standard, version 2."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from osw_stats.report import cited
from osw_stats.report.editions import Edition
from osw_stats.report.files.identity import LICENCE, LICENCE_URL, Identity
from osw_stats.report.files.report import title
from osw_stats.sources.disk import sha256

NAME = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/"
MEDIA = {
    ".csv": "text/csv", ".json": "application/json", ".pdf": "application/pdf", ".bib": "application/x-bibtex",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
Schemas = Mapping[str, Mapping[str, Any]]  # what `dictionary.schemas` returns


def describe_package(
    edition: Edition,
    sources: Iterable[Mapping[str, str]],
    folder: Path,
    identity: Identity,
    contents: Mapping[str, Mapping[str, str]],
    schemas: Schemas,
) -> dict[str, Any]:
    """Return the description of every file in `folder`.

    Notes
    -----
    Data Package 2.0 (datapackage.org). `rows` and the fields' `description_nl` are properties of
    our own, which the standard allows. There is no `created`: two builds give one file.
    """
    year = edition.year
    known = {s["source_id"]: s for s in sources}
    package: dict[str, Any] = {
        "$schema": f"{PROFILE}datapackage.json",
        "name": f"osw-stats-{year}",
        "title": title(edition, "en"),
        "title_nl": title(edition, "nl"),
        "description": f"{identity.title}. Edition {year}, figures public on {edition.as_of.isoformat()}.",
        "version": identity.version,
        "licenses": [{"name": LICENCE, "path": LICENCE_URL}],
        "contributors": [{"title": identity.publisher, "roles": ["creator"]}],
        "keywords": ["online sexual violence", "Netherlands", "official statistics"],
        "sources": [_source(s, known) for s in known.values()],
        "resources": [
            _resource(path, contents, schemas) for path in sorted(folder.iterdir()) if path.suffix in MEDIA and path.name != NAME
        ],
    }  # fmt: skip
    if identity.site:
        package["homepage"] = identity.site
    return package


def _source(source: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    told = {"title": cited.name(source, known, "en"), "licence": source["licence"]}
    return told | ({"path": source["url"]} if source["url"] else {})


def _resource(path: Path, contents: Mapping[str, Mapping[str, str]], schemas: Schemas) -> dict[str, Any]:
    about = next((held for name, held in contents.items() if fnmatch(path.name, name)), {})
    told: dict[str, Any] = {
        "name": path.name.replace("_", "-").lower() if path.suffix != ".csv" else path.stem.replace("_", "-"),
        "path": path.name, "format": path.suffix[1:], "mediatype": MEDIA[path.suffix],
        "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}",
        **({"title": about["en"], "title_nl": about["nl"]} if about else {}),
    }  # fmt: skip
    return told | dict(schemas.get(path.name, {}))


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a description beside the files."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")

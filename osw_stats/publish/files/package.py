"""What describes all files of an edition for machines: `datapackage.json`, and `catalog.jsonld` for catalogues of data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from osw_stats.data.editions import Edition
from osw_stats.kept.disk import sha256
from osw_stats.project import LANGUAGES
from osw_stats.publish.files.document import WORDS, title
from osw_stats.publish.files.identity import Identity
from osw_stats.text import documents
from osw_stats.text.words import Text

PACKAGE, CATALOGUE = "datapackage.json", "catalog.jsonld"
MEDIA = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".bib": "application/x-bibtex",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Schemas = Mapping[str, Mapping[str, Any]]  # what `dictionary.schemas` returns


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(  # noqa: S701 - what it writes is JSON, by `tojson`
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        comment_start_string="<#",
        comment_end_string="#>",
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    return environment


def _from_template(name: str, edition: Edition, who: Identity, **values: Any) -> dict[str, Any]:
    titles = {language: title(edition, language) for language in LANGUAGES}
    text = _environment().get_template(f"{name}.j2").render(edition=edition, who=who, title=titles, **values)
    described: dict[str, Any] = json.loads(text)
    return described


def describe_package(
    edition: Edition,
    sources: Iterable[Mapping[str, str]],
    folder: Path,
    who: Identity,
    contents: Mapping[str, Text],
    schemas: Schemas,
) -> dict[str, Any]:
    """Return the description of every file in `folder`, by the Data Package standard, version 2."""
    known = {source["source_id"]: source for source in sources}
    used = [
        {"title": documents.name(source, known, "en"), "licence": source["licence"]}
        | ({"path": source["url"]} if source["url"] else {})
        for source in known.values()
    ]
    files = [path for path in sorted(folder.iterdir()) if path.suffix in MEDIA and path.name != PACKAGE]
    resources = [_resource(path, contents) | dict(schemas.get(path.name, {})) for path in files]
    return _from_template(PACKAGE, edition, who, sources=used, resources=resources)


def _resource(path: Path, contents: Mapping[str, Text]) -> dict[str, Any]:
    held = next((text for name, text in contents.items() if fnmatch(path.name, name)), None)
    name = path.stem if path.suffix == ".csv" else path.name.lower()
    described = {
        "name": name.replace("_", "-"),
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": MEDIA[path.suffix],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
    }
    return described | ({"title": held["en"], "title_nl": held["nl"]} if held else {})


def catalogue(
    edition: Edition, periods: Iterable[str], package: Mapping[str, Any], who: Identity
) -> dict[str, Any]:
    """Return the catalogue with its dataset and one distribution a file of the package, by DCAT-AP-NL 3.0.

    `periods` (`time_period`) give its years.
    """
    years = [period[:4] for period in periods if period[:4].isdigit()]
    files = [{"title": "", **resource} for resource in package["resources"]]
    return _from_template(CATALOGUE, edition, who, years=years, resources=files, said=WORDS["catalogue"])


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a description beside the files."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")

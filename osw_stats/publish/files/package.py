"""Descriptions of all files of an edition: lists for readers, the meaning of every column, two files for machines."""

import json
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats import pandoc
from osw_stats.data.editions import Edition
from osw_stats.kept.disk import sha256
from osw_stats.meaning.observations import COLUMNS, records
from osw_stats.project import LANGUAGES
from osw_stats.publish.contents import Pages, items, select_pages
from osw_stats.publish.identity import Identity
from osw_stats.publish.site.markdown import templates
from osw_stats.text import documents
from osw_stats.text.language import number
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.words import Text
from osw_stats.yamlfile import read_yaml

HERE = Path(__file__).parent
WORDS: Any = read_yaml(HERE / "words.yml")
LISTING: Any = read_yaml(HERE / "listing.yml")
PACKAGE, CATALOGUE = "datapackage.json", "catalog.jsonld"
Facts = Mapping[str, Any]
TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"

# names of pandas types in Table Schema
TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}
# the contents of every file, in the order of the page with downloads
CONTENTS: dict[str, Text] = dict(LISTING["before"])
for _name, _shown in LAYOUTS.items():
    _of_file = {lang: LISTING["result"][lang].format(getattr(_shown, lang)) for lang in LANGUAGES}
    CONTENTS[f"{_name}.csv"] = _of_file
CONTENTS |= LISTING["after"]


def title(edition: Edition, language: str) -> str:
    """Return the title of a report, with the year reported on."""
    return f"{WORDS['report']['title'][language]} {edition.year}"


def write_citations(edition: Edition, pages: Pages, who: Identity, out: Path) -> None:
    """Write `citations.bib` and `citations.json` for the edition and all figures, in all its languages."""
    cited = [citation for lang in edition.languages for citation in _citations(edition, pages, who, lang)]
    # Pandoc escapes for TeX; in titles of other languages it would change capitals
    plain = json.dumps([citation | {"language": "nl"} for citation in cited])
    bibtex = pandoc.run(["--from=csljson", "--to=bibtex", "--wrap=none"], plain)
    (out / "citations.bib").write_bytes(bibtex.stdout)
    write_json(cited, out / "citations.json")


def _citations(edition: Edition, pages: Pages, who: Identity, language: str) -> list[dict[str, Any]]:
    folder, key = edition.from_root(language), f"osw_stats_{edition.year}_{language}"
    note = f"Edition {edition.year}, figures public on {edition.as_of.isoformat()}, osw_stats {who.version}"

    def address(place: str) -> dict[str, str]:
        return {"URL": who.address(place)} if who.site else {}

    edition_entry = {
        "id": key,
        "type": "report",
        "title": title(edition, language),
        "author": [{"literal": who.publisher}],
        "version": who.version,
        "edition": str(edition.year),
        "note": note,
    }
    cited = [edition_entry | address(folder)]
    for name, page in select_pages(language, pages).items():
        for item in items(page, "figure"):
            figure = {
                "id": f"{key}_{re.sub(r'[^a-z0-9]+', '_', item.name)}",
                "type": "graphic",
                "title": item.facts["caption"],
                "note": f"Figure {item.name}. {note}",
                "container-title": edition_entry["title"],
            }
            cited.append(edition_entry | figure | address(f"{folder}{name}.html#fig-{item.name}"))
    return cited


_tidy = {c.name: {"nl": c.nl, "en": c.en} for c in COLUMNS}
_written = read_yaml(HERE / "dictionary.yml", "dictionary.yml")
MEANINGS: dict[str, Text] = _tidy | {
    name: dict(zip(LANGUAGES, texts, strict=True)) for name, texts in _written.items()
}
# the tables of tidy columns, whose meaning is defined there
MEANINGS |= {f"{table}.{name}": t for table in ("observations", "vintages") for name, t in _tidy.items()}


def describe(table: str, column: str, language: str) -> str:
    """Return the meaning of a column of a table; empty if it is not documented."""
    for name in (f"{table}.{column}", column):
        if name in MEANINGS:
            return MEANINGS[name][language]
    for limit in ("lower", "upper"):
        base = column.removesuffix(f"_{limit}")
        if base != column and (meant := describe(table, base, language)):
            return f"{meant}, {MEANINGS[limit][language].lower()}"
    return ""


def dictionary(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row for each column of every table: table, column, Table Schema type, and meaning."""
    return pd.DataFrame(
        {
            "table": table,
            "column": column,
            "type": TYPES.get(values.dtype.kind, "string") if values.notna().any() else "string",
            **{f"description_{lang}": describe(table, column, lang) for lang in LANGUAGES},
        }
        for table, frame in sorted(tables.items())
        for column, values in ((str(name), frame[name]) for name in frame.columns)
    )


def schemas(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the entry of `datapackage.json` for every CSV file of a folder: rows and columns, by file name."""
    names = {"column": "name", "type": "type", "description_en": "description"}
    names |= {"description_nl": "description_nl"}
    described = {}
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
        rows = records(dictionary({path.stem: frame}))
        fields = [{name: row[column] for column, name in names.items() if row[column]} for row in rows]
        schema: dict[str, Any] = {"$schema": TABLE_SCHEMA, "fields": fields, "missingValues": [""]}
        if path.stem in LISTING["keys"]:
            schema["primaryKey"] = [LISTING["keys"][path.stem]]
        described[path.name] = {"type": "table", "encoding": "utf-8", "rows": len(frame), "schema": schema}
    return described


def main_files(contents: Mapping[str, Text]) -> dict[str, Text]:
    """Return the files that most people want."""
    wanted = ("factsheet-", "report-", "tables-", "datapackage.json", "catalog.jsonld", "citations.bib")
    return {name: meaning for name, meaning in contents.items() if name.startswith(wanted)}


def listed(folder: Path, prefix: str, language: str, contents: Mapping[str, Text]) -> str:
    """Return the list of files in `folder`, linked under `prefix`, with their contents."""
    lines = []
    for pattern, meaning in contents.items():
        for path in sorted(folder.glob(pattern)):
            size = number(max(1, path.stat().st_size / 1000), language)
            lines.append(f"- [{path.name}]({prefix}{path.name}) ({size} kB): {meaning[language]}.")
    return "\n".join(lines) + "\n"


def _from_template(name: str, edition: Edition, who: Identity, **values: Any) -> dict[str, Any]:
    environment = templates(HERE)  # of JSON, by `tojson`
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    titles = {language: title(edition, language) for language in LANGUAGES}
    text = environment.get_template(f"{name}.j2").render(edition=edition, who=who, title=titles, **values)
    described: dict[str, Any] = json.loads(text)
    return described


def describe_package(
    edition: Edition, sources: Iterable[Facts], folder: Path, who: Identity, contents: Facts, schemas: Facts
) -> dict[str, Any]:
    """Return the description of every file in `folder`, by the Data Package standard, version 2."""
    known = {source["source_id"]: source for source in sources}
    used, resources = [], []
    for source in known.values():
        described: dict[str, Any] = {
            "title": documents.name(source, known, "en"),
            "licence": source["licence"],
        }
        used.append(described | ({"path": source["url"]} if source["url"] else {}))
    for path in sorted(folder.iterdir()):
        if path.suffix in LISTING["media"] and path.name != PACKAGE:
            held = next((text for name, text in contents.items() if fnmatch(path.name, name)), None)
            name = path.stem if path.suffix == ".csv" else path.name.lower()
            described = {
                "name": name.replace("_", "-"),
                "path": path.name,
                "format": path.suffix[1:],
                "mediatype": LISTING["media"][path.suffix],
                "bytes": path.stat().st_size,
                "hash": f"sha256:{sha256(path)}",
            }
            described |= {"title": held["en"], "title_nl": held["nl"]} if held else {}
            resources.append(described | dict(schemas.get(path.name, {})))
    return _from_template(PACKAGE, edition, who, sources=used, resources=resources)


def catalogue(edition: Edition, periods: Iterable[str], package: Facts, who: Identity) -> dict[str, Any]:
    """Return the catalogue by DCAT-AP-NL 3.0: a distribution for each file, and its years from `periods` (`time_period`)."""
    years = [period[:4] for period in periods if period[:4].isdigit()]
    files = [{"title": "", **resource} for resource in package["resources"]]
    return _from_template(CATALOGUE, edition, who, years=years, resources=files, said=WORDS["catalogue"])


def write_json(content: Any, path: Path) -> None:
    """Write a description beside the files."""
    path.write_bytes((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())

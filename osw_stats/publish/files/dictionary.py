"""What every column of every table means, in two languages: as a table, and by the Table Schema standard, version 2."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.meaning.observations import COLUMNS
from osw_stats.project import LANGUAGES
from osw_stats.text.words import Text
from osw_stats.yamlfile import read_yaml

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
KEYS = {"observations": "obs_id", "vintages": "obs_id", "sources": "source_id", "series": "series_id"}
FILE = Path(__file__).with_name("dictionary.yml")
TIDY = ("observations", "vintages")  # tables of the tidy columns, which say themselves what they mean
# what Table Schema calls the types of pandas
TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}


@cache
def _known() -> dict[str, Text]:
    written = {
        name: dict(zip(LANGUAGES, meanings, strict=True))
        for name, meanings in read_yaml(FILE, FILE.name).items()
    }
    tidy = {c.name: {"nl": c.nl, "en": c.en} for c in COLUMNS}
    return tidy | written | {f"{table}.{name}": text for table in TIDY for name, text in tidy.items()}


def describe(table: str, column: str, language: str) -> str:
    """Return what a column of a table means; nothing where nobody wrote it down.

    Examples
    --------
    >>> describe("cap_gap", "gap_lower", "en")
    'Gap between needed and funded, lower limit'
    >>> describe("revisions", "change", "nl"), describe("trend_pairs", "change", "nl")
    ('Nieuw min oud', 'Verandering in procent')
    """
    known = _known()
    for name in (f"{table}.{column}", column):
        if name in known:
            return known[name][language]
    for limit in ("lower", "upper"):
        base = column.removesuffix(f"_{limit}")
        if base != column and (meant := describe(table, base, language)):
            return f"{meant}, {known[limit][language].lower()}"
    return ""


def column_type(values: pd.Series) -> str:
    """Return the Table Schema type of a column."""
    return TYPES.get(values.dtype.kind, "string") if values.notna().any() else "string"


def dictionary(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a column of every table: table, column, type and meaning."""
    return pd.DataFrame(
        [
            {"table": name, "column": column, "type": column_type(frame[column])}
            | {f"description_{lang}": describe(name, column, lang) for lang in LANGUAGES}
            for name, frame in sorted(tables.items())
            for column in map(str, frame.columns)
        ]
    )


def schemas(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what `datapackage.json` says of every CSV file of a folder: rows and columns, by file name."""
    described = {}
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
        fields = []
        for row in dictionary({path.stem: frame}).itertuples():
            meanings = {"description": row.description_en, "description_nl": row.description_nl}
            field = {"name": row.column, "type": row.type}
            fields.append(field | {key: text for key, text in meanings.items() if text})
        schema: dict[str, Any] = {"$schema": PROFILE, "fields": fields, "missingValues": [""]}
        if path.stem in KEYS:
            schema["primaryKey"] = [KEYS[path.stem]]
        described[path.name] = {"type": "table", "encoding": "utf-8", "rows": len(frame), "schema": schema}
    return described

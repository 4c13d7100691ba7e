"""What every column of every table means, in two languages: as a table, and by the Table Schema standard, version 2."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.report.root import LANGUAGES
from osw_stats.vocabulary.observations import COLUMNS
from osw_stats.yamlfile import read_yaml

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
KEYS = {"observations": "obs_id", "vintages": "obs_id", "sources": "source_id", "series": "series_id"}
FILE = Path(__file__).with_name("dictionary.yml")
ENDS = {
    "_lower": {"nl": "ondergrens", "en": "lower limit"},
    "_upper": {"nl": "bovengrens", "en": "upper limit"},
}
TIDY = ("observations", "vintages")  # tables of the tidy columns, which say themselves what they mean
# what Table Schema calls the types of pandas
TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}


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
    for ending, words in ENDS.items():
        base = column.removesuffix(ending)
        if base != column and (meant := describe(table, base, language)):
            return f"{meant}, {words[language]}"
    return ""


def column_type(values: pd.Series) -> str:
    """Return the Table Schema type of a column.

    Examples
    --------
    >>> column_type(pd.Series([1, 2])), column_type(pd.Series(["a", None])), column_type(pd.Series([True]))
    ('integer', 'string', 'boolean')
    """
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
    """Return what `datapackage.json` says of every CSV file of a folder: rows and columns, by file name.

    Notes
    -----
    Data Package 2.0 (datapackage.org). `rows` and the fields' `description_nl` are properties of
    our own, which the standard allows.
    """
    described = {}
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
        described[path.name] = {
            "type": "table",
            "encoding": "utf-8",
            "rows": len(frame),
            "schema": _schema(path.stem, frame),
        }
    return described


def _schema(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    fields = []
    for column in map(str, frame.columns):
        words = {
            "description": describe(name, column, "en"),
            "description_nl": describe(name, column, "nl"),
        }
        field = {"name": column, "type": column_type(frame[column])}
        fields.append(field | {key: text for key, text in words.items() if text})
    schema: dict[str, Any] = {"$schema": PROFILE, "fields": fields, "missingValues": [""]}
    return schema | ({"primaryKey": [KEYS[name]]} if name in KEYS else {})


@cache
def _known() -> dict[str, dict[str, str]]:
    written = read_yaml(FILE, FILE.name)
    tidy = {c.name: {"nl": c.nl, "en": c.en} for c in COLUMNS}
    own = {f"{table}.{name}": words for table in TIDY for name, words in tidy.items()}
    return tidy | {name: dict(zip(LANGUAGES, words, strict=True)) for name, words in written.items()} | own

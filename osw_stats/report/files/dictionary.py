"""The data dictionary: what every column of every table means, in two languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from osw_stats.report.root import LANGUAGES
from osw_stats.vocabulary.observations import COLUMNS
from osw_stats.yamlfile import read_yaml

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


@cache
def _known() -> dict[str, dict[str, str]]:
    written = read_yaml(FILE, FILE.name)
    tidy = {c.name: {"nl": c.nl, "en": c.en} for c in COLUMNS}
    own = {f"{table}.{name}": words for table in TIDY for name, words in tidy.items()}
    return tidy | {name: dict(zip(LANGUAGES, words, strict=True)) for name, words in written.items()} | own

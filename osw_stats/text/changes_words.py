"""The words of the page “what changed” (`changes.yml`), and the cells of a change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import unit
from osw_stats.text.language import decimals, number
from osw_stats.text.words import WORDS, breakdown, definition, word
from osw_stats.yamlfile import read_yaml

Row = dict[str, Any]
CHANGES: dict[str, Any] = read_yaml(Path(__file__).with_name("changes.yml"))
KINDS: dict[str, Any] = CHANGES["kinds"]
NONE = "–"


def note(name: str, language: str, **values: str) -> str:
    """Return one of the sentences around the tables."""
    return str(CHANGES["notes"][name][language]).format(**values)


def heading(change: str, language: str) -> tuple[str, str, list[str]]:
    """Return the title of a kind of change, what it means, and the headings of its table."""
    kind = KINDS[change]
    return kind[language]["title"], kind[language]["about"], CHANGES["tables"][kind["table"]][language]


def cells(row: Row, language: str) -> list[str]:
    """Return the cells of one change, as many as its kind has headings."""
    return [CELLS[name](row, language) for name in CHANGES["tables"][KINDS[row["change"]]["table"]]["cells"]]


def _first(row: Row, *names: str) -> str:
    """Return the first of these columns that says something."""
    return next((str(row[name]) for name in names if pd.notna(row[name]) and row[name]), "")


def _subject(row: Row, language: str) -> str:
    subject = _first(row, "subject")
    known = catalogue().get(subject)
    if known is not None:
        return known.title[language]
    page, slash, _ = subject.partition("/")
    return f"{word('page', page, language)} ({word('headline', subject, language)})" if slash else subject


def _group(row: Row, language: str) -> str:
    parts = [row["time_period"]]
    parts += [word("sex", row["sex"], language)] if row["sex"] != "total" else []
    parts += [row["age"]] if row["age"] != "total" else []
    parts += [row["region"]] if row["region"] != "NL" else []
    parts += [breakdown(row["breakdown"], language)] if row["breakdown"] else []
    return ", ".join(parts)


def _value(row: Row, name: str, language: str) -> str:
    """Return a number with its unit; of a figure without a value why it has none."""
    value, status = row[name], _first(row, "old" if name == "old_value" else "new")
    if pd.notna(value):
        shown = number(value, language, max(decimals(value, row["unit"]), 0))
        return f"{shown} {unit(row['unit']).words(shown, language)}"
    if not status:
        return NONE
    # of a figure that is there, only a range was published
    return word("no_value", status if status in WORDS["no_value"] else "range_only", language)


CELLS: dict[str, Callable[[Row, str], str]] = {
    "subject": _subject,
    "group": _group,
    "old_value": lambda row, language: _value(row, "old_value", language),
    "new_value": lambda row, language: _value(row, "new_value", language),
    "threshold": lambda row, language: _value(row, "threshold", language),
    "value": lambda row, lang: _value(row, f"{'old' if pd.isna(row['new_value']) else 'new'}_value", lang),
    "old_verdict": lambda row, language: word("verdict", row["old"], language) if row["old"] else NONE,
    "new_verdict": lambda row, language: word("verdict", row["new"], language) if row["new"] else NONE,
    "old_definition": lambda row, language: definition(row["old"], language),
    "new_definition": lambda row, language: definition(row["new"], language),
    "source": lambda row, _: _first(row, "new_source", "old_source"),
    "periods": lambda row, _: _first(row, "time_period", "new", "old"),
}

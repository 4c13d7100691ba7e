"""The words of the page “what changed” (`changes.yml`), and the cells of a change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import unit
from osw_stats.text.language import decimals, number
from osw_stats.text.words import WORDS, breakdown, definition, group_words, word
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
    shown = (cell.split() for cell in CHANGES["tables"][KINDS[row["change"]]["table"]]["cells"])
    return [CELLS[name](row, language, *columns) for name, *columns in shown]


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
    parts = [row["time_period"], *group_words(row | {"breakdown": ""}, language)]
    parts += [row["region"]] if row["region"] != "NL" else []
    parts += [breakdown(row["breakdown"], language)] if row["breakdown"] else []
    return ", ".join(parts)


def _value(row: Row, language: str, name: str) -> str:
    """Return a number with its unit; of a figure without a value why it has none."""
    value, status = row[name], _first(row, "old" if name == "old_value" else "new")
    if pd.notna(value):
        shown = number(value, language, max(decimals(value, row["unit"]), 0))
        return f"{shown} {unit(row['unit']).words(shown, language)}"
    if not status:
        return NONE
    # of a figure that is there, only a range was published
    return word("no_value", status if status in WORDS["no_value"] else "range_only", language)


# how a column of a change becomes a cell; `changes.yml` says which columns of each kind
CELLS: dict[str, Callable[..., str]] = {
    "subject": _subject,
    "group": _group,
    "value": _value,
    "told": lambda row, lang: _value(row, lang, "old_value" if pd.isna(row["new_value"]) else "new_value"),
    "verdict": lambda row, lang, name: word("verdict", row[name], lang) if row[name] else NONE,
    "definition": lambda row, lang, name: definition(row[name], lang),
    "first": lambda row, _, *names: _first(row, *names),
}

"""Which figures an edition waits for, as a list for people to work through; its words stand in `checklist.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.text.gaps import REASONS
from osw_stats.text.language import day
from osw_stats.text.tables import escape
from osw_stats.yamlfile import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("checklist.yml"))
STATES: dict[str, Any] = WORDS["states"]
DONE = ("there", "ended", "no_wave", "missing")
DATED = ("overdue", "due", "expected")


def _say(name: str, language: str, **values: object) -> str:
    return str(WORDS[name][language]).format(**values)


def markdown(table: pd.DataFrame, tables: Tables, language: str) -> str:
    """Return the checklist as Markdown: a box to tick a figure, under what is known of it."""
    edition = tables.edition
    parts = [f"# {_say('title', language, year=edition.year)}\n"]
    parts.append(_say("intro", language, as_of=day(edition.as_of, language)) + "\n")
    for status, words in STATES.items():
        rows = records(table[table["status"] == status])
        if rows:
            title = f"## {words[language].capitalize()} ({len(rows)})"
            parts.append(f"{title}\n\n{words['about'][language]}\n")
            parts.append("\n".join(_line(row, tables, language) for row in rows) + "\n")
    return "\n".join(parts)


def _line(row: dict[str, Any], tables: Tables, language: str) -> str:
    """Return one figure: what, when, and where the last one stood."""
    box = "-" if row["status"] in ("ended", "no_wave") else f"- [{'x' if row['status'] in DONE else ' '}]"
    facts = [_expected(row, language)] if row["status"] in DATED else []
    facts += [REASONS[row["reason"]][language]] if row["status"] == "missing" else []
    source = only(tables.sources, "sources", source_id=row["source_id"])
    title = escape(source["title"])
    linked = f"[{title}]({source['url']})" if source["url"] else title
    facts.append(f"{_say('last', language, period=row['last_period'])} {linked}, {escape(row['locator'])}")
    what = f"{escape(series(row['series']).title[language])}, {row['period']} ({escape(row['publisher'])})"
    return f"{box} {what}: {'; '.join(facts)}"


def _expected(row: dict[str, Any], language: str) -> str:
    a, b = (day(row[column], language) for column in ("due_from", "due_by"))
    when = _say("on_day" if a == b else "between", language, a=a, b=b)
    return f"{when} ({_say('rests_on_one' if row['lags'] == 1 else 'rests', language, n=row['lags'])})"


def state(row: dict[str, Any], language: str) -> str:
    """Return the state of a figure in a few words, for a cell of a sheet."""
    name = str(STATES[row["status"]][language])
    return f"{name}; {_expected(row, language)}" if row["status"] in DATED else name

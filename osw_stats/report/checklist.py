"""Which figures an edition waits for, as a list for people to work through."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.edition import Tables
from osw_stats.report.gaps import REASONS
from osw_stats.report.language import day
from osw_stats.report.tables import escape
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series

STATES = {
    "overdue": {"nl": "te laat", "en": "overdue"},
    "due": {"nl": "nu verwacht", "en": "due"},
    "expected": {"nl": "nog niet verwacht", "en": "not due yet"},
    "undated": {"nl": "zonder bekende datum", "en": "without a known date"},
    "uncertain": {"nl": "onzeker of het terugkomt", "en": "uncertain whether it comes back"},
    "missing": {"nl": "bestaat niet bij de uitgever", "en": "the publisher has none"},
    "no_wave": {"nl": "geen ronde in dit jaar", "en": "no wave in this year"},
    "there": {"nl": "is er", "en": "is there"},
    "ended": {"nl": "reeks gestopt", "en": "series ended"},
}
NEW = {"nl": "nieuw: nog geen cijfer", "en": "new: no figure yet"}  # of a series that nobody waits for yet
ABOUT = {
    "overdue": {
        "nl": "Elk eerder cijfer van deze reeksen was na zoveel tijd al openbaar. Misschien is het wel gepubliceerd, maar hier nog niet ingevoerd.",
        "en": "Every earlier figure of these series was public after this long. It may have been published and not entered here yet.",
    },
    "due": {
        "nl": "Ten minste één eerder cijfer van deze reeksen was na zoveel tijd al openbaar.",
        "en": "At least one earlier figure of these series was public after this long.",
    },
    "expected": {
        "nl": "Zo vroeg kwam nog geen enkel cijfer van deze reeksen uit.",
        "en": "No figure of these series ever came out this early.",
    },
    "undated": {
        "nl": "Van geen enkel eerder cijfer is de datum van publicatie bekend. Er is dus geen datum te noemen.",
        "en": "Of no earlier figure the date of publication is known, so no date can be named.",
    },
    "uncertain": {
        "nl": "Deze cijfers stonden maar over één periode in wat wij lazen, of al lang niet meer.",
        "en": "These figures stood in what we read for one period only, or not for long.",
    },
    "missing": {
        "nl": "De uitgever zegt zelf dat dit cijfer er niet is. Ook dat is een uitkomst.",
        "en": "The publisher itself says that this figure is not there. That is a result as well.",
    },
    "no_wave": {
        "nl": "Dit onderzoek wordt niet elk jaar gehouden. Een jaar zonder ronde is geen gemis.",
        "en": "This survey is not held every year. A year without a wave is no loss.",
    },
    "there": {"nl": "Deze cijfers staan in de editie.", "en": "These figures stand in the edition."},
    "ended": {"nl": "De uitgever gaf deze reeksen op.", "en": "The publisher gave up these series."},
}
WORDS = {
    "title": {"nl": "Cijfers voor editie {year}", "en": "Figures for edition {year}"},
    "intro": {
        "nl": "Peildatum: {as_of}. De verwachte dagen volgen uit hoe lang eerdere cijfers van dezelfde reeks erover deden. Ze zijn geen belofte van de uitgever.",
        "en": "As-of date: {as_of}. The days expected follow from how long earlier figures of the same series took. They are no promise of the publisher.",
    },
    "between": {"nl": "verwacht tussen {a} en {b}", "en": "expected between {a} and {b}"},
    "on": {"nl": "verwacht op {a}", "en": "expected on {a}"},
    "rests": {"nl": "naar {n} eerdere publicaties", "en": "by {n} earlier publications"},
    "rests_on_one": {"nl": "naar één eerdere publicatie", "en": "by one earlier publication"},
    "last": {"nl": "laatste: {period}, in", "en": "last: {period}, in"},
}  # fmt: skip
DONE = ("there", "ended", "no_wave", "missing")
DATED = ("overdue", "due", "expected")


def markdown(table: pd.DataFrame, tables: Tables, language: str) -> str:
    """Return the checklist as Markdown: a box to tick a figure, under what is known of it."""
    e = tables.edition
    parts = [
        f"# {WORDS['title'][language].format(year=e.year)}\n",
        WORDS["intro"][language].format(as_of=day(e.as_of, language)) + "\n",
    ]
    for status, name in STATES.items():
        rows = table[table["status"] == status]
        if len(rows):
            parts.append(f"## {name[language].capitalize()} ({len(rows)})\n\n{ABOUT[status][language]}\n")
            parts.append("\n".join(_line(row, tables, language) for row in records(rows)) + "\n")
    return "\n".join(parts)


def _line(row: dict[str, Any], tables: Tables, language: str) -> str:
    """Return one figure: what, when, and where the last one stood."""
    box = "-" if row["status"] in ("ended", "no_wave") else f"- [{'x' if row['status'] in DONE else ' '}]"
    facts = [_expected(row, language)] if row["status"] in DATED else []
    if row["status"] == "missing":
        facts.append(REASONS[row["reason"]][language])
    source = only(tables.sources, "sources", source_id=row["source_id"])
    title = escape(source["title"])
    linked = f"[{title}]({source['url']})" if source["url"] else title
    last = WORDS["last"][language].format(period=row["last_period"])
    facts.append(f"{last} {linked}, {escape(row['locator'])}")
    what = f"{escape(series(row['series']).title[language])}, {row['period']} ({escape(row['publisher'])})"
    return f"{box} {what}: {'; '.join(facts)}"


def _expected(row: dict[str, Any], language: str) -> str:
    a, b = (day(row[c], language) for c in ("due_from", "due_by"))
    when = WORDS["on" if a == b else "between"][language].format(a=a, b=b)
    return (
        f"{when} ({WORDS['rests_on_one' if row['lags'] == 1 else 'rests'][language].format(n=row['lags'])})"
    )


def state(row: dict[str, Any], language: str) -> str:
    """Return the state of a figure in a few words, for a cell of a sheet."""
    name = STATES[row["status"]][language]
    return f"{name}; {_expected(row, language)}" if row["status"] in DATED else name

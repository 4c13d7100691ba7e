"""Pieces of pages that are made from the tables: headlines, gaps, sources, downloads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.analysis.coverage import missing
from osw_stats.report import own_claims
from osw_stats.report.downloads import CONTENTS
from osw_stats.report.edition import Tables
from osw_stats.report.gaps import REASONS, gap_line
from osw_stats.report.harvest import Notebook, items
from osw_stats.report.language import day, number
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.story import grade_words
from osw_stats.report.tables import escape, markdown
from osw_stats.report.words import RULES, word
from osw_stats.sources.quality import Check
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series
from osw_stats.vocabulary.units import unit

QUESTIONS = {
    "prevalence": {"nl": "Hoe vaak komt het voor?", "en": "How common is it?"},
    "trend": {"nl": "Neemt het toe?", "en": "Is it growing?"},
    "capacity_gap": {"nl": "Wie doet er iets aan, en is dat genoeg?", "en": "Who acts on it, and is that enough?"},
    "claims": {"nl": "Kloppen de zinnen met de cijfers?", "en": "Do the sentences match the figures?"},
}  # fmt: skip
RESULTS = {
    "PASS": {"nl": "in orde", "en": "passed"},
    "WARNING": {"nl": "let op", "en": "warning"},
    "FAIL": {"nl": "fout", "en": "failed"},
}
SHOWN_SOURCES = 3  # a card names this many documents; its page lists all
WORDS = {
    "source": {"nl": "Bron", "en": "Source"},
    "how": {"nl": "Zo is het berekend", "en": "How it was computed"},
    "more": {"nl": "en {n} andere", "en": "and {n} others"},
    "without": {
        "nl": "Van {n} reeksen stond geen cijfer over {year} in wat wij lazen: [de lijst](quality.qmd#without-figure).",
        "en": "For {n} series there was no figure for {year} in what we read: [the list](quality.qmd#without-figure).",
    },
    "unknown": {"nl": "datum van publicatie niet bekend; in elk geval openbaar op", "en": "date of publication not known; public at the latest on"},
    "day": {"nl": "gepubliceerd op", "en": "published on"},
    "month": {"nl": "gepubliceerd in", "en": "published in"},
    "year": {"nl": "gepubliceerd in", "en": "published in"},
    "none": {"nl": "Uit dit document is geen cijfer overgenomen; wel beweringen in het register, of bewijs over een termijn.", "en": "No figure was taken from this document, but statements in the ledger or evidence on a deadline were."},
    "later": {"nl": "na de peildatum van deze editie: telt niet mee", "en": "after the as-of date of this edition: does not count"},
}  # fmt: skip


def edition(tables: Tables, language: str) -> str:
    """Say which edition this is and which publications count."""
    e = tables.edition
    text = {
        "nl": f"Editie {e.year}. Alles wat openbaar was op {day(e.as_of, 'nl')}. Elk getal is terug te vinden in zijn bron en opnieuw te berekenen.",
        "en": f"Edition {e.year}. Everything that was public on {day(e.as_of, 'en')}. Every number can be traced to its source and recomputed.",
    }  # fmt: skip
    return f"::: {{.lead}}\n{text[language]}\n:::\n"


def headlines(tables: Tables, executed: dict[str, Notebook], language: str) -> str:
    """Return one block a notebook: question, headline sentence, its sources and its page."""
    blocks = []
    for name, question in QUESTIONS.items():
        for item in items(executed[name]):
            if item.kind == "sentence" and item.facts["headline"]:
                used = [i for n in item.facts["numbers"] for i in n["observations"]]
                blocks.append(
                    f"::: {{.card}}\n## {item.facts.get('question') or question[language]}\n\n{item.facts['text']}\n\n"
                    f"{WORDS['source'][language]}: {_source_links(tables, used, name, language)}. "
                    f"{grade_words(item.facts['grade'], language)} "
                    f"[{WORDS['how'][language]}]({name}.qmd)\n:::\n"
                )
    return "\n".join(blocks)


def _source_links(tables: Tables, used: list[str], page: str, language: str) -> str:
    rows = tables.observations
    ids = rows.loc[rows["obs_id"].isin(used), "source_id"].unique()
    known = {s["source_id"]: s for s in records(tables.sources)}
    links = [f"[{known[i]['publisher']}: {known[i]['title']}](sources.qmd#src-{i})" for i in ids]
    if len(links) > SHOWN_SOURCES:
        more = number(len(links) - SHOWN_SOURCES, language)
        links[SHOWN_SOURCES:] = [f"[{WORDS['more'][language].format(n=more)}]({page}.qmd#sources)"]
    return ", ".join(links)


def gaps(tables: Tables, language: str) -> str:
    """Return the figures nobody counted, published or found, and how many series lack the year."""
    found = missing(tables.observations, tables.edition.year)
    named = found[found["reason"] != "no_figure"]
    count = number(len(found) - len(named), language)
    lines = [gap_line(row, tables.edition.year, language) for row in records(named)]
    lines.append(f"- {WORDS['without'][language].format(n=count, year=tables.edition.year)}")
    return "\n".join(lines) + "\n"


def without_figure(tables: Tables, language: str) -> str:
    """Return every series without a figure for the year of the edition."""
    found = missing(tables.observations, tables.edition.year)
    return (
        "\n".join(
            gap_line(row, tables.edition.year, language)
            for row in records(found[found["reason"] == "no_figure"])
        )
        + "\n"
    )


def sources(tables: Tables, language: str) -> str:
    """Return every document with its date and a table of the figures taken from it."""
    parts = []
    for source in records(tables.sources):
        title = escape(source["title"])
        linked = f"[{title}]({source['url']})" if source["url"] else title
        rows = tables.vintages[tables.vintages["source_id"] == source["source_id"]]
        parts += [
            f"## {escape(source['publisher'])}: {title} {{#src-{source['source_id']}}}\n",
            f"{linked}, {_published(source, language)}. {word(source['licence'], language)}.\n",
            _figures(rows, tables, language) if len(rows) else WORDS["none"][language] + "\n",
        ]
    return "\n".join(parts)


def _published(source: dict[str, str], language: str) -> str:
    precision = source["published_precision"]
    label = WORDS[precision][language]
    if precision == "unknown":
        return f"{label} {day(source['known_by'], language)}"
    return f"{label} {day(source['published'], language) if precision == 'day' else source['published']}"


def _figures(rows: pd.DataFrame, tables: Tables, language: str) -> str:
    heads = {
        "nl": ("Wat", "Periode", "Groep", "Waarde", "Zoals gedrukt", "Plaats"),
        "en": ("What", "Period", "Group", "Value", "As printed", "Place"),
    }[language]
    lines = ["| " + " | ".join(heads) + " |", "|:---|:---|:---|---:|:---|:---|"]
    for row in records(rows):
        about = series(row["series_id"])
        group = ([] if row["breakdown"] else [word(row["sex"], language)]) + (
            [row["age"]] if row["age"] != "total" else []
        )
        group += (
            [": ".join(word(w, language) for w in row["breakdown"].split("="))] if row["breakdown"] else []
        )
        late = "" if row["known_by"] <= tables.edition.as_of.isoformat() else f" ({WORDS['later'][language]})"
        cells = [
            f"{about.title[language]}{late}", row["time_period"], ", ".join(group),
            _value(row, language), row["as_reported"], row["locator"],
        ]  # fmt: skip
        anchor = row["obs_id"].replace("/", "-").replace("+", "plus")
        lines.append(f"| []{{#obs-{anchor}}}" + " | ".join(map(escape, cells)) + " |")
    return "\n".join(lines) + "\n"


def _value(row: dict[str, Any], language: str) -> str:
    value = row["obs_value"]
    if not isinstance(value, float) or pd.isna(value):
        return REASONS["range_only" if pd.notna(row["lower"]) else row["obs_status"]][language]
    places = 0 if value == int(value) else 2 if round(value, 1) != value else 1
    return f"{number(value, language, places)} {getattr(unit(str(row['unit_measure'])), language)}"


def quality(checks: list[Check], language: str) -> str:
    """Return the table of quality rules with their results."""
    heads = {"nl": ("Regel", "Uitslag", "Wat er is gevonden"), "en": ("Rule", "Result", "What was found")}[
        language
    ]
    lines = ["| " + " | ".join(heads) + " |", "|:---|:---|:---|"]
    for c in checks:
        cells = (RULES[c.rule][language], RESULTS[c.result][language], c.message[language])
        lines.append("| " + " | ".join(map(escape, cells)) + " |")
    return "\n".join(lines) + "\n"


def own(claims: pd.DataFrame, language: str) -> str:
    """Return how many numbers of our own sentences were read back, by page."""
    return markdown(own_claims.summary(claims), LAYOUTS["own_claims"], language)


def downloads(
    folder: Path, prefix: str, language: str, contents: Mapping[str, Mapping[str, str]] = CONTENTS
) -> str:
    """Return the list of files in `folder`, linked under `prefix`; `contents` says what each holds."""
    lines = []
    for name, content in contents.items():
        for path in sorted(folder.glob(name)):
            size = number(max(1, path.stat().st_size / 1000), language)
            lines.append(f"- [{path.name}]({prefix}{path.name}) ({size} kB): {content[language]}.")
    return "\n".join(lines) + "\n"


def when_published(source: dict[str, str], language: str) -> str:
    """Say when a document was published, as exactly as that is known."""
    return _published(source, language)

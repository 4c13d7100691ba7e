"""Pieces of pages that are made from the tables: headlines, gaps, sources."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report import cited, own_claims
from osw_stats.report.edition import Tables
from osw_stats.report.gaps import gap_line, why_no_value
from osw_stats.report.language import day, filled, number, published
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.named import group_words, licences
from osw_stats.report.tables import escape, markdown
from osw_stats.report.words import RULES, word
from osw_stats.sources.quality import Check
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series
from osw_stats.vocabulary.units import unit

RESULTS = {
    "PASS": {"nl": "in orde", "en": "passed"},
    "WARNING": {"nl": "let op", "en": "warning"},
    "FAIL": {"nl": "fout", "en": "failed"},
}
ROWS_A_PAGE = 170  # of the pages with source figures
SHOWN_SOURCES = 3  # a card names this many documents; its page lists all
WORDS = {
    "source": {"nl": "Bron", "en": "Source"},
    "how": {"nl": "Zo is het berekend", "en": "How it was computed"},
    "about": {"nl": "Naar deze pagina", "en": "To this page"},
    "more": {"nl": "en {n} andere", "en": "and {n} [n:other|others]"},
    "without": {
        "nl": "Van {n} [n:reeks|reeksen] stond geen cijfer over {year} in wat wij lazen: [de lijst](quality.qmd#without-figure).",
        "en": "For {n} series there was no figure for {year} in what we read: [the list](quality.qmd#without-figure).",
    },
    "none": {"nl": "Uit dit document is geen cijfer overgenomen; wel beweringen in het register, of bewijs over een termijn.", "en": "No figure was taken from this document, but statements in the ledger or evidence on a deadline were."},
    "no_stale": {"nl": "Van geen enkele reeks is dat zo.", "en": "That is so of no series."},
    "taken": {"nl": "Hieruit overgenomen cijfers: {n}", "en": "Figures taken from it: {n}"},
    "figures": {"nl": "Cijfers uit de bronnen", "en": "Figures from the sources"},
    "part": {"nl": "deel", "en": "part"},
    "all": {"nl": "Alle documenten", "en": "All documents"},
    "later": {"nl": "na de peildatum van deze editie: telt niet mee", "en": "after the as-of date of this edition: does not count"},
}  # fmt: skip


def edition(tables: Tables, language: str) -> str:
    """Say which edition this is and which publications count."""
    e = tables.edition
    text = {
        "nl": f"Editie {e.year}. Alles wat openbaar was op {day(e.as_of, 'nl')}. Elk getal is terug te vinden in zijn bron, of in het document dat die bron aanhaalt („via”), en opnieuw te berekenen.",
        "en": f"Edition {e.year}. Everything that was public on {day(e.as_of, 'en')}. Every number can be traced to its source, or to the document that quotes that source (“via”), and recomputed.",
    }  # fmt: skip
    return f"::: {{.lead}}\n{text[language]}\n:::\n"


def source_links(tables: Tables, used: list[str], page: str, language: str) -> str:
    """Return links to the documents that observations come from, a few by name."""
    rows = tables.observations
    ids = rows.loc[rows["obs_id"].isin(used), "source_id"].unique()
    known = cited.by_id(tables.sources)
    shown = rows[rows["obs_id"].isin(used)]
    links = [
        cited.linked(known[i], known, language, shown.loc[shown["source_id"] == i, "locator"]) for i in ids
    ]
    if len(links) > SHOWN_SOURCES:
        more = number(len(links) - SHOWN_SOURCES, language)
        links[SHOWN_SOURCES:] = [f"[{filled(WORDS['more'][language], n=more)}]({page}.qmd#sources)"]
    return "; ".join(links)


def gaps(tables: Tables, language: str) -> str:
    """Return the figures nobody counted, published or found, and how many series lack the year."""
    found = tables.missing()
    named = found[found["reason"] != "no_figure"]
    count = number(len(found) - len(named), language)
    lines = [gap_line(row, tables.edition.year, language) for row in records(named)]
    lines.append(f"- {filled(WORDS['without'][language], n=count, year=tables.edition.year)}")
    return "\n".join(lines) + "\n"


def without_figure(tables: Tables, language: str) -> str:
    """Return every series without a figure for the year of the edition."""
    found = tables.missing()
    return (
        "\n".join(
            gap_line(row, tables.edition.year, language)
            for row in records(found[found["reason"] == "no_figure"])
        )
        + "\n"
    )


def stale_series(tables: Tables, language: str) -> str:
    """Return every series whose last figure is older than two years, with its period."""
    rows = [
        f"- {escape(series(row['series']).title[language])}: {row['time_period']}."
        for row in records(tables.stale())
    ]
    return "\n".join(rows or [WORDS["no_stale"][language]]) + "\n"


def source_pages(tables: Tables) -> dict[str, int]:
    """Return on which page the figures of each document stand, so that no page is too heavy to load."""
    pages: dict[str, int] = {}
    page, held = 1, 0
    counts = tables.vintages["source_id"].value_counts()
    for source_id in tables.sources["source_id"]:
        rows = int(counts.get(source_id, 0))
        if rows:
            if held and held + rows > ROWS_A_PAGE:
                page, held = page + 1, 0
            pages[source_id], held = page, held + rows
    return pages


def observation_link(obs_id: str, source_id: str, pages: dict[str, int]) -> str:
    """Return the address of the row of a published figure."""
    return f"sources-{pages[source_id]}.qmd#{observation_anchor(obs_id)}"


def observation_anchor(obs_id: str) -> str:
    """Return the id of the row of a published figure."""
    return "obs-" + obs_id.replace("/", "-").replace("+", "plus")


def sources(tables: Tables, language: str) -> str:
    """Return every document with its date and terms, by publisher, and where its figures stand."""
    pages, counts = source_pages(tables), tables.vintages["source_id"].value_counts()
    known, parts = cited.by_id(tables.sources), []
    for publisher, documents in tables.sources.groupby("publisher", sort=True):
        parts.append(f"## {escape(str(publisher))}\n")
        for source in records(documents):
            title, name = escape(source["title"]), source["source_id"]
            linked = f"[{title}]({source['url']})" if source["url"] else title
            count = number(int(counts.get(name, 0)), language)
            figures = (
                f"[{WORDS['taken'][language].format(n=count)}](sources-{pages[name]}.qmd#doc-{name})"
                if name in pages
                else WORDS["none"][language]
            )
            parts.append(
                f"- []{{#src-{name}}}{linked}{escape(cited.via(source, known, language))}, {published(source, language)}. "
                f"{licences(source['licence'], language)}. {figures}"
            )
        parts.append("")
    return "\n".join(parts)


def source_figures(tables: Tables, language: str) -> dict[str, str]:
    """Return the pages with the figures taken from the documents, by name."""
    pages, known = source_pages(tables), cited.by_id(tables.sources)
    # a change that follows from two counts of a document stands with them
    follows = tables.observations[~tables.observations["obs_id"].isin(tables.vintages["obs_id"])]
    figures = pd.concat([tables.vintages, follows], ignore_index=True) if len(follows) else tables.vintages
    texts = {}
    for page in sorted(set(pages.values())):
        title = f"{WORDS['figures'][language]}, {WORDS['part'][language]} {page}"
        parts = [f"# {title}\n", f"[{WORDS['all'][language]}](sources.qmd)\n"]
        for source in records(tables.sources):
            if pages.get(source["source_id"]) == page:
                rows = figures[figures["source_id"] == source["source_id"]]
                parts += [
                    f"## {escape(cited.name(source, known, language))} {{#doc-{source['source_id']}}}\n",
                    _figures(rows, tables, language),
                ]
        texts[f"sources-{page}"] = "\n".join(parts)
    return texts


def _figures(rows: pd.DataFrame, tables: Tables, language: str) -> str:
    heads = {
        "nl": ("Wat", "Periode", "Groep", "Waarde", "Zoals gedrukt", "Plaats"),
        "en": ("What", "Period", "Group", "Value", "As printed", "Place"),
    }[language]
    lines = ["| " + " | ".join(heads) + " |", "|:---|:---|:---|---:|:---|:---|"]
    for row in records(rows):
        what, group, value = described(row, language)
        late = "" if row["known_by"] <= tables.edition.as_of.isoformat() else f" ({WORDS['later'][language]})"
        cells = [
            f"{what}{late}", row["time_period"], group, value, row["as_reported"], row["locator"],
        ]  # fmt: skip
        anchor = observation_anchor(row["obs_id"])
        lines.append(f"| []{{#{anchor}}}" + " | ".join(map(escape, cells)) + " |")
    return "\n".join(lines) + "\n"


def described(row: dict[str, Any], language: str) -> tuple[str, str, str]:
    """Return what a published figure counts, of whom, and its value, in words."""
    all_of_them = row["sex"] == "total" and not row["breakdown"]
    group = ([word("sex", "total", language)] if all_of_them else []) + group_words(row, language)
    return series(row["series_id"]).title[language], ", ".join(group), _value(row, language)


def _value(row: dict[str, Any], language: str) -> str:
    value = row["obs_value"]
    if not isinstance(value, float) or pd.isna(value):
        return why_no_value(row, language)
    places = 0 if value == int(value) else 2 if round(value, 1) != value else 1
    shown = number(value, language, places)
    return f"{shown} {unit(str(row['unit_measure'])).words(shown, language)}"


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

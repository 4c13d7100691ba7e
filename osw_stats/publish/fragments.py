"""Pieces of pages that are made from the tables: gaps, sources, quality."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from osw_stats.data.edition import Tables
from osw_stats.data.quality import Check
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.meaning.units import unit
from osw_stats.publish import own_claims
from osw_stats.text import documents
from osw_stats.text.gaps import gap_lines, why_no_value
from osw_stats.text.language import day, number, published
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import escape, markdown, pipe_table
from osw_stats.text.words import group_words, licences, phrase, word

ROWS_A_PAGE = 170  # of the pages with source figures
SHOWN_SOURCES = 3  # a card names this many documents; its page lists all


# what templates print is Markdown; text of others goes through `escape`
TEMPLATES = Environment(  # noqa: S701 - no HTML is made here
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    comment_start_string="<!--",
    comment_end_string="-->",
)
TEMPLATES.filters["escape"] = escape


def _fill(template: str, **values: object) -> str:
    return TEMPLATES.get_template(template).render(**values).rstrip("\n") + "\n"


def edition(tables: Tables, language: str) -> str:
    """Return which edition this is and which publications count."""
    e = tables.edition
    text = phrase("edition", language, year=e.year, as_of=day(e.as_of, language))
    return f"::: {{.lead}}\n{text}\n:::\n"


def source_links(tables: Tables, used: list[str], page: str, language: str) -> str:
    """Return links to the documents that observations come from, a few by name."""
    known = documents.by_id(tables.sources)
    rows = tables.observations[tables.observations["obs_id"].isin(used)]
    links = [
        documents.linked(known[str(source_id)], known, language, figures["locator"])
        for source_id, figures in rows.groupby("source_id", sort=False)
    ]
    if len(links) > SHOWN_SOURCES:
        more = phrase("more_sources", language, n=number(len(links) - SHOWN_SOURCES, language))
        links[SHOWN_SOURCES:] = [f"[{more}]({page}.qmd#sources)"]
    return "; ".join(links)


def gaps(tables: Tables, language: str) -> str:
    """Return the figures nobody counted, published or found, and how many series lack the year."""
    missing, year = tables.missing(), tables.edition.year
    named = missing[missing["reason"] != "no_figure"]
    rest = phrase("without", language, n=number(len(missing) - len(named), language), year=year)
    return "\n".join([*gap_lines(named, year, language), f"- {rest}\n"])


def without_figure(tables: Tables, language: str) -> str:
    """Return every series without a figure for the year of the edition."""
    missing = tables.missing()
    lines = gap_lines(missing[missing["reason"] == "no_figure"], tables.edition.year, language)
    return "\n".join(lines) + "\n"


def stale_series(tables: Tables, language: str) -> str:
    """Return every series whose last figure is older than two years, with its period."""
    stale = [(series(row["series"]).title[language], row["time_period"]) for row in records(tables.stale())]
    lines = [f"- {escape(title)}: {period}." for title, period in stale]
    return "\n".join(lines or [phrase("no_stale", language)]) + "\n"


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
    known, counts = documents.by_id(tables.sources), tables.vintages["source_id"].value_counts()
    taken = {i: phrase("taken", language, n=number(int(n), language)) for i, n in counts.items()}
    return _fill(
        "sources.md.j2",
        publishers=dict(list(tables.sources.groupby("publisher", sort=True))),
        records=records,
        via=lambda source: documents.via(source, known, language),
        published=lambda source: published(source, language),
        licences=lambda source: licences(source["licence"], language),
        taken=taken,
        pages=source_pages(tables),
        no_figures=phrase("no_figures", language),
    )


def source_figures(tables: Tables, language: str) -> dict[str, str]:
    """Return the pages with the figures taken from the documents, by name."""
    known = documents.by_id(tables.sources)
    # a change that follows from two counts of a document stands with them
    follows = tables.observations[~tables.observations["obs_id"].isin(tables.vintages["obs_id"])]
    figures = pd.concat([tables.vintages, follows], ignore_index=True) if len(follows) else tables.vintages
    as_of, late = tables.edition.as_of.isoformat(), phrase("after_as_of", language)
    by_page: dict[int, list[dict[str, str]]] = {}
    for source_id, page in source_pages(tables).items():
        lines = []
        for row in records(figures[figures["source_id"] == source_id]):
            what, group, value = described(row, language)
            what += "" if row["known_by"] <= as_of else f" ({late})"
            cells = (what, row["time_period"], group, value, row["as_reported"], row["locator"])
            first, *others = map(escape, cells)
            lines.append([f"[]{{#{observation_anchor(row['obs_id'])}}}{first}", *others])
        table = pipe_table(phrase("figures_heads", language).split(" | "), lines, numeric=[3])
        name = documents.name(known[source_id], known, language)
        by_page.setdefault(page, []).append({"id": source_id, "name": name, "table": table})
    every = phrase("all_documents", language)
    texts = {}
    for page, cited in by_page.items():
        title = phrase("figures_part", language, page=page)
        texts[f"sources-{page}"] = _fill("source_figures.md.j2", title=title, all=every, sources=cited)
    return texts


def described(row: dict[str, Any], language: str) -> tuple[str, str, str]:
    """Return what a published figure counts, of whom, and its value, in words."""
    all_of_them = row["sex"] == "total" and not row["breakdown"]
    group = ([word("sex", "total", language)] if all_of_them else []) + group_words(row, language)
    value = row["obs_value"]
    if not isinstance(value, float) or pd.isna(value):
        shown = why_no_value(row, language)
    else:
        printed = number(value, language, 0 if value == int(value) else 2 if round(value, 1) != value else 1)
        shown = f"{printed} {unit(str(row['unit_measure'])).words(printed, language)}"
    return series(row["series_id"]).title[language], ", ".join(group), shown


def quality(checks: list[Check], language: str) -> str:
    """Return the table of quality rules with their results."""
    rows = [
        (word("rule", check.rule, language), word("quality", check.result, language), check.message[language])
        for check in checks
    ]
    return pipe_table(phrase("rules_heads", language).split(" | "), [list(map(escape, row)) for row in rows])


def own(claims: pd.DataFrame, language: str) -> str:
    """Return how many numbers of our own sentences were read back, by page."""
    return markdown(own_claims.summary(claims), LAYOUTS["own_claims"], language)

"""Documents and the figures taken from them: the pages that list them, and links and tables of other pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.meaning.units import unit
from osw_stats.publish.site.markdown import Markdown, from_template, table
from osw_stats.text import documents
from osw_stats.text.gaps import why_no_value
from osw_stats.text.language import number, published
from osw_stats.text.tables import escape
from osw_stats.text.words import group_words, licences, phrase, word

ROWS_A_PAGE = 150  # of the pages with source figures, so that none is too heavy to load


def about(source: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """Return what follows the title of a document in a list: where we know it from, its date, its terms."""
    via = documents.via(source, known, language)
    return f"{via}, {published(source, language)}. {licences(source['licence'], language)}."


def sources(tables: Tables, language: str) -> str:
    """Return every document with its date and terms, by publisher, and where its figures stand."""
    known, pages = documents.by_id(tables.sources), _pages(tables)
    counts = tables.vintages["source_id"].value_counts()
    text = from_template(
        "sources",
        language,
        publishers={name: records(rows) for name, rows in tables.sources.groupby("publisher", sort=True)},
        about=lambda source: about(source, known, language),
        taken={i: phrase("taken", language, n=number(int(n), language)) for i, n in counts.items()},
        pages=pages,
        no_figures=phrase("no_figures", language),
    )
    return text.rstrip("\n") + "\n"


def source_figures(tables: Tables, language: str) -> dict[str, str]:
    """Return the pages with the figures taken from the documents, by name."""
    known = documents.by_id(tables.sources)
    # a change that follows from two counts of a document stands with them
    follows = tables.observations[~tables.observations["obs_id"].isin(tables.vintages["obs_id"])]
    figures = pd.concat([tables.vintages, follows], ignore_index=True) if len(follows) else tables.vintages
    as_of, late = tables.edition.as_of.isoformat(), phrase("after_as_of", language)
    by_page: dict[int, list[dict[str, str]]] = {}
    for source_id, page in _pages(tables).items():
        lines = []
        for row in records(figures[figures["source_id"] == source_id]):
            what, *others = described(row, language)
            what += "" if row["known_by"] <= as_of else f" ({late})"
            first = Markdown(f"[]{{#{anchor(row['obs_id'])}}}{escape(what)}")
            lines.append((first, row["time_period"], *others, row["as_reported"], row["locator"]))
        name = documents.name(known[source_id], known, language)
        listed = {"id": source_id, "name": name, "table": table("figures", language, lines, [3])}
        by_page.setdefault(page, []).append(listed)
    texts = {}
    for page, listed_here in by_page.items():
        heads = {
            "title": phrase("figures_part", language, page=page),
            "all": phrase("all_documents", language),
        }
        text = from_template("source_figures", language, sources=listed_here, **heads)
        texts[f"sources-{page}"] = text.rstrip("\n") + "\n"
    return texts


def _pages(tables: Tables) -> dict[str, int]:
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


def anchor(obs_id: str) -> str:
    """Return the id of the row of a published figure."""
    return "obs-" + obs_id.replace("/", "-").replace("+", "plus")


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


def source_table(rows: pd.DataFrame, tables: Tables, language: str) -> Markdown:
    """Return published figures as a table: what, when, who, the value, the words, and where."""
    known, pages = documents.by_id(tables.sources), _pages(tables)
    lines = []
    for row in records(rows):
        what, group, value = described(row, language)
        source = known[row["source_id"]]
        link = f"sources-{pages[row['source_id']]}.qmd#{anchor(row['obs_id'])}"
        place = f"[{escape(source['publisher'])}]({link}){escape(documents.via(source, known, language))}"
        place += f", {escape(documents.quoted_place(row['locator']))}"
        lines.append((what, row["time_period"], group, value, row["as_reported"], Markdown(place)))
    return table("sources", language, lines, [3])

"""Documents and the figures taken from them: their pages, and links and tables on other pages."""

from collections.abc import Mapping
from functools import lru_cache
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

ROWS_A_PAGE = 170  # of the pages with source figures, so that none is too heavy to load


def about(source: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """Return the details of a document in a list: the document that quotes it, its date and its terms."""
    via = documents.via(source, known, language)
    return f"{via}, {published(source, language)}. {licences(source['licence'], language)}."


def sources(tables: Tables, language: str) -> str:
    """Return every document with its date and terms, by publisher, and the page of its figures."""
    known, figures = documents.by_id(tables.sources), _by_page(tables)
    counts = tables.vintages["source_id"].value_counts()
    text = from_template(
        "sources",
        language,
        publishers={name: records(rows) for name, rows in tables.sources.groupby("publisher", sort=True)},
        about=lambda source: about(source, known, language),
        taken={i: phrase("taken", language, n=number(int(n), language)) for i, n in counts.items()},
        pages=figures.groupby("source_id")["page"].first().to_dict(),
        no_figures=phrase("no_figures", language),
    )
    return text.rstrip("\n") + "\n"


def source_figures(tables: Tables, language: str) -> dict[str, str]:
    """Return the pages with the figures taken from the documents, by name."""
    known, as_of = documents.by_id(tables.sources), tables.edition.as_of.isoformat()
    late, texts = phrase("after_as_of", language), {}

    def line(row: dict[str, Any]) -> tuple[str, ...]:
        title, *others = described(row, language)
        title += "" if row["known_by"] <= as_of else f" ({late})"
        first = Markdown(f"[]{{#{anchor(row['obs_id'])}}}{escape(title)}")
        return first, row["time_period"], *others, row["as_reported"], row["locator"]

    for page, on_page in _by_page(tables).groupby("page"):
        listed = []
        for source_id, rows in on_page.groupby("source_id", sort=False):
            name = documents.name(known[str(source_id)], known, language)
            shown = table("figures", language, map(line, records(rows)), [3])
            listed.append({"id": source_id, "name": name, "table": shown})
        title, all_ = phrase("figures_part", language, page=page), phrase("all_documents", language)
        text = from_template("source_figures", language, sources=listed, title=title, all=all_)
        texts[f"sources-{page}"] = text.rstrip("\n") + "\n"
    return texts


@lru_cache(maxsize=1)
def _by_page(tables: Tables) -> pd.DataFrame:
    """Return the figures of all documents with their pages; a document is split only if it exceeds a page."""
    # a change that follows from two counts of a document is listed with them
    follows = tables.observations[~tables.observations["obs_id"].isin(tables.vintages["obs_id"])]
    figures = pd.concat([tables.vintages, follows], ignore_index=True) if len(follows) else tables.vintages
    counts, starts, offset = figures["source_id"].value_counts(), {}, 0
    for source_id in (i for i in tables.sources["source_id"] if i in counts):
        on_page = offset % ROWS_A_PAGE
        if on_page and on_page + counts[source_id] > ROWS_A_PAGE:
            offset += ROWS_A_PAGE - on_page
        starts[source_id], offset = offset, offset + counts[source_id]
    place = figures["source_id"].map(starts) + figures.groupby("source_id").cumcount()
    return figures.assign(page=place // ROWS_A_PAGE + 1).loc[place.sort_values(kind="stable").index]


def anchor(obs_id: str) -> str:
    """Return the id of the row of a published figure."""
    return "obs-" + obs_id.replace("/", "-").replace("+", "plus")


def described(row: dict[str, Any], language: str) -> tuple[str, str, str]:
    """Return the title, the group and the value of a published figure, in words."""
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
    """Return published figures as a table: series, period, group, value, wording, and source."""
    known, figures = documents.by_id(tables.sources), _by_page(tables)
    pages = dict(zip(figures["obs_id"], figures["page"], strict=True))
    lines = []
    for row in records(rows):
        title, group, value = described(row, language)
        source = known[row["source_id"]]
        link = f"sources-{pages[row['obs_id']]}.qmd#{anchor(row['obs_id'])}"
        place = f"[{escape(source['publisher'])}]({link}){escape(documents.via(source, known, language))}"
        place += f", {escape(documents.quoted_place(row['locator']))}"
        lines.append((title, row["time_period"], group, value, row["as_reported"], Markdown(place)))
    return table("sources", language, lines, [3])

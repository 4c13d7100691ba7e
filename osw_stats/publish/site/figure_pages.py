"""The page of one figure: how to say it, its numbers as a table, what it rests on, how it was made."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.meaning.observations import records
from osw_stats.publish.contents import Item, Page, items
from osw_stats.publish.fragments import described, observation_link, source_pages
from osw_stats.publish.site import figures
from osw_stats.publish.site.markdown import Markdown, from_template, heads, table
from osw_stats.text import documents
from osw_stats.text.language import day, number
from osw_stats.text.tables import escape

SHOWN_ROWS = 60  # source rows on the page; the CSV holds all
UNITS = ("unit", "unit_measure")  # columns that say in what a row is counted


@dataclass(frozen=True)
class Drawn:
    """A figure, the notebook it comes from, and the code of its cell."""

    told: Item
    notebook: str
    code: str
    parameters: str
    sentence: Item | None

    @property
    def page(self) -> str:
        """Return the name of the figure's own page."""
        return f"figure-{self.told.name}"


def drawn(page: Page) -> Iterator[Drawn]:
    """Yield every figure of a page, in its order."""
    said = {i.name: i for i in items(page) if i.kind == "sentence"}
    for told in items(page):
        if told.kind == "figure":
            code = page.results.figures[told.name].code
            yield Drawn(told, page.name, code, page.results.parameters, said.get(told.facts["says"]))


def page(figure: Drawn, tables: Tables, language: str) -> str:
    """Return the page of a figure as Markdown."""
    told, rows = figure.told, observations(figure.told, tables)
    return from_template(
        "figure",
        language,
        figure=figure,
        facts=told.facts,
        name=Markdown(told.name),
        image=Markdown(figures.image(told, "figure-")),
        links=Markdown(figures.links(told, language)),
        edition=tables.edition,
        as_of=day(tables.edition.as_of, language),
        publishers=documents.whose(rows, tables.sources, language),
        table=source_table(rows.iloc[:SHOWN_ROWS], tables, language),
        more=number(len(rows) - SHOWN_ROWS, language) if len(rows) > SHOWN_ROWS else "",
    )


def metadata(figure: Drawn, tables: Tables, language: str) -> str:
    """Return what a program or a librarian wants to know of a figure, as JSON."""
    told, rows, data = figure.told, observations(figure.told, tables), _data(figure.told)
    used = tables.sources[tables.sources["source_id"].isin(rows["source_id"])]
    facts = {
        "name": told.name,
        "title": told.facts["caption"],
        "description": told.facts["alt"],
        "language": language,
        "edition": tables.edition.year,
        "as_of": tables.edition.as_of.isoformat(),
        "notebook": f"notebooks/{figure.notebook}.ipynb",
        "parameters": figure.parameters.splitlines(),
        "sentence": figure.sentence.facts["text"] if figure.sentence else None,
        "files": {kind: f"{told.name}.{kind}" for kind in ("csv", "svg", "png")},
        "columns": list(data.columns),
        "observations": sorted(rows["obs_id"]),
        "sources": [
            {key: s[key] for key in ("source_id", "publisher", "title", "via", "url", "published", "licence")}
            for s in records(used)
        ],
        "licence": "CC-BY-4.0",
        "units": sorted({unit for column in UNITS if column in data for unit in data[column] if unit}),
        "sha256": {name: hashlib.sha256(made).hexdigest() for name, made in figures.files(told).items()},
    }
    return json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n"


def _data(told: Item) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(told.facts["csv"]), dtype=str, keep_default_na=False)


def observations(told: Item, tables: Tables) -> pd.DataFrame:
    """Return the published figures a figure rests on, from the ids in its CSV."""
    data = _data(told)
    cells = data[[c for c in ("obs_id", "observations") if c in data]].to_numpy().ravel()
    return tables.observations[tables.observations["obs_id"].isin(" ".join(cells).split())]


def source_table(rows: pd.DataFrame, tables: Tables, language: str) -> Markdown:
    """Return published figures as a table: what, when, who, the value, the words, and where."""
    known, pages = documents.by_id(tables.sources), source_pages(tables)
    lines = []
    for row in records(rows):
        what, group, value = described(row, language)
        source = known[row["source_id"]]
        link = observation_link(row["obs_id"], row["source_id"], pages)
        place = f"[{escape(source['publisher'])}]({link}){escape(documents.via(source, known, language))}"
        place += f", {escape(documents.quoted_place(row['locator']))}"
        lines.append((what, row["time_period"], group, value, row["as_reported"], Markdown(place)))
    return table(heads("sources", language), lines, numeric=[3])

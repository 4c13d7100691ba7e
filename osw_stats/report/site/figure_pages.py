"""The page of one figure: how to say it, its numbers as a table, what it rests on, how it was made."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from osw_stats.report import cited
from osw_stats.report.edition import Tables
from osw_stats.report.fragments import described, observation_link, source_pages
from osw_stats.report.harvest import Item, Page, items
from osw_stats.report.language import day, filled, number
from osw_stats.report.site import figures
from osw_stats.report.tables import escape
from osw_stats.vocabulary.observations import records

SHOWN_ROWS = 60  # source rows on the page; the CSV holds all
UNITS = ("unit", "unit_measure")  # columns that say in what a row is counted
CITED = 3  # publishers named in the sentence to copy
WORDS: dict[str, dict[str, str]] = {
    "figure": {"nl": "Figuur", "en": "Figure"},
    "seen": {"nl": "In woorden", "en": "In words"},
    "rows": {"nl": "De cijfers uit de bronnen", "en": "The figures from the sources"},
    "back": {"nl": "Terug naar de pagina waar deze figuur staat", "en": "Back to the page that shows this figure"},
    "source": {"nl": "Bron", "en": "Source"},
    "figures_of": {"nl": "cijfers van", "en": "figures of"},
    "others": {"nl": "en anderen", "en": "and others"},
    "edition": {"nl": "editie", "en": "edition"},
    "cite": {"nl": "Verwijzen naar deze figuur", "en": "Cite this figure"},
    "no_say": {
        "nl": "Bij deze figuur hoort geen enkele zin. De titel van de figuur zegt wat erin te zien is; neem die over met de bron.",
        "en": "No single sentence belongs to this figure. Its title says what it shows; copy that with the source.",
    },
    "code": {
        "nl": "De figuur komt uit het notebook `notebooks/{name}.ipynb`. Eerst de parameters, dan de regels die de figuur maken. De functies staan in de map `osw_stats`.",
        "en": "The figure comes from the notebook `notebooks/{name}.ipynb`. First the parameters, then the lines that make the figure. The functions are in the folder `osw_stats`.",
    },
    "run": {"nl": "Zo maakt u de figuur opnieuw:", "en": "To make the figure again:"},
    "rest": {
        "nl": "Nog {n} [n:cijfer staat|cijfers staan] in het CSV-bestand, met [n:zijn|hun] vindplaats in `observations.csv`.",
        "en": "Another {n} [n:figure is|figures are] in the CSV file, with [n:its place|their places] in `observations.csv`.",
    },
    "none": {
        "nl": "Deze figuur rekent met aannamen, niet met gepubliceerde cijfers. De aannamen staan op de pagina van de figuur, elk met reden.",
        "en": "This figure computes with assumptions, not with published figures. They are on the page of the figure, each with its reason.",
    },
}  # fmt: skip
HEADS = {
    "nl": ("Wat", "Periode", "Groep", "Waarde", "Zoals gedrukt", "Document en plaats"),
    "en": ("What", "Period", "Group", "Value", "As printed", "Document and place"),
}


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
    code = f"```python\n{figure.parameters}\n```\n\n```python\n{figure.code.strip()}\n```\n"
    run = f"```bash\n.venv/bin/osw run {figure.notebook} -p edition {tables.edition.year} -p language {language}\n```\n"
    shown = told.facts["shown"] or _source_table(rows, tables, language)
    parts = [
        f"# {WORDS['figure'][language]}: {escape(told.facts['caption'])}\n",
        f"[{WORDS['back'][language]}]({figure.notebook}.qmd#fig-{told.name})\n",
        figures.image(told, "figure-") + "\n\n" + figures.links(told, language) + "\n",
        f"## {figures.WORDS['say'][language]} {{#say}}\n\n{_say(figure, rows, tables, language)}\n",
        f"## {WORDS['seen'][language]} {{#seen}}\n\n{escape(told.facts['alt'])}\n",
        f"## {figures.WORDS['table'][language]} {{#table}}\n\n{shown}\n",
    ]
    if told.facts["shown"]:
        none = WORDS["none"][language] + "\n"
        table = _source_table(rows, tables, language) if len(rows) else none
        parts.append(f"## {WORDS['rows'][language]} {{#rows}}\n\n{table}\n")
    parts.append(
        f"## {figures.WORDS['made'][language]} {{#made}}\n\n{WORDS['code'][language].format(name=figure.notebook)}\n\n"
        f"{code}\n{WORDS['run'][language]}\n\n{run}"
    )
    return "\n".join(parts)


def metadata(figure: Drawn, tables: Tables, language: str) -> str:
    """Return what a program or a librarian wants to know of a figure, as JSON."""
    told, rows = figure.told, observations(figure.told, tables)
    used = tables.sources[tables.sources["source_id"].isin(rows["source_id"])]
    facts = {
        "name": told.name, "title": told.facts["caption"], "description": told.facts["alt"],
        "language": language, "edition": tables.edition.year, "as_of": tables.edition.as_of.isoformat(),
        "notebook": f"notebooks/{figure.notebook}.ipynb", "parameters": figure.parameters.splitlines(),
        "sentence": figure.sentence.facts["text"] if figure.sentence else None,
        "files": {kind: f"{told.name}.{kind}" for kind in ("csv", "svg", "png")},
        "columns": told.facts["csv"].split("\n", 1)[0].split(","),
        "observations": sorted(rows["obs_id"]),
        "sources": [
            {key: s[key] for key in ("source_id", "publisher", "title", "via", "url", "published", "licence")}
            for s in records(used)
        ],
        "licence": "CC-BY-4.0",
        "units": _units(told),
        "sha256": {name: hashlib.sha256(made).hexdigest() for name, made in figures.files(told).items()},
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n"


def _units(told: Item) -> list[str]:
    """Return in what the rows of a figure are counted."""
    data = _data(told)
    return sorted({unit for column in UNITS if column in data for unit in data[column] if unit})


def _data(told: Item) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(told.facts["csv"]), dtype=str, keep_default_na=False)


def observations(told: Item, tables: Tables) -> pd.DataFrame:
    """Return the published figures a figure rests on, from the ids in its CSV."""
    data = _data(told)
    ids: set[str] = set()
    for column in ("obs_id", "observations"):
        if column in data:
            ids |= {i for cell in data[column] for i in cell.split()}
    return tables.observations[tables.observations["obs_id"].isin(ids)]


def source_table(rows: pd.DataFrame, tables: Tables, language: str) -> str:
    """Return published figures as a table: what, when, who, the value, the words, and where."""
    known, pages = cited.by_id(tables.sources), source_pages(tables)
    lines = ["| " + " | ".join(HEADS[language]) + " |", "|:---|:---|:---|---:|:---|:---|"]
    for row in records(rows):
        what, group, value = described(row, language)
        link = observation_link(row["obs_id"], row["source_id"], pages)
        source = known[row["source_id"]]
        through = cited.via(source, known, language)
        place = f"[{escape(source['publisher'])}]({link}){escape(through)}, {escape(cited.quoted_place(row['locator']))}"
        plain = map(escape, (what, row["time_period"], group, value, row["as_reported"]))
        lines.append("| " + " | ".join([*plain, place]) + " |")
    return "\n".join(lines) + "\n"


def _source_table(rows: pd.DataFrame, tables: Tables, language: str) -> str:
    text = source_table(rows.iloc[:SHOWN_ROWS], tables, language)
    more = len(rows) - SHOWN_ROWS
    if more > 0:
        text += "\n" + filled(WORDS["rest"][language], n=number(more, language)) + "\n"
    return text


def _say(figure: Drawn, rows: pd.DataFrame, tables: Tables, language: str) -> str:
    """Return the sentence with its source, or how to do without one; and how to cite the figure."""
    publishers = cited.whose(rows, tables.sources, language)
    named = "; ".join(publishers[:CITED]) + (
        f" {WORDS['others'][language]}" if len(publishers) > CITED else ""
    )
    by = f"osw_stats, {WORDS['edition'][language]} {tables.edition.year}, {day(tables.edition.as_of, language)}"
    whose = f"; {WORDS['figures_of'][language]} {named}" if named else ""
    quoted = (
        f"> {escape(figure.sentence.facts['text'])} ({WORDS['source'][language]}: {escape(by + whose)}.)\n"
        if figure.sentence
        else WORDS["no_say"][language] + "\n"
    )
    citation = f"*{escape(figure.told.facts['caption'])}*. {WORDS['figure'][language]} {figure.told.name}. {escape(by + whose)}."
    return f"{quoted}\n**{WORDS['cite'][language]}.** {citation}\n"

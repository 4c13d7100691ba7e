"""A figure: its files, its picture in a page, and its own page with data, source and code."""

import base64
import hashlib
import io
import json
import re

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.meaning.observations import records
from osw_stats.publish.contents import CARD, PHONE, Item, Page, items
from osw_stats.publish.identity import identity
from osw_stats.publish.site.markdown import Markdown, from_template, words
from osw_stats.publish.site.sources import source_table
from osw_stats.text import documents
from osw_stats.text.language import day, number

SHOWN_ROWS = 60  # source rows on the page; the CSV holds all
UNITS = ("unit", "unit_measure")  # columns with the unit of a row


def alt(figure: Item) -> str:
    """Return the alt text of a figure as an attribute can hold it."""
    return str(figure.facts["alt"]).replace('"', "”").replace("\\", "")


def files(figure: Item) -> dict[str, bytes]:
    """Return the drawings and the data of a figure, by file name."""
    contents = {
        f"{figure.name}.png": base64.b64decode(figure.data["image/png"]),
        f"{figure.name}.csv": figure.facts["csv"].encode(),
    }
    if CARD in figure.data:
        contents[f"{figure.name}-card.png"] = base64.b64decode(figure.data[CARD])
    for kind, name in (("image/svg+xml", f"{figure.name}.svg"), (PHONE, f"{figure.name}-phone.svg")):
        if text := figure.data.get(kind):
            contents[name] = text[text.index("<svg") :].encode()
    return contents


def picture(item: Item) -> str:
    """Return a drawing without caption or page of its own, as Markdown."""
    return f'![](figures/{item.name}.svg){{.picture fig-alt="{alt(item)}"}}'


def image(figure: Item, reference: str = "fig-") -> str:
    """Return the Markdown of a figure; `narrow` is its drawing for a phone."""
    caption = re.sub(r"([\[\]\\*_`<$@^~])", r"\\\1", figure.facts["caption"])
    attributes = f'fig-alt="{alt(figure)}"'
    if PHONE in figure.data:
        attributes += f' narrow="figures/{figure.name}-phone.svg"'
    # choices of `highlight.js`: pairs of a name in the chart and a row heading
    groups = figure.facts.get("groups", ())
    if pairs := "|".join("=".join(re.sub(r'["\\=|]', "", text) for text in pair) for pair in groups):
        attributes += f' groups="{pairs}"'
    return f"![{caption}](figures/{figure.name}.svg){{#{reference}{figure.name} {attributes}}}"


def links(figure: Item, language: str, *, paged: bool = True, whole: bool = False) -> str:
    """Return the line of links under a figure, all of them only if `whole`; without a page of its own just its files."""
    csv, svg, png = (f"[{kind.upper()}](figures/{figure.name}.{kind})" for kind in ("csv", "svg", "png"))
    shown = [csv, svg, png]
    if paged:
        labels, place = words("figure", language), f"figure-{figure.name}.qmd"
        table, say, made = (f"[{labels[part]}]({place}#{part})" for part in ("table", "say", "made"))
        shown = [table, made, csv, png]
        shown += [say, svg, f"[metadata (JSON)](figures/{figure.name}.json)"] if whole else []
    return "::: {.links}\n" + " · ".join(shown) + "\n:::"


def _sentence(figure: Item, of: Page) -> str:
    """Return the sentence of a page that a figure belongs to; empty if there is none."""
    sentences = {i.name: str(i.facts["text"]) for i in items(of, "sentence")}
    return sentences.get(figure.facts["says"], "")


def page(figure: Item, of: Page, tables: Tables, language: str) -> str:
    """Return the page of a figure as Markdown; `of` is the page of the notebook that it comes from."""
    (rows, _), publisher = _rests_on(figure, tables), identity(tables.root)
    return from_template(
        "figure",
        language,
        facts=figure.facts,
        name=Markdown(figure.name),
        image=Markdown(image(figure, "figure-")),
        links=Markdown(links(figure, language, whole=True)),
        notebook=Markdown(of.notebook),
        shown_on=Markdown(of.name),
        address=Markdown(publisher.address(tables.edition.from_root(language)) if publisher.site else ""),
        sentence=_sentence(figure, of),
        parameters=Markdown(of.results.parameters),
        code=Markdown(of.results.figures[figure.name].code),
        edition=tables.edition,
        as_of=day(tables.edition.as_of, language),
        publishers=documents.whose(rows, tables.sources, language),
        table=source_table(rows.iloc[:SHOWN_ROWS], tables, language),
        more=number(len(rows) - SHOWN_ROWS, language) if len(rows) > SHOWN_ROWS else "",
    )


def metadata(figure: Item, of: Page, tables: Tables, language: str) -> str:
    """Return the metadata of a figure, as JSON."""
    rows, data = _rests_on(figure, tables)
    used = tables.sources[tables.sources["source_id"].isin(rows["source_id"])]
    facts = {
        "name": figure.name,
        "title": figure.facts["caption"],
        "description": figure.facts["alt"],
        "language": language,
        "edition": tables.edition.year,
        "as_of": tables.edition.as_of.isoformat(),
        "notebook": f"notebooks/{of.notebook}.ipynb",
        "parameters": of.results.parameters.splitlines(),
        "sentence": _sentence(figure, of) or None,
        "files": {kind: f"{figure.name}.{kind}" for kind in ("csv", "svg", "png")},
        "columns": list(data.columns),
        "observations": sorted(rows["obs_id"]),
        "sources": records(used[["source_id", "publisher", "title", "via", "url", "published", "licence"]]),
        "licence": "CC-BY-4.0",
        "units": sorted({unit for column in UNITS if column in data for unit in data[column] if unit}),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files(figure).items()},
    }
    return json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n"


def _rests_on(figure: Item, tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the published figures behind a figure, from the ids in its CSV, and the contents of that CSV."""
    data = pd.read_csv(io.StringIO(figure.facts["csv"]), dtype=str, keep_default_na=False)
    cells = data[[c for c in ("obs_id", "observations") if c in data]].to_numpy().ravel()
    return tables.observations[tables.observations["obs_id"].isin(" ".join(cells).split())], data

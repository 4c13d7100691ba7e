"""Headlines with every number a link, and the page that says where each comes from."""

from typing import Any

from osw_stats.data.edition import Tables
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.publish.contents import TRACE, Item, Page, items
from osw_stats.publish.site.markdown import from_template
from osw_stats.publish.site.sources import source_table
from osw_stats.text.language import Said
from osw_stats.text.tables import escape

SHOWN_FIGURES = 25  # of a number, on the page that traces it


def _anchor(page: str, sentence: str, name: str) -> str:
    return f"trace-{page}-{sentence}-{name}"


def linked(told: Item, page: Page) -> str:
    """Return a headline with every number, where it is said first, a link to its trace."""
    seen, parts = {""}, []
    for (text, name), quoted in zip(told.facts["parts"], told.facts["quoted"], strict=True):
        shown = escape(text) if name or quoted else text
        parts.append(shown if name in seen else f"[{shown}](trace.qmd#{_anchor(page.name, told.name, name)})")
        seen.add(name)
    return "".join(parts)


def trace(executed: dict[str, Page], tables: Tables, language: str, data: str) -> str:
    """Return the page of origins: a headline a section, a number a part of it, and what a report said of its figures."""
    claims, headlines = records(tables.claims()), []
    for page in executed.values():
        for told in (item for item in items(page) if traced(item, page)):
            numbers = [n | _traced(n, tables, language) for n in told.facts["numbers"]]
            used = {i for n in numbers for i in n["observations"]}
            on = [claim for claim in claims if used & set(str(claim["observations"]).split())]
            said = {"page": page.name, "name": told.name, "text": told.facts["text"]}
            headlines.append(said | {"numbers": numbers, "claims": on})
    return from_template("trace", language, data=data, headlines=headlines, anchor=_anchor)


def traced(told: Item, page: Page) -> bool:
    """Return whether the numbers of a sentence have their trace: those of the start page, and the answers of others."""
    return told.kind == "sentence" and bool(told.facts["headline"] or page.name == "index")


def _traced(n: dict[str, Any], tables: Tables, language: str) -> dict[str, Any]:
    said = Said(Number(*(n[field] for field in TRACE)), language)
    without = n["lower"] is None or n["interval_kind"] == "none"
    rows = tables.observations[tables.observations["obs_id"].isin(n["observations"])]
    return {
        "said": f"{said}",
        "margin": f"{said:kind}" if without else f"{said:interval} ({said:kind})",
        "count": len(rows),
        "table": source_table(rows.iloc[:SHOWN_FIGURES], tables, language) if len(rows) else "",
    }

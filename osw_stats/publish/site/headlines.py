"""Headlines with every number a link, and the page that traces each number."""

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


def linked(item: Item, page: Page) -> str:
    """Return a headline with the first mention of every number linked to its trace."""
    seen, parts = {""}, []
    for (text, name), quoted in zip(item.facts["parts"], item.facts["quoted"], strict=True):
        shown = escape(text) if name or quoted else text
        parts.append(shown if name in seen else f"[{shown}](trace.qmd#{_anchor(page.name, item.name, name)})")
        seen.add(name)
    return "".join(parts)


def trace(executed: dict[str, Page], tables: Tables, language: str, data: str) -> str:
    """Return the page of traces: a section for each headline, with its numbers and related claims of a report."""
    claims, headlines = records(tables.claims()), []
    for page in executed.values():
        for headline in (item for item in items(page) if traced(item, page)):
            numbers = [n | _traced(n, tables, language) for n in headline.facts["numbers"]]
            used = {i for n in numbers for i in n["observations"]}
            on = [claim for claim in claims if used & set(str(claim["observations"]).split())]
            entry = {"page": page.name, "name": headline.name, "text": headline.facts["text"]}
            headlines.append(entry | {"numbers": numbers, "claims": on})
    return from_template("trace", language, data=data, headlines=headlines, anchor=_anchor)


def traced(item: Item, page: Page) -> bool:
    """Return whether the numbers of a sentence are traced: on the start page, and in the headlines of others."""
    return item.kind == "sentence" and bool(item.facts["headline"] or page.name == "index")


def _traced(n: dict[str, Any], tables: Tables, language: str) -> dict[str, Any]:
    estimate = Said(Number(*(n[field] for field in TRACE)), language)
    without = n["lower"] is None or n["interval_kind"] == "none"
    rows = tables.observations[tables.observations["obs_id"].isin(n["observations"])]
    return {
        "said": f"{estimate}",
        "margin": f"{estimate:kind}" if without else f"{estimate:interval} ({estimate:kind})",
        "count": len(rows),
        "table": source_table(rows.iloc[:SHOWN_FIGURES], tables, language) if len(rows) else "",
    }

"""Where every headline number comes from: figures, place, computation, interval, and what a report said."""

from __future__ import annotations

from typing import Any

from osw_stats.data.edition import Tables
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.publish.contents import Item, Page, items
from osw_stats.publish.site.figure_pages import source_table
from osw_stats.publish.site.markdown import from_template
from osw_stats.text.language import Said
from osw_stats.text.tables import escape
from osw_stats.text.words import QUESTIONS, word

SHOWN_FIGURES = 25


def anchor(notebook: str, sentence: str, name: str) -> str:
    """Return the id of a number on the trace page."""
    return f"trace-{notebook}-{sentence}-{name}"


def linked(told: Item, notebook: str) -> str:
    """Return a headline with every number, where it is said first, a link to its trace."""
    seen, parts = {""}, []
    for words, name in told.facts["parts"]:
        shown = escape(words)
        parts.append(shown if name in seen else f"[{shown}](trace.qmd#{anchor(notebook, told.name, name)})")
        seen.add(name)
    return "".join(parts)


def page(executed: dict[str, Page], tables: Tables, language: str, data: str) -> str:
    """Return the page: a section a headline sentence, a part of it a number."""
    claims = records(tables.claims())
    headlines = [
        _headline(name, item, tables, claims, language)
        for name in QUESTIONS
        if name in executed
        for item in items(executed[name])
        if item.kind == "sentence" and item.facts["headline"]
    ]
    return from_template("trace", language, data=data, headlines=headlines)


def _headline(
    notebook: str, told: Item, tables: Tables, claims: list[dict[str, Any]], language: str
) -> dict[str, Any]:
    """Return a sentence with its numbers and the claims of the report that rest on the same figures."""
    numbers = told.facts["numbers"]
    used = {i for n in numbers for i in n["observations"]}
    return {
        "notebook": notebook,
        "name": told.name,
        "question": told.facts.get("question") or QUESTIONS[notebook][language],
        "text": told.facts["text"],
        "numbers": [_number(anchor(notebook, told.name, n["name"]), n, tables, language) for n in numbers],
        "claims": [
            {
                "paragraph": claim["paragraph"],
                "description": claim[f"description_{language}"],
                "verdict": word("verdict", claim["verdict"], language),
            }
            for claim in claims
            if used & set(str(claim["observations"]).split())
        ],
    }


def _number(place: str, n: dict[str, Any], tables: Tables, language: str) -> dict[str, Any]:
    fields = ("value", "unit", "lower", "upper", "interval_kind", "observations", "method", "grade")
    said = Said(Number(*(n[field] for field in fields)), language)
    without = n["lower"] is None or n["interval_kind"] == "none"
    rows = tables.observations[tables.observations["obs_id"].isin(n["observations"])]
    return {
        "said": f"{said}",
        "anchor": place,
        "margin": f"{said:kind}" if without else f"{said:interval} ({said:kind})",
        "method": n["method"],
        "grade": n["grade"],
        "count": len(rows),
        "table": source_table(rows.iloc[:SHOWN_FIGURES], tables, language) if len(rows) else "",
    }

"""What the pages of an edition say, taken from them: sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osw_stats.results.collected import Results

PHONE = "application/vnd.osw.phone.svg"  # the drawing of a figure for a phone, beside the wide one


@dataclass(frozen=True)
class Item:
    """One thing a page says: its kind and name, its facts, and how it is shown."""

    kind: str
    name: str
    facts: dict[str, Any]
    data: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page of a notebook in one language, in reading order: Markdown, and what it says on purpose."""

    name: str
    language: str
    parts: tuple[str | Item, ...]
    results: Results


Pages = dict[tuple[str, str], Page]  # by notebook and language


def items(page: Page) -> Iterator[Item]:
    """Yield everything a page says on purpose, in its order."""
    return (part for part in page.parts if isinstance(part, Item))


def told_in(language: str, pages: Pages) -> dict[str, Page]:
    """Return the pages of one language, by name."""
    return {name: page for (name, lang), page in pages.items() if lang == language}


def result_tables(runs: Mapping[str, Results]) -> dict[str, str]:
    """Return the CSV text of every result table that has words for readers, by name; others stay in their notebook."""
    from osw_stats.report.layouts import LAYOUTS
    from osw_stats.report.tables import csv_text

    return {
        name: csv_text(results.frame(name))
        for results in runs.values()
        for name in results.tables
        if name in LAYOUTS
    }


def results_of(pages: Pages) -> dict[str, Results]:
    """Return the results behind the pages, by notebook."""
    return {name: page.results for (name, _), page in pages.items()}


def numbers(pages: Pages) -> list[dict[str, Any]]:
    """Return every sentence with the numbers it says and the observations they rest on."""
    return [
        {"notebook": name, "language": language}
        | {key: found.facts[key] for key in ("name", "headline", "text", "numbers")}
        for (name, language), page in pages.items()
        for found in items(page)
        if found.kind == "sentence"
    ]


def plain_pages(pages: Pages) -> list[dict[str, Any]]:
    """Return pages as plain values to keep, without the results behind them."""
    return [
        {
            "name": p.name,
            "language": p.language,
            "parts": [part if isinstance(part, str) else asdict(part) for part in p.parts],
        }
        for p in pages.values()
    ]


def pages_from(plain: list[dict[str, Any]]) -> Pages:
    """Return the pages that `plain_pages` kept."""
    from osw_stats.results.collected import Results

    return {
        (p["name"], p["language"]): Page(
            p["name"],
            p["language"],
            tuple(part if isinstance(part, str) else Item(**part) for part in p["parts"]),
            Results(),
        )
        for p in plain
    }


def has_box(page: Page) -> bool:
    """Return whether a page has the box that says what it does not show."""
    return any(isinstance(part, str) and "callout" in part for part in page.parts)

"""The contents of the pages of an edition: sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osw_stats.project import LANGUAGES, OVERALL

if TYPE_CHECKING:
    from osw_stats.results.collected import Results

PHONE = "application/vnd.osw.phone.svg"  # the drawing of a figure for a phone, besides the wide one
CARD = "application/vnd.osw.card.png"  # the preview picture of a figure in links to it
UNPUBLISHED = "unpublished"  # the kind of an item that explains a missing figure
# the fields of a number in a sentence that its trace shows
TRACE = ("value", "unit", "lower", "upper", "interval_kind", "observations", "method", "grade")


@dataclass(frozen=True)
class Item:
    """One item of a page: its kind and name, its facts, and its display."""

    kind: str
    name: str
    facts: dict[str, Any]
    data: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page in one language, in reading order: Markdown and items."""

    name: str
    language: str
    parts: tuple[str | Item, ...]
    results: Results

    @property
    def notebook(self) -> str:
        """The notebook whose results the page shows: "trend" for trend-annex; empty for a page of all notebooks."""
        return "" if self.name in OVERALL else self.name.partition("-")[0]


Pages = dict[tuple[str, str], Page]  # by name and language


def page_names(root: Path, notebook: str) -> list[str]:
    """Return the names of the pages of a notebook, its main page first: those that begin with its name."""
    return [notebook, *sorted(p.stem for p in (root / "pages" / LANGUAGES[0]).glob(f"{notebook}-*.qmd"))]


def whole_page(root: Path, notebook: str) -> str:
    """Return the name of the page with all results of a notebook: its annex, if it has one."""
    annex = f"{notebook}-annex"
    return annex if annex in page_names(root, notebook) else notebook


def items(page: Page, *kinds: str) -> Iterator[Item]:
    """Yield the items of a page in order, all of them or only those of these kinds."""
    return (p for p in page.parts if isinstance(p, Item) and (not kinds or p.kind in kinds))


def select_pages(language: str, pages: Pages) -> dict[str, Page]:
    """Return the pages of one language, by name."""
    return {page.name: page for page in pages.values() if page.language == language}


def result_tables(pages: Pages) -> dict[str, str]:
    """Return the CSV text of every result table with a layout for readers, by name; others stay in their notebook."""
    from osw_stats.text.layouts import LAYOUTS
    from osw_stats.text.tables import csv_text

    runs = {page.notebook: page.results for page in pages.values() if page.notebook}
    return {n: csv_text(run.frame(n)) for run in runs.values() for n in run.tables if n in LAYOUTS}


def numbers(pages: Pages) -> list[dict[str, Any]]:
    """Return every sentence with its numbers and the observations they are based on."""
    return [
        {"notebook": page.name, "language": page.language, "name": item.name}
        | {key: item.facts[key] for key in ("headline", "text", "numbers")}
        for page in pages.values()
        for item in items(page, "sentence")
    ]


def plain_parts(page: Page) -> list[Any]:
    """Return the parts of a page as plain values to keep."""
    return [part if isinstance(part, str) else asdict(part) for part in page.parts]


def parts_from(plain: list[Any]) -> tuple[str | Item, ...]:
    """Return the parts of a page that `plain_parts` kept."""
    return tuple(part if isinstance(part, str) else Item(**part) for part in plain)

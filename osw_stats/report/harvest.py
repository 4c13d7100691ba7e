"""What pages tell: sentences, tables and figures, each with its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from osw_stats.errors import OswError

if TYPE_CHECKING:  # every build begins by importing this
    from osw_stats.results.collected import Results

Notebook = dict[str, Any]
PHONE = "application/vnd.osw.phone.svg"  # the drawing of a figure for a phone, beside the wide one


@dataclass(frozen=True)
class Item:
    """One thing a notebook told: its kind and name, its facts, and its display data."""

    kind: str
    name: str
    facts: dict[str, Any]
    data: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A notebook's page in one language: in reading order plain Markdown and what is told, and the run behind it."""

    name: str
    language: str
    parts: tuple[str | Item, ...]
    results: Results


Telling = Notebook | Page
T = TypeVar("T")
Runs = Mapping[tuple[str, str], Telling]


def item(output: dict[str, Any]) -> Item | None:
    """Return what one output tells; None for outputs that are not ours."""
    facts = output.get("metadata", {}).get("osw")
    if facts is None:
        return None
    return Item(facts["kind"], facts["name"], facts, output["data"])


def items(notebook: Telling) -> Iterator[Item]:
    """Yield everything a page or an executed notebook told, in its order."""
    if isinstance(notebook, Page):
        yield from (part for part in notebook.parts if isinstance(part, Item))
        return
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            found = item(output)
            if found is not None:
                yield found


def has_box(notebook: Telling) -> bool:
    """Say whether a page has a box, which says what it does not show."""
    if isinstance(notebook, Page):
        return any(isinstance(part, str) and "callout" in part for part in notebook.parts)
    return any(
        "callout" in "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )


def require_boxes(runs: Runs) -> None:
    """Pass when every notebook has its box; it is prose, so it can be lost while all results are kept.

    Raises
    ------
    OswError
        Otherwise.
    """
    for (name, language), notebook in runs.items():
        if not has_box(notebook):
            raise OswError(
                f"notebooks/{name}.ipynb ({language}) has no box that says what this does not show. Put one in."
            )


def told_in(language: str, runs: Mapping[tuple[str, str], T]) -> dict[str, T]:
    """Return the executed notebooks of one language, by name."""
    return {name: notebook for (name, lang), notebook in runs.items() if lang == language}


def result_tables(runs: Runs) -> dict[str, str]:
    """Return the CSV text of every result table, by name.

    Why the check: a table is the same whatever language its sentences are in. If two
    runs differ, something else than the words depends on the language.

    Raises
    ------
    OswError
        If two runs give different tables under one name.
    """
    tables: dict[str, str] = {}
    for (notebook, language), executed in runs.items():
        for found in items(executed):
            if (
                found.kind == "table"
                and tables.setdefault(found.name, found.facts["csv"]) != found.facts["csv"]
            ):
                raise OswError(
                    f"notebooks/{notebook}.ipynb: the table {found.name} differs in language {language}. "
                    "Numbers must not depend on the language."
                )
    return tables


def numbers(runs: Runs) -> list[dict[str, Any]]:
    """Return every sentence with the numbers it says and the observations they rest on."""
    return [
        {"notebook": notebook, "language": language}
        | {key: found.facts[key] for key in ("name", "headline", "text", "numbers")}
        for (notebook, language), executed in runs.items()
        for found in items(executed)
        if found.kind == "sentence"
    ]

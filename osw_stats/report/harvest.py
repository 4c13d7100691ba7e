"""Take out of executed notebooks what they told: sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from osw_stats.errors import OswError

Notebook = dict[str, Any]
PHONE = "application/vnd.osw.phone.svg"  # the drawing of a figure for a phone, beside the wide one


@dataclass(frozen=True)
class Item:
    """One thing a notebook told: its kind and name, its facts, and its display data."""

    kind: str
    name: str
    facts: dict[str, Any]
    data: dict[str, Any]


def item(output: dict[str, Any]) -> Item | None:
    """Return what one output tells; None for outputs that are not ours."""
    facts = output.get("metadata", {}).get("osw")
    if facts is None:
        return None
    return Item(facts["kind"], facts["name"], facts, output["data"])


def items(notebook: Notebook) -> Iterator[Item]:
    """Yield everything an executed notebook told, in its order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            found = item(output)
            if found is not None:
                yield found


def has_box(notebook: Notebook) -> bool:
    """Say whether a notebook has a box, which says what it does not show."""
    return any(
        "callout" in "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )


def require_boxes(runs: dict[tuple[str, str], Notebook]) -> None:
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


def told_in(language: str, runs: dict[tuple[str, str], Notebook]) -> dict[str, Notebook]:
    """Return the executed notebooks of one language, by name."""
    return {name: notebook for (name, lang), notebook in runs.items() if lang == language}


def result_tables(runs: dict[tuple[str, str], Notebook]) -> dict[str, str]:
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


def numbers(runs: dict[tuple[str, str], Notebook]) -> list[dict[str, Any]]:
    """Return every sentence with the numbers it says and the observations they rest on."""
    return [
        {"notebook": notebook, "language": language}
        | {key: found.facts[key] for key in ("name", "headline", "text", "numbers")}
        for (notebook, language), executed in runs.items()
        for found in items(executed)
        if found.kind == "sentence"
    ]

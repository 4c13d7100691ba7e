"""The one writer of tables in Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def pipe_table(heads: Sequence[str], rows: Iterable[Iterable[str]], right: Collection[int] = ()) -> str:
    """Return a table in Markdown; its cells are Markdown already, and the columns `right` hold numbers."""
    rule = "|".join("---:" if n in right else ":---" for n in range(len(heads)))
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, *rows)]
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]]) + "\n"

"""Pandoc's document tree: read pages into it, change it, hand it to a writer.

Why a tree and not text: whatever stands in a title or a cell stays a string in the tree,
and the writer escapes it for its format. Text is never pasted into Typst or Word.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from osw_stats import pandoc
from osw_stats.errors import OswError
from osw_stats.report.graph.keys import code_of
from osw_stats.report.site.pandoc import READER

Node = dict[str, Any]
# what a change makes of a node: other nodes in its place, or None to leave it
Change = Callable[[Node], list[Node] | None]


def read(text: str, name: str) -> list[Node]:
    """Return the blocks of a page."""
    done = pandoc.run([f"--from={READER}", "--to=json", "--sandbox", "--columns=100000"], text)
    if done.returncode:
        raise OswError(f"pages: Pandoc could not read {name}: {pandoc.told(done)}")
    blocks: list[Node] = json.loads(done.stdout)["blocks"]
    return blocks


def write(blocks: list[Node], to: str, meta: dict[str, str], out: Path, extra: list[str]) -> None:
    """Write a document with Pandoc."""
    document = {
        "pandoc-api-version": _api(),
        "meta": {key: {"t": "MetaString", "c": value} for key, value in meta.items()},
        "blocks": blocks,
    }
    done = pandoc.run(
        ["--from=json", f"--to={to}", f"--output={out}", "--wrap=none", "--syntax-highlighting=none", *extra],
        json.dumps(document, ensure_ascii=False),
    )
    if done.returncode:
        raise OswError(f"report: Pandoc could not write {out.name}: {pandoc.told(done)}")


def made_by() -> str:
    """Return what stands for the code that reads, changes and writes trees: the files beside this one, and Pandoc."""
    return code_of(*sorted(p for p in Path(__file__).parent.iterdir() if p.is_file()))


@cache
def _api() -> list[int]:
    """Return the version of the tree that this Pandoc speaks."""
    version: list[int] = json.loads(pandoc.run(["--from=markdown", "--to=json"]).stdout)["pandoc-api-version"]
    return version


def change(node: Any, by: Change) -> Any:
    """Return the tree with `by` applied to every node, children first."""
    if isinstance(node, list):
        made: list[Any] = []
        for child in node:
            new = change(child, by)
            other = by(new) if isinstance(new, dict) and "t" in new else None
            made.extend([new] if other is None else other)
        return made
    if isinstance(node, dict):
        return {key: change(value, by) for key, value in node.items()}
    return node


def plain(node: Any) -> str:
    """Return the words of a tree.

    Examples
    --------
    >>> plain([{"t": "Str", "c": "one"}, {"t": "Space"}, {"t": "Emph", "c": [{"t": "Str", "c": "two"}]}])
    'one two'
    """
    if isinstance(node, list):
        return "".join(map(plain, node))
    if not isinstance(node, dict):
        return ""
    if node["t"] in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if node["t"] == "Str":
        return str(node["c"])
    if node["t"] in ("Code", "Math", "CodeBlock"):
        return str(node["c"][1])
    return (
        plain([c for c in node["c"] if isinstance(c, list | dict)]) if isinstance(node.get("c"), list) else ""
    )


def raw(format_: str, text: str, *, block: bool = False) -> Node:
    """Return text that goes to the writer as it is; only for text of our own making."""
    return {"t": "RawBlock" if block else "RawInline", "c": [format_, text]}


def words(text: str) -> list[Node]:
    """Return plain text as one string of the tree."""
    return [{"t": "Str", "c": text}]


def header(level: int, name: str, text: str) -> Node:
    """Return a heading."""
    return {"t": "Header", "c": [level, [name, [], []], words(text)]}


def para(inlines: list[Node]) -> Node:
    """Return a paragraph."""
    return {"t": "Para", "c": inlines}

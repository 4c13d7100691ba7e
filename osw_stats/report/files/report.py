"""The report of an edition as one document: the pages in order, joined for print.

The pages are those of the site, as staged. What only a screen can do (calculator, links
to picture files) is left out; links between pages become links inside the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from osw_stats.errors import OswError
from osw_stats.report import cited
from osw_stats.report.editions import Edition
from osw_stats.report.files.tree import Node, change, header, made_by, para, plain, read, words
from osw_stats.report.graph.keys import digest
from osw_stats.report.graph.store import Store, kept
from osw_stats.report.language import day, published
from osw_stats.report.named import licences
from osw_stats.report.site.pandoc import READER
from osw_stats.report.site.stage import include
from osw_stats.report.words import QUESTIONS, Text
from osw_stats.yamlfile import read_yaml

CHAPTERS = ("index", *QUESTIONS, "methods", "quality", "revisions")  # then the documents
LOST = "lost"  # marks a link that leads nowhere on paper
LONG = 40  # rows; a longer table goes to the annex
SCREEN_ONLY = {
    "links",
    "what-if",
    "screen",
    "beside",
}  # beside: a small copy of a chart that stands whole elsewhere
WORDS = read_yaml(Path(__file__).with_name("words.yml"))
SAID: dict[str, Text] = WORDS["report"]


@dataclass(frozen=True)
class Report:
    """One report: title lines, as-of date, language, and the document tree. Figures lie in `folder`/figures."""

    title: str
    subtitle: str
    as_of: str
    dated: date
    language: str
    blocks: list[Node]
    folder: Path


def chapters(staged: Path) -> dict[str, str]:
    """Return the text of every page of a staged project that the report holds, in their order."""
    paths = {name: staged / f"{name}.qmd" for name in CHAPTERS}
    return {n: include(p.read_text(encoding="utf-8"), staged) for n, p in paths.items() if p.is_file()}


def report(
    edition: Edition, sources: Sequence[Mapping[str, str]], staged: Path, language: str, site: str = "",
    store: Store | None = None,
) -> Report:  # fmt: skip
    """Return the report of an edition from its staged pages; links to other pages lead to `site`, or are plain words."""
    texts = chapters(staged)
    if missing := {"index", *QUESTIONS} - set(texts):
        raise OswError(f"report: the page {min(missing)} was not staged. Build the report again.")
    with ThreadPoolExecutor() as pool:
        joined = list(pool.map(lambda name: _chapter(texts, name, site, store), texts))
    annex: list[Node] = []
    blocks = [b for chapter in joined for b in _long_tables_apart(chapter, annex, language)]
    if annex:
        annex[:0] = [header(1, "annex", SAID["annex"][language]), para(words(SAID["annex_text"][language]))]
    blocks += _documents(sources, language) + _colophon(language) + annex
    _check(blocks, staged)
    return Report(
        title(edition, language), SAID["edition"][language].format(year=edition.year),
        SAID["as_of"][language].format(day=day(edition.as_of, language)), edition.as_of, language, blocks, staged,
    )  # fmt: skip


def title(edition: Edition, language: str) -> str:
    """Return the title of a report, with the year reported on."""
    return f"{SAID['title'][language]} {edition.year}"


def midnight(day: date) -> datetime:
    """Return the moment that a file about this day carries: its first, in UTC, whatever the clock says."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _chapter(texts: dict[str, str], name: str, site: str, store: Store | None) -> list[Node]:
    """Return one chapter, kept by its text: Pandoc needs longer for it than Typst for the report."""
    key = digest([name, texts[name], list(texts), site, READER, made_by()])
    blocks: list[Node] = kept(store, key, lambda: _made(texts, name, site))
    return blocks


def _made(texts: dict[str, str], name: str, site: str) -> list[Node]:
    blocks = _without_rerun(read(texts[name], name))
    if blocks and blocks[0]["t"] == "Header":
        blocks[0]["c"][1][0] = ""
    inside = {*texts, "sources"}

    def mend(node: Node) -> list[Node] | None:
        if node["t"] in ("Div", "Image") and SCREEN_ONLY & {node["c"][0][0], *node["c"][0][1]}:
            return []
        if node["t"] in ("Para", "Plain", "BulletList") and not node["c"]:
            return []
        if node["t"] == "BulletList":
            node["c"] = [item for item in node["c"] if not _lost(item)]
            return None if node["c"] else []
        if node["t"] in ("Header", "Div", "Span", "Figure", "CodeBlock", "Code", "Table"):
            attributes = node["c"][1] if node["t"] == "Header" else node["c"][0]
            if attributes[0]:
                attributes[0] = f"{name}-{attributes[0]}"
        if node["t"] == "Header" and node["c"][0] == 1:
            node["c"][1][0] = name
        if node["t"] == "Link":
            target = _target(node["c"][2][0], name, inside, site)
            if not target:
                return [{"t": "Span", "c": [["", [LOST], []], node["c"][1]]}]
            node["c"][2] = [target, ""]
        return None

    mended: list[Node] = change(change(blocks, mend), _unmarked)
    return mended


def _lost(item: list[Node]) -> bool:
    """Say whether an item of a list begins with a link to what only the site has: on paper it is no use."""
    first = item[0]["c"][0] if item and item[0]["t"] in ("Plain", "Para") and item[0]["c"] else None
    return first is None or (first["t"] == "Span" and LOST in first["c"][0][1])


def _unmarked(node: Node) -> list[Node] | None:
    return list(node["c"][1]) if node["t"] == "Span" and LOST in node["c"][0][1] else None


def _target(target: str, page: str, inside: set[str], site: str) -> str:
    """Return where a link leads: in the report, else to the site; nothing where it has no address."""
    if re.match(r"(https?|mailto|tel):", target):
        return target
    if not target or re.match(r"[A-Za-z][\w+.-]*:", target):
        raise OswError(
            f'report: a link of {page} leads to "{target}", which cannot be followed. Mend the page.'
        )
    path, _, place = target.partition("#")
    other = path.removesuffix(".qmd") if path else page
    if other not in inside:
        return f"{site.rstrip('/')}/{re.sub('[.]qmd(?=#|$)', '.html', target)}" if site else ""
    return f"#{other}-{place}" if place else f"#{other}"


def _without_rerun(blocks: list[Node]) -> list[Node]:
    """Leave out how to run a page again: the last heading of a page and a command."""
    at = next(
        (n for n, b in enumerate(blocks) if b["t"] == "CodeBlock" and "osw run" in b["c"][1]), len(blocks)
    )
    if at == len(blocks):
        return blocks
    start = max(n for n in range(at + 1) if blocks[n]["t"] == "Header" or n == 0)
    return blocks[:start] + blocks[at + 1 :]


def _long_tables_apart(blocks: list[Node], annex: list[Node], language: str) -> list[Node]:
    """Move tables too long to read past into `annex`, under the heading they stood under."""
    kept, heading = [], ""
    for block in blocks:
        if block["t"] == "Header":
            heading = plain(block["c"][2])
        table = block["c"][1][0] if block["t"] == "Div" and len(block["c"][1]) == 1 else block
        if table["t"] != "Table" or sum(len(body[3]) for body in table["c"][4]) <= LONG:
            kept.append(block)
            continue
        name = f"annex-{len(annex)}"
        text = words(SAID["see_annex"][language])
        kept.append(para([{"t": "Link", "c": [["", [], []], text, [f"#{name}", ""]]}, *words(".")]))
        annex += [header(2, name, heading), block]
    return kept


def _documents(sources: Sequence[Mapping[str, str]], language: str) -> list[Node]:
    """Return the list of documents: publisher, title, date, licence."""
    known, entries = {s["source_id"]: s for s in sources}, []
    for source in sources:
        shown = words(f"{source['publisher']}: {source['title']}")
        through = cited.via(source, known, language)
        link = {"t": "Link", "c": [["", [], []], shown, [source["url"], ""]]}
        name = f"sources-src-{source['source_id']}"
        rest = words(f"{through}, {published(source, language)}. {licences(source['licence'], language)}.")
        anchor = {"t": "Span", "c": [[name, [], []], [link] if source["url"] else shown]}
        entries.append([{"t": "Plain", "c": [anchor, *rest]}])
    return [
        header(1, "sources", SAID["sources"][language]),
        para(words(SAID["sources_text"][language])),
        {"t": "BulletList", "c": entries},
    ]


def _colophon(language: str) -> list[Node]:
    return [
        header(1, "colophon", SAID["colophon"][language]),
        para(words(SAID["colophon_text"][language])),
    ]


def _check(blocks: list[Node], staged: Path) -> None:
    """Stop where a link leads nowhere, an id stands twice, or a picture or its alt text is missing."""
    seen: list[str] = []
    links: list[tuple[str, str]] = []

    def look(node: Any) -> list[Node] | None:
        if node["t"] in ("Header", "Div", "Span", "Figure", "Table"):
            seen.append((node["c"][1] if node["t"] == "Header" else node["c"][0])[0])
        elif node["t"] == "Link" and node["c"][2][0].startswith("#"):
            links.append((node["c"][2][0][1:], plain(node["c"][1])))
        elif node["t"] == "Image":
            _check_image(node, staged)
        return None

    change(blocks, look)
    named = [name for name in seen if name]
    if double := {name for name in named if named.count(name) > 1}:
        raise OswError(f"report: the name {min(double)} stands twice. Give each heading on a page its own.")
    for target, text in links:
        if target not in named:
            raise OswError(
                f'report: the link "{text}" leads to #{target}, which is not there. Mend the page.'
            )


def _check_image(node: Node, staged: Path) -> None:
    attributes, _, (path, _) = node["c"]
    if not re.fullmatch(r"figures/[\w.-]+\.svg", path) or not (staged / path).is_file():
        raise OswError(f"report: the picture {path} is not in figures/. Build the report again.")
    if not dict(attributes[2]).get("fig-alt", "").strip():
        raise OswError(f"report: the picture {path} has no alt text. Give its chart one.")

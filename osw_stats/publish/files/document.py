"""The report of an edition as one document, joined from the staged pages: as tagged PDF (PDF/UA-1) and as Word.

Pandoc reads each page, `report.lua` makes it a chapter, and the same filter helps Pandoc to write Typst and Word. Text of
data stays a string of Pandoc's tree from page to file, so the writers escape it for their format.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import typst

from osw_stats import pandoc
from osw_stats.data.editions import Edition
from osw_stats.draw.raster import fonts
from osw_stats.errors import OswError
from osw_stats.kept.keys import code_of, digest
from osw_stats.kept.store import Store, kept
from osw_stats.publish.files.fixed import rewrite_zip, with_row_heads
from osw_stats.publish.site.markdown import from_template
from osw_stats.publish.site.pandoc import READER, REFUSED
from osw_stats.publish.site.stage import include
from osw_stats.text import documents
from osw_stats.text.language import day, published
from osw_stats.text.words import QUESTIONS, Text, licences
from osw_stats.yamlfile import read_yaml

HERE = Path(__file__).parent
FILTER, TEMPLATE, REFERENCE = HERE / "report.lua", HERE / "report.typ", HERE / "reference.docx"
WORDS: Any = read_yaml(HERE / "words.yml")
SAID: dict[str, Text] = WORDS["report"]
CHAPTERS = ("index", *QUESTIONS, "methods", "quality", "revisions")  # then the documents
LONG = 40  # rows; a longer table goes to the annex
TAG = {"nl": "nl-NL", "en": "en-GB"}
Node = dict[str, Any]  # of Pandoc's document tree


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


def title(edition: Edition, language: str) -> str:
    """Return the title of a report, with the year reported on."""
    return f"{SAID['title'][language]} {edition.year}"


def midnight(day: date) -> datetime:
    """Return the moment that a file about this day carries: its first, in UTC, whatever the clock says."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def chapters(staged: Path) -> dict[str, str]:
    """Return the text of every page of a staged project that the report holds, in their order."""
    paths = {name: staged / f"{name}.qmd" for name in CHAPTERS}
    return {n: include(p.read_text(encoding="utf-8"), staged) for n, p in paths.items() if p.is_file()}


def report(
    edition: Edition,
    sources: Sequence[Mapping[str, str]],
    staged: Path,
    language: str,
    site: str = "",
    store: Store | None = None,
) -> Report:
    """Return the report of an edition from its staged pages; links to other pages lead to `site`, or are plain words."""
    said = {name: text[language] for name, text in SAID.items()}
    texts = chapters(staged)
    if missing := {"index", *QUESTIONS} - set(texts):
        raise OswError(f"report: the page {min(missing)} was not staged. Build the report again.")
    texts["sources"] = _documents(sources, language)
    with ThreadPoolExecutor() as pool:
        made = list(pool.map(lambda name: _chapter(name, texts[name], list(texts), site, store), texts))
    tables: list[Node] = []
    blocks = [block for chapter in made for block in _without_long_tables(chapter, tables, said["see_annex"])]
    blocks += _section("colophon", said)
    if tables:
        blocks += _section("annex", said) + tables
    return Report(
        title=title(edition, language),
        subtitle=said["edition"].format(year=edition.year),
        as_of=said["as_of"].format(day=day(edition.as_of, language)),
        dated=edition.as_of,
        language=language,
        blocks=blocks,
        folder=staged,
    )


def _documents(sources: Sequence[Mapping[str, str]], language: str) -> str:
    """Return the list of documents: publisher, title, date, licence."""
    known = {s["source_id"]: s for s in sources}
    entries = [
        {
            "id": s["source_id"],
            "url": s["url"],
            "title": f"{s['publisher']}: {s['title']}",
            "rest": f"{documents.via(s, known, language)}, {published(s, language)}. {licences(s['licence'], language)}.",
        }
        for s in sources
    ]
    return from_template("documents", language, sources=entries)


def _section(name: str, said: Mapping[str, str]) -> list[Node]:
    """Return a chapter of one paragraph."""
    heading, text = ([{"t": "Str", "c": said[key]}] for key in (name, f"{name}_text"))
    return [{"t": "Header", "c": [1, [name, [], []], heading]}, {"t": "Para", "c": text}]


def _chapter(name: str, text: str, inside: list[str], site: str, store: Store | None) -> list[Node]:
    """Return the blocks of one chapter, kept by its text: Pandoc needs longer for it than Typst for the report."""

    def read() -> Any:
        settings = {"name": name, "site": site, "inside": " ".join(inside)}
        meta = [f"-M{key}={value}" for key, value in settings.items()]
        return json.loads(_pandoc(text, [f"--from={READER}", "--to=json", "--columns=100000", *meta]))[
            "blocks"
        ]

    blocks: list[Node] = kept(store, digest([name, text, inside, site, READER, _made_by()]), read)
    return blocks


def _pandoc(text: str, arguments: list[str]) -> bytes:
    done = pandoc.run(
        [*arguments, f"--lua-filter={FILTER}", "--wrap=none", "--syntax-highlighting=none"], text
    )
    if done.returncode:
        told = pandoc.told(done)
        refused = REFUSED.search(told)
        raise OswError(
            f"report: {refused[1]}. Mend the page." if refused else f"report: Pandoc failed: {told}"
        )
    return done.stdout


def _made_by() -> str:
    """Return what stands for the code that reads and writes chapters, and Pandoc."""
    return code_of(Path(__file__), FILTER)


def _without_long_tables(blocks: list[Node], tables: list[Node], see: str) -> list[Node]:
    """Move tables too long to read past into `tables`, under the heading they stood under."""
    stay: list[Node] = []
    heading: list[Node] = []
    for block in blocks:
        if block["t"] == "Header":
            heading = block["c"][2]
        table = block["c"][1][0] if block["t"] == "Div" and len(block["c"][1]) == 1 else block
        if table["t"] != "Table" or sum(len(body[3]) for body in table["c"][4]) <= LONG:
            stay.append(block)
            continue
        name = f"annex-{len(tables)}"
        link = {"t": "Link", "c": [["", [], []], [{"t": "Str", "c": see}], [f"#{name}", ""]]}
        stay.append({"t": "Para", "c": [link, {"t": "Str", "c": "."}]})
        tables += [{"t": "Header", "c": [2, [name, [], []], heading]}, block]
    return stay


def write_pdf(report: Report, out: Path, store: Store | None = None) -> None:
    """Write the report as PDF.

    Same report, same bytes: its date is the as-of date, no clock, and no fonts of the machine but those
    that the wheels of Typst and matplotlib carry. What Pandoc made of each chapter is kept in `store`.
    """
    starts = [n for n, b in enumerate(report.blocks) if n and b["t"] == "Header" and b["c"][0] == 1]
    parts = [report.blocks[a:b] for a, b in pairwise([0, *starts, len(report.blocks)])]
    with ThreadPoolExecutor() as pool:
        bodies = list(
            pool.map(lambda p: str(kept(store, digest(["typst", p, _made_by()]), lambda: _typst(p))), parts)
        )
    front = {
        "title": report.title,
        "subtitle": report.subtitle,
        "as-of": report.as_of,
        "lang": report.language,
        "contents": SAID["contents"][report.language],
    }
    named = ", ".join(f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in front.items())
    source = "\n".join([TEMPLATE.read_text(encoding="utf-8"), f"#show: report.with({named})\n", *bodies])
    try:
        made: bytes = typst.compile(  # type: ignore[call-overload]
            source.encode(),
            root=str(report.folder),
            font_paths=fonts(),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=midnight(report.dated),
        )
    except typst.TypstError as error:
        raise OswError(f"report: Typst refused the {report.language} report: {error}") from None
    out.write_bytes(with_row_heads(made))


def _typst(blocks: list[Node]) -> str:
    """Return the Typst of one chapter."""
    text = _pandoc(_document(blocks, {}), ["--from=json", "--to=typst"]).decode("utf-8")
    return text.replace("align(center)[#table(", "align(left)[#table(")


def _document(blocks: list[Node], meta: dict[str, str]) -> str:
    held = {key: {"t": "MetaString", "c": value} for key, value in meta.items()}
    return json.dumps({"pandoc-api-version": _api(), "meta": held, "blocks": blocks}, ensure_ascii=False)


@cache
def _api() -> list[int]:
    """Return the version of the tree that this Pandoc speaks."""
    version: list[int] = json.loads(pandoc.run(["--to=json"]).stdout)["pandoc-api-version"]
    return version


def write_docx(report: Report, out: Path) -> None:
    """Write the report as DOCX, with the styles, page and footer of `reference.docx`.

    Same report, same bytes: its date is the as-of date, and every part of the file has one fixed date.
    """
    meta = {
        "title": report.title,
        "subtitle": report.subtitle,
        "date": report.as_of,
        "author": "osw_stats",
        "lang": TAG[report.language],
        "contents": SAID["contents"][report.language],
    }

    def finished(name: str, part: bytes) -> bytes:
        if name == "word/settings.xml":  # narrow columns hyphenate
            return re.sub(rb"(<w:defaultTabStop[^>]*/>)", rb"\g<1><w:autoHyphenation/>", part, count=1)
        if name == "docProps/core.xml":  # the date of the report in place of the moment of writing
            moment = f"{midnight(report.dated):%Y-%m-%dT%H:%M:%SZ}".encode()
            return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + moment, part)
        return part

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.docx"
        to_word = ["--from=json", "--to=docx", f"--output={made}", f"--reference-doc={REFERENCE}"]
        _pandoc(_document(report.blocks, meta), [*to_word, f"--resource-path={report.folder}"])
        rewrite_zip(made, out, finished)

"""The report as a tagged PDF (PDF/UA-1): Pandoc writes Typst, the Typst wheel the PDF."""

from __future__ import annotations

import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import typst

from osw_stats.errors import OswError
from osw_stats.report.charts.raster import fonts
from osw_stats.report.files.columns import set_widths
from osw_stats.report.files.report import SAID, Report, midnight
from osw_stats.report.files.row_heads import with_row_heads
from osw_stats.report.files.tree import Node, change, made_by, raw, write
from osw_stats.report.graph.keys import digest
from osw_stats.report.graph.store import Store, kept

TEMPLATE = Path(__file__).with_name("report.typ")
BOXES = {"card", "help", "callout"}
STARTS = re.compile(r"[=+/-]|\d+\.")  # what begins a heading or a list in Typst


def write_pdf(report: Report, out: Path, store: Store | None = None) -> None:
    """Write the report as PDF.

    Same report, same bytes: its date is the as-of date, no clock, and no fonts of the machine but
    those that the wheels of Typst and matplotlib carry. What Pandoc made of each
    chapter is kept in `store`, if given.
    """
    with ThreadPoolExecutor() as pool:
        parts = list(pool.map(lambda part: _kept(part, store), _parts(report.blocks)))
    source = "\n".join([TEMPLATE.read_text(encoding="utf-8"), _front(report), *parts])
    try:
        made: bytes = typst.compile(  # type: ignore[call-overload]
            source.encode(), root=str(report.folder), font_paths=fonts(),
            format="pdf", pdf_standards=["ua-1"], timestamp=midnight(report.dated),
        )  # fmt: skip
    except typst.TypstError as error:
        raise OswError(f"report: Typst refused the {report.language} report: {error}") from None
    out.write_bytes(with_row_heads(made))


def _parts(blocks: list[Node]) -> list[list[Node]]:
    """Cut a document before every chapter."""
    starts = [
        0,
        *(at for at, block in enumerate(blocks) if at and block["t"] == "Header" and block["c"][0] == 1),
    ]
    return [blocks[a:b] for a, b in pairwise([*starts, len(blocks)])]


def _kept(part: list[Node], store: Store | None) -> str:
    return str(kept(store, digest(["typst", part, made_by()]), lambda: _typst(part)))


def _typst(part: list[Node]) -> str:
    """Return the Typst of one chapter."""
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "body.typ"
        write(change(part, _for_typst), "typst", {}, body, [])
        return body.read_text(encoding="utf-8").replace("align(center)[#table(", "align(left)[#table(")


def quoted(text: str) -> str:
    r"""Return a Typst string.

    Examples
    --------
    >>> print(quoted('say "#x" \\'))
    "say \"#x\" \\"
    """
    return json.dumps(text.replace("\u2028", " ").replace("\u2029", " "), ensure_ascii=False)


def _front(report: Report) -> str:
    words = {
        "title": report.title, "subtitle": report.subtitle, "as-of": report.as_of, "lang": report.language,
        "contents": SAID["contents"][report.language],
    }  # fmt: skip
    named = ", ".join(f"{key}: {quoted(text)}" for key, text in words.items())
    return f"#show: report.with({named})\n"


def _for_typst(node: Node) -> list[Node] | None:
    """Replace what Pandoc's writer would lose: alt texts, boxes, widths of columns."""
    if node["t"] in ("Plain", "Para"):
        node["c"] = _guarded(node["c"])
    if node["t"] == "Image":
        attributes, _, (path, _) = node["c"]
        alt = dict(attributes[2])["fig-alt"]
        return [raw("typst", f"#picture({quoted('/' + path)}, alt: {quoted(alt)})")]
    if node["t"] == "Figure":
        return [_figure(node)]
    if node["t"] == "Table":
        set_widths(node)
        return None
    if node["t"] == "Div" and BOXES & set(node["c"][0][1]):
        (name, _, _), blocks = node["c"]
        return [raw("typst", "#box-of[", block=True), *blocks, raw("typst", f"]{_label(name)}", block=True)]
    if node["t"] == "Math":
        kind, tex = node["c"]
        block = str(kind["t"] == "DisplayMath").lower()
        return [raw("typst", f"#math.equation(alt: {quoted(tex)}, block: {block}, "), node, raw("typst", ")")]
    return None


def _guarded(inlines: list[Node]) -> list[Node]:
    """Put an empty string before text that would begin a heading or a list.

    Pandoc escapes such text in a paragraph, but not in a cell or an item of a list (3.9).
    """
    made: list[Node] = []
    for inline in inlines:
        begins = not made or made[-1]["t"] in ("LineBreak", "SoftBreak")
        if begins and inline["t"] == "Str" and STARTS.match(inline["c"]):
            made.append(raw("typst", '#"";'))
        made.append(inline)
    return made


def _figure(node: Node) -> Node:
    """Return a figure with its alt text, its caption and its label, as one paragraph."""
    (name, _, _), (_, caption), blocks = node["c"]
    image = blocks[0]["c"][0]["c"][1].removeprefix("#")  # already Typst: children come first
    start = f"#figure({image}, caption: ["
    inlines = [inline for block in caption for inline in block["c"]]
    return {"t": "Para", "c": [raw("typst", start), *inlines, raw("typst", f"]){_label(name)}")]}


def _label(name: str) -> str:
    return f" #label({quoted(name)})" if name else ""

"""The report as a Word file (DOCX): real headings, headed tables, alt texts, a language."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime
from pathlib import Path

from osw_stats.report.files.columns import set_widths
from osw_stats.report.files.report import SAID, Report, midnight
from osw_stats.report.files.tree import Node, change, header, plain, words, write
from osw_stats.report.files.word_style import reference_docx, rewrite

BOXES = {"card", "help", "callout"}
TAG = {"nl": "nl-NL", "en": "en-GB"}
WIDTH = "16.5cm"


def write_docx(report: Report, out: Path) -> None:
    """Write the report as DOCX.

    Same report, same bytes: its date is the as-of date, and every part of the file has one fixed date.
    """
    blocks = [*_contents(report), *change(report.blocks, _for_word)]
    meta = {
        "title": report.title, "subtitle": report.subtitle, "date": report.as_of, "author": "osw_stats",
        "lang": TAG[report.language],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        made, reference = Path(folder) / "made.docx", Path(folder) / "reference.docx"
        reference.write_bytes(reference_docx())
        write(
            blocks, "docx", meta, made, [f"--reference-doc={reference}", f"--resource-path={report.folder}"]
        )
        rewrite(made, out, lambda name, part: _finished(name, part, midnight(report.dated)))


def _contents(report: Report) -> list[Node]:
    """Return the list of chapters as links: it is there at once, without updating fields."""
    entries = []
    for block in report.blocks:
        if block["t"] == "Header" and block["c"][0] == 1:
            link = {
                "t": "Link",
                "c": [["", [], []], words(plain(block["c"][2])), [f"#{block['c'][1][0]}", ""]],
            }
            entries.append([{"t": "Plain", "c": [link]}])
    return [header(2, "contents", SAID["contents"][report.language]), {"t": "BulletList", "c": entries}]


def _for_word(node: Node) -> list[Node] | None:
    """Give pictures the PNG and their alt text, tables their widths, boxes their style."""
    if node["t"] == "Image":
        attributes, _, (path, _) = node["c"]
        alt = dict(attributes[2])["fig-alt"]
        png = str(Path(path).with_suffix(".png"))
        return [{"t": "Image", "c": [["", [], [["width", WIDTH]]], words(alt), [png, ""]]}]
    if node["t"] == "Table":
        set_widths(node)
    if node["t"] == "Div" and BOXES & set(node["c"][0][1]):
        (name, classes, _), blocks = node["c"]
        return [{"t": "Div", "c": [[name, classes, [["custom-style", "Box"]]], blocks]}]
    return None


def _finished(name: str, part: bytes, dated: datetime) -> bytes:
    """Put the date of the report in place of the moment of writing; let narrow columns hyphenate."""
    if name == "word/settings.xml":
        return re.sub(rb"(<w:defaultTabStop[^>]*/>)", rb"\g<1><w:autoHyphenation/>", part, count=1)
    if name != "docProps/core.xml":
        return part
    return re.sub(
        rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*",
        rb"\g<1>" + f"{dated:%Y-%m-%dT%H:%M:%SZ}".encode(),
        part,
    )

"""The report of an edition as one document, joined from the staged pages: as tagged PDF (PDF/UA-1) and as Word.

The start page alone is the factsheet: one sheet of A4.

Pandoc reads each page, `report.lua` makes it a chapter, and the same filter helps Pandoc to write Typst and Word. Text of
data stays a string of Pandoc's tree from page to file, so the writers escape it. Files of other programs are changed
where those leave no choice: tags of a PDF, parts and dates of a ZIP file.
"""

import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import typst

from osw_stats import pandoc
from osw_stats.data.editions import Edition
from osw_stats.draw.raster import fonts
from osw_stats.errors import OswError
from osw_stats.kept.keys import code_of, digest
from osw_stats.kept.store import Store, kept_all
from osw_stats.publish.files.package import WORDS, title
from osw_stats.publish.site.markdown import from_template
from osw_stats.publish.site.pandoc import REFUSED, trees
from osw_stats.publish.site.sources import about
from osw_stats.publish.site.stage import include
from osw_stats.text.language import day
from osw_stats.text.words import QUESTIONS, Text

HERE = Path(__file__).parent
FILTER, TEMPLATE, REFERENCE = HERE / "report.lua", HERE / "report.typ", HERE / "reference.docx"
SAID: dict[str, Text] = WORDS["report"]
CHAPTERS: list[str] = WORDS["chapters"]  # then the documents
LONG = 24  # rows; a longer table is left to the spreadsheet
TAG = {"nl": "nl-NL", "en": "en-GB"}
ROW = re.compile(rb"/Type/StructElem/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
CELL = re.compile(
    rb"(?<=\n)(\d+)( 0 obj\n<</Type/StructElem/S/T)D(/P \d+ 0 R/A\[<</O/Table)(/Headers\[[^\]]*\])"
)
SCOPE = b"/Scope/Row"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date a ZIP file can hold
Node = dict[str, Any]  # of Pandoc's document tree
Sources = Sequence[Mapping[str, str]]  # rows of the table of documents


@dataclass(frozen=True)
class Report:
    """One report: its edition, language and document tree. Figures lie in `folder`/figures."""

    edition: Edition
    language: str
    blocks: list[Node]
    folder: Path

    def front(self) -> dict[str, str]:
        """Return the words of the title page: title, subtitle, as-of date and the heading of the contents."""
        texts = {name: SAID[name][self.language] for name in ("edition", "as_of", "contents")}
        return {
            "title": title(self.edition, self.language),
            "subtitle": texts["edition"].format(year=self.edition.year),
            "as-of": texts["as_of"].format(day=day(self.edition.as_of, self.language)),
            "contents": texts["contents"],
        }


def midnight(day: date) -> datetime:
    """Return the time stamp of a file about this day: midnight in UTC, whatever the clock says."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def chapters(staged: Path) -> dict[str, str]:
    """Return the text of every page of a staged project that belongs to the report, in order."""
    paths = {name: staged / f"{name}.qmd" for name in CHAPTERS}
    return {n: include(p.read_text(encoding="utf-8"), staged) for n, p in paths.items() if p.is_file()}


def report(
    edition: Edition,
    sources: Sources,
    staged: Path,
    language: str,
    site: str = "",
    store: Store | None = None,
) -> Report:
    """Return the report of an edition from its staged pages; links to other pages lead to `site`, or are plain words."""
    texts = chapters(staged)
    if missing := {"index", *QUESTIONS} - set(texts):
        raise OswError(f"report: the page {min(missing)} was not staged. Build the report again.")
    known = {s["source_id"]: s for s in sources}
    rest = {s["source_id"]: about(s, known, language) for s in sources}
    texts["sources"] = from_template("documents", language, sources=sources, rest=rest)
    parts = _chapters(texts, list(texts), site, store)
    drawn: set[str] = set()
    blocks = [b for chapter in parts for b in _without_repeats(chapter, drawn, SAID["long_table"][language])]
    heading, text = ([{"t": "Str", "c": SAID[key][language]}] for key in ("colophon", "colophon_text"))
    blocks += [{"t": "Header", "c": [1, ["colophon", [], []], heading]}, {"t": "Para", "c": text}]
    return Report(edition, language, blocks, staged)


def factsheet(
    edition: Edition, staged: Path, language: str, site: str = "", store: Store | None = None
) -> Report:
    """Return the start page as a separate document of one sheet."""
    (blocks,) = _chapters({"index": chapters(staged)["index"]}, ["index"], site, store)
    return Report(edition, language, blocks, staged)


def _chapters(texts: dict[str, str], inside: list[str], site: str, store: Store | None) -> list[list[Node]]:
    """Return the blocks of each chapter, kept by its text, since Pandoc takes longer over them than Typst over the report."""
    meta, read = {"site": site, "inside": " ".join(inside)}, trees(list(texts.values()), store)
    pages: list[pandoc.Text] = [(tree, meta | {"name": name}) for name, tree in zip(texts, read, strict=True)]
    return [json.loads(tree)["blocks"] for tree in _converted(pages, "json", "json", store)]


def _converted(texts: list[pandoc.Text], reader: str, writer: str, store: Store | None) -> list[str]:
    """Return texts converted by Pandoc and our filter, each kept."""

    def make(places: list[int]) -> list[str]:
        results = pandoc.convert([texts[at] for at in places], reader, writer, FILTER)
        return [text if fine else _refuse(text) for fine, text, _ in results]

    code_digest = code_of(Path(__file__), FILTER, pandoc.SCRIPT)
    return kept_all(store, [digest([*text, reader, writer, code_digest]) for text in texts], make)


def _refuse(message: str) -> NoReturn:
    refused = REFUSED.search(message)
    problem = f"{refused[1]}. Mend the page." if refused else f"Pandoc failed: {message}"
    raise OswError(f"report: {problem}")


def _without_repeats(blocks: list[Node], drawn: set[str], instead: str) -> list[Node]:
    """Leave out charts `drawn` before; replace a table too long to read by a note of where it is."""
    stay: list[Node] = []
    for block in blocks:
        chart = block["c"][0][0].partition("fig-")[2] if block["t"] == "Figure" else ""
        table = block["c"][1][0] if block["t"] == "Div" and len(block["c"][1]) == 1 else block
        rows = sum(len(body[3]) for body in table["c"][4]) if table["t"] == "Table" else 0
        text = [{"t": "Str", "c": instead.format(rows=rows)}]
        stay += [{"t": "Para", "c": text} if rows > LONG else block] * (chart not in drawn)
        drawn |= {chart} - {""}
    return stay


def write_pdf(report: Report, out: Path, store: Store | None = None, look: str = "report") -> None:
    """Write the report as PDF; `look` is a format of `report.typ`: "report" or "factsheet"."""
    # same report, same bytes: its date is the as-of date, and its fonts are those of the wheels of Typst and
    # matplotlib
    starts = [n for n, b in enumerate(report.blocks) if n and b["t"] == "Header" and b["c"][0] == 1]
    places = pairwise([0, *starts, len(report.blocks)])
    bodies = _converted([(_document(report.blocks[a:b], {}), {}) for a, b in places], "json", "typst", store)
    bodies = [text.replace("align(center)[#table(", "align(left)[#table(") for text in bodies]
    front = report.front() | {"lang": report.language}
    named = ", ".join(f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in front.items())
    source = "\n".join([TEMPLATE.read_text(encoding="utf-8"), f"#show: {look}.with({named})\n", *bodies])
    try:
        pdf: bytes = typst.compile(  # type: ignore[call-overload]
            source.encode(),
            root=str(report.folder),
            font_paths=fonts(),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=midnight(report.edition.as_of),
        )
    except typst.TypstError as error:
        raise OswError(f"report: Typst refused the {report.language} report: {error}") from None
    out.write_bytes(with_row_heads(pdf))


def _document(blocks: list[Node], meta: dict[str, str]) -> str:
    fields = {key: {"t": "MetaString", "c": value} for key, value in meta.items()}
    return json.dumps({"pandoc-api-version": _api(), "meta": fields, "blocks": blocks}, ensure_ascii=False)


@cache
def _api() -> list[int]:
    version: list[int] = json.loads(pandoc.run(["--to=json"]).stdout)["pandoc-api-version"]
    return version


def with_row_heads(pdf: bytes) -> bytes:
    """Return a PDF of Typst whose table rows begin with a heading."""
    # Typst tags headings of columns; `pdf.header-cell`, which tags those of rows, is switched off in its
    # wheel (0.15). So the first cell of a row becomes a TH of its row, and the data cells lose the names of
    # their headings, columns only, that would hide those found by scope. Every change is as long as what it
    # replaces, so that no place in the file moves.
    firsts = set(ROW.findall(pdf))

    def tagged(cell: re.Match[bytes]) -> bytes:
        number, start, middle, names = cell.groups()
        kind, scope = (b"H", SCOPE) if number in firsts else (b"D", b"")
        return number + start + kind + middle + scope.ljust(len(names))

    result = CELL.sub(tagged, pdf)
    if len(result) != len(pdf) or (b"/S/TD" in pdf and SCOPE not in result):
        raise OswError(
            "report: this version of Typst writes tables in a way that is not known. "
            "Install the versions of requirements.lock."
        )
    return result


def write_docx(report: Report, out: Path) -> None:
    """Write the report as DOCX, with the styles, page and footer of `reference.docx`; same report, same bytes."""
    meta = report.front() | {"author": "osw_stats", "lang": TAG[report.language]}
    meta["date"] = meta.pop("as-of")

    def finished(name: str, content: bytes) -> bytes:
        if name == "word/settings.xml":  # narrow columns hyphenate
            return re.sub(rb"(<w:defaultTabStop[^>]*/>)", rb"\g<1><w:autoHyphenation/>", content, count=1)
        if name == "docProps/core.xml":  # the date of the report in place of the moment of writing
            moment = f"{midnight(report.edition.as_of):%Y-%m-%dT%H:%M:%SZ}".encode()
            return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + moment, content)
        return content

    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "made.docx"
        to_word = ["--from=json", "--to=docx", f"--output={draft}", f"--reference-doc={REFERENCE}"]
        usual = [f"--lua-filter={FILTER}", "--syntax-highlighting=none", f"--resource-path={report.folder}"]
        done = pandoc.run([*to_word, *usual], _document(report.blocks, meta))
        if done.returncode:
            _refuse(pandoc.error_message(done))
        rewrite_zip(draft, out, finished)


def rewrite_zip(path: Path, out: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Copy a ZIP file with every part changed by `change`, parts sorted and all of one fixed date."""
    with zipfile.ZipFile(path) as source:
        parts = {name: change(name, source.read(name)) for name in source.namelist()}
    first = "[Content_Types].xml"  # readers expect it first
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(parts, key=lambda n: (n != first, n)):
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(info, parts[name])

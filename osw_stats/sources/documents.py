"""Read a document into text: plain text in any usual encoding, and what Pandoc or pdftotext can turn into it.

Nothing in a document is ever run: Pandoc gets `--sandbox`, which also keeps it from other files and the network.
"""

from __future__ import annotations

import codecs
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from osw_stats import pandoc
from osw_stats.errors import InputError

MEGABYTE = 1024 * 1024
DEFAULT_LIMIT = 20  # megabytes
_SECONDS = 120
_LARGEST_GROWTH = 10  # a packed document may not become more than so many times the limit
_PANDOC = {
    ".docx": "docx", ".odt": "odt", ".html": "html", ".htm": "html", ".xhtml": "html", ".rtf": "rtf", ".epub": "epub",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b")) + b"\x7f"


@dataclass(frozen=True)
class Document:
    """The text of a document; `note` tells what had to be assumed to read it, empty if nothing."""

    text: str
    note: str


def read_document(path: Path, *, limit: float = DEFAULT_LIMIT) -> Document:
    """Return the text of a file.

    Parameters
    ----------
    path
        Text (.txt, .md, .csv or anything else), or .docx, .odt, .html, .rtf, .epub (through Pandoc) or
        .pdf (through pdftotext). Offsets and lines of a converted file are those of its text.
    limit
        Largest file in megabytes (1,048,576 bytes).

    Raises
    ------
    InputError
        If the file is missing, larger than the limit, no text, or its converter is missing or fails.
    """
    size = _size(path)
    if size > limit * MEGABYTE:
        raise InputError(
            f"has {size / MEGABYTE:.1f} megabytes, more than the limit of {limit:g}",
            "Split it, or raise the limit with --limit.",
            file=path,
        )
    with path.open("rb") as handle:
        head = handle.read(8)
    if head.startswith(b"%PDF"):
        return Document(
            _converted(path, _pdf_command(path), limit), "the text is what pdftotext made of the PDF"
        )
    form = _PANDOC.get(path.suffix.lower())
    if head.startswith(b"PK"):
        _require_unpackable(path, limit)
    if form:
        return Document(
            _converted(path, _pandoc_command(path, form), limit),
            f"the text is what Pandoc made of the {form} file",
        )
    return _decoded(path.read_bytes(), path)


def _size(path: Path) -> int:
    if not path.exists():
        raise InputError("is not there", "Check the name and the folder.", file=path)
    if not path.is_file():
        raise InputError("is no file", "Name one file with text.", file=path)
    return path.stat().st_size


def _decoded(data: bytes, path: Path) -> Document:
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return Document(data.decode(name), "" if name == "utf-8-sig" else f"read as {name.upper()}")
            except UnicodeDecodeError as error:
                raise InputError(
                    f"begins as {name.upper().removesuffix('-SIG')} but is broken at byte {error.start}",
                    "Save it again as UTF-8.",
                    file=path,
                ) from None
    if b"\x00" in data or len(data.translate(None, _CONTROLS)) < len(data) * 0.99:
        raise InputError(
            "is no text: it holds bytes that stand in no text",
            "Save the document as plain text in UTF-8 and scan that.",
            file=path,
        )
    try:
        return Document(data.decode("utf-8"), "")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = f"not UTF-8 (line {line}); read as Windows-1252, so that some letters may be wrong"
        return Document(data.decode("cp1252", errors="replace"), note)


def _require_unpackable(path: Path, limit: float) -> None:
    """Pass when a packed document says it unpacks to no more than the limit allows; damage is told by its reader."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return
    if size > limit * MEGABYTE * _LARGEST_GROWTH:
        raise InputError(
            f"unpacks to {size / MEGABYTE:,.0f} megabytes, far more than the limit",
            "Raise the limit with --limit, or split it.",
            file=path,
        )


def _pdf_command(path: Path) -> list[str]:
    tool = shutil.which("pdftotext")
    if tool is None:
        raise InputError(
            "is a PDF and pdftotext is not on this computer",
            "Install poppler-utils, or save the PDF as text.",
            file=path,
        )
    return [tool, "-q", "-enc", "UTF-8", str(path.resolve()), "-"]


def _pandoc_command(path: Path, form: str) -> list[str]:
    return pandoc.command(
        ["--sandbox", f"--from={form}", "--to=plain", "--wrap=none", str(path.resolve())], runtime=["-M2g"]
    )


def _converted(path: Path, command: list[str], limit: float) -> str:
    name = Path(command[0]).name
    most = int(limit * MEGABYTE * _LARGEST_GROWTH)
    env = pandoc.environment() if command[0] == str(pandoc.program()) else None
    # into a file, so that a flood of text does not fill the memory
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        try:
            done = subprocess.run(command, stdout=out, stderr=told, timeout=_SECONDS, env=env, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise InputError(
                f"took {name} more than {_SECONDS} seconds", "Save it as plain text and scan that.", file=path
            ) from None
        out.seek(0)
        told.seek(0)
        text, complaint = out.read(most + 1), told.read(100_000)
    if done.returncode:
        said = complaint.decode("utf-8", errors="replace").strip().splitlines()
        raise InputError(
            f"cannot be read by {name} ({said[-1][:200] if said else 'no reason given'})",
            "Save the document again, or as plain text.",
            file=path,
        )
    if len(text) > most:
        raise InputError(
            "unpacks to far more text than the limit", "Raise the limit with --limit, or split it.", file=path
        )
    return text.decode("utf-8", errors="replace")

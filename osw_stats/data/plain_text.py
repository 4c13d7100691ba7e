"""Read a document into text: plain text in any usual encoding, and what Pandoc or pdftotext can turn into it.

Nothing in a document is ever run: Pandoc gets `--sandbox`, which also keeps it from other files and the network.
"""

import codecs
import re
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from osw_stats import pandoc
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

MEGABYTE = 1024 * 1024
DEFAULT_LIMIT = 20  # megabytes
_SECONDS = 120
_LARGEST_GROWTH = 10  # a packed document may not become more than so many times the limit
_PANDOC = {f".{name}": name for name in ("docx", "odt", "html", "rtf", "epub")}
_PANDOC |= {".htm": "html", ".xhtml": "html"}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b")) + b"\x7f"
_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Document:
    """The text of a document; `note` tells what had to be assumed to read it, empty if nothing."""

    text: str
    note: str


def read_document(path: Path, *, limit: float = DEFAULT_LIMIT) -> Document:
    """Return the text of a file of at most `limit` megabytes; offsets in a converted file are those of its text."""
    if not path.is_file():
        raise refused("no_file" if path.exists() else "no_document", file=path)
    if (size := path.stat().st_size) > limit * MEGABYTE:
        raise refused("above_limit", file=path, size=size / MEGABYTE, limit=limit)
    with path.open("rb") as handle:
        head = handle.read(4)
    if head == b"%PDF":
        tool = shutil.which("pdftotext")
        if tool is None:
            raise refused("no_pdftotext", file=path)
        text = _converted(path, [tool, "-q", "-layout", "-enc", "UTF-8", str(path.resolve()), "-"], limit)
        if not text.strip():
            raise refused("pictures", file=path)
        pages = text.removesuffix("\f").split("\f")
        bare = sum(not _WORD.search(page) for page in pages)
        found = f"; {bare} of its {len(pages)} pages hold no words, so they are blank or pictures"
        return Document(text, f"the text is what pdftotext made of the PDF{found if bare else ''}")
    if head.startswith(b"PK"):
        damaged = (zipfile.BadZipFile, ValueError, OSError, NotImplementedError)  # as its reader will tell
        with suppress(*damaged), zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > limit * MEGABYTE * _LARGEST_GROWTH:
            raise refused("unpacks", file=path, size=size / MEGABYTE)
    if form := _PANDOC.get(path.suffix.lower()):
        options = ["--sandbox", f"--from={form}", "--to=plain", "--wrap=none", str(path.resolve())]
        text = _converted(path, pandoc.command(options, runtime=["-M2g"]), limit, pandoc.environment())
        return Document(text, f"the text is what Pandoc made of the {form} file")
    return _decoded(path.read_bytes(), path)


def _decoded(data: bytes, path: Path) -> Document:
    name = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    if name:
        try:
            return Document(data.decode(name), "" if name == "utf-8-sig" else f"read as {name.upper()}")
        except UnicodeDecodeError as error:
            words = {"name": name.upper().removesuffix("-SIG"), "start": error.start}
            raise refused("broken_encoding", file=path, **words) from None
    if b"\x00" in data or len(data.translate(None, _CONTROLS)) < len(data) * 0.99:
        raise refused("no_text", file=path)
    try:
        return Document(data.decode("utf-8"), "")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = f"not UTF-8 (line {line}); read as Windows-1252, so that some letters may be wrong"
        return Document(data.decode("cp1252", errors="replace"), note)


def _converted(path: Path, command: list[str], limit: float, env: dict[str, str] | None = None) -> str:
    name = Path(command[0]).name
    most = int(limit * MEGABYTE * _LARGEST_GROWTH)
    # into a file, so that a flood of text does not fill the memory
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        try:
            done = subprocess.run(  # noqa: S603 - our own commands, no shell
                command, stdout=out, stderr=complaints, timeout=_SECONDS, env=env, check=False
            )
        except subprocess.TimeoutExpired:
            raise refused("slow_converter", file=path, name=name, seconds=_SECONDS) from None
        out.seek(0)
        complaints.seek(0)
        text, complaint = out.read(most + 1), complaints.read(100_000)
    if done.returncode:
        lines = complaint.decode("utf-8", errors="replace").strip().splitlines() or ["no reason given"]
        raise refused("converter_failed", file=path, name=name, reason=lines[-1][:200])
    if len(text) > most:
        raise refused("flood", file=path)
    return text.decode("utf-8", errors="replace")

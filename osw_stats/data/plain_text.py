"""Read a document as text: plain text in any common encoding, and formats that Pandoc or pdftotext can convert.

Nothing in a document is executed: Pandoc gets `--sandbox`, which also bars it from other files and the network.
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
_LARGEST_GROWTH = 10  # unpacked size of a document, as a multiple of the limit
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
    """The text of a document; `note` says what was assumed in reading it, empty if nothing."""

    text: str
    note: str


def read_document(path: Path, *, limit: float = DEFAULT_LIMIT) -> Document:
    """Return the text of a file of at most `limit` megabytes; offsets in a converted file refer to its text."""
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
        text = _convert(path, [tool, "-q", "-layout", "-enc", "UTF-8", str(path.resolve()), "-"], limit)
        if not text.strip():
            raise refused("pictures", file=path)
        pages = text.removesuffix("\f").split("\f")
        wordless = sum(not _WORD.search(page) for page in pages)
        remark = f"; {wordless} of its {len(pages)} pages hold no words, so they are blank or pictures"
        return Document(text, f"the text is what pdftotext made of the PDF{remark if wordless else ''}")
    if head.startswith(b"PK"):
        damaged = (zipfile.BadZipFile, ValueError, OSError, NotImplementedError)  # Pandoc will report it
        with suppress(*damaged), zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > limit * MEGABYTE * _LARGEST_GROWTH:
            raise refused("unpacks", file=path, size=size / MEGABYTE)
    if form := _PANDOC.get(path.suffix.lower()):
        options = ["--sandbox", f"--from={form}", "--to=plain", "--wrap=none", str(path.resolve())]
        text = _convert(path, pandoc.command(options, runtime=["-M2g"]), limit, pandoc.environment())
        return Document(text, f"the text is what Pandoc made of the {form} file")
    return _decode(path.read_bytes(), path)


def _decode(data: bytes, path: Path) -> Document:
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


def _convert(path: Path, command: list[str], limit: float, env: dict[str, str] | None = None) -> str:
    name = Path(command[0]).name
    max_bytes = int(limit * MEGABYTE * _LARGEST_GROWTH)
    # into a file, so that excessive output does not fill the memory
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.run(  # noqa: S603 - our own commands, no shell
                command, stdout=out, stderr=err, timeout=_SECONDS, env=env, check=False
            )
        except subprocess.TimeoutExpired:
            raise refused("slow_converter", file=path, name=name, seconds=_SECONDS) from None
        out.seek(0)
        err.seek(0)
        text, message = out.read(max_bytes + 1), err.read(100_000)
    if process.returncode:
        lines = message.decode("utf-8", errors="replace").strip().splitlines() or ["no reason given"]
        raise refused("converter_failed", file=path, name=name, reason=lines[-1][:200])
    if len(text) > max_bytes:
        raise refused("flood", file=path)
    return text.decode("utf-8", errors="replace")

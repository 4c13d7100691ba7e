"""Input that is made to hurt: it is refused with a place, in bounded time, and runs nothing."""

import io
import os
import shutil
import subprocess
import sys
import time
import zipfile

import pypandoc
import pytest

from osw_stats.data import plain_text
from osw_stats.data.clean import load_corrections
from osw_stats.data.plain_text import MEGABYTE, read_document
from osw_stats.data.register import load_records, read_record
from osw_stats.data.rows import read_table as read_rows
from osw_stats.data.statline.read import read_table
from osw_stats.data.transcription import read_transcription
from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT, raw_row, write_raw

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture(autouse=True)
def _in_bounded_time():
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 300  # what is not bounded takes hours


BAD_YAML = [
    ("a: !!python/object/apply:os.system ['touch hacked']", "cannot be read as YAML"),
    ("a: !!python/name:os.system", "cannot be read as YAML"),
    ("!!python/object/new:type {}", "cannot be read as YAML"),
    (LAUGHS, "too many values"),
    ("a: &a [*a]", "inside what it names"),
    ("a: &a {b: *a}", "inside what it names"),
    ("a: *b", "or before it"),
    ("[" * 5000, "nested too deeply"),
    ("- " * 50_000, "nested too deeply"),
    ("{a: " * 500_000, "nested too deeply"),
    ("? [a, b]\n: c", "a key is no plain text"),
    ("? {a: b}\n: c", "a key is no plain text"),
    ("a: " + "9" * 5000, "cannot be read as YAML"),
    ("a: !!timestamp 2001-99-99", "cannot be read as YAML"),
    ("a: 1\na: 2", "stands twice"),
    ("a: \x07", "cannot be read as YAML"),
    ("--- a\n--- b", "cannot be read as YAML"),
]


@pytest.mark.parametrize(("text", "problem"), BAD_YAML)
def test_yaml(tmp_path, monkeypatch, text, problem):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "corrections.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=problem) as error:
        read_yaml(path)
    assert str(path) in str(error.value)
    assert not (tmp_path / "hacked").exists()
    with pytest.raises(InputError):
        load_corrections(tmp_path)


def test_an_alias_that_only_repeats_is_read(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text("a: &x {b: c}\nd: *x\n", encoding="utf-8")
    assert read_yaml(path) == {"a": {"b": "c"}, "d": {"b": "c"}}


def test_a_large_yaml_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.yml"
    with path.open("wb") as handle:
        handle.truncate(4_000_001)
    with pytest.raises(InputError, match="larger than"):
        read_yaml(path)


@pytest.mark.parametrize(
    ("problem", "cells"),
    [
        ("formula", ["=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd()"]),
        ("cannot be seen", ["\u202e131", "\u200f131", "a\x1b[2Jb", "a\x07"]),
    ],
)
def test_cells(tmp_path, cells, problem):
    path = tmp_path / "a.csv"
    for cell in cells:
        path.write_text(f'a,b\n1,"{cell}"\n', encoding="utf-8")
        with pytest.raises(InputError, match=rf'a\.csv, row 2, column "b".*{problem}') as error:
            list(read_rows(path, "a.csv"))
        assert str(error.value).isprintable()


def test_numbers_below_zero_and_dashes_are_no_formulas(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,formula\n-5.2,-a\n-,a\n-9 procent,b\n", encoding="utf-8")
    _, *rows = read_rows(path, "a.csv")
    assert [cells for _, cells in rows] == [["-5.2", "-a"], ["-", "a"], ["-9 procent", "b"]]


@pytest.mark.parametrize("column", ["age", "breakdown"])
@pytest.mark.parametrize("value", ["x} onclick=alert(1)", "a|b", "<b>", "a b", "../x"])
def test_codes_that_become_anchors(tmp_path, column, value):
    root = write_raw(tmp_path, raw_row(**{column: value}))
    (record,) = load_records(root / "data" / "raw")
    with pytest.raises(InputError, match=rf'column "{column}".*is no code'):
        read_transcription(record, root)


@pytest.mark.parametrize("unseen", ["\u202e", "\u200f", "\u2067", "\u0007"])
@pytest.mark.parametrize("field", ["title", "publisher"])
def test_what_no_page_prints_is_refused_at_its_record(tmp_path, field, unseen):
    """A title with a character that turns the line would stop the build at its last step."""
    for path in PROJECT.glob("data/raw/csg/contacts.*"):
        shutil.copy(path, tmp_path)
    record = tmp_path / "contacts.source.yml"
    assert read_record(record)
    escaped = unseen.encode("unicode_escape").decode()
    lines = [
        f'    {field}: "a{escaped}b"' if x.startswith(f"    {field}: ") else x
        for x in record.read_text("utf-8").split("\n")
    ]
    record.write_text("\n".join(lines), "utf-8")
    with pytest.raises(
        InputError, match=rf'contacts.source.yml, column "documents.+{field}".*cannot be seen'
    ):
        read_record(record)


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "a/../../b.csv", ".."])
def test_a_record_reaches_no_file_outside_its_folder(tmp_path, name):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "secret.csv").write_text("a\n", encoding="utf-8")
    root = write_raw(tmp_path, raw_row(), record={"file": name})
    with pytest.raises(InputError, match=r"outside its own folder|is missing"):
        load_records(root / "data" / "raw")


def test_a_link_to_another_place_is_no_raw_file(tmp_path):
    root = write_raw(tmp_path, raw_row())
    path = root / "data" / "raw" / "police" / "reports.csv"
    path.rename(tmp_path / "elsewhere.csv")
    path.symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputError, match="is a link"):
        load_records(root / "data" / "raw")


ADDRESSES = ["javascript:alert(1)", "https://a.nl/x) [y](javascript:alert(1)", 'https://a.nl/"onclick="x']
DOCUMENT = {"publisher": "Politie", "title": "Nieuws", "language": "nl", "date_basis": "printed"}
DOCUMENT |= {"seen": "2026-11-23", "read_in": "a copy"}


@pytest.mark.parametrize("url", [*ADDRESSES, "https://a.nl/\nb", "https://a.nl/<b>"])
def test_an_address_of_a_document_is_an_address(tmp_path, url):
    root = write_raw(tmp_path, raw_row(), record={"documents": {"doc": DOCUMENT | {"url": url}}})
    with pytest.raises(InputError, match="url"):
        load_records(root / "data" / "raw")


def bomb(name: str, megabytes: int) -> bytes:
    """Return a zip whose one part is so many megabytes of the same byte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, b" " * megabytes * MEGABYTE)
    return out.getvalue()


@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_a_packed_document_that_unpacks_without_end(tmp_path, form):
    path = tmp_path / f"a.{form}"
    path.write_bytes(bomb("word/document.xml", 300))
    assert path.stat().st_size < MEGABYTE
    with pytest.raises(InputError, match="unpacks to"):
        read_document(path)


def test_a_flood_of_converted_text_is_cut(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_text("x", encoding="utf-8")
    flood = [sys.executable, "-c", "import sys; [sys.stdout.write('x' * 2**20) for _ in range(30)]"]
    monkeypatch.setattr(plain_text.pandoc, "command", lambda *_, **__: flood)
    with pytest.raises(InputError, match="far more text"):
        read_document(path, limit=1)


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("reference", ["&i;", "&file;"])
def test_entities_in_a_docx(tmp_path, reference):
    path = tmp_path / "a.docx"
    pypandoc.convert_text("Er waren er 131.", "docx", "markdown", outputfile=str(path))
    spoiled = tmp_path / "b.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(spoiled, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "word/document.xml":
                text = data.decode("utf-8").replace("Er waren er 131.", f"Er waren er 131. {reference}")
                data = (ENTITIES + text[text.index("?>") + 2 :]).encode()
            new.writestr(part, data)
    try:
        text = read_document(spoiled).text
    except InputError:
        return
    assert "root:" not in text
    assert len(text) < 10_000


def test_a_zip_as_a_table_is_refused(tmp_path):
    path = tmp_path / "47022NED.csv"
    path.write_bytes(bomb("a.csv", 50))
    with pytest.raises(InputError):
        read_table(path)


READERS = (
    "from osw_stats.yamlfile import read_yaml; read_yaml(path)",
    "from osw_stats.data.register import read_record; read_record(path)",
)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is that of Linux")
@pytest.mark.parametrize("code", READERS)
def test_a_bomb_of_aliases_needs_no_memory(tmp_path, code):
    """A process that may hold 1.5 GB in all refuses it; carried out it would hold a hundred million values."""
    path = tmp_path / "a.source.yml"
    path.write_text(LAUGHS, encoding="utf-8")
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000,) * 2); from pathlib import Path\n"
        f"path = Path(sys.argv[1])\ntry:\n    {code}\nexcept Exception as error: print(type(error).__name__)"
    )
    command, env = [sys.executable, "-c", script, str(path)], os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "InputError"


def test_a_message_cannot_steer_a_terminal_or_fill_it():
    place = {"file": "a\n.csv", "column": "b\r", "value": "\u202e" + "x" * 10_000}
    error = InputError("is wrong\x1b[2J", "Mend it.", **place)
    assert str(error).isprintable()
    assert len(str(error)) < 500

"""Input that is made to hurt: it is refused with a place, in bounded time, and runs nothing."""

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pypandoc
import pytest

from osw_stats.data import plain_text
from osw_stats.data.clean import load_corrections
from osw_stats.data.plain_text import MEGABYTE, read_document
from osw_stats.data.register import load_records
from osw_stats.data.rows import read_table as read_rows
from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml
from tests.conftest import raw_row, write_raw

CASES = read_yaml(Path(__file__).with_name("hostile.yml"))
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture(autouse=True)
def _in_bounded_time():
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 300  # what is not bounded takes hours


HUGE = [
    (LAUGHS, "too many values"),
    ("[" * 5000, "nested too deeply"),
    ("- " * 50_000, "nested too deeply"),
    ("{a: " * 500_000, "nested too deeply"),
    ("a: " + "9" * 5000, "cannot be read as YAML"),
]


@pytest.mark.parametrize(("text", "problem"), [*CASES["yaml"], *HUGE])
def test_yaml(tmp_path, monkeypatch, text, problem):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "corrections.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"corrections\.yml.*{problem}"):
        read_yaml(path)
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


@pytest.mark.parametrize(("cell", "problem"), CASES["cells"])
def test_cells(tmp_path, cell, problem):
    path = tmp_path / "a.csv"
    path.write_text(f'a,b\n1,"{cell}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=rf'a\.csv, row 2, column "b".*{problem}') as error:
        list(read_rows(path, "a.csv"))
    assert str(error.value).isprintable()


def test_numbers_below_zero_and_dashes_are_no_formulas(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,formula\n-5.2,-a\n-,a\n-9 procent,b\n", encoding="utf-8")
    _, *rows = read_rows(path, "a.csv")
    assert [cells for _, cells in rows] == [["-5.2", "-a"], ["-", "a"], ["-9 procent", "b"]]


DOCUMENT = {"publisher": "Politie", "title": "Nieuws", "language": "nl", "date_basis": "printed"}
DOCUMENT |= {"seen": "2026-11-23", "read_in": "a copy"}


@pytest.mark.parametrize(("field", "value"), CASES["records"])
def test_what_no_page_prints_is_refused_at_its_record(tmp_path, field, value):
    """A title with a character that turns the line would stop the build at its last step."""
    root = write_raw(tmp_path, raw_row(), record={"documents": {"doc": DOCUMENT | {field: value}}})
    unseen = "" if field == "url" else "cannot be seen"
    with pytest.raises(InputError, match=rf'reports.source.yml, column "documents.doc.{field}".*{unseen}'):
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

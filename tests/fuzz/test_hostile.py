"""Input that is made to hurt: it is refused with a place, in bounded time, and runs nothing."""

import os
import subprocess
import sys
import time
import zipfile
from itertools import pairwise

import pypandoc
import pytest
import yaml

from osw_stats.data import plain_text
from osw_stats.data.clean import load_corrections
from osw_stats.data.plain_text import MEGABYTE, read_document
from osw_stats.data.register import load_records
from osw_stats.data.rows import read_table as read_rows
from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml
from tests.cases import beside, table
from tests.conftest import raw_row, write_raw
from tests.data.test_sheets import pack

HOSTILE = beside(__file__)
NEXT = list(pairwise("abcdefghi"))  # each of ten of the one before
LAUGHS = "\n".join([f"a: &a {[1] * 10}", *(f"{b}: &{b} [{', '.join(['*' + a] * 10)}]" for a, b in NEXT)])
LAUGHING = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in NEXT)
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "ha">{LAUGHING}<!ENTITY file SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True)
def _in_bounded_time():
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 300  # what is not bounded takes hours


@table(__file__, "yaml", "text times problem")
def test_yaml(tmp_path, monkeypatch, text, times, problem):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corrections.yml").write_text(text * times, encoding="utf-8")
    with pytest.raises(InputError, match=rf"corrections\.yml.*{problem}"):
        load_corrections(tmp_path)
    assert not (tmp_path / "hacked").exists()


def test_an_alias_that_only_repeats_is_read_and_a_large_file_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text("a: &x {b: c}\nd: *x\n", encoding="utf-8")
    assert read_yaml(path) == {"a": {"b": "c"}, "d": {"b": "c"}}
    os.truncate(path, 4_000_001)
    with pytest.raises(InputError, match="larger than"):
        read_yaml(path)


@table(__file__, "cells", "column cell problem")
def test_cells(tmp_path, column, cell, problem):
    path = tmp_path / "a.csv"
    path.write_text(f'a,{column}\n1,"{cell}"\n', encoding="utf-8")
    if not problem:
        assert [cells for _, cells in read_rows(path, "a.csv")] == [["a", column], ["1", cell]]
        return
    with pytest.raises(InputError, match=rf'a\.csv, row 2, column "{column}".*{problem}') as error:
        list(read_rows(path, "a.csv"))
    assert str(error.value).isprintable()


@table(__file__, "records", "field value")
def test_what_no_page_prints_is_refused_at_its_record(tmp_path, field, value):
    """A title with a character that turns the line would stop the build at its last step."""
    root = write_raw(tmp_path, raw_row())
    path = root / "data/raw/police/reports.source.yml"
    record = yaml.safe_load(path.read_text("utf-8"))
    record["documents"]["doc"][field] = value
    path.write_text(yaml.safe_dump(record), encoding="utf-8")
    unseen = "" if field == "url" else "invisible"
    with pytest.raises(InputError, match=rf'reports.source.yml, column "documents.doc.{field}".*{unseen}'):
        load_records(root / "data" / "raw")


@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_a_packed_document_that_unpacks_without_end(tmp_path, form):
    path = tmp_path / f"a.{form}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 300 * MEGABYTE)
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


@pytest.mark.parametrize("reference", ["&i;", "&file;"])
def test_entities_in_a_docx(tmp_path, reference):
    def spoil(parts):
        text = parts[name].decode().replace("waren er 131.", f"waren er 131. {reference}")
        return {name: text.replace("?>", f"?>{ENTITIES}", 1)}

    path, name = tmp_path / "a.docx", "word/document.xml"
    pypandoc.convert_text("Er waren er 131.", "docx", "markdown", outputfile=str(path))
    pack(path, spoil)
    try:
        text = read_document(path).text
    except InputError:
        return
    assert "root:" not in text and len(text) < 10_000


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is that of Linux")
@pytest.mark.parametrize("reader", ["yamlfile.read_yaml", "data.register.read_record"])
def test_a_bomb_of_aliases_needs_no_memory(tmp_path, reader):
    """A process that may hold 1.5 GB in all refuses it; carried out it would hold a hundred million values."""
    path = tmp_path / "a.source.yml"
    path.write_text(LAUGHS, encoding="utf-8")
    module, _, name = reader.rpartition(".")
    script = HOSTILE["in_little_memory"].format(module=module, name=name)
    command, env = [sys.executable, "-c", script, str(path)], os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.check_output(command, text=True, env=env)
    assert said.startswith("InputError") and "too many values" in said

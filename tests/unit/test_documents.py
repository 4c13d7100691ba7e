"""Any usual document becomes text, or a clear error says what to do."""

import subprocess
import sys

import pypandoc
import pytest

from osw_stats.errors import InputError
from osw_stats.sources.documents import MEGABYTE, read_document
from osw_stats.sources.rows import read_columns

TEXT = "Één op de tien vrouwen – zo’n 760.000 – zegt ja.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_encoding_with_a_mark_gives_the_same_text(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_document(path).text == TEXT


def test_windows_1252_is_read_with_a_note(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"Eerst.\n" + TEXT.encode("cp1252"))
    document = read_document(path)
    assert document.text == "Eerst.\n" + TEXT
    assert "line 2" in document.note
    assert "Windows-1252" in document.note
    assert read_document(path.with_name("a.txt")).note == document.note


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x00\x01\x02", "no text"),
        (b"\x7fELF" + bytes(range(256)), "no text"),
        ("ja".encode("utf-16-le") * 9, "no text"),
        (b"\xff\xfea", "broken at byte"),
        (b"\x01\x02\x03\x04 a", "no text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, data, problem):
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with pytest.raises(InputError, match=problem) as error:
        read_document(path)
    assert str(path) in str(error.value)


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as handle:
        handle.truncate(20 * MEGABYTE + 1)
    with pytest.raises(InputError, match="--limit"):
        read_document(path)
    path.write_text("12", encoding="utf-8")
    assert read_document(path, limit=0.001).text == "12"


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is no file"):
        read_document(tmp_path)


def test_an_empty_file_is_an_empty_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    assert read_document(path).text == ""


@pytest.mark.parametrize("form", ["docx", "odt", "html", "rtf", "epub"])
def test_pandoc_reads_other_formats(tmp_path, form):
    path = tmp_path / f"a.{form}"
    pypandoc.convert_text(
        "In 2024 waren het er **131**.", form, "markdown", outputfile=str(path), extra_args=["-s"]
    )
    document = read_document(path)
    assert "In 2024 waren het er 131." in document.text
    assert "Pandoc" in document.note


def test_a_broken_document_is_no_crash(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(InputError, match="cannot be read by pandoc"):
        read_document(path)


def test_a_document_cannot_reach_another_file(tmp_path):
    (tmp_path / "secret.txt").write_text("131", encoding="utf-8")
    path = tmp_path / "a.html"
    path.write_text('<p>12</p><iframe src="secret.txt"></iframe><img src="secret.txt">', encoding="utf-8")
    assert "131" not in read_document(path).text


def test_a_pdf_without_a_converter_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InputError, match="poppler-utils"):
        read_document(path)


def test_a_pdf_goes_through_the_converter_on_the_path(tmp_path, monkeypatch):
    # a stand-in: it prints what pdftotext would print
    tool = tmp_path / "pdftotext"
    tool.write_text(f"#!{sys.executable}\nprint('In 2024 waren het er 131.')\n", encoding="utf-8")
    tool.chmod(0o755)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    monkeypatch.setattr("shutil.which", lambda name: str(tool))
    assert read_document(path).text == "In 2024 waren het er 131.\n"


def test_a_converter_that_hangs_is_ended(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_text("12", encoding="utf-8")

    def hang(*args, **options):
        raise subprocess.TimeoutExpired("pandoc", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(InputError, match="more than"):
        read_document(path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,text\n1,a\n", "misses a column"),
        ("id,paragraph,text\n1,a\n", "cells instead of 3"),
        ('id,paragraph,text\n1,a,"b\n', "cannot be read as CSV"),
        ("", "misses a column"),
    ],
)
def test_a_ledger_that_cannot_be_used_is_named(tmp_path, text, problem):
    path = tmp_path / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        read_columns(path, str(path), ("id", "paragraph", "text"))


def test_more_columns_are_welcome(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text("note,text,id,paragraph\nx, 131 ,a,4.1\n", encoding="utf-8")
    assert read_columns(path, "l", ("id", "paragraph", "text")) == [
        {"note": "x", "text": "131", "id": "a", "paragraph": "4.1", "row": "2"}
    ]

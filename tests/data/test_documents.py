"""Any usual document becomes text, or a clear error says what to do."""

import subprocess
import sys
from unittest.mock import Mock

import pypandoc
import pytest

from osw_stats.data.plain_text import MEGABYTE, read_document
from osw_stats.data.rows import read_columns
from osw_stats.errors import InputError
from tests.cases import beside

CASES = beside(__file__, "rows.yml")
TEXT = "Eerst.\nÉén op de tien vrouwen – zo’n 760.000 – zegt ja.\n"


def refused(path, problem):
    with pytest.raises(InputError, match=problem) as error:
        read_document(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("text", [TEXT, ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_every_encoding_gives_the_same_text_and_one_without_a_mark_a_note(tmp_path, encoding, text):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    document = read_document(path)
    assert document.text == text
    noted = ["line 2" in document.note, "Windows-1252" in document.note]
    assert noted == [encoding == "cp1252" and text != ""] * 2


@pytest.mark.parametrize(("name", "data", "problem"), CASES["no_text"])
def test_what_cannot_be_read_is_refused(tmp_path, name, data, problem):
    path = tmp_path / name
    path.write_bytes(data.encode("latin-1"))
    refused(path, problem)


def test_a_missing_file_a_folder_and_one_above_the_limit_are_named(tmp_path):
    refused(tmp_path / "none.txt", "does not exist")
    refused(tmp_path, "is not a file")
    path = tmp_path / "a.txt"
    with path.open("wb") as handle:
        handle.truncate(20 * MEGABYTE + 1)
    refused(path, "--limit")
    path.write_text("12", encoding="utf-8")
    assert read_document(path, limit=0.001).text == "12"


@pytest.mark.parametrize("form", ["docx", "odt", "html", "rtf", "epub"])
def test_pandoc_reads_other_formats(tmp_path, form):
    path, text = tmp_path / f"a.{form}", "In 2024 waren het er **131**."
    pypandoc.convert_text(text, form, "markdown", outputfile=str(path), extra_args=["-s"])
    document = read_document(path)
    assert "In 2024 waren het er 131." in document.text and "Pandoc" in document.note


def test_a_document_cannot_reach_another_file(tmp_path):
    (tmp_path / "secret.txt").write_text("131", encoding="utf-8")
    path = tmp_path / "a.html"
    path.write_text('<p>12</p><iframe src="secret.txt"></iframe><img src="secret.txt">', encoding="utf-8")
    assert "131" not in read_document(path).text


@pytest.mark.parametrize(("printed", "told", "problem"), CASES["pdf"])
def test_a_pdf_is_converted_and_its_pictures_counted(tmp_path, monkeypatch, printed, told, problem):
    path, converter = tmp_path / "a.pdf", tmp_path / "pdftotext"  # a stand-in that prints what that would
    path.write_bytes(b"%PDF-1.4\n")
    converter.write_text(f"#!{sys.executable}\nimport sys\nsys.stdout.write({printed!r})\n", encoding="utf-8")
    converter.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: printed and str(converter))
    if problem:
        refused(path, problem)
        return
    document = read_document(path)
    assert document.text == printed
    assert document.note == f"the text is what pdftotext made of the PDF{told}"


def test_a_converter_that_hangs_is_ended(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_text("12", encoding="utf-8")
    monkeypatch.setattr(subprocess, "run", Mock(side_effect=subprocess.TimeoutExpired("pandoc", 1)))
    refused(path, "could not be converted")


@pytest.mark.parametrize(("text", "read"), CASES["columns"])
def test_a_ledger_is_read_by_its_headings_or_named(tmp_path, text, read):
    path = tmp_path / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    if isinstance(read, list):
        assert read_columns(path, "l", ("id", "paragraph", "text")) == read
        return
    with pytest.raises(InputError, match=read):
        read_columns(path, str(path), ("id", "paragraph", "text"))

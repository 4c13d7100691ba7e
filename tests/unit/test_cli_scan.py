"""`osw claims scan` from the outside."""

import csv
import io
import json

import pytest

from osw_stats.cli import main
from osw_stats.sources.ledger import HEADER

TEXT = (
    "4.1  In 2024 kwamen 14.802 meldingen binnen, ruim 5 procent meer.\n\n4.2  Artikel 8 EVRM, 63 gevallen.\n"
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "t.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "ledger.csv").write_text(
        "id,paragraph,text\ns4_1a,4.1,14.802 meldingen\ns4_1x,4.1,nergens\n", encoding="utf-8"
    )
    (tmp_path / "no.csv").write_text(
        "line,paragraph,text,kind,reason\n1,4.1,2024,year,a year\n", encoding="utf-8"
    )
    return tmp_path


def run(capsys, *arguments):
    status = main(["claims", "scan", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_json_holds_the_places_and_figures(files, capsys):
    status, out, _ = run(capsys, files / "t.txt", "--ledger", files / "ledger.csv", "--format", "json")
    rows = json.loads(out)
    assert status == 0
    for row in rows:
        assert TEXT[row["start"] : row["end"]] == row["text"]
    wanted = {"line", "start", "end", "text", "is_claim", "kind", "value", "rule", "lower", "upper", "unit"}
    assert wanted <= set(rows[0])
    assert [(r["kind"], r["text"], r["paragraph"]) for r in rows] == [
        ("list", "4.1", "4.1"), ("year", "2024", "4.1"), ("count", "14.802", "4.1"), ("percent", "ruim 5 procent", "4.1"),
        ("list", "4.2", "4.2"), ("article", "Artikel 8 EVRM", "4.2"), ("count", "63", "4.2"),
    ]  # fmt: skip
    assert [r["ledger"] for r in rows if r["ledger"]] == [["s4_1a"]]
    assert (rows[3]["value"], rows[3]["rule"], rows[3]["unit"]) == (5, "ruim", "percent")


def test_rows_that_are_not_in_the_text_are_a_finding(files, capsys):
    status, _, err = run(capsys, files / "t.txt", "--ledger", files / "ledger.csv")
    assert status == 0
    assert "s4_1x: its words are not in the text" in err


def test_the_table_ends_with_a_count(files, capsys):
    _, out, _ = run(
        capsys, files / "t.txt", "--ledger", files / "ledger.csv", "--non-claims", files / "no.csv"
    )
    assert out.splitlines()[-1] == (
        "7 numeric statements: 3 claims (1 in a ledger, 2 not), 4 others; 1 listed as no claim"
    )


def test_proposals_are_ledger_rows(files, capsys):
    _, out, _ = run(capsys, files / "t.txt", "--ledger", files / "ledger.csv", "--propose")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == HEADER
    assert [(r["id"], r["text"], r["as_reported"], r["unit"], r["claim_kind"]) for r in rows] == [
        ("s4_1b", "ruim 5 procent", "ruim 5 procent", "percent", "value"), ("s4_2a", "63", "63", "gevallen", "value"),
    ]  # fmt: skip


def test_csv_has_one_row_a_statement(files, capsys):
    _, out, _ = run(capsys, files / "t.txt", "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(out)))) == 7


def test_nothing_is_printed_when_the_file_cannot_be_read(files, capsys):
    (files / "b.txt").write_bytes(b"12 \x00\x00")
    for name in ("b.txt", "none.txt"):
        status, out, err = run(capsys, files / name, "--format", "json")
        assert (status, out) == (1, "")
        assert err.startswith("osw: ")


def test_an_empty_text_gives_an_empty_list(files, capsys):
    (files / "e.txt").write_text("", encoding="utf-8")
    assert json.loads(run(capsys, files / "e.txt", "--format", "json")[1]) == []


def test_a_text_in_another_encoding_gives_the_same(files, capsys):
    (files / "u.txt").write_bytes(TEXT.encode("utf-16"))
    one = json.loads(run(capsys, files / "t.txt", "--format", "json")[1])
    _, out, err = run(capsys, files / "u.txt", "--format", "json")
    assert json.loads(out) == one
    assert "UTF-16" in err


def test_the_language_can_be_told(files, capsys):
    (files / "n.txt").write_text("1,234; 1.234", encoding="utf-8")
    values = [
        r["value"]
        for r in json.loads(run(capsys, files / "n.txt", "--language", "en", "--format", "json")[1])
    ]
    assert values == [1234, 1.234]

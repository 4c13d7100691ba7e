"""`osw claims scan` from the outside."""

import csv
import io
import json

import pytest

from osw_stats.cli import main
from osw_stats.data.ledger import HEADER

TEXT = (
    "4.1  In 2024 kwamen 14.802 meldingen binnen, ruim 5 procent meer.\n\n4.2  Artikel 8 EVRM, 63 gevallen.\n"
)
LEDGER = "id,paragraph,text\ns4_1a,4.1,14.802 meldingen\ns4_1x,4.1,nergens\n"
NO_CLAIMS = "line,paragraph,text,kind,reason\n1,4.1,2024,year,a year\n"


@pytest.fixture
def scan(tmp_path, monkeypatch, capsys):
    """Return what scans a file of a folder that holds a text, a ledger and a list of what is no claim."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"t.txt": TEXT, "ledger.csv": LEDGER, "no.csv": NO_CLAIMS, "empty.txt": ""}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(line):
        return main(["claims", "scan", *line.split()]), *capsys.readouterr()

    return run


def test_json_holds_the_places_and_figures_and_rows_that_are_not_in_the_text_are_named(scan):
    status, out, err = scan("t.txt --ledger ledger.csv --format json")
    rows = json.loads(out)
    assert status == 0
    assert all(TEXT[row["start"] : row["end"]] == row["text"] for row in rows)
    wanted = {"line", "start", "end", "text", "is_claim", "kind", "value", "rule", "lower", "upper", "unit"}
    assert wanted <= set(rows[0])
    assert [(r["kind"], r["text"], r["paragraph"]) for r in rows] == [
        ("list", "4.1", "4.1"),
        ("year", "2024", "4.1"),
        ("count", "14.802", "4.1"),
        ("percent", "ruim 5 procent", "4.1"),
        ("list", "4.2", "4.2"),
        ("article", "Artikel 8 EVRM", "4.2"),
        ("count", "63", "4.2"),
    ]
    assert [r["ledger"] for r in rows if r["ledger"]] == [["s4_1a"]]
    assert (rows[3]["value"], rows[3]["rule"], rows[3]["unit"]) == (5, "ruim", "percent")
    assert "s4_1x: its words are not in the text" in err


def test_the_table_ends_with_a_count(scan):
    last = scan("t.txt --ledger ledger.csv --non-claims no.csv")[1].splitlines()[-1]
    assert last == "7 numeric statements: 3 claims (1 in a ledger, 2 not), 4 others; 1 listed as no claim"


def test_proposals_are_ledger_rows(scan):
    rows = list(csv.DictReader(io.StringIO(scan("t.txt --ledger ledger.csv --propose")[1])))
    assert list(rows[0]) == HEADER
    assert [(r["id"], r["text"], r["as_reported"], r["unit"], r["claim_kind"]) for r in rows] == [
        ("s4_1b", "ruim 5 procent", "ruim 5 procent", "percent", "value"),
        ("s4_2a", "63", "63", "gevallen", "value"),
    ]


def test_csv_has_one_row_a_statement_and_an_empty_text_an_empty_list(scan):
    assert len(list(csv.DictReader(io.StringIO(scan("t.txt --format csv")[1])))) == 7
    assert json.loads(scan("empty.txt --format json")[1]) == []


def test_nothing_is_printed_when_the_file_cannot_be_read(scan, tmp_path):
    (tmp_path / "b.txt").write_bytes(b"12 \x00\x00")
    for name in ("b.txt", "none.txt"):
        status, out, err = scan(f"{name} --format json")
        assert (status, out, err[:5]) == (1, "", "osw: ")


def test_encoding_and_language(scan, tmp_path):
    (tmp_path / "u.txt").write_bytes(TEXT.encode("utf-16"))
    _, out, err = scan("u.txt --format json")
    assert out == scan("t.txt --format json")[1]
    assert "UTF-16" in err
    (tmp_path / "n.txt").write_text("1,234; 1.234", encoding="utf-8")
    assert [r["value"] for r in json.loads(scan("n.txt --language en --format json")[1])] == [1234, 1.234]

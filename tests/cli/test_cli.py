"""The command line: help, mistakes in one message, and the output of what is no build."""

import csv
import io
import json
import re
import shlex
import subprocess
import sys

import pytest

from osw_stats.cli import COMMANDS, main, parser
from osw_stats.cli import claims as cli_claims
from osw_stats.cli.pages import text_of
from osw_stats.data.ledger import HEADER
from osw_stats.errors import InputError
from osw_stats.project import find_root
from osw_stats.publish.contents import Item, Page
from osw_stats.results.collected import Results
from tests.cases import beside, table
from tests.conftest import PROJECT, edit

CASES = beside(__file__)
TEXT = CASES["files"]["t.txt"]


@pytest.fixture
def osw(capsys, monkeypatch):
    """Return what carries a command out, in the project or another folder, and returns its status, output and errors."""

    def run(line, *more, where=PROJECT):
        monkeypatch.chdir(where)
        return main([*line.split(), *map(str, more)]), *capsys.readouterr()

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_are_understood(capsys, command):
    with pytest.raises(SystemExit, match=r"^0$"):
        main([*command.removeprefix("osw").split(), "--help"])
    assert "examples:\n  osw" in capsys.readouterr().out
    # without what it is for, and where it writes
    for example in re.findall(r"(?m)^ *(osw .*?)(?:   .*| >.*|)$", COMMANDS[command]["examples"]):
        assert parser().parse_args(shlex.split(example)[1:]).command, example


@table(__file__, "mistakes", "line message")
def test_mistakes_are_told_in_one_message(line, message, osw):
    status, _, err = osw(line)
    assert status == 1 and message in err
    assert err.count("\n") == 1


def test_a_folder_that_is_no_project_is_told(tmp_path):
    with pytest.raises(InputError, match="not inside an osw_stats project"):
        find_root(tmp_path)


def test_claims_as_json_has_the_promised_fields(osw):
    status, out, _ = osw("claims --format json")
    assert status == 0 and all(set(CASES["promised"]) <= set(row) for row in json.loads(out))


def test_a_verdict_that_changes_fails_by_itself_and_is_recorded_after_a_changed_input(project, osw):
    recorded = project / "editions/2024.verdicts.csv"
    edit(recorded, "s4_1c,reproduced", "s4_1c,inconsistent")
    status, _, err = osw("claims", where=project)
    assert status == 1
    assert "claim s4_1c: the verdict is now reproduced, recorded is inconsistent: no input" in err
    edit(recorded, "s4_1c,inconsistent", "s4_1c,reproduced")
    edit(project / "data/raw/rapport2025/claims.csv", "bijna 800,", "bijna 700,")
    status, _, err = osw("claims", where=project)
    assert status == 0
    assert "the verdict is now inconsistent, recorded is reproduced: an input changed" in err
    assert osw("claims --record", where=project)[0] == 0
    status, _, err = osw("claims", where=project)
    assert (status, err) == (0, "")


def test_another_ledger_is_evaluated_on_our_figures(tmp_path, osw):
    path = tmp_path / "mine.csv"
    path.write_text(CASES["other"])
    status, out, err = osw("claims --format json --ledger", path)
    verdicts = [(c["id"], c["verdict"]) for c in json.loads(out)]
    expected = ["reproduced", "consistent_within_rounding", "needs_external_source"]
    assert (status, verdicts) == (1, [*zip(("more", "half", "literal"), expected, strict=True)])
    assert "not used: colour" in err and "refused: literal" in err


@table(__file__, "ledgers", "text message")
def test_a_ledger_that_cannot_be_read_says_where(tmp_path, osw, text, message):
    (tmp_path / "mine.csv").write_text(text)
    status, out, err = osw("claims --ledger", tmp_path / "mine.csv")
    assert status == 1 and re.search(message, err)
    rows = [line for line in text.splitlines()[1:] if ",1,2" in line]
    assert (out == "") == (len(rows) < 2)  # rows that can be read get their verdicts


def test_a_scan_checks_and_fails_on_what_does_not_fit(scan, tmp_path):
    wrong = "In 2024 waren er 120 zaken, waarvan 80 online en 50 offline.\n"
    (tmp_path / "w.txt").write_text(wrong, encoding="utf-8")
    status, out, _ = scan("w.txt --check --format json")
    (row,) = json.loads(out)
    assert (status, row["relation"], row["verdict"], row["line"]) == (0, "sum", "inconsistent", 1)
    assert (row["reported"], row["recomputed"]) == (120, 130)
    assert wrong[row["start"] : row["end"]] == row["text"] == "120 zaken, waarvan 80 online en 50"
    assert scan("w.txt --check --fail-on inconsistent")[0] == 1
    assert scan("t.txt --check --fail-on inconsistent")[0] == 0
    assert scan("w.txt --check --format github")[1].startswith("::warning file=")
    page = scan("w.txt --check --format html")[1]
    assert '<html lang="nl">' in page and page.count("<mark") == 3
    assert "80 + 50 = 130" in page
    (tmp_path / "l.csv").write_text("id,paragraph,text\na,,50 offline\nb,,2024\n", encoding="utf-8")
    rows = scan("w.txt --check --format csv --ledger l.csv")[1]
    assert rows == "id,relation,verdict\na,sum,inconsistent\n"
    for how in ("--check", "--against 2024"):
        assert "Name one with --ledger" in scan(f"w.txt {how} --format csv")[2]


def test_a_page_to_read_names_a_drawing_that_stands_alone():
    tile = Item("picture", "tile", {"alt": 'As "told"'}, {"image/svg+xml": "<svg/>"})
    shown = text_of(Page("trend", "nl", ("Words.", tile), Results()))
    assert shown == 'Words.\n\n![](figures/tile.svg){.picture fig-alt="As ”told”"}\n'


def test_reading_prints_json_leaves_the_folder_alone_and_ends_with_2_where_a_file_is_bad(tmp_path, osw):
    path, bad = tmp_path / "t.csv", tmp_path / "bad.csv"
    path.write_text(CASES["read"])
    line = [sys.executable, "-m", "osw_stats", "read", str(path), "--format", "json"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (json.loads(done.stdout)[0], list(tmp_path.iterdir())) == (CASES["row"], [path])
    bad.write_text("not;a\ntable;here\n")
    status, out, err = osw("read --format json", bad)
    assert (status, out) == (2, "") and err.splitlines()[-1].startswith(f"osw: {bad}, row 1")
    assert osw("read", tmp_path / "absent.csv")[0] == 2


def test_check_prints_a_table_and_rows_on_request(osw):
    rules = {row["rule"]: row["result"] for row in json.loads(osw("check --format json")[1])}
    assert set(rules.values()) <= {"PASS", "WARNING"}
    status, out, _ = osw("check --rows no_year_is_missing")
    assert (status, out.splitlines()[0]) == (0, "obs_id,time_period,obs_value,source_id,file,row")


@pytest.fixture
def scan(tmp_path, osw):
    """Return what scans a file of a folder that holds a text, a ledger and a list of what is no claim."""
    for name, text in CASES["files"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return lambda line: osw(f"claims scan {line}", where=tmp_path)


def test_a_scan_as_json_holds_places_and_figures_and_names_rows_that_are_not_in_the_text(scan):
    status, out, err = scan("t.txt --ledger ledger.csv --format json")
    rows = json.loads(out)
    assert status == 0 and all(TEXT[row["start"] : row["end"]] == row["text"] for row in rows)
    assert {"line", "is_claim", "lower", "upper"} <= set(rows[0])
    assert [[r["kind"], r["text"], r["paragraph"]] for r in rows] == CASES["scanned"]
    assert [r["ledger"] for r in rows if r["ledger"]] == [["s4_1a"]]
    assert (rows[3]["value"], rows[3]["rule"], rows[3]["unit"]) == (5, "ruim", "percent")
    assert "s4_1x: its words are not in the text" in err


def test_a_scan_ends_with_a_count_has_a_row_a_statement_as_csv_and_proposes_rows_of_a_ledger(scan):
    last = scan("t.txt --ledger ledger.csv --non-claims no.csv")[1].splitlines()[-1]
    assert last == "7 numeric statements: 3 claims (1 in a ledger, 2 not), 4 others; 1 listed as no claim"
    assert len(list(csv.DictReader(io.StringIO(scan("t.txt --format csv")[1])))) == 7
    assert json.loads(scan("empty.txt --format json")[1]) == []
    rows = list(csv.DictReader(io.StringIO(scan("t.txt --ledger ledger.csv --propose")[1])))
    assert list(rows[0]) == [*HEADER, "line", "start"]
    assert {r["claim_kind"] for r in rows} == {"value"}
    assert [[r["id"], r["text"], r["as_reported"], r["unit"]] for r in rows] == CASES["proposed"]


@pytest.mark.parametrize("words", ["ergens", "", "14.802 meldingen"])
def test_a_proposed_row_takes_no_name_that_a_ledger_has(scan, tmp_path, words):
    (tmp_path / "ledger.csv").write_text(f"id,paragraph,text\ns4_1a,4.1,{words}\ns4_2a,4.2,{words}\n")
    rows = csv.DictReader(io.StringIO(scan("t.txt --ledger ledger.csv --propose")[1]))
    assert not {"s4_1a", "s4_2a"} & {row["id"] for row in rows}


def test_a_scan_knows_encodings_and_languages_and_prints_nothing_of_what_cannot_be_read(scan, tmp_path):
    (tmp_path / "b.txt").write_bytes(b"12 \x00\x00")
    for name in ("b.txt", "none.txt"):
        status, out, err = scan(f"{name} --format json")
        assert (status, out, err[:5]) == (1, "", "osw: ")
    (tmp_path / "u.txt").write_bytes(TEXT.encode("utf-16"))
    _, out, err = scan("u.txt --format json")
    assert out == scan("t.txt --format json")[1] and "UTF-16" in err
    (tmp_path / "n.txt").write_text("1,234; 1.234", encoding="utf-8")
    assert [r["value"] for r in json.loads(scan("n.txt --language en --format json")[1])] == [1234, 1.234]


def test_the_limit_that_is_told_is_the_one_that_is_kept():
    said = f"first {cli_claims._AT_ONCE // 10**6} million characters"
    for name in ("docs/scan.md", "osw_stats/cli/commands.toml"):
        assert said in " ".join((PROJECT / name).read_text(encoding="utf-8").split()), name


@pytest.mark.parametrize("how", CASES["ways"])
@table(__file__, "long", "text times read")
def test_of_a_long_text_the_first_part_is_read_and_told(scan, tmp_path, monkeypatch, text, times, read, how):
    text *= times
    monkeypatch.setattr(cli_claims, "_AT_ONCE", 40)
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    status, _, err = scan(f"long.txt {how}")
    told = f"osw: long.txt: read to {read} of {len(text)} characters; --limit 20 reads all\n"
    assert (status, err) == (0, told)
    assert scan(f"long.txt {how} --limit 20")[2] == ""
    status, out, err = scan(f"long.txt {how} --limit 0.00001")
    assert (status, out, err.count("\n")) == (1, "", 1)

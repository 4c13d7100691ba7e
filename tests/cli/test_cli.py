"""The command line: help, mistakes in one message, and the output of what is no build."""

import json
import re
import subprocess
import sys

import pytest

from osw_stats.cli import COMMANDS, main
from osw_stats.errors import InputError
from osw_stats.project import find_root
from tests.conftest import PROJECT


@pytest.fixture
def osw(capsys, monkeypatch):
    """Return what carries a command out in the project and returns its status, output and errors."""
    monkeypatch.chdir(PROJECT)

    def run(*arguments):
        status = main([*map(str, arguments)])
        return status, *capsys.readouterr()

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(capsys, command):
    with pytest.raises(SystemExit) as ended:
        main([*command.removeprefix("osw").split(), "--help"])
    assert ended.value.code == 0
    assert "examples:\n  osw" in capsys.readouterr().out


def test_claims_as_json_has_the_promised_fields(osw):
    status, out, _ = osw("claims", "--format", "json")
    wanted = "id paragraph verdict reported_lower reported_upper recomputed_value recomputed_lower recomputed_upper"
    assert status == 0
    assert all({*wanted.split(), "issue_type", "severity"} <= set(row) for row in json.loads(out))


def test_a_verdict_that_changes_fails_by_itself_and_is_recorded_after_a_changed_input(
    project, osw, monkeypatch
):
    monkeypatch.chdir(project)
    recorded = project / "editions/2024.verdicts.csv"
    text = recorded.read_text()
    recorded.write_text(text.replace("s4_1c,reproduced", "s4_1c,inconsistent"))
    status, _, err = osw("claims")
    assert status == 1
    assert "claim s4_1c: the verdict is now reproduced, recorded is inconsistent: no input" in err
    recorded.write_text(text)
    ledger = project / "data/raw/rapport2025/claims.csv"
    ledger.write_text(ledger.read_text().replace("bijna 800,", "bijna 700,"))
    status, _, err = osw("claims")
    assert status == 0
    assert "the verdict is now inconsistent, recorded is reproduced: an input changed" in err
    assert osw("claims", "--record")[0] == 0
    status, _, err = osw("claims")
    assert (status, err) == (0, "")


def test_another_ledger_is_evaluated_on_our_figures(tmp_path, osw):
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,as_reported,reported_lower,reported_upper,formula,colour\n"
        "more,bijna 800,,,[police_reports/2024] - [police_reports/2023],red\n"
        "half,,5,6,100 * more / [police_reports/2023],\nliteral,8 sites,,,7 + 1,\n"
    )
    status, out, err = osw("claims", "--ledger", path, "--format", "json")
    verdicts = {c["id"]: c["verdict"] for c in json.loads(out)}
    expected = {
        "more": "reproduced",
        "half": "consistent_within_rounding",
        "literal": "needs_external_source",
    }
    assert (status, verdicts) == (1, expected)
    assert "not used: colour" in err
    assert "refused: literal" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,lower,upper,formula\na,2,1,\n", "lower limit is above"),
        ("id,lower,upper,formula\na,1,2,\na,1,2,\n", "row 3.*stands twice"),
        ("id,lower,upper,formula\na,1,2,b +\nb,1,2,\n", "row 2.*not arithmetic"),
        ("id,words\na,veel\n", "no claims ledger"),
        ("id,as_reported\na,geen getal hier\n", "row 2.*holds no figure"),
        ("id,lower,upper\na b,1,2\n", "is no id"),
    ],
)
def test_a_ledger_that_cannot_be_read_says_where(tmp_path, osw, text, message):
    (tmp_path / "mine.csv").write_text(text)
    status, out, err = osw("claims", "--ledger", tmp_path / "mine.csv")
    assert (status, out) == (1, "")
    assert re.search(message, err)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("build --edition 1999", "there is no such edition"),
        ("build --only cook", "unknown step"),
        ("build --renderer word", "unknown renderer"),
        ("build --engine fast", 'column "--engine", value "fast": unknown engine'),
        ("run prevalance", 'Did you mean "prevalence"'),
        ("run prevalence -p def 1.6", 'Did you mean "deff"'),
        ("run prevalence -p deff veel", "must be a number"),
        ("run prevalence -p deff 1.6 -p deff 1.2", "given twice"),
        ("claims --explain nope", "no such claim"),
        ("check --rows nothing", "no such rule"),
        ("new-edition 2031 --as-of soon", "is not a date"),
        ("fetch cbs", "nothing, or two things"),
    ],
)
def test_mistakes_are_told_in_one_message(line, message, osw):
    status, _, err = osw(*line.split())
    assert status == 1
    assert message in err
    assert err.count("\n") == 1


def test_a_folder_that_is_no_project_is_told(tmp_path):
    with pytest.raises(InputError, match="not inside an osw_stats project"):
        find_root(tmp_path)


def test_reading_a_bad_file_exits_with_2_and_one_last_line(tmp_path, osw):
    path = tmp_path / "bad.csv"
    path.write_text("not;a\ntable;here\n")
    status, out, err = osw("read", path, "--format", "json")
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"osw: {path}, row 1")
    assert osw("read", tmp_path / "absent.csv")[0] == 2


def test_reading_leaves_the_folder_alone_and_prints_json(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('"Perioden";"Regio\'s";"Misdrijven (aantal)"\n"2024 juli*";"Nederland";12\n')
    line = [sys.executable, "-m", "osw_stats", "read", str(path), "--format", "json"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True)
    row = json.loads(done.stdout)[0]
    assert row.pop("dims") == {"Regio's": "Nederland"}
    assert row == {
        **{"time_period": "2024-07", "measure": "Misdrijven (aantal)", "value": 12, "row": 2},
        **{"ci_lower": None, "ci_upper": None, "obs_status": "provisional"},
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv"]


def test_check_prints_a_table_and_rows_on_request(osw):
    rules = {row["rule"]: row["result"] for row in json.loads(osw("check", "--format", "json")[1])}
    assert set(rules.values()) <= {"PASS", "WARNING"}
    status, out, _ = osw("check", "--rows", "no_year_is_missing")
    assert (status, out.splitlines()[0]) == (0, "obs_id,time_period,obs_value,source_id,file,row")

import json
import re
import subprocess
import sys

import pytest

from osw_stats.cli import main
from tests.conftest import PROJECT


def osw(*arguments, cwd=PROJECT):
    return subprocess.run(
        [sys.executable, "-m", "osw_stats", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [(), ("build",), ("run",), ("claims",)])
def test_help_has_examples(command):
    done = osw(*command, "--help")
    assert done.returncode == 0
    assert "example" in done.stdout
    assert "osw" in done.stdout


def test_claims_as_json_has_the_promised_fields(capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(["claims", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    wanted = {
        "id", "paragraph", "verdict", "reported_lower", "reported_upper", "recomputed_value",
        "recomputed_lower", "recomputed_upper", "issue_type", "severity",
    }  # fmt: skip
    assert all(wanted <= set(row) for row in rows)


def test_a_verdict_that_changes_by_itself_gives_a_failing_status(project, capsys, monkeypatch):
    recorded = project / "editions/2024.verdicts.csv"
    recorded.write_text(recorded.read_text().replace("s4_1c,reproduced", "s4_1c,inconsistent"))
    monkeypatch.chdir(project)
    assert main(["claims"]) == 1
    assert (
        "claim s4_1c: the verdict is now reproduced, recorded is inconsistent: no input"
        in capsys.readouterr().err
    )


def test_a_verdict_that_follows_a_changed_input_is_told_and_can_be_recorded(project, capsys, monkeypatch):
    ledger = project / "data/raw/rapport2025/claims.csv"
    ledger.write_text(ledger.read_text().replace("bijna 800,", "bijna 700,"))
    monkeypatch.chdir(project)
    assert main(["claims"]) == 0
    assert (
        "the verdict is now inconsistent, recorded is reproduced: an input changed" in capsys.readouterr().err
    )
    assert main(["claims", "--record"]) == 0
    capsys.readouterr()
    assert main(["claims"]) == 0
    assert capsys.readouterr().err == ""


def test_another_ledger_is_evaluated_on_our_figures(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,as_reported,reported_lower,reported_upper,formula,colour\n"
        "more,bijna 800,,,[police_reports/2024] - [police_reports/2023],red\n"
        "half,,5,6,100 * more / [police_reports/2023],\nliteral,8 sites,,,7 + 1,\n"
    )
    assert main(["claims", "--ledger", str(path), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    verdicts = {c["id"]: c["verdict"] for c in json.loads(out)}
    assert verdicts == {
        "more": "reproduced", "half": "consistent_within_rounding", "literal": "needs_external_source",
    }  # fmt: skip
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
def test_a_ledger_that_cannot_be_read_says_where(tmp_path, capsys, monkeypatch, text, message):
    monkeypatch.chdir(PROJECT)
    path = tmp_path / "mine.csv"
    path.write_text(text)
    assert main(["claims", "--ledger", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(message, err)


def test_explain_an_unknown_claim(capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(["claims", "--explain", "nope"]) == 1
    assert "no such claim" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "--edition", "1999"], "there is no such edition"),
        (["build", "--only", "cook"], "unknown step"),
        (["build", "--renderer", "word"], "unknown renderer"),
        (["run", "prevalance"], 'Did you mean "prevalence"'),
        (["run", "prevalence", "-p", "def", "1.6"], 'Did you mean "deff"'),
        (["run", "prevalence", "-p", "deff", "veel"], "must be a number"),
        (["run", "prevalence", "-p", "deff", "1.6", "-p", "deff", "1.2"], "given twice"),
    ],
)
def test_mistakes_are_told_in_one_message(arguments, message, capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_outside_a_project_the_installed_one_is_used_or_the_folder_named(tmp_path):
    from osw_stats.errors import InputError
    from osw_stats.report.root import find_root

    with pytest.raises(InputError, match="not inside an osw_stats project"):
        find_root(tmp_path)


def test_reading_a_bad_file_exits_with_2_and_one_last_line(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("not;a\ntable;here\n")
    done = osw("read", str(path), "--format", "json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith(f"osw: {path}, row 1")
    assert osw("read", str(tmp_path / "absent.csv")).returncode == 2


def test_reading_leaves_the_project_alone_and_prints_json(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('"Perioden";"Regio\'s";"Misdrijven (aantal)"\n"2024 juli*";"Nederland";12\n')
    done = osw("read", str(path), "--format", "json", cwd=tmp_path)
    assert json.loads(done.stdout)[0] == {
        "time_period": "2024-07", "dims": {"Regio's": "Nederland"}, "measure": "Misdrijven (aantal)", "value": 12,
        "ci_lower": None, "ci_upper": None, "obs_status": "provisional", "row": 2,
    }  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv"]


def test_check_prints_a_table_and_rows_on_request(capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main(["check", "--format", "json"]) == 0
    rules = {row["rule"]: row["result"] for row in json.loads(capsys.readouterr().out)}
    assert set(rules.values()) <= {"PASS", "WARNING"}
    assert main(["check", "--rows", "no_year_is_missing"]) == 0
    assert capsys.readouterr().out.startswith("obs_id,time_period,obs_value,source_id,file,row\n")
    assert main(["check", "--rows", "nothing"]) == 1

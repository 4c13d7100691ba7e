import json
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


def test_a_changed_verdict_gives_a_failing_status(project, capsys, monkeypatch):
    ledger = project / "data/raw/rapport2025/claims.csv"
    ledger.write_text(ledger.read_text().replace("bijna 800,", "bijna 700,"))
    monkeypatch.chdir(project)
    assert main(["claims"]) == 1
    assert "claim s4_1c: the verdict is now inconsistent" in capsys.readouterr().err


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
    from osw_stats.report.edition import find_root

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
        "lower": None, "upper": None, "obs_status": "provisional", "row": 2,
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

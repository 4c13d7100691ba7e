"""The command that downloads, and what becomes of a vintage."""

import re
from datetime import date

import pytest

from osw_stats.cli import main
from osw_stats.data.clean import clean
from osw_stats.data.record import FETCHED, PUBLISHERS
from tests.conftest import raw_row, write_raw
from tests.data.simulated_service import TABLE
from tests.data.test_fetch import CASES, VINTAGE, manifest_in


@pytest.fixture
def command(service, tmp_path, monkeypatch):
    (tmp_path / "_quarto.yml").write_text("")
    (tmp_path / "editions").mkdir()
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: main(["fetch", *arguments, "--base", service.base])


def test_the_command_downloads_and_says_so(command, tmp_path, capsys):
    assert command("police", TABLE, "--where", "RegioS=NL01,PV20", "--where", "Perioden=2024JJ00") == 0
    said = capsys.readouterr().out
    assert "page 1: 3 of 4 rows" in said and f"4 rows in {tmp_path}" in said
    assert manifest_in(tmp_path / "data/raw/police" / TABLE / VINTAGE)["seen"] == date.today().isoformat()


def test_a_file_where_the_folder_should_be(command, tmp_path, capsys):
    (tmp_path / "data").write_text("")
    assert command("police", TABLE) == 1
    error = capsys.readouterr().err
    assert str(tmp_path / "data") in error and "Check its name, rights and space" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(("arguments", "message"), CASES["mistakes"])
def test_mistakes_are_told_in_one_message(command, capsys, arguments, message):
    assert command(*arguments.split()) == 1
    error = capsys.readouterr().err
    assert message in error and (error.startswith("osw: "), error.count("\n")) == (True, 1)


def test_all_goes_on_after_a_table_that_fails(command, capsys, monkeypatch):
    assert {t["publisher"] for t in FETCHED["tables"]} <= set(PUBLISHERS)
    chosen = (keys for t in FETCHED["tables"] for keys in t.get("where", {}).values())
    assert all(isinstance(key, str) for keys in chosen for key in keys)
    listed = [{"publisher": "cbs", "table": "0000OTH"}, {"publisher": "police", "table": TABLE}]
    monkeypatch.setitem(FETCHED, "tables", listed)
    assert command("--all") == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and "1 of 2 tables" in said.out


def test_a_fetched_vintage_is_cleaned_like_any_other_raw_file(run):
    write_raw(run.root, raw_row())
    folder, tidy = run(), clean(run.root)
    cells = tidy.cells[tidy.cells["table"] == TABLE]
    assert len(cells) == sum(1 for row in run.service.rows for key in row if re.search(r"_\d+$", key))
    assert set(cells["known_by"]) == {VINTAGE}
    assert (cells["value"].isna() == cells["obs_status"].ne("normal")).all()
    assert cells["file"].eq(folder.relative_to(run.root).as_posix()).all()

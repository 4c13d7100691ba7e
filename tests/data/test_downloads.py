"""A table dropped into data/raw as it came: recognised, recorded with what lies beside it, cleaned. The tables are made up."""

import hashlib
import shutil
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from osw_stats.cli import main
from osw_stats.data.clean import clean
from osw_stats.data.quality import ABOUT, RULES, check
from osw_stats.data.record import record_new, renew_hashes
from osw_stats.data.register import load_records
from osw_stats.errors import InputError
from osw_stats.kept.keys import hashes
from osw_stats.text.words import WORDS
from tests.cases import beside
from tests.conftest import PROJECT, raw_row, write_raw
from tests.data.published import BULK, CASES, DUMP, Source, version_4

DROPPED, WORKBOOKS = CASES["dropped"], CASES["workbooks"]
QUALITY = beside(__file__, "rows.yml")["quality"]
NAME = "47025NED_UntypedDataSet_01022024_120000.csv"
DAY, LINKED = "2026-11-24", ("data/raw/police", "data/raw/police/reports.csv", "pages/a.qmd", "scenarios")


@pytest.fixture
def root(tmp_path):
    return write_raw(tmp_path, raw_row())


def drop(root, text=BULK, name=NAME, folder="police"):
    path = root / "data" / "raw" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def recorded(root):
    """Record what is new; return the entry of the one record."""
    (record,) = record_new(root, DAY)
    return yaml.safe_load(record.read_text())


def of_known_series(root):
    return clean(root).observations.query("series_id == 'police_registered_141'")


def test_a_dropped_table_is_recorded_and_its_known_series_found(root):
    path, entry = drop(root), recorded(root)
    assert (entry["table"], entry["seen"]) == ("47025NED", DAY)
    assert entry["files"] == [{"name": NAME, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}]
    tidy, rows = clean(root), of_known_series(root)
    found = rows.iloc[0]
    assert (found["time_period"], found["obs_value"], found["known_by"]) == ("2023", 8214, DAY)
    assert found["file"].endswith(NAME) and len(tidy.cells) == 6
    assert tidy.cells["obs_status"].tolist().count("withheld") == 1
    assert tidy.cells["value"].eq(0).sum() == 0


def test_a_marked_cell_of_a_known_series_is_a_range(root):
    drop(root, BULK.replace("    8214", "      <5").replace("       .", "       8"))
    record_new(root, DAY)
    row = of_known_series(root).iloc[0]
    assert (row["obs_status"], row["lower"], row["upper"], row["upper_closed"]) == ("withheld", 0, 4, True)
    assert row["obs_value"] != row["obs_value"]
    assert clean(root).cells.loc[0, ["lower", "upper"]].tolist() == [0, 4]


def test_recording_again_changes_nothing(root):
    drop(root)
    record_new(root, DAY)
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    assert record_new(root, "2027-01-01") == []
    assert renew_hashes(root) == [root / "data/raw/police/reports.source.yml"]  # it had no hash yet
    assert renew_hashes(root) == []
    assert [p for p, body in before.items() if "source" not in p.name and p.read_bytes() != body] == []


def test_a_table_without_a_record_or_changed_after_it_stops_the_build(root):
    path = drop(root)
    with pytest.raises(InputError, match=r"no source record.*osw build"):
        clean(root)
    record_new(root, DAY)
    path.write_text(path.read_text().replace("8214", "8215"))
    with pytest.raises(InputError, match=f"{NAME}: was changed after it was recorded"):
        clean(root)
    assert [c.result for c in check(root)] == ["FAIL"]


def test_what_is_no_table_is_not_recorded(root):
    drop(root, "just,some\nnotes,here\n", "notes.csv")
    with pytest.raises(InputError, match=r"police/notes\.csv.*no column of periods"):
        record_new(root, DAY)


def test_a_later_download_revises_an_earlier_one(root):
    drop(root, BULK.replace("8214", "8200"), NAME, "police/47025NED/2024")
    record_new(root, DAY)
    drop(root, BULK, NAME, "police/47025NED/2025")
    record_new(root, "2026-12-24")
    assert of_known_series(root)["obs_value"].tolist() == [8200, 8214]


def test_an_undated_download_does_not_replace_a_figure(root):
    rows = root / "data/raw/police/reports.csv"
    row = "police_registered_141,2023,total,total,,8278,registered_offences,8278,,normal,doc,4.1,2025-03-09,day,\n"
    rows.write_text(rows.read_text() + row)
    drop(root)
    (record,) = record_new(root, DAY)
    roles = of_known_series(root).set_index("obs_value")["role"].to_dict()
    assert roles == {8278: "main", 8214: "alternative"}
    date = "published: '2026-01-02'\npublished_precision: day"
    record.write_text(record.read_text().replace("published_precision: unknown", date))
    assert of_known_series(root)["role"].tolist() == ["main", "main"]  # a later edition of the same table


@pytest.mark.parametrize(("files", "entry", "values", "statuses"), DROPPED.values(), ids=DROPPED)
def test_a_table_is_recorded_with_all_beside_it_as_it_was_read(root, files, entry, values, statuses):
    for name, text in files.items():
        drop(root, text, name, "cbs/47022NED")
    found = recorded(root)
    assert found.items() >= entry.items() and {f["name"] for f in found["files"]} == set(files)
    cells = clean(root).cells
    assert [None if value != value else value for value in cells["value"]] == values
    assert cells["obs_status"].tolist() == statuses.split()


def test_odata_4_is_recorded_with_its_code_lists(root):
    drop(root, "Identifier;Title\nMeldingen_1;Meldingen\n", "MeasureCodes.csv", "cbs/85146NED")
    cells = {("NL01", year, m): "1.5" for year in (2022, 2023) for m in (0, 1)}
    version_4(Source(("NL01",), (2022, 2023), cells, frozenset({2023})), root / "data/raw/cbs/85146NED")
    record_new(root, DAY)
    rows = clean(root).cells
    assert set(rows["table"]) == {"85146NED"}
    assert rows.set_index("time_period")["obs_status"].to_dict() == {"2022": "normal", "2023": "provisional"}
    assert "Meldingen" in set(rows["measure_label"])


@pytest.mark.parametrize("rows", WORKBOOKS.values(), ids=WORKBOOKS)
def test_a_publisher_s_workbook_is_a_table_and_no_fill_in_sheet(root, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    (root / "data/raw/cbs").mkdir()
    book.save(root / "data/raw/cbs/85146NED.xlsx")
    assert recorded(root)["kind"] == "download"
    cells = clean(root).cells
    assert cells["value"].iloc[0] == 12
    assert cells[["time_period", "lower", "upper"]].iloc[1].tolist() == ["2022", 0, 4]


def test_the_record_of_an_export_asks_for_its_decimal_mark(root):
    """Of a table that we know, without the dimensions that its known series are found by."""
    drop(root, '"Perioden";"Misdrijven (aantal)"\n"2021";1.234\n', "47013NED.csv", "cbs")
    (record,) = record_new(root, DAY)
    assert yaml.safe_load(record.read_text())["decimal"] == "?"
    record.write_text(record.read_text().replace("'?'", "','"))
    assert clean(root).cells["value"].tolist() == [1234]


def test_the_record_of_a_copy_declares_its_columns_and_asks_what_is_open(root, monkeypatch, capsys):
    path = drop(root, "date,n\n2020-01-01,1.234\n2021-01-01,12\n", "copy.csv", "cbs/x")
    (root / "_quarto.yml").write_text("")
    (root / "editions").mkdir(exist_ok=True)
    monkeypatch.chdir(root)
    assert main(["record"]) == 0
    assert "may be the year or its January; answer what ends in a question mark" in capsys.readouterr().err
    record = path.with_name("copy.source.yml")
    entry = yaml.safe_load(record.read_text())
    assert (entry["columns"], entry["decimal"]) == ({"date": "year?", "n": "measure"}, "?")
    with pytest.raises(InputError, match=r'column "date", value "year\?": does not say what'):
        clean(root)
    record.write_text(record.read_text().replace("year?", "year"))
    with pytest.raises(InputError, match="does not give the decimal mark"):
        clean(root)
    record.write_text(record.read_text().replace("decimal: '?'", "decimal: ','"))
    assert clean(root).cells[["time_period", "value"]].to_numpy().tolist() == [["2020", 1234], ["2021", 12]]
    assert main(["read", str(path)]) == 0  # by the record beside it
    assert "2020,n,1234," in capsys.readouterr().out


@pytest.mark.parametrize("what", LINKED)
def test_a_link_is_refused_by_the_walk_that_reads_and_hashes(root, what):
    for name in ("pages/a.qmd", "scenarios/s.yml"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    elsewhere = root / "elsewhere"
    shutil.move(root / what, elsewhere)
    (root / what).symlink_to(elsewhere)
    linked = f"{Path(what).name}: is a link to another (folder|file)"
    with pytest.raises(InputError, match=linked):
        hashes(root, ["data/raw", "pages", "scenarios"])
    with pytest.raises(InputError, match=linked) if what.startswith("data") else nullcontext():
        load_records(root / "data/raw")


def test_a_checkout_with_windows_line_endings_says_so_in_one_line(root):
    path = drop(root, DUMP, "data.csv", "cbs/x")
    record_new(root, DAY)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(InputError, match=r"has Windows line endings.*autocrlf") as caught:
        clean(root)
    assert "\n" not in str(caught.value)


def test_git_keeps_every_byte_on_every_platform(tmp_path):
    clone = ["git", "clone", "-q", "-c", "core.autocrlf=true", "--depth=1", f"file://{PROJECT}", "c"]
    if subprocess.run(clone, cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.skip("this is no repository")
    files = ["git", "ls-files", "--eol"]
    listed = subprocess.run(files, cwd=tmp_path / "c", capture_output=True, text=True, check=True)
    assert not [line for line in listed.stdout.splitlines() if "i/lf" in line and "w/crlf" in line]


@pytest.mark.parametrize("rule", QUALITY)
def test_every_rule_can_fail(tmp_path, rule):
    result, *rows = QUALITY[rule]
    rows = [raw_row(**{"as_reported": row["value"]} | row) for row in rows]
    found = {c.rule: c for c in check(write_raw(tmp_path, *rows))}[rule]
    assert (found.result, found.rows.empty) == (result, False)


def test_every_rule_has_words_and_a_condition_or_a_function():
    others = {"files_and_rows", "files_as_recorded", "changes_fit_their_counts"}
    assert set(ABOUT) == set(WORDS["rule"])
    assert {rule.__name__ for rule in RULES} | others == set(ABOUT)

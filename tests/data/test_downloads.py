"""A table dropped into data/raw as it came: recognised, recorded with what lies beside it, cleaned. The tables are made up."""

import hashlib
import json
import shutil
import subprocess

import pytest
import yaml
from openpyxl import Workbook

from osw_stats.cli import main
from osw_stats.data.clean import clean
from osw_stats.data.quality import RULES, check
from osw_stats.data.record import record_new, renew_hashes
from osw_stats.data.register import load_records
from osw_stats.errors import InputError
from osw_stats.kept.keys import hashes
from osw_stats.text.words import WORDS
from tests.conftest import PROJECT, raw_row, write_raw
from tests.data.published import BULK, DUMP, PERIODEN, V3, Source, version_4, workbook

NAME = "47025NED_UntypedDataSet_01022024_120000.csv"
DAY = "2026-11-24"


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


def test_a_dropped_table_is_recorded_and_its_known_series_found(root):
    path = drop(root)
    entry = recorded(root)
    assert entry["table"] == "47025NED"
    assert entry["seen"] == DAY
    assert entry["files"] == [{"name": NAME, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}]
    tidy = clean(root)
    found = tidy.observations[tidy.observations["series_id"] == "police_registered_141"].iloc[0]
    assert (found["time_period"], found["obs_value"], found["known_by"]) == ("2023", 8214, DAY)
    assert found["file"].endswith(NAME)
    assert len(tidy.cells) == 6
    assert tidy.cells["obs_status"].tolist().count("withheld") == 1
    assert tidy.cells["value"].eq(0).sum() == 0


def test_a_marked_cell_of_a_known_series_is_a_range(root):
    drop(root, BULK.replace("    8214", "      <5").replace("       .", "       8"))
    record_new(root, DAY)
    tidy = clean(root)
    row = tidy.observations.query("series_id == 'police_registered_141'").iloc[0]
    assert (row["obs_status"], row["lower"], row["upper"], row["upper_closed"]) == ("withheld", 0, 4, True)
    assert row["obs_value"] != row["obs_value"]
    assert tidy.cells.loc[0, ["lower", "upper"]].tolist() == [0, 4]


def test_recording_again_changes_nothing(root):
    drop(root)
    record_new(root, DAY)
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    assert record_new(root, "2027-01-01") == []
    assert renew_hashes(root) == [root / "data/raw/police/reports.source.yml"]  # it had no hash yet
    assert renew_hashes(root) == []
    assert [p for p, body in before.items() if "source" not in p.name and p.read_bytes() != body] == []


def test_without_a_record_the_reader_says_what_to_do(root):
    drop(root)
    with pytest.raises(InputError, match=r"no source record.*osw build"):
        clean(root)


def test_a_changed_download_stops_the_build(root):
    path = drop(root)
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
    rows = clean(root).observations
    assert rows.loc[rows["series_id"] == "police_registered_141", "obs_value"].tolist() == [8200, 8214]


def test_an_undated_download_does_not_replace_a_figure(root):
    rows = root / "data/raw/police/reports.csv"
    row = "police_registered_141,2023,total,total,,8278,registered_offences,8278,,normal,doc,4.1,2025-03-09,day,\n"
    rows.write_text(rows.read_text() + row)
    drop(root)
    (record,) = record_new(root, DAY)
    found = clean(root).observations.query("series_id == 'police_registered_141'")
    assert found.set_index("obs_value")["role"].to_dict() == {8278: "main", 8214: "alternative"}
    date = "published: '2026-01-02'\npublished_precision: day"
    record.write_text(record.read_text().replace("published_precision: unknown", date))
    found = clean(root).observations.query("series_id == 'police_registered_141'")
    assert found["role"].tolist() == ["main", "main"]  # a later edition of the same table


def test_a_dump_is_recorded_with_all_that_comes_with_it_and_the_empty_list_too(root):
    beside = {"Perioden.csv": PERIODEN, "CategoryGroups.csv": '""\n', "TableInfos.csv": "ID\n0\n"}
    for name, text in ({"data.csv": DUMP} | beside).items():
        drop(root, text, name, "cbs/x")
    assert {f["name"] for f in recorded(root)["files"]} == {"data.csv", *beside}
    assert clean(root).cells["obs_status"].tolist() == ["normal", "provisional", "normal", "unknown"]


def test_odata_4_is_recorded_with_its_code_lists(root):
    folder = root / "data/raw/cbs/85146NED"
    folder.mkdir(parents=True)
    cells = {("NL01", year, m): "1.5" for year in (2022, 2023) for m in (0, 1)}
    version_4(Source(("NL01",), (2022, 2023), cells, frozenset({2023})), folder)
    drop(root, "Identifier;Title\nMeldingen_1;Meldingen\n", "MeasureCodes.csv", "cbs/85146NED")
    record_new(root, DAY)
    rows = clean(root).cells
    assert set(rows["table"]) == {"85146NED"}
    assert rows.set_index("time_period")["obs_status"].to_dict() == {"2022": "normal", "2023": "provisional"}
    assert "Meldingen" in set(rows["measure_label"])


def test_a_publisher_s_workbook_is_a_table_and_no_fill_in_sheet(root):
    folder = root / "data/raw/cbs/85146NED"
    folder.mkdir(parents=True)
    cells = {("NL01", year, m): "5" for year in (2022, 2023) for m in (0, 1)}
    workbook(Source(("NL01",), (2022, 2023), cells, frozenset()), folder)
    assert recorded(root)["kind"] == "download"
    assert clean(root).cells["value"].tolist() == [5] * 4


def test_pages_of_one_table_are_recorded_together_and_a_text_beside_them_too(root):
    for number, record in enumerate(V3["value"], start=1):
        page = {"value": [record]} | ({"odata.nextLink": "x"} if number == 1 else {})
        drop(root, json.dumps(page), f"TypedDataSet-{number}.json", "cbs/47022NED")
    drop(root, "Downloaded by hand.\n", "README.txt", "cbs/47022NED")
    entry = recorded(root)
    assert [f["name"] for f in entry["files"]] == ["TypedDataSet-1.json", "TypedDataSet-2.json", "README.txt"]
    assert entry["url"].endswith("/47022NED/table")
    assert len(clean(root).cells) == 2


def test_a_workbook_with_one_row_a_figure_is_a_table_too(root):
    book = Workbook()
    for row in (["Perioden", "Regio's", "Misdrijven (aantal)"], ["2021", "NL", 12], [2022, "NL", "<5"]):
        book.active.append(row)
    (root / "data/raw/cbs").mkdir(exist_ok=True)
    book.save(root / "data/raw/cbs/85146NED.xlsx")
    record_new(root, DAY)
    assert clean(root).cells[["time_period", "lower", "upper"]].iloc[1].tolist() == ["2022", 0, 4]


def test_the_record_of_an_export_asks_for_its_decimal_mark(root):
    path = drop(root, '"Perioden";"Misdrijven (aantal)"\n"2021";1.234\n', "47013NED.csv", "cbs")
    (record,) = record_new(root, DAY)
    assert yaml.safe_load(record.read_text())["decimal"] == "?"
    record.write_text(record.read_text().replace("'?'", "','"))
    assert clean(root).cells["value"].tolist() == [1234]
    assert path.is_file()


OPEN = {"date": "year?", "n": "measure"}


def test_the_record_of_a_copy_declares_its_columns_and_asks_what_is_open(root, monkeypatch, capsys):
    path = drop(root, "date,n\n2020-01-01,1.234\n2021-01-01,12\n", "copy.csv", "cbs/x")
    (root / "_quarto.yml").write_text("")
    (root / "editions").mkdir(exist_ok=True)
    monkeypatch.chdir(root)
    assert main(["record"]) == 0
    assert "may be the year or its January; answer what ends in a question mark" in capsys.readouterr().err
    record = path.with_name("copy.source.yml")
    entry = yaml.safe_load(record.read_text())
    assert (entry["columns"], entry["decimal"]) == (OPEN, "?")
    with pytest.raises(InputError, match=r'column "date", value "year\?": leaves open'):
        clean(root)
    record.write_text(record.read_text().replace("year?", "year"))
    with pytest.raises(InputError, match="leaves open which sign"):
        clean(root)
    record.write_text(record.read_text().replace("decimal: '?'", "decimal: ','"))
    assert clean(root).cells[["time_period", "value"]].to_numpy().tolist() == [["2020", 1234], ["2021", 12]]
    assert main(["read", str(path)]) == 0  # by the record beside it
    assert "2020,n,1234," in capsys.readouterr().out


def test_a_copy_that_leaves_nothing_open_is_declared_as_it_was_read(root):
    drop(root, "jaar;regio;n\n2020;NL;1.234\n2021;NL;<5\n", "copy.csv", "cbs/x")
    entry = recorded(root)
    assert entry["columns"] == {"jaar": "period", "regio": "dimension", "n": "measure"}
    assert entry["decimal"] == ","
    assert clean(root).cells["obs_status"].tolist() == ["normal", "withheld"]


@pytest.mark.parametrize(
    "what", ["data/raw/police", "data/raw/police/reports.csv", "pages/a.qmd", "scenarios"]
)
def test_a_link_is_refused_by_the_walk_that_reads_and_hashes(root, what):
    for name in ("pages/a.qmd", "scenarios/s.yml"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    elsewhere = root / "elsewhere"
    shutil.move(root / what, elsewhere)
    (root / what).symlink_to(elsewhere)
    with pytest.raises(InputError, match=r"is a link to another (folder|file)"):
        hashes(root, ["data/raw", "pages", "scenarios"])
    if what.startswith("data"):
        with pytest.raises(InputError, match=r"is a link to another (folder|file)"):
            load_records(root / "data/raw")


def test_a_checkout_with_windows_line_endings_says_so_in_one_line(root):
    path = drop(root, DUMP, "data.csv", "cbs/x")
    record_new(root, DAY)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(InputError, match=r"has Windows line endings.*autocrlf") as caught:
        clean(root)
    assert "\n" not in str(caught.value)


def test_git_keeps_every_byte_on_every_platform(tmp_path):
    clone = [
        "git",
        "clone",
        "-q",
        "-c",
        "core.autocrlf=true",
        "--depth=1",
        f"file://{PROJECT}",
        str(tmp_path / "c"),
    ]
    if subprocess.run(clone, capture_output=True, check=False).returncode:
        pytest.skip("this is no repository")
    files = ["git", "ls-files", "--eol"]
    listed = subprocess.run(files, cwd=tmp_path / "c", capture_output=True, text=True, check=True)
    assert not [line for line in listed.stdout.splitlines() if "i/lf" in line and "w/crlf" in line]


def figure(series, unit, value, period=2024, **more):
    more |= {"series_id": series, "unit": unit, "time_period": str(period)}
    return raw_row(value=value, as_reported=value, **more)


def victims(year, value):
    return figure("csg_victims", "clients", value, year)


def answer(which, value):
    return figure("helpwanted_police_contact", "percent", value, breakdown=f"police_contact={which}")


def residents(year, value):
    counted = figure("cbs_population", "persons", value, year, age="16+", obs_status="derived")
    return counted | {"as_reported": ""}


def half_year(period, value):
    return figure("police_reports_half_year", "police_reports", value, period)


REPORTS = figure("police_reports", "police_reports", "14802")
REQUESTS = figure("helpwanted_requests", "advice_requests", "101")
DIRECT = figure("helpwanted_requests_channel", "advice_requests", "102", breakdown="channel=direct")
QUALITY = {
    "withheld_is_not_zero": [victims(2017, "0"), victims(2018, "0"), victims(2019, "0")],
    "no_jump_of_a_thousand": [figure("police_reports", "police_reports", "14", 2023), REPORTS],
    "no_outlier_among_neighbours": [victims(2018, "3251"), victims(2019, "9148")],
    "no_year_is_missing": [victims(2015, "3251"), victims(2016, "3252"), victims(2019, "3253")],
    "shares_lie_between_0_and_100": [figure("cbs_osi_5y", "percent", "101")],
    "shares_of_one_question_add_up": [answer("no", "82"), answer("yes", "25")],
    "population_changes_little": [residents(2023, "14000000"), residents(2024, "15031713")],
    "parts_do_not_exceed_the_whole": [REQUESTS, DIRECT],
    "parts_add_up_to_the_year": [REPORTS, half_year("2024-H1", "6768"), half_year("2024-H2", "7001")],
    "publication_dates_are_known": [raw_row(published="", published_precision="unknown")],
}
WARNINGS = ("no_outlier_among_neighbours", "no_year_is_missing", "publication_dates_are_known")


@pytest.mark.parametrize("rule", QUALITY)
def test_every_rule_can_fail(tmp_path, rule):
    results = {c.rule: c for c in check(write_raw(tmp_path, *QUALITY[rule]))}
    assert results[rule].result == ("WARNING" if rule in WARNINGS else "FAIL")
    assert len(results[rule].rows) >= 1


def test_every_rule_has_words_in_both_languages():
    others = {"files_and_rows", "files_as_recorded", "changes_fit_their_counts"}
    assert {f.__name__ for f in RULES} | others == set(WORDS["rule"])

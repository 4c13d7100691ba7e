"""Tables that somebody drops into data/raw: companions, copies that leave something open, links, line endings."""

import json
import shutil
import subprocess

import pytest
import yaml
from openpyxl import Workbook

from osw_stats.cli import main
from osw_stats.data.clean import clean
from osw_stats.data.record import record_new
from osw_stats.data.register import load_records
from osw_stats.errors import InputError
from osw_stats.kept.keys import hashes
from tests.conftest import PROJECT, raw_row, write_raw
from tests.data.published import DUMP, PERIODEN, V3, Source, version_4, workbook

DAY = "2026-11-24"


@pytest.fixture
def root(tmp_path):
    return write_raw(tmp_path, raw_row())


def drop(root, text, name, folder="cbs/x"):
    path = root / "data" / "raw" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_dump_is_recorded_with_all_that_comes_with_it_and_the_empty_list_too(root):
    drop(root, DUMP, "data.csv")
    for name, text in {
        "Perioden.csv": PERIODEN,
        "CategoryGroups.csv": '""\n',
        "TableInfos.csv": "ID\n0\n",
    }.items():
        drop(root, text, name)
    (record,) = record_new(root, DAY)
    names = {f["name"] for f in yaml.safe_load(record.read_text())["files"]}
    assert names == {"data.csv", "Perioden.csv", "CategoryGroups.csv", "TableInfos.csv"}
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
    workbook(
        Source(
            ("NL01",), (2022, 2023), {("NL01", y, m): "5" for y in (2022, 2023) for m in (0, 1)}, frozenset()
        ),
        folder,
    )
    (record,) = record_new(root, DAY)
    assert yaml.safe_load(record.read_text())["kind"] == "download"
    assert clean(root).cells["value"].tolist() == [5] * 4


def test_pages_of_one_table_are_recorded_together_and_a_text_beside_them_too(root):
    for number, record in enumerate(V3["value"], start=1):
        page = {"value": [record]} | ({"odata.nextLink": "x"} if number == 1 else {})
        drop(root, json.dumps(page), f"TypedDataSet-{number}.json", "cbs/47022NED")
    drop(root, "Downloaded by hand.\n", "README.txt", "cbs/47022NED")
    (record,) = record_new(root, DAY)
    entry = yaml.safe_load(record.read_text())
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
    path = drop(root, "date,n\n2020-01-01,1.234\n2021-01-01,12\n", "copy.csv")
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
    drop(root, "jaar;regio;n\n2020;NL;1.234\n2021;NL;<5\n", "copy.csv")
    (record,) = record_new(root, DAY)
    entry = yaml.safe_load(record.read_text())
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
    path = drop(root, DUMP, "data.csv")
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
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=tmp_path / "c", capture_output=True, text=True, check=True
    )
    assert not [line for line in listed.stdout.splitlines() if "i/lf" in line and "w/crlf" in line]

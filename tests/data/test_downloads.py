"""A download dropped into data/raw as it came: recognised, recorded, cleaned. The tables are made up."""

import hashlib

import pytest
import yaml

from osw_stats.data.clean import clean
from osw_stats.data.quality import check
from osw_stats.data.record import record_new, renew_hashes
from osw_stats.errors import InputError
from tests.conftest import raw_row, write_raw
from tests.data.published import BULK, DUMP, PERIODEN

NAME = "47025NED_UntypedDataSet_01022024_120000.csv"


@pytest.fixture
def root(tmp_path):
    return write_raw(tmp_path, raw_row())


def drop(root, text=BULK, name=NAME, folder="police"):
    path = root / "data" / "raw" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_dropped_table_is_recorded_and_its_known_series_found(root):
    path = drop(root)
    (record,) = record_new(root, "2026-11-24")
    entry = yaml.safe_load(record.read_text())
    assert entry["table"] == "47025NED"
    assert entry["seen"] == "2026-11-24"
    assert entry["files"] == [{"name": NAME, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}]
    tidy = clean(root)
    found = tidy.observations[tidy.observations["series_id"] == "police_registered_141"].iloc[0]
    assert (found["time_period"], found["obs_value"], found["known_by"]) == ("2023", 8214, "2026-11-24")
    assert found["file"].endswith(NAME)
    assert len(tidy.cells) == 6
    assert tidy.cells["obs_status"].tolist().count("withheld") == 1
    assert tidy.cells["value"].eq(0).sum() == 0


def test_a_marked_cell_of_a_known_series_is_a_range(root):
    drop(root, BULK.replace("    8214", "      <5").replace("       .", "       8"))
    record_new(root, "2026-11-24")
    tidy = clean(root)
    row = tidy.observations.query("series_id == 'police_registered_141'").iloc[0]
    assert (row["obs_status"], row["lower"], row["upper"], row["upper_closed"]) == ("withheld", 0, 4, True)
    assert row["obs_value"] != row["obs_value"]
    assert tidy.cells.loc[0, ["lower", "upper"]].tolist() == [0, 4]


def test_recording_again_changes_nothing(root):
    drop(root)
    record_new(root, "2026-11-24")
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    assert record_new(root, "2027-01-01") == []
    assert renew_hashes(root) == [root / "data/raw/police/reports.source.yml"]  # it had no hash yet
    assert renew_hashes(root) == []
    assert [p for p, body in before.items() if "source" not in p.name and p.read_bytes() != body] == []


def test_a_dump_brings_its_code_lists_along(root):
    drop(root, DUMP, "data.csv", "cbs/83474NED")
    drop(root, PERIODEN, "Perioden.csv", "cbs/83474NED")
    (record,) = record_new(root, "2026-11-24")
    assert [f["name"] for f in yaml.safe_load(record.read_text())["files"]] == ["data.csv", "Perioden.csv"]
    assert clean(root).cells["obs_status"].tolist().count("provisional") == 1


def test_without_a_record_the_reader_says_what_to_do(root):
    drop(root)
    with pytest.raises(InputError, match=r"no source record.*osw build"):
        clean(root)


def test_a_changed_download_stops_the_build(root):
    path = drop(root)
    record_new(root, "2026-11-24")
    path.write_text(path.read_text().replace("8214", "8215"))
    with pytest.raises(InputError, match=f"{NAME}: was changed after it was recorded"):
        clean(root)
    assert [c.result for c in check(root)] == ["FAIL"]


def test_what_is_no_table_is_not_recorded(root):
    drop(root, "just,some\nnotes,here\n", "notes.csv")
    with pytest.raises(InputError, match=r"police/notes\.csv.*no column of periods"):
        record_new(root, "2026-11-24")


def test_a_later_download_revises_an_earlier_one(root):
    drop(root, BULK.replace("8214", "8200"), NAME, "police/47025NED/2024")
    record_new(root, "2026-11-24")
    drop(root, BULK, NAME, "police/47025NED/2025")
    record_new(root, "2026-12-24")
    rows = clean(root).observations
    assert rows.loc[rows["series_id"] == "police_registered_141", "obs_value"].tolist() == [8200, 8214]


def test_an_undated_download_does_not_replace_a_figure(root):
    rows = root / "data/raw/police/reports.csv"
    row = "police_registered_141,2023,total,total,,8278,registered_offences,8278,,normal,doc,4.1,2025-03-09,day,\n"
    rows.write_text(rows.read_text() + row)
    drop(root)
    (record,) = record_new(root, "2026-11-24")
    found = clean(root).observations.query("series_id == 'police_registered_141'")
    assert found.set_index("obs_value")["role"].to_dict() == {8278: "main", 8214: "alternative"}
    date = "published: '2026-01-02'\npublished_precision: day"
    record.write_text(record.read_text().replace("published_precision: unknown", date))
    found = clean(root).observations.query("series_id == 'police_registered_141'")
    assert found["role"].tolist() == ["main", "main"]  # a later edition of the same table


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
    from osw_stats.data.quality import RULES
    from osw_stats.text.words import WORDS

    others = {"files_and_rows", "files_as_recorded", "changes_fit_their_counts"}
    assert {f.__name__ for f in RULES} | others == set(WORDS["rule"])

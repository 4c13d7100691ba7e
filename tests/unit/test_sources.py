"""Raw figures in, tidy observations out; every kind of bad input names its place."""

import math

import pytest

from osw_stats.errors import InputError
from osw_stats.sources.clean import clean
from tests.conftest import raw_row, write_raw

FILE = "data/raw/police/reports.csv"


def test_a_row_becomes_an_observation_with_its_provenance(tmp_path):
    row = clean(write_raw(tmp_path, raw_row())).observations.iloc[0]
    assert row["obs_value"] == 14802
    assert row["unit_measure"] == "police_reports"
    assert row["known_by"] == "2025-03-09"
    assert (row["file"], row["row"]) == (FILE, 2)
    assert row["as_reported"] == "14.802 meldingen"
    assert row["definition_id"] == "police_reports.2"  # the law of 1 July 2024 is a break


@pytest.mark.parametrize(
    ("change", "column", "value", "problem"),
    [
        ({"value": "14.8o2"}, "value", "14.8o2", "is not a number"),
        ({"value": "14,802"}, "value", "14,802", "is not a number"),
        ({"value": "1e4"}, "value", "1e4", "is not a number"),
        ({"value": "nan"}, "value", "nan", "is not a number"),
        ({"value": "14820"}, "value", "14820", "does not agree with the wording"),
        ({"value": ""}, "value", "", "does not agree with the wording"),
        ({"unit": "reports"}, "unit", "reports", "unknown unit"),
        ({"unit": "persons"}, "unit", "persons", "counts police_reports"),
        ({"series_id": "police_report"}, "series_id", "police_report", "unknown series"),
        ({"time_period": "2024JJ00"}, "time_period", "2024JJ00", "is not a period"),
        ({"sex": "vrouw"}, "sex", "vrouw", "not one of the allowed values"),
        ({"obs_status": "secret"}, "obs_status", "secret", "not one of the allowed values"),
        ({"source_id": "nobody"}, "source_id", "nobody", "not one of the allowed values"),
        ({"as_reported": ""}, "as_reported", "", "wording as published is missing"),
        ({"as_reported": "veel meldingen"}, "as_reported", "veel meldingen", "holds no figure"),
        ({"published": "maart 2025"}, "published", "maart 2025", "is not a date"),
        ({"locator": ""}, "locator", None, "must not be empty"),
    ],
)
def test_a_bad_cell_is_named_with_file_row_column_and_value(tmp_path, change, column, value, problem):
    good = raw_row(time_period="2023", value="14015", as_reported="14.015 meldingen")
    with pytest.raises(InputError) as caught:
        clean(write_raw(tmp_path, good, raw_row(**change)))
    message = str(caught.value)
    assert message.startswith(f"{FILE}, row 3")
    assert f'column "{column}"' in message
    assert problem in message
    if value is not None:
        assert f'value "{value}"' in message
    assert caught.value.remedy in message


def test_withheld_is_never_zero(tmp_path):
    withheld = raw_row(value="", as_reported="niet apart geregistreerd", obs_status="withheld")
    assert math.isnan(clean(write_raw(tmp_path, withheld)).observations["obs_value"].iloc[0])


def test_a_withheld_row_with_a_value_is_refused(tmp_path):
    with pytest.raises(InputError, match="must have no value"):
        clean(write_raw(tmp_path, raw_row(obs_status="withheld")))


def test_the_same_figure_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"row 3.*stands also in data/raw/police/reports.csv, row 2"):
        clean(write_raw(tmp_path, raw_row(), raw_row()))


def test_one_document_has_one_date(tmp_path):
    other = raw_row(time_period="2023", value="14015", as_reported="14.015", published="2025-03-10")
    with pytest.raises(InputError, match="another publication date"):
        clean(write_raw(tmp_path, raw_row(), other))


def test_a_missing_raw_file_is_named_by_its_record(tmp_path):
    root = write_raw(tmp_path, raw_row())
    (root / FILE).unlink()
    with pytest.raises(InputError, match=r"reports\.csv: this raw file is missing.*reports\.source\.yml"):
        clean(root)


def test_a_raw_file_without_record_is_refused(tmp_path):
    root = write_raw(tmp_path, raw_row())
    (root / "data/raw/police/extra.csv").write_text("a\n")
    with pytest.raises(InputError, match=r"extra\.csv: this raw file has no source record"):
        clean(root)


def test_a_record_cannot_point_outside_its_folder(tmp_path):
    root = write_raw(tmp_path, raw_row(), record={"file": "../../../secret.csv"})
    with pytest.raises(InputError, match="outside its own folder"):
        clean(root)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("a,b\n1,2\n", "columns are not those"), ("\xff\xfe", "is not UTF-8"), ("", "columns are not those")],
)
def test_a_file_of_another_shape_is_refused(tmp_path, text, problem):
    root = write_raw(tmp_path, raw_row())
    (root / FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=problem):
        clean(root)


def test_a_row_with_a_cell_too_many_is_refused(tmp_path):
    root = write_raw(tmp_path, raw_row())
    path = root / FILE
    path.write_text(path.read_text() + "police_reports,2022,extra\n")
    with pytest.raises(InputError, match=r"row 3.*has 3 cells instead of"):
        clean(root)


def test_an_excel_byte_order_mark_is_no_trouble(tmp_path):
    root = write_raw(tmp_path, raw_row())
    path = root / FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(clean(root).observations) == 1


def test_the_project_s_own_figures_are_clean_and_enough(tables):
    assert len(tables.vintages) >= 60
    assert tables.vintages["obs_id"].is_unique
    assert set(tables.vintages["source_id"]) <= set(tables.sources["source_id"])
    assert tables.sources["sha256"].str.len().ge(64).all()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"step": "0", "note": "why"}, "a step is above zero"),
        ({"step": "-5", "note": "why"}, "a step is above zero"),
        ({"step": "abc", "note": "why"}, "is not a number"),
        ({"step": "100000", "note": "why"}, "is coarser than the wording"),
        ({"step": "1", "note": ""}, "needs a reason"),
    ],
)
def test_a_step_of_its_own_is_fine_and_reasoned(tmp_path, change, problem):
    with pytest.raises(InputError, match=problem) as caught:
        clean(write_raw(tmp_path, raw_row(**change)))
    assert caught.value.column == "step"


def test_a_negative_count_is_refused(tmp_path):
    row = raw_row(
        series_id="cbs_population",
        unit="persons",
        value="-5",
        as_reported="",
        obs_status="derived",
        age="16+",
    )
    with pytest.raises(InputError, match="counts cannot be negative"):
        clean(write_raw(tmp_path, row))


def test_an_empty_line_is_passed_over_and_an_empty_table_is_not(tmp_path):
    root = write_raw(tmp_path, raw_row())
    path = root / FILE
    path.write_text(path.read_text() + "\n")
    assert len(clean(root).observations) == 1
    path.write_text(path.read_text().split("\n")[0] + "\n")
    with pytest.raises(InputError, match="holds no row"):
        clean(root)


def test_a_key_twice_in_a_record_is_refused(tmp_path):
    root = write_raw(tmp_path, raw_row())
    record = root / "data/raw/police/reports.source.yml"
    record.write_text(record.read_text() + "licence: CC-BY-4.0\n")
    with pytest.raises(InputError, match='the key "licence" stands twice'):
        clean(root)


def test_files_of_the_desktop_are_no_raw_files(tmp_path):
    root = write_raw(tmp_path, raw_row())
    (root / "data/raw/.DS_Store").write_bytes(b"\0")
    assert len(clean(root).observations) == 1


def test_an_impossible_day_in_a_record_is_named_there(tmp_path):
    root = write_raw(tmp_path, raw_row(), record={"transcribed": "2026-02-30"})
    with pytest.raises(InputError, match=r"reports\.source\.yml, column \"transcribed\""):
        clean(root)


def test_press_is_not_given_the_licence_of_the_publisher(tables):
    for source in tables.sources.to_dict("records"):
        if source["licence"] == "CC-BY-4.0":
            assert source["publisher"].startswith("CBS"), source["source_id"]


def test_the_records_hold_the_hashes_of_their_files(request):
    """`pytest --fix` writes the present hashes into the records of tables copied by hand."""
    from osw_stats.sources.record import renew_hashes
    from osw_stats.sources.register import load_records
    from tests.conftest import PROJECT

    if request.config.getoption("--fix"):
        for path in renew_hashes(PROJECT):
            print(f"renewed {path.relative_to(PROJECT)}")
    changed = [p.name for r in load_records(PROJECT / "data" / "raw") for p in r.changed()]
    assert not changed, f"edited since recorded: {changed}. Run `osw record`, or this test with --fix"


@pytest.mark.parametrize(
    ("wording", "typed", "value", "lower", "upper"),
    [
        ("een derde meer meldingen", "33", 100 / 3, 100 / 3 - 5, 100 / 3 + 5),
        ("bijna 1 op de 6", "16.7", 100 / 6, 100 / 7, 100 / 6),
        ("afname van 9 procent", "-9", -9, -9.5, -8.5),
        ("ruim een derde", "33.3", 100 / 3, 100 / 3, 100 / 3 + 5),
        ("nam met een derde af", "-33.3", -100 / 3, -100 / 3 - 5, -100 / 3 + 5),
    ],
)
def test_shares_in_words_and_falls(tmp_path, wording, typed, value, lower, upper):
    row = raw_row(series_id="csg_contacts_change", unit="percent", as_reported=wording, value=typed)
    found = clean(write_raw(tmp_path, row)).observations.iloc[0]
    assert (found["obs_value"], found["lower"], found["upper"]) == pytest.approx((value, lower, upper))


@pytest.mark.parametrize(
    "wording",
    ["afname van 9 procent", "daling van 9%", "9 procent minder", "9 percent fewer", "nam met 9 procent af"],
)
def test_a_rise_is_not_worded_as_a_fall(tmp_path, wording):
    row = raw_row(series_id="csg_contacts_change", unit="percent", as_reported=wording, value="9")
    with pytest.raises(
        InputError, match=r'row 2, column "value", value "9": is a rise, and its wording tells a fall'
    ):
        clean(write_raw(tmp_path, row))

"""Raw figures in, tidy observations out; every kind of bad input names its place."""

import math
import re
from pathlib import Path

import pytest

from osw_stats.data.clean import clean
from osw_stats.data.record import renew_hashes
from osw_stats.data.register import load_records
from osw_stats.data.rows import CONDITIONS
from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT, raw_row, write_raw
from tests.simulated_margins import margin_rows, write_margins

CASES = read_yaml(Path(__file__).with_name("rows.yml"))
FILE = "data/raw/police/reports.csv"


def only(root):
    """Return the one observation of a project."""
    (row,) = clean(root).observations.to_dict("records")
    return row


def test_a_row_becomes_an_observation_with_its_provenance(tmp_path):
    row = only(write_raw(tmp_path, raw_row()))
    wanted = {"obs_id": "police_reports/2024/doc", "obs_value": 14802, "unit_measure": "police_reports"}
    wanted |= {"known_by": "2025-03-09", "file": FILE, "row": 2, "as_reported": "14.802 meldingen"}
    wanted["definition_id"] = "police_reports.2"  # the law of 1 July 2024 is a break
    assert {column: row[column] for column in wanted} == wanted


@pytest.mark.parametrize(("change", "column", "problem"), CASES["bad_cells"])
def test_a_bad_cell_is_named_with_file_row_column_and_value(tmp_path, change, column, problem):
    good = raw_row(time_period="2023", value="14015", as_reported="14.015")
    with pytest.raises(InputError) as caught:
        clean(write_raw(tmp_path, good, raw_row(**change)))
    message = str(caught.value)
    assert message.startswith(f"{FILE}, row 3")
    assert problem in message
    assert caught.value.remedy in message
    if column:
        assert f'column "{column}"' in message
        assert column == "locator" or f'value "{change[column]}"' in message


def test_withheld_is_never_zero(tmp_path):
    withheld = raw_row(value="", as_reported="niet apart geregistreerd", obs_status="withheld")
    assert math.isnan(only(write_raw(tmp_path, withheld))["obs_value"])


@pytest.mark.parametrize(("step", "half"), [("", 0), ("10", 5), ("1000", 500)])
def test_a_derived_count_is_as_exact_as_what_it_is_made_of(tmp_path, step, half):
    row = only(write_raw(tmp_path, raw_row(as_reported="", obs_status="derived", step=step, note="sum")))
    assert (row["lower"], row["upper"]) == (14802 - half, 14802 + half)
    assert row["interval_kind"] == ("rounding" if half else "none")


@pytest.mark.parametrize(("wording", "typed", *["value", "lower", "upper"]), CASES["in_words"])
def test_shares_in_words_and_falls(tmp_path, wording, typed, value, lower, upper):
    row = raw_row(series_id="csg_contacts_change", unit="percent", as_reported=wording, value=typed)
    row = only(write_raw(tmp_path, row))
    assert (row["obs_value"], row["lower"], row["upper"]) == pytest.approx((value, lower, upper))


@pytest.mark.parametrize(
    ("wording", "share", "change"),
    [
        ("0%", [0, 0.5], [-0.5, 0.5]),
        ("100%", [99.5, 100], [99.5, 100.5]),
        ("98 à 100%", [97.5, 100], [97.5, 100.5]),
    ],
)
def test_a_share_leaves_nothing_open_beyond_all_of_it(tmp_path, wording, share, change):
    typed = "" if "à" in wording else wording.rstrip("%")
    for series_id, ends in (("cbs_osi_12m", share), ("csg_contacts_change", change)):
        row = raw_row(series_id=series_id, unit="percent", as_reported=wording, value=typed)
        row = only(write_raw(tmp_path / series_id, row))
        assert [row["lower"], row["upper"], row["upper_closed"]] == [*ends, ends[1] == 100]


@pytest.mark.parametrize("path", sorted((PROJECT / "osw_stats").rglob("refusals.yml")))
def test_every_refusal_that_is_called_has_its_words_and_none_is_left_over(path):
    code = "".join(module.read_text("utf-8") for module in path.parent.glob("*.py"))
    named = set(re.findall(r'"([a-z0-9_]+)"', code)) | {"document_missing", "locator_missing"}
    named |= {code for rules in CONDITIONS.values() for _, code, _ in rules}
    called = r'(?:refused\(|refusal\(|\.error\([a-z0]+, [a-z0]+, |\.fail\("?[a-z.]+"?, )"([a-z0-9_]+)"'
    assert set(re.findall(called, code)) <= set(read_yaml(path)) <= named


# files and records


@pytest.mark.parametrize(("file", "old", "new", "problem"), CASES["bad_files"])
def test_a_file_or_record_that_cannot_be_used_is_named(tmp_path, file, old, new, problem):
    root = write_raw(tmp_path, raw_row())
    path = root / "data" / "raw" / "police" / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert not old or old in text
    text = text.replace(old, new) if old else new
    path.unlink(missing_ok=True)
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=re.compile(problem, re.S)):
        clean(root)


@pytest.mark.parametrize("change", [lambda text: text + b"\n", lambda text: b"\xef\xbb\xbf" + text])
def test_an_empty_line_and_the_mark_of_excel_are_no_trouble_nor_are_files_of_the_desktop(tmp_path, change):
    root = write_raw(tmp_path, raw_row())
    (root / FILE).write_bytes(change((root / FILE).read_bytes()))
    (root / "data/raw/.DS_Store").write_bytes(b"\0")
    assert only(root)["row"] == 2


def test_the_records_hold_the_hashes_of_their_files(request):
    """`pytest --fix` writes the present hashes into the records of tables copied by hand."""
    if request.config.getoption("--fix"):
        for path in renew_hashes(PROJECT):
            print(f"renewed {path.relative_to(PROJECT)}")
    changed = [p.name for r in load_records(PROJECT / "data" / "raw") for p in r.changed()]
    assert not changed, f"edited since recorded: {changed}. Run `osw record`, or this test with --fix"


def test_the_project_s_own_figures_are_clean_and_press_has_not_the_licence_of_the_publisher(tables):
    assert len(tables.vintages) >= 60
    assert tables.vintages["obs_id"].is_unique
    assert set(tables.vintages["source_id"]) <= set(tables.sources["source_id"])
    assert tables.sources["sha256"].str.len().ge(64).all()
    free = tables.sources[tables.sources["licence"] == "CC-BY-4.0"]
    assert free["publisher"].str.startswith("CBS").all()


# published margins of groups; all SIMULATED


def with_margins(root, rows):
    root = write_raw(root, raw_row())
    (root / "data/raw/cbs").mkdir()
    write_margins(root / "data/raw/cbs", rows)
    return root


def test_a_margin_is_a_share_with_its_limits_and_its_respondents(tmp_path):
    (row, *_) = margin_rows()
    rows = clean(with_margins(tmp_path, [row])).observations
    share, people = rows[rows["file"].str.contains("margins")].to_dict("records")
    pct, lower, upper = (float(row[column]) for column in ("pct", "lower", "upper"))
    assert (share["obs_value"], share["ci_lower"], share["ci_upper"]) == (pct, lower, upper)
    assert (share["lower"], share["upper"]) == pytest.approx((pct - 0.05, pct + 0.05))
    assert (share["interval_kind"], people["interval_kind"]) == ("published", "none")
    assert (people["obs_value"], people["unit_measure"]) == (float(row["n"]), "respondents")


@pytest.mark.parametrize(("change", "message"), CASES["bad_margins"])
def test_a_bad_margin_is_named_with_file_row_column_and_value(tmp_path, change, message):
    first = margin_rows()[0]
    rows = [first | change] if "fractions" in message else [first | change, first | {"sex": "male"}]
    with pytest.raises(InputError, match=message):
        clean(with_margins(tmp_path, rows))

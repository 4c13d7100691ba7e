"""Raw figures in, tidy observations out; every kind of bad input names its place. The margins of groups are SIMULATED."""

import re
import shutil
from datetime import date

import pytest
import yaml

from osw_stats.data.clean import clean
from osw_stats.data.coded import load_events
from osw_stats.data.ledger import load_places
from osw_stats.data.register import load_records
from osw_stats.data.rows import CONDITIONS
from osw_stats.errors import InputError
from osw_stats.meaning.observations import as_of
from osw_stats.stats.revisions import alternatives, revisions
from osw_stats.yamlfile import read_yaml
from tests.cases import beside
from tests.conftest import PROJECT, edit, raw_row, write_raw
from tests.simulated_margins import margin_rows, write_margins

CASES = beside(__file__, "rows.yml")
FILE = "data/raw/police/reports.csv"
READERS = {"police": clean, "events": load_events, "rapport2025": load_places}
REASON = {"nl": "De uitgever schreef dit fout.", "en": "The publisher wrote this wrongly."}
FIRST = raw_row()
LATER = raw_row(value="14900", as_reported="14.900", step="1", note="full count", source_id="later")
LATER["published"] = "2026-03-01"
ONE = {"series_id": "police_reports", "time_period": "2024"}
OF_DOC, OF_LATER = (ONE | {"source_id": source} for source in ("doc", "later"))


def only(root):
    """Return the one observation of a project."""
    (row,) = clean(root).observations.to_dict("records")
    return row


@pytest.mark.parametrize(("change", "wanted"), CASES["good_cells"])
def test_a_row_becomes_an_observation_with_its_provenance_as_exact_as_its_wording(tmp_path, change, wanted):
    row = only(write_raw(tmp_path, raw_row(**change)))
    exact = {c: pytest.approx(v, nan_ok=True) if isinstance(v, float) else v for c, v in wanted.items()}
    assert {column: row[column] for column in wanted} == exact


@pytest.mark.parametrize(("change", "column", "problem"), CASES["bad_cells"])
def test_a_bad_cell_is_named_with_file_row_column_and_value(tmp_path, change, column, problem):
    good = raw_row(time_period="2023", value="14015", as_reported="14.015")
    with pytest.raises(InputError) as caught:
        clean(write_raw(tmp_path, good, raw_row(**change)))
    message = str(caught.value)
    assert message.startswith(f"{FILE}, row 3") and problem in message
    assert caught.value.remedy in message
    if column:
        assert f'column "{column}"' in message
        assert column == "locator" or f'value "{change[column]}"' in message


@pytest.mark.parametrize(("wording", "share", "change"), CASES["whole_shares"])
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


@pytest.mark.parametrize(("file", "old", "new", "problem"), CASES["bad_files"])
def test_a_file_or_record_that_cannot_be_used_is_named(tmp_path, file, old, new, problem):
    path = write_raw(tmp_path, raw_row()) / "data/raw" / file
    if path.parent.name != "police":  # an event names documents of the report
        for folder in ("events", "rapport2025"):
            shutil.copytree(PROJECT / "data/raw" / folder, tmp_path / "data/raw" / folder)
    if old:
        edit(path, old, new, times=1)
    elif new is None:
        path.unlink()
    else:
        path.write_bytes(new.encode("latin-1"))
    with pytest.raises(InputError, match=re.compile(problem, re.S)):
        READERS[path.parent.name](tmp_path)


@pytest.mark.parametrize("change", [lambda text: text + b"\n", lambda text: b"\xef\xbb\xbf" + text])
def test_an_empty_line_and_the_mark_of_excel_are_no_trouble_nor_are_files_of_the_desktop(tmp_path, change):
    root = write_raw(tmp_path, raw_row())
    (root / FILE).write_bytes(change((root / FILE).read_bytes()))
    (root / "data/raw/.DS_Store").write_bytes(b"\0")
    assert only(root)["row"] == 2


def test_the_records_hold_the_hashes_of_their_files():
    changed = [p.name for r in load_records(PROJECT / "data" / "raw") for p in r.changed()]
    assert not changed, f"edited since recorded: {changed}. Run `osw record`"


def test_the_project_s_own_figures_are_clean_and_press_has_not_the_licence_of_the_publisher(tables):
    assert len(tables.vintages) >= 60 and tables.vintages["obs_id"].is_unique
    assert set(tables.vintages["source_id"]) <= set(tables.sources["source_id"])
    assert tables.sources["sha256"].str.len().ge(64).all()
    free = tables.sources[tables.sources["licence"] == "CC-BY-4.0"]
    assert free["publisher"].str.startswith("CBS").all()


def with_margins(root, rows):
    folder = write_raw(root, raw_row()) / "data/raw/cbs"
    folder.mkdir()
    write_margins(folder, rows)
    return clean(root)


def test_a_margin_is_a_share_with_its_limits_and_its_respondents(tmp_path):
    (row, *_) = margin_rows()
    rows = with_margins(tmp_path, [row]).observations
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
        with_margins(tmp_path, rows)


def cleaned(root, rows, **correction):
    root = write_raw(root, *rows)
    if correction:
        entry = {"id": "a", "match": ONE, "reason": REASON, "status": "open"} | correction
        (root / "data/raw/corrections.yml").write_text(yaml.safe_dump([entry]))
    return clean(root).observations


def test_a_figure_is_dropped_or_mended_with_a_reason(tmp_path):
    other = raw_row(time_period="2023", value="14015", as_reported="14.015")
    rows = cleaned(tmp_path / "dropped", [FIRST, other], action="drop", expect=14802)
    assert rows["time_period"].tolist() == ["2023"]
    row = cleaned(tmp_path / "mended", [FIRST], action="override", value=14820.0, expect=14802).iloc[0]
    assert row[["obs_value", "lower", "upper"]].tolist() == [14820] * 3
    assert (row["obs_status"], row["note"]) == ("revised", REASON["en"])
    assert row["as_reported"] == "14.802 meldingen"  # raw stays as it was


@pytest.mark.parametrize(("correction", "problem"), CASES["bad_corrections"])
def test_a_correction_that_does_not_fit_is_refused(tmp_path, correction, problem):
    with pytest.raises(InputError, match=rf"corrections\.yml.*{problem}"):
        cleaned(tmp_path, [FIRST], **correction)


def test_two_sources_that_differ_are_not_silently_chosen(tmp_path):
    with pytest.raises(InputError, match=r"row 3, column \"value\", value \"14900\": doc says 14802"):
        cleaned(tmp_path, [FIRST, LATER])
    revised = LATER | {"obs_status": "revised"}
    assert len(cleaned(tmp_path / "said", [FIRST, revised])) == 2
    other = FIRST | {"published": LATER["published"], "obs_status": "revised"}
    with pytest.raises(InputError, match=r"value \"14900\": doc says 14802"):
        cleaned(tmp_path / "both", [other, revised])  # on one day: which revises which?


@pytest.mark.parametrize(("action", "roles", "value"), CASES["sides"])
def test_one_source_is_preferred_or_none_and_the_other_stays_visible(tmp_path, action, roles, value):
    rows = cleaned(tmp_path, [FIRST, LATER], action=action, match=OF_DOC, over="later")
    assert rows.set_index("source_id")["role"].to_dict() == roles
    assert alternatives(rows)["obs_value"].tolist() == value and revisions(rows).empty


def test_a_new_edition_is_a_revision_that_enters_on_its_own_day(tmp_path):
    rows = cleaned(tmp_path, [FIRST, LATER], action="revision", match=OF_LATER, over="doc")
    table, columns = revisions(rows), ["old_value", "new_value", "change", "new_known_by"]
    assert table[columns].to_numpy().tolist() == [[14802, 14900, 98, "2026-03-01"]]
    seen = {"2025-03-08": [], "2025-03-09": [14802], "2026-02-28": [14802], "2026-03-01": [14900]}
    for day, values in seen.items():
        assert as_of(rows, date.fromisoformat(day))["obs_value"].tolist() == values


def test_an_unknown_date_waits_for_the_day_the_figure_was_seen(tmp_path):
    rows = cleaned(tmp_path, [FIRST | {"published": "", "published_precision": "unknown"}])
    assert as_of(rows, date(2026, 11, 22)).empty and len(as_of(rows, date(2026, 11, 23))) == 1

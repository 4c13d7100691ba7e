"""Declared corrections, and vintages: an edition sees what was certainly public on its as-of date, and the latest of it."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from osw_stats.data.clean import clean
from osw_stats.errors import InputError
from osw_stats.meaning.observations import as_of
from osw_stats.stats.revisions import alternatives, revisions
from osw_stats.yamlfile import read_yaml
from tests.conftest import raw_row, write_raw

CASES = read_yaml(Path(__file__).with_name("rows.yml"))
REASON = {"nl": "De uitgever schreef dit fout.", "en": "The publisher wrote this wrongly."}
FIRST = raw_row()
LATER = raw_row(value="14900", as_reported="14.900", step="1", note="full count", source_id="later")
LATER["published"] = "2026-03-01"
ONE = {"series_id": "police_reports", "time_period": "2024"}
OF_DOC, OF_LATER = (ONE | {"source_id": source} for source in ("doc", "later"))


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
    assert len(cleaned(tmp_path / "said", [FIRST, LATER | {"obs_status": "revised"}])) == 2


@pytest.mark.parametrize(("action", "roles", "value"), CASES["sides"])
def test_one_source_is_preferred_or_none_and_the_other_stays_visible(tmp_path, action, roles, value):
    rows = cleaned(tmp_path, [FIRST, LATER], action=action, match=OF_DOC, over="later")
    assert rows.set_index("source_id")["role"].to_dict() == roles
    assert alternatives(rows)["obs_value"].tolist() == value
    assert revisions(rows).empty


def test_a_new_edition_is_a_revision_that_enters_on_its_own_day(tmp_path):
    rows = cleaned(tmp_path, [FIRST, LATER], action="revision", match=OF_LATER, over="doc")
    table = revisions(rows)
    columns = ["old_value", "new_value", "change", "new_known_by"]
    assert table[columns].to_numpy().tolist() == [[14802, 14900, 98, "2026-03-01"]]
    seen = {"2025-03-08": [], "2025-03-09": [14802], "2026-02-28": [14802], "2026-03-01": [14900]}
    for day, values in seen.items():
        assert as_of(rows, date.fromisoformat(day))["obs_value"].tolist() == values


def test_an_unknown_date_waits_for_the_day_the_figure_was_seen(tmp_path):
    rows = cleaned(tmp_path, [FIRST | {"published": "", "published_precision": "unknown"}])
    assert as_of(rows, date(2026, 11, 22)).empty
    assert len(as_of(rows, date(2026, 11, 23))) == 1

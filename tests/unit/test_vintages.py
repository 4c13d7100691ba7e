"""An edition sees what was certainly public on its as-of date, and the latest of it."""

from datetime import date

import pytest

from osw_stats.analysis.revisions import revisions
from osw_stats.errors import InputError
from osw_stats.sources.clean import clean
from osw_stats.vocabulary.observations import COLUMNS, NAMES, as_of, dictionary, pick
from tests.conftest import raw_row, write_raw


@pytest.fixture
def revised(tmp_path):
    first = raw_row()
    later = raw_row(
        value="14900",
        as_reported="14.900",
        step="1",
        note="full count",
        source_id="later",
        published="2026-03-01",
    )
    root = write_raw(tmp_path, first, later)
    (root / "data/raw/corrections.yml").write_text(
        "- id: new-edition\n  action: revision\n  match: {series_id: police_reports, source_id: later}\n"
        "  over: doc\n  status: acknowledged\n  reason: {nl: Nieuwe uitgave van hetzelfde, en: New edition of the same}\n"
    )
    return clean(root).observations


@pytest.mark.parametrize(
    ("day", "values"),
    [
        (date(2025, 3, 8), []),
        (date(2025, 3, 9), [14802]),
        (date(2026, 2, 28), [14802]),
        (date(2026, 3, 1), [14900]),
    ],
)
def test_a_revision_enters_on_its_own_day(revised, day, values):
    assert as_of(revised, day)["obs_value"].tolist() == values


def test_an_unknown_date_waits_for_the_day_the_figure_was_seen(tmp_path):
    rows = clean(write_raw(tmp_path, raw_row(published="", published_precision="unknown"))).observations
    assert as_of(rows, date(2026, 11, 22)).empty
    assert len(as_of(rows, date(2026, 11, 23))) == 1


def test_asking_for_a_figure_that_is_not_there_says_which(revised):
    with pytest.raises(InputError, match="no figure for series_id=police_reports, time_period=1999"):
        pick(revised, "police_reports", time_period="1999")


def test_the_dictionary_explains_every_column(revised):
    assert dictionary()["column"].tolist() == NAMES == list(revised.columns)
    assert all(c.nl and c.en for c in COLUMNS)


def test_the_police_revised_2018_and_both_values_are_kept(tables):
    table = revisions(tables.vintages).query("series_id == 'police_registered_141' and time_period == '2018'")
    assert table[["old_value", "new_value"]].to_numpy().tolist() == [[8224, 8278]]
    early = as_of(tables.vintages, date(2019, 6, 30)).query("series_id == 'police_registered_141'")
    assert early.set_index("time_period")["obs_value"]["2018"] == 8224

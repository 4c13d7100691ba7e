"""Events: every one with a day, a known document and known series; anything else is refused by row and column."""

import pytest

from osw_stats.errors import InputError
from osw_stats.sources.events import documented, load_events, of_series
from tests.conftest import PROJECT


def test_every_event_has_a_document_the_project_knows(tables):
    events = load_events(PROJECT)
    assert set(events["source_id"]) <= set(tables.sources["source_id"])
    assert documented(events, tables.sources)["document"].notna().all()
    assert events["start"].is_monotonic_increasing


def test_an_event_is_drawn_on_its_series_and_a_statement_on_none():
    events = load_events(PROJECT)
    assert "law-2024" in set(of_series(events, "police_reports")["event_id"])
    assert set(of_series(events, "helpwanted_requests")["event_id"]) == {"lockdown-2020", "hours-2022"}
    assert "police-said-2024-h1" not in set(of_series(events, "police_reports_half_year")["event_id"])


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("law-2024,law,", "law-2024,storm,", "kind", "is unknown"),
        ("2024-07-01,2024-07-01", "2024-07-01,2024-06-01", "end", "lies before the start"),
        ("2024-07-01,2024-07-01", "2024-13-01,2024-07-01", "start", "is not a date"),
        (",rapport-2025,4.2", ",no-such,4.2", "source_id", "is not described"),
        ("police_* cbs_registered_*,Wet", "polis_*,Wet", "series", "fits no series"),
        (",Sexual Offences Act,", ",,", "en", "is empty"),
        ("hours-2022,opening", "law-2024,opening", "event_id", "this id stands twice"),
    ],
)
def test_a_wrong_event_is_named(project, old, new, column, problem):
    path = project / "data" / "raw" / "events" / "events.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=rf'events\.csv, row \d+, column "{column}".*{problem}'):
        load_events(project)

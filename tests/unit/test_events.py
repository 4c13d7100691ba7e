"""Events: every one with a day, a known document and known series; anything else is refused by row and column."""

import shutil

import pandas as pd
import pytest

from osw_stats.data.coded.events import documented, load_events, of_series
from osw_stats.draw.forms import key, lettered
from osw_stats.errors import InputError
from osw_stats.meaning.series import catalogue
from tests.conftest import PROJECT


def test_every_event_has_a_document_the_project_knows(tables):
    events = load_events(PROJECT)
    assert set(events["source_id"]) <= set(tables.sources["source_id"])
    assert documented(events, tables.sources)["document"].notna().all()
    assert events["start"].is_monotonic_increasing


def test_an_event_is_drawn_on_its_series_and_a_statement_on_none():
    events = load_events(PROJECT)
    assert "law-2024" in set(of_series(events, "police_reports")["event_id"])
    drawn = of_series(events, "helpwanted_requests")
    assert {"lockdown-2020", "hours-2022"} <= set(drawn["event_id"])
    assert drawn["series"].str.contains("helpwanted_").all()
    assert "police-said-2024-h1" not in set(of_series(events, "police_reports_half_year")["event_id"])


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2024-07-01", "2024-07-01", "2024-07-01"),
        ("2022-01-01", "2022-12-31", "2022"),
        ("2025-09-01", "2025-09-09", "2025-09"),
        ("2020-04-01", "2020-05-31", "2020-04/05"),
        ("2025-12-29", "2026-03-26", "2025-12/2026-03"),
    ],
)
def test_the_key_of_a_chart_says_when(start, end, told):
    events = pd.DataFrame([{"kind": "law", "start": start, "end": end, "en": "an event"}])
    assert key(lettered(events), "en") == f"a an event ({told})"


def test_where_a_law_changed_what_comes_in_the_series_it_is_drawn_on_hold_the_break():
    """An event of a law and the breaks of the series are typed apart; they name the same day."""
    events = load_events(PROJECT)
    law = events[events["event_id"].eq("scanning-2026")].iloc[0]
    broken = [s for s in catalogue().values() if any(b.at == law["start"] for b in s.breaks)]
    assert {s.series_id.split("_")[0] for s in broken} == {"police", "meldpunt", "inhope"}
    for s in broken:
        assert "scanning-2026" in set(of_series(events, s.series_id)["event_id"])
        assert s.homogeneous is False or s.definition_id("2026-Q1") != s.definition_id("2026-Q2")


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("law-2024,law,", "law-2024,storm,", "kind", "allowed values"),
        ("2024-07-01,2024-07-01", "2024-07-01,2024-06-01", "end", "lies before the start"),
        ("2024-07-01,2024-07-01", "2024-13-01,2024-07-01", "start", "is not a date"),
        (",rapport-2025,4.2", ",no-such,4.2", "source_id", "allowed values"),
        ("police_* cbs_registered_*,Wet", "polis_*,Wet", "series", "fits no series"),
        (",Sexual Offences Act,", ",,", "en", "is empty"),
        ("hours-2022,opening", "law-2024,opening", "event_id", "this id stands twice"),
    ],
)
def test_a_wrong_event_is_named(tmp_path, old, new, column, problem):
    folder = shutil.copytree(PROJECT / "data/raw/events", tmp_path / "data/raw/events")
    text = (folder / "events.csv").read_text(encoding="utf-8")
    assert old in text
    (folder / "events.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=rf'events\.csv, row \d+, column "{column}".*{problem}'):
        load_events(tmp_path)

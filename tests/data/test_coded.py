"""What was coded by hand: the files that are shipped, the rules, a SIMULATED second coder, every kind of bad row."""

import re
import shutil
from datetime import date

import pandas as pd
import pytest

from osw_stats.data.coded import documented, load_answers, load_deadlines, load_events, of_series
from osw_stats.data.rows import FORMS
from osw_stats.draw.forms import dated
from osw_stats.errors import InputError
from osw_stats.meaning.authorities import AUTHORITIES, CODES, QUESTIONS
from osw_stats.meaning.series import catalogue
from osw_stats.stats.capacity import authorities, budgets
from osw_stats.stats.capacity import gaps as capacity
from tests.cases import beside
from tests.conftest import PROJECT

FOLDER = "data/raw/authorities"
CASES = beside(__file__, "rows.yml")


@pytest.fixture(scope="module")
def coded():
    return load_deadlines(PROJECT)


def test_twelve_bodies_and_five_questions_each_with_a_place_and_what_the_report_says_of_them():
    answers = load_answers(PROJECT)
    assert len(answers) == 60
    assert set(answers["body"]) == {a.code for a in AUTHORITIES.values() if a.asked}
    assert (answers["place"] != "").all()
    assert (answers.loc[answers["code"] >= 2, "quote"] != "").all()
    # 1.20: two bodies were not willing; the annex holds eight records
    matrix = authorities.matrix(answers).set_index("body")[[f"q{q}" for q in QUESTIONS]]
    assert (matrix.loc[["om", "jv"]] == 0).all(axis=None)
    assert (matrix.loc[["ec", "regeringscommissaris"]] == 9).all(axis=None)
    assert matrix.max(axis=1).isin([2, 3, 4]).sum() == 8
    # nobody named the number of reports for the whole subject
    summary = authorities.coverage(answers).set_index("question")
    assert summary.loc[3, "code4"] == 0
    assert (summary[[f"code{c}" for c in CODES]].sum(axis=1) == 12).all()


@pytest.fixture
def raw(tmp_path):
    """A project with nothing but the folder of what was coded by hand."""
    shutil.copytree(PROJECT / FOLDER, tmp_path / FOLDER)
    return tmp_path


def test_a_second_coders_file_is_found_by_its_record(raw):
    """SIMULATED second coding: the first once more."""
    for name in ("answers_second.csv", "answers_second.source.yml"):
        text = (raw / FOLDER / name.replace("second", "first")).read_text(encoding="utf-8")
        text = re.sub("(?m)^sha256: .*$", "", text.replace(",first,", ",second,"))
        (raw / FOLDER / name).write_text(text.replace("answers_first", "answers_second"), encoding="utf-8")
    both = load_answers(raw)
    assert set(both["coder"]) == {"first", "second"}
    assert authorities.agreement(both)[0]["agreed"].eq(60).all()


@pytest.mark.parametrize("case", CASES["bad_coding"], ids=lambda c: f"{c[0]}-{c[4]}")
def test_a_bad_row_is_named_with_its_place(raw, case):
    name, row, typed, value, column, problem = case
    path = raw / FOLDER / f"{name}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    if typed:
        rows.loc[row - 1, typed] = value
    else:  # a row is left out, or occurs twice
        rows = rows[:row] if row < 0 else pd.concat([rows, rows[row - 1 : row]])
    rows.to_csv(path, index=False)
    place = rf'csv, row \d+, column "{column}"' if column else "csv"
    with pytest.raises(InputError, match=rf"^{FOLDER}/{name}\.{place}.*{problem}"):
        (load_answers if name == "answers_first" else load_deadlines)(raw)


def test_the_heading_is_the_one_of_the_codebook():
    book = (PROJECT / "docs/codebook.md").read_text(encoding="utf-8")
    for column in FORMS["answers"]:
        assert f"`{column}`" in book


def test_the_dates_are_those_of_the_report(coded):
    table = coded[0].set_index("id")[["date_earliest", "date_latest"]]
    assert table.T.to_dict("list") == CASES["dates"]


def test_the_calendar_alone_never_makes_anything_missed(coded):
    table, evidence = coded
    nothing = evidence.iloc[:0]
    for as_of in (date(2025, 3, 21), date(2026, 11, 23), date(2030, 1, 1)):
        found = authorities.deadlines(table, nothing, as_of)
        assert set(found["status"]) <= {"open", "not_found"}
        later = found[(found["date_latest"] != "") & (found["date_latest"] < as_of.isoformat())]
        assert (later["status"] == "not_found").all()


@pytest.mark.parametrize(("deadline", "day", "status"), CASES["status"])
def test_the_status_depends_on_the_as_of_date(coded, deadline, day, status):
    table = authorities.deadlines(*coded, date.fromisoformat(day)).set_index("id")
    assert table.loc[deadline, "status"] == status


@pytest.mark.parametrize(("finding", "read", "day", "wanted"), CASES["not_read"])
def test_what_was_not_read_to_its_end_settles_only_what_it_says(finding, read, day, wanted):
    """SIMULATED evidence on a deadline of 1 January 2026."""
    row = {"finding": finding, "published": "2026-02-01", "done_on": "2025-12-01", "read": read}
    deadline = {"id": "x", "date_earliest": "2026-01-01", "date_latest": "2026-01-01"}
    found = authorities.status(deadline, pd.DataFrame([row]), date.fromisoformat(day))
    assert found["status"] == wanted


def test_amounts_that_overlap_are_told_and_not_added(observations):
    sums = budgets.overlap_sums(observations).set_index("name")["eur"]
    assert sums[["whole", "added_up", "rest", "fitting"]].tolist() == [27.5e6, 55e6, 7.5e6, 7.5e6]
    parts = budgets.overlap(observations)
    assert set(parts.loc[parts["relation"] == "part_of", "of"]) <= set(parts["item"])


def test_what_was_not_published_is_no_zero(observations):
    table = capacity.side_by_side(capacity.fte(observations)).set_index("body")
    assert list(table.index) == list(AUTHORITIES)
    silent = ["om", "ec", "sdt", "nr", "college", "ez", "jv", "regeringscommissaris"]
    assert table.loc[silent, ["occupied", "formation", "met", "needed"]].isna().all(axis=None)


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


@pytest.mark.parametrize(("start", "end", "told"), CASES["told"])
def test_the_words_of_a_chart_say_when(start, end, told):
    events = pd.DataFrame([{"kind": "law", "start": start, "end": end, "en": "an event"}])
    assert dated(events, "en") == f"an event ({told})"


def test_where_a_law_changed_what_comes_in_the_series_it_is_drawn_on_hold_the_break():
    """An event of a law and the breaks of the series are typed apart; they name the same day."""
    events = load_events(PROJECT)
    law = events[events["event_id"].eq("scanning-2026")].iloc[0]
    broken = [s for s in catalogue().values() if any(b.at == law["start"] for b in s.breaks)]
    assert {s.series_id.split("_")[0] for s in broken} == {"police", "meldpunt", "inhope"}
    for s in broken:
        assert "scanning-2026" in set(of_series(events, s.series_id)["event_id"])
        assert s.homogeneous is False or s.definition_id("2026-Q1") != s.definition_id("2026-Q2")

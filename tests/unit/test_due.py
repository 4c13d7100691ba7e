"""When a figure is due. The vintages here are made up; every date is worked out by hand beside it."""

from datetime import date

import pandas as pd
import pytest

from osw_stats.analysis.due import STATUSES, due, since_last

BASE = {
    "series_id": "police_reports", "publisher": "Politie", "sex": "total", "age": "total", "region": "NL",
    "breakdown": "", "obs_value": 1.0, "obs_status": "normal", "role": "main", "locator": "p. 1",
    "published_precision": "day",
}  # fmt: skip


def figure(period, known_by, source, **other):
    return BASE | {"time_period": period, "known_by": known_by, "source_id": source} | other


# out 60 and 90 days after the end of their year
YEARLY = [figure("2022", "2023-03-01", "a"), figure("2023", "2024-03-30", "b")]


def status(rows, year, day, **where):
    frame = pd.DataFrame(rows)
    as_of = date.fromisoformat(day)
    found = due(frame, frame[frame["known_by"] <= day], year, as_of)
    for column, value in where.items():
        found = found[found[column] == value]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-02-28", "expected"), ("2025-03-01", "due"), ("2025-03-31", "due"), ("2025-04-01", "overdue")],
)
def test_due_from_the_shortest_and_overdue_after_the_longest_earlier_delay(day, expected):
    row = status(YEARLY, 2024, day)
    # 2024-12-31 + 60 and + 90 days
    assert (row["due_from"], row["due_by"], row["lags"]) == ("2025-03-01", "2025-03-31", 2)
    assert row["status"] == expected


def test_a_figure_that_is_there_is_there():
    rows = [*YEARLY, figure("2024", "2025-03-10", "c")]
    assert status(rows, 2024, "2025-06-01")["status"] == "there"


def test_only_the_newest_period_of_a_document_counts_for_the_delay():
    # document b prints 2021 once more: 820 days after that year, which is no delay of anything
    row = status([*YEARLY, figure("2021", "2024-03-30", "b")], 2024, "2025-02-01")
    assert (row["lags"], row["due_by"]) == (2, "2025-03-31")


def test_what_came_out_after_the_as_of_date_is_not_known():
    later = figure("2024", "2025-09-01", "c")
    row = status([*YEARLY, later], 2024, "2025-04-01")
    assert (row["status"], row["lags"]) == ("overdue", 2)


def test_without_a_date_of_publication_there_is_no_due_date():
    rows = [r | {"published_precision": "unknown"} for r in YEARLY]
    row = status(rows, 2024, "2026-01-01")
    assert (row["status"], row["due_from"], row["due_by"]) == ("undated", "", "")


def test_a_date_known_to_the_year_says_nothing_of_the_day():
    assert status([r | {"published_precision": "year"} for r in YEARLY], 2024, "2026-01-01")["lags"] == 0


def test_one_period_does_not_make_a_yearly_series():
    row = status(YEARLY[:1], 2024, "2026-01-01")
    assert (row["status"], row["reason"]) == ("uncertain", "once")


def test_a_series_of_long_ago_may_not_come_back():
    row = status(YEARLY, 2029, "2030-12-01")
    assert (row["status"], row["reason"]) == ("uncertain", "long_ago")


def test_a_survey_in_waves_misses_no_year_between_waves():
    rows = [figure(y, f"{int(y) + 1}-01-10", y, series_id="cbs_osi_12m", publisher="CBS/WODC") for y in ("2020", "2022", "2024")]  # fmt: skip
    row = status(rows, 2025, "2026-06-01")
    assert (row["status"], row["reason"]) == ("no_wave", "2")
    assert status(rows, 2026, "2027-06-01")["status"] == "overdue"


def test_two_waves_are_no_rhythm():
    rows = [figure(y, f"{int(y) + 1}-01-10", y) for y in ("2020", "2022")]
    assert status(rows, 2023, "2024-06-01")["status"] == "overdue"


def test_what_the_publisher_says_it_does_not_register_is_not_waited_for():
    rows = [*YEARLY, figure("2024", "2025-03-10", "c", obs_value=float("nan"), obs_status="not_registered")]
    for year in (2024, 2025):
        row = status(rows, year, "2026-06-01")
        assert (row["status"], row["reason"]) == ("missing", "not_registered")


def test_what_was_only_not_found_is_still_waited_for():
    rows = [*YEARLY, figure("2024", "2025-03-10", "c", obs_value=float("nan"), obs_status="not_found")]
    assert status(rows, 2025, "2026-06-01")["status"] == "overdue"


def test_half_years_are_waited_for_apart():
    rows = [*YEARLY, figure("2023-H1", "2023-09-15", "h"), figure("2022-H1", "2022-09-15", "i")]
    row = status(rows, 2024, "2024-10-01", period="2024-H1")
    assert (row["status"], row["due_by"]) == ("overdue", "2024-09-15")


def test_an_ended_series_is_said_to_be_ended():
    rows = [figure(y, f"{int(y) + 1}-07-01", y, series_id="csg_victims") for y in ("2018", "2019")]
    assert status(rows, 2024, "2025-07-01")["status"] == "ended"


def test_the_project_itself_gives_every_series_of_the_year_one_known_state(tables):
    found = due(tables.vintages, tables.observations, 2025, tables.edition.as_of)
    assert set(found["status"]) <= set(STATUSES)
    assert not found.duplicated(["series", "period"]).any()
    dated = found[found["due_from"] != ""]
    assert (dated["due_from"] <= dated["due_by"]).all()
    reports = found.set_index(["series", "period"]).loc[("police_reports", "2025")]
    # 9 March 2025 is 68 days after 2024; 68 days after 2025 is 9 March 2026
    assert (reports["status"], reports["due_by"]) == ("overdue", "2026-03-09")


def test_rows_stand_by_status_and_are_counted_from_nothing():
    rows = [*YEARLY, figure("2023", "2024-03-30", "c", series_id="ap_complaints", publisher="AP")]
    frame = pd.DataFrame(rows)
    found = due(frame, frame, 2024, date(2025, 6, 1))
    assert found.index.tolist() == list(range(len(found)))
    places = [STATUSES.index(s) for s in found["status"]]
    assert places == sorted(places)
    assert len(set(places)) > 1


def asked(rows, year, day="2027-06-01"):
    frame = pd.DataFrame(rows)
    found = since_last(frame, frame[frame["known_by"] <= day], year, date.fromisoformat(day))
    return found.loc[found["status"] != "no_wave", "period"].sort_values().tolist()


@pytest.mark.parametrize(
    ("there", "year", "periods"),
    [
        (("2022", "2023"), 2023, []),
        (("2022", "2023"), 2024, ["2024"]),
        (("2022", "2023"), 2026, ["2024", "2025", "2026"]),
        (("2022", "2023", "2025"), 2025, []),
        (("2022", "2023", "2025"), 2026, ["2026"]),
        (("2010", "2012"), 2026, []),  # of long ago
        (("2023-H1", "2024-H1"), 2026, ["2025-H1", "2026-H1"]),
        (("2023-H1", "2023-H2", "2024-H1"), 2025, ["2024-H2", "2025-H1", "2025-H2"]),
        (("2025-07", "2025-08", "2025-09"), 2025, ["2025-10", "2025-11", "2025-12"]),
        (("2024-11", "2024-12", "2025-01"), 2025, [f"2025-{n:02d}" for n in range(2, 13)]),
        (("2024-01", "2024-02"), 2025, ["2025-01", "2025-02"]),  # two months are no rhythm
        (("2024-Q3", "2024-Q4", "2025-Q1"), 2025, ["2025-Q2", "2025-Q3", "2025-Q4"]),
        (("2023", "2024-H1"), 2025, ["2024", "2025", "2025-H1"]),  # a whole year beside a half one
    ],
)
def test_every_period_since_the_last_figure_is_asked_for(there, year, periods):
    rows = [figure(p, f"{int(p[:4]) + 1}-02-01", p) for p in there]
    assert asked(rows, year) == periods


def test_waves_that_were_passed_over_are_asked_for_and_years_between_are_not():
    rows = [figure(y, f"{int(y) + 1}-01-10", y, series_id="cbs_osi_12m", publisher="CBS/WODC") for y in ("2020", "2022", "2024")]  # fmt: skip
    assert asked(rows, 2027, "2028-06-01") == ["2026"]


def test_a_series_that_ended_is_asked_for_up_to_its_end():
    rows = [figure(y, f"{int(y) + 1}-07-01", y, series_id="csg_victims") for y in ("2017", "2018")]
    found = pd.DataFrame(rows)
    table = since_last(found, found, 2021, date(2022, 1, 1))
    assert table.loc[table["status"] != "ended", "period"].tolist() == ["2019"]


def test_a_period_that_was_only_not_found_is_asked_for_again():
    nothing = figure("2024", "2025-03-10", "c", obs_value=float("nan"), obs_status="not_found")
    assert asked([*YEARLY, nothing], 2025) == ["2024", "2025"]
    assert asked([*YEARLY, nothing | {"obs_status": "not_registered"}], 2025) == ["2025"]

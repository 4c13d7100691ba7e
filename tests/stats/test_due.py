"""When a figure is due. The vintages here are made up; every date is worked out by hand beside it."""

from datetime import date
from math import nan
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.stats.coverage import STATUSES, due, since_last
from osw_stats.yamlfile import read_yaml

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
BASE = {"series_id": "police_reports", "publisher": "Politie", "region": "NL", "obs_value": 1.0}
BASE |= {"obs_status": "normal", "role": "main", "locator": "p. 1", "published_precision": "day"}
SURVEY = {"series_id": "cbs_osi_12m", "publisher": "CBS/WODC"}


def figure(period, known_by, source, **other):
    return BASE | {"time_period": period, "known_by": known_by, "source_id": source} | other


def waves(*years, out="03-31", **other):
    return [figure(str(year), f"{year + 1}-{out}", str(year), **other) for year in years]


# out 60 and 90 days after the end of their year
YEARLY = [figure("2022", "2023-03-01", "a"), figure("2023", "2024-03-30", "b")]
AGAIN = figure("2021", "2024-03-30", "b")  # printed once more, 820 days after its year: no delay of anything
UNDATED, TO_THE_YEAR = ([row | {"published_precision": p} for row in YEARLY] for p in ("unknown", "year"))
NOT_FOUND = figure("2024", "2025-03-10", "c", obs_value=nan, obs_status="not_found")
NOT_REGISTERED = NOT_FOUND | {"obs_status": "not_registered"}
HALVES = [*YEARLY, figure("2023-H1", "2023-09-15", "h"), figure("2022-H1", "2022-09-15", "i")]
ENDED = [figure(y, f"{int(y) + 1}-07-01", y, series_id="csg_victims") for y in ("2018", "2019")]
# ten and twenty days after the end of their year
SOON = [figure("2022", "2023-01-10", "a"), *(figure(y, "2024-01-20", "b") for y in ("2023", "2022"))]


@pytest.mark.parametrize(
    ("rows", "year", "day", "wanted"),
    [
        # 2024-12-31 + 60 and + 90 days
        (YEARLY, 2024, "2025-02-28", "status=expected due_from=2025-03-01 due_by=2025-03-31 lags=2"),
        (YEARLY, 2024, "2025-03-01", "status=due"),
        (YEARLY, 2024, "2025-03-31", "status=due"),
        (YEARLY, 2024, "2025-04-01", "status=overdue last_period=2023 source_id=b"),
        (SOON, 2024, "2025-01-15", "status=due due_from=2025-01-10 due_by=2025-01-20 lags=2"),
        ([*YEARLY, figure("2024", "2025-03-10", "c")], 2024, "2025-06-01", "status=there"),
        ([*YEARLY, AGAIN], 2024, "2025-02-01", "lags=2 due_by=2025-03-31"),
        # what came out after the as-of date is not known
        ([*YEARLY, figure("2024", "2025-09-01", "c")], 2024, "2025-04-01", "status=overdue lags=2"),
        (UNDATED, 2024, "2026-01-01", "status=undated due_from= due_by="),
        (TO_THE_YEAR, 2024, "2026-01-01", "lags=0"),  # says nothing of the day
        (YEARLY[:1], 2024, "2026-01-01", "status=uncertain reason=once"),
        (YEARLY, 2029, "2030-12-01", "status=uncertain reason=long_ago"),
        (YEARLY, 2028, "2030-12-31", "status=overdue"),
        ([*YEARLY, NOT_REGISTERED], 2024, "2026-06-01", "status=missing reason=not_registered"),
        ([*YEARLY, NOT_REGISTERED], 2025, "2026-06-01", "status=missing reason=not_registered"),
        ([*YEARLY, NOT_FOUND], 2025, "2026-06-01", "status=overdue"),  # still waited for
        (HALVES, "2024-H1", "2024-10-01", "status=overdue due_by=2024-09-15"),
        (ENDED, 2024, "2025-07-01", "status=ended reason=2019"),
        # three waves at equal distances are a rhythm, of a survey every two years and of no other
        (waves(2018, 2020, 2022, **SURVEY), 2023, "2027-12-31", "status=no_wave reason=2"),
        (waves(2018, 2020, 2022, **SURVEY), 2024, "2027-12-31", "status=overdue"),
        (waves(2018, 2020, 2022), 2025, "2027-12-31", "status=no_wave"),
        (waves(2020, 2022), 2023, "2026-12-31", "status=overdue"),
        (waves(2018, 2020, 2021, 2023), 2024, "2026-12-31", "status=overdue"),
        (waves(2021, 2022, 2023), 2024, "2026-12-31", "status=overdue"),
    ],
)
def test_the_status_of_a_figure(rows, year, day, wanted):
    frame = pd.DataFrame(rows)
    table = due(frame, frame[frame["known_by"] <= day], int(str(year)[:4]), date.fromisoformat(day))
    (row,) = table[table["period"] == str(year)].to_dict("records")
    columns = [cell.partition("=")[0] for cell in wanted.split()]
    assert " ".join(f"{column}={row[column]}" for column in columns) == wanted


def test_it_begins_with_the_first_year_of_a_series_and_rows_stand_by_status():
    other = figure("2023", "2024-03-30", "c", series_id="ap_complaints", publisher="AP")
    frame = pd.DataFrame([*YEARLY, other])
    assert due(frame, frame, 2021, date(2026, 1, 1)).empty
    assert len(due(frame, frame, 2022, date(2026, 1, 1))) == 1
    found = due(frame, frame, 2024, date(2025, 6, 1))
    assert found.index.tolist() == [0, 1]
    places = [STATUSES.index(status) for status in found["status"]]
    assert places == sorted(set(places))


def test_the_project_itself_gives_every_series_of_the_year_one_known_state(tables):
    found = due(tables.vintages, tables.observations, 2025, tables.edition.as_of)
    assert set(found["status"]) <= set(STATUSES)
    assert not found.duplicated(["series", "period"]).any()
    dated = found[found["due_from"] != ""]
    assert (dated["due_from"] <= dated["due_by"]).all()
    reports = found.set_index(["series", "period"]).loc[("police_reports", "2025")]
    # 9 March 2025 is 68 days after 2024; 68 days after 2025 is 9 March 2026
    assert (reports["status"], reports["due_by"]) == ("overdue", "2026-03-09")


@pytest.mark.parametrize(
    ("rows", "year", "day", "periods"),
    [
        *(
            (
                [figure(p, f"{int(p[:4]) + 1}-02-01", p) for p in there.split()],
                year,
                "2027-06-01",
                periods.split(),
            )
            for there, year, periods in CASES["since_last"]
        ),
        # waves that were passed over, and no year between
        (waves(2020, 2022, 2024, out="01-10", **SURVEY), 2027, "2028-06-01", ["2026"]),
        # a series that ended, up to its end
        (waves(2017, 2018, out="07-01", series_id="csg_victims"), 2021, "2022-01-01", ["2019"]),
        # what was only not found is asked for again
        ([*YEARLY, NOT_FOUND], 2025, "2027-06-01", ["2024", "2025"]),
        ([*YEARLY, NOT_REGISTERED], 2025, "2027-06-01", ["2025"]),
    ],
)
def test_every_period_since_the_last_figure_is_asked_for(rows, year, day, periods):
    frame = pd.DataFrame(rows)
    found = since_last(frame, frame[frame["known_by"] <= day], year, date.fromisoformat(day))
    assert found.loc[~found["status"].isin(["no_wave", "ended"]), "period"].sort_values().tolist() == periods

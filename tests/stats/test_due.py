"""When a figure is due. The vintages here are made up; every date is worked out by hand beside it."""

from datetime import date
from pathlib import Path

import pandas as pd

from osw_stats.stats.coverage import STATUSES, due, since_last
from osw_stats.yamlfile import read_yaml
from tests.cases import table

VINTAGES = read_yaml(Path(__file__).with_name("cases.yml"))["vintages"]
BASE = {"series_id": "police_reports", "publisher": "Politie", "region": "NL", "obs_value": 1.0}
BASE |= {"obs_status": "normal", "role": "main", "locator": "p. 1", "published_precision": "day"}


def vintages(rows):
    """Return figures by period, the day they were known, source, and what else is said of them."""
    figures = [
        BASE | {"time_period": str(period), "known_by": day, "source_id": str(source)} | dict(*more)
        for period, day, source, *more in rows
    ]
    return pd.DataFrame(figures)


def named(names):
    """Return the figures that stand under these names beside the cases."""
    return vintages([row for name in names.split() for row in VINTAGES[name]])


@table(__file__, "due", "names year day wanted")
def test_the_status_of_a_figure(names, year, day, wanted):
    frame = named(names)
    table = due(frame, frame[frame["known_by"] <= day], int(str(year)[:4]), date.fromisoformat(day))
    (row,) = table[table["period"] == str(year)].to_dict("records")
    columns = [cell.partition("=")[0] for cell in wanted.split()]
    assert " ".join(f"{column}={row[column]}" for column in columns) == wanted


def test_it_begins_with_the_first_year_of_a_series_and_rows_stand_by_status():
    frame = named("yearly other")
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


def asked(frame, year, day):
    """Return the periods since the last figure that are asked for."""
    found = since_last(frame, frame[frame["known_by"] <= day], year, date.fromisoformat(day))
    return found.loc[~found["status"].isin(["no_wave", "ended"]), "period"].sort_values().tolist()


@table(__file__, "since_last", "there year periods")
def test_every_period_since_the_last_figure_is_asked_for(there, year, periods):
    frame = vintages([(period, f"{int(period[:4]) + 1}-02-01", period) for period in there.split()])
    assert asked(frame, year, "2027-06-01") == periods.split()


@table(__file__, "since_last_of", "names year day periods")
def test_no_wave_between_nothing_after_an_end_and_again_what_was_not_found(names, year, day, periods):
    assert asked(named(names), year, day) == periods.split()

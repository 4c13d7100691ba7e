"""Parts of a year against the year, and figures that a publisher gave after the press."""

from datetime import date

import pandas as pd
import pytest

from osw_stats.data.arithmetic import misfits
from osw_stats.data.clean import clean
from osw_stats.data.edition import load_tables
from osw_stats.meaning.observations import as_of, records
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import catalogue
from osw_stats.project import editions
from osw_stats.stats.coverage import STALE_AFTER, stale
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def observations():
    return clean(PROJECT).observations


SERIES = {
    "reports": "police_reports",
    "half": "police_reports_half_year",
    "harassed": "police_reports_public_harassment",
    "online": "police_reports_public_harassment_online",
    "street": "police_reports_public_harassment_street",
    "meldpunt": "meldpunt_reports",
    "origin": "meldpunt_reports_origin",
}


def table(text, known_by="2025-01-01"):
    """Return the figures of a text such as "reports 2024 100; half 2024-H1 60-70; origin 2021 4 origin=abroad"."""
    rows = []
    for series, period, value, *part in (figure.split() for figure in text.split("; ")):
        low, _, high = value.partition("-")
        row = {"series_id": SERIES[series], "time_period": period, "breakdown": "".join(part)}
        rows.append(row | {"obs_value": float(low), "lower": float(low), "upper": float(high or low)})
    same = {"sex": "total", "age": "total", "region": "NL", "role": "main", "known_by": known_by}
    return pd.DataFrame(rows).assign(**same)


def months(last):
    return "; ".join(f"reports 2024-{n:02} 9" for n in range(1, last + 1))


@pytest.mark.parametrize(
    ("figures", "fits"),
    [
        ("reports 2024 100; half 2024-H1 60; half 2024-H2 40", True),
        ("reports 2024 100; half 2024-H1 60; half 2024-H2 30", False),
        ("reports 2024 100; half 2024-H1 60; half 2024-H2 30-50", True),
        ("reports 2024 100; half 2024-H1 60", True),
        ("reports 2024 100; " + "; ".join(f"reports 2024-Q{n} 26" for n in (1, 2, 3, 4)), False),
        (f"reports 2024 100; {months(12)}", False),
        (f"reports 2024 100; {months(11)}", True),
        ("harassed 2024 298; online 2024 63; street 2024 235", True),
        ("harassed 2024 298; online 2024 63; street 2024 230", False),
        ("harassed 2024 298; online 2024 63", True),
        ("meldpunt 2021 9; origin 2021 4 origin=abroad; origin 2021 4 origin=netherlands", False),
    ],
)
def test_parts_add_up_or_are_named(figures, fits):
    assert (not misfits(table(figures))) == fits


@pytest.mark.parametrize(
    ("years", "halves", "fits"),
    [
        ({"2025-03": 100, "2027-09": 113}, "2026-09", True),  # revised since: the halves are those of then
        ({"2025-03": 100, "2026-01": 113}, "2026-09", False),  # revised before they came out
        ({"2026-10": 113, "2027-09": 120}, "2026-09", False),
        ({"2026-10": 100, "2027-09": 120}, "2026-09", True),
    ],
)
def test_a_year_revised_after_its_parts_need_only_fit_them_as_it_was(years, halves, fits):
    counts = [table(f"reports 2024 {count}", day) for day, count in years.items()]
    figures = pd.concat([*counts, table("half 2024-H1 60; half 2024-H2 40", halves)], ignore_index=True)
    assert (not misfits(figures)) == fits


def test_the_rounded_half_year_of_the_press_would_have_failed(observations):
    """The half year of a news agency beside the exact first half: one of the two is wrong."""
    assert not misfits(observations)
    half = observations["series_id"].eq("police_reports_half_year") & observations["time_period"].eq(
        "2024-H2"
    )
    assert half.sum() > 1  # the one of the press is kept
    pressed = observations.drop(observations[half].sort_values("known_by").index[-1])
    assert {r["series_id"] for r in misfits(pressed)} == {"police_reports_half_year"}


def test_a_whole_that_a_series_names_is_a_series_of_the_same_unit():
    for s in catalogue().values():
        assert not s.part_of or catalogue()[s.part_of].unit == s.unit, s.series_id


def test_where_the_publisher_gave_its_own_figure_the_press_is_an_earlier_edition(observations):
    """An edition sees the press until the publisher's own figure was public, and that one from then on."""
    series = {"police_reports_half_year", "police_complaints_half_year"}
    rows = observations[observations["series_id"].isin(series) & observations["role"].eq("main")]
    twice = rows[rows.duplicated(["series_id", "time_period"], keep=False)]
    assert len(twice)
    for (name, period), both in twice.groupby(["series_id", "time_period"]):
        first, last = (both.sort_values("known_by").iloc[at] for at in (0, -1))
        for row, shown in ((first, first), (last, last)):
            seen = as_of(observations, date.fromisoformat(row["known_by"]))
            (found,) = records(seen[seen["series_id"].eq(name) & seen["time_period"].eq(period)])
            assert found["source_id"] == shown["source_id"]
        assert last["source_id"].startswith("politie")


def test_an_estimated_year_is_normal_once_a_later_documents_it(observations):
    newest = load_tables(editions(PROJECT)[-1], PROJECT).observations
    wanted = "series_id == 'police_csam_reports' and time_period == '2024'"
    assert set(observations.query(wanted)["obs_status"]) == {"estimated", "normal"}
    (seen,) = records(newest.query(wanted))
    assert (seen["obs_status"], seen["lower"] < seen["upper"]) == ("normal", True)


def test_a_percentage_without_a_count_stays_without_one(observations):
    """What the police said of online abuse in 2025 is a change; no row turns it into reports."""
    rows = observations[observations["source_id"].eq("politie-2026-01-13")]
    assert set(rows["unit_measure"]) == {"percent"}
    assert not rows["as_reported"].str.contains(r"\b(?:12|5) procent").any()


def test_series_that_fell_silent_are_listed_and_ended_ones_are_not():
    for year in editions(PROJECT):
        tables = load_tables(year, PROJECT)
        day = tables.edition.as_of
        found = tables.stale()
        assert list(found.columns) == ["series", "time_period"]
        for row in records(found):
            assert (day - parse_period(row["time_period"]).end).days > 365 * STALE_AFTER
            assert not catalogue()[row["series"]].ended
        values = tables.vintages.query("known_by <= @day.isoformat() and obs_value.notna()")
        ends = values["time_period"].map(lambda period: parse_period(period).end.isoformat())
        assert not set(found["series"]) & set(values.loc[ends > f"{day.year - 1}-12-30", "series_id"])


def test_the_end_of_a_period_counts_and_a_range_is_a_figure():
    known = pd.DataFrame(
        {
            "series_id": ["ap_fines", "ap_staff"],
            "time_period": ["2022-H2", "2022"],
            "obs_value": [6.0, float("nan")],
            "lower": [6.0, 190.0],
        }
    )
    assert stale(known, date(2024, 12, 31)).empty
    assert list(stale(known, date(2025, 1, 1))["series"]) == ["ap_fines", "ap_staff"]

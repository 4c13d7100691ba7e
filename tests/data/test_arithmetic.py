"""Figures that others imply: parts of a year against the year, and changes against their two counts.

Sheets are filled by half in every way. Counts and percentages are drawn; what must come out is worked out here in fractions.
"""

import csv
import shutil
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osw_stats.data.arithmetic import contradicted, misfits, with_changes
from osw_stats.data.clean import clean
from osw_stats.data.edition import load_tables
from osw_stats.data.quality import judge
from osw_stats.data.record import record_new
from osw_stats.data.sheets.form import FIELDS, key
from osw_stats.meaning.observations import as_of, published, records, validate
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.series import catalogue
from osw_stats.project import editions
from osw_stats.stats.coverage import STALE_AFTER, stale
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT, raw_row, write_raw


@pytest.fixture(scope="module")
def observations():
    return clean(PROJECT).observations


CASES = read_yaml(Path(__file__).with_name("arithmetic.yml"))


def table(text, known_by="2025-01-01"):
    """Return the figures of a text such as "reports 2024 100; half 2024-H1 60-70; origin 2021 4 origin=abroad"."""
    rows = []
    for series, period, value, *part in (figure.split() for figure in text.split("; ")):
        low, _, high = value.partition("-")
        row = {"series_id": CASES["series"][series], "time_period": period, "breakdown": "".join(part)}
        rows.append(row | {"obs_value": float(low), "lower": float(low), "upper": float(high or low)})
    same = {"sex": "total", "age": "total", "region": "NL", "role": "main", "known_by": known_by}
    return pd.DataFrame(rows).assign(**same)


@pytest.mark.parametrize(("figures", "fits"), CASES["parts"])
def test_parts_add_up_or_are_named(figures, fits):
    assert (not misfits(table(figures))) == fits


@pytest.mark.parametrize(("years", "halves", "fits"), CASES["revised"])
def test_a_year_revised_after_its_parts_need_only_fit_them_as_it_was(years, halves, fits):
    counts = [table(f"reports 2024 {count}", day) for day, count in years.items()]
    figures = pd.concat([*counts, table("half 2024-H1 60; half 2024-H2 40", halves)], ignore_index=True)
    assert (not misfits(figures)) == fits


def test_the_rounded_half_year_of_the_press_would_have_failed(observations):
    """The half year of a news agency beside the exact first half: one of the two is wrong."""
    assert not misfits(observations)
    half = observations[["series_id", "time_period"]].eq(["police_reports_half_year", "2024-H2"]).all(axis=1)
    assert half.sum() > 1  # the one of the press is kept
    pressed = observations.drop(observations[half].sort_values("known_by").index[-1])
    wrong = {(r["series_id"], r["time_period"]) for r in misfits(pressed)}
    assert wrong == {("police_reports_half_year", f"2024-H{half}") for half in (1, 2)}


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
    known = {"series_id": ["ap_fines", "ap_staff"], "time_period": ["2022-H2", "2022"], "lower": [6.0, 190.0]}
    known = pd.DataFrame(known).assign(obs_value=[6.0, float("nan")])
    assert stale(known, date(2024, 12, 31)).empty
    assert list(stale(known, date(2025, 1, 1))["series"]) == ["ap_fines", "ap_staff"]


# changes that were left out

DAY = date(2026, 11, 24)
COUNTS, CHANGES = "helpwanted_requests_subject", "helpwanted_requests_subject_change"
SUBJECT = "subject=sextortion"
YEARS = ("2023", "2024", "2025")
HEADINGS = [f.heading for f in FIELDS]
PLACE = {"Document": "Jaarverslag", "Gepubliceerd op": "1-6-2026", "Plaats": "blz. 4"}


def row(series_id, period, value, breakdown=SUBJECT, **cells):
    """Return a row of a sheet; with its document also where there is no value, as people leave it."""
    named = {"Sleutel": key(series_id, "total", "total", breakdown), "Periode": period}
    value = {"Waarde": "" if value is None else str(value)}
    return dict.fromkeys(HEADINGS, "") | PLACE | named | value | cells


def read(root, rows):
    """Save rows as a Dutch Excel does, record them and read the project."""
    folder = root / "data" / "raw" / "filled_in"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (folder / "blad.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, HEADINGS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    record_new(root, DAY.isoformat())
    return clean(root)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_raw(tmp_path_factory.mktemp("derived"), raw_row())


def seen(tidy):
    made = with_changes(as_of(tidy.observations, DAY))
    return made[made["series_id"].isin((COUNTS, CHANGES))].set_index(["series_id", "time_period"])


counts = st.one_of(st.none(), st.integers(1, 300), st.sampled_from([100, 1500, 4648, 5005, 20_000]))


@given(st.tuples(*[counts] * 3), st.tuples(*[st.sampled_from(["left out", "given"])] * 3))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_a_sheet_filled_by_half_gives_what_is_there_and_what_follows_and_no_more(root, typed, percents):
    filled = dict(zip(YEARS, typed, strict=True))
    told = {year: 3 for year, how in zip(YEARS, percents, strict=True) if how == "given"}
    rows = [row(COUNTS, year, value) for year, value in filled.items()]
    rows += [row(CHANGES, year, told.get(year)) for year in YEARS]
    tidy = read(root, rows)
    found = seen(tidy)
    given_counts = {year: value for year, value in filled.items() if value is not None}
    pairs = {y: given_counts.get(str(int(y) - 1)) for y in given_counts}  # of each year the count before
    small = {y for y, old in pairs.items() if old and abs(given_counts[y] - old) <= 10 * old}
    assert set(found.index) == {(COUNTS, y) for y in given_counts} | {(CHANGES, y) for y in {*told, *small}}
    assert all(found.loc[(COUNTS, y), "obs_value"] == value for y, value in given_counts.items())
    for year in told:  # what was published is never touched
        assert found.loc[(CHANGES, year), ["obs_value", "obs_status"]].tolist() == [3, "normal"]
    for year in small - set(told):
        one = found.loc[(CHANGES, year)]
        before, after = (found.loc[(COUNTS, y)] for y in (str(int(year) - 1), year))
        assert (one["obs_status"], one["unit_measure"], one["as_reported"]) == ("derived", "percent", "")
        exact = 100 * (Fraction(given_counts[year]) / pairs[year] - 1)
        assert one["obs_value"] == pytest.approx(float(exact))
        corners = product((before["lower"], before["upper"]), (after["lower"], after["upper"]))
        ends = [100 * (Fraction(b) / Fraction(a) - 1) for a, b in corners]
        assert (one["lower"], one["upper"]) == pytest.approx((float(min(ends)), float(max(ends))))
        assert one["interval_kind"] == ("rounding" if one["lower"] < one["upper"] else "none")
        assert one["note"] == f"100 * ({after['obs_id']} / {before['obs_id']} - 1)"
    validate(found.reset_index()[list(tidy.observations)])


@given(*[st.integers(50, 30_000)] * 2, st.integers(0, 1), st.sampled_from([-40, -3, 0, 3, 40]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_a_rounded_percentage_fits_and_another_is_named_with_its_cell(root, before, after, decimals, off):
    true = half_up(100 * (after / before - 1), decimals)
    typed = true + off
    if abs(typed) > 900:
        return
    rows = [row(COUNTS, "2024", before), row(COUNTS, "2025", after)]
    rows.append(row(CHANGES, "2025", str(typed).replace(".", ",")))
    tidy = read(root, rows)
    assert seen(tidy).loc[(CHANGES, "2025"), "obs_status"] == "normal"
    (check,) = [c for c in judge(root, tidy) if c.rule == "changes_fit_their_counts"]
    (told,) = tidy.observations[tidy.observations["series_id"] == CHANGES].to_dict("records")
    ends = tidy.observations.set_index(["series_id", "time_period"])[["lower", "upper"]]
    (low_a, high_a), (low_b, high_b) = (ends.loc[(COUNTS, year)] for year in ("2024", "2025"))
    low, high = 100 * (low_b / high_a - 1), 100 * (high_b / low_a - 1)
    apart = told["upper"] < low - 1e-6 or told["lower"] > high + 1e-6
    assert check.result == ("WARNING" if apart else "PASS")
    assert off or not apart
    if apart:
        said = str(half_up(told["obs_value"], 1)).replace(".", ",")
        assert f"data/raw/filled_in/blad.csv, cel G4: er staat {said} procent" in check.message["nl"]
        assert f"uit de aantallen volgt {str(half_up(low, 1)).replace('.', ',')}" in check.message["nl"]
        assert "cell G4" in check.message["en"]
        assert check.rows["row"].tolist() == [4]


def test_nothing_is_computed_over_a_break_and_a_half_year_is_held_against_that_of_the_year_before(root):
    figures = {
        "helpwanted_requests": {"2021": 6233, "2022": 7727},  # a break in 2022
        "meldpunt_reports": {"2022": 144_058, "2023": 255_001},
        "csg_contacts": {"2022": 15_001, "2023": 16_001},
        "police_reports_half_year": {"2025-H1": 7011, "2025-H2": 7512, "2026-H1": 7712},
    }
    rows = [row(COUNTS, "2024", 400, "subject=distribution"), row(COUNTS, "2025", 500, SUBJECT)]
    rows += [row(series_id, year, n, "") for series_id, of in figures.items() for year, n in of.items()]
    made = with_changes(as_of(read(root, rows).observations, DAY))
    made = made[made["obs_status"] == "derived"]
    assert made["obs_id"].tolist() == ["police_reports_half_year_change/2026-H1/derived"]
    assert made["obs_value"].item() == pytest.approx(100 * (7712 / 7011 - 1))


def test_an_edition_derives_from_what_it_sees_and_names_the_count_that_came_out_last(root):
    rows = [
        row(COUNTS, "2024", 401, **{"Document": "Later", "Gepubliceerd op": "1-9-2026"}),
        row(COUNTS, "2025", 501),
        row(CHANGES, "2025", 24, **{"Document": "Laatst", "Gepubliceerd op": "1-10-2026"}),
    ]
    figures = read(root, rows).observations
    for day, expected in (("2026-08-31", None), ("2026-09-01", "derived"), ("2026-10-01", "normal")):
        made = with_changes(as_of(figures, date.fromisoformat(day)))
        found = made[made["series_id"] == CHANGES]
        assert found["obs_status"].tolist() == ([expected] if expected else [])
        if expected == "derived":
            one = found.iloc[0]
            assert (one["known_by"], one["source_id"], one["row"]) == ("2026-09-01", "blad-1", 2)
            assert len(published(made)) == len(made) - 1


def test_a_later_revision_of_a_count_makes_no_earlier_percentage_wrong(root):
    rows = [row(COUNTS, "2024", 401), row(COUNTS, "2025", 501), row(CHANGES, "2025", 25)]
    told = read(root, rows).observations
    found = told.query("series_id == @COUNTS and time_period == '2024'")
    value = dict.fromkeys(("obs_value", "lower", "upper"), 301.0)
    revised = found.assign(**value, known_by="2026-09-01", obs_status="revised")
    assert contradicted(pd.concat([told, revised], ignore_index=True)) == []
    # a count that came out after the percentage only is what there is to hold it against
    ((change, low, high),) = contradicted(pd.concat([told.drop(found.index), revised], ignore_index=True))
    assert change["series_id"] == CHANGES
    assert (low, high) == pytest.approx((100 * (501 / 301 - 1),) * 2)

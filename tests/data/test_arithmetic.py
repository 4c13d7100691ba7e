"""Figures that others imply: parts of a year against the year, and changes against two counts, worked out in fractions."""

import shutil
from datetime import date
from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from hypothesis import assume, given, settings
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
from tests.cases import beside
from tests.conftest import PROJECT, raw_row, write_raw
from tests.simulated_figures import figure

CASES = beside(__file__, "arithmetic.yml")
DAY = date(2026, 11, 24)
COUNTS, CHANGES = "helpwanted_requests_subject", "helpwanted_requests_subject_change"
SUBJECT = "subject=sextortion"
YEARS = ("2023", "2024", "2025")
SHEET_ROW = dict.fromkeys((f.heading for f in FIELDS), "")
SHEET_ROW |= {"Document": "Jaarverslag", "Gepubliceerd op": "1-6-2026", "Plaats": "blz. 4"}
counts = st.one_of(st.none(), st.integers(1, 300), st.sampled_from([100, 1500, 4648, 5005, 20_000]))


@pytest.fixture(scope="module")
def observations():
    return clean(PROJECT).observations


def table(text):
    """Return the figures of a text such as "reports 2024 100; half 2024-H1 60-70; origin 2021 4 origin=abroad @2026-09"."""
    rows = []
    for series, period, value, *more in (one.split() for one in text.split("; ")):
        low, _, high = value.partition("-")
        of = {"breakdown": "".join(m for m in more if m[0] != "@")}
        of["known_by"] = "".join(m.strip("@?") for m in more if m[0] == "@") or "2025-01-01"
        of["published_precision"] = "unknown" if "?" in f"{more}" else "month"
        rows.append(figure(CASES["series"][series], period, float(low), upper=float(high or low), **of))
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("figures", "fits"), CASES["parts"])
def test_parts_add_up_or_are_named_and_a_year_revised_since_need_only_fit_them_as_it_was(figures, fits):
    assert (not misfits(table(figures))) == fits


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
        day, found = tables.edition.as_of, tables.stale()
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


def row(series_id, period, value, breakdown=SUBJECT, **cells):
    """Return a row of a sheet; with its document also where there is no value, as people leave it."""
    named = {"Sleutel": key(series_id, "total", "total", breakdown), "Periode": period, "Waarde": value}
    return SHEET_ROW | named | cells


def read(root, rows):
    """Save rows as a Dutch Excel does, record them and read the project."""
    folder = root / "data" / "raw" / "filled_in"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    sheet = pd.DataFrame(rows, dtype=object)
    sheet.to_csv(folder / "blad.csv", sep=";", index=False, encoding="utf-8-sig", lineterminator="\r\n")
    record_new(root, DAY.isoformat())
    return clean(root)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_raw(tmp_path_factory.mktemp("derived"), raw_row())


def seen(tidy):
    made = with_changes(as_of(tidy.observations, DAY))
    return made[made["series_id"].isin((COUNTS, CHANGES))].set_index(["series_id", "time_period"])


@given(st.fixed_dictionaries(dict.fromkeys(YEARS, counts)), st.sets(st.sampled_from(YEARS)))
@settings(max_examples=40)
def test_a_sheet_filled_by_half_gives_what_is_there_and_what_follows_and_no_more(root, typed, told):
    rows = [row(COUNTS, year, value) for year, value in typed.items()]
    rows += [row(CHANGES, year, 3 if year in told else None) for year in typed]
    tidy = read(root, rows)
    found = seen(tidy)
    there = {year: value for year, value in typed.items() if value is not None}
    before = {year: str(int(year) - 1) for year in there if str(int(year) - 1) in there}
    follows = {year for year, old in before.items() if abs(there[year] - there[old]) <= 10 * there[old]}
    assert set(found.index) == {(COUNTS, y) for y in there} | {(CHANGES, y) for y in told | follows}
    assert all(found.loc[(COUNTS, y), "obs_value"] == value for y, value in there.items())
    for year in told:  # what was published is never touched
        assert found.loc[(CHANGES, year), ["obs_value", "obs_status"]].tolist() == [3, "normal"]
    for year in follows - told:
        one = found.loc[(CHANGES, year)]
        old, new = (found.loc[(COUNTS, y)] for y in (before[year], year))
        assert (one["obs_status"], one["unit_measure"], one["as_reported"]) == ("derived", "percent", "")
        exact = 100 * (Fraction(there[year], there[before[year]]) - 1)
        assert one["obs_value"] == pytest.approx(float(exact))
        corners = product((old["lower"], old["upper"]), (new["lower"], new["upper"]))
        ends = [float(100 * (Fraction(b) / Fraction(a) - 1)) for a, b in corners]
        assert (one["lower"], one["upper"]) == pytest.approx((min(ends), max(ends)))
        assert one["interval_kind"] == ("rounding" if one["lower"] < one["upper"] else "none")
        assert one["note"] == f"100 * ({new['obs_id']} / {old['obs_id']} - 1)"
    validate(found.reset_index()[list(tidy.observations)])


def comma(number):
    return str(number).replace(".", ",")


@given(*[st.integers(50, 30_000)] * 2, st.integers(0, 1), st.sampled_from([-40, -3, 0, 3, 40]))
@settings(max_examples=40)
def test_a_rounded_percentage_fits_and_another_is_named_with_its_cell(root, before, after, decimals, off):
    typed = half_up(100 * (after / before - 1), decimals) + off
    assume(abs(typed) <= 900)
    rows = [row(COUNTS, "2024", before), row(COUNTS, "2025", after), row(CHANGES, "2025", comma(typed))]
    tidy = read(root, rows)
    assert seen(tidy).loc[(CHANGES, "2025"), "obs_status"] == "normal"
    (check,) = [c for c in judge(root, tidy) if c.rule == "changes_fit_their_counts"]
    figures = tidy.observations.set_index(["series_id", "time_period"])[["obs_value", "lower", "upper"]]
    value, lower, upper = figures.loc[(CHANGES, "2025")]
    old, new = (figures.loc[(COUNTS, year)] for year in ("2024", "2025"))
    low, high = 100 * (new["lower"] / old["upper"] - 1), 100 * (new["upper"] / old["lower"] - 1)
    apart = upper < low - 1e-6 or lower > high + 1e-6
    assert check.result == ("WARNING" if apart else "PASS")
    assert off or not apart
    if apart:
        said = f"data/raw/filled_in/blad.csv, cel G4: er staat {comma(half_up(value, 1))} procent"
        assert said in check.message["nl"]
        assert f"uit de aantallen volgt {comma(half_up(low, 1))}" in check.message["nl"]
        assert "cell G4" in check.message["en"] and check.rows["row"].tolist() == [4]


def test_nothing_is_computed_over_a_break_and_a_half_year_is_held_against_that_of_the_year_before(root):
    rows = [row(*given) for given in CASES["over_breaks"]]
    made = with_changes(as_of(read(root, rows).observations, DAY))
    made = made[made["obs_status"] == "derived"]
    assert made["obs_id"].tolist() == ["police_reports_half_year_change/2026-H1/derived"]
    assert made["obs_value"].item() == pytest.approx(100 * (7712 / 7011 - 1))


def test_an_edition_derives_from_what_it_sees_and_names_the_count_that_came_out_last(root):
    later, last = ({"Document": name, "Gepubliceerd op": f"1-{name}-2026"} for name in ("9", "10"))
    rows = [row(COUNTS, "2024", 401, **later), row(COUNTS, "2025", 501), row(CHANGES, "2025", 24, **last)]
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
    day = {"known_by": "2026-09-01", "obs_status": "revised"}
    revised = found.assign(obs_value=301.0, lower=301.0, upper=301.0, **day)
    assert contradicted(pd.concat([told, revised], ignore_index=True)) == []
    # a count that came out after the percentage only is what there is to hold it against
    ((change, low, high),) = contradicted(pd.concat([told.drop(found.index), revised], ignore_index=True))
    assert change["series_id"] == CHANGES
    assert (low, high) == pytest.approx((100 * (501 / 301 - 1),) * 2)

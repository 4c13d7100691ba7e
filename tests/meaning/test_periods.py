"""Periods, days of publication, published limits and rounding."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.meaning.periods import known_by, parse_day_or_period, parse_period
from osw_stats.meaning.rounding import check_limits, half_up, printed_step


@pytest.mark.parametrize(
    ("code", "first", "last", "days"),
    [
        ("2024", (1, 1), (12, 31), 366),
        ("2023", (1, 1), (12, 31), 365),
        ("2024-H1", (1, 1), (6, 30), 182),
        ("2024-H2", (7, 1), (12, 31), 184),
        ("2024-Q1", (1, 1), (3, 31), 91),
        ("2024-Q3", (7, 1), (9, 30), 92),
        ("2024-Q4", (10, 1), (12, 31), 92),
        ("2024-02", (2, 1), (2, 29), 29),
        ("1999-02", (2, 1), (2, 28), 28),
        ("2024-12", (12, 1), (12, 31), 31),
    ],
)
def test_a_period_has_its_first_and_last_day(code, first, last, days):
    period, year = parse_period(code), int(code[:4])
    assert (period.start, period.end, period.code) == (date(year, *first), date(year, *last), code)
    assert period.days == parse_day_or_period(code).days == days


def test_a_day_is_a_period_of_one_day():
    assert parse_day_or_period("2024-10-01").days == 1
    with pytest.raises(InputError, match="is not a date"):
        parse_day_or_period("2024-13-01")


@pytest.mark.parametrize("code", ["24", "2024-13", "2024-Q5", "2024-H3", "2024JJ00", "", "2024-1", "1824"])
def test_other_shapes_are_refused(code):
    with pytest.raises(InputError, match="is not a period"):
        parse_period(code)


@pytest.mark.parametrize(
    ("published", "precision", "seen", "day"),
    [
        ("2024-11-25", "day", None, date(2024, 11, 25)),
        ("2023-01", "month", None, date(2023, 1, 31)),
        ("2024", "year", None, date(2024, 12, 31)),
        ("", "unknown", "2025-03-21", date(2025, 3, 21)),
        ("2024-11", "day", None, None),
        ("2024-11-25", "month", None, None),
        ("2024-1", "month", None, None),
        ("20241125", "day", None, None),
        ("2024-02-30", "day", None, None),
        ("2024", "decade", None, None),
        ("", "unknown", None, None),
        ("", "unknown", "", None),
        ("2024", "unknown", "2025-01-01", None),
    ],
)
def test_a_date_is_never_guessed_earlier_than_we_know(published, precision, seen, day):
    if day:
        assert known_by(published, precision, seen) == day
    else:
        with pytest.raises(InputError):
            known_by(published, precision, seen)


@pytest.mark.parametrize(
    ("limits", "column"),
    [
        ((0, 0, 0), None),
        ((100, 100, 100), None),
        ((5, 0, 100), None),
        ((-0.1, 0, 1), "pct"),
        ((100.1, 0, 100), "pct"),
        ((5, -0.1, 6), "lower"),
        ((5, 4, 100.1), "upper"),
        ((5, 5.1, 6), "lower"),
        ((5, 4, 4.9), "upper"),
    ],
)
def test_limits_enclose_the_value_and_may_touch_it(limits, column):
    if column is None:
        check_limits(*limits)
    else:
        with pytest.raises(InputError, match=f'column "{column}"'):
            check_limits(*limits)


@pytest.mark.parametrize(
    ("text", "step"), [("5", 1), ("5,1", 0.1), ("5.12 (5-6)", 0.01), ("12 (11-13,5)", 0.1)]
)
def test_the_finest_digit_decides_the_step(text, step):
    assert printed_step(text) == step


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (2.5, 0, "3"),
        (2.4999, 0, "2"),
        ("0.15", 1, "0.2"),
        (768_500, -3, "769000"),
        (764_999, -4, "760000"),
        (5, -1, "10"),
    ],
)
def test_a_half_is_rounded_up(value, decimals, rounded):
    assert half_up(value, decimals) == Decimal(rounded)


@given(st.decimals(-1_000_000, 1_000_000, places=6), st.integers(0, 4))
def test_rounding_moves_by_at_most_half_a_step_and_halves_go_away_from_zero(value, places):
    rounded, step = half_up(value, places), Decimal(1).scaleb(-places)
    assert abs(rounded - value) <= step / 2
    assert abs(rounded - value) < step / 2 or abs(rounded) > abs(value)

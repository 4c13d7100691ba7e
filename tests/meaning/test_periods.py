"""Periods, days of publication, published limits and rounding."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.meaning.periods import known_by, parse_day_or_period, parse_period
from osw_stats.meaning.rounding import check_limits, half_up, printed_step
from tests.cases import beside

CASES = beside(__file__, "periods.yml")


@pytest.mark.parametrize(("code", "first", "last", "days"), CASES["periods"])
def test_a_period_has_its_first_and_last_day(code, first, last, days):
    period = parse_day_or_period(code)
    assert [period.start, period.end] == [date.fromisoformat(f"{code[:4]}-{day}") for day in (first, last)]
    assert (period.days, period.code) == (days, code)


@pytest.mark.parametrize("code", CASES["no_periods"])
def test_other_shapes_are_refused(code):
    with pytest.raises(InputError, match="is not a period"):
        parse_period(code)


@pytest.mark.parametrize(("published", "precision", "seen", "day"), CASES["known_by"])
def test_a_date_is_never_guessed_earlier_than_we_know(published, precision, seen, day):
    if day[0].isdigit():
        assert known_by(published, precision, seen).isoformat() == day
    else:
        with pytest.raises(InputError, match=day):
            known_by(published, precision, seen)


@pytest.mark.parametrize(("limits", "column"), CASES["limits"])
def test_limits_enclose_the_value_and_may_touch_it(limits, column):
    if column is None:
        check_limits(*limits)
    else:
        with pytest.raises(InputError, match=f'column "{column}"'):
            check_limits(*limits)


@pytest.mark.parametrize(("text", "step"), CASES["steps"])
def test_the_finest_digit_decides_the_step(text, step):
    assert printed_step(text) == step


@pytest.mark.parametrize(("value", "decimals", "rounded"), CASES["rounded"])
def test_a_half_is_rounded_up_on_the_decimal_text(value, decimals, rounded):
    assert str(half_up(value, decimals)) == rounded


@given(st.decimals(-1_000_000, 1_000_000, places=6), st.integers(0, 4))
def test_rounding_moves_by_at_most_half_a_step_and_halves_go_away_from_zero(value, places):
    rounded, step = half_up(value, places), Decimal(1).scaleb(-places)
    assert abs(rounded - value) <= step / 2
    assert abs(rounded - value) < step / 2 or abs(rounded) > abs(value)

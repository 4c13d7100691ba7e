from datetime import date

import pytest

from osw_stats.errors import InputError
from osw_stats.vocabulary.periods import known_by, parse_period


@pytest.mark.parametrize(
    ("code", "start", "end", "days"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), 366),
        ("2023", date(2023, 1, 1), date(2023, 12, 31), 365),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 29),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30), 92),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30), 182),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31), 184),
    ],
)
def test_a_period_has_its_first_and_last_day(code, start, end, days):
    period = parse_period(code)
    assert (period.start, period.end, period.days) == (start, end, days)


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
    ],
)
def test_a_date_is_never_guessed_earlier_than_we_know(published, precision, seen, day):
    assert known_by(published, precision, seen) == day


@pytest.mark.parametrize(
    ("published", "precision", "seen"),
    [("2024-11", "day", None), ("2024-11-25", "month", None), ("", "unknown", None), ("2024", "unknown", "2025-01-01"),
     ("2024-02-30", "day", None), ("2024", "decade", None)],
)  # fmt: skip
def test_a_date_that_contradicts_its_precision_is_refused(published, precision, seen):
    with pytest.raises(InputError):
        known_by(published, precision, seen)

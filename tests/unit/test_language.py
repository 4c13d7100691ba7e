"""Numbers, dates and estimates in Dutch and English, rounded half up."""

import pytest

from osw_stats.meaning.numbers import Number
from osw_stats.meaning.rounding import half_up
from osw_stats.text.language import Said, between, day, month, number, period_words, when


def estimate(value, unit, lower=None, upper=None, kind="none"):
    return Number(value, unit, lower, upper, kind, ("a",), "by hand", "A")


SHARE = estimate(5.2, "percent", 4.895, 5.523, "assumed")
PEOPLE = estimate(769_600, "persons", 724_178, 817_870, "assumed")
POSTS = estimate(16.2, "fte", 16.2, 16.2)
GROWTH = estimate(5.6, "percent", -6.6, 19.4, "overdispersed")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        *(("0.05", 1, "0.1"), ("0.15", 1, "0.2"), ("0.25", 1, "0.3"), ("2.45", 1, "2.5")),
        *(("0.5", 0, "1"), ("1.5", 0, "2"), ("2.5", 0, "3"), ("-2.5", 0, "-3")),
        *(("13.8157894737", 1, "13.8"), ("764999", -4, "760000"), ("765000", -4, "770000")),
    ],
)
def test_halves_go_up_on_the_decimal_text(value, decimals, expected):
    assert str(half_up(value, decimals)) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "nl", "en"),
    [
        (14802, 0, "14.802", "14,802"),
        (2.5, 0, "3", "3"),
        (5.25, 1, "5,3", "5.3"),
        (-6.61, 1, "−6,6", "−6.6"),
        (-0.04, 1, "0,0", "0.0"),
    ],
)
def test_numbers_in_both_languages(value, decimals, nl, en):
    assert (number(value, "nl", decimals), number(value, "en", decimals)) == (nl, en)


@pytest.mark.parametrize(
    ("say", "value", "nl", "en"),
    [
        (day, "2024-07-01", "1 juli 2024", "1 July 2024"),
        (month, "2023-04-30", "april 2023", "April 2023"),
        (month, "2023", "2023", "2023"),
        (when, "2023-04", "in april 2023", "in April 2023"),
        (when, "2023-11-27", "op 27 november 2023", "on 27 November 2023"),
        (period_words, "2024-H2", "de tweede helft van 2024", "the second half of 2024"),
        (period_words, "2024-07", "juli 2024", "July 2024"),
    ],
)
def test_days_and_periods_in_both_languages(say, value, nl, en):
    assert (say(value, "nl"), say(value, "en")) == (nl, en)


@pytest.mark.parametrize(
    ("low", "high", "plain", "in_words"),
    [
        ("4.9", "5.5", "4.9–5.5", "4.9 to 5.5"),
        ("−0.6", "0.2", "−0.6 to 0.2", "−0.6 to 0.2"),  # a dash before a minus sign cannot be read
    ],
)
def test_a_range_is_written_in_one_way(low, high, plain, in_words):
    assert between(low, high, "en") == plain
    assert between(low, high, "en", in_words=True) == in_words


@pytest.mark.parametrize(
    ("what", "way", "nl", "en"),
    [
        (SHARE, "", "5,2 procent", "5.2 percent"),
        (SHARE, "interval", "4,9 tot 5,5 procent", "4.9 to 5.5 percent"),
        (SHARE, "one_in", "ongeveer 1 op de 19", "about 1 in 19"),
        (PEOPLE, "interval", "720.000 tot 820.000 mensen", "720,000 to 820,000 people"),
        (estimate(11, "fte", 1, 21, "rounding"), "", "11 fte", "11 fte"),
        (POSTS, "", "16,2 fte", "16.2 fte"),
        (POSTS, "interval", "geen marge", "no margin"),
        (GROWTH, "change", "5,6 procent meer", "5.6 percent more"),
        (
            GROWTH,
            "span",
            "6,6 procent minder tot 19,4 procent meer",
            "6.6 percent fewer to 19.4 percent more",
        ),
        (estimate(6_500_000, "eur"), "", "6,5 miljoen euro", "6.5 million euros"),
        # a percentage keeps the decimals it was printed with
        (estimate(31.0, "percent", 30.5, 31.5, "rounding"), "change", "31 procent meer", "31 percent more"),
        (estimate(5.0, "percent", 4.95, 5.05, "rounding"), "", "5,0 procent", "5.0 percent"),
    ],
)
def test_ways_to_say_an_estimate(what, way, nl, en):
    assert (format(Said(what, "nl"), way), format(Said(what, "en"), way)) == (nl, en)


def test_an_unknown_way_and_a_number_that_rests_on_nothing_are_refused():
    with pytest.raises(ValueError, match="unknown way"):
        format(Said(POSTS, "nl"), "loudly")
    with pytest.raises(ValueError, match="rests on"):
        Number(1, "fte", None, None, "none", (), "guess", "D")

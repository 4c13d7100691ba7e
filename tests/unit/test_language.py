import pytest

from osw_stats.report.cells import p_cell, p_value
from osw_stats.report.language import Said, day, number
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.rounding import half_up


def estimate(value, unit, lower=None, upper=None, kind="none"):
    return Number(value, unit, lower, upper, kind, ("a",), "by hand", "A")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.05", 1, "0.1"), ("0.15", 1, "0.2"), ("0.25", 1, "0.3"), ("2.45", 1, "2.5"), ("13.8157894737", 1, "13.8"),
     ("0.5", 0, "1"), ("1.5", 0, "2"), ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("764999", -4, "760000"), ("765000", -4, "770000")],
)  # fmt: skip
def test_halves_go_up_on_the_decimal_text(value, decimals, expected):
    assert str(half_up(value, decimals)) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "nl", "en"),
    [(14802, 0, "14.802", "14,802"), (0.5, 0, "1", "1"), (1.5, 0, "2", "2"), (2.5, 0, "3", "3"), (5.25, 1, "5,3", "5.3"),
     (-6.61, 1, "−6,6", "−6.6"), (-0.04, 1, "0,0", "0.0"), (760_000, 0, "760.000", "760,000")],
)  # fmt: skip
def test_numbers_in_both_languages(value, decimals, nl, en):
    assert number(value, "nl", decimals) == nl
    assert number(value, "en", decimals) == en


def test_dates_in_both_languages():
    assert (day("2024-07-01", "nl"), day("2024-07-01", "en")) == ("1 juli 2024", "1 July 2024")


@pytest.mark.parametrize(
    ("what", "way", "nl", "en"),
    [
        (estimate(5.2, "percent", 4.895, 5.523, "assumed"), "", "5,2 procent", "5.2 percent"),
        (estimate(5.2, "percent", 4.895, 5.523, "assumed"), "interval", "4,9 tot 5,5 procent", "4.9 to 5.5 percent"),
        (estimate(5.2, "percent"), "one_in", "ongeveer 1 op de 19", "about 1 in 19"),
        (estimate(769_600, "persons", 724_178, 817_870, "assumed"), "interval", "720.000 tot 820.000 mensen", "720,000 to 820,000 people"),
        (estimate(11, "fte", 1, 21, "rounding"), "", "11 fte", "11 fte"),
        (estimate(16.2, "fte", 16.2, 16.2), "", "16,2 fte", "16.2 fte"),
        (estimate(16.2, "fte", 16.2, 16.2), "interval", "geen marge", "no margin"),
        (estimate(5.6, "percent", -6.6, 19.4, "overdispersed"), "change", "5,6 procent meer", "5.6 percent more"),
        (estimate(5.6, "percent", -6.6, 19.4, "overdispersed"), "span", "6,6 procent minder tot 19,4 procent meer", "6.6 percent fewer to 19.4 percent more"),
        (estimate(6_500_000, "eur"), "", "6,5 miljoen euro", "6.5 million euros"),
    ],
)  # fmt: skip
def test_ways_to_say_an_estimate(what, way, nl, en):
    assert format(Said(what, "nl"), way) == nl
    assert format(Said(what, "en"), way) == en


def test_an_unknown_way_is_an_error():
    with pytest.raises(ValueError, match="unknown way"):
        format(Said(estimate(1, "fte"), "nl"), "loudly")


def test_an_estimate_without_observations_cannot_exist():
    with pytest.raises(ValueError, match="rests on"):
        Number(1, "fte", None, None, "none", (), "guess", "D")


def test_a_percentage_printed_without_decimals_stays_so():
    whole = Number(31.0, "percent", 30.5, 31.5, "rounding", ("a",), "as published", "A")
    fine = Number(5.0, "percent", 4.95, 5.05, "rounding", ("a",), "as published", "A")
    assert f"{Said(whole, 'nl'):change}" == "31 procent meer"
    assert f"{Said(fine, 'nl')}" == "5,0 procent"


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (0.2, "0,200"),
        (0.00149, "0,001"),
        (0.001, "0,001"),
        (0.00099, "<\xa00,001"),
        (0.0, "<\xa00,001"),
        (1.0, "1,000"),
    ],
)
def test_a_p_value_is_written_in_one_way(p, shown):
    assert p_value(p, "nl") == shown
    assert p_cell("p")({"p": p}, "nl") == shown
    assert p_cell("p")({"p": None}, "nl") == "niet gepubliceerd"

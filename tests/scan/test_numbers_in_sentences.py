"""A number in a sentence: a claim, a year, a code or no figure; and the hedge that belongs to it."""

import pytest

from osw_stats.vocabulary.scan import scan
from tests.scan.told import figures, kinds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steeg van 1.234 in 2019 tot 2.345 meldingen", ["1.234", "2.345"]),
        ("in 2024 - 12 procent", ["12 procent"]),
        ("2000 meldingen", ["2000"]),
        ("in 2000 meldingen", []),
        ("ruim 2000", ["ruim 2000"]),
        ("over 2000", []),
        ("na 2000", []),
        ("2000 euro", ["2000 euro"]),
        ("nummer 12 meldt", []),
        ("één noemer", []),
        ("één melding", ["één"]),
        ("de één melding", []),
        ("één", []),
        ("acht dat", []),
        ("zij acht dit", []),
        ("acht meldingen", ["acht"]),
        ("in acht", []),
        ("in acht te", []),
        ("in acht gemeenten", ["acht"]),
        ("een derde partij", []),
        ("een derde van hen", ["een derde"]),
        ("geen enkele", []),
        ("de enkele melding", []),
        ("enkele meldingen", ["enkele"]),
        ("de meeste meldingen", []),
        ("om 12 uur", []),
        ("na 12 uur", ["12 uur"]),
        ("12 keer of meer meldingen", ["12"]),
        ("honderd duizend meldingen", ["honderd duizend"]),
    ],
)
def test_what_is_a_claim_in_dutch(text, said):
    assert [f[1] for f in figures(text)] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one report", ["one"]),
        ("one of them", []),
        ("no one", []),
        ("another one report", []),
        ("this one report", []),
        ("one 12", ["12"]),
        ("number 12 says", []),
        ("half of them", ["half"]),
        ("half-hearted", []),
        ("one and half times", []),
        ("and half of them", ["half"]),
        ("a third party", []),
        ("a third of them", ["a third"]),
        ("one in 2000", []),
    ],
)
def test_what_is_a_claim_in_english(text, said):
    assert [f[1] for f in figures(text, "en")] == said


@pytest.mark.parametrize(
    ("text", "words", "rule", "lower", "upper"),
    [
        ("12 meldingen of meer", "12", "exact", 12, 12),
        ("12 of meer meldingen", "12", "minstens", 12, 13),
        ("120 of meer meldingen", "120", "minstens", 120, 130),
        ("ruim 12 of meer meldingen", "ruim 12", "ruim", 12, 13),
        ("12 keer of meer", "12", "minstens", 12, 13),
        ("17+ meldingen", "17", "minstens", 17, 18),
        ("onder 2.400 jongeren", "2.400", "none", 2350, 2450),
        ("onder 2.400", "onder 2.400", "minder_dan", 2300, 2400),
        ("minder dan 2.400 jongeren", "minder dan 2.400", "minder_dan", 2300, 2400),
        ("(-5 procent)", "-5 procent", "none", -5.5, -4.5),
        ("is -5 procent", "-5 procent", "none", -5.5, -4.5),
        ("5 procent", "5 procent", "none", 4.5, 5.5),
        ("steeg tot € 250.000", "€ 250.000", "none", 245_000, 255_000),
        ("tot € 250.000", "tot € 250.000", "hooguit", 0, 250_000),
    ],
)
def test_the_hedge_of_a_number(text, words, rule, lower, upper):
    (found,) = figures(text)
    assert found[1:5] == (words, rule, lower, upper)


def test_a_year_between_two_numbers_takes_no_word_along():
    found = kinds("steeg van 1.234 in 2019 tot 2.345 meldingen")
    assert found == [("count", "1.234"), ("year", "2019"), ("count", "2.345")]


def test_a_fall_turns_the_ends_round():
    (fall,) = scan("(-5 procent)")
    assert (fall.value, fall.lower_closed, fall.upper_closed) == (-5, False, True)


@pytest.mark.parametrize(
    ("text", "words", "rule"),
    [
        ("over five years cases rose", "five years", "exact"),
        ("it lasted over five years", "over five years", "meer_dan"),
        ("over five reports", "over five", "meer_dan"),
    ],
)
def test_over_a_time_is_in_the_course_of_it(text, words, rule):
    assert [f[1:3] for f in figures(text, "en")] == [(words, rule)]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.2 million euros", "nl", 1_200_000),
        ("1,2 miljoen euro", "en", 1_200_000),
        ("1,234,567 beelden", "nl", 1_234_567),
        ("1.234.567 images", "en", 1_234_567),
        ("1,234.5 beelden", "nl", 1234.5),
        ("1.234,5 images", "en", 1234.5),
        ("1.2 procent", "nl", 1.2),
        ("1,2 percent", "en", 1.2),
        ("1.23 procent", "nl", 1.23),
        ("1.234 procent", "nl", 1234),
        ("1,234 percent", "en", 1234),
        ("1.234 meldingen", "nl", 1234),
        ("1,234 reports", "en", 1234),
    ],
)
def test_a_number_is_read_in_the_language_its_marks_show(text, language, value):
    assert [s.value for s in scan(text, language=language) if s.is_claim] == [pytest.approx(value)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2019-2024", [("year", "2019-2024")]),
        ("2019 tot 2024", [("year", "2019 tot 2024")]),
        ("code A12-b3 is", [("other", "A12-b3")]),
        ("zaak 12_a en meer", [("other", "12_a")]),
        ("47022NED,", [("other", "47022NED")]),
        ("(12_)", [("other", "12")]),
    ],
)
def test_what_is_a_year_or_a_code(text, told):
    assert kinds(text) == told

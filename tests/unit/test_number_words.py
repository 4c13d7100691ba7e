"""Number words as a grammar: every number up to a million is read back, and what is no number is not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.vocabulary.numerals import is_numeral, read_numeral
from tests.number_words import dutch

ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def english(n):
    """Write a number the way English does, with "and" after the hundreds."""
    if n < 20:
        return [ENGLISH[n]]
    if n < 100:
        return [ENGLISH_TENS[n // 10 - 2], *(["-", ENGLISH[n % 10]] if n % 10 else [])]
    if n < 1000:
        return [ENGLISH[n // 100], "hundred", *(["and", *english(n % 100)] if n % 100 else [])]
    return [*english(n // 1000), "thousand", *(english(n % 1000) if n % 1000 else [])]


def value(text, language="nl", **how):
    numeral = read_numeral(text.split(), language, **how)
    return numeral and numeral.value


@given(st.integers(2, 999_999))
def test_every_dutch_number_is_read_back(n):
    found = read_numeral([dutch(n, "en"), "meldingen"], "nl")
    assert (found.value, found.used, found.step) == (n, 1, None)


@given(st.integers(1, 999_999))
def test_every_english_number_is_read_back(n):
    words = english(n)
    found = read_numeral([*words, "reports"], "en")
    assert (found.value, found.used, found.step) == (n, len(words), None)


@given(st.integers(2, 999), st.sampled_from(["miljoen", "miljard"]))
def test_a_scale_word_multiplies_and_tells_its_power(n, scale):
    power = {"miljoen": 6, "miljard": 9}[scale]
    found = read_numeral([dutch(n, "en"), scale], "nl")
    assert (found.value, found.scale, found.used) == (n * 10**power, power, 2)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("twintig", 0),
        ("honderd", 2),
        ("zeshonderd", 2),
        ("duizend", 3),
        ("zesduizend", 3),
        ("een miljoen", 6),
    ],
)
def test_the_scale_is_that_of_the_word_it_ends_with(text, scale):
    assert read_numeral(text.split(), "nl").scale == scale


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anderhalf miljoen", (1_500_000, 500_000, 2)),
        ("twee en een half miljoen", (2_500_000, 500_000, 5)),
        ("twee en een half", (Decimal("2.5"), Decimal("0.5"), 4)),
        ("een half miljoen mensen", (500_000, 500_000, 3)),
        ("drieënhalf jaar", (Decimal("3.5"), Decimal("0.5"), 1)),
        ("driehonderd twintig", (320, None, 2)),
        ("drieduizend twintig", (3020, None, 2)),
        ("twintig twintig", (20, None, 1)),
        ("drieduizend vierduizend", (3000, None, 1)),
        ("drieduizend - twintig", (3000, None, 1)),
        ("driehonderd - twintig", (300, None, 1)),
        ("twee miljoen drie", (2_000_003, None, 3)),
        ("twee miljoen drie miljoen", (2_000_003, None, 3)),
        ("twee miljard drie miljoen", (2_003_000_000, None, 4)),
        ("honderd honderd", (100, None, 1)),
        ("duizend honderd", (1100, None, 2)),
        ("vijf honderd", (500, None, 2)),
        ("twaalf honderd", (1200, None, 2)),
        ("nul", (0, None, 1)),
    ],
)
def test_words_that_do_and_do_not_go_on(text, expected):
    found = read_numeral(text.split(), "nl")
    assert (found.value, found.step, found.used) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a hundred and twenty", 120), ("two hundred thousand", 200_000), ("half a million", 500_000),
        ("two thousand and five", 2005), ("two thousand and three million", 2000), ("two million and three million", 2_000_000),
        ("two hundred and three million", 203_000_000), ("twenty one", 21), ("twenty eleven", 20),
        ("ten one", 10), ("twenty - one", 21), ("two hundred - one", 200), ("one hundred and one", 101),
        ("one hundred and one hundred", 101), ("two and a half million", 2_500_000), ("an hundred", 100),
        ("one thousand two hundred", 1200), ("one thousand one", 1001), ("hundred", 100), ("thousand", 1000),
        ("million", None), ("two hundred two hundred", 202), ("zero", 0), ("half", None), ("another", None),
        ("one another", None), ("one of", None), ("two of", 2), ("one van", None), ("one victim", 1),
    ],
)  # fmt: skip
def test_english_numbers_of_several_words(text, number):
    assert value(text, "en") == number


def test_between_keeps_and_out_of_the_number():
    assert value("one hundred and two hundred", "en", joined=False) == 100
    assert value("one hundred and two", "en") == 102
    assert value("twee en een half", joined=False) == 2


@pytest.mark.parametrize("word", ["tienenduizend", "nulduizend", "duizendduizend", "honderdhonderd", "anderhalfhonderd", "duizendtwaalfhonderd", "duizendtienhonderd"])  # fmt: skip
def test_what_is_no_dutch_number(word):
    assert value(word) is None


def test_and_may_stand_inside_one_word():
    assert value("honderdentwee") == 102
    assert value("duizendentwee") == 1002


@pytest.mark.parametrize(("length", "number"), [(80, True), (81, False)])
def test_a_word_of_more_than_eighty_letters_is_no_number(length, number):
    # accents do not count in the number, but in the length of the word
    word = "twee" + "\u0301" * (length - 4)
    assert (value(word) == 2) is number


@pytest.mark.parametrize(
    ("word", "language", "begins"),
    [
        ("twintig", "nl", True), ("honderd", "nl", True), ("miljoen", "nl", True), ("zesduizendtwee", "nl", True),
        ("driehonderdtwee", "nl", True), ("meldingen", "nl", False), ("twenty", "en", True), ("hundred", "en", True),
        ("hundreds", "en", False), ("duizend", "en", False), ("vijfhonderd", "en", False),
    ],
)  # fmt: skip
def test_a_number_can_begin_with(word, language, begins):
    assert is_numeral(word, language) is begins


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("twee duizend", 2000), ("een duizend", 1000), ("anderhalf duizend", 1500), ("twee honderd", 200), ("drie miljoen", 3_000_000),
        ("vier miljard", 4_000_000_000), ("twee miljoen drie duizend", 2_003_000),
    ],
)  # fmt: skip
def test_dutch_multipliers_that_stand_apart(words, value):
    assert read_numeral(words.split(), "nl").value == value

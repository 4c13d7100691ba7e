"""A printed number, its last digit and what stands beside it: when it is a code, a date or a figure."""

from decimal import Decimal

import pytest

from osw_stats.vocabulary.printed import code_end, read_number
from osw_stats.vocabulary.reading import Wording, read_at
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.tokens import tokenise


def number(text, language="nl"):
    """Return the number at the first digits of a text; None where they are a code."""
    tokens = tokenise(text, language)
    at = next(i for i, t in enumerate(tokens) if t.digits)
    found = read_number(tokens, at, language)
    return found and (float(found.value), float(found.step), found.place, found.whole, found.scale)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # value, step, place of the last digit, nothing hidden behind it, scale
        ("14.802", (14802, 1, 0, True, 0)),
        ("14.800", (14800, 100, 0, True, 0)),
        ("10", (10, 10, 0, True, 0)),
        ("0", (0, 1, 0, True, 0)),
        ("5,2", (5.2, 0.1, -1, False, 0)),
        ("5,0", (5, 0.1, -1, False, 0)),
        ("5,20", (5.2, 0.01, -2, False, 0)),
        ("760 duizend", (760e3, 10e3, 3, False, 3)),
        ("1,5 miljoen", (1.5e6, 1e5, 5, False, 6)),
        ("29,2 [miljoen euro]", (29.2e6, 1e5, 5, False, 6)),
        ("29,2 [miljard", (29.2e9, 1e8, 8, False, 9)),
        ("€ 5m", (5e6, 1e6, 6, False, 6)),
        ("€ 5k", (5e3, 1e3, 3, False, 3)),
        ("$ 5b", (5e9, 1e9, 9, False, 9)),
        ("5m mensen", None),  # neither money nor an English plural: metres
        ("5k meldingens", (5e3, 1e3, 3, False, 3)),
        ("5k abs", None),  # three letters tell no plural
        ("5k abcs", (5e3, 1e3, 3, False, 3)),
        ("5m people", (5e6, 1e6, 6, False, 6)),
        ("€ 5 m", (5, 1, 0, True, 0)),
        ("123456789012345", (123456789012345, 1, 0, True, 0)),
        ("1234567890123456", None),
        ("0,5", (0.5, 0.1, -1, False, 0)),
        ("05", None),
        ("0", (0, 1, 0, True, 0)),
        ("1.4.1", None),
        ("14.80", None),
        ("A4", None),
        ("fte4", (4, 1, 0, True, 0)),
        ("COVID-19", None),
        ("COVID - 19", (19, 1, 0, True, 0)),
        ("euro-19", (19, 1, 0, True, 0)),
        ("-19", (-19, 1, 0, True, 0)),
        ("s_4", None),
        ("4_s", None),
        ("4½", None),
        ("4e", None),
        ("4%", (4, 1, 0, True, 0)),
        ("4fte", (4, 1, 0, True, 0)),
        ("4mln", (4e6, 1e6, 6, False, 6)),
        ("4/maand", (4, 1, 0, True, 0)),
        ("(4)", (4, 1, 0, True, 0)),
    ],
)
def test_a_number_and_its_last_digit(text, expected):
    assert number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twintig", (20, 10, True)),
        ("vijfentwintig", (25, 1, True)),
        ("honderd", (100, 100, True)),
        ("duizend", (1000, 1000, False)),
        ("anderhalf", (1.5, 0.5, False)),
        ("enkele honderd", None),
        ("een paar honderd", None),
    ],
)
def test_a_number_in_words_and_its_step(text, expected):
    tokens = tokenise(text, "nl")
    found = read_number(tokens, len(tokens) - 1, "nl")
    assert (found and (float(found.value), float(found.step), found.whole)) == expected


def test_beyond_the_last_token_there_is_no_number():
    assert read_number(tokenise("5", "nl"), 1, "nl") is None


def test_no_more_than_twelve_words_are_looked_at():
    words = "two hundred and fifty - five thousand two hundred and fifty"
    for more in ("", " - five"):  # the thirteenth word would be the last of 255,255
        found = read_number(tokenise(words + more, "en"), 0, "en")
        assert (found.end, found.value) == (11, 255_250)
    short = read_number(tokenise("two hundred and fifty - five thousand two hundred and five", "en"), 0, "en")
    assert (short.end, short.value) == (11, 255_205)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2-3-2023", 5),
        ("2023-01", 3),
        ("50-60", None),
        ("60-50", 3),
        ("50-50", 3),
        ("2019-2024", 3),
        ("12-2024", 3),
        ("13-2024", None),
        ("12", None),
        ("05", 1),
        ("05-60", 3),
        ("50-060", 3),
        ("50-", None),
        ("woord", None),
    ],
)
def test_a_date_or_code_ends_where_its_digits_end(text, end):
    assert code_end(tokenise(text, "nl"), 0, "nl") == end


@pytest.mark.parametrize(
    ("text", "negative"),
    [("-9", True), ("is -9", True), ("(-9)", True), ("[-9]", True), ('"-9', True), ("8-9", False), ("euro-9", False), ("- 9", False), ("is - 9", False), (")-9", False)],
)  # fmt: skip
def test_a_minus_sign_is_told_from_a_dash(text, negative):
    tokens = tokenise(text, "nl")
    at = max(i for i, t in enumerate(tokens) if t.digits)
    assert (read_number(tokens, at, "nl").value == -9) == negative


@pytest.mark.parametrize(
    ("text", "share", "width"),
    [("30", True, 1), ("30", False, 10), ("30,5", True, "0.1"), ("30,5", False, "0.1"), ("300 duizend", False, 100_000)],
)  # fmt: skip
def test_a_share_counts_its_printed_place(text, share, width):
    assert read_number(tokenise(text, "nl"), 0, "nl").width(share=share) == Decimal(width)


def test_a_number_takes_the_scale_of_its_neighbour():
    seven = read_number(tokenise("7", "nl"), 0, "nl").scaled(6)
    assert (seven.value, seven.step, seven.place, seven.whole, seven.scale) == (
        7_000_000,
        1_000_000,
        6,
        False,
        6,
    )
    half = read_number(tokenise("0,5", "nl"), 0, "nl").scaled(6)
    assert (half.value, half.step, half.place) == (500_000, 100_000, 5)


@pytest.mark.parametrize(
    ("text", "rule", "lower", "upper"),
    [
        ("7 à 8", "a_a_b", 6.5, 8.5),
        ("7 tot 8", "tussen", 7, 8),
        ("7 à 7", "a_a_b", 6.5, 7.5),
        ("7 à 8 miljoen", "a_a_b", 6.5e6, 8.5e6),
        ("7 miljoen à 8 miljoen", "a_a_b", 6.5e6, 8.5e6),
        ("7 fte à 8 fte", "a_a_b", 6.5, 8.5),
        ("7% à 8%", "a_a_b", 6.5, 8.5),
        ("7,5 à 8", "a_a_b", 7.45, 8.05),
        ("7 tot en met 8", "tussen", 7, 8),
        ("7 t/m 8", "tussen", 7, 8),
        ("zes- tot zevenduizend", "tussen", 6000, 7000),
        ("zes- of zevenduizend", "exact", 6, 6),
        ("tussen de 7 en 8", "tussen", 7, 8),
        ("tussen toen en nu 7 en 8", "exact", 7, 7),
        ("7 en 8", "exact", 7, 7),
        ("7 tot de 8", "tussen", 7, 8),
        ("7 tot € 8", "tussen", 7, 8),
        ("3% tot 147.000", "none", 2.5, 3.5),
        ("3 tot 8%", "tussen", 3, 8),
        ("7 tot 2-3-2023", "exact", 7, 7),
    ],
)
def test_ranges(text, rule, lower, upper):
    found = parse(text)
    assert (found.rule, found.lower, found.upper) == (rule, pytest.approx(lower), pytest.approx(upper))


@pytest.mark.parametrize(
    ("text", "form", "end"),
    [
        ("een op de acht", "share", 4), ("één op elke acht", "share", 4), ("drie op de tien", "share", 4),
        ("tien op de tien", "share", 4), ("negen op de tien", "share", 4), ("elf op de tien", "number", 1),
        ("drie van de tien", "share", 4), ("drie van de elf", "number", 1), ("drie van elke honderd", "share", 4),
        ("een van de tien", None, None), ("1 op 2,5", "number", 1), ("1,5 op 10", "number", 1), ("1 op 1000000", "share", 3),
        ("1 op 1000001", "number", 1), ("1 op 2024", "number", 1), ("1 op 2124", "share", 3), ("nul op de tien", "number", 1),
    ],
)  # fmt: skip
def test_one_of_many(text, form, end):
    found = read_at(Wording(tokenise(text, "nl"), "nl"), 0)
    assert (found and found.form, found and found.end) == (form, end)


def test_one_man_in_ten():
    for text, end in (("one man in ten", 4), ("one in ten", 3), ("one dog in ten", None)):
        found = read_at(Wording(tokenise(text, "en"), "en"), 0)
        assert (found.end if found.form == "share" else None) == end

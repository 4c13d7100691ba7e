"""Tables of words: fractions, vague counts, ratios and times, built up from what the words are made of."""

import pytest

from osw_stats.vocabulary import words as wording
from osw_stats.vocabulary.scan import words
from tests.scan.told import figures

NUMERATORS = {
    "een": 1,
    "één": 1,
    "a": 1,
    "an": 1,
    "one": 1,
    "twee": 2,
    "two": 2,
    "drie": 3,
    "three": 3,
    "vier": 4,
    "four": 4,
}
PARTS = {
    "derde": 3, "third": 3, "thirds": 3, "kwart": 4, "quarter": 4, "quarters": 4, "vierde": 4, "vijfde": 5, "fifth": 5, "fifths": 5,
    "zesde": 6, "sixth": 6, "zevende": 7, "seventh": 7, "achtste": 8, "eighth": 8, "tiende": 10, "tenth": 10,
}  # fmt: skip
JOINED = {
    "helft": (1, 2),
    "half": (1, 2),
    "eenderde": (1, 3),
    "éénderde": (1, 3),
    "tweederde": (2, 3),
    "driekwart": (3, 4),
}
# what a plural of a scale word means at least; at most it is five times that
AT_LEAST = {
    "tientallen": 20, "dozens": 20, "tens": 20, "honderden": 200, "hundreds": 200, "duizenden": 2000, "thousands": 2000,
    "tienduizenden": 20_000, "honderdduizenden": 200_000, "miljoenen": 2_000_000, "millions": 2_000_000,
    "miljarden": 2_000_000_000, "billions": 2_000_000_000,
}  # fmt: skip
FEW = ("enkele", "few", "paar", "several")
SCALES = {
    "honderd": 100,
    "hundred": 100,
    "duizend": 1000,
    "thousand": 1000,
    "miljoen": 10**6,
    "miljoenen": 10**6,
}


@pytest.mark.parametrize(
    "table",
    [wording.FRACTIONS, {k: (1, part) for k, part in words.FRACTIONS.items()}],
    ids=["read", "scanned"],
)
def test_a_fraction_is_its_numerator_over_its_part(table):
    for phrase, fraction in table.items():
        parts = [w for w in phrase if w != "-"]
        expected = JOINED[parts[0]] if len(parts) == 1 else (NUMERATORS[parts[0]], PARTS[parts[1]])
        assert fraction == expected, phrase


def vague(phrase):
    """Return the range of a vague count from its words."""
    texts = [w for w in phrase if w not in ("of", "a", "een")]
    few = [w for w in texts if w in FEW]
    rest = [w for w in texts if w not in FEW]
    if few and (not rest or rest[0] in SCALES):
        scale = SCALES[rest[0]] if rest else 1
        return 2 * scale, 10 * scale
    low = AT_LEAST[rest[0]] * (AT_LEAST[rest[1]] / 2 if len(rest) > 1 else 1)
    # tens end where hundreds begin and so on: at a hundred, a thousand, ten thousand
    return low, 5 * low


@pytest.mark.parametrize("table", [wording.VAGUE, words.VAGUE], ids=["read", "scanned"])
def test_a_vague_count_runs_from_two_to_ten_of_its_scale(table):
    for phrase, ends in table.items():
        assert ends == vague(phrase), phrase


def test_majorities_are_above_half_and_large_ones_seventy():
    large = {("veruit", "de", "meeste"), ("overgrote", "deel"), ("overgrote", "meerderheid"), ("vast", "majority"), ("overwhelming", "majority"), ("by", "far", "the", "most")}  # fmt: skip
    assert {phrase for phrase, least in wording.MAJORITY.items() if least == 70} == large
    assert {least for phrase, least in wording.MAJORITY.items() if phrase not in large} == {50}


def test_scale_words_have_their_power_of_ten():
    powers = {3: "duizend dzd thousand", 6: "miljoen milj mln mio million", 9: "miljard mld mrd billion bn"}
    assert {w: p for p, ws in powers.items() for w in ws.split()} == wording.SCALES


def test_words_of_a_ratio_have_their_number():
    stems = {"verdubbel": 2, "verdrievoud": 3, "verviervoud": 4, "vertienvoud": 10, "tweemaal": 2, "driemaal": 3, "viermaal": 4, "vijfmaal": 5, "zesmaal": 6,
             "tienmaal": 10, "tweevoud": 2, "doubl": 2, "twice": 2, "tripl": 3, "trebl": 3, "quadrupl": 4, "twofold": 2, "threefold": 3, "fourfold": 4,
             "fivefold": 5, "tenfold": 10}  # fmt: skip
    for word, value in words.RATIO_WORDS.items():
        assert [n for stem, n in stems.items() if word.startswith(stem)] == [value], word


SPOKEN_OF = (12, 14, 15, 16, 18, 21, 40, 45, 50, 55, 60, 65, 67, 70, 75, 80)


@pytest.mark.parametrize("age", range(10, 90))
def test_ages_that_people_speak_of_with_a_plus(age):
    assert (figures(f"de groep {age}+ is groot") == []) is (age in SPOKEN_OF)


@pytest.mark.parametrize(("sign", "unit"), [("€", "eur"), ("$", "usd"), ("£", "gbp"), ("EUR", "eur"), ("USD", "usd"), ("GBP", "gbp")])  # fmt: skip
def test_a_currency_before_an_amount(sign, unit):
    assert [(f[0], f[5]) for f in figures(f"Dat kost {sign} 12 per maand")] == [("money", unit)]


@pytest.mark.parametrize(
    ("word", "unit"),
    [("jaar", "years"), ("maanden", "months"), ("weken", "weeks"), ("werkdagen", "days"), ("uur", "hours"), ("minuten", "minutes"), ("seconden", "seconds")],
)  # fmt: skip
def test_units_of_time(word, unit):
    assert [(f[0], f[5]) for f in figures(f"na 12 {word}")] == [("duration", unit)]

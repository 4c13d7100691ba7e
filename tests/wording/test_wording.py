"""From words to an interval: the table of reporting language in cases.yml, its rules, number words and tokens."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats import parse
from osw_stats.errors import InputError
from osw_stats.wording import words
from osw_stats.wording.hedges import apply_rule, one_in
from osw_stats.wording.numerals import is_numeral, read_numeral
from osw_stats.wording.printed import code_end, read_number
from osw_stats.wording.reading import Wording, read_at, vague_figure
from osw_stats.wording.scan import words as scanned
from osw_stats.wording.scan.worded import times_of
from osw_stats.wording.tokens import text_at, tokenise
from tests.cases import beside, cases, table
from tests.cases import words as split

CASES = beside(__file__)


def interval(figure):
    ends = ("[" if figure.lower_closed else "(") + ("]" if figure.upper_closed else ")")
    return [figure.rule, round(figure.lower, 4), round(figure.upper, 4), ends]


def parts(thing, *names):
    values = (getattr(thing, name) for name in names)
    return thing and [float(v) if isinstance(v, Decimal) else v for v in values]


def number(text, language, *names):
    """Return what was read of the number at the first digits of a text, else at its last word."""
    tokens = tokenise(text, language)
    at = next((i for i, t in enumerate(tokens) if t.digits), len(tokens) - 1)
    return parts(read_number(tokens, at, language), *names)


def numeral(text, language, *names):
    return parts(read_numeral(text.split(), language), *names)


def form(text, language):
    return parts(read_at(Wording(tokenise(text, language), language), 0), "form", "end") or [None, None]


def hedge(text, language):
    tokens = tokenise(text, language)
    return list(words.find_hedge(tokens, len(tokens) - 1, language))


READ = {
    "parse": lambda text, language: interval(parse(text, language=language)),
    "strict": lambda text, language: interval(parse(text, language=language, strict=True)),
    "values": lambda text, language: parse(text, language=language).value,
    "numeral": lambda text, language: (numeral(text, language, "value") or [None])[0],
    "numeral_parts": lambda text, language: numeral(text, language, "value", "step", "used"),
    "scale": lambda text, language: read_numeral(text.split(), language).scale,
    "may_begin": is_numeral,
    "number": lambda text, language: number(text, language, "value", "step", "place", "unrounded", "scale"),
    "worded_number": lambda text, language: number(text, language, "value", "step", "unrounded"),
    "code_end": lambda text, language: code_end(tokenise(text, language), 0, language),
    "form": form,
    "hedge": hedge,
    "first_token": lambda text, language: tokenise(text, language)[0].text,
}


@cases(__file__, *READ)
def test_words_are_read_as_the_table_says(section, language, text, expected):
    assert READ[section](text, language) == expected


@cases(__file__, "no_figure", "refused")
def test_what_can_be_no_figure_is_refused(section, language, text, expected):
    with pytest.raises(InputError, match=expected):
        parse(text, language=language)


@cases(__file__, "with_step")
def test_the_context_can_show_another_step(section, language, text, expected):
    figure = parse(text, language=language, step=expected[0])
    assert [figure.lower, figure.upper] == pytest.approx(expected[1:], abs=1e-4)


@table(__file__, "rules", "rule below above ends")
@given(value=st.integers(0, 10**6), step=st.sampled_from([1, 10, 100]))
def test_every_rule_leaves_open_what_its_words_say(rule, below, above, ends, value, step):
    figure = apply_rule(Decimal(value), Decimal(step), rule)
    assert (figure.value, figure.step) == (value, step)
    lower = 0 if below is None else value + below * step
    assert interval(figure) == [rule, lower, value + above * step, ends]


def test_to_the_letter_only_the_open_end_goes():
    assert one_in(8, "bijna", strict=True) == one_in(8, "bijna")
    assert interval(one_in(8, "minder_dan", strict=True))[1:] == [-math.inf, 12.5, "()"]
    assert interval(apply_rule(Decimal(5), Decimal(1), "minstens", strict=True))[1:] == [5, math.inf, "[)"]


# numbers written out by the rules of spelling, not by those of the reader
LOW, TENS, EN_LOW, EN_TENS = (split(CASES["spelling"][n]) for n in ("low", "tens", "low_en", "tens_en"))


def dutch(n, after_e="ën"):
    """Write a number below a million as one Dutch word; `after_e` joins twee and drie to what follows."""
    if n < 20:
        return LOW[n]
    if n < 100:
        unit, ten = LOW[n % 10], TENS[n // 10 - 2]
        return f"{unit}{after_e if unit.endswith('e') else 'en'}{ten}" if n % 10 else ten
    head, scale, rest = (n // 100, "honderd", n % 100) if n < 1000 else (n // 1000, "duizend", n % 1000)
    return f"{dutch(head, after_e) if head > 1 else ''}{scale}{dutch(rest, after_e) if rest else ''}"


def english(n):
    """Write a number below a million the way English does, with "and" after the hundreds."""
    if n < 20:
        return [EN_LOW[n]]
    if n < 100:
        return [EN_TENS[n // 10 - 2], *(["-", EN_LOW[n % 10]] if n % 10 else [])]
    if n < 1000:
        return [EN_LOW[n // 100], "hundred", *(["and", *english(n % 100)] if n % 100 else [])]
    return [*english(n // 1000), "thousand", *(english(n % 1000) if n % 1000 else [])]


@given(st.integers(2, 999_999), st.sampled_from(["en", "ën"]))
def test_every_number_below_a_million_is_read_back(n, joint):
    for spelt, language in (([dutch(n, joint)], "nl"), (english(n), "en")):
        read = read_numeral([*spelt, "victims"], language)
        assert (read.value, read.used, read.step) == (n, len(spelt), None)
    for scale, power in (("miljoen", 6), ("miljard", 9)):
        read = read_numeral([dutch(n % 998 + 2, "en"), scale], "nl")
        assert (read.value, read.scale, read.used) == ((n % 998 + 2) * 10**power, power, 2)


@pytest.mark.parametrize(("length", "is_number"), [(80, True), (81, False)])
def test_a_word_of_more_than_eighty_letters_is_no_number(length, is_number):
    # accents do not count in the number, but in the length of the word
    assert (read_numeral(["twee" + "\u0301" * (length - 4)], "nl") is not None) is is_number


def test_tokens_know_their_place_and_have_one_spelling():
    text = "Zo’n 12 500 (5–6%)"
    tokens = tokenise(text, "nl", 10)
    assert [text[t.start - 10 : t.end - 10] for t in tokens] == ["Zo’n", "12 500", *"(5–6%)"]
    assert [t.text for t in tokens] == ["zo'n", "12.500", *"(5-6%)"]
    assert "".join("g" if t.glued else "-" for t in tokens) == "---ggggg"
    assert "".join("d" if t.digits else "w" if t.word else "-" for t in tokens) == "wd-d-d--"
    assert [text_at(tokens, n) for n in (-1, 0, 7, 8)] == ["", "zo'n", ")", ""]


def spelt(table):
    """Return the number of each word, from the words of each number."""
    return {word: number for number, of_number in table.items() for word in of_number.split()}


@pytest.mark.parametrize("table", [words.VAGUE, scanned.VAGUE], ids=["parse", "scan"])
def test_a_vague_count_runs_from_two_to_ten_of_its_scale(table):
    few, scales, at_least = (
        split("enkele few couple paar several"),
        spelt(CASES["scales"]),
        spelt(CASES["plurals"]),
    )
    for phrase, ends in table.items():
        rest = [w for w in phrase if w not in ("of", "a", "een", *few)]
        if set(few) & set(phrase) and (not rest or rest[0] in scales):
            low = 2 * (scales[rest[0]] if rest else 1)
        else:  # "honderden duizenden"
            low = at_least[rest[0]] * (at_least[rest[1]] / 2 if len(rest) > 1 else 1)
        assert ends == (low, 5 * low), phrase
        assert vague_figure(*ends).step == low / 2, phrase  # the scale itself


@pytest.mark.parametrize("table", [words.VAGUE, words.FRACTIONS, words.MAJORITY])
def test_every_phrase_is_read_to_its_last_word(table):
    for phrase, meaning in table.items():
        tokens = tokenise(f"{' '.join(phrase)} x", "nl")
        assert words.phrase_at(tokens, 0, table) == (meaning, len(phrase))


def test_fractions_majorities_scales_and_ratios_have_their_number():
    for phrase, number in CASES["fractions"].items():
        assert words.FRACTIONS[tuple(phrase.split())] == tuple(number), phrase
    assert all(0 < m < k <= 19 for m, k in words.FRACTIONS.values())
    large = {"veruit", "overgrote", "vast", "overwhelming", "far"}
    for phrase, least in words.MAJORITY.items():
        assert least == (50 if large.isdisjoint(phrase) else 70), phrase
    assert spelt(CASES["powers"]) == words.SCALES
    for word, value in scanned.RATIO_WORDS.items():
        assert word.startswith(tuple(CASES["stems"][value].split())), word
    assert {word: times_of(word) for word in CASES["times"]} == CASES["times"]

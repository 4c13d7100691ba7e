"""Numbers as people write them, and any wording at all: one reader, a figure that makes sense or a refusal, in bounded time."""

import contextlib
import time
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from osw_stats.data.rows import number as cell
from osw_stats.errors import InputError
from osw_stats.text.language import number
from osw_stats.wording.parse import bare, parse
from osw_stats.wording.scan import scan
from osw_stats.wording.words import HEDGES
from tests.cases import words

LANGUAGES = st.sampled_from(["nl", "en"])
SPACES = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"])
MINUS = st.sampled_from(["-", "\u2212", "\u2013"])
NOUN = {"nl": "meldingen", "en": "reports"}
SENTENCE = {
    "nl": "Volgens de politie zijn er {} gedaan.",
    "en": "According to the police there were {} made.",
}
UP = ("ruim", "meer dan", "minstens", "more than", "at least", "just over")
DOWN = ("bijna", "minder dan", "hooguit", "fewer than", "at most", "just under")
PIECES = words(
    "een één op de tien tussen en tot à a - – 1 12 2024 1.000 1.4.1 0,7 07 % procent € miljoen duizend half helft derde "
    "ruim bijna ca. zo'n meeste enkele honderden one in out of two and million tens third ( ) , . : / ½ t m honderd "
    "vijfentwintig"
)
wordings = st.lists(st.sampled_from(PIECES), max_size=9).flatmap(
    lambda p: st.sampled_from([" ", ""]).map(lambda gap: gap.join(p))
)
counts = st.integers(1, 10_000_000)
ENGLISH = {rule: words[-1] for rule, words in HEDGES.items()}
SCRIPTS = "٠٠١٢٣٤٥٦٧٨٩０１２３４５６７８９०१२३४५६७८९"


def point(language):
    return "," if language == "nl" else "."


def in_text(figure, language):
    """Return the claims of a sentence that holds a figure and its noun."""
    told = scan(SENTENCE[language].format(f"{figure} {NOUN[language]}"), language=language)
    return [(s.value, s.lower, s.upper) for s in told if s.is_claim]


@given(st.integers(1000, 999_999_999), SPACES, LANGUAGES)
@example(48_016, " ", "nl")
@example(2_019, " ", "en")
def test_thousands_set_apart_by_a_space_are_one_number(value, space, language):
    text = f"{value:,}".replace(",", space)
    assert bare(text, language) == value
    assert cell("value", text) == value
    figure, plain = parse(text, language=language), parse(number(value, language), language=language)
    assert (figure.value, figure.lower, figure.upper) == (plain.value, plain.lower, plain.upper)
    assert in_text(text, language) == [(plain.value, plain.lower, plain.upper)]


@given(st.integers(1, 10**6), st.integers(1, 4), LANGUAGES, st.sampled_from([None, "fte", "percent", "eur"]))
@example(120, 1, "nl", "fte")  # "12,0"
def test_a_decimal_is_rounded_at_its_last_place(digits, places, language, unit):
    value = Decimal(digits).scaleb(-places)
    figure = parse(f"{value:f}".replace(".", point(language)), language=language, unit=unit)
    half = Decimal(5).scaleb(-places - 1)
    assert (figure.lower, figure.upper) == pytest.approx((float(value - half), float(value + half)))
    assert (figure.lower_closed, figure.upper_closed) == (True, False)


@given(st.integers(1, 10**9).filter(lambda n: n % 10), LANGUAGES)
def test_a_count_printed_to_its_last_digit_is_exact(value, language):
    figure = parse(number(value, language), language=language)
    assert figure.lower == value == figure.upper


@given(st.integers(1, 99_999), st.integers(0, 3), MINUS, LANGUAGES)
def test_a_minus_sign_makes_the_figure_negative(digits, places, minus, language):
    value = Decimal(digits).scaleb(-places)
    text = f"{value:f}".replace(".", point(language))
    figure, negative = parse(text, language=language), parse(minus + text, language=language)
    assert (negative.value, negative.lower, negative.upper) == (-figure.value, -figure.upper, -figure.lower)
    assert bare(minus + text, language) == -value
    assert cell("value", minus + f"{value:f}") == -float(value)
    assert in_text(minus + text, language) == [(negative.value, negative.lower, negative.upper)]


@pytest.mark.parametrize("text", ["-€ 5", "−€5", "€ -5", "€-5", "ongeveer -5", "(-5)", "van -5"])
def test_the_sign_may_stand_before_the_currency(text):
    assert parse(text).value == -5


@given(st.from_regex(r"[0-9]{1,4}", fullmatch=True), st.sampled_from(",."), LANGUAGES)
def test_a_decimal_may_begin_with_its_mark(digits, mark, language):
    figure = parse(mark + digits, language=language)
    assert figure.value == pytest.approx(float(f"0.{digits}"))
    assert bare(mark + digits, language) == Decimal(f"0.{digits}")


@given(st.from_regex(r"0[.,][0-9]{3}", fullmatch=True), LANGUAGES)
def test_no_thousands_begin_with_a_zero(text, language):
    read = bare(text, language)
    assert read is None or read < 1


@given(
    st.text("0123456789", max_size=4),
    st.sampled_from(SCRIPTS),
    st.text("0123456789", max_size=4),
    LANGUAGES,
)
def test_digits_of_another_script_are_refused(before, digit, after, language):
    text = before + digit + after
    with pytest.raises(InputError, match="another script"):
        parse(f"{text} {NOUN[language]}", language=language)
    assert bare(text, language) is None
    with pytest.raises(InputError, match="is not a number"):
        cell("value", text)
    assert in_text(text, language) == []


@given(st.integers(2, 10**6), st.integers(1, 10**6), LANGUAGES, st.sampled_from(["between", "a"]))
def test_a_range_upside_down_is_refused(low, more, language, form):
    high, low = number(low + more, language), number(low, language)
    word = {"nl": ("tussen {} en {}", "{} à {}"), "en": ("between {} and {}", "{} to {}")}[language]
    text = word[form == "a"].format(high, low)
    with pytest.raises(InputError, match="down to"):
        parse(text, language=language)
    parse(word[form == "a"].format(low, high), language=language)


@given(st.integers(0, 1000), st.integers(0, 1000), LANGUAGES)
@example(7, 5, "nl")
@example(0, 5, "nl")
@example(1, 0, "en")
def test_a_ratio_of_nothing_or_of_more_than_all_is_refused(m, k, language):
    assume(not 0 < m <= k)
    text = f"{m} op de {k}" if language == "nl" else f"{m} out of {k}"
    with pytest.raises(InputError, match="tells a ratio"):
        parse(text, language=language)
    assert not [s for s in scan(f"{text} {NOUN[language]}", language=language) if s.is_claim]


@given(st.sampled_from(UP), st.sampled_from(DOWN), st.booleans(), st.integers(1, 10**6))
def test_hedges_that_exclude_each_other_are_refused(up, down, turned, value):
    assume((up in UP[:3]) == (down in DOWN[:3]))  # of one language
    language = "nl" if up in UP[:3] else "en"
    hedges = f"{down} {up}" if turned else f"{up} {down}"
    with pytest.raises(InputError, match="exclude each other"):
        parse(f"{hedges} {number(value, language)}", language=language)
    assert in_text(f"{hedges} {number(value, language)}", language) == []


@given(st.sampled_from([w for rule in ("circa", "ruim") for w in HEDGES[rule][:3]]), st.integers(1, 10**6))
def test_an_estimate_may_be_hedged_again(hedge, value):
    assert parse(f"naar schatting {hedge} {number(value, 'nl')}").value == value


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.sampled_from(["..", ",,", ".,", ",.", "...", "::", "//"]),
    LANGUAGES,
)
def test_doubled_marks_are_refused(a, b, marks, language):
    for text in (f"{a}{marks}{b}", f"--{a}", f"\u2212-{a}", f"{a}%%", f"€€{a}"):
        with pytest.raises(InputError, match="doubled mark"):
            parse(text, language=language)
        assert bare(text, language) is None


@pytest.mark.parametrize("unit", ["persons", "fte", "eur", "police_reports"])
def test_a_percentage_is_no_figure_of_a_row_that_counts(unit):
    with pytest.raises(InputError, match="another unit"):
        parse("31%", unit=unit)


@given(st.integers(0, 10**6), st.sampled_from("+*^×"), st.integers(0, 10**6), st.sampled_from(["", " "]))
def test_a_formula_is_refused(a, sign, b, gap):
    for text in (f"{a}{gap}{sign}{gap}{b}", f"={a}", "=A1+2", "@SUM(A1)"):
        with pytest.raises(InputError, match="formula"):
            parse(text)
        assert bare(text) is None


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from("'\u2019"), LANGUAGES)
def test_thousands_of_another_country_are_no_small_number(a, b, mark, language):
    text = f"{a}{mark}{b:03d}"
    with pytest.raises(InputError, match="no figure"):
        parse(text, language=language)
    assert not [
        c
        for c in scan(SENTENCE[language].format(f"{text} {NOUN[language]}"), language=language)
        if c.is_claim
    ]


@given(st.integers(2, 10**4), st.sampled_from([("<=", "≤"), (">=", "≥")]), LANGUAGES)
def test_a_comparison_of_two_signs_reads_as_one(n, signs, language):
    one, other = (parse(f"{sign} {n}", language=language) for sign in signs)
    assert one == other
    assert one.rule in ("hooguit", "minstens")


def test_words_that_only_look_like_two_units_or_a_sign_are_read():
    assert parse("5 US dollar").value == parse("min. 5 dagen").value == parse("±5").value == 5


@given(wordings | st.text(max_size=60), LANGUAGES, st.booleans(), st.sampled_from([None, "percent", "fte"]))
def test_any_text_gives_a_figure_or_a_clear_refusal(text, language, strict, unit):
    try:
        figure = parse(text, language=language, strict=strict, unit=unit)
    except InputError as refusal:
        assert refusal.remedy
        return
    assert figure.lower <= figure.upper
    assert figure.step > 0
    assert figure.value is None or figure.lower <= figure.value <= figure.upper


@given(counts, LANGUAGES, st.sampled_from(list(HEDGES)))
def test_a_hedged_count_is_read_back_and_lies_in_its_interval(value, language, rule):
    hedge = (HEDGES[rule][0] if language == "nl" else ENGLISH[rule]) + " "
    figure = parse(hedge + number(value, language), language=language)
    assert (figure.rule, figure.value) == (rule, value)
    assert figure.lower <= value <= figure.upper


@given(counts, st.sampled_from(["meer dan", "minder dan", "minstens"]))
def test_to_the_letter_an_interval_only_grows(value, hedge):
    text = f"{hedge} {number(value, 'nl')}"
    usual, strict = parse(text), parse(text, strict=True)
    assert strict.lower <= usual.lower
    assert usual.upper <= strict.upper


@given(st.integers(2, 10_000))
def test_neighbouring_shares_one_in_k_touch_without_overlap(k):
    here, next_one = parse(f"een op de {number(k, 'nl')}"), parse(f"een op de {number(k + 1, 'nl')}")
    assert here.lower == pytest.approx(next_one.upper)
    assert (here.lower_closed, next_one.upper_closed) == (False, True)


@given(counts, counts)
def test_a_range_holds_both_its_ends(a, b):
    low, high = sorted((a, b))
    figure = parse(f"tussen de {number(low, 'nl')} en {number(high, 'nl')}")
    assert (figure.rule, figure.lower, figure.upper) == ("tussen", low, high)


PILES = (
    "x|1|1.|1.000.|1-|1 - |- |-1|een op de |tussen |a |een |one hundred and |honderd|honderd |vijf en |'|z'|enkele |€|"
    "tientallen miljoenen |\u00a0|1\u00a0|e\u0301|ongeveer |1 jan |2½ |drie op de drie |of the "
)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("piece", PILES.split("|"), ids=repr)
def test_a_hundred_kilobytes_take_bounded_time(piece, language):
    text = (piece * 100_000)[:100_000]
    began = time.perf_counter()
    with contextlib.suppress(InputError):
        parse(text, language=language)
    # reading in quadratic time would take an hour
    assert time.perf_counter() - began < 120

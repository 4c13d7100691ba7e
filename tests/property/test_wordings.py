"""Any wording gives a figure that makes sense or a refusal, in bounded time."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.report.language import number
from osw_stats.vocabulary.numerals import read_numeral
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.words import HEDGES
from tests.number_words import dutch

counts = st.integers(1, 10_000_000)
languages = st.sampled_from(["nl", "en"])
ENGLISH = {rule: words[-1] for rule, words in HEDGES.items()}
PIECES = st.sampled_from(
    [
        "een",
        "één",
        "op",
        "de",
        "tien",
        "tussen",
        "en",
        "tot",
        "à",
        "a",
        "-",
        "–",
        "1",
        "12",
        "2024",
        "1.000",
        "1.4.1",
        "0,7",
        "07",
        "%",
        "procent",
        "€",
        "miljoen",
        "duizend",
        "half",
        "helft",
        "derde",
        "ruim",
        "bijna",
        "ca.",
        "zo'n",
        "meeste",
        "enkele",
        "honderden",
        "one",
        "in",
        "out",
        "of",
        "two",
        "and",
        "million",
        "tens",
        "third",
        "(",
        ")",
        ",",
        ".",
        ":",
        "/",
        "½",
        "t",
        "m",
        "honderd",
        "vijfentwintig",
    ]
)
wordings = st.lists(PIECES, max_size=9).flatmap(
    lambda p: st.sampled_from([" ", ""]).map(lambda gap: gap.join(p))
)


@given(wordings | st.text(max_size=60), languages, st.booleans(), st.sampled_from([None, "percent", "fte"]))
def test_any_text_gives_a_figure_or_a_clear_refusal(text, language, strict, unit):
    try:
        figure = parse(text, language=language, strict=strict, unit=unit)
    except InputError as refusal:
        assert refusal.remedy
        return
    assert figure.lower <= figure.upper
    assert figure.step > 0
    assert figure.value is None or figure.lower <= figure.value <= figure.upper


@given(counts, languages, st.sampled_from(list(HEDGES)))
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


@given(st.integers(2, 999_999))
def test_every_dutch_number_in_words_is_read_back(n):
    assert read_numeral([dutch(n)], "nl").value == n


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "piece",
    [
        "x", "1", "1.", "1.000.", "1-", "1 - ", "- ", "-1", "een op de ", "tussen ", "a ", "een ", "one hundred and ",
        "honderd", "honderd ", "vijf en ", "'", "z'", "enkele ", "tientallen miljoenen ", "€", "\u00a0", "1\u00a0",
        "e\u0301", "ongeveer ", "1 jan ", "2½ ", "drie op de drie ", "of the ",
    ],
)  # fmt: skip
def test_a_hundred_kilobytes_take_bounded_time(piece, language):
    text = (piece * 100_000)[:100_000]
    began = time.perf_counter()
    with contextlib.suppress(InputError):
        parse(text, language=language)
    # reading in quadratic time would take an hour
    assert time.perf_counter() - began < 120

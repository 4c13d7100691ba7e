"""Hedges, rules and the words around a figure; periods, limits, rounding and tokens at their edges."""

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.vocabulary.limits import check_limits, printed_step
from osw_stats.vocabulary.periods import known_by, parse_day_or_period, parse_period
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.rules import apply_rule, one_in
from osw_stats.vocabulary.tokens import text_at, tokenise
from osw_stats.vocabulary.words import (
    find_hedge,
    has_factor,
    is_denied,
    is_period,
    is_precise_after,
    phrase_at,
    words_before,
)

INF = math.inf
# what each rule leaves open below and above a value v with a step s, and which ends belong to it
RULES = {
    "exact": (0, 0, True, True), "none": (0.5, 0.5, True, False), "m_op_k": (0.5, 0.5, True, False),
    "circa": (1, 1, True, True), "breukwoord": (1, 1, True, True), "ruim": (0, 1, True, False),
    "meer_dan": (0, 1, False, True), "bijna": (1, 0, True, False), "minder_dan": (1, 0, True, False),
    "minstens": (0, 1, True, True),
}  # fmt: skip


@given(st.integers(0, 10**6), st.sampled_from([1, 10, 100]), st.sampled_from(sorted(RULES)))
def test_every_rule_leaves_open_what_its_words_say(value, step, rule):
    below, above, closed_below, closed_above = RULES[rule]
    found = apply_rule(Decimal(value), Decimal(step), rule)
    assert (found.value, found.step, found.rule) == (value, step, rule)
    assert (found.lower, found.upper) == (value - below * step, value + above * step)
    assert (found.lower_closed, found.upper_closed) == (closed_below, closed_above)


def test_at_most_reaches_down_to_zero():
    found = apply_rule(Decimal(60), Decimal(10), "hooguit")
    assert (found.lower, found.upper, found.lower_closed, found.upper_closed) == (0, 60, True, True)


# one in 8 is 12.5 percent, one in 7 is 14.29, one in 9 is 11.11; one in 8.5 and 7.5 round to one in 8
@pytest.mark.parametrize(
    ("hedge", "lower", "upper", "ends"),
    [
        ("none", 100 / 8.5, 100 / 7.5, "(]"), ("exact", 12.5, 12.5, "[]"), ("ruim", 12.5, 100 / 7, "[)"),
        ("meer_dan", 12.5, 100 / 7, "(]"), ("bijna", 100 / 9, 12.5, "()"), ("minder_dan", 100 / 9, 12.5, "[)"),
        ("minstens", 12.5, 100 / 7, "[]"), ("hooguit", 0, 12.5, "[]"),
    ],
)  # fmt: skip
def test_one_in_eight_under_every_hedge(hedge, lower, upper, ends):
    found = one_in(8, hedge)
    assert (found.lower, found.upper) == (pytest.approx(lower), pytest.approx(upper))
    assert ("[" if found.lower_closed else "(") + ("]" if found.upper_closed else ")") == ends
    assert (found.value, found.step) == (12.5, 1)


def test_to_the_letter_only_the_open_end_goes():
    assert one_in(8, "bijna", strict=True) == one_in(8, "bijna")
    less = one_in(8, "minder_dan", strict=True)
    assert (less.lower, less.upper, less.lower_closed) == (-INF, 12.5, False)
    more = apply_rule(Decimal(5), Decimal(1), "minstens", strict=True)
    assert (more.lower, more.upper, more.lower_closed, more.upper_closed) == (5, INF, True, False)


@pytest.mark.parametrize(
    ("text", "rule", "start"),
    [
        ("ruim 5", "ruim", 0), ("er is ruim 5", "ruim", 2), ("ruim een 5", "ruim", 0), ("5", "none", 0),
        ("> 5", "meer_dan", 0), ("er is ~ 5", "circa", 2), ("niet meer dan 5", "hooguit", 0), ("ca. 5", "circa", 0),
        ("om en nabij 5", "circa", 0), ("om en nabij de 5", "circa", 0), ("ruim ( 5", "ruim", 0), ("ruim ; 5", "none", 2),
        ("ruim. Er zijn. 5", "none", 5), ("over 5", "none", 1), ("ruim € 5", "ruim", 0), ("om precies te zijn 5", "exact", 0),
        ("ruim bijna 5", "bijna", 1), ("de 5", "none", 1),
    ],
)  # fmt: skip
def test_a_hedge_and_where_it_begins(text, rule, start):
    tokens = tokenise(text, "nl")
    assert find_hedge(tokens, len(tokens) - 1, "nl") == (rule, start)


def test_over_is_a_hedge_in_english_only():
    assert find_hedge(tokenise("over 5", "en"), 1, "en") == ("meer_dan", 0)


def test_the_last_words_before_a_number():
    tokens = tokenise("a b c d e f g h i 5", "nl")
    assert words_before(tokens, 9) == list("bcdefghi")  # four and the longest hedge, of four
    assert words_before(tokens, 0) == []
    assert words_before(tokenise("ver , weg ( 5", "nl"), 4) == ["ver", "weg"]
    assert words_before(tokenise("ver . weg 5", "nl"), 3) == ["weg"]


@pytest.mark.parametrize(
    ("text", "precise"),
    [("om precies te zijn", True), (", (om precies te zijn", True), ("to be precise", True), ("to be sure", False), ("om precies te", False), ("", False), (",", False), ("; to be precise", False)],
)  # fmt: skip
def test_to_be_precise(text, precise):
    assert is_precise_after(tokenise(text, "nl"), 0) is precise


@pytest.mark.parametrize(
    ("text", "at", "end", "period"),
    [
        ("half jaar", 0, 1, True), ("half - jaar", 0, 1, True), ("half brood", 0, 1, False), ("eerste half", 1, 2, True),
        ("een half", 1, 2, False), ("half brood jaar", 0, 1, False), ("half", 0, 1, False), ("jaar eerste half", 2, 3, True),
    ],
)  # fmt: skip
def test_a_half_of_a_period(text, at, end, period):
    assert is_period(tokenise(text, "nl"), at, end) is period


@pytest.mark.parametrize(
    ("text", "denied"),
    [("geen", True), ("niet de", True), ("niet", True), ("de", False), ("", False), ("niet zo de", False), ("geen woord", False), ("geen de de", False)],
)  # fmt: skip
def test_a_denial_stands_directly_before_an_article_apart(text, denied):
    tokens = tokenise(text, "nl")
    assert is_denied(tokens, len(tokens)) is denied


@pytest.mark.parametrize(
    ("text", "at", "end", "factor"),
    [
        ("tientallen miljoenen", 0, 1, True), ("tientallen of miljoenen", 0, 1, True), ("tientallen mensen", 0, 1, False),
        ("miljoenen tientallen", 1, 2, True), ("tens of miljoenen", 2, 3, False), ("duizend of tientallen", 2, 3, True),
        ("tientallen mensen miljoenen", 0, 1, False), ("miljoenen mensen tientallen", 2, 3, False),
    ],
)  # fmt: skip
def test_a_factor_beside_a_vague_count(text, at, end, factor):
    assert has_factor(tokenise(text, "nl"), at, end) is factor


def test_the_longest_phrase_wins():
    table = {("a",): 1, ("a", "b"): 2, ("a", "b", "c", "d"): 4, ("a", "b", "c", "d", "e"): 5}
    assert phrase_at(tokenise("a b c d e", "nl"), 0, table) == (4, 4)
    assert phrase_at(tokenise("a b c e", "nl"), 0, table) == (2, 2)
    assert phrase_at(tokenise("x a", "nl"), 1, table) == (1, 2)
    assert phrase_at(tokenise("x", "nl"), 0, table) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("in 2024 kwamen 83", 83), ("in 2024", 2024), ("83 in 2024", 83), ("2024 kwamen 83", 2024), ("ruim 2024, 83", 2024), ("in 2024 en 2025 83", 83), ("in 2124 kwamen 83", 2124)],
)  # fmt: skip
def test_a_year_gives_way_to_a_figure(text, value):
    assert parse(text).value == value


@pytest.mark.parametrize("step", [1e-9, 1])
def test_a_step_above_zero_is_taken(step):
    assert parse("ruim 12", step=step).upper == pytest.approx(12 + step)


def test_only_two_languages_are_read():
    with pytest.raises(InputError, match="unknown language"):
        parse("12", language="de")


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [("2024-Q1", (1, 1), (3, 31)), ("2024-Q2", (4, 1), (6, 30)), ("2024-Q4", (10, 1), (12, 31)), ("2024-12", (12, 1), (12, 31)), ("2024-01", (1, 1), (1, 31)), ("1999-02", (2, 1), (2, 28))],
)  # fmt: skip
def test_quarters_and_months(code, first, last):
    found, year = parse_period(code), int(code[:4])
    assert (found.start, found.end, found.code) == (date(year, *first), date(year, *last), code)


def test_a_day_is_a_period_of_one_day():
    assert parse_day_or_period("2024-10-01").days == 1
    assert parse_day_or_period("2024").days == 366
    with pytest.raises(InputError, match="is not a date"):
        parse_day_or_period("2024-13-01")


@pytest.mark.parametrize(("published", "precision", "seen"), [("2024-11-25", "unknown", "2025-01-01"), ("", "unknown", ""), ("2024-1", "month", None), ("20241125", "day", None)])  # fmt: skip
def test_dates_that_contradict_themselves(published, precision, seen):
    with pytest.raises(InputError):
        known_by(published, precision, seen)


@pytest.mark.parametrize("limits", [(0, 0, 0), (100, 100, 100), (5, 5, 5), (5, 0, 100)])
def test_limits_may_touch_the_value_and_the_ends(limits):
    check_limits(*limits)


@pytest.mark.parametrize(("limits", "column"), [((-0.1, 0, 1), "pct"), ((100.1, 0, 100), "pct"), ((5, -0.1, 6), "lower"), ((5, 4, 100.1), "upper"), ((5, 5.1, 6), "lower"), ((5, 4, 4.9), "upper")])  # fmt: skip
def test_limits_that_do_not_enclose_the_value(limits, column):
    with pytest.raises(InputError, match=f'column "{column}"'):
        check_limits(*limits)


@pytest.mark.parametrize(("text", "step"), [("5", 1), ("5,1", 0.1), ("5.12 (5-6)", 0.01), ("12 (11-13,5)", 0.1)])  # fmt: skip
def test_the_finest_digit_decides_the_step(text, step):
    assert printed_step(text) == step


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [(2.5, 0, "3"), (-2.5, 0, "-3"), (2.4999, 0, "2"), ("0.15", 1, "0.2"), ("0.149", 1, "0.1"), (768_500, -3, "769000"), (765_000, -4, "770000"), (764_999, -4, "760000"), (5, -1, "10"), (4.99, -1, "0")],
)  # fmt: skip
def test_halves_are_rounded_away_from_zero(value, decimals, rounded):
    assert half_up(value, decimals) == Decimal(rounded)


def test_tokens_know_their_place_and_what_they_are():
    text = "Zo’n 12 500 (5–6%)"
    tokens = tokenise(text, "nl", 10)
    assert [text[t.start - 10 : t.end - 10] for t in tokens] == [
        "Zo’n",
        "12 500",
        "(",
        "5",
        "–",
        "6",
        "%",
        ")",
    ]
    assert [t.text for t in tokens] == ["zo'n", "12.500", "(", "5", "-", "6", "%", ")"]
    assert [t.glued for t in tokens] == [False, False, False, True, True, True, True, True]
    assert [t.digits for t in tokens] == [False, True, False, True, False, True, False, False]
    assert [t.word for t in tokens] == [True, False, False, False, False, False, False, False]
    assert tokenise("12 500", "en")[0].text == "12,500"
    assert tokenise("12 501", "nl")[0].text == "12.501"
    assert tokenise("12 501 300, 18 22", "nl")[0].text == "12.501.300"
    assert tokenise("120 135\nMannen 60 70", "nl")[0].text == "120"  # two columns of a table
    assert [text_at(tokens, n) for n in (-1, 0, 7, 8)] == ["", "zo'n", ")", ""]
    assert tokenise("0 9", "nl")[1].digits


def test_a_soft_hyphen_and_accents_have_one_spelling():
    assert tokenise("mel\u00addingen", "nl")[0].text == "meldingen"
    assert tokenise("e\u0301e\u0301n", "nl")[0].text == "één"

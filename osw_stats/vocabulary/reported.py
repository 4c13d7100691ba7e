"""Read a figure as a text prints it, with the interval its wording leaves open.

"ruim 760 duizend" is not 760,000: it is some number from 760,000 up to, but not
including, 770,000. The rules are the project's convention for Dutch and English
reporting language; they give *possibility* intervals (what the writer can have
had before rounding), not confidence intervals.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from osw_stats.errors import InputError
from osw_stats.vocabulary.printed import Printed, code_end, read_number
from osw_stats.vocabulary.rules import Figure, apply_rule, one_in
from osw_stats.vocabulary.wording import (
    CURRENCY,
    FRACTIONS,
    HEDGES,
    MAJORITY,
    PERCENT,
    UNIT_WORDS,
    VAGUE,
    Token,
    has_factor,
    hedge_before,
    is_denied,
    is_period,
    is_precise_after,
    phrase_at,
    tokenise,
    words_before,
)

__all__ = ["HEDGES", "Figure", "apply_rule", "parse"]

_FRACTION_STEP = Decimal(5)  # percentage points: how coarsely people speak of thirds and halves
_ONE = {"nl": ("een", "één", "1"), "en": ("one", "1")}
_LARGEST_K = 1_000_000


@dataclass(frozen=True)
class _Text:
    """A tokenised text and how the caller wants it read."""

    tokens: list[Token]
    language: str
    unit: str | None
    step: Decimal | None
    strict: bool


def parse(
    text: str,
    *,
    language: str = "nl",
    unit: str | None = None,
    step: float | None = None,
    strict: bool = False,
) -> Figure:
    """Read the first figure in `text`.

    Parameters
    ----------
    text
        The wording as published, such as "ruim 760 duizend" or "één op de acht".
    language
        "nl" (1.234,5) or "en" (1,234.5).
    unit
        Unit code; "percent" makes a bare number a rounded one even when it ends in a
        digit other than zero. Read from the text ("procent", "%") when left out.
    step
        Override of the place value of the last printed digit, where the context shows it.
    strict
        Read "meer dan", "minder dan" and "minstens" to the letter: without an end on the
        far side.

    Returns
    -------
    Figure
        `value` is None for a range that gives no single value.

    Raises
    ------
    InputError
        If the text holds no figure.

    Examples
    --------
    >>> parse("ruim 760 duizend").upper
    770000.0
    >>> f = parse("7 à 8 procent"); f.value, f.lower, f.upper
    (None, 6.5, 8.5)
    >>> parse("14.802 meldingen").rule
    'exact'
    >>> parse("meer dan twaalfduizend", strict=True).upper
    inf
    """
    if language not in _ONE:
        raise InputError("unknown language of a source", 'Write "nl" or "en".', value=language)
    if step is not None and not (math.isfinite(step) and step > 0):
        raise InputError("is not a step", "Write a number above zero, such as 1000.", value=step)
    width = None if step is None else Decimal(str(step))
    told = _Text(tokenise(text, language), language, unit, width, strict)
    for at in _starts(told):
        figure = _one_of_many(told, at) or _fraction(told, at) or _number(told, at) or _phrase(told, at)
        if figure:
            return figure
    raise InputError("holds no figure", "Copy the words and the number as published.", value=text)


def _starts(told: _Text) -> Iterator[int]:
    """Yield the positions where a figure may begin; dates and codes are passed over."""
    at = 0
    while at < len(told.tokens):
        end = code_end(told.tokens, at, told.language)
        if end is None and (told.tokens[at].word or told.tokens[at].digits):
            yield at
        at = at + 1 if end is None else end


def _one_of_many(told: _Text, at: int) -> Figure | None:
    """Read "een op de acht" and "drie op de tien"."""
    one = told.tokens[at].text in _ONE[told.language]
    many = None if one else read_number(told.tokens, at, told.language)
    if many is None and not one:
        return None
    end = many.end if many else at + 1
    past = _past_link(told, end)
    of = read_number(told.tokens, past, told.language) if past else None
    m, k = many.value if many else Decimal(1), of.value if of else Decimal(0)
    if of is None or m % 1 or k % 1 or not 0 < m < k <= _LARGEST_K or _is_year(told, past):
        return None
    hedge = hedge_before(told.tokens, at, told.language)
    if hedge == "circa":
        hedge = "none"  # "one in three" is an approximation already
    if m == 1:
        return one_in(int(k), hedge, strict=told.strict)
    rule = "m_op_k" if hedge == "none" else hedge
    return apply_rule(100 * m / k, 100 / k, rule, strict=told.strict)


def _past_link(told: _Text, at: int) -> int:
    """Return the position after "op de" or "out of"; 0 if neither stands at `at`."""
    links = {
        "nl": (("op", "de"), ("op", "elke"), ("op", "iedere"), ("op",)),
        "en": (("out", "of", "every"), ("out", "of"), ("in", "every"), ("in",)),
    }
    for link in links[told.language]:
        if tuple(t.text for t in told.tokens[at : at + len(link)]) == link:
            return at + len(link)
    return 0


def _is_year(told: _Text, at: int) -> bool:
    """Return whether the number is a year: "83 in 2022" is no fraction."""
    text = told.tokens[at].text
    return len(text) == 4 and text.isdigit() and text[:2] in ("19", "20")


def _fraction(told: _Text, at: int) -> Figure | None:
    """Read "de helft" and "ruim een derde"."""
    found = phrase_at(told.tokens, at, FRACTIONS)
    if found is None or is_denied(told.tokens, at) or is_period(told.tokens, at, found[1]):
        return None
    m, k = found[0]
    hedge = hedge_before(told.tokens, at, told.language)
    rule = "breukwoord" if hedge in ("none", "circa") else hedge
    return apply_rule(Decimal(100 * m) / k, told.step or _FRACTION_STEP, rule, strict=told.strict)


def _phrase(told: _Text, at: int) -> Figure | None:
    """Read a vague count or a majority."""
    if is_denied(told.tokens, at):
        return None
    vague = phrase_at(told.tokens, at, VAGUE)
    if vague and not has_factor(told.tokens, at, vague[1]):
        low, high = vague[0]
        return Figure(None, low / 2, "vague", low, high, True, False)
    majority = phrase_at(told.tokens, at, MAJORITY)
    return Figure(None, 1.0, "majority", majority[0], 100.0, majority[0] == 70, True) if majority else None


def _number(told: _Text, at: int) -> Figure | None:
    between = {"tussen", "between"} & set(words_before(told.tokens, at)[-2:])
    number = read_number(told.tokens, at, told.language, joined=not between)
    if number is None:
        return None
    span = _range(told, number, between=bool(between))
    if span:
        return span
    share = _is_share(told, number.end)
    width = told.step or number.width(share=share)
    rule = hedge_before(told.tokens, at, told.language)
    to_the_last_digit = number.whole and not share and width == Decimal(1).scaleb(number.place)
    if rule == "none" and (to_the_last_digit or is_precise_after(told.tokens, number.end)):
        rule = "exact"
    return apply_rule(number.value, width, rule, strict=told.strict)


def _range(told: _Text, a: Printed, *, between: bool) -> Figure | None:
    """Read "7 à 8", "5 tot 6", "50-60" and, after "tussen", "70 en 80"."""
    at = a.end
    while at < len(told.tokens) and told.tokens[at].text in UNIT_WORDS:
        at += 1
    found = _second(told, at, between=between)
    if found is None:
        return None
    word, b = found
    if not a.scale and b.scale and a.value < b.value.scaleb(-b.scale):
        a = a.scaled(b.scale)
    if a.value > b.value:
        return None
    share = _is_share(told, b.end)
    width = told.step or min(a.width(share=share), b.width(share=share))
    if word not in ("à", "a"):
        return Figure(None, float(width), "tussen", float(a.value), float(b.value), True, True)
    half = width / 2
    return Figure(None, float(width), "a_a_b", float(a.value - half), float(b.value + half), True, False)


def _second(told: _Text, at: int, *, between: bool) -> tuple[str, Printed] | None:
    """Return the word that links a range and the number after it."""
    texts = [t.text for t in told.tokens[at : at + 4]]
    if texts[:1] == ["-"] and texts[1:2] in (["tot"], ["à"], ["en"]):  # "vijf- tot zesduizend"
        at, texts = at + 1, texts[1:]
    links = (
        ["à", "tot", "to", "-"]
        + (["a"] if told.language == "nl" else [])
        + (["en", "and"] if between else [])
    )
    word = texts[0] if texts else ""
    if word not in links:
        if texts[:3] != ["t", "/", "m"]:
            return None
        at += 2
    at += 3 if texts[:3] == ["tot", "en", "met"] else 1
    while at < len(told.tokens) and told.tokens[at].text in ("de", "the", *CURRENCY):
        at += 1
    b = read_number(told.tokens, at, told.language)
    return None if b is None or code_end(told.tokens, at, told.language) else (word, b)


def _is_share(told: _Text, at: int) -> bool:
    following = "".join(t.text for t in told.tokens[at : at + 2])
    return told.unit == "percent" or following.startswith(("%", *PERCENT))

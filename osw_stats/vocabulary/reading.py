"""Read one figure where it stands: a number, a range, a share, a fraction or a vague count.

`reported.parse` takes the first figure of a wording; `scan` takes every one of a text. Both read with
the functions here, so that a figure means the same wherever it is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from osw_stats.errors import InputError
from osw_stats.vocabulary.printed import Printed, code_end, is_negative, read_number, sign_before
from osw_stats.vocabulary.rules import Figure, apply_rule, one_in
from osw_stats.vocabulary.tokens import Token, text_at
from osw_stats.vocabulary.wording import (
    CURRENCY,
    FRACTIONS,
    LITERAL,
    MAJORITY,
    PERCENT,
    UNIT_WORDS,
    VAGUE,
    excluded_hedge,
    has_factor,
    hedge_before,
    is_denied,
    is_period,
    is_precise_after,
    phrase_at,
    words_before,
)

_FRACTION_STEP = Decimal(5)  # percentage points: how coarsely people speak of thirds and halves
ONE = {"nl": ("een", "één", "1"), "en": ("one", "1")}
_ONE_OF = frozenset(
    ("man", "woman", "child", "girl", "boy", "adult", "person", "vrouw", "kind", "meisje", "jongen")
)
_LARGEST_K = 1_000_000
# "zeven van de tien" tells a share; "15 van de 46" tells a count and another one
_WHOLES = frozenset(map(Decimal, (10, 100, 1000)))


class ContradictionError(InputError):
    """Words of which no figure can be true; `end` is the token after them."""

    def __init__(self, problem: str, remedy: str, *, end: int = 0, **place: Any) -> None:
        super().__init__(problem, remedy, **place)
        self.end = end


@dataclass(frozen=True)
class Told:
    """A tokenised text and how the caller wants it read.

    `careful` refuses words that contradict themselves. `declared` is a text that somebody gave as one figure:
    there a range from high to low is no change but an error.
    """

    tokens: list[Token]
    language: str
    unit: str | None = None
    step: Decimal | None = None
    strict: bool = False
    careful: bool = False
    declared: bool = False

    def contradiction(self, problem: str, remedy: str, end: int) -> None:
        """Refuse where the caller wants that."""
        if self.careful:
            raise ContradictionError(problem, remedy, end=end)


@dataclass(frozen=True)
class Reading:
    """A figure at tokens[start:end], without its hedge and its unit.

    `form` is number, range, share ("een op de acht"), fraction, vague or majority.
    """

    figure: Figure
    start: int
    end: int
    form: str


def read_at(told: Told, at: int) -> Reading | None:
    """Return the figure that begins at token `at`, or None.

    Examples
    --------
    >>> from osw_stats.vocabulary.tokens import tokenise
    >>> found = read_at(Told(tokenise("ruim een op de acht", "nl"), "nl"), 1)
    >>> found.form, found.end, round(found.figure.upper, 1)
    ('share', 5, 14.3)
    """
    if told.tokens[at].digits:
        return _one_of_many(told, at) or _number(told, at)
    return _one_of_many(told, at) or _fraction(told, at) or _number(told, at) or _phrase(told, at)


def _one_of_many(told: Told, at: int) -> Reading | None:
    """Read "een op de acht" and "drie op de tien"."""
    one = told.tokens[at].text in ONE[told.language]
    many = None if one else read_number(told.tokens, at, told.language)
    if many is None and not one:
        return None
    end = many.end if many else at + 1 + (one and text_at(told.tokens, at + 1) in _ONE_OF)  # "one man in ten"
    past = _past_link(told, end)
    part = not past
    if part and not one:
        past = _past_part(told, end)  # "zeven van de tien"
    of = read_number(told.tokens, past, told.language) if past else None
    m, k = many.value if many else Decimal(1), of.value if of else Decimal(0)
    if of is None or m % 1 or k % 1 or k > _LARGEST_K or is_year(told.tokens, past):
        return None
    if part and k not in _WHOLES:
        return None
    if part and m > k and text_at(told.tokens, of.end) != "-":  # "30 van de 10-jarigen"
        told.contradiction(f"tells a ratio of {m} of every {k}", "A ratio lies within all.", of.end)
    # "12 op 1 juli" and "7 in 5 cities" are no ratios; "7 op de 5" and "7 in 5" alone would be
    meant = not part and (past > end + 1 or of.end == len(told.tokens))
    if not 0 < m <= k and meant:
        told.contradiction(
            f"tells a ratio of {m} of every {k}", "A ratio lies above nothing and within all.", of.end
        )
    if not 0 < m <= k or (m == k and not meant):
        return None
    hedge = _hedge(told, at, of.end)
    if hedge == "circa":
        hedge = "none"  # "one in three" is an approximation already
    if m == k:
        if hedge in ("ruim", "meer_dan"):
            told.contradiction("tells more than all of them", "A ratio lies within all.", of.end)
        figure = apply_rule(Decimal(100), 100 / k, "m_op_k" if hedge == "none" else hedge)
        figure = replace(figure, lower=max(figure.lower, 0.0), upper=100.0, upper_closed=figure.upper_closed or hedge == "none")  # fmt: skip
    elif m == 1:
        figure = one_in(int(k), hedge, strict=told.strict)
    else:
        rule = "m_op_k" if hedge == "none" else hedge
        figure = apply_rule(100 * m / k, 100 / k, rule, strict=told.strict)
    return Reading(figure, at, of.end, "share")


def _hedge(told: Told, at: int, end: int) -> str:
    """Return the rule of the hedge before a figure, minus sign and all; two that exclude each other are refused."""
    if told.careful and (words := excluded_hedge(told.tokens, at, told.language)):
        told.contradiction(f'the hedges "{words}" exclude each other', "Keep the one that was printed.", end)
    return hedge_before(told.tokens, at, told.language)


def _past_link(told: Told, at: int) -> int:
    """Return the position after "op de" or "out of"; 0 if neither stands at `at`."""
    links = {
        "nl": (("op", "de"), ("op", "elke"), ("op", "iedere"), ("op",)),
        "en": (("out", "of", "every"), ("out", "of"), ("in", "every"), ("in",)),
    }
    for link in links[told.language]:
        if tuple(t.text for t in told.tokens[at : at + len(link)]) == link:
            return at + len(link)
    return 0


def _past_part(told: Told, at: int) -> int:
    texts = tuple(t.text for t in told.tokens[at : at + 2])
    return at + 2 if texts in (("van", "de"), ("van", "elke"), ("of", "the"), ("of", "every")) else 0


def is_year(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the number looks like a year: "83 in 2022" is no fraction."""
    text = tokens[at].text
    return len(text) == 4 and text.isdigit() and text[:2] in ("19", "20")


def _fraction(told: Told, at: int) -> Reading | None:
    """Read "de helft" and "ruim een derde"."""
    found = phrase_at(told.tokens, at, FRACTIONS)
    if found is None or is_denied(told.tokens, at) or is_period(told.tokens, at, found[1]):
        return None
    m, k = found[0]
    hedge = _hedge(told, at, found[1])
    rule = "breukwoord" if hedge in ("none", "circa") else hedge
    figure = apply_rule(Decimal(100 * m) / k, told.step or _FRACTION_STEP, rule, strict=told.strict)
    return Reading(figure, at, found[1], "fraction")


def _phrase(told: Told, at: int) -> Reading | None:
    """Read a vague count or a majority."""
    if is_denied(told.tokens, at):
        return None
    vague = phrase_at(told.tokens, at, VAGUE)
    if vague and not has_factor(told.tokens, at, vague[1]):
        low, high = vague[0]
        return Reading(Figure(None, low / 2, "vague", low, high, True, False), at, vague[1], "vague")
    majority = phrase_at(told.tokens, at, MAJORITY)
    if majority is None:
        return None
    figure = Figure(None, 1.0, "majority", majority[0], 100.0, majority[0] == 70, True)
    return Reading(figure, at, majority[1], "majority")


def _number(told: Told, at: int) -> Reading | None:
    first = sign_before(told.tokens, at)
    between = {"tussen", "between"} & set(words_before(told.tokens, first)[-2:])
    number = read_number(told.tokens, at, told.language, joined=not between)
    if number is None:
        return None
    span = _range(told, number, between=bool(between))
    if span:
        return span
    share = is_share(told, number.end)
    width = told.step or number.width(share=share)
    rule = _hedge(told, first, number.end)
    if number.value < 0 and rule in LITERAL:
        told.contradiction(
            "a fall with such a hedge can be read in two ways",
            'Write the size of the fall with its hedge, such as "daling van meer dan 5 procent".', number.end,
        )  # fmt: skip
    to_the_last_digit = number.whole and not share and width == Decimal(1).scaleb(number.place)
    if rule == "none" and (to_the_last_digit or is_precise_after(told.tokens, number.end)):
        rule = "exact"
    return Reading(apply_rule(number.value, width, rule, strict=told.strict), at, number.end, "number")


def _range(told: Told, a: Printed, *, between: bool) -> Reading | None:
    """Read "7 à 8", "5 tot 6", "50-60" and, after "tussen", "70 en 80"."""
    at = a.end
    while at < len(told.tokens) and told.tokens[at].text in UNIT_WORDS:
        at += 1
    found = _second(told, at, between=between)
    if found is None:
        return None
    word, b = found
    if is_share(told, a.end) and not is_share(told, b.end):
        return None  # "rose 3% to 147,000"
    if not a.scale and b.scale and a.value < b.value.scaleb(-b.scale):
        a = a.scaled(b.scale)
    if a.value > b.value:
        if between or word in ("à", "a") or told.declared:
            told.contradiction(
                f"tells a range from {a.value:f} down to {b.value:f}", "Copy both ends as printed.", b.end
            )
        return None
    share = is_share(told, b.end)
    width = told.step or min(a.width(share=share), b.width(share=share))
    if word not in ("à", "a"):
        figure = Figure(None, float(width), "tussen", float(a.value), float(b.value), True, True)
    else:
        low, high = a.value - width / 2, b.value + width / 2
        figure = Figure(None, float(width), "a_a_b", float(low), float(high), True, False)
    return Reading(figure, a.start, b.end, "range")


def _second(told: Told, at: int, *, between: bool) -> tuple[str, Printed] | None:
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
    signed = word != "-" and at + 1 < len(told.tokens) and is_negative(told.tokens, at + 1)
    at += signed
    b = read_number(told.tokens, at, told.language)
    if b is None or code_end(told.tokens, at, told.language):
        return None
    return word, replace(b, value=-abs(b.value) if signed else abs(b.value))


def is_share(told: Told, at: int) -> bool:
    """Return whether the number that ends at `at` is a percentage."""
    following = "".join(t.text for t in told.tokens[at : at + 2])
    return told.unit == "percent" or following.startswith(("%", *PERCENT))

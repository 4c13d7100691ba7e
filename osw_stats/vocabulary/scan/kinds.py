"""The figure at a word of a sentence, whatever it is; digits that are no number are a code."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import osw_stats.vocabulary.scan.words as words
from osw_stats.vocabulary.numerals import is_numeral
from osw_stats.vocabulary.scan.numbers import number
from osw_stats.vocabulary.scan.place import Found, Place
from osw_stats.vocabulary.scan.worded import slashed, worded
from osw_stats.vocabulary.tokens import Token
from osw_stats.vocabulary.wording import FRACTIONS, VAGUE

_FIRST = frozenset(
    {phrase[0] for table in (FRACTIONS, VAGUE, words.MORE_VAGUE, words.MORE_FRACTIONS) for phrase in table}
    | set(words.RATIO_WORDS)
    | {"een", "één", "half", "halve", "one", "a", "an"}
)
_GLUE = frozenset("-/_.:#@~&=+'")


def find_at(place: Place) -> tuple[Found, int] | None:
    """Return the statement that begins at a token and the token after it, or None."""
    token = place.tokens[place.at]
    if not token.digits and not (token.word and may_begin(token.text, place.language)):
        return None
    if token.digits:
        return slashed(place) or number(place) or _code(place)
    return worded(place) or number(place)


@lru_cache(maxsize=50_000)
def may_begin(word: str, language: str) -> bool:
    """Return whether a figure can begin with this word."""
    if word in _FIRST or word.endswith(("jarige", "jarigen", "tal")):
        return True
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return is_numeral(plain, language)


def _code(place: Place) -> tuple[Found, int]:
    """Return digits that are no number as one run with what is glued to them."""
    tokens, at = place.tokens, place.at
    start, end = at, at + 1
    while start > place.floor and tokens[start].glued and _is_glue(tokens[start - 1]):
        start -= 1
    while (
        end < len(tokens) and tokens[end].glued and _is_glue(tokens[end]) and tokens[end].end <= place.limit
    ):
        end += 1
    while end > at + 1 and not (tokens[end - 1].word or tokens[end - 1].digits):
        end -= 1
    while start < at and not (tokens[start].word or tokens[start].digits):
        start += 1
    return Found(tokens[start].start, tokens[end - 1].end, "other", None, None, place.language), end


def _is_glue(token: Token) -> bool:
    return token.word or token.digits or token.text in _GLUE

"""A place in a sentence where a figure may stand, and the statement that is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import osw_stats.wording.scan.words as words
from osw_stats.wording.hedges import Figure, apply_rule
from osw_stats.wording.reading import Reading
from osw_stats.wording.tokens import Token, text_at
from osw_stats.wording.words import find_hedge, hedge_before

_MORE = frozenset(words.WORDS["or_more"].split())


@dataclass(frozen=True)
class Span:
    """A statement by its place; `figure` and `unit` are None where it is no claim."""

    start: int
    end: int
    kind: str
    figure: Figure | None
    unit: str | None
    language: str

    def moved(self, by: int) -> Span:
        """Return the same statement, counted from the start of a longer text."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True)
class Place:
    """A token of a sentence and what bounds the figure there."""

    tokens: Sequence[Token]
    at: int
    floor: int  # the first token a hedge may take
    limit: int  # offset where the next date or code begins
    language: str
    money: str | None  # the currency of the amount before in this sentence
    text: str  # the block the tokens are of

    def word(self, at: int) -> str:
        """Return the text of a token, empty before the first and after the last."""
        return text_at(self.tokens, at)

    def holds(self, end: int) -> bool:
        """Return whether a figure that ends before token `end` lies before the next date or code."""
        return self.tokens[end - 1].end <= self.limit

    def hedge(self, at: int) -> str:
        """Return the rule of the hedge before a token."""
        return hedge_before(self.tokens, at, self.language)

    def span(
        self,
        end: int,
        kind: str,
        figure: Figure | None = None,
        unit: str | None = None,
        *,
        start: int | None = None,
    ) -> tuple[Span, int]:
        """Return the statement from token `start`, where left out from the hedge before this place, and its end."""
        first = hedged(self, self.at) if start is None else start
        begin, stop = self.tokens[first].start, self.tokens[end - 1].end
        return Span(begin, stop, kind, figure, unit, self.language), end


def start_of(place: Place, reading: Reading, *, hedge: bool = True) -> int:
    """Return the token where the statement begins: its hedge, its currency or the number."""
    start = reading.start
    while start > place.floor and place.word(start - 1) in words.MONEY_BEFORE:
        start -= 1
    if reading.form == "range":
        for back in (1, 2):
            if start - back >= place.floor and place.word(start - back) in ("tussen", "between"):
                return start - back
    if reading.form == "fraction" and start > place.floor and place.word(start - 1) == "de":
        start -= 1
    if reading.form == "vague" and place.word(start - 1) in ("tot", "to"):
        return start  # "honderden tot duizenden" is no upper bound
    return hedged(place, start) if hedge else start


def hedged(place: Place, start: int) -> int:
    """Return where the hedges before a token begin; "naar schatting zo'n" are two."""
    for turn in range(3):
        rule, hedge = find_hedge(place.tokens, start, place.language)
        if rule == "none" or hedge < place.floor or (turn and rule != "circa"):
            break
        start = hedge
    return start


def in_words(place: Place, value: Decimal) -> Figure:
    """Return the figure of a whole number in words under the hedge before it."""
    rule = place.hedge(place.at)
    return apply_rule(value, Decimal(1), "exact" if rule == "none" else rule)


def or_more(tokens: Sequence[Token], end: int) -> bool:
    """Return whether "of meer" or the like follows."""
    return text_at(tokens, end) in ("of", "or") and text_at(tokens, end + 1) in _MORE

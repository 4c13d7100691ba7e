"""A place in a sentence where a figure may stand, and the statement that is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from osw_stats.vocabulary.reading import Reading
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.tokens import Token, text_at
from osw_stats.vocabulary.wording import find_hedge, hedge_before

_MORE = frozenset(("meer", "langer", "hoger", "vaker", "more", "longer", "higher"))
_MONEY = ("€", "$", "£", "eur", "usd", "gbp", "us", "euro")


@dataclass(frozen=True)
class Found:
    """A statement by its place; `figure` and `unit` are None where it is no claim."""

    start: int
    end: int
    kind: str
    figure: Figure | None
    unit: str | None
    language: str

    def moved(self, by: int) -> Found:
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
    money: str | None  # the currency told last in this sentence
    text: str  # the block the tokens are of


def start_of(place: Place, found: Reading, *, hedge: bool = True) -> int:
    """Return the token where the statement begins: its hedge, its currency or the number."""
    tokens, at = place.tokens, found.start
    start = at
    while start > place.floor and tokens[start - 1].text in _MONEY:
        start -= 1
    if found.form == "range":
        for back in (1, 2):
            if start - back >= place.floor and tokens[start - back].text in ("tussen", "between"):
                return start - back
    if found.form == "fraction" and start > place.floor and tokens[start - 1].text == "de":
        start -= 1
    if found.form == "vague" and start and tokens[start - 1].text in ("tot", "to"):
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


def told(
    place: Place, end: int, kind: str, figure: Figure | None, unit: str | None, *, start: int | None = None
) -> tuple[Found, int]:
    """Return the statement that begins at `start` (where left out: at the hedge before the word) and `end`."""
    first = hedged(place, place.at) if start is None else start
    return Found(
        place.tokens[first].start, place.tokens[end - 1].end, kind, figure, unit, place.language
    ), end


def plain(place: Place, value: Decimal, at: int) -> Figure:
    """Return the figure of a whole number in words under the hedge before it."""
    rule = hedge_before(place.tokens, at, place.language)
    return apply_rule(value, Decimal(1), "exact" if rule == "none" else rule)


def or_more(tokens: Sequence[Token], end: int) -> bool:
    """Return whether "of meer" or the like follows."""
    two = (text_at(tokens, end), text_at(tokens, end + 1))
    return two[0] in ("of", "or") and two[1] in _MORE

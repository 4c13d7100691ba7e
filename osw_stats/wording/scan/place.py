"""A place in a sentence for a figure, and the statement made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from osw_stats.wording.hedges import Figure
from osw_stats.wording.reading import Reading
from osw_stats.wording.scan.words import SETS
from osw_stats.wording.tokens import Token, text_at
from osw_stats.wording.words import find_hedge, is_currency


@dataclass(frozen=True)
class Span:
    """A statement and its place; `figure` and `unit` are None if it is no claim."""

    start: int
    end: int
    kind: str
    figure: Figure | None
    unit: str | None
    language: str


@dataclass(frozen=True)
class Place:
    """A token of a sentence and the bounds of a figure there."""

    tokens: Sequence[Token]
    at: int
    floor: int  # the first token a hedge may take
    limit: int  # offset of the next date or code
    language: str
    money: str | None  # the currency of the preceding amount in this sentence
    text: str  # the block of the tokens

    def word(self, at: int) -> str:
        """Return the text of a token, empty before the first and after the last."""
        return text_at(self.tokens, at)

    def holds(self, end: int) -> bool:
        """Return whether a figure that ends before token `end` precedes the next date or code."""
        return self.tokens[end - 1].end <= self.limit

    def or_more(self, end: int) -> bool:
        """Return whether "of meer" or the like follows."""
        return self.word(end) in ("of", "or") and self.word(end + 1) in SETS["or_more"]

    def span(
        self,
        end: int,
        kind: str,
        figure: Figure | None = None,
        unit: str | None = None,
        *,
        start: int | None = None,
    ) -> tuple[Span, int]:
        """Return the statement from token `start`, by default from the hedge before this place, and its end."""
        first = self.hedged(self.at) if start is None else start
        begin, stop = self.tokens[first].start, self.tokens[end - 1].end
        return Span(begin, stop, kind, figure, unit, self.language), end

    def hedged(self, start: int) -> int:
        """Return the start of the hedges before a token; "naar schatting zo'n" is two."""
        for turn in range(3):
            rule, hedge = find_hedge(self.tokens, start, self.language)
            if rule == "none" or hedge < self.floor or (turn and rule != "circa"):
                break
            start = hedge
        return start

    def start_of(self, reading: Reading, *, hedge: bool = True) -> int:
        """Return the first token of the statement: its hedge, its currency or the number."""
        start = reading.start
        while (
            start > self.floor
            and is_currency(self.tokens, start - 1)
            and self.word(start - 1) in SETS["money_before"]
        ):
            start -= 1
        if reading.form == "range":
            for back in (1, 2):
                if start - back >= self.floor and self.word(start - back) in ("tussen", "between"):
                    return start - back
        if reading.form == "fraction" and start > self.floor and self.word(start - 1) == "de":
            start -= 1
        if reading.form == "vague" and self.word(start - 1) in ("tot", "to"):
            return start  # "honderden tot duizenden" is no upper bound
        return self.hedged(start) if hedge else start

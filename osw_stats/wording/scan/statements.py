"""The numeric statements of a text, read block by block."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from osw_stats.errors import InputError
from osw_stats.wording.numerals import is_numeral, without_accents
from osw_stats.wording.scan.marks import Mark, marks
from osw_stats.wording.scan.numbers import number
from osw_stats.wording.scan.place import Place, Span
from osw_stats.wording.scan.tables import tables
from osw_stats.wording.scan.worded import slashed, times_sign, worded
from osw_stats.wording.scan.words import MULTIPLES, RATIO_ENDINGS, RATIO_WORDS, VAGUE, language_of
from osw_stats.wording.tokens import REVERSED, Token, broken_numbers, plain_numbers, tokenise
from osw_stats.wording.words import FRACTIONS
from osw_stats.wording.words import VAGUE as VAGUE_OF_PARSE

CLAIMS = ("count", "percent", "ratio", "money", "fte", "duration")
KINDS = (*CLAIMS, "date", "year", "age_band", "article", "page", "phone", "list", "other")
_BLOCK = re.compile(r"\n[ \t\r\f\v]*\n[\s]*|\f")
_SENTENCE = re.compile(r"[.!?][\"'”’)]{0,2}\s{1,3}(?=[\"'“‘(]?[A-ZÀ-Þ])|\n(?=[ \t]*(?:[•*·▪◦]|[-–+][ \t]))")
_LONGEST = 20_000  # characters of a block; a longer one is cut at a space
_DIGIT = re.compile(r"[0-9]")
_FIRST = {phrase[0] for table in (FRACTIONS, VAGUE, VAGUE_OF_PARSE) for phrase in table}
_FIRST |= {*RATIO_WORDS, *MULTIPLES, "een", "één", "half", "halve", "one", "a", "an"}
_LAST = ("jarige", "jarigen", "tal", *RATIO_ENDINGS)
_OF_FIGURE = ("value", "rule", "lower", "upper", "lower_closed", "upper_closed")
_GLUE = frozenset("-/_.:#@~&=+'")


@dataclass(frozen=True)
class Statement:
    """One numeric statement of a text."""

    line: int  # of its first character, the first line being 1
    start: int  # offsets in the full text: `text == full[start:end]`
    end: int
    text: str
    is_claim: bool  # whether it can be compared with data
    kind: str  # one of KINDS
    # as read by `parse`; None if it is no claim, `value` also if the words give only a range
    value: float | None
    rule: str | None
    lower: float | None
    upper: float | None
    lower_closed: bool | None
    upper_closed: bool | None
    unit: str | None  # percent, ratio, eur, usd, gbp, fte, a unit of time, or the noun counted
    language: str  # "nl" or "en": the notation it was read in


def scan(text: str, *, language: str = "nl") -> Iterator[Statement]:
    """Yield every numeric statement of `text`, from first to last.

    Parameters
    ----------
    text
        Any text. It is read block by block (blank lines part blocks), so that time is linear in its length.
    language
        "nl" or "en", for sentences whose words do not show it. InputError for any other.

    Examples
    --------
    >>> for s in scan("In 2024 kwamen ruim 760 duizend meldingen binnen (5 procent)."):
    ...     print(s.kind, s.text, s.lower, s.upper, s.unit)
    year 2024 None None None
    count ruim 760 duizend 760000.0 770000.0 meldingen
    percent 5 procent 4.5 5.5 percent
    """
    if language not in ("nl", "en"):
        raise InputError("unknown language of a text", 'Write "nl" or "en".', value=language)
    # single-character line ends, and the places where one lost its first character
    breaks = array("q", (m.start() - i for i, m in enumerate(re.finditer("\r\n", text))))
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = {at: m.start() for m in broken_numbers(lines) for at in range(m.start() + 1, m.end())}
    lines = plain_numbers(lines)
    if reversed_number := REVERSED.search(lines):
        problem = "holds a number that is shown backwards (U+202E)"
        row = lines.count("\n", 0, reversed_number.start()) + 1
        raise InputError(problem, "Take the character away, and read the number again.", row=row)
    line, counted_to = 1, 0
    for span in _with_cells(lines, language):
        line += lines.count("\n", counted_to, span.start)
        counted_to = span.start
        first, last = (at + bisect_left(breaks, at) for at in (starts.get(span.start, span.start), span.end))
        figure: dict[str, Any] = {name: getattr(span.figure, name, None) for name in _OF_FIGURE}
        place = (line, first, last, text[first:last], span.kind in CLAIMS, span.kind)
        yield Statement(*place, **figure, unit=span.unit, language=span.language)


def _with_cells(text: str, language: str) -> Iterator[Span]:
    """Yield the statements of a text; table cells are read by their headings instead."""
    cells = (cell.span for table in tables(text, language) for cell in table.cells)
    cell = next(cells, None)
    for start, end in _blocks(text):
        for s in _in_block(text[start:end], language):
            span = Span(s.start + start, s.end + start, s.kind, s.figure, s.unit, s.language)
            while cell and cell.end <= span.start:
                yield cell
                cell = next(cells, None)
            if not cell or span.end <= cell.start:
                yield span
    yield from filter(None, (cell, *cells))


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the blocks between blank lines, cutting long ones at a space."""
    start = 0
    for end, following in chain((gap.span() for gap in _BLOCK.finditer(text)), [(len(text), len(text))]):
        while end - start > _LONGEST:
            space = max(text.rfind(gap, start + 1, start + _LONGEST) for gap in " \n")
            here = space if space > 0 else start + _LONGEST
            yield start, here
            start = here
        yield start, end
        start = following


def _in_block(block: str, language: str) -> Iterator[Span]:
    marked = marks(block) if _DIGIT.search(block) else []
    block_language = language_of(block, language)
    mark = 0
    for start, end in _sentences(block, marked):
        piece = block[start:end]
        spoken = language_of(piece, block_language)
        first = mark
        while mark < len(marked) and marked[mark][0] < end:
            mark += 1
        yield from _walk(tokenise(piece, spoken, start), marked[first:mark], spoken, block)


def _sentences(block: str, marked: list[Mark]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the sentences; a list number begins one, and no mark is split."""
    stops = {stop.end() for stop in _SENTENCE.finditer(block)}
    stops |= {start for start, _, kind in marked if kind == "list"}
    start, at = 0, 0
    for stop in sorted(stops):
        while at < len(marked) and marked[at][1] <= stop:
            at += 1
        if stop > start and (at == len(marked) or marked[at][0] >= stop):
            yield start, stop
            start = stop
    if start < len(block):
        yield start, len(block)


def _walk(tokens: list[Token], marked: list[Mark], language: str, block: str) -> Iterator[Span]:
    """Yield the statements of one sentence, in order and without overlap."""
    at, mark, last, floor = 0, 0, -1, 0
    money: str | None = None
    while at < len(tokens) or mark < len(marked):
        if mark < len(marked) and (at >= len(tokens) or marked[mark][0] < tokens[at].end):
            start, end, kind = marked[mark]
            mark += 1
            if start >= last and (kind == "year" or _DIGIT.search(block, start, end)):
                yield Span(start, end, kind, None, None, language)
            last = max(last, end)
            while at < len(tokens) and tokens[at].start < end:
                at += 1
            floor = at
            continue
        limit = marked[mark][0] if mark < len(marked) else len(block)
        place = Place(tokens, at, floor, limit, language, money, block)
        statement, token = None, tokens[at]
        if token.start >= last and token.digits:  # other digits are a code
            statement = slashed(place) or times_sign(place) or number(place) or _code(place)
        elif token.start >= last and token.word and may_begin(token.text, language):
            statement = worded(place) or number(place)
        if statement is None:
            at += 1
            continue
        span, at = statement
        if span.start >= last:
            yield span
            last = span.end
            money = span.unit if span.kind == "money" else money
        floor = at


@lru_cache(maxsize=50_000)
def may_begin(word: str, language: str) -> bool:
    """Return whether a figure can begin with this word."""
    begins = word in _FIRST or word.endswith(_LAST)
    return begins or is_numeral(without_accents(word), language)


def _code(place: Place) -> tuple[Span, int]:
    """Return digits that are no number, as one run with the characters glued to them."""
    tokens, at = place.tokens, place.at
    start, end = at, at + 1

    def is_glue(token: Token) -> bool:
        return token.word or token.digits or token.text in _GLUE

    while start > place.floor and tokens[start].glued and is_glue(tokens[start - 1]):
        start -= 1
    while end < len(tokens) and tokens[end].glued and is_glue(tokens[end]) and place.holds(end + 1):
        end += 1
    while end > at + 1 and tokens[end - 1].text in _GLUE:
        end -= 1
    while start < at and tokens[start].text in _GLUE:
        start += 1
    return place.span(end, "other", start=start)

"""Walk through a text, block by block, and tell every numeric statement."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from osw_stats.errors import InputError
from osw_stats.vocabulary.rules import Figure
from osw_stats.vocabulary.scan.kinds import find_at
from osw_stats.vocabulary.scan.languages import language_of
from osw_stats.vocabulary.scan.lines import line_marks
from osw_stats.vocabulary.scan.patterns import marks
from osw_stats.vocabulary.scan.place import Found, Place
from osw_stats.vocabulary.tokens import Token, tokenise

CLAIMS = ("count", "percent", "ratio", "money", "fte", "duration")
KINDS = (*CLAIMS, "date", "year", "age_band", "article", "page", "phone", "list", "other")
_BLOCK = re.compile(r"\n[ \t\r\f\v]*\n[\s]*|\f")
_SENTENCE = re.compile(r"[.!?][\"'”’)]{0,2}\s{1,3}(?=[\"'“‘(]?[A-ZÀ-Þ])|\n(?=[ \t]*(?:[•*·▪◦]|[-–+][ \t]))")
_LONGEST = 20_000  # characters of a block; a longer one is cut at a space
_SURE = ("article", "date", "phone", "page")
_LONG = 12  # characters: a web address, an account number
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Statement:
    """One figure told by a text.

    Attributes
    ----------
    line
        Line of its first character, the first line being 1.
    start, end
        Offsets in the whole text: `text == whole[start:end]`.
    kind
        One of KINDS; `is_claim` tells whether it can be held against data.
    value, rule, lower, upper, lower_closed, upper_closed
        As `osw_stats.vocabulary.reported` reads the words; None where it is no claim. `value` is
        None as well where the words give a range only.
    unit
        percent, ratio, eur, usd, gbp, fte, a unit of time, or the noun that is counted.
    language
        "nl" or "en": how it was read.
    """

    line: int
    start: int
    end: int
    text: str
    is_claim: bool
    kind: str
    value: float | None
    rule: str | None
    lower: float | None
    upper: float | None
    lower_closed: bool | None
    upper_closed: bool | None
    unit: str | None
    language: str


def scan(text: str, *, language: str = "nl") -> Iterator[Statement]:
    """Yield every numeric statement of `text`, from first to last.

    Parameters
    ----------
    text
        Any text. It is read block by block (blank lines part blocks), so that time is linear in its
        length and memory is that of one block.
    language
        "nl" or "en": of a sentence whose words do not tell. A sentence that is clearly in the other
        language is read in that one.

    Raises
    ------
    InputError
        If the language is another.

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
    line, counted = 1, 0
    lines, breaks = _plain_lines(text)
    for start, end in _blocks(lines):
        for found in _in_block(lines[start:end], start, language):
            line += lines.count("\n", counted, found.start)
            counted = found.start
            yield _statement(found, text, line, breaks)


def _plain_lines(text: str) -> tuple[str, array[int]]:
    """Return the text with plain line ends, and where in it a double line end lost its first character."""
    breaks = array(
        "q", (m.start() - i for i, m in enumerate(re.finditer("\r\n", text))) if "\r" in text else ()
    )
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text), breaks


def _statement(found: Found, text: str, line: int, breaks: array[int]) -> Statement:
    start, end = (at + bisect_left(breaks, at) for at in (found.start, found.end))
    told: Figure | None = found.figure if found.kind in CLAIMS else None
    return Statement(
        line, start, end, text[start:end], found.kind in CLAIMS, found.kind,
        told.value if told else None, told.rule if told else None,
        told.lower if told else None, told.upper if told else None,
        told.lower_closed if told else None, told.upper_closed if told else None,
        found.unit if told else None, found.language,
    )  # fmt: skip


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the blocks between blank lines, long ones cut at a space."""
    start = 0
    for gap in _BLOCK.finditer(text):
        yield from _cut(text, start, gap.start())
        start = gap.end()
    yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        space = max(
            text.rfind(" ", start + 1, start + _LONGEST), text.rfind("\n", start + 1, start + _LONGEST)
        )
        here = space if space > 0 else start + _LONGEST
        yield start, here
        start = here
    if end > start:
        yield start, end


def _in_block(block: str, offset: int, language: str) -> Iterator[Found]:
    marked = _all_marks(block) if _DIGIT.search(block) else []
    inside = language_of(block, language)
    at = 0
    for start, end in _sentences(block, marked):
        piece = block[start:end]
        spoken = language_of(piece, inside)
        tokens = tokenise(piece, spoken, start)
        here = []
        while at < len(marked) and marked[at][0] < end:
            here.append(marked[at])
            at += 1
        for found in _walk(tokens, here, spoken, block):
            yield found.moved(offset)


def _sentences(block: str, marked: list[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the sentences; a list number begins one, and no mark is cut."""
    stops = {stop.end() for stop in _SENTENCE.finditer(block)}
    stops |= {start for start, _, kind in marked if kind == "list"}
    start, at = 0, 0
    for stop in sorted(stops):
        while at < len(marked) and marked[at][1] <= stop:
            at += 1
        if stop <= start or (at < len(marked) and marked[at][0] < stop):
            continue
        yield start, stop
        start = stop
    if start < len(block):
        yield start, len(block)


def _all_marks(block: str) -> list[tuple[int, int, str]]:
    """Return the marks of page and context without overlap; references and dates go first."""
    context = marks(block)
    sure = [m for m in context if m[2] in _SURE or m[1] - m[0] > _LONG]
    found: list[tuple[int, int, str]] = []
    taken = bytearray(len(block))
    for start, end, kind in (*sure, *line_marks(block), *context):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append((start, end, kind))
    return sorted(found)


def _walk(
    tokens: list[Token], marked: list[tuple[int, int, str]], language: str, block: str
) -> Iterator[Found]:
    """Yield what stands in one sentence, in order and without overlap."""
    at, mark, last, floor = 0, 0, -1, 0
    money: str | None = None
    while at < len(tokens) or mark < len(marked):
        if mark < len(marked) and (at >= len(tokens) or marked[mark][0] < tokens[at].end):
            start, end, kind = marked[mark]
            mark += 1
            if start >= last and (kind == "year" or _DIGIT.search(block, start, end)):
                yield Found(start, end, kind, None, None, language)
            last = max(last, end)
            while at < len(tokens) and tokens[at].start < end:
                at += 1
            floor = at
            continue
        limit = marked[mark][0] if mark < len(marked) else len(block)
        found = (
            find_at(Place(tokens, at, floor, limit, language, money, block))
            if tokens[at].start >= last
            else None
        )
        if found is None:
            at += 1
            continue
        told, at = found
        if told.start >= last:
            yield told
            last = told.end
            money = told.unit if told.kind == "money" else money
        floor = at

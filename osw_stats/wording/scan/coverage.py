"""The match between the statements of a text and the rows of a ledger, by paragraph."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from osw_stats.wording.scan.statements import Statement

_SAME = {c: mark for mark, marks in (("'", "’‘`´ʼ′‛"), ('"', "“”„«»"), ("-", "‐‑‒–—−")) for c in marks}
_JOIN = re.compile(r"\s*(?:…|\.\.\.)\s*")
_PARAGRAPH = re.compile(r"\d{1,2}\.\d{1,3}|(?:bijlage|annex)[^,/;x(]*", re.I)
_NUMBERED = re.compile(r"^[ \t\u00a0]*(\d{1,2}\.\d{1,3})(?!\d|\.\d)[ \t\u00a0]+(?=[A-ZÀ-Þ0-9‘“\"'(•])", re.M)
_ANNEXES = re.compile(r"^[ \t]*(?:bijlagen?|annex(?:es)?|appendi(?:x|ces))[ \t\r]*$", re.M | re.I)
_CAPITALS = re.compile(r"^[ \t]*((?:[A-ZÀ-Þ]{2,}[\w&’'-]*)(?: [A-ZÀ-Þ0-9&’'(),-]+)*)[ \t\r]*$", re.M)
Span = tuple[int, int]


@dataclass(frozen=True)
class Paragraphs:
    """The starts of the numbered paragraphs of a text: `labels[i]` applies from `starts[i]`."""

    starts: tuple[int, ...]
    labels: tuple[str, ...]
    length: int

    def at(self, offset: int) -> str:
        """Return the label of the paragraph at an offset; empty before the first."""
        following = bisect_right(self.starts, offset)
        return self.labels[following - 1] if following else ""

    def regions(self, label: str) -> list[Span]:
        """Return the bounds of all paragraphs with this label; of an annex, those whose heading has all its words."""
        words = label.casefold().split()
        bounds = zip(self.starts, (*self.starts, self.length)[1:], strict=True)
        annex = words[0] == "bijlage"
        return [
            span
            for span, here in zip(bounds, self.labels, strict=True)
            if here == label or (annex and set(words) <= set(here.casefold().split()))
        ]


def paragraphs_of(text: str) -> Paragraphs:
    """Return the paragraphs whose first line begins with a number such as "4.5", and annexes by their capitalised headings."""
    annex = min((m.start() for m in _ANNEXES.finditer(text)), default=len(text))
    numbers = [(m.start(), m[1]) for m in _NUMBERED.finditer(text, 0, annex)]
    marks = [(start, label) for i, (start, label) in enumerate(numbers) if _continues(numbers, i)]
    if annex < len(text):
        marks.append((annex, "bijlage"))
        previous_end = 0
        for m in _CAPITALS.finditer(text, annex):
            if m.start() - previous_end > 2:  # the second line of a heading begins no annex
                marks.append((m.start(), f"bijlage {m[1]}"))
            previous_end = m.end()
    return Paragraphs(tuple(s for s, _ in marks), tuple(label for _, label in marks), len(text))


def _continues(numbers: list[tuple[int, str]], i: int) -> bool:
    """Return whether a number continues from a nearby one, unlike a decimal or date at the start of a line."""
    chapter, number = map(int, numbers[i][1].split("."))
    near = (map(int, label.split(".")) for _, label in numbers[max(0, i - 3) : i] + numbers[i + 1 : i + 4])
    return number == 1 or any(c == chapter and abs(n - number) <= 3 for c, n in near)


class Coverage(NamedTuple):
    """For each statement the ids of overlapping rows; ids of rows not in the text, and of rows outside their paragraph."""

    ids: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    elsewhere: tuple[str, ...]


class Folded(NamedTuple):
    """A text in one spelling; `places[i]` is the place of its character i in the original."""

    text: str
    places: Sequence[int]


def fold(text: str) -> Folded:
    r"""Fold white space to one space, drop soft hyphens, and write quotes and dashes one way."""
    characters: list[str] = []
    places = array("q")
    for place, character in enumerate(text):
        if character == "\u00ad":
            continue
        folded = _SAME.get(character, character)
        if character.isspace():
            if not characters or characters[-1] in (" ", "-"):
                continue
            folded = " "
        elif len(character.lower()) == 1:
            folded = folded.lower()
        characters.append(folded)
        places.append(place)
    return Folded("".join(characters), places)


def cover(
    text: str, statements: Sequence[Statement], rows: Sequence[Mapping[str, str]], paragraphs: Paragraphs
) -> Coverage:
    """Match the rows of a ledger with the statements of a text, in the order of the text."""
    # A row has `id`, `paragraph` and `text`: the literal words, looked for in the paragraphs it names first,
    # then anywhere; "…" joins pieces that must follow each other. A row with a `line` means the statement of
    # these words on that line, one with a `start` the statement that begins there, if its words are in the
    # row's.
    if not rows:
        return Coverage(((),) * len(statements), (), ())
    folded = fold(text)
    lines = {(str(s.line), fold(s.text).text): (s.start, s.end) for s in statements}
    starts_at = {str(s.start): s for s in statements}
    hits: list[tuple[int, int, str]] = []
    missing, elsewhere = [], []
    for row in rows:
        words, at = fold(row["text"]).text, starts_at.get(row.get("start", ""))
        exact = (at.start, at.end) if at and fold(at.text).text in words else None
        span = exact or lines.get((row.get("line", ""), words))
        spans, in_paragraph = ([span], True) if span else _find(folded, row, paragraphs)
        if not spans:
            missing.append(row["id"])
        elif not in_paragraph:
            elsewhere.append(row["id"])
        hits += [(start, end, row["id"]) for start, end in spans]
    hits.sort()
    starts, longest = [start for start, _, _ in hits], max((end - start for start, end, _ in hits), default=0)
    ids = []
    for s in statements:
        candidates = hits[bisect_left(starts, s.start - longest) : bisect_left(starts, s.end)]
        ids.append(tuple(dict.fromkeys(name for _, end, name in candidates if end > s.start)))
    return Coverage(tuple(ids), tuple(missing), tuple(elsewhere))


def _find(folded: Folded, row: Mapping[str, str], paragraphs: Paragraphs) -> tuple[list[Span], bool]:
    """Return all spans of a row's words in its paragraphs, otherwise the first anywhere, and whether it is in its paragraphs."""
    pieces = [piece for part in _JOIN.split(row["text"]) if (piece := fold(part).text.strip())]
    if not pieces:
        return [], False
    labels = [label.strip() for label in _PARAGRAPH.findall(row["paragraph"])]
    regions = [region for label in labels for region in paragraphs.regions(label)]
    ends = [(bisect_left(folded.places, start), bisect_left(folded.places, end)) for start, end in regions]
    spans = [span for end in ends for span in _find_in_order(folded, pieces, *end, every=True)]
    if spans:
        return spans, True
    return _find_in_order(folded, pieces, 0, len(folded.text), every=False), not labels


def _find_in_order(folded: Folded, pieces: Sequence[str], at: int, stop: int, *, every: bool) -> list[Span]:
    """Return the spans, in the original text, of consecutive pieces between two offsets of the folded text."""
    spans: list[Span] = []
    while True:
        sequence = []
        for piece in pieces:
            found = _find_whole(folded.text, piece, at, stop)
            if found < 0:
                return spans
            at = found + len(piece)
            sequence.append((folded.places[found], folded.places[at - 1] + 1))
        spans += sequence
        if not every:
            return spans


def _find_whole(text: str, piece: str, at: int, stop: int) -> int:
    """Return the place of a piece that is no part of a longer word or number, or -1."""
    place = text.find(piece, at, stop)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(piece) : place + len(piece) + 1]
        if not (before.isalnum() and piece[0].isalnum()) and not (after.isalpha() and piece[-1].isalpha()):
            return place
        place = text.find(piece, place + 1, stop)
    return -1

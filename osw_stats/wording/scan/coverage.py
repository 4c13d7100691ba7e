"""Which statements of a text stand in a ledger, which rows of a ledger stand in the text, and in which paragraph."""

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
    """Where the numbered paragraphs of a text begin: `labels[i]` holds from `starts[i]` on."""

    starts: tuple[int, ...]
    labels: tuple[str, ...]
    length: int

    def at(self, offset: int) -> str:
        """Return the label of the paragraph an offset lies in; empty before the first."""
        found = bisect_right(self.starts, offset)
        return self.labels[found - 1] if found else ""

    def regions(self, label: str) -> list[Span]:
        """Return the bounds of every paragraph of this label; of an annex whose heading holds all its words."""
        words = label.casefold().split()
        bounds = zip(self.starts, (*self.starts, self.length)[1:], strict=True)
        annex = words[0] == "bijlage"
        return [
            span
            for span, here in zip(bounds, self.labels, strict=True)
            if here == label or (annex and set(words) <= set(here.casefold().split()))
        ]


def paragraphs_of(text: str) -> Paragraphs:
    """Return the paragraphs that begin a line with a number such as "4.5"; annexes by their capital headings."""
    annex = min((m.start() for m in _ANNEXES.finditer(text)), default=len(text))
    found = [(m.start(), m[1]) for m in _NUMBERED.finditer(text, 0, annex)]
    marks = [(start, label) for i, (start, label) in enumerate(found) if _goes_on(found, i)]
    if annex < len(text):
        marks.append((annex, "bijlage"))
        before = 0
        for m in _CAPITALS.finditer(text, annex):
            if m.start() - before > 2:  # the second line of a heading begins no annex
                marks.append((m.start(), f"bijlage {m[1]}"))
            before = m.end()
    return Paragraphs(tuple(s for s, _ in marks), tuple(label for _, label in marks), len(text))


def _goes_on(found: list[tuple[int, str]], i: int) -> bool:
    """Return whether a number goes on from one near it; a decimal or a date that begins a line does not."""
    chapter, number = map(int, found[i][1].split("."))
    near = (map(int, label.split(".")) for _, label in found[max(0, i - 3) : i] + found[i + 1 : i + 4])
    return number == 1 or any(c == chapter and abs(n - number) <= 3 for c, n in near)


class Coverage(NamedTuple):
    """Ids by statement of the rows whose words overlap it, of rows not in the text, and of rows outside their paragraph."""

    ids: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    elsewhere: tuple[str, ...]


class Folded(NamedTuple):
    """A text in one spelling; `places[i]` is where its character i stands in the text itself."""

    text: str
    places: Sequence[int]


def fold(text: str) -> Folded:
    r"""Fold white space to one space, drop soft hyphens, and write quotes and dashes one way."""
    kept: list[str] = []
    places = array("q")
    for at, character in enumerate(text):
        if character == "\u00ad":
            continue
        folded = _SAME.get(character, character)
        if character.isspace():
            if not kept or kept[-1] in (" ", "-"):
                continue
            folded = " "
        elif len(character.lower()) == 1:
            folded = folded.lower()
        kept.append(folded)
        places.append(at)
    return Folded("".join(kept), places)


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
    held: list[tuple[int, int, str]] = []
    missing, elsewhere = [], []
    for row in rows:
        words, at = fold(row["text"]).text, starts_at.get(row.get("start", ""))
        here = (at.start, at.end) if at and fold(at.text).text in words else None
        on_line = here or lines.get((row.get("line", ""), words))
        spans, at_home = ([on_line], True) if on_line else _find(folded, row, paragraphs)
        if not spans:
            missing.append(row["id"])
        elif not at_home:
            elsewhere.append(row["id"])
        held += [(start, end, row["id"]) for start, end in spans]
    held.sort()
    starts, longest = [start for start, _, _ in held], max((end - start for start, end, _ in held), default=0)
    ids = []
    for s in statements:
        near = held[bisect_left(starts, s.start - longest) : bisect_left(starts, s.end)]
        ids.append(tuple(dict.fromkeys(name for _, end, name in near if end > s.start)))
    return Coverage(tuple(ids), tuple(missing), tuple(elsewhere))


def _find(folded: Folded, row: Mapping[str, str], paragraphs: Paragraphs) -> tuple[list[Span], bool]:
    """Return the spans of a row's words, every time they stand in its paragraphs; else once anywhere."""
    pieces = [piece for part in _JOIN.split(row["text"]) if (piece := fold(part).text.strip())]
    if not pieces:
        return [], False
    labels = [label.strip() for label in _PARAGRAPH.findall(row["paragraph"])]
    regions = [region for label in labels for region in paragraphs.regions(label)]
    ends = [(bisect_left(folded.places, start), bisect_left(folded.places, end)) for start, end in regions]
    spans = [span for end in ends for span in _in_order(folded, pieces, *end, every=True)]
    if spans:
        return spans, True
    return _in_order(folded, pieces, 0, len(folded.text), every=False), not labels


def _in_order(folded: Folded, pieces: Sequence[str], at: int, stop: int, *, every: bool) -> list[Span]:
    """Return the spans of the pieces one after another between two offsets of the folded text, in the text itself."""
    spans: list[Span] = []
    while True:
        turn = []
        for piece in pieces:
            here = _whole(folded.text, piece, at, stop)
            if here < 0:
                return spans
            at = here + len(piece)
            turn.append((folded.places[here], folded.places[at - 1] + 1))
        spans += turn
        if not every:
            return spans


def _whole(text: str, piece: str, at: int, stop: int) -> int:
    """Find a piece that is no part of a longer word or number."""
    here = text.find(piece, at, stop)
    while here >= 0:
        before, after = text[here - 1 : here], text[here + len(piece) : here + len(piece) + 1]
        if not (before.isalnum() and piece[0].isalnum()) and not (after.isalpha() and piece[-1].isalpha()):
            return here
        here = text.find(piece, here + 1, stop)
    return -1

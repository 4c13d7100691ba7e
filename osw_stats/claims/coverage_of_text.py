"""Which numeric statements of a text stand in a ledger, and which rows of a ledger stand in the text."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from osw_stats.claims.relation import Relation
from osw_stats.wording.scan import Statement
from osw_stats.wording.scan.paragraphs import Paragraphs

_SAME = {c: mark for mark, marks in (("'", "’‘`´ʼ′‛"), ('"', "“”„«»"), ("-", "‐‑‒–—−")) for c in marks}
_JOIN = re.compile(r"\s*(?:…|\.\.\.)\s*")
_PARAGRAPH = re.compile(r"\d{1,2}\.\d{1,3}|(?:bijlage|annex)[^,/;x(]*", re.I)
Span = tuple[int, int]


@dataclass(frozen=True)
class Coverage:
    """Ids by statement of the rows whose words overlap it, of rows not in the text, and of rows outside their paragraph."""

    ids: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Folded:
    """A text in one spelling; `places[i]` is where its character i stands in the text itself."""

    text: str
    places: array[int]


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


def unaided(
    found: Iterable[Relation], statements: Sequence[Statement], coverage: Coverage
) -> list[dict[str, str]]:
    """Return the rows of a ledger whose figures stand in a relation that was found without a formula, one a row.

    Of several relations the first is told, one that does not fit before the others.
    """
    rows = {s.start: ids for s, ids in zip(statements, coverage.ids, strict=True)}
    told: dict[str, dict[str, str]] = {}
    for relation in sorted(found, key=lambda r: r.verdict != "inconsistent"):
        for name in (n for _, s in relation.parts for n in rows.get(s.start, ())):
            told.setdefault(name, {"id": name, "relation": relation.relation, "verdict": relation.verdict})
    return [told[name] for name in sorted(told)]


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

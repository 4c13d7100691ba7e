"""Which numeric statements of a text stand in a ledger, and which rows of a ledger stand in the text."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osw_stats.vocabulary.scan import Statement
from osw_stats.vocabulary.scan.paragraphs import Paragraphs

_SAME = {
    **dict.fromkeys("’‘`´ʼ′‛", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
}
_JOIN = re.compile(r"\s*(?:…|\.\.\.)\s*")
_PARAGRAPH = re.compile(r"\d{1,2}\.\d{1,3}|(?:bijlage|annex)[^,/;x(]*", re.I)


@dataclass(frozen=True)
class Coverage:
    """What matching gave.

    Attributes
    ----------
    ids
        For every statement the ids of the rows whose words overlap it.
    missing
        Ids of the rows whose words are not in the text.
    elsewhere
        Ids of the rows whose words stand outside the paragraph they name.
    """

    ids: tuple[tuple[str, ...], ...]
    missing: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Folded:
    """A text in one spelling; `places[i]` is where its character i stands in the text itself."""

    text: str
    places: array[int]


def fold(text: str) -> Folded:
    r"""Fold white space to one space, drop soft hyphens, and write quotes and dashes one way.

    Examples
    --------
    >>> fold("zo’n\n 72.000").text
    "zo'n 72.000"
    """
    kept: list[str] = []
    places = array("q")
    for at, character in enumerate(text):
        if character == "\u00ad":
            continue
        if character.isspace():
            if kept and kept[-1] not in (" ", "-"):
                kept.append(" ")
                places.append(at)
            continue
        kept.append(_SAME.get(character, character).lower() if len(character.lower()) == 1 else character)
        places.append(at)
    return Folded("".join(kept), places)


def cover(
    text: str, statements: Sequence[Statement], rows: Sequence[Mapping[str, str]], paragraphs: Paragraphs
) -> Coverage:
    """Match the rows of a ledger with the statements of a text.

    Parameters
    ----------
    text
        The whole text the statements were found in.
    statements
        In the order of the text.
    rows
        Each with `id`, `paragraph` and `text`: the literal words. "…" joins pieces that must follow
        each other. A row with a `line` means the statement of these words on that line.
    paragraphs
        Of the same text. The words of a row are looked for in the paragraphs it names first, then
        anywhere.
    """
    if not rows:
        return Coverage(((),) * len(statements), (), ())
    folded = fold(text)
    lines = {(s.line, fold(s.text).text): (s.start, s.end) for s in statements}
    found: list[tuple[int, int, str]] = []
    missing, elsewhere = [], []
    for row in rows:
        on_line = (
            lines.get((int(row["line"]), fold(row["text"]).text)) if row.get("line", "").isdigit() else None
        )
        spans, at_home = ([on_line], True) if on_line else _find(folded, row, paragraphs)
        if not spans:
            missing.append(row["id"])
        elif not at_home:
            elsewhere.append(row["id"])
        found += [(start, end, row["id"]) for start, end in spans]
    found.sort()
    return Coverage(_overlaps(statements, found), tuple(missing), tuple(elsewhere))


def _overlaps(
    statements: Sequence[Statement], found: Sequence[tuple[int, int, str]]
) -> tuple[tuple[str, ...], ...]:
    result = []
    first, longest = 0, max((end - start for start, end, _ in found), default=0)
    for s in statements:
        while first < len(found) and found[first][0] + longest <= s.start:
            first += 1
        here = []
        for start, end, name in found[first:]:
            if start >= s.end:
                break
            if end > s.start and name not in here:
                here.append(name)
        result.append(tuple(here))
    return tuple(result)


def _find(
    folded: Folded, row: Mapping[str, str], paragraphs: Paragraphs
) -> tuple[list[tuple[int, int]], bool]:
    """Return the spans of a row's words, every time they stand in its paragraphs; else once anywhere."""
    pieces = [fold(piece).text.strip() for piece in _JOIN.split(row["text"])]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return [], False
    labels = [label.strip() for label in _PARAGRAPH.findall(row["paragraph"])]
    regions = [region for label in labels for region in paragraphs.regions(label)]
    spans = [span for start, end in regions for span in _in_order(folded, pieces, start, end, every=True)]
    if spans:
        return spans, True
    anywhere = _in_order(folded, pieces, 0, folded.places[-1] + 1 if folded.places else 0, every=False)
    return anywhere, not labels


def _in_order(
    folded: Folded, pieces: Sequence[str], start: int, end: int, *, every: bool
) -> list[tuple[int, int]]:
    """Return the spans of the pieces one after another between two offsets, in the text itself."""
    at, stop = _index(folded, start), _index(folded, end)
    spans: list[tuple[int, int]] = []
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
        cut = (before.isalnum() and piece[0].isalnum()) or (after.isalpha() and piece[-1].isalpha())
        if not cut:
            return here
        here = text.find(piece, here + 1, stop)
    return -1


def _index(folded: Folded, offset: int) -> int:
    return bisect_left(folded.places, offset)

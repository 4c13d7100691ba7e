"""A printed word carries its number with it: private marks in rendered text, which no page ever shows.

Why: links of headlines, traces, the grade of a sentence and the names of its numbers all come from the mark;
nothing is scanned back to find out what was meant.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

# private-use characters: no text of ours or of a publisher means anything by them
_OPEN, _MIDDLE, _SHUT, _CALL, _END = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
PRIVATE = re.compile("[\ue000-\ue004]")
_SAID = re.compile(f"{_OPEN}([^{_MIDDLE}]*) ([^{_MIDDLE}]*){_MIDDLE}([^{_SHUT}]*){_SHUT}")
_CALLED = re.compile(f"{_CALL}([^{_END}]*){_END}")
ABSENT = "absent"  # the way of a mark that stands for what is not there


class Piece(NamedTuple):
    """A piece of a paragraph: its words, and the result that they say and how; empty for plain words."""

    words: str
    name: str = ""
    way: str = ""


def said(name: str, way: str, words: str) -> str:
    """Return words with the result that they say and how; on one line, for the words of a source may hold more."""
    return f"{_OPEN}{name} {way}{_MIDDLE}{' '.join(PRIVATE.sub('', words).split(chr(10)))}{_SHUT}"


def called(function: str, *arguments: Any) -> str:
    """Return the mark of a block that a page asked for, such as a table."""
    return f"{_CALL}{json.dumps([function, *arguments])}{_END}"


def pieces(text: str) -> list[Piece]:
    """Return a rendered text in pieces."""
    found, end = [], 0
    for mark in _SAID.finditer(text):
        found += [Piece(text[end : mark.start()]), Piece(mark[3], mark[1], mark[2])]
        end = mark.end()
    found.append(Piece(text[end:]))
    return [p for p in found if p.words or p.name]


def bare(text: str) -> str:
    """Return a rendered text without marks."""
    return "".join(p.words for p in pieces(text))


def split_calls(text: str) -> tuple[str, list[list[Any]]]:
    """Return a rendered text without the blocks that it asks for, and those: function and arguments."""
    return _CALLED.sub("", text), [json.loads(m[1]) for m in _CALLED.finditer(text)]

"""Words that claim something, and words that are numbers: where a text holds them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.wording.numerals import is_numeral
from osw_stats.yamlfile import read_yaml

PRINTED = "□"  # stands for what is printed, in a text that is looked through
NUMBER, FREE = "number", "free"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END_OF_SENTENCE = re.compile(r"[.?!](?=\s|$|[”\"’)])|\n\s*\n")


class Claim(NamedTuple):
    """A claim in a text: its kind, its words, and where they stand."""

    kind: str
    words: str
    start: int
    end: int


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """Return the kinds of claim words."""
    words: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("claim_words.yml"))
    return words


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    return {
        kind: re.compile("|".join(map(_pattern, words[language])), re.IGNORECASE)
        for kind, words in kinds().items()
        if kind != NUMBER
    }


def _pattern(phrase: str) -> str:
    """Return a phrase as a regular expression; its words may stand on several lines."""
    pattern = ""
    for word in phrase.split(" "):
        if word == "…":
            pattern += r"(?:[^\s.;:!?]+\s+){0,5}?"
        elif word == PRINTED:
            pattern += rf"{PRINTED}\s+"
        else:
            pattern += rf"\b{re.escape(word)}\b\s+".replace(r"\*", r"[^\W\d_]*")
    return pattern.removesuffix(r"\s+")


def claims(text: str, language: str) -> list[Claim]:
    """Return the claims of a text in its order; of phrases that overlap the longest, and none of a question."""
    matches = ((kind, m) for kind, pattern in _patterns(language).items() for m in pattern.finditer(text))
    candidates = [
        Claim(kind, m[0], *m.span()) for kind, m in matches if m[0] and not _in_question(text, m.end())
    ]
    taken: list[Claim] = []
    for claim in sorted(candidates, key=lambda c: (c.start - c.end, c.start)):
        if not any(claim.start < other.end and other.start < claim.end for other in taken):
            taken.append(claim)
    return sorted((c for c in taken if c.kind != FREE), key=lambda c: c.start)


def _in_question(text: str, at: int) -> bool:
    end = _END_OF_SENTENCE.search(text, at)
    return end is not None and end[0] == "?"


def numbers(text: str, language: str) -> Iterator[Claim]:
    """Yield the digits and the number words of a text."""
    for m in re.finditer(r"\d[\d.,]*(?<![.,])", text):
        yield Claim(NUMBER, m[0], *m.span())
    free = [m.span() for m in _patterns(language)[FREE].finditer(text)]
    for m in _WORD.finditer(text):
        if not any(start <= m.start() < end for start, end in free) and _is_number_word(
            m[0].lower(), language
        ):
            yield Claim(NUMBER, m[0], *m.span())


def _is_number_word(word: str, language: str) -> bool:
    if word == "een":  # an article; the number is written één
        return False
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return word in kinds()[NUMBER][language] or any(
        is_numeral(part, language) for part in bare.split("-") if part
    )

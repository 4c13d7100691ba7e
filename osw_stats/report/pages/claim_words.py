"""Words that claim something: where a text holds them, and which tests of a page license them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.report.pages.values import verdicts
from osw_stats.vocabulary.numerals import is_numeral
from osw_stats.yamlfile import read_yaml

PRINTED = "□"  # stands for what is printed, in a text that is looked through
NUMBER, FREE = "number", "free"
_NUMBER_WORDS = {
    "nl": "één half halve helft dubbel dubbele anderhalf anderhalve driekwart kwart tweemaal driemaal viermaal beide "
    "tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde tiental tientallen honderdtal "
    "honderden duizenden miljoenen",
    "en": "half halves double twice thrice quarter quarters third thirds second fourth fifth sixth seventh eighth ninth "
    "tenth eleventh twelfth dozen dozens hundreds thousands millions both",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Claim(NamedTuple):
    """A claim in a text: its kind, its words, and where they stand."""

    kind: str
    words: str
    start: int
    end: int


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """Return the kinds of claim words."""
    found: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("claim_words.yml"))
    return found


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (kind, re.compile("|".join(_pattern(p) for p in of[language]), re.IGNORECASE))
        for kind, of in kinds().items()
    ]


def _pattern(phrase: str) -> str:
    """Return a phrase as a regular expression; its words may stand on several lines."""
    parts = {"…": r"(?:[^\s.;:!?]+\s+){0,5}?", PRINTED: PRINTED}
    made = ""
    for word in phrase.split(" "):
        gap = word == "…"
        made += (
            parts.get(word)
            or rf"\b{re.escape(word).replace(re.escape('*'), '[^' + chr(92) + 'W' + chr(92) + 'd_]*')}\b"
        )
        made += "" if gap else r"\s+"
    return made.removesuffix(r"\s+")


def claims(text: str, language: str) -> list[Claim]:
    """Return the claims of a text in its order; of phrases that overlap the longest.

    Examples
    --------
    >>> [(c.kind, c.words) for c in claims("Dat is niet aantoonbaar; een daling.", "nl")]
    [('within', 'niet aantoonbaar'), ('fall', 'daling')]
    """
    found = [
        Claim(kind, m[0], *m.span())
        for kind, pattern in _patterns(language)
        for m in pattern.finditer(text)
        if m[0]
    ]
    found = [c for c in found if not _asks(text, c)]
    taken: list[Claim] = []
    for claim in sorted(found, key=lambda c: (c.start - c.end, c.start)):
        if not any(claim.start < other.end and other.start < claim.end for other in taken):
            taken.append(claim)
    return sorted((c for c in taken if c.kind != FREE), key=lambda c: c.start)


def _asks(text: str, claim: Claim) -> bool:
    """Say whether a claim stands in a question: that claims nothing."""
    end = re.search(r"[.?!](?=\s|$|[”\"’)])|\n\s*\n", text[claim.end :])
    return end is not None and end[0] == "?"


def numbers(text: str, language: str) -> Iterator[Claim]:
    """Yield the digits and the number words of a text.

    Examples
    --------
    >>> [c.words for c in numbers("In 2024 drie rondes, de helft.", "nl")]
    ['2024', 'drie', 'helft']
    """
    free = [m.span() for m in dict(_patterns(language))[FREE].finditer(text)]
    for m in re.finditer(r"\d[\d.,]*(?<![.,])", text):
        yield Claim(NUMBER, m[0], *m.span())
    words = set(_NUMBER_WORDS[language].split())
    for m in _WORD.finditer(text):
        plain = m[0].lower()
        bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        if any(a <= m.start() < b for a, b in free):
            continue
        if plain == "een":  # an article; the number is written één
            continue
        if plain in words or any(is_numeral(part, language) for part in bare.split("-") if part):
            yield Claim(NUMBER, m[0], *m.span())


# what a test says when it holds, and when it does not: the kinds of claims that it licenses
_HOLDS: dict[str, set[str]] = {
    "rises": {"rise", "changed"}, "falls": {"fall", "changed"}, "unchanged": {"unchanged"},
    "demonstrated": {"beyond", "changed"}, "opposite": {"contrast"}, "alike": {"likewise"},
    "more": {"rise", "most", "changed"}, "less": {"fall", "most", "changed"}, "equal": {"unchanged", "all"},
    "zero": {"none", "absent", "all"}, "single": {"only", "unchanged"}, "every": {"all", "only", "none", "absent"}, "name": set(), "exact": set(),
}  # fmt: skip
_FAILS: dict[str, set[str]] = {
    "name": {"absent", "none"}, "demonstrated": {"within"}, "every": {"all", "changed", "only"}, "single": {"changed"},
    "equal": {"changed"}, "unchanged": {"changed"}
}  # fmt: skip


def licensed(test: str, key: str, holds: bool, language: str) -> set[str]:
    """Return the kinds of claims that a test licenses; of a verdict those in its own words.

    Examples
    --------
    >>> sorted(licensed("name", "", False, "nl")), sorted(licensed("verdict", "more_than_ordinary_variation", True, "nl"))
    (['absent', 'none'], ['absent', 'beyond', 'changed'])
    """
    if test == "verdict":
        return _of_verdict(key, language) if holds else set()
    return _HOLDS.get(test, set()) if holds else _FAILS.get(test, set())


def _of_verdict(key: str, language: str) -> set[str]:
    about = verdicts().get(key, {})
    by_margin = {"change": {"beyond", "changed"}, "no_change": {"within"}}.get(about.get("holds", ""), set())
    return (
        {c.kind for c in claims(about.get(language, ""), language)}
        | by_margin
        | set(about.get("licenses", []))
    )


def of_two(one: str, other: str) -> set[str]:
    """Return the kinds that two verdicts license together: that they are alike, or that one holds and the other not."""
    both = {verdicts().get(key, {}).get("holds") for key in (one, other)}
    return {"likewise"} if one == other else {"contrast"} if both == {"change", "no_change"} else set()


def of_the_rest(failed: set[str], language: str) -> set[str]:
    """Return the kinds that a number licenses when none of these verdicts is its own: what all others say alike."""
    families = {verdicts().get(key, {}).get("family") for key in failed} - {None}
    rest = [k for k, v in verdicts().items() if v.get("family") in families and k not in failed]
    return set.intersection(*(_of_verdict(k, language) for k in rest)) if rest else set()

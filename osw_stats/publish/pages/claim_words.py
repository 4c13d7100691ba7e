"""Words that are claims or numbers: their places in a text, and the tests above a sentence that imply them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.publish.pages.values import VERDICTS
from osw_stats.wording.numerals import is_numeral
from osw_stats.yamlfile import read_yaml

KINDS: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("claim_words.yml"))
LICENCES: dict[str, dict[str, list[str]]] = read_yaml(Path(__file__).with_name("licences.yml"))
PRINTED = "□"  # stands for a printed result in a text that is checked
NUMBER, FREE = "number", "free"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END_OF_SENTENCE = re.compile(r"[.?!](?=\s|$|[”\"’)])|\n\s*\n")


class Claim(NamedTuple):
    """A claim in a text: its kind, words and position."""

    kind: str
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Atom:
    """One question of a test: its kind ("name", a test of a number, or a function), its arguments, and the answer."""

    test: str
    names: tuple[str, ...]
    key: str
    holds: bool


Ways = tuple[frozenset[Atom], ...]  # "a or b" holds in two ways, each a set of answers


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    """Return each kind of claim words as a regular expression; the words of a phrase may stand on several lines."""
    patterns = {}
    for kind, words in KINDS.items():
        phrases = []
        for phrase in words[language] if kind != NUMBER else ():
            pattern = ""
            for word in phrase.split(" "):
                if word == "…":
                    pattern += r"(?:[^\s.;:!?]+\s+){0,5}?"
                elif word == PRINTED:
                    pattern += rf"{PRINTED}\s+"
                else:
                    pattern += rf"\b{re.escape(word)}\b\s+".replace(r"\*", r"[^\W\d_]*")
            phrases.append(pattern.removesuffix(r"\s+"))
        if phrases:
            patterns[kind] = re.compile("|".join(phrases), re.IGNORECASE)
    return patterns


def claims(text: str, language: str) -> list[Claim]:
    """Return the claims of a text in order: the longest of overlapping phrases, and none in questions."""
    candidates = []
    for kind, pattern in _patterns(language).items():
        for m in pattern.finditer(text):
            end = _END_OF_SENTENCE.search(text, m.end())
            if m[0] and not (end and end[0] == "?"):
                candidates.append(Claim(kind, m[0], *m.span()))
    taken: list[Claim] = []
    for claim in sorted(candidates, key=lambda c: (c.start - c.end, c.start)):
        if not any(claim.start < other.end and other.start < claim.end for other in taken):
            taken.append(claim)
    return sorted((c for c in taken if c.kind != FREE), key=lambda c: c.start)


def numbers(text: str, language: str) -> Iterator[Claim]:
    """Yield the digits and the number words of a text."""
    for m in re.finditer(r"\d[\d.,]*(?<![.,])", text):
        yield Claim(NUMBER, m[0], *m.span())
    free = [m.span() for m in _patterns(language)[FREE].finditer(text)]
    for m in _WORD.finditer(text):
        word = m[0].lower()
        # "een" is an article; the number is written één
        if word == "een" or any(start <= m.start() < end for start, end in free):
            continue
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        parts = filter(None, bare.split("-"))
        if word in KINDS[NUMBER][language] or any(is_numeral(part, language) for part in parts):
            yield Claim(NUMBER, m[0], *m.span())


def licensed(ways: Ways, language: str) -> set[str]:
    """Return the kinds of claims that a test licenses: of "a or b" what both do, of "a and b" what one does."""
    return set.intersection(*(_licensed_by(way, language) for way in ways)) if ways else set()


def _licensed_by(way: frozenset[Atom], language: str) -> set[str]:
    kinds: set[str] = set()
    verdicts: dict[tuple[str, ...], str] = {}
    failed: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for atom in way:
        kinds |= set(LICENCES["holds" if atom.holds else "fails"].get(atom.test, ()))
        if atom.test == "verdict" and atom.holds:
            verdicts[atom.names] = atom.key
            kinds |= _of_verdict(atom.key, language)
        elif atom.test == "verdict":
            failed[atom.names].add(atom.key)
    for first, second in combinations(verdicts.values(), 2):
        # two verdicts are alike, or one states a change and the other no change
        margins = {VERDICTS.get(key, {}).get("holds") for key in (first, second)}
        kinds |= {"likewise"} if first == second else set()
        kinds |= {"contrast"} if margins == {"change", "no_change"} else set()
    for keys in (keys for names, keys in failed.items() if names not in verdicts):
        # none of these is the verdict: it licenses what all others of the family have in common
        families = {VERDICTS.get(key, {}).get("family") for key in keys} - {None}
        rest = [k for k, v in VERDICTS.items() if v.get("family") in families and k not in keys]
        kinds |= set.intersection(*(_of_verdict(key, language) for key in rest)) if rest else set()
    false = {(atom.test, atom.names) for atom in way if not atom.holds}
    for up, down in (("rises", "falls"), ("more", "less")):  # neither more nor less means unchanged
        if any(test == up and (down, names) in false for test, names in false):
            kinds.add("unchanged")
    return kinds


def _of_verdict(key: str, language: str) -> set[str]:
    """Return the kinds of claims in the words of a verdict, those its margin implies, and those it names."""
    about = VERDICTS.get(key, {})
    by_margin = LICENCES["margin"].get(about.get("holds", ""), [])
    words = {claim.kind for claim in claims(about.get(language, ""), language)}
    return words | set(by_margin) | set(about.get("licenses", []))

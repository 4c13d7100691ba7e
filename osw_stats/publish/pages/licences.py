"""Which claims the tests above a sentence imply: a word of direction stands under a test that makes it true."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from osw_stats.publish.pages.claim_words import claims
from osw_stats.publish.pages.values import verdicts
from osw_stats.yamlfile import read_yaml


@dataclass(frozen=True)
class Atom:
    """One question of a test: its kind ("name", a test of a number, or a function), its arguments, and the answer."""

    test: str
    names: tuple[str, ...]
    key: str
    holds: bool


Ways = tuple[frozenset[Atom], ...]  # "a or b" holds in two ways, each a set of answers


@cache
def _licences() -> dict[str, dict[str, list[str]]]:
    licences: dict[str, dict[str, list[str]]] = read_yaml(Path(__file__).with_name("licences.yml"))
    return licences


def licensed(ways: Ways, language: str) -> set[str]:
    """Return the kinds of claims that a test licenses: of "a or b" what both do, of "a and b" what one does."""
    return set.intersection(*(_licensed_by(way, language) for way in ways)) if ways else set()


def _licensed_by(way: frozenset[Atom], language: str) -> set[str]:
    kinds: set[str] = set()
    held: dict[tuple[str, ...], str] = {}
    failed: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for atom in way:
        kinds |= set(_licences()["holds" if atom.holds else "fails"].get(atom.test, ()))
        if atom.test == "verdict" and atom.holds:
            held[atom.names] = atom.key
        elif atom.test == "verdict":
            failed[atom.names].add(atom.key)
    for key in held.values():
        kinds |= _of_verdict(key, language)
    for one, other in combinations(held.values(), 2):
        kinds |= _of_two(one, other)
    for names, keys in failed.items():
        if names not in held:
            kinds |= _of_the_rest(keys, language)
    false = {(atom.test, atom.names) for atom in way if not atom.holds}
    for up, down in (("rises", "falls"), ("more", "less")):  # what is neither more nor less is the same
        if any(test == up and (down, names) in false for test, names in false):
            kinds.add("unchanged")
    return kinds


def _of_verdict(key: str, language: str) -> set[str]:
    """Return what the words of a verdict say, what its margin implies, and the kinds it names."""
    about = verdicts().get(key, {})
    by_margin = _licences()["margin"].get(about.get("holds", ""), [])
    words = {claim.kind for claim in claims(about.get(language, ""), language)}
    return words | set(by_margin) | set(about.get("licenses", []))


def _of_two(one: str, other: str) -> set[str]:
    """Return what two verdicts license together: that they are alike, or that one holds and the other does not."""
    margins = {verdicts().get(key, {}).get("holds") for key in (one, other)}
    return {"likewise"} if one == other else {"contrast"} if margins == {"change", "no_change"} else set()


def _of_the_rest(failed: set[str], language: str) -> set[str]:
    """Return what a number licenses when none of these verdicts is its own: what all others say alike."""
    families = {verdicts().get(key, {}).get("family") for key in failed} - {None}
    rest = [k for k, v in verdicts().items() if v.get("family") in families and k not in failed]
    return set.intersection(*(_of_verdict(key, language) for key in rest)) if rest else set()

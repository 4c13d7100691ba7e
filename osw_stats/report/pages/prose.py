"""What a page says, apart from its template: its prose with the tests it stands under, its names and its calls."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import combinations

from osw_stats.errors import InputError
from osw_stats.report.pages.claim_words import licensed, of_the_rest, of_two


@dataclass(frozen=True)
class Atom:
    """One question of a test: its kind ("name", a test of a number, or a function), its arguments, and the answer."""

    test: str
    names: tuple[str, ...]
    key: str
    holds: bool


Ways = list[frozenset[Atom]]  # "a or b" holds in two ways, each a set of answers


@dataclass(frozen=True)
class Call:
    """A block that a page asks for: function, arguments by position, arguments by name, and its line."""

    function: str
    given: tuple[str, ...]
    named: dict[str, str]
    line: int


@dataclass
class Read:
    """What a page says: its whole text with a mark for each thing printed, and where each piece of it comes from."""

    text: str = ""
    names: dict[str, int] = field(default_factory=dict)  # the line of the first use
    loops: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    directions: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    faults: list[InputError] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _pieces: list[tuple[int, tuple[frozenset[Atom], ...]]] = field(default_factory=list)

    def add(self, text: str, line: int, under: tuple[frozenset[Atom], ...]) -> None:
        """Add a piece of text that stands under tests."""
        self._starts.append(len(self.text))
        self._pieces.append((line, under))
        self.text += text

    def line(self, at: int) -> int:
        """Return the line of the page in which a place of the text stands."""
        n = bisect_right(self._starts, at) - 1
        return self._pieces[n][0] + self.text.count("\n", self._starts[n], at)

    def licences(self, at: int, language: str) -> set[str]:
        """Return the kinds of claims that the tests above a place license.

        Of "a or b" each must license it; of "a and b" one will do.
        """
        under = self._pieces[bisect_right(self._starts, at) - 1][1]
        if not under:
            return set()
        return set.intersection(*(_licences(way, language) for way in under))


def _licences(way: frozenset[Atom], language: str) -> set[str]:
    found: set[str] = set()
    for atom in way:
        found |= licensed(atom.test, atom.key, atom.holds, language)
    for names in {a.names for a in way if a.test == "verdict"}:
        answers = [a for a in way if a.test == "verdict" and a.names == names]
        if not any(a.holds for a in answers):
            found |= of_the_rest({a.key for a in answers}, language)
    held = [a for a in way if a.test == "verdict" and a.holds]
    for one, other in combinations(held, 2):
        found |= of_two(one.key, other.key) if one.names != other.names else set()
    failed = {(a.test, a.names) for a in way if not a.holds}
    for names in {a.names for a in way}:  # what is neither more nor less is the same
        for up, down in (("rises", "falls"), ("more", "less")):
            if {(up, names), (down, names)} <= failed:
                found.add("unchanged")
    return found

"""Figures held against those told earlier in their text."""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from osw_stats.claims.relation import Relation, finest, interval, relate
from osw_stats.claims.signs import DATA, STOP, YEAR, base_of_rate
from osw_stats.wording.scan import Statement

_BODY, _PERIOD = re.compile(DATA["body"]), re.compile(rf"\b(?:{DATA['period']})\b", re.I)
_REACH = 300  # characters of a sentence on each side of a figure
_EVERY = re.compile(rf"\b(?:{DATA['every']})\s+\Z", re.I)
_WHO = re.compile(r"(?:\s+\w+){1,3}\s+(?:who|that|which|die|dat)\b")  # some of them
_THOSE, _TAIL = re.compile(rf"(?:{DATA['those']})\s+\Z", re.I), re.compile(DATA["tail"], re.I)
Told = tuple[int, Statement]  # a figure and its sentence


def repeats(text: str, statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield the same quantity told again: one noun with what follows it, in one year, or "those 12 cases"."""
    stops = [m.end() for m in STOP.finditer(text)]
    figures: list[Told] = [(bisect_right(stops, s.start), s) for s in statements]
    counts = Counter(sentence for sentence, s in figures if s.kind == "count")
    years: dict[int, set[str]] = defaultdict(set)
    for sentence, s in figures:
        if s.kind in ("year", "date"):
            years[sentence].update(YEAR.findall(s.text))
    seen: dict[tuple[str, ...], Told] = {}
    last: dict[str, Told] = {}
    turned: dict[tuple[str, str], Told] = {}
    for sentence, s in figures:
        value = s.value or 0.0
        if s.kind != "count" or not s.unit or value < DATA["turned_from"] or base_of_rate(text, s):
            continue
        small, year, noun = value < DATA["smallest"], years[sentence], s.unit.split()[-1]
        pronoun, every = (words.search(text, max(0, s.start - 12), s.start) for words in (_THOSE, _EVERY))
        behind = text[s.end : s.end + 60].lower().find(noun)
        tail = _TAIL.match(text, s.end + behind + len(noun) if behind >= 0 else s.end)
        key = (noun, *year, tail[1].lower() if tail else "") if len(year) == 1 and not small else None
        before, prior = last.get(noun, (-9, s))
        earlier, near, sure = None, DATA["near"], "medium"
        if pronoun and sentence - before <= 2:
            earlier, near, sure = prior, 0.0 if small else near, "high"
            next_one = sentence - before == 1 and pronoun.start() <= stops[sentence - 1] + 1
            if next_one and counts[before] == 1 and not _WHO.match(text, s.end):
                near = math.inf  # "18 breaches were found. Those 28 breaches ..."
        elif every and 0 < sentence - before <= 2 and _turned(s, prior):
            earlier = prior  # "all 46 survivors"
        elif key and key in seen and seen[key][0] < sentence:  # in one they are set beside each other
            earlier, near = seen[key][1], near if tail else near / 5
        elif value >= DATA["counted_below"] and s.text.isascii() and not re.search("[a-z]", s.text, re.I):
            told, other = turned.get((noun, digits(value)), (sentence, s))
            if told < sentence and _one_thing(text, stops, noun, (told, other), (sentence, s)):
                earlier, sure = other, "low"
            turned[noun, digits(value)] = sentence, s
        if earlier:
            inputs = {"earlier": earlier}
            claimed = interval(s, *finest((s, earlier)))
            found = relate("repeat", claimed.value, claimed, inputs, "repeat", parts={"later": s, **inputs})
            near = math.inf if sure != "low" and _turned(s, earlier) else near
            if found and (found.verdict != "inconsistent" or abs(value / found.recomputed - 1) <= near):
                yield replace(found, sure=sure)
        if key:
            seen[key] = sentence, s
        last[noun] = sentence, s


def _turned(s: Statement, earlier: Statement) -> bool:
    """Return whether two figures are as many, or the same digits in another order."""
    one, other = (sorted(f"{figure.value or 0:.10g}") for figure in (s, earlier))
    return one == other


def _one_thing(text: str, stops: list[int], noun: str, *told: Told) -> bool:
    """Return whether two sentences are about one body, in no other period."""
    said = []
    for at, s in told:
        first = max(s.start - _REACH, stops[at - 1] if at else 0)
        said.append(text[first : min([s.end + _REACH, *stops[at : at + 1]])])
    bodies = [{(a or b).lower() for a, b in _BODY.findall(words)} - {noun} for words in said]
    periods = [{found.lower() for found in _PERIOD.findall(words)} for words in said]
    names = [set(re.findall(DATA["name"], words)) for words in said]
    verbs = [text[max(0, s.start - 30) : s.start].split()[-1:] for _, s in told]  # "A counted ... B counted"
    together = told[1][0] - told[0][0] == 1 and names[1] <= names[0] and verbs[0] != verbs[1]
    return (together or bool(bodies[0] & bodies[1])) and (not periods[1] or periods[0] == periods[1])


def digits(value: float) -> str:
    """Return the digits of a number in order of size: two that were exchanged are the same; a small one as it is."""
    ordered = sorted(f"{abs(value):.10g}".replace(".", ""))
    return "".join(ordered) if len(ordered) > 3 else f"{value}"

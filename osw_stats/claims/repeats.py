"""Figures compared with earlier ones in the same text."""

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
Occurrence = tuple[int, Statement]  # a figure and its sentence


def repeats(text: str, statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield repeats of a quantity: the same noun with the same words after it, in one year, or "those 12 cases"."""
    stops = [m.end() for m in STOP.finditer(text)]
    figures: list[Occurrence] = [(bisect_right(stops, s.start), s) for s in statements]
    counts = Counter(sentence for sentence, s in figures if s.kind == "count")
    years: dict[int, set[str]] = defaultdict(set)
    for sentence, s in figures:
        if s.kind in ("year", "date"):
            years[sentence].update(YEAR.findall(s.text))
    seen: dict[tuple[str, ...], Occurrence] = {}
    last: dict[str, Occurrence] = {}
    turned: dict[tuple[str, str], Occurrence] = {}
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
            adjacent = sentence - before == 1 and pronoun.start() <= stops[sentence - 1] + 1
            if adjacent and counts[before] == 1 and not _WHO.match(text, s.end):
                near = math.inf  # "18 breaches were found. Those 28 breaches ..."
        elif every and 0 < sentence - before <= 2 and _turned(s, prior):
            earlier = prior  # "all 46 survivors"
        elif key and key in seen and seen[key][0] < sentence:  # in one sentence they are compared
            earlier, near = seen[key][1], near if tail else near / 5
        elif value >= DATA["counted_below"] and s.text.isascii() and not re.search("[a-z]", s.text, re.I):
            seen_in, other = turned.get((noun, digits(value)), (sentence, s))
            if seen_in < sentence and _same_subject(text, stops, noun, (seen_in, other), (sentence, s)):
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
    """Return whether two figures are equal, or have the same digits in another order."""
    left, right = (sorted(f"{figure.value or 0:.10g}") for figure in (s, earlier))
    return left == right


def _same_subject(text: str, stops: list[int], noun: str, *uses: Occurrence) -> bool:
    """Return whether two sentences are about the same body and name no other period."""
    contexts = []
    for at, s in uses:
        first = max(s.start - _REACH, stops[at - 1] if at else 0)
        contexts.append(text[first : min([s.end + _REACH, *stops[at : at + 1]])])
    bodies = [{(a or b).lower() for a, b in _BODY.findall(words)} - {noun} for words in contexts]
    periods = [{period.lower() for period in _PERIOD.findall(words)} for words in contexts]
    names = [set(re.findall(DATA["name"], words)) for words in contexts]
    verbs = [text[max(0, s.start - 30) : s.start].split()[-1:] for _, s in uses]  # "A counted ... B counted"
    together = uses[1][0] - uses[0][0] == 1 and names[1] <= names[0] and verbs[0] != verbs[1]
    return (together or bool(bodies[0] & bodies[1])) and (not periods[1] or periods[0] == periods[1])


def digits(value: float) -> str:
    """Return the sorted digits of a number, equal where two were exchanged; a small number unchanged."""
    ordered = sorted(f"{abs(value):.10g}".replace(".", ""))
    return "".join(ordered) if len(ordered) > 3 else f"{value}"

"""The same quantity told twice in a text."""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from osw_stats.claims.relation import Relation, digits, finest, interval, relate
from osw_stats.claims.signs import DATA, STOP, YEAR, base_of_rate
from osw_stats.wording.scan import Statement

_BODY, _PERIOD = re.compile(DATA["body"]), re.compile(rf"\b(?:{DATA['period']})\b", re.I)
_REACH = 300  # characters of a sentence on each side of a figure
_EVERY = re.compile(rf"\b(?:{DATA['every']})\s+\Z", re.I)
_THOSE, _TAIL = re.compile(rf"(?:{DATA['those']})\s+\Z", re.I), re.compile(DATA["tail"], re.I)


def repeats(text: str, statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield the same quantity told again: one noun with what follows it, in one year, or "those 12 cases"."""
    stops = [m.end() for m in STOP.finditer(text)]
    years: dict[int, set[str]] = {}
    for s in statements:
        if s.kind in ("year", "date"):
            years.setdefault(bisect_right(stops, s.start), set()).update(YEAR.findall(s.text))
    seen: dict[tuple[str, ...], tuple[int, Statement]] = {}
    last: dict[str, tuple[int, Statement]] = {}
    turned: dict[tuple[str, str], tuple[int, Statement]] = {}
    for s in statements:
        if s.kind != "count" or not s.unit or not s.value or base_of_rate(text, s):
            continue
        pronoun = _THOSE.search(text, max(0, s.start - 12), s.start)
        small = s.value < DATA["smallest"]
        if s.value < DATA["turned_from"]:
            continue
        sentence, noun = bisect_right(stops, s.start), s.unit.split()[-1]
        year = years.get(sentence, set())
        behind = text[s.end : s.end + 60].lower().find(noun)
        tail = _TAIL.match(text, s.end + behind + len(noun) if behind >= 0 else s.end)
        key = (noun, *year, tail[1].lower() if tail else "") if len(year) == 1 and not small else None
        earlier, near, sure = None, 0.0, "medium"
        if pronoun and noun in last and sentence - last[noun][0] <= 2:
            earlier, near, sure = last[noun][1], 0.0 if small else DATA["near"], "high"
        elif noun in last and 0 < sentence - last[noun][0] <= 2 and _again(text, s, last[noun][1]):
            earlier, near, sure = last[noun][1], DATA["near"], "medium"
        elif key and key in seen and seen[key][0] < sentence:  # in one they are set beside each other
            earlier, near = seen[key][1], DATA["near"] if tail else DATA["near"] / 5
        elif s.value >= DATA["counted_below"] and s.text.isascii() and not re.search("[a-z]", s.text, re.I):
            at = (noun, digits(s.value))
            told, other = turned.get(at, (sentence, s))
            apart = told < sentence
            if apart and _one_thing(text, stops, noun, (told, other), (sentence, s)):
                earlier, near, sure = other, DATA["near"], "low"
            turned[at] = sentence, s
        if earlier:
            inputs = {"earlier": earlier}
            claimed = interval(s, *finest((s, earlier)))
            found = relate("repeat", claimed.value, claimed, inputs, "repeat", parts={"later": s, **inputs})
            near = math.inf if sure != "low" and _turned(s, earlier) else near
            if found and (found.verdict != "inconsistent" or abs(s.value / found.recomputed - 1) <= near):
                yield replace(found, sure=sure)
        if key:
            seen[key] = sentence, s
        last[noun] = (sentence, s)


def _again(text: str, s: Statement, earlier: Statement) -> bool:
    """Return whether "all 46 survivors" are those told before: as many, or the same digits in another order."""
    every = _EVERY.search(text, max(0, s.start - 12), s.start)
    return bool(every) and _turned(s, earlier)


def _turned(s: Statement, earlier: Statement) -> bool:
    one, other = (sorted(f"{figure.value or 0:.10g}") for figure in (s, earlier))
    return one == other


def _one_thing(text: str, stops: list[int], noun: str, *told: tuple[int, Statement]) -> bool:
    """Return whether two sentences are about one body, in no other period."""
    said = []
    for at, s in told:
        first = max(s.start - _REACH, stops[at - 1] if at else 0)
        said.append(text[first : min(s.end + _REACH, stops[at] if at < len(stops) else len(text))])
    bodies = [{(a or b).lower() for a, b in _BODY.findall(words)} - {noun} for words in said]
    periods = [{found.lower() for found in _PERIOD.findall(words)} for words in said]
    names = [set(re.findall(DATA["name"], words)) for words in said]
    verbs = [text[max(0, s.start - 30) : s.start].split()[-1:] for _, s in told]  # "A counted ... B counted"
    together = told[1][0] - told[0][0] == 1 and names[1] <= names[0] and verbs[0] != verbs[1]
    return (together or bool(bodies[0] & bodies[1])) and (not periods[1] or periods[0] == periods[1])

"""The same quantity told twice in a text."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from osw_stats.claims.relation import Relation, finest, interval, relate
from osw_stats.claims.signs import DATA, STOP
from osw_stats.wording.scan import Statement

_THOSE, _TAIL = re.compile(rf"(?:{DATA['those']})\s+\Z", re.I), re.compile(DATA["tail"], re.I)


def repeats(text: str, statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield the same quantity told again: one noun with what follows it, in one year, or "those 12 cases"."""
    stops = [m.end() for m in STOP.finditer(text)]
    years: dict[int, set[str]] = {}
    for s in statements:
        if s.kind in ("year", "date"):
            years.setdefault(bisect_right(stops, s.start), set()).update(re.findall(r"(?:19|20)\d\d", s.text))
    seen: dict[tuple[str, ...], tuple[int, Statement]] = {}
    last: dict[str, tuple[int, Statement]] = {}
    for s in statements:
        if s.kind != "count" or not s.unit or s.value is None or s.value < DATA["smallest"]:
            continue
        sentence, noun = bisect_right(stops, s.start), s.unit.split()[-1]
        year = years.get(sentence, set())
        tail = _TAIL.match(text, _after_noun(text, s, noun))
        key = (noun, *year, tail[1].lower() if tail else "") if len(year) == 1 else None
        pronoun = _THOSE.search(text, max(0, s.start - 12), s.start)
        earlier, near, sure = None, 0.0, "medium"
        if pronoun and noun in last and sentence - last[noun][0] <= 2:
            earlier, near, sure = last[noun][1], DATA["near"], "high"
        elif (
            key and key in seen and seen[key][0] < sentence
        ):  # in one sentence they are set beside each other
            earlier, near = seen[key][1], DATA["near"] if tail else DATA["near"] / 5
        if earlier:
            inputs = {"earlier": earlier}
            claimed = interval(s, *finest((s, earlier)))
            found = relate("repeat", claimed.value, claimed, inputs, "repeat", parts={"later": s, **inputs})
            apart = abs(s.value / (earlier.value or math.nan) - 1)
            if found and (found.verdict != "inconsistent" or apart <= near):
                yield replace(found, sure=sure)
        if key:
            seen[key] = sentence, s
        last[noun] = (sentence, s)


def _after_noun(text: str, s: Statement, noun: str) -> int:
    at = (
        text.lower().find(noun, s.end, s.end + 60)
        if len(text) < 10_000
        else text[s.end : s.end + 60].lower().find(noun) + s.end
    )
    return at + len(noun) if at >= s.end else s.end

"""Figures held against what was told before: earlier in their text, or in the tidy table."""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from osw_stats.claims.book import figure_interval
from osw_stats.claims.relation import Relation, digits, finest, interval, relate
from osw_stats.claims.signs import DATA, STOP, YEAR, base_of_rate
from osw_stats.claims.verdicts import verdict
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.wording.scan import Statement

_KIND = {"count": "count", "percent": "share", "ratio": "share", "money": "money", "fte": "posts"}
_WORD = re.compile(r"[^\W\d_]{4,}")
_SEX = {sex: re.compile(pattern, re.I) for sex, pattern in DATA["sexes"].items()}
_PEOPLE = re.compile(DATA["people"], re.I)
_HALF = re.compile(r"\b(?:half|helft)\b", re.I)
_STEM = 6  # letters by which words are held against each other
_PART = 1000  # characters: a sentence of more than two of these is none, and read in parts
_BODY, _PERIOD = re.compile(DATA["body"]), re.compile(rf"\b(?:{DATA['period']})\b", re.I)
_REACH = 300  # characters of a sentence on each side of a figure
_EVERY = re.compile(rf"\b(?:{DATA['every']})\s+\Z", re.I)
_WHO = re.compile(r"(?:\s+\w+){1,3}\s+(?:who|that|which|die|dat)\b")  # some of them
_THOSE, _TAIL = re.compile(rf"(?:{DATA['those']})\s+\Z", re.I), re.compile(DATA["tail"], re.I)
Row = dict[str, Any]


def against(text: str, statements: Sequence[Statement], observations: pd.DataFrame) -> Iterator[Relation]:
    """Yield what a table of observations prints for figures of a text: the same, nearly the same, or of another unit."""
    # a row is asked when its year stands in the sentence, and two words at least of its publisher, title or unit
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in records(observations):
        if not math.isnan(row["obs_value"]) and row["unit_measure"] in UNITS:
            rows[UNITS[row["unit_measure"]].kind, str(row["time_period"])[:4]].append(row)
    stops = [0, *(m.end() for m in STOP.finditer(text)), len(text)]
    place, sentence, words = (0, 0), "", frozenset[str]()
    near: dict[str, list[Row]] = {}  # what the sentence speaks of, asked once for all its figures
    for s in statements:
        if s.kind in _KIND and s.value is not None and (s.kind != "count" or s.value > DATA["smallest"]):
            if place != (bounds := _around(stops, s.start)):
                place, sentence, near = bounds, text[slice(*bounds)], {}
                words = _stems([sentence])
            if (kind := _KIND[s.kind]) not in near:
                asked = (row for year in sorted(set(YEAR.findall(sentence))) for row in rows[kind, year])
                near[kind] = [row for row in asked if _speaks_of(sentence, words, row)]
            if found := _best(s, words, near[kind]):
                yield found


def _around(stops: Sequence[int], start: int) -> tuple[int, int]:
    """Return the bounds of the sentence of a figure; of a very long one, of the part around it."""
    at = bisect_right(stops, start)
    first, last = stops[at - 1], stops[at]
    part = first + (start - first) // _PART * _PART
    return max(first, part - _PART), min(last, part + 2 * _PART)


def _stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:_STEM].lower() for text in texts for word in _WORD.findall(text))


def _names(unit: str) -> list[str]:
    about = UNITS[unit]
    return [about.nl, about.en, about.one_nl, about.one_en]


@cache
def _words(series_id: str, publisher: str, unit: str) -> frozenset[str]:
    about = catalogue()[series_id]
    entries = (about.title, about.counts, about.population)
    texts = [publisher, *_names(unit), *(text for entry in entries for text in entry.values())]
    return _stems(texts)


def _speaks_of(sentence: str, words: frozenset[str], row: Row) -> bool:
    """Return whether a sentence names what a row is about: its group, its age, and two of its words."""
    sexes = {sex for sex, pattern in _SEX.items() if pattern.search(sentence)}
    if (row["sex"] in _SEX) != (sexes == {row["sex"]}) or row["breakdown"]:
        return False
    if len(str(row["time_period"])) > 4 and not _HALF.search(sentence):
        return False
    if row["age"] != "total" and not all(end in sentence for end in re.findall(r"\d+", row["age"])):
        return False
    return _score(words, row) > 1


def _score(words: frozenset[str], row: Mapping[str, Any]) -> int:
    return len(words & _words(row["series_id"], row["publisher"], row["unit_measure"]))


def _best(s: Statement, words: frozenset[str], rows: list[Row]) -> Relation | None:
    claimed = interval(s)
    fitting, nearly = [], []
    for row in rows:
        value = row["obs_value"]
        if verdict(claimed, figure_interval(row)) != "inconsistent":
            fitting.append(row)
        elif abs(claimed.value - value) <= DATA["slip"] * abs(value) or digits(claimed.value) == digits(
            value
        ):
            nearly.append(row)
    if not (fitting or nearly):
        return None
    row = max(fitting or nearly, key=lambda row: _score(words, row))
    published = figure_interval(row)
    word = verdict(claimed, published)
    if fitting and _other_unit(s, row):
        word = "unit_differs"
    unit = getattr(UNITS[row["unit_measure"]], s.language)
    printed = row["as_reported"] or f"{row['obs_value']:,.10g}"
    formula = f"[{str(row['obs_id']).rpartition('/')[0]}] {row['publisher']}, {row['time_period']}: “{printed}” {unit}"
    values, boxes = (claimed.value, published.value), (claimed, published)
    return Relation("published", word, *values, *boxes, "medium", "published", formula, (("figure", s),))


def _other_unit(s: Statement, row: Row) -> bool:
    """Return whether the noun of a figure is known to count something else than a row does."""
    if s.kind != "count" or not s.unit:
        return False
    noun = s.unit.split()[-1]

    def named(unit: str) -> bool:
        return any(
            noun[:_STEM] == word[:_STEM].lower() for name in _names(unit) for word in _WORD.findall(name)
        )

    people = bool(_PEOPLE.fullmatch(noun))
    if named(row["unit_measure"]) or (people and row["unit_measure"] in DATA["units_of_people"]):
        return False
    return people or any(named(code) for code, unit in UNITS.items() if unit.kind == "count")


def repeats(text: str, statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield the same quantity told again: one noun with what follows it, in one year, or "those 12 cases"."""
    stops = [m.end() for m in STOP.finditer(text)]
    counts = Counter(bisect_right(stops, s.start) for s in statements if s.kind == "count")
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
        if s.value < DATA["turned_from"]:
            continue
        pronoun = _THOSE.search(text, max(0, s.start - 12), s.start)
        small = s.value < DATA["smallest"]
        sentence, noun = bisect_right(stops, s.start), s.unit.split()[-1]
        year = years.get(sentence, set())
        behind = text[s.end : s.end + 60].lower().find(noun)
        tail = _TAIL.match(text, s.end + behind + len(noun) if behind >= 0 else s.end)
        key = (noun, *year, tail[1].lower() if tail else "") if len(year) == 1 and not small else None
        earlier, near, sure = None, 0.0, "medium"
        if pronoun and noun in last and sentence - last[noun][0] <= 2:
            earlier, near, sure = last[noun][1], 0.0 if small else DATA["near"], "high"
            next_one = sentence - last[noun][0] == 1 and pronoun.start() <= stops[sentence - 1] + 1
            if next_one and counts[last[noun][0]] == 1 and not _WHO.match(text, s.end):
                near = math.inf  # "18 breaches were found. Those 28 breaches ..."
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

"""Figures of a text looked up in the tidy table."""

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from osw_stats.claims.book import figure_interval
from osw_stats.claims.relation import Relation, interval
from osw_stats.claims.repeats import digits
from osw_stats.claims.signs import DATA, STOP, YEAR
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
_STEM = 6  # letters on which words are compared
_PART = 1000  # characters: a sentence more than twice as long is read in parts
Row = dict[str, Any]


def against(text: str, statements: Sequence[Statement], observations: pd.DataFrame) -> Iterator[Relation]:
    """Yield the observations that match figures of a text: equal, nearly equal, or of another unit."""
    # a row qualifies when the sentence has its year and at least two words of its publisher, title or unit
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in records(observations[observations["role"].eq("main")]):
        if not math.isnan(row["obs_value"]) and row["unit_measure"] in UNITS:
            rows[UNITS[row["unit_measure"]].kind, str(row["time_period"])[:4]].append(row)
    stops = [0, *(m.end() for m in STOP.finditer(text)), len(text)]
    place, sentence, words = (0, 0), "", frozenset[str]()
    near: dict[str, list[Row]] = {}  # rows the sentence is about, found once for all its figures
    for s in statements:
        if s.kind in _KIND and s.value is not None and (s.kind != "count" or s.value > DATA["smallest"]):
            if place != (bounds := _around(stops, s.start)):
                place, sentence, near = bounds, text[slice(*bounds)], {}
                words = _stems([sentence])
            if (kind := _KIND[s.kind]) not in near:
                candidates = (row for year in sorted(set(YEAR.findall(sentence))) for row in rows[kind, year])
                near[kind] = [row for row in candidates if _speaks_of(sentence, words, row)]
            if relation := _best(s, words, near[kind]):
                yield relation


def _around(stops: Sequence[int], start: int) -> tuple[int, int]:
    """Return the bounds of the sentence of a figure; for a very long one, of the part around the figure."""
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
    """Return whether a sentence names the subject of a row: its sex, its age, and two of its words."""
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
    claim = interval(s)
    fitting, nearly = [], []
    for row in rows:
        value = row["obs_value"]
        if verdict(claim, figure_interval(row)) != "inconsistent":
            fitting.append(row)
        elif abs(claim.value - value) <= DATA["slip"] * abs(value) or digits(claim.value) == digits(value):
            nearly.append(row)
    if not (fitting or nearly):
        return None
    row = max(fitting or nearly, key=lambda row: _score(words, row))
    published = figure_interval(row)
    word = "unit_differs" if fitting and _other_unit(s, row) else verdict(claim, published)
    unit = getattr(UNITS[row["unit_measure"]], s.language)
    printed = row["as_reported"] or f"{row['obs_value']:,.10g}"
    formula = f"[{str(row['obs_id']).rpartition('/')[0]}] {row['publisher']}, {row['time_period']}: “{printed}” {unit}"
    values, boxes = (claim.value, published.value), (claim, published)
    return Relation("published", word, *values, *boxes, "medium", "published", formula, (("figure", s),))


def _other_unit(s: Statement, row: Row) -> bool:
    """Return whether the noun of a figure is known to count something other than the row."""
    if s.kind != "count" or not s.unit:
        return False
    noun = s.unit.split()[-1]

    def named(unit: str) -> bool:
        return noun[:_STEM] in _stems(_names(unit))

    people = bool(_PEOPLE.fullmatch(noun))
    if named(row["unit_measure"]) or (people and row["unit_measure"] in DATA["units_of_people"]):
        return False
    return people or any(named(code) for code, unit in UNITS.items() if unit.kind == "count")

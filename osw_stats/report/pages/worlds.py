"""A page in other worlds: made from numbers alone, so that its prose is read where figures fall, stand still or lack.

No kernel runs. A sentence that is right in one year only shows itself here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Item
from osw_stats.report.pages.functions import Functions
from osw_stats.report.pages.render import fill
from osw_stats.report.pages.sections import told
from osw_stats.report.pages.source import read_page
from osw_stats.report.pages.values import neutral, printed, verdicts
from osw_stats.report.sentences import parse_year
from osw_stats.report.unpublished import KIND
from osw_stats.results.collected import Results
from osw_stats.vocabulary.numbers import Absent, Fact, Number

T = TypeVar("T")
NO_YEAR = "2099"


@dataclass(frozen=True)
class World:
    """Results as they could be: what the world is called, and what in it is not as it was."""

    name: str
    results: Results
    changed: dict[str, str] = field(default_factory=dict)


def worlds(results: Results) -> Iterator[World]:
    """Yield the worlds of one run: as it is first; then mirrored, each change in every state, counts, absences.

    A change is a number that is held against an earlier period; any other with a verdict gets those of its family.
    """
    yield World("as is", results)
    numbers = {n: v for n, v in results.numbers.items() if isinstance(v, Number)}
    yield _world("mirrored", results, {n: mirrored(v) for n, v in numbers.items() if v.before})
    for name, number in numbers.items():
        of_number = states(number) if number.before else judged(number) if number.verdict else ()
        for state, changed in of_number:
            if changed != number:
                yield _world(f"{name} {state}", results, {name: changed})
    counts = [
        n
        for n, v in results.numbers.items()
        if isinstance(v, Fact) and isinstance(v.value, int) and not parse_year(v.value)
    ]
    for count in (0, 1):
        yield _world(f"counts are {count}", results, {n: Fact(count) for n in counts})
    names = list(chain(results.numbers, results.tables, results.figures))
    yield _without("all absent", results, names)
    yield _without("half absent", results, names[::2])
    yield _without("the other half absent", results, names[1::2])


def mirrored(number: Number) -> Number:
    """Return a change with its direction turned round, limits included."""

    def turned(value: float | None) -> float | None:
        if value is None:
            return None
        return -value if neutral(number) == 0 else 1 / value if value else value

    return replace(
        number, value=turned(number.value) or 0.0, lower=turned(number.upper), upper=turned(number.lower)
    )


def states(number: Number) -> Iterator[tuple[str, Number]]:
    """Yield a change as a rise, a fall and none, with every verdict that goes with it."""
    size = max(abs(printed(number) - neutral(number)), 1.0)
    middle = neutral(number)
    for state, value in (("rises", middle + size), ("falls", middle - size / (1 if middle == 0 else 1 + size)),
                         ("is unchanged", middle)):  # fmt: skip
        for key, shown in _verdicts_of(number).items():
            holds = shown.get("holds", "")
            if state == "is unchanged" and holds == "change":
                continue
            half = abs(value - middle) * (0.5 if holds == "change" else 1.5) or size
            limits = (None, None) if number.lower is None else (value - half, value + half)
            made = replace(number, value=value, lower=limits[0], upper=limits[1], verdict=key)
            yield f"{state}{', ' if key else ''}{key}", made


def judged(number: Number) -> Iterator[tuple[str, Number]]:
    """Yield a number with every verdict of its family."""
    for key in _verdicts_of(number):
        yield f"is {key}", replace(number, verdict=key)


def _verdicts_of(number: Number) -> dict[str, dict[str, str]]:
    """Return the verdicts that the analysis could have given instead: those of the same family."""
    own = verdicts().get(number.verdict, {})
    if not own.get("family"):
        return {number.verdict: own}
    return {k: v for k, v in verdicts().items() if v.get("family") == own["family"]}


def _world(name: str, results: Results, changed: dict[str, Any]) -> World:
    told = {n: f"{_short(results.numbers[n])} -> {_short(v)}" for n, v in changed.items()}
    return World(name, replace(results, numbers=results.numbers | changed), told)


def _short(value: Number | Fact) -> str:
    if isinstance(value, Fact):
        return str(value.value)
    limits = f" ({value.lower:.4g} to {value.upper:.4g})" if None not in (value.lower, value.upper) else ""
    return f"{value.value:.4g}{limits}{' ' if value.verdict else ''}{value.verdict}"


def _without(name: str, results: Results, gone: list[str]) -> World:
    lost = {n: _lost(results, n) for n in gone}

    def left(of: dict[str, T]) -> dict[str, T]:
        return {n: v for n, v in of.items() if n not in lost}

    made = replace(
        results, absent=results.absent | lost,
        numbers=left(results.numbers), tables=left(results.tables), figures=left(results.figures),
    )  # fmt: skip
    return World(name, made, dict.fromkeys(lost, "absent"))


def _lost(results: Results, name: str) -> Absent:
    """Return the absence of a result, for lack of its series in a year of which nothing is there."""
    value = results.numbers.get(name)
    if isinstance(value, Number):
        series_id = value.observations[0].partition("/")[0]
        wanted = {"series_id": series_id, "time_period": NO_YEAR}
        return Absent("not_published", "tried out", series_id, (wanted,))
    return Absent("not_estimable", "tried out")


class _Blocks(Functions):
    """Blocks that are named and not made: what is tried out is prose."""

    def __call__(self, function: str, *given: Any) -> list[Item] | Absent:
        name = str(given[0]) if given else function
        if function in ("table", "figure", "what_if") and name in self.results.absent:
            return self.results.absent[name]
        return self._item("table" if function == "extract" else function, name, f"[{function} {name}]")


def sentences(root: Path, name: str, language: str, results: Results, tables: Tables) -> dict[str, str]:
    """Return the paragraphs of a page by name, reasons for what is absent among them; tables and charts unmade.

    Raises
    ------
    InputError
        If the page cannot be filled in.
    """
    source = read_page(root, name, language)
    text = fill(source, results, language)
    blocks = _Blocks(results, tables, language)
    parts = told(text, results, tables, language, source.file, blocks)
    found: dict[str, str] = {}
    for at, part in enumerate(p for p in parts if isinstance(p, Item) and p.kind in ("sentence", KIND)):
        key = part.name if part.name not in found else f"{part.name}-{at}"
        found[key] = part.facts["text"]
    return found

"""A page in other worlds: made from numbers alone, to test its prose where figures fall, stay equal or are missing.

No kernel runs. This exposes a sentence that is right in one year only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from osw_stats.data.edition import Tables
from osw_stats.meaning.numbers import Absent, Fact, Number
from osw_stats.publish.contents import UNPUBLISHED, Item, Page, items
from osw_stats.publish.pages.functions import Functions
from osw_stats.publish.pages.render import fill
from osw_stats.publish.pages.sections import parts_of_page
from osw_stats.publish.pages.source import read_page
from osw_stats.publish.pages.values import VERDICTS, is_count, neutral, printed
from osw_stats.results.collected import Results


@dataclass(frozen=True)
class World:
    """Results as they could be: the name of the world, and its differences from the real one."""

    name: str
    results: Results
    changed: dict[str, str] = field(default_factory=dict)


def worlds(results: Results) -> Iterator[World]:
    """Yield the worlds of one run: first as it is; then mirrored, each change in every state, counts, absences."""
    # A change is a number compared with an earlier period; any other with a verdict gets those of its family.
    yield World("as is", results)
    numbers = {n: v for n, v in results.numbers.items() if isinstance(v, Number)}
    facts = {n: v.value for n, v in results.numbers.items() if isinstance(v, Fact)}
    yield _world("mirrored", results, {n: mirrored(v) for n, v in numbers.items() if v.before})
    for name, number in numbers.items():
        for state, other in states(number):
            if other != number:
                yield _world(f"{name} {state}", results, {name: other})
    counts = [n for n, value in facts.items() if is_count(value)]
    for count in (0, 1):
        yield _world(f"counts are {count}", results, {n: Fact(count) for n in counts})
    names = [*results.numbers, *results.tables, *results.figures]
    yield _without("all absent", results, names)
    yield _without("half absent", results, names[::2])
    yield _without("the other half absent", results, names[1::2])


def mirrored(number: Number) -> Number:
    """Return a change with its direction reversed, limits included."""

    def turned(value: float) -> float:
        return value and (-value if neutral(number) == 0 else 1 / value)

    upper, lower = (None if limit is None else turned(limit) for limit in (number.lower, number.upper))
    return replace(number, value=turned(number.value), lower=lower, upper=upper)


def states(number: Number) -> Iterator[tuple[str, Number]]:
    """Yield a change as a rise, a fall and none, with every matching verdict; any other number with its verdicts."""
    current = VERDICTS.get(number.verdict, {})
    name = current.get("family")
    family = {k: v for k, v in VERDICTS.items() if name and v.get("family") == name}
    if not number.before:
        yield from ((f"is {key}", replace(number, verdict=key)) for key in family)
        return
    middle = neutral(number)
    size = max(abs(printed(number) - middle), 1.0)
    fallen = middle - size if middle == 0 else middle - size / (1 + size)
    for state, value in (("rises", middle + size), ("falls", fallen), ("is unchanged", middle)):
        for key, about in (family or {number.verdict: current}).items():
            holds = about.get("holds", "")
            if state == "is unchanged" and holds == "change":
                continue
            half = abs(value - middle) * (0.5 if holds == "change" else 1.5) or size
            low, high = (None, None) if number.lower is None else (value - half, value + half)
            other = replace(number, value=value, lower=low, upper=high, verdict=key)
            yield f"{state}{', ' if key else ''}{key}", other


def _world(name: str, results: Results, changed: dict[str, Any]) -> World:
    def short(value: Number | Fact) -> str:
        if isinstance(value, Fact):
            return str(value.value)
        limited = None not in (value.lower, value.upper)
        limits = f"({value.lower:.4g} to {value.upper:.4g})" if limited else ""
        return " ".join(filter(None, (f"{value.value:.4g}", limits, value.verdict)))

    changes = {n: f"{short(results.numbers[n])} -> {short(v)}" for n, v in changed.items()}
    return World(name, replace(results, numbers=results.numbers | changed), changes)


def _without(name: str, results: Results, gone: list[str]) -> World:
    """Return the world without some results: numbers because their series has no figures in some year."""
    absent = dict(results.absent)
    for lost in gone:
        value = results.numbers.get(lost)
        if isinstance(value, Number):
            series_id = value.observations[0].partition("/")[0]
            wanted = {"series_id": series_id, "time_period": "2099"}
            absent[lost] = Absent("not_published", "tried out", series_id, (wanted,))
        else:
            absent[lost] = Absent("not_estimable", "tried out")
    left: dict[str, Any] = {}
    for kind in ("numbers", "tables", "figures"):
        left[kind] = {n: value for n, value in getattr(results, kind).items() if n not in gone}
    return World(name, replace(results, absent=absent, **left), dict.fromkeys(gone, "absent"))


class _Blocks(Functions):
    """Blocks that are named but not made, since only prose is tested."""

    def __call__(self, function: str, *arguments: Any) -> list[Item] | Absent:
        name = str(arguments[0]) if arguments else function
        if function in ("table", "figure", "picture", "what_if") and name in self.results.absent:
            return self.results.absent[name]
        return self._item(function, name, f"[{function} {name}]")


def sentences(root: Path, name: str, language: str, results: Results, tables: Tables) -> dict[str, str]:
    """Return the paragraphs of a page by name, including reasons for absent results; tables and charts are not made."""
    source = read_page(root, name, language)
    text = fill(source, results, language)
    parts = parts_of_page(text, results, tables, language, source.file, _Blocks(results, tables, language))
    texts: dict[str, str] = {}
    for number, item in enumerate(items(Page(name, language, parts, results), "sentence", UNPUBLISHED)):
        texts[item.name if item.name not in texts else f"{item.name}-{number}"] = item.facts["text"]
    return texts

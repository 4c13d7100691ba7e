"""One relation between figures: the claim, the recomputed value, and whether they agree."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from osw_stats.claims.book import DIRECTIONS
from osw_stats.claims.formulas import Interval
from osw_stats.claims.signs import DATA
from osw_stats.claims.verdicts import verdict
from osw_stats.wording.scan import Statement
from osw_stats.wording.words import DOWN, LITERAL, UP

COLUMNS = ["line", "start", "end", "text", "relation", "verdict", "reported", "recomputed", "sure", "formula"]
ANY_NOUN = re.compile(DATA["any_noun"])
_RATE = re.compile(DATA["rate"], re.I)
_ROLE = re.compile(r"[a-z_]+\d*")
_SLIGHTLY = re.compile(DATA["slightly"], re.I)
_WORK = {name: compile(text, name, "eval") for name, text in DATA["formulae"].items() if name != "sum"}
_OVER = {name: text.partition("/ ")[2] for name, text in DATA["formulae"].items()}  # the divisors
OUT_OF = re.compile(r"(?!1\s)[\d.,]+\D+(?!10\Z)\d[\d.,]+")  # "95 out of 304", not "3 op de 10"


@dataclass(frozen=True)
class Relation:
    """A claim about figures of one text; `parts` are the figures by role."""

    relation: str
    verdict: str  # as in a ledger
    reported: float | str
    recomputed: float
    claimed: Interval
    result: Interval
    sure: str  # high, medium or low
    why: str  # a key of `reasons` in relations.yml
    formula: str  # over the roles
    parts: tuple[tuple[str, Statement], ...]

    @property
    def line(self) -> int:
        """The line of its first figure."""
        return min(self._placed, key=lambda s: s.start).line

    @property
    def start(self) -> int:
        """Where its first figure begins."""
        return min(s.start for s in self._placed)

    @property
    def end(self) -> int:
        """Where its last figure ends."""
        return max(s.end for s in self._placed)

    @property
    def claim(self) -> tuple[object, ...]:
        """The kind of figure claimed, and the starts of the figures it is about."""
        return self.parts[0][1].kind, *(s.start for _, s in self.parts[1:])

    def written(self, names: Mapping[str, str]) -> str:
        """Return the formula with a name for each role."""
        return _ROLE.sub(lambda role: names.get(role[0], role[0]), self.formula)

    def row(self, text: str) -> dict[str, Any]:
        """Return the row of the table of relations, with its words in the text."""
        words = text[self.start : self.end]
        return {name: words if name == "text" else getattr(self, name) for name in COLUMNS}

    @property
    def _placed(self) -> tuple[Statement, ...]:
        """The figures that stand together; for a repeat the later one, in a table the total or the percentage."""
        alone = self.relation == "repeat" or self.why == "table"
        return tuple(s for _, s in (self.parts[:1] if alone else self.parts))


def relate(
    name: str,
    reported: float | str,
    claimed: Interval,
    inputs: Mapping[str, Statement],
    formula: str,
    *,
    parts: Mapping[str, Statement],
    furthest: float = 0,
) -> Relation | None:
    """Return a relation with its verdict; None without a result, with one too far from the claim, or where it is literally true."""
    text = DATA["formulae"][formula] if formula != "sum" else DATA["formulae"]["sum"].join(inputs)
    verdicts: list[tuple[str, Interval]] = []
    before: dict[str, Interval] = {}
    for sharp in dict.fromkeys((finest((*inputs.values(), *parts.values())), (math.inf,))):
        boxes = {role: interval(s, *sharp) for role, s in inputs.items()}
        if boxes == before:
            continue
        before = boxes
        result = _added(list(boxes.values())) if formula == "sum" else worked(formula, boxes)
        if result is None:
            return None
        result = size(result) if name in ("growth", "points") else result  # the word gives the direction
        verdicts.append((verdict(claimed, result), result))
    word, result = verdicts[0]
    furthest = furthest or DATA["furthest"].get(name, DATA["furthest"]["other"])
    sizes = sorted((abs(claimed.value), abs(result.value)))
    if math.isfinite(claimed.value) and word == "inconsistent" and sizes[1] > sizes[0] * furthest:
        return None
    sure = "high" if (word == "inconsistent") == (verdicts[-1][0] == "inconsistent") else "medium"
    why = name if sure == "high" else "counted"

    def fits(*, strict: bool) -> bool:
        read = _literal_interval(inputs["ratio"], result, strict=strict) if formula == "ratio" else result
        return verdict(_literal_interval(next(iter(parts.values())), claimed, strict=strict), read) != word

    if word == "inconsistent" and fits(strict=True):
        return None
    if word == "inconsistent" and fits(strict=False):
        sure, why = "low", "far"
    return Relation(
        name, word, reported, result.value, claimed, result, sure, why, text, tuple(parts.items())
    )


def alike(a: Statement, b: Statement, *, unlike: bool = False) -> bool:
    """Return whether two figures are of one kind and rate and, unless `unlike` is allowed, count the same thing."""
    units, rates = zip(*((s.unit or "").partition(" per ")[::2] for s in (a, b)), strict=True)
    if a.kind != b.kind or (a.kind != "count" and len(set(units)) > 1) or len(set(rates) - {""}) > 1:
        return False
    sizes = sorted(abs(size) for s in (a, b) if (size := s.lower if s.value is None else s.value))
    if len(sizes) == 2 and sizes[1] > sizes[0] * DATA["most_times"]:
        return False
    heads = {unit.split()[-1] for unit in units if unit.strip() and not ANY_NOUN.fullmatch(unit)}
    return unlike or len(heads) < 2 or not (a.value and b.value)


def growth(change: Statement, sign: str, unit: str, levels: Mapping[str, Statement]) -> Relation | None:
    """Return the relation of a change with its two levels: percent, times, points or a number."""
    parts = {"change": change, **levels}
    name = {"x": "times", "q": "points"}.get(sign, "growth")
    if name == "growth" and change.kind not in ("percent", "ratio"):
        name = "number"
    claimed = size(interval(change, 1.0))
    if name == "times" and change.rule == "exact" and claimed.value % 1 in (0, 0.5):
        step = DATA["factor_step"] * claimed.value
        claimed = replace(claimed, lower=claimed.value - step, upper=claimed.value + step)
    relation = "points" if name == "points" else "growth"
    result = relate(relation, claimed.value, claimed, levels, name, parts=parts)
    if unit == sign == "p" and (result is None or result.verdict == "inconsistent"):
        points = relate("points", claimed.value, claimed, levels, "points", parts=parts)
        if points and points.verdict != "inconsistent":
            result = relate(relation, claimed.value, claimed, levels, name, parts=parts, furthest=math.inf)
            return replace(result, relation="points", why="points") if result else None
    return result


def change(s: Statement, sign: str, unit: str, levels: Mapping[str, Statement], way: str) -> Relation | None:
    """Return the growth; the direction where the size fits and the stated direction does not."""
    result = growth(s, sign, unit, levels)
    if way in ("", "i") or result is None or result.verdict == "inconsistent":
        return result
    reverse = direction(way, levels["before"], levels["after"])
    return reverse if reverse and reverse.verdict == "inconsistent" else result


def direction(way: str, before: Statement, after: Statement) -> Relation | None:
    """Return whether the later figure is more or fewer, as the stated direction claims."""
    word = "more" if way in "UM" else "fewer"
    levels = {"before": before, "after": after}
    claimed = Interval(math.nan, *DIRECTIONS[word], False, False)
    return relate("direction", word, claimed, levels, "direction", parts=levels)


def share(percent: Statement, part: Statement, whole: Statement) -> Relation | None:
    """Return whether a percentage or fraction is the share of a part in its whole."""
    claimed, inputs = interval(percent), {"part": part, "whole": whole}
    return relate("share", claimed.value, claimed, inputs, "share", parts={"percent": percent, **inputs})


def ratio(percent: Statement, fraction: Statement) -> Relation | None:
    """Return whether a fraction equals the percentage next to it; with large numbers ("95 out of 304") it is a share."""
    name = "share" if OUT_OF.fullmatch(fraction.text) else "ratio"
    claimed, inputs = interval(percent), {"ratio": fraction}
    return relate(name, claimed.value, claimed, inputs, "ratio", parts={"percent": percent, **inputs})


def add_up(parts: Sequence[Statement], whole: Statement | None, kind: str) -> Relation | None:
    """Return whether parts add up; a list without a remainder is compared only with a total it nearly reaches.

    `kind`: "closed", "listed", "open", "loose" or "led" as in relations.yml; percentages that "split" one whole may not exceed it.
    """
    roles = {f"part_{n}": part for n, part in enumerate(parts, start=1)}
    if whole is None:
        claimed, named = Interval(100, 100, 100), roles
    else:
        named = {"whole": whole, **roles}
        claimed = interval(whole, *finest(named.values()))
        if any((part.lower or 0) > (whole.upper or 0) for part in parts):
            return None
    result = relate("sum", claimed.value, claimed, roles, "sum", parts=named)
    if result is None or result.verdict != "inconsistent":
        return result
    reach = result.recomputed / claimed.value if claimed.value else math.inf
    if kind in ("loose", "led"):
        many = kind == "led" or len(parts) > 2
        least, most = (DATA["least"][kind], DATA["most"]) if many else (1, 1 + DATA["near"])
        return replace(result, sure="medium", why="open_list") if least <= reach <= most else None
    if kind == "split":
        return replace(result, sure="medium") if 1 < reach <= 1.5 else None
    if whole is None and kind != "closed":
        near = -DATA["hundred"]["open"] <= reach - 1 <= DATA["hundred"][kind]  # below: a label left out
        return replace(result, sure="low", why="hundred") if near else None
    if not DATA["least"][kind] <= reach <= 1.5:
        return None
    return result if kind == "closed" or reach > 1 else replace(result, sure="medium", why="open_list")


def worked(formula: str, boxes: Mapping[str, Interval]) -> Interval | None:
    """Return the result of a formula, as `evaluate` does; None on division by zero or without a finite number.

    Each formula is monotonic in each input, so its extremes lie at corners (or the middle, where it is flat).
    """
    ends = [{(b.lower, b.lower_closed), (b.value, True), (b.upper, b.upper_closed)} for b in boxes.values()]
    over = boxes.get(_OVER[formula])
    if over and over.lower <= 0 <= over.upper:
        return None

    def work(values: Iterable[float]) -> float:
        return float(eval(_WORK[formula], {}, dict(zip(boxes, values, strict=True))))  # noqa: S307 - arithmetic of relations.yml

    points = [(work(x for x, _ in row), all(closed for _, closed in row)) for row in product(*ends)]
    if not all(math.isfinite(value) for value, _ in points):
        return None
    low, high = min(points)[0], max(points)[0]
    middle = work(box.value for box in boxes.values())
    return _rounded(middle, low, high, ((low, True) in points, (high, True) in points))


def _added(boxes: Sequence[Interval]) -> Interval:
    value, low, high = (math.fsum(getattr(row, end) for row in boxes) for end in ("value", "lower", "upper"))
    closed = [all(getattr(row, end) for row in boxes) for end in ("lower_closed", "upper_closed")]
    return _rounded(value, low, high, closed)


def _rounded(value: float, low: float, high: float, closed: Sequence[bool]) -> Interval:
    """Return an interval without floating-point noise, which is no difference."""
    value, low, high = (float(f"{end:.12g}") for end in (value, low, high))
    return Interval(value, low, high, closed[0], closed[1])


def size(interval: Interval) -> Interval:
    """Return the size of a change: a fall as a positive number."""
    turned = (-interval.upper, -interval.lower, interval.upper_closed, interval.lower_closed)
    return interval if interval.value >= 0 else Interval(-interval.value, *turned)


def _plain(s: Statement) -> bool:
    """Return whether a count is printed in digits alone, without a rounding word."""
    counted = s.kind in DATA["counted"] and s.rule in ("exact", "none") and s.value is not None
    small = s.text.isalpha() and (s.value or 0) < DATA["smallest"]  # "ten trustees"
    worded = not small and re.search(r"[^\W\d]", s.text.partition(" ")[0] if s.kind != "count" else s.text)
    return counted and not worded and not _RATE.search(s.unit or "")


def _way(s: Statement, *, strict: bool = False) -> int:
    """Return the side of its value that the words put a figure on: 1 above, -1 below; `strict`: at any distance."""
    hedge = (s.rule or "").removesuffix("_een_op_k")
    near = strict and (hedge not in LITERAL or _SLIGHTLY.match(s.text))
    return 0 if near else (hedge in UP) - (hedge in DOWN)


def _literal_interval(s: Statement, size: Interval, *, strict: bool) -> Interval:
    """Return the interval of a figure, unbounded on the side its words point to."""
    way = _way(s, strict=strict) if math.isclose(abs(s.value or 0), abs(size.value)) else 0
    return replace(size, lower=0 if way < 0 else size.lower, upper=math.inf if way > 0 else size.upper)


def finest(figures: Iterable[Statement]) -> tuple[float]:
    """Return the finest digit that one of these counts shows: counts compared with each other are all read to it."""
    plain = [s for s in figures if _plain(s)]
    large = [s for s in plain if s.rule != "exact" and (s.upper or 0) >= DATA["counted_below"]]
    steps = ((s.upper or 0) - (s.lower or 0) for s in large)
    return (1.0 if len(large) < len(plain) else min(steps, default=math.inf),)


def interval(s: Statement, step: float = math.inf) -> Interval:
    """Return the interval of a figure; a bare count below a thousand, or read to the finest digit, is exact."""
    low, high = s.lower or 0.0, s.upper or 0.0
    if s.rule == "m_op_k" and s.value is not None and OUT_OF.fullmatch(s.text):
        return Interval(s.value, s.value, s.value)
    value = (low + high) / 2 if s.value is None else s.value
    if _way(s) and s.kind == "ratio" and s.unit == "percent" and not OUT_OF.search(s.text):
        reach = min(DATA["nearly"], value / 2)
        low, high = (value, min(value + reach, 100)) if _way(s) > 0 else (value - reach, value)
    if low == high == value and value % 1 == 0 and _RATE.search(s.unit or ""):
        return Interval(value, value - 0.5, value + 0.5, upper_closed=False)
    if math.isfinite(step) and _plain(s):
        if step <= 1 or value < DATA["counted_below"]:
            return Interval(value, value, value)
        if step < high - low:
            return Interval(value, value - step / 2, value + step / 2, upper_closed=False)
    return Interval(value, low, high, bool(s.lower_closed), bool(s.upper_closed))

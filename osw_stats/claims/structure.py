"""Relations that follow from how figures stand together, whatever the words between them.

For every percentage, fraction or multiple that no pattern has placed, all pairs of figures near it are tried: what fits is told
when they stand together at all, what does not fit only when the sentence ties them (0 to 3, the weaker of two ties counts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, permutations
from typing import NamedTuple

from osw_stats.claims.relation import Relation, add_up, alike, direction, growth, interval, relate, share
from osw_stats.claims.signs import DATA, YEAR, Block
from osw_stats.wording.scan import Statement

_FIGURE, _LEVEL, _COUNT = "npqrxefdb", "npefdb", "nefb"
_NEAR = 6  # figures on each side that are tried
_TIES = {name: re.compile(pattern) for name, pattern in DATA["ties"].items()}


class Told(NamedTuple):
    """A relation that may be told, and how firmly the sentence ties its figures."""

    tie: int
    relation: Relation


class Reading:
    """The signs of a block, and where its figures and sentences are."""

    def __init__(self, block: Block, signs: str) -> None:
        """Take a duration before "ago" or "later" for a time, not for a figure."""
        self.block = block
        self.signs = re.sub("d(?=_?([ykl]))", r"\1", signs)
        self.figures = [at for at in block.figures if self.signs[at] in _FIGURE]
        self.sentence = {at: self.signs.count("|", 0, at) for at in self.figures}

    def places(self, told: list[Relation]) -> set[int]:
        """Return where the figures of some relations stand."""
        starts = {s.start for relation in told for _, s in relation.parts}
        return {at for at in self.figures if self.block.figures[at].start in starts}

    def near(self, at: int, kinds: str) -> list[int]:
        """Return the figures of these kinds in its sentence and those beside it."""
        place = self.figures.index(at)
        around = self.figures[max(0, place - _NEAR) : place + _NEAR + 1]
        return [
            i
            for i in around
            if i != at and self.signs[i] in kinds and -2 <= self.sentence[i] - self.sentence[at] <= 1
        ]

    def tied(self, name: str, start: int, end: int) -> bool:
        """Return whether the signs between two places are a tie of this name."""
        return bool(_TIES[name].search(self.signs[start:end]))

    def way(self, at: int) -> str:
        """Return which way a figure says something changed, empty when no word of change is tied to it."""
        text = self.block.figures[at].text
        if text[:1] in "+-−–":
            return "U" if text[0] == "+" else "D"
        if self.signs[at - 1] == "T" or re.match("F._{0,3}[Ty]", self.signs[at - 1 : at + 5]):
            return ""  # "from 24 to 30": what was before and after
        if self.signs[at] in "nefd":
            found = _TIES["number"].match(self.signs, max(0, at - 2), at + 4)
            return found[1] or found[2] if found else ""
        after = _TIES["change_after"].match(self.signs, at + 1)
        before = _TIES["change_before"].search(self.signs[max(0, at - 10) : at])
        return (after or before or {1: ""})[1]


def structural(block: Block, signs: str, plain: list[Relation]) -> Iterator[Relation]:
    """Yield the relations of a block that no pattern has found; `plain` are those of patterns."""
    read = Reading(block, signs)
    used = read.places(plain)
    changed = read.places([r for r in plain if r.relation in ("growth", "points", "direction")])
    for at in read.figures:
        if at in used or signs[at] not in _FIGURE:
            continue
        told = [*_growths(read, at), *_shares(read, at), *_ratios(read, at)]
        fits = [t for t in told if t.tie >= 1 and t.relation.verdict != "inconsistent"]
        fails = [t for t in told if t.tie >= 2 and t.relation.verdict == "inconsistent"]
        best = max(fits or fails, key=lambda t: t.tie, default=None)
        if best:
            used |= read.places([best.relation])
            if best.relation.relation in ("growth", "points"):
                changed |= read.places([best.relation])
            yield best.relation
    for found in _directions(read, used):
        changed |= read.places([found])
        yield found
    yield from _sums(read, changed)


def _growths(read: Reading, at: int) -> Iterator[Told]:
    sign, way = read.signs[at], read.way(at)
    if not way and sign not in "qx" or sign == "b":
        return
    levels = [i for i in read.near(at, {"q": "p"}.get(sign, _LEVEL)) if not read.way(i)]
    if sign in "nefd":
        levels = [i for i in levels if alike(read.block.figures[at], read.block.figures[i], unlike=True)]
    for one, other in combinations(levels, 2):
        tie, before, after, _ = _pair(read, one, other, way)
        if tie:
            two = {"before": read.block.figures[before], "after": read.block.figures[after]}
            found = growth(read.block.figures[at], sign, read.signs[after], two)
            if found:
                yield Told(min(tie, _beside(read, at, one, other)), found)


def _pair(read: Reading, one: int, other: int, way: str) -> tuple[int, int, int, bool]:
    """Return how firmly two figures are one thing at two times, which was before, and whether the words tell that."""
    signs, figures = read.signs, read.block.figures
    a, b = figures[one], figures[other]
    between = signs[one + 1 : other]
    others = sum(sign in _FIGURE for sign in between)
    if not alike(a, b, unlike=True) or others > 2 or between.count("|") > 1:
        return 0, one, other, False
    if signs[one - 1] in "FJ" and signs[other - 1] == "T" or _TIES["from_to"].search(between):
        return 3, one, other, True
    if signs[one - 1] == "T" and signs[other - 1] == "F":
        return 3, other, one, True
    if _TIES["against"].search(between):
        return 3, other, one, True
    if _TIES["against"].search(signs[max(0, one - 10) : one]):
        return 3, one, other, True
    then, now = _when(read, one), _when(read, other)
    if then and now and then != now:
        return (2, one, other, True) if then < now else (2, other, one, True)
    same = "|" not in between and alike(a, b)
    falls = (a.value or 0) > (b.value or 0)
    first, last = (one, other) if falls == (way in "DL" and bool(way)) else (other, one)
    return (2 if then or now else 1) if same or then or now else 0, first, last, False


def _when(read: Reading, at: int) -> float:
    """Return when a figure was: its year, or a year before all or after all; 0 where nothing tells."""
    signs, figures = read.signs, read.block.figures
    left = re.search(r"[^npqrxefd|]*\Z", signs[max(0, at - 12) : at])
    right = re.match(r"[^npqrxefd|CZA]{0,6}", signs[at + 1 : at + 7])
    spans = [(at - len(left[0]), at)] if left else []
    spans += [(at + 1, at + 1 + len(right[0]))] if right else []
    for start, end in reversed(spans) if right and re.match("[_J]{0,3}[ykl]", right[0]) else spans:
        for i in range(start, end):
            if i in figures and (years := YEAR.findall(figures[i].text)):
                return float(max(years))
        found = re.search("yw|[ykl]", signs[start:end])
        if found:
            return {"k": 1.0, "y": 1.0, "l": 9e3, "yw": 9e3}[found[0]]
    return 0.0


def _beside(read: Reading, at: int, one: int, other: int) -> int:
    """Return how firmly a change is tied to a pair of figures."""
    if one < at < other:
        before, after = read.signs[one:at], read.signs[at:other]
        if read.tied("back", one + 1, at) or _TIES["than"].search(after):
            return 1 if "Z" in before and "E" not in before else 3
        return 1 if set("|Z") & set(before + after) else 2
    first, last = (other, at) if at > other else (at, one)
    between = read.signs[first + 1 : last]
    if between.count("|") > 1 or "t" in between:
        return 0
    alone = sum(sign in _FIGURE for sign in read.signs) == 3
    if at > other and read.tied("back", first + 1, last):
        return 3
    if _TIES["subject"].search(between):
        return 0
    if at > other:
        return 2 if alone or "|" not in between and "Z" not in between else 1
    if set("|Z") & set(between):
        return 2 if alone else 1
    return 2 if set("CKTXFJ") & set(between + read.signs[one - 1]) else 0  # "3 times higher at 16 than at 12"


def _directions(read: Reading, used: set[int]) -> Iterator[Relation]:
    """Yield a word of direction beside two figures of which the words tell which was before."""
    for one, other in zip(read.figures, read.figures[1:], strict=False):
        if {one, other} & used or read.signs[one] not in "npefd" or read.sentence[other] - read.sentence[one] > 1:
            continue
        if any(read.way(at) and len(read.near(at, read.signs[at])) > 1 for at in (one, other)):
            continue
        tie, before, after, told = _pair(read, one, other, "")
        start = read.signs.rfind("|", 0, one) + 1
        end = read.signs.find("|", other)
        ways = {"U" if way in "UM" else "D" for way in re.findall("[UDML]", read.signs[start : end if end > 0 else None])}
        if tie >= 2 and told and len(ways) == 1 and alike(read.block.figures[one], read.block.figures[other]):
            found = direction(ways.pop(), read.block.figures[before], read.block.figures[after])
            if found:
                used |= {one, other}
                yield found


def _shares(read: Reading, at: int) -> Iterator[Told]:
    if read.signs[at] not in "pr":
        return
    figures = read.block.figures
    for part, whole in permutations(read.near(at, _COUNT), 2):
        a, b = figures[part], figures[whole]
        if a.kind != b.kind or (a.kind == "money" and a.unit != b.unit) or (a.value or 0) > (b.value or 0):
            continue
        tie = min(_part_of(read, part, whole, at), _apposed(read, at, part, whole))
        if tie and (found := share(figures[at], a, b)):
            far = found.verdict == "inconsistent" and tie < 3 and not 0.4 < found.recomputed / (found.claimed.value or 1) < 2.5
            yield Told(1 if far else tie, found)


def _part_of(read: Reading, part: int, whole: int, at: int) -> int:
    """Return how firmly one count is a part of another."""
    first, last = sorted((part, whole))
    between = read.signs[first + 1 : last]
    if whole < part and _TIES["parted"].match(between) and "|" not in between:
        return 3
    if sum(sign in _FIGURE for i, sign in enumerate(between, first + 1) if i != at) or between.count("|") > 1:
        return 0
    if at < whole < part and _TIES["of"].fullmatch(read.signs[at + 1 : whole]):
        return 3
    if part < whole:
        if _TIES["of"].search(between):
            return 3
        return 1 if "t" not in between else 0
    if read.tied("among", whole + 1, part) or read.tied("among_after", part + 1, part + 8):
        return 3
    if _TIES["of"].search(read.signs[max(0, whole - 3) : whole]) and not set("|Zt") & set(between):
        return 3
    counts = [i for i in read.near(at, _COUNT) if abs(read.sentence[i] - read.sentence[part]) <= 1]
    return 2 if len(counts) == 2 and "t" not in between else 1


def _apposed(read: Reading, at: int, part: int, whole: int) -> int:
    """Return how firmly a percentage is that of these two."""
    signs = read.signs
    first, last = sorted((part, whole))
    base = _TIES["of"].match(signs, at + 1)
    if base and whole != min((i for i in read.figures if i > at), default=-1) and not _TIES["own"].match(signs, at + 1):
        return 0
    if read.way(at) and not read.tied("back", max(0, at - 8), at):
        return 0
    if at > last:
        between = signs[last + 1 : at]
    elif at < first:
        between = signs[at + 1 : first]
        if base and first == whole:
            between = signs[whole + 1 : part]
            told = _TIES["bracket"].fullmatch(between) or re.search("[CK]_{0,2}E?_{0,2}\\Z", between)
            return 3 if told and _TIES["end_of_part"].match(signs, part + 1) else 1
        return 3 if first == part and _TIES["bracket"].fullmatch(between) else 2 if re.search("[KCJ]", between) else 1
    elif part > at:
        return 3 if _TIES["bracket"].fullmatch(signs[at + 1 : part]) else 2 if re.match("[_YP]?[CJKE]", signs[at + 1 : part]) else 1
    else:
        between = signs[part + 1 : at]
    if set("t") & set(between) or between.count("|") > 1:
        return 0
    if _TIES["bracket"].fullmatch(between) or read.tied("back", at - len(between), at):
        return 3
    ends = _TIES["ends"].match(signs, at + 1)
    return 3 if ends and _TIES["comma"].search(between) else 2 if ends and "|" in between else 1


def _ratios(read: Reading, at: int) -> Iterator[Told]:
    """Yield a fraction beside a percentage that says the same."""
    if read.signs[at] not in "pr":
        return
    for other in read.near(at, "r" if read.signs[at] == "p" else "p"):
        first, last = sorted((at, other))
        between = read.signs[first + 1 : last]
        if any(sign in _FIGURE for sign in between) or "t" in between:
            continue
        tied = _TIES["bracket"].fullmatch(between) or read.tied("back", first + 1, last)
        ends = _TIES["ends"].match(read.signs, last + 1)
        tie = 3 if tied else 2 if ends and _TIES["comma"].search(between) else 0
        if tie:
            figures = read.block.figures
            ratio, percent = (figures[i] for i in ((at, other) if read.signs[at] == "r" else (other, at)))
            claimed = interval(percent)
            found = relate("ratio", claimed.value, claimed, {"ratio": ratio}, "ratio", parts={"percent": percent, "ratio": ratio})
            if found:
                yield Told(tie, found)


def _sums(read: Reading, changed: set[int]) -> Iterator[Relation]:
    """Yield the lists of a sentence that reach a figure beside them, or a hundred percent."""
    rows: dict[tuple[int, str], list[int]] = {}
    for at in read.figures:
        if at not in changed and (sign := read.signs[at]) in "nefp":
            rows.setdefault((read.sentence[at], sign), []).append(at)
    for (_, sign), row in rows.items():
        if sign == "p":
            yield from _hundred(read, row)
        elif len(row) > 2:
            yield from _total(read, row)


def _hundred(read: Reading, row: list[int]) -> Iterator[Relation]:
    row = [at for at in row if not read.way(at)]
    if len(row) < 3 or not _listed(read, row) or any(_TIES["of"].match(read.signs, at + 1) for at in row[1:]):
        return
    if found := add_up([read.block.figures[at] for at in row], None, "listed" if "A" in read.signs[row[-2] : row[-1]] else "open"):
        yield found


def _total(read: Reading, row: list[int]) -> Iterator[Relation]:
    figures, signs = read.block.figures, read.signs
    for whole, parts in ((row[0], row[1:]), (row[-1], row[:-1])):
        if not _listed(read, parts):
            continue
        last = "A" in signs[parts[-2] : parts[-1]]
        if whole < parts[0]:
            between = signs[whole + 1 : parts[0]]
            names = signs[parts[0] : parts[-1] + 4]
            sexes = "Y" in names and "P" in names and "C" in between
            tie = sexes or re.search("[KWJE]", between) or (signs[whole - 1] in "FO" and last and len(parts) > 2)
            how = "listed" if last and (sexes or re.search("[KWJE]", between)) else "loose" if tie else "open"
        else:
            tie = "S" in signs[whole + 1 : whole + 3] or re.search("[SE]", signs[parts[-1] + 1 : whole])
            how = "closed"
        found = add_up([figures[at] for at in parts], figures[whole], how)
        if found and found.verdict == "inconsistent" and not tie:
            continue
        if found and (tie or len(parts) > 2 or found.claimed.value >= DATA["smallest"]):
            yield found
            return


def _listed(read: Reading, row: list[int]) -> bool:
    """Return whether figures stand in one list, with nothing that compares them."""
    between = [read.signs[a + 1 : b] for a, b in zip(row, row[1:], strict=False)]
    return all(re.search("[ACZ]", gap) and not re.search("[TNUDMLXtykl]", gap) for gap in between)

"""Relations that follow from how figures stand together, whatever the words between them.

For every percentage, fraction, multiple or change that no pattern has placed, the pairs of figures near it are tried: what fits
is told when they stand together at all (tie 1), what does not fit only when the sentence ties them (tie 2 or 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise, permutations
from typing import NamedTuple

from osw_stats.claims.relation import Relation, add_up, alike, direction, growth, ratio, share
from osw_stats.claims.signs import DATA, YEAR, Block

_FIGURE, _LEVEL, _COUNT = "npqrxefdb", "npefdb", "nefb"
_NEAR = 6  # figures on each side that are tried
_TIES = {name: re.compile(pattern) for name, pattern in DATA["ties"].items()}


class Told(NamedTuple):
    """A relation that may be told, and how firmly the sentence ties its figures."""

    tie: int
    relation: Relation


class Pair(NamedTuple):
    """Two figures of one thing, how firmly they are tied, and whether the words tell which was before."""

    tie: int
    before: int
    after: int
    ordered: bool


class Reading:
    """The signs of a block, and where its figures and sentences are."""

    def __init__(self, block: Block, signs: str) -> None:
        """Take a duration before "ago" or "later" for a time, not for a figure."""
        self.figure = block.figures
        self.signs = re.sub("d(?=_?([ykl]))", r"\1", signs)
        self.places = [at for at in block.figures if self.signs[at] in _FIGURE]
        self.rank = {at: rank for rank, at in enumerate(self.places)}
        self.sentence = {at: self.signs.count("|", 0, at) for at in self.places}

    def of(self, told: list[Relation]) -> set[int]:
        """Return where the figures of some relations stand."""
        starts = {s.start for relation in told for _, s in relation.parts}
        return {at for at in self.places if self.figure[at].start in starts}

    def near(self, at: int, kinds: str) -> list[int]:
        """Return the figures of these kinds in its sentence, the two before it and the next."""
        around = self.places[max(0, self.rank[at] - _NEAR) : self.rank[at] + _NEAR + 1]
        here = self.sentence[at]
        return [i for i in around if i != at and self.signs[i] in kinds and -2 <= self.sentence[i] - here <= 1]

    def crossed(self, start: int, end: int, but: int = -1) -> int:
        """Return how many figures stand between two places."""
        return sum(start < i < end and i != but for i in self.places)

    def way(self, at: int) -> str:
        """Return which way a figure says something changed, empty when no word of change is tied to it."""
        text, signs = self.figure[at].text, self.signs
        if text[:1] in "+-−–":
            return "U" if text[0] == "+" else "D"
        if signs[at - 1] == "T" or _TIES["level"].match(signs, at - 1):
            return ""  # "from 24 to 30": what was before and after
        kind = "number" if signs[at] in "nefdb" else "percent"
        before = _TIES[f"{kind}_before"].search(signs[max(0, at - 10) : at])
        after = _TIES[f"{kind}_after"].match(signs, at + 1)
        found = after or before
        return found[found.lastindex or 0] if found else ""


def structural(block: Block, signs: str, plain: list[Relation]) -> Iterator[Relation]:
    """Yield the relations of a block that no pattern has found; `plain` are those of patterns."""
    read = Reading(block, signs)
    used = read.of(plain)
    changed = read.of([r for r in plain if r.relation in ("growth", "points", "direction")])
    for at in read.places:
        if at in used:
            continue
        told = [*_growths(read, at), *_shares(read, at), *_ratios(read, at)]
        fits = [t for t in told if t.tie >= 1 and t.relation.verdict != "inconsistent"]
        fails = [t for t in told if t.tie >= 2 and t.relation.verdict == "inconsistent"]
        if best := max(fits or fails, key=lambda t: t.tie, default=None):
            used |= (places := read.of([best.relation]))
            changed |= places if best.relation.relation in ("growth", "points") else set()
            yield best.relation
    for found in _directions(read, used):
        changed |= read.of([found])
        yield found
    yield from _sums(read, changed)


def _growths(read: Reading, at: int) -> Iterator[Told]:
    sign, way = read.signs[at], read.way(at)
    if sign == "b" or (not way and sign not in "qx"):
        return
    levels = [i for i in read.near(at, {"q": "p"}.get(sign, _LEVEL)) if not read.way(i)]
    if sign in "nefd":
        levels = [i for i in levels if alike(read.figure[at], read.figure[i], unlike=True)]
    alone = len(levels) == 2 and alike(*(read.figure[i] for i in levels))  # no other figures can be meant
    for one, other in combinations(levels, 2):
        pair = _pair(read, one, other, "X" if sign == "x" else way)
        simple = alone and not set("AZ|") & set(read.signs[one:other])
        tie = min(2 if simple and pair.tie == 1 else pair.tie, _beside(read, at, one, other))
        if tie:
            two = {"before": read.figure[pair.before], "after": read.figure[pair.after]}
            if found := growth(read.figure[at], sign, read.signs[pair.after], two):
                yield Told(tie, found)


def _pair(read: Reading, one: int, other: int, way: str = "") -> Pair:
    """Return two figures, the first of them first, as one thing at two times."""
    signs, a, b = read.signs, read.figure[one], read.figure[other]
    between = signs[one + 1 : other]
    if not alike(a, b, unlike=True) or read.crossed(one, other) > 2 or _TIES["two_things"].search(between):
        return Pair(0, one, other, False)
    if _TIES["to"].search(between) and (signs[one - 1] in "FJ" or between == "T" or _TIES["went_to"].search(between)):
        return Pair(3, one, other, True)
    then, now = _when(read, one), _when(read, other)
    if then is not None and now is not None and then != now and not (1 in (then, now) and 1 < max(then, now) < 9000):
        return Pair(2, one, other, True) if then < now else Pair(2, other, one, True)
    against = _TIES["as" if way == "X" else "against"].search(between)
    if against or _TIES["from"].search(between) or (signs[one - 1] == "T" and signs[other - 1] == "F"):
        return Pair(3, other, one, True)
    if "Z" not in between and _TIES["against_first"].search(signs[max(0, one - 10) : one]):
        return Pair(3, one, other, True)
    falls = (a.value or 0) > (b.value or 0)
    first, last = (one, other) if falls == (way in ("D", "L")) else (other, one)
    tie = 2 if then is not None or now is not None else int("|" not in between and alike(a, b))
    return Pair(tie, first, last, False)


def _when(read: Reading, at: int) -> float | None:
    """Return when a figure was: its year, or before or after all years; None where nothing tells."""
    after = _TIES["when_after"].match(read.signs, at + 1)
    before = _TIES["when_before"].search(read.signs[max(0, at - 12) : at])
    spans = [(at - len(before[0]), at)] if before else []
    if after:
        spans.insert(0 if _TIES["when_next"].match(after[0]) else 1, (at + 1, at + 1 + len(after[0])))
    for start, end in spans:
        for i in range(start, end):
            if i in read.figure and (years := YEAR.findall(read.figure[i].text)):
                return float(max(years))
        if found := re.search("yw|[ykl]", read.signs[start:end]):
            return DATA["when"][found[0]]
    return None


def _beside(read: Reading, at: int, one: int, other: int) -> int:
    """Return how firmly a change is tied to a pair of figures."""
    signs = read.signs
    if one < at < other:
        before, after = signs[one:at], signs[at:other]
        if _TIES["back"].search(before) or _TIES["than"].match(after):
            return 1 if "Z" in before and "E" not in before else 3
        return 1 if set("|Z") & set(before + after) else 2
    between = signs[other + 1 : at] if at > other else signs[at + 1 : one]
    if between.count("|") > 1 or "t" in between or (at > other and _TIES["unlike"].match(signs, at + 1)):
        return 0
    if at > other and _TIES["back"].search(between):
        return 3
    if _TIES["subject"].search(between):
        return 0
    if set("|Z") & set(between):
        return 2 if at > other and len(read.places) == 3 else 1
    told = at > other or set("CKTXFJ") & set(between + signs[one - 1])
    return 2 if told else 0  # "3 times higher at 16 than at 12"


def _directions(read: Reading, used: set[int]) -> Iterator[Relation]:
    """Yield a word of direction beside two figures of which the words tell which was before."""
    for one, other in pairwise(read.places):
        if {one, other} & used or read.signs[one] not in "npefd" or read.sentence[other] - read.sentence[one] > 1:
            continue
        pair = _pair(read, one, other)
        start, end = read.signs.rfind("|", 0, one) + 1, read.signs.find("|", other) % (len(read.signs) + 1)
        said = re.findall("[UDML]", read.signs[start:end])
        if not said and start:  # "Trust has fallen. In 2019 71 percent ..."
            before = read.signs[read.signs.rfind("|", 0, start - 1) + 1 : start]
            said = re.findall("[UDML]", before) if not set(_FIGURE) & set(before) else []
        ways = {"U" if way in "UM" else "D" for way in said}
        spare = any(start <= at < end and at not in used and read.signs[at] != "d" and read.way(at) for at in read.places)
        if pair.tie >= 2 and pair.ordered and not spare and len(ways) == 1:
            before, after = read.figure[pair.before], read.figure[pair.after]
            if alike(before, after, unlike=pair.tie == 3) and (found := direction(ways.pop(), before, after)):
                used |= {one, other}
                yield found


def _shares(read: Reading, at: int) -> Iterator[Told]:
    if read.signs[at] not in "pr":
        return
    for part, whole in permutations(read.near(at, _COUNT), 2):
        a, b = read.figure[part], read.figure[whole]
        if a.kind != b.kind or (a.kind == "money" and a.unit != b.unit) or (a.value or 0) > (b.value or 0):
            continue
        tie = min(_part_of(read, part, whole, at), _apposed(read, at, part, whole))
        if tie and (found := share(read.figure[at], a, b)):
            wrong = found.verdict == "inconsistent"
            far = wrong and tie < 3 and not 0.4 < found.recomputed / (found.claimed.value or 1) < 2.5
            yield Told(1 if far else tie, found)


def _part_of(read: Reading, part: int, whole: int, at: int) -> int:
    """Return how firmly one count is a part of another."""
    signs = read.signs
    first, last = sorted((part, whole))
    between = signs[first + 1 : last]
    if set("tTUDML") & set(between) or between.count("|") > 1:
        return 0
    if whole < part and "|" not in between and _TIES["parted"].match(between):
        return 3
    if read.crossed(first, last, at):
        return 0
    if at < whole and _TIES["of"].fullmatch(signs[at + 1 : whole]):
        return 3  # "a third of the 320 ..., 80 in all"
    if part < whole:
        told = "|" in between and "E" in signs[whole:at]  # "96 cases. On a total of 640 that is 15 percent"
        return 3 if _TIES["of_end"].search(between) else 2 if told and signs[whole - 1] in "FO" else 1
    if "W" in between or _TIES["among"].match(signs, part + 1):
        return 3
    if _TIES["of_end"].search(signs[max(0, whole - 3) : whole]) and not set("|Z") & set(between):
        return 3
    return 2 if len(read.near(at, _COUNT)) == 2 else 1


def _apposed(read: Reading, at: int, part: int, whole: int) -> int:
    """Return how firmly a percentage is that of these two."""
    signs = read.signs
    first, last = sorted((part, whole))
    following = next((i for i in read.places if i > at), -1)
    base = signs[at + 1 : at + 2] in ("F", "O") and not _TIES["own"].match(signs, at + 1)
    if base and following == part and (whole < part or not _TIES["apposed"].search(signs[at + 1 : part])):
        return 0
    if (base and following not in (part, whole)) or (read.way(at) and not _TIES["back"].search(signs[max(0, at - 8) : at])):
        return 0
    if at > last:
        between = signs[last + 1 : at]
        if "t" in between or between.count("|") > 1:
            return 0
        if read.crossed(last, at):
            return 1
        if _TIES["bracket"].fullmatch(between) or _TIES["back"].search(between):
            return 3
        ends = _TIES["ends"].match(signs, at + 1)
        return 3 if ends and _TIES["comma"].search(between) else 2 if ends and "|" in between else 1
    if part < at:
        return 3 if base else 1
    between = signs[(whole if at < whole < part else at) + 1 : part]
    if not _TIES["bracket"].fullmatch(between) and not _TIES["amounts"].search(between):
        return 1
    if part < whole:
        return 3
    told = _TIES["part_ends"].match(signs, part + 1) and ("J" not in between or alike(read.figure[part], read.figure[whole]))
    return 3 if told else 1


def _ratios(read: Reading, at: int) -> Iterator[Told]:
    """Yield a fraction beside a percentage that says the same."""
    for other in read.near(at, {"p": "r", "r": "p"}.get(read.signs[at], "")):
        first, last = sorted((at, other))
        between = read.signs[first + 1 : last]
        if read.crossed(first, last) or "t" in between:
            continue
        ends = _TIES["ends"].match(read.signs, last + 1)
        tied = _TIES["bracket"].fullmatch(between) or _TIES["back"].search(between)
        tie = 3 if tied else 2 if ends and _TIES["comma"].search(between) else 0
        fraction, percent = (at, other) if read.signs[at] == "r" else (other, at)
        if tie and (found := ratio(read.figure[percent], read.figure[fraction])):
            yield Told(tie, found)


def _sums(read: Reading, changed: set[int]) -> Iterator[Relation]:
    """Yield the lists of a sentence that reach a figure beside them, or a hundred percent."""
    rows: dict[tuple[int, str], list[int]] = {}
    for at in read.places:
        if at not in changed and read.signs[at] in "nefp":
            rows.setdefault((read.sentence[at], read.signs[at]), []).append(at)
    for (_, sign), row in rows.items():
        if len(row) < 3:
            continue
        found = _hundred(read, row) if sign == "p" else _total(read, row)
        if found:
            yield found


def _hundred(read: Reading, row: list[int]) -> Relation | None:
    gaps = [read.signs[a + 1 : b] for a, b in pairwise(row)]
    if any(_TIES["own_base"].search(gap) for gap in gaps) or not _listed(read, row) or ("R" not in gaps[-1] and any(map(read.way, row))):
        return None
    whole = ("A" in gaps[-1] or all("Q" in gap for gap in gaps)) and "Z" not in "".join(gaps)
    return add_up([read.figure[at] for at in row], None, "listed" if whole else "open")


def _total(read: Reading, row: list[int]) -> Relation | None:
    signs = read.signs
    for whole, parts in ((row[0], row[1:]), (row[-1], row[:-1])):
        if whole > parts[-1] and len(parts) > 2 and not _listed(read, parts[:2]):
            parts = parts[1:]  # "the 3 hotlines took 210, 145 and 95 reports, 450 in all"
        if not _listed(read, parts):
            continue
        last = signs[parts[-2] : parts[-1]]
        if whole < parts[0]:
            between, names = signs[whole + 1 : parts[0]], signs[parts[0] : parts[-1] + 4]
            inside = "J" in between and "Q" not in signs[whole : parts[-1]]
            tie = inside or re.search("[KWE]", between) or ("C" in between and {"Y", "P"} <= set(names))
            how = "closed" if "R" in last else "listed" if "A" in last and tie else "loose"
            tie = tie or "R" in last or (signs[whole - 1] in "FO" and "A" in last and len(parts) > 2)
        else:
            if read.crossed(parts[-1], whole):
                continue
            tie = "S" in signs[whole + 1 : whole + 3] or re.search("[SE]", signs[parts[-1] + 1 : whole])
            how = "closed"
        found = add_up([read.figure[at] for at in parts], read.figure[whole], how)
        if found and (tie or (found.verdict != "inconsistent" and (len(parts) > 2 or found.claimed.value >= DATA["smallest"]))):
            return found
    return None


def _listed(read: Reading, row: list[int]) -> bool:
    """Return whether figures stand in one list, with nothing that compares them."""
    gaps = [read.signs[a + 1 : b] for a, b in pairwise(row)]
    return all(re.search("[ACZ]|Q.*J", gap) and not _TIES["compared"].search(gap) for gap in gaps)

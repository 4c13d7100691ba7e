"""Relations that follow from how figures stand together, whatever the words between them.

For every percentage, fraction, multiple or change that no pattern has placed, the pairs of figures near it are tried: what fits
is told when they stand together at all (tie 1), what does not fit only when the sentence ties them (tie 2 or 3).
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import combinations, pairwise
from typing import NamedTuple

from osw_stats.claims.relation import Relation, alike, change, direction, growth
from osw_stats.claims.shares import Told, listed, ratios, shares
from osw_stats.claims.signs import DATA, FIGURES, TIES, Block, Reading
from osw_stats.claims.totals import of_lists

_LEVEL = "npefdb"


class Pair(NamedTuple):
    """Two figures of one thing, how firmly they are tied, and whether the words tell which was before."""

    tie: int
    before: int
    after: int
    ordered: bool


def structural(block: Block, signs: str, plain: list[Relation]) -> Iterator[Relation]:
    """Yield the relations of a block that no pattern has found; `plain` are those of patterns."""
    read = Reading(block, signs)
    used = _places(read, [r for r in plain if r.verdict != "inconsistent"])
    doubted = _places(read, plain) - used
    changed = _places(read, [r for r in plain if r.relation in ("growth", "points", "direction")])
    explained = {r.claim for r in plain if r.verdict != "inconsistent" and r.relation == "growth"}
    # where the way is wrong and the size is right, or of two sizes of one change, one finding is enough
    failed = [r for r in plain if r.verdict == "inconsistent"]
    sized = {r.claim[1:] for r in failed if r.relation == "growth"}
    turned = {tuple(s.start for _, s in r.parts) for r in failed if r.relation == "direction"}
    for of_list in listed(read):
        used |= _places(read, [of_list.relation])
        yield of_list.relation
    for at in read.places:
        if at in used:
            continue
        told = [*_growths(read, at), *shares(read, at), *ratios(read, at)]
        told = [t for t in told if t.relation.claim[1:] not in turned]
        fits = [t for t in told if t.tie >= 1 and t.relation.verdict != "inconsistent"]
        wrong = [t for t in told if t.tie >= 2 and t.relation.verdict == "inconsistent" and at not in doubted]
        fails = [t for t in wrong if t.relation.claim not in explained and t.relation.claim[1:] not in sized]
        best = max(fits or fails, key=lambda t: t.tie, default=None)
        if best and best.tells:
            used |= (places := _places(read, [best.relation]))
            changed |= places if best.relation.relation in ("growth", "points") else set()
            explained |= {best.relation.claim} if best in fits else set()
            yield best.relation
    used |= doubted
    for found in _directions(read, used):
        changed |= _places(read, [found])
        yield found
    yield from of_lists(read, changed)


def _places(read: Reading, told: list[Relation]) -> set[int]:
    """Return where the figures of some relations stand."""
    starts = (s.start for relation in told for _, s in relation.parts)
    return {read.at[start] for start in starts if start in read.at}


def _growths(read: Reading, at: int) -> Iterator[Told]:
    sign, way = read.signs[at], read.way(at)
    if sign == "b" or (not way and sign not in "qx"):
        return
    levels = [i for i in read.near(at, {"q": "p"}.get(sign, _LEVEL)) if not read.way(i)]
    levels = [i for i in levels if read.owner.get(i, at) == at]
    result = [i for i in levels if i in read.owner]
    if sign in "nefd":
        levels = [i for i in levels if alike(read.figure[at], read.figure[i], unlike=True)]
    if sign in "pqrx" and way and (told := read.subject(at, _LEVEL)):
        two = {"before": read.figure[told[1]], "after": read.figure[told[0]]}
        same = alike(two["before"], two["after"], unlike=True)
        if same and (found := growth(read.figure[at], sign, read.signs[told[0]], two)):
            yield Told(3, found)
    pairs = [two for two in combinations(levels, 2) if alike(*map(read.figure.__getitem__, two))]
    for one, other in combinations(levels, 2):
        if at < one and {read.signs[i - 1] for i in (at, one, other)} in ({"O"}, {"B"}):
            continue  # changes of three things: "an increase in A of 12, in B of 15, in C of 3"
        pair = _pair(read, one, other, "X" if sign == "x" else way)
        if result and (pair.after not in result or (pair.tie < 3 and pair.before < pair.after)):
            continue  # what it came from is not printed
        beside = _beside(read, at, one, other)
        two_levels = len(levels) == 2 and not set("AZ") & set(read.signs[one:other])
        alone = len(pairs) == 1 and (beside == 3 or two_levels)
        simple = alone and (beside == 3 or "|" not in read.signs[one:other])
        tie = min(2 if simple and pair.tie == 1 else pair.tie, beside)
        tie = tie if pair.tie == 3 else min(tie, read.held_against(at, pair.before))
        told_apart = one < at and "|" in read.signs[one:at]
        if told_apart and any("t" in read.signs[i:one] for i in levels if i < one):
            tie = min(tie, 1)  # "74% passed, while 13% failed. That is ...": of either
        if tie:
            two = {"before": read.figure[pair.before], "after": read.figure[pair.after]}
            told_way = way if pair.ordered and tie == 3 else ""
            if found := change(read.figure[at], sign, read.signs[pair.after], two, told_way):
                yield Told(1 if pair.tie < 2 and _far(found) else tie, found)


def _far(found: Relation) -> bool:
    """Return whether what follows is so far from what is said that they are hardly about one thing."""
    sizes = sorted((abs(found.claimed.value), abs(found.recomputed)))
    return sizes[1] > float(DATA["far"]) * sizes[0]


def _pair(read: Reading, one: int, other: int, way: str = "") -> Pair:
    """Return two figures, the first of them first, as one thing at two times."""
    signs, a, b = read.signs, read.figure[one], read.figure[other]
    between = signs[one + 1 : other]
    if (
        not alike(a, b, unlike=True)
        or any(read.bound.get(i, j) != j for i, j in ((one, other), (other, one)))
        or read.crossed(one, other) > 2
        or TIES["two_things"].search(between)
        or ("|" in between and TIES["subject"].search(between))
        or signs[one - 1] == signs[other - 1] == "T"
        or (signs[one - 1] == "B" and "T" in between)  # "fell by 36 to 1,859"
        or signs[max(0, one - 2) : one] in ("OF", "EF")  # "a fall of from 15 to 20 per cent"
    ):
        return Pair(0, one, other, False)
    begun = signs[one - 1] == "F" or (signs[one - 1] == "J" and "Q" not in between)
    if TIES["to"].search(between) and (begun or between in ("T", "o") or TIES["went_to"].search(between)):
        return Pair(3, one, other, True)
    then, now = read.when(one), read.when(other)
    told = [time for time in (then, now) if time is not None]
    if len({*told}) == 2 and not (1 in told and 1 < max(told) < 9000):
        return Pair(2, one, other, True) if told[0] < told[1] else Pair(2, other, one, True)
    against = TIES["as" if way == "X" else "against"].search(between)
    if against or TIES["from"].search(between) or (signs[one - 1] == "T" and signs[other - 1] == "F"):
        return Pair(3, other, one, True)
    if TIES["dated"].search(between):
        return Pair(3, other, one, True)
    if "Z" not in between and TIES["against_first"].search(signs[max(0, one - 10) : one]):
        return Pair(3, one, other, True)
    near = "|" not in between
    came_to = 9000 in told and "T" in (signs[one - 1], signs[other - 1])
    named = bool(told and a.unit and a.unit == b.unit)
    known = len(told) == 1 and told[0] in ((0, 1) if way else (0, 1, 9000))
    if known and (near or named) and alike(a, b) and not came_to:  # "85 (was 60)", "19 now, 26 in May"
        first, last = (one, other) if (now is None) == (told[0] < 9000) else (other, one)
        return Pair(2, first, last, True)
    falls = (a.value or 0) > (b.value or 0)
    first, last = (one, other) if way == "i" or falls == (way in ("D", "L")) else (other, one)
    # across sentences where both are told, or one by the other: "the winter before"
    headed = signs[one - 1] == signs[other - 1] == "K"  # "Telling 3 mei: 226. Telling vorig jaar: 200"
    timed = len(told) == 2 or bool({0, 9000} & {*told}) or (told and (near or named))
    tie = 2 if timed or headed else 1 if told else int(near and alike(a, b))
    return Pair(tie, first, last, False)


def _beside(read: Reading, at: int, one: int, other: int) -> int:
    """Return how firmly a change is tied to a pair of figures."""
    signs = read.signs
    if one < at < other:
        before, after = signs[one:at], signs[at:other]
        if TIES["back"].search(before) or TIES["than"].match(after) or TIES["signed"].search(before):
            undated = read.when(other) is None or TIES["unlike"].match(signs, at + 1)
            stops = set("|Z") & set(after) and undated
            return 1 if "E" not in before and ("Z" in before or stops) else 3
        return 1 if set("|Z") & set(before + after) else 2
    between = signs[other + 1 : at] if at > other else signs[at + 1 : one]
    if between.count("|") > 1 or "t" in between or (at > other and TIES["unlike"].match(signs, at + 1)):
        return 0
    said = signs[max(read.between(other, at), default=other) + 1 : at]  # since the last figure
    if at > other and (TIES["back"].search(said) or (between == "Z" and read.figure[at].text[0] in "-−–")):
        return 3
    if at > other and TIES["labelled"].search(between):
        return 3
    if at > other and not all(read.way(i) for i in read.between(other, at)):
        return 1  # another figure stands between them
    if at > other and "|" in between and not read.crossed(other, at) and read.follows(at, one, other):
        return 2
    if at > other and TIES["closes"].match(signs, at + 1) and said == "C":
        return 3
    if TIES["subject"].search(between):
        return 0
    if at < one and (TIES["new_clause"].search(between) or signs[at] in between):
        return 0
    if at < one and "N" in between and "Z" in signs[one:other]:
        return 0
    if at < one and "|" in between:
        headed = any(at < stop < one for stop in read.headings) and read.near(at, signs[one]) == [one, other]
        if headed or read.told_next(at, one, other):
            return 2
    if set("|Z") & set(between):
        follows = at > other and (TIES["follows"].fullmatch(between) or read.follows(at, one, other))
        return 2 if follows and len(read.places) == 3 and "|" not in between else 1
    told = at > other or set("CKTXFJ") & set(between + signs[one - 1])
    return 2 if told else 0  # "3 times higher at 16 than at 12"


def _directions(read: Reading, used: set[int]) -> Iterator[Relation]:
    """Yield a word of direction beside two figures of which the words tell which was before."""
    said = cache(partial(_said, read))  # once for all figures of a sentence
    for one, other in pairwise(read.places):
        first, last = read.sentence[one], read.sentence[other]
        if last - first > 1 or any(map(read.way, (one, other))):
            continue
        if {one, other} & used or read.signs[one] not in "npefd":
            continue
        pair = _pair(read, one, other)
        if pair.tie < 2 or not pair.ordered:
            continue
        ways, changes = said(first, last)
        if len(ways) == 1 and used.issuperset(changes):
            before, after = read.figure[pair.before], read.figure[pair.after]
            way = next(iter(ways))
            if alike(before, after, unlike=pair.tie == 3) and (found := direction(way, before, after)):
                used |= {one, other}
                yield found


def _said(read: Reading, first: int, last: int) -> tuple[set[str], list[int]]:
    """Return which ways the words of two sentences tell, and the figures there that say a way themselves."""
    start = read.stops[first - 1] + 1 if first else 0
    end = [*read.stops[last : last + 1], len(read.signs)][0]
    words = re.findall("[UDML]", read.signs[start:end])
    if not words and start:  # "Trust has fallen. In 2019 71 percent ..."
        earlier = read.signs[read.signs.rfind("|", 0, start - 1) + 1 : start]
        words = re.findall("[UDML]", earlier) if not set(FIGURES) & set(earlier) else []
    if not words:  # "... Membership is therefore down."
        later = read.signs[end + 1 : [*read.stops[last + 1 : last + 2], len(read.signs)][0]]
        words = re.findall("[UD]", later) if not set(FIGURES) & set(later) else []
    figures = (at for at in read.between(start - 1, end) if read.signs[at] != "d")
    return {"U" if way in "UM" else "D" for way in words}, list(filter(read.way, figures))

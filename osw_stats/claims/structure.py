"""Relations that follow from how figures stand together, whatever the words between them.

For every percentage, fraction, multiple or change that no pattern has placed, the pairs of figures near it are tried: a fit is
reported when they stand together at all (tie 1), a misfit only when the sentence ties them (tie 2 or 3).
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import combinations, pairwise
from typing import NamedTuple

from osw_stats.claims.relation import Relation, alike, change, direction, growth
from osw_stats.claims.shares import Candidate, listed, ratios, shares
from osw_stats.claims.signs import DATA, FIGURES, TIES, Block, Reading
from osw_stats.claims.totals import of_lists

_LEVEL = "npefdb"


class Pair(NamedTuple):
    """Two figures of the same quantity, how firmly they are tied, and whether the words say which came first."""

    tie: int
    before: int
    after: int
    ordered: bool


def structural(block: Block, signs: str, plain: list[Relation]) -> Iterator[Relation]:
    """Yield the relations of a block that no pattern has found; `plain` are those of patterns."""
    read = Reading(block, signs)
    used = _places(read, [r for r in plain if r.verdict != "inconsistent"])
    unfit = _places(read, plain) - used
    changed = _places(read, [r for r in plain if r.relation in ("growth", "points", "direction")])
    explained = {r.claim for r in plain if r.verdict != "inconsistent" and r.relation == "growth"}
    # one finding is enough where the direction is wrong but the size right, or for two sizes of one change
    failed = [r for r in plain if r.verdict == "inconsistent"]
    sizes = {r.claim[1:] for r in failed if r.relation == "growth"}
    turned = {tuple(s.start for _, s in r.parts) for r in failed if r.relation == "direction"}
    for item in listed(read):
        used |= _places(read, [item.relation])
        yield item.relation
    for at in read.places:
        if at in used:
            continue
        cases = [*_growths(read, at), *shares(read, at), *ratios(read, at)]
        cases = [c for c in cases if c.relation.claim[1:] not in turned]
        fits = [c for c in cases if c.tie >= 1 and c.relation.verdict != "inconsistent"]
        wrong = [c for c in cases if c.tie >= 2 and c.relation.verdict == "inconsistent" and at not in unfit]
        fails = [c for c in wrong if c.relation.claim not in explained and c.relation.claim[1:] not in sizes]
        best = max(fits or fails, key=lambda c: c.tie, default=None)
        if best and best.reportable:
            used |= (places := _places(read, [best.relation]))
            changed |= places if best.relation.relation in ("growth", "points") else set()
            explained |= {best.relation.claim} if best in fits else set()
            yield best.relation
    used |= unfit
    for directed in _directions(read, used):
        changed |= _places(read, [directed])
        yield directed
    yield from of_lists(read, changed)


def _places(read: Reading, relations: list[Relation]) -> set[int]:
    """Return where the figures of some relations stand."""
    starts = (s.start for relation in relations for _, s in relation.parts)
    return {read.at[start] for start in starts if start in read.at}


def _growths(read: Reading, at: int) -> Iterator[Candidate]:
    sign, way = read.signs[at], read.way(at)
    if sign == "b" or (not way and sign not in "qx"):
        return
    levels = [i for i in read.near(at, {"q": "p"}.get(sign, _LEVEL)) if not read.way(i)]
    levels = [i for i in levels if read.owner.get(i, at) == at]
    result = [i for i in levels if i in read.owner]
    if sign in "nefd":
        levels = [i for i in levels if alike(read.figure[at], read.figure[i], unlike=True)]
    if sign in "pqrx" and way and (compared := read.subject(at, _LEVEL)):
        ends = {"before": read.figure[compared[1]], "after": read.figure[compared[0]]}
        same = alike(ends["before"], ends["after"], unlike=True)
        if same and (relation := growth(read.figure[at], sign, read.signs[compared[0]], ends)):
            yield Candidate(3, relation)
    pairs = [ends for ends in combinations(levels, 2) if alike(*map(read.figure.__getitem__, ends))]
    for left, right in combinations(levels, 2):
        if at < left and {read.signs[i - 1] for i in (at, left, right)} in ({"O"}, {"B"}):
            continue  # changes of three things: "an increase in A of 12, in B of 15, in C of 3"
        pair = _pair(read, left, right, "X" if sign == "x" else way)
        if result and (pair.after not in result or (pair.tie < 3 and pair.before < pair.after)):
            continue  # what it came from is not printed
        change_tie = _change_tie(read, at, left, right)
        two_levels = len(levels) == 2 and not set("AZ") & set(read.signs[left:right])
        alone = len(pairs) == 1 and (change_tie == 3 or two_levels)
        simple = alone and (change_tie == 3 or "|" not in read.signs[left:right])
        tie = min(2 if simple and pair.tie == 1 else pair.tie, change_tie)
        tie = tie if pair.tie == 3 else min(tie, read.base_tie(at, pair.before))
        separated = left < at and "|" in read.signs[left:at]
        if separated and any("t" in read.signs[i:left] for i in levels if i < left):
            tie = min(tie, 1)  # "74% passed, while 13% failed. That is ...": of either
        if tie:
            ends = {"before": read.figure[pair.before], "after": read.figure[pair.after]}
            stated_way = way if pair.ordered and tie == 3 else ""
            if relation := change(read.figure[at], sign, read.signs[pair.after], ends, stated_way):
                yield Candidate(1 if pair.tie < 2 and _far(relation) else tie, relation)


def _far(relation: Relation) -> bool:
    """Return whether the recomputed size is too far from the claimed one for both to be about the same quantity."""
    sizes = sorted((abs(relation.claimed.value), abs(relation.recomputed)))
    return sizes[1] > float(DATA["far"]) * sizes[0]


def _pair(read: Reading, left: int, right: int, way: str = "") -> Pair:
    """Return two figures, in text order, as the same quantity at two times."""
    signs, a, b = read.signs, read.figure[left], read.figure[right]
    between = signs[left + 1 : right]
    if (
        not alike(a, b, unlike=True)
        or any(read.bound.get(i, j) != j for i, j in ((left, right), (right, left)))
        or read.crossed(left, right) > 2
        or TIES["two_things"].search(between)
        or ("|" in between and TIES["subject"].search(between))
        or signs[left - 1] == signs[right - 1] == "T"
        or (signs[left - 1] == "B" and "T" in between)  # "fell by 36 to 1,859"
        or signs[max(0, left - 2) : left] in ("OF", "EF")  # "a fall of from 15 to 20 per cent"
    ):
        return Pair(0, left, right, False)
    begun = signs[left - 1] == "F" or (signs[left - 1] == "J" and "Q" not in between)
    if TIES["to"].search(between) and (begun or between in ("T", "o") or TIES["went_to"].search(between)):
        return Pair(3, left, right, True)
    left_time, right_time = read.when(left), read.when(right)
    times = [time for time in (left_time, right_time) if time is not None]
    if len({*times}) == 2 and not (1 in times and 1 < max(times) < 9000):
        return Pair(2, left, right, True) if times[0] < times[1] else Pair(2, right, left, True)
    against = TIES["as" if way == "X" else "against"].search(between)
    if against or TIES["from"].search(between) or (signs[left - 1] == "T" and signs[right - 1] == "F"):
        return Pair(3, right, left, True)
    if TIES["dated"].search(between):
        return Pair(3, right, left, True)
    if "Z" not in between and TIES["against_first"].search(signs[max(0, left - 10) : left]):
        return Pair(3, left, right, True)
    near = "|" not in between
    reached = 9000 in times and "T" in (signs[left - 1], signs[right - 1])
    named = bool(times and a.unit and a.unit == b.unit)
    known = len(times) == 1 and times[0] in ((0, 1) if way else (0, 1, 9000))
    if known and (near or named) and alike(a, b) and not reached:  # "85 (was 60)", "19 now, 26 in May"
        first, last = (left, right) if (right_time is None) == (times[0] < 9000) else (right, left)
        return Pair(2, first, last, True)
    falls = (a.value or 0) > (b.value or 0)
    first, last = (left, right) if way == "i" or falls == (way in ("D", "L")) else (right, left)
    # across sentences where both are dated, or one relative to the other: "the winter before"
    headed = signs[left - 1] == signs[right - 1] == "K"  # "Telling 3 mei: 226. Telling vorig jaar: 200"
    timed = len(times) == 2 or bool({0, 9000} & {*times}) or (times and (near or named))
    tie = 2 if timed or headed else 1 if times else int(near and alike(a, b))
    return Pair(tie, first, last, False)


def _change_tie(read: Reading, at: int, left: int, right: int) -> int:
    """Return how firmly a change is tied to a pair of figures."""
    signs = read.signs
    if left < at < right:
        before, after = signs[left:at], signs[at:right]
        if TIES["back"].search(before) or TIES["than"].match(after) or TIES["signed"].search(before):
            undated = read.when(right) is None or TIES["unlike"].match(signs, at + 1)
            stops = set("|Z") & set(after) and undated
            return 1 if "E" not in before and ("Z" in before or stops) else 3
        return 1 if set("|Z") & set(before + after) else 2
    between = signs[right + 1 : at] if at > right else signs[at + 1 : left]
    if between.count("|") > 1 or "t" in between or (at > right and TIES["unlike"].match(signs, at + 1)):
        return 0
    words = signs[max(read.between(right, at), default=right) + 1 : at]  # since the last figure
    if at > right and (TIES["back"].search(words) or (between == "Z" and read.figure[at].text[0] in "-−–")):
        return 3
    if at > right and TIES["labelled"].search(between):
        return 3
    if at > right and not all(read.way(i) for i in read.between(right, at)):
        return 1  # another figure stands between them
    if at > right and "|" in between and not read.crossed(right, at) and read.follows(at, left, right):
        return 2
    if at > right and TIES["closes"].match(signs, at + 1) and words == "C":
        return 3
    if TIES["subject"].search(between):
        return 0
    if at < left and (TIES["new_clause"].search(between) or signs[at] in between):
        return 0
    if at < left and "N" in between and "Z" in signs[left:right]:
        return 0
    if at < left and "|" in between:
        headed = any(at < n < left for n in read.headings) and read.near(at, signs[left]) == [left, right]
        if headed or read.precedes(at, left, right):
            return 2
    if set("|Z") & set(between):
        follows = at > right and (TIES["follows"].fullmatch(between) or read.follows(at, left, right))
        return 2 if follows and len(read.places) == 3 and "|" not in between else 1
    linked = at > right or set("CKTXFJ") & set(between + signs[left - 1])
    return 2 if linked else 0  # "3 times higher at 16 than at 12"


def _directions(read: Reading, used: set[int]) -> Iterator[Relation]:
    """Yield the direction stated near two figures where the words say which came first."""
    stated_ways = cache(partial(_stated_ways, read))  # once for all figures of a sentence
    for left, right in pairwise(read.places):
        first, last = read.sentence[left], read.sentence[right]
        if last - first > 1 or any(map(read.way, (left, right))):
            continue
        if {left, right} & used or read.signs[left] not in "npefd":
            continue
        pair = _pair(read, left, right)
        if pair.tie < 2 or not pair.ordered:
            continue
        ways, changes = stated_ways(first, last)
        if len(ways) == 1 and used.issuperset(changes):
            before, after = read.figure[pair.before], read.figure[pair.after]
            way = next(iter(ways))
            if alike(before, after, unlike=pair.tie == 3) and (relation := direction(way, before, after)):
                used |= {left, right}
                yield relation


def _stated_ways(read: Reading, first: int, last: int) -> tuple[set[str], list[int]]:
    """Return the directions stated in two sentences, and the figures there that state one themselves."""
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

"""Shares and ratios that follow from how figures stand together: a part, its whole and a percentage or fraction."""

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

from osw_stats.claims.relation import OUT_OF, Relation, alike, ratio, share
from osw_stats.claims.signs import SIGNED, TIES, Reading

_COUNT = "nefb"
_APART = 40  # signs between the shares of a list, and to their whole


class Candidate(NamedTuple):
    """A relation that may be reported, and how firmly the sentence ties its figures."""

    tie: int
    relation: Relation

    @property
    def reportable(self) -> bool:
        """Whether it is firmly tied, wrong, or a fit between figures that leave little open."""
        result, claim = self.relation.result, self.relation.claimed
        near = claim.lower <= result.value <= claim.upper or result.upper - result.lower <= abs(claim.value)
        return self.tie == 3 or self.relation.verdict == "inconsistent" or near


def shares(read: Reading, at: int) -> Iterator[Candidate]:
    """Yield a percentage or fraction near two figures, one of which may be that share of the other."""
    if read.signs[at] not in "pr" or SIGNED.match(read.figure[at].text):
        return
    for part, whole in permutations(read.near(at, _COUNT), 2):
        a, b = read.figure[part], read.figure[whole]
        if a.kind != b.kind or (a.kind == "money" and a.unit != b.unit) or (a.value or 0) > (b.value or 0):
            continue
        tie = min(_part_of(read, part, whole, at), _apposed(read, at, part, whole))
        if tie and (relation := share(read.figure[at], a, b)):
            wrong = relation.verdict == "inconsistent"
            far = wrong and tie < 3 and not 0.4 < relation.recomputed / (relation.claimed.value or 1) < 2.5
            yield Candidate(1 if far else tie, relation)


def listed(read: Reading) -> Iterator[Candidate]:
    """Yield the shares of a list, "good: 132 (60%), fair: 55 (25%)", of the nearby total that most of them fit."""
    matches = [m for pattern in ("counted", "in_percent") for m in TIES[pattern].finditer(read.signs)]
    rows: list[list[tuple[int, int]]] = []
    for part, percent in sorted((m.start("part"), m.start("percent")) for m in matches):
        near = rows and max(rows[-1][-1]) > min(part, percent) - _APART
        rows[-1 if near else len(rows) :] = [[*(rows[-1] if near else []), (part, percent)]]
    for row in (row for row in rows if len(row) > 1):
        taken = {at for pair in row for at in pair}
        around = read.between(min(taken) - _APART, max(taken) + _APART)
        best: list[Candidate] = []
        for whole in (at for at in around if read.signs[at] == read.signs[row[0][0]] and at not in taken):
            relations = (share(*(read.figure[at] for at in (percent, part, whole))) for part, percent in row)
            candidates = [Candidate(2, r) for r in relations if r and r.claimed.lower >= 0]
            if _fitting(candidates) > _fitting(best):
                best = candidates
        if len(row) < 2 * _fitting(best) and _fitting(best) > 1:
            yield from best


def _fitting(candidates: list[Candidate]) -> int:
    return sum(c.relation.verdict != "inconsistent" and c.reportable for c in candidates)


def _part_of(read: Reading, part: int, whole: int, at: int) -> int:
    """Return how firmly one count is tied to another as its part."""
    signs = read.signs
    first, last = sorted((part, whole))
    between = signs[first + 1 : last]
    previous = next(iter(read.places[read.rank[part] - 1 : read.rank[part]]), at)
    if (
        previous < part < at
        and previous != whole
        and signs[previous] in "pr"
        and TIES["bracket"].fullmatch(signs[previous + 1 : part])
    ):
        return 0  # "five percent (120) ...; in half of those 360": the 120 has its own percentage
    if whole < at < part and TIES["part_of_part"].search(signs[at:part]):
        return 1  # "a third of the 320 ... Of these, 80": a part of that third
    is_of_whole = whole < part and (
        "W" in between or TIES["among"].match(signs, part + 1) or TIES["of_them"].match(signs, at + 1)
    )
    if is_of_whole and (read.crossed(first, last, at) or between.count("|") > 1):
        return 1  # perhaps of an earlier figure
    reached = "T" in between and not (
        signs[first - 1] != "F" and not set("|y") & set(between) and TIES["back"].search(signs[last + 1 : at])
    )  # not "48 replies to our 75 letters, which is 64%"
    if reached or set("tUDML") & set(between) or between.count("|") > 1 or TIES["dated"].search(between):
        return 0
    if whole < part and "|" not in between and TIES["parted"].match(between):
        return 3
    if read.crossed(first, last, at):
        return 0
    if at < whole and TIES["of"].fullmatch(signs[at + 1 : whole]):
        return 3  # "a third of the 320 ..., 80 in all"
    if part < whole:
        back = "|" in between and "E" in signs[whole:at]  # "96 cases. On a total of 640 that is 15 percent"
        if "T" in between or TIES["of_end"].search(between):
            return 3
        return 2 if back and signs[whole - 1] in "FO" else 1
    if is_of_whole:
        return 3
    if TIES["of_end"].search(signs[max(0, whole - 3) : whole]) and not set("|Z") & set(between):
        return 3
    alone = read.near(at, _COUNT)
    if read.sentence[at] in read.items:  # other items count other things
        alone = [i for i in alone if read.sentence[i] == read.sentence[at]]
    return 2 if len(alone) == 2 else 1


def _apposed(read: Reading, at: int, part: int, whole: int) -> int:
    """Return how firmly a percentage is tied to these two figures."""
    signs = read.signs
    last = max(part, whole)
    following = next(iter(read.places[read.rank[at] + 1 : read.rank[at] + 2]), -1)
    base = signs[at + 1 : at + 2] in ("F", "O") and not TIES["own"].match(signs, at + 1)
    if base and following == part and (whole < part or not TIES["apposed"].search(signs[at + 1 : part])):
        return 0
    # "Daarmee vormden de salarissen 75 procent van de uitgaven"
    refers_back = following < 0 and "E" in signs[last:at]
    if base and not refers_back and following not in (part, whole):
        return 0
    if read.way(at) and "E" not in signs[max(0, at - 8) : at]:
        return 0
    if at > last:
        between = signs[last + 1 : at]
        if "t" in between or between.count("|") > 1:
            return 0
        if read.crossed(last, at):
            return 1
        if TIES["bracket"].fullmatch(between) or TIES["back"].search(between):
            return 3
        ends = TIES["ends"].match(signs, at + 1)
        return 3 if ends and TIES["comma"].search(between) else 2 if ends and "|" in between else 1
    if part < at:
        return 3 if base and "S" not in signs[part:at] else 1
    between = signs[(whole if at < whole < part else at) + 1 : part]
    if not TIES["bracket"].fullmatch(between) and not TIES["amounts"].search(between):
        return 1
    if part < whole:
        return 3
    ends_sentence = TIES["part_ends"].match(signs, part + 1) and (
        "J" not in between or alike(read.figure[part], read.figure[whole])
    )
    return 3 if ends_sentence else 1


def ratios(read: Reading, at: int) -> Iterator[Candidate]:
    """Yield a fraction next to a percentage that states the same share."""
    for other in read.near(at, {"p": "r", "r": "pr"}.get(read.signs[at], "")):
        first, last = sorted((at, other))
        counted = [OUT_OF.fullmatch(read.figure[i].text) is not None for i in (at, other)]
        if read.signs[other] == "r" and counted != [False, True]:
            continue  # "just over half ...: 1,990 out of 3,900"
        between = read.signs[first + 1 : last]
        if read.crossed(first, last) or set("tUDMLX") & set(between) or TIES["new"].search(between):
            continue
        ends = TIES["ends"].match(read.signs, last + 1)
        tied = TIES["bracket"].fullmatch(between) or TIES["back"].search(between)
        tie = 3 if tied else 2 if ends and TIES["beside"].search(between) else 0
        fraction, percent = (at, other) if read.signs[at] == "r" != read.signs[other] else (other, at)
        if tie and (relation := ratio(read.figure[percent], read.figure[fraction])):
            yield Candidate(tie, relation)

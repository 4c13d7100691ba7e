"""Relations between the figures of a text, found from the words around them and recomputed.

A block becomes a row of signs, one letter for each figure and each relevant word (relations.yml); a pattern over the signs
tells the part from the whole. Whether they fit follows from the intervals that their wording leaves open.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import pandas as pd

from osw_stats.claims.against import against
from osw_stats.claims.relation import OUT_OF, Relation, add_up, alike, direction, growth, ratio, share
from osw_stats.claims.repeats import repeats
from osw_stats.claims.signs import DATA, SIGNED, TIES, YEAR, Block, blocks
from osw_stats.claims.structure import structural
from osw_stats.claims.totals import of_tables
from osw_stats.wording.scan import Statement
from osw_stats.wording.scan.coverage import Coverage
from osw_stats.wording.scan.tables import tables

_NEAR, _WINDOW = 30, 90  # most signs between a change and its figures, and searched on each side
_place = attrgetter("before")
_ADVERB = re.compile(DATA["adverb"])
_ONE_MORE = re.compile(DATA["one_more"])
_TAIL_YEAR = re.compile("_{0,2}y")
# between a pair and a change of something else
_OTHER = re.compile(r"[AC]_+[^_]*\Z|A[UD]|[ACX]_+\w*[UD]|[nef].*A")


def _patterns(name: str) -> list[re.Pattern[str]]:
    filled = (re.sub(r"<(\w)>", lambda m: DATA["parts"][m[1]], pattern) for pattern in DATA[name])
    return [re.compile(pattern) for pattern in filled]


_PAIRS, _CHANGES, _SHARE, _RATIO, _SUM = map(_patterns, ("pairs", "changes", "share", "ratio", "sum"))


@dataclass(frozen=True)
class _Pair:
    """A figure before and one after, by their places in the signs; `way` is U, M, D, L or empty."""

    before: int
    after: int
    start: int
    end: int
    way: str


def relations(
    text: str, statements: Iterable[Statement], observations: pd.DataFrame | None = None
) -> list[Relation]:
    """Return the relations of figures with each other and with published `observations`, in text order.

    >>> from osw_stats.wording.scan import scan
    >>> text = "Het aantal meldingen steeg met 35 procent, van 840 naar 1.050."
    >>> [(r.relation, r.verdict, r.reported, r.recomputed) for r in relations(text, scan(text))]
    [('growth', 'inconsistent', 35.0, 25.0)]
    """
    by_claim: dict[tuple[Any, ...], Relation] = {}
    figures = list(statements)
    grids = list(tables(text, figures[0].language if figures else "nl"))
    cells = {cell.span.start for grid in grids for cell in grid.cells}
    for block in blocks(text, figures, cells):
        # "jonger dan 18" compares with no other figure
        signs = re.sub("[ML]?N(?=_?o)", lambda m: "_" * len(m[0]), "".join(block.signs))
        changes = list(_changes(block, signs))
        used = {s.start for relation in changes for _, s in relation.parts}
        sums = (r for r in _sums(block, signs) if used.isdisjoint(s.start for _, s in r.parts))
        plain = [*changes, *_shares(block, signs), *sums]
        extra = list(structural(block, signs, plain))
        fit = {relation.parts[0][1].start for relation in extra if relation.verdict != "inconsistent"}
        sure = [r for r in plain if r.verdict != "inconsistent" or r.parts[0][1].start not in fit]
        for relation in _without_duplicates([*sure, *extra]):
            if _goes_on(block.text, relation):
                continue
            name = relation.relation if relation.relation in ("direction", "sum") else ""
            by_claim.setdefault((name, relation.parts[0][1].start), relation)
    apart = [s for s in figures if s.start not in cells]
    published = () if observations is None else against(text, figures, observations)
    every = (*by_claim.values(), *repeats(text, apart), *of_tables(grids, figures), *published)
    return sorted(every, key=lambda r: (r.start, r.end))


def unaided(
    results: Iterable[Relation], statements: Sequence[Statement], coverage: Coverage
) -> list[dict[str, str]]:
    """Return the ledger rows whose figures are in a relation found without a formula, one relation a row.

    Of several relations the first counts, an inconsistent one before the others.
    """
    rows = {s.start: ids for s, ids in zip(statements, coverage.ids, strict=True)}
    by_row: dict[str, dict[str, str]] = {}
    for relation in sorted(results, key=lambda r: r.verdict != "inconsistent"):
        for name in (n for _, s in relation.parts for n in rows.get(s.start, ())):
            by_row.setdefault(name, {"id": name, "relation": relation.relation, "verdict": relation.verdict})
    return [by_row[name] for name in sorted(by_row)]


def _goes_on(text: str, relation: Relation) -> bool:
    """Return whether parts that fall short are followed by one more without a figure: "7 men, 2 women and a boy"."""
    short = relation.relation == "sum" and relation.verdict == "inconsistent"
    short = short and relation.recomputed < relation.claimed.value
    return short and _ONE_MORE.match(text, max(s.end for _, s in relation.parts[1:])) is not None


def _without_duplicates(candidates: Sequence[Relation]) -> Iterator[Relation]:
    """Yield relations; of changes between the same two figures only those that fit, of shares of one whole none if none fits."""
    claims: dict[tuple[object, ...], list[str]] = {}
    for relation in candidates:
        claims.setdefault(_claim(relation), []).append(relation.verdict)
    for relation in candidates:
        others = claims[_claim(relation)]
        doubted = len(others) > 1 and relation.verdict == "inconsistent"
        apart = relation.relation == "share" and set(others) != {"inconsistent"}
        if apart or not doubted or relation.relation not in ("growth", "points", "share"):
            yield relation


def _claim(relation: Relation) -> tuple[object, ...]:
    """Return the figures a relation is about and its kind of claim; for a share its whole."""
    kind, *about = relation.claim
    return relation.relation, kind, *(about[1:] if relation.relation == "share" else about)


def _changes(block: Block, signs: str) -> Iterator[Relation]:
    """Yield growth, points and direction: every change with the pair of figures it belongs to."""
    pairs = _pairs(block, signs)
    directed = [pair for pair in pairs if pair.way or signs[pair.before - 1] == "F"]
    members = {at for pair in directed for at in (pair.before, pair.after)}
    changes_of: dict[_Pair, list[tuple[int, str]]] = {pair: [] for pair in pairs}
    taken: set[int] = set()
    for pattern in _CHANGES:
        for match in pattern.finditer(signs):
            at = match.start("change")
            way = match.groupdict().get("way") or ""
            pair = _pair_of(pairs, at, match, signs)
            adverb = signs[at] == "x" and _ADVERB.fullmatch(block.figures[at].text.lower())
            if adverb and not set("XM") & set(signs[at + 1 : at + 4]):
                continue
            if at in taken or at in members or pair is None or not _may_change(block, pair, at):
                continue
            taken.add(at)
            changes_of[pair].append((at, way or _own_way(block.figures[at])))
    for pair, changes in changes_of.items():
        two = {"before": block.figures[pair.before], "after": block.figures[pair.after]}
        ways = [way for way in (*(way for _, way in changes), pair.way) if way]
        turned = direction(ways[0], two["before"], two["after"]) if ways else None
        sizes = [growth(block.figures[at], signs[at], signs[pair.after], two) for at, _ in changes]
        if turned and (not changes or (turned.verdict == "inconsistent" and any(sizes))):
            yield turned
        fits = any(change and change.verdict != "inconsistent" for change in sizes)
        wrong = [change for change in sizes if change and change.verdict == "inconsistent"]
        for (at, _), change in zip(changes, sizes, strict=True):
            if change in wrong and ((fits and signs[at - 1] == "A") or change is not wrong[0]):
                continue  # "up 20 percent from 164,043 and 21 percent higher than before"; one of two is enough
            # one finding is enough where the direction is wrong but the size right
            if change and not (turned and turned.verdict == "inconsistent" != change.verdict):
                yield change


def _pairs(block: Block, signs: str) -> list[_Pair]:
    pairs: list[_Pair] = []
    used: set[int] = set()
    for pattern in _PAIRS:
        for match in pattern.finditer(signs):
            before, after = match.start("before"), match.start("after")
            groups = match.groupdict()
            tails = [_TAIL_YEAR.match(signs, at + 1) for at in (before, after)]
            at = [m.end() - 1 if m else -1 for m in tails]
            if groups.get("first"):
                at = [match.start(name) for name in ("first", "second")]
            dated = [block.figures[place].text if place in block.figures else "" for place in at]
            years = [max(YEAR.findall(words), default="") for words in dated]
            if all(years) and years[0] > years[1]:
                before, after = after, before
            way = groups.get("way") or groups.get("end") or ""
            if groups.get("way") and match.start("way") < before:  # the last word of change before them
                way = (re.findall("[UDML]", signs[match.start("way") : before]) or [way])[-1]
            # not a level in percent and a change in points
            same = alike(block.figures[before], block.figures[after])
            same = same and (signs[before] == "q") == (signs[after] == "q")
            signed = all(
                SIGNED.match(block.figures[i].text) and signs[i - 1] not in "FT" for i in (before, after)
            )
            # "320 more than a quarter earlier, but 675 fewer than in 2022"
            changes = [i for i in (before, after) if signs[i] in "nefd" and signs[i - 1] != "B"]
            apart = any(TIES["number_after"].match(signs, i + 1) for i in changes)
            apart = apart or "t" in signs[before:after] + signs[after:before]
            if before in used or after in used or signed or apart or not same:
                continue
            used |= {before, after}
            pairs.append(_Pair(before, after, *match.span(), way))
    return sorted(pairs, key=_place)


def _pair_of(pairs: list[_Pair], at: int, match: re.Match[str], signs: str) -> _Pair | None:
    """Return the pair a change belongs to: the nearest without another subject in between."""
    best, distance = None, _NEAR
    begin = bisect_left(pairs, at - _WINDOW, key=_place)
    for pair in pairs[begin : bisect_right(pairs, at + _WINDOW, key=_place)]:
        first, last = sorted((pair.before, pair.after))
        if first < at < last:
            return pair
        between = signs[last + 1 : min(at, match.start())] if at > last else signs[match.end() : first]
        apart = abs(at - (last if at > last else first))
        resumed = at > last and between[-1:] == "Z" and match[0][0] in "UD"  # "; een afname van"
        if apart >= distance or (re.search("Z(?!E)", between) and not resumed):
            continue
        if at > last:
            other_subject = "E" not in between and _OTHER.search(between + match[0][:1])
            across = between.count("|") + 2 * between.count("t")  # "but 6% lower" is of another time
            words = between.rpartition("|")[2]
            # "Dat is een stijging van" and "A fall of" refer to the preceding sentence
            back = re.fullmatch("_?E_?", words) or "E" in match[0] or (not words and match[0][0] in "UD")
            if other_subject or across > 1 or (across and not back):
                continue
        elif re.search(r"[AC]_{2,}|[UD|t]", between) or signs[at] in between:
            continue
        elif not (pair.way or signs[first - 1] == "F" or set("CKTX") & set(between)):
            continue  # "3 times higher at 16 than at 12"
        best, distance = pair, apart
    return best


def _may_change(block: Block, pair: _Pair, at: int) -> bool:
    change, after = block.figures[at], block.figures[pair.after]
    points = block.signs[at] == "q" and after.kind == "percent"
    other = points or change.kind in ("percent", "ratio") or alike(change, after)
    return other and at not in (pair.before, pair.after)


def _own_way(change: Statement) -> str:
    falls = change.upper is not None and (change.upper < 0 or (change.kind == "ratio" and change.upper < 1))
    return "D" if falls else "U" if change.unit == "ratio" else ""


def _shares(block: Block, signs: str) -> Iterator[Relation]:
    for pattern in _SHARE:
        for match in pattern.finditer(signs):
            parts = block.at(match, "percent", "part", "whole")
            part, whole = parts["part"], parts["whole"]
            unlike = match.groupdict().get("same") and not alike(part, whole)
            unlike = unlike or TIES["from_to"].match(signs, match.start("whole") - 1)
            if unlike or part.kind != whole.kind or (part.lower or 0) > (whole.upper or 0):
                continue
            if (part.kind == "count" or part.unit == whole.unit) and (found := share(**parts)):
                yield found if part.is_claim else replace(found, sure="medium", why="note")
    for pattern in _RATIO:
        for match in pattern.finditer(signs):
            parts = block.at(match, "percent", "ratio")
            if OUT_OF.fullmatch(parts["ratio"].text) and (found := ratio(parts["percent"], parts["ratio"])):
                yield found


def _sums(block: Block, signs: str) -> Iterator[Relation]:
    sums: list[set[int]] = []
    for pattern in _SUM:
        for match in pattern.finditer(signs):
            groups = match.groupdict()
            kind = next((way for way in ("closed", "listed", "split") if groups.get(way)), "open")
            percent, rest = "whole" not in groups, kind == "closed" and "R" in signs[slice(*match.span(kind))]
            first = match.start("whole") + 1 if rest and not percent else match.start("list")
            sign = "p" if percent else signs[match.start("whole")]
            last = match.end() if rest else match.end("list")
            places = [at for at in range(first, last) if signs[at] == sign]
            every = {*places} if percent else {match.start("whole"), *places}
            nested = any(every <= others for others in sums)
            if len(places) < 2 or nested or (not percent and any(_other(signs, at) for at in places)):
                continue
            whole = None if percent else block.figures[match.start("whole")]
            units = {block.figures[at].unit for at in places}
            if whole and "Su" in signs[places[-1] : match.start("whole")] and whole.unit not in units:
                continue  # a total of something else
            relation = add_up([block.figures[at] for at in places], whole, kind)
            apart = len(places) > 2 and not set("ACZ") & set(signs[places[0] : places[1]])
            if relation and apart and relation.recomputed != relation.claimed.value:
                fewer = add_up([block.figures[at] for at in places[1:]], whole, kind)  # "the 3 lines: 210"
                relation = fewer if fewer and fewer.verdict != "inconsistent" else relation
            if relation:
                sums.append(every)
                yield relation
                break


def _other(signs: str, at: int) -> bool:
    """Return whether a figure is no part but a level reached, or a change."""
    return signs[at - 1] in "FOT" or TIES["number_after"].match(signs, at + 1) is not None

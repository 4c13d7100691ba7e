"""Relations of totals: lists in a sentence, and rows, columns and percentages of tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from osw_stats.claims.relation import Relation, add_up, change, share
from osw_stats.claims.signs import DATA, TIES, YEAR, Reading
from osw_stats.wording.scan import Statement
from osw_stats.wording.scan.tables import Table

_CHANGE = re.compile(DATA["change_column"], re.I)
_LAST = re.compile(DATA["last"])
Cells = Mapping[tuple[int, int], Statement]


def of_tables(grids: Sequence[Table], statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield the relations between the cells of each table of a text."""
    at = {s.start: s for s in statements}
    for table in grids:
        placed = [(cell, at.get(cell.span.start)) for cell in table.cells]
        cells = {(cell.row, cell.column): s for cell, s in placed if s}
        for relation in (*_totals(table, cells), *_shares(table, cells), *_changes(table, cells)):
            yield replace(relation, why="table")


def _totals(table: Table, cells: Cells) -> Iterator[Relation]:
    rows, columns = ({place[n] for place in cells} for n in (0, 1))
    columns -= {c for c in columns if _CHANGE.fullmatch(table.heads[c])}
    body = sorted(rows - table.total_rows - table.inner_rows)
    first = 0
    for total in sorted(table.total_rows):
        sums = []
        for column in sorted(columns):
            since_total = [cells[r, column] for r in body if first <= r < total and (r, column) in cells]
            so_far = [cells[r, column] for r in body if r < total and (r, column) in cells]
            sums += _best(cells.get((total, column)), since_total, so_far)
        yield from _near(sums)
        first = total + 1
    for column in sorted(table.total_columns):
        sums = []
        for row in sorted(rows):
            parts = [cells[row, c] for c in sorted(columns) if c < column and (row, c) in cells]
            sums += _best(cells.get((row, column)), parts)
        yield from _near(sums)


def _best(whole: Statement | None, *lists: list[Statement]) -> list[Relation]:
    """Return the sum that fits, over the rows since the last total or over all rows; else the first."""
    lists_of_kind = (p for p in lists if whole and len(p) > 1 and {s.kind for s in p} == {whole.kind})
    relations = [relation for parts in lists_of_kind if (relation := add_up(parts, whole, "closed"))]
    return sorted(relations, key=lambda r: r.verdict == "inconsistent")[:1]


def _mostly(relations: list[Relation]) -> bool:
    """Return whether most of some relations fit."""
    return sum(r.verdict != "inconsistent" for r in relations) * 2 > len(relations)


def _near(totals: list[Relation]) -> Iterator[Relation]:
    """Yield the totals of one row or column: all of them where most fit, else those that come near."""
    near = DATA["near_total"] * (2 if len(totals) == 1 else 1)  # without another total
    most = _mostly(totals)
    for r in totals:
        apart = abs(r.recomputed - r.claimed.value)
        if most or apart <= near * abs(r.claimed.value):  # also where the total is zero
            yield r


def _shares(table: Table, cells: Cells) -> Iterator[Relation]:
    """Yield the shares in a column of percentages, where most fit: of the total of the preceding column of counts, or of the count two columns before."""
    for column in sorted({c for _, c in cells}):
        rows = [r for r, c in sorted(cells) if c == column and (r, c - 1) in cells]
        ends = sorted(table.total_rows)
        totals = [(r, cells.get((next((t for t in ends if t > r), -1), column - 1))) for r in rows]
        for wholes in (totals, [(r, cells.get((r, column - 2))) for r in rows]):
            relations = []
            for row, whole in wholes:
                percent, part = cells[row, column], cells[row, column - 1]
                alike = whole and percent.kind == "percent" != part.kind and part.kind == whole.kind
                if whole and alike and (relation := share(percent, part, whole)):
                    relations.append(relation)
            if _mostly(relations):
                yield from relations
                break


def _changes(table: Table, cells: Cells) -> Iterator[Relation]:
    """Yield the changes in a column between the two columns before it, where most of them fit."""
    heads = table.heads
    for column in (c for c, words in enumerate(heads) if c and _CHANGE.fullmatch(words)):
        levels = [c for c in range(1, column) if not _CHANGE.fullmatch(heads[c])][-2:]
        years = [max(YEAR.findall(heads[c]), default="") for c in levels]
        others = {*YEAR.findall(heads[column])} - {*years}
        if len(levels) < 2 or bool(years[0]) != bool(years[1]) or others:
            continue
        levels = levels if years[0] <= years[1] else levels[::-1]
        rows = [r for r, c in sorted(cells) if c == column and all((r, level) in cells for level in levels)]
        signed = any(cells[r, column].text[0] == "+" or (cells[r, column].value or 0) < 0 for r in rows)
        found = [
            relation
            for r in rows
            if (relation := _changed(cells[r, column], cells[r, levels[0]], cells[r, levels[1]], signed))
        ]
        if _mostly(found) or (len(found) == 2 and len({r.verdict == "inconsistent" for r in found}) == 2):
            yield from found


def _changed(reported: Statement, before: Statement, after: Statement, signed: bool) -> Relation | None:
    if before.kind != after.kind:
        return None
    sign, level_sign = ("q", "p") if before.kind == "percent" else ("p", "n")
    way = ("D" if reported.value < 0 else "U") if signed and reported.value else ""
    return change(reported, sign, level_sign, {"before": before, "after": after}, way)


def of_lists(read: Reading, changed: set[int]) -> Iterator[Relation]:
    """Yield the lists of a sentence that add up to a figure near them, or to a hundred percent."""
    rows: dict[tuple[int, str], list[int]] = {}
    for at in read.places:
        more = read.signs[at] != "p" and read.way(at) in ("M", "L")  # "60 more than a year earlier"
        if at not in changed and not more and read.signs[at] in "nefp":
            rows.setdefault((read.sentence[at], read.signs[at]), []).append(at)
    used: set[int] = set()
    for relation, places in chain(_rests(read, rows), _items(read, rows)):
        used |= {*places}
        yield relation
    for (_, sign), row in rows.items():
        if not used.isdisjoint(row):
            continue
        if sign != "p" and (before := _whole_before(read, row)) is not None:
            row.insert(0, before)
        if len(row) < 3 and not (sign == "p" and len(row) == 2 and _two_in_brackets(read, *row)):
            continue
        total = _hundred(read, row) if sign == "p" else _total(read, row)
        if total:
            yield total


def _rests(read: Reading, rows: Mapping[tuple[int, str], list[int]]) -> Iterator[tuple[Relation, list[int]]]:
    """Yield totals given with some parts and then the remainder: "of the 137, 52 were issued. The remaining 85 ..."."""
    for (sentence, sign), row in rows.items():
        for at in row if sign != "p" else ():
            before = TIES["rest_before"].search(read.signs, max(0, at - 4), at)
            after = TIES["rest_after"].match(read.signs, at + 1)
            if not before and not after:
                continue
            parts = [i for i in row if i <= at]
            for earlier in (sentence - 1, sentence - 2):
                parts = [*(rows.get((earlier, sign), []) if len(parts) < 3 else ()), *parts]
            left = after or (before and "a" in before[0])
            whole = max(parts[:-1], key=lambda i: read.figure[i].value or 0, default=at)
            if len(parts) < 3 or not (left or read.signs[parts[0] - 1] in "FO"):
                continue
            if total := add_up([read.figure[i] for i in parts if i != whole], read.figure[whole], "closed"):
                yield total, parts


def _items(read: Reading, rows: Mapping[tuple[int, str], list[int]]) -> Iterator[tuple[Relation, list[int]]]:
    """Yield the totals of bulleted lists, and their percentages where these make a hundred."""
    first = 0
    for end in range(1, len(read.items) + 1):
        if end < len(read.items) and read.items[end] == read.items[end - 1] + 1:
            continue
        run, first = read.items[first:end], end
        for sign in "nefp":
            places = [at for n in run for at in rows.get((n, sign), [])]
            row = [at for at in places if at == rows[read.sentence[at], sign][0]]
            sums = [b for a, b in pairwise(places) if "S" in read.signs[a + 1 : b]]
            parts = [read.figure[at] for at in row if not sums or at < sums[0]]
            whole = read.figure[sums[0]] if sums else None
            if len(parts) < 2 or (whole is None and (sign != "p" or len(places) != len(run))):
                continue
            if relation := add_up(parts, whole, "closed" if whole else "open"):
                yield relation, places


def _whole_before(read: Reading, row: list[int]) -> int | None:
    """Return the only figure of this kind in the preceding sentence, "of these 30 were new and 40 old" or "they were 30 women and 40 men"."""
    start = read.signs.rfind("|", 0, row[0]) + 1
    labels = {sign for at in row for sign in read.signs[at + 1 : at + 4]}
    led = TIES["led"].fullmatch(read.signs[start : row[0]]) or read.signs.startswith("W", row[0] + 1)
    plain = len(row) > 2 and not any(read.figure[at].unit for at in row)
    led = led or (plain and "A" in read.signs[row[-2] : row[-1]]) or (len(row) == 2 and {"Y", "P"} <= labels)
    if not led or "W" in read.signs[row[0] + 2 : row[-1]]:
        return None
    near = read.near(row[0], read.signs[row[0]])
    wholes = [at for at in near if read.sentence[at] == read.sentence[row[0]] - 1]
    return wholes[0] if len(wholes) == 1 else None


def _hundred(read: Reading, row: list[int]) -> Relation | None:
    gaps = [read.signs[a + 1 : b] for a, b in pairwise(row)]
    changes = "R" not in gaps[-1] and any(read.way(at) in ("U", "D") for at in row)
    changes = changes or "I" in "".join(gaps)
    # "22% of callers ..., 47% ..., 31% ..."
    bases = [gaps[0].lstrip("FO"), *gaps[1:]] if len(gaps) > 1 else gaps
    if changes or not _listed(read, row) or any(map(TIES["own_base"].search, bases)):
        return None
    last = read.text[read.figure[row[-2]].end : read.figure[row[-1]].start]
    whole = (bool(_LAST.search(last)) or all("Q" in gap for gap in gaps)) and "Z" not in "".join(gaps)
    labelled = all(re.fullmatch("C_{1,4}", gap) for gap in gaps)  # "Income: fees 58%, sponsors 27%, bar 15%"
    headed = re.search("K_{1,4}\\Z", read.signs[max(0, row[0] - 6) : row[0]]) is not None
    whole = (whole or (labelled and headed)) and not TIES["goes_on"].match(read.signs, row[-1] + 1)
    kind = "closed" if "R" in gaps[-1] else "listed" if whole else "open"
    return add_up([read.figure[at] for at in row], None, kind)


def _two_in_brackets(read: Reading, left: int, right: int) -> bool:
    """Return whether two percentages in brackets follow the two parts of one whole: "split between A (61%) and B (39%)"."""
    between = read.signs[left + 1 : right]
    begins = read.signs.rfind("|", 0, left) + 1
    return bool(re.fullmatch("Q[^npqrxef|ZC]*J", between)) and "W" in read.signs[begins:left]


def _total(read: Reading, row: list[int]) -> Relation | None:
    for whole, parts in ((row[0], row[1:]), (row[-1], row[:-1])):
        if whole > parts[-1] and len(parts) > 2 and not _listed(read, parts[:2]):
            parts = parts[1:]  # "the 3 hotlines took 210, 145 and 95 reports, 450 in all"
        if not _listed(read, parts):
            continue
        if whole > parts[-1] and read.crossed(parts[-1], whole):
            continue
        summed = "S" in read.signs[whole + 1 : whole + 3] or {*"SE"} & {*read.signs[parts[-1] : whole]}
        tie, kind = _parted(read, whole, parts) if whole < parts[0] else (bool(summed), "closed")
        relation = add_up([read.figure[at] for at in parts], read.figure[whole], kind)
        many = len(parts) > 2 or (relation and relation.claimed.value >= DATA["smallest"])
        if relation and (tie or (many and relation.verdict != "inconsistent")):
            return relation
    return None


def _parted(read: Reading, whole: int, parts: list[int]) -> tuple[bool, str]:
    """Return whether a total is tied to the parts after it, and the kind of list they form."""
    signs = read.signs
    between, names = signs[whole + 1 : parts[0]], signs[parts[0] : parts[-1] + 4]
    of, last = signs[whole - 1] in "FO", signs[parts[-2] : parts[-1]]
    inside = "J" in between and "Q" not in signs[whole : parts[-1]]
    sexes = "C" in between and {"Y", "P"} <= set(names)
    tie = inside or sexes or bool(set("KWE") & set(between)) or signs.startswith("W", parts[0] + 1)
    if "R" in last or "Wa" in between:  # "the rest"; "made up of"
        return True, "closed"
    if of and len(parts) == 2 and TIES["negated"].match(signs, parts[-1] + 1):
        return True, "split"
    each = "A" in last and all("Q" in signs[a:b] and "J" in signs[a:b] for a, b in pairwise(parts))
    if each or (inside and "Q" in signs[parts[-1] : parts[-1] + 6]):
        return True, "bracketed"
    if len(parts) == 2 and {"V", "H"} <= set(names):
        return True, "split"
    kind = "led" if "|" in between else "listed" if "A" in last and tie else "loose"
    return kind == "led" or tie or (of and "A" in last and len(parts) > 2), kind


def _listed(read: Reading, row: list[int]) -> bool:
    """Return whether figures form one list, with no words that compare them."""
    gaps = [read.signs[a + 1 : b] for a, b in pairwise(row)]
    # figures in brackets belong to a label, whose words may compare: "less safe (38%)"
    plain = [re.sub("[ML]N?", "_", gap) if gap.startswith("Q") else gap for gap in gaps]
    return all(re.search("[ACZ]|Q.*J", gap) and not TIES["compared"].search(gap) for gap in plain)

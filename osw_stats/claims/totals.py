"""Relations of totals: lists in a sentence, and rows, columns and percentages of tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from osw_stats.claims.relation import Relation, add_up, change, share
from osw_stats.claims.signs import DATA, TIES, YEAR, Reading
from osw_stats.wording.scan import Statement
from osw_stats.wording.scan.tables import Table

_CHANGE = re.compile(DATA["change_column"], re.I)
Cells = Mapping[tuple[int, int], Statement]


def of_tables(found: Sequence[Table], statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield what the cells of each table of a text say of each other."""
    at = {s.start: s for s in statements}
    for table in found:
        cells = {
            (cell.row, cell.column): at[cell.span.start] for cell in table.cells if cell.span.start in at
        }
        for relation in (*_totals(table, cells), *_shares(table, cells), *_changes(table, cells)):
            yield replace(relation, why="table")


def _totals(table: Table, cells: Cells) -> Iterator[Relation]:
    rows, columns = ({place[n] for place in cells} for n in (0, 1))
    columns -= {c for c in columns if _CHANGE.fullmatch(table.heads[c])}
    body = sorted(rows - table.total_rows)
    for column in sorted(columns):
        first = 0
        for total in sorted(table.total_rows):
            own = [cells[row, column] for row in range(first, total) if (row, column) in cells]
            every = [cells[r, column] for r in body if r < total and (r, column) in cells]
            yield from _best(cells.get((total, column)), own, every)
            first = total + 1
    for column in sorted(table.total_columns):
        for row in sorted(rows):
            parts = [cells[row, c] for c in sorted(columns) if c < column and (row, c) in cells]
            yield from _best(cells.get((row, column)), parts)


def _best(whole: Statement | None, *lists: list[Statement]) -> Iterator[Relation]:
    """Yield the sum that fits, of the rows since the last total or of all; else the first that comes near."""
    alike = (p for p in lists if whole and len(p) > 1 and {s.kind for s in p} == {whole.kind})
    found = [relation for parts in alike if (relation := add_up(parts, whole, "closed"))]
    apart = ((abs(r.recomputed - r.claimed.value), r) for r in found)
    near = [r for size, r in apart if size <= DATA["near_total"] * abs(r.claimed.value)]  # of nought as well
    yield from sorted(near, key=lambda r: r.verdict == "inconsistent")[:1]


def _shares(table: Table, cells: Cells) -> Iterator[Relation]:
    """Yield the shares of a column of percentages in the total of the column of counts before it, where most are that."""
    for column in sorted({c for _, c in cells}):
        for total in sorted(table.total_rows):
            whole = cells.get((total, column - 1))
            rows = [r for r, c in sorted(cells) if c == column and r < total and (r, c - 1) in cells]
            if whole is None or whole.kind == "percent":
                continue
            found = []
            for row in rows:
                percent, part = cells[row, column], cells[row, column - 1]
                alike = percent.kind == "percent" and part.kind == whole.kind
                if alike and (relation := share(percent, part, whole)):
                    found.append(relation)
            if sum(r.verdict != "inconsistent" for r in found) * 2 > len(found):
                yield from found


def _changes(table: Table, cells: Cells) -> Iterator[Relation]:
    """Yield what a column of changes says of the two columns before it, where most of it is that."""
    heads = table.heads
    for column in (c for c, words in enumerate(heads) if c and _CHANGE.fullmatch(words)):
        two = [c for c in range(1, column) if not _CHANGE.fullmatch(heads[c])][-2:]
        years = [max(YEAR.findall(heads[c]), default="") for c in two]
        others = {*YEAR.findall(heads[column])} - {*years}
        if len(two) < 2 or bool(years[0]) != bool(years[1]) or others:
            continue
        two = two if years[0] <= years[1] else two[::-1]
        rows = [r for r, c in sorted(cells) if c == column and all((r, level) in cells for level in two)]
        signed = any(cells[r, column].text[0] == "+" or (cells[r, column].value or 0) < 0 for r in rows)
        found = [
            told
            for r in rows
            if (told := _changed(cells[r, column], cells[r, two[0]], cells[r, two[1]], signed))
        ]
        fits = sum(r.verdict != "inconsistent" for r in found)
        if fits * 2 > len(found) or (fits == 1 and len(found) == 2):
            yield from found


def _changed(said: Statement, before: Statement, after: Statement, signed: bool) -> Relation | None:
    if before.kind != after.kind:
        return None
    sign, levels = ("q", "p") if before.kind == "percent" else ("p", "n")
    way = ("D" if said.value < 0 else "U") if signed and said.value else ""
    return change(said, sign, levels, {"before": before, "after": after}, way)


def of_lists(read: Reading, changed: set[int]) -> Iterator[Relation]:
    """Yield the lists of a sentence that reach a figure beside them, or a hundred percent."""
    rows: dict[tuple[int, str], list[int]] = {}
    for at in read.places:
        more = read.signs[at] != "p" and read.way(at) in ("M", "L")  # "60 more than a year earlier"
        if at not in changed and not more and read.signs[at] in "nefp":
            rows.setdefault((read.sentence[at], read.signs[at]), []).append(at)
    for (_, sign), row in rows.items():
        if sign != "p" and (before := _whole_before(read, row)) is not None:
            row.insert(0, before)
        if len(row) < 3:
            continue
        found = _hundred(read, row) if sign == "p" else _total(read, row)
        if found:
            yield found


def _whole_before(read: Reading, row: list[int]) -> int | None:
    """Return the only such figure of the sentence before, "of these 30 were new and 40 old" or "they were 30 women and 40 men"."""
    start = read.signs.rfind("|", 0, row[0]) + 1
    labels = {sign for at in row for sign in read.signs[at + 1 : at + 4]}
    led = TIES["led"].fullmatch(read.signs[start : row[0]]) or (len(row) == 2 and {"Y", "P"} <= labels)
    if not led or "W" in read.signs[row[0] : row[-1]]:
        return None
    wholes = [
        at for at in read.near(row[0], read.signs[row[0]]) if read.sentence[at] == read.sentence[row[0]] - 1
    ]
    return wholes[0] if len(wholes) == 1 else None


def _hundred(read: Reading, row: list[int]) -> Relation | None:
    gaps = [read.signs[a + 1 : b] for a, b in pairwise(row)]
    changes = "R" not in gaps[-1] and any(read.way(at) in ("U", "D") for at in row)
    changes = changes or "I" in "".join(gaps)
    if changes or not _listed(read, row) or any(map(TIES["own_base"].search, gaps)):
        return None
    whole = ("A" in gaps[-1] or all("Q" in gap for gap in gaps)) and "Z" not in "".join(gaps)
    whole = whole and not TIES["goes_on"].match(read.signs, row[-1] + 1)
    return add_up([read.figure[at] for at in row], None, "listed" if whole else "open")


def _total(read: Reading, row: list[int]) -> Relation | None:
    for whole, parts in ((row[0], row[1:]), (row[-1], row[:-1])):
        if whole > parts[-1] and len(parts) > 2 and not _listed(read, parts[:2]):
            parts = parts[1:]  # "the 3 hotlines took 210, 145 and 95 reports, 450 in all"
        if not _listed(read, parts):
            continue
        if whole > parts[-1] and read.crossed(parts[-1], whole):
            continue
        tie, how = _parted(read, whole, parts) if whole < parts[0] else _summed(read, whole, parts)
        found = add_up([read.figure[at] for at in parts], read.figure[whole], how)
        many = len(parts) > 2 or (found and found.claimed.value >= DATA["smallest"])
        if found and (tie or (many and found.verdict != "inconsistent")):
            return found
    return None


def _parted(read: Reading, whole: int, parts: list[int]) -> tuple[bool, str]:
    """Return whether a whole is tied to the parts behind it, and how they may add up to it."""
    signs = read.signs
    between, names = signs[whole + 1 : parts[0]], signs[parts[0] : parts[-1] + 4]
    of, last = signs[whole - 1] in "FO", signs[parts[-2] : parts[-1]]
    inside = "J" in between and "Q" not in signs[whole : parts[-1]]
    sexes = "C" in between and {"Y", "P"} <= set(names)
    tie = inside or sexes or bool(set("KWE") & set(between))
    if "R" in last:
        return True, "closed"
    if of and len(parts) == 2 and TIES["negated"].match(signs, parts[-1] + 1):
        return True, "split"
    how = "led" if "|" in between else "listed" if "A" in last and tie else "loose"
    return how == "led" or tie or (of and "A" in last and len(parts) > 2), how


def _summed(read: Reading, whole: int, parts: list[int]) -> tuple[bool, str]:
    tie = "S" in read.signs[whole + 1 : whole + 3] or bool(set("SE") & set(read.signs[parts[-1] : whole]))
    return tie, "closed"


def _listed(read: Reading, row: list[int]) -> bool:
    """Return whether figures stand in one list, with nothing that compares them."""
    gaps = [read.signs[a + 1 : b] for a, b in pairwise(row)]
    return all(re.search("[ACZ]|Q.*J", gap) and not TIES["compared"].search(gap) for gap in gaps)

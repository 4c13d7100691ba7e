"""Relations in the tables of a text: totals of rows and columns, and percentages of the column beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from osw_stats.claims.relation import Relation, add_up, share
from osw_stats.claims.signs import DATA
from osw_stats.wording.scan import Statement
from osw_stats.wording.scan.tables import Table

Cells = Mapping[tuple[int, int], Statement]


def of_tables(found: Sequence[Table], statements: Sequence[Statement]) -> Iterator[Relation]:
    """Yield what the cells of each table of a text say of each other."""
    at = {s.start: s for s in statements}
    for table in found:
        cells = {
            (cell.row, cell.column): at[cell.span.start] for cell in table.cells if cell.span.start in at
        }
        for relation in (*_totals(table, cells), *_shares(table, cells)):
            yield replace(relation, why="table")


def _totals(table: Table, cells: Cells) -> Iterator[Relation]:
    rows, columns = ({place[n] for place in cells} for n in (0, 1))
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
    near = [r for r in found if abs(r.recomputed / r.claimed.value - 1) <= DATA["near_total"]]
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

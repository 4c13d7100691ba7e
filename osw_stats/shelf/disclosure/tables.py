"""Suppression of counts in tables, over all tables and editions published together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure import counts
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, Code, name_of

REST = "rest"  # the residual of a total over its parts: not assignable, or in parts that no table shows
Cell = tuple[Any, ...]
Counts = Mapping[Cell, float | None]  # by cell of a table; None where withheld by the publisher


@dataclass(frozen=True)
class Figure:
    """A count of a cell as published; a revised count is another figure."""

    cell: Cell
    count: float | None  # None: unknown
    edition: int = 0  # the table that an unknown sum belongs to

    def __str__(self) -> str:
        return name_of(self.cell)


def protect(
    frame: pd.DataFrame,
    by: Sequence[str],
    *,
    count: str = "count",
    total: str = "total",
    within: pd.DataFrame | None = None,
    earlier: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Return a table without its small counts, and without those from which they could be recovered.

    `frame` has one count a row, identified by the columns `by`, with all tables published together stacked; NaN where the
    publisher withholds a count, `total` in a column of `by` for everybody. `within` gives the nesting of values: that
    column, `within`, any other of `by` in which it differs, and `kind` where parts of several kinds each make up the whole;
    the count of a whole is taken to be known, even where no row has it. Values nested in none belong to `total`. Figures
    that `earlier` editions (oldest first) showed protect nothing, and those they suppressed stay suppressed.

    `count` is NaN where suppressed, and `suppression_reason` is "primary", "complementary", "confidential" (one of these),
    "withheld" by the publisher, or "". GivenAwayError, with the cell, where no suppression protects one.

    >>> table = pd.DataFrame({"sex": ["f", "m", "x", "total"], "count": [40, 12, 3, 55]})
    >>> protect(table, ["sex"]).to_numpy().tolist()
    [['f', 40.0, ''], ['m', nan, 'complementary'], ['x', nan, 'primary'], ['total', 55.0, '']]
    """
    tables: list[Counts] = []
    published: dict[Figure, Code] = {}
    for table in (*earlier, frame):
        cells = list(table[list(by)].itertuples(index=False, name=None))
        if len(set(cells)) < len(cells):
            duplicate = name_of(next(cell for cell in cells if cells.count(cell) > 1))
            raise InputError("occurs twice", "Give each count once.", column=count, value=duplicate)
        numbers = [None if pd.isna(n) else float(n) for n in table[count]]
        tables.append(dict(zip(cells, numbers, strict=True)))
        codes = _Editions(tables, list(by), total, within).codes(published)
        figures = [Figure(cell, n) for cell, n in zip(cells, numbers, strict=True)]
        published |= {figure: codes.get(figure, "withheld") for figure in figures}
    why = pd.Series([published[figure] for figure in figures], frame.index, dtype="object")
    return frame.assign(**{count: frame[count].mask(~why.isin(["", "withheld"])), "suppression_reason": why})


class _Editions:
    """Tables of several editions about the same people: their figures, and the sums that link them."""

    def __init__(
        self, tables: Sequence[Counts], by: list[str], total: str, within: pd.DataFrame | None
    ) -> None:
        self._by, self._total, self._within = by, total, within
        cells = [cell for table in tables for cell in table]
        self._added = {name for i, name in enumerate(by) if any(cell[i] == total for cell in cells)}
        self.figures: dict[Figure, float | None] = {}
        self.public: set[Figure] = set()
        self.unpublished: set[Figure] = set()
        self.relations: dict[tuple[Figure, ...], None] = {}
        newest = {cell: n for table in tables for cell, n in table.items()}
        newest |= {cell: n for table in tables for cell, n in table.items() if n is not None}
        for i, table in enumerate(tables):
            values = {cell: newest[cell] if n is None else n for cell, n in table.items()}
            # with all counts of other editions, with those of the same labels, and on its own
            labels = [set(column) for column in zip(*values, strict=True)]
            same_labels = {c: n for c, n in newest.items() if all(map(set.__contains__, labels, c))}
            fitting: set[Any] = set()
            for wider in (newest, same_labels):
                fitting |= self._add(wider | values, i) if wider.keys() > values.keys() else set()
            self._add(values, i, fitting)
        self.unpublished -= {Figure(cell, n) for table in tables for cell, n in table.items()}

    def codes(self, known: Mapping[Figure, Code]) -> dict[Figure, Code]:
        """Return the code of every figure; `known` holds the codes of earlier editions."""
        public = self.public | {figure for figure, code in known.items() if code == ""}
        relations = [(whole, parts) for whole, *parts in self.relations]
        if None in self.figures.values() and not counts.fit(self.figures, relations):
            # sums over withheld counts, or over rows of which some are missing, need a residual to hold
            for i, (whole, parts) in enumerate(relations):
                if None in {figure.count for figure in (whole, *parts)}:
                    parts.append(Figure((*whole.cell, REST), None, i))
                    self.figures[parts[-1]] = None
                    self.unpublished.add(parts[-1])
        hidden = self.unpublished - public
        return counts.protect(self.figures, relations, public=public, earlier=known, unpublished=hidden)[1]

    def _add(self, known: Counts, edition: int, seen: set[Any] | None = None) -> set[Any]:
        """Add the figures and sums that these counts imply; return the totals, by column, consistent with their parts."""
        # `seen` are those consistent with more counts, whose residual is unknown; without it inconsistent sums are skipped
        counted = dict(known)
        # totals that no row holds, such as row totals where only the grand total is published
        while missing := self._missing(counted):
            counted |= missing
        figures = {
            cell: Figure(cell, n, edition * (n is None)) for cell, n in counted.items() if cell not in known
        }
        self.unpublished |= set(figures.values())
        figures |= {cell: Figure(cell, n) for cell, n in known.items()}
        self.figures |= {figure: figure.count for figure in figures.values()}
        fitting = set()
        for total, cells, column, kept in self._sums(counted):
            whole, parts = figures[total], [figures[p] for p in cells]
            if kept and (total not in known or _over(parts, whole)) and None not in {p.count for p in parts}:
                whole = Figure(total, sum(p.count or 0 for p in parts))
                self.figures[whole] = whole.count
                self.public.add(whole)
            if _over(parts, whole) and (seen is None or total not in known):
                continue
            fitting.add((whole, column))
            rest = self._rest(whole, parts, column, seen=not seen or (whole, column) not in seen)
            self.relations[(whole, *parts, *rest)] = None
        return fitting

    def _rest(self, whole: Figure, parts: list[Figure], column: str, *, seen: bool) -> list[Figure]:
        """Return the residual of a whole over its parts, if there is one."""
        counted = [part.count for part in parts if part.count is not None]
        if whole.count is None or len(counted) < len(parts) or sum(counted) >= whole.count:
            return []
        rest = Figure((*whole.cell, REST, column), whole.count - sum(counted))
        self.figures[rest] = rest.count
        public = seen and sum(counted) + MIN_COUNT <= whole.count and whole not in self.unpublished
        (self.public if public else self.unpublished).add(rest)
        return [rest]

    def _missing(self, counted: Counts) -> dict[Cell, float | None]:
        """Return the sums that are not cells of the table; the largest where there are several."""
        missing: dict[Cell, float | None] = {}
        for whole, parts, *_ in self._sums(counted):
            numbers = [n for n in map(counted.get, parts) if n is not None]
            if whole not in counted:
                complete = [sum(numbers)] if len(numbers) == len(parts) else []
                previous = missing.get(whole)
                missing[whole] = max([*complete, *([] if previous is None else [previous])], default=None)
        return missing

    def _sums(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, list[Cell], str, bool]]:
        """Yield every total, its parts, the column along which they add up, and whether `within` states it."""
        frame = pd.DataFrame(list(cells), columns=self._by)
        frame["cell"] = list(cells)
        nesting = self._within if self._within is not None else pd.DataFrame({"within": []})
        for name in self._by:
            joined, outer = [], frame[frame[name] != self._total]
            if name in nesting:
                joined.append((frame.merge(nesting, on=[c for c in self._by if c in nesting]), True))
                outer = outer[~outer[name].isin(nesting[name])]
            if name in self._added and not (name in nesting and nesting["within"].eq(self._total).any()):
                joined.append((outer.assign(within=self._total), False))
            for table, stated in joined:
                keys = [*(c for c in self._by if c != name), "within", *(["kind"] if "kind" in table else [])]
                for key, parts in table.groupby(keys, sort=False, dropna=False)["cell"]:
                    values = dict(zip(keys, key, strict=True))
                    cell = tuple(values["within"] if c == name else values[c] for c in self._by)
                    yield cell, list(parts), name, stated


def _over(parts: Iterable[Figure], whole: Figure) -> bool:
    return whole.count is not None and sum(part.count or 0 for part in parts) > whole.count

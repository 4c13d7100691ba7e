"""Tables of counts in, the same tables out without what must not be shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure import counts
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, Code, name_of

REST = "rest"  # what a total holds beside its parts: not assignable, or of parts that are in no table
Cell = tuple[Any, ...]
Counts = Mapping[Cell, float | None]  # of the cells of a table; None where the publisher withholds one


@dataclass(frozen=True)
class Figure:
    """A count of a cell as readers may have seen it: after a revision it is another."""

    cell: Cell
    count: float | None  # None: nobody knows it
    at: int = 0  # of which table a sum is that nobody knows

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
    """Return a table without the counts that are small, and without others from which those would follow.

    `frame` has one count a row (`by` says of what), all tables that are published together below each other; NaN where the
    publisher withholds one, `total` in a column of `by` for everybody. `within` says which value of a column lies in which:
    that column, `within`, any other of `by` in which it differs, and `kind` where parts of several kinds each make up the
    whole; the count of a whole is taken to be known, also where no row has it. What lies in none lies in `total`. What `earlier`
    editions, the oldest first, showed protects nothing, and what they hid stays hidden.

    `count` is NaN where hidden, and `suppression_reason` is "primary", "complementary", "confidential" (one of these),
    "withheld" by the publisher, or "". GivenAwayError, with the cell, where nothing can hide one.

    >>> table = pd.DataFrame({"sex": ["f", "m", "x", "total"], "count": [40, 12, 3, 55]})
    >>> protect(table, ["sex"]).to_numpy().tolist()
    [['f', 40.0, ''], ['m', nan, 'complementary'], ['x', nan, 'primary'], ['total', 55.0, '']]
    """
    tables: list[Counts] = []
    told: dict[Figure, Code] = {}
    for table in (*earlier, frame):
        cells = list(table[list(by)].itertuples(index=False, name=None))
        if len(set(cells)) < len(cells):
            twice = name_of(next(cell for cell in cells if cells.count(cell) > 1))
            raise InputError("occurs twice", "Give each count once.", column=count, value=twice)
        numbers = [None if pd.isna(n) else float(n) for n in table[count]]
        tables.append(dict(zip(cells, numbers, strict=True)))
        codes = _Editions(tables, list(by), total, within).codes(told)
        now = [Figure(cell, n) for cell, n in zip(cells, numbers, strict=True)]
        told |= {figure: codes.get(figure, "withheld") for figure in now}
    why = pd.Series([told[figure] for figure in now], frame.index, dtype="object")
    return frame.assign(**{count: frame[count].mask(~why.isin(["", "withheld"])), "suppression_reason": why})


class _Editions:
    """All that tables of several editions say of the same people: figures, and the sums that bind them."""

    def __init__(
        self, tables: Sequence[Counts], by: list[str], total: str, within: pd.DataFrame | None
    ) -> None:
        self._by, self._total, self._within = by, total, within
        cells = [cell for table in tables for cell in table]
        self._added = {name for at, name in enumerate(by) if any(cell[at] == total for cell in cells)}
        self.figures: dict[Figure, float | None] = {}
        self.public: set[Figure] = set()
        self.unpublished: set[Figure] = set()
        self.relations: dict[tuple[Figure, ...], None] = {}
        newest = {cell: n for table in tables for cell, n in table.items()}
        newest |= {cell: n for table in tables for cell, n in table.items() if n is not None}
        for at, table in enumerate(tables):
            own = {cell: newest[cell] if n is None else n for cell, n in table.items()}
            # with all counts that only others have where these fit, with those of the same labels, and by itself
            labels = [set(column) for column in zip(*own, strict=True)]
            alike = {c: n for c, n in newest.items() if all(map(set.__contains__, labels, c))}
            told: set[Any] = set()
            for more in (newest, alike):
                told |= self._add(more | own, at) if more.keys() > own.keys() else set()
            self._add(own, at, told)
        self.unpublished -= {Figure(cell, n) for table in tables for cell, n in table.items()}

    def codes(self, told: Mapping[Figure, Code]) -> dict[Figure, Code]:
        """Return the code of every figure; `told` are those that readers know."""
        public = self.public | {figure for figure, code in told.items() if code == ""}
        relations = [(whole, parts) for whole, *parts in self.relations]
        if None in self.figures.values() and not counts.fit(self.figures, relations):
            # somebody who adds up what is withheld, or rows of which some are missing, is mistaken
            for at, (whole, parts) in enumerate(relations):
                if None in {figure.count for figure in (whole, *parts)}:
                    parts.append(Figure((*whole.cell, REST), None, at))
                    self.figures[parts[-1]] = None
                    self.unpublished.add(parts[-1])
        hidden = self.unpublished - public
        return counts.protect(self.figures, relations, public=public, earlier=told, unpublished=hidden)[1]

    def _add(self, known: Counts, at: int, told: set[Any] | None = None) -> set[Any]:
        """Add what somebody knows who has these counts; return the totals, along a column, that fit their parts."""
        # `told` are those that did with more counts, of which nobody knows the rest; without it what does not fit is left out
        counted = dict(known)
        # totals that stand in no row, such as those of rows where only that of all is given
        while missing := self._missing(counted):
            counted |= missing
        figures = {
            cell: Figure(cell, n, at * (n is None)) for cell, n in counted.items() if cell not in known
        }
        self.unpublished |= set(figures.values())
        figures |= {cell: Figure(cell, n) for cell, n in known.items()}
        self.figures |= {figure: figure.count for figure in figures.values()}
        fitting = set()
        for total, parts, column, kept in self._sums(counted):
            whole, of = figures[total], [figures[part] for part in parts]
            if kept and (total not in known or _more(of, whole)) and None not in {part.count for part in of}:
                whole = Figure(total, sum(part.count or 0 for part in of))
                self.figures[whole] = whole.count
                self.public.add(whole)
            if _more(of, whole) and (told is None or total not in known):
                continue
            fitting.add((whole, column))
            rest = self._rest(whole, of, column, told=not told or (whole, column) not in told)
            self.relations[(whole, *of, *rest)] = None
        return fitting

    def _rest(self, whole: Figure, parts: list[Figure], column: str, *, told: bool) -> list[Figure]:
        """Return what a whole holds beside its parts, where it does."""
        of = [part.count for part in parts if part.count is not None]
        if whole.count is None or len(of) < len(parts) or sum(of) >= whole.count:
            return []
        rest = Figure((*whole.cell, REST, column), whole.count - sum(of))
        self.figures[rest] = rest.count
        public = told and sum(of) + MIN_COUNT <= whole.count and whole not in self.unpublished
        (self.public if public else self.unpublished).add(rest)
        return [rest]

    def _missing(self, counted: Counts) -> dict[Cell, float | None]:
        """Return the sums of cells that are no cells themselves; of several the largest."""
        missing: dict[Cell, float | None] = {}
        for whole, parts, *_ in self._sums(counted):
            numbers = [n for n in map(counted.get, parts) if n is not None]
            if whole not in counted:
                complete = [sum(numbers)] if len(numbers) == len(parts) else []
                before = missing.get(whole)
                missing[whole] = max([*complete, *([] if before is None else [before])], default=None)
        return missing

    def _sums(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, list[Cell], str, bool]]:
        """Yield every total, the cells that lie in it, along which column, and whether `within` says so."""
        frame = pd.DataFrame(list(cells), columns=self._by)
        frame["cell"] = list(cells)
        lies = self._within if self._within is not None else pd.DataFrame({"within": []})
        for name in self._by:
            joined, outer = [], frame[frame[name] != self._total]
            if name in lies:
                joined.append((frame.merge(lies, on=[c for c in self._by if c in lies]), True))
                outer = outer[~outer[name].isin(lies[name])]
            if name in self._added and not (name in lies and lies["within"].eq(self._total).any()):
                joined.append((outer.assign(within=self._total), False))
            for table, named in joined:
                keys = [*(c for c in self._by if c != name), "within", *(["kind"] if "kind" in table else [])]
                for place, parts in table.groupby(keys, sort=False, dropna=False)["cell"]:
                    of = dict(zip(keys, place, strict=True))
                    cell = tuple(of["within"] if c == name else of[c] for c in self._by)
                    yield cell, list(parts), name, named


def _more(parts: Iterable[Figure], whole: Figure) -> bool:
    return whole.count is not None and sum(part.count or 0 for part in parts) > whole.count

"""Tables of counts in, the same tables out without what must not be shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure import counts
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, Code, name_of

SUM = "sum"  # of parts whose total is in no row, or was revised since
REST = "rest"  # what a total holds beside its parts: not assignable, or of parts that are in no table
Cell = tuple[Any, ...]
Known = dict[Cell, tuple[float, Code]]  # of earlier tables: the count of a cell, and its code


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
    whole; the count of a whole is taken to be known, also where no row has it. What `earlier` editions, the oldest first,
    showed protects nothing, and what they hid stays hidden.

    `count` is NaN where hidden, and `suppression_reason` is "primary", "complementary", "confidential" (one of these),
    "withheld" by the publisher, or "". GivenAwayError, with the cell, where nothing can hide one.

    >>> table = pd.DataFrame({"sex": ["f", "m", "x", "total"], "count": [40, 12, 3, 55]})
    >>> protect(table, ["sex"]).to_numpy().tolist()
    [['f', 40.0, ''], ['m', nan, 'complementary'], ['x', nan, 'primary'], ['total', 55.0, '']]
    """
    known: Known = {}
    for table in (*earlier, frame):
        cells = list(table[list(by)].itertuples(index=False, name=None))
        if len(set(cells)) < len(cells):
            twice = name_of(next(cell for cell in cells if cells.count(cell) > 1))
            raise InputError("stands twice", "Give each count once.", column=count, value=twice)
        now = dict(zip(cells, table[count].astype(float), strict=True))
        codes = _codes(now, known, list(by), total, within)
        known |= {cell: (n, codes[cell]) for cell, n in zip(cells, table[count], strict=True)}
    why = pd.Series([codes[cell] for cell in cells], frame.index, dtype="object")
    return frame.assign(**{count: frame[count].mask(~why.isin(["", "withheld"])), "suppression_reason": why})


def _codes(
    now: dict[Cell, float], known: Known, by: list[str], total: str, within: pd.DataFrame | None
) -> dict[Any, Code]:
    """Return the code of every cell, those of earlier tables and rests among them."""
    figures: dict[Any, float | None] = {**{cell: n for cell, (n, _) in known.items()}, **now}
    same = {cell: code for cell, (n, code) in known.items() if figures[cell] == n}
    public = {cell for cell, code in same.items() if code == ""}
    relations: list[tuple[Any, list[Any]]] = []
    for whole, parts, kept in _sums(figures, by, total, within):
        numbers = [n for part in parts if (n := figures[part]) is not None and n == n]
        complete, of_parts, now_only = len(numbers) == len(parts), sum(numbers), {whole, *parts} <= set(now)
        there = figures.get(whole)
        if there is not None and (there >= of_parts or now_only):
            if complete and there > of_parts:
                rest = (*whole, REST, parts[0])
                figures[rest] = there - of_parts
                public |= {rest} if there - of_parts >= MIN_COUNT else set()
                parts = [*parts, rest]
        elif there is None or complete:
            whole = (*whole, SUM, *parts[:1])
            figures[whole] = of_parts if complete and kept else None
            public |= {whole} if complete and kept else set()
        else:
            continue
        relations.append((whole, parts))
    hidden = {cell: code for cell, code in same.items() if code}
    return counts.protect(figures, relations, public=public, earlier=hidden)[1]


def _sums(
    cells: Iterable[Cell], by: list[str], total: str, within: pd.DataFrame | None
) -> Iterator[tuple[Cell, list[Cell], bool]]:
    """Yield every total, the cells that lie in it, and whether `within` says so."""
    frame = pd.DataFrame(list(cells), columns=by)
    frame["cell"] = list(cells)
    for name in by:
        named = within is not None and name in within
        if within is not None and named:
            joined = frame.merge(within, on=[c for c in by if c in within])
        elif frame[name].eq(total).any():
            joined = frame[frame[name] != total].assign(within=total)
        else:
            continue
        keys = [*(other for other in by if other != name), "within", *(["kind"] if "kind" in joined else [])]
        for place, parts in joined.groupby(keys, sort=False)["cell"]:
            of = dict(zip(keys, place, strict=True))
            yield tuple(of["within"] if c == name else of[c] for c in by), list(parts), named

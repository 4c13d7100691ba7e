"""Hide small counts in tables that hang together, so that no sum gives them away.

All tables that are published about the same people are one system: every figure has a key, and the same figure has
the same key in every table, language and edition. A relation names a total and its parts. First the row rule along
every relation, then an audit of what is left open, and more is hidden until the audit passes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from osw_stats.analysis.disclosure.feasible import System
from osw_stats.analysis.disclosure.thresholds import MIN_COUNT
from osw_stats.errors import InputError

# "" shown; small: below the threshold; secondary: hidden to protect another; withheld: the publisher gave no figure
Reason = Literal["", "small", "secondary", "withheld"]
Key = Any  # anything hashable
Relations = Sequence[tuple[Key, Sequence[Key]]]


def protect(
    figures: Mapping[Key, int | float | None],
    relations: Relations,
    *,
    threshold: int = MIN_COUNT,
    public: Iterable[Key] = (),
) -> dict[Key, Reason]:
    """Return for every figure why it must be hidden; "" where it may be shown.

    Parameters
    ----------
    figures
        Counts by key; None or NaN where the publisher withholds one.
    relations
        Totals with their parts, over all tables that are published together or were before.
    threshold
        Counts from 1 up to this are hidden; zeros stay.
    public
        Keys of figures that are known whatever we do: of an earlier edition, or a publisher's own total. They are
        shown, also where they are small, and nothing hidden may follow from them.

    Raises
    ------
    InputError
        If a figure is no count, a relation names an unknown figure or does not add up, or no way of hiding
        protects a figure against what is public already.

    Notes
    -----
    After hiding, every count below the threshold may still be any number from 1 up to it, and no other hidden
    figure can be worked out, by whole numbers that fit every sum. (Zeros stay, so a small total is at least the
    number of its parts that are not zero.) Somebody who also knows this rule, and the counts
    of others, can know more: that is not defended. Hundepool and others (2012), Statistical Disclosure Control,
    chapter 4; Fischetti and Salazar (2001), Management Science 47, for the audit.

    Examples
    --------
    >>> protect({"a": 12, "b": 3, "c": 40, "all": 55}, [("all", ["a", "b", "c"])])
    {'a': 'secondary', 'b': 'small', 'c': '', 'all': ''}
    """
    work = _Work(figures, relations, threshold, set(public))
    while True:
        work.row_rule()
        weak = work.first_given_away()
        if weak is None:
            return {key: work.reasons[at] for at, key in enumerate(work.keys)}
        work.hide_beside(weak)


class _Work:
    """The figures of one system by position, and why each is hidden so far."""

    def __init__(
        self,
        figures: Mapping[Key, int | float | None],
        relations: Relations,
        threshold: int,
        public: set[Key],
    ) -> None:
        self.keys = list(figures)
        position = {key: at for at, key in enumerate(self.keys)}
        self.values = [_count(key, n) for key, n in figures.items()]
        self.threshold = threshold
        self.relations = [_relation(total, parts, position, self.values) for total, parts in relations]
        self.public = {position[key] for key in public if key in position}
        self.reasons: list[Reason] = ["withheld" if n is None else "" for n in self.values]
        for at, n in enumerate(self.values):
            if n is not None and 0 < n < threshold and at not in self.public:
                self.reasons[at] = "small"
        self.least = self._least()

    def _least(self) -> list[int]:
        """Return what everybody knows of each figure: a total is no less than its parts that are not zero."""
        least = [1 if n else 0 for n in self.values]
        for _ in self.relations:  # a chain of totals is no longer than that
            before = list(least)
            for total, parts in self.relations:
                least[total] = max(least[total], sum(least[at] for at in parts))
            if least == before:
                break
        return least

    def row_rule(self) -> None:
        """Leave no relation with exactly one hidden figure: the sum would give it away."""
        changed = True
        while changed:
            changed = False
            for total, parts in self.relations:
                hidden = [at for at in (total, *parts) if self.reasons[at]]
                if len(hidden) == 1:
                    changed |= self._hide_smallest(parts) or self._hide_smallest((total,))

    def first_given_away(self) -> int | None:
        """Return the first hidden figure that what is shown narrows too much; None where there is none."""
        lower = [1.0 if r else float(n or 0) for r, n in zip(self.reasons, self.values, strict=True)]
        upper = [math.inf if r else float(n or 0) for r, n in zip(self.reasons, self.values, strict=True)]
        for at, reason in enumerate(self.reasons):
            if reason == "withheld":
                lower[at] = 0.0  # the publisher may have withheld a zero
        system = System(lower, upper, self.relations)
        for at, reason in enumerate(self.reasons):
            if reason == "small" and not all(
                system.takes(at, n) for n in range(self.least[at], self.threshold)
            ):
                return at
            if reason and system.known(at):
                return at
        return None

    def hide_beside(self, weak: int) -> None:
        """Hide one more figure: the smallest in a sum with `weak`, then in any sum that reaches it."""
        reach = {weak}
        while True:
            near = [r for r in self.relations if reach & {r[0], *r[1]}]
            if self._hide_smallest([at for _, parts in near for at in parts]) or self._hide_smallest(
                [total for total, _ in near]
            ):
                return
            wider = reach.union(*({total, *parts} for total, parts in near))
            if wider == reach:
                raise InputError(
                    "cannot be hidden: what is public already gives it away",
                    "Publish only the total, or leave this table out.",
                    column=str(self.keys[weak]),
                )
            reach = wider

    def _hide_smallest(self, among: Iterable[int]) -> bool:
        free = [at for at in among if not self.reasons[at] and self.values[at] and at not in self.public]
        if not free:
            return False
        self.reasons[min(free, key=lambda at: (self.values[at] or 0, at))] = "secondary"
        return True


def _count(key: Key, n: int | float | None) -> int | None:
    if n is None or (isinstance(n, float) and math.isnan(n)):
        return None
    if n < 0 or n != int(n):
        raise InputError("is no count", "Give whole numbers from 0.", column=str(key), value=n)
    return int(n)


def _relation(
    total: Key, parts: Sequence[Key], position: Mapping[Key, int], values: Sequence[int | None]
) -> tuple[int, tuple[int, ...]]:
    for key in (total, *parts):
        if key not in position:
            raise InputError("is no figure of these tables", "Give its count as well.", column=str(key))
    at, found = position[total], tuple(position[key] for key in parts)
    counts = [values[i] for i in found]
    known = [n for n in counts if n is not None]
    whole = values[at]
    if whole is not None and (sum(known) > whole or (len(known) == len(counts) and sum(known) != whole)):
        raise InputError(
            f"is not the sum of its parts ({sum(known)})", "Mend the table, or give the rest as a part of its own.",
            column=str(total), value=whole,
        )  # fmt: skip
    return at, found


def sums(rows: Sequence[Key], columns: Sequence[Key]) -> list[tuple[Key, list[Key]]]:
    """Return the relations of a table of rows by columns with all its totals; keys are (row, column).

    Examples
    --------
    >>> sums(["a"], ["x", "y"])[0]
    (('a', 'total'), [('a', 'x'), ('a', 'y')])
    """
    across: list[tuple[Key, list[Key]]] = [
        ((r, "total"), [(r, c) for c in columns]) for r in [*rows, "total"]
    ]
    down: list[tuple[Key, list[Key]]] = [(("total", c), [(r, c) for r in rows]) for c in [*columns, "total"]]
    return across + down


def treated(figures: Mapping[Key, int | float | None], reasons: Mapping[Key, Reason]) -> dict[Key, float]:
    """Return the counts that may be used: NaN where hidden. Rates and shares are computed from these only.

    Examples
    --------
    >>> treated({"a": 12, "b": 3}, {"a": "", "b": "small"})
    {'a': 12.0, 'b': nan}
    """
    return {key: math.nan if n is None or reasons[key] else float(n) for key, n in figures.items()}

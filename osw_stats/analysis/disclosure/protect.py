"""Hide small counts in tables that hang together, so that no sum gives them away.

All tables that are published about the same people are one system: every figure has a key, and the same figure has
the same key in every table, language and edition. A relation names a total and its parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from osw_stats.analysis.disclosure.feasible import System
from osw_stats.analysis.disclosure.hiding import Code, Hiding, Key, Reason, Relations, by_position
from osw_stats.analysis.disclosure.thresholds import MIN_COUNT
from osw_stats.errors import InputError


def protect(
    figures: Mapping[Key, int | float | None],
    relations: Relations,
    *,
    threshold: int = MIN_COUNT,
    public: Iterable[Key] = (),
    told: Mapping[Key, Code] | None = None,
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
    told
        Codes of an earlier edition, by key: what they tell is known, and what they hide stays hidden.

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
    {'a': 'complementary', 'b': 'primary', 'c': '', 'all': ''}
    """
    work = _Counts(figures, relations, threshold, set(public), told)
    work.hide()
    return dict(zip(work.keys, work.reasons, strict=True))


def codes(
    figures: Mapping[Key, int | float | None],
    reasons: Mapping[Key, Reason],
    relations: Relations,
    *,
    threshold: int = MIN_COUNT,
    told: Mapping[Key, Code] | None = None,
) -> dict[Key, Code]:
    """Return the reasons of `protect` as they may be told to readers.

    Parameters
    ----------
    figures, relations, threshold, told
        As they were given to `protect`.
    reasons
        What it returned.

    Notes
    -----
    "primary" tells that a count is below the threshold and "complementary" that it is not. The audit is done again by
    somebody who knows that. Where it fails, the hidden counts that hang together are "confidential": one or the
    other. Hundepool and others (2012), chapter 4, on codes for suppressed cells.

    Examples
    --------
    >>> table = [("all", ["a", "b", "c"])]
    >>> counts = {"a": 12, "b": 3, "c": 40, "all": 55}
    >>> codes(counts, protect(counts, table), table)
    {'a': 'complementary', 'b': 'primary', 'c': '', 'all': ''}
    >>> fours = {"a": 4, "b": 4, "c": 40, "all": 48}  # two below five that are eight together: both are four
    >>> codes(fours, protect(fours, table), table)
    {'a': 'confidential', 'b': 'confidential', 'c': '', 'all': ''}
    """
    work = _Counts(figures, relations, threshold, set(), told)
    work.reasons = [reasons[key] for key in work.keys]
    return dict(zip(work.keys, work.codes(), strict=True))


class _Counts(Hiding):
    """Counts of one system: small ones are hidden from the start."""

    def __init__(
        self,
        figures: Mapping[Key, int | float | None],
        relations: Relations,
        threshold: int,
        public: set[Key],
        told: Mapping[Key, Code] | None,
    ) -> None:
        position = {key: at for at, key in enumerate(figures)}
        self.values = [_count(key, n) for key, n in figures.items()]
        self.threshold = threshold
        known = {position[key] for key in public if key in position}
        reasons: list[Reason] = [
            "withheld" if n is None else "primary" if 0 < n < threshold and at not in known else ""
            for at, n in enumerate(self.values)
        ]
        before = {position[key]: code for key, code in (told or {}).items() if key in position and code}
        for at in before:
            reasons[at] = reasons[at] or "complementary"
        super().__init__(list(figures), self.values, by_position(relations, position), known, reasons, before)
        for total, parts in self.relations:
            _require_sum(self.keys[total], self.values[total], [self.values[at] for at in parts])
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

    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first hidden figure that could not be every number it should; None where there is none."""
        limits = [self._limits(n, code) for n, code in zip(self.values, codes, strict=True)]
        system = System([low for low, _ in limits], [high for _, high in limits], self.relations)
        for at, reason in enumerate(self.reasons):
            if reason == "primary" and not all(
                system.takes(at, n) for n in range(self.least[at], self.threshold)
            ):
                return at
            if reason and system.known(at):
                return at
        return None

    def _limits(self, n: int | None, code: Code) -> tuple[float, float]:
        """Return what a code tells of a figure that it stands for."""
        if code == "withheld":
            return 0.0, math.inf  # the publisher may have withheld a zero
        if code == "primary":
            return 1.0, self.threshold - 1.0
        if code:
            return float(self.threshold if code == "complementary" else 1), math.inf
        return float(n or 0), float(n or 0)


def _count(key: Key, n: int | float | None) -> int | None:
    if n is None or (isinstance(n, float) and math.isnan(n)):
        return None
    if n < 0 or n != int(n):
        raise InputError("is no count", "Give whole numbers from 0.", column=str(key), value=n)
    return int(n)


def _require_sum(total: Key, whole: int | None, parts: Sequence[int | None]) -> None:
    known = [n for n in parts if n is not None]
    if whole is not None and (sum(known) > whole or (len(known) == len(parts) and sum(known) != whole)):
        raise InputError(
            f"is not the sum of its parts ({sum(known)})", "Mend the table, or give the rest as a part of its own.",
            column=str(total), value=whole,
        )  # fmt: skip


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
    >>> treated({"a": 12, "b": 3}, {"a": "", "b": "primary"})
    {'a': 12.0, 'b': nan}
    """
    return {key: math.nan if n is None or reasons[key] else float(n) for key, n in figures.items()}

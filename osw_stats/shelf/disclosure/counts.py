"""Hide small counts in tables that hang together, so that no sum gives them away.

All tables that are published about the same people are one system: every figure has a key, and the same figure has
the same key in every table, language and edition. A relation names a total and its parts.
"""

import math
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, Code, Hiding, Key, Reason, Relations, System, name_of

Counts = Mapping[Key, int | float | None]


def protect(
    figures: Counts,
    relations: Relations,
    *,
    public: Collection[Key] = (),
    earlier: Mapping[Key, Code] | None = None,
    unpublished: Collection[Key] = (),
) -> tuple[dict[Key, Reason], dict[Key, Code]]:
    """Return why every figure must be hidden ("" where it may be shown), and the code that readers may see.

    "primary" tells that a count is below `MIN_COUNT` and "complementary" that it is not; where that would narrow a
    hidden count, those that hang together are "confidential": one or the other.

    `figures` are counts by key, None or NaN where the publisher withholds one; `relations` totals with their parts, over all
    tables that are published together or were before. `public` figures are known whatever we do (of an earlier edition, or a
    publisher's own total): they are shown, also where they are small, and nothing hidden may follow from them. `earlier`
    are codes of an earlier edition: what they tell is known, and what they hide stays hidden. `unpublished` figures stand in no
    table: sums that somebody may form, of which only the small ones are guarded.

    >>> fours = {"a": 4, "b": 4, "c": 40, "all": 48}  # two below five that are eight together: both are four
    >>> protect(fours, [("all", ["a", "b", "c"])])[1]
    {'a': 'confidential', 'b': 'confidential', 'c': '', 'all': ''}
    """
    # After hiding, every count from 1 up to MIN_COUNT may still be any of these, and no other hidden figure can be
    # worked out, by whole numbers that fit every sum. (Zeros stay, so a small total is at least the number of its
    # parts that are not zero.) Somebody who also knows this rule, and the counts of others, can know more: that is
    # not defended. Hundepool and others (2012), Statistical Disclosure Control, chapter 4; Fischetti and Salazar
    # (2001), Management Science 47, for the audit
    return _Counts(figures, relations, public, earlier or {}, unpublished).result()


def fit(figures: Counts, relations: Relations) -> bool:
    """Say whether some counts in the place of those that nobody knows make every sum true."""
    position = {key: at for at, key in enumerate(figures)}
    sums = [(position[total], tuple(position[key] for key in parts)) for total, parts in relations]
    limits = [(0, math.inf) if n is None else (n, n) for n in figures.values()]
    return System([low for low, _ in limits], [high for _, high in limits], sums).possible()


class _Counts(Hiding):
    """Counts of one system: small ones are hidden from the start."""

    def __init__(
        self,
        figures: Counts,
        relations: Relations,
        public: Collection[Key],
        earlier: Mapping[Key, Code],
        unpublished: Collection[Key] = (),
    ) -> None:
        self.values: list[int | None] = []
        reasons: list[Reason] = []
        for key, n in figures.items():
            if n is None or pd.isna(n):
                self.values.append(None)
                reasons.append("withheld")
                continue
            if n < 0 or n != int(n):
                raise InputError("is no count", "Give whole numbers from 0.", column=name_of(key), value=n)
            self.values.append(int(n))
            small = 0 < n < MIN_COUNT and key not in public
            hidden: Reason = "withheld" if key in unpublished else "complementary" if earlier.get(key) else ""
            reasons.append("primary" if small else hidden)
        super().__init__(figures, self.values, relations, public, reasons, earlier, unpublished)
        for total, parts in self.relations:
            whole, known = self.values[total], [n for n in (self.values[at] for at in parts) if n is not None]
            too_much, complete = whole is not None and sum(known) > whole, len(known) == len(parts)
            if too_much or (whole is not None and complete and sum(known) != whole):
                problem = f"is not the sum of its parts ({sum(known)})"
                remedy = "Mend the table, or give the rest as a part of its own."
                raise InputError(problem, remedy, column=name_of(self.keys[total]), value=whole)
        # what everybody knows of each figure: a total is no less than its parts that are not zero
        self.least = [1 if n else 0 for n in self.values]
        for _ in self.relations:  # a chain of totals is no longer than that
            for total, parts in self.relations:
                self.least[total] = max(self.least[total], sum(self.least[at] for at in parts))

    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first hidden figure that could not be every number it should; None where there is none."""
        limits = {
            "withheld": (0.0, math.inf),  # the publisher may have withheld a zero
            "primary": (1.0, MIN_COUNT - 1.0),
            "complementary": (float(MIN_COUNT), math.inf),
            "confidential": (1.0, math.inf),
        }
        ranges = [limits.get(code, (n or 0, n or 0)) for n, code in zip(self.values, codes, strict=True)]
        system = System([low for low, _ in ranges], [high for _, high in ranges], self.relations)
        for at, reason in enumerate(self.reasons):
            small = range(self.least[at], MIN_COUNT) if reason == "primary" else ()
            ours = reason and at not in self.unpublished
            if not all(system.takes(at, n) for n in small) or (ours and system.known(at)):
                return at
        return None

"""Suppression of small counts in linked tables, so that none can be recovered from sums.

All tables published about the same people are one system: every figure has a key, and the same figure has the same
key in every table, language and edition. A relation is a total with its parts.
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
    """Return the reason every figure is suppressed ("" where it may be shown), and the code to publish.

    "primary" discloses that a count is below `MIN_COUNT` and "complementary" that it is not; where that would narrow a
    suppressed count, those linked to it are "confidential": one or the other.

    `figures` are counts by key, None or NaN where the publisher withholds one; `relations` totals with their parts, over all
    tables published now or before. `public` figures are known anyway (from an earlier edition, or as a publisher's own
    total): they are shown even where small, and no suppressed figure may follow from them. `earlier` are codes of an earlier
    edition, taken as known; what they suppressed stays suppressed. `unpublished` figures are in no table: sums that a
    reader can form, of which only the small ones are protected.

    >>> fours = {"a": 4, "b": 4, "c": 40, "all": 48}  # two below five that are eight together: both are four
    >>> protect(fours, [("all", ["a", "b", "c"])])[1]
    {'a': 'confidential', 'b': 'confidential', 'c': '', 'all': ''}
    """
    # After suppression, every count below MIN_COUNT can still be any number from 1 up to it, and no other suppressed
    # figure is determined, by whole numbers that satisfy every sum. (Zeros stay, so a small total is at least the
    # number of its parts that are not zero.) An intruder who also knows this rule, and the counts of others, can
    # learn more; there is no protection against that. Hundepool and others (2012), Statistical Disclosure Control, chapter 4; Fischetti and Salazar
    # (2001), Management Science 47, for the audit
    return _Counts(figures, relations, public, earlier or {}, unpublished).result()


def fit(figures: Counts, relations: Relations) -> bool:
    """Return whether some counts in place of the unknown ones satisfy every sum."""
    position = {key: i for i, key in enumerate(figures)}
    sums = [(position[total], tuple(position[key] for key in parts)) for total, parts in relations]
    limits = [(0, math.inf) if n is None else (n, n) for n in figures.values()]
    return System([low for low, _ in limits], [high for _, high in limits], sums).possible()


class _Counts(Hiding):
    """Counts of one system; small ones are suppressed from the start."""

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
            whole, known = self.values[total], [n for n in (self.values[i] for i in parts) if n is not None]
            too_much, complete = whole is not None and sum(known) > whole, len(known) == len(parts)
            if too_much or (whole is not None and complete and sum(known) != whole):
                problem = f"is not the sum of its parts ({sum(known)})"
                remedy = "Mend the table, or give the rest as a part of its own."
                raise InputError(problem, remedy, column=name_of(self.keys[total]), value=whole)
        # the lower bound known of each figure: a total is at least the number of its parts that are not zero
        self.least = [1 if n else 0 for n in self.values]
        for _ in self.relations:  # a chain of totals is no longer than that
            for total, parts in self.relations:
                self.least[total] = max(self.least[total], sum(self.least[i] for i in parts))

    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first suppressed figure whose possible values are too few; None if there is none."""
        limits = {
            "withheld": (0.0, math.inf),  # the publisher may have withheld a zero
            "primary": (1.0, MIN_COUNT - 1.0),
            "complementary": (float(MIN_COUNT), math.inf),
            "confidential": (1.0, math.inf),
        }
        ranges = [limits.get(code, (n or 0, n or 0)) for n, code in zip(self.values, codes, strict=True)]
        system = System([low for low, _ in ranges], [high for _, high in ranges], self.relations)
        for i, reason in enumerate(self.reasons):
            small = range(self.least[i], MIN_COUNT) if reason == "primary" else ()
            guarded = reason and i not in self.unpublished
            if not all(system.takes(i, n) for n in small) or (guarded and system.known(i)):
                return i
        return None

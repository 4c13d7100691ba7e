"""Complementary suppression, whatever is hidden: figures that hang together by sums, and why each is hidden.

First the row rule along every relation, then an audit of what is left open, and more is hidden until the audit passes.
What the audit asks differs: of counts it is in `counts`, of groups of a survey in `groups`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from osw_stats.errors import InputError

# how small is too small; one place, so that no page is laxer than another
MIN_COUNT = 5  # counts from 1 up to this are hidden
MIN_RESPONDENTS = 50  # no percentage of fewer respondents
MIN_EFFECTIVE = 30  # nor of a smaller effective sample
MIN_OPEN = 0.1  # over this much the share of a withheld group must stay open to whoever reads the rest

# "" shown; primary: too small itself; complementary: hidden to protect another; withheld: the publisher gave no figure
Reason = Literal["", "primary", "complementary", "withheld"]
# what readers see; confidential: primary or complementary, and which of the two would give a figure away
Code = Literal["", "primary", "complementary", "confidential", "withheld"]
Key = Any  # anything hashable
Relations = Sequence[tuple[Key, Sequence[Key]]]
OURS = ("primary", "complementary")


class GivenAwayError(InputError):
    """No way of hiding protects a figure: what is public already gives it away."""


def too_small(respondents: float, effective: float) -> bool:
    """Say whether a percentage rests on too few respondents to be shown."""
    return respondents < MIN_RESPONDENTS or effective < MIN_EFFECTIVE


class Hiding(ABC):
    """Figures of one system by position, and why each is hidden so far.

    Parameters
    ----------
    keys
        Keys of the figures, in order.
    sizes
        How large each is: the smallest goes first where one more must be hidden. 0 and None never go along.
    relations
        Totals with their parts, by position.
    public
        Positions of figures that are known whatever we do, so that they can protect nothing.
    reasons
        Why a figure is hidden from the start.
    earlier
        Codes that readers know already, of an earlier edition, by position.
    """

    def __init__(
        self,
        keys: Sequence[Key],
        sizes: Sequence[float | None],
        relations: Sequence[tuple[int, tuple[int, ...]]],
        public: set[int],
        reasons: Sequence[Reason],
        earlier: Mapping[int, Code] | None = None,
    ) -> None:
        self.earlier = {at: code for at, code in (earlier or {}).items() if code in OURS}
        self.keys, self.sizes, self.relations, self.public = list(keys), list(sizes), list(relations), public
        self.reasons: list[Reason] = list(reasons)

    @abstractmethod
    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first hidden figure that what is shown, codes included, narrows too much; None where none."""

    def result(self) -> tuple[dict[Key, Reason], dict[Key, Code]]:
        """Hide more until nothing hidden follows; return reasons, and the codes that readers may see."""
        while True:
            self._row_rule()
            weak = self.weak(self._codes("confidential"))
            if weak is None:
                break
            self._hide_beside(weak)
        codes = self._codes()
        # where the reasons of figures that hang together would narrow one of them, all of these are confidential
        while (weak := self.weak(codes)) is not None:
            near = [at for at in self._together(weak) if codes[at] in OURS and at not in self.earlier]
            if not near:
                break
            for at in near:
                codes[at] = "confidential"
        return dict(zip(self.keys, self.reasons, strict=True)), dict(zip(self.keys, codes, strict=True))

    def _codes(self, ours: Code | None = None) -> list[Code]:
        """Return the codes of all figures, those of ours as they were before, else as `ours`, else the reason."""
        return [
            self.earlier.get(at, ours or reason) if reason in OURS else reason
            for at, reason in enumerate(self.reasons)
        ]

    def _together(self, start: int) -> set[int]:
        """Return the hidden figures that hang together with one by sums, itself among them."""
        hidden, fresh = {start}, {start}
        while fresh:
            near = {
                at for total, parts in self.relations if fresh & {total, *parts} for at in (total, *parts)
            }
            fresh = {at for at in near if self.reasons[at]} - hidden
            hidden |= fresh
        return hidden

    def _row_rule(self) -> None:
        """Leave no relation with exactly one hidden figure: the sum would give it away."""
        changed = True
        while changed:
            changed = False
            for total, parts in self.relations:
                if sum(bool(self.reasons[at]) for at in (total, *parts)) == 1:
                    changed |= self._hide_smallest(parts) or self._hide_smallest((total,))

    def _hide_beside(self, weak: int) -> None:
        """Hide one more figure: the smallest in a sum with `weak`, then in any sum that reaches it."""
        reach: set[int] = set()
        wider = {weak}
        while wider != reach:
            reach = wider
            near = [r for r in self.relations if reach & {r[0], *r[1]}]
            parts = [at for _, those in near for at in those]
            if self._hide_smallest(parts) or self._hide_smallest(total for total, _ in near):
                return
            wider = reach.union(parts, (total for total, _ in near))
        raise GivenAwayError(
            "cannot be hidden: what is public already gives it away",
            "Publish only the total, or leave this table out.",
            column=str(self.keys[weak]),
        )

    def _hide_smallest(self, among: Iterable[int]) -> bool:
        free = [at for at in among if not self.reasons[at] and self.sizes[at] and at not in self.public]
        if not free:
            return False
        self.reasons[min(free, key=lambda at: (self.sizes[at] or 0, at))] = "complementary"
        return True


def by_position(relations: Relations, position: Mapping[Key, int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return relations between positions; an unknown figure is an `InputError`."""
    for key in (key for total, parts in relations for key in (total, *parts)):
        if key not in position:
            raise InputError("is no figure of these tables", "Give its count as well.", column=str(key))
    return [(position[total], tuple(position[key] for key in parts)) for total, parts in relations]

"""Complementary suppression, whatever is hidden: figures that hang together by sums, and why each is hidden.

First the row rule along every relation, then an audit of what is left open, and more is hidden until the audit passes.
What the audit asks differs: of counts it is in `protect`, of groups of a survey in `groups`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from osw_stats.errors import InputError

# "" shown; primary: too small itself; complementary: hidden to protect another; withheld: the publisher gave no figure
Reason = Literal["", "primary", "complementary", "withheld"]
# what readers are told; confidential: primary or complementary, and which of the two would give a figure away
Code = Literal["", "primary", "complementary", "confidential", "withheld"]
Key = Any  # anything hashable
Relations = Sequence[tuple[Key, Sequence[Key]]]
OURS = ("primary", "complementary")


class GivenAwayError(InputError):
    """No way of hiding protects a figure: what is public already gives it away."""


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
    told
        Codes that readers know already, of an earlier edition, by position.
    """

    def __init__(
        self,
        keys: Sequence[Key],
        sizes: Sequence[float | None],
        relations: Sequence[tuple[int, tuple[int, ...]]],
        public: set[int],
        reasons: Sequence[Reason],
        told: Mapping[int, Code] | None = None,
    ) -> None:
        self.told = {at: code for at, code in (told or {}).items() if code in OURS}
        self.keys, self.sizes, self.relations, self.public = list(keys), list(sizes), list(relations), public
        self.reasons: list[Reason] = list(reasons)

    @abstractmethod
    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first hidden figure that what is shown, codes included, narrows too much; None where none."""

    def hide(self) -> None:
        """Hide more until nothing that is hidden follows.

        Raises
        ------
        GivenAwayError
            If no way of hiding protects a figure against what is public.
        """
        while True:
            self._row_rule()
            weak = self.weak(
                [self.told.get(at, "confidential") if r in OURS else r for at, r in enumerate(self.reasons)]
            )
            if weak is None:
                return
            self._hide_beside(weak)

    def codes(self) -> list[Code]:
        """Return the reasons as they may be told.

        Where the reasons of figures that hang together would narrow one of them, all of these are told to be
        "confidential": primary or complementary. What was told before stays told.
        """
        codes: list[Code] = [self.told.get(at, r) if r in OURS else r for at, r in enumerate(self.reasons)]
        while (weak := self.weak(codes)) is not None:
            near = [at for at in self._together(weak) if codes[at] in OURS and at not in self.told]
            if not near:
                break
            for at in near:
                codes[at] = "confidential"
        return codes

    def _together(self, start: int) -> set[int]:
        """Return the hidden figures that hang together with one by sums, itself among them."""
        found, fresh = {start}, {start}
        while fresh:
            near = {
                at for total, parts in self.relations if fresh & {total, *parts} for at in (total, *parts)
            }
            fresh = {at for at in near if self.reasons[at]} - found
            found |= fresh
        return found

    def _row_rule(self) -> None:
        """Leave no relation with exactly one hidden figure: the sum would give it away."""
        changed = True
        while changed:
            changed = False
            for total, parts in self.relations:
                hidden = [at for at in (total, *parts) if self.reasons[at]]
                if len(hidden) == 1:
                    changed |= self._hide_smallest(parts) or self._hide_smallest((total,))

    def _hide_beside(self, weak: int) -> None:
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
                raise GivenAwayError(
                    "cannot be hidden: what is public already gives it away",
                    "Publish only the total, or leave this table out.",
                    column=str(self.keys[weak]),
                )
            reach = wider

    def _hide_smallest(self, among: Iterable[int]) -> bool:
        free = [at for at in among if not self.reasons[at] and self.sizes[at] and at not in self.public]
        if not free:
            return False
        self.reasons[min(free, key=lambda at: (self.sizes[at] or 0, at))] = "complementary"
        return True


def by_position(relations: Relations, position: Mapping[Key, int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return relations between positions.

    Raises
    ------
    InputError
        If a relation names an unknown figure.
    """
    for key in (key for total, parts in relations for key in (total, *parts)):
        if key not in position:
            raise InputError("is no figure of these tables", "Give its count as well.", column=str(key))
    return [(position[total], tuple(position[key] for key in parts)) for total, parts in relations]

"""Complementary suppression, whatever is hidden: figures that hang together by sums, and why each is hidden.

First the row rule along every relation, then an audit of what somebody who reads everything published can still not
exclude, and more is hidden until the audit passes. What the audit asks differs: of counts it is in `counts`, of groups
of a survey in `groups`.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from osw_stats.errors import InputError, OswError

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
Keys = Collection[Key]
Told = tuple[dict[Key, Reason], dict[Key, Code]]  # why each is hidden, and the code that readers may see
Relations = Sequence[tuple[Key, Sequence[Key]]]  # a total and its parts
Positions = tuple[int, tuple[int, ...]]  # the same by position
OURS = ("primary", "complementary")
Numbers = NDArray[np.float64]
_DONE, _INFEASIBLE, _NO_END, _UNSURE = 0, 2, 3, 4  # states of scipy's milp; unsure: no end, or none that fits


class GivenAwayError(InputError):
    """No way of hiding protects a figure: what is public already gives it away."""


def too_small(respondents: float, effective: float) -> bool:
    """Say whether a percentage rests on too few respondents to be shown."""
    return respondents < MIN_RESPONDENTS or effective < MIN_EFFECTIVE


def name_of(key: Key) -> str:
    """Return a key in words: values of columns stand beside each other."""
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


class Hiding(ABC):
    """Figures of one system by position, and why each is hidden so far.

    `sizes` say which goes first where one more must be hidden: the smallest; 0 and None never go along. `public`
    figures are known whatever we do, so that they protect nothing. `earlier` holds codes that readers know already. Figures
    that are `unpublished`, and not small themselves, are not shown and need not be guarded.
    """

    def __init__(
        self,
        keys: Iterable[Key],
        sizes: Sequence[float | None],
        relations: Relations,
        public: Keys,
        reasons: Sequence[Reason],
        earlier: Mapping[Key, Code],
        unpublished: Keys,
    ) -> None:
        self.keys, self.sizes, self.reasons = list(keys), sizes, list(reasons)
        position = {key: at for at, key in enumerate(self.keys)}
        for key in (key for total, parts in relations for key in (total, *parts)):
            if key not in position:
                remedy = "Give its count as well."
                raise InputError("is no figure of these tables", remedy, column=name_of(key))
        self.relations: list[Positions] = [
            (position[total], tuple(position[key] for key in parts)) for total, parts in relations
        ]
        self.public = {position[key] for key in public if key in position}
        self.earlier = {position[k]: code for k, code in earlier.items() if k in position and code in OURS}
        withheld = (position[key] for key in unpublished if key in position)
        self.unpublished = {at for at in withheld if self.reasons[at] == "withheld"}

    @abstractmethod
    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first hidden figure that what is shown, codes included, narrows too much; None where none."""

    def result(self) -> Told:
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
        own = {at for at, reason in enumerate(self.reasons) if reason in OURS}
        return [self.earlier.get(at, ours or r) if at in own else r for at, r in enumerate(self.reasons)]

    def _together(self, start: int) -> set[int]:
        """Return the hidden figures that hang together with one by sums, itself among them."""
        hidden, fresh = {start}, {start}
        while fresh:
            near = (
                at for total, parts in self.relations if fresh & {total, *parts} for at in (total, *parts)
            )
            fresh = {at for at in near if self.reasons[at]} - hidden
            hidden |= fresh
        return hidden

    def _row_rule(self) -> None:
        """Leave no relation with exactly one hidden figure: the sum would give it away."""
        changed = True
        while changed:
            changed = False
            for total, parts in self.relations:
                hidden = [at for at in (total, *parts) if self.reasons[at]]
                if len(hidden) == 1 and not self.unpublished.issuperset(hidden):
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
        problem = "cannot be hidden: what is public already gives it away"
        remedy = "Publish only the total, or leave this table out."
        raise GivenAwayError(problem, remedy, column=name_of(self.keys[weak]))

    def _hide_smallest(self, among: Iterable[int]) -> bool:
        free = [at for at in among if not self.reasons[at] and self.sizes[at] and at not in self.public]
        if not free:
            return False
        self.reasons[min(free, key=lambda at: (self.sizes[at] or 0, at))] = "complementary"
        return True


class System:
    """Figures between limits, bound by sums: what each may be, given everything that is published.

    Each figure is a variable of a small programme (HiGHS, through scipy), in whole numbers. The limits of a published
    figure are equal; the upper one of a hidden figure may be infinite.
    """

    def __init__(
        self, lower: Sequence[float], upper: Sequence[float], relations: Sequence[Positions]
    ) -> None:
        self._lower, self._upper = np.array(lower, dtype=float), np.array(upper, dtype=float)
        open_ones = self._lower < self._upper
        relations = [r for r in relations if open_ones[[r[0], *r[1]]].any()]
        signs = np.zeros((len(relations), len(self._lower)), dtype=np.int8)
        for row, (total, parts) in zip(signs, relations, strict=True):
            row[[total, *parts]] = [-1, *[1] * len(parts)]
        self._bound, self._sums = np.asarray(signs.any(axis=0)), csr_array(signs.astype(float))
        # figures that can be exchanged carry the same mark: what one may be, so may the others
        columns = [column.tobytes() for column in signs.T]
        self._alike = list(zip(self._lower, self._upper, columns, strict=True))
        self._seen: dict[Hashable, set[int]] = {alike: set() for alike in self._alike}

    def possible(self) -> bool:
        """Say whether there are figures between these limits."""
        return self._solve(np.zeros(len(self._lower)), self._lower, self._upper) is not None

    def takes(self, figure: int, value: int) -> bool:
        """Say whether a figure may be this number."""
        if not self._lower[figure] <= value <= self._upper[figure]:
            return False
        if not self._bound[figure] or value in self._seen[self._alike[figure]]:
            return True
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[figure] = upper[figure] = value
        fitting = self._solve(np.zeros(len(lower)), lower, upper)
        if fitting is None:
            return False
        # one answer shows what every figure may be
        for i, number in enumerate(np.rint(fitting)):
            self._seen[self._alike[i]].add(int(number))
        return True

    def known(self, figure: int) -> bool:
        """Say whether a figure can be one whole number only."""
        if not self._bound[figure]:
            return bool(self._lower[figure] == self._upper[figure])
        ends: set[int] = set(self._seen[self._alike[figure]])
        for direction in (1.0, -1.0) if len(ends) < 2 else ():
            cost = np.zeros(len(self._lower))
            cost[figure] = direction
            fitting = self._solve(cost, self._lower, self._upper)
            ends |= {0, 1} if fitting is None else {round(fitting[figure])}  # without an end it may be many
        return len(ends) == 1

    def _solve(self, cost: Numbers, lower: Numbers, upper: Numbers) -> Numbers | None:
        """Return the numbers that make `cost` least; None where none fit, or where it has no end."""
        sums = LinearConstraint(self._sums, 0, 0)
        result = milp(cost, integrality=np.ones(len(cost)), bounds=Bounds(lower, upper), constraints=sums)
        if result.status == _DONE:
            return np.asarray(result.x)
        if result.status in ((_NO_END, _UNSURE) if cost.any() else (_INFEASIBLE,)):
            return None
        raise OswError(f"the check of hidden numbers came to no end ({result.message}). Publish fewer sums.")

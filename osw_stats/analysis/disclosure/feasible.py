"""What somebody who reads everything published can still not exclude: whole numbers that fit all sums.

A figure is a variable with a lower and an upper limit; a relation says that a total is the sum of its parts. Whether
a figure may still be some number is a small integer programme (HiGHS, through scipy).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from osw_stats.errors import OswError

Relation = tuple[int, tuple[int, ...]]
_DONE, _INFEASIBLE, _NO_END = 0, 2, (3, 4)  # states of scipy's milp


class System:
    """Figures between limits, bound by sums.

    Parameters
    ----------
    lower, upper
        Limits of each figure, whole numbers; equal where it is published. `upper` may be infinite.
    relations
        Position of a total and the positions of its parts.
    """

    def __init__(self, lower: Sequence[float], upper: Sequence[float], relations: Sequence[Relation]) -> None:
        self._lower, self._upper = np.array(lower, dtype=float), np.array(upper, dtype=float)
        open_ones = self._lower < self._upper
        self._relations = [r for r in relations if open_ones[[r[0], *r[1]]].any()]
        self._bound = {i for total, parts in self._relations for i in (total, *parts)}
        self._alike = self._classes()
        self._seen: dict[Hashable, set[int]] = {alike: set() for alike in self._alike}
        at, where, sign = [], [], []
        for number, (total, parts) in enumerate(self._relations):
            at += [number] * (1 + len(parts))
            where += [total, *parts]
            sign += [-1.0] + [1.0] * len(parts)
        shape = (len(self._relations), len(self._lower))
        self._sums = csr_array((sign, (at, where)), shape=shape)

    def _classes(self) -> list[Hashable]:
        """Return the same mark for figures that can be exchanged: what one may be, so may the others."""
        sides: list[list[tuple[int, bool]]] = [[] for _ in self._lower]
        for number, (total, parts) in enumerate(self._relations):
            sides[total].append((number, True))
            for part in parts:
                sides[part].append((number, False))
        return [
            (low, high, tuple(side)) for low, high, side in zip(self._lower, self._upper, sides, strict=True)
        ]

    def takes(self, figure: int, value: int) -> bool:
        """Say whether a figure may be this number, given everything that is published.

        Raises
        ------
        OswError
            If the solver gives no answer.
        """
        if not self._lower[figure] <= value <= self._upper[figure]:
            return False
        if figure not in self._bound or value in self._seen[self._alike[figure]]:
            return True
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[figure] = upper[figure] = value
        found = milp(
            np.zeros(len(lower)), integrality=np.ones(len(lower)), bounds=Bounds(lower, upper),
            constraints=LinearConstraint(self._sums, 0, 0),
        )  # fmt: skip
        if found.status == _INFEASIBLE:
            return False
        if found.status != _DONE:
            raise OswError(
                f"the check of hidden numbers came to no end ({found.message}). Publish fewer sums."
            )
        # one answer shows what every figure may be
        for i, number in enumerate(np.rint(found.x)):
            self._seen[self._alike[i]].add(int(number))
        return True

    def known(self, figure: int) -> bool:
        """Say whether a figure can be one number only."""
        if figure not in self._bound:
            return bool(self._lower[figure] == self._upper[figure])
        if len(self._seen[self._alike[figure]]) > 1:
            return False
        ends = []
        for direction in (1.0, -1.0):
            cost = np.zeros(len(self._lower))
            cost[figure] = direction
            found = milp(
                cost, integrality=np.ones(len(cost)), bounds=Bounds(self._lower, self._upper),
                constraints=LinearConstraint(self._sums, 0, 0),
            )  # fmt: skip
            if found.status in _NO_END:
                return False
            if found.status != _DONE:
                raise OswError(
                    f"the check of hidden numbers came to no end ({found.message}). Publish fewer sums."
                )
            ends.append(round(found.x[figure]))
        return len(set(ends)) == 1

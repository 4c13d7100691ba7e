"""What somebody who reads everything published can still not exclude: numbers that fit all sums.

A figure is a variable with a lower and an upper limit; a relation says that a total is the sum of its parts. Whether
a figure may still be some number is a small programme (HiGHS, through scipy): in whole numbers for counts, linear for
weighted totals.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from osw_stats.errors import OswError

Relation = tuple[int, tuple[int, ...]]
Numbers = NDArray[np.float64]
_DONE, _INFEASIBLE, _NO_END, _UNSURE = 0, 2, 3, 4  # states of scipy's milp; unsure: no end, or none that fits


class System:
    """Figures between limits, bound by sums.

    Parameters
    ----------
    lower, upper
        Limits of each figure, whole numbers; equal where it is published. `upper` may be infinite.
    relations
        Position of a total and the positions of its parts.
    whole
        Whether figures are whole numbers (counts), or any numbers (weighted totals).
    """

    def __init__(
        self,
        lower: Sequence[float],
        upper: Sequence[float],
        relations: Sequence[Relation],
        *,
        whole: bool = True,
    ) -> None:
        self._whole = float(whole)
        self._lower, self._upper = np.array(lower, dtype=float), np.array(upper, dtype=float)
        open_ones = self._lower < self._upper
        self._relations = [r for r in relations if open_ones[[r[0], *r[1]]].any()]
        self._bound = {i for total, parts in self._relations for i in (total, *parts)}
        sides: list[list[tuple[int, bool]]] = [[] for _ in self._lower]
        signs = np.zeros((len(self._relations), len(self._lower)))
        for number, (total, parts) in enumerate(self._relations):
            for at, is_total in [(total, True), *((part, False) for part in parts)]:
                signs[number, at] += -1 if is_total else 1
                sides[at].append((number, is_total))
        self._sums = csr_array(signs)
        # figures that can be exchanged carry the same mark: what one may be, so may the others
        self._alike = list(zip(self._lower, self._upper, map(tuple, sides), strict=True))
        self._seen: dict[Hashable, set[int]] = {alike: set() for alike in self._alike}

    def takes(self, figure: int, value: int) -> bool:
        """Say whether a figure may be this number, given everything that is published."""
        if not self._lower[figure] <= value <= self._upper[figure]:
            return False
        if figure not in self._bound or value in self._seen[self._alike[figure]]:
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

    def span(self, figure: int) -> tuple[float, float]:
        """Return the least and the largest number that a figure may be, given everything that is published."""
        if figure not in self._bound:
            return float(self._lower[figure]), float(self._upper[figure])
        ends = []
        for direction, no_end in ((1.0, -math.inf), (-1.0, math.inf)):
            cost = np.zeros(len(self._lower))
            cost[figure] = direction
            fitting = self._solve(cost, self._lower, self._upper)
            ends.append(no_end if fitting is None else float(fitting[figure]))
        return ends[0], ends[1]

    def known(self, figure: int) -> bool:
        """Say whether a figure can be one whole number only."""
        if figure in self._bound and len(self._seen[self._alike[figure]]) > 1:
            return False
        low, high = self.span(figure)
        return math.isfinite(high - low) and round(low) == round(high)

    def _solve(self, cost: Numbers, lower: Numbers, upper: Numbers) -> Numbers | None:
        """Return the numbers that make `cost` least; None where none fit, or where it has no end."""
        sums, whole = LinearConstraint(self._sums, 0, 0), np.full(len(cost), self._whole)
        result = milp(cost, integrality=whole, bounds=Bounds(lower, upper), constraints=sums)
        if result.status == _DONE:
            return np.asarray(result.x)
        if result.status in ((_NO_END, _UNSURE) if cost.any() else (_INFEASIBLE,)):
            return None
        raise OswError(f"the check of hidden numbers came to no end ({result.message}). Publish fewer sums.")

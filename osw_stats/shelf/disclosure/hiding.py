"""Complementary suppression, for counts and survey groups alike: figures linked by sums, and why each is suppressed.

The row rule is applied along every relation; an audit then checks what a reader of everything published cannot exclude,
and further figures are suppressed until the audit passes. The audit of counts is in `counts`, that of survey groups in
`groups`.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from osw_stats.errors import InputError, OswError

# thresholds, in one place so that no page is laxer than another
MIN_COUNT = 5  # counts from 1 up to but not including this are suppressed
MIN_RESPONDENTS = 50  # no percentage is shown on fewer respondents
MIN_EFFECTIVE = 30  # nor on a smaller effective sample size
MIN_OPEN = 0.1  # the least width of the range in which the share of a withheld group must stay uncertain

# "" shown; primary: too small itself; complementary: to protect another; withheld: by the publisher
Reason = Literal["", "primary", "complementary", "withheld"]
# the code published; confidential: primary or complementary, where saying which would disclose a figure
Code = Literal["", "primary", "complementary", "confidential", "withheld"]
Key = Any  # anything hashable
Keys = Collection[Key]
Suppression = tuple[dict[Key, Reason], dict[Key, Code]]  # reasons, and the codes that are published
Relations = Sequence[tuple[Key, Sequence[Key]]]  # totals with their parts
Positions = tuple[int, tuple[int, ...]]  # the same by position
SUPPRESSED = ("primary", "complementary")
Numbers = NDArray[np.float64]
_DONE, _INFEASIBLE, _NO_END, _UNSURE = 0, 2, 3, 4  # states of scipy's milp; unsure: unbounded or infeasible


class GivenAwayError(InputError):
    """No suppression protects a figure: what is public already discloses it."""


def too_small(respondents: float, effective: float) -> bool:
    """Return whether a percentage rests on too few respondents to be shown."""
    return respondents < MIN_RESPONDENTS or effective < MIN_EFFECTIVE


def name_of(key: Key) -> str:
    """Return a key as text, the values of several columns separated by commas."""
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


class Hiding(ABC):
    """Figures of one system by position, with the reason each has been suppressed so far.

    The figure with the smallest of `sizes` is suppressed first; 0 and None are never suppressed as well. `public` figures
    are known anyway, so they protect nothing. `earlier` holds codes already published. `unpublished` figures that are not
    small themselves are not shown and need no protection.
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
        position = {key: i for i, key in enumerate(self.keys)}
        for key in (key for total, parts in relations for key in (total, *parts)):
            if key not in position:
                remedy = "Give its count as well."
                raise InputError("is no figure of these tables", remedy, column=name_of(key))
        self.relations: list[Positions] = [
            (position[total], tuple(position[key] for key in parts)) for total, parts in relations
        ]
        self.public = {position[key] for key in public if key in position}
        self.earlier = {position[k]: c for k, c in earlier.items() if k in position and c in SUPPRESSED}
        positions = (position[key] for key in unpublished if key in position)
        self.unpublished = {i for i in positions if self.reasons[i] == "withheld"}

    @abstractmethod
    def weak(self, codes: Sequence[Code]) -> int | None:
        """Return the first suppressed figure that the published figures and codes disclose; None if there is none."""

    def result(self) -> Suppression:
        """Suppress figures until none can be recovered; return the reasons and the codes to publish."""
        while True:
            self._row_rule()
            weak = self.weak(self._codes("confidential"))
            if weak is None:
                break
            self._hide_another(weak)
        codes = self._codes()
        # where the reasons of linked figures would disclose one of them, all of these are confidential
        while (weak := self.weak(codes)) is not None:
            connected = [i for i in self._connected(weak) if codes[i] in SUPPRESSED and i not in self.earlier]
            if not connected:
                break
            for i in connected:
                codes[i] = "confidential"
        return dict(zip(self.keys, self.reasons, strict=True)), dict(zip(self.keys, codes, strict=True))

    def _codes(self, default: Code | None = None) -> list[Code]:
        """Return the code of every figure; of a suppressed one its earlier code, else `default`, else its reason."""
        hidden = {i for i, reason in enumerate(self.reasons) if reason in SUPPRESSED}
        return [self.earlier.get(i, default or r) if i in hidden else r for i, r in enumerate(self.reasons)]

    def _connected(self, start: int) -> set[int]:
        """Return the suppressed figures linked to one by sums, itself included."""
        hidden, fresh = {start}, {start}
        while fresh:
            neighbours = (
                i for total, parts in self.relations if fresh & {total, *parts} for i in (total, *parts)
            )
            fresh = {i for i in neighbours if self.reasons[i]} - hidden
            hidden |= fresh
        return hidden

    def _row_rule(self) -> None:
        """Leave no relation with exactly one suppressed figure, which the sum would disclose."""
        changed = True
        while changed:
            changed = False
            for total, parts in self.relations:
                hidden = [i for i in (total, *parts) if self.reasons[i]]
                if len(hidden) == 1 and not self.unpublished.issuperset(hidden):
                    changed |= self._hide_smallest(parts) or self._hide_smallest((total,))

    def _hide_another(self, weak: int) -> None:
        """Suppress one more figure: the smallest in a sum with `weak`, else in any sum linked to it."""
        reach: set[int] = set()
        wider = {weak}
        while wider != reach:
            reach = wider
            nearby = [r for r in self.relations if reach & {r[0], *r[1]}]
            parts = [i for _, members in nearby for i in members]
            if self._hide_smallest(parts) or self._hide_smallest(total for total, _ in nearby):
                return
            wider = reach.union(parts, (total for total, _ in nearby))
        problem = "cannot be hidden: what is public already gives it away"
        remedy = "Publish only the total, or leave this table out."
        raise GivenAwayError(problem, remedy, column=name_of(self.keys[weak]))

    def _hide_smallest(self, candidates: Iterable[int]) -> bool:
        available = [i for i in candidates if not self.reasons[i] and self.sizes[i] and i not in self.public]
        if not available:
            return False
        self.reasons[min(available, key=lambda i: (self.sizes[i] or 0, i))] = "complementary"
        return True


class System:
    """Figures between limits, constrained by sums: the values each can take, given everything that is published.

    Each figure is a variable of a small integer programme (HiGHS, through scipy). The limits of a published figure are
    equal; the upper limit of a suppressed figure may be infinite.
    """

    def __init__(
        self, lower: Sequence[float], upper: Sequence[float], relations: Sequence[Positions]
    ) -> None:
        self._lower, self._upper = np.array(lower, dtype=float), np.array(upper, dtype=float)
        undetermined = self._lower < self._upper
        relations = [r for r in relations if undetermined[[r[0], *r[1]]].any()]
        signs = np.zeros((len(relations), len(self._lower)), dtype=np.int8)
        for row, (total, parts) in zip(signs, relations, strict=True):
            row[[total, *parts]] = [-1, *[1] * len(parts)]
        self._constrained, self._sums = np.asarray(signs.any(axis=0)), csr_array(signs.astype(float))
        # interchangeable figures carry the same mark: a value that one can take, all can
        columns = [column.tobytes() for column in signs.T]
        self._marks = list(zip(self._lower, self._upper, columns, strict=True))
        self._attained: dict[Hashable, set[int]] = {mark: set() for mark in self._marks}

    def possible(self) -> bool:
        """Return whether any figures satisfy these limits and sums."""
        return self._solve(np.zeros(len(self._lower)), self._lower, self._upper) is not None

    def takes(self, figure: int, value: int) -> bool:
        """Return whether a figure can take this value."""
        if not self._lower[figure] <= value <= self._upper[figure]:
            return False
        if not self._constrained[figure] or value in self._attained[self._marks[figure]]:
            return True
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[figure] = upper[figure] = value
        fitting = self._solve(np.zeros(len(lower)), lower, upper)
        if fitting is None:
            return False
        # one solution shows a possible value of every figure
        for i, number in enumerate(np.rint(fitting)):
            self._attained[self._marks[i]].add(int(number))
        return True

    def known(self, figure: int) -> bool:
        """Return whether a figure can take one whole number only."""
        if not self._constrained[figure]:
            return bool(self._lower[figure] == self._upper[figure])
        values: set[int] = set(self._attained[self._marks[figure]])
        for direction in (1.0, -1.0) if len(values) < 2 else ():
            cost = np.zeros(len(self._lower))
            cost[figure] = direction
            fitting = self._solve(cost, self._lower, self._upper)
            values |= {0, 1} if fitting is None else {round(fitting[figure])}  # unbounded: it can take many
        return len(values) == 1

    def _solve(self, cost: Numbers, lower: Numbers, upper: Numbers) -> Numbers | None:
        """Return the figures that minimise `cost`; None where infeasible or unbounded."""
        sums = LinearConstraint(self._sums, 0, 0)
        result = milp(cost, integrality=np.ones(len(cost)), bounds=Bounds(lower, upper), constraints=sums)
        if result.status == _DONE:
            return np.asarray(result.x)
        if result.status in ((_NO_END, _UNSURE) if cost.any() else (_INFEASIBLE,)):
            return None
        raise OswError(f"the check of hidden numbers came to no end ({result.message}). Publish fewer sums.")

"""The figures a survey publishes by group, and all surveys that would publish the same: one system of constraints.

The intruder of this audit reads every printed digit, knows the weighted size of each group (population figures are
public), and assumes equal weights within a finest group, as after post-stratification. An intruder who assumes less
learns less. Where weights vary so much that no such survey publishes the same, nothing is assumed of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from osw_stats.shelf.disclosure.hiding import (
    MIN_COUNT,
    MIN_OPEN,
    MIN_RESPONDENTS,
    Code,
    Numbers,
    Positions,
    too_small,
)

DECIMALS = 1  # of a printed percentage
DIGITS = 2  # significant digits of a printed effective size, rounded down
NEAR = (1, -1, 2, -2, 3, -3, 5, -5, 8, -8, 13, -13)  # alternative numbers of respondents, less true
TRIES = 4  # searches for answers that give the printed effective sizes
NODES = 500  # limit of a search; a solution not found by then counts as absent, so that more is withheld


@dataclass(frozen=True)
class Answers:
    """Answers of one group to one question: respondents, sums of weights, and the effective sample size."""

    respondents: int
    yes: int
    effective: float
    weight: float
    weight_yes: float

    @property
    def no(self) -> int:
        """Respondents who answered no."""
        return self.respondents - self.yes

    @property
    def few(self) -> bool:
        """Whether these answers are too few to publish their share."""
        return min(self.yes, self.no) < MIN_COUNT or too_small(self.respondents, self.effective)


def printed_share(pct: Any) -> Any:
    """Return percentages as printed."""
    scale = 10.0**DECIMALS
    return np.floor(pct * scale + 0.5 + 1e-9) / scale


def cautious(number: Any, *, error: bool = False) -> Any:
    """Return numbers to two digits without narrowing any interval: effective sizes rounded down to whole numbers, errors up.

    >>> cautious(np.array([1049.7, 99.9, 30.4, 7.2])).tolist()
    [1000.0, 99.0, 30.0, 7.0]
    >>> cautious(np.array([0.2812, 1.04, 12.0]), error=True).round(9).tolist()
    [0.29, 1.1, 12.0]
    """
    size = np.maximum(number * (1 + 1e-9), 1e-12 if error else 1.0)
    step = 10.0 ** (np.floor(np.log10(size)) + 1 - DIGITS)
    if error:
        return np.ceil(number / step - 1e-9) * step
    step = np.maximum(step, 1)
    return np.floor(size / step) * step


class Surveys:
    """All surveys consistent with what is printed: `groups` are the true answers to one question, `shown` marks those printed."""

    def __init__(
        self,
        groups: Sequence[Answers],
        relations: Sequence[Positions],
        shown: Sequence[bool],
        codes: Sequence[Code],
    ) -> None:
        self.groups, self._shown = groups, np.array(shown)
        known_large = np.array([code == "complementary" for code in codes])
        self._min_yes, self._min_n = MIN_COUNT * known_large, np.where(known_large, MIN_RESPONDENTS, 1)
        self.truth = np.array([a.respondents for a in groups], dtype=float)
        self._weights = np.array([a.weight for a in groups])
        # one weight for all: the totals are numbers of respondents, not population figures
        self._self_weighting = np.allclose(self._weights * self.truth.sum(), self.truth * self._weights.sum())
        # the solver treats values far below one as zero
        self._weights *= self.truth.max() / self._weights.max()
        pct = np.array([100 * a.weight_yes / a.weight if a.weight else 0.0 for a in groups])
        share, half = printed_share(pct) / 100, 0.005 / 10**DECIMALS
        self._share = np.stack([np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)])
        count, totals = len(groups), dict(relations)
        self._finest = np.array([i not in totals for i in range(count)])
        self._inside = np.eye(count)  # the finest groups within each
        for _ in totals:  # a chain of totals is no longer than that
            for total, parts in totals.items():
                self._inside[total] = self._inside[list(parts)].max(axis=0)
        self._inside = self._inside * self._finest
        self._sums = np.zeros((len(relations), count))
        for row, (total, parts) in enumerate(relations):
            self._sums[row, [total, *parts]] = [-1.0, *[1.0] * len(parts)]
        self._size = cautious(np.array([a.effective for a in groups]))
        # a printed effective size is informative where it is that of a simple random sample
        self._equal, yes = True, np.array([a.yes for a in groups], dtype=float)
        self._simple = self._shown & (self._sizes(self.truth, yes) == self._size)
        weighted = self._weight(self.truth)
        equal = self._inside @ (weighted / np.maximum(self.truth, 1) * yes) / np.maximum(weighted, 1e-9)
        fits = (equal >= self._share[0] - 1e-9) & (equal <= self._share[1] + 1e-9)
        # such a survey exists: the true one, or another; a failed search proves nothing if the true one qualifies
        self._equal = bool(fits[self._shown].all()) or self.answers(self.truth) is not None
        self._simple &= self._equal

    def open(self, i: int, others: Sequence[Surveys], *, small: bool) -> bool:
        """Return whether a group's respondents, yeses, noes and share all stay uncertain to the intruder."""
        # Each of these numbers from 1 to 4 can still be any of 1 to 4; the share of a `small` group has a range of
        # at least `MIN_OPEN`. `others` are other questions to the same respondents.
        group, width = self.groups[i], MIN_OPEN if small else 0.0
        truth = (group.respondents, group.yes, group.no)
        solutions: list[tuple[int, int, int, float]] = []  # consistent surveys: respondents, yes, no, share

        def record(size: Numbers, fit: Numbers | None) -> None:
            if fit is not None:
                solutions.append((int(size[i]), int(fit[0, i]), int(size[i] - fit[0, i]), float(fit[1, i])))

        def missing() -> list[list[tuple[float, float]]]:
            numbers = zip(truth, *(fit[:3] for fit in solutions), strict=True)
            return [_missing_ranges(true, set(seen)) for true, *seen in numbers]

        def narrow() -> bool:
            return float(np.ptp([fit[3] for fit in solutions])) < width

        for size in self._respondents(i):
            fits = [survey.answers(size) for survey in (self, *others)]
            if any(fit is None for fit in fits):
                continue
            record(size, fits[0])
            for low, high in missing()[1]:
                record(size, self.answers(size, i, low, high))
            for low, high in missing()[2]:
                record(size, self.answers(size, i, size[i] - high, size[i] - low))
            for toward in (1, -1) if narrow() else ():
                record(size, self.answers(size, i, toward=toward))
            if not narrow() and not any(missing()):
                return True
        return False

    def _respondents(self, i: int) -> Iterator[Numbers]:
        """Yield respondents of all groups consistent with what is shown: the true numbers, then alternatives in one group."""
        yield self.truth
        n, count = self.truth[i], len(self.truth)
        rows = np.block([[self._sums, np.zeros_like(self._sums)], [np.eye(count), -np.eye(count)]])
        rows = np.vstack([rows, np.hstack([-np.eye(count), -np.eye(count)])])
        ends = np.concatenate([np.zeros(len(self._sums)), self.truth, -self.truth])
        below = np.concatenate([ends[: len(self._sums)], np.full(2 * count, -math.inf)])
        tries = [*(range(1, MIN_COUNT) if 0 < n < MIN_COUNT else ()), *(n + step for step in NEAR)]
        for number in dict.fromkeys(m for m in tries if m != n and m >= self._min_n[i]):
            lower = np.concatenate([np.where(self._shown, self.truth, self._min_n), np.zeros(count)])
            upper = np.concatenate([np.where(self._shown, self.truth, math.inf), np.full(count, math.inf)])
            lower[i] = upper[i] = number
            cost = np.concatenate([np.zeros(count), np.ones(count)])  # as near to the truth as possible
            fitting = _solve(cost, np.ones(2 * count), lower, upper, rows, below, ends)
            if fitting is not None:
                yield np.rint(fitting[:count])

    def _weight(self, size: Numbers) -> Numbers:
        """Return the weighted size of every group with these numbers of respondents."""
        return size if self._self_weighting else self._weights

    def answers(
        self, size: Numbers, i: int = 0, low: float = 0.0, high: float = math.inf, *, toward: int = 0
    ) -> Numbers | None:
        """Return the yeses of every group, stacked on the weighted shares, of a survey with these numbers of respondents."""
        # None if there is none in which group `i` has from `low` to `high` yeses. `toward` 1 minimises the share of
        # that group, -1 maximises it.
        count, finest = len(size), np.flatnonzero(self._finest)
        totals = self._weight(size)
        weight = totals / np.maximum(size, 1)  # of one respondent of each group
        zero, identity = np.zeros((count, count)), np.eye(count)
        rows = [np.kron(np.eye(3), self._sums)]  # of people, of weights and of squares
        below, above = [np.zeros(3 * len(self._sums))], [np.zeros(3 * len(self._sums))]
        if self._equal:
            rows += [np.hstack([np.diag(-weight), identity, zero])[finest]]
            rows += [np.hstack([np.diag(-(weight**2)), zero, identity])[finest]]
            below, above = [*below, np.zeros(2 * len(finest))], [*above, np.zeros(2 * len(finest))]
        else:  # no yeses have no weight; at least one has a positive weight
            rows += [np.hstack([np.diag(-totals), identity, zero])[finest]]
            rows += [np.hstack([np.diag(totals), -identity, zero])[finest]]
            below += [np.full(2 * len(finest), -math.inf)]
            above += [np.zeros(len(finest)), (totals * (size - 1))[finest]]
        least, most = self._min_yes.astype(float), size - self._min_yes
        least[i], most[i] = max(least[i], low), min(most[i], high)
        shares = np.where(self._shown, self._share, np.array([[0.0], [1.0]])) * totals
        squares = self._squares(size, totals)
        if (least > most).any():
            return None
        lower = np.concatenate((least, shares[0], squares[0]))
        upper = np.concatenate((most, shares[1], squares[1]))
        cost, chance = np.zeros(3 * count), np.random.default_rng(0)
        cost[count + i] = toward
        for _ in range(TRIES):
            ints = np.repeat([1.0, 0.0, 0.0], count)
            fitting = _solve(cost, ints, lower, upper, np.vstack(rows), *map(np.concatenate, (below, above)))
            if fitting is None:
                return None
            yes = np.rint(fitting[:count])
            if not self._simple.any() or (self._sizes(size, yes) == self._size)[self._simple].all():
                return np.stack([yes, fitting[count : 2 * count] / totals])
            cost[:count] = chance.normal(size=count) * 1e-3
        return None

    def _sizes(self, size: Numbers, yes: Numbers) -> Numbers:
        """Return the effective sizes to be printed of a simple random sample with equal weights in each finest group."""
        totals = self._weight(size)
        weight = totals / np.maximum(size, 1)
        share = self._inside @ (weight * yes) / totals
        squares = weight**2 * (yes[None, :] * (1 - 2 * share[:, None]) + size * share[:, None] ** 2)
        spread = (self._inside * squares).sum(axis=1) / totals**2 * size / np.maximum(size - 1, 1)
        effective = np.where(spread > 0, share * (1 - share) / np.where(spread > 0, spread, 1.0), size)
        return np.asarray(cautious(effective))

    def _squares(self, size: Numbers, totals: Numbers) -> Numbers:
        """Return the limits of the sums of squared weights of yeses that the printed effective sizes imply."""
        unbounded = np.stack([np.zeros(len(size)), np.full(len(size), math.inf)])
        if not self._simple.any():
            return unbounded
        all_squares = self._inside @ (totals**2 / np.maximum(size, 1))
        step = 10.0 ** np.maximum(np.floor(np.log10(self._size)) + 1 - DIGITS, 0)
        corners = []
        for share in self._share:
            for printed in (self._size, self._size + step):
                spread = share * (1 - share) / printed * totals**2 * (size - 1) / size
                with np.errstate(divide="ignore", invalid="ignore"):
                    corners.append((spread - share**2 * all_squares) / (1 - 2 * share))
        bound = self._simple & (self._share < 0.5).all(axis=0) & np.isfinite(corners).all(axis=0)
        return np.where(bound, [np.min(corners, axis=0), np.max(corners, axis=0)], unbounded)


def _missing_ranges(true: int, seen: set[int]) -> list[tuple[float, float]]:
    """Return the ranges in which another number is still needed, so that the true one stays uncertain."""
    if 0 < true < MIN_COUNT:
        return [(n, n) for n in range(1, MIN_COUNT) if n not in seen]
    return [] if seen - {true} else [(0, true - 1), (true + 1, math.inf)]


def _solve(
    cost: Numbers,
    integer: Numbers,
    lower: Numbers,
    upper: Numbers,
    rows: Numbers,
    below: Numbers,
    above: Numbers,
) -> Numbers | None:
    sums = LinearConstraint(csr_array(rows), below, above)
    options = {"node_limit": NODES}
    result = milp(cost, integrality=integer, bounds=Bounds(lower, upper), constraints=sums, options=options)
    return None if result.x is None else np.asarray(result.x)

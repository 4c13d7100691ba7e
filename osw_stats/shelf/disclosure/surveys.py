"""What a survey prints of its groups, and all surveys that would print the same: one system of everything that is told.

The attacker of this audit reads every printed digit, knows the weighted size of each group (population figures are
public), and supposes that everybody in a finest group has the same weight, as after post-stratification on them. Whoever
supposes less knows less. Where weights vary so much that no such survey prints the same, he supposes nothing of them.
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
DIGITS = 2  # of a printed effective size, rounded down
NEAR = (1, -1, 2, -2, 3, -3, 5, -5, 8, -8, 13, -13)  # other numbers of respondents that are tried
TRIES = 4  # so often answers are looked for that give the printed effective sizes
NODES = 500  # of a search; what is not found by then counts as not there, so that more is withheld


@dataclass(frozen=True)
class Answers:
    """Answers of one group to one question: people, their weights added up, and the effective sample size."""

    respondents: int
    yes: int
    effective: float
    weight: float
    weight_yes: float

    @property
    def no(self) -> int:
        """Those who said no."""
        return self.respondents - self.yes

    @property
    def few(self) -> bool:
        """Whether a share of these answers is too small to show."""
        return min(self.yes, self.no) < MIN_COUNT or too_small(self.respondents, self.effective)


def printed_share(pct: Any) -> Any:
    """Return percentages as they are printed."""
    scale = 10.0**DECIMALS
    return np.floor(pct * scale + 0.5 + 1e-9) / scale


def cautious(number: Any, *, error: bool = False) -> Any:
    """Return numbers in two digits, so that no interval gets too narrow: whole effective sizes rounded down, errors up.

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
    """All surveys that fit: `groups` are the true answers to one question, `shown` says which are printed."""

    def __init__(
        self,
        groups: Sequence[Answers],
        relations: Sequence[Positions],
        shown: Sequence[bool],
        codes: Sequence[Code],
    ) -> None:
        self.groups, self._shown = groups, np.array(shown)
        known_large = np.array([code == "complementary" for code in codes])
        self._least, self._many = MIN_COUNT * known_large, np.where(known_large, MIN_RESPONDENTS, 1)
        self.truth = np.array([a.respondents for a in groups], dtype=float)
        self._weights = np.array([a.weight for a in groups])
        # one weight for all: the sums are numbers of respondents, and no population figures
        self._same = np.allclose(self._weights * self.truth.sum(), self.truth * self._weights.sum())
        # a solver takes what is far below one for nothing
        self._weights *= self.truth.max() / self._weights.max()
        pct = np.array([100 * a.weight_yes / a.weight if a.weight else 0.0 for a in groups])
        share, half = printed_share(pct) / 100, 0.005 / 10**DECIMALS
        self._share = np.stack([np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)])
        count, totals = len(groups), dict(relations)
        self._finest = np.array([at not in totals for at in range(count)])
        self._inside = np.eye(count)  # which of the finest groups lie in each
        for _ in totals:  # a chain of totals is no longer than that
            for total, parts in totals.items():
                self._inside[total] = self._inside[list(parts)].max(axis=0)
        self._inside = self._inside * self._finest
        self._sums = np.zeros((len(relations), count))
        for row, (total, parts) in enumerate(relations):
            self._sums[row, [total, *parts]] = [-1.0, *[1.0] * len(parts)]
        self._size = cautious(np.array([a.effective for a in groups]))
        # a printed effective size tells something where it is that of a simple sample
        self._equal, yes = True, np.array([a.yes for a in groups], dtype=float)
        self._simple = self._shown & (self._sizes(self.truth, yes) == self._size)
        whole = self._weight(self.truth)
        equal = self._inside @ (whole / np.maximum(self.truth, 1) * yes) / np.maximum(whole, 1e-9)
        fits = (equal >= self._share[0] - 1e-9) & (equal <= self._share[1] + 1e-9)
        # the truth is such a survey, or another is; that a search finds none proves nothing where there is one
        self._equal = bool(fits[self._shown].all()) or self.answers(self.truth) is not None
        self._simple &= self._equal

    def open(self, at: int, others: Sequence[Surveys], *, small: bool) -> bool:
        """Say whether nobody can tell how many of a group took part or said yes or no, nor about its share."""
        # Each such number from 1 to 4 may still be any of these; the share of a group that is `small` is open
        # over `MIN_OPEN`. `others` are other questions to the same respondents.
        group, width = self.groups[at], MIN_OPEN if small else 0.0
        truth = (group.respondents, group.yes, group.no)
        found: list[tuple[int, int, int, float]] = []  # of surveys that fit: respondents, yes, no, share

        def note(size: Numbers, fit: Numbers | None) -> None:
            if fit is not None:
                found.append((int(size[at]), int(fit[0, at]), int(size[at] - fit[0, at]), float(fit[1, at])))

        def asked() -> list[list[tuple[float, float]]]:
            numbers = zip(truth, *(fit[:3] for fit in found), strict=True)
            return [_asked(true, set(seen)) for true, *seen in numbers]

        def narrow() -> bool:
            return float(np.ptp([fit[3] for fit in found])) < width

        for size in self._respondents(at):
            fits = [survey.answers(size) for survey in (self, *others)]
            if any(fit is None for fit in fits):
                continue
            note(size, fits[0])
            for low, high in asked()[1]:
                note(size, self.answers(size, at, low, high))
            for low, high in asked()[2]:
                note(size, self.answers(size, at, size[at] - high, size[at] - low))
            for toward in (1, -1) if narrow() else ():
                note(size, self.answers(size, at, toward=toward))
            if not narrow() and not any(asked()):
                return True
        return False

    def _respondents(self, at: int) -> Iterator[Numbers]:
        """Yield respondents of all groups that fit what is shown: the true ones, then some with others in one group."""
        yield self.truth
        n, count = self.truth[at], len(self.truth)
        rows = np.block([[self._sums, np.zeros_like(self._sums)], [np.eye(count), -np.eye(count)]])
        rows = np.vstack([rows, np.hstack([-np.eye(count), -np.eye(count)])])
        ends = np.concatenate([np.zeros(len(self._sums)), self.truth, -self.truth])
        below = np.concatenate([ends[: len(self._sums)], np.full(2 * count, -math.inf)])
        tries = [*(range(1, MIN_COUNT) if 0 < n < MIN_COUNT else ()), *(n + step for step in NEAR)]
        for number in dict.fromkeys(m for m in tries if m != n and m >= self._many[at]):
            lower = np.concatenate([np.where(self._shown, self.truth, self._many), np.zeros(count)])
            upper = np.concatenate([np.where(self._shown, self.truth, math.inf), np.full(count, math.inf)])
            lower[at] = upper[at] = number
            cost = np.concatenate([np.zeros(count), np.ones(count)])  # as near to the truth as may be
            fitting = _solve(cost, np.ones(2 * count), lower, upper, rows, below, ends)
            if fitting is not None:
                yield np.rint(fitting[:count])

    def _weight(self, size: Numbers) -> Numbers:
        """Return the weighted size of every group where so many took part."""
        return size if self._same else self._weights

    def answers(
        self, size: Numbers, at: int = 0, low: float = 0.0, high: float = math.inf, *, toward: int = 0
    ) -> Numbers | None:
        """Return the yeses of every group, and below them the weighted share, of a survey with so many respondents."""
        # None if there is none in which the group `at` has from `low` to `high` of them. `toward` 1 asks for
        # the least, -1 for the largest share of that group.
        count, finest = len(size), np.flatnonzero(self._finest)
        whole_weight = self._weight(size)
        weight = whole_weight / np.maximum(size, 1)  # of one respondent of each group
        blank, one = np.zeros((count, count)), np.eye(count)
        rows = [np.kron(np.eye(3), self._sums)]  # of people, of weights and of squares
        below, above = [np.zeros(3 * len(self._sums))], [np.zeros(3 * len(self._sums))]
        if self._equal:
            rows += [np.hstack([np.diag(-weight), one, blank])[finest]]
            rows += [np.hstack([np.diag(-(weight**2)), blank, one])[finest]]
            below, above = [*below, np.zeros(2 * len(finest))], [*above, np.zeros(2 * len(finest))]
        else:  # nobody said yes: no weight of yes; one at least: more than none
            rows += [np.hstack([np.diag(-whole_weight), one, blank])[finest]]
            rows += [np.hstack([np.diag(whole_weight), -one, blank])[finest]]
            below += [np.full(2 * len(finest), -math.inf)]
            above += [np.zeros(len(finest)), (whole_weight * (size - 1))[finest]]
        least, most = self._least.astype(float), size - self._least
        least[at], most[at] = max(least[at], low), min(most[at], high)
        shares = np.where(self._shown, self._share, np.array([[0.0], [1.0]])) * whole_weight
        squares = self._squares(size, whole_weight)
        if (least > most).any():
            return None
        lower = np.concatenate((least, shares[0], squares[0]))
        upper = np.concatenate((most, shares[1], squares[1]))
        cost, chance = np.zeros(3 * count), np.random.default_rng(0)
        cost[count + at] = toward
        for _ in range(TRIES):
            whole = np.repeat([1.0, 0.0, 0.0], count)
            fitting = _solve(cost, whole, lower, upper, np.vstack(rows), *map(np.concatenate, (below, above)))
            if fitting is None:
                return None
            yes = np.rint(fitting[:count])
            if not self._simple.any() or (self._sizes(size, yes) == self._size)[self._simple].all():
                return np.stack([yes, fitting[count : 2 * count] / whole_weight])
            cost[:count] = chance.normal(size=count) * 1e-3
        return None

    def _sizes(self, size: Numbers, yes: Numbers) -> Numbers:
        """Return the effective sizes that would be printed of a simple sample with equal weights in each finest group."""
        whole = self._weight(size)
        weight = whole / np.maximum(size, 1)
        share = self._inside @ (weight * yes) / whole
        squares = weight**2 * (yes[None, :] * (1 - 2 * share[:, None]) + size * share[:, None] ** 2)
        spread = (self._inside * squares).sum(axis=1) / whole**2 * size / np.maximum(size - 1, 1)
        effective = np.where(spread > 0, share * (1 - share) / np.where(spread > 0, spread, 1.0), size)
        return np.asarray(cautious(effective))

    def _squares(self, size: Numbers, whole: Numbers) -> Numbers:
        """Return between what sums of squared weights of yes the printed effective sizes leave them."""
        open_ends = np.stack([np.zeros(len(size)), np.full(len(size), math.inf)])
        if not self._simple.any():
            return open_ends
        all_squares = self._inside @ (whole**2 / np.maximum(size, 1))
        step = 10.0 ** np.maximum(np.floor(np.log10(self._size)) + 1 - DIGITS, 0)
        corners = []
        for share in self._share:
            for printed in (self._size, self._size + step):
                spread = share * (1 - share) / printed * whole**2 * (size - 1) / size
                with np.errstate(divide="ignore", invalid="ignore"):
                    corners.append((spread - share**2 * all_squares) / (1 - 2 * share))
        bound = self._simple & (self._share < 0.5).all(axis=0) & np.isfinite(corners).all(axis=0)
        return np.where(bound, [np.min(corners, axis=0), np.max(corners, axis=0)], open_ends)


def _asked(true: int, seen: set[int]) -> list[tuple[float, float]]:
    """Return between which limits another number must still be found, so that nobody can tell the true one."""
    if 0 < true < MIN_COUNT:
        return [(n, n) for n in range(1, MIN_COUNT) if n not in seen]
    return [] if seen - {true} else [(0, true - 1), (true + 1, math.inf)]


def _solve(
    cost: Numbers,
    whole: Numbers,
    lower: Numbers,
    upper: Numbers,
    rows: Numbers,
    below: Numbers,
    above: Numbers,
) -> Numbers | None:
    sums = LinearConstraint(csr_array(rows), below, above)
    options = {"node_limit": NODES}
    found = milp(cost, integrality=whole, bounds=Bounds(lower, upper), constraints=sums, options=options)
    return None if found.x is None else np.asarray(found.x)

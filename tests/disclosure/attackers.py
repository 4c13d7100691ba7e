"""Two attackers on published tables, written apart from `osw_stats.shelf.disclosure` and without its solver.

They know every figure that is shown, all sums and what the codes beside them tell. One attacks counts (`Attacker`): hidden
figures are whole numbers above zero, and by search with narrowing of ranges he asks of each which numbers it may still
be. The other attacks groups of a survey (`open_range`) and knows the weighted size of every group as well, since
population figures are public. He eliminates: first the sums (Gauss), then one unknown after another from what is left
between limits (Fourier and Motzkin). What he recovers is exact for weighted totals; of counts he takes the whole numbers in
between.
"""

from __future__ import annotations

from fractions import Fraction

FAR = 400  # no count of the simulated tables comes near
# what a code tells: too small; not too small; one of the two; not even that
TELLS = {"primary": (1, 4), "complementary": (5, FAR), "confidential": (1, FAR), "left out": (0, FAR)}


def echelon(rows, columns):
    """Return sums (a coefficient a column, then the constant) in reduced echelon form, without empty ones."""
    rows, at = [list(r) for r in rows], 0
    for column in range(columns):
        pivot = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [x / rows[at][column] for x in rows[at]]
        for r in range(len(rows)):
            if r != at and rows[r][column]:
                rows[r] = [x - rows[r][column] * y for x, y in zip(rows[r], rows[at], strict=True)]
        at += 1
    return rows[:at]


class Attacker:
    """What follows from shown figures and equations (total key, keys of parts).

    `limits` holds what is known of a hidden figure apart from sums: its least and its largest number.
    """

    def __init__(self, shown, hidden, equations, least=1, limits=None):
        self.names = sorted(hidden, key=str)
        index = {name: at for at, name in enumerate(self.names)}
        self.equations = []
        for total, parts in equations:
            terms, rest = {}, 0
            for name, sign in [(total, -1), *((part, 1) for part in parts)]:
                if name in index:
                    terms[index[name]] = terms.get(index[name], 0) + sign
                else:
                    rest -= sign * shown[name]
            if terms:
                self.equations.append((terms, rest))
        self.limits = [(limits or {}).get(name, (least, FAR)) for name in self.names]

    def _narrow(self, ranges):
        """Narrow ranges by every equation until nothing changes; None where there is a contradiction."""
        changed = True
        while changed:
            changed = False
            for terms, rest in self.equations:
                low = sum(c * ranges[i][0 if c > 0 else 1] for i, c in terms.items())
                high = sum(c * ranges[i][1 if c > 0 else 0] for i, c in terms.items())
                if not low <= rest <= high:
                    return None
                for i, c in terms.items():
                    mine_low, mine_high = (c * ranges[i][0 if c > 0 else 1], c * ranges[i][1 if c > 0 else 0])
                    a, b = rest - (high - mine_high), rest - (low - mine_low)
                    if c < 0:
                        a, b = -b, -a
                    new = (max(ranges[i][0], a), min(ranges[i][1], b))
                    if new[0] > new[1]:
                        return None
                    if new != ranges[i]:
                        ranges[i], changed = new, True
        return ranges

    def _exists(self, ranges):
        ranges = self._narrow(list(ranges))
        if ranges is None:
            return False
        open_ones = [i for i, (a, b) in enumerate(ranges) if a < b]
        if not open_ones:
            return True
        at = min(open_ones, key=lambda i: ranges[i][1] - ranges[i][0])
        for value in range(ranges[at][0], ranges[at][1] + 1):
            if self._exists([*ranges[:at], (value, value), *ranges[at + 1 :]]):
                return True
        return False

    def may_be(self, name, value):
        at = self.names.index(name)
        low, high = self.limits[at]
        ranges = [*self.limits[:at], (value, value), *self.limits[at + 1 :]]
        return low <= value <= high and self._exists(ranges)

    def candidates(self, name, most):
        """Return the numbers up to `most` that the figure may be."""
        least = self.limits[self.names.index(name)][0]
        return [value for value in range(least, most + 1) if self.may_be(name, value)]

    def by_subtraction(self):
        """Return the figures that follow from equations alone, by elimination in fractions."""
        rows = [
            [Fraction(terms.get(i, 0)) for i in range(len(self.names))] + [Fraction(rest)]
            for terms, rest in self.equations
        ]
        return {
            self.names[[bool(x) for x in row[:-1]].index(True)]: row[-1]
            for row in echelon(rows, len(self.names))
            if sum(bool(x) for x in row[:-1]) == 1
        }


def open_range(name, shown, lower, upper, equations):
    """Return the least and largest number that a hidden figure may be; None for an end that is not there.

    `shown` holds figures by key, `lower` and `upper` what is known of the hidden ones (an upper limit may lack), and
    `equations` totals with their parts.
    """
    hidden = [name, *sorted((g for g in lower if g != name), key=str)]
    rows = echelon([_row(equation, shown, hidden) for equation in equations], len(hidden))
    pivots = {next(i for i, x in enumerate(row) if x): row for row in rows}
    free = [i for i in range(len(hidden)) if i not in pivots]
    limits = []  # terms + constant >= 0, in the unknowns that are free
    for at, key in enumerate(hidden):
        terms, constant = {at: Fraction(1)}, Fraction(0)
        if at in pivots:
            terms, constant = {i: -pivots[at][i] for i in free if pivots[at][i]}, pivots[at][-1]
        limits.append((terms, constant - lower[key]))
        if key in upper:
            limits.append(({i: -c for i, c in terms.items()}, upper[key] - constant))
        # the goal becomes an unknown of its own, bound to the free ones on both sides
        if at == 0 and at in pivots:
            opposite = {i: -c for i, c in terms.items()}
            limits += [({**opposite, -1: Fraction(1)}, -constant), ({**terms, -1: Fraction(-1)}, constant)]
    goal = -1 if 0 in pivots else 0
    left = [unknown for unknown in free if unknown != goal]
    while left:  # the one that makes fewest new limits goes first
        unknown = min(left, key=lambda i: _new(i, limits))
        left.remove(unknown)
        limits = _without(unknown, limits)
    low = [-k / t[goal] for t, k in limits if t.get(goal, 0) > 0]
    high = [-k / t[goal] for t, k in limits if t.get(goal, 0) < 0]
    return max(low, default=None), min(high, default=None)


def _row(equation, shown, hidden):
    total, parts = equation
    row = [Fraction(0)] * (len(hidden) + 1)
    for group, sign in [(total, -1), *((part, 1) for part in parts)]:
        if group in hidden:
            row[hidden.index(group)] += sign
        else:
            row[-1] -= sign * shown[group]
    return row


def _new(unknown, limits):
    signs = [terms.get(unknown, 0) for terms, _ in limits]
    return sum(c > 0 for c in signs) * sum(c < 0 for c in signs)


def _without(unknown, limits):
    """Return what follows for the others from terms + constant >= 0, one unknown eliminated."""
    above = [limit for limit in limits if limit[0].get(unknown, 0) > 0]
    below = [limit for limit in limits if limit[0].get(unknown, 0) < 0]
    kept = [limit for limit in limits if not limit[0].get(unknown, 0)]
    for terms, constant in above:
        for others, k in below:
            a, b = terms[unknown], -others[unknown]
            sums = {i: b * terms.get(i, 0) + a * others.get(i, 0) for i in terms.keys() | others.keys()}
            kept.append(({i: c for i, c in sums.items() if c}, b * constant + a * k))
    return _fewest(kept)


def _fewest(limits):
    """Return one limit a direction, the tightest: the others say nothing more."""
    best = {}
    for terms, constant in limits:
        if not terms:
            assert constant >= 0  # the true numbers fit, so nothing contradicts
            continue
        scale = sum(abs(c) for c in terms.values())
        key = tuple(sorted((i, c / scale) for i, c in terms.items()))
        best[key] = min(best.get(key, constant / scale), constant / scale)
    return [(dict(key), constant) for key, constant in best.items()]

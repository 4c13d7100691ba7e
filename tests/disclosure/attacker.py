"""An attacker on published tables, written apart from `osw_stats.shelf.disclosure` and without its solver.

He knows every figure that is shown, all sums, that hidden figures are whole numbers above zero, what the codes beside
them tell, and nothing else. By search with narrowing of ranges (no linear programme) he asks of each hidden figure which
numbers it may still be.
"""

from __future__ import annotations

from fractions import Fraction

from tests.disclosure.elimination import echelon

FAR = 400  # no count of the simulated tables comes near


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

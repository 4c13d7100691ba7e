"""Two attackers on published tables, written apart from `osw_stats.shelf.disclosure` and without its solver.

They know every figure that is shown, all sums and what the codes beside them tell. One attacks counts (`Attacker`): hidden
figures are whole numbers above zero, and by search with narrowing of ranges he asks of each which numbers it may still
be. The other attacks groups of a survey (`open_range`) and knows the weighted size of every group as well, since
population figures are public. He eliminates the sums (Gauss) and goes from corner to corner of what is left between
limits (Dantzig), in fractions. What he recovers is exact for weighted totals; of counts he takes the whole numbers in between.
"""

from __future__ import annotations

from fractions import Fraction

FAR = 400  # no count of the simulated tables comes near
ONE, SHORT = -1, -2  # the constant of a row, and what all rows lack of nought
UP, DOWN = GOALS = -3, -4
MUCH = 10**15  # what lacks costs more than any goal gives
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
        self.rows = [_row(equation, shown, self.names) for equation in equations]
        terms = [{i: int(c) for i, c in enumerate(row[:-1]) if c} for row in self.rows]
        self.equations = [(t, int(row[-1])) for t, row in zip(terms, self.rows, strict=True) if t]
        self.limits = [(limits or {}).get(name, (least, FAR)) for name in self.names]

    def _narrow(self, ranges):
        """Narrow ranges by every equation until nothing changes; None where there is a contradiction."""
        changed = True
        while changed:
            changed = False
            for terms, rest in self.equations:
                ends = {i: sorted((sign * ranges[i][0], sign * ranges[i][1])) for i, sign in terms.items()}
                low, high = (sum(some) for some in zip(*ends.values(), strict=True))
                if not low <= rest <= high:
                    return None
                for i, sign in terms.items():
                    # what all others leave of it
                    left = rest - (high - ends[i][1]), rest - (low - ends[i][0])
                    a, b = sorted(sign * end for end in left)
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
        return next(self._those_of(ranges, at), None) is not None  # 0 is a number

    def _those_of(self, ranges, at):
        """Yield the numbers in the range of one figure that leave some for all others."""
        for value in range(ranges[at][0], ranges[at][1] + 1):
            if self._exists([*ranges[:at], (value, value), *ranges[at + 1 :]]):
                yield value

    def candidates(self, name, most):
        """Return the numbers up to `most` that the figure may be."""
        at = self.names.index(name)
        least, largest = self.limits[at]
        limits = [*self.limits[:at], (least, min(most, largest)), *self.limits[at + 1 :]]
        return list(self._those_of(limits, at))

    def by_subtraction(self):
        """Return the figures that follow from equations alone, by elimination in fractions."""
        alone = [row for row in echelon(self.rows, len(self.names)) if sum(map(bool, row[:-1])) == 1]
        return {self.names[next(i for i, x in enumerate(row) if x)]: row[-1] for row in alone}


def recovered(true, shown, secret, sums, limits):
    """Return what the first attacker finds of secret figures: exact numbers, and small ones that are narrowed."""
    attacker = Attacker(shown, set(true) - set(shown), sums, limits=limits)
    found = {name: n for name, n in attacker.by_subtraction().items() if name in secret}
    for name in secret:
        n, (least_small, most_small) = true[name], TELLS["primary"]
        small = least_small <= n <= most_small
        numbers = attacker.candidates(name, most_small if small else min(n + 1, FAR))
        few = set(range(max(least_small, least(name, sums, shown, limits)), most_small + 1))
        if not few <= set(numbers) if small else numbers == [n]:
            found[name] = numbers
    return found


def least(name, sums, shown, limits):
    """Everybody sees that a total is no less than its parts that are shown, or told to be hidden and no zero."""
    parts = [[least(part, sums, shown, limits) for part in some] for total, some in sums if total == name]
    return max(shown.get(name, limits.get(name, (0, 0))[0]), *map(sum, parts), 0)


def open_range(name, shown, lower, upper, equations):
    """Return the least and largest number that a hidden figure may be; None for an end that is not there.

    `shown` holds figures by key, `lower` and `upper` what is known of the hidden ones (an upper limit may lack), and
    `equations` totals with their parts.
    """
    hidden = [name, *sorted((g for g in lower if g != name), key=str)]
    count, rows = len(hidden), {}
    sums = echelon([_row(equation, shown, hidden) for equation in equations], count)
    pivots = {next(i for i, x in enumerate(row) if x): row for row in sums}
    # how far each is above its least, in those that are free, and how far below its largest
    above = {at: {at: Fraction(1)} for at in range(count)}
    for at, row in pivots.items():
        above[at] = {i: -x for i, x in enumerate(row[:-1]) if x and i != at}
        above[at][ONE] = row[-1] - sum(x * lower[key] for x, key in zip(row, hidden, strict=False))
        rows[at] = dict(above[at])
    for at in (at for at, key in enumerate(hidden) if key in upper):
        rows[count + at] = {i: -x for i, x in above[at].items()}
        rows[count + at][ONE] = upper[hidden[at]] - lower[hidden[at]] - above[at].get(ONE, 0)
    rows[UP], rows[DOWN] = dict(above[0]), {i: -x for i, x in above[0].items()}
    _let_fit(rows)
    high, low = _raised(rows, UP), _raised(rows, DOWN)
    return lower[name] - low, None if high is None else lower[name] + high


def _row(equation, shown, hidden):
    total, parts = equation
    row = [Fraction(0)] * (len(hidden) + 1)
    for group, sign in [(total, -1), *((part, 1) for part in parts)]:
        if group in hidden:
            row[hidden.index(group)] += sign
        else:
            row[-1] -= sign * shown[group]
    return row


def _let_fit(rows):
    """Bring every row from nought up, by what all of them lack; since the true numbers fit, none lacks anything in the end."""
    lowest, worst = min((row.get(ONE, 0), i) for i, row in rows.items() if i not in GOALS)
    if lowest < 0:
        for i, row in rows.items():
            row[SHORT] = Fraction(-MUCH if i in GOALS else 1)
        _change_places(rows, SHORT, worst)


def _raised(rows, goal):
    """Return how far a goal goes up, None if it has no end (the simplex method, by Bland's rule).

    Each row but the goals is a figure from nought up: a sum over others that are at nought, and a constant.
    """
    while True:
        into = min((i for i, x in rows[goal].items() if i != ONE and x > 0), default=None)
        if into is None:
            return rows[goal].get(ONE, 0)
        falling = [(i, row) for i, row in rows.items() if i not in GOALS and row.get(into, 0) < 0]
        if not falling:
            return None
        _change_places(rows, into, min((-row.get(ONE, 0) / row[into], i) for i, row in falling)[1])


def _change_places(rows, into, out):
    """Write a figure that is at nought by that of a row, and put it into all others."""
    row = rows.pop(out)
    scale = -1 / row.pop(into)
    instead = {i: x * scale for i, x in row.items()} | {out: -scale}
    for other in rows.values():
        if times := other.pop(into, 0):
            for i, x in instead.items():
                other[i] = other.get(i, 0) + times * x
                if not other[i]:
                    del other[i]
    rows[into] = instead

"""An attacker on tables of survey groups, written apart from the audit: no solver, fractions only.

He knows every number that is shown, what the codes tell, and the weighted size of every group (population figures are
public). He eliminates: first the sums (Gauss), then one unknown after another from what is left between limits (Fourier
and Motzkin). What he finds is exact for weighted totals; of counts he takes the whole numbers in between.
"""

from __future__ import annotations

from fractions import Fraction

from tests.disclosure.elimination import echelon


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
            limits.append((_minus(terms), upper[key] - constant))
        # the goal becomes an unknown of its own, bound to the free ones on both sides
        if at == 0 and at in pivots:
            limits += [
                ({**_minus(terms), -1: Fraction(1)}, -constant),
                ({**terms, -1: Fraction(-1)}, constant),
            ]
    goal = -1 if 0 in pivots else 0
    left = [unknown for unknown in free if unknown != goal]
    while left:  # the one that makes fewest new limits goes first
        unknown = min(left, key=lambda i: _new(i, limits))
        left.remove(unknown)
        limits = _without(unknown, limits)
    low = [-k / t[goal] for t, k in limits if t.get(goal, 0) > 0]
    high = [-k / t[goal] for t, k in limits if t.get(goal, 0) < 0]
    return max(low, default=None), min(high, default=None)


def _minus(terms):
    return {i: -c for i, c in terms.items()}


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

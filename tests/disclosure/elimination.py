"""Elimination in fractions, as any attacker on sums does first."""


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

"""How much does somebody learn who also knows the rule for hiding? SIMULATED rows of four counts with their total, and codes.

He tries every row of whole numbers with the same total, hides it by the rule, and keeps those that look the same as what
was published. A hidden count is known to him when all of those agree on it.
"""

from itertools import product

import numpy as np

from osw_stats.shelf.disclosure.counts import protect
from osw_stats.shelf.disclosure.hiding import MIN_COUNT

KEYS, LARGEST = "abcd", 12


def published(cells):
    """Return a row as it is shown: a code where hidden, the total last."""
    figures = dict(zip(KEYS, cells, strict=True)) | {"all": sum(cells)}
    sums = [("all", list(KEYS))]
    told = protect(figures, sums)[1]
    return tuple(told[k] or n for k, n in figures.items())


def main():
    """Count rows with a hidden small count, and those of which the rule gives one away."""
    alike: dict[tuple, list[tuple]] = {}
    for cells in product(range(LARGEST + 1), repeat=len(KEYS)):
        if list(cells) == sorted(cells):  # the order of the parts plays no role but among equals
            alike.setdefault(published(cells), []).append(cells)
    rng, rows, known = np.random.default_rng(1), 0, 0
    for _ in range(2000):
        cells = tuple(sorted(int(n) for n in rng.integers(0, LARGEST + 1, len(KEYS))))
        small = [i for i, n in enumerate(cells) if 0 < n < MIN_COUNT]
        if small:
            rows += 1
            same = alike[published(cells)]
            known += any(len({row[i] for row in same}) == 1 for i in small)
    print(
        f"{rows} rows with a small count; knowing the rule gives one away in {known} ({100 * known / rows:.1f} percent)"
    )


if __name__ == "__main__":
    main()

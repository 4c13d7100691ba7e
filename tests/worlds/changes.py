"""Editions derived from the real one: worlds with several kinds of change at once.

A change (in `counts` and `structure`) is a function of a world and a random number generator. Figures are drawn by
key, not by position, so that a new figure in the project does not alter the other worlds.
"""

import contextlib
import os
import zlib

import numpy as np

from tests.worlds import counts, structure  # noqa: F401  # in this order: the edition first, then its figures
from tests.worlds.product import real
from tests.worlds.world import KINDS, NothingToDrawError, draw, make_coherent

SEED = int(os.environ.get("OSW_WORLDS_SEED", "9"))  # of the worlds in every test run


def planned(seed, number):
    """Return the kinds of change that a world tries first, in order; ten worlds of a seed cover all kinds."""
    names = list(KINDS)
    shuffled = draw(np.random.default_rng([seed, number // 10]), names, len(names))
    share = len(names) / 10
    assigned = shuffled[round(number % 10 * share) : round((number % 10 + 1) * share)]
    extra = draw(np.random.default_rng([seed, number, 1]), names, 2)
    return sorted({*assigned, *extra}, key=names.index)


def world(seed, number):
    """Return a world of at least five changes drawn from a seed."""
    w, assigned = real(), planned(seed, number)
    spare = draw(np.random.default_rng([seed, number, 2]), list(KINDS), len(KINDS))
    for name in (*assigned, *(n for n in spare if n not in assigned)):
        if name in assigned or len(w.changes) < 5:  # spares replace changes that do not apply
            outcome, w.notes = None, []
            with contextlib.suppress(NothingToDrawError):
                outcome = KINDS[name](w, np.random.default_rng([seed, number, zlib.crc32(name.encode())]))
            if outcome or w.notes:
                w.changes.append(f"{name}: {outcome or ''} {'; '.join(w.notes)[:300]}")
    make_coherent(w)
    w.figures = w.figures.reset_index(drop=True)
    return w

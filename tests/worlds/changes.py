"""Whole editions made out of the real one: worlds of several kinds of change at once.

A change (in `counts` and `structure`) is a function of a world and a generator of random numbers. Which figures it takes
is drawn by their keys and not by their place, so that one more figure of the project does not make other worlds.
"""

import contextlib
import os
import zlib

import numpy as np

from tests.worlds import counts, structure  # noqa: F401  # in this order: the edition first, then its figures
from tests.worlds.product import real
from tests.worlds.world import KINDS, NothingToDrawError, coherent, drawn

SEED = int(os.environ.get("OSW_WORLDS_SEED", "9"))  # of the worlds that every run of the tests meets


def planned(seed, number):
    """Return the kinds of change that a world tries first, in their order: ten worlds of a seed meet all kinds."""
    names = list(KINDS)
    shuffled = drawn(np.random.default_rng([seed, number // 10]), names, len(names))
    share = len(names) / 10
    mine = shuffled[round(number % 10 * share) : round((number % 10 + 1) * share)]
    more = drawn(np.random.default_rng([seed, number, 1]), names, 2)
    return sorted({*mine, *more}, key=names.index)


def world(seed, number):
    """Return a world of five changes or more, drawn from a seed; the edition first, then its figures."""
    w, mine = real(), planned(seed, number)
    spare = drawn(np.random.default_rng([seed, number, 2]), list(KINDS), len(KINDS))
    for name in (*mine, *(n for n in spare if n not in mine)):
        if name in mine or len(w.changes) < 5:  # what does not apply is replaced
            told, w.notes = None, []
            with contextlib.suppress(NothingToDrawError):
                told = KINDS[name](w, np.random.default_rng([seed, number, zlib.crc32(name.encode())]))
            if told or w.notes:
                w.changes.append(f"{name}: {told or ''} {'; '.join(w.notes)[:300]}")
    coherent(w)
    w.figures = w.figures.reset_index(drop=True)
    return w

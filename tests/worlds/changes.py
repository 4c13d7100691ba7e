"""Whole editions made out of the real one: worlds of several kinds of change at once.

A change (in `counts` and `structure`) is a function of a world and a generator of random numbers. Which figures it takes
is drawn by their keys and not by their place, so that one more figure of the project does not make other worlds.
"""

import contextlib
import itertools
import zlib

import numpy as np

from tests.worlds import counts, structure  # noqa: F401  # in this order: the edition first, then its figures
from tests.worlds.product import real
from tests.worlds.world import (
    DISTRIBUTION,
    GROWTH,
    HELP,
    KINDS,
    ONLINE,
    POLICE,
    SEXTORTION,
    SUBJECT,
    NothingToDrawError,
    World,
    drawn,
)


def coherent(w):
    """Make parts fit their wholes again: a world may be unlikely, but not impossible."""
    growth = w.value(w.year, GROWTH)
    for year in range(w.year - 2, w.year + 2):
        whole, later = w.value(year, *HELP), w.value(w.year, *HELP)
        if whole is None and later and growth is not None and year == w.year - 1:
            whole = later / (1 + growth / 100)
        subjects = {part: w.value(year, SUBJECT, part) for _, part in (SEXTORTION, DISTRIBUTION)}
        held = sum(v or 0 for v in subjects.values())
        if whole is not None and held > 0.9 * whole:
            for breakdown, number in subjects.items():
                if number is not None:
                    w.put(year, np.floor(0.8 * whole * number / held), SUBJECT, breakdown)
        public, online = w.value(year, "police_reports_public_harassment"), w.value(year, *ONLINE)
        if public is not None and online is not None and online > public:
            w.put(year, public, *ONLINE)
    for year in (w.year - 1, w.year):
        reports = w.value(year, *POLICE)
        halves = {p: w.value(p, "police_reports_half_year") or 0 for p in (f"{year}-H1", f"{year}-H2")}
        if reports is not None and sum(halves.values()) > 1.05 * reports:
            for period, number in halves.items():
                if number:
                    w.put(period, np.floor(reports * number / 15000), "police_reports_half_year")
    now, before = w.value(w.year, *HELP), w.value(w.year - 1, *HELP)
    if growth is not None and now and before:
        w.put(w.year, float(round(100 * (now / before - 1))), GROWTH)
    for wave, series in itertools.product(w.waves(), ("cbs_osi_12m", "cbs_osi_5y")):
        if (w.value(wave, series) or 0) > 100:
            w.put(wave, 60, series, age="16+")


def planned(seed: int, number: int) -> list[str]:
    """Return the kinds of change that a world tries first, in their order: ten worlds of a seed meet all kinds."""
    names = list(KINDS)
    shuffled = drawn(np.random.default_rng([seed, number // 10]), names, len(names))
    share = len(names) / 10
    mine = shuffled[round(number % 10 * share) : round((number % 10 + 1) * share)]
    more = drawn(np.random.default_rng([seed, number, 1]), names, 2)
    return sorted({*mine, *more}, key=names.index)


def world(seed: int, number: int) -> World:
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

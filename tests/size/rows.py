"""SIMULATED worlds whose truth is known: how often the intervals and verdicts of the pages are right.

A row of `rows.yml` says what is simulated, and between which ends its share must lie; each analysis has a file of
functions that draw its worlds. `test_size.py` measures each row with few worlds, `make size` with many.
"""

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from osw_stats.yamlfile import read_yaml

SEED = 20261129
# between which ends a share must lie, in percent; what is exact, or allows for the worst case, may be safer and says so
TARGETS = {
    "size": (3.0, 7.0),  # one comparison called a change where nothing changed
    "family": (3.0, 7.0),  # any verdict of a page false
    "coverage": (92.0, 97.0),
    "exact": (92.0, 100.0),  # coverage of exact and worst-case kinds
    "at_most": (0.0, 7.0),  # size of exact and worst-case kinds
    "power": (72.0, 88.0),  # of what is called seen in 80 of 100
}
# no kinds of chance: nothing to simulate
EXEMPT = {
    "none": "stated exactly",
    "rounding": "what the wording leaves open",
    "scenario": "goes with assumptions that are named",
    "draws": "quantiles of assumptions",
    "published": "the publisher's own limits",
}
Hits = tuple[int, int]  # how many, out of how many tried in one world


@dataclass(frozen=True)
class Row:
    """One line of the table: worlds of one truth, and how often something is so in them."""

    what: str  # the interval or verdict, as the docs print it
    truth: str  # from what the worlds are drawn
    target: str  # of TARGETS
    world: Callable[[np.random.Generator], Hits]
    many: int  # worlds of the long measurement
    few: int  # and of the tests

    @property
    def name(self) -> str:
        return f"{self.what} | {self.truth}"


def all_rows() -> list[Row]:
    """Return the rows of `rows.yml`, each with the function that draws its worlds."""
    found = []
    for file, table in read_yaml(Path(__file__).with_name("rows.yml")).items():
        worlds = importlib.import_module(f"tests.size.{file}")
        for row in table:
            target, world, many, few = row["measured"]
            for truth, given in row["truths"].items():
                drawn = partial(getattr(worlds, world), **given)
                found.append(Row(row["what"], truth, target, drawn, many, few))
    return found


@dataclass(frozen=True)
class Measured:
    """A share in percent with its Monte Carlo error, which allows for several tries in one world."""

    share: float
    error: float
    worlds: int


def measure(row: Row, worlds: int, *, part: int = 0) -> Measured:
    """Return the share over `worlds` worlds; another `part` draws others."""
    rng = np.random.default_rng([SEED, crc32(row.name.encode()), part])
    counted = np.array([row.world(rng) for _ in range(worlds)], dtype=float)
    hits, tried = counted[:, 0], counted[:, 1]
    share = hits.sum() / tried.sum()
    spread = float(np.sqrt(((hits - share * tried) ** 2).sum())) / tried.sum()
    # no hits at all has an error too: that of one
    return Measured(100 * share, 100 * max(spread, 1 / tried.sum() / math.sqrt(worlds)), worlds)


def outside(row: Row, measured: Measured) -> float:
    """Return by how many Monte Carlo errors a share lies outside its target; 0 within."""
    low, high = TARGETS[row.target]
    gap = max(low - measured.share, measured.share - high, 0.0)
    # where the share is 0 or 100 its own error says little: that of the end it should have kept to is taken
    end = (low if measured.share < low else high) / 100
    error = max(measured.error, 100 * math.sqrt(end * (1 - end) / measured.worlds) / 2)
    return gap / error if gap else 0.0


def holds(lower: Any, upper: Any, truth: Any) -> Hits:
    """Return how many intervals hold the truth, out of how many: one, or columns of them."""
    inside = (np.atleast_1d(lower) <= truth) & (truth <= np.atleast_1d(upper))
    return int(inside.sum()), inside.size

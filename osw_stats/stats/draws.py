"""Reproducible random draws, and their Monte Carlo error."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

DRAWS = 200_000


def generator(run_seed: int, notebook: str, cell: str) -> np.random.Generator:
    """Return the generator of one computation, named by `notebook` and `cell`, independent of all others.

    Seeding by name keeps numbers unchanged when computations are added elsewhere (`crc32`, since Python's hash varies).

    >>> float(generator(1, "prevalence", "funnel").random()) == float(generator(1, "prevalence", "funnel").random())
    True
    """
    names = [crc32(name.encode("utf-8")) for name in (notebook, cell)]
    return np.random.default_rng(np.random.SeedSequence([run_seed, *names]))


def quantiles(draws: NDArray[np.float64], probabilities: list[float]) -> tuple[list[float], list[float]]:
    """Return quantiles of independent draws, and the Monte Carlo standard error of each.

    The number of draws below a quantile is binomial; the error is half the distance between the order
    statistics one standard deviation of that count to either side (Woodruff 1952, J. Am. Stat. Assoc. 47).

    >>> q, se = quantiles(np.arange(10_001.0), [0.5])
    >>> q, round(se[0])
    ([5000.0], 50)
    """
    p = np.asarray(probabilities)
    spread = np.sqrt(p * (1 - p) / len(draws))
    around = np.clip(np.concatenate([p, p - spread, p + spread]), 0, 1)
    middle, low, high = np.split(np.quantile(draws, around), 3)
    return middle.tolist(), ((high - low) / 2).tolist()

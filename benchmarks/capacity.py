"""How long the random draws of a scenario with their tornado take, and the grid of break-even.

Run: `.venv/bin/python benchmarks/capacity.py` (or `make bench`). The scenario is the one that is shipped.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from osw_stats import load
from osw_stats.data.editions import read_scenario
from osw_stats.stats.capacity.scenarios import scenario
from osw_stats.stats.capacity.sensitivity import grid, monte_carlo, simulate, tornado

ROUNDS = 7
LIMITS = {"monte carlo and tornado": 0.5, "break-even grid": 0.2}  # seconds


def best(job: Callable[[], object]) -> float:
    """Return the shortest of some rounds: what the code needs, not what else the machine was doing."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    """Measure both and say whether they keep within their limit."""
    tables = load()
    given = scenario(read_scenario(tables.root / Path("scenarios/central.yml")), tables.observations)

    def draw() -> None:
        drawn = simulate(given, run_seed=1, draws=200_000)
        monte_carlo(given, drawn)
        tornado(given, drawn)

    print(f"{'what':28}{'seconds':>10}{'limit':>8}")
    for name, job in (("monte carlo and tornado", draw), ("break-even grid", lambda: grid(given, 50))):
        seconds = best(job)
        verdict = "" if seconds <= LIMITS[name] else "  too slow"
        print(f"{name:28}{seconds:>10.4f}{LIMITS[name]:>8.1f}{verdict}")


if __name__ == "__main__":
    main()

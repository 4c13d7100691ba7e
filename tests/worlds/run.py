"""python -m tests.worlds.run: many worlds; see `make worlds`.

Exits with 1 when something is found that no known kind of failure accounts for. `--renew` looks for a world for each
known kind that no longer occurs in the one named for it, and names the kinds that occur in none.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.worlds.check import Finding
from tests.worlds.tried import KNOWN_FILE, SEED, Tried, known, tried


def _world(seed: int, number: int) -> Tried:
    return tried.__wrapped__(seed, number)


def name_of(finding: Finding) -> str:
    """Return the known kind of a finding, or that it is on no list."""
    return next((k.id for k in known() if k.fits(finding)), f"NOT LISTED: {finding.kind}")


def run(
    label: str, task: Callable[..., Tried], jobs: Iterable[tuple[int, ...]], processes: int
) -> list[tuple[tuple[int, ...], Tried]]:
    """Carry out a task for every job, with a line of progress for each tenth of them."""
    jobs, done, began = list(jobs), [], time.monotonic()
    gc.freeze()
    with ProcessPoolExecutor(processes, max_tasks_per_child=None) as pool:
        waiting = {pool.submit(task, *job): job for job in jobs}
        for number, future in enumerate(as_completed(waiting), 1):
            done.append((waiting[future], future.result()))
            if number % max(len(jobs) // 10, 1) == 0:
                print(f"{label}: {number} of {len(jobs)}, {time.monotonic() - began:.0f} s", flush=True)
    return sorted(done, key=lambda pair: pair[0])


def summary(label: str, found: list[tuple[tuple[int, ...], Tried]]) -> int:
    """Print what was found, by kind; return how many findings are on no list."""
    stopped = sum(any(f.kind == "stop" for f in t.findings) for _, t in found)
    false = sum(any(f.kind != "stop" for f in t.findings) for _, t in found)
    print(f"\n{label}: {len(found)}; stopped somewhere: {stopped}; with a contradiction: {false}")
    kinds = Counter(f.kind for _, t in found for f in t.findings)
    print("  findings by kind: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common()))
    by_id: dict[str, list[tuple[int, ...]]] = {}
    for job, t in found:
        for name in dict.fromkeys(name_of(f) for f in t.findings):
            by_id.setdefault(name, []).append(job)
    for name, jobs in sorted(by_id.items(), key=lambda item: -len(item[1])):
        print(f"  {len(jobs):5}  {name}")
    unlisted = [(job, line) for job, t in found for line in t.unlisted()]
    for job, line in unlisted[:200]:
        print(f"  {job}: {line}")
    return len(unlisted)


def renew(found: list[tuple[tuple[int, ...], Tried]]) -> None:
    """Write into the list a world for each kind, as few worlds as will do, and name the kinds that occur in none."""
    shows = {job: {k.id for k in known() if any(k.fits(f) for f in t.findings)} for job, t in found}
    chosen: dict[str, tuple[int, ...]] = {}
    open_ = set().union(*shows.values()) if shows else set()
    while open_:
        best = max(shows, key=lambda job: (len(shows[job] & open_), [-n for n in job]))
        chosen |= dict.fromkeys(shows[best] & open_, best)
        open_ -= shows[best]
    text = KNOWN_FILE.read_text(encoding="utf-8")
    for kind in known():
        if kind.id in chosen:
            place = ", ".join(map(str, chosen[kind.id]))
            text = re.sub(rf"(- id: {re.escape(kind.id)}\n(?:  .*\n)*?  world: ).*", rf"\g<1>[{place}]", text)
        else:
            print(f"in none of these worlds: {kind.id} (recorded in {kind.world})")
    KNOWN_FILE.write_text(text, encoding="utf-8")
    print(f"{len(set(chosen.values()))} worlds show {len(chosen)} kinds")


def main() -> int:
    """Run what is asked for and print a summary."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds.run", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200, help="how many worlds")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("OSW_WORLDS_SEED", SEED)))
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--keep", type=Path, help="folder for the pages of each world")
    parser.add_argument(
        "--renew", action="store_true", help="find a world for each known kind and write it down"
    )
    given = parser.parse_args()
    if given.keep:
        os.environ["OSW_WORLDS_KEEP"] = str(given.keep.resolve())
    worlds = run("worlds", _world, ((given.seed, n) for n in range(given.worlds)), given.processes)
    unlisted = summary(f"worlds of seed {given.seed}", worlds)
    if given.renew:
        renew(worlds)
    print(f"\nfindings on no list: {unlisted}")
    return 1 if unlisted else 0


if __name__ == "__main__":
    sys.exit(main())

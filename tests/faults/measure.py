"""Kill many builds, once, and write down what happened: python -m tests.faults.measure --kills 200

Every kill is followed by a look at the report, and by a plain build that must give exactly the undisturbed bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from tests.faults import harness


def main() -> None:
    """Alternate between two variants; kill each new report once on its way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=600, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/faults.json"))
    given = parser.parse_args()
    draw, end = random.Random(given.seed), time.monotonic() + 60 * given.minutes
    with tempfile.TemporaryDirectory() as folder:
        bench = harness.Bench(Path(folder))
        records: list[dict[str, object]] = []
        for number in range(given.kills):
            if time.monotonic() > end:
                break
            name = "BA"[number % 2]
            harness.variant(bench.root, name)
            after, group = draw.uniform(0.2, bench.seconds[name]), bool(number % 4 < 2)
            busy = harness.killed(bench.root, after, whole_group=group)
            whole = bench.whole()
            start = time.monotonic()
            done = harness.build(bench.root)
            exact = done.returncode == 0 and bench.is_report(name)
            bench.seconds[name] = time.monotonic() - start  # the machine may be busier or idler than before
            records.append(
                {"after": round(after, 2), "group": group, "busy": busy, "whole": whole, "exact": exact}
            )
            print(number + 1, records[-1], "" if exact else done.stderr[-500:], flush=True)
            given.out.parent.mkdir(parents=True, exist_ok=True)
            given.out.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    busy = sum(bool(r["busy"]) for r in records)
    good = sum(bool(r["whole"] and r["exact"]) for r in records if r["busy"])
    print(
        f"{busy} builds killed while busy, {good} times the report stayed whole and the next build was exact"
    )


if __name__ == "__main__":
    main()

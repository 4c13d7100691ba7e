"""Measure every row with many worlds, and write the table of `docs/reliability.md`: `make size`.

Exits with an error where a share lies outside its target.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from tests.conftest import PROJECT
from tests.size.rows import TARGETS, Measured, Row, all_rows, measure, outside

PAGE = PROJECT / "docs" / "reliability.md"
BEGIN, END = "<!-- sizes: written by `make size` -->", "<!-- end of sizes -->"
PARTS = 4  # so that two processes share a slow row


def measured(rows: list[Row]) -> Iterable[Measured]:
    numbered = range(1, 1 + PARTS)
    with ProcessPoolExecutor(2) as pool:
        jobs = [
            [pool.submit(measure, r, math.ceil(r.many / PARTS), part=part) for part in numbered] for r in rows
        ]
        for of_row in jobs:
            parts = [job.result() for job in of_row]
            error = math.sqrt(sum(p.error**2 for p in parts)) / PARTS
            yield Measured(sum(p.share for p in parts) / PARTS, error, sum(p.worlds for p in parts))


def table(rows: list[Row], shares: list[Measured]) -> str:
    """Return the Markdown table."""
    lines = ["| What | Truth of the worlds | Wanted | Measured | Worlds |", "|---|---|---|---|---|"]
    for row, m in zip(rows, shares, strict=True):
        low, high = TARGETS[row.target]
        wanted = f"{row.target}: {low:g} to {high:g}".replace("_", " ")
        mark = "" if outside(row, m) == 0 else " **outside**"
        lines.append(
            f"| {row.what} | {row.truth} | {wanted} | {m.share:.1f} ± {m.error:.1f}{mark} | {m.worlds:,} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    part = "rows whose name holds this or, after a +, that; their lines are written anew"
    parser.add_argument("--only", default="", help=part)
    asked = parser.parse_args()
    rows = [row for row in all_rows() if any(part in row.name for part in asked.only.split("+"))]
    start, before = time.perf_counter(), os.times()
    shares = list(measured(rows))
    made = table(rows, shares)
    print(made)
    used = sum(os.times()[:4]) - sum(before[:4])
    print(f"{len(rows)} rows in {time.perf_counter() - start:.0f} s, {used:.0f} s of processor time")
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    old, _, after = rest.partition(END)
    # lines that were not asked for stand as they were measured
    every = (*old.strip().splitlines(), *made.splitlines())
    known = {" | ".join(line.strip("| ").split(" | ")[:2]): line for line in every}
    lines = [*made.splitlines()[:2], *(known[row.name] for row in all_rows() if row.name in known)]
    PAGE.write_text("\n".join([head + BEGIN, *lines, END + after]), encoding="utf-8")
    return int(any(outside(row, m) > 0 for row, m in zip(rows, shares, strict=True)))


if __name__ == "__main__":
    sys.exit(main())

"""`osw verify`, and the part of `osw build` that runs a matrix of parameters."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_graph(
    build: argparse.ArgumentParser, commands: Any, add: Callable[..., argparse.ArgumentParser]
) -> None:
    """Add the options of a matrix to `osw build`, and the command `osw verify`."""
    build.add_argument("--matrix", type=Path, metavar="FILE",
                       help="run one notebook for every combination of values in FILE; see docs/performance.md")  # fmt: skip
    build.add_argument(
        "--scheduler", metavar="ADDRESS", help="run on the Dask cluster at ADDRESS (tcp://...)"
    )
    verify = add(commands, "verify", "rebuild a published site from scratch and compare every file")
    verify.add_argument(
        "--edition", type=int, metavar="YEAR", help="year reported on (default: the newest edition)"
    )
    verify.add_argument(
        "--manifest", type=Path, metavar="FILE", help="checksums.json of a site published elsewhere"
    )
    verify.add_argument("--renderer", default="auto", help="auto (default), pandoc or quarto")
    verify.add_argument("--engine", default="auto", help="how notebooks run: auto (default), fork or stock")


def verify(given: argparse.Namespace) -> int:
    """Print of every published file whether it follows from its inputs; exit status 1 when one does not."""
    from osw_stats.report.graph.verify import GOOD, verify
    from osw_stats.report.root import find_root, newest

    root = find_root()
    year = newest(root) if given.edition is None else given.edition
    how = {"manifest": given.manifest, "renderer": given.renderer, "engine": given.engine}
    findings, other = verify(root, year, progress=lambda line: print(line, flush=True), **how)
    if other:
        print("\nMade from other things than the manifest, so differences are to be expected")
        print("\n".join(f"  {line}" for line in other))
    shown = [f for f in findings if f.verdict != "identical"]
    if shown:
        print("\nNot identical")
        print("\n".join(f"  {f.verdict:10} {f.path}: {f.what}" for f in shown))
    counts = Counter(f.verdict for f in findings)
    good = ", ".join(f"{counts[v]} {v}" for v in GOOD if counts[v]) or "no file identical"
    bad = ", ".join(f"{n} {v}" for v, n in sorted(counts.items()) if v not in GOOD)
    print(f"\nNOT verified: {good}; {bad}." if bad else f"\nVerified: {good}.")
    return int(bool(bad))


def matrix(given: argparse.Namespace) -> int:
    """Run a matrix and print where its results are; exit status 1 when a run failed."""
    from osw_stats.cli.progress import Progress
    from osw_stats.report.graph.matrix import cluster, run_matrix
    from osw_stats.report.root import find_root

    with Progress(sys.stdout) as progress, cluster(given.scheduler) as executor:
        how = {"executor": executor, "engine": given.engine, "live": progress.live}
        folder, rows = run_matrix(find_root(), given.matrix, force=given.force, progress=progress.line, **how)
    failed = [row for row in rows if row["problem"]]
    print(f"\nMade\n  {folder}  {len(rows) - len(failed)} of {len(rows)} runs")
    for row in failed:
        print(f"osw: run {row['run']}: {row['problem']}", file=sys.stderr)
    return int(bool(failed))

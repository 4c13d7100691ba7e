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
    """Say of every published file whether it follows from its inputs; exit status 1 when one does not."""
    from osw_stats.report.graph.verify import GOOD, verify
    from osw_stats.report.root import find_root, newest

    root = find_root()
    found = verify(
        root, newest(root) if given.edition is None else given.edition, manifest=given.manifest, renderer=given.renderer, engine=given.engine,
        progress=lambda line: print(line, flush=True),
    )  # fmt: skip
    if found.other:
        print("\nMade from other things than the manifest, so differences are to be expected")
        print("\n".join(f"  {line}" for line in found.other))
    shown = [f for f in found.findings if f.verdict != "identical"]
    if shown:
        print("\nNot identical")
        print("\n".join(f"  {f.verdict:10} {f.path}: {f.what}" for f in shown))
    counts = Counter(f.verdict for f in found.findings)
    told = ", ".join(f"{counts[v]} {v}" for v in ("identical", "equal") if counts[v])
    bad = ", ".join(f"{n} {v}" for v, n in sorted(counts.items()) if v not in GOOD)
    print(
        f"\n{'Verified' if found.passed else 'NOT verified'}: {told or 'no file identical'}{f'; {bad}' if bad else ''}."
    )
    return int(not found.passed)


def matrix(given: argparse.Namespace) -> int:
    """Run a matrix and say where its results are; exit status 1 when a run failed."""
    from osw_stats.cli.progress import Progress
    from osw_stats.report.graph.matrix import cluster, run_matrix
    from osw_stats.report.root import find_root

    with Progress(sys.stdout) as progress, cluster(given.scheduler) as executor:
        result = run_matrix(
            find_root(), given.matrix, executor=executor, engine=given.engine, force=given.force,
            progress=progress.line, live=progress.live,
        )  # fmt: skip
    print(f"\nMade\n  {result.folder}  {result.runs - len(result.failures)} of {result.runs} runs")
    for label, problem in result.failures.items():
        print(f"osw: {label}: {problem}", file=sys.stderr)
    return int(bool(result.failures))

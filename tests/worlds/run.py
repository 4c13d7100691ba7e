"""python -m tests.worlds.run: many worlds, each built, read and held against its figures; see `make worlds`.

Exits with 1 when anything is found.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tests.worlds import product
from tests.worlds.changes import world
from tests.worlds.check import Finding, facts_of, judge

SEED = 9  # of the worlds that every run of the tests meets


@dataclass(frozen=True)
class Tried:
    """What was found in a world, and the changes that made it."""

    changes: tuple[str, ...]
    findings: tuple[Finding, ...]


def tried(seed: int, number: int) -> Tried:
    """Build a world of a seed and read it; it is kept when OSW_WORLDS_KEEP names a folder."""
    one = world(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        built = product.build(one, Path(folder))
        facts = facts_of(one.year, one.as_of, one.figures, one.series)
        stops = [Finding("stop", s.where, "", s.text, s.kind) for s in dict.fromkeys(built.stops)]
        result = Tried(tuple(one.changes), (*stops, *judge(built.pages, built.charts, facts)))
        if keep := os.environ.get("OSW_WORLDS_KEEP"):
            _keep(Path(keep) / str(number), Path(folder), one, built, result)
    return result


def _keep(out: Path, folder: Path, one: product.World, built: product.Built, result: Tried) -> None:
    """Leave the pages of a world for an outside reader: HTML, and Markdown where that could not be made."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    edition = f"edition {one.year}, as of {one.as_of}"
    (out / "changes.txt").write_text("\n".join([edition, *one.changes, ""]), encoding="utf-8")
    (out / "found.txt").write_text("".join(f"{f.line()}\n" for f in result.findings), encoding="utf-8")
    product.seen(one).to_csv(out / "observations.csv", index=False)
    for (language, name), text in built.pages.items():
        (out / language).mkdir(exist_ok=True)
        (out / language / f"{name}.md").write_text(text, encoding="utf-8")
    for language in {lang for lang, _ in built.pages}:
        product.keep(folder, language)
    if (folder / "html").is_dir():
        shutil.copytree(folder / "html", out, dirs_exist_ok=True)


def main() -> int:
    """Try worlds in several processes and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds.run", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200, help="how many worlds")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("OSW_WORLDS_SEED", SEED)))
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--keep", type=Path, help="folder for the pages of each world")
    given = parser.parse_args()
    if given.keep:
        os.environ["OSW_WORLDS_KEEP"] = str(given.keep.resolve())
    found: dict[int, Tried] = {}
    began = time.monotonic()
    gc.freeze()
    with ProcessPoolExecutor(given.processes, max_tasks_per_child=None) as pool:
        waiting = {pool.submit(tried, given.seed, number): number for number in range(given.worlds)}
        for future in as_completed(waiting):
            found[waiting[future]] = future.result()
            if len(found) % max(given.worlds // 10, 1) == 0:
                print(f"{len(found)} of {given.worlds} worlds, {time.monotonic() - began:.0f} s", flush=True)
    wrong = {number: one.findings for number, one in sorted(found.items()) if one.findings}
    kinds = Counter(f.kind for findings in wrong.values() for f in findings)
    print(
        f"\n{given.worlds} worlds of seed {given.seed}, {len(wrong)} with a finding: {dict(kinds) or 'none'}"
    )
    for number, findings in wrong.items():
        print("\n".join(f"  {number}: {f.line()}" for f in findings))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

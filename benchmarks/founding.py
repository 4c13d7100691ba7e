"""A whole cold build against the notebooks of the founding commit under stock papermill, in turn, in one run.

    python benchmarks/founding.py FOLDER PYTHON [--rounds N]

FOLDER holds the files of commit e1e1c9a, PYTHON is the interpreter of an environment with its requirements.lock; `make
founding` makes both. A: its four notebooks in one language, one after the other, each by the papermill command. B: an
edition of today from nothing (two languages, PDF, Word, spreadsheets, cards); C: of an edition that is there, with one
result changed, to the published site and as a draft of the pages alone; D: with nothing changed, and E: `import pandas`.
Rounds go A B C D E A B C D E. Each line gives seconds on the wall, and of the processors, which other work on the machine
stretches less; the ratios are those of a round, and their median is told.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from builds import EDITS, PROJECT, copy

Spent = tuple[float, float]  # seconds on the wall, seconds of processors


def spent(commands: Sequence[Sequence[str]], root: Path) -> Spent:
    """Return what commands took, one after the other, with all processes they waited for."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        environment = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
        subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, used


def changed(root: Path, number: int) -> None:
    """Give a notebook another seed, so that its results change."""
    _, path, old, new, *_ = EDITS[4]
    file = root / path
    text = file.read_text(encoding="utf-8")
    last = old if number == 1 else new.format(n=number - 1)
    assert last in text
    file.write_text(text.replace(last, new.format(n=number)), encoding="utf-8")


def main() -> None:
    """Go round, and print every round and the medians."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("python", type=Path)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    founding = given.folder.resolve()
    osw = [sys.executable, "-m", "osw_stats", "build", "--renderer", "pandoc"]
    notebooks = sorted((founding / "notebooks").glob("*.ipynb"))
    rounds: list[dict[str, Spent]] = []
    # an environment without bytecode would stand beside one that has it
    compiled = ["-m", "compileall", "-q", str(given.python.absolute().parents[1]), str(founding)]
    subprocess.run([str(given.python.absolute()), *compiled], capture_output=True, check=False)
    with tempfile.TemporaryDirectory() as name:
        root, out = copy(Path(name) / "project"), Path(name) / "out.ipynb"
        how = [str(out), "--cwd", str(founding / "notebooks"), "--no-progress-bar", "-k", "python3"]
        stock = [[str(given.python.absolute()), "-m", "papermill", str(n), *how] for n in notebooks]
        for number in range(1, given.rounds + 1):
            for made in ("build", "_site"):
                shutil.rmtree(root / made, ignore_errors=True)
            took = {"papermill": spent(stock, founding), "cold": spent([osw], root)}
            changed(root, 2 * number - 1)
            took["results, pages"] = spent([[*osw, "--draft"]], root)
            changed(root, 2 * number)
            took["results, files"] = spent([osw], root)
            took["nothing"] = spent([osw], root)
            took["pandas"] = spent([[sys.executable, "-c", "import pandas"]], PROJECT)
            took["help"] = spent([[*osw[:3], "--help"]], root)
            rounds.append(took)
            said = "  ".join(f"{what} {wall:.2f} ({used:.2f})" for what, (wall, used) in took.items())
            print(f"load {os.getloadavg()[0]:.0f}  {said}", flush=True)
    print("ratio, medians of rounds: on the wall, of processor time; and what must hold")
    for a, b, most in (
        ("cold", "papermill", 0.5),
        ("results, pages", "cold", 0.2),
        ("results, files", "cold", 0.5),
        ("nothing", "pandas", 0.5),
    ):
        ratios = [statistics.median(r[a][at] / r[b][at] for r in rounds) for at in (0, 1)]
        print(f"{a} / {b}: {ratios[0]:.2f}, {ratios[1]:.2f}; at most {most}")


if __name__ == "__main__":
    main()

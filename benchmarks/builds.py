"""How fast a build is, each way measured beside the other in one run, on the real notebooks.

    python benchmarks/builds.py [--matrix N] [--municipalities N]

Prints one line a measurement: seconds, and the ratio to what it is compared with. A machine that does other work
changes the seconds more than the ratios. The tables of the matrix are SIMULATED, in the shape of a police export.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.conftest import copy_project  # noqa: E402

# packages that only the last two name do not count
LOCKS = ("requirements.lock", "requirements-lab.lock", "requirements-test.lock")
REPEATS = 3
NOTEBOOKS = 4
# what is edited, where, and by what: spaces or a number make every edit another one
EDITS = (
    (
        "prose of a notebook edited, to finished page (draft)",
        "pages/nl/trend.qmd",
        "Wat dit niet laat zien",
        "Wat dit{s} niet toont",
        "--draft",
    ),
    (
        "the same, to published site, PDF and Word",
        "pages/nl/trend.qmd",
        "Wat dit niet laat zien",
        "Wat dit{s} niet toont",
    ),
    (
        "code cell edited, same results, to published site",
        "notebooks/claims.ipynb",
        "report.save(results)",
        "report.save({s}results)",
    ),
    (
        "the same, heaviest notebook",
        "notebooks/trend.ipynb",
        "report.save(results)",
        "report.save({s}results)",
    ),
    (
        "code cell edited, other results, to published site",
        "notebooks/capacity_gap.ipynb",
        "run_seed = 20250321",
        "run_seed = {n}",
    ),
    (
        "the same, to finished pages (draft)",
        "notebooks/capacity_gap.ipynb",
        "run_seed = 20250321",
        "run_seed = {n}",
        "--draft",
    ),
)


def timed(*command: str, cwd: Path) -> float:
    """Return the wall seconds of a command of this project."""
    how = {"cwd": cwd, "env": os.environ | {"PYTHONPATH": str(cwd)}, "capture_output": True, "text": True}
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *command], **how)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return time.perf_counter() - start


def osw(root: Path, *arguments: str) -> float:
    return timed("-m", "osw_stats", *arguments, cwd=root)


def median(function, times: int) -> float:
    return statistics.median(function() for _ in range(times))


def copy(target: Path) -> Path:
    copy_project(target)
    for name in LOCKS:
        shutil.copyfile(PROJECT / name, target / name)
    timed("-m", "compileall", "-q", "osw_stats", cwd=target)
    return target


EXECUTE = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from osw_stats.build import notebooks
from osw_stats.build import runs
from osw_stats.surroundings import fix_variables
engine, workers, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
paths = sorted(folder.glob("*.ipynb"))
jobs = [(str(p), {"edition": 2024}) for p in paths]
start = time.perf_counter()
if engine == "fork":  # as a build does
    fix_variables()
    notebooks.preload(paths, 2024)
with ThreadPoolExecutor(workers) as pool:
    made = list(pool.map(lambda job: runs.execute(*job, engine), jobs))
print(json.dumps([time.perf_counter() - start, sum(m["seconds"] for m in made), sum(m["in_cells"] for m in made)]))
"""


def executions(root: Path, engine: str, workers: int) -> list[float]:
    """Return the wall seconds of all executions from a new process, and the sums over runs and over their cells."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, engine, str(workers), str(root / "notebooks")],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        text=True,
    )
    return [time.perf_counter() - start, *json.loads(done.stdout)]


def papermill_one_by_one(root: Path) -> float:
    """Return the wall seconds of the papermill command, notebook after notebook: what the engine is held against."""
    from osw_stats.surroundings import fix_variables

    fix_variables()
    start = time.perf_counter()
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        told = ("-p", "edition", "2024", "--cwd", str(path.parent), "--no-progress-bar", "-k", "python3")
        timed("-m", "papermill", str(path), str(root / "out.ipynb"), *told, cwd=root)
    return time.perf_counter() - start


def edited(root: Path, path: str, old: str, new: str, *more: str) -> float:
    """Return the seconds of a build after one edit."""
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return osw(root, "build", "--renderer", "pandoc", *more)


def report(label: str, seconds: float, more: str = "") -> None:
    print(f"{label:62}{seconds:8.2f} s  {more}", flush=True)


def cold(root: Path) -> None:
    """Measure executions from nothing: the papermill command, two processes of stock papermill, the engine."""
    rows = []
    for _ in range(REPEATS):
        stock = papermill_one_by_one(root)
        print(f"  papermill {stock:.2f}", flush=True)
        wall, _, whole, cells = executions(root, "fork", 2)
        print(f"  engine {wall:.2f}, runs {whole:.2f}, of which cells {cells:.2f}", flush=True)
        one = executions(root, "fork", 1)[0]
        pair = executions(root, "stock", 2)[0]
        rows.append((stock, pair, one, wall, (whole - cells) / NOTEBOOKS))
        print("  round", *(f"{x:.2f}" for x in rows[-1]), flush=True)
    stock, *others, overhead = (statistics.median(column) for column in zip(*rows, strict=True))
    report(f"cold, {NOTEBOOKS} executions: papermill command, one after the other", stock)
    ways = ("stock papermill, two at once", "engine, one worker", "engine, two workers")
    for at, (way, seconds) in enumerate(zip(ways, others, strict=True), start=1):
        times = statistics.median(row[0] / row[at] for row in rows)
        report(f"cold: {way}", seconds, f"{times:.1f} times faster")
    report("overhead an execution (run minus its cells, preload shared)", overhead)


def rebuilds(root: Path) -> None:
    report("whole build, cold", osw(root, "build", "--renderer", "pandoc"))
    report("nothing changed, whole command", median(lambda: osw(root, "build", "--renderer", "pandoc"), 7))
    report("osw --help", median(lambda: osw(root, "--help"), 7))
    for label, path, old, new, *more in EDITS:
        now, times = old, []
        for n in range(1, REPEATS + 1):
            last, now = now, new.format(s=" " * n, n=n)
            times.append(edited(root, path, last, now, *more))
            osw(root, "build", "--renderer", "pandoc")  # after a draft there is something left to do
        edited(root, path, now, old)
        report(label, statistics.median(times))


def matrix(root: Path, names: list[str], runs: int, workers: int = 2) -> tuple[float, float]:
    """Return wall and mean overhead of `runs` executions of notebooks in turn."""
    from osw_stats.build import runs as scheduled

    each = [(str(root / "notebooks" / f"{n}.ipynb"), {"edition": 2024}) for n in names]
    jobs = [each[n % len(each)] for n in range(runs)]  # nothing is kept: every one is executed
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        made = list(pool.map(lambda job: scheduled.execute(*job, "fork"), jobs))
    return time.perf_counter() - start, statistics.mean(m["seconds"] - m["in_cells"] for m in made)


def many(root: Path, size: int) -> None:
    everything = sorted(path.stem for path in (root / "notebooks").glob("*.ipynb"))
    for label, names in (("all four notebooks", everything), ("trend alone", ["trend"])):
        matrix(root, names, 2 * len(names))  # the preload is paid once, whatever the size
        small, _ = matrix(root, names, size // 4)
        large, overhead = matrix(root, names, size)
        report(f"matrix of {size}, {label}, two workers", large, f"overhead {overhead:.3f} s an execution")
        report(f"  marginal execution between {size // 4} and {size}", (large - small) / (size - size // 4))


def export_by_municipality(regions: int, *, first: int = 2013, years: int = 6) -> str:
    """Return a SIMULATED table in the shape of the police's CSV button, with a count a year for every municipality."""
    rng = np.random.default_rng(1)
    size = rng.lognormal(7.5, 1.0, regions)
    lines = ['"Soort misdrijf";"Perioden";"Regio\'s";"Geregisteerde misdrijven (aantal)"']
    for kind, share in (("Totaal misdrijven", 1.0), ("1.4.1 Zedenmisdrijf", 0.011)):
        counts = rng.poisson(size * share, (years, regions))
        for year, row in enumerate(counts, start=first):
            lines.append(f'"{kind}";"{year}";"Nederland";{row.sum()}')
            lines += [f'"{kind}";"{year}";"GM{at:04d}";{n}' for at, n in enumerate(row, start=1)]
    return "\n".join(lines) + "\n"


def municipal(root: Path, size: int) -> None:
    """Measure the page of every municipality, by the command a user gives; a third of them first, for the slope."""
    folder = root / "data" / "raw" / "police" / "47013NED"
    folder.mkdir()
    (folder / "47013NED.csv").write_text(export_by_municipality(size), encoding="utf-8-sig")
    osw(root, "record")
    spent = []
    for name, last in (("third", size // 3), ("all", size)):
        regions = ", ".join(f"GM{at:04d}" for at in range(1, last + 1))
        text = f"notebook: trend\nedition: 2024\nparameters:\n  region: [{regions}]\n  language: [nl]\n"
        (root / f"{name}.yml").write_text(text, encoding="utf-8")
        if name == "all":  # nothing of the first third may be taken again
            shutil.rmtree(root / "build", ignore_errors=True)
        spent.append(osw(root, "build", "--matrix", f"{name}.yml"))
    for count, seconds in zip((size // 3, size), spent, strict=True):
        report(f"{count} municipalities, one notebook, two workers", seconds, f"{seconds / count:.2f} s each")
    report("municipalities: marginal execution", (spent[1] - spent[0]) / (size - size // 3))


def main() -> None:
    global REPEATS
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    counts = {"matrix": (64, "executions in the matrix"), "municipalities": (342, "pages of municipalities")}
    for name, (most, what) in (counts | {"repeats": (3, "rounds; the median is told")}).items():
        help_text = f"{what} (default {most})"
        asked.add_argument(f"--{name}", type=int, default=most, metavar="N", help=help_text)
    asked.add_argument("--only", choices=("cold", "rebuilds", "many", "municipal"), help="one part")
    given = asked.parse_args()
    REPEATS = given.repeats
    with tempfile.TemporaryDirectory() as folder:
        root = copy(Path(folder) / "project")
        load = f"load of the machine before: {os.getloadavg()[0]:.1f}"
        print(f"{load}; processors: {os.cpu_count()}", flush=True)
        if given.only in (None, "rebuilds"):
            rebuilds(root)
        if given.only in (None, "cold"):
            cold(root)
        if given.only in (None, "many"):
            os.environ["PYTHONPATH"] = str(root)
            many(root, given.matrix)
        if given.only in (None, "municipal"):
            municipal(root, given.municipalities)
        print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

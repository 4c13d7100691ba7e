"""Change one operator, number or condition of the library at a time and see whether a test notices.

First: python benchmarks/mutation.py --measure (which tests reach which line, how long each takes, which fail anyway)
Then:  python benchmarks/mutation.py [--sample 300] [--seed 1] [--minutes 60] [--out build/mutation/seed1.json]

A mutant is run against the examples of its module, then the tests that reach its line and then others that reach its
module, quick ones first, up to `BUDGET` seconds of tests. It is killed when one fails or they take far too long. Each
runs in a copy of the project (build/mutants), in a fork of a process that has the libraries loaded. The sample is run in
random order, so that a run cut short is a fair sample too; a run that is started again goes on where it stopped (with
other tests take away its results first). Mutants that change nothing anybody can see are listed with the reason in
equivalent_mutants.json and reported apart.
"""

from __future__ import annotations

import argparse
import ast
import copy
import difflib
import hashlib
import importlib
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("analysis", "vocabulary")
FOLDERS = ("unit", "oracle", "property", "scan", "disclosure", "recorded")  # of tests, without whole builds
MADE = ROOT / "build" / "mutation"
BUDGET = 30.0  # seconds of tests a mutant, measured while coverage was counted
SLOW = ("bounded_time", "no_faster")  # tests of speed judge the machine, not a mutant
LIBRARIES = (
    "numpy", "pandas", "scipy.stats", "scipy.optimize", "statsmodels.api", "matplotlib.pyplot", "seaborn", "IPython.display",
    "pandera.pandas", "jsonschema", "hypothesis", "pytest", "papermill", "nbclient", "simpleeval", "babel.numbers", "pypandoc",
)  # fmt: skip
TESTS = {p.stem: p.relative_to(ROOT).as_posix() for p in sorted((ROOT / "tests").rglob("test_*.py"))}
Result = dict[str, Any]
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def sites(tree: ast.Module) -> list[tuple[int, str]]:
    """Return (number of the node, kind of change) of every change that can be made."""
    found = []
    for at, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            found.append((at, "comparison"))
        elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in SWAPS:
            found.append((at, "arithmetic"))
        elif isinstance(node, ast.BoolOp):
            found.append((at, "and/or"))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
            found.append((at, "constant"))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
            found.append((at, "sign"))
        elif isinstance(node, ast.If | ast.IfExp):
            found.append((at, "condition"))
        elif (
            isinstance(node, ast.Return) and getattr(node.value, "value", node.value) is not None
        ):  # not "return None"
            found.append((at, "return"))
    return found


def mutate(tree: ast.Module, at: int) -> tuple[ast.Module, int]:
    """Return a changed copy of a module and the line of the change."""
    tree = copy.deepcopy(tree)
    node = next(n for i, n in enumerate(ast.walk(tree)) if i == at)
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = (not node.value) if isinstance(node.value, bool) else node.value + 1
    elif isinstance(node, ast.UnaryOp):
        node.op = (
            ast.UAdd()
            if isinstance(node.op, ast.USub)
            else ast.Not()
            if not isinstance(node.op, ast.Not)
            else node.op
        )
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    return ast.fix_missing_locations(tree), node.lineno


def change(before: ast.Module, after: ast.Module) -> tuple[str, str]:
    """Return the line of code that was changed, as it was and as it is."""
    old, new = (ast.unparse(t).splitlines() for t in (before, after))
    differ = [d for d in difflib.ndiff(old, new) if d[:2] in ("- ", "+ ")]
    return tuple(" ".join(d[2:].strip() for d in differ if d[0] == sign) for sign in "-+")  # type: ignore[return-value]


def run(path: Path, tree: ast.Module, tests: list[str], seconds: float) -> tuple[int, str]:
    """Run the tests in a fork against the changed file; return its exit status (-9: too long) and the failure."""
    kept = path.read_text(encoding="utf-8")
    path.write_text(ast.unparse(tree), encoding="utf-8")
    try:
        return _forked(tests, seconds)
    finally:
        path.write_text(kept, encoding="utf-8")


class _First:
    """Tells which test failed first."""

    failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed = self.failed or (report.nodeid if report.failed else "")

    def pytest_collectreport(self, report: Any) -> None:
        self.failed = self.failed or (report.nodeid if report.failed else "")


def _forked(tests: list[str], seconds: float) -> tuple[int, str]:
    told = MADE / "failed"
    told.write_text("", encoding="utf-8")
    child = os.fork()
    if child == 0:
        os.setsid()
        import pytest

        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            first = _First()
            try:
                status = int(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider"], plugins=[first]))
            except BaseException:
                status = 99
            told.write_text(first.failed, encoding="utf-8")
        os._exit(status)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), told.read_text(encoding="utf-8")
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -9, ""


def node_of(context: str) -> str | None:
    """Return the pytest id of a test context such as test_a.TestB.test_c."""
    parts = context.split(".")
    for at, part in enumerate(parts):
        if part in TESTS:
            names = [p for p in parts[at + 1 :] if "<" not in p]
            return "::".join([TESTS[part], *names])
    return None


class Reach:
    """Which tests reach a line of the library, how long each takes, and which of them pass by themselves."""

    def __init__(self) -> None:
        self.data = CoverageData(str(MADE / "data"))
        self.data.read()
        self.seconds: dict[str, float] = json.loads((MADE / "seconds.json").read_text(encoding="utf-8"))
        self.lines: dict[str, dict[int, list[str]]] = {}

    def _ids(self, contexts: Iterable[str]) -> set[str]:
        return {
            n
            for c in set(contexts)
            if (n := node_of(c)) in self.seconds and not any(s in str(n) for s in SLOW)
        }  # type: ignore[misc]

    def _of_module(self, module: str) -> dict[int, list[str]]:
        if module not in self.lines:
            self.lines[module] = self.data.contexts_by_lineno(module)
        return self.lines[module]

    def tests(self, module: str, line: int) -> tuple[list[str], float]:
        """Return tests, quick ones first, and how long they take: of the line, then of its module."""
        by_line = self._of_module(module)
        near = self._ids(by_line.get(line, []))
        # what runs in fixtures and at import has no test of its own: others that reach the module may notice
        about = [module] if near else [module, *importers(module, ROOT / "osw_stats")]
        more = self._ids(c for m in about for some in self._of_module(m).values() for c in some) - near
        if not near:  # a table that is made at import is read by tests that import it
            asking = importers(module, ROOT / "tests")
            more |= {
                n for n in self.seconds if n.partition("::")[0] in asking and not any(s in n for s in SLOW)
            }
        chosen, spent = [], 0.0
        for group, limit in ((near, BUDGET), (more, BUDGET if not near else BUDGET * 4 / 3)):
            for test in sorted(group, key=lambda n: (self.seconds[n], n)):
                if spent + self.seconds[test] > limit:
                    break
                chosen.append(test)
                spent += self.seconds[test]
        return chosen, spent


def importers(module: str, folder: Path) -> list[str]:
    """Return the files of a folder that import a module of the library by name, or walk through its package."""
    name = module.removesuffix(".py").replace("/", ".")
    package, _, last = name.rpartition(".")
    whole = rf"(?:from|import) {re.escape(name)}\b"
    part = rf"from {re.escape(package)} import (?:\([^)]*|[^\n(]*)\b{last}\b"
    walks = rf"import {re.escape('.'.join(name.split('.')[:2]))}$"
    asks = re.compile(rf"^\s*(?:{whole}|{part}|{walks})", re.M)
    files = sorted(folder.rglob("*.py"))
    return [p.relative_to(ROOT).as_posix() for p in files if asks.search(p.read_text(encoding="utf-8"))]


def measure(only: list[str]) -> None:
    """Run the tests once in the copy; keep which line each reaches and the time of each that passes."""
    work = copy_project()
    MADE.mkdir(parents=True, exist_ok=True)
    folders = only or [f"tests/{f}" for f in FOLDERS]
    command = [
        "-m", "coverage", "run", *(["--append"] if only else []), f"--data-file={MADE / 'data'}",
        f"--rcfile={ROOT / 'benchmarks' / 'mutation.coveragerc'}", "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "-k", " and ".join(f"not {s}" for s in SLOW), f"--junitxml={MADE / 'tests.xml'}", *folders,
    ]  # fmt: skip
    subprocess.run(
        [sys.executable, *command], cwd=work, env=os.environ | {"PYTHONPATH": str(work)}, check=False
    )
    seconds: dict[str, float] = defaultdict(float)
    failed = set()
    for case in ElementTree.parse(MADE / "tests.xml").iter("testcase"):  # noqa: S314 - we wrote it
        node = node_of(f"{case.get('classname')}.{str(case.get('name')).partition('[')[0]}")
        if node:
            seconds[node] += float(case.get("time") or 0)
            if any(child.tag in ("failure", "error") for child in case):
                failed.add(node)
    passing = {n: round(s, 3) for n, s in sorted(seconds.items()) if n not in failed}
    if only:
        known = json.loads((MADE / "seconds.json").read_text(encoding="utf-8"))
        passing = {n: t for n, t in known.items() if not n.startswith(tuple(only))} | passing
    (MADE / "seconds.json").write_text(json.dumps(passing, indent=0) + "\n", encoding="utf-8")
    print(
        f"{len(passing)} tests measured; left out because they do not pass in the copy: {sorted(failed) or 'none'}"
    )


def wilson(killed: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 percent interval of a share."""
    p = killed / n
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def copy_project() -> Path:
    """Copy what the tests need, without what was made; the changes are made in the copy."""
    work = ROOT / "build" / "mutants"
    shutil.rmtree(work, ignore_errors=True)
    made = shutil.ignore_patterns(
        "__pycache__", "build", "_site", ".venv", ".git", ".hypothesis", "20[0-9][0-9]", ".*_cache"
    )
    shutil.copytree(ROOT, work, ignore=made)
    return work


def report(results: list[Result], possible: int, seed: int) -> None:
    """Print the score; changes that nobody can see count neither way."""
    tally = Counter(str(r["outcome"]) for r in results)
    judged = len(results) - tally["equivalent"]
    killed = tally["killed"] + tally["timeout"]
    if not judged:
        return
    low, high = wilson(killed, judged)
    print(
        f"{possible} possible changes, {len(results)} run (seed {seed}): {killed} noticed ({tally['timeout']} by time), "
        f"{tally['survived']} not noticed, {tally['equivalent']} that change nothing to be seen; "
        f"{100 * killed / judged:.1f} percent of {judged} ({100 * low:.1f} to {100 * high:.1f}), "
        f"{100 * killed / len(results):.1f} percent with those that change nothing counted as not noticed"
    )


def main() -> None:
    """Draw the sample, run it, print the score."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", action="store_true", help="run the tests once to see what each reaches")
    parser.add_argument(
        "--only", nargs="*", default=[], help="measure these files of tests beside those known"
    )
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no mutant after this time")
    parser.add_argument("--out", type=Path, help="results; those already there are not run again")
    parser.add_argument(
        "--again", type=Path, help="run only the survivors of an earlier run, with today's tests"
    )
    given = parser.parse_args()
    if given.measure:
        measure(given.only)
        return
    out = (given.out or MADE / ("again.json" if given.again else f"seed{given.seed}.json")).resolve()
    end = time.monotonic() + 60 * given.minutes
    known = json.loads((ROOT / "benchmarks" / "equivalent_mutants.json").read_text(encoding="utf-8"))
    equivalent = {(e["file"], e["before"], e["after"]) for e in known}
    trees = {
        path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
        for part in PARTS
        for path in sorted((ROOT / "osw_stats" / part).rglob("*.py"))
    }
    every = [(path, at, kind) for path, tree in trees.items() for at, kind in sites(tree)]
    chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))  # noqa: S311 - a sample, no secret
    source = {
        path: hashlib.sha256(ast.unparse(tree).encode()).hexdigest()[:12] for path, tree in trees.items()
    }
    earlier: list[Result] = json.loads(out.read_text(encoding="utf-8")) if out.is_file() else []
    results = [r for r in earlier if r["source"] == source.get(Path(r["file"]))]  # of the library as it is
    for r in results:  # a reason may have been written since
        if r["outcome"] == "survived" and (r["file"], r["before"], r["after"]) in equivalent:
            r["outcome"] = "equivalent"
    if given.again:
        before_now = json.loads(given.again.resolve().read_text(encoding="utf-8"))
        wanted = {(r["file"], r["before"], r["after"]) for r in before_now if r["outcome"] == "survived"}
        files = {file for file, _, _ in wanted}
        chosen = [s for s in every if s[0].as_posix() in files]
    work = copy_project()
    os.chdir(work)
    sys.path.insert(0, str(work))
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(work)}
    for library in LIBRARIES:
        importlib.import_module(library)
    reach = Reach()
    done = {(r["file"], r["source"], r["at"]) for r in results}
    for number, (path, at, kind) in enumerate(chosen, start=1):
        if (path.as_posix(), source[path], at) in done:
            continue
        if time.monotonic() > end:
            break
        tree, line = mutate(trees[path], at)
        before, after = change(trees[path], tree)
        if given.again and (path.as_posix(), before, after) not in wanted:
            continue
        start = time.monotonic()
        tests, seconds = reach.tests(path.as_posix(), line)
        status, failed = 0, ""
        if (path.as_posix(), before, after) not in equivalent:
            status, failed = run(path, tree, [path.as_posix(), *tests], 60 + 4 * seconds)
            outcome = "survived" if status in (0, 5) else "timeout" if status == -9 else "killed"
        else:
            outcome = "equivalent"
        # pytest cannot begin: the changed library fails where all tests import it, or we named a test that is not there
        if status == 4 and _forked([*tests, "--collect-only"], 300)[0] == 4:
            raise SystemExit(f"pytest could not find its tests: {tests}")
        results.append({"file": path.as_posix(), "line": line, "kind": kind, "at": at, "outcome": outcome, "before": before,
                        "after": after, "tests": len(tests), "status": status, "by": failed, "source": source[path]})  # fmt: skip
        took = time.monotonic() - start
        print(
            f"{number:4} {outcome:10} {took:5.1f} s  {path.as_posix()}:{line} {kind}: {after}"[:200],
            flush=True,
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    report(results, len(every), given.seed)


if __name__ == "__main__":
    main()

"""Change one operator, number or condition of the library at a time and see whether a test notices.

First: python -m coverage run -m pytest tests/unit tests/oracle tests/property tests/scan tests/disclosure
Then:  python benchmarks/mutation.py [--sample 300] [--seed 1] [--out build/mutation.json]

A mutant is run against the tests that reach its line (at most `MOST` of them) and the examples of its module. It is
killed when one fails or they take more than `SECONDS`. Each runs in a copy of the project (build/mutants), in a fork
of a process that has the libraries loaded.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import io
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("analysis", "vocabulary")
MOST, SECONDS = 60, 150
SLOW = (
    "bounded_time",
    "hundred_kilobytes",
    "in_time",
    "large",
)  # tests of speed judge the machine, not a mutant
LIBRARIES = (
    "numpy", "pandas", "scipy.stats", "scipy.optimize", "statsmodels.api", "matplotlib.pyplot", "seaborn", "IPython.display",
    "pandera.pandas", "jsonschema", "hypothesis", "pytest", "papermill", "nbclient", "simpleeval", "babel.numbers", "pypandoc",
)  # fmt: skip
TESTS = {p.stem: p.relative_to(ROOT).as_posix() for p in sorted((ROOT / "tests").rglob("test_*.py"))}
_KEPT = "tests/recorded/test_recorded.py::test_the_"
# the records of results are run last: they take seconds
RECORDED = {
    "vocabulary": f"{_KEPT}statements_found_in_texts_are_those_recorded",
    "survey": f"{_KEPT}result_tables_are_those_recorded[prevalence]",
    "counts": f"{_KEPT}result_tables_are_those_recorded[trend]",
    "months": f"{_KEPT}result_tables_are_those_recorded[trend]",
    "capacity": f"{_KEPT}result_tables_are_those_recorded[capacity_gap]",
    "claims": f"{_KEPT}result_tables_are_those_recorded[claims]",
}
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
        elif isinstance(node, ast.Return) and node.value is not None:
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


def run(path: Path, tree: ast.Module, tests: list[str]) -> int:
    """Run the tests in a fork against the changed file; return its exit status, -9 when it took too long."""
    kept = path.read_text(encoding="utf-8")
    path.write_text(ast.unparse(tree), encoding="utf-8")
    try:
        return _forked(tests)
    finally:
        path.write_text(kept, encoding="utf-8")


def _forked(tests: list[str]) -> int:
    child = os.fork()
    if child == 0:
        os.setsid()
        import pytest

        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            try:
                status = pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider"])
            except BaseException:
                status = 99
        os._exit(int(status))
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -9


def node_of(context: str) -> str | None:
    """Return the pytest id of a test context such as test_a.TestB.test_c."""
    parts = context.split(".")
    for at, part in enumerate(parts):
        if part in TESTS:
            names = [p for p in parts[at + 1 :] if "<" not in p]
            return "::".join([TESTS[part], *names])
    return None


def _ids(contexts: Iterable[str]) -> list[str]:
    return sorted({n for c in set(contexts) if (n := node_of(c)) and not any(s in n for s in SLOW)})


def reaching(data: CoverageData, path: Path, line: int, random_: random.Random) -> list[str]:
    """Return the tests that reach a line; of a line run at import, those that reach the module."""
    by_line = data.contexts_by_lineno(path.relative_to(ROOT).as_posix())
    near = _ids(by_line.get(line, []))
    chosen = sorted(random_.sample(near, min(MOST, len(near))))
    # what runs in fixtures and at import has no test of its own: others that reach the module may notice
    more = sorted(set(_ids(c for some in by_line.values() for c in some)) - set(near))
    chosen += random_.sample(more, min(MOST // 3, MOST - len(chosen), len(more)))
    chosen = chosen or ["tests/property/test_invariants.py", "tests/property/test_scan.py"]
    # the quick ones first
    return sorted(chosen, key=lambda n: (n not in near, n.startswith("tests/property"), n))


def wilson(killed: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 percent interval of a share."""
    p = killed / n
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def copy_project(work: Path) -> None:
    """Copy what the tests need, without what was made; the changes are made in the copy."""
    shutil.rmtree(work, ignore_errors=True)
    made = shutil.ignore_patterns(
        "__pycache__", "build", "_site", ".venv", ".git", ".hypothesis", "20[0-9][0-9]", ".*_cache"
    )
    shutil.copytree(ROOT, work, ignore=made)


def main() -> None:
    """Draw the sample, run it, print the score."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutation.json")
    parser.add_argument(
        "--again", type=Path, help="run only the survivors of an earlier run, with today's tests"
    )
    given = parser.parse_args()
    given.out, given.again = given.out.resolve(), given.again and given.again.resolve()
    work = ROOT / "build" / "mutants"
    copy_project(work)
    os.chdir(work)
    sys.path.insert(0, str(work))
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(work)}
    for library in LIBRARIES:
        importlib.import_module(library)
    data = CoverageData(str(ROOT / "build" / "coverage" / "data"))
    data.read()
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for part in PARTS
        for path in sorted((ROOT / "osw_stats" / part).rglob("*.py"))
    }
    every = [(path, at, kind) for path, tree in trees.items() for at, kind in sites(tree)]
    random_ = random.Random(given.seed)  # noqa: S311 - a sample, no secret
    sample = random_.sample(every, min(given.sample, len(every)))
    results: list[dict[str, object]] = []
    if given.again:
        results = json.loads(given.again.read_text(encoding="utf-8"))
        survived = {(r["file"], r["at"]) for r in results if r["outcome"] == "survived"}
        results = [r for r in results if r["outcome"] != "survived"]
        sample = [
            s
            for s in random_.sample(every, len(every))
            if (s[0].relative_to(ROOT).as_posix(), s[1]) in survived
        ]
        sample.sort(key=lambda s: "analysis" in s[0].parts)  # the quick ones first
    for number, (path, at, kind) in enumerate(sample, start=1):
        tree, line = mutate(trees[path], at)
        module = path.relative_to(ROOT)
        tests = reaching(data, path, line, random_)
        start = time.monotonic()
        last = [t for part, t in RECORDED.items() if part in module.parts]
        status = run(work / module, tree, [*([] if given.again else tests), str(module), *last])
        outcome = "survived" if status in (0, 5) else "timeout" if status == -9 else "killed"
        results.append({"file": module.as_posix(), "line": line, "kind": kind, "at": at,
                        "outcome": outcome, "tests": len(tests), "status": status})  # fmt: skip
        took = time.monotonic() - start
        print(f"{number:4} {outcome:9} {took:5.1f} s  {results[-1]['file']}:{line} {kind}", flush=True)
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    tally = Counter(str(r["outcome"]) for r in results)
    killed = len(results) - tally["survived"]
    low, high = wilson(killed, len(results))
    print(
        f"{len(every)} possible changes, {len(results)} drawn (seed {given.seed}): {killed} noticed "
        f"({tally['timeout']} by time), {100 * killed / len(results):.1f} percent ({100 * low:.1f} to {100 * high:.1f})"
    )


if __name__ == "__main__":
    main()

"""Change one operator, number or condition at a time, drawn from a seed, and see whether the tests notice.

python -m tests.mutation [--sample 300] [--seed 5] [--minutes 60]

`make mutation` changes every place of one module with mutmut, which draws no sample over many. This draws one over the
rooms of figures; the sample is run in random order, so that a run cut short is a fair sample too. Each change is made in a
copy of the project and held against the examples of its module and the tests of its room, quick ones first.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import PROJECT

# the tests of a room; examples of the changed module come first
ROOMS = {
    "wording": ["tests/wording", "tests/scan"],
    "claims": ["tests/claims", "tests/oracle"],
    "stats": ["tests/stats", "tests/survey", "tests/oracle", "tests/shelf/test_regions.py"],
}
LONGEST = 900  # seconds of tests for one change; a change that makes them run longer is noticed
SWAPS = {
    **{
        ast.Lt: ast.LtE,
        ast.LtE: ast.Lt,
        ast.Gt: ast.GtE,
        ast.GtE: ast.Gt,
        ast.Eq: ast.NotEq,
        ast.NotEq: ast.Eq,
    },
    **{
        ast.In: ast.NotIn,
        ast.NotIn: ast.In,
        ast.Is: ast.IsNot,
        ast.IsNot: ast.Is,
        ast.And: ast.Or,
        ast.Or: ast.And,
    },
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult},
}


def changed(node: ast.AST) -> bool:
    """Change a node in place; return whether there was anything to change."""
    match node:
        case ast.Compare(ops=[first, *_]) if type(first) in SWAPS:
            node.ops[0] = SWAPS[type(first)]()
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            node.op = SWAPS[type(op)]()
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1
        case ast.If() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            node.value = ast.Constant(None)
        case _:
            return False
    return True


def mutant(tree: ast.Module, at: int) -> tuple[str, int]:
    """Return a module with its node `at` changed, and the line."""
    tree = copy.deepcopy(tree)
    node = list(ast.walk(tree))[at]
    changed(node)
    return ast.unparse(ast.fix_missing_locations(tree)), node.lineno


def noticed(work: Path, file: Path, text: str, room: str) -> bool:
    """Say whether a test fails, or takes far too long, with this text in the place of a file."""
    kept = (work / file).read_text(encoding="utf-8")
    (work / file).write_text(text, encoding="utf-8")
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-m",
        "not whole_road",
    ]
    try:
        done = subprocess.run(
            [*line, file.as_posix(), *ROOMS[room]],
            cwd=work,
            env=os.environ | {"PYTHONPATH": str(work), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
        return done.returncode not in (0, 5)
    except subprocess.TimeoutExpired:
        return True
    finally:
        (work / file).write_text(kept, encoding="utf-8")


def main() -> None:
    """Draw, run and count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no change after this time")
    parser.add_argument("--rooms", nargs="*", default=list(ROOMS), choices=ROOMS)
    given = parser.parse_args()
    end = time.monotonic() + 60 * given.minutes
    trees = {
        (room, path.relative_to(PROJECT)): ast.parse(path.read_text(encoding="utf-8"))
        for room in given.rooms
        for path in sorted((PROJECT / "osw_stats" / room).rglob("*.py"))
    }
    places = [
        (room, path, at)
        for (room, path), tree in trees.items()
        for at, node in enumerate(ast.walk(copy.deepcopy(tree)))
        if changed(node)
    ]
    drawn = random.Random(given.seed).sample(places, min(given.sample, len(places)))
    print(f"{len(places)} possible changes, {len(drawn)} drawn with seed {given.seed}", flush=True)
    left: list[str] = []
    run = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "copy"
        made = shutil.ignore_patterns(
            "__pycache__", "build", "_site", ".venv", ".git", ".hypothesis", "20[0-9][0-9]"
        )
        shutil.copytree(PROJECT, work, ignore=made)
        for room in given.rooms:  # what fails anyway notices nothing
            first = next(path for of, path in trees if of == room)
            if noticed(work, first, (PROJECT / first).read_text(encoding="utf-8"), room):
                raise SystemExit(f"the tests of {room} do not pass without a change: {' '.join(ROOMS[room])}")
        for room, path, at in drawn:
            if time.monotonic() > end:
                break
            text, line = mutant(trees[room, path], at)
            run += 1
            seen = noticed(work, path, text, room)
            left += [] if seen else [f"{path}:{line}"]
            print(f"{run:4} {'noticed' if seen else 'NOT noticed'}  {path}:{line}", flush=True)
    print(f"{run} run, {run - len(left)} noticed; not noticed: {', '.join(left) or 'none'}")


if __name__ == "__main__":
    main()

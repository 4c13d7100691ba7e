"""Change one operator, number or condition of a function at a time, drawn from a seed, and see whether the tests notice.

python -m tests.mutation [--sample 300] [--seed 5] [--minutes 60] [--rooms claims wording --by tests/claims tests/wording]

`make mutation` changes every place of one module with mutmut, which draws no sample over many. This draws one over the
rooms of figures, in random order, so that a run cut short is a fair sample too. The tests are collected once; a fork runs
them all and notes which functions each reaches. Each change is made in a fork of its own, in the function as it lies in
memory, and held against the tests that reach it, quick ones first. Constants of modules are not changed.
"""

import argparse
import ast
import builtins
import functools
import gc
import json
import os
import random
import re
import signal
import tempfile
import time
from pathlib import Path
from types import CodeType, FunctionType

import pytest

PROJECT = Path(__file__).parents[2]
ROOMS = ("claims", "stats", "wording")
IMPORTS = re.compile(rf"osw_stats\.(?:{'|'.join(ROOMS)})\b")
TESTS = ["tests/" + name for name in ("claims", "oracle", "recorded", "stats", "survey", "scan", "wording")]
TESTS += [
    str(p) for p in sorted((PROJECT / "tests").glob("*/test_*.py")) if IMPORTS.search(p.read_text("utf-8"))
]
LINE = ["-oaddopts=--doctest-modules", "-xs", "-n0", "-pno:cacheprovider", "-pno:terminal"]
LINE += ["-mnot whole_road", "-knot bounded_time"]  # what is held against the clock costs most
PAIRS = {ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.Eq: ast.NotEq, ast.In: ast.NotIn, ast.Is: ast.IsNot}
PAIRS |= {ast.And: ast.Or, ast.Add: ast.Sub, ast.Mult: ast.Div}
SWAPS = {ast.Pow: ast.Mult} | PAIRS | {b: a for a, b in PAIRS.items()}
HOW = {0: "NOT noticed", 1: "noticed", -signal.SIGPROF: "took too long", -signal.SIGALRM: "took too long"}


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


def inside(node: ast.AST, line: int = 0):
    """Yield every node with the line of the function in whose body it stands, 0 outside."""
    yield node, line
    body = node.body if isinstance(node, ast.FunctionDef) else ()
    for child in ast.iter_child_nodes(node):
        yield from inside(child, node.lineno if child in body else line)


def codes(code: CodeType):
    """Yield the code of every function in some code, by its name and line."""
    for inner in (c for c in code.co_consts if isinstance(c, CodeType)):
        yield (inner.co_qualname, inner.co_firstlineno), inner
        yield from codes(inner)


def is_kept(tree: ast.Module, line: int) -> bool:
    """Say whether what a function returns is kept: the first test alone was seen to reach it, and many rest on it."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.lineno == line)
    return any("cache" in ast.unparse(decorator) for node in found for decorator in node.decorator_list)


def put_in_memory(file: str, tree: ast.Module) -> None:
    """Give the functions of a module that was imported the code of another version with the same lines."""
    new = dict(codes(compile(ast.fix_missing_locations(tree), file, "exec")))
    gc.unfreeze()  # what is frozen is not listed
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == file:
            code = new.get((thing.__code__.co_qualname, thing.__code__.co_firstlineno), thing.__code__)
            if code.co_freevars == thing.__code__.co_freevars:
                thing.__code__ = code
        elif isinstance(thing, functools._lru_cache_wrapper) and "osw_stats" in str(thing.__module__):
            thing.cache_clear()


def forked(work, *given) -> int:
    """Return how some work ended in a process of its own: 0 or 1 as it says, 2 if it broke off, or minus a signal."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    code = 2
    try:
        code = int(work(*given))
    finally:
        os._exit(code)


class Sample:
    """A plugin that runs the sample in the place of the tests."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        files = sorted(path for room in given.rooms for path in (PROJECT / "osw_stats" / room).rglob("*.py"))
        self.texts = {str(path): path.read_text(encoding="utf-8") for path in files}
        self.seen: dict[str, tuple[float, list[str]]] = {}  # by test: seconds, functions reached

    def fail(self, session, items, *versions) -> bool:
        """Run tests with other versions of modules in memory; return whether one failed, and leave it at that."""
        for version in versions:
            put_in_memory(*version)
        for item, following in zip(items, [*items, None][1:], strict=True):
            builtins._functions_reached = set()
            start = time.process_time()
            longest = 20 + 10 * self.seen.get(item.nodeid, (600,))[0]
            signal.setitimer(signal.ITIMER_PROF, longest)  # of a change that never ends
            signal.alarm(20 * int(longest))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.seen[item.nodeid] = time.process_time() - start, sorted(builtins._functions_reached)
            if session.testsfailed:
                return True
        return False

    def look(self, session, notes: Path) -> bool:
        """Run all tests, with a word at the start of every function that it was reached; write down what was seen."""
        trees = {file: ast.parse(text) for file, text in self.texts.items()}
        for file, tree in trees.items():
            for node in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
                node.body[:0] = ast.parse(f"_functions_reached.add('{file}:{node.lineno}')").body
        failed = self.fail(session, session.items, *trees.items())
        notes.write_text(json.dumps(self.seen), encoding="utf-8")
        return failed

    def pytest_runtestloop(self, session) -> bool:
        end = time.monotonic() + 60 * self.given.minutes
        with tempfile.NamedTemporaryFile() as notes:
            failed = forked(self.look, session, Path(notes.name))
            self.seen = seen = json.loads(Path(notes.name).read_text(encoding="utf-8"))
        if failed:
            print(f"{list(seen)[-1]} does not pass without a change")
            return True
        places = []
        for file, text in self.texts.items():
            lines = enumerate(list(inside(ast.parse(text))))
            places += [(file, line, at) for at, (node, line) in lines if line and changed(node)]
        drawn = random.Random(self.given.seed).sample(places, min(self.given.sample, len(places)))
        print(f"{len(places)} possible changes, {len(drawn)} drawn with seed {self.given.seed}", flush=True)
        ended: dict[str, list[str]] = {"NOT noticed": [], "noticed": [], "took too long": [], "crashed": []}
        for number, (file, line, at) in enumerate(drawn, start=1):
            if time.monotonic() > end:
                break
            tree = ast.parse(self.texts[file])
            node = list(inside(tree))[at][0]
            changed(node)
            mark = re.compile(re.escape(f"{file}:") + (r"\d+" if is_kept(tree, line) else str(line)))
            tests = [item for item in session.items if any(map(mark.fullmatch, seen[item.nodeid][1]))]
            tests.sort(key=lambda item: seen[item.nodeid][0])
            code = forked(self.fail, session, tests, (file, tree))
            end_of = HOW.get(code, "crashed")
            where = f"{Path(file).relative_to(PROJECT)}:{node.lineno}:{node.col_offset} {type(node).__name__}"
            ended[end_of].append(where)
            print(f"{number:4} {end_of}  {where} ({len(tests)} tests)", flush=True)
        print(*(f"{end_of}: {len(ended[end_of])}" for end_of in ended), *ended["NOT noticed"], sep="\n")
        return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no change after this time")
    parser.add_argument("--rooms", nargs="*", default=ROOMS, choices=ROOMS)
    may = "tests that may notice, besides examples of the rooms; if not given, all that import them"
    parser.add_argument("--by", nargs="*", default=TESTS, help=may)
    arguments = parser.parse_args()
    paths = [*(f"osw_stats/{room}" for room in arguments.rooms), *arguments.by]
    raise SystemExit(pytest.main([*LINE, *paths], [Sample(arguments)]))

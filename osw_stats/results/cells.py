"""Cells that skip themselves: a figure that is not there is a state of the edition, not an error.

The cell is the unit. One that meets a figure that was not published is left with a line that says why; what it would
have registered or assigned is absent, and a later cell that reads such a name is skipped for the same reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.vocabulary.numbers import Absent

REPORT = "report"  # what every notebook calls its report
REGISTERING = (
    "table",
    "figure",
    "parts",
)  # its methods that take a name first; `add` takes names as keywords
SKIPS = (NotPublishedError, NotEstimableError, NotAskedError)
_GUARD, _SHOWN, _GOES_ON = "_osw_guard", "_osw_shown", "_osw_goes_on"


@dataclass
class Names:
    """The names of one cell: what it registers, what it assigns and what it reads."""

    registered: dict[str, str] = field(default_factory=dict)  # name: kind
    assigned: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)


def names_in(tree: ast.AST) -> Names:
    r"""Return the names of a cell.

    Examples
    --------
    >>> found = names_in(ast.parse("a = f(b)\\nreport.add(x=a)\\nreport.table('t', a)"))
    >>> found.registered, sorted(found.assigned), "b" in found.read
    ({'x': 'number', 't': 'table'}, ['a'], True)
    """
    found = Names()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (found.read if isinstance(node.ctx, ast.Load) else found.assigned).add(node.id)
        if isinstance(node, ast.alias):
            found.assigned.add((node.asname or node.name).split(".")[0])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of, method = node.func.value, node.func.attr
            if isinstance(of, ast.Name) and of.id == REPORT:
                found.registered |= _registered(node, method)
    return found


def _registered(call: ast.Call, method: str) -> dict[str, str]:
    if method == "add":
        return {k.arg: "number" for k in call.keywords if k.arg}
    first = call.args[0] if call.args else None
    if method in REGISTERING and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return {first.value: method}
    return {}


class Skipping:
    """What is absent in this run, and the transformer of cells that skips what needs it.

    `begun` is called with the names that a cell registers when it begins, `told` with them and the reason when it is
    skipped.
    """

    def __init__(
        self, begun: Callable[[dict[str, str]], None], told: Callable[[dict[str, str], Absent], None]
    ) -> None:
        self.lost: dict[str, Absent] = {}  # variables that a skipped cell would have assigned
        self.begun, self._told = begun, told

    def visit(self, tree: ast.Module) -> ast.Module:
        """Put the cell under the guard; its last value is shown as ever. IPython calls this before it runs a cell."""
        if not tree.body:
            return tree
        names = names_in(tree)
        self._next = names
        body = list(tree.body)
        last = body[-1]
        if isinstance(last, ast.Expr):
            body[-1] = ast.copy_location(ast.Assign([ast.Name(_SHOWN, ast.Store())], last.value), last)
        guard = ast.parse(
            f"{_SHOWN} = None\nwith {_GUARD}() as {_GOES_ON}:\n    if {_GOES_ON}:\n        pass\n{_SHOWN}"
        )
        block = guard.body[1]
        assert isinstance(block, ast.With)  # noqa: S101 - as written just above
        inner = block.body[0]
        assert isinstance(inner, ast.If)  # noqa: S101
        inner.body = body
        return ast.fix_missing_locations(guard)

    def guard(self) -> _Guard:
        """Return the guard of the cell that runs now."""
        return _Guard(self, self._next)

    def skip(self, names: Names, reason: Absent) -> None:
        """Note what a skipped cell leaves absent."""
        self.lost |= dict.fromkeys(names.assigned, reason)
        self._told(names.registered, reason)


class _Guard:
    def __init__(self, skipping: Skipping, names: Names) -> None:
        self._skipping, self._names = skipping, names

    def __enter__(self) -> bool:
        """Say whether the cell can run: it reads nothing that is absent."""
        self._skipping.begun(self._names.registered)
        lost = self._skipping.lost
        needed = sorted((self._names.read - self._names.assigned) & set(lost))
        if needed:
            self._skipping.skip(self._names, lost[needed[0]])
            return False
        for name in self._names.assigned & set(lost):  # assigned anew, as when a cell is run once more
            del lost[name]
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        """Take an absence for what it is; any other error stops as ever."""
        if not isinstance(error, SKIPS):
            return False
        self._skipping.skip(self._names, reason_of(error))
        return True


def reason_of(error: BaseException) -> Absent:
    """Return an error of absence as a state."""
    if isinstance(error, NotPublishedError):
        return Absent("not_published", str(error.problem), error.series_id, tuple(error.wanted))
    return Absent("not_asked" if isinstance(error, NotAskedError) else "not_estimable", str(error))


def install(skipping: Skipping) -> None:
    """Let the notebook that runs here skip cells; outside a notebook nothing happens."""
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is None:
        return
    shell.ast_transformers[:] = [t for t in shell.ast_transformers if not isinstance(t, Skipping)]
    shell.ast_transformers.append(skipping)
    shell.user_ns[_GUARD] = skipping.guard

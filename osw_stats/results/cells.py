"""Cells that skip themselves: a missing figure is a state of the edition, not an error.

The cell is the unit. One that needs a figure that was not published stops, with a line that says why. What it
would have registered or assigned is absent, and a later cell that reads it is skipped for the same reason.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.numbers import Absent

_GUARD, _SHOWN, _GOES_ON = "_osw_guard", "_osw_shown", "_osw_goes_on"


class Names(NamedTuple):
    """The names of one cell: what it registers (with its kind), what it assigns and what it reads."""

    registered: dict[str, str]
    assigned: set[str]
    read: set[str]


def names_in(tree: ast.AST) -> Names:
    r"""Return the names of a cell.

    >>> names = names_in(ast.parse("a = f(b)\nreport.add(x=a)\nreport.table('t', a)"))
    >>> names.registered, sorted(names.assigned), "b" in names.read
    ({'x': 'number', 't': 'table'}, ['a'], True)
    """
    names = Names(dict(registrations(tree)), set(), set())
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (names.read if isinstance(node.ctx, ast.Load) else names.assigned).add(node.id)
        if isinstance(node, ast.alias):
            names.assigned.add((node.asname or node.name).split(".")[0])
    return names


def registrations(tree: ast.AST) -> list[tuple[str, str]]:
    """Return every name that a cell registers with its `report`, with its kind, in the order of its calls."""
    pairs: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(ast.Name("report"), "add"), keywords=keywords):
                pairs += [(keyword.arg, "number") for keyword in keywords if keyword.arg]
            case ast.Call(
                func=ast.Attribute(ast.Name("report"), "table" | "figure" | "parts" as kind),
                args=[ast.Constant(str(name)), *_],
            ):
                pairs.append((name, kind))
    return pairs


class Skipping:
    """The absent names of this run, and the transformer that skips cells that need them."""

    # `begun` is called at the start of a cell with the names it registers, `skipped` with them and the reason
    def __init__(
        self, begun: Callable[[dict[str, str]], None], skipped: Callable[[dict[str, str], Absent], None]
    ) -> None:
        self.lost: dict[str, Absent] = {}  # variables that a skipped cell would have assigned
        self.begun, self._skipped = begun, skipped

    def visit(self, tree: ast.Module) -> ast.Module:
        """Put a cell under the guard; its last value is shown as usual. IPython calls this before running it."""
        if not tree.body:
            return tree
        self._next = names_in(tree)
        body = list(tree.body)
        if isinstance(last := body[-1], ast.Expr):
            body[-1] = ast.copy_location(ast.Assign([ast.Name(_SHOWN, ast.Store())], last.value), last)
        run: Any = ast.parse(f"with {_GUARD}() as {_GOES_ON}:\n    if {_GOES_ON}:\n        pass").body[0]
        run.body[0].body = body
        before, after = (ast.parse(line).body[0] for line in (f"{_SHOWN} = None", _SHOWN))
        return ast.fix_missing_locations(ast.Module([before, run, after], type_ignores=[]))

    @contextmanager
    def guard(self) -> Iterator[bool]:
        """Yield whether the cell can run: it reads nothing absent. A figure missing inside it is noted."""
        names, lost = self._next, self.lost
        self.begun(names.registered)
        needed = sorted((names.read - names.assigned) & set(lost))
        if needed:
            self._skip(names, lost[needed[0]])
            yield False
            return
        for name in names.assigned & set(lost):  # assigned again, as when a cell is rerun
            del lost[name]
        try:
            yield True
        except NotPublishedError as error:
            reason = Absent("not_published", str(error.problem), error.series_id, tuple(error.wanted))
            self._skip(names, reason)
        except (NotAskedError, NotEstimableError) as error:
            code = "not_asked" if isinstance(error, NotAskedError) else "not_estimable"
            self._skip(names, Absent(code, str(error)))

    def _skip(self, names: Names, reason: Absent) -> None:
        self.lost |= dict.fromkeys(names.assigned, reason)
        self._skipped(names.registered, reason)


def install(skipping: Skipping) -> None:
    """Let the notebook that runs here skip cells; outside a notebook nothing happens."""
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is None:
        return
    shell.ast_transformers[:] = [t for t in shell.ast_transformers if not isinstance(t, Skipping)]
    shell.ast_transformers.append(skipping)
    shell.user_ns[_GUARD] = skipping.guard

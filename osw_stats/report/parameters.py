"""The parameters of a notebook: what it declares, and what may be given.

Why: papermill warns about an unknown parameter and exits with success, and it never notices a parameter that no
cell reads. Both would print last year's numbers under this year's title, so both stop here, before a kernel starts.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.report.code_cells import code_cells, parsed
from osw_stats.sources.disk import sha256

# what a parameter of this name may be, in whichever notebook it stands
RANGES = {
    "edition": (2020, 2100),
    "alpha": (0.001, 0.5),
    "run_seed": (0, 2**32 - 1),
    "deff": (0.5, 10),
    "deff_low": (0.5, 10),
    "deff_high": (0.5, 10),
    "draws": (1000, 2_000_000),
    "mc_draws": (1_000, 5_000_000),
    "rank_correlation": (-0.95, 0.95),
    **dict.fromkeys(("persons_low", "persons_high", "victims_low", "victims_high"), (0.01, 1)),
}


def parameters(path: Path) -> dict[str, Any]:
    """Return the parameters a notebook declares, with their defaults.

    They stand in the one cell tagged `parameters`, each as a plain `name = literal`.

    Raises
    ------
    InputError
        If there is no such cell, it holds anything else, or no other cell reads one of them.
    """
    return dict(_parameters(path, sha256(path) if path.is_file() else ""))


@lru_cache(maxsize=64)
def _parameters(path: Path, _hash: str) -> dict[str, Any]:
    name = f"notebooks/{path.name}"
    cells = code_cells(path)
    trees = {c.cell: parsed(path, c) for c in cells}
    declaring = [c for c in cells if "parameters" in c.tags]
    if len(declaring) != 1:
        raise InputError(f"has {len(declaring)} cells tagged parameters", "Tag exactly one cell.", file=name)
    found: dict[str, Any] = {}
    for statement in trees[declaring[0].cell].body:
        try:
            found |= _assignment(statement)
        except (ValueError, TypeError):  # the second by a list as the key of a mapping
            raise InputError(
                "the parameters cell holds more than plain values",
                "Write one `name = value` a line there, and nothing else.",
                file=name, value=ast.unparse(statement),
            ) from None  # fmt: skip
    read = {
        node.id
        for cell in cells
        if cell is not declaring[0]
        for node in ast.walk(trees[cell.cell])
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for parameter in found:
        if parameter not in read:
            raise InputError(
                "no cell reads this parameter, so setting it would change nothing",
                "Use it in a cell, or take it out of the parameters cell.",
                file=name, column=parameter,
            )  # fmt: skip
    return found


def _assignment(statement: ast.stmt) -> dict[str, Any]:
    """Return the one name and literal of an assignment; ValueError for anything else."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        raise ValueError("no plain assignment")
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        raise ValueError("no plain name")
    return {target.id: ast.literal_eval(statement.value)}


def check_parameters(path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with the types the notebook declares.

    Text from the command line is read as the type of the default.

    Raises
    ------
    InputError
        If a name is unknown or a value has another type.
    """
    declared = parameters(path)
    name = f"notebooks/{path.name}"
    checked = {}
    for key, value in given.items():
        if key not in declared:
            near = get_close_matches(key, declared, n=1)
            raise InputError(
                "the notebook has no such parameter",
                (f'Did you mean "{near[0]}"? ' if near else "") + f"It knows: {', '.join(declared)}.",
                file=name, column=key, value=value,
            )  # fmt: skip
        checked[key] = _typed(name, key, value, declared[key])
        low, high = RANGES.get(key, (-math.inf, math.inf))
        if isinstance(checked[key], int | float) and not low <= checked[key] <= high:
            raise InputError(f"must lie between {low:g} and {high:g}", "Choose a value in that range.", file=name, column=key, value=value)  # fmt: skip
    return checked


def _typed(name: str, key: str, value: Any, default: Any) -> Any:
    kind = type(default)
    wanted = {int: "a whole number", float: "a number", str: "text", bool: "True or False"}
    try:
        read = ast.literal_eval(value) if isinstance(value, str) and kind is not str else value
        if kind is float and type(read) is int:
            read = float(read)
    except (ValueError, SyntaxError, TypeError, OverflowError, RecursionError, MemoryError):
        read = None
    if type(read) is not kind:
        raise InputError(
            f"must be {wanted.get(kind, kind.__name__)}", f"Its default is {default!r}.",
            file=name, column=key, value=value,
        )  # fmt: skip
    return read

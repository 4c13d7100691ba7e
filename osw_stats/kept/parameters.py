"""The parameters of a notebook: what it declares, and what may be given.

Why: papermill warns about an unknown parameter and exits with success, and it never notices a parameter that no
cell reads. Both would print last year's numbers under this year's title, so both stop here, before a kernel starts.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.kept.code_cells import code_cells, parsed
from osw_stats.kept.disk import sha256

# what a parameter of this name may be, in whichever notebook it stands
RANGES: dict[str, tuple[float, float]] = {
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
KINDS = {int: "a whole number", float: "a number", str: "text", bool: "True or False"}


def parameters(path: Path) -> dict[str, Any]:
    """Return the parameters a notebook declares, with their defaults.

    They stand in the one cell tagged `parameters`, each as a plain `name = literal`; InputError if there is no such
    cell, it holds anything else, or no other cell reads one of them.
    """
    return dict(_parameters(path, sha256(path) if path.is_file() else ""))


@lru_cache(maxsize=64)
def _parameters(path: Path, _hash: str) -> dict[str, Any]:
    name = f"notebooks/{path.name}"
    trees = [(cell, parsed(path, cell)) for cell in code_cells(path)]
    declaring = [tree for cell, tree in trees if "parameters" in cell.tags]
    if len(declaring) != 1:
        raise InputError(f"has {len(declaring)} cells tagged parameters", "Tag exactly one cell.", file=name)
    declared: dict[str, Any] = {}
    for statement in declaring[0].body:
        try:
            if not isinstance(statement, ast.Assign):
                raise ValueError
            (target,) = statement.targets
            if not isinstance(target, ast.Name):
                raise ValueError
            declared[target.id] = ast.literal_eval(statement.value)
        except (ValueError, TypeError):  # the second by a list as the key of a mapping
            problem = "the parameters cell holds more than plain values"
            remedy = "Write one `name = value` a line there, and nothing else."
            raise InputError(problem, remedy, file=name, value=ast.unparse(statement)) from None
    nodes = [node for _, tree in trees if tree is not declaring[0] for node in ast.walk(tree)]
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for parameter in declared:
        if parameter not in read:
            problem = "no cell reads this parameter, so setting it would change nothing"
            remedy = "Use it in a cell, or take it out of the parameters cell."
            raise InputError(problem, remedy, file=name, column=parameter)
    return declared


def check_parameters(path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with the types the notebook declares: text of the command line is read as that of the default.

    InputError if a name is unknown, or a value has another type or lies outside its range.
    """
    declared = parameters(path)
    name = f"notebooks/{path.name}"
    checked = {}
    for key, value in given.items():
        place: dict[str, Any] = {"file": name, "column": key, "value": value}
        if key not in declared:
            near = get_close_matches(key, declared, n=1)
            hint = f'Did you mean "{near[0]}"? ' if near else ""
            remedy = f"{hint}It knows: {', '.join(declared)}."
            raise InputError("the notebook has no such parameter", remedy, **place)
        default = declared[key]
        checked[key] = _read(value, type(default))
        if checked[key] is None:
            kind = KINDS.get(type(default), type(default).__name__)
            raise InputError(f"must be {kind}", f"Its default is {default!r}.", **place)
        if key in RANGES and isinstance(checked[key], int | float):
            low, high = RANGES[key]
            if not low <= checked[key] <= high:
                remedy = "Choose a value in that range."
                raise InputError(f"must lie between {low:g} and {high:g}", remedy, **place)
    return checked


def _read(value: Any, kind: type) -> Any:
    """Return a value as one of this type; None if it is none."""
    try:
        read = ast.literal_eval(value) if isinstance(value, str) and kind is not str else value
        if kind is float and type(read) is int:
            read = float(read)
    except (ValueError, SyntaxError, TypeError, OverflowError, RecursionError, MemoryError):
        return None
    return read if type(read) is kind else None

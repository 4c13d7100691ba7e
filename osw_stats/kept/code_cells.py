"""The code cells of a notebook file and the parameters that one of them declares. Light to import: every build needs them.

Why parameters are checked here: papermill warns about an unknown parameter and exits with success, and it never notices
a parameter that no cell reads. Both would print last year's numbers under this year's title.
"""

import ast
import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.errors import InputError, did_you_mean
from osw_stats.kept.disk import sha256
from osw_stats.project import LANGUAGES

VERSION = 4  # of the format; papermill refuses any other
# the range of a parameter of this name, in any notebook
RANGES: dict[str, tuple[float, float]] = {
    "edition": (2020, 2100),
    "alpha": (0.001, 0.5),
    "run_seed": (0, 2**32 - 1),
    **dict.fromkeys(("deff", "deff_low", "deff_high"), (0.5, 10)),
    "draws": (1000, 2_000_000),
    "mc_draws": (1_000, 5_000_000),
    "rank_correlation": (-0.95, 0.95),
    **dict.fromkeys(("persons_low", "persons_high", "victims_low", "victims_high"), (0.01, 1)),
}
KINDS = {int: "a whole number", float: "a number", str: "text", bool: "True or False"}


class Code(NamedTuple):
    """A code cell: its place among all cells, counted from 1, its text and its tags."""

    cell: int
    source: str
    tags: list[str]


def notebook_names(root: Path) -> list[str]:
    """Return the names of the notebooks that have a page, without suffix, in alphabetical order."""
    with_page = {path.stem for language in LANGUAGES for path in (root / "pages" / language).glob("*.qmd")}
    return sorted(with_page & {path.stem for path in (root / "notebooks").glob("*.ipynb")})


def notebook_path(root: Path, name: str) -> Path:
    """Return the file of a notebook; if there is none, InputError suggests the nearest name."""
    known, stem = notebook_names(root), name.removesuffix(".ipynb")
    if stem not in known:
        remedy = f"{did_you_mean(name, known)}Notebooks: {', '.join(known)}."
        if (root / "notebooks" / f"{stem}.ipynb").is_file():
            problem = f"has no page pages/{LANGUAGES[0]}/{stem}.qmd"
            remedy = "Run it in JupyterLab (`make lab`), or write its page (docs/pages.md)."
            raise InputError(problem, remedy, file=f"notebooks/{stem}.ipynb")
        raise InputError("there is no such notebook", remedy, column="notebook", value=name)
    return root / "notebooks" / f"{stem}.ipynb"


def code_cells(path: Path) -> list[Code]:
    """Return the code cells of a notebook, in order; InputError, with the line or the cell, if it is no notebook."""
    name, place = f"notebooks/{path.name}", ""
    problem, row, cells = "is no notebook that can be read", None, []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["nbformat"] != VERSION or not isinstance(content["metadata"], dict):
            raise InputError(f"is no notebook of version {VERSION}", "Save it in JupyterLab.", file=name)
        for number, cell in enumerate(content["cells"], start=1):
            place = f", cell {number}"
            tags = [str(tag) for tag in cell["metadata"].get("tags", [])]
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                cells.append(Code(number, source, tags))
        return cells
    except json.JSONDecodeError as error:
        problem, row = f"is no notebook ({error.msg})", error.lineno
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        problem = "is no notebook (no UTF-8 text)"
    except (AttributeError, KeyError, TypeError):
        problem = "is no cell of a notebook" if place else "is no notebook (it has no list of cells)"
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists in lists
        pass
    raise InputError(problem, "Put it back.", file=name + place, row=row)


def parsed(path: Path, code: Code) -> ast.Module:
    """Return the Python of a cell, without IPython's own lines; InputError, with cell and row, if it is none."""
    lines = code.source.split("\n")  # the only line end that Python and JupyterLab agree on
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    problem, row = "is no Python that can be read", None
    try:
        return ast.parse(plain)
    except SyntaxError as error:
        problem, row = f"is no Python ({error.msg})", error.lineno
    except (ValueError, RecursionError, MemoryError):
        pass
    place = f"notebooks/{path.name}, cell {code.cell}"
    raise InputError(problem, "Mend the cell in JupyterLab.", file=place, row=row)


def parameters(path: Path) -> dict[str, Any]:
    """Return the parameters a notebook declares, with their defaults: plain literals in the cell `parameters`."""
    # InputError if there is no such cell, it holds anything else, or no other cell reads one of them
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
            match statement:
                case ast.Assign(targets=[ast.Name(id=parameter)], value=value):
                    declared[parameter] = ast.literal_eval(value)
                case _:
                    raise ValueError
        except (ValueError, TypeError):  # TypeError: a list as the key of a mapping
            problem = "the parameters cell holds more than plain values"
            remedy = "Write one `name = value` a line there, and nothing else."
            raise InputError(problem, remedy, file=name, value=ast.unparse(statement)) from None
    nodes = [node for _, tree in trees if tree is not declaring[0] for node in ast.walk(tree)]
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    if unread := [parameter for parameter in declared if parameter not in read]:
        problem = "no cell reads this parameter, so setting it would change nothing"
        remedy = "Use it in a cell, or take it out of the parameters cell."
        raise InputError(problem, remedy, file=name, column=unread[0])
    return declared


def check_parameters(path: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` with the types the notebook declares; InputError for an unknown name, another type or range."""
    declared, checked = parameters(path), {}
    for key, value in values.items():
        place: dict[str, Any] = {"file": f"notebooks/{path.name}", "column": key, "value": value}
        if key not in declared:
            remedy = f"{did_you_mean(key, list(declared))}It knows: {', '.join(declared)}."
            raise InputError("the notebook has no such parameter", remedy, **place)
        default, read = declared[key], value
        kind = type(default)
        try:
            read = ast.literal_eval(value) if isinstance(value, str) and kind is not str else value
            read = float(read) if kind is float and type(read) is int else read
        except (ValueError, SyntaxError, TypeError, OverflowError, RecursionError, MemoryError):
            read = None
        if type(read) is not kind:
            problem = f"must be {KINDS.get(kind, kind.__name__)}"
            raise InputError(problem, f"Its default is {default!r}.", **place)
        low, high = RANGES.get(key, (-math.inf, math.inf))
        if isinstance(read, int | float) and not low <= read <= high:
            problem = f"must lie between {low:g} and {high:g}"
            raise InputError(problem, "Choose a value in that range.", **place)
        checked[key] = read
    return checked

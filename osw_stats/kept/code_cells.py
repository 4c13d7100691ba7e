"""The code cells of a notebook file, read with errors that name the cell. Light to import: every build begins here."""

from __future__ import annotations

import ast
import json
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from osw_stats.errors import InputError

VERSION = 4  # of the format; papermill refuses any other


class Code(NamedTuple):
    """A code cell: its place among all cells, counted from 1, its text and its tags."""

    cell: int
    source: str
    tags: list[str]


def code_cells(path: Path) -> list[Code]:
    """Return the code cells of a notebook, in order; InputError, with the line or the cell, if it is no notebook."""
    name = f"notebooks/{path.name}"
    problem, row = "is no notebook that can be read", None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["nbformat"] != VERSION or not isinstance(content["metadata"], dict):
            raise InputError(f"is no notebook of version {VERSION}", "Save it in JupyterLab.", file=name)
        cells = list(enumerate(content["cells"], start=1))
    except json.JSONDecodeError as error:
        problem, row = f"is no notebook ({error.msg})", error.lineno
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        problem = "is no notebook (no UTF-8 text)"
    except (KeyError, TypeError):
        problem = "is no notebook (it has no list of cells)"
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists in lists
        pass
    else:
        return [code for at, cell in cells if (code := _code(name, at, cell))]
    raise InputError(problem, "Put it back.", file=name, row=row)


def _code(name: str, at: int, cell: object) -> Code | None:
    """Return a code cell; None for one of text."""
    try:
        if not isinstance(cell, dict):
            raise TypeError
        tags = [str(tag) for tag in cell["metadata"].get("tags", [])]
        kind, source = cell["cell_type"], "".join(cell["source"])
    except (AttributeError, KeyError, TypeError):
        problem = "is no cell of a notebook"
        raise InputError(problem, "Put the notebook back.", file=f"{name}, cell {at}") from None
    return Code(at, source, tags) if kind == "code" else None


def parsed(path: Path, code: Code) -> ast.Module:
    """Return the Python of a cell, without IPython's own lines; InputError, with cell and row, if it is none."""
    lines = code.source.split("\n")  # the only end of a line that Python and JupyterLab agree on
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


def notebook_names(root: Path) -> list[str]:
    """Return the names of the notebooks, without suffix, in alphabetical order."""
    return sorted(p.stem for p in (root / "notebooks").glob("*.ipynb"))


def notebook_path(root: Path, name: str) -> Path:
    """Return the file of a notebook; InputError, which proposes the nearest name, if there is none."""
    known, stem = notebook_names(root), name.removesuffix(".ipynb")
    if stem not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"? ' if near else ""
        remedy = f"{hint}Notebooks: {', '.join(known)}."
        raise InputError("there is no such notebook", remedy, column="notebook", value=name)
    return root / "notebooks" / f"{stem}.ipynb"

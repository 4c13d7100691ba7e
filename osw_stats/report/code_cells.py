"""The code cells of a notebook file, read with errors that name the cell. Light to import: every build begins here."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, NamedTuple

from osw_stats.errors import InputError

VERSION = 4  # of the format; papermill refuses any other


class Code(NamedTuple):
    """A code cell: its place among all cells, counted from 1, its text and its tags."""

    cell: int
    source: str
    tags: list[str]


def code_cells(path: Path) -> list[Code]:
    """Return the code cells of a notebook, in order.

    Raises
    ------
    InputError
        If the file is no notebook; with the line or the cell where that shows.
    """
    name = f"notebooks/{path.name}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["nbformat"] != VERSION or not isinstance(content["metadata"], dict):
            raise InputError(f"is no notebook of version {VERSION}", "Save it in JupyterLab.", file=name)
        cells = [_cell(content, at) for at in range(len(content["cells"]))]
    except json.JSONDecodeError as error:
        raise InputError(
            f"is no notebook ({error.msg})", "Put it back.", file=name, row=error.lineno
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", "Put it back.", file=name) from None
    except UnicodeDecodeError:
        raise InputError("is no notebook (no UTF-8 text)", "Put it back.", file=name) from None
    except (KeyError, TypeError):
        raise InputError("is no notebook (it has no list of cells)", "Put it back.", file=name) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists in lists
        raise InputError("is no notebook that can be read", "Put it back.", file=name) from None
    for at, (kind, _, _) in enumerate(cells, start=1):
        if not kind:
            raise InputError("is no cell of a notebook", "Put the notebook back.", file=f"{name}, cell {at}")
    return [Code(at, text, tags) for at, (kind, text, tags) in enumerate(cells, start=1) if kind == "code"]


def _cell(content: Any, at: int) -> tuple[str, str, list[str]]:
    """Return kind, text and tags of a cell; no kind where it is no cell."""
    try:
        cell = content["cells"][at]
        tags = cell["metadata"].get("tags", [])
        return str(cell["cell_type"]), "".join(cell["source"]), [str(tag) for tag in tags]
    except (AttributeError, KeyError, TypeError):
        return "", "", []


def parsed(path: Path, code: Code) -> ast.Module:
    """Return the Python of a cell, without IPython's own lines.

    Raises
    ------
    InputError
        If it is no Python; with its cell and the row in it.
    """
    lines = code.source.split("\n")  # the only end of a line that Python and JupyterLab agree on
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    place = f"notebooks/{path.name}, cell {code.cell}"
    try:
        return ast.parse(plain)
    except SyntaxError as error:
        raise InputError(
            f"is no Python ({error.msg})", "Mend the cell in JupyterLab.", file=place, row=error.lineno
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise InputError(
            "is no Python that can be read", "Mend the cell in JupyterLab.", file=place
        ) from None

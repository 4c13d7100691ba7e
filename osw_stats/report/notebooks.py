"""papermill behind a strict door.

Why: papermill itself warns about an unknown parameter and exits with success, and it
never notices a parameter that no cell reads. Both would print last year's numbers
under this year's title, so both stop here, before a kernel starts.
"""

from __future__ import annotations

import ast
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, OswError
from osw_stats.report.graph import engine as fork
from osw_stats.report.graph.keys import PACKAGE, imports_of
from osw_stats.report.root import LANGUAGES

TIMEOUT = 600  # seconds for one cell: more than any needs, less than a hung build
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
CHOICES = {"language": LANGUAGES}
ENGINES = ("auto", "fork", "stock")
# errors that say themselves what to do
OURS = ("InputError", "NotPublishedError", "OswError", "UnitMismatchError", "NotEstimableError")
FIXED_ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "agg", "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONWARNINGS": "default",
}  # fmt: skip


def notebook_names(root: Path) -> list[str]:
    """Return the names of the notebooks, without suffix, in alphabetical order."""
    return sorted(p.stem for p in (root / "notebooks").glob("*.ipynb"))


def notebook_path(root: Path, name: str) -> Path:
    """Return the file of a notebook.

    Raises
    ------
    InputError
        If there is none; the message proposes the nearest name.
    """
    known = notebook_names(root)
    if name.removesuffix(".ipynb") not in known:
        near = get_close_matches(name, known, n=1)
        raise InputError(
            "there is no such notebook",
            (f'Did you mean "{near[0]}"? ' if near else "") + f"Notebooks: {', '.join(known)}.",
            column="notebook", value=name,
        )  # fmt: skip
    return root / "notebooks" / f"{name.removesuffix('.ipynb')}.ipynb"


def parameters(path: Path) -> dict[str, Any]:
    """Return the parameters a notebook declares, with their defaults.

    They stand in the one cell tagged `parameters`, each as a plain `name = literal`.

    Raises
    ------
    InputError
        If there is no such cell, it holds anything else, or no other cell reads one of them.
    """
    name = f"notebooks/{path.name}"
    cells = [c for c in _read(path) if c.cell_type == "code"]
    declaring = [c for c in cells if "parameters" in c.metadata.get("tags", [])]
    if len(declaring) != 1:
        raise InputError(f"has {len(declaring)} cells tagged parameters", "Tag exactly one cell.", file=name)
    found: dict[str, Any] = {}
    for statement in ast.parse(declaring[0].source).body:
        try:
            found |= _assignment(statement)
        except ValueError:
            raise InputError(
                "the parameters cell holds more than plain values",
                "Write one `name = value` a line there, and nothing else.",
                file=name, value=ast.unparse(statement),
            ) from None  # fmt: skip
    read = {
        node.id
        for cell in cells
        if cell is not declaring[0]
        for node in ast.walk(ast.parse(_plain(cell.source)))
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
        if key in CHOICES and checked[key] not in CHOICES[key]:
            raise InputError("is unknown", f"Choose: {', '.join(CHOICES[key])}.", file=name, column=key, value=value)  # fmt: skip
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


class RunLostError(OswError):
    """A run that ended because its process did; worth another try."""


def fix_environment() -> None:
    """Set what decides the bytes of a run for every process started from here, this code first on its path."""
    os.environ.update(FIXED_ENVIRONMENT)
    here = str(PACKAGE.parent)
    others = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p and p != here]
    os.environ["PYTHONPATH"] = os.pathsep.join([here, *others])


def engine_name(wanted: str) -> str | None:
    """Return papermill's name of an engine: "fork", "stock", or "auto", which forks where that works."""
    if wanted not in ENGINES:
        raise InputError("unknown engine", f"Choose: {', '.join(ENGINES)}.", column="--engine", value=wanted)
    return None if wanted == "stock" or (wanted == "auto" and sys.platform != "linux") else fork.NAME


def imports(paths: Iterable[Path], year: int | None) -> str:
    """Return what a server imports before the first of these notebooks: all their imports, and the edition."""
    found = dict.fromkeys(line for path in paths for line in imports_of(path))
    warm = [f"import osw_stats; osw_stats.load({year})"] if year else []
    return "\n".join([*found, *warm])


def run_notebook(
    path: str,
    given: dict[str, Any],
    cwd: str,
    engine: str = "stock",
    on_cell: Callable[..., None] | None = None,
) -> str:
    """Run one notebook through papermill and return the executed notebook as JSON text.

    Plain text in and out, so that any executor (threads, processes, a cluster) can carry it.

    Parameters
    ----------
    path, given, cwd
        The notebook, its parameters, and the folder it runs in.
    engine
        One of `ENGINES`.
    on_cell
        Called with `cell_index=` when a cell starts.

    Raises
    ------
    OswError
        If a cell fails: with the message of the project where it is one of ours, else
        with the cell and the error.
    RunLostError
        If the process that ran it is gone.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    fix_environment()
    chosen = engine_name(engine)
    if chosen:
        papermill.engines.papermill_engines.register(chosen, fork.ForkEngine)
    checked = check_parameters(Path(path), given)
    name = f"notebooks/{Path(path).name}"
    try:
        executed = papermill.execute_notebook(
            path, None, parameters=checked, progress_bar=False, log_output=False,
            execution_timeout=TIMEOUT, kernel_name="python3", engine_name=chosen,
            # not `cwd=`: papermill moves the whole process there, and other threads with it
            resources={"metadata": {"path": cwd}},
            # the kernel reports its own start and stop as warnings and errors
            extra_arguments=["--IPKernelApp.log_level=50"],
            **({"on_cell_start": on_cell} if on_cell else {}),
            **({"imports": imports([Path(path)], checked.get("edition"))} if chosen else {}),
        )  # fmt: skip
    except ConnectionError:
        if engine != "auto":
            raise RunLostError(f"{name}: no worker could be forked. Use --engine stock.") from None
        return run_notebook(path, given, cwd, "stock", on_cell)
    except PapermillExecutionError as error:
        if error.ename in OURS:
            raise OswError(f"{name}: {error.evalue}") from None
        raise OswError(
            f"{name}, cell {error.exec_count}: {error.ename}: {error.evalue}. "
            f"Open it with `make lab` and run all cells to see where.\n{error.source}"
        ) from None
    except CellTimeoutError as error:
        raise OswError(
            f"{name}: a cell took more than {TIMEOUT} seconds: {error}. Open it with `make lab`."
        ) from None
    except DeadKernelError:
        raise RunLostError(
            f"{name}: the process that ran it was ended, by the system or by somebody. Memory may have run out. "
            "Run it again; open it with `make lab`."
        ) from None
    return json.dumps(executed, ensure_ascii=False)


def _read(path: Path) -> list[Any]:
    import nbformat

    name = f"notebooks/{path.name}"
    try:
        cells = list(nbformat.read(path, as_version=4).cells)  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever nbformat raises: it is no notebook
        raise InputError(
            f"is no notebook ({str(error).splitlines()[0][:80]})", "Put it back.", file=name
        ) from None
    for number, cell in enumerate(cells, start=1):
        try:
            if cell.cell_type == "code":
                ast.parse(_plain(cell.source))
        except (AttributeError, TypeError, ValueError, RecursionError, MemoryError):
            raise InputError(
                "is no cell of a notebook", "Put the notebook back.", file=f"{name}, cell {number}"
            ) from None
        except SyntaxError as error:
            raise InputError(
                f"is no Python ({error.msg})", "Mend the cell in JupyterLab.",
                file=f"{name}, cell {number}", row=error.lineno,
            ) from None  # fmt: skip
    return cells


def _plain(source: str) -> str:
    """Drop IPython's own lines, which Python cannot parse."""
    return "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))

"""Papermill with checked parameters, error messages of our own, and one fixed environment."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from osw_stats.build import engine as fork
from osw_stats.errors import InputError, OswError
from osw_stats.kept.code_cells import check_parameters, code_cells, parsed
from osw_stats.surroundings import fix_variables

TIMEOUT = 600  # seconds for one cell: more than any needs, less than a hung build
OPTIONS: dict[str, Any] = {
    "progress_bar": False,
    "log_output": False,
    "start_timeout": TIMEOUT,
    "kernel_name": "python3",
    # the kernel reports its own start and stop as warnings and errors
    "extra_arguments": ["--IPKernelApp.log_level=50"],
}
KERNEL_DIED = "Kernel died"  # how the messages of nbclient and jupyter_client begin
# errors whose message says what to do
OURS = ("InputError", "NotPublishedError", "OswError", "UnitMismatchError", "NotEstimableError")


class RunLostError(OswError):
    """A run that ended because its process did; worth another try."""


def forks(wanted: str) -> bool:
    """Return whether an engine forks kernels: "fork", and "auto" where that works."""
    return wanted == "fork" or (wanted == "auto" and sys.platform == "linux")


def imports_of(notebook: Path) -> list[str]:
    """Return the import statements at the top level of a notebook's cells."""
    bodies = [parsed(notebook, cell).body for cell in code_cells(notebook)]
    statements = [n for body in bodies for n in body if isinstance(n, ast.Import | ast.ImportFrom)]
    return list(dict.fromkeys(map(ast.unparse, statements)))


def preload(paths: Iterable[Path], year: int | None) -> None:
    """Start the process that forks kernels, if there is none; it imports what these notebooks need and loads the edition."""
    statements = dict.fromkeys(line for path in paths for line in imports_of(path))
    loaded = [f"import osw_stats; osw_stats.load({year})"] if year else []
    fork.server("\n".join([*statements, *loaded]))


def run_notebook(
    path: str,
    parameters: dict[str, Any],
    cwd: str,
    engine: str = "stock",
    on_cell: Callable[..., None] | None = None,
) -> str:
    """Run one notebook through papermill in the folder `cwd`, and return the executed notebook as JSON text."""
    # OswError if a cell fails, RunLostError if the process that ran it is gone; plain text, so that any
    # executor can carry it
    import asyncio

    import papermill
    from jupyter_core.utils import ensure_event_loop
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    fix_variables()
    name = f"notebooks/{Path(path).name}"
    options = OPTIONS | {
        "parameters": check_parameters(Path(path), parameters),
        # not `cwd`: papermill moves the whole process there, and other threads with it
        "resources": {"metadata": {"path": cwd}},
        "execution_timeout": TIMEOUT,
    }
    if on_cell:
        options["on_cell_start"] = on_cell
    if forks(engine):
        preload([Path(path)], options["parameters"].get("edition"))
        options["kernel_manager_class"] = fork.kernel_manager_class()
    loop = ensure_event_loop()  # of nbclient, which leaves it open
    try:
        executed = papermill.execute_notebook(path, None, **options)
    except ConnectionError:
        if engine != "auto":
            raise RunLostError(f"{name}: no kernel could be forked. Use --engine stock.") from None
        return run_notebook(path, parameters, cwd, "stock", on_cell)
    except PapermillExecutionError as error:
        if error.ename in OURS:
            raise OswError(f"{name}: {error.evalue}") from None
        failure = f"{name}, cell {error.exec_count}: {error.ename}: {error.evalue}"
        remedy = "Open it with `make lab` and run all cells to see where."
        raise OswError(f"{failure}. {remedy}\n{error.source}") from None
    except CellTimeoutError as error:
        problem = f"{name}: a cell took more than {TIMEOUT} seconds: {error}. Open it with `make lab`."
        raise OswError(problem) from None
    except Exception as error:
        # nbclient has a class of errors for a kernel that ends in a cell, jupyter_client none for one that ends before
        if isinstance(error, RuntimeError) and str(error).startswith(KERNEL_DIED):
            problem = f"{name}: the process that ran it was ended. Memory may have run out. Run it again."
            raise RunLostError(problem) from None
        _require_readable(path, name)  # the file may be at fault
        raise
    finally:
        if not (loop.is_running() or loop.is_closed()):
            with asyncio.Runner(loop_factory=lambda: loop):  # closes it now, not at garbage collection
                pass
    return json.dumps(executed, ensure_ascii=False)


def _require_readable(path: str, name: str) -> None:
    """Raise InputError for a notebook that papermill cannot read or tell the language of."""
    from papermill.iorw import load_notebook_node
    from papermill.utils import nb_language

    try:
        nb_language(load_notebook_node(path))
    except Exception as error:  # whatever papermill and nbformat raise
        reason = (str(error).splitlines() or [""])[0]
        problem = f"is no notebook that can be run ({type(error).__name__}: {reason})"
        raise InputError(problem, "Open it with `make lab` and save it there.", file=name) from None

"""papermill behind a strict door: parameters checked, errors in our words, one fixed environment."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, OswError
from osw_stats.report.graph import engine as fork
from osw_stats.report.graph.keys import imports_of
from osw_stats.report.parameters import check_parameters
from osw_stats.surroundings import fix_variables

TIMEOUT = 600  # seconds for one cell: more than any needs, less than a hung build
ENGINES = ("auto", "fork", "stock")
# errors that say themselves what to do
OURS = ("InputError", "NotPublishedError", "OswError", "UnitMismatchError", "NotEstimableError")


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


class RunLostError(OswError):
    """A run that ended because its process did; worth another try."""


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

    fix_variables()
    chosen = engine_name(engine)
    if chosen:
        papermill.engines.papermill_engines.register(chosen, fork.ForkEngine)
    checked = check_parameters(Path(path), given)
    name = f"notebooks/{Path(path).name}"
    try:
        executed = papermill.execute_notebook(
            path, None, parameters=checked, progress_bar=False, log_output=False,
            execution_timeout=TIMEOUT, start_timeout=TIMEOUT, kernel_name="python3", engine_name=chosen,
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
    except Exception:
        _require_readable(path, name)  # is it the file?
        raise
    finally:
        _close_loop()
    return json.dumps(executed, ensure_ascii=False)


def _close_loop() -> None:
    """Close the event loop that nbclient left open in this thread, now and not when garbage is looked for."""
    from jupyter_core import utils

    left = getattr(utils, "_loop", None)  # where nbclient keeps it
    loop = left.get() if left else None
    if loop is None or loop.is_running() or loop.is_closed():
        return
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def _require_readable(path: str, name: str) -> None:
    """Pass a notebook that papermill can read and tell the language of."""
    from papermill.iorw import load_notebook_node
    from papermill.utils import nb_language

    try:
        nb_language(load_notebook_node(path))
    except Exception as error:  # whatever papermill and nbformat raise
        told = (str(error).splitlines() or [""])[0]
        raise InputError(
            f"is no notebook that can be run ({type(error).__name__}: {told})",
            "Open it with `make lab` and save it there.",
            file=name,
        ) from None

"""One build under way: what is known of its inputs, where it keeps and runs things, whom it tells. Light to import."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osw_stats.report import notebooks
from osw_stats.report.graph import engine as fork
from osw_stats.report.graph import keys, runs
from osw_stats.report.graph.guard import Guard
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store
from osw_stats.surroundings import fix_variables

if TYPE_CHECKING:
    from osw_stats.results.collected import Results

Executed = dict[str, dict[str, Any]]  # executed notebooks, by name


@dataclass(frozen=True)
class Work:
    """What every step of a build needs; see `report.build.build` for the meaning of its parts."""

    root: Path
    year: int
    known: keys.Hashes
    store: Store
    guard: Guard
    log: RunLog
    progress: Callable[[str], None]
    live: runs.Live | None = None
    engine: str = "auto"
    executor: Executor | None = None
    past: dict[int, Path] = field(default_factory=dict)
    newest: int | None = None

    def base(self) -> dict[str, Any]:
        """Return the parameters every notebook gets; what else it gets stands in the edition file."""
        return {"edition": self.year}

    def key(self, name: str) -> str:
        """Return the key of one notebook; the edition file is part of it."""
        path = self.root / "notebooks" / f"{name}.ipynb"
        return keys.run_key(self.root, path, self.base(), self.known)

    def rooms(self, module: str) -> dict[str, Any]:
        """Return the hashes of what a module of this library can reach, and the environment: what its results rest on."""
        return keys.rooms([f"import {module}"], keys.library(self.known)) | keys.environment(self.root)

    def preload(self) -> None:
        """Start the process that imports for the workers, if something must run here and can be forked."""
        fix_variables()
        if self.executor is not None or notebooks.engine_name(self.engine) is None:
            return
        names = notebooks.notebook_names(self.root)
        stale = [n for n in names if self.store.path(self.key(n)) is None]
        if stale:
            paths = [notebooks.notebook_path(self.root, name) for name in stale]
            fork.server(str(self.root / "notebooks"), notebooks.imports(paths, self.year))

    def executed(self, run_keys: dict[str, str]) -> Executed | None:
        """Return the executed notebooks of kept runs; None when a run is not kept."""
        executed: Executed = {}
        for name, key in run_keys.items():
            outcome = self.store.read(key)
            if outcome is None:
                return None
            executed[name] = runs.dress(self.root / "notebooks" / f"{name}.ipynb", outcome)
        return executed


def collected(executed: Executed) -> dict[str, Results]:
    """Return what executed notebooks registered, by name."""
    from osw_stats.results.collected import Results  # needs pandas, which asking what is stale does not

    return {name: Results.of_notebook(notebook) for name, notebook in executed.items()}

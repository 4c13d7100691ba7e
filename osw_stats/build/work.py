"""One build under way: what is known of its inputs, where it keeps and runs things, whom it tells. Light to import."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osw_stats.kept.code_cells import notebook_names, notebook_path
from osw_stats.build import notebooks
from osw_stats.kept import keys
from osw_stats.build import runs
from osw_stats.kept.guard import Guard
from osw_stats.kept.log import RunLog
from osw_stats.kept.store import Store
from osw_stats.surroundings import fix_variables

Executed = dict[str, dict[str, Any]]  # executed notebooks, by name


@dataclass(frozen=True)
class Work:
    """What every step of a build needs; see `build.build.build` for the meaning of its parts."""

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

    @property
    def code(self) -> str:
        """The hash of the code that makes every result, and of the packages it uses."""
        return keys.code(self.root, self.known)

    def key(self, name: str) -> str:
        """Return the key of one notebook; the edition file is part of it, so its parameters are not."""
        path = self.root / "notebooks" / f"{name}.ipynb"
        return keys.run_key(self.root, path, {"edition": self.year}, self.known)

    def preload(self) -> None:
        """Start the process that imports for the kernels, if something must run here and can be forked."""
        fix_variables()
        if self.executor is not None or not notebooks.forks(self.engine):
            return
        names = notebook_names(self.root)
        stale = [name for name in names if self.store.read(self.key(name)) is None]
        if stale:
            notebooks.preload([notebook_path(self.root, name) for name in stale], self.year)

    def running(self, jobs: list[runs.Job]) -> AbstractContextManager[runs.Pending]:
        """Start the runs that are not kept; see `runs.started`."""
        return runs.started(
            jobs,
            self.store,
            log=self.log,
            engine=self.engine,
            executor=self.executor,
            progress=self.progress,
            live=self.live,
        )

    def executed(self) -> Executed | None:
        """Return the executed notebooks of kept runs; None when a run is not kept."""
        executed: Executed = {}
        for name in notebook_names(self.root):
            outcome = self.store.read(self.key(name))
            if outcome is None:
                return None
            executed[name] = runs.dress(self.root / "notebooks" / f"{name}.ipynb", outcome)
        return executed

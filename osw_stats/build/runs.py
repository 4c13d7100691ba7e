"""Run what is not kept: notebooks on any executor, several at once, each as soon as there is room."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osw_stats.errors import OswError
from osw_stats.build import notebooks
from osw_stats.build import engine as fork
from osw_stats.kept import keys
from osw_stats.kept.guard import Guard
from osw_stats.kept.log import RunLog
from osw_stats.kept.store import Store

WORKERS = 2
TRIES = 2  # a run whose process was ended gets one more
Outcome = dict[str, Any]
Live = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Job:
    """One execution: its name for people, notebook, parameters, content key, and the parameters in that key."""

    label: str
    path: Path
    given: Mapping[str, Any]
    key: str
    keyed: Mapping[str, Any]


def execute(
    path: str,
    given: dict[str, Any],
    engine: str,
    key: str = "",
    keyed: dict[str, Any] | None = None,
    on_cell: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run one notebook and return what its code cells gave: plain values, for any executor.

    `key` is the one whoever asks expects, `keyed` the parameters in it; both are empty on the machine that asks. Where
    this one has other files, the run stops: a result of other data or code must not pass for that one.
    """
    folder, guard = Path(path).parent, None
    if key:
        root = folder.parent
        guard = Guard(root, keys.named(root, given))
        if keys.run_key(root, Path(path), keyed or given, keys.inputs(root)) != key:
            raise OswError(
                f"{Path(path).name}: this worker has another notebook, library, raw file or environment than who asks. "
                "Give all machines the same commit and the same lock file."
            )
    total = len(json.loads(Path(path).read_text(encoding="utf-8"))["cells"])
    show = (lambda cell_index, **_: on_cell(cell_index + 1, total)) if on_cell else None
    executed = json.loads(notebooks.run_notebook(path, given, str(folder), engine, show))
    if guard:
        guard.require()
    code = [c for c in executed["cells"] if c["cell_type"] == "code"]
    return {
        "cells": [
            {"source": c["source"], "tags": c["metadata"].get("tags", []), "outputs": c["outputs"]}
            for c in code
        ],
        "seconds": executed["metadata"]["papermill"]["duration"],
        "in_cells": sum(c["metadata"]["papermill"]["duration"] or 0.0 for c in code),
    }


def dress(path: Path, outcome: Outcome) -> dict[str, Any]:
    """Return a notebook as its file is now, with the outputs of a run of the same code cells.

    No times, counts or machine names are in it, so equal runs give equal bytes.
    """
    source: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    outcomes = iter(outcome["cells"])
    injected = any("injected-parameters" in cell["tags"] for cell in outcome["cells"])
    cells: list[dict[str, Any]] = []
    for cell in source["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        cells.append(cell | {"execution_count": None, "outputs": next(outcomes)["outputs"]})
        if "parameters" in cell["metadata"].get("tags", []) and injected:
            ran = next(outcomes)
            cells.append(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": "injected-parameters",
                    "metadata": {"tags": ran["tags"]},
                    "outputs": ran["outputs"],
                    "source": ran["source"],
                }
            )
    return source | {"cells": cells}


@dataclass
class Pending:
    """Jobs that are under way; `collect` waits for them.

    `submit` starts a job where all run, `here` on this machine whatever executor there is. `failures` is where failed
    runs are written down by label, so that they stop no other; None raises the first one.
    """

    jobs: Sequence[Job]
    submit: Callable[[Job], Future[Outcome]]
    here: Callable[[Job], Future[Outcome]]
    store: Store
    progress: Callable[[str], None]
    log: RunLog
    failures: dict[str, str] | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    waiting: dict[Future[Outcome], Job] = field(default_factory=dict)

    def start(self) -> None:
        """Take what is kept, and submit the rest."""
        for job in self.jobs:
            outcome = self.store.read(job.key)
            if outcome is None:
                self.waiting[self.submit(job)] = job
            else:
                self._keep(job, outcome, kept=True)

    def collect(self) -> dict[str, Outcome]:
        """Return the outcome of every job, by key. A result that is there is kept, whatever happens to others.

        The first failure that another try does not mend is raised.
        """
        tries: dict[str, int] = {}
        while self.waiting:
            done = wait(self.waiting, return_when=FIRST_COMPLETED).done
            future = next(f for f in self.waiting if f in done)
            job = self.waiting.pop(future)
            try:
                self._keep(job, future.result())
            except (notebooks.RunLostError, BrokenExecutor) as error:
                self.log.event("lost", run=job.label, error=str(error))
                tries[job.key] = tries.get(job.key, 1) + 1
                if tries[job.key] > TRIES:
                    self._fail(
                        job, error if isinstance(error, OswError) else OswError(f"{job.label}: {error}")
                    )
                    continue
                self.progress(f"run     {job.label}: its process was ended; once more")
                again = self.here if isinstance(error, BrokenExecutor) else self.submit
                self.waiting[again(job)] = job
            except OswError as error:
                self._fail(job, error)
        return self.outcomes

    def _fail(self, job: Job, error: OswError) -> None:
        self.log.event("failed", run=job.label, error=str(error))
        if self.failures is None:
            for future, other in self.waiting.items():  # what is ready by now need not be made again
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._keep(other, future.result())
            raise error
        self.failures[job.label] = str(error)
        self.progress(f"run     {job.label}: failed")

    def _keep(self, job: Job, outcome: Outcome, kept: bool = False) -> None:
        self.outcomes[job.key] = outcome
        seconds = outcome["seconds"]
        self.log.event(
            "run", run=job.label, kept=kept, seconds=seconds, in_cells=outcome["in_cells"], key=job.key
        )
        if not kept:
            self.store.write(job.key, outcome)
            self.store.settle()  # a run takes longest, so it is kept whatever happens later
            done = f"{len(self.outcomes)} of {len(self.jobs)}"
            self.progress(f"run     {job.label}, {done}, {seconds:.1f} s")


@contextmanager
def started(
    jobs: Sequence[Job],
    store: Store,
    *,
    log: RunLog,
    engine: str = "auto",
    executor: Executor | None = None,
    progress: Callable[[str], None] = print,
    live: Live | None = None,
    failures: dict[str, str] | None = None,
) -> Iterator[Pending]:
    """Start all jobs that are not kept; leaving the block by an error ends what still runs.

    Parameters are checked before. Without an executor two threads each drive a process. `live` is called with label,
    cell and number of cells; for the rest see `Pending`.
    """
    own = ThreadPoolExecutor(max_workers=min(WORKERS, os.cpu_count() or 1))

    def run_here(job: Job) -> Outcome:
        show = (lambda cell, of: live(job.label, cell, of)) if live else None
        return execute(str(job.path), dict(job.given), engine, on_cell=show)

    def here(job: Job) -> Future[Outcome]:
        return own.submit(run_here, job)

    def elsewhere(job: Job) -> Future[Outcome]:
        assert executor is not None  # noqa: S101 - asked below
        return executor.submit(execute, str(job.path), dict(job.given), "stock", job.key, dict(job.keyed))

    submit = here if executor is None else elsewhere
    pending = Pending(jobs, submit, here, store, progress, log, failures)
    try:
        pending.start()
        yield pending
    except BaseException:
        for future in pending.waiting:
            future.cancel()
        fork.close()  # its kernels end, and the threads that wait for those
        raise
    finally:
        own.shutdown(wait=True, cancel_futures=True)

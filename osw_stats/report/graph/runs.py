"""Run what is not kept: notebooks on any executor, several at once, each as soon as there is room."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osw_stats.errors import OswError
from osw_stats.report import notebooks
from osw_stats.report.graph import engine as fork
from osw_stats.report.graph import keys
from osw_stats.report.graph.guard import Guard
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store

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
    path: str, given: dict[str, Any], engine: str, key: str = "", keyed: dict[str, Any] | None = None,
    on_cell: Live | None = None,
) -> Outcome:  # fmt: skip
    """Run one notebook and return what its code cells gave: plain values, for any executor.

    Parameters
    ----------
    path, given, engine
        As in `notebooks.run_notebook`.
    key, keyed
        The key whoever asks expects, and the parameters in it. Where this machine has other files, the run
        stops: a result of other data or code must not pass for this one. Empty where both are the same machine.
    on_cell
        Called with the label of the notebook, the cell that starts and how many there are.
    """
    folder, guard = Path(path).parent, None
    if key:
        root = folder.parent
        guard = Guard(root, keys.named(root, given))
        here = keys.run_key(root, Path(path), keyed or given, keys.inputs(root))
        if here != key:
            raise OswError(
                f"{Path(path).name}: this worker has another notebook, library, raw file or environment than who asks. "
                "Give all machines the same commit and the same lock file."
            )
    total = len(json.loads(Path(path).read_text(encoding="utf-8"))["cells"])
    told = (lambda cell_index, **_: on_cell("", cell_index + 1, total)) if on_cell else None
    executed = json.loads(notebooks.run_notebook(path, given, str(folder), engine, told))
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
    made = iter(outcome["cells"])
    cells: list[dict[str, Any]] = []
    for cell in source["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        ran = next(made)
        cells.append(cell | {"execution_count": None, "outputs": ran["outputs"]})
        if "parameters" in cell["metadata"].get("tags", []) and outcome["injected"]:
            given = next(made)
            cells.append(
                {
                    "cell_type": "code", "execution_count": None, "id": "injected-parameters",
                    "metadata": {"tags": given["tags"]}, "outputs": given["outputs"], "source": given["source"],
                }
            )  # fmt: skip
    return source | {"cells": cells}


class Pending:
    """Jobs that are under way; `collect` waits for them."""

    def __init__(
        self, jobs: Sequence[Job], submit: Callable[[Job], Future[Outcome]], again: Callable[[Job], Future[Outcome]],
        store: Store, progress: Callable[[str], None], log: RunLog, failures: dict[str, str] | None,
    ) -> None:  # fmt: skip
        self._jobs, self._submit, self._again = jobs, submit, again
        self._store, self._progress, self._log, self._failures = store, progress, log, failures
        self._tries: dict[str, int] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.futures: dict[Future[Outcome], Job] = {}
        for one in jobs:
            kept = store.read(one.key)
            if kept is not None:
                self._done(one, kept, kept=True)
            else:
                self.futures[submit(one)] = one

    def collect(self) -> dict[str, Outcome]:
        """Return the outcome of every job, by key. A result that is there is kept, whatever happens to others.

        Raises
        ------
        OswError
            The first failure that another try does not mend; none where failures are gathered.
        """
        waiting = dict(self.futures)
        while waiting:
            done = wait(waiting, return_when=FIRST_COMPLETED).done
            future = next(f for f in waiting if f in done)
            one = waiting.pop(future)
            try:
                self._done(one, future.result())
            except (notebooks.RunLostError, BrokenExecutor) as error:
                self._log.event("lost", run=one.label, error=str(error))
                again = self._once_more(one, error, waiting)
                if again is not None:
                    self.futures[again] = waiting[again] = one
            except OswError as error:
                self._failed(one, error, waiting)
        return self.outcomes

    def _once_more(
        self, one: Job, error: Exception, waiting: dict[Future[Outcome], Job]
    ) -> Future[Outcome] | None:
        """Repeat a run whose process was ended: where it ran, or here when that place is gone."""
        self._tries[one.key] = self._tries.get(one.key, 1) + 1
        if self._tries[one.key] > TRIES:
            told = error if isinstance(error, OswError) else OswError(f"{one.label}: {error}")
            self._failed(one, told, waiting)
            return None
        self._progress(f"run     {one.label}: its process was ended; once more")
        return self._again(one) if isinstance(error, BrokenExecutor) else self._submit(one)

    def _failed(self, one: Job, error: OswError, waiting: dict[Future[Outcome], Job]) -> None:
        self._log.event("failed", run=one.label, error=str(error))
        if self._failures is None:
            for future, other in waiting.items():  # what is ready by now need not be made again
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._done(other, future.result())
            raise error
        self._failures[one.label] = str(error)
        self._progress(f"run     {one.label}: failed")

    def _done(self, one: Job, outcome: Outcome, kept: bool = False) -> None:
        outcome["injected"] = any("injected-parameters" in c["tags"] for c in outcome["cells"])
        self.outcomes[one.key] = outcome
        self._log.event(
            "run",
            run=one.label,
            kept=kept,
            seconds=outcome["seconds"],
            in_cells=outcome["in_cells"],
            key=one.key,
        )
        if not kept:
            self._store.write(one.key, outcome)
            self._store.settle()  # a run takes longest, so it is kept whatever happens later
            self._progress(
                f"run     {one.label}, {len(self.outcomes)} of {len(self._jobs)}, {outcome['seconds']:.1f} s"
            )


@contextmanager
def started(
    jobs: Sequence[Job],
    store: Store,
    *,
    engine: str = "auto",
    executor: Executor | None = None,
    progress: Callable[[str], None] = print,
    live: Live | None = None,
    log: RunLog,
    failures: dict[str, str] | None = None,
) -> Iterator[Pending]:
    """Start all jobs that are not kept; leaving the block by an error ends what still runs.

    Parameters
    ----------
    jobs
        What to run; parameters were checked before.
    store
        Where outcomes are kept.
    engine
        See `notebooks.ENGINES`.
    executor
        Any `concurrent.futures.Executor`; two threads that each drive a process when None.
    progress, live
        Called with a line of text; with label, cell and number of cells.
    log
        The log of this run.
    failures
        Where failed runs are written down by label, so that they stop no other; the first one is raised when None.
    """
    own = ThreadPoolExecutor(max_workers=min(WORKERS, os.cpu_count() or 1))

    def here(one: Job) -> Outcome:
        told = (lambda _, cell, of: live(one.label, cell, of)) if live else None
        return execute(str(one.path), dict(one.given), engine, on_cell=told)

    def submit(one: Job) -> Future[Outcome]:
        if executor is None:
            return own.submit(here, one)
        return executor.submit(execute, str(one.path), dict(one.given), engine, one.key, dict(one.keyed))

    pending = None
    try:
        pending = Pending(jobs, submit, lambda one: own.submit(here, one), store, progress, log, failures)
        yield pending
    except BaseException:
        for future in pending.futures if pending else ():
            future.cancel()
        fork.close_servers()  # their workers end, and the threads that wait for those
        raise
    finally:
        own.shutdown(wait=True, cancel_futures=True)

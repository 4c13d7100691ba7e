"""One build and its log: runs of notebooks that are not kept, on any executor, as many at once as it has room for."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from osw_stats.build import engine as fork
from osw_stats.build import notebooks
from osw_stats.errors import OswError
from osw_stats.kept import keys
from osw_stats.kept.guard import Guard
from osw_stats.kept.store import DRAWINGS, Store

Live = Callable[[str, int, int], None]  # label of a run, its cell, number of cells

WORKERS = 4  # at once, on any number of processors: none stands idle while the longest run ends
TRIES = 2  # a run whose process was killed gets one more
Outcome = dict[str, Any]


class RunLog:
    """The log of a run: one JSON line an event, with the seconds since the start. Nothing else holds clock times."""

    def __init__(self, path: Path | None, **facts: Any) -> None:
        self._start, self._lock = time.monotonic(), threading.Lock()
        self._handle = path.open("w", encoding="utf-8") if path else None
        self.event("start", at=datetime.now(UTC).isoformat(timespec="seconds"), **facts)

    def event(self, event: str, **facts: Any) -> None:
        """Write one line."""
        if self._handle:
            line = {"seconds": round(time.monotonic() - self._start, 3), "event": event} | facts
            with self._lock:
                self._handle.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
                self._handle.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        self.event("end", result=kind.__name__ if kind else "whole", error=str(error or ""))
        if self._handle:
            self._handle.close()


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
    live: Live | None = None
    engine: str = "auto"
    executor: Executor | None = None
    past: dict[int, Path] = field(default_factory=dict)
    newest: int | None = None
    drawings: Path | None = None

    @property
    def code(self) -> str:
        """The hash of the code that makes every result, and of the packages it uses."""
        return keys.code(self.root, self.known)


@dataclass(frozen=True)
class Job:
    """One execution: its name for people, notebook, parameters and content key."""

    label: str
    path: Path
    parameters: Mapping[str, Any]
    key: str


def execute(
    path: str,
    parameters: dict[str, Any],
    engine: str,
    key: str = "",
    on_cell: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run one notebook and return the output of its code cells, as plain values for any executor."""
    # `key` is the one the requesting machine expects. If this machine has other files the run stops: a result
    # of other data or code must not pass for it. Empty on the requesting machine.
    folder, guard = Path(path).parent, None
    if key:
        root = folder.parent
        guard = Guard(root, keys.named(root, parameters))
        if keys.run_key(root, Path(path), parameters, keys.inputs(root)) != key:
            problem = "this worker has another notebook, library, raw file or environment than the machine that asks"
            remedy = "Give all machines the same commit and the same lock file."
            raise OswError(f"{Path(path).name}: {problem}. {remedy}")
    total = len(json.loads(Path(path).read_text(encoding="utf-8"))["cells"])
    show = (lambda cell_index, **_: on_cell(cell_index + 1, total)) if on_cell else None
    executed = json.loads(notebooks.run_notebook(path, parameters, str(folder), engine, show))
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
    """Return a notebook as its file now is, with the outputs of a run of the same code cells, without times."""
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
            added = {"cell_type": "code", "execution_count": None, "id": "injected-parameters"}
            ran = {"metadata": {"tags": ran["tags"]}, "outputs": ran["outputs"], "source": ran["source"]}
            cells.append(added | ran)
    return source | {"cells": cells}


def write(executed: Mapping[str, Any], file: Path) -> None:
    """Write an executed notebook as a file."""
    file.write_text(json.dumps(executed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class Pending:
    """Jobs under way; a failure is noted in `failures` by label and stops no other job, or is raised without it."""

    def __init__(self, work: Work, jobs: Sequence[Job], failures: dict[str, str] | None) -> None:
        self._work, self._jobs, self._failures = work, jobs, failures
        # without an executor threads each drive a process
        self.pool = ThreadPoolExecutor(max_workers=WORKERS)
        self.outcomes: dict[str, Outcome] = {}
        self.waiting: dict[Future[Outcome], Job] = {}

    def start(self, read: Mapping[str, Outcome | None]) -> None:
        """Reuse outcomes that are kept, or already `read` by key, and submit the other jobs."""
        for job in self._jobs:
            outcome = read.get(job.key) or self._work.store.read(job.key)
            if outcome is None:
                self._submit(job, here=self._work.executor is None)
            else:
                self._keep(job, outcome, kept=True)

    def _submit(self, job: Job, *, here: bool) -> None:
        work, arguments = self._work, (str(job.path), dict(job.parameters))
        if here or work.executor is None:
            live = work.live
            show = (lambda cell, of: live(job.label, cell, of)) if live else None
            future = self.pool.submit(execute, *arguments, work.engine, on_cell=show)
        else:
            future = work.executor.submit(execute, *arguments, "stock", job.key)
        self.waiting[future] = job

    def collect(self) -> dict[str, Outcome]:
        """Return the outcome of every job, by key; raise the first failure that a second try does not resolve."""
        tries: dict[str, int] = {}
        while self.waiting:
            done = wait(self.waiting, return_when=FIRST_COMPLETED).done
            future = next(f for f in self.waiting if f in done)
            job = self.waiting.pop(future)
            try:
                self._keep(job, future.result())
            except (notebooks.RunLostError, BrokenExecutor) as error:
                self._work.log.event("lost", run=job.label, error=str(error))
                tries[job.key] = tries.get(job.key, 1) + 1
                if tries[job.key] > TRIES:
                    lost = error if isinstance(error, OswError) else OswError(f"{job.label}: {error}")
                    self._fail(job, lost)
                    continue
                self._work.progress(f"run     {job.label}: its process was ended; once more")
                self._submit(job, here=isinstance(error, BrokenExecutor))
            except OswError as error:
                self._fail(job, error)
        return self.outcomes

    def _fail(self, job: Job, error: OswError) -> None:
        self._work.log.event("failed", run=job.label, error=str(error))
        if self._failures is None:
            for future, other in self.waiting.items():  # finished runs need not be repeated
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._keep(other, future.result())
            raise error
        self._failures[job.label] = str(error)
        self._work.progress(f"run     {job.label}: failed")

    def _keep(self, job: Job, outcome: Outcome, kept: bool = False) -> None:
        work, seconds = self._work, outcome["seconds"]
        self.outcomes[job.key] = outcome
        times = {"seconds": seconds, "in_cells": outcome["in_cells"]}
        work.log.event("run", run=job.label, kept=kept, **times, key=job.key)
        if not kept:
            work.store.write(job.key, outcome)
            left = work.drawings.glob("[!n]*") if work.drawings else ()  # "new-…" is being written
            work.store.take({path.name: path for path in left})
            work.store.settle()  # runs take longest, so each is kept whatever happens later
            done = f"{len(self.outcomes)} of {len(self._jobs)}"
            work.progress(f"run     {job.label}, {done}, {seconds:.1f} s")


@contextmanager
def started(
    work: Work,
    jobs: Sequence[Job],
    failures: dict[str, str] | None = None,
    read: Mapping[str, Outcome | None] | None = None,
) -> Iterator[Pending]:
    """Start all jobs that are not kept, or `read` already; leaving the block by an error ends what still runs."""
    pending = Pending(work, jobs, failures)
    if work.drawings:
        work.drawings.mkdir(exist_ok=True)
        earlier = work.drawings if work.store.fresh else work.store.folder
        os.environ[DRAWINGS] = os.pathsep.join([str(earlier), str(work.drawings), work.code])
    try:
        pending.start(read or {})
        yield pending
    except BaseException:
        for future in pending.waiting:
            future.cancel()
        fork.close()  # this ends its kernels and the threads waiting for them
        raise
    finally:
        os.environ.pop(DRAWINGS, None)
        pending.pool.shutdown(wait=True, cancel_futures=True)

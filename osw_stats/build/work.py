"""One build under way: what is known of its inputs, where it keeps and runs things, whom it tells. Light to import."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from osw_stats.kept import keys
from osw_stats.kept.guard import Guard
from osw_stats.kept.store import Store

Live = Callable[[str, int, int], None]  # label of a run, its cell, number of cells


class RunLog:
    """The log of a run: one JSON line an event, with the seconds since the start; the one thing that holds clock times."""

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

    @property
    def code(self) -> str:
        """The hash of the code that makes every result, and of the packages it uses."""
        return keys.code(self.root, self.known)

    def key(self, name: str) -> str:
        """Return the key of one notebook; the edition file is part of it, so its parameters are not."""
        path = self.root / "notebooks" / f"{name}.ipynb"
        return keys.run_key(self.root, path, {"edition": self.year}, self.known)

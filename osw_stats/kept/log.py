"""The log of a run: one JSON line an event, with the seconds since the start."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class RunLog:
    """Write `run.jsonl`; the last line is "end", with the error if there was one. Without a path nothing is written.

    This is the one thing a build makes that holds clock times, so it is no part of what is published or compared.
    """

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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.event("end", result=kind.__name__ if kind else "whole", error=str(error or ""))
        if self._handle:
            self._handle.close()

"""One build at a time, on a lock that the system frees when its holder ends, however it ends."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from osw_stats.errors import OswError

try:
    import fcntl
except ImportError:  # not on Windows, where the project runs in WSL
    fcntl = None  # type: ignore[assignment]


def _held(handle: TextIO) -> bool:
    """Take the lock of an open file; return whether no other process holds it."""
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def building(root: Path, what: str) -> Iterator[None]:
    """Hold the lock of the project's `build` folder; OswError where another process holds it, which is named."""
    path = root / "build" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        if not _held(handle):
            handle.seek(0)
            holder = handle.read().strip() or "process unknown"
            raise OswError(f"another build is running here ({holder}). Wait for it, or stop it.")
        handle.truncate(0)
        handle.write(f"process {os.getpid()}, {what}")
        handle.flush()
        yield
        handle.truncate(0)


@contextmanager
def alone(root: Path, path: Path) -> Iterator[bool]:
    """Yield whether no other run writes to `path`; none can begin to for as long as the block lasts."""
    name = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    lock = root / "build" / "locks" / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        yield _held(handle)

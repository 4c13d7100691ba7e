"""One build at a time, on a lock that dies with the process that holds it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osw_stats.errors import OswError

try:
    import fcntl
except ImportError:  # not on Windows, where the project runs in WSL
    fcntl = None  # type: ignore[assignment]


@contextmanager
def building(root: Path, what: str) -> Iterator[None]:
    """Hold the lock of the project's `build` folder for as long as the block lasts.

    Raises
    ------
    OswError
        If another process holds it; the message names that process. The system frees the lock of a process
        that ended, however it ended, so there is never one to remove by hand.
    """
    path = root / "build" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise OswError(
                f"another build is running here ({_holder(handle.read())}). Wait for it, or stop it."
            ) from None
        handle.truncate(0)
        handle.write(json.dumps({"process": os.getpid(), "what": what}))
        handle.flush()
        yield
        handle.truncate(0)


@contextmanager
def alone(root: Path, path: Path) -> Iterator[bool]:
    """Say whether no other run writes to `path`; none can begin to for as long as the block lasts."""
    name = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    lock = root / "build" / "locks" / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _holder(text: str) -> str:
    try:
        known = json.loads(text)
        return f"process {known['process']}, {known['what']}"
    except (ValueError, KeyError, TypeError):
        return "process unknown"

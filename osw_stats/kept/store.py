"""Results kept by content key, so that nothing is made twice. Standard library only.

An entry is written to a new file and moved into place, so it is complete or absent; in a build, only once it is certain
that none of its inputs was touched meanwhile. If there are too many, those unused for longest are deleted.
"""

import base64
import hashlib
import json
import os
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, Self

from osw_stats.errors import OswError
from osw_stats.kept.guard import TOUCHED, Guard
from osw_stats.kept.keys import files

MOST = 1 << 30  # bytes: some ten reports
# in the environment of a run: where drawings were kept, where it leaves new ones, and the hash of the code
DRAWINGS = "OSW_DRAWINGS"
FORM = b"2\n"  # of an entry; what another version of this library wrote is not read


class Store:
    """JSON files under `folder`, each named after its key; a `fresh` store reads nothing but what it wrote itself."""

    # with a `guard` entries are kept at `settle` or at the end of a `with` block, if nothing was touched;
    # otherwise at once
    def __init__(self, folder: Path, *, fresh: bool = False, guard: Guard | None = None) -> None:
        self.folder, self.fresh, self._guard = folder, fresh, guard
        self.waiting: dict[str, Path] = {}  # written but not yet settled, by key
        self._written: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        with suppress(OswError) if error else nullcontext():  # the first error is the one to report
            self.settle()

    def read(self, key: str) -> Any:
        """Return the value kept under a key; None if there is none, or it is damaged."""
        if self.fresh and key not in self._written:
            return None
        path = self.waiting.get(key, self.folder / key)
        try:
            seal, _, text = path.read_bytes().partition(b"\n")
            if _seal(key, text) != seal:
                return None
            os.utime(path)  # makes it one of the last to be deleted
            return json.loads(text)
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(value).encode()
        new = self.folder / f"new-{os.getpid()}-{threading.get_ident()}-{key}"
        new.write_bytes(_seal(key, text) + b"\n" + text)
        self._written.add(key)
        if self._guard is None:
            new.replace(self.folder / key)
        else:
            self.waiting[key] = new

    def take(self, written: dict[str, Path]) -> None:
        """Take over the entries that another process wrote for this one."""
        self.waiting |= written
        self._written |= set(written)

    def settle(self) -> None:
        """Keep the entries written since the last call; if an input was touched meanwhile, keep none and raise OswError."""
        if self._guard is None or not self.waiting:
            return
        written = dict(self.waiting)  # other threads may write more after this check
        touched = self._guard.touched()
        for key, new in written.items():
            if self.waiting.get(key) == new:
                del self.waiting[key]
            if touched:
                new.unlink(missing_ok=True)
            else:
                new.replace(self.folder / key)
        if touched:
            raise OswError(TOUCHED)

    def prune(self, most: int = MOST) -> None:
        """Delete the entries unused for longest, until the rest is no larger than `most` bytes."""
        entries = [
            (status.st_mtime_ns, status.st_size, p) for p in files(self.folder) for status in [p.stat()]
        ]
        for _, size, path in sorted(entries, reverse=True):
            most -= size
            if most < 0:
                path.unlink()


def _seal(key: str, text: bytes) -> bytes:
    """Return the hash at the start of an entry: of its contents and its key."""
    return hashlib.sha256(FORM + key.encode() + b"\n" + text).hexdigest().encode()


def kept(store: Store | None, key: str, make: Callable[[], Any]) -> Any:
    """Return the value kept under a key; if there is none, make and keep it. Without a store it is always made."""
    return kept_all(store, [key], lambda lost: [make() for _ in lost])[0]


def kept_all(store: Store | None, keys: list[str], make: Callable[[list[int]], list[Any]]) -> list[Any]:
    """Return the value kept under each key, as `kept`; `make` receives the positions of all missing values at once."""
    values = [store.read(key) if store else None for key in keys]
    lost = [index for index, value in enumerate(values) if value is None]
    for index, value in zip(lost, make(lost), strict=True):
        values[index] = value
        if store:
            store.write(keys[index], value)
    return values


def packed(folder: Path) -> dict[str, str]:
    """Return every file of a folder by its path there, its bytes in base64."""
    return {
        path.relative_to(folder).as_posix(): base64.b64encode(path.read_bytes()).decode("ascii")
        for path in files(folder)
    }


def unpack(content: dict[str, str], folder: Path) -> None:
    """Write packed files into a folder."""
    for name, packed_file in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(base64.b64decode(packed_file))

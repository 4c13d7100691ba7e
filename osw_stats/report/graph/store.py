"""Results kept by content key, so that nothing is made twice. Standard library only.

An entry is written beside and moved into place, so it is whole or not there; in a build, once it is sure that nothing
it was made from was touched meanwhile. What no edition used in its last build is thrown away.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from osw_stats.errors import OswError
from osw_stats.report.graph.guard import TOUCHED, Guard
from osw_stats.report.graph.keys import files


class Store:
    """Files and folders under `folder`, each named after its key.

    Parameters
    ----------
    folder
        Where entries stand; made when the first one is kept.
    fresh
        Whether to forget what is there: entries are written, never read.
    guard
        What must not be touched while entries are made. They are kept at `settle` or at the end of a
        `with` block then; at once when None.
    """

    def __init__(self, folder: Path, *, fresh: bool = False, guard: Guard | None = None) -> None:
        self.folder, self.fresh, self.used, self._guard = folder, fresh, set[str](), guard
        self._waiting: dict[str, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        with suppress(OswError) if error else nullcontext():  # the first error is the one to tell
            self.settle()

    def path(self, key: str) -> Path | None:
        """Return the entry of a key; None when there is none to use."""
        self.used.add(key)
        path = self._waiting.get(key, self.folder / key)
        return path if path.exists() and not self.fresh else None

    def read(self, key: str) -> Any:
        """Return the JSON kept under a key; None when there is none, or a disk spoiled it."""
        path = self.path(key)
        if path is None:
            return None
        try:
            known, _, text = path.read_bytes().partition(b"\n")
            if _seal(key, text) != known:
                return None
            entry = json.loads(text)
            self.used.update(entry["of"])
            return entry["value"]
        except (
            OSError,
            ValueError,
            LookupError,
            TypeError,
            RecursionError,
        ):  # spoiled, or written by another version
            return None

    def write(self, key: str, value: Any, of: Iterable[str] = ()) -> None:
        """Keep what JSON can hold; the results it was made `of` stay as long as it is used."""
        self.used.add(key)
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"of": sorted(of), "value": value}).encode()
        new = self.folder / f"new-{os.getpid()}-{threading.get_ident()}-{key}"
        new.write_bytes(_seal(key, text) + b"\n" + text)
        if self._guard is None:
            new.replace(self.folder / key)
        else:
            self._waiting[key] = new

    def settle(self) -> None:
        """Keep what was written since the last time.

        Raises
        ------
        OswError
            If anything it may be made from was touched since the build began; it is forgotten then.
        """
        if self._guard is None or not self._waiting:
            return
        written = dict(self._waiting)  # what other threads write from now on was made after the question
        touched = self._guard.touched()
        for key, new in written.items():
            if self._waiting.get(key) == new:
                del self._waiting[key]
            if touched:
                new.unlink(missing_ok=True)
            else:
                new.replace(self.folder / key)
        if touched:
            raise OswError(TOUCHED)

    def prune(self, keep: set[str]) -> None:
        """Throw away what is neither in `keep` nor used by this build."""
        for path in self.folder.glob("*"):
            if path.name not in keep | self.used:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _seal(key: str, text: bytes) -> bytes:
    """Return the hash that an entry begins with: of what it holds, and of the key it was made for."""
    return hashlib.sha256(key.encode() + b"\n" + text).hexdigest().encode()


def kept(store: Store | None, key: str, make: Callable[[], Any]) -> Any:
    """Return what a store keeps under a key; where nothing is, make it and keep it. Without a store it is made."""
    value = store.read(key) if store else None
    if value is None:
        before = set(store.used) if store else set()
        value = make()
        if store:
            store.write(key, value, store.used - before)
    return value


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

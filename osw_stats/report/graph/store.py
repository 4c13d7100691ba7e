"""Results kept by content key, so that nothing is made twice. Standard library only.

An entry is written beside and moved into place, so it is whole or not there. What no edition used in its last
build is thrown away.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from osw_stats.report.graph.keys import files


class Store:
    """Files and folders under `folder`, each named after its key.

    Parameters
    ----------
    folder
        Where entries stand; made when the first one is kept.
    fresh
        Whether to forget what is there: entries are written, never read.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder, self.fresh, self.used = folder, fresh, set[str]()

    def path(self, key: str) -> Path | None:
        """Return the entry of a key; None when there is none to use."""
        self.used.add(key)
        path = self.folder / key
        return path if path.exists() and not self.fresh else None

    def read(self, key: str) -> Any:
        """Return the JSON kept under a key; None when there is none, or a disk spoiled it."""
        path = self.path(key)
        if path is None:
            return None
        try:
            known, _, text = path.read_bytes().partition(b"\n")
            if hashlib.sha256(text).hexdigest().encode() != known:
                return None
            entry = json.loads(text)
            self.used.update(entry["of"])
            return entry["value"]
        except (OSError, ValueError, LookupError, TypeError):  # spoiled, or written by another version
            return None

    def write(self, key: str, value: Any, of: Iterable[str] = ()) -> None:
        """Keep what JSON can hold; the results it was made `of` stay as long as it is used."""
        self.used.add(key)
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"of": sorted(of), "value": value}).encode()
        new = self.folder / f"new-{os.getpid()}-{threading.get_ident()}-{key}"
        new.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        new.replace(self.folder / key)

    def prune(self, keep: set[str]) -> None:
        """Throw away what is neither in `keep` nor used by this build."""
        for path in self.folder.glob("*"):
            if path.name not in keep | self.used:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


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

"""Whether any input of a build was touched since it began, even if it was restored. Standard library only.

The key of a result is made from hashes taken before anything was read. It holds only if nothing changed in between, and
comparing hashes at the end misses a change that was undone. The system records the time of the last change of every
file, including its name, and no program can set it back.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from osw_stats.errors import OswError
from osw_stats.kept.keys import INPUTS, PACKAGE, environment, names_of

_TICK = 0.02  # seconds; within one tick of the system's clock two changes of a file bear the same time
TOUCHED = "an input changed while the report was made, so nothing was published. Run the command again."
Stamps = dict[str, tuple[int, ...]]


def _stamps(paths: Iterable[str]) -> Stamps:
    """Return the attributes of files that any change alters; nothing for a file that does not exist."""
    stamps: Stamps = {}
    for path in paths:
        try:
            status = os.stat(path)  # noqa: PTH116 - called for hundreds of files, often
        except OSError:
            stamps[path] = ()
        else:
            stamps[path] = status.st_size, status.st_mtime_ns, status.st_ctime_ns
    return stamps


_LOADED = _stamps(names_of(PACKAGE))  # the files of this program when it was started


class Guard:
    """Remember the state of everything that a build can read, to compare it later."""

    # `parts` of the project and `more` files; with the default parts also this library and its packages
    def __init__(self, root: Path, more: Iterable[Path] = (), parts: Sequence[str] = INPUTS) -> None:
        self._root, self._more, self._parts = root, list(map(str, more)), parts
        self._before = self._now()
        newest = max((stamp[-1] for stamp in self._before.values() if stamp), default=0)
        if 0 <= time.time_ns() - newest < _TICK * 1e9:
            time.sleep(_TICK)
        if parts is INPUTS and any(self._before.get(path) != stamp for path, stamp in _LOADED.items()):
            raise OswError("the library was changed after this program was started from it. Start it again.")

    def also(self, more: Iterable[Path]) -> None:
        """Remember the state of other files as well."""
        self._more += map(str, more)
        self._before |= _stamps(self._more)

    def touched(self) -> bool:
        """Return whether anything was changed, replaced, added or removed, even if only for a moment."""
        return self._now() != self._before

    def require(self) -> None:
        """Raise OswError if anything was touched: results made meanwhile may rest on other inputs than their keys say."""
        known = environment(self._root)
        environment.cache_clear()
        if self.touched() or environment(self._root) != known:
            raise OswError(TOUCHED)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """If an input changed, report that instead of an error in the block, which would then mislead."""
        try:
            yield
        except Exception:
            if self.touched():
                raise OswError(TOUCHED) from None
            raise

    def _now(self) -> Stamps:
        parts = [self._root / part for part in self._parts]
        paths = {path for part in parts for path in names_of(part)}
        # a folder that is moved away and back leaves its files as they were
        paths |= {os.path.dirname(path) for path in paths} | {str(part.parent) for part in parts}  # noqa: PTH120
        paths = (paths - {str(self._root)}) | set(self._more)
        # of the library no folders: Python itself writes in them
        return _stamps([*paths, *(names_of(PACKAGE) if self._parts is INPUTS else ())])

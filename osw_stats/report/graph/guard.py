"""Whether anything that a build reads was touched since it began, also when it was put back. Standard library only.

The key of a result is made from hashes that were taken before anything was read. That key is true only when nothing
moved in between, and a comparison of hashes at the end does not see a change that was undone. The system notes the time
of the last change of every file, its name among them, and no program can set it back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from osw_stats.errors import OswError
from osw_stats.report.graph.keys import INPUTS, PACKAGE, environment, files

_TICK = 0.02  # seconds; within one tick of the system's clock two changes of a file bear the same time
TOUCHED = "an input changed while the report was made, so nothing was published. Run the command again."
Stamps = dict[str, tuple[int, ...]]


def _stamp(path: Path | str) -> tuple[int, ...]:
    """Return what changes of a file when anything is done to it; nothing when it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for some hundred files, often
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _library() -> Stamps:
    return {str(path): _stamp(path) for path in files(PACKAGE)}


_LOADED = _library()  # the files that this program is made of, as it was started


class Guard:
    """Remember the state of everything that a build can read, to be asked later.

    Parameters
    ----------
    root
        Project folder.
    more
        Other files that will be read.
    parts
        Parts of the project to watch. This library and its packages as well when it is all of them.

    Raises
    ------
    OswError
        If this library was changed after the program that runs was started from it.
    """

    def __init__(self, root: Path, more: Iterable[Path] = (), parts: Sequence[str] = INPUTS) -> None:
        self._root, self._more, self._parts = root, tuple(more), parts
        self._before = self._stamps()
        newest = max((stamp[-1] for stamp in self._before.values() if stamp), default=0)
        if 0 <= time.time_ns() - newest < _TICK * 1e9:
            time.sleep(_TICK)
        if parts is INPUTS and any(self._before.get(path) != stamp for path, stamp in _LOADED.items()):
            raise OswError("the library was changed after this program was started from it. Start it again.")

    def also(self, more: Iterable[Path]) -> Self:
        """Remember the state of other files as well."""
        self._more += tuple(more)
        self._before |= {str(path): _stamp(path) for path in self._more}
        return self

    def touched(self) -> bool:
        """Say whether anything was changed, replaced, added or taken away, and be it for a moment."""
        return self._stamps() != self._before

    def require(self) -> None:
        """Pass when nothing was touched.

        Raises
        ------
        OswError
            If anything was; what was made meanwhile may rest on something else than its key says.
        """
        known = environment(self._root)
        environment.cache_clear()
        if self.touched() or environment(self._root) != known:
            raise OswError(TOUCHED)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Tell of an error in the block that an input changed, where one did: what half of it says misleads."""
        try:
            yield
        except Exception:
            if self.touched():
                raise OswError(TOUCHED) from None
            raise

    def _stamps(self) -> Stamps:
        parts = [self._root / part for part in self._parts]
        found = {str(path): _stamp(path) for part in parts for path in files(part)}
        # a folder that is moved away and back leaves its files as they were; Python itself writes in those of the library
        folders = {Path(path).parent for path in found} | {part.parent for part in parts}
        found |= {str(folder): _stamp(folder) for folder in folders - {self._root}}
        found |= {str(path): _stamp(path) for path in self._more}
        return found | _library() if self._parts is INPUTS else found

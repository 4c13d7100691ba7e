"""Progress of a build: lines anywhere, and on a terminal also the cell each notebook is at."""

from __future__ import annotations

import shutil
import threading
from types import TracebackType
from typing import Self, TextIO


class Progress:
    """Write to a stream; on a terminal the last line is kept up to date in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._moving, self._lock = stream, stream.isatty(), threading.Lock()
        self._at: dict[str, str] = {}

    def line(self, text: str) -> None:
        """Write one line."""
        with self._lock:
            for label in [x for x in self._at if text.startswith(f"run     {x},")]:
                del self._at[label]
            self._clear()
            print(text, file=self._stream, flush=True)
            self._show()

    def live(self, label: str, cell: int, of: int) -> None:
        """Show that a notebook is at a cell."""
        with self._lock:
            self._at[label] = f"{label} {cell}/{of}"
            if self._moving:
                self._clear()
                self._show()

    def _show(self) -> None:
        if self._moving and self._at:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("  at cell  ".join(["", " · ".join(self._at.values())])[:width])
            self._stream.flush()

    def _clear(self) -> None:
        if self._moving:
            self._stream.write("\r\x1b[K")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._clear()

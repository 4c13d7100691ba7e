"""Progress of a build: lines anywhere, and on a terminal also the cell each notebook is at."""

from __future__ import annotations

import shutil
import threading
from typing import Self, TextIO


class Progress:
    """Write to a stream; on a terminal the last line is kept up to date in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._moving, self._lock = stream, stream.isatty(), threading.Lock()
        self._at: dict[str, str] = {}

    def line(self, text: str) -> None:
        """Write one line."""
        with self._lock:
            self._at = {x: at for x, at in self._at.items() if not text.startswith(f"run     {x},")}
            self._show(f"{text}\n")

    def live(self, label: str, cell: int, of: int) -> None:
        """Show that a notebook is at a cell."""
        with self._lock:
            self._at[label] = f"{label} {cell}/{of}"
            if self._moving:
                self._show()

    def _show(self, line: str = "") -> None:
        if self._moving:
            line = f"\r\x1b[K{line}"
            if self._at:
                width = shutil.get_terminal_size().columns - 1
                line += f"  at cell  {' · '.join(self._at.values())}"[:width]
        self._stream.write(line)
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._at = {}
        self._show()

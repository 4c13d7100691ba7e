"""Put a new report in place: all of it, or the old one as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

from osw_stats.errors import OswError
from osw_stats.report.swap import put_in_place


def publish(targets: list[tuple[Path, Path]]) -> None:
    """Exchange each new folder with the old one in its place; on any trouble exchange them back.

    Raises
    ------
    OswError
        If a folder cannot be put in place; all old ones are back then.
    """
    moved: list[tuple[Path, Path, bool]] = []
    try:
        for new, target in targets:
            moved.append((new, target, put_in_place(new, target)))
    except BaseException as error:
        for new, target, was_there in reversed(moved):
            put_in_place(new, target) if was_there else shutil.rmtree(target)
        if isinstance(error, OSError):
            raise OswError(
                f"the new report could not be put in place ({error}); the old one is back. Make room for it and "
                "run again."
            ) from None
        raise

"""Put a new report in place: all of it, or the old one as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

from osw_stats.errors import OswError


def publish(targets: list[tuple[Path, Path]], old: Path) -> None:
    """Move each new folder into the place of the old one; on any trouble move the old ones back."""
    old.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for number, (new, target) in enumerate(targets):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.rename(old / str(number))
            moved.append((old / str(number), target))
            new.rename(target)
    except BaseException as error:
        for kept, target in moved:
            if target.exists():
                shutil.rmtree(target)
            if kept.exists():
                kept.rename(target)
        if isinstance(error, OSError):
            raise OswError(
                f"the new report could not be put in place ({error}); the old one is back. Make room for it and "
                "run again."
            ) from None
        raise

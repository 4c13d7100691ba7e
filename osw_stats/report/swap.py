"""Exchange two folders in one step, so that there is no moment at which neither is in place.

Why not two renames: a process that is killed between them leaves no report at all.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

_HERE = -100  # AT_FDCWD: paths as they are
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def put_in_place(new: Path, target: Path) -> bool:
    """Move `new` to `target`; what stood there, if anything, is then at `new`. Say whether anything did.

    Raises
    ------
    OSError
        If it cannot be done; both are where they were then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        new.rename(target)
        return False
    if not _exchanged(new, target):  # a file system without it: two steps
        aside = _aside(target)
        target.rename(aside)
        try:
            new.rename(target)
        except OSError:
            aside.rename(target)
            raise
        aside.rename(new)
    return True


def put_back(target: Path) -> None:
    """Mend what a process left that was killed between the two steps: the old folder, beside its place."""
    aside = _aside(target)
    if aside.is_dir() and not target.exists():
        aside.rename(target)
    elif aside.is_dir():
        shutil.rmtree(aside)


def _aside(target: Path) -> Path:
    return target.with_name(f"{target.name}.old")


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange in one step; False where the system knows no such step."""
    library = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        failed = library.renameat2(_HERE, a, _HERE, b, _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(a, b, _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))

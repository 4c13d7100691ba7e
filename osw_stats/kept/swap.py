"""One build at a time, and its report put in place: either all of it, or the old one unchanged.

Two folders are exchanged in one step, so that there is no moment at which neither is in place: a process that is killed
between two renames leaves no report at all. A lock is freed by the system when its holder ends, however it ends.
"""

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from osw_stats.errors import OswError

_OTHER_DISK = (
    "{} is on another disk or a mounted folder, and a report is put in place in one step, which no system does over "
    "two disks. Let it be a plain folder of the project, and copy the report to the other disk when it is made."
)
_JOURNAL = ".publishing"  # lists the folders being exchanged; within a folder it marks a new one while the exchange is incomplete
_HERE = -100  # AT_FDCWD: relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def _locked(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def building(root: Path, task: str) -> Iterator[None]:
    """Hold the lock of the project's `build` folder; OswError, naming the process, if another one holds it."""
    path = root / "build" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        if not _locked(handle):
            handle.seek(0)
            holder = handle.read().strip() or "process unknown"
            raise OswError(f"another build is running here ({holder}). Wait for it, or stop it.")
        handle.truncate(0)
        handle.write(f"process {os.getpid()}, {task}")
        handle.flush()
        yield
        handle.truncate(0)


@contextmanager
def alone(root: Path, path: Path) -> Iterator[bool]:
    """Yield whether no other run writes to `path`; none can start to while the block runs."""
    lock = root / "build" / "locks" / hashlib.sha256(str(path).encode()).hexdigest()[:16]
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        yield _locked(handle)


def prepare(build: Path, places: list[Path]) -> None:
    """Repair what a killed process left in `build` and in these places; OswError if no report can be moved there."""
    for journal in sorted(build.glob(f"new-*/{_JOURNAL}")):  # before anything is cleaned
        _take_back(journal)
    end = time.monotonic() + 5  # children of a killed process may still write there for a moment
    for left in build.glob("new-*"):
        while left.is_dir():
            shutil.rmtree(left, ignore_errors=time.monotonic() < end)
        left.unlink(missing_ok=True)
    for place in map(_led_to, places):
        aside = _aside(place)  # of a process that was killed between the two steps of `put_in_place`
        if aside.is_dir() and not place.exists():
            aside.rename(place)
        elif aside.is_dir():
            shutil.rmtree(aside)
        (place / _JOURNAL).unlink(missing_ok=True)
        there = next(p for p in (place, *place.parents) if p.exists())
        if there.stat().st_dev != build.stat().st_dev or place.is_mount():
            raise OswError(_OTHER_DISK.format(place))


def _led_to(place: Path) -> Path:
    """Return the folder at a place, or the one its link leads to; OswError if there can be none."""
    try:
        folder = place.resolve()
    except (OSError, RuntimeError):
        raise OswError(f"{place} is a link that leads nowhere. Take it away, and run again.") from None
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OswError(f"{place} is no folder, and the report goes there. Take it away, and run again.")
    return folder


def _take_back(journal: Path) -> None:
    """Restore the old report after a process was killed while putting a new one in place, as its journal shows."""
    for new, target in (map(Path, pair) for pair in json.loads(journal.read_text(encoding="utf-8"))):
        aside, moved = _aside(target), (target / _JOURNAL).is_file()
        if moved and aside.is_dir():
            target.rename(new)
        if aside.is_dir():
            aside.rename(target)
        elif moved and new.is_dir():
            put_in_place(new, target)
        elif moved:  # nothing stood there
            target.rename(new)
    journal.unlink()


def publish(targets: list[tuple[Path, Path]]) -> None:
    """Exchange each new folder with the old one in its place; on failure exchange them back and raise OswError."""
    # If that place is a link, its target is exchanged: it may be served from there. Published files are
    # readable by anyone who can enter the folders above, whatever the user's umask.
    pairs = [(new, target.resolve()) for new, target in targets]
    journal = pairs[0][0].parent / _JOURNAL
    moved: list[tuple[Path, Path, bool]] = []
    try:
        for new in [new for new, _ in pairs]:
            for here, _, names in os.walk(new):
                for path, mode in [(here, 0o755), *((f"{here}/{name}", 0o644) for name in names)]:
                    os.chmod(path, os.stat(path).st_mode | mode)  # noqa: PTH101, PTH116 - of each file
            (new / _JOURNAL).touch()
        journal.write_text(json.dumps([[str(new), str(target)] for new, target in pairs]), encoding="utf-8")
        for new, target in pairs:
            moved.append((new, target, put_in_place(new, target)))
        journal.unlink()  # from here on the new report is the report
        for _, target in pairs:
            (target / _JOURNAL).unlink()
    except BaseException as error:
        for new, target, was_there in reversed(moved):
            put_in_place(new, target) if was_there else shutil.rmtree(target)
        journal.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        if error.errno == errno.EXDEV:
            raise OswError(_OTHER_DISK.format(error.filename2 or error.filename)) from None
        problem = f"the new report could not be put in place ({error}); the old one is back"
        raise OswError(f"{problem}. Make room for it and run again.") from None


def put_in_place(new: Path, target: Path) -> bool:
    """Move `new` to `target`, and what was there to `new`. After an OSError both are unchanged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        new.rename(target)
        return False
    if not _exchange(new, target):  # a file system without it: two steps
        aside = _aside(target)
        target.rename(aside)
        try:
            new.rename(target)
        except OSError:
            aside.rename(target)
            raise
        aside.rename(new)
    return True


def _aside(target: Path) -> Path:
    return target.with_name(f"{target.name}.old")


def _exchange(new: Path, target: Path) -> bool:
    """Exchange two folders in one step; False if the system cannot."""
    library = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(new), os.fsencode(target)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        failed = library.renameat2(_HERE, a, _HERE, b, _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(a, b, _EXCHANGE)
    else:
        return False
    number = ctypes.get_errno() if failed else 0
    if number in (0, errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return not failed
    raise OSError(number, os.strerror(number), str(new), None, str(target))

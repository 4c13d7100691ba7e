"""Put a new report in place: all of it, or the old one as it was."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from osw_stats.errors import OswError
from osw_stats.report.swap import put_back, put_in_place

_OTHER_DISK = (
    "{} is on another disk or a mounted folder, and a report is put in place in one step, which no system does over "
    "two disks. Let it be a plain folder of the project, and copy the report to the other disk when it is made."
)


def prepare(build: Path, places: list[Path]) -> None:
    """Mend what a killed process left in these places, and pass when a report made in `build` can be moved there.

    Raises
    ------
    OswError
        If one of them is on another disk.
    """
    for place in (place.resolve() for place in places):
        put_back(place)
        there = next(p for p in (place, *place.parents) if p.exists())
        if there.stat().st_dev != build.stat().st_dev or place.is_mount():
            raise OswError(_OTHER_DISK.format(place))


def publish(targets: list[tuple[Path, Path]]) -> None:
    """Exchange each new folder with the old one in its place; on any trouble exchange them back.

    Where a link stands in that place, what it leads to is exchanged: somebody serves it from there.

    Raises
    ------
    OswError
        If a folder cannot be put in place; all old ones are back then.
    """
    moved: list[tuple[Path, Path, bool]] = []
    try:
        for new, target in ((new, target.resolve()) for new, target in targets):
            moved.append((new, target, put_in_place(new, target)))
    except BaseException as error:
        for new, target, was_there in reversed(moved):
            put_in_place(new, target) if was_there else shutil.rmtree(target)
        if isinstance(error, OSError) and error.errno == errno.EXDEV:
            raise OswError(_OTHER_DISK.format(error.filename2 or error.filename)) from None
        if isinstance(error, OSError):
            raise OswError(
                f"the new report could not be put in place ({error}); the old one is back. Make room for it and "
                "run again."
            ) from None
        raise

"""What the last build was made from and what it made; whether both are still as they were. Standard library only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osw_stats.report.graph import keys

Content = dict[str, Any]


def path(root: Path, year: int) -> Path:
    """Return the file that holds the state of an edition's last build."""
    return root / "build" / str(year) / "state.json"


def read(root: Path, year: int) -> Content | None:
    """Return the state of the last whole build of an edition; None when there is none."""
    try:
        content: Content = json.loads(path(root, year).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return (
        content
        if {"inputs", "outputs", "options", "environment", "used", "summary"} <= set(content)
        else None
    )


def write(root: Path, year: int, content: Content) -> None:
    """Write the state; whole or not at all."""
    target = path(root, year)
    new = target.with_name("new-state.json")
    new.write_text(json.dumps(content), encoding="utf-8")
    new.replace(target)


def forget(root: Path, year: int) -> None:
    """Forget the last build, before something is published that is not the whole of one."""
    path(root, year).unlink(missing_ok=True)


def options(renderer: str, *, archive: bool = False, newest: int | None = None) -> Content:
    """Return what is chosen for a build and decides its bytes."""
    return {
        "renderer": renderer,
        "quarto": shutil.which("quarto") or "",
        "archive": archive,
        "newest": newest,
    }


def outputs(root: Path, year: int) -> keys.Hashes:
    """Return the hash of every published file of an edition: the site, the figures, the tables."""
    return keys.hashes(root, ("_site", f"figures/{year}", f"data/processed/{year}", f"build/{year}/runs"))


def stale(root: Path, place: Path, year: int, wanted: Content) -> tuple[Content | None, list[str]]:
    """Return the state of the last build in a place, and what is not as it was; nothing when all is.

    `root` is the project, `wanted` the `options` of the build that is asked for.
    Every input and every published file is read, so a page that somebody edited, cut off or lost is found.
    """
    kept = read(place, year)
    if kept is None:
        return None, ["this edition was not built here yet"]
    now = {"environment": keys.environment(root), "options": wanted}
    reasons = [f"{part} changed" for part, value in now.items() if kept[part] != value]
    reasons += _changes(kept["inputs"], keys.inputs(root))
    reasons += _changes(kept["outputs"], outputs(place, year))
    return kept, reasons


def raw_changed(root: Path, year: int) -> bool:
    """Say whether a file of data/raw is not as the last build of an edition read it, or there was none."""
    kept, part = read(root, year), "data/raw"
    if kept is None:
        return True
    return keys.hashes(root, [part]) != {k: v for k, v in kept["inputs"].items() if k.startswith(f"{part}/")}


def _changes(old: keys.Hashes, new: keys.Hashes) -> Iterator[str]:
    for name in sorted(set(old) | set(new)):
        if old.get(name) != new.get(name):
            yield f"{name} {'changed' if name in old and name in new else 'is gone' if name in old else 'is new'}"


def used(root: Path) -> set[str]:
    """Return the keys of everything that the last build of any edition, or any matrix, used."""
    found: set[str] = set()
    for state in (root / "build").glob("*/state.json"):
        content = read(root, int(state.parent.name)) if state.parent.name.isdigit() else None
        found |= set(content["used"]) if content else set()
    for listed in (root / "build" / "matrix").glob("*/used.json"):
        found |= set(json.loads(listed.read_text(encoding="utf-8")))
    return found

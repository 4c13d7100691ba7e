"""What the last build was made from and what it made; whether both are still as they were. Standard library only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from osw_stats.report.graph import keys
from osw_stats.sources.disk import sha256

Content = dict[str, Any]
_SHAPE: Any = {
    "inputs": {str: str}, "outputs": {str: str}, "options": dict, "environment": {str: str}, "used": [str],
    "summary": {"made": [(str, int)], "pages": [str], "gaps": {str: [str]}},
}  # fmt: skip


def path(root: Path, year: int) -> Path:
    """Return the file that holds the state of an edition's last build."""
    return root / "build" / str(year) / "state.json"


def read(root: Path, year: int) -> Content | None:
    """Return the state of the last whole build of an edition; None when there is none."""
    try:
        content: Any = json.loads(path(root, year).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if _fits(content, _SHAPE) else None


def _fits(value: Any, shape: Any) -> bool:
    """Say whether a value from a file has a shape: a type, [of each], {str: of each value} or {name: of this one}."""
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(v, shape[0]) for v in value)
    if isinstance(shape, tuple):
        return isinstance(value, list) and len(value) == len(shape) and all(map(_fits, value, shape))
    if isinstance(shape, dict) and str in shape:
        return isinstance(value, dict) and all(_fits(v, shape[str]) for v in value.values())
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(n in value and _fits(value[n], s) for n, s in shape.items())
    return isinstance(value, shape)


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
        "quarto": _quarto() if renderer != "pandoc" else "",
        "archive": archive,
        "newest": newest,
    }


def _quarto() -> str:
    """Return what stands for the Quarto on the path: its program, its code and its version as they lie there."""
    found = shutil.which("quarto")
    if found is None:
        return ""
    program = Path(found).resolve()
    parts = (program, program.with_name("quarto.js"), program.parents[1] / "share" / "version")
    return keys.digest([sha256(part) if part.is_file() else "" for part in parts])


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
        with suppress(OSError, ValueError, RecursionError):
            content = json.loads(listed.read_text(encoding="utf-8"))
            found |= set(content) if _fits(content, [str]) else set()
    return found

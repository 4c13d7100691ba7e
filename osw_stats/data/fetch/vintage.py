"""Vintages on disk: a hidden folder while a table comes in, moved into place when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

from osw_stats.errors import InputError
from osw_stats.kept.disk import PARTIAL, sha256

MANIFEST = "table.source.yml"
CHANGED, BACK = "was changed after it was downloaded", "Put the files back as they were published."
OTHER = "is there already, and the publisher now serves other content under the same date of modification"
BOTH = "Nothing was overwritten. To keep both, move this folder out of data/raw and give the command again."


@contextmanager
def hidden_folder(home: Path, modified: str) -> Iterator[Path]:
    """Give a folder to download into; what is not moved out of it as a whole goes again."""
    home.mkdir(parents=True, exist_ok=True)
    folder = home / f"{PARTIAL}{modified}"
    for left in home.glob(f"{PARTIAL}*"):  # of a download that was killed
        shutil.rmtree(left)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # it holds a vintage
            home.rmdir()


def require_same_request(target: Path, request: dict[str, Any]) -> None:
    """Refuse early when the vintage that is there was another request."""
    manifest = _manifest(target)
    for key, now in request.items():
        if manifest.get(key) != now:
            problem = f"this vintage is there already, downloaded with another {key} ({manifest.get(key)})"
            remedy = f"Ask for the same {key} again, or move that folder out of data/raw first."
            raise InputError(problem, remedy, file=target)


def _manifest(target: Path) -> dict[str, Any]:
    try:
        manifest = yaml.safe_load((target / MANIFEST).read_text(encoding="utf-8"))
        return {**manifest, "files": {f["name"]: str(f["sha256"]) for f in manifest["files"]}}
    except (FileNotFoundError, ValueError, yaml.YAMLError, KeyError, TypeError):
        raise InputError(
            "is missing or cannot be read, so this vintage cannot be compared",
            "Put it back, or move the folder out of data/raw.",
            file=target / MANIFEST,
        ) from None


def publish(folder: Path, target: Path, manifest: dict[str, Any], progress: Callable[[str], object]) -> Path:
    """Move a whole download into place, or compare it with the vintage that is there."""
    if not target.exists():
        text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
        (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        # one step, and one that fails when another process was first
        folder.rename(target)
        progress(f"  {manifest['rows']:,} rows in {target}")
        return target
    noted = _manifest(target)["files"]
    for files, problem, remedy in ((hashes(target), CHANGED, BACK), (hashes(folder), OTHER, BOTH)):
        if other := sorted({name for name, _ in noted.items() ^ files.items()}):
            raise InputError(f"this vintage {problem} ({', '.join(other[:5])})", remedy, file=target)
    progress(f"  nothing new: {target} holds the same content already")
    return target


def hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every answer in `folder`, by name."""
    return {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name != MANIFEST}

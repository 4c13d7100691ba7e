"""Vintages on disk: a hidden folder while a table comes in, moved into place when it is whole."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from osw_stats.errors import InputError
from osw_stats.sources.disk import PARTIAL, sha256, write
from osw_stats.sources.download import Session, one_line
from osw_stats.sources.pages import MixedError

MANIFEST = "table.source.yml"
REQUEST = ".request.json"


@dataclass(frozen=True)
class Partial:
    """The hidden folder a download grows in; what stands in it was whole and checked."""

    folder: Path
    session: Session
    progress: Callable[[str], object]

    def keep(self, name: str, url: str, check: Callable[[bytes, str], dict[str, Any]]) -> dict[str, Any]:
        """Return the checked answer at `url`: the one kept as `name`, else a fresh one, kept as well."""
        path = self.folder / name
        if path.is_file():
            try:
                return check(path.read_bytes(), url)
            except MixedError:
                raise
            except InputError:
                self.progress(f"  {name} was damaged; downloading it again")
        body = self.session.get(url)
        # checked before it is kept: a later call trusts what it finds
        content = check(body, url)
        write(path, body)
        return content


def begin(
    home: Path, modified: str, request: dict[str, Any], infos: bytes, progress: Callable[[str], object]
) -> Path:
    """Return the partial folder to go on in: the one that was left, if it is of this very request."""
    folder = home / f"{PARTIAL}{modified}"
    asked = json.dumps(request, sort_keys=True).encode()
    for left in sorted(home.glob(f"{PARTIAL}*")):
        marks = (left / REQUEST, left / "TableInfos.json")
        same = left == folder and all(mark.is_file() for mark in marks)
        if same and [mark.read_bytes() for mark in marks] == [asked, infos]:
            progress(f"  going on with what was downloaded before ({left.name})")
            return folder
        progress(f"  taking away what is left of another download ({left.name})")
        shutil.rmtree(left)
    folder.mkdir(parents=True)
    write(folder / "TableInfos.json", infos)
    write(folder / REQUEST, asked)
    return folder


def discard(folder: Path, error: InputError) -> None:
    """Take a partial folder away, unless its pages can be of use to the next call."""
    if isinstance(error, MixedError) or not any(folder.glob("UntypedDataSet-*.json")):
        shutil.rmtree(folder)
        # the folder of the table goes as well, if this was all it held
        with contextlib.suppress(OSError):
            folder.parent.rmdir()


def comparable(target: Path, address: str, chosen: dict[str, list[str]]) -> None:
    """Refuse early when the vintage that is there was another request."""
    manifest = _manifest(target)
    for key, now in (("filter", chosen), ("address", address)):
        if manifest.get(key) != now:
            raise InputError(
                f"this vintage is there already, downloaded with another {key} ({one_line(manifest.get(key))})",
                f"Ask for the same {key} again, or move that folder out of data/raw first.",
                file=target,
            )


def _manifest(target: Path) -> dict[str, Any]:
    try:
        manifest = yaml.safe_load((target / MANIFEST).read_text(encoding="utf-8"))
        {f["name"]: f["sha256"] for f in manifest["files"]}
    except (FileNotFoundError, ValueError, yaml.YAMLError, KeyError, TypeError):
        raise InputError(
            "is missing or cannot be read, so this vintage cannot be compared",
            "Put it back, or move the folder out of data/raw.",
            file=target / MANIFEST,
        ) from None
    return dict(manifest)


def settle(partial: Path, target: Path, manifest: dict[str, Any], progress: Callable[[str], object]) -> Path:
    """Move a whole download into place, or compare it with the vintage that is there."""
    if not target.exists():
        text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
        write(partial / MANIFEST, text.encode())
        # one step, and one that fails when another process was first
        partial.rename(target)
        progress(f"  {manifest['rows']:,} rows in {target}")
        return target
    new = {f["name"]: f["sha256"] for f in manifest["files"]}
    noted = {f["name"]: f["sha256"] for f in _manifest(target)["files"]}
    shutil.rmtree(partial)
    for there, problem, remedy in (
        (hashes(target), "was changed after it was downloaded", "Put the files back as they were published."),
        (new, "is there already, and the publisher now serves other content under the same date of modification",
         "Nothing was overwritten. To keep both, move this folder out of data/raw and give the command again."),
    ):  # fmt: skip
        other = sorted(n for n in noted.keys() | there.keys() if noted.get(n) != there.get(n))
        if other:
            raise InputError(f"this vintage {problem} ({', '.join(other[:5])})", remedy, file=target)
    progress(f"  nothing new: {target} holds the same content already")
    return target


def hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every answer in `folder`, by name."""
    files = sorted(p for p in folder.iterdir() if p.name != MANIFEST)
    return {p.name: sha256(p) for p in files}

"""The packages that the report is made with, as they lie on disk. Standard library only, and quick: every build asks.

pip writes down the hash of every file it installs, and does so last. So only what was touched later is read again.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from osw_stats.sources.disk import sha256

_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
_TOOLS = {"pip", "setuptools", "wheel", "osw-stats"}  # they install; this library is hashed apart


def installed(root: Path) -> list[str]:
    """Return names and versions of the packages, but those that only the tests need, and whatever was altered in them."""
    mine, tests = (_names(root / name) for name in ("requirements.lock", "requirements-test.lock"))
    found: list[str] = []
    for place in dict.fromkeys(p for p in sys.path if p.endswith("-packages") and Path(p).is_dir()):
        owned = {"__pycache__"}
        with os.scandir(place) as entries:
            there = sorted(entry.name for entry in entries)
        for name in there:
            if name.endswith(".dist-info"):
                rows = _rows(place, name)
                owned |= {path.split("/", 1)[0] for path, _ in rows} | {name}
                if _plain(name.split("-")[0]) not in (tests - mine) | _TOOLS:
                    found += [name, *_altered(place, name, rows)]
        # what no package brought: a module or a startup file that somebody put here
        found += [f"{name} {_content(Path(place, name))}" for name in there if name not in owned]
    return sorted(found) + _startup()


def _names(lock: Path) -> set[str]:
    return set(map(_plain, _LOCKED.findall(lock.read_text(encoding="utf-8")))) if lock.is_file() else set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _rows(place: str, package: str) -> list[tuple[str, str]]:
    """Return path and hash of every file that a package brought, but compiled modules: those have none."""
    try:
        text = Path(place, package, "RECORD").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    rows = (line.rsplit(",", 2) for line in text.splitlines())
    return [(row[0].strip('"'), row[1].removeprefix("sha256=")) for row in rows if len(row) == 3 and row[1]]


def _altered(place: str, package: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    """Return what of a package is not as it was installed."""
    if not rows:
        yield f"{package} {_content(Path(place, package))}"
        return
    written = os.stat(f"{place}/{package}/RECORD").st_ctime_ns  # noqa: PTH116 - asked for 20,000 files: Path costs as much again
    for path, known in rows:
        # commands, which name their folder, and tests of packages, which no report imports
        if path.startswith("../") or "/tests/" in path:
            continue
        try:
            late = os.stat(f"{place}/{path}").st_ctime_ns > written  # noqa: PTH116
        except OSError:
            yield f"{package} {path} is gone"
            continue
        if late and known != _recorded(now := sha256(f"{place}/{path}")):
            yield f"{package} {path} {now}"


def _recorded(hexadecimal: str) -> str:
    """Return a hash in the writing of RECORD."""
    return base64.urlsafe_b64encode(bytes.fromhex(hexadecimal)).decode().rstrip("=")


def _content(path: Path) -> str:
    """Return the hash of a file, or of all files of a folder that are no compiled modules."""
    below = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    told = [f"{p.relative_to(path.parent)} {sha256(p)}" for p in below if p.suffix != ".pyc"]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _startup() -> list[str]:
    """Return the modules of the user that Python carried out before anything else."""
    modules = [sys.modules.get(name) for name in ("sitecustomize", "usercustomize")]
    files = [Path(m.__file__) for m in modules if m is not None and m.__file__]
    return [f"{p.name} {sha256(p)}" for p in files if p.is_file()]

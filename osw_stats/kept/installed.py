"""The packages that the report is made with, as they lie on disk. Standard library only, and quick: every build asks.

Installers write down the hash of every file, and do so last. So only what was touched later is read again.
"""

import base64
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from osw_stats.kept.disk import sha256

_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
_TOOLS = {"pip", "uv", "setuptools", "wheel", "osw-stats"}  # they install; this library is hashed apart


def installed(root: Path) -> list[str]:
    """Return names and versions of the packages of a report, and whatever was altered in them."""
    # what is locked for something else (tests, JupyterLab) does not count; what is in no lock does: packages use it
    others = {name for lock in root.glob("requirements-*.lock") for name in _names(lock)}
    ignored = others - _names(root / "requirements.lock") | _TOOLS
    packages: list[str] = []
    for place in dict.fromkeys(p for p in sys.path if p.endswith("-packages") and Path(p).is_dir()):
        owned, entries = {"__pycache__"}, sorted(os.listdir(place))  # noqa: PTH208 - names are enough
        for name in entries:
            if name.endswith(".dist-info"):
                rows = _rows(f"{place}/{name}/RECORD")
                owned |= {path.partition("/")[0] for path, _ in rows} | {name}
                if _plain(name.split("-")[0]) not in ignored:
                    packages += [name, *_altered(place, name, rows)]
        # what no package brought: a module or a startup file that somebody put here
        packages += [line for name in entries if name not in owned for line in _contents(place, name)]
    startup = [sys.modules.get(name) for name in ("sitecustomize", "usercustomize")]
    files = [Path(m.__file__) for m in startup if m is not None and m.__file__]
    return sorted(packages) + [f"{p.name} {sha256(p)}" for p in files if p.is_file()]


def _names(lock: Path) -> set[str]:
    return set(map(_plain, _LOCKED.findall(lock.read_text(encoding="utf-8")))) if lock.is_file() else set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _rows(record: str) -> list[tuple[str, str]]:
    """Return path and hash of every file that a package brought; compiled modules have no hash and are left out."""
    try:
        text = Path(record).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    parts = (line.partition(",sha256=") for line in text.split("\n"))
    return [(path.strip('"'), rest.partition(",")[0]) for path, hashed, rest in parts if hashed]


def _altered(place: str, package: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    """Yield what of a package is not as it was installed."""
    if not rows:
        yield from _contents(place, package)
        return
    folder = os.open(place, os.O_RDONLY)  # of 10,000 files: asked from there it takes half the time
    try:
        written = os.stat(f"{package}/RECORD", dir_fd=folder).st_ctime_ns
        for path, known in rows:
            # commands, which name their folder; stubs and tests of packages, which no report imports
            if path.startswith("../") or path.endswith(".pyi") or "/tests/" in path:
                continue
            try:
                late = os.stat(path, dir_fd=folder).st_ctime_ns > written
            except OSError:
                yield f"{package} {path} is gone"
                continue
            if late:
                now = sha256(f"{place}/{path}")
                if base64.urlsafe_b64encode(bytes.fromhex(now)).decode().rstrip("=") != known:
                    yield f"{package} {path} {now}"
    finally:
        os.close(folder)


def _contents(place: str, name: str) -> Iterator[str]:
    """Yield the hash of a file, or of each file of a folder that is no compiled module."""
    path = Path(place, name)
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        if file.suffix != ".pyc":
            yield f"{file.relative_to(place)} {sha256(file)}"

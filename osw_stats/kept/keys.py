"""Content keys: the inputs of each result of a build, as hashes. Standard library only, for speed.

The key of a notebook run covers its code cells, its parameters, the raw files, the code of this library, and the
environment. Prose is in none of them. No file time is trusted: contents are read.
"""

import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import osw_stats
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.project import OVERALL

_TOOLS = {"pip", "uv", "setuptools", "wheel", "osw-stats"}  # installers; this library has its own hash

PACKAGE = Path(osw_stats.__file__).parent
# inputs of a report besides the library; a folder stands for all files below it
INPUTS = (
    *("data/raw", "docs", "editions", "notebooks", "pages", "scenarios"),
    *("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml", "requirements.lock", "pyproject.toml"),
    *("CITATION.cff", "README.md", "LICENSE"),
)
# files that change only fixed pages, no figure, table or page of a notebook; code of notebooks counts separately
PROSE = re.compile(r"pages/.*\.qmd|notebooks/.*")
LOOK = (".html", ".css", ".js")  # files of this library that only rendering reads
_ITSELF = "Put the file or folder itself here."
Hashes = dict[str, str]


def installed(root: Path) -> list[str]:
    """Return names and versions of the packages of a report, and whatever was altered in them."""
    # packages locked for something else (tests, JupyterLab) do not count; those in no lock do, since others
    # use them
    others = {name for lock in root.glob("requirements-*.lock") for name in _names(lock)}
    ignored = others - _names(root / "requirements.lock") | _TOOLS
    packages: list[str] = []
    for place in dict.fromkeys(p for p in sys.path if p.endswith("-packages") and Path(p).is_dir()):
        owned, entries = {"__pycache__"}, sorted(os.listdir(place))  # noqa: PTH208 - names are enough
        for name in entries:
            if name.endswith(".dist-info"):
                record = _record(f"{place}/{name}/RECORD")
                owned |= {line.partition("/")[0].partition(",")[0] for line in record.split("\n")} | {name}
                if _plain(name.split("-")[0]) not in ignored:
                    packages += [name, *_altered(place, name, record)]
        # belonging to no package: a module or a startup file that somebody added
        packages += [line for name in entries if name not in owned for line in _contents(place, name)]
    startup = [sys.modules.get(name) for name in ("sitecustomize", "usercustomize")]
    files = [Path(m.__file__) for m in startup if m is not None and m.__file__]
    return sorted(packages) + [f"{p.name} {sha256(p)}" for p in files if p.is_file()]


def _names(lock: Path) -> set[str]:
    lines = lock.read_bytes().decode().split("\n") if lock.is_file() else []
    return {_plain(line.partition("==")[0]) for line in lines if line[:1].isalnum()}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _record(path: str) -> str:
    """Return the list of files of a package with their hashes; empty if there is none."""
    try:
        return Path(path).read_bytes().decode()  # read as text it takes three times as long
    except (OSError, UnicodeDecodeError):
        return ""


def _altered(place: str, package: str, record: str) -> Iterator[str]:
    """Yield the files of a package that differ from those installed."""
    if ",sha256=" not in record:
        yield from _contents(place, package)
        return
    folder = os.open(place, os.O_RDONLY)  # for 10,000 files, relative paths take half the time
    try:
        written = os.stat(f"{package}/RECORD", dir_fd=folder).st_ctime_ns
        for line in record.split("\n"):
            path, hashed, known = line.partition(",sha256=")
            # compiled modules; commands, which name their folder; stubs and tests of packages, which no report imports
            if not hashed or path.startswith("../") or path.endswith(".pyi") or "/tests/" in path:
                continue
            path = path.strip('"')
            try:
                late = os.stat(path, dir_fd=folder).st_ctime_ns > written
            except OSError:
                yield f"{package} {path} is gone"
                continue
            if late:
                now = sha256(f"{place}/{path}")
                printed = base64.urlsafe_b64encode(bytes.fromhex(now)).decode().rstrip("=")
                if printed != known.partition(",")[0]:
                    yield f"{package} {path} {now}"
    finally:
        os.close(folder)


def _contents(place: str, name: str) -> Iterator[str]:
    """Yield the hash of a file, or of each file of a folder that is no compiled module."""
    path = Path(place, name)
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        if file.suffix != ".pyc":
            yield f"{file.relative_to(place)} {sha256(file)}"


def digest(content: Any) -> str:
    """Return the SHA-256 of anything JSON can hold; the order of mappings does not count."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def files(folder: Path, *, by_link: bool = False) -> list[Path]:
    """Return every file below a folder in a fixed order; of a file, itself. A link below is refused.

    The folder itself may be a link with `by_link`, as one that a web server reads.
    """
    return sorted(map(Path, names_of(folder, by_link=by_link)))


def names_of(folder: Path, *, by_link: bool = False) -> list[str]:
    """Return the paths of `files` as text, in no order: a path as an object takes longer than the hash of its file."""
    if folder.is_symlink() and folder != PACKAGE and not by_link:
        raise InputError("is a link to another folder", _ITSELF, file=folder)
    if not folder.is_dir():
        return [str(folder)] if folder.is_file() else []
    paths = []
    for here, folders, names in os.walk(folder):
        # a hidden folder belongs to a program, or is a download in progress or aborted
        folders[:] = [f for f in folders if f != "__pycache__" and not f.startswith(".")]
        paths += [f"{here}/{name}" for name in names if not name.endswith(".pyc")]
        # an installer may lay out the files of this library with links
        places = folders if Path(folder) == PACKAGE else [*folders, *names]
        if linked := [Path(here, f) for f in places if os.path.islink(f"{here}/{f}")]:  # noqa: PTH114
            kind = "folder" if min(linked).is_dir() else "file"
            raise InputError(f"is a link to another {kind}", _ITSELF, file=min(linked))
    return paths


def hashes(root: Path, parts: Iterable[str], *, by_link: bool = False) -> Hashes:
    """Return the hash of every file in parts of a folder, by its path from there."""
    names = (name for part in parts for name in names_of(root / part, by_link=by_link))
    return {name.removeprefix(f"{root}/"): sha256(name) for name in names}


def inputs(root: Path) -> Hashes:
    """Return the hash of everything a build can read: the project's files and this library."""
    return hashes(root, INPUTS) | hashes(PACKAGE.parent, [PACKAGE.name])


def library(known: Hashes) -> Hashes:
    """Return the files of this library among those that `inputs` returned."""
    return {path: value for path, value in known.items() if path.startswith(f"{PACKAGE.name}/")}


@cache
def environment(root: Path) -> dict[str, str]:
    """Return the inputs outside the project that decide its bytes: Python, machine, and installed packages."""
    lock = root / "requirements.lock"
    return {
        "python": sys.version.split()[0],
        "machine": f"{sys.platform} {os.uname().machine}",
        "lock": sha256(lock) if lock.is_file() else "",
        "packages": digest(installed(root)),
    }


def code(root: Path, known: Hashes) -> str:
    """Return the hash of the code behind every result: this library but the look of its pages, and the environment."""
    counted = {path: value for path, value in library(known).items() if not path.endswith(LOOK)}
    return digest([counted, environment(root)])


def code_of(*paths: Path) -> str:
    """Return the hash of the code in these files, and of the packages it hands its work to, Pandoc among them."""
    return digest([environment(PACKAGE.parent), *map(sha256, paths)])


def named(root: Path, parameters: Mapping[str, Any]) -> list[Path]:
    """Return the files that parameters of a notebook name."""
    values = [value for value in parameters.values() if isinstance(value, str) and value]
    return [path for value in values if len(value) < 4096 and (path := root / value).is_file()]


def _cells(notebook: Path) -> list[list[Any]]:
    """Return source and tags of every code cell; the text around them is no part of a key."""
    from osw_stats.kept.code_cells import code_cells  # not needed to see whether anything changed

    return [[cell.source, sorted(cell.tags)] for cell in code_cells(notebook)]


def run_key(root: Path, notebook: Path, given: Mapping[str, Any], known: Hashes) -> str:
    """Return the key of one run: `values` its parameters, `known` what `inputs` returned."""
    # the folder that notebooks run in may hold modules and settings for them
    places = ("data/raw/", "scenarios/", f"editions/{given.get('edition', '')}.", "notebooks/")
    read = {k: v for k, v in known.items() if k.startswith(places) and not k.endswith(".ipynb")}
    read |= {str(path): sha256(path) for path in named(root, given)}
    return digest({"cells": _cells(notebook), "given": dict(given), "files": read, "code": code(root, known)})


def tables_key(root: Path, year: int, known: Hashes) -> str:
    """Return the key of the facts from the tables alone; earlier editions count, since they are compared."""
    places = ("data/raw/", "editions/", "scenarios/", "pages/")
    read = {k: v for k, v in known.items() if k.startswith(places) and not PROSE.fullmatch(k)}
    return digest({"tables": year, "files": read, "code": code(root, known)})


def lint_key(root: Path, known: Hashes, registered: Any) -> str:
    """Return the key of the check of all pages; `registered` are the names that notebooks register for them."""
    read = {path: value for path, value in known.items() if path.startswith(("pages/", "data/raw/"))}
    return digest({"lint": registered, "files": read, "code": code(root, known)})


def facts_key(root: Path, year: int, known: Hashes, page_digests: Mapping[str, str] | None = None) -> str:
    """Return the key of all facts of a report, except its fixed pages and the look of pages."""
    # With `page_digests`, hashes of the contents of the pages of notebooks, it covers only the parameters of
    # the notebooks: cells with the same output change nothing after them.
    from osw_stats.kept.code_cells import notebook_names  # not needed to see whether anything changed

    names = notebook_names(root)
    telling = {*OVERALL, *names}  # prefixes of the names of pages with results
    pages = {k for k in known if k.startswith("pages/") and Path(k).stem.partition("-")[0] in telling}
    modules = library(known)
    read = {k: v for k, v in known.items() if k not in modules and (k in pages or not PROSE.fullmatch(k))}
    cells = {f"{name}.ipynb": _cells(root / "notebooks" / f"{name}.ipynb") for name in names}
    if page_digests is not None:
        cells = {name: [c for c in of if "parameters" in c[1]] for name, of in cells.items()}
    content = {"facts": year, "files": read, "cells": cells, "told": dict(page_digests or {})}
    return digest(content | {"code": code(root, known)})

"""Content keys: what each result of a build depends on, as hashes. Standard library only, so that asking is quick.

A key of a notebook run covers its code cells, its parameters, the raw files, the modules of this library that its
cells can reach, and the environment. Prose is in none of them. No file time is trusted: contents are read.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import osw_stats
from osw_stats.errors import InputError
from osw_stats.report.code_cells import code_cells, parsed
from osw_stats.report.graph.installed import installed
from osw_stats.report.root import LANGUAGES
from osw_stats.sources.disk import PARTIAL, sha256

PACKAGE = Path(osw_stats.__file__).parent
# what a report is made from, beside the library; a folder stands for all files below it
INPUTS = (
    "data/raw", "docs", "editions", "notebooks", "pages", "scenarios", "_quarto.yml", "_quarto-nl.yml",
    "_quarto-en.yml", "requirements.lock", "pyproject.toml", "CITATION.cff", "README.md", "LICENSE",
)  # fmt: skip
# what tables are made from
FIGURES = ("data/raw/", "editions/", "scenarios/", "pages/")
# what changes fixed pages only, and no figure, table or page of a notebook; of notebooks the code counts apart
PROSE = re.compile(r"pages/.*\.qmd|notebooks/.*")
# what runs a notebook decides what is left of it as well
RUNNER = "import osw_stats.report.graph.runs"
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
Hashes = dict[str, str]


def digest(content: Any) -> str:
    """Return the SHA-256 of anything JSON can hold; mappings in any order are equal."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def files(folder: Path) -> list[Path]:
    """Return every file below a folder in a fixed order; of a file, itself; of nothing, nothing.

    Raises
    ------
    InputError
        If a folder below is a link: some ways of reading go through it and others do not.
    """
    if not folder.is_dir():
        return [folder] if folder.is_file() else []
    found = []
    for here, folders, names in os.walk(folder):
        # a download that is under way, or was ended, is no input yet
        folders[:] = sorted(f for f in set(folders) - IGNORED if not f.startswith(PARTIAL))
        found += [Path(here, name) for name in names if not name.endswith(".pyc")]
        if linked := next((Path(here, name) for name in folders if Path(here, name).is_symlink()), None):
            raise InputError("is a link to another folder", "Put the folder itself here.", file=linked)
    return sorted(found)


def hashes(root: Path, parts: Iterable[str]) -> Hashes:
    """Return the hash of every file in parts of a folder, by its path from there."""
    return {p.relative_to(root).as_posix(): sha256(p) for part in parts for p in files(root / part)}


def inputs(root: Path) -> Hashes:
    """Return the hash of everything a build can read: the project's files and this library."""
    return hashes(root, INPUTS) | hashes(PACKAGE.parent, [PACKAGE.name])


def library(known: Hashes) -> Hashes:
    """Return, of what `inputs` returned, the files of this library."""
    return {path: value for path, value in known.items() if path.startswith(f"{PACKAGE.name}/")}


def code_of(*paths: Path) -> str:
    """Return what stands for the code in these files, and for the packages it hands its work to, Pandoc among them."""
    return digest([environment(PACKAGE.parent), *map(sha256, paths)])


@cache
def environment(root: Path) -> dict[str, str]:
    """Return what is not in the project but decides its bytes: Python, machine, and the packages installed."""
    lock = root / "requirements.lock"
    return {
        "python": platform.python_version(),
        "machine": f"{sys.platform} {platform.machine()}",
        "lock": sha256(lock) if lock.is_file() else "",
        "packages": digest(installed(root)),
    }


def imports_of(notebook: Path) -> list[str]:
    """Return the import statements that stand free in a notebook's cells."""
    found: dict[str, None] = {}
    for code in code_cells(notebook):
        body = parsed(notebook, code).body
        found |= {ast.unparse(n): None for n in body if isinstance(n, ast.Import | ast.ImportFrom)}
    return list(found)


def _told_apart(notebook: Path) -> list[list[Any]]:
    """Return source and tags of every code cell; what is said around them is no part of a key."""
    return [[code.source, sorted(code.tags)] for code in code_cells(notebook)]


def rooms(statements: Iterable[str], library: Hashes) -> Hashes:
    """Return the hashes of the files of this library that these import statements can reach.

    Parameters
    ----------
    statements
        Python text, each with imports.
    library
        Hashes of all its files, by path ("osw_stats/...").

    Notes
    -----
    Imports inside functions count as well. A file that is no Python (a table, a style) counts with the modules
    of its folder.
    """
    reached: set[str] = set()
    todo = [name for text in statements for name in _imported(text)]
    while todo:
        name = todo.pop()
        for path in (f"{name.replace('.', '/')}.py", f"{name.replace('.', '/')}/__init__.py"):
            if path in library and path not in reached:
                reached.add(path)
                todo += _imports_in(path, library[path])
                todo += [name.rsplit(".", 1)[0]] if "." in name else []
    folders = {path.rsplit("/", 1)[0] for path in reached}
    with_code = {path.rsplit("/", 1)[0] for path in library if path.endswith(".py")}
    for path in library:
        if not path.endswith(".py"):
            folder = path.rsplit("/", 1)[0]
            while folder not in with_code and "/" in folder:
                folder = folder.rsplit("/", 1)[0]
            if folder in folders:
                reached.add(path)
    return {path: library[path] for path in sorted(reached)}


_parsed: dict[str, list[str]] = {}


def remember_imports(found: dict[str, list[str]] | None) -> None:
    """Take from an earlier build which imports a file of a known hash holds: parsing them all takes long."""
    _parsed.update(found or {})


def imports_to_remember(known: Hashes) -> dict[str, list[str]]:
    """Return what `remember_imports` may take next time, of the files there are."""
    return {value: _parsed[value] for value in sorted(set(known.values())) if value in _parsed}


def _imports_in(path: str, known: str) -> list[str]:
    if known not in _parsed:
        _parsed[known] = _imported((PACKAGE.parent / path).read_text(encoding="utf-8"))
    return _parsed[known]


def _imported(text: str) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    # `osw_stats.load` fetches the edition when it is called
    return [n for n in names if n.split(".")[0] == PACKAGE.name]


def named(root: Path, given: Mapping[str, Any]) -> list[Path]:
    """Return the files that parameters of a notebook name."""
    values = [value for value in given.values() if isinstance(value, str) and value]
    return [path for value in values if len(value) < 4096 and (path := root / value).is_file()]


def run_key(root: Path, notebook: Path, given: Mapping[str, Any], known: Hashes) -> str:
    """Return the key of one run: `given` its parameters, `known` what `inputs` returned."""
    year = given.get("edition", "")
    # the folder that notebooks run in may hold modules and settings for them
    places = ("data/raw/", "scenarios/", f"editions/{year}.", "notebooks/")
    data = {k: v for k, v in known.items() if k.startswith(places) and not k.endswith(".ipynb")}
    return digest(
        {
            "cells": _told_apart(notebook),
            "given": dict(given),
            "files": data | {str(path): sha256(path) for path in named(root, given)},
            "rooms": rooms([RUNNER, *imports_of(notebook)], library(known)),
            "environment": environment(root),
        }
    )


def facts_key(root: Path, year: int, known: Hashes, told: Mapping[str, str] | None = None) -> str:
    """Return the key of all that a report says but its fixed pages and the look of all.

    With `told`, hashes of what the runs gave, of the notebooks only their parameters are in it, which the
    manifest lists: other code that gives the same changes nothing after it.
    """
    # earlier editions count too: we compare with them
    modules = library(known)
    pages = {f"pages/{lang}/{p.stem}.qmd" for p in (root / "notebooks").glob("*.ipynb") for lang in LANGUAGES}
    kept = {k: v for k, v in known.items() if k not in modules and (k in pages or not PROSE.fullmatch(k))}
    look = f"{PACKAGE.name}/report/site/"  # what is no Python there decides no fact
    modules = {k: v for k, v in modules.items() if k.endswith(".py") or not k.startswith(look)}
    cells = {p: _told_apart(p) for p in sorted((root / "notebooks").glob("*.ipynb"))}
    reached = [f"import {PACKAGE.name}.report.facts"]
    if told is None:
        reached += [line for p in cells for line in imports_of(p)]
    else:
        cells = {p: [c for c in found if "parameters" in c[1]] for p, found in cells.items()}
    return digest(
        {
            "files": kept,
            "cells": {p.name: found for p, found in cells.items()},
            "told": dict(told or {}),
            "rooms": rooms(reached, modules),
            "environment": environment(root),
            "year": year,
        }
    )

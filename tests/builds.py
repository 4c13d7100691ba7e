"""Builds of a copy of the project, from outside: the command, its files and nothing else. One is shared by all who read it."""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.conftest import copy_project

MADE = ("_site", "figures", "data/processed")
BUILD = ("build", "--renderer", "pandoc")


def how(root: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return a command of the copy's own code, not of the installed one, and the environment it runs in."""
    return [sys.executable, "-u", "-m", "osw_stats", *arguments], os.environ | {"PYTHONPATH": str(root)}


def osw(root: Path, *arguments: str, before: tuple[str, ...] = (), **others: Any):
    """Run a command and return the finished process; `before` is a command that runs it."""
    line, env = how(root, *arguments)
    others = {"cwd": root, "env": env, "capture_output": True, "text": True} | others
    return subprocess.run([*before, *line], check=False, **others)


def build(root: Path, *arguments: str, **others: Any):
    """Build with Pandoc."""
    return osw(root, *BUILD, *arguments, **others)


def built(root: Path, *arguments: str, **others: Any) -> str:
    """Build with Pandoc, which goes well; return what was said."""
    done = build(root, *arguments, **others)
    assert done.returncode == 0, done.stderr
    return done.stdout


def hashes(root: Path, *parts: str) -> dict[str, str]:
    """Return the hash of every published file, or of those in some folders."""
    return {
        p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for part in parts or MADE
        for p in sorted((root / part).rglob("*"))
        if p.is_file()
    }


def waited(question, seconds=600):
    """Ask until the answer is yes, or the time is over; return the last answer."""
    end = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def shared(folder: Path) -> Path:
    """Return a copy of the project with the report of edition 2024: built by the first process that asks, to be read only."""
    root = folder / "project with space"
    output = root / "output.txt"
    with (folder / "building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.is_file():
            output.write_text(built(copy_project(root, until=2024)))
    return root

"""Build a copy of the project from outside, through its command and files only. Tests that only read share one build."""

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


def command_line(root: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return a command that runs the code of the copy, not the installed one, and its environment."""
    return [sys.executable, "-u", "-m", "osw_stats", *arguments], os.environ | {"PYTHONPATH": str(root)}


def osw(root: Path, *arguments: str, before: tuple[str, ...] = (), **others: Any):
    """Run a command and return the finished process; `before` is a wrapper command."""
    command, env = command_line(root, *arguments)
    others = {"cwd": root, "env": env, "capture_output": True, "text": True} | others
    return subprocess.run([*before, *command], check=False, **others)


def build(root: Path, *arguments: str, **others: Any):
    """Build with Pandoc."""
    return osw(root, *BUILD, *arguments, **others)


def built(root: Path, *arguments: str, **others: Any) -> str:
    """Build with Pandoc without an error; return the output."""
    process = build(root, *arguments, **others)
    assert process.returncode == 0, process.stderr
    return process.stdout


def hashes(root: Path, *parts: str) -> dict[str, str]:
    """Return the hash of every published file, or of the files in some folders."""
    return {
        p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for part in parts or MADE
        for p in sorted((root / part).rglob("*"))
        if p.is_file()
    }


def waited(condition, seconds=600):
    """Wait until a condition holds or the time is up; return its last value."""
    end = time.monotonic() + seconds
    while not (outcome := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return outcome


def shared(folder: Path) -> Path:
    """Return a copy of the project with the report of edition 2024, built by the first process; do not modify it."""
    root = folder / "project with space"
    output = root / "output.txt"
    with (folder / "building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.is_file():
            output.write_text(built(copy_project(root, until=2024)))
    return root

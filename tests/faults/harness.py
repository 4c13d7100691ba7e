"""Disturb builds of a copy of the project, from outside: the command, its signals, its files and nothing else.

Two variants of the project, A and B, differ in a cell of a notebook and in a page, so that an old and a new report
can be told apart. Undisturbed builds of both are made once; after every fault the report must be wholly one of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import copy_project

SEEDS = {"A": 20250321, "B": 7}
MADE = ("_site", "figures", "data/processed")
NOT_COMPARED = ("run.jsonl",)  # a log of what happened says when it happened


def variant(root: Path, name: str) -> None:
    """Turn the project into variant A or B: another seed in a cell of one notebook, another line on one page."""
    notebook = root / "notebooks" / "capacity_gap.ipynb"
    text = notebook.read_text(encoding="utf-8")
    cells, seeds = re.subn(r"run_seed = \d+", f"run_seed = {SEEDS[name]}", text)
    assert seeds == 1
    notebook.write_text(cells, encoding="utf-8")
    page = root / "pages" / "nl" / "quality.qmd"
    text = page.read_text(encoding="utf-8").removesuffix("\nProef.\n").rstrip("\n") + "\n"
    page.write_text(text + ("\nProef.\n" if name == "B" else ""), encoding="utf-8")


def command(root: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the build command of a copy and the environment it runs in: the copy's own code."""
    line = [sys.executable, "-m", "osw_stats", "build", "--renderer", "pandoc", *arguments]
    return line, os.environ | {"PYTHONPATH": str(root)}


def build(root: Path, *arguments: str, env: dict[str, str] | None = None, before: tuple[str, ...] = ()):
    """Build and return the finished process; `before` is a command that runs the build."""
    line, usual = command(root, *arguments)
    how = {"cwd": root, "env": usual if env is None else env, "capture_output": True, "text": True}
    return subprocess.run([*before, *line], check=False, **how)


def killed(root: Path, after: float, *, whole_group: bool) -> bool:
    """Start a build and kill -9 it, alone or with its kernels, after so many seconds; say whether it was still busy."""
    line, env = command(root)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(line, cwd=root, env=env, start_new_session=True, **quiet) as process:
        try:
            process.wait(after)
            return False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL) if whole_group else process.kill()
            process.wait()
            return True
        finally:  # orphaned kernels get a moment to notice, then what is left of them is ended
            end = time.monotonic() + 60
            with contextlib.suppress(ProcessLookupError):
                while time.monotonic() < end:
                    os.killpg(process.pid, 0)
                    time.sleep(0.2)
                os.killpg(process.pid, signal.SIGKILL)


def state(root: Path) -> dict[str, dict[str, str]]:
    """Return the hash of every published file, by folder."""
    return {
        part: {
            p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted((root / part).rglob("*"))
            if p.is_file() and p.name not in NOT_COMPARED
        }
        for part in MADE
    }


class Bench:
    """A copy of the project with the reports that undisturbed builds make of its two variants."""

    def __init__(self, folder: Path) -> None:
        self.root = copy_project(folder / "project", until=2024)
        self.wanted: dict[str, dict[str, dict[str, str]]] = {}
        self.seconds: dict[str, float] = {}
        for name in ("B", "A"):  # the copy is left with report A
            variant(self.root, name)
            start = time.monotonic()
            done = build(self.root)
            assert done.returncode == 0, done.stderr
            self.seconds[name] = time.monotonic() - start
            self.wanted[name] = state(self.root)
        assert self.wanted["A"]["_site"] != self.wanted["B"]["_site"]

    def whole(self) -> bool:
        """Say whether every published folder is wholly of one report."""
        now = state(self.root)
        return all(now[part] in (self.wanted["A"][part], self.wanted["B"][part]) for part in MADE)

    def is_report(self, name: str) -> bool:
        """Say whether what is published is to the byte what an undisturbed build of a variant makes."""
        return state(self.root) == self.wanted[name]

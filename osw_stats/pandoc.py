"""Pandoc as its wheel carries it: no other one of the path, and nothing of the user's home or environment."""

import importlib.util
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def program() -> Path:
    """Return the program in the wheel."""
    wheel = importlib.util.find_spec("pypandoc")  # found without importing it, which looks for others as well
    assert wheel is not None and wheel.origin is not None  # the lock file holds it  # noqa: S101
    return Path(wheel.origin).parent / "files" / "pandoc"


def command(arguments: Sequence[str], *, runtime: Sequence[str] = ()) -> list[str]:
    """Return the command line that gives Pandoc these arguments, and these to the runtime it is built with."""
    rts = ["+RTS", *runtime, "-RTS"] if runtime else []
    return [str(program()), *rts, f"--data-dir={program().parent}", *arguments]


def environment() -> dict[str, str]:
    """Return the environment that Pandoc runs in: no templates, reference files and settings of the user."""
    return {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PATH": "", "HOME": str(program().parent)}


def run(arguments: Sequence[str], text: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run Pandoc on a text."""
    return subprocess.run(  # noqa: S603 - the wheel's own program, no shell
        command(arguments), input=text.encode(), capture_output=True, env=environment(), check=False
    )


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what Pandoc complained of."""
    return done.stderr.decode("utf-8", errors="replace").strip()

"""Render a staged project with Quarto, where it is on the path."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from osw_stats.errors import OswError


def available() -> bool:
    """Return whether Quarto is on the path."""
    return shutil.which("quarto") is not None


def render(staged: Path, language: str, out: Path) -> list[str]:
    """Render every page of `staged` into `out` and return the names of the pages."""
    quarto = shutil.which("quarto")
    if quarto is None:
        raise OswError("Quarto is not on the path. Install it, or use --renderer pandoc.")
    command = [quarto, "render", str(staged), "--profile", language, "--output-dir", str(out.resolve())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-15:])
        raise OswError(f"Quarto failed on the {language} pages; --renderer pandoc works without it.\n{tail}")
    return sorted(p.stem for p in staged.glob("*.qmd"))

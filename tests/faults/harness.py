"""Disturb builds of a copy of the project, from outside: the command, its signals, its files and nothing else.

Two variants of the project, A and B, differ in a cell of a notebook and in a page, so that an old and a new report
can be told apart. A is the project as it is; after every fault the report must be wholly one of them.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.builds import BUILD, MADE, built, hashes, how, waited

SEEDS = {"A": 20250321, "B": 7}


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


def killed(root: Path, phase: str, after: float, *, whole_group: bool) -> None:
    """Make everything anew; so many seconds after a phase began, kill -9 the build, alone or with its kernels."""
    line, env = how(root, *BUILD, "--force")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(line, cwd=root, env=env, start_new_session=True, **streams) as process:
        next(said for said in process.stdout if said.startswith(phase))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if whole_group else process.kill()
            process.wait()
            # orphaned kernels get a moment to notice, then what is left of them is ended
            waited(lambda: os.killpg(process.pid, 0), 60)
            os.killpg(process.pid, signal.SIGKILL)


class Bench:
    """A copy of the project with report A, and what undisturbed builds make of both variants."""

    def __init__(self, report: Path, root: Path) -> None:
        self.root = Path(shutil.copytree(report, root))
        self.wanted = {"A": hashes(self.root)}
        variant(self.root, "B")
        start = time.monotonic()
        built(self.root)
        self.seconds = time.monotonic() - start
        self.wanted["B"] = hashes(self.root)
        assert self.wanted["A"]["_site/quality.html"] != self.wanted["B"]["_site/quality.html"]

    def whole(self) -> bool:
        """Say whether every published folder is wholly of one report."""

        def of(wanted: dict[str, str], part: str) -> dict[str, str]:
            return {path: known for path, known in wanted.items() if path.startswith(f"{part}/")}

        reports = self.wanted.values()
        return all(hashes(self.root, part) in [of(report, part) for report in reports] for part in MADE)

    def other(self) -> str:
        """Turn the project into the variant whose report is not the published one; return its name."""
        name = "B" if self.is_report("A") else "A"
        variant(self.root, name)
        return name

    def is_report(self, name: str) -> bool:
        """Say whether what is published is to the byte what an undisturbed build of a variant makes."""
        return hashes(self.root) == self.wanted[name]

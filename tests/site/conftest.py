"""The whole report, built once for all tests that read it, and the browser they read it in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import copy_project

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "The pages must be tested in a real browser and none was found. Run `make browser` (as root it installs "
    "Debian's Chromium, else Playwright's), or put a Chromium on the path."
)


def build(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the copy's own code, not the installed one."""
    return subprocess.run(
        [sys.executable, "-m", "osw_stats", "build", "--renderer", "pandoc", *arguments],
        cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Path:
    """Build a clean copy; `OSW_BUILT` names a project that is built already, for work on the pages."""
    if os.environ.get("OSW_BUILT"):
        return Path(os.environ["OSW_BUILT"])
    root = copy_project(tmp_path_factory.mktemp("clean") / "project with space", until=2024)
    done = build(root)
    assert done.returncode == 0, done.stderr
    (root / "output.txt").write_text(done.stdout)
    return root


@pytest.fixture(scope="module")
def browser():
    """A Chromium: the one on the path, else Playwright's own; without one the test fails, it never skips."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = next((b for b in map(shutil.which, NAMES) if b), None)
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail(HOW)
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()

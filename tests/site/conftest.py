"""The whole report, built once for all tests that read it; staged projects of one page; the browser they are read in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from osw_stats.publish.site import pandoc
from osw_stats.publish.site.stage import settings
from tests.conftest import PROJECT, copy_project

FOLDERS = {"nl": "", "en": "en/"}  # of the site, by language
CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RULES = {  # of axe
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
HOW = (
    "The pages must be tested in a real browser and none was found. Run `make browser` (as root it installs "
    "Debian's Chromium, else Playwright's), or put a Chromium on the path."
)


def osw(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the copy's own code, not the installed one."""
    environment = os.environ | {"PYTHONPATH": str(root)} | variables
    command = [sys.executable, "-m", "osw_stats", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def build(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return osw(root, "build", "--renderer", "pandoc", *arguments)


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_of(root: Path, name: str, language: str = "nl") -> BeautifulSoup:
    """Return a page of a built project."""
    return read(root / "_site" / FOLDERS[language] / f"{name}.html")


def render(folder: Path, language: str = "nl", figures: dict[str, str] | None = None, **pages: str) -> Path:
    """Stage pages by name, render them and return the folder of the site."""
    settings(PROJECT, folder / "staged")
    for name, text in pages.items():
        (folder / "staged" / f"{name}.qmd").write_text(text, encoding="utf-8")
    (folder / "staged" / "figures").mkdir()
    for name, svg in (figures or {}).items():
        (folder / "staged" / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    pandoc.render(folder / "staged", language, folder / "out")
    return folder / "out"


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


@pytest.fixture
def view(browser):
    """A page of the browser in which no script may fail and nothing may be asked of anybody."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors, requests = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    yield page
    assert errors == []
    assert all(url.startswith("file:") for url in requests)
    page.close()

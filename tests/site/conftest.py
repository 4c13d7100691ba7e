"""Staged projects of one page, and the browser that pages are read in."""

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from osw_stats.publish.site import pandoc
from osw_stats.publish.site.stage import settings
from tests.cases import beside
from tests.conftest import PROJECT

FOLDERS = {"nl": "", "en": "en/"}  # of the site, by language
CASES, PROBES = (beside(__file__, f"{name}.yml") for name in ("cases", "probes"))
DESK = {"width": 1280, "height": 900}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RULES = PROBES["axe"]


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_of(root: Path, name: str, language: str = "nl") -> BeautifulSoup:
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


@pytest.fixture
def quarto_fails(tmp_path, monkeypatch):
    """A stand-in for Quarto on the path: it notes in this file what it was asked, and fails."""
    log, program = tmp_path / "called", tmp_path / "quarto"
    program.write_text(f'#!/bin/sh\necho "$@" > "{log}"\necho "broken page" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return log


@pytest.fixture(scope="session")
def site(report) -> Path:
    return report / "_site"


@pytest.fixture(scope="module")
def browser():
    """A Chromium: the one on the path, else Playwright's own; without one the test fails, it never skips."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = next((b for b in map(shutil.which, NAMES) if b), None)
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail(PROBES["no_browser"])
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def view(browser):
    """A page of the browser in which no script may fail and nothing may be asked of anybody."""
    page = browser.new_page(viewport=DESK)
    errors, requests = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    yield page
    assert errors == [] and all(url.startswith("file:") for url in requests)
    page.close()


@pytest.fixture
def opened(site, view):
    """Return a function that opens a page of the report, and comes back when its pictures are there."""

    def open_page(name, size=DESK, query=""):
        view.set_viewport_size(size)
        view.goto((site / f"{name}.html").as_uri() + query)
        view.wait_for_function(PROBES["loaded"])
        return view

    return open_page

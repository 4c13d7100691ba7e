"""Assemble the source of a site in one language: plain pages that both renderers read.

A staged folder is a complete Quarto project without code to execute: `_quarto.yml`, its
language profile, one `.qmd` a page, the figures and the downloads.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from osw_stats.errors import OswError
from osw_stats.report.editions import Edition
from osw_stats.report.graph.store import Store
from osw_stats.report.harvest import Item, Page
from osw_stats.report.site import dialect, figures

ASSETS = ("site.css", "what_if.js", "search.js", "tables.js", "highlight.js")  # what every page may use
CONFIG = ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml")
RERUN = {
    "nl": (
        "## Zelf draaien\n\nDeze pagina is het notebook [{name}.ipynb]({data}notebooks/{name}.ipynb). Zo draait u het opnieuw:\n\n"
        "```bash\n.venv/bin/osw run {name} -p edition {year} -p language nl\n```\n"
    ),
    "en": (
        "## Run it yourself\n\nThis page is the notebook [{name}.ipynb]({data}notebooks/{name}.ipynb). To run it again:\n\n"
        "```bash\n.venv/bin/osw run {name} -p edition {year} -p language en\n```\n"
    ),
}
TITLE = re.compile(r"^# (.+?)(?: \{.*\})?$", flags=re.MULTILINE)


def stage(
    root: Path,
    edition: Edition,
    pages: dict[str, Page],
    generated: dict[str, str],
    language: str,
    out: Path,
) -> None:
    """Write the staged project of one language to `out`; `finish` adds what lists other files.

    Parameters
    ----------
    root
        The project folder, with the fixed pages and the notebooks.
    edition, pages
        The edition and the pages of its notebooks, by name.
    generated
        The files made from tables and results (`report.generated`), by path.
    """
    settings(root, out)
    (out / "figures").mkdir()
    data = f"{edition.to_root(language)}data/"
    if language == edition.languages[0]:
        (out / "data" / "notebooks").mkdir(parents=True)
        for name in pages:
            shutil.copyfile(
                root / "notebooks" / f"{name}.ipynb", out / "data" / "notebooks" / f"{name}.ipynb"
            )
    later = dict.fromkeys(("_data.md", "_files.md", "_search.md"), "")  # they list what is made after this
    for path, text in (later | generated).items():
        _write(out / path, text)
    for fixed in sorted((root / "pages" / language).glob("*.qmd")):
        if fixed.stem not in pages:
            shutil.copyfile(fixed, out / fixed.name)
    for name, page in pages.items():
        text = page_text(page, out / "figures", paged=True)
        rerun = RERUN[language].format(name=name, year=edition.year, data=data)
        _write(out / f"{name}.qmd", text + "\n" + rerun)


def settings(root: Path, out: Path) -> None:
    """Make the folder of a staged project, with the settings, styles and scripts that every one has."""
    out.mkdir(parents=True)
    for name in CONFIG:
        shutil.copyfile(root / name, out / name)
    for name in ASSETS:
        shutil.copyfile(Path(__file__).with_name(name), out / name)


def announce(out: Path, language: str, text: str) -> None:
    """Let every page of a staged project say something on top, as Quarto's own setting does; `text` is Markdown."""
    profile = out / f"_quarto-{language}.yml"
    settings: Any = yaml.safe_load(profile.read_text(encoding="utf-8"))
    settings.setdefault("website", {})["announcement"] = {"content": text, "dismissable": False}
    _write(profile, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))


def finish(out: Path, store: Store | None = None) -> None:
    """Write the list of pages of a staged project, when all of them are there, and check its pages."""
    _write(out / "_search.md", _all_pages(out))
    dialect.require(out, store)


def _all_pages(folder: Path) -> str:
    """Return the list of all pages by title, for who does not search."""
    found = []
    for path in folder.glob("*.qmd"):
        title = TITLE.search(path.read_text(encoding="utf-8"))
        found.append(
            (path.stem.startswith(("figure-", "sources-")), title[1] if title else path.stem, path.name)
        )
    return "\n".join(f"- [{title}]({name})" for _, title, name in sorted(found)) + "\n"


def page_text(page: Page, folder: Path, *, paged: bool = False) -> str:
    """Return the Markdown of a page; figures go to `folder`. `paged` says that every figure has a page of its own."""
    parts = [
        part
        if isinstance(part, str)
        else _figure(part, folder, paged)
        if part.kind == "figure"
        else _text(part)
        for part in page.parts
    ]
    return "\n\n".join(parts) + "\n"


def _figure(told: Item, folder: Path, paged: bool) -> str:
    """Write the files of a figure and return the Markdown that shows it."""
    figures.write_files(told, folder)
    return figures.image(told) + "\n\n" + figures.links(told, told.facts["language"], paged=paged)


def _text(told: Item) -> str:
    text = told.data["text/markdown"]
    return text if isinstance(text, str) else "".join(text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def include(text: str, folder: Path) -> str:
    """Carry out the include shortcodes of a page, as Quarto does.

    Raises
    ------
    OswError
        If the file named is not in the staged folder.
    """

    def replace(found: re.Match[str]) -> str:
        path = folder / found[1]
        if path.parent != folder or not path.is_file():
            raise OswError(f"pages: {found[0]} names a file that is not there. Mend the page.")
        return path.read_text(encoding="utf-8")

    return re.sub(r"\{\{<\s*include\s+(\S+)\s*>\}\}", replace, text)

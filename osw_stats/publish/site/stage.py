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

from osw_stats.data.editions import Edition
from osw_stats.errors import OswError
from osw_stats.kept.store import Store
from osw_stats.publish.contents import Item, Page
from osw_stats.publish.site import dialect, figures
from osw_stats.publish.site.markdown import words

ASSETS = ("site.css", "what_if.js", "search.js", "tables.js", "highlight.js")  # what every page may use
CONFIG = ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml")
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

    `pages` are those of the notebooks, by name; `generated` holds the text of all other files made
    from tables and results, by path.
    """
    settings(root, out)
    (out / "figures").mkdir()
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
    data, rerun = f"{edition.to_root(language)}data/", words("rerun", language)["text"]
    for name, page in pages.items():
        text = page_text(page, out / "figures", paged=True)
        _write(out / f"{name}.qmd", text + "\n" + rerun.format(name=name, year=edition.year, data=data))


def settings(root: Path, out: Path) -> None:
    """Make the folder of a staged project, with the settings, styles and scripts that every one has."""
    out.mkdir(parents=True)
    for path in (*(root / name for name in CONFIG), *(Path(__file__).with_name(name) for name in ASSETS)):
        shutil.copyfile(path, out / path.name)


def announce(out: Path, language: str, text: str) -> None:
    """Let every page of a staged project say something on top, as Quarto's own setting does; `text` is Markdown."""
    profile = out / f"_quarto-{language}.yml"
    settings: Any = yaml.safe_load(profile.read_text(encoding="utf-8"))
    settings.setdefault("website", {})["announcement"] = {"content": text, "dismissable": False}
    _write(profile, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))


def finish(out: Path, store: Store | None = None) -> None:
    """Write the list of all pages by title, for who does not search, when all of them are there; check the pages."""
    entries = []
    for path in out.glob("*.qmd"):
        title = TITLE.search(path.read_text(encoding="utf-8"))
        last = path.stem.startswith(("figure-", "sources-"))
        entries.append((last, title[1] if title else path.stem, path.name))
    _write(out / "_search.md", "\n".join(f"- [{title}]({name})" for _, title, name in sorted(entries)) + "\n")
    dialect.require(out, store)


def page_text(page: Page, folder: Path, *, paged: bool = False) -> str:
    """Return the Markdown of a page; figures go to `folder`. `paged`: every figure has a page of its own."""
    parts = (part if isinstance(part, str) else _text(part, folder, paged) for part in page.parts)
    return "\n\n".join(parts) + "\n"


def _text(item: Item, folder: Path, paged: bool) -> str:
    """Return the Markdown of what a page says on purpose, and write the files of a figure."""
    if item.kind == "figure":
        figures.write_files(item, folder)
        return figures.image(item) + "\n\n" + figures.links(item, item.facts["language"], paged=paged)
    text = item.data["text/markdown"]
    return text if isinstance(text, str) else "".join(text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def include(text: str, folder: Path) -> str:
    """Carry out the include shortcodes of a page, as Quarto does."""

    def replace(found: re.Match[str]) -> str:
        path = folder / found[1]
        if path.parent != folder or not path.is_file():
            raise OswError(f"pages: {found[0]} names a file that is not there. Mend the page.")
        return path.read_text(encoding="utf-8")

    return re.sub(r"\{\{<\s*include\s+(\S+)\s*>\}\}", replace, text)

"""Assemble the source of a site in one language: plain pages for both renderers.

A staged folder is a complete Quarto project without code to execute: `_quarto.yml`, its
language profile, one `.qmd` a page, the figures and the downloads.
"""

import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from osw_stats.data.editions import Edition
from osw_stats.errors import OswError
from osw_stats.kept.store import Store
from osw_stats.publish.contents import Page, whole_page
from osw_stats.publish.site import dialect, figures, headlines
from osw_stats.publish.site.markdown import words

ASSETS = ("site.css", "what_if.js", "search.js", "tables.js", "highlight.js")  # files that any page may use
CONFIG = ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml")
LATER = ("_data.md", "_files.md", "_search.md")  # they list files that do not exist yet when pages are staged
TITLE = re.compile(r"^# (.+?)(?: \{.*\})?$", flags=re.MULTILINE)


def stage(
    root: Path, edition: Edition, pages: dict[str, Page], generated: dict[str, str], language: str, out: Path
) -> None:
    """Write the staged project of one language to `out`; `finish` adds the lists of other files."""
    # `pages` are those of the notebooks, by name; `generated` holds the text of all other files made from
    # tables and results, by path.
    settings(root, out)
    (out / "figures").mkdir()
    if language == edition.languages[0]:
        (out / "data" / "notebooks").mkdir(parents=True)
        for notebook in {f"notebooks/{page.notebook}.ipynb" for page in pages.values() if page.notebook}:
            shutil.copyfile(root / notebook, out / "data" / notebook)
    lay_out(root, pages, dict.fromkeys(LATER, "") | generated, language, out)
    data, rerun = f"{edition.to_root(language)}data/", words("rerun", language)["text"]
    for name, page in pages.items():
        text = page_text(page, out / "figures", paged=True)
        if page.notebook and name == whole_page(root, page.notebook):
            text += "\n" + rerun.format(name=page.notebook, year=edition.year, data=data)
        (out / f"{name}.qmd").write_bytes(text.encode())


def lay_out(
    root: Path, result_pages: Collection[str], generated: Mapping[str, str], language: str, out: Path
) -> None:
    """Write the pages other than `result_pages`: the generated ones, by path, and the fixed ones."""
    for path, text in generated.items():
        (out / path).write_bytes(text.encode())
    for fixed in sorted((root / "pages" / language).glob("*.qmd")):
        if fixed.stem not in result_pages:
            shutil.copyfile(fixed, out / fixed.name)


def settings(root: Path, out: Path) -> None:
    """Create the folder of a staged project, with the common settings, styles and scripts."""
    out.mkdir(parents=True)
    for path in (*(root / name for name in CONFIG), *(Path(__file__).with_name(name) for name in ASSETS)):
        shutil.copyfile(path, out / path.name)


def announce(out: Path, language: str, text: str) -> None:
    """Show an announcement on every page of a staged project, by Quarto's own setting; `text` is Markdown."""
    profile = out / f"_quarto-{language}.yml"
    settings: Any = yaml.safe_load(profile.read_text(encoding="utf-8"))
    settings.setdefault("website", {})["announcement"] = {"content": text, "dismissable": False}
    profile.write_bytes(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False).encode())


def finish(out: Path, store: Store | None = None) -> None:
    """Write the list of all pages by title, for readers who do not search, once all exist; check the pages."""
    entries = []
    for path in out.glob("*.qmd"):
        title = TITLE.search(path.read_text(encoding="utf-8"))
        last = path.stem.startswith(("figure-", "sources-"))
        entries.append((last, title[1] if title else path.stem, path.name))
    listed = "".join(f"- [{title}]({name})\n" for _, title, name in sorted(entries))
    (out / "_search.md").write_bytes(listed.encode())
    dialect.require(out, store)


def page_text(page: Page, folder: Path, *, paged: bool = False) -> str:
    """Return the Markdown of a page; figures go to `folder`. `paged`: every figure has a page of its own."""
    texts = []
    for part in page.parts:
        if isinstance(part, str):
            texts.append(part)
        elif paged and headlines.traced(part, page):
            headline = headlines.linked(part, page)
            texts.append(f"::: {{.answer}}\n{headline}\n:::" if part.facts["headline"] else headline)
        elif part.kind == "picture":
            (folder / f"{part.name}.svg").write_bytes(part.data["image/svg+xml"].encode())
            texts.append(figures.picture(part))
        elif part.kind == "figure":
            for name, content in figures.files(part).items():
                (folder / name).write_bytes(content)
            texts += [figures.image(part), figures.links(part, part.facts["language"], paged=paged)]
        else:
            texts.append(part.data["text/markdown"])
    return "\n\n".join(texts) + "\n"


def include(text: str, folder: Path) -> str:
    """Carry out the include shortcodes of a page, as Quarto does."""

    def replace(shortcode: re.Match[str]) -> str:
        path = folder / shortcode[1]
        if path.parent != folder or not path.is_file():
            raise OswError(f"pages: {shortcode[0]} names a file that is not there. Mend the page.")
        return path.read_text(encoding="utf-8")

    return re.sub(r"\{\{<\s*include\s+(\S+)\s*>\}\}", replace, text)

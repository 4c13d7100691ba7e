"""The page of one notebook that somebody ran with parameters of their own."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from osw_stats.report.harvest import Notebook, items
from osw_stats.report.site import pandoc
from osw_stats.report.site.stage import page_text, settings


def own_page(root: Path, name: str, notebook: Notebook, out: Path) -> Path | None:
    """Write the page of an executed notebook beside it; return the file, None where it told nothing.

    Parameters
    ----------
    root
        Project folder.
    name
        The notebook's name.
    notebook
        The executed notebook; its language is that of what it tells.
    out
        Folder for the page, its figures and its style.
    """
    told = next(items(notebook), None)
    if told is None:
        return None
    language = told.facts["language"]
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / "staged"
        settings(root, staged)
        (staged / "figures").mkdir()
        (staged / f"{name}.qmd").write_text(
            page_text(notebook, language, staged / "figures"), encoding="utf-8"
        )
        made = Path(folder) / "made"
        pandoc.render(staged, language, made, alone=True)
        page = made / f"{name}.html"
        page.write_text(_to_site(page.read_text(encoding="utf-8"), root, language), encoding="utf-8")
        shutil.copytree(made, out, dirs_exist_ok=True)
    return out / f"{name}.html"


def _to_site(text: str, root: Path, language: str) -> str:
    """Let links to other pages lead to the site, where the page of one's own has no neighbours."""
    site = (root / "_site" if language == "nl" else root / "_site" / language).resolve()
    return re.sub(
        r'href="((?:\.\./|en/)?[a-z_]+\.html)(#[^"]*)?"',
        lambda found: f'href="{(site / found[1]).resolve().as_uri()}{found[2] or ""}"', text,
    )  # fmt: skip

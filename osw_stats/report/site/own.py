"""What somebody gets who ran one notebook with parameters of their own: the executed notebook and its page."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osw_stats.errors import InputError
from osw_stats.report.graph.lock import alone
from osw_stats.report.harvest import Page
from osw_stats.report.site import pandoc
from osw_stats.report.site.stage import page_text, settings

# folders whose files are the project's own; build/own is for runs
PROJECT = (
    "_site", "benchmarks", "build", "data", "docs", "editions", "figures", "notebooks", "osw_stats", "pages", "scenarios",
    "tests",
)  # fmt: skip


@contextmanager
def own_output(root: Path, name: str, given: Path | None) -> Iterator[Path]:
    """Yield where a run of the notebook `name` writes, for as long as it does; no other run writes there.

    Raises
    ------
    InputError
        If another run writes to the file that was given, or it would replace something that is no such run.
    """
    if given is not None:
        path = _free(root, given)
        with alone(root, path) as mine:
            if not mine:
                raise InputError("another run writes to this file now", "Wait for it, or give another name.", column="--output", value=given)  # fmt: skip
            yield path
        return
    number = 1
    while True:
        path = _free(
            root, root / "build" / "own" / (f"{name}.ipynb" if number == 1 else f"{name}-{number}.ipynb")
        )
        with alone(root, path) as mine:
            if mine:
                yield path
                return
        number += 1


def _free(root: Path, given: Path) -> Path:
    """Return the real path of a file that a run may write: new, or a run from before."""
    try:
        path = given.resolve()
    except RuntimeError:
        raise InputError(
            "is a link that leads to itself", "Take the link away.", column="--output", value=given
        ) from None
    parts = path.relative_to(root.resolve()).parts if path.is_relative_to(root.resolve()) else None
    own = parts is not None and parts[:2] == ("build", "own")
    if parts is not None and not own and (not parts or parts[0] in PROJECT or parts[0][0] == "."):
        raise InputError(
            "belongs to the project, so no run may write there", "Leave --output out, or name a folder of your own.",
            column="--output", value=given,
        )  # fmt: skip
    if path.exists() and not _is_run(path):
        raise InputError(
            "is there and is no executed notebook, so it is not replaced", "Give a new name that ends in .ipynb.",
            column="--output", value=given,
        )  # fmt: skip
    if path.suffix != ".ipynb":
        raise InputError(
            "does not end in .ipynb",
            "Its page takes the same name with .html.",
            column="--output",
            value=given,
        )
    page = path.with_suffix(".html")
    if not own and page.exists() and not path.exists():
        raise InputError(
            f"is given a page {page.name}, and that is there already",
            "Give another name.",
            column="--output",
            value=given,
        )
    return path


def _is_run(path: Path) -> bool:
    try:
        told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and "papermill" in (told.get("metadata") or ())


def own_page(root: Path, page: Page, output: Path) -> Path:
    """Write the page of an executed notebook beside it; return the file.

    Parameters
    ----------
    root
        Project folder.
    page
        What the notebook computed, told in one language.
    output
        Where the executed notebook stands; its name is that of the page and, outside the usual place, of the folder of
        figures, so that runs in one folder keep apart.
    """
    name, language, stem, out = page.name, page.language, output.stem, output.parent
    usual = out == (root / "build" / "own").resolve() and stem == name
    figures = "figures" if usual else f"{stem}-figures"
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / "staged"
        settings(root, staged)
        (staged / "figures").mkdir()
        (staged / f"{name}.qmd").write_text(page_text(page, staged / "figures"), encoding="utf-8")
        made = Path(folder) / "made"
        pandoc.render(staged, language, made, alone=True)
        html = made / f"{name}.html"
        text = _to_site(html.read_text(encoding="utf-8"), root, language)
        html.write_text(re.sub(r'((?:src|srcset|href)=")figures/', rf"\1{figures}/", text), encoding="utf-8")
        renamed = {f"{name}.html": Path(f"{stem}.html")}
        for path in sorted(p for p in made.rglob("*") if p.is_file()):
            place = path.relative_to(made)
            inner = Path(figures, *place.parts[1:]) if place.parts[0] == "figures" else place
            _put(out, renamed.get(str(place), inner), path.read_bytes())
    return out / f"{stem}.html"


def _put(out: Path, place: Path, body: bytes) -> None:
    """Write a file of a page, never through a link."""
    target = out / place
    if target.is_symlink() or target.resolve() != out.resolve() / place:
        raise InputError(
            "is a link to another place", "Take the link away, or give another --output.", file=target
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")  # another run may write the same style now
    beside.write_bytes(body)
    beside.replace(target)


def _to_site(text: str, root: Path, language: str) -> str:
    """Let links to other pages lead to the site, where the page of one's own has no neighbours."""
    site = (root / "_site" if language == "nl" else root / "_site" / language).resolve()
    return re.sub(
        r'href="((?:\.\./|en/)?[a-z_]+\.html)(#[^"]*)?"',
        lambda found: f'href="{(site / found[1]).resolve().as_uri()}{found[2] or ""}"', text,
    )  # fmt: skip

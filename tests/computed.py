"""What a notebook computes, in this process: its cells carried out one by one, drawings left out."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from osw_stats.report.pages.render import render

from osw_stats.report.code_cells import code_cells
from osw_stats.report.edition import Tables, load_tables
from osw_stats.report.harvest import Item, Page, items
from osw_stats.results import report as reports
from osw_stats.results.cells import REPORT
from osw_stats.results.collected import Results


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    before, path = Path.cwd(), list(sys.path)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path


def computed(root: Path, name: str, **parameters: object) -> Results:
    """Carry out the code cells of a notebook with these parameters, and return what it registered."""
    space: dict[str, Any] = {"__name__": "__main__"}
    path = root / "notebooks" / f"{name}.ipynb"
    with pytest.MonkeyPatch.context() as patch, _in_folder(root / "notebooks"):
        patch.setattr(reports, "svg_text", lambda _figure: "<svg/>")
        patch.setattr(reports, "png", lambda _drawing: b"")
        for cell in code_cells(path):
            tree: Any = ast.parse(cell.source)
            if REPORT in space:  # as in a kernel: a cell that misses a figure skips itself
                tree = space[REPORT].skipping.visit(tree)
                space["_osw_guard"] = space[REPORT].skipping.guard
            exec(compile(tree, f"{name}.ipynb, cell {cell.cell}", "exec"), space)
            if "parameters" in cell.tags:
                space |= parameters
    return Results().take(space[REPORT].sent)


def page(
    root: Path, name: str, language: str = "nl", tables: Tables | None = None, **parameters: Any
) -> Page:
    """Return the page of a notebook that was carried out with these parameters."""
    year = parameters.get("edition")
    return render(root, name, language, computed(root, name, **parameters), tables or load_tables(year, root))


def by_name(found: Page) -> dict[tuple[str, str], Item]:
    """Return what a page says by kind and name."""
    return {(item.kind, item.name): item for item in items(found)}

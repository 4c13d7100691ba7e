"""Run the cells of a notebook one by one in this process, without drawings, and collect its results."""

import ast
import copy
import sys
from dataclasses import replace
from functools import lru_cache

import pandas as pd
import pytest

import osw_stats
from osw_stats.kept.code_cells import code_cells
from osw_stats.project import LANGUAGES
from osw_stats.publish import own_claims
from osw_stats.publish.contents import items, page_names, whole_page
from osw_stats.publish.pages import standard
from osw_stats.publish.pages.render import render
from osw_stats.results import drawn
from osw_stats.results import report as reports
from osw_stats.results.collected import Results


def computed(root, name, *, tables=None, drawing=lambda _: "<svg/>", errors=None, **parameters):
    """Run the code cells of a notebook with these parameters, and return the results it registered.

    `tables` replace those on disk; `drawing` returns a substitute for a drawing, and with None nothing is drawn;
    with `errors` the error of a failing cell is collected there and the other cells still run.
    """
    namespace, results = {"__name__": "__main__"}, Results()
    if tables is not None:
        parameters = {"edition": tables.edition.year} | parameters
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(sys.path))
        patch.chdir(root / "notebooks")
        patch.setattr(drawn, "svg_text", drawing)
        patch.setattr(drawn, "png", lambda *_, **__: b"")
        if drawing is None:
            patch.setattr(reports.Report, "_draw", lambda *_, **__: None)
        if tables is not None:
            patch.setattr(osw_stats, "load", lambda *_, **__: _copy(tables))
        for cell, code, tree in _cells(root / "notebooks" / f"{name}.ipynb"):
            sent = len(namespace["report"].sent) if "report" in namespace else 0
            try:
                _execute(code, tree, namespace)
            except Exception as error:
                if errors is None:
                    raise
                errors.append(error)
            if "parameters" in cell.tags:
                namespace |= parameters
                results.parameters = cell.source
            if "report" in namespace:
                results.take(namespace["report"].sent[sent:], cell.source)
    return results


def _execute(code, tree, namespace):
    if "report" not in namespace:
        exec(code, namespace)
        return
    skipping = namespace["report"].skipping  # as in a kernel: a cell that lacks a figure skips itself
    namespace["_osw_guard"] = skipping.guard
    exec(compile(skipping.visit(copy.deepcopy(tree)), code.co_filename, "exec"), namespace)


@lru_cache(maxsize=16)
def _cells(path):
    cells = []
    for cell in code_cells(path):
        name = f"{path.name}, cell {cell.cell}"
        cells.append((cell, compile(cell.source, name, "exec"), ast.parse(cell.source, name)))
    return cells


def _copy(tables):
    frames = {k: v.copy() for k, v in vars(tables).items() if isinstance(v, pd.DataFrame)}
    return replace(tables, **frames)


def passed(root, name, results, tables):
    """Return the pages of results by language, after the checks of a build.

    Every number in a sentence comes from its arguments, and the reporting standard is met.
    """
    names = page_names(root, name)
    pages = {(n, lang): render(root, n, lang, results, tables) for n in names for lang in LANGUAGES}
    own_claims.require(own_claims.own_claims(pages, tables))
    standard.require(pages)
    return {language: pages[whole_page(root, name), language] for language in LANGUAGES}


def results_and_items(root, name, tables, **parameters):
    """Return the results of a notebook, and the items of its pages by language, kind and name."""
    results = computed(root, name, tables=tables, **parameters)
    pages = passed(root, name, results, tables)
    return results, {language: items_by_name(page) for language, page in pages.items()}


def items_by_name(page):
    """Return the items of a page by kind and name."""
    return {(item.kind, item.name): item for item in items(page)}

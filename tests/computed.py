"""What a notebook computes, in this process: its cells carried out one by one, drawings left out."""

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
    """Carry out the code cells of a notebook with these parameters, and return what it registered.

    `tables` are given in the place of those on the disk; `drawing` makes what stands for a drawing, and with None
    nothing is drawn; with `errors` a cell that fails is noted there and the others are tried all the same.
    """
    space, found = {"__name__": "__main__"}, Results()
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
            patch.setattr(osw_stats, "load", lambda *_, **__: _copied(tables))
        for cell, code, tree in _cells(root / "notebooks" / f"{name}.ipynb"):
            sent = len(space["report"].sent) if "report" in space else 0
            try:
                _carry_out(code, tree, space)
            except Exception as error:
                if errors is None:
                    raise
                errors.append(error)
            if "parameters" in cell.tags:
                space |= parameters
                found.parameters = cell.source
            if "report" in space:
                found.take(space["report"].sent[sent:], cell.source)
    return found


def _carry_out(code, tree, space):
    if "report" not in space:
        exec(code, space)
        return
    skipping = space["report"].skipping  # as in a kernel: a cell that misses a figure skips itself
    space["_osw_guard"] = skipping.guard
    exec(compile(skipping.visit(copy.deepcopy(tree)), code.co_filename, "exec"), space)


@lru_cache(maxsize=16)
def _cells(path):
    found = []
    for cell in code_cells(path):
        name = f"{path.name}, cell {cell.cell}"
        found.append((cell, compile(cell.source, name, "exec"), ast.parse(cell.source, name)))
    return found


def _copied(tables):
    frames = {k: v.copy() for k, v in vars(tables).items() if isinstance(v, pd.DataFrame)}
    return replace(tables, **frames)


def passed(root, name, results, tables):
    """Return the pages of results by language, once the gates of a build let them through.

    Every number of a sentence is one that it was given, and the reporting standard is met.
    """
    names = page_names(root, name)
    pages = {(n, lang): render(root, n, lang, results, tables) for n in names for lang in LANGUAGES}
    own_claims.require(own_claims.own_claims(pages, tables))
    standard.require(pages)
    return {language: pages[whole_page(root, name), language] for language in LANGUAGES}


def told(root, name, tables, **parameters):
    """Return what a notebook registers, and what its pages tell by language, kind and name."""
    results = computed(root, name, tables=tables, **parameters)
    pages = passed(root, name, results, tables)
    return results, {language: by_name(page) for language, page in pages.items()}


def by_name(found):
    """Return what a page says by kind and name."""
    return {(item.kind, item.name): item for item in items(found)}

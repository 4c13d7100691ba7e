"""The files of a staged site that are made from tables and results, in one language: pages, pieces, metadata."""

from __future__ import annotations

import pandas as pd

from osw_stats.report import fragments
from osw_stats.report.edition import Tables
from osw_stats.report.files.citations import figure_citations
from osw_stats.report.files.identity import Identity
from osw_stats.report.harvest import Notebook, told_in
from osw_stats.report.pieces import pieces
from osw_stats.report.site import figure_pages, trace
from osw_stats.sources.quality import Check


def generated(
    tables: Tables,
    runs: dict[tuple[str, str], Notebook],
    checks: list[Check],
    own: pd.DataFrame,
    who: Identity,
    language: str,
) -> dict[str, str]:
    """Return the text of every such file by its path in the staged folder.

    Parameters
    ----------
    tables, runs
        The edition and its executed notebooks.
    checks
        Results of the quality rules.
    own
        The test of our own sentences.
    who
        Who publishes.
    """
    executed = told_in(language, runs)
    made = {f"_{name}.md": text for name, text in pieces(tables, executed, checks, own, language).items()}
    made |= {f"{name}.qmd": text for name, text in fragments.source_figures(tables, language).items()}
    made["trace.qmd"] = trace.page(executed, tables, language, f"{tables.edition.to_root(language)}data/")
    for name, notebook in executed.items():
        for figure in figure_pages.drawn(name, notebook):
            made[f"{figure.page}.qmd"] = figure_pages.page(figure, tables, language)
            made[f"figures/{figure.told.name}.json"] = figure_pages.metadata(figure, tables, language)
    cited = figure_citations(tables.edition, runs, who, language)
    return made | {f"figures/{name}": text for name, text in cited.items()}

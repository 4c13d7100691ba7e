"""What a report says from executed notebooks: result tables, headlines, traces, the pages of figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.report import compared, fragments, own_claims, standard
from osw_stats.report.downloads import CONTENTS, write_results
from osw_stats.report.edition import Tables
from osw_stats.report.files.citations import figure_citations
from osw_stats.report.files.identity import Identity, identity
from osw_stats.report.files.schema import schemas
from osw_stats.report.files.tables import write_tables
from osw_stats.report.graph.work import Executed, Work
from osw_stats.report.harvest import told_in
from osw_stats.report.site import figure_pages, trace
from osw_stats.report.site.cards import cards, plain


def of_results(work: Work, tables: Tables, executed: Executed, out: Path) -> dict[str, Any]:
    """Write the results beside the tidy tables in `out`, and return the rest as plain values.

    Returns
    -------
    dict
        `generated`: by language, the text of pages, pieces of pages and metadata by their path in
        a staged site. `contents`, `schemas`, `periods`: what every file and column holds, and the
        periods of the figures.

    Raises
    ------
    OswError
        When a run does not meet the reporting standard, or a sentence does not hold.
    """
    standard.require(executed)
    own = own_claims.own_claims(executed, tables)
    own_claims.require(own)
    write_results(tables, executed, own, out)
    edition, who = tables.edition, identity(work.root)
    write_tables(work, edition, executed, who, out)
    return {
        "generated": {lang: _generated(tables, executed, own, who, lang) for lang in edition.languages},
        "contents": CONTENTS,
        "schemas": schemas(out),
        "periods": sorted(set(tables.observations["time_period"].astype(str))),
    }


def _generated(
    tables: Tables, runs: Executed, own: pd.DataFrame, who: Identity, language: str
) -> dict[str, str]:
    executed = told_in(language, runs)
    made = {
        "_headlines.md": cards(tables, executed, language),
        "_plain.md": plain(executed, language),
        "_own.md": fragments.own(own, language),
        "_changes.md": compared.page(tables, executed, language),
        "trace.qmd": trace.page(executed, tables, language, f"{tables.edition.to_root(language)}data/"),
    }
    for name, notebook in executed.items():
        for figure in figure_pages.drawn(name, notebook):
            made[f"{figure.page}.qmd"] = figure_pages.page(figure, tables, language)
            made[f"figures/{figure.told.name}.json"] = figure_pages.metadata(figure, tables, language)
    cited = figure_citations(tables.edition, runs, who, language)
    return made | {f"figures/{name}": text for name, text in cited.items()}

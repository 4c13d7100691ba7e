"""What a report says from the pages of its notebooks: result tables, headlines, traces, the pages of figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.report import compared, fragments, own_claims, standard
from osw_stats.report.downloads import CONTENTS, write_results
from osw_stats.report.edition import Tables
from osw_stats.report.files.dictionary import schemas
from osw_stats.report.files.identity import identity
from osw_stats.report.files.tables import write_tables
from osw_stats.report.graph.work import Work
from osw_stats.report.harvest import Pages, result_tables, results_of, told_in
from osw_stats.report.site import figure_pages, trace
from osw_stats.report.site.cards import cards, plain


def of_results(work: Work, tables: Tables, pages: Pages, out: Path) -> dict[str, Any]:
    """Write the results beside the tidy tables in `out`, and return the rest as plain values.

    Returns
    -------
    dict
        `generated`: by language, the text of pages, pieces of pages and metadata by their path in
        a staged site. `contents`, `schemas`, `periods`: what every file and column holds, and the
        periods of the figures. `verdicts`: those on the ledger, as CSV text.

    Raises
    ------
    OswError
        When a run does not meet the reporting standard, or a sentence does not hold.
    """
    standard.require(pages)
    own = own_claims.own_claims(pages, tables)
    own_claims.require(own)
    write_results(tables, pages, own, out)
    edition, who = tables.edition, identity(work.root)
    write_tables(work, edition, pages, who, out)
    return {
        "verdicts": result_tables(results_of(pages)).get("claims_result", ""),
        "generated": {lang: _generated(tables, pages, own, lang) for lang in edition.languages},
        "contents": CONTENTS,
        "schemas": schemas(out),
        "periods": sorted(set(tables.observations["time_period"].astype(str))),
    }


def _generated(tables: Tables, pages: Pages, own: pd.DataFrame, language: str) -> dict[str, str]:
    told = told_in(language, pages)
    made = {
        "_headlines.md": cards(tables, told, language),
        "_plain.md": plain(told, language),
        "_own.md": fragments.own(own, language),
        "_changes.md": compared.page(tables, told, language),
        "trace.qmd": trace.page(told, tables, language, f"{tables.edition.to_root(language)}data/"),
    }
    for page in told.values():
        for figure in figure_pages.drawn(page):
            made[f"{figure.page}.qmd"] = figure_pages.page(figure, tables, language)
            made[f"figures/{figure.told.name}.json"] = figure_pages.metadata(figure, tables, language)
    return made

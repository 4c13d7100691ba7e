"""The pieces of pages that are made from tables and results, by name; pages include them as `_<name>.md`."""

from __future__ import annotations

import pandas as pd

from osw_stats.report import compared, fragments
from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Notebook
from osw_stats.report.site.cards import cards, plain
from osw_stats.report.site.pieces import PIECES
from osw_stats.sources.quality import Check


def pieces(
    tables: Tables,
    executed: dict[str, Notebook],
    checks: list[Check],
    own: pd.DataFrame,
    language: str,
) -> dict[str, str]:
    """Return the Markdown of every piece in one language.

    Parameters
    ----------
    tables, executed
        The edition and its executed notebooks, by name.
    checks
        Results of the quality rules.
    own
        The test of our own sentences.
    """
    kept = {name: piece(tables, language) for name, piece in PIECES.items()}
    return kept | {
        "edition": fragments.edition(tables, language),
        "headlines": cards(tables, executed, language),
        "plain": plain(executed, language),
        "missing": fragments.gaps(tables, language),
        "without": fragments.without_figure(tables, language),
        "quality": fragments.quality(checks, language),
        "own": fragments.own(own, language),
        "changes": compared.page(tables, executed, language),
        "sources": fragments.sources(tables, language),
    }

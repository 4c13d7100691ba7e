"""What a report says from its tables alone, before any notebook has run: tidy files, gaps, sources, quality."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from osw_stats.report import fragments
from osw_stats.report.downloads import write_tidy
from osw_stats.report.edition import Tables
from osw_stats.report.graph.store import packed
from osw_stats.report.site.pieces import PIECES
from osw_stats.sources.clean import Tidy
from osw_stats.sources.quality import Check, judge


def of_tables(tables: Tables, tidy: Tidy) -> dict[str, Any]:
    """Return it as plain values.

    Returns
    -------
    dict
        `files`: machine-readable tables, base64 by name. `gaps`: series without a figure, by
        reason. `checks`: result of every quality rule. `generated`: by language, the text of
        pages and pieces of pages by their path in a staged site.
    """
    checks = judge(tables.root, tidy)
    with tempfile.TemporaryDirectory() as folder:
        write_tidy(tables, checks, Path(folder))
        files = packed(Path(folder))
    gaps = tables.missing()
    return {
        "files": files,
        "gaps": {str(r): sorted(set(g["series"])) for r, g in gaps.groupby("reason", sort=False)},
        "checks": {c.rule: c.result for c in checks},
        "generated": {lang: _generated(tables, checks, lang) for lang in tables.edition.languages},
    }


def _generated(tables: Tables, checks: list[Check], language: str) -> dict[str, str]:
    made = {name: piece(tables, language) for name, piece in PIECES.items()} | {
        "edition": fragments.edition(tables, language),
        "missing": fragments.gaps(tables, language),
        "without": fragments.without_figure(tables, language),
        "stale": fragments.stale_series(tables, language),
        "quality": fragments.quality(checks, language),
        "sources": fragments.sources(tables, language),
    }
    pages = fragments.source_figures(tables, language)
    return {f"_{name}.md": text for name, text in made.items()} | {
        f"{n}.qmd": text for n, text in pages.items()
    }

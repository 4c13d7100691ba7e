"""The files that follow from results alone: spreadsheets, the data dictionary, citations."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import pandas as pd

from osw_stats.report.editions import Edition
from osw_stats.report.files.citations import write_citations
from osw_stats.report.files.dictionary import dictionary
from osw_stats.report.files.identity import Identity
from osw_stats.report.graph.keys import digest
from osw_stats.report.graph.store import kept, packed, unpack
from osw_stats.report.graph.work import Work
from osw_stats.report.harvest import Pages, result_tables, results_of
from osw_stats.report.tables import csv_text


def write_tables(work: Work, edition: Edition, pages: Pages, who: Identity, out: Path) -> None:
    """Write spreadsheets, data dictionary and citations to `out`, which holds every other CSV file of the edition."""
    frames = {path.stem: pd.read_csv(path) for path in sorted(out.glob("*.csv"))}
    texts = result_tables(results_of(pages))
    results = {name: frames[name] for name in texts}
    rest = [edition.year, edition.as_of.isoformat(), texts, work.code]
    for language in edition.languages:
        make = partial(_spreadsheet, edition, results, language)
        unpack(kept(work.store, digest([language, *rest]), make), out)
    (out / "columns.csv").write_text(csv_text(dictionary(frames)), encoding="utf-8", newline="\n")
    write_citations(edition, pages, who, out)


def _spreadsheet(edition: Edition, results: dict[str, pd.DataFrame], language: str) -> dict[str, str]:
    from osw_stats.report.files.spreadsheet import write_spreadsheet  # needed only where a result changed

    with tempfile.TemporaryDirectory() as folder:
        write_spreadsheet(edition, results, language, Path(folder) / f"tables-{edition.year}-{language}.xlsx")
        return packed(Path(folder))

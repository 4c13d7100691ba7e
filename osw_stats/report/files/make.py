"""Make everything that people take away from an edition, in the order it depends on each other."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from osw_stats.report import fragments
from osw_stats.report.downloads import CONTENTS
from osw_stats.report.edition import Tables
from osw_stats.report.files.catalogue import catalogue, write_catalogue
from osw_stats.report.files.citations import write_citations, write_figure_citations
from osw_stats.report.files.dictionary import dictionary
from osw_stats.report.files.figures import complete_metadata
from osw_stats.report.files.identity import identity
from osw_stats.report.files.package import describe_package, write_package
from osw_stats.report.files.pdf import write_pdf
from osw_stats.report.files.reference import write_reference
from osw_stats.report.files.report import report
from osw_stats.report.files.spreadsheet import write_spreadsheet
from osw_stats.report.files.word import write_docx
from osw_stats.report.harvest import Notebook, result_tables
from osw_stats.report.tables import csv_text

Runs = dict[tuple[str, str], Notebook]


def make_files(
    tables: Tables, runs: Runs, pages: Path, processed: Path, progress: Callable[[str], None]
) -> None:
    """Make reports, spreadsheets, descriptions and citations of an edition.

    Parameters
    ----------
    tables, runs
        The edition and its executed notebooks.
    pages
        Folder with the staged pages of each language; gets the reference pages, the list of
        downloads, and in the first language a copy of all files under `data`.
    processed
        Folder of the machine-readable tables; gets the new files.
    progress
        Called with one line of text at a time.

    Raises
    ------
    OswError
        If a report cannot be made; the message says of what and why.
    """
    results = {name: pd.read_csv(io.StringIO(text)) for name, text in result_tables(runs).items()}
    languages = tables.edition.languages
    who = identity(tables.root)
    with ThreadPoolExecutor(max_workers=len(languages)) as pool:
        sites = {
            lang: who.address("" if n == 0 else f"{lang}/") if who.site else ""
            for n, lang in enumerate(languages)
        }
        made = [
            pool.submit(_reports, tables, results, pages / lang, lang, sites[lang], processed)
            for lang in languages
        ]
        for future in made:
            future.result()
    columns = {p.stem: pd.read_csv(p) for p in sorted(processed.glob("*.csv"))}
    (processed / "columns.csv").write_text(csv_text(dictionary(columns)), encoding="utf-8", newline="\n")
    write_citations(tables, runs, who, processed)
    package = describe_package(tables, processed, who, CONTENTS)
    write_package(package, processed)
    write_catalogue(catalogue(tables, package, who), processed)
    for number, lang in enumerate(languages):
        write_reference(pages / lang, lang)
        complete_metadata(pages / lang / "figures")
        write_figure_citations(tables, runs, who, lang, pages / lang / "figures")
        listed = fragments.downloads(processed, "data/" if number == 0 else "../data/", lang)
        (pages / lang / "_data.md").write_text(listed, encoding="utf-8", newline="\n")
    shutil.copytree(processed, pages / languages[0] / "data", dirs_exist_ok=True)
    progress(
        f"files   report as PDF and Word, tables as XLSX and CSV, {len(package['resources'])} files described"
    )


def _reports(
    tables: Tables, results: dict[str, pd.DataFrame], staged: Path, language: str, site: str, out: Path
) -> None:
    """Write the report and the spreadsheet of one language."""
    made = report(tables, staged, language, site)
    write_pdf(made, out / f"report-{language}.pdf")
    write_docx(made, out / f"report-{language}.docx")
    write_spreadsheet(tables, results, language, out / f"tables-{language}.xlsx")

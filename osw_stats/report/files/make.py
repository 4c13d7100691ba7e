"""Make everything that people take away from an edition, in the order it depends on each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from osw_stats.report import fragments
from osw_stats.report.downloads import CONTENTS, MAIN
from osw_stats.report.editions import Edition
from osw_stats.report.files.catalogue import catalogue, write_catalogue
from osw_stats.report.files.citations import write_citations, write_figure_citations
from osw_stats.report.files.dictionary import dictionary
from osw_stats.report.files.figures import complete_metadata
from osw_stats.report.files.identity import Identity, identity
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
    root: Path, edition: Edition, runs: Runs, pages: Path, processed: Path, progress: Callable[[str], None]
) -> None:
    """Make reports, spreadsheets, descriptions and citations of an edition.

    Parameters
    ----------
    root, edition, runs
        The project folder, the edition and its executed notebooks.
    pages
        Folder with the staged pages of each language; gets the reference pages, the lists of
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
    who = identity(root)
    sources = pd.read_csv(processed / "sources.csv", dtype=str, keep_default_na=False)
    frames = {path.stem: pd.read_csv(path) for path in sorted(processed.glob("*.csv"))}
    results = {name: frames[name] for name in result_tables(runs)}
    languages = edition.languages
    with ThreadPoolExecutor(max_workers=len(languages)) as pool:
        made = [
            pool.submit(
                _reports, edition, sources, results, pages / lang, lang, _site(who, edition, lang), processed
            )
            for lang in languages
        ]
        for future in made:
            future.result()
    (processed / "columns.csv").write_text(csv_text(dictionary(frames)), encoding="utf-8", newline="\n")
    write_citations(edition, runs, who, processed)
    package = describe_package(edition, sources, processed, who, CONTENTS)
    write_package(package, processed)
    write_catalogue(
        catalogue(edition, frames["observations"]["time_period"].astype(str), package, who), processed
    )
    for lang in languages:
        _for_pages(edition, runs, who, lang, pages / lang, processed)
    shutil.copytree(processed, pages / languages[0] / "data", dirs_exist_ok=True)
    count = len(package["resources"])
    progress(f"files   report as PDF and Word, tables as XLSX and CSV, {count} files described")


def _reports(
    edition: Edition, sources: pd.DataFrame, results: dict[str, pd.DataFrame], staged: Path, language: str,
    site: str, out: Path,
) -> None:  # fmt: skip
    """Write the report and the spreadsheet of one language."""
    made = report(edition, sources, staged, language, site)
    write_pdf(made, out / f"report-{edition.year}-{language}.pdf")
    write_docx(made, out / f"report-{edition.year}-{language}.docx")
    write_spreadsheet(edition, results, language, out / f"tables-{edition.year}-{language}.xlsx")


def _for_pages(
    edition: Edition, runs: Runs, who: Identity, language: str, staged: Path, processed: Path
) -> None:
    """Write what the pages of one language show of these files."""
    write_reference(staged, language)
    complete_metadata(staged / "figures")
    write_figure_citations(edition, runs, who, language, staged / "figures")
    prefix = f"{edition.to_root(language)}data/"
    for name, contents in (("_data.md", CONTENTS), ("_files.md", MAIN)):
        listed = fragments.downloads(processed, prefix, language, contents)
        (staged / name).write_text(listed, encoding="utf-8", newline="\n")


def _site(who: Identity, edition: Edition, language: str) -> str:
    """Return the address of the site in a language; nothing where it has none."""
    return who.address(edition.from_root(language)) if who.site else ""

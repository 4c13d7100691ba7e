"""The report to print or edit in every language, and what describes all files of an edition. Light to import."""

from __future__ import annotations

import base64
import csv
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from osw_stats.report.editions import Edition
from osw_stats.report.files.catalogue import catalogue, write_catalogue
from osw_stats.report.files.identity import identity
from osw_stats.report.files.package import describe_package, write_package
from osw_stats.report.files.pdf import write_pdf
from osw_stats.report.files.report import chapters, report
from osw_stats.report.files.word import write_docx
from osw_stats.report.graph.keys import digest, hashes
from osw_stats.report.graph.store import kept
from osw_stats.report.graph.work import Work
from osw_stats.report.listing import listed, main_files

Source = dict[str, str]


def make_files(work: Work, edition: Edition, facts: dict[str, Any], pages: Path, processed: Path) -> None:
    """Make the reports of an edition, describe all its files, and list them on its pages.

    Parameters
    ----------
    work
        The build; reports of pages that did not change are taken from its store.
    edition, facts
        The edition, and what it says (`report.facts`).
    pages
        Folder with the staged pages of each language; gets the lists of downloads, and in the
        first language a copy of all files under `data`.
    processed
        Folder of the machine-readable tables; gets the new files.

    Raises
    ------
    OswError
        If a report cannot be made; the message says of what and why.
    """
    who = identity(work.root)
    with (processed / "sources.csv").open(encoding="utf-8", newline="") as handle:
        sources = list(csv.DictReader(handle))
    languages = edition.languages
    with ThreadPoolExecutor(max_workers=len(languages)) as pool:
        site = {lang: who.address(edition.from_root(lang)) if who.site else "" for lang in languages}
        made = pool.map(
            lambda lang: _reports(work, edition, sources, pages / lang, lang, site[lang]), languages
        )
        for lang, both in zip(languages, made, strict=True):
            for suffix, content in both.items():
                path = processed / f"report-{edition.year}-{lang}.{suffix}"
                path.write_bytes(base64.b64decode(content))
    package = describe_package(edition, sources, processed, who, facts["contents"], facts["schemas"])
    write_package(package, processed)
    write_catalogue(catalogue(edition, facts["periods"], package, who), processed)
    for lang in languages:
        prefix = f"{edition.to_root(lang)}data/"
        for name, of in (("_data.md", facts["contents"]), ("_files.md", main_files(facts["contents"]))):
            text = listed(processed, prefix, lang, of)
            (pages / lang / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(processed, pages / languages[0] / "data", dirs_exist_ok=True)
    count = len(package["resources"])
    work.progress(f"files   report as PDF and Word, tables as XLSX and CSV, {count} files described")


def _reports(
    work: Work, edition: Edition, sources: list[Source], staged: Path, language: str, site: str
) -> dict[str, str]:
    """Return the report of one language as PDF and as Word, in base64; kept while nothing in it changes."""
    key = digest(
        [
            language, edition.year, edition.as_of.isoformat(), site, sources, chapters(staged),
            hashes(staged, ["figures"]), work.rooms("osw_stats.report.files.reports"),
        ]
    )  # fmt: skip

    def make() -> dict[str, str]:
        whole = report(edition, sources, staged, language, site, work.store)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
            docx, pdf = Path(folder) / "report.docx", Path(folder) / "report.pdf"
            word = pool.submit(write_docx, whole, docx)  # Pandoc's work, while Typst has ours
            write_pdf(whole, pdf, work.store)
            word.result()
            files = {"pdf": pdf, "docx": docx}
            return {name: base64.b64encode(path.read_bytes()).decode("ascii") for name, path in files.items()}

    files: dict[str, str] = kept(work.store, key, make)
    return files

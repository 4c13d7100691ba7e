"""The report to print or edit in every language, and what describes all files of an edition. Light to import."""

from __future__ import annotations

import base64
import csv
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from osw_stats.errors import OswError
from osw_stats.report.editions import Edition
from osw_stats.report.files.catalogue import NAME as CATALOGUE
from osw_stats.report.files.catalogue import catalogue
from osw_stats.report.files.identity import identity
from osw_stats.report.files.listing import listed, main_files
from osw_stats.report.files.package import NAME as PACKAGE
from osw_stats.report.files.package import describe_package, write_json
from osw_stats.report.files.pdf import write_pdf
from osw_stats.report.files.report import chapters, report
from osw_stats.report.files.word import write_docx
from osw_stats.report.graph.keys import digest, hashes
from osw_stats.report.graph.store import kept
from osw_stats.report.graph.work import Work

Source = dict[str, str]
SUFFIXES = ("pdf", "docx")


def make_reports(work: Work, edition: Edition, pages: Path, processed: Path) -> None:
    """Make the report of every language from its staged pages, as PDF and as Word, in the folder of tables."""
    who, sources, languages = identity(work.root), _sources(processed), edition.languages
    with ThreadPoolExecutor(max_workers=len(languages)) as pool:
        site = {lang: who.address(edition.from_root(lang)) if who.site else "" for lang in languages}
        made = pool.map(
            lambda lang: _reports(work, edition, sources, pages / lang, lang, site[lang]), languages
        )
        for lang, both in zip(languages, made, strict=True):
            for suffix, content in both.items():
                (processed / _name(edition, lang, suffix)).write_bytes(base64.b64decode(content))


def take_reports(edition: Edition, earlier: Path, processed: Path) -> None:
    """Take the reports of an earlier build, from the folder of its tables."""
    for name in (_name(edition, lang, suffix) for lang in edition.languages for suffix in SUFFIXES):
        if not (earlier / name).is_file():
            raise OswError(
                f"a draft takes PDF and Word of the last build, and {name} is not there. Run `osw build` first."
            )
        shutil.copyfile(earlier / name, processed / name)


def describe_files(work: Work, edition: Edition, facts: dict[str, Any], pages: Path, processed: Path) -> None:
    """Describe all files of an edition for machines, list them on its pages, and copy them beside the first language."""
    who, languages = identity(work.root), edition.languages
    package = describe_package(
        edition, _sources(processed), processed, who, facts["contents"], facts["schemas"]
    )
    write_json(package, processed / PACKAGE)
    write_json(catalogue(edition, facts["periods"], package, who), processed / CATALOGUE)
    for lang in languages:
        prefix = f"{edition.to_root(lang)}data/"
        for name, of in (("_data.md", facts["contents"]), ("_files.md", main_files(facts["contents"]))):
            text = listed(processed, prefix, lang, of)
            (pages / lang / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(processed, pages / languages[0] / "data", dirs_exist_ok=True)
    count = len(package["resources"])
    work.progress(f"files   report as PDF and Word, tables as XLSX and CSV, {count} files described")


def _sources(processed: Path) -> list[Source]:
    with (processed / "sources.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _name(edition: Edition, language: str, suffix: str) -> str:
    return f"report-{edition.year}-{language}.{suffix}"


def _reports(
    work: Work, edition: Edition, sources: list[Source], staged: Path, language: str, site: str
) -> dict[str, str]:
    """Return the report of one language as PDF and as Word, in base64; kept while nothing in it changes."""
    key = digest(
        [
            language, edition.year, edition.as_of.isoformat(), site, sources, chapters(staged),
            hashes(staged, ["figures"]), work.code,
        ]
    )  # fmt: skip

    def make() -> dict[str, str]:
        whole = report(edition, sources, staged, language, site, work.store)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
            docx, pdf = Path(folder) / "report.docx", Path(folder) / "report.pdf"
            word = pool.submit(write_docx, whole, docx)  # Pandoc's work, while Typst has ours
            write_pdf(whole, pdf, work.store)
            word.result()
            files = dict(zip(SUFFIXES, (pdf, docx), strict=True))
            return {name: base64.b64encode(path.read_bytes()).decode("ascii") for name, path in files.items()}

    files: dict[str, str] = kept(work.store, key, make)
    return files

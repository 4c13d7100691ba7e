"""The report to print or edit in every language, and what describes all files of an edition."""

from __future__ import annotations

import csv
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from osw_stats.errors import OswError
from osw_stats.data.editions import Edition
from osw_stats.publish.files.citations import identity
from osw_stats.publish.files.package import listed, main_files
from osw_stats.publish.files.package import CATALOGUE, PACKAGE, catalogue, describe_package, write_json
from osw_stats.publish.files.document import chapters, report, write_docx, write_pdf
from osw_stats.kept.keys import digest, hashes
from osw_stats.kept.store import kept, packed, unpack
from osw_stats.build.work import Work



import tempfile
from functools import partial
from pathlib import Path

import pandas as pd

from osw_stats.data.editions import Edition
from osw_stats.publish.files.citations import write_citations
from osw_stats.publish.files.package import dictionary
from osw_stats.publish.files.citations import Identity
from osw_stats.kept.keys import digest
from osw_stats.kept.store import kept, packed, unpack
from osw_stats.build.work import Work
from osw_stats.publish.contents import Pages, result_tables
from osw_stats.text.tables import csv_text


def make_reports(work: Work, edition: Edition, pages: Path, processed: Path) -> None:
    """Make the report of every language from its staged pages, as PDF and as Word, in the folder of tables."""
    with ThreadPoolExecutor(max_workers=len(edition.languages)) as pool:
        for files in pool.map(
            lambda lang: _reports(work, edition, pages / lang, lang, processed), edition.languages
        ):
            unpack(files, processed)


def take_reports(edition: Edition, earlier: Path, processed: Path) -> None:
    """Take the reports of an earlier build, from the folder of its tables."""
    for name in (name for lang in edition.languages for name in _names(edition, lang)):
        if not (earlier / name).is_file():
            raise OswError(
                f"a draft takes PDF and Word of the last build, and {name} is not there. Run `osw build` first."
            )
        shutil.copyfile(earlier / name, processed / name)


def describe_files(work: Work, edition: Edition, facts: dict[str, Any], pages: Path, processed: Path) -> None:
    """Describe all files of an edition for machines, list them on its pages, and copy them beside the first language."""
    who, contents = identity(work.root), facts["contents"]
    package = describe_package(edition, _sources(processed), processed, who, contents, facts["schemas"])
    write_json(package, processed / PACKAGE)
    write_json(catalogue(edition, facts["periods"], package, who), processed / CATALOGUE)
    for lang in edition.languages:
        prefix = f"{edition.to_root(lang)}data/"
        for name, held in (("_data.md", contents), ("_files.md", main_files(contents))):
            text = listed(processed, prefix, lang, held)
            (pages / lang / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(processed, pages / edition.languages[0] / "data", dirs_exist_ok=True)
    count = len(package["resources"])
    work.progress(f"files   report as PDF and Word, tables as XLSX and CSV, {count} files described")


def _sources(processed: Path) -> list[dict[str, str]]:
    with (processed / "sources.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _names(edition: Edition, language: str) -> list[str]:
    return [f"report-{edition.year}-{language}.{suffix}" for suffix in ("pdf", "docx")]


def _reports(work: Work, edition: Edition, staged: Path, language: str, processed: Path) -> dict[str, str]:
    """Return the report of one language as PDF and as Word, packed; kept while nothing in it changes."""
    who, sources = identity(work.root), _sources(processed)
    site = who.address(edition.from_root(language)) if who.site else ""
    asked = [language, edition.year, edition.as_of.isoformat(), site, sources, chapters(staged)]
    made_by = work.code

    def make() -> dict[str, str]:
        whole = report(edition, sources, staged, language, site, work.store)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
            pdf, docx = (Path(folder) / name for name in _names(edition, language))
            word = pool.submit(write_docx, whole, docx)  # Pandoc's work, while Typst has ours
            write_pdf(whole, pdf, work.store)
            word.result()
            return packed(Path(folder))

    files: dict[str, str] = kept(work.store, digest([asked, hashes(staged, ["figures"]), made_by]), make)
    return files


def write_tables(work: Work, edition: Edition, pages: Pages, who: Identity, out: Path) -> None:
    """Write spreadsheets, data dictionary and citations to `out`, which holds every other CSV file of the edition."""
    frames = {path.stem: pd.read_csv(path) for path in sorted(out.glob("*.csv"))}
    texts = result_tables(pages)
    results = {name: frames[name] for name in texts}
    rest = [edition.year, edition.as_of.isoformat(), texts, work.code]
    for language in edition.languages:
        make = partial(_spreadsheet, edition, results, language)
        unpack(kept(work.store, digest([language, *rest]), make), out)
    (out / "columns.csv").write_text(csv_text(dictionary(frames)), encoding="utf-8", newline="\n")
    write_citations(edition, pages, who, out)


def _spreadsheet(edition: Edition, results: dict[str, pd.DataFrame], language: str) -> dict[str, str]:
    from osw_stats.publish.files.spreadsheet import write_spreadsheet  # needed only where a result changed

    with tempfile.TemporaryDirectory() as folder:
        write_spreadsheet(edition, results, language, Path(folder) / f"tables-{edition.year}-{language}.xlsx")
        return packed(Path(folder))

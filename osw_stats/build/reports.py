"""The report for printing or editing in every language, and the description of all files of an edition."""

import shutil
import tempfile
from collections import ChainMap
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from osw_stats.build.record import rows_of
from osw_stats.build.runs import Work
from osw_stats.data.editions import Edition
from osw_stats.errors import OswError
from osw_stats.kept.beside import start_task
from osw_stats.kept.keys import digest, hashes
from osw_stats.kept.store import kept, packed
from osw_stats.publish.files import package
from osw_stats.publish.files.document import chapters, factsheet, report, write_docx, write_pdf
from osw_stats.publish.identity import identity

FILES = (("report", "pdf"), ("report", "docx"), ("factsheet", "pdf"), ("tables", "xlsx"))
Files = dict[str, str]  # packed, by name


def make_files(work: Work, edition: Edition, pages: Path, processed: Path, results: list[str]) -> Files:
    """Return reports and spreadsheets in every language; the reports are made in parallel with the spreadsheets."""
    with ExitStack() as stack:
        # Typst starts threads, and a fork has none of its parent's: this process must not use it before it forks
        reports = [
            partial(make_report, work, edition, pages / lang, lang, processed) for lang in edition.languages
        ]
        printed = [stack.enter_context(start_task(work.store, report)) for report in reports]
        return dict(ChainMap(make_sheets(work, edition, processed, results), *(wait() for wait in printed)))


def make_report(work: Work, edition: Edition, staged: Path, lang: str, processed: Path) -> Files:
    """Return the report of a language as PDF and Word, from its staged pages; kept while unchanged."""
    publisher, sources = identity(work.root), rows_of(processed / "sources.csv")
    site = publisher.address(edition.from_root(lang)) if publisher.site else ""

    def make() -> Files:
        document = report(edition, sources, staged, lang, site, work.store)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
            pdf, docx, sheet, _ = (Path(folder) / name for name in _names(edition, lang))
            word = pool.submit(write_docx, document, docx)  # Pandoc works while Typst uses this process
            write_pdf(document, pdf, work.store)
            write_pdf(factsheet(edition, staged, lang, site, work.store), sheet, work.store, "factsheet")
            word.result()
            return packed(Path(folder))

    read = [site, sources, chapters(staged), hashes(staged, ["figures"])]
    return kept(work.store, digest([*_key_parts(work, edition, lang), *read]), make)  # type: ignore[no-any-return]


def make_sheets(work: Work, edition: Edition, processed: Path, results: list[str]) -> Files:
    """Return the tables of `results` as a spreadsheet in every language; kept while unchanged."""
    names = [f"{name}.csv" for name in results]

    def make(lang: str) -> Files:
        import pandas as pd  # needed only where a result changed

        from osw_stats.publish.files import spreadsheet

        frames = {Path(name).stem: pd.read_csv(processed / name) for name in names}
        with tempfile.TemporaryDirectory() as folder:
            spreadsheet.write_spreadsheet(edition, frames, lang, Path(folder) / _names(edition, lang)[-1])
            return packed(Path(folder))

    hashed = hashes(processed, names)
    keys = {lang: digest([*_key_parts(work, edition, lang), hashed]) for lang in edition.languages}
    return dict(ChainMap(*(kept(work.store, key, partial(make, lang)) for lang, key in keys.items())))


def _key_parts(work: Work, edition: Edition, lang: str) -> list[Any]:
    return [lang, edition.year, edition.as_of.isoformat(), work.code]


def take_reports(edition: Edition, earlier: Path, processed: Path) -> None:
    """Take the reports of an earlier build, from the folder of its tables."""
    for name in (name for lang in edition.languages for name in _names(edition, lang)):
        if not (earlier / name).is_file():
            problem = f"a draft takes the files of the last build, and {name} is not there"
            raise OswError(f"{problem}. Run `osw build` first.")
        shutil.copyfile(earlier / name, processed / name)


def describe_files(work: Work, edition: Edition, facts: dict[str, Any], pages: Path, processed: Path) -> None:
    """Describe all files of an edition for machines, list them on its pages, and copy them beside the first language."""
    publisher, contents = identity(work.root), facts["contents"]
    main = package.main_files(contents)
    rest = {name: group for name, group in contents.items() if name not in main}
    sources, schemas = rows_of(processed / "sources.csv"), facts["schemas"]
    described = package.describe_package(edition, sources, processed, publisher, contents, schemas)
    package.write_json(described, processed / package.PACKAGE)
    catalogue = package.catalogue(edition, facts["periods"], described, publisher)
    package.write_json(catalogue, processed / package.CATALOGUE)
    for lang in edition.languages:
        prefix = f"{edition.to_root(lang)}data/"
        for name, group in (("_data.md", rest), ("_files.md", main)):
            text = package.listed(processed, prefix, lang, group)
            (pages / lang / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(processed, pages / edition.languages[0] / "data", dirs_exist_ok=True)
    count = len(described["resources"])
    work.progress(f"files   report as PDF and Word, tables as XLSX and CSV, {count} files described")


def _names(edition: Edition, language: str) -> list[str]:
    return [f"{kind}-{edition.year}-{language}.{suffix}" for kind, suffix in FILES]

"""The report to print or edit in every language, and what describes all files of an edition."""

import csv
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from osw_stats.build.runs import Work
from osw_stats.data.editions import Edition
from osw_stats.errors import OswError
from osw_stats.kept.keys import digest, hashes
from osw_stats.kept.store import kept, packed
from osw_stats.publish.files import package
from osw_stats.publish.files.document import chapters, factsheet, report, write_docx, write_pdf
from osw_stats.publish.identity import identity

FILES = (("report", "pdf"), ("report", "docx"), ("factsheet", "pdf"), ("tables", "xlsx"))
_one = threading.Lock()  # warnings are silenced for a whole process


def make_reports(
    work: Work, edition: Edition, pages: Path, processed: Path, results: list[str]
) -> dict[str, str]:
    """Return the report of every language as PDF and Word, and the tables of `results` as a spreadsheet; kept while unchanged."""
    who, sources, made_by = identity(work.root), _sources(processed), work.code
    names = [f"{name}.csv" for name in results]

    def reports(lang: str) -> dict[str, str]:
        staged, site = pages / lang, who.address(edition.from_root(lang)) if who.site else ""

        def make() -> dict[str, str]:
            whole = report(edition, sources, staged, lang, site, work.store)
            with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
                pdf, docx, sheet, _ = (Path(folder) / name for name in _names(edition, lang))
                word = pool.submit(write_docx, whole, docx)  # Pandoc's work, while Typst has ours
                write_pdf(whole, pdf, work.store)
                write_pdf(factsheet(edition, staged, lang, site, work.store), sheet, work.store, "factsheet")
                word.result()
                return packed(Path(folder))

        def tables() -> dict[str, str]:
            import pandas as pd  # needed only where a result changed

            from osw_stats.publish.files import spreadsheet

            frames = {Path(name).stem: pd.read_csv(processed / name) for name in names}
            with _one, tempfile.TemporaryDirectory() as folder:
                spreadsheet.write_spreadsheet(edition, frames, lang, Path(folder) / _names(edition, lang)[-1])
                return packed(Path(folder))

        asked = [lang, edition.year, edition.as_of.isoformat(), made_by]
        read = [site, sources, chapters(staged), hashes(staged, ["figures"])]
        files: dict[str, str] = kept(work.store, digest([*asked, *read]), make)
        sheets: dict[str, str] = kept(work.store, digest([*asked, hashes(processed, names)]), tables)
        return files | sheets

    with ThreadPoolExecutor(max_workers=len(edition.languages)) as pool:
        return {name: file for files in pool.map(reports, edition.languages) for name, file in files.items()}


def take_reports(edition: Edition, earlier: Path, processed: Path) -> None:
    """Take the reports of an earlier build, from the folder of its tables."""
    for name in (name for lang in edition.languages for name in _names(edition, lang)):
        if not (earlier / name).is_file():
            problem = f"a draft takes the files of the last build, and {name} is not there"
            raise OswError(f"{problem}. Run `osw build` first.")
        shutil.copyfile(earlier / name, processed / name)


def describe_files(work: Work, edition: Edition, facts: dict[str, Any], pages: Path, processed: Path) -> None:
    """Describe all files of an edition for machines, list them on its pages, and copy them beside the first language."""
    who, contents = identity(work.root), facts["contents"]
    main = package.main_files(contents)
    rest = {name: held for name, held in contents.items() if name not in main}
    sources, schemas = _sources(processed), facts["schemas"]
    described = package.describe_package(edition, sources, processed, who, contents, schemas)
    package.write_json(described, processed / package.PACKAGE)
    catalogue = package.catalogue(edition, facts["periods"], described, who)
    package.write_json(catalogue, processed / package.CATALOGUE)
    for lang in edition.languages:
        prefix = f"{edition.to_root(lang)}data/"
        for name, held in (("_data.md", rest), ("_files.md", main)):
            text = package.listed(processed, prefix, lang, held)
            (pages / lang / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(processed, pages / edition.languages[0] / "data", dirs_exist_ok=True)
    count = len(described["resources"])
    work.progress(f"files   report as PDF and Word, tables as XLSX and CSV, {count} files described")


def _sources(processed: Path) -> list[dict[str, str]]:
    with (processed / "sources.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _names(edition: Edition, language: str) -> list[str]:
    return [f"{kind}-{edition.year}-{language}.{suffix}" for kind, suffix in FILES]

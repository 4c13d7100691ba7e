"""How long the files to take away need: PDF, Word and spreadsheet, both languages. Needs a built report."""

import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from osw_stats.data.editions import load_edition
from osw_stats.project import find_root
from osw_stats.publish.files.document import report, write_docx, write_pdf
from osw_stats.publish.files.spreadsheet import write_spreadsheet
from osw_stats.text.layouts import LAYOUTS


def main() -> None:
    """Make them, one language after the other and both at once, and print seconds."""
    root = find_root()
    edition = load_edition(2024, root)
    processed = root / "data" / "processed" / "2024"
    sources = pd.read_csv(processed / "sources.csv", dtype=str, keep_default_na=False)
    results = {n: pd.read_csv(processed / f"{n}.csv") for n in LAYOUTS if (processed / f"{n}.csv").is_file()}

    def make(language: str, out: Path) -> dict[str, float]:
        spent, start = {}, time.perf_counter()
        made = report(edition, sources, root / "build" / "2024" / "pages" / language, language)
        spent["join"] = time.perf_counter() - start
        for name, write in (
            ("pdf", lambda: write_pdf(made, out / f"{language}.pdf")),
            ("docx", lambda: write_docx(made, out / f"{language}.docx")),
            ("xlsx", lambda: write_spreadsheet(edition, results, language, out / f"{language}.xlsx")),
        ):
            start = time.perf_counter()
            write()
            spent[name] = time.perf_counter() - start
        return spent

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        for language in edition.languages:
            spent = make(language, Path(folder))
            print(f"{language}  " + "  ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items()))
        before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        start = time.perf_counter()
        list(pool.map(lambda language: make(language, Path(folder)), edition.languages))
        after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        cpu = sum(
            a.ru_utime + a.ru_stime - b.ru_utime - b.ru_stime for a, b in zip(after, before, strict=True)
        )
        print(f"both languages at once: {time.perf_counter() - start:.1f} s, {cpu:.1f} s of processor time")


if __name__ == "__main__":
    main()

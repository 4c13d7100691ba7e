"""python -m tests.worlds.run: many worlds, each built, read and held against its figures, and figures left out; see `make worlds`.

Exits with 1 when anything is found.
"""

import argparse
import gc
import io
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from pypdf import PdfReader

from tests.worlds import absence, product
from tests.worlds.changes import world
from tests.worlds.check import judge, judge_text
from tests.worlds.facts import Facts, Finding, facts_of
from tests.worlds.read import blocks, sentences

SEED = int(os.environ.get("OSW_WORLDS_SEED", "9"))  # of the worlds that every run of the tests meets


def tried(seed: int, number: int, printed: str = "") -> tuple[list[str], list[Finding]]:
    """Return the changes that made a world of a seed, and what is found in it, on paper as well in a language that is named."""
    one = world(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        built = product.build(one, Path(folder))
        facts = facts_of(one.year, one.as_of, one.figures, one.series)
        found = [*dict.fromkeys(built.stops), *judge(built.pages, built.charts, facts)]
        if printed and not built.stops:
            found += on_paper(product.printed(one, Path(folder), printed), built.pages, printed, facts)
        if keep := os.environ.get("OSW_WORLDS_KEEP"):
            _keep(Path(keep) / str(number), Path(folder), one, built, found)
    return one.changes, found


def on_paper(pdf: bytes, pages: dict[tuple[str, str], str], language: str, facts: Facts) -> list[Finding]:
    """Return what a PDF contradicts, and the sentences of pages it lacks, if more than a footer of a page cuts through."""

    def letters(text: str) -> str:  # paper puts spaces and hyphens elsewhere
        return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)

    paper = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    foot = re.compile(r"\nOnline [^\n]* \d{4}\s+\d+\s*\Z")
    paper = [foot.sub("", page) for page in paper]
    text = "\n".join(page for page in paper if not re.search(r"(?: \.){12}", page))  # no table of contents
    whole = " ".join(re.sub(r"(?<=[a-zà-ÿ])[\u00ad\u2010-]\n(?=[a-zà-ÿ])", "", text).split())
    said = [s for item in whole.split("•") for s in sentences(item)]
    wrong = [f for s in said for f in judge_text(s, language, facts, page="PDF")]
    names = [f"{name}{part}" for name in ("prevalence", "trend", "capacity_gap") for part in ("", "-annex")]
    texts = [b.text for name in names for b in blocks(pages[language, name]) if b.kind == "text"]
    told = [s for text in texts for s in sentences(text) if " · " not in s and ".ipynb" not in s]
    told = [s for s in told if not s.endswith(":")]  # what only a screen can do
    bare = letters(whole)
    lost = [Finding("paper", "PDF", language, s, "is not printed") for s in told if letters(s) not in bare]
    assert len(told) > 40
    return wrong + (lost if len(lost) > len(told) / 20 else [])


def _keep(out: Path, folder: Path, one: product.World, built: product.Built, found: list[Finding]) -> None:
    """Leave the pages of a world for an outside reader: HTML, and Markdown where that could not be made."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    edition = f"edition {one.year}, as of {one.as_of}"
    (out / "changes.txt").write_text("\n".join([edition, *one.changes, ""]), encoding="utf-8")
    (out / "found.txt").write_text("".join(f"{f.line()}\n" for f in found), encoding="utf-8")
    product.seen(one).to_csv(out / "observations.csv", index=False)
    for (language, name), text in built.pages.items():
        (out / language).mkdir(exist_ok=True)
        (out / language / f"{name}.md").write_text(text, encoding="utf-8")
    for language in {lang for lang, _ in built.pages}:
        product.keep(folder, language)
    if (folder / "html").is_dir():
        shutil.copytree(folder / "html", out, dirs_exist_ok=True)


def main() -> int:
    """Try worlds in several processes, leave figures out, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds.run", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200, help="how many worlds")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", type=Path, help="folder for the pages of each world")
    parser.add_argument("--left-out", type=int, default=0, help="how many figures in turn; -1: every one")
    given = parser.parse_args()
    if given.keep:
        os.environ["OSW_WORLDS_KEEP"] = str(given.keep.resolve())
    found: dict[int, list[Finding]] = {}
    began = time.monotonic()
    gc.freeze()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        waiting = {pool.submit(tried, given.seed, number): number for number in range(given.worlds)}
        for future in as_completed(waiting):
            _, found[waiting[future]] = future.result()
            if len(found) % max(given.worlds // 10, 1) == 0:
                print(f"{len(found)} of {given.worlds} worlds, {time.monotonic() - began:.0f} s", flush=True)
    wrong = {number: findings for number, findings in sorted(found.items()) if findings}
    kinds = Counter(f.kind for findings in wrong.values() for f in findings)
    told = f"{len(wrong)} with a finding: {dict(kinds) or 'none'}"
    print(f"\n{given.worlds} worlds of seed {given.seed}, {told}")
    for number, findings in wrong.items():
        print("\n".join(f"  {number}: {f.line()}" for f in findings))
    absent = given.left_out and absence.told(given.seed, given.left_out)
    return int(bool(wrong or absent))


if __name__ == "__main__":
    sys.exit(main())

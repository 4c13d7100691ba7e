"""Walk next year once, from the files that publishers send to the pages: every figure of it is INVENTED.

`python -m tests.rehearsal.walk [--seed N] [--short] [--keep DIR]` does in a copy of what a clone holds what
docs/bijwerken.md and .github/workflows/yearly.yml say, in their order, on a day in 2027, and stops at the first thing
that is not as they promise. Nothing leaves the copy.
"""

import argparse
import itertools
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from osw_stats.data.clean import clean
from tests.builds import hashes, how, osw
from tests.conftest import PROJECT, copy_project
from tests.rehearsal.invented import DOWNLOAD, YEAR, cut_off, download, fill, sheets
from tests.worlds.check import judge
from tests.worlds.facts import Finding, facts_of
from tests.worlds.product import known_series, read_charts, read_pages

TODAY, AS_OF = f"{YEAR + 1}-12-01", f"{YEAR + 1}-11-30"
WORKFLOW = PROJECT / ".github" / "workflows" / "yearly.yml"
# of the pages of an edition, what tells of the project as it is today: raw files, and editions that came since
OF_TODAY = re.compile(r"^(?:sources|sources-.*|data|quality|changes|revisions|archive)$")
# and of the other pages the lines that do: why a figure was absent then, how many were revised since, the default year,
# the size of a file
LINE_OF_TODAY = re.compile(
    r"(?m)^(?:Hiervoor ontbreekt in deze editie|A figure needed here is absent|Dit zijn de cijfers zoals|"
    r"These are the figures as they|edition = |- \[[^]]*\]\((?:\.\./)?data/).*$"
)
# and on which of the pages of sources a figure stands: a document that came since may move it to the next, with its anchor
PAGE_OF_TODAY = re.compile(r"\(sources-\d+\.qmd(?=#obs-)")
Pages = dict[tuple[str, str], str]


@dataclass
class Walk:
    """A rehearsal in a folder: whether it is the short one, and what was found on the way."""

    root: Path
    seed: int
    short: bool = False
    before: dict[str, bytes] = field(default_factory=dict)  # tables of the edition before, as they were
    pages_before: Pages = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # by the commands of the workflow

    @property
    def quick(self) -> tuple[str, ...]:
        return ("--only", "run") if self.short else ()

    def osw(self, *arguments: str, refused: bool = False) -> str:
        """Run a command in the copy, with the copy's own code, in 2027; return what it said."""
        done = osw(self.root, *arguments, env=how(self.root)[1] | {"OSW_TODAY": TODAY})
        said = f"osw {' '.join(arguments)} ended with {done.returncode}"
        assert (done.returncode != 0) is refused, f"{said}:\n{done.stdout}{done.stderr}"
        print(said, flush=True)
        return done.stdout + done.stderr

    # --- the steps, in their order --------------------------------------------------------------------------

    def begin(self) -> None:
        """Build the edition that is the newest today, keep what it says, and begin the new one: its file and sheets."""
        self.osw("build", "--edition", str(YEAR - 1), *self.quick)
        self.before, self.pages_before = self._tables(YEAR - 1), self._pages(YEAR - 1)
        assert f"wrote editions/{YEAR}.yml" in self.osw("new-edition", str(YEAR), "--as-of", AS_OF)
        assert (self.root / "editions" / f"{YEAR - 1}.headlines.csv").is_file()

    def damaged(self) -> None:
        """Hand in a sheet with a letter in a number, then a download that was cut off: both are refused, nothing changes."""
        rows = sheets(self.seed)["politie"]
        spoilt = [rows[0] | {"Waarde": str(rows[0]["Waarde"]).replace("0", "o", 1) + "o"}, *rows[1:]]
        sheet, cells = self._hand_in("politie", spoilt)
        self._refused(sheet.name, f"cel {cells[0]}", spoilt[0]["Waarde"])
        sheet.unlink()
        table = self.root / "data" / "raw" / "police" / DOWNLOAD
        table.write_text(cut_off(self._download(), self.seed), encoding="utf-8")
        self._refused(table.name)
        table.unlink()

    def figures_arrive(self) -> None:
        """Hand in every sheet and the whole download; fill in when the table was published, as the build asks for."""
        for name, rows in sheets(self.seed).items():
            self._hand_in(name, rows)
        table = self.root / "data" / "raw" / "police" / DOWNLOAD
        table.write_text(self._download(), encoding="utf-8")
        assert DOWNLOAD.removesuffix(".csv") in self.osw("record")
        record = table.with_name(table.stem + ".source.yml")
        entry = yaml.safe_load(record.read_text(encoding="utf-8"))
        entry |= {"title": "Geregistreerde misdrijven (verzonnen)", "published": f"{YEAR + 1}-10-01"}
        entry |= {"published_precision": "day", "date_basis": "printed"}
        record.write_text(yaml.safe_dump(entry, sort_keys=False, allow_unicode=True), encoding="utf-8")

    def workflow(self) -> None:
        """Give every `osw` command of the workflow but the download, in its order; a short rehearsal does not verify."""
        years = dict(line.split("=") for line in self.osw("editions").split())
        assert years == {"EDITION": str(YEAR), "BEFORE": str(YEAR - 1)}
        for words in commands(years):
            if self.short and words[0] == "verify":
                continue
            before = words[0] == "build" and str(YEAR - 1) in words
            given = [word for word in words if not (self.short and word == "--archive")]
            self.told[words[0]] = self.osw(*given, *(self.quick if before else ()))
            if before:
                self.edition_before_is_as_it_was()
        for page in () if self.short else ("index.html", "en/index.html", "trend.html"):
            assert (self.root / "_site" / str(YEAR - 1) / page).is_file(), f"the archive lacks {page}"
        assert "has no report to check" in self.osw("claims", "--edition", str(YEAR), "--record")

    def revision_is_named(self) -> None:
        """The diff and the page on changes name the revised figure, old and new value."""
        new = next(r["Waarde"] for r in sheets(self.seed)["politie"] if r.get("Bijzonderheid") == "herzien")
        for text in (self.told["diff"], self._pages(YEAR)["en", "changes"]):
            row = [line for line in text.splitlines() if "14,802" in line and f"{new:,}" in line]
            assert row, f"14,802 and {new:,} stand in no line of the changes"

    def figures_are_there(self) -> None:
        """Every figure that was handed in stands in the new edition, and the change that follows from two counts."""
        found = pd.read_csv(self.root / "data" / "processed" / str(YEAR) / "observations.csv", dtype=str)
        keys = found[["series_id", "sex", "age", "breakdown"]].fillna("").agg("|".join, axis=1)
        there = {*zip(keys, found["time_period"], strict=True)}
        for row in itertools.chain(*sheets(self.seed).values()):
            assert (row["Sleutel"], row["Periode"]) in there, row
        assert ("police_registered_141|total|total|", str(YEAR)) in there
        derived = found.query(f"series_id == 'helpwanted_requests_change' and time_period == '{YEAR}'")
        assert derived["obs_status"].tolist() == ["derived"]

    def edition_before_is_as_it_was(self) -> None:
        """The edition before, made anew from the vintages of then, has the tables and pages it had."""
        after = self._tables(YEAR - 1)
        differing = [name for name, content in self.before.items() if after.get(name) != content]
        assert not differing, f"edition {YEAR - 1} has other {differing}"
        pages = self._pages(YEAR - 1)
        for which, text in self.pages_before.items():
            if not OF_TODAY.match(which[1]):
                then, now = (PAGE_OF_TODAY.sub("(", LINE_OF_TODAY.sub("", t)) for t in (text, pages[which]))
                assert then == now, f"edition {YEAR - 1} says otherwise on {which}"

    def nothing_false(self) -> list[Finding]:
        """Return the false sentences of the new edition's pages and charts, found by the check of worlds."""
        figures = clean(self.root).observations
        pages, charts = self._pages(YEAR), read_charts(self.root / "build" / str(YEAR) / "pages")
        for language in ("nl", "en"):  # the words of pages and charts are there to be read
            assert str(YEAR) in pages[language, "index"] and len(pages[language, "trend-annex"]) > 5000
            assert any(words for (which, _), words in charts.items() if which == language)
        return judge(pages, charts, facts_of(YEAR, AS_OF, figures, known_series()))

    # --- what the steps rest on -----------------------------------------------------------------------------

    def _hand_in(self, name: str, rows: list[dict[str, object]]) -> tuple[Path, dict[int, str]]:
        target = self.root / "data" / "raw" / "filled_in" / f"{name}-{YEAR}.xlsx"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(self.root / "fill-in" / str(YEAR) / target.name, target)
        return target, fill(target, rows, name)

    def _download(self) -> str:
        path = self.root / "data" / "raw" / "police" / "registered_offences.csv"
        known = pd.read_csv(path, dtype={"time_period": str}).query("series_id == 'police_registered_141'")
        return download(self.seed, known.rename(columns={"value": "obs_value"}))

    def _refused(self, *named: object) -> None:
        before = hashes(self.root)
        said = self.osw("build", "--edition", str(YEAR), refused=True)
        for name in named:
            assert str(name) in said, f"the refusal does not name {name}:\n{said}"
        assert hashes(self.root) == before, "a refused build changed what is published"

    def _tables(self, year: int) -> dict[str, bytes]:
        folder = self.root / "data" / "processed" / str(year)
        names = ("observations.csv", "claims.csv", "numbers.json")  # vintages.csv also holds what came later
        return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}

    def _pages(self, year: int) -> Pages:
        return read_pages(self.root / "build" / str(year) / "pages")


def commands(years: dict[str, str]) -> list[list[str]]:
    """Return the words of every `osw` command of the workflow, with its variables; nothing is downloaded."""
    steps = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["report"]["steps"]
    runs = [re.split(r" (?:2>&1|>|\|) ", step.get("run", ""))[0].split() for step in steps]
    known = {f'"${name}"': year for name, year in years.items()}
    ours = [words[1:] for words in runs if words[:1] == [".venv/bin/osw"]]
    ours = [words for words in ours if words[0] not in ("fetch", "editions")]
    return [[known.get(word, word) for word in words] for words in ours]


def walk(root: Path, seed: int, *, short: bool = False) -> list[Finding]:
    """Go through the year in a copy of the project at `root`; return the false sentences on its pages."""
    one = Walk(copy_project(root), seed, short)
    one.begin()
    one.damaged()
    one.figures_arrive()
    one.workflow()
    one.figures_are_there()
    one.revision_is_named()
    return one.nothing_false()


def main() -> int:
    """Rehearse, and print the false sentences."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearsal.walk", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the invented figures")
    without = "without archive, verify and the site of the edition before"
    parser.add_argument("--short", action="store_true", help=without)
    parser.add_argument("--keep", type=Path, help="folder to do it in, and to keep; must not be there yet")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = walk(given.keep or Path(folder) / "clone", given.seed, short=given.short)
    nothing = f"Edition {YEAR} of invented figures: nothing false was found."
    print("\n".join(f.line() for f in found) or nothing)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

"""Walk next year once, from the files that publishers send to the pages: every figure of it is INVENTED.

`make rehearsal` does in a copy of what a clone holds what docs/bijwerken.md and .github/workflows/yearly.yml say, in their
order, on a day in 2027, and stops at the first thing that is not as they promise. Nothing leaves the copy. A short
rehearsal goes without the archive, without verifying, and without the site of the edition before.
"""

import itertools
import re
import shutil

import pandas as pd
import yaml

from osw_stats.data.clean import clean
from tests.builds import command_line, hashes, osw
from tests.conftest import PROJECT, copy_project
from tests.rehearsal.invented import DOWNLOAD, YEAR, cut_off, download, fill, sheets
from tests.worlds.check import judge
from tests.worlds.facts import facts_of
from tests.worlds.product import known_series, read_charts, read_pages

TODAY, AS_OF = f"{YEAR + 1}-12-01", f"{YEAR + 1}-11-30"
NOW, BEFORE = str(YEAR), str(YEAR - 1)
# of the pages of an edition, what tells of the project as it is today: raw files, and editions that came since
OF_TODAY = re.compile(r"^(?:sources|sources-.*|data|quality|changes|revisions|archive)$")
# and of the other pages what does: why a figure was absent then, how many were revised since, the default year, the size
# of a file; and on which of the pages of sources a figure stands: a document that came since may move it, with its anchor
PART_OF_TODAY = re.compile(
    r"(?m)^(?:Hiervoor ontbreekt in deze editie|A figure needed here is absent|Dit zijn de cijfers zoals|"
    r"These are the figures as they|edition = |- \[[^]]*\]\((?:\.\./)?data/).*$|(?<=\(sources-)\d+(?=\.qmd#obs-)"
)


class Walk:
    """A rehearsal in a folder."""

    def __init__(self, root, seed, *, short=False):
        self.root, self.seed, self.short = copy_project(root), seed, short
        self.quick = ("--only", "run") if short else ()
        self.sheets, self.raw = sheets(seed), self.root / "data" / "raw"
        self.table = self.raw / "police" / DOWNLOAD

    def osw(self, *arguments, refused=False):
        """Run a command in the copy, with the copy's own code, in 2027; return what it said."""
        done = osw(self.root, *arguments, env=command_line(self.root)[1] | {"OSW_TODAY": TODAY})
        said = f"osw {' '.join(arguments)} ended with {done.returncode}"
        assert (done.returncode != 0) is refused, f"{said}:\n{done.stdout}{done.stderr}"
        print(said, flush=True)
        return done.stdout + done.stderr

    def walk(self):
        """Go through the year; return the false sentences on its pages."""
        self.begin()
        self.damaged()
        self.figures_arrive()
        self.figures_are_there(self.workflow())
        return self.nothing_false()

    def begin(self):
        """Build the edition that is the newest today, keep what it says, and begin the new one: its file and sheets."""
        self.osw("build", "--edition", BEFORE, *self.quick)
        self.before = self._tables(), self._pages(BEFORE)
        assert f"wrote editions/{NOW}.yml" in self.osw("new-edition", NOW, "--as-of", AS_OF)
        assert (self.root / "editions" / f"{BEFORE}.headlines.csv").is_file()

    def damaged(self):
        """Hand in a sheet with a letter in a number, then a download that was cut off: both are refused, nothing changes."""
        first, *rows = self.sheets["politie"]
        spoilt = str(first["Waarde"]).replace("0", "o", 1) + "o"
        sheet, cells = self._hand_in("politie", [first | {"Waarde": spoilt}, *rows])
        self._refused(sheet, f"cel {cells[0]}", spoilt)
        self.table.write_text(cut_off(self._download(), self.seed), encoding="utf-8")
        self._refused(self.table)

    def figures_arrive(self):
        """Hand in every sheet and the whole download; fill in when the table was published, as the build asks for."""
        for name, rows in self.sheets.items():
            self._hand_in(name, rows)
        self.table.write_text(self._download(), encoding="utf-8")
        assert self.table.stem in self.osw("record")
        record = self.table.with_suffix(".source.yml")
        entry = yaml.safe_load(record.read_text(encoding="utf-8")) | {"published": f"{YEAR + 1}-10-01"}
        entry |= {"title": "Misdrijven (verzonnen)", "published_precision": "day", "date_basis": "printed"}
        record.write_text(yaml.safe_dump(entry, sort_keys=False, allow_unicode=True), encoding="utf-8")

    def workflow(self):
        """Give every `osw` command of the workflow but the download, in its order; return what each said."""
        years = dict(line.split("=") for line in self.osw("editions").split())
        assert years == {"EDITION": NOW, "BEFORE": BEFORE}
        told = {}
        for words in commands(years):
            if self.short and words[0] == "verify":
                continue
            before = words[0] == "build" and BEFORE in words
            given = [word for word in words if not (self.short and word == "--archive")]
            told[words[0]] = self.osw(*given, *(self.quick if before else ()))
            if before:
                self.edition_before_is_as_it_was()
        for page in () if self.short else ("index.html", "en/index.html", "trend.html"):
            assert (self.root / "_site" / BEFORE / page).is_file(), f"the archive lacks {page}"
        assert "has no report to check" in self.osw("claims", "--edition", NOW, "--record")
        return told

    def figures_are_there(self, told):
        """Every figure that was handed in stands in the new edition, and the change that follows from two counts.

        The diff and the page on changes name the revised figure, old and new value.
        """
        found = pd.read_csv(self.root / "data" / "processed" / NOW / "observations.csv", dtype=str)
        keys = found[["series_id", "sex", "age", "breakdown"]].fillna("").agg("|".join, axis=1)
        rows = [*itertools.chain(*self.sheets.values())]
        wanted = {(row["Sleutel"], row["Periode"]) for row in rows} | {
            ("police_registered_141|total|total|", NOW)
        }
        assert wanted <= {*zip(keys, found["time_period"], strict=True)}
        derived = found.query("series_id == 'helpwanted_requests_change' and time_period == @NOW")
        assert derived["obs_status"].tolist() == ["derived"]
        new = f"{next(row['Waarde'] for row in rows if row.get('Bijzonderheid') == 'herzien'):,}"
        for text in (told["diff"], self._pages(NOW)["en", "changes"]):
            assert [line for line in text.splitlines() if "14,802" in line and new in line], new

    def edition_before_is_as_it_was(self):
        """The edition before, made anew from the vintages of then, has the tables and pages it had."""
        (tables, pages), after = self.before, self._pages(BEFORE)
        assert tables == self._tables()
        for which, text in pages.items():
            if not OF_TODAY.match(which[1]):
                then, now = (PART_OF_TODAY.sub("", t) for t in (text, after[which]))
                assert then == now, f"edition {BEFORE} says otherwise on {which}"

    def nothing_false(self):
        """Return the false sentences of the new edition's pages and charts, found by the check of worlds."""
        figures = clean(self.root).observations
        pages, charts = self._pages(NOW), read_charts(self.root / "build" / NOW / "pages")
        for language in ("nl", "en"):  # the words of pages and charts are there to be read
            assert NOW in pages[language, "index"] and len(pages[language, "trend-annex"]) > 5000
            assert any(words for (which, _), words in charts.items() if which == language)
        return judge(pages, charts, facts_of(YEAR, AS_OF, figures, known_series()))

    def _hand_in(self, name, rows):
        target = self.raw / "filled_in" / f"{name}-{NOW}.xlsx"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(self.root / "fill-in" / NOW / target.name, target)
        return target, fill(target, rows, name)

    def _download(self):
        known = pd.read_csv(self.raw / "police" / "registered_offences.csv", dtype={"time_period": str})
        known = known.query("series_id == 'police_registered_141'")
        return download(self.seed, known.rename(columns={"value": "obs_value"}))

    def _refused(self, path, *named):
        """Build, which refuses the file by its name and changes nothing; take it away."""
        before, said = hashes(self.root), self.osw("build", "--edition", NOW, refused=True)
        assert [name for name in (path.name, *named) if str(name) not in said] == [], said
        assert hashes(self.root) == before, "a refused build changed what is published"
        path.unlink()

    def _tables(self):
        folder = self.root / "data" / "processed" / BEFORE
        names = ("observations.csv", "claims.csv", "numbers.json")  # vintages.csv also holds what came later
        return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}

    def _pages(self, year):
        return read_pages(self.root / "build" / year / "pages")


def commands(years):
    """Return the words of every `osw` command of the workflow, with its variables; nothing is downloaded."""
    workflow = (PROJECT / ".github" / "workflows" / "yearly.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(workflow)["jobs"]["report"]["steps"]
    runs = [re.split(r" (?:2>&1|>|\|) ", step.get("run", ""))[0].split() for step in steps]
    known = {f'"${name}"': year for name, year in years.items()}
    ours = [words[1:] for words in runs if words[:1] == [".venv/bin/osw"]]
    return [[known.get(w, w) for w in words] for words in ours if words[0] not in ("fetch", "editions")]

"""What a second build does again and what not; verifying; two builds at once. On the real project."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.builds import BUILD, build, built, command_line, hashes, osw
from tests.conftest import edit
from tests.site.conftest import CASES

pytestmark = pytest.mark.whole_road
REPEATS = re.compile(CASES["repeats"])
RUNS = {"prevalence", "trend", "capacity_gap", "claims"}


def log(root: Path) -> list[dict]:
    return [json.loads(line) for line in (root / "build/2024/run.jsonl").read_text("utf-8").splitlines()]


def add_line(path):
    path.write_text(path.read_text(encoding="utf-8") + "\nAnother line.\n", encoding="utf-8")


def lists_of_files(root: Path) -> dict[str, str]:
    """Return the pages that list the downloads, without how large these are."""
    names = ("_site/data.html", "_site/en/data.html")
    return {name: re.sub(r"\d+ kB", "", (root / name).read_text(encoding="utf-8")) for name in names}


def executed(root: Path) -> set[str]:
    """Return the runs that the last build really executed."""
    return {line["run"] for line in log(root) if line["event"] == "run" and not line["kept"]}


@pytest.fixture
def report(report, tmp_path):
    """A copy of the shared report, to change and build again."""
    return Path(shutil.copytree(report, tmp_path / "report"))


def test_nothing_changed_is_nothing_to_do_and_pages_alone_are_those_of_a_whole_build(report):
    before, last = hashes(report), log(report)
    assert executed(report) == RUNS
    said = built(report)
    assert "Nothing to do" in said and "Open\n" in said
    assert hashes(report) == before
    assert log(report) == last  # not even the log is written
    built(report, "--only", "render")
    assert hashes(report) == before


def test_prose_and_the_look_of_pages_execute_nothing_and_prose_reaches_its_page(report):
    edit(report / "pages/nl/trend.qmd", "Wat dit niet laat zien", "Wat dit niet toont")
    add_line(report / "pages/en/index.qmd")
    before, lists = hashes(report), lists_of_files(report)
    built(report)
    assert executed(report) == set()
    changed = {p for p, h in hashes(report).items() if before.get(p) != h}
    pages = {p for p in changed if p.endswith(".html")} - set(lists)
    assert (pages, lists_of_files(report)) == ({"_site/trend.html", "_site/en/index.html"}, lists)
    assert {p for p in changed if not p.endswith(".html") and not REPEATS.search(p)} == set()
    assert "Wat dit niet toont" in (report / "_site/trend.html").read_text(encoding="utf-8")
    add_line(report / "osw_stats/publish/site/site.css")
    built(report)
    assert executed(report) == set()


def test_a_draft_shows_the_pages_of_now_and_publishes_nothing(report):
    add_line(report / "pages/en/index.qmd")
    before, last, draft = hashes(report), log(report), report / "build/2024/draft"
    said = built(report, "--draft")
    assert (draft / "en/index.html").as_uri() in said and "nothing was published" in said
    assert (hashes(report), log(report)) == (before, last)
    built(report)
    pages = {p.relative_to(report / "_site") for p in (report / "_site").rglob("*.html")}
    assert len(pages) > 80
    # all but the lists of downloads, which tell how large they are
    differ = {p.stem for p in pages if (draft / p).read_bytes() != (report / "_site" / p).read_bytes()}
    assert differ <= {"index", "data", "report"}
    assert "Another line." in (draft / "en/index.html").read_text(encoding="utf-8")


def test_a_draft_needs_a_build_and_its_reports(report, project):
    (report / "data/processed/2024/report-2024-nl.docx").unlink()
    built(project, "--only", "clean")
    for root, lack in ((report, "report-2024-nl.docx is not there"), (project, "there was none")):
        done = build(root, "--draft")
        assert done.returncode == 1 and f"{lack}. Run `osw build` first." in done.stderr
        assert "run     " not in done.stdout


@pytest.mark.parametrize(("name", "old", "new"), CASES["changed_inputs"])
def test_pages_alone_are_made_of_runs_of_the_inputs_of_now_only(report, name, old, new):
    before = hashes(report)
    edit(report / name, old, new)
    done = build(report, "--only", "render")
    assert done.returncode == 1
    assert "was not run with the inputs of now. Run `osw build --only run` first." in done.stderr
    assert hashes(report) == before


def test_a_code_cell_executes_its_notebook_only_and_of_two_builds_at_once_one_is_told(report):
    edit(report / "notebooks/claims.ipynb", "report.save(results)", "report.save( results)")
    built(report)
    assert executed(report) == {"claims"}
    # what was taken again because the cell gave the same is what a whole build makes, whoever comes in between
    taken, (line, env) = hashes(report), command_line(report, *BUILD, "--force")
    with subprocess.Popen(line, cwd=report, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith("clean")
        second = build(report, "--force")
        process.stdout.read()
    assert (process.returncode, executed(report)) == (0, RUNS)
    assert second.returncode == 1
    assert f"another build is running here (process {process.pid}, edition 2024)" in second.stderr
    assert hashes(report) == taken


def test_a_lost_or_edited_page_is_made_again_without_executing(report):
    before = hashes(report)
    (report / "_site/trend.html").unlink()
    (report / "_site/en/index.html").write_text("spoiled", encoding="utf-8")
    (report / "figures/2024/more.svg").write_text("not ours", encoding="utf-8")
    assert "stale   _site/en/index.html changed, and 2 more" in built(report)
    assert (executed(report), hashes(report)) == (set(), before)


def test_the_site_verifies_but_for_one_changed_byte(report):
    files = json.loads((report / "_site/checksums.json").read_text(encoding="utf-8"))["files"]
    assert set(files) >= {p for p in hashes(report) if p != "_site/checksums.json"}
    path = report / "_site/data/observations.csv"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    done = osw(report, "verify", "--renderer", "pandoc")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "altered    _site/data/observations.csv: changed after it was published" in done.stdout
    assert f"NOT verified: {len(files) - 1} identical; 1 altered." in done.stdout

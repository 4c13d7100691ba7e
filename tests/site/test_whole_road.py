"""Build the whole report from a clean copy and read the numbers back out of its pages."""

import math
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.builds import hashes, osw
from tests.site.conftest import CASES, FOLDERS, page_of, read

pytestmark = pytest.mark.whole_road


def told_by(root: Path, notebook: str, language: str = "nl") -> str:
    """Return the words of the pages of one notebook."""
    texts = [page_of(root, name, language).main.get_text(" ") for name in (notebook, f"{notebook}-annex")]
    return re.sub(r"\s+", " ", " ".join(texts))


def test_a_page_states_the_prevalence_with_its_assumed_interval(report):
    p, n, z = 0.052, 25_000 / 1.3, 1.959964
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((centre + s * spread) / (1 + z * z / n) * 100 for s in (-1, 1))
    text = told_by(report, "prevalence")
    assert "5,2 procent" in text
    assert f"{low:.1f} tot {high:.1f} procent".replace(".", ",") in text
    assert "aangenomen" in text


def test_a_page_states_the_police_change_with_its_overdispersed_interval(report):
    pairs = pd.read_csv(report / "data/processed/2024/trend_pairs.csv", dtype={"period1": str})
    row = pairs[pairs["series"].eq("police_reports") & pairs["period1"].eq("2024")].iloc[0]
    low, high = row["lower"], row["upper"]
    # what all series together leave open; tests/stats work the model out on their own
    assert (low, high) == pytest.approx((-34.0, 69.1), abs=0.1)
    assert row["exact_lower"] > 1  # more than pure chance
    text = told_by(report, "trend")
    assert "5,6 procent meer dan in 2023" in text
    assert f"{-low:.1f} procent minder tot {high:.1f} procent meer".replace(".", ",") in text
    assert "gewone schommeling" in text
    assert "niet aantoonbaar veranderd" in text


@pytest.mark.parametrize(("language", "notebook", "phrases"), CASES["headlines"])
def test_the_pages_state_each_headline_in_both_languages(report, language, notebook, phrases):
    text = told_by(report, notebook, language)
    assert all(phrase in text for phrase in phrases)


@pytest.mark.parametrize(
    ("language", "tag", "other"),
    [("nl", "nl-NL", "What this does not show"), ("en", "en-GB", "Wat dit niet laat zien")],
)
def test_every_page_has_one_language_and_tables_with_headings(report, language, tag, other):
    """What else makes a page whole, dead links among it, the gate asks of every page."""
    for path in (report / "_site" / FOLDERS[language]).glob("*.html"):
        soup = read(path)
        assert soup.html["lang"] == tag
        assert other not in soup.get_text(" ")
        assert all(table.find("th", scope="col") for table in soup.find_all("table"))


def test_every_published_row_of_the_raw_tables_stands_on_a_page_of_sources(report):
    pages = [p.stem for p in (report / "_site").glob("sources-*.html")]
    anchors = {tag["id"] for name in pages for tag in page_of(report, name).find_all(id=True)}
    observations = pd.read_csv(report / "data/processed/2024/observations.csv", dtype=str)
    wanted = {f"obs-{i}".replace("/", "-").replace("+", "plus") for i in observations["obs_id"]}
    assert wanted <= anchors


def test_the_summary_says_what_was_made_where_and_what_is_missing(report):
    output = (report / "output.txt").read_text()
    for word in ("clean", "run     prevalence", "render", "Made", "Open", "Took", "Missing", "file://"):
        assert word in output


def test_a_quarto_that_fails_is_told_and_pandoc_goes_on(report, tmp_path, monkeypatch):
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho no such profile >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    root = Path(shutil.copytree(report, tmp_path / "project"))
    before = hashes(root)
    done = osw(root, "build", "--only", "render")
    assert done.returncode == 0, done.stderr
    assert "Quarto failed on the nl pages" in done.stdout
    assert "pages (nl) with pandoc" in done.stdout
    record = "_site/checksums.json"  # names the program that was there
    assert hashes(root) | {record: ""} == before | {record: ""}

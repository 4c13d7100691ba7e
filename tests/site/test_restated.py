"""No published page repeats what the ledger calls wrong, in either language."""

import csv
import re

import pandas as pd
import pytest

from osw_stats.claims.verdicts import WRONG
from osw_stats.errors import InputError, OswError
from osw_stats.publish.site import restated
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import csv_text, markdown
from tests.conftest import PROJECT
from tests.site.conftest import CASES, FOLDERS, read

PLANTED = CASES["restated"]  # what stood on our own pages, and other ways to say the same


def words_of(page) -> str:
    """Return the words of a page and its alt texts, one block or row of a table a line."""
    soup = read(page)
    for tag in soup.find_all(["script", "style"]):
        tag.decompose()
    blocks = soup.find_all(["p", "li", "tr", "h1", "h2", "h3", "h4", "figcaption", "caption"])
    others = [tag[name] for name in ("alt", "content", "title") for tag in soup.find_all(attrs={name: True})]
    return "\n\n".join([*(re.sub(r"\s+", " ", block.get_text(" ")) for block in blocks), *others])


@pytest.fixture(scope="module")
def claims(tables):
    return list(csv.DictReader(csv_text(tables.claims()).splitlines()))


@pytest.fixture(scope="module")
def declared():
    return restated.read(PROJECT)


@pytest.mark.whole_road
@pytest.mark.parametrize("language", FOLDERS)
def test_no_published_page_and_no_table_repeats_it_in_words_of_ours(report, language, claims, declared):
    folder = report / "_site" / FOLDERS[language]
    pages = [p for p in sorted(folder.glob("*.html")) if not p.name.startswith("sources-")]
    assert len(pages) > 20
    for page in pages:
        assert restated.repeated(words_of(page), claims, declared, language) == [], page.name
    printed = ("as_reported", "quote", "text", "title", "recommendation")  # words of a source
    tables = [p for p in sorted((report / "data/processed/2024").glob("*.csv")) if "claims" not in p.name]
    assert len(tables) > 20
    for path in tables:
        ours = pd.read_csv(path, dtype=str).drop(columns=list(printed), errors="ignore").fillna("")
        for text in pd.unique(ours.to_numpy().ravel()):
            assert restated.repeated(text, claims, declared, language) == [], (path.name, text)


@pytest.mark.parametrize("language", FOLDERS)
def test_a_claim_called_wrong_without_a_declaration_stops_the_build(tmp_path, tables, claims, language):
    restated.require(tmp_path, language, PROJECT, csv_text(tables.claims()))
    wrong = [c for c in claims if c["verdict"] in WRONG and c["counted_as"] == "statement"]
    assert len({c["id"] for c in wrong if not c["restates"]}) > 15
    for verdict in WRONG:
        result = tables.claims()
        result.loc[result["id"] == "s4_9a", "verdict"] = verdict
        with pytest.raises(OswError, match=r"pages/restated.csv: the ledger calls the claim s4_9a wrong"):
            restated.require(tmp_path, language, PROJECT, csv_text(result))


@pytest.mark.parametrize("shape", CASES["restated_in"])
@pytest.mark.parametrize("language", FOLDERS)
def test_a_planted_repetition_is_caught_wherever_it_stands_unless_quoted(tmp_path, tables, language, shape):
    verdicts = csv_text(tables.claims())
    for claim, sentences in PLANTED[language].items():
        for sentence in sentences:
            text = f"# Titel\n\nIets anders.\n\n{shape}\n"
            (tmp_path / "trend.qmd").write_text(text.format(f"“{sentence}”"), encoding="utf-8")
            restated.require(tmp_path, language, PROJECT, verdicts)
            (tmp_path / "trend.qmd").write_text(text.format(sentence), encoding="utf-8")
            with pytest.raises(OswError, match=rf"\({language}\): trend.qmd says .* \(claim {claim}\)"):
                restated.require(tmp_path, language, PROJECT, verdicts)


@pytest.mark.parametrize("language", FOLDERS)
def test_the_ledger_itself_passes(tables, claims, declared, language):
    ledger = markdown(tables.claims(), LAYOUTS["claims_result"], language)
    assert restated.repeated(ledger, claims, declared, language) == []


def test_an_edition_without_a_report_has_nothing_to_repeat_and_a_bad_pattern_says_where(tmp_path, project):
    (tmp_path / "trend.qmd").write_text(PLANTED["nl"]["s4_3a"][0])
    restated.require(tmp_path, "nl", PROJECT, "")
    file = project / "pages/restated.csv"
    file.write_text(file.read_text() + "s4_9a,nl,(open\n")
    with pytest.raises(InputError, match=r'pages/restated.csv, row \d+, column "pattern", value "\(open"'):
        restated.read(project)


def test_every_declaration_is_of_a_claim_of_the_ledger(claims, declared):
    assert {row["claim"] for row, _ in declared} <= {c["id"] for c in claims}
    assert {row["language"] for row, _ in declared} == set(FOLDERS)
    assert not [row for row, pattern in declared if re.fullmatch(pattern, "")]

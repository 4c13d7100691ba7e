"""No published page repeats what the ledger calls wrong, in either language."""

import csv
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from osw_stats.analysis.claims.verdicts import WRONG
from osw_stats.errors import InputError, OswError
from osw_stats.report.site import restated
from osw_stats.report.tables import csv_text
from tests.conftest import PROJECT

LANGUAGES = ("nl", "en")
# what stood on our own pages, and other ways to say the same
PLANTED = {
    "nl": {
        "s4_3a": (
            "Hoeveel van de meldingen een online kant heeft, houdt de politie niet apart bij.", "Wat online is, registreert de politie niet apart.",
            "Welk deel van het politiewerk online is: dat wordt niet apart geregistreerd.", "Er wordt niet apart geregistreerd op sexchatting of andere online delicten.",
            "Geen deel dat de politie ziet: dat wordt nergens apart geteld.", "Dat telt de politie\nniet afzonderlijk.",
            "Online delicten worden door de politie niet apart geregistreerd.", "De politie heeft geen aparte registratie van online delicten.",
            "Zaken met een online kant zijn bij de politie niet apart te tellen.", "Online delicten telt niemand apart.",
        ),
        "s4_8d": ("In 2020 waren zo’n 72.000 meisjes slachtoffer.",), "s4_8e": ("Het ging om 24.000 jongens.", "Het waren 24 duizend jongens."),
        "s4_8b": ("In 2020 was 10% van alle jongens slachtoffer.",), "s4_27a": ("Meer dan 12.000 slachtoffers belden Helpwanted.", "12.206 mensen vroegen advies."),
        "s4_8h": ("Sinds 2020 is het aantal slachtoffers gestegen.", "De aantallen zullen sinds 2020 zijn toegenomen.", "Sinds 2020 nam het aantal slachtoffers toe."),
        "s7_9a": ("Drie op de tien meisjes van 16 en 17 is slachtoffer.", "Eén op de drie meisjes is slachtoffer."),
        "s5_4a": ("98 procent van alle deepfakes is pornografisch.",),
    },
    "en": {
        "s4_3a": (
            "How many of the reports have an online side, the police do not register apart.", "The police do not record this separately.",
            "Which part of police work is online: it is not registered apart.", "No part that the police see: that is counted apart nowhere.",
            "Sex chatting and other online offences are not recorded separately.", "Online offences are not separately recorded by the police.",
            "The police do not keep online offences apart.", "The police have no separate record of online offences.",
        ),
        "s4_8d": ("In 2020 some 72,000 girls were victims.",), "s4_8e": ("There were 24,000 boys.",),
        "s4_8b": ("In 2020 10% of all boys were victims.",), "s4_27a": ("More than 12,000 victims called Helpwanted.", "12,206 people asked for advice."),
        "s4_8h": ("Since 2020 the number of victims has risen.", "The numbers will have risen since 2020."),
        "s7_9a": ("Three in ten girls is a victim.", "One in three girls are victims."),
        "s5_4a": ("98 percent of all deepfakes are pornographic.",),
    },
}  # fmt: skip


class Lines(HTMLParser):
    """The words of a page and its alt texts, one block or row of a table a line."""

    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, given):
        self.hidden += tag in ("script", "style")
        self.parts.append(
            "\n\n"
            if tag in ("p", "li", "tr", "h1", "h2", "h3", "h4", "div", "figcaption", "caption")
            else " "
        )
        self.parts += [
            f"\n\n{value}\n\n" for name, value in given if name in ("alt", "content", "title") and value
        ]

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, text):
        if not self.hidden:
            self.parts.append(text.replace("\n", " ").replace("*", ""))


def words_of(page):
    reader = Lines()
    reader.feed(page.read_text(encoding="utf-8"))
    return "".join(reader.parts)


@pytest.fixture(scope="module")
def claims(tables):
    return list(csv.DictReader(csv_text(tables.claims()).splitlines()))


@pytest.fixture(scope="module")
def declared():
    return restated.read(PROJECT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_published_page_repeats_what_the_ledger_calls_wrong(report, language, claims, declared):
    site = report / "_site"
    pages = [
        p for p in sorted(site.rglob("*.html"))
        if (p.relative_to(site).parts[0] == "en") == (language == "en") and not p.name.startswith("sources-")
    ]  # fmt: skip
    assert len(pages) > 20
    for page in pages:
        assert restated.repeated(words_of(page), claims, declared, language) == [], page.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_published_table_repeats_it_in_words_of_ours(report, language, claims, declared):
    printed = ("as_reported", "quote", "text", "title", "recommendation")  # words of a source
    tables = [p for p in sorted((report / "data/processed/2024").glob("*.csv")) if "claims" not in p.name]
    assert len(tables) > 20
    for path in tables:
        ours = pd.read_csv(path, dtype=str).drop(columns=list(printed), errors="ignore").fillna("")
        for text in pd.unique(ours.to_numpy().ravel()):
            assert restated.repeated(text, claims, declared, language) == [], (path.name, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_called_wrong_must_be_declared(claims, declared, language):
    assert restated.undeclared(claims, declared, language) == []
    wrong = {
        c["id"]
        for c in claims
        if c["verdict"] in WRONG and c["counted_as"] == "statement" and not c["restates"]
    }
    assert len(wrong) > 15
    for claim in wrong:
        fewer = [d for d in declared if d[0]["claim"] != claim]
        assert restated.undeclared(claims, fewer, language) == [claim]


@pytest.mark.parametrize("verdict", WRONG)
def test_a_new_wrong_claim_without_a_declaration_stops_the_build(tmp_path, tables, verdict):
    result = tables.claims()
    result.loc[result["id"] == "s4_9a", "verdict"] = verdict
    with pytest.raises(OswError, match=r"pages/restated.csv: the ledger calls the claim s4_9a wrong"):
        restated.require(tmp_path, "nl", PROJECT, csv_text(result))


@pytest.mark.parametrize(
    ("language", "claim", "sentence"),
    [
        (lang, claim, s)
        for lang, known in PLANTED.items()
        for claim, sentences in known.items()
        for s in sentences
    ],
)
@pytest.mark.parametrize(
    "shape", ["{}", "- {}", "| a | {} |", "![{}](figures/x.svg)", "Vooraf gaat iets. **{}** Daarna ook."]
)
def test_a_planted_repetition_is_caught_wherever_it_stands(
    tmp_path, tables, language, claim, sentence, shape
):
    (tmp_path / "trend.qmd").write_text(
        f"# Titel\n\nIets anders.\n\n{shape.format(sentence)}\n", encoding="utf-8"
    )
    with pytest.raises(OswError, match=rf"\({language}\): trend.qmd says .* \(claim {claim}\)"):
        restated.require(tmp_path, language, PROJECT, csv_text(tables.claims()))


def test_quoted_words_and_the_ledger_itself_pass(tmp_path, tables, claims, declared):
    for language in LANGUAGES:
        quotes = " ".join(f"“{s}”" for sentences in PLANTED[language].values() for s in sentences)
        assert restated.repeated(quotes, claims, declared, language) == []
    shown = tables.claims()
    from osw_stats.report.layouts import LAYOUTS
    from osw_stats.report.tables import markdown

    for language in LANGUAGES:
        text = markdown(shown, LAYOUTS["claims_result"], language)
        assert restated.repeated(text, claims, declared, language) == []


def test_an_edition_without_a_report_has_nothing_to_repeat(tmp_path):
    (tmp_path / "trend.qmd").write_text(PLANTED["nl"]["s4_3a"][0])
    restated.require(tmp_path, "nl", PROJECT, "")


def test_a_pattern_that_cannot_be_read_says_where(project):
    file = project / "pages/restated.csv"
    file.write_text(file.read_text() + "s4_9a,nl,(open\n")
    with pytest.raises(InputError, match=r'pages/restated.csv, row \d+, column "pattern", value "\(open"'):
        restated.read(project)


def test_every_declaration_is_of_a_claim_of_the_ledger(claims, declared):
    assert {row["claim"] for row, _ in declared} <= {c["id"] for c in claims}
    assert {row["language"] for row, _ in declared} == set(LANGUAGES)
    assert not [row for row, pattern in declared if re.fullmatch(pattern, "")]

"""The page on prevalence as a whole: edition by edition, and with figures that rise, fall, stand still or lack."""

from dataclasses import replace

import pandas as pd
import pytest

from osw_stats import load
from osw_stats.publish.contents import items
from osw_stats.publish.pages import standard
from osw_stats.publish.pages.render import render
from tests.computed import computed
from tests.conftest import PROJECT

SHARE = "cbs_osi_12m"
OF_WAVES = (
    SHARE,
    "cbs_phgsg_respondents",
    "cbs_phgsg_population",
    "cbs_osi_12m_persons",
    "cbs_phgsg_response_rate",
)


def told(edition=2024, change=lambda observations: observations):
    """Return what the notebook computes and the pages tell, with figures of an edition that are changed."""
    tables = load(edition)
    tables = replace(tables, observations=change(tables.observations.copy()))
    results = computed(PROJECT, "prevalence", tables=tables, edition=edition, draws=2000)
    pages = {language: render(PROJECT, "prevalence", language, results, tables) for language in ("nl", "en")}
    return results, pages


def sentences(page):
    return {i.name: i.facts["text"] for i in items(page) if i.kind == "sentence"}


def whole(rows):
    return (rows["series_id"] == SHARE) & (rows["sex"] == "total") & (rows["age"] == "16+")


def shares(**by_wave):
    """Give everyone's share other values."""

    def change(rows):
        for wave, value in by_wave.items():
            at = whole(rows) & (rows["time_period"] == wave.strip("_"))
            rows.loc[at, ["obs_value", "lower", "upper"]] = [value, value - 0.05, value + 0.05]
        return rows

    return change


def waves(*kept):
    return lambda rows: rows[~rows["series_id"].isin(OF_WAVES) | rows["time_period"].isin(kept)]


def next_wave(value):
    """Add a wave of 2026 with the respondents and the population of 2024."""

    def change(rows):
        new = rows[rows["series_id"].isin(OF_WAVES) & (rows["time_period"] == "2024")]
        new = new[whole(new) | ~new["series_id"].isin([SHARE, "cbs_osi_12m_persons"])]
        new = new.assign(time_period="2026", obs_id=new["obs_id"].str.replace("2024", "2026"))
        return shares(_2026=value)(pd.concat([rows, new], ignore_index=True))

    return change


def without(*series, **where):
    def change(rows):
        gone = rows["series_id"].isin(series)
        for column, value in where.items():
            gone &= rows[column] == value
        return rows[~gone]

    return change


@pytest.fixture(scope="module")
def plain():
    return told()


def test_the_page_meets_the_reporting_standard(plain):
    for page in plain[1].values():
        assert standard.lacking(page) == []


def test_the_page_says_that_growth_is_not_shown(plain):
    (growth,) = (i for i in items(plain[1]["nl"]) if i.name == "growth")
    assert growth.facts["text"].startswith("Groei sinds 2020 is niet aangetoond.")
    assert growth.facts["headline"]


def test_without_margins_groups_and_model_say_so(plain):
    results, pages = plain
    groups = results.frame("prev_estimates").query("group != 'total'")
    assert set(groups["source_of_interval"]) == {"not_estimable"}
    assert sentences(pages["nl"])["no-model"].startswith("Niet te schatten")
    assert set(results.frame("prev_differences")["family"]) == {"F1"}
    assert results.absent["prev_shrunken"].code == "not_estimable"


def test_no_number_is_said_without_its_source(plain):
    for page in plain[1].values():
        for item in items(page):
            for number in item.facts.get("numbers", []):
                assert number["observations"]


@pytest.fixture(scope="module")
def early():
    return told(2022)


class TestAnEarlierEdition:
    """In edition 2022 the last number of people is that of 2020, and the concept changed after it."""

    @pytest.mark.parametrize(
        ("language", "whose", "concept"),
        [("nl", "gaat over 2020", "veranderde bovendien het begrip"), ("en", "is about 2020", "the concept of the survey changed")],
    )  # fmt: skip
    def test_a_number_of_another_wave_and_a_change_across_a_break_say_so(
        self, early, language, whose, concept
    ):
        said = sentences(early[1][language])
        assert whose in said["persons"] and "2022" in said["persons"]
        assert concept in said["growth"]

    def test_people_of_an_earlier_wave_are_not_set_beside_later_requests(self, early):
        results, pages = early
        assert "funnel" in results.absent and "seen" not in sentences(pages["nl"])
        (why,) = {i.facts["text"] for i in items(pages["nl"]) if i.name == "cbs_phgsg_population"}
        assert "2022" in why

    def test_no_group_is_said_to_have_a_margin(self, early):
        said = sentences(early[1]["nl"])
        assert said["unseen"] == "Van geen groep staat er in meer dan een ronde een cijfer zonder marge."
        assert "heeft een marge" not in " ".join(said.values())


CHANGED = "veranderde bovendien het begrip"
WORLDS = {
    "a fall": (
        shares(_2022=4.7, _2024=4.0),
        {"growth": "Een daling sinds 2020 is aangetoond.", "two-waves": "In 2024 was het lager dan in 2022"},
        {"two-waves": "kan elk verhaal"},
    ),
    "a rise": (
        shares(_2022=6.4, _2024=7.4),
        {"growth": "Groei sinds 2020 is aangetoond.", "two-waves": "noemt, leest groei; wie alleen 2022 en 2024 noemt, groei."},
        {"two-waves": "kan elk verhaal"},
    ),
    "no change": (
        shares(_2022=5.4, _2024=5.4),
        {"growth": "Groei sinds 2020 is niet aangetoond.", "two-waves": "leest geen aantoonbare verandering"},
        {"growth": CHANGED, "two-waves": "hoger"},
    ),
    "a change that rounding may have made": (
        lambda rows: shares(_2024=5.9)(waves("2022", "2024")(rows)),
        {"growth": "Verandering sinds 2022 is niet aangetoond: dat hangt van de afronding af."},
        {"growth": "Een daling"},
    ),
    "a change that is none after correction": (
        shares(_2024=5.9),
        {"growth": "Die marge hoort bij dit verschil op zich; na correctie voor het aantal toetsen is het niet aantoonbaar."},
        {"growth": "is aangetoond"},
    ),
    "two waves of one definition": (
        waves("2022", "2024"),
        {"growth": "Een daling sinds 2022 is aangetoond. Toen zei 6,4 procent dat zij dit meemaakten, in 2024 5,2 procent."},
        {"growth": CHANGED, "two-waves": ""},
    ),
    "one wave": (
        waves("2024"),
        {"one-wave": "Alleen van 2024 is er een cijfer met een marge.", "unseen": "Van geen groep"},
        {"growth": "", "two-waves": ""},
    ),
    "four waves": (
        next_wave(7.5),
        {
            "share": "In 2026 zei 7,5 procent",
            "persons": "Het CBS noemde in wat wij lazen geen aantal mensen. Met de marge",
            "growth": "Groei sinds 2020 is aangetoond. Toen zei 5,4 procent dat zij dit meemaakten, in 2024 5,2 procent en in 2026",
            "two-waves": "In 2024 was het cijfer lager dan in 2022",
            "seen": "Dat zet de mensen uit de enquête van 2026 naast de verzoeken van 2024.",
        },
        {"two-waves": CHANGED},
    ),
    "no group": (
        lambda rows: rows[(rows["series_id"] != SHARE) | whole(rows)],
        {"groups": "Van groepen stond geen cijfer in wat wij lazen."},
        {"groups": "marges", "girls": ""},
    ),
    "no number of people of CBS": (
        without("cbs_osi_12m_persons"),
        {"persons": "Het CBS noemde in wat wij lazen geen aantal mensen. Met de marge van de enquête gaat het om"},
        {"persons": "Die woorden"},
    ),
    "no population": (without("cbs_phgsg_population", "cbs_osi_12m_persons"), {"growth": "Groei"}, {"persons": "", "seen": ""}),
    "no total of Helpwanted": (without("helpwanted_requests"), {"police": "Naar de politie"}, {"seen": ""}),
    "no figure of the police": (
        without("police_reports", "police_reports_public_harassment_online", "police_reports_sexchatting"),
        {"seen": "Naar schatting vragen", "police": "Een telling van alle meldingen met een online kant stond niet in wat wij lazen."},
        {"police": "zette"},
    ),
    "no respondents of the last wave": (
        without("cbs_phgsg_respondents", time_period="2024"),
        {"share": "In 2022 zei 6,4 procent", "share_without_margin": "Er is ook een cijfer over 2024: 5,2 procent."},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORLDS)
def test_what_is_said_follows_the_figures(name):
    change, expected, forbidden = WORLDS[name]
    _, pages = told(change=change)
    said = sentences(pages["nl"])
    for sentence, words in expected.items():
        assert words in said[sentence]
    for sentence, words in forbidden.items():
        if not words:
            assert sentence not in said
        else:
            assert words not in said[sentence]
    assert set(sentences(pages["en"])) == set(said)
    for page in pages.values():
        assert standard.lacking(page) == []


def test_a_count_of_police_reports_online_is_said_once_there_is_one(plain):
    def change(rows):
        at = rows["series_id"] == "police_reports_online"
        rows.loc[at, ["obs_value", "lower", "upper", "obs_status"]] = [7654.0, 7654.0, 7654.0, "normal"]
        return rows

    assert "stond niet in wat wij lazen" in sentences(plain[1]["nl"])["police"]
    for language, words in (("nl", "In 2024 telde de politie 7.654 meldingen met een online kant."),
                            ("en", "In 2024 the police counted 7,654 reports with an online side.")):  # fmt: skip
        said = sentences(told(change=change)[1][language])["police"]
        assert words in said and "wat wij lazen" not in said and "what we read" not in said


def test_the_year_of_a_share_is_said_once_the_source_says_it():
    def change(rows):
        rows.loc[rows["series_id"] == "helpwanted_police_contact", "obs_status"] = "normal"
        return rows

    results, pages = told(change=change)
    assert "Dat gaat over 2024." in sentences(pages["nl"])["police"]
    assert results.numbers["police_contact"].grade == "A"

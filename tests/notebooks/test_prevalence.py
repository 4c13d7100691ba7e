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

SHARE, PEOPLE = "cbs_osi_12m", ("cbs_phgsg_population", "cbs_osi_12m_persons")
OF_WAVES = (SHARE, *PEOPLE, "cbs_phgsg_respondents", "cbs_phgsg_response_rate")


def results_and_pages(edition=2024, change=lambda observations: observations):
    """Return what the notebook computes and the pages tell, with figures of an edition that are changed."""
    tables = load(edition)
    tables = replace(tables, observations=change(tables.observations.copy()))
    results = computed(PROJECT, "prevalence", tables=tables, edition=edition, draws=2000)
    pages = {
        language: render(PROJECT, "prevalence-annex", language, results, tables) for language in ("nl", "en")
    }
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


def next_wave(rows):
    """Add a wave of 2026, with a share of 7.5 percent and the respondents and the population of 2024."""
    new = rows[rows["series_id"].isin(OF_WAVES) & (rows["time_period"] == "2024")]
    new = new[whole(new) | ~new["series_id"].isin([SHARE, "cbs_osi_12m_persons"])]
    new = new.assign(time_period="2026", obs_id=new["obs_id"].str.replace("2024", "2026"))
    return shares(_2026=7.5)(pd.concat([rows, new], ignore_index=True))


def without(*series, period=""):
    return lambda rows: rows[~(rows["series_id"].isin(series) & rows["time_period"].str.startswith(period))]


def certain(series_id, value=None):
    """Give a figure the status of one that was published as such, and a value where it has none."""

    def change(rows):
        at = rows["series_id"] == series_id
        rows.loc[at, "obs_status"] = "normal"
        if value:
            rows.loc[at, ["obs_value", "lower", "upper"]] = value
        return rows

    return change


# a change of the figures, and what is said then: "sentence: words", with a language before it unless it is nl;
# "no" before words that are not said, or before a sentence that is not there
CHANGED, READ = "veranderde bovendien het begrip", "stond niet in wat wij lazen"
WORLDS = {
    "as published": (
        lambda rows: rows,
        "growth: Groei sinds 2020 is niet aangetoond.",
        "no-model: Niet te schatten",
        f"police: Een telling van alle meldingen met een online kant {READ}.",
    ),
    "a fall": (
        shares(_2022=4.7, _2024=4.0),
        "growth: Een daling sinds 2020 is aangetoond.",
        "two-waves: In 2024 was het lager dan in 2022",
        "no two-waves: kan elk verhaal",
    ),
    "a rise": (
        shares(_2022=6.4, _2024=7.4),
        "growth: Groei sinds 2020 is aangetoond.",
        "two-waves: noemt, leest groei; wie alleen 2022 en 2024 noemt, groei.",
        "no two-waves: kan elk verhaal",
    ),
    "no change": (
        shares(_2022=5.4, _2024=5.4),
        "growth: Groei sinds 2020 is niet aangetoond.",
        "two-waves: leest geen aantoonbare verandering",
        f"no growth: {CHANGED}",
        "no two-waves: hoger",
    ),
    "a change that rounding may have made": (
        lambda rows: shares(_2024=5.9)(waves("2022", "2024")(rows)),
        "growth: Verandering sinds 2022 is niet aangetoond: dat hangt van de afronding af.",
        "no growth: Een daling",
    ),
    "a change that is none after correction": (
        shares(_2024=5.9),
        "growth: Groei sinds 2020 is niet aangetoond.",
        "growth: na correctie voor het aantal toetsen: ",
        "no growth: is aangetoond",
    ),
    "two waves of one definition": (
        waves("2022", "2024"),
        "growth: Een daling sinds 2022 is aangetoond. Toen zei 6,4 procent dat zij dit meemaakten, in 2024 5,2 procent.",
        f"no growth: {CHANGED}",
        "no two-waves",
    ),
    "one wave": (
        waves("2024"),
        "one-wave: Alleen van 2024 is er een cijfer met een marge.",
        "unseen: Van geen groep",
        "no growth",
        "no two-waves",
    ),
    "four waves": (
        next_wave,
        "share: In 2026 zei 7,5 procent",
        "persons: Het CBS noemde in wat wij lazen geen aantal mensen. Met de marge",
        "growth: Groei sinds 2020 is aangetoond. Toen zei 5,4 procent dat zij dit meemaakten, in 2024 5,2 procent en in 2026",
        "two-waves: In 2024 was het cijfer lager dan in 2022",
        "seen: Dat zet de mensen uit de enquête van 2026 naast de verzoeken van 2024.",
        f"no two-waves: {CHANGED}",
    ),
    "no group": (
        lambda rows: rows[(rows["series_id"] != SHARE) | whole(rows)],
        "groups: Van groepen stond geen cijfer in wat wij lazen.",
        "no groups: marges",
        "no girls",
    ),
    "no number of people of CBS": (
        without("cbs_osi_12m_persons"),
        "persons: Het CBS noemde in wat wij lazen geen aantal mensen. Met de marge van de enquête gaat het om",
        "no persons: Die woorden",
    ),
    "no population": (without(*PEOPLE), "growth: Groei", "no persons", "no seen"),
    "no total of Helpwanted": (without("helpwanted_requests"), "police: Naar de politie", "no seen"),
    "no figure of the police": (
        without("police_reports", "police_reports_public_harassment_online", "police_reports_sexchatting"),
        "seen: Naar schatting vragen",
        f"police: Een telling van alle meldingen met een online kant {READ}.",
        "no police: zette",
    ),
    "no respondents of the last wave": (
        without("cbs_phgsg_respondents", period="2024"),
        "share: In 2022 zei 6,4 procent",
        "share_without_margin: Er is ook een cijfer over 2024: 5,2 procent.",
    ),
    "a count of police reports online": (
        certain("police_reports_online", 7654.0),
        "police: In 2024 telde de politie 7.654 meldingen met een online kant.",
        "en police: In 2024 the police counted 7,654 reports with an online element.",
        "no police: wat wij lazen",
        "no en police: what we read",
    ),
    "a year that the source says": (certain("helpwanted_police_contact"), "police: Dat gaat over 2024."),
}


@pytest.mark.parametrize(
    ("change", "claims"), [(c, claims) for c, *claims in WORLDS.values()], ids=list(WORLDS)
)
def test_what_is_said_follows_the_figures(change, claims):
    _, pages = results_and_pages(change=change)
    said = {language: sentences(page) for language, page in pages.items()}
    for claim in claims:
        where, _, words = claim.removeprefix("no ").partition(": ")
        text = said["en" if where.startswith("en ") else "nl"].get(where.removeprefix("en "))
        assert (text is not None and words in text) is not claim.startswith("no "), claim
        assert text is not None or not words, claim
    assert set(said["en"]) == set(said["nl"])
    for page in pages.values():
        assert standard.lacking(page) == []
        # no number is said without its source
        assert all(n["observations"] for item in items(page) for n in item.facts.get("numbers", []))


def test_without_margins_groups_and_model_say_so():
    results, _ = results_and_pages()
    groups = results.frame("prev_estimates").query("group != 'total'")
    assert set(groups["source_of_interval"]) == {"not_estimable"}
    assert set(results.frame("prev_differences")["family"]) == {"F1"}
    assert results.absent["prev_shrunken"].code == "not_estimable"
    main = render(PROJECT, "prevalence", "nl", results, load(2024))
    (growth,) = (i for i in items(main) if i.name == "growth")
    assert growth.facts["headline"]


def test_in_an_earlier_edition_people_of_another_wave_and_a_change_across_a_break_say_so():
    """In edition 2022 the last number of people is that of 2020, and the concept changed after it."""
    results, pages = results_and_pages(2022)
    nl, en = (sentences(pages[language]) for language in ("nl", "en"))
    assert "gaat over 2020" in nl["persons"] and "2022" in nl["persons"] and CHANGED in nl["growth"]
    assert "is about 2020" in en["persons"] and "the concept of the survey changed" in en["growth"]
    # people of an earlier wave are not set beside later requests
    assert "funnel" in results.absent and "seen" not in nl
    (why,) = {i.facts["text"] for i in items(pages["nl"]) if i.name == "cbs_phgsg_population"}
    assert "2022" in why
    assert nl["unseen"] == "Van geen groep staat er in meer dan een ronde een cijfer zonder marge."
    assert "heeft een marge" not in " ".join(nl.values())


def test_the_grade_of_a_figure_whose_year_the_source_says_is_the_best():
    assert (
        results_and_pages(change=certain("helpwanted_police_contact"))[0].numbers["police_contact"].grade
        == "A"
    )

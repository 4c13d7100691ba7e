"""The page on prevalence as a whole: edition by edition, and with figures that rise, fall, stand still or lack."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from osw_stats import load
from osw_stats.publish.contents import items
from osw_stats.publish.pages import standard
from osw_stats.publish.pages.render import render
from osw_stats.yamlfile import read_yaml
from tests.computed import computed
from tests.conftest import PROJECT

SHARE, PEOPLE = "cbs_osi_12m", ("cbs_phgsg_population", "cbs_osi_12m_persons")
POLICE = ("police_reports", "police_reports_public_harassment_online", "police_reports_sexchatting")
OF_WAVES = (SHARE, *PEOPLE, "cbs_phgsg_respondents", "cbs_phgsg_response_rate")


def results_and_pages(edition=2024, change=lambda observations: observations):
    """Return what the notebook computes and the pages tell, with figures of an edition that are changed."""
    tables = load(edition)
    tables = replace(tables, observations=change(tables.observations.copy()))
    results = computed(PROJECT, "prevalence", tables=tables, edition=edition, draws=2000)
    return results, {
        lang: render(PROJECT, "prevalence-annex", lang, results, tables) for lang in ("nl", "en")
    }


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


# a change of the figures; what is said then stands in prevalence_worlds.yml
WORLDS = {
    "as published": lambda rows: rows,
    "a fall": shares(_2022=4.7, _2024=4.0),
    "a rise": shares(_2022=6.4, _2024=7.4),
    "no change": shares(_2022=5.4, _2024=5.4),
    "a change that rounding may have made": lambda rows: shares(_2024=5.9)(waves("2022", "2024")(rows)),
    "a change that is none after correction": shares(_2024=5.9),
    "two waves of one definition": waves("2022", "2024"),
    "one wave": waves("2024"),
    "four waves": next_wave,
    "no group": lambda rows: rows[(rows["series_id"] != SHARE) | whole(rows)],
    "no number of people of CBS": without("cbs_osi_12m_persons"),
    "no population": without(*PEOPLE),
    "no total of Helpwanted": without("helpwanted_requests"),
    "no figure of the police": without(*POLICE),
    "no respondents of the last wave": without("cbs_phgsg_respondents", period="2024"),
    "a count of police reports online": certain("police_reports_online", 7654.0),
    "a year that the source says": certain("helpwanted_police_contact"),
}
CLAIMS = read_yaml(Path(__file__).with_name("prevalence_worlds.yml"))


@pytest.mark.parametrize("world", WORLDS)
def test_what_is_said_follows_the_figures(world):
    results, pages = results_and_pages(change=WORLDS[world])
    said = {language: sentences(page) for language, page in pages.items()}
    for claim in CLAIMS[world]:
        where, _, words = claim.removeprefix("no ").partition(": ")
        text = said["en" if where.startswith("en ") else "nl"].get(where.removeprefix("en "))
        assert (text is not None and words in text) is not claim.startswith("no "), claim
        assert text is not None or not words, claim
    assert set(said["en"]) == set(said["nl"])
    assert world != "a year that the source says" or results.numbers["police_contact"].grade == "A"
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
    assert "gaat over 2020" in nl["persons"] and "2022" in nl["persons"] and "is about 2020" in en["persons"]
    assert "veranderde bovendien het begrip" in nl["growth"]
    assert "the concept of the survey changed" in en["growth"]
    # people of an earlier wave are not set beside later requests
    assert "funnel" in results.absent and "seen" not in nl
    (why,) = {i.facts["text"] for i in items(pages["nl"]) if i.name == "cbs_phgsg_population"}
    assert "2022" in why
    assert nl["unseen"] == "Van geen groep staat er in meer dan een ronde een cijfer zonder marge."
    assert "heeft een marge" not in " ".join(nl.values())

"""The page on prevalence as a whole: edition by edition, and with figures that rise, fall, stand still or lack."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from osw_stats import load
from osw_stats.publish.contents import items
from osw_stats.publish.pages.render import render
from osw_stats.yamlfile import read_yaml
from tests.computed import results_and_items
from tests.conftest import PROJECT

WORLDS = read_yaml(Path(__file__).with_name("prevalence_worlds.yml"))
OF_WAVES = (
    "cbs_osi_12m cbs_osi_12m_persons cbs_phgsg_population cbs_phgsg_respondents cbs_phgsg_response_rate"
)
NUMBERS = ["obs_value", "lower", "upper"]


def results_and_sentences(tables):
    """Return what the notebook computes, and what both pages tell: all by kind and name, and the sentences by name."""
    results, pages = results_and_items(PROJECT, "prevalence", tables, draws=2000)
    of = pages.items()
    said = {
        lang: {n: i.facts["text"] for (kind, n), i in page.items() if kind == "sentence"} for lang, page in of
    }
    return results, pages, said


def everyone(rows):
    return rows["series_id"].eq("cbs_osi_12m") & rows["sex"].eq("total") & rows["age"].eq("16+")


def changed(rows, without="", again="", shares=None, ranges=None, published=None, **_):
    """Return figures without those that a query names, with a later wave, other shares of everyone, other counts."""
    of_waves = rows["series_id"].isin(OF_WAVES.split())
    if again:  # the last wave once more, but for groups and people
        once = ~rows["series_id"].isin(["cbs_osi_12m", "cbs_osi_12m_persons"]) | everyone(rows)
        new = rows[of_waves & once & rows["time_period"].eq("2024")]
        new = new.assign(time_period=again, obs_id=new["obs_id"].str.replace("2024", again))
        rows = pd.concat([rows, new], ignore_index=True)
    if without:
        rows = rows.query(f"not ({without})", local_dict={"of_waves": OF_WAVES.split()})
    new = {wave: [value, value - 0.05, value + 0.05] for wave, value in (shares or {}).items()}
    new |= {wave: [float("nan"), *limits] for wave, limits in (ranges or {}).items()}
    for wave, values in new.items():
        rows.loc[everyone(rows) & rows["time_period"].eq(str(wave)), NUMBERS] = values
    for series_id, value in (published or {}).items():
        hit = rows["series_id"].eq(series_id)
        rows.loc[hit, "obs_status"] = "normal"
        if value:
            rows.loc[hit, NUMBERS] = value
    return rows


@pytest.mark.parametrize("world", WORLDS)
def test_what_is_said_follows_the_figures(world):
    tables = load(2024)
    figures = changed(tables.observations.copy(), **WORLDS[world])
    results, pages, said = results_and_sentences(replace(tables, observations=figures))
    for claim in WORLDS[world]["said"]:
        where, _, words = claim.removeprefix("no ").partition(": ")
        text = said["en" if where.startswith("en ") else "nl"].get(where.removeprefix("en "))
        assert (text is not None and words in text) is not claim.startswith("no "), claim
        assert text is not None or not words, claim
    assert set(said["en"]) == set(said["nl"])
    assert world != "a year that the source says" or results.numbers["police_contact"].grade == "A"
    for page in pages.values():  # no number is said without its source
        assert all(n["observations"] for item in page.values() for n in item.facts.get("numbers", []))


def test_without_margins_groups_and_model_say_so():
    results, *_ = results_and_sentences(load(2024))
    groups = results.frame("prev_estimates").query("group != 'total'")
    assert set(groups["source_of_interval"]) == {"not_estimable"}
    assert set(results.frame("prev_differences")["family"]) == {"F1"}
    assert results.absent["prev_shrunken"].code == "not_estimable"
    main = render(PROJECT, "prevalence", "nl", results, load(2024))
    (growth,) = (i for i in items(main) if i.name == "growth")
    assert growth.facts["headline"]


def test_in_an_earlier_edition_people_of_another_wave_and_a_change_across_a_break_say_so():
    """In edition 2022 the last number of people is that of 2020, and the concept changed after it."""
    results, pages, said = results_and_sentences(load(2022))
    nl, en = said["nl"], said["en"]
    assert "gaat over 2020" in nl["persons"] and "2022" in nl["persons"] and "is about 2020" in en["persons"]
    assert "veranderde bovendien het begrip" in nl["growth"]
    assert "the concept of the survey changed" in en["growth"]
    # people of an earlier wave are not set beside later requests
    assert "funnel" in results.absent and "seen" not in nl
    (why,) = {i.facts["text"] for (_, name), i in pages["nl"].items() if name == "cbs_phgsg_population"}
    assert "2022" in why
    assert nl["unseen"] == "Van geen groep staat er in meer dan een ronde een cijfer zonder marge."
    assert "heeft een marge" not in " ".join(nl.values())

from dataclasses import replace

import pandas as pd
import pytest

from osw_stats.errors import OswError
from osw_stats.report import story as module
from osw_stats.report.story import Story
from osw_stats.vocabulary.numbers import Number

SHARE = Number(5.2, "percent", 4.9, 5.5, "assumed", ("obs-a", "obs-b"), "Wilson", "B")


@pytest.fixture
def told(tables, monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", lambda data, raw, metadata: shown.append((data, metadata["osw"])))
    return Story(tables, "nl"), shown


def test_a_sentence_carries_its_trace(told):
    story, shown = told
    story.say("a", nl="Het is {share}.", en="It is {share}.", share=SHARE)
    data, facts = shown[0]
    assert data["text/markdown"] == "Het is 5,2 procent."
    assert facts["numbers"][0]["observations"] == ["obs-a", "obs-b"]
    assert facts["numbers"][0]["interval_kind"] == "assumed"


@pytest.mark.parametrize("text", ["Het is 5 procent, {share}.", "In 2024: {share}."])
def test_a_typed_digit_is_refused(told, text):
    with pytest.raises(OswError, match="a digit is typed"):
        told[0].say("a", nl=text, en=text, share=SHARE)


def test_both_languages_say_the_same_numbers(told):
    with pytest.raises(OswError, match="Use the same numbers in both"):
        told[0].say("a", nl="Het is {share}.", en="It is.", share=SHARE)


def test_a_number_that_is_not_said_is_refused(told):
    with pytest.raises(OswError, match="Use the same numbers in both"):
        told[0].say("a", nl="Niets.", en="Nothing.", share=SHARE)


def test_an_unknown_language_is_refused(tables):
    with pytest.raises(OswError, match='language "de" is unknown'):
        Story(tables, "de")


def test_what_an_output_meets_travels_with_it(told, tables):
    story, shown = told
    story.say("a", nl="Het is {share}.", en="It is {share}.", meets=("effect",), share=SHARE)
    story.missing("csg_online_protocol")
    assert [facts["meets"] for _, facts in shown] == [("effect",), ("missing",)]
    assert "volgens de bron niet geteld" in shown[1][0]["text/markdown"]


def test_series_without_gaps_are_said_to_have_none(told):
    story, shown = told
    story.missing("police_reports")
    assert shown[0][0]["text/markdown"] == "Van deze reeksen ontbreekt geen cijfer."


def test_a_series_that_an_edition_sees_nothing_of_is_missing(told):
    story, shown = told
    seen = story.tables.observations
    story.tables = replace(story.tables, observations=seen[seen["series_id"] != "police_reports"])
    story.missing("police_reports")
    text = shown[0][0]["text/markdown"]
    assert "Meldingen van seksuele misdrijven" in text and "nog niet zeker openbaar" in text
    assert "ontbreekt geen cijfer" not in text


def test_a_table_without_rows_says_why(told):
    story, shown = told
    frame = pd.DataFrame(columns=["term", "or", "or_lower", "or_upper", "ame", "ame_lower", "ame_upper"])
    story.table("prev_model", frame, empty={"nl": "Niet te schatten.", "en": "Not estimable."})
    data, facts = shown[0]
    assert data["text/markdown"] == "Niet te schatten.\n"
    assert facts["csv"].startswith("term,or,")  # the machine-readable table is there all the same


def test_sources_carry_date_and_hash(told, observations):
    story, shown = told
    story.sources(
        observations[observations["series_id"] == "police_reports"].assign(observations=lambda d: d["obs_id"])
    )
    (document,) = shown[0][1]["documents"]
    assert len(document["sha256"].split(" | ")[0]) == 64
    assert document["known_by"] == "2025-03-09"

import pytest

from osw_stats.errors import OswError
from osw_stats.report import story as module
from osw_stats.report.story import Story
from osw_stats.vocabulary.estimates import Estimate

SHARE = Estimate(5.2, "percent", 4.9, 5.5, "assumed", ("obs-a", "obs-b"), "Wilson", "B")


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

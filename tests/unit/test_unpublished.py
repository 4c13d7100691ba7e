"""What a page says and leaves out where figures were not public. The notebooks here are made up."""

import math
import pickle
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from osw_stats.analysis.counts import trend
from osw_stats.analysis.counts.yearly import COUNTED
from osw_stats.errors import NotEstimableError, NotPublishedError, OswError
from osw_stats.report import standard, story
from osw_stats.report.edition import load_tables
from osw_stats.report.unpublished import KIND, WHOLE_PAGE, told_cells
from osw_stats.report.vintage_line import text_of
from osw_stats.vocabulary.observations import matching, pick
from tests.conftest import PROJECT


def output(kind, **facts):
    return {"data": {"text/markdown": kind}, "metadata": {"osw": {"kind": kind, "name": kind, **facts}}}


ABSENT = output(KIND, instead_of=["effect"], headline=True)
SENTENCE = output("sentence")


def notebook(*sections):
    """Build a notebook of sections: (heading, prose, outputs)."""
    cells = []
    for heading, prose, outputs in sections:
        cells.append(
            {"cell_type": "markdown", "source": f"{heading}\n\n{prose}", "metadata": {"tags": ["nl"]}}
        )
        cells.append({"cell_type": "markdown", "source": "## English", "metadata": {"tags": ["en"]}})
        if outputs is not None:
            cells.append({"cell_type": "code", "source": "x", "metadata": {}, "outputs": outputs})
    return {"cells": cells}


def shown(book):
    return [c["source"] for c in told_cells(book, "nl") if c["cell_type"] == "markdown"]


def test_a_page_without_such_a_state_stays_as_it_is():
    book = notebook(("# A", "prose", []), ("## B", "more", [SENTENCE]))
    assert shown(book) == ["# A\n\nprose", "## B\n\nmore"]


def test_prose_that_speaks_of_what_is_not_there_goes_and_the_heading_stays():
    book = notebook(("# A", "prose", [SENTENCE]), ("## B", "These three answers", [ABSENT]))
    assert shown(book) == ["# A\n\nprose", "## B"]


def test_a_section_that_tells_nothing_goes_and_a_box_stays():
    box = ("::: {.callout-note}", "what this does not show\n:::", None)
    book = notebook(("# A", "prose", [ABSENT]), ("## B", "x", []), ("## C", "y", [SENTENCE]), box)
    assert shown(book) == ["# A", "## C\n\ny", "::: {.callout-note}\n\nwhat this does not show\n:::"]


def test_a_heading_stays_for_what_is_kept_below_it():
    book = notebook(
        ("# A", "prose", [SENTENCE]), ("## B", "x", []), ("### C", "y", []), ("### D", "z", [SENTENCE]),
        ("## E", "x", []), ("### F", "y", []), ("## G", "z", [ABSENT]),
    )  # fmt: skip
    assert shown(book) == ["# A\n\nprose", "## B", "### D\n\nz", "## G"]


def test_a_section_that_tells_something_else_as_well_keeps_its_prose():
    book = notebook(("# A", "prose", [SENTENCE]), ("## B", "prose b", [ABSENT, SENTENCE]))
    assert "## B\n\nprose b" in shown(book)


def test_only_what_is_named_is_waived_and_a_whole_page_all():
    lacks = standard.lacking("trend", notebook(("# A", "", [ABSENT])))
    assert lacks
    assert not any(line.startswith("effect ") for line in lacks)
    assert standard.lacking("trend", notebook(("# A", "", [output(KIND, instead_of=[WHOLE_PAGE])]))) == []


@pytest.fixture
def told(tables, monkeypatch):
    kept = []
    monkeypatch.setattr(
        story, "display", lambda bundle, raw, metadata: kept.append((bundle, metadata["osw"]))
    )
    return kept


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "Hiervoor ontbreekt in deze editie een cijfer: *Meldingen van seksuele misdrijven, 1999* (stond niet"),
     ("en", "A figure needed here is absent from this edition: *Reports of sexual offences, 1999* (was not")],
)  # fmt: skip
def test_a_figure_that_is_not_there_is_said_by_name(tables, told, language, text):
    teller = story.Story(tables, language)
    found = teller.if_public(pick, tables.observations, "police_reports", time_period="1999", headline=True)
    assert found is None
    ((bundle, facts),) = told
    assert bundle["text/markdown"].startswith(text)
    assert (facts["kind"], facts["headline"]) == (KIND, True)


PAIR = [
    {"series_id": "helpwanted_requests_subject", "sex": "total", "age": "total", "breakdown": "subject=sextortion",
     "time_period": year} for year in ("2024", "2023")
]  # fmt: skip
NAMES = ["*Adviesvragen naar onderwerp, onderwerp: sextortion, 2024*", "*Adviesvragen naar onderwerp, onderwerp: sextortion, 2023*"]  # fmt: skip


@pytest.mark.parametrize("lacks", [(), (0,), (1,), (0, 1)])
@pytest.mark.parametrize("state", ["never", "later", "withheld", "not_registered", "range"])
def test_only_what_really_lacks_is_named_and_why(tables, lacks, state):
    frames = {"observations": tables.observations.copy(), "vintages": tables.vintages.copy()}
    for at in lacks:
        for name, frame in frames.items():
            hit = matching(frame, PAIR[at])
            assert hit.any()
            if state == "never" or (state == "later" and name == "observations"):
                frames[name] = frame[~hit]
            elif state == "later":
                frame.loc[hit, "known_by"] = "2031-05-06"
            else:
                frame.loc[hit, "obs_value"] = math.nan
                frame.loc[hit, "obs_status"] = "normal" if state == "range" else state
                frame.loc[hit, ["lower", "upper"]] = (1.0, 2.0) if state == "range" else math.nan
    error = pickle.loads(pickle.dumps(NotPublishedError("x", PAIR[0]["series_id"], wanted=PAIR)))
    text = text_of(error, replace(tables, **frames), "nl")
    reason = {
        "never": "stond niet in wat wij lazen", "later": "zeker sinds 6 mei 2031", "withheld": "houdt dit cijfer achter",
        "not_registered": "volgens de bron niet geteld", "range": "alleen als bandbreedte",
    }[state]  # fmt: skip
    if lacks:
        assert [name in text for name in NAMES] == [at in lacks for at in (0, 1)]
        assert text.count(reason) == len(lacks)
    else:
        assert "tellen niet op dezelfde manier" in text


@pytest.mark.parametrize("year", [2022, 2023])
def test_an_early_edition_blames_no_figure_that_it_holds(year):
    early = load_tables(year, PROJECT)
    pairs = trend.pairs(early.observations, alpha=0.05)
    incomparable = 0
    for counted in COUNTED:
        for last in range(2012, 2027):
            try:
                trend.find(pairs, counted.series_id, str(last), counted.breakdown)
            except NotPublishedError as error:
                assert text_of(error, early, "en")
                for wanted in error.wanted:
                    there = early.observations[matching(early.observations, wanted)]
                    assert not there["obs_value"].notna().any()
            except NotEstimableError:
                incomparable += 1
    assert incomparable


def test_what_is_there_is_returned_and_nothing_is_said(tables, told):
    found = story.Story(tables, "nl").if_public(
        pick, tables.observations, "police_reports", time_period="2024"
    )
    assert found["obs_value"].tolist() == [14802.0]
    assert told == []


def test_another_error_is_not_swallowed(tables, told):
    def fails():
        raise OswError("something else")

    with pytest.raises(OswError, match="something else"):
        story.Story(tables, "nl").if_public(fails)


def test_a_page_with_nothing_to_report_says_why_without_typed_digits(tables, told):
    teller = story.Story(tables, "en")
    teller.nothing(
        "no_report", nl="Er was op {day} niets.", en="On {day} there was nothing.", day=date(2024, 12, 31)
    )
    assert told[0][0]["text/markdown"] == "On 31 December 2024 there was nothing."
    with pytest.raises(OswError, match="a digit is typed"):
        teller.nothing("x", nl="In 2024 niets.", en="Nothing in 2024.")
    with pytest.raises(OswError, match="other values"):
        teller.nothing("x", nl="Niets.", en="Nothing on {day}.", day=date(2024, 12, 31))


def test_the_error_says_what_to_do_and_which_figure_it_is():
    frame = pd.DataFrame({"series_id": ["a"], "time_period": ["2024"]})
    with pytest.raises(NotPublishedError, match="later as-of date") as error:
        pick(frame, "police_reports", time_period="2023")
    assert error.value.wanted == ({"series_id": "police_reports", "time_period": "2023"},)

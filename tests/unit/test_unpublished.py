"""What a page says and leaves out where figures were not public. The notebooks here are made up."""

from datetime import date

import pandas as pd
import pytest

from osw_stats.errors import NotPublishedError, OswError
from osw_stats.report import standard, story
from osw_stats.report.unpublished import KIND, WHOLE_PAGE, told_cells
from osw_stats.vocabulary.observations import pick


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
    [("nl", "Nog niet gepubliceerd, voor zover wij zien: *Meldingen van seksuele misdrijven, 1999*."),
     ("en", "Not yet published, as far as we can see: *Reports of sexual offences, 1999*.")],
)  # fmt: skip
def test_a_figure_that_is_not_there_is_said_by_name_and_day(tables, told, language, text):
    teller = story.Story(tables, language)
    found = teller.if_public(pick, tables.observations, "police_reports", time_period="1999", headline=True)
    assert found is None
    ((bundle, facts),) = told
    assert bundle["text/markdown"].startswith(text)
    assert str(tables.edition.as_of.year) in bundle["text/markdown"]
    assert (facts["kind"], facts["headline"]) == (KIND, True)


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
    assert (error.value.series_id, error.value.period) == ("police_reports", "2023")

"""The charts of the report, drawn once for all tests that look at them."""

import pytest

from osw_stats.report.notebooks import notebook_names
from osw_stats.report.story import Story
from tests.conftest import PROJECT
from tests.recorded.record import told


@pytest.fixture(scope="session")
def charts():
    """Every chart of the report as its notebook draws it, by name."""
    found = {}
    kept, Story.figure = Story.figure, lambda self, name, chart, **_: found.update({name: chart})
    try:
        for name in notebook_names(PROJECT):
            told(PROJECT, name)
    finally:
        Story.figure = kept
    return found

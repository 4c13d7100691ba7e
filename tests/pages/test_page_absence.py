"""What a page says of a figure that is not there: which, why, and the last one of the same series and group."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from osw_stats import load
from osw_stats.text.gaps import absence
from tests.conftest import PROJECT

POLICE = {"series_id": "police_reports", "time_period": "2030"}


@pytest.fixture(scope="module")
def tables():
    return load(2024, PROJECT)


def with_rows(tables, *changes):
    """Return the tables with the police's figures of 2024 alone, each changed."""
    row = tables.observations[tables.observations["obs_id"].str.startswith("police_reports/2024/")].iloc[:1]
    rows = pd.concat([row.assign(**change) for change in changes], ignore_index=True)
    return replace(tables, observations=rows, vintages=rows)


def valued(unit, value, lower, upper):
    return [{"unit_measure": unit, "obs_value": value, "lower": lower, "upper": upper}]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (valued("police_reports", 900.0, 900.0, 900.0), "last figure: 900 reports to the police for 2024"),
        (valued("police_reports", 900.0, 850.0, 950.0), "last figure: about 900 reports to the police"),
        (valued("percent", 31.0, 30.5, 31.5), "last figure: 31 percent for 2024"),
        (valued("percent", 5.2, 5.15, 5.25), "last figure: 5.2 percent for 2024"),
        (valued("percent", 30.0, 25.0, 30.0), "last figure: about 30.0 percent for 2024"),
        (valued("eur", 15e6, 14.5e6, 15.5e6), "last figure: about 15.0 million euros for 2024"),
        ([{"time_period": "2026"}, {"time_period": "2028"}, {"time_period": "2031"}], "for 2028"),
        ([{"time_period": "2024-H1"}], None),  # half a year is no year
        ([{"sex": "female"}], None),  # nor are some everyone
        ([{"breakdown": "a=b"}], None),
        ([{"obs_value": float("nan")}], None),
        ([{"obs_status": "derived"}], None),  # nobody printed it
    ],
)
def test_the_last_printed_figure_of_everyone_is_named_with_its_period(tables, rows, said):
    text = absence([POLICE], with_rows(tables, *rows), "en")
    assert "2030* (was not in what we read" in text
    assert said in text if said else "last figure" not in text


def test_what_is_there_is_not_called_absent(tables):
    there = {"series_id": "police_reports", "time_period": "2024"}
    assert absence([there], tables, "nl").startswith("Deze cijfers zijn er")
    assert "2024" not in absence([there, POLICE | {"time_period": "2019"}], tables, "nl")

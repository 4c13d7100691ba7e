"""What a page says of a figure that is not there: which, why, and the last one of the same series and group."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.text.gaps import absence
from osw_stats.yamlfile import read_yaml

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
POLICE = {"series_id": "police_reports", "time_period": "2030"}


def with_rows(tables, *changes):
    """Return the tables with the police's figures of 2024 alone, each changed."""
    row = tables.observations[tables.observations["obs_id"].str.startswith("police_reports/2024/")].iloc[:1]
    rows = pd.concat([row.assign(**change) for change in changes], ignore_index=True)
    return replace(tables, observations=rows, vintages=rows)


@pytest.mark.parametrize(("rows", "said"), CASES["last"])
def test_the_last_printed_figure_of_everyone_is_named_with_its_period(tables, rows, said):
    text = absence([POLICE], with_rows(tables, *rows), "en")
    assert "2030* (was not in what we read" in text
    assert said in text if said else "last figure" not in text


def test_what_is_there_is_not_called_absent(tables):
    there = {"series_id": "police_reports", "time_period": "2024"}
    assert absence([there], tables, "nl").startswith("Deze cijfers zijn er")
    assert "2024" not in absence([there, POLICE | {"time_period": "2019"}], tables, "nl")

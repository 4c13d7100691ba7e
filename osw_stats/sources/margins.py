"""Read a table of published margins: shares of survey groups with their confidence limits.

Why a table of its own: margins were not found in what was read. Whoever finds them puts one file in
data/raw/cbs/, and intervals of groups, differences and the model appear. The format stands in docs/formats.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, located
from osw_stats.sources.observation import observation
from osw_stats.sources.register import SourceRecord
from osw_stats.sources.rows import form, number, read_form, refuse_rows
from osw_stats.vocabulary.limits import check_limits, printed_range
from osw_stats.vocabulary.observations import NAMES, records
from osw_stats.vocabulary.periods import parse_period

HEADER = list(form("margins"))
COPIED = ("sex", "age", "source_id", "locator", "published", "published_precision", "note", "file", "row")


def read_margins(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one table of margins: the share with its limits, and respondents where given."""
    table = read_form(record, root, _cells_read)
    if (table["ci_upper"] <= 1).all():
        problem = "every share lies below 1 percent: these seem to be fractions"
        refuse_rows(table, "pct", problem, "Write percentages: 5.2, not 0.052.")
    rows = []
    for cells in records(table):
        copied = {column: cells[column] for column in COPIED} | {"time_period": cells["wave"]}
        seen = record.documents[cells["source_id"]].get("seen")
        for column, facts in _figures(cells).items():
            rows.append(observation(seen, series_id=form("margins")[column]["series"], **copied, **facts))
    return pd.DataFrame(rows, columns=NAMES)


def _cells_read(cells: dict[str, str]) -> dict[str, Any]:
    """Return a row with its numbers."""
    with located(column="wave", value=cells["wave"]):
        parse_period(cells["wave"])
    share, lower, upper, n = (number(column, cells[column]) for column in ("pct", "lower", "upper", "n"))
    assert share is not None and lower is not None and upper is not None  # none is empty  # noqa: S101
    check_limits(share, lower, upper)
    if n is not None and n <= 0:
        remedy = "Leave n empty where it was not published."
        raise InputError("there are no respondents", remedy, column="n", value=cells["n"])
    return cells | {"share": share, "ci_lower": lower, "ci_upper": upper, "respondents": n}


def _figures(cells: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a row says of its share and of its respondents, by column of the table."""
    printed = f"{cells['pct']} ({cells['lower']}-{cells['upper']})"
    low, high = printed_range(cells["share"], printed=printed)
    limits = {"lower": low, "upper": high, "ci_lower": cells["ci_lower"], "ci_upper": cells["ci_upper"]}
    figures = {"pct": {"obs_value": cells["share"], "as_reported": printed} | limits}
    if cells["n"]:
        figures["n"] = {"obs_value": cells["respondents"], "as_reported": cells["n"]}
    return figures

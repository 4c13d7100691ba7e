"""Read a table of published margins: shares of survey groups with their confidence limits.

Why a table of its own: margins were not found in what was read. Whoever finds them puts one file in
data/raw/cbs/, and intervals of groups, differences and the model appear. The format stands in docs/formats.md.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.register import SourceRecord
from osw_stats.sources.rows import number, read_rows
from osw_stats.vocabulary.limits import check_limits, printed_range
from osw_stats.vocabulary.observations import NAMES, PRECISIONS, SEXES
from osw_stats.vocabulary.periods import known_by, parse_period
from osw_stats.vocabulary.series import series

MARGINS, RESPONDENTS = "cbs_osi_12m_margins", "cbs_osi_12m_group_respondents"
NO_LIMITS = (math.nan, math.nan)
HEADER = [
    "wave", "sex", "age", "pct", "lower", "upper", "n", "source_id", "locator", "published",
    "published_precision", "note",
]  # fmt: skip


def read_margins(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one table of margins: the share with its limits, and respondents where given.

    Raises
    ------
    InputError
        At the first row that cannot be used, with file, row, column and value.
    """
    name = record.path.relative_to(root).as_posix()
    rows: list[dict[str, Any]] = []
    for line, cells in read_rows(record.path, name, HEADER):
        try:
            rows += _observations(cells, record, name, line)
        except InputError as error:
            raise error.located(file=name, row=line) from None
    shares = [r for r in rows if r["series_id"] == MARGINS]
    if all(r["ci_upper"] <= 1 for r in shares):
        raise InputError(
            "every share lies below 1 percent: these seem to be fractions", "Write percentages: 5.2, not 0.052.",
            file=name, row=shares[0]["row"], column="pct", value=shares[0]["obs_value"],
        )  # fmt: skip
    return pd.DataFrame(rows, columns=NAMES)


def _observations(c: dict[str, str], record: SourceRecord, name: str, line: int) -> list[dict[str, Any]]:
    for column, allowed in (
        ("sex", SEXES), ("published_precision", PRECISIONS), ("source_id", tuple(record.documents)),
    ):  # fmt: skip
        if c[column] not in allowed:
            raise InputError("is not one of the allowed values", f"Allowed here: {', '.join(allowed)}.", column=column, value=c[column])  # fmt: skip
    parse_period(c["wave"])
    pct, lower, upper = (_needed(column, c[column]) for column in ("pct", "lower", "upper"))
    check_limits(pct, lower, upper)
    printed = f"{c['pct']} ({c['lower']}-{c['upper']})"
    left_open = printed_range(pct, printed=printed)
    found = [_observation(c, record, name, line, MARGINS, (pct, *left_open), (lower, upper), printed)]
    n = number("n", c["n"])
    if n is not None:
        if n <= 0:
            raise InputError("there are no respondents", "Leave n empty where it was not published.", column="n", value=c["n"])  # fmt: skip
        found.append(_observation(c, record, name, line, RESPONDENTS, (n, n, n), NO_LIMITS, c["n"]))
    return found


def _needed(column: str, text: str) -> float:
    value = number(column, text)
    if value is None:
        raise InputError("is empty", "Leave a group without limits out of this table.", column=column)
    return value


def _observation(
    c: dict[str, str], record: SourceRecord, name: str, line: int, series_id: str,
    values: tuple[float, float, float], limits: tuple[float, float], printed: str,
) -> dict[str, Any]:  # fmt: skip
    about = series(series_id)
    value, lower, upper = values
    seen = record.documents[c["source_id"]].get("seen")
    return {
        "obs_id": "/".join([series_id, c["wave"], c["sex"], c["age"], c["source_id"]]),
        "series_id": series_id,
        "publisher": about.publisher,
        "indicator": about.indicator,
        "unit_measure": about.unit,
        "time_period": c["wave"],
        "sex": c["sex"],
        "age": c["age"],
        "region": "NL",
        "breakdown": "",
        "obs_value": value,
        "lower": lower,
        "upper": upper,
        "ci_lower": limits[0],
        "ci_upper": limits[1],
        "lower_closed": True,
        "upper_closed": not lower < upper,
        "interval_kind": "none" if limits is NO_LIMITS else "published",
        "obs_status": "normal",
        "definition_id": about.definition_id(c["wave"]),
        "source_id": c["source_id"],
        "locator": c["locator"],
        "as_reported": printed,
        "published": c["published"],
        "published_precision": c["published_precision"],
        "known_by": known_by(c["published"], c["published_precision"], seen).isoformat(),
        "role": "main",
        "note": c["note"],
        "file": name,
        "row": line,
    }

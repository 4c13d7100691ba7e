"""One row of the tidy table, from whatever kind of raw file it is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from osw_stats.meaning.observations import NAMES, WHOLE
from osw_stats.meaning.periods import known_by
from osw_stats.meaning.series import series


def observation(seen: str | None = None, **facts: Any) -> dict[str, Any]:
    """Return one row of the tidy table from its columns.

    Parameters
    ----------
    seen
        Day on which its document was seen, for a document without a known date.
    **facts
        At least series_id, time_period, obs_value, published_precision, source_id and locator. A column that is not
        named is that of an exact, ordinary figure of everybody, without published limits. `file` and `row` are
        added by who reads the file.
    """
    exact = {"lower": facts["obs_value"], "upper": facts["obs_value"], "lower_closed": True}
    exact |= {"ci_lower": math.nan, "ci_upper": math.nan, "obs_status": "normal", "role": "main"}
    row: dict[str, Any] = WHOLE | exact | dict.fromkeys(("as_reported", "published", "note"), "") | facts
    row = {"upper_closed": not row["lower"] < row["upper"]} | row
    rounded = "rounding" if row["lower"] < row["upper"] else "none"
    row["interval_kind"] = rounded if math.isnan(row["ci_lower"]) else "published"
    row["obs_id"] = observation_id(row)
    row["known_by"] = known_by(row["published"], row["published_precision"], seen).isoformat()
    row |= defined(row["series_id"], row["time_period"], row["breakdown"])
    return {name: row[name] for name in NAMES if name in row}


def defined(series_id: str, time_period: str, breakdown: str) -> dict[str, str]:
    """Return the columns that follow from the series of a figure."""
    about = series(series_id)
    return {
        "series_id": series_id,
        "publisher": about.publisher,
        "indicator": about.indicator,
        "unit_measure": about.unit,
        "definition_id": about.definition_id(time_period, breakdown),
    }


def observation_id(row: Mapping[str, str]) -> str:
    """Return the readable key of a figure; the document is part of it, for vintages.

    Examples
    --------
    >>> observation_id({"series_id": "police_reports", "time_period": "2024", "sex": "total",
    ...                 "age": "total", "breakdown": "", "source_id": "politie-2025-03-09"})
    'police_reports/2024/politie-2025-03-09'
    """
    group = [row[k] for k in ("sex", "age") if row[k] != "total"]
    group += [row["breakdown"].replace("=", "-")] if row["breakdown"] else []
    return "/".join([row["series_id"], row["time_period"], *group, row["source_id"]])

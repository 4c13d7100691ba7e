"""Percentage changes and the pairs of counts they are the change of: derived where nobody published one, checked where somebody did.

Which series is the change of which stands in the catalogue (`change_of`). A pair is a count and that of the same period
one year before, of one group and one definition; nothing is computed over a break.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from osw_stats.sources.observation import defined, observation_id
from osw_stats.vocabulary.observations import COMPUTED, KEY, records
from osw_stats.vocabulary.series import catalogue

Row = dict[str, Any]
NOISE = 1e-9  # percent; what floating point leaves at a tie
LARGEST = 1000.0  # percent; what the tidy table takes for a plausible percentage
DOCUMENT = ("source_id", "locator", "published", "published_precision", "known_by", "file", "row")


def with_changes(seen: pd.DataFrame) -> pd.DataFrame:
    """Return the figures an edition sees, and after them each change that follows from two of them and was not published.

    A change has the status derived, in percent; its limits are what the wording of both counts leaves open, its
    document and dates are those of the count that came out last, its note is the sum that was made.
    """
    known = set(seen[KEY].itertuples(index=False, name=None))
    rows = [
        _derived(about.series_id, before, after)
        for about in catalogue().values()
        if about.change_of and about.homogeneous
        for before, after in _pairs(seen[seen["series_id"] == about.change_of])
        if (about.series_id, *(after[k] for k in KEY[1:])) not in known
        and before["lower"] > 0
        and abs(_percent(after["obs_value"], before["obs_value"])) <= LARGEST
    ]
    if not rows:
        return seen
    changes = pd.DataFrame(rows, columns=seen.columns).astype(seen.dtypes)
    return pd.concat([seen, changes], ignore_index=True)


def contradicted(observations: pd.DataFrame) -> list[tuple[Row, float, float]]:
    """Return every published change that its counts leave no room for, with the limits in percent that they do leave.

    A change is held against the counts as they were when it was published, else as they came out first: a later
    revision makes no earlier percentage wrong.
    """
    main = observations[(observations["role"] == "main") & (observations["obs_status"] != "derived")]
    counts_of = {about.series_id: about.change_of for about in catalogue().values() if about.change_of}
    wrong = []
    for change in records(main[main["series_id"].isin(counts_of) & main["obs_value"].notna()]):
        counts = main[main["series_id"] == counts_of[change["series_id"]]].sort_values(
            "known_by", kind="stable"
        )
        public = counts["known_by"] <= change["known_by"]
        then = pd.concat([counts[~public].iloc[::-1], counts[public]]).drop_duplicates(KEY, keep="last")
        for before, after in _pairs(then):
            if all(after[k] == change[k] for k in KEY[1:]) and before["lower"] > 0:
                low, high = _limits(before, after)
                if change["upper"] < low - NOISE or change["lower"] > high + NOISE:
                    wrong.append((change, low, high))
    return wrong


def _pairs(counts: pd.DataFrame) -> Iterator[tuple[Row, Row]]:
    """Yield each count with a value beside the one of a year before, where both are of one definition."""
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in records(counts[counts["obs_value"].notna()]):
        groups[tuple(row[k] for k in KEY[2:])][row["time_period"]] = row
    for by_period in groups.values():
        for period, after in sorted(by_period.items()):
            before = by_period.get(f"{int(period[:4]) - 1}{period[4:]}")
            if before is not None and before["definition_id"] == after["definition_id"]:
                yield before, after


def _percent(after: float, before: float) -> float:
    return 100 * (after - before) / before


def _limits(before: Row, after: Row) -> tuple[float, float]:
    return _percent(after["lower"], before["upper"]), _percent(after["upper"], before["lower"])


def _derived(series_id: str, before: Row, after: Row) -> Row:
    last = before if before["known_by"] > after["known_by"] else after
    low, high = _limits(before, after)
    row = after | defined(series_id, after["time_period"], after["breakdown"])
    return row | {
        "obs_id": observation_id(row | {"source_id": COMPUTED}),
        **{column: last[column] for column in DOCUMENT},
        "obs_value": _percent(after["obs_value"], before["obs_value"]),
        "lower": low,
        "upper": high,
        "ci_lower": math.nan,
        "ci_upper": math.nan,
        "lower_closed": bool(after["lower_closed"] and before["upper_closed"]),
        "upper_closed": bool(after["upper_closed"] and before["lower_closed"]),
        "interval_kind": "rounding" if low < high else "none",
        "obs_status": "derived",
        "as_reported": "",
        "note": f"100 * ({after['obs_id']} / {before['obs_id']} - 1)",
    }

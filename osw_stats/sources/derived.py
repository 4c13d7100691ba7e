"""Percentage changes and the pairs of counts they are the change of: derived where nobody published one, held against them where somebody did.

Which series is the change of which stands in the catalogue (`change_of`). A pair is a count and that of the same period
one year before, of one group and one definition; nothing is computed over a break.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import COMPUTED, KEY, records
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.series import Series, catalogue

Row = dict[str, Any]
GROUP = [k for k in KEY if k not in ("series_id", "time_period")]
NOISE = 1e-9  # percent; what floating point leaves at a tie
LARGEST = 1000.0  # percent; what the tidy table takes for a plausible percentage


def with_changes(seen: pd.DataFrame) -> pd.DataFrame:
    """Return the figures an edition sees, and after them each change that follows from two of them and was not published.

    Parameters
    ----------
    seen
        What `as_of` returns: one row a figure.

    Returns
    -------
    pandas.DataFrame
        A change has the status derived, in percent; its limits are what the wording of both counts leaves open, its
        document and dates are those of the count that came out last, its note is the sum that was made.
    """
    there = set(seen[KEY].itertuples(index=False, name=None))
    rows = [
        _derived(about, before, after)
        for about in catalogue().values()
        if about.change_of and about.homogeneous
        for before, after in _pairs(seen[seen["series_id"] == about.change_of])
        if (about.series_id, *(after[k] for k in KEY[1:])) not in there
        and before["lower"] > 0
        and abs(_percent(after["obs_value"], before["obs_value"])) <= LARGEST
    ]
    return (
        pd.concat([seen, pd.DataFrame(rows, columns=seen.columns).astype(seen.dtypes)], ignore_index=True)
        if rows
        else seen
    )


def contradicted(observations: pd.DataFrame) -> list[tuple[Row, float, float]]:
    """Return every published change that its counts leave no room for, with the limits in percent that they do leave.

    Parameters
    ----------
    observations
        The tidy table with all vintages. A change is held against the counts as they were when it was published,
        else as they came out first: a later revision makes no earlier percentage wrong.
    """
    main = observations[(observations["role"] == "main") & (observations["obs_status"] != "derived")]
    wanted = {about.series_id: about.change_of for about in catalogue().values() if about.change_of}
    found = []
    for told in records(main[main["series_id"].isin(wanted) & main["obs_value"].notna()]):
        same = main[main["series_id"] == wanted[told["series_id"]]]
        public = same[same["known_by"] <= told["known_by"]].sort_values("known_by", kind="stable")
        later = same[same["known_by"] > told["known_by"]].sort_values(
            "known_by", ascending=False, kind="stable"
        )
        latest = pd.concat([later, public]).drop_duplicates(KEY, keep="last")
        for before, after in _pairs(latest):
            if all(after[k] == told[k] for k in KEY[1:]) and before["lower"] > 0:
                low, high = _limits(before, after)
                if told["upper"] < low - NOISE or told["lower"] > high + NOISE:
                    found.append((told, low, high))
    return found


def words(place: dict[str, str], told: Row, low: float, high: float) -> dict[str, str]:
    """Return in both languages where a change stands, what it says, and what its counts leave."""
    en = [str(half_up(value, 1)) for value in (told["obs_value"], low, high)]
    nl = [number.replace(".", ",") for number in en]
    return {
        "nl": f"{place['nl']}: er staat {nl[0]} procent, uit de aantallen volgt {nl[1]} tot {nl[2]}",
        "en": f"{place['en']}: {en[0]} percent is given, and its counts leave {en[1]} to {en[2]}",
    }


def _pairs(counts: pd.DataFrame) -> Iterator[tuple[Row, Row]]:
    """Yield each count with a value beside the one of a year before, where both are of one definition."""
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in records(counts[counts["obs_value"].notna()]):
        groups[tuple(row[k] for k in GROUP)][row["time_period"]] = row
    for by_period in groups.values():
        for period, after in sorted(by_period.items()):
            before = by_period.get(f"{int(period[:4]) - 1}{period[4:]}")
            if before is not None and before["definition_id"] == after["definition_id"]:
                yield before, after


def _percent(after: float, before: float) -> float:
    return 100 * (after - before) / before


def _limits(before: Row, after: Row) -> tuple[float, float]:
    return _percent(after["lower"], before["upper"]), _percent(after["upper"], before["lower"])


def _derived(about: Series, before: Row, after: Row) -> Row:
    last = before if before["known_by"] > after["known_by"] else after
    low, high = _limits(before, after)
    period = after["time_period"]
    group = [after[k] for k in ("sex", "age") if after[k] != "total"]
    group += [after["breakdown"].replace("=", "-")] if after["breakdown"] else []
    return after | {
        "obs_id": "/".join([about.series_id, period, *group, COMPUTED]),
        **{k: last[k] for k in ("source_id", "locator", "published", "published_precision", "known_by", "file", "row")},
        "series_id": about.series_id, "publisher": about.publisher, "indicator": about.indicator,
        "unit_measure": about.unit, "definition_id": about.definition_id(period, after["breakdown"]),
        "obs_value": _percent(after["obs_value"], before["obs_value"]), "lower": low, "upper": high,
        "ci_lower": math.nan, "ci_upper": math.nan, "obs_status": "derived", "as_reported": "",
        "lower_closed": bool(after["lower_closed"] and before["upper_closed"]),
        "upper_closed": bool(after["upper_closed"] and before["lower_closed"]),
        "interval_kind": "rounding" if low < high else "none",
        "note": f"100 * ({after['obs_id']} / {before['obs_id']} - 1)",
    }  # fmt: skip

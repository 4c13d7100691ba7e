"""One row of a table, found by its key and never by its place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.errors import InputError, NotEstimableError, NotPublishedError
from osw_stats.vocabulary.observations import matching, pick, records


def only(frame: pd.DataFrame, what: str = "", **where: Any) -> dict[str, Any]:
    """Return the one row that holds these values, by column; a row is found by its key, never by its place.

    Raises
    ------
    InputError
        If there is none, or more than one.

    Examples
    --------
    >>> frame = pd.DataFrame({"wave": ["2022", "2024"], "pct": [6.4, 5.2]})
    >>> only(frame, wave="2022")["pct"]
    6.4
    """
    rows = frame[matching(frame, where)] if where else frame
    if len(rows) != 1:
        key = ", ".join(f"{k}={v}" for k, v in where.items())
        raise InputError(
            f"one row was expected and {len(rows)} were found",
            "This is an error of the analysis or two rows with one key: report it with its input.",
            file=what or None, value=key or None,
        )  # fmt: skip
    return records(rows)[0]


def filled(frame: pd.DataFrame, *series_ids: str) -> pd.DataFrame:
    """Return a table that has rows.

    Raises
    ------
    NotPublishedError
        If it has none, and rests on these series.
    NotEstimableError
        If it has none, and no series is named.

    Examples
    --------
    >>> len(filled(pd.DataFrame({"pct": [5.2]})))
    1
    """
    if len(frame):
        return frame
    if series_ids:
        raise NotPublishedError(
            "no figure of these series was published", series_ids[0], wanted=[{"series_id": s} for s in series_ids]
        )  # fmt: skip
    raise NotEstimableError("the figures do not allow this table")


def one(observations: pd.DataFrame, series_id: str, **where: str) -> dict[str, Any]:
    """Return the one figure of a series, total unless `where` names a group.

    Raises
    ------
    NotPublishedError
        If it is not there.
    InputError
        If `where` leaves more than one, such as figures of several periods.
    """
    rows = pick(observations, series_id, **where)
    if len(rows) > 1:
        raise InputError(
            f"stands for {len(rows)} figures, of {', '.join(sorted(set(rows['time_period'])))}",
            "Name the period, or ask for the latest one.", column="series_id", value=series_id,
        )  # fmt: skip
    return only(rows, series_id)


def latest(observations: pd.DataFrame, series_id: str, **where: str) -> dict[str, Any]:
    """Return the figure of the last period of a series, total unless `where` names a group.

    Raises
    ------
    NotPublishedError
        If the series has no figure.
    """
    rows = pick(observations, series_id, **where)
    return only(rows, series_id, time_period=max(rows["time_period"]))

"""One row of a table, selected by its key and never by position."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.numbers import Fact
from osw_stats.meaning.observations import matching, pick, records
from osw_stats.meaning.series import series
from osw_stats.yamlfile import refusals

refused = refusals(__file__)


def only(frame: pd.DataFrame, what: str = "", **where: Any) -> dict[str, Any]:
    """Return the only row with these values, by column; raise InputError if there is none, or more than one.

    >>> frame = pd.DataFrame({"wave": ["2022", "2024"], "pct": [6.4, 5.2]})
    >>> only(frame, wave="2022")["pct"]
    6.4
    """
    rows = frame[matching(frame, where)] if where else frame
    if len(rows) != 1:
        conditions = ", ".join(f"{k}={v}" for k, v in where.items())
        raise refused("not_one_row", file=what or None, value=conditions or None, rows=len(rows))
    return records(rows)[0]


def in_their_words(statements: pd.DataFrame, absent: str) -> Fact:
    """Return the only statement of a publisher among events; NotAskedError with the text `absent` if there is none."""
    if statements.empty:
        raise NotAskedError(absent)
    statement = only(statements, "data/raw/events")
    words = {language: str(statement[language]) for language in ("nl", "en")}
    return Fact(words, tuple(words.values()))


def filled(frame: pd.DataFrame, *series_ids: str) -> pd.DataFrame:
    """Return a table with rows; an empty one is not published if it rests on series, otherwise not estimable."""
    if len(frame):
        return frame
    if not series_ids:
        raise NotEstimableError("the figures do not allow this table")
    wanted = [{"series_id": s} for s in series_ids]
    raise NotPublishedError("no figure of these series was published", series_ids[0], wanted=wanted)


def one(observations: pd.DataFrame, series_id: str, **where: str) -> dict[str, Any]:
    """Return the only figure of a series with a value, the total unless `where` names a group."""
    # NotPublishedError: it is missing or has no value. InputError: unknown series, or more than one figure
    # remains.
    rows = _with_value(observations, series_id, where)
    if len(rows) > 1:
        words = {"count": len(rows), "periods": ", ".join(sorted(set(rows["time_period"])))}
        raise refused("several_figures", column="series_id", value=series_id, **words)
    return only(rows, series_id)


def latest(observations: pd.DataFrame, series_id: str, **where: str) -> dict[str, Any]:
    """Return the figure of the last period with a value in a series; otherwise as `one`."""
    rows = _with_value(observations, series_id, where)
    return only(rows, series_id, time_period=max(rows["time_period"]))


def every(observations: pd.DataFrame, wanted: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the only figure for each of these keys; one NotPublishedError names all missing figures."""
    rows, absent = [], []
    for key in wanted:
        try:
            rows.append(one(observations, **key))
        except NotPublishedError as error:
            absent.append(error)
    if absent:
        raise all_absent(absent)
    return rows


def all_absent(errors: Sequence[NotPublishedError]) -> NotPublishedError:
    """Return one error that names every missing figure of these errors, once."""
    wanted = {tuple(sorted(key.items())): key for error in errors for key in error.wanted}
    problems = "; ".join(dict.fromkeys(error.problem for error in errors))
    return NotPublishedError(problems, errors[0].series_id, wanted=wanted.values())


def _with_value(observations: pd.DataFrame, series_id: str, where: Mapping[str, str]) -> pd.DataFrame:
    series(series_id)  # a misspelt series is a mistake, never an absence
    rows = pick(observations, series_id, **where)
    known = rows[rows["obs_value"].notna()]
    if known.empty:
        key = ", ".join([series_id, *(f"{k}={v}" for k, v in where.items() if v)])
        why = sorted(set(rows["obs_status"].astype(str).mask(rows["lower"].notna(), "range only")))
        wanted = [{"series_id": series_id, **where}]
        raise NotPublishedError(f"no value of {key}: {' '.join(why)}", series_id, wanted=wanted)
    return known

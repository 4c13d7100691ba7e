"""Of what the requests for advice consist, this year and the year before."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pandas as pd

from osw_stats.analysis.counts import composition
from osw_stats.analysis.counts.yearly import Counted, Point, points
from osw_stats.errors import NotEstimableError, NotPublishedError

TOTAL = Counted("helpwanted_requests")
PARTS = "helpwanted_requests_subject"
COLUMNS = [
    "year", "subject", "count", "share", "lower", "upper", "change_pp", "change_count", "change_lower",
    "change_upper", "basis", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def subjects(observations: pd.DataFrame, year: int, *, alpha: float) -> pd.DataFrame:
    """Return the table `composition`: subjects of the requests of a year and the year before, and what is left.

    Shares are percent of that year's requests with simultaneous limits; `change_pp` and `change_count` (percent) are on
    the year before where both were published, with the range that the printed growth of the total leaves open. The
    rest is the total less the subjects that were published, so it holds more where fewer were.

    Raises
    ------
    NotPublishedError
        If the total of the year, or every subject of it, was not published.
    NotEstimableError
        If the subjects of the year are together more than its total.
    """
    totals = {p.year: p for p in points(observations, TOTAL)}
    known = {
        s: {p.year: p for p in points(observations, Counted(PARTS, f"subject={s}"))}
        for s in _named(observations)
    }
    if year not in totals or not any(year in by_year for by_year in known.values()):
        whole = {"sex": "total", "age": "total", "time_period": str(year)}
        wanted = [whole | {"series_id": TOTAL.series_id, "breakdown": ""}] * (year not in totals)
        wanted += [whole | {"series_id": PARTS}] * bool(year in totals)
        raise NotPublishedError(f"no requests by subject in {year}", wanted[0]["series_id"], wanted=wanted)
    rows = _of_year(year, totals[year], known, alpha)
    if year - 1 in totals and any(year - 1 in by_year for by_year in known.values()):
        with suppress(NotEstimableError):  # that year is left out
            rows = _of_year(year - 1, totals[year - 1], known, alpha) + rows
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for subject in known:
        _change(frame, subject, year, totals.get(year - 1))
    return frame


def _named(observations: pd.DataFrame) -> list[str]:
    """Return the subjects of which a year was published, those with the largest count first."""
    rows = observations[
        observations["series_id"].eq(PARTS) & observations["breakdown"].str.startswith("subject=")
    ]
    largest = rows.groupby("breakdown")["obs_value"].max().sort_values(ascending=False, kind="stable")
    return [str(b).removeprefix("subject=") for b in largest.index]


def _of_year(
    when: int, total: Point, known: dict[str, dict[int, Point]], alpha: float
) -> list[dict[str, Any]]:
    mine = {s: by_year[when] for s, by_year in known.items() if when in by_year}
    parts = {s: p.value for s, p in mine.items()}
    parts["rest"] = total.value - sum(parts.values())
    if parts["rest"] < 0 or total.value <= 0:
        raise NotEstimableError(
            f"shares of the requests of {when} are not estimable: its subjects exceed the total."
        )
    made = composition.shares(list(parts.values()), alpha=alpha)
    return [
        {
            "year": when, "subject": subject, "count": count, "share": 100 * made.shares[at],
            "lower": 100 * made.limits[at][0], "upper": 100 * made.limits[at][1],
            "change_pp": math.nan, "change_count": math.nan, "change_lower": math.nan,
            "change_upper": math.nan, "basis": total.basis, "unit": "percent", "interval_kind": "independent",
            "observations": " ".join(
                dict.fromkeys((*(mine[subject].observations if subject in mine else ()), *total.observations))
            ),
            "method": "Goodman simultaneous limits",
            "grade": "A" if total.basis == "published" else "B",
        }
        for at, (subject, count) in enumerate(parts.items())
    ]  # fmt: skip


def _change(frame: pd.DataFrame, subject: str, year: int, before: Point | None) -> None:
    mine = frame["subject"] == subject
    now, then = (frame.index[mine & frame["year"].eq(y)] for y in (year, year - 1))
    if before is None or not len(now) or not len(then) or not frame.loc[then[0], "count"]:
        return
    new, old = frame.loc[now[0]], frame.loc[then[0]]
    frame.loc[now[0], "change_count"] = 100 * (new["count"] / old["count"] - 1)
    frame.loc[now[0], "change_pp"] = new["share"] - old["share"]
    # a smaller total before makes the old share larger
    frame.loc[now[0], "change_lower"] = new["share"] - 100 * old["count"] / before.lower
    frame.loc[now[0], "change_upper"] = new["share"] - 100 * old["count"] / before.upper

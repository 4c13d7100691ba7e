"""Of what the requests for advice consist, this year and the year before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.analysis.counts import composition
from osw_stats.analysis.counts.yearly import Counted, Point, points
from osw_stats.errors import NotEstimableError, NotPublishedError

TOTAL = Counted("helpwanted_requests")
SUBJECT = "helpwanted_requests_subject"
SUBJECTS = ("sextortion", "distribution")
COLUMNS = [
    "year", "subject", "count", "share", "lower", "upper", "change_pp", "change_count", "change_lower",
    "change_upper", "basis", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def subjects(observations: pd.DataFrame, year: int, *, alpha: float) -> pd.DataFrame:
    """Return the table `composition`: subjects of the requests of two years, and what is left.

    Shares are percent of that year's requests with simultaneous limits; `change_pp` and `change_count` (percent) are on
    the year before where both were published, with the range that the printed growth of the total leaves open. The
    rest is the total less the subjects that were published: it holds more in a year of which fewer were.

    Raises
    ------
    NotPublishedError
        If the total of one of the years is not there and follows from no growth rate, or no subject of the later year
        was published.
    NotEstimableError
        If the subjects of a year are more than its total, or the total is nought.
    """
    totals = {p.year: p for p in points(observations, TOTAL)}
    found = {s: {p.year: p for p in points(observations, Counted(SUBJECT, f"subject={s}"))} for s in SUBJECTS}
    _require(year, totals, found)
    rows: list[dict[str, Any]] = []
    for when in (year - 1, year):
        total = totals[when]
        known = {s: by_year[when] for s, by_year in found.items() if when in by_year}
        parts = {s: p.value for s, p in known.items()}
        parts["rest"] = total.value - sum(parts.values())
        if parts["rest"] < 0 or total.value <= 0:
            raise NotEstimableError(f"the subjects of {when} are no parts of the total of {when}")
        made = _shares(list(parts.values()), alpha)
        for at, (subject, count) in enumerate(parts.items()):
            ids = (
                total.observations if subject == "rest" else known[subject].observations + total.observations
            )
            rows.append(
                {
                    "year": when, "subject": subject, "count": count, "share": 100 * made.shares[at],
                    "lower": 100 * made.limits[at][0], "upper": 100 * made.limits[at][1],
                    "change_pp": math.nan, "change_count": math.nan, "change_lower": math.nan,
                    "change_upper": math.nan, "basis": total.basis, "unit": "percent", "interval_kind": "independent",
                    "observations": " ".join(dict.fromkeys(ids)), "method": "Goodman simultaneous limits",
                    "grade": "A" if total.basis == "published" else "B",
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for subject in SUBJECTS:
        _change(frame, subject, year, totals[year - 1])
    return frame


def _shares(counts: list[float], alpha: float) -> composition.Shares:
    """Return shares with limits; of a year without subjects all of it is the rest, for certain."""
    if len(counts) > 1:
        return composition.shares(counts, alpha=alpha)
    return composition.Shares(np.ones(1), np.ones((1, 2)), np.zeros(1))


def _require(year: int, totals: dict[int, Point], found: dict[str, dict[int, Point]]) -> None:
    """Pass when both totals are there, and a subject of the later year."""
    absent = [
        {"series_id": TOTAL.series_id, "time_period": str(y)} for y in (year, year - 1) if y not in totals
    ]
    if not any(year in by_year for by_year in found.values()):
        absent += [
            {"series_id": SUBJECT, "breakdown": f"subject={s}", "time_period": str(year)} for s in SUBJECTS
        ]
    if absent:
        raise NotPublishedError(
            f"the requests of {year} cannot be set beside those of {year - 1} by subject",
            absent[0]["series_id"], wanted=absent,
        )  # fmt: skip


def _change(frame: pd.DataFrame, subject: str, year: int, before: Any) -> None:
    mine = frame["subject"] == subject
    now, then = (frame.index[mine & frame["year"].eq(y)] for y in (year, year - 1))
    if not len(now) or not len(then):
        return
    new, old = frame.loc[now[0]], frame.loc[then[0]]
    if not old["count"] > 0:
        return
    frame.loc[now[0], "change_count"] = 100 * (new["count"] / old["count"] - 1)
    frame.loc[now[0], "change_pp"] = new["share"] - old["share"]
    # a smaller total before makes the old share larger
    frame.loc[now[0], "change_lower"] = new["share"] - 100 * old["count"] / before.lower
    frame.loc[now[0], "change_upper"] = new["share"] - 100 * old["count"] / before.upper


def change(observations: pd.DataFrame, year: int) -> composition.Change:
    """Return the change of the parts that both years have: sextortion and all the rest."""
    totals = {p.year: p.value for p in points(observations, TOTAL)}
    own = {p.year: p.value for p in points(observations, Counted(SUBJECT, "subject=sextortion"))}
    return composition.change(
        *([own[y], totals[y] - own[y]] for y in (year - 1, year))
    )  # fmt: skip

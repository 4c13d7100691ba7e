"""Yearly counts of a series, as points with the range their wording leaves open."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import catalogue, series

USED = [
    "series_id", "breakdown", "sex", "age", "time_period", "obs_value", "lower", "upper", "definition_id", "obs_id", "known_by",
]  # fmt: skip
Row = dict[str, Any]
AGES_APART = 2.0  # years: two figures revised for so unequal a time are of two editions


@dataclass(frozen=True)
class Counted:
    """A series, or one part of it."""

    series_id: str
    breakdown: str = ""


# what the trend is about: full counts of people, reports, offences or cases
COUNTED = (
    Counted("police_reports"),
    Counted("police_registered_141"),
    Counted("police_registered_321"),
    Counted("cbs_registered_sexual"),
    Counted("om_inflow_sexual"),
    Counted("om_inflow_csam"),
    Counted("helpwanted_requests"),
    Counted("helpwanted_requests_subject", "subject=sextortion"),
    Counted("helpwanted_requests_subject", "subject=distribution"),
    Counted("meldpunt_reports"),
    Counted("csg_victims"),
    Counted("csg_contacts"),
    Counted("ap_complaints"),
)


@dataclass(frozen=True)
class Point:
    """One yearly count.

    Attributes
    ----------
    year, value, lower, upper
        The year, the count, and the range its wording leaves open.
    definition_id
        What was counted.
    observations
        Ids of the figures it rests on.
    basis
        published, or implied by a growth rate.
    age
        Years between the end of the year and the publication.
    """

    year: int
    value: float
    lower: float
    upper: float
    definition_id: str
    observations: tuple[str, ...]
    basis: str
    age: float

    @property
    def exact(self) -> bool:
        """Whether the count was printed to its last digit."""
        return self.lower == self.upper


def points(observations: pd.DataFrame, counted: Counted) -> list[Point]:
    """Return the yearly counts of a series in order; years without a value are left out.

    A year that was not printed and follows from the growth of the next one is there too, marked implied.
    """
    return _points(_whole_years(observations, [counted]), counted)


def all_points(observations: pd.DataFrame) -> dict[Counted, list[Point]]:
    """Return the yearly counts of every series the trend is about, in one pass; see `points`."""
    rows = _whole_years(observations, COUNTED)
    return {counted: _points(rows, counted) for counted in COUNTED}


def _points(rows: Mapping[Counted, list[Row]], counted: Counted) -> list[Point]:
    own = rows.get(counted, [])
    found = {p.year: p for p in map(_published, own) if not math.isnan(p.value)}
    growth = growth_series().get(counted.series_id)
    if growth and not counted.breakdown:
        for rate in rows.get(Counted(growth), []):
            year = int(rate["time_period"])
            # one step only: a total that is itself implied is no base for the next
            total = found.get(year)
            known = (
                total is not None and total.basis == "published" and total.lower > 0 and rate["lower"] > -100
            )
            if total is not None and known and year - 1 not in found:
                found[year - 1] = _implied(total, rate, counted)
    return [found[year] for year in sorted(found)]


def growth_series() -> dict[str, str]:
    """Return the series that give the growth on the year before, from which a total that was not printed follows."""
    known = catalogue()
    return {
        s.change_of: s.series_id for s in known.values() if s.change_of and known[s.change_of].homogeneous
    }


def _whole_years(observations: pd.DataFrame, wanted: Iterable[Counted]) -> dict[Counted, list[Row]]:
    """Return the rows of these series, and of their growth, that count a whole year and everybody."""
    growth = growth_series()
    names = {name for c in wanted for name in (c.series_id, growth.get(c.series_id, c.series_id))}
    found: dict[Counted, list[Row]] = defaultdict(list)
    for row in records(observations.loc[observations["series_id"].isin(names), USED]):
        if row["sex"] == row["age"] == "total" and len(row["time_period"]) == len("2024"):
            found[Counted(row["series_id"], row["breakdown"])].append(row)
    return found


def _published(row: Row) -> Point:
    year = int(row["time_period"])
    age = (date.fromisoformat(row["known_by"]) - date(year, 12, 31)).days / 365.25
    return Point(
        year, float(row["obs_value"]), float(row["lower"]), float(row["upper"]), row["definition_id"],
        (row["obs_id"],), "published", age,
    )  # fmt: skip


def _implied(after: Point, rate: Row, counted: Counted) -> Point:
    """Take the growth off a total; the range is that of the printed growth."""
    low, high = after.lower / (1 + rate["upper"] / 100), after.upper / (1 + rate["lower"] / 100)
    definition = series(counted.series_id).definition_id(str(after.year - 1))
    return Point(
        after.year - 1, after.value / (1 + rate["obs_value"] / 100), low, high, definition,
        (rate["obs_id"], *after.observations), "implied", after.age,
    )  # fmt: skip


def runs(found: list[Point]) -> list[list[Point]]:
    """Return stretches of consecutive years of one definition and one edition, each two years or longer.

    Slopes are computed inside such a stretch only.
    """
    stretches: list[list[Point]] = []
    current = found[:1]
    for before, after in pairwise(found):
        joined = (
            after.year - before.year == 1
            and after.definition_id == before.definition_id
            and not editions_differ(before, after)
        )
        if not joined:
            stretches.append(current)
            current = []
        current = [*current, after]
    return [s for s in (*stretches, current) if len(s) >= 2]


def editions_differ(before: Point, after: Point) -> bool:
    """Say whether two years come from editions that were revised for very unequal times."""
    return abs(before.age - 1 - after.age) > AGES_APART


def corners(stretch: list[Point]) -> list[list[float]]:
    """Return the counts in every corner of their rounding ranges, the printed ones first."""
    ends = [[p.value] if p.exact else [p.lower, p.upper] for p in stretch]
    return [[p.value for p in stretch], *map(list, product(*ends))]

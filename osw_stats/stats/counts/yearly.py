"""Yearly counts of a series, as points with the range that their wording implies."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import pairwise, product
from typing import Any

import pandas as pd

from osw_stats.meaning.observations import records
from osw_stats.meaning.series import catalogue, series
from osw_stats.yamlfile import read_yaml

Row = dict[str, Any]
SUBJECTS: dict[str, Any] = read_yaml(files("osw_stats.stats.counts") / "counts.yml", "counts.yml")
AGES_APART = 2.0  # years: figures whose ages differ by more are from different editions
TOTAL = {"sex": "total", "age": "total"}


@dataclass(frozen=True)
class Counted:
    """A series, or one breakdown of it."""

    series_id: str
    breakdown: str = ""


COUNTED = tuple(Counted(*names) for names in SUBJECTS["yearly"])
VARIATION = Counted(SUBJECTS["variation"])


@dataclass(frozen=True)
class Point:
    """A yearly count with the range that its wording implies."""

    year: int
    value: float
    lower: float
    upper: float
    definition_id: str
    observations: tuple[str, ...]
    basis: str  # "published", or "implied" by a growth rate
    age: float  # years between the end of the year and publication

    @property
    def exact(self) -> bool:
        """Whether the count was printed exactly."""
        return self.lower == self.upper


def points(observations: pd.DataFrame, counted: Counted) -> list[Point]:
    """Return the yearly counts of a series in order; years derived from the growth of the next are marked implied."""
    return all_points(observations, (counted,))[counted]


def all_points(observations: pd.DataFrame, wanted: Iterable[Counted] = COUNTED) -> dict[Counted, list[Point]]:
    """Return the yearly counts of every series of the trend, in one pass; see `points`."""
    growth = growth_series()
    names = {name for c in wanted for name in (c.series_id, growth.get(c.series_id, c.series_id))}
    rows: dict[Counted, list[Row]] = defaultdict(list)
    for row in records(observations[observations["series_id"].isin(names)]):
        # whole years of everyone
        if row["sex"] == row["age"] == "total" and len(row["time_period"]) == len("2024"):
            rows[Counted(row["series_id"], row["breakdown"])].append(row)
    rates = {c: rows[Counted(growth.get(c.series_id, ""))] if not c.breakdown else [] for c in wanted}
    return {c: _points(c.series_id, rows[c], rates[c]) for c in wanted}


def growth_series() -> dict[str, str]:
    """Return, by series of counts, the series of its growth, from which an unpublished total is derived."""
    known = catalogue()
    pairs = ((s.change_of, s.series_id) for s in known.values() if s.change_of)
    return {counts: growth for counts, growth in pairs if known[counts].homogeneous}


def _points(series_id: str, counts: list[Row], rates: list[Row]) -> list[Point]:
    by_year: dict[int, Point] = {}
    for row in counts:
        year, known = int(row["time_period"]), date.fromisoformat(row["known_by"])
        value, lower, upper = (float(row[name]) for name in ("obs_value", "lower", "upper"))
        age = (known - date(year, 12, 31)).days / 365.25
        if not math.isnan(value):
            fields = (row["definition_id"], (row["obs_id"],), "published", age)
            by_year[year] = Point(year, value, lower, upper, *fields)
    for rate in rates:
        year = int(rate["time_period"])
        after = by_year.get(year)
        # one step only: an implied total is not used to derive another
        if after is None or after.basis == "implied" or year - 1 in by_year:
            continue
        if after.lower > 0 and rate["lower"] > -100:
            value = after.value / (1 + rate["obs_value"] / 100)
            lower, upper = after.lower / (1 + rate["upper"] / 100), after.upper / (1 + rate["lower"] / 100)
            definition = series(series_id).definition_id(str(year - 1))
            used = (rate["obs_id"], *after.observations)
            by_year[year - 1] = Point(year - 1, value, lower, upper, definition, used, "implied", after.age)
    return [by_year[year] for year in sorted(by_year)]


def runs(counts: list[Point]) -> list[list[Point]]:
    """Return stretches of consecutive years of one definition and one edition, each two years or longer."""
    stretches = [counts[:1]]
    for before, after in pairwise(counts):
        joined = after.year - before.year == 1 and after.definition_id == before.definition_id
        if joined and not editions_differ(before, after):
            stretches[-1].append(after)
        else:
            stretches.append([after])
    return [s for s in stretches if len(s) >= 2]


def longest(counts: list[Point]) -> list[Point]:
    """Return the longest stretch; empty where there is none of two years."""
    return max(runs(counts), key=len, default=[])


def editions_differ(before: Point, after: Point) -> bool:
    """Return whether two years are from editions with very different times for revision."""
    return abs(before.age - 1 - after.age) > AGES_APART


def corners(stretch: list[Point]) -> list[list[float]]:
    """Return the counts in every corner of their rounding ranges, the printed ones first."""
    ends = [[p.value] if p.exact else [p.lower, p.upper] for p in stretch]
    return [[p.value for p in stretch], *map(list, product(*ends))]

"""Groups by sex and age: containment, disjointness and population size."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.meaning.observations import matching, records
from osw_stats.stats.survey import SERIES, Row

ALL_AGES = "16+"
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?")
Group = tuple[str, str]  # sex, age
EVERYONE: Group = ("total", ALL_AGES)
YOUNGER = ["16-17", "18-23"]  # the age bands below 24+


def of_all(table: pd.DataFrame) -> pd.Series[bool]:
    """Return for each row whether it is about everyone."""
    return (table["sex"] == EVERYONE[0]) & (table["age"] == EVERYONE[1])


def of_everyone(observations: pd.DataFrame, series_id: str) -> dict[str, Row]:
    """Return the figures of the whole population that have a value, by wave."""
    whole = {"series_id": series_id, "sex": EVERYONE[0], "age": EVERYONE[1], "breakdown": ""}
    rows = observations[matching(observations, whole) & observations["obs_value"].notna()]
    return {r["time_period"]: r for r in records(rows)}


def age_range(age: str) -> tuple[float, float]:
    """Return the first and last year of an age band.

    >>> age_range("16-17"), age_range("24+"), age_range("16")
    ((16, 17), (24, inf), (16, 16))
    """
    band = _BAND.fullmatch(age)
    if not band:
        raise InputError("is no age band", "Write 16-17, 24+ or 16.", column="age", value=age)
    low = int(band[1])
    high = math.inf if band[3] else int(band[2] or low)
    if high < low:
        raise InputError("runs backwards", "Write the lowest age first.", column="age", value=age)
    return low, high


def disjoint(a: Group, b: Group) -> bool:
    """Return whether two groups are disjoint."""
    if "total" not in (a[0], b[0]) and a[0] != b[0]:
        return True
    (low_a, high_a), (low_b, high_b) = age_range(a[1]), age_range(b[1])
    return high_a < low_b or high_b < low_a


def holds(a: Group, b: Group) -> bool:
    """Return whether group `a` contains another group `b`."""
    (low_a, high_a), (low_b, high_b) = age_range(a[1]), age_range(b[1])
    return a != b and a[0] in ("total", b[0]) and low_a <= low_b and high_b <= high_a


def leaves(groups: Iterable[Group]) -> list[Group]:
    """Return the groups that contain no other group of the list.

    >>> leaves([("total", "16+"), ("female", "16+"), ("female", "16-17"), ("male", "16+")])
    [('female', '16-17'), ('male', '16+')]
    """
    unique = list(dict.fromkeys(groups))
    return [g for g in unique if not any(holds(g, other) for other in unique)]


def label(group: Group) -> str:
    """Return the key of a group in result tables: "total", "female 16-17"."""
    sex, age = group
    return sex if age == ALL_AGES else f"{sex} {age}"


@dataclass(frozen=True)
class Size:
    """The number of people in a group: `value` plus or minus `half_width`.

    `basis` is "survey" where the publisher gives the population of the survey, "implied" where it follows from the
    number of people and the share as printed, "register" where it is the register total, less the share of people
    outside private households in a wave in which it is known.
    """

    value: float
    half_width: float
    observations: tuple[str, ...]
    basis: str


def size(observations: pd.DataFrame, wave: str, group: Group, *, implied: bool = True) -> Size | None:
    """Return the survey population of a group; None where unknown."""
    # Everyone: as published for the wave; else (with `implied`) the publisher's number of people over its share,
    # within their rounding; else the register total on 1 January, times the fraction living in private
    # households in the nearest wave with a published population, an assumption of this project. A group has
    # its fraction of the register.
    residents = _residents(observations, wave, EVERYONE)
    if group != EVERYONE:
        whole = size(observations, wave, EVERYONE, implied=implied)
        part = _residents(observations, wave, group)
        if whole is None or part is None or residents is None:
            return None
        ratio, ids = part[0] / residents[0], dict.fromkeys((*part[1], *whole.observations, *residents[1]))
        return Size(whole.value * ratio, whole.half_width * ratio, tuple(ids), "register")
    published = of_everyone(observations, SERIES["population"])
    if row := published.get(wave):
        return Size(row["obs_value"], (row["upper"] - row["lower"]) / 2, (row["obs_id"],), "survey")
    count, share = (of_everyone(observations, SERIES[s]).get(wave) for s in ("persons", "share"))
    if implied and count and share and share["lower"] > 0:
        low, high = 100 * count["lower"] / share["upper"], 100 * count["upper"] / share["lower"]
        return Size((low + high) / 2, (high - low) / 2, (count["obs_id"], share["obs_id"]), "implied")
    nearest = min(published, key=lambda w: (abs(int(w) - int(wave)), w), default="")
    base = _residents(observations, nearest, EVERYONE)
    if residents is None or base is None:
        return None
    row, ratio = published[nearest], residents[0] / base[0]
    ids = dict.fromkeys((*residents[1], row["obs_id"], *base[1]))
    return Size(row["obs_value"] * ratio, (row["upper"] - row["lower"]) / 2 * ratio, tuple(ids), "register")


def _residents(observations: pd.DataFrame, wave: str, group: Group) -> tuple[float, tuple[str, ...]] | None:
    """Return residents on 1 January and the ids of their figures; an open upper band as the remainder."""
    wanted = {"series_id": SERIES["register"], "time_period": wave, "sex": group[0]}
    bands = {r["age"]: r for r in records(observations[matching(observations, wanted)])}
    used, people = [group[1]], math.nan
    if group[1] in bands:  # a band withheld by the publisher is not derived from the others
        people = bands[group[1]]["obs_value"]
    elif age_range(group[1]) == (24, math.inf) and {ALL_AGES, *YOUNGER} <= set(bands):
        used = [ALL_AGES, *YOUNGER]
        people = bands[ALL_AGES]["obs_value"] - sum(bands[band]["obs_value"] for band in YOUNGER)
    return None if math.isnan(people) else (float(people), tuple(str(bands[band]["obs_id"]) for band in used))

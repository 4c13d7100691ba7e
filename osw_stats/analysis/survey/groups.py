"""Groups of people by sex and age: which hold others, which are apart, and how large they are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import records

ALL_AGES = "16+"
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?")
Group = tuple[str, str]  # sex, age
EVERYONE: Group = ("total", ALL_AGES)
SHARE, COUNT, POPULATION = "cbs_osi_12m", "cbs_osi_12m_persons", "cbs_phgsg_population"


def of_all(table: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether it is about everyone."""
    return (table["sex"] == EVERYONE[0]) & (table["age"] == EVERYONE[1])


def age_range(age: str) -> tuple[float, float]:
    """Return the first and last year of an age band.

    Examples
    --------
    >>> age_range("16-17"), age_range("24+"), age_range("16")
    ((16, 17), (24, inf), (16, 16))
    """
    found = _BAND.fullmatch(age)
    if not found:
        raise InputError("is no age band", "Write 16-17, 24+ or 16.", column="age", value=age)
    low = int(found[1])
    high = math.inf if found[3] else int(found[2] or low)
    if high < low:
        raise InputError("runs backwards", "Write the lowest age first.", column="age", value=age)
    return low, high


def disjoint(a: Group, b: Group) -> bool:
    """Say whether two groups share nobody.

    Examples
    --------
    >>> disjoint(("female", "16-17"), ("male", "16+")), disjoint(("total", "16+"), ("male", "16-17"))
    (True, False)
    """
    if "total" not in (a[0], b[0]) and a[0] != b[0]:
        return True
    (low_a, high_a), (low_b, high_b) = age_range(a[1]), age_range(b[1])
    return high_a < low_b or high_b < low_a


def holds(a: Group, b: Group) -> bool:
    """Say whether group `a` holds all of another group `b`."""
    (low_a, high_a), (low_b, high_b) = age_range(a[1]), age_range(b[1])
    return a != b and a[0] in ("total", b[0]) and low_a <= low_b and high_b <= high_a


def leaves(groups: Iterable[Group]) -> list[Group]:
    """Return the groups that hold no other one of the list.

    Examples
    --------
    >>> leaves([("total", "16+"), ("female", "16+"), ("female", "16-17"), ("male", "16+")])
    [('female', '16-17'), ('male', '16+')]
    """
    every = list(dict.fromkeys(groups))
    return [g for g in every if not any(holds(g, other) for other in every)]


def label(group: Group) -> str:
    """Return the key of a group in result tables: "total", "female 16-17".

    Examples
    --------
    >>> label(("total", "16+")), label(("female", "16-17")), label(("male", "16+"))
    ('total', 'female 16-17', 'male')
    """
    sex, age = group
    return sex if age == ALL_AGES else f"{sex} {age}"


@dataclass(frozen=True)
class Size:
    """How many people a group has: between `value` minus and plus `half_width`.

    `basis` is "survey" where the publisher gives the population of the survey, "implied" where it follows from the
    number of people and the share that the publisher printed, "register" where the register total is used, less the
    share of people outside private households in a wave that is known.
    """

    value: float
    half_width: float
    observations: tuple[str, ...]
    basis: str


def size(observations: pd.DataFrame, wave: str, group: Group, *, implied: bool = True) -> Size | None:
    """Return the survey population of a group; None where it cannot be known.

    Of everyone: as published for the wave; else (unless not `implied`) what the publisher's own number of people
    over its own share leaves open; else the register total of 1 January, times the part that lives in private
    households in the nearest wave of which the population was published, an assumption of this project. A group has
    its part of the register.
    """
    whole = _whole(observations, wave, implied)
    if whole is None or group == EVERYONE:
        return whole
    mine, people = _register(observations, wave, group), _register(observations, wave, EVERYONE)
    if mine is None or people is None:
        return None
    part = mine[0] / people[0]
    return Size(
        whole.value * part, whole.half_width * part,
        tuple(dict.fromkeys((*mine[1], *whole.observations, *people[1]))), "register",
    )  # fmt: skip


def _whole(observations: pd.DataFrame, wave: str, implied: bool) -> Size | None:
    published = _of_everyone(observations, POPULATION)
    if wave in published:
        row = published[wave]
        return Size(row["obs_value"], (row["upper"] - row["lower"]) / 2, (str(row["obs_id"]),), "survey")
    count, share = (_of_everyone(observations, s).get(wave) for s in (COUNT, SHARE))
    if implied and count is not None and share is not None and share["lower"] > 0:
        low, high = 100 * count["lower"] / share["upper"], 100 * count["upper"] / share["lower"]
        return Size(
            (low + high) / 2, (high - low) / 2, (str(count["obs_id"]), str(share["obs_id"])), "implied"
        )
    people = _register(observations, wave, EVERYONE)
    if people is None or not published:
        return None
    near = min(published, key=lambda w: (abs(int(w) - int(wave)), w))
    there = _register(observations, near, EVERYONE)
    if there is None:
        return None
    row, ratio = published[near], people[0] / there[0]
    return Size(
        row["obs_value"] * ratio, (row["upper"] - row["lower"]) / 2 * ratio,
        (*people[1], str(row["obs_id"]), *there[1]), "register",
    )  # fmt: skip


def _of_everyone(observations: pd.DataFrame, series_id: str) -> dict[str, dict[str, Any]]:
    """Return the figures of the whole population by wave."""
    rows = observations[
        (observations["series_id"] == series_id) & of_all(observations) & (observations["breakdown"] == "") & observations["obs_value"].notna()
    ]  # fmt: skip
    return {r["time_period"]: r for r in records(rows)}


def _register(observations: pd.DataFrame, wave: str, group: Group) -> tuple[float, Sequence[str]] | None:
    """Return residents on 1 January and the figures they come from; an open upper band as what is left.

    A band that the publisher withholds is not known, and is not worked out from the others.
    """
    asked = (
        (observations["series_id"] == "cbs_population") & (observations["time_period"] == wave)
        & (observations["sex"] == group[0])
    )  # fmt: skip
    rows = observations.loc[asked, ["age", "obs_value", "obs_id"]].set_index("age")
    known = {str(band): float(value) for band, value in rows["obs_value"].items()}
    if group[1] in known:
        people = known[group[1]]
        return None if math.isnan(people) else (people, (str(rows.loc[group[1], "obs_id"]),))
    low, high = age_range(group[1])
    younger = ["16-17", "18-23"]
    if (low, high) == (24, math.inf) and {ALL_AGES, *younger} <= set(known):
        left = known[ALL_AGES] - sum(known[band] for band in younger)
        ids = tuple(map(str, rows.loc[[ALL_AGES, *younger], "obs_id"]))
        return None if math.isnan(left) else (left, ids)
    return None

"""Groups of people by sex and age: which hold others, which are apart, and how large they are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from osw_stats.errors import InputError

ALL_AGES = "16+"
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|(\+))?")
Group = tuple[str, str]  # sex, age


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

    `basis` is "survey" where the publisher gives the population of the survey, "register" where the register
    total is used, less the share of people outside private households in the year that is known.
    """

    value: float
    half_width: float
    observations: tuple[str, ...]
    basis: str


def size(observations: pd.DataFrame, wave: str, group: Group) -> Size | None:
    """Return the survey population of a group; None where it cannot be known.

    Where only the register total of 1 January is known, it is multiplied by the part that lives in private
    households, known for one wave only: an assumption of this project.
    """
    everyone = group == ("total", ALL_AGES)
    survey = observations[observations["series_id"] == "cbs_phgsg_population"]
    published = survey[survey["time_period"] == wave]
    if everyone and len(published):
        row = published.iloc[0]
        return Size(row["obs_value"], (row["upper"] - row["lower"]) / 2, (str(row["obs_id"]),), "survey")
    people = _register(observations, wave, group)
    known = survey.iloc[0] if len(survey) else None
    whole = (
        _register(observations, str(known["time_period"]), ("total", ALL_AGES)) if known is not None else None
    )
    if people is None or whole is None or known is None:
        return None
    part, half = known["obs_value"] / whole[0], (known["upper"] - known["lower"]) / 2 / whole[0]
    return Size(
        people[0] * part, people[0] * half, (*people[1], str(known["obs_id"]), *whole[1]), "register"
    )  # fmt: skip


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

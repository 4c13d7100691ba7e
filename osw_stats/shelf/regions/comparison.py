"""Registered offences by region: a region beside its like, as a funnel plot and never as a ranking."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.series import series
from osw_stats.shelf.regions.figures import OFFENCES, treat
from osw_stats.stats.counts.rates import rate_ratio
from osw_stats.stats.downloaded import level, region_key

WINSORISE = 0.10
LEAST_REGIONS = 5  # regions before their spread says anything


@dataclass(frozen=True)
class Place:
    """One region: its key, name, kind, and its row of the funnel."""

    key: str
    name: str
    level: str
    row: dict[str, float]


def funnel(frame: pd.DataFrame, year: int, kind: str) -> pd.DataFrame:
    """Return the regions of one kind beside their common rate, with control limits.

    Returns
    -------
    pandas.DataFrame
        In the order of the regions' keys, never of their rates: region, name, base, count (NaN where hidden or
        withheld), rate_all and rate (per 100,000 of the base), z, phi, suppressed, suppression_reason (of `treat`),
        low95, high95, low998, high998, outside ("no", "above", "below"). The common rate and the spread rest on the
        counts that are shown, so that a hidden one does not follow from them.

    Notes
    -----
    Spiegelhalter (2005), Stat. Med. 24: limits around the common rate, widened by the overdispersion of the
    winsorised z-scores. The z-scores use square roots, which suit small counts.
    """
    frame = treat(frame)
    rows = frame[(frame["year"] == year) & (frame["level"] == kind)].sort_values("region")
    rows = rows[rows["base"].gt(0)].reset_index(drop=True)
    known = rows[rows["count"].notna()]
    if len(known) < LEAST_REGIONS or not known["count"].sum():
        raise NotEstimableError(
            f"the comparison of regions in {year} is not estimable because {len(known)} have a count "
            f"and a denominator; {LEAST_REGIONS} are needed."
        )
    common = float(known["count"].sum() / known["base"].sum())
    root = np.sqrt(common * rows["base"])
    z = 2 * (np.sqrt(rows["count"]) - root)
    low, high = z.quantile([WINSORISE, 1 - WINSORISE])
    phi = max(1.0, float((z.clip(low, high) ** 2).mean()))
    table = rows[["region", "name", "base"]].assign(
        count=rows["count"],
        rate_all=1e5 * common,
        z=z,
        phi=phi,
        suppressed=rows["hidden"].astype(bool),
        suppression_reason=rows["suppression_reason"],
        rate=1e5 * rows["count"] / rows["base"],
    )
    for name, confidence in (("95", 0.95), ("998", 0.998)):
        half = float(stats.norm.ppf(0.5 + confidence / 2)) * math.sqrt(phi) / 2
        table[f"low{name}"] = 1e5 * (root - half).clip(0) ** 2 / rows["base"]
        table[f"high{name}"] = 1e5 * (root + half) ** 2 / rows["base"]
    edge = float(stats.norm.ppf(0.999)) * math.sqrt(phi)
    table["outside"] = np.select([z.isna(), z > edge, z < -edge], ["", "above", "below"], "no")
    return table


def place(frame: pd.DataFrame, region: str, year: int) -> tuple[Place, pd.DataFrame]:
    """Return one region and the funnel of all regions of its kind."""
    names = {key: str(name) for key, name in zip(frame["region"], frame["name"], strict=True) if key != "NL"}
    key = region_key(region)
    if key not in names:
        key = {name.casefold(): k for k, name in names.items()}.get(key.casefold(), key)
    if key not in names:
        near = get_close_matches(region, [*names, *names.values()], n=3)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise InputError(
            "is no region of the police table in data/raw",
            f"{hint}The table holds {len(names)} regions.",
            column="region",
            value=region,
        )
    limits = funnel(frame, year, level(key))
    if key not in set(limits["region"]):
        raise NotEstimableError(f"{region} has no denominator in {year}, so it is not compared.")
    return Place(key, names[key], level(key), only(limits, "region_funnel", region=key)), limits


def said(place: Place, frame: pd.DataFrame, year: int) -> Number:
    """Return the count of a region, with where it lies among its like as verdict."""
    count = float(place.row["count"])
    if math.isnan(count):
        raise NotEstimableError(f"{place.name} is not compared in {year} because its count is not shown.")
    trace = (str(only(frame, "regions", region=place.key, year=year)["source_id"]),)
    where = {"no": "within", "above": "above", "below": "below"}[str(place.row["outside"])]
    verdict = f"region_{where}_ordinary_difference"
    unit, period = "registered_offences", str(year)
    return Number(
        count, unit, count, count, "none", trace, "as published", "A", period=period, verdict=verdict
    )


def last_year(frame: pd.DataFrame) -> int:
    """Return the last year of the table with a count."""
    return int(frame.loc[frame["count"].notna(), "year"].max())


def years(frame: pd.DataFrame, region: str, offence: str, *, alpha: float) -> pd.DataFrame:
    """Return one region's counts by year with the change on the year before, small counts hidden.

    The limits allow for the spread of the yearly steps of all regions of the same kind. `reason` says why there is no
    change: "first_year", "year_missing", "not_shown" (one of the two counts is hidden or withheld),
    "definition_changed", "zero".
    """
    frame = treat(frame)
    mine = frame[frame["region"] == region].sort_values("year")
    phi = step_dispersion(frame, level(region), offence)
    now, before = mine["count"], mine["count"].shift()
    reasons = {
        "first_year": mine["year"].shift().isna(),
        "year_missing": mine["year"].diff().ne(1),
        "not_shown": now.isna() | before.isna(),
        "definition_changed": _changed(mine["year"], offence),
        "zero": ~(now.gt(0) & before.gt(0)),
    }
    reason = pd.Series(np.select(list(reasons.values()), list(reasons), ""), mine.index)
    changes: list[Any] = [
        rate_ratio(a, b, phi=phi, alpha=alpha) if not why else None
        for a, b, why in zip(now, before, reason, strict=True)
    ]
    table = mine[["region", "year", "count"]].assign(
        suppressed=mine["hidden"].astype(bool),
        suppression_reason=mine["suppression_reason"],
        phi_used=phi,
        unit="percent",
        interval_kind="overdispersed",
        reason=reason,
    )
    for name, end in (("change", "ratio"), ("lower", "lower"), ("upper", "upper")):
        table[name] = [math.nan if c is None else 100 * (getattr(c, end) - 1) for c in changes]
    return table.reset_index(drop=True)


def step_dispersion(frame: pd.DataFrame, kind: str, offence: str) -> float:
    """Return the variance of yearly steps relative to Poisson over all shown counts of a kind; never below 1."""
    frame = treat(frame)
    rows = frame[(frame["level"] == kind) & frame["count"].gt(0)].sort_values(["region", "year"])
    before = rows.groupby("region")[["year", "count"]].shift()
    steps = (rows["year"] - before["year"]).eq(1) & ~_changed(rows["year"], offence)
    a, b = before.loc[steps, "count"], rows.loc[steps, "count"]
    return max(1.0, float((np.log(b / a) ** 2 / (1 / a + 1 / b)).mean())) if len(a) else 1.0


def _changed(years: pd.Series[int], offence: str) -> pd.Series[bool]:
    """Say of each year whether the definition of the offence is another than the year before."""
    if offence not in OFFENCES["series"]:
        return pd.Series(data=False, index=years.index)
    about = series(OFFENCES["series"][offence])
    return years.map(lambda year: about.definition_id(str(year)) != about.definition_id(str(year - 1)))

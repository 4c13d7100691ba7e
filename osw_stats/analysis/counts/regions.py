"""Registered offences by region: a region beside its like, as a funnel plot and never as a ranking."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from osw_stats.analysis.counts.rates import rate_ratio
from osw_stats.analysis.counts.region_figures import figures, treat
from osw_stats.analysis.months.monthly import Floats
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.regions import level, region_key
from osw_stats.vocabulary.series import series

WINSORISE = 0.10
LEAST_REGIONS = 5  # regions before their spread says anything
LEAST_YEARS = 4
SERIES = {"1.4.1": "police_registered_141", "3.2.1": "police_registered_321"}


@dataclass(frozen=True)
class Place:
    """One region: its key, name, kind, and its row of the funnel."""

    key: str
    name: str
    level: str
    row: dict[str, float]


def funnel(frame: pd.DataFrame, year: int, kind: str) -> pd.DataFrame:
    """Return the regions of one kind beside their common rate, with control limits.

    Parameters
    ----------
    frame
        As `figures` gives it.
    year
        Which year.
    kind
        province or municipality.

    Returns
    -------
    pandas.DataFrame
        In the order of the regions' keys, never of their rates: region, name, count (NaN where hidden or
        withheld), base, rate and rate_all (per 100,000 of the base), low95, high95, low998, high998, z, phi,
        outside ("no", "above", "below"), suppressed, suppression_reason (of `treat`). The common rate and the spread rest on the counts that are
        shown, so that a hidden one does not follow from them.

    Raises
    ------
    NotEstimableError
        With fewer than five regions that have a count and a base.

    Notes
    -----
    Spiegelhalter (2005), Stat. Med. 24: limits around the common rate, widened by the overdispersion of the
    winsorised z-scores. The z-scores use square roots, which suit small counts.
    """
    frame = treat(frame)
    rows = frame[(frame["year"] == year) & (frame["level"] == kind)].sort_values("region")
    rows = rows[rows["base"].gt(0)].reset_index(drop=True)
    known = rows["count"].notna()
    if int(known.sum()) < LEAST_REGIONS or not rows.loc[known, "count"].sum():
        raise NotEstimableError(
            f"the comparison of regions in {year} is not estimable because {int(known.sum())} have a count "
            f"and a denominator; {LEAST_REGIONS} are needed."
        )
    common = float(rows.loc[known, "count"].sum() / rows.loc[known, "base"].sum())
    expected = common * rows["base"]
    z = 2 * (np.sqrt(rows["count"]) - np.sqrt(expected))
    phi = _dispersion(z[known].to_numpy(dtype=float))
    out = rows[["region", "name", "base"]].assign(
        count=rows["count"], rate_all=1e5 * common, z=z, phi=phi, suppressed=rows["hidden"].astype(bool),
        suppression_reason=rows["suppression_reason"],
    )  # fmt: skip
    out["rate"] = 1e5 * out["count"] / out["base"]
    for name, level_of in (("95", 0.95), ("998", 0.998)):
        half = float(stats.norm.ppf(0.5 + level_of / 2)) * math.sqrt(phi) / 2
        root = np.sqrt(expected)
        out[f"low{name}"] = 1e5 * np.maximum(root - half, 0) ** 2 / rows["base"]
        out[f"high{name}"] = 1e5 * (root + half) ** 2 / rows["base"]
    edge = float(stats.norm.ppf(0.999)) * math.sqrt(phi)
    outside = np.where(z > edge, "above", np.where(z < -edge, "below", "no"))
    out["outside"] = np.where(out["count"].isna(), "", outside)
    return out


def _dispersion(z: Floats) -> float:
    """Return the mean square of winsorised z-scores, never below 1."""
    low, high = np.quantile(z, [WINSORISE, 1 - WINSORISE])
    return max(1.0, float(np.mean(np.clip(z, low, high) ** 2)))


def place(frame: pd.DataFrame, region: str, year: int) -> tuple[Place, pd.DataFrame]:
    """Return one region and the funnel of all regions of its kind.

    Raises
    ------
    InputError
        If the table does not hold the region; the message proposes the nearest ones.
    """
    key = region_key(region)
    names = dict(zip(frame["region"], frame["name"], strict=True))
    by_name = {str(name).casefold(): k for k, name in names.items() if k != "NL"}
    key = key if key in names else by_name.get(key.casefold(), key)
    if key not in names or key == "NL":
        near = get_close_matches(region, [*map(str, names), *map(str, names.values())], n=3)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise InputError(
            "is no region of the police table in data/raw", f"{hint}The table holds {len(names)} regions.",
            column="region", value=region,
        )  # fmt: skip
    limits = funnel(frame, year, level(key))
    mine = limits[limits["region"] == key]
    if not len(mine):
        raise NotEstimableError(f"{region} has no denominator in {year}, so it is not compared.")
    return Place(key, str(names[key]), level(key), only(mine, "region_funnel")), limits


def asked(cells: pd.DataFrame, offence: str, region: str) -> pd.DataFrame:
    """Return the counts of all regions, as `figures` gives them, where somebody asked for a region.

    Raises
    ------
    NotAskedError
        If nobody did.
    InputError
        If no table holds the offence by region.
    """
    if not region:
        raise NotAskedError("No region was asked for.")
    return figures(cells, offence)


def said(place: Place, frame: pd.DataFrame, year: int) -> Number:
    """Return the count of a region, with where it lies among its like as verdict.

    Raises
    ------
    NotEstimableError
        If the count is hidden or withheld: then the region is not compared.
    """
    count = float(place.row["count"])
    if math.isnan(count):
        raise NotEstimableError(f"{place.name} is not compared in {year} because its count is not shown.")
    row = only(frame, "regions", region=place.key, year=year)
    where = {"no": "within", "above": "above", "below": "below"}
    return Number(
        count, "registered_offences", count, count, "none", (str(row["source_id"]),), "as published", "A",
        period=str(year), verdict=f"region_{where[str(place.row['outside'])]}_ordinary_difference",
    )  # fmt: skip


def last_year(frame: pd.DataFrame) -> int:
    """Return the last year of the table with a count."""
    return int(frame.loc[frame["count"].notna(), "year"].max())


def definition(offence: str, year: int) -> str:
    """Return the definition of an offence in a year."""
    return series(SERIES[offence]).definition_id(str(year)) if offence in SERIES else offence


def years(frame: pd.DataFrame, region: str, offence: str, *, alpha: float) -> pd.DataFrame:
    """Return one region's counts by year with the change on the year before, small counts hidden.

    The limits allow for the spread of the yearly steps of all regions of the same kind. No change is
    given where one of the two counts is hidden or withheld, or where the definition changed in between.
    """
    frame = treat(frame)
    mine = frame[frame["region"] == region].sort_values("year")
    phi = step_dispersion(frame, level(region), offence)
    rows = []
    for at, now in enumerate(records(mine)):
        row = {
            "region": region, "year": now["year"], "count": now["count"], "suppressed": bool(now["hidden"]),
            "suppression_reason": now["suppression_reason"],
            "phi_used": phi, "change": math.nan, "lower": math.nan, "upper": math.nan, "unit": "percent",
            "interval_kind": "overdispersed", "reason": "first_year",
        }  # fmt: skip
        before = records(mine)[at - 1] if at else None
        if before:
            row["reason"] = _why_not(before, now, offence)
        if before and not row["reason"]:
            r = rate_ratio(now["count"], before["count"], phi=phi, alpha=alpha)
            ends = {"change": r.ratio, "lower": r.lower, "upper": r.upper}
            row |= {name: 100 * (value - 1) for name, value in ends.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def _why_not(before: dict[str, Any], now: dict[str, Any], offence: str) -> str:
    """Return why two years are not compared, as a code; empty where they are."""
    if before["year"] != now["year"] - 1:
        return "year_missing"
    if math.isnan(now["count"]) or math.isnan(before["count"]):
        return "not_shown"
    if definition(offence, now["year"]) != definition(offence, before["year"]):
        return "definition_changed"
    return "" if now["count"] > 0 and before["count"] > 0 else "zero"


def step_dispersion(frame: pd.DataFrame, kind: str, offence: str) -> float:
    """Return the variance of yearly steps relative to Poisson over all shown counts of a kind; never below 1."""
    frame = treat(frame)
    rows = frame[(frame["level"] == kind) & frame["count"].gt(0)].sort_values(["region", "year"])
    before = rows.groupby("region")[["year", "count"]].shift()
    same = [definition(offence, int(y)) == definition(offence, int(y) - 1) for y in rows["year"]]
    fits = (rows["year"] - before["year"]).eq(1) & pd.Series(same, index=rows.index)
    a, b = before.loc[fits, "count"], rows.loc[fits, "count"]
    if not len(a):
        return 1.0
    return max(1.0, float((np.log(b / a) ** 2 / (1 / a + 1 / b)).mean()))


def slopes(frame: pd.DataFrame, kind: str, offence: str, *, alpha: float) -> pd.DataFrame:
    """Return the annual change of every region of a kind over the years of one definition.

    Columns region, name, first, last, years, annual_change, lower, upper (percent a year), phi, reason. A region
    that cannot be estimated has a reason and no number. In the order of the regions' keys.

    Notes
    -----
    Quasi-Poisson, with the population as offset where it is known; phi is never taken below 1; t with k - 2 degrees of freedom.
    """
    frame = treat(frame)
    rows = frame[frame["level"] == kind].sort_values(["region", "year"])
    last = {y: definition(offence, int(y)) for y in rows["year"].unique()}
    rows = rows.assign(definition=rows["year"].map(last))
    return pd.DataFrame([_slope(str(key), part, alpha) for key, part in rows.groupby("region")])


def _slope(key: str, part: pd.DataFrame, alpha: float) -> dict[str, object]:
    out: dict[str, object] = {
        "region": key, "name": part["name"].iloc[0], "first": int(part["year"].min()), "last": int(part["year"].max()),
        "years": len(part), "annual_change": math.nan, "lower": math.nan, "upper": math.nan, "phi": math.nan,
        "reason": "",
    }  # fmt: skip
    counts, base = part["count"].to_numpy(dtype=float), part["base"].to_numpy(dtype=float)
    when = part["year"].to_numpy(dtype=float)
    reason = (
        "break_between" if len(set(part["definition"])) > 1
        else "small_counts" if part["hidden"].any() or not counts.all() or not (base > 0).all()
        else "years_missing" if np.isnan(counts).any() or (np.diff(when) != 1).any()
        else "too_few_years" if len(counts) < LEAST_YEARS
        else ""
    )  # fmt: skip
    if reason:
        return out | {"reason": reason}
    x = np.column_stack([np.ones(len(when)), when - when[0]])
    # without inhabitants the count itself: a share of all offences would move when theft does
    offset = np.log(base) if part["base_kind"].iloc[0] == "population" else None
    made = GLM(counts, x, family=families.Poisson(), offset=offset).fit(scale="X2")
    phi = max(1.0, float(made.scale))
    se = math.sqrt(phi * float(made.normalized_cov_params[1, 1]))
    half = float(stats.t.ppf(1 - alpha / 2, len(when) - 2)) * se
    slope = float(made.params[1])
    ends = {"annual_change": slope, "lower": slope - half, "upper": slope + half}
    return out | {name: 100 * math.expm1(value) for name, value in ends.items()} | {"phi": phi}

"""Registered offences by region: a funnel plot of comparable regions, never a ranking; small counts suppressed.

Used by `osw run trend -p region Groningen` once data/raw has a police table by region.
"""

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
from osw_stats.shelf.disclosure.levels import treat
from osw_stats.stats.counts.ordinary import Population, Steps
from osw_stats.stats.counts.rates import require_alpha
from osw_stats.stats.downloaded import LIES_IN, OFFENCES, dimensions, level, region_key, region_name

WINSORISE = 0.10
# the variance of a winsorised normal score: its outer tenths are set to their edge
EDGE = float(stats.norm.ppf(1 - WINSORISE))
WINSORISED_VAR = 1 - 2 * WINSORISE - 2 * EDGE * float(stats.norm.pdf(EDGE)) + 2 * WINSORISE * EDGE**2
LEAST_REGIONS = 5  # fewer regions are too few to estimate their spread
COLUMNS = ["region", "name", "level", "year", "count", "base", "base_kind", "table", "known_by", "source_id"]
REMEDY = (
    "On data.politie.nl open table 47013NED, choose the crime type and 'Totaal misdrijven', all provinces or all "
    "municipalities, and whole years; press CSV, put the file into data/raw/police/ and run `osw record`."
)


def figures(cells: pd.DataFrame, offence: str) -> pd.DataFrame:
    """Return yearly counts of an offence (code of the crime type) by region from the latest police table by region."""
    # `cells` are the cells of whole years from `stats.downloaded.regional`. `base` is the population of the region
    # where a table has it, else all registered offences there. Withheld counts are NaN, and so are those that
    # `treat` suppresses, given earlier tables and the table of the year with the nesting of regions, where there
    # is one. InputError if no table has the offence by region.
    if cells.empty:  # nothing was downloaded
        cells = pd.DataFrame(columns=["dims", "measure", "measure_label", "value", "time_period"])
    kind, measure = dimensions(cells), cells["measure_label"].astype(str) + cells["measure"].astype(str)
    registered, named = measure.str.contains("egist"), kind["region"].ne("")
    rows = cells.rename(columns={"value": "count"})
    rows["region"], rows["year"] = kind["region"], rows["time_period"].astype(int)
    rows["level"] = rows["region"].map(level)
    counts = rows[named & registered & kind["offence"].eq(offence)]
    if set(counts["region"]) <= {"NL"}:
        raise InputError(f"no police table in data/raw holds {offence} by region", REMEDY, column="region")
    files = counts[counts["region"] != "NL"].sort_values("known_by", kind="stable")["file"].unique()
    *earlier, latest = [counts[counts["file"] == file] for file in files]
    base = rows[named & kind["offence"].eq("") & measure.str.contains("evolking")]
    base_kind = "population" if set(latest["region"]) - {"NL"} <= set(base["region"]) else "offences"
    if base_kind == "offences":
        everything = registered & kind["offence"].isin(OFFENCES["all"])
        base = rows[named & everything & rows["file"].eq(files[-1])]
    if base.empty:
        raise InputError(f"no denominator for {offence} by region in data/raw", REMEDY, column="region")
    base = base.drop_duplicates(["region", "year"], keep="last").rename(columns={"count": "base"})
    table = latest.merge(base[["region", "year", "base"]], on=["region", "year"], how="left")
    table = table.assign(name=table["region"].map(region_name), base_kind=base_kind)
    nesting = rows[rows["measure"].eq(LIES_IN)].sort_values("known_by", kind="stable")
    nesting = nesting.merge(nesting.drop_duplicates("year", keep="last")[["year", "file"]])  # latest per year
    within = nesting[["year", "region"]].assign(within=nesting["dims"].str.replace(".*=", "", regex=True))
    return treat(table[COLUMNS], earlier, within)


@dataclass(frozen=True)
class Place:
    """One region: key, name, level, and row of the funnel."""

    key: str
    name: str
    level: str
    row: dict[str, Any]


def funnel(frame: pd.DataFrame, year: int, kind: str) -> pd.DataFrame:
    """Return the regions of one kind with their common rate and control limits.

    They are sorted by key, never by rate; rates are per 100,000 of the base, and `count` is NaN where suppressed or
    withheld. The common rate and the spread use only counts that are shown, so a suppressed count cannot be recovered
    from them.

    Spiegelhalter (2005), Stat. Med. 24: limits around the common rate, widened by the overdispersion of the winsorised
    z-scores relative to a winsorised normal; t, as it is estimated. The square root stabilises the variance of small counts.

    >>> counts = [100.0, 110.0, 90.0, 105.0, 95.0, 98.0, 102.0, 107.0, 93.0, 300.0, 7.0, 3.0]
    >>> keys = [f"PV{at}" for at in range(20, 32)]
    >>> frame = pd.DataFrame({"region": keys, "name": keys, "level": "province", "year": 2023, "count": counts, "base": 1e5})
    >>> funnel(frame, 2023, "province")[["region", "count", "outside", "suppression_reason"]].values.tolist()[-3:]
    [['PV29', 300.0, 'above', ''], ['PV30', nan, '', 'complementary'], ['PV31', nan, '', 'primary']]
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
    phi, df = max(1.0, float((z.clip(low, high) ** 2).mean()) / WINSORISED_VAR), len(known) - 1
    table = rows[["region", "name", "base", "count"]].assign(rate_all=1e5 * common, z=z, phi=phi)
    table["suppressed"], table["suppression_reason"] = rows["hidden"].astype(bool), rows["suppression_reason"]
    table["rate"] = 1e5 * rows["count"] / rows["base"]
    for name, confidence in (("95", 0.95), ("998", 0.998)):
        half = float(stats.t.ppf(0.5 + confidence / 2, df)) * math.sqrt(phi) / 2
        table[f"low{name}"] = 1e5 * (root - half).clip(0) ** 2 / rows["base"]
        table[f"high{name}"] = 1e5 * (root + half) ** 2 / rows["base"]
    edge = float(stats.t.ppf(0.999, df)) * math.sqrt(phi)
    table["outside"] = np.select([z.isna(), z > edge, z < -edge], ["", "above", "below"], "no")
    return table


def place(frame: pd.DataFrame, region: str, year: int) -> tuple[Place, pd.DataFrame]:
    """Return one region and the funnel of all regions of its kind."""
    names = {key: str(name) for key, name in zip(frame["region"], frame["name"], strict=True) if key != "NL"}
    key = region_key(region)
    if key not in names:
        key = {name.casefold(): k for k, name in names.items()}.get(key.casefold(), key)
    if key not in names:
        matches = get_close_matches(region, [*names, *names.values()], n=3)
        hint = f"Did you mean {' or '.join(matches)}? " if matches else ""
        problem = "is no region of the police table in data/raw"
        raise InputError(problem, f"{hint}It holds {len(names)} regions.", column="region", value=region)
    limits = funnel(frame, year, level(key))
    if key not in set(limits["region"]):
        raise NotEstimableError(f"{region} has no denominator in {year}, so it is not compared.")
    return Place(key, names[key], level(key), only(limits, "region_funnel", region=key)), limits


def said(place: Place, frame: pd.DataFrame, year: int) -> Number:
    """Return the count of a region; the verdict is its place among comparable regions."""
    count = float(place.row["count"])
    if math.isnan(count):
        raise NotEstimableError(f"{place.name} is not compared in {year} because its count is not shown.")
    trace = (str(only(frame, "regions", region=place.key, year=year)["source_id"]),)
    outside = str(place.row["outside"])
    verdict = f"region_{'within' if outside == 'no' else outside}_ordinary_difference"
    fields = ("registered_offences", count, count, "none", trace, "as published", "A")
    return Number(count, *fields, period=str(year), verdict=verdict)


def last_year(frame: pd.DataFrame) -> int:
    """Return the last year of the table with a count."""
    return int(frame.loc[frame["count"].notna(), "year"].max())


def years(frame: pd.DataFrame, region: str, offence: str, *, alpha: float) -> pd.DataFrame:
    """Return one region's counts by year with the change on the year before, small counts suppressed."""
    # The limits are those of ordinary steps (`stats.counts.ordinary`), from the region's other years and all
    # regions of the same kind. `reason` states why there is no change: "first_year", "year_missing",
    # "not_shown" (one of the two counts is suppressed or withheld), "definition_changed", "zero",
    # "no_other_step".
    require_alpha(alpha)
    frame = treat(frame)
    rows = frame[frame["region"] == region].sort_values("year", ignore_index=True)
    steps = region_steps(frame, level(region), offence)
    new, old = rows["count"], rows["count"].shift()
    reasons: dict[str, Any] = {
        "first_year": rows["year"].shift().isna(),
        "year_missing": rows["year"].diff().ne(1),
        "not_shown": new.isna() | old.isna(),
        "definition_changed": _definition_changed(rows["year"], offence),
        "zero": ~(new.gt(0) & old.gt(0)),
        "no_other_step": np.full(len(rows), sum(len(s.sizes) for s in steps.values()) < 2),
    }
    reason = np.select(list(reasons.values()), list(reasons), "")
    table = rows[["region", "year", "count"]].assign(suppressed=rows["hidden"].astype(bool))
    table = table.assign(suppression_reason=rows["suppression_reason"], unit="percent", reason=reason)
    table[["change", "lower", "upper", "spread"]] = math.nan
    table["interval_kind"] = "overdispersed"
    known = np.flatnonzero(reason == "")
    if not len(known):
        return table
    population = Population(steps)
    for i in known:
        ordinary = population.ordinary(region, [rows["year"][i]])
        step, reach = math.log(new[i] / old[i]), ordinary.reach(1 / new[i] + 1 / old[i], alpha)
        table.loc[i, ["change", "lower", "upper"]] = 100 * np.expm1([step, step - reach, step + reach])
        table.loc[i, "spread"] = 100 * math.expm1(ordinary.typical)
    return table


def region_steps(frame: pd.DataFrame, kind: str, offence: str) -> dict[Any, Steps]:
    """Return the yearly steps between shown counts of every region of a kind, within one definition."""
    rows = frame[(frame["level"] == kind) & frame["count"].gt(0)].sort_values(["region", "year"])
    previous = rows.groupby("region")[["year", "count"]].shift()
    follows = (rows["year"] - previous["year"]).eq(1) & ~_definition_changed(rows["year"], offence)
    rows = rows.assign(step=np.log(rows["count"] / previous["count"]))[follows]
    rows["counting"] = 1 / rows["count"] + 1 / previous.loc[rows.index, "count"]
    return {
        region: Steps(group["step"].to_numpy(), group["counting"].to_numpy(), tuple(group["year"]))
        for region, group in rows.groupby("region")
    }


def _definition_changed(years: pd.Series[int], offence: str) -> pd.Series[bool]:
    """Return for each year whether the definition of the offence differs from the year before."""
    if offence not in OFFENCES["series"]:
        return pd.Series(data=False, index=years.index)
    entry = series(OFFENCES["series"][offence])
    return years.map(lambda year: entry.definition_id(str(year)) != entry.definition_id(str(year - 1)))

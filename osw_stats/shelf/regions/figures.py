"""Yearly counts of an offence by region, out of downloaded tables, small ones hidden."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.counts import protect
from osw_stats.shelf.disclosure.hiding import Code
from osw_stats.stats.downloaded import dimensions, level, region_name
from osw_stats.yamlfile import read_yaml

OFFENCES = read_yaml(Path(__file__).with_name("offences.yml"))
COLUMNS = ["region", "name", "level", "year", "count", "base", "base_kind", "table", "known_by", "source_id"]
HOW = (
    "On data.politie.nl open table 47013NED, choose the crime type and 'Totaal misdrijven', all provinces or all "
    "municipalities, and whole years; press CSV, put the file into data/raw/police/ and run `osw record`."
)


def figures(cells: pd.DataFrame, offence: str) -> pd.DataFrame:
    """Return yearly counts of an offence by region from the latest police table by region.

    Parameters
    ----------
    cells
        Cells of whole years, of `stats.downloaded.regional`.
    offence
        Code of the crime type.

    Returns
    -------
    pandas.DataFrame
        Columns region, name, level, year, count, base, base_kind, table, known_by, source_id, hidden,
        suppression_reason; `base` is the population of the region where a table with it is there, else all registered
        offences there. Withheld counts are NaN, and so are those that `treat` hides, with the earlier tables in mind.

    Raises
    ------
    InputError
        If no table holds the offence by region.
    """
    frame = _by_region(cells, offence) if len(cells) else pd.DataFrame({"what": [], "region": []})
    counts, rest = frame[frame["what"] == "count"], frame[frame["what"] != "count"]
    if set(counts["region"]) <= {"NL"}:
        raise InputError(f"no police table in data/raw holds {offence} by region", HOW, column="region")
    files = counts[counts["region"] != "NL"].sort_values("known_by", kind="stable")["file"].unique()
    *earlier, latest = [counts[counts["file"] == file] for file in files]
    base = rest[rest["what"] == "population"]
    base_kind = "population" if set(latest["region"]) - {"NL"} <= set(base["region"]) else "offences"
    if base_kind == "offences":
        base = rest[(rest["what"] == "all") & (rest["file"] == files[-1])]
    if base.empty:
        raise InputError(f"no denominator for {offence} by region in data/raw", HOW, column="region")
    base = base.drop_duplicates(["region", "year"], keep="last").rename(columns={"count": "base"})
    table = latest.merge(base[["region", "year", "base"]], on=["region", "year"], how="left")
    table = table.assign(name=table["region"].map(region_name), base_kind=base_kind)
    return treat(table[COLUMNS], earlier)


def _by_region(cells: pd.DataFrame, offence: str) -> pd.DataFrame:
    """Return the cells that count the offence, all offences or the people of a region; `what` says which."""
    kind, measure = dimensions(cells), cells["measure_label"].astype(str) + cells["measure"].astype(str)
    registered = measure.str.contains("egist")
    conditions = [
        registered & kind["offence"].eq(offence),
        registered & kind["offence"].isin(OFFENCES["all"]),
        kind["offence"].eq("") & measure.str.contains("evolking"),
    ]
    what = np.select(conditions, ["count", "all", "population"], "")
    frame = cells.rename(columns={"value": "count"}).assign(what=what, region=kind["region"])
    frame = frame.assign(year=frame["time_period"].astype(int), level=frame["region"].map(level))
    return frame[frame["what"].ne("") & frame["region"].ne("")].reset_index(drop=True)


def treat(frame: pd.DataFrame, earlier: Sequence[pd.DataFrame] = ()) -> pd.DataFrame:
    """Return the figures with counts left out that must be hidden, and columns that say which and why.

    Counts from 1 up to `disclosure.hiding.MIN_COUNT` are not repeated, nor are others from which they would follow
    together with the total of all regions of the kind. Everything that is computed of regions starts from what is left,
    so that no rate, limit or spread gives a hidden count away. A frame that was treated before is returned as it is.

    Parameters
    ----------
    frame
        Columns region, level, year and count, others are kept.
    earlier
        Earlier tables of the same kind, the oldest first. They are taken to have been published as this function
        treats them: what they hid stays hidden, and what they showed protects nothing.

    Returns
    -------
    pandas.DataFrame
        `count` is NaN where hidden; `hidden`; `suppression_reason` is a code of `disclosure.counts.protect`,
        "withheld" where the publisher gave no figure, "" where shown. Which of a few hidden counts is the small one is
        not shown where that would give it away. Counts of provinces are hidden in years in which one of municipalities
        is: in which province a municipality lies everybody knows, only the table does not.
    """
    if "suppression_reason" in frame:
        return frame
    known: dict[tuple[str, int, str], tuple[float, Code]] = {}
    codes: pd.Series[Any] = pd.Series(dtype="object")
    for table in (*earlier, frame):
        keys = list(zip(table["level"], table["year"], table["region"], strict=True))
        was = [known.get(key, (math.nan, None)) for key in keys]
        same = [code if n == now else None for (n, code), now in zip(was, table["count"], strict=True)]
        before = pd.Series(same, index=table.index, dtype="object")
        codes = _codes(table, before)
        known |= dict(zip(keys, zip(table["count"], codes, strict=True), strict=True))
    hidden = ~codes.isin(["", "withheld"])
    return frame.assign(count=frame["count"].mask(hidden), hidden=hidden, suppression_reason=codes)


def _codes(frame: pd.DataFrame, before: pd.Series[Any]) -> pd.Series[Any]:
    """Return the code of every row, given those of the figures that were published before (None where not)."""
    nation = frame[frame["level"] == "nation"].set_index("year")["count"]
    parts = [
        _of_one_year(part, nation.get(year) if kind != "nation" else None, before[part.index])
        for (kind, year), part in frame.groupby(["level", "year"], sort=False)
    ]
    codes: pd.Series[Any] = pd.concat(parts).reindex(frame.index)
    fine = frame.loc[~codes.isin(["", "withheld"]) & frame["level"].eq("municipality"), "year"]
    coarse = frame["level"].eq("province") & frame["year"].isin(fine) & codes.eq("")
    codes[coarse] = "complementary"
    return codes


def _of_one_year(part: pd.DataFrame, nation: float | None, before: pd.Series[Any]) -> pd.Series[Any]:
    """Return the codes of one kind of region in one year."""
    figures: dict[object, float | None] = dict(part["count"])
    everything = part["count"].sum() if part["count"].notna().all() else nation
    relations = []
    if part["level"].iloc[0] != "nation" and everything is not None and everything >= part["count"].sum():
        relations = [("all", list(figures))]
        figures["all"] = everything
    shown = ["all", *before.index[before.eq("")]]
    try:
        codes = protect(
            figures, relations, public=shown, earlier=dict(before[before.notna() & before.ne("")])
        )[1]
    except InputError:
        # what is public gives one away, or these are no counts: nothing of this year is repeated
        return pd.Series(
            np.where(part["count"].notna(), "confidential", "withheld"), part.index, dtype="object"
        )
    return pd.Series([codes[at] for at in part.index], index=part.index, dtype="object")

"""Yearly counts of an offence by region, out of downloaded tables."""

from __future__ import annotations

import pandas as pd

from osw_stats.analysis.disclosure import protect
from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.regions import DIMENSIONS, level, region_key, region_name

ALL_OFFENCES = ("0.0.0", "Totaal", "0000000", "T001161")
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
        All cells of downloaded tables.
    offence
        Code of the crime type.

    Returns
    -------
    pandas.DataFrame
        Columns region, name, level, year, count, base, base_kind, table, known_by, hidden; `base` is the population of
        the region where a table with it is there, else all registered offences there. Withheld counts are NaN, and
        so are those that `treat` hides.

    Raises
    ------
    InputError
        If no table holds the offence by region.
    """
    yearly = cells[cells["time_period"].str.len().eq(4)] if len(cells) else cells
    found = [] if not len(yearly) else [_row(r, offence) for r in records(yearly)]
    frame = pd.DataFrame([r for r in found if r])
    counts = frame[frame["what"] == "count"] if len(frame) else frame
    if not len(counts) or set(counts["region"]) <= {"NL"}:
        raise InputError(f"no police table in data/raw holds {offence} by region", HOW, column="region")
    edition = counts[counts["region"] != "NL"].sort_values("known_by").iloc[-1]
    counts = counts[counts["file"] == edition["file"]]
    people = frame[frame["what"] == "population"]
    base_kind = "population" if set(counts["region"]) - {"NL"} <= set(people["region"]) else "offences"
    bases = (
        people
        if base_kind == "population"
        else frame[(frame["what"] == "all") & (frame["file"] == edition["file"])]
    )
    if not len(bases):
        raise InputError(f"no denominator for {offence} by region in data/raw", HOW, column="region")
    base = bases.drop_duplicates(["region", "year"], keep="last").set_index(["region", "year"])["value"]
    keys = pd.MultiIndex.from_frame(counts[["region", "year"]])
    table: pd.DataFrame = counts.rename(columns={"value": "count"}).assign(
        name=counts["region"].map(region_name), level=counts["region"].map(level), base_kind=base_kind,
        base=base.reindex(keys).to_numpy(),
    )  # fmt: skip
    shown: pd.DataFrame = table[COLUMNS]
    return treat(shown.reset_index(drop=True))


def _row(cell: dict[str, object], offence: str) -> dict[str, object] | None:
    values = dict(part.partition("=")[::2] for part in str(cell["dims"]).split("; "))
    place = next((values[c] for c in DIMENSIONS if c in values), None)
    if place is None:
        return None
    kinds = [v.split(" ")[0] for k, v in values.items() if k.startswith("Soort")]
    measure = str(cell["measure_label"]) + str(cell["measure"])
    if kinds:
        what = "count" if kinds == [offence] else "all" if kinds[0] in ALL_OFFENCES else ""
        what = what if "egist" in measure else ""
    else:
        what = "population" if "evolking" in measure else ""
    if not what:
        return None
    kept = {k: cell[k] for k in ("value", "table", "known_by", "file", "source_id")}
    return {"what": what, "region": region_key(place), "year": int(str(cell["time_period"])), **kept}


def treat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the figures with counts left out that must be hidden, and a column `hidden` that says which.

    Counts from 1 up to `disclosure.MIN_COUNT` are not repeated, nor are others from which they would follow together with the
    total of all regions of the kind. Everything that is computed of regions starts from what is left, so that no
    rate, limit or spread gives a hidden count away. Which of the hidden ones is small is told to nobody. A frame
    that was treated before is returned as it is.
    """
    if "hidden" in frame:
        return frame
    nation = frame[frame["level"] == "nation"].set_index("year")["count"]
    groups = [_hidden(part, nation.get(year)) for (_, year), part in frame.groupby(["level", "year"])]
    hidden = pd.concat(groups).reindex(frame.index) if groups else pd.Series(False, index=frame.index)
    return frame.assign(count=frame["count"].mask(hidden), hidden=hidden)


def _hidden(part: pd.DataFrame, nation: float | None) -> pd.Series[bool]:
    """Say which counts of one kind of region in one year are hidden; none where the publisher has no figure."""
    counts = {f"region {at}": n for at, n in part["count"].items()}
    known = part["count"].sum()
    relations = []
    if part["count"].notna().all():
        counts["all"] = known
        relations = [("all", [k for k in counts if k != "all"])]
    elif nation is not None and nation >= known and part["level"].iloc[0] != "nation":
        counts["all"] = nation
        relations = [("all", [k for k in counts if k != "all"])]
    try:
        reasons = protect(counts, relations, public=["all"])
    except InputError:  # the total alone gives one away: nothing of this year is repeated
        return part["count"].notna()
    flags = [reasons[f"region {at}"] in ("small", "secondary") for at in part.index]
    return pd.Series(flags, index=part.index)


def of_the_country(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of downloaded tables that are about the whole country, or name no region.

    Why the others are not passed on: beside a page that hides small counts of regions, a download with all of them
    would give those away.
    """
    if not len(cells):
        return cells
    places = cells["dims"].map(_place)
    return cells[places.isin(["", "NL"])]


def _place(dims: str) -> str:
    values = dict(part.partition("=")[::2] for part in dims.split("; "))
    return next((region_key(values[c]) for c in DIMENSIONS if c in values), "")

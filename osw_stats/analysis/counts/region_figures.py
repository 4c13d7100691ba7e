"""Yearly counts of an offence by region, out of downloaded tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from osw_stats.analysis.disclosure import Code, codes, protect
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
        Columns region, name, level, year, count, base, base_kind, table, known_by, hidden, suppression_reason; `base` is
        the population of the region where a table with it is there, else all registered offences there. Withheld
        counts are NaN, and so are those that `treat` hides, with the earlier tables in mind.

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
    editions = counts[counts["region"] != "NL"].sort_values("known_by", kind="stable")["file"].unique()
    earlier = [_counted(counts[counts["file"] == file]) for file in editions[:-1]]
    counts = _counted(counts[counts["file"] == editions[-1]])
    people = frame[frame["what"] == "population"]
    base_kind = "population" if set(counts["region"]) - {"NL"} <= set(people["region"]) else "offences"
    bases = (
        people
        if base_kind == "population"
        else frame[(frame["what"] == "all") & (frame["file"] == editions[-1])]
    )
    if not len(bases):
        raise InputError(f"no denominator for {offence} by region in data/raw", HOW, column="region")
    base = bases.drop_duplicates(["region", "year"], keep="last").set_index(["region", "year"])["value"]
    keys = pd.MultiIndex.from_frame(counts[["region", "year"]])
    table: pd.DataFrame = counts.assign(
        name=counts["region"].map(region_name), base_kind=base_kind, base=base.reindex(keys).to_numpy()
    )
    shown: pd.DataFrame = table[COLUMNS]
    return treat(shown.reset_index(drop=True), earlier)


def _counted(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.rename(columns={"value": "count"}).assign(level=counts["region"].map(level))


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


def treat(frame: pd.DataFrame, earlier: Sequence[pd.DataFrame] = ()) -> pd.DataFrame:
    """Return the figures with counts left out that must be hidden, and columns that say which and why.

    Counts from 1 up to `disclosure.MIN_COUNT` are not repeated, nor are others from which they would follow together with the
    total of all regions of the kind. Everything that is computed of regions starts from what is left, so that no
    rate, limit or spread gives a hidden count away. A frame that was treated before is returned as it is.

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
        `count` is NaN where hidden; `hidden`; `suppression_reason` is a code of `disclosure.codes`, "withheld" where
        the publisher gave no figure, "" where shown. Which of a few hidden counts is the small one is not told where
        that would give it away. Counts of provinces are hidden in years in which one of municipalities is: in which
        province a municipality lies everybody knows, only the table does not.
    """
    if "suppression_reason" in frame:
        return frame
    known: dict[tuple[str, int, str], tuple[float, Code]] = {}
    for part in (*earlier, frame):
        codes = _codes(part, known)
        known |= {
            (kind, year, region): (count, codes[at])
            for at, kind, year, region, count in zip(
                part.index, part["level"], part["year"], part["region"], part["count"], strict=True
            )
        }
    reasons = pd.Series([codes[at] for at in frame.index], index=frame.index, dtype="object")
    hidden = ~reasons.isin(["", "withheld"])
    return frame.assign(count=frame["count"].mask(hidden), hidden=hidden, suppression_reason=reasons)


def _codes(frame: pd.DataFrame, known: dict[tuple[str, int, str], tuple[float, Code]]) -> dict[int, Code]:
    """Return the code of every row, given the count and the code of each figure that was published before."""
    nation = frame[frame["level"] == "nation"].set_index("year")["count"]
    found: dict[int, Code] = {}
    for (kind, year), part in frame.groupby(["level", "year"], sort=False):
        before: dict[int, Code] = {}
        for at, region, count in zip(part.index, part["region"], part["count"], strict=True):
            was = known.get((str(kind), int(str(year)), region))
            if was is not None and was[0] == count:
                before[at] = was[1]
        found |= _of_one_year(part, nation.get(year), before)
    ours = pd.Series({at: code not in ("", "withheld") for at, code in found.items()})
    fine = frame.loc[ours & frame["level"].eq("municipality"), "year"]
    coarse = frame["level"].eq("province") & frame["year"].isin(fine)
    return found | {at: "complementary" for at in frame.index[coarse] if not found[at]}


def _of_one_year(part: pd.DataFrame, nation: float | None, before: dict[int, Code]) -> dict[int, Code]:
    """Return the codes of one kind of region in one year."""
    rows = dict(zip(part.index, part["count"], strict=True))
    counts = {f"region {at}": n for at, n in rows.items()}
    total = part["count"].sum() if part["count"].notna().all() else nation
    relations = []
    if total is not None and total >= part["count"].sum() and part["level"].iloc[0] != "nation":
        relations = [("all", list(counts))]
        counts["all"] = total
    shown = ["all", *(f"region {at}" for at, code in before.items() if not code)]
    told = {f"region {at}": code for at, code in before.items() if code}
    try:
        reasons = protect(counts, relations, public=shown, told=told)
    except InputError:
        # what is public gives one away, or these are no counts: nothing of this year is repeated
        return {at: "confidential" if pd.notna(n) else "withheld" for at, n in rows.items()}
    found = codes(counts, reasons, relations, told=told)
    return {at: found[f"region {at}"] for at in part.index}


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

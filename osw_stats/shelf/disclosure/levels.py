"""Counts of regions of several levels: which of a year may be shown beside each other, earlier tables in mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.hiding import OURS
from osw_stats.shelf.disclosure.tables import protect
from osw_stats.stats.downloaded import REGIONS, level

FINEST = ("nation", "municipality", "province")  # then the others: police regions, parts of the country
LEFT_OUT = "left out"  # a whole level of a year


def treat(
    frame: pd.DataFrame, earlier: Sequence[pd.DataFrame] = (), within: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the figures with counts left out that must be hidden, and columns that say which and why.

    Small counts are not repeated, nor are others from which they would follow, over all levels of a year and with the total
    of the country. Everything that is computed of regions starts from what is left. A frame that was treated before is
    returned as it is.

    `frame` has the columns region, level, year and count; others are kept. `earlier` tables of the same kind, the oldest
    first, are taken to have been published as this function treats them: what they hid stays hidden, and what they showed
    protects nothing. `within` says by year which region lies in which (columns year, region, within).

    `count` is NaN where `hidden`; `suppression_reason` is a code of `disclosure.protect`. Two kinds of regions that `within`
    does not join are not both shown in a year in which either hides a count or a third is left out: which municipality lies
    in which province everybody knows. The kind that readers have seen stays, else the finer one. Of a kind that `within` does not
    join with the others all codes of ours are "confidential".
    """
    if "suppression_reason" in frame:
        return frame
    # what tables showed by year and kind of region: the codes
    told: dict[tuple[int, str], pd.Series[Any]] = {}
    past: list[pd.DataFrame] = []
    for table in (*earlier, frame):
        table = table.assign(kind=table["region"].map(_kind))
        codes: pd.Series[Any] = pd.Series("", table.index, dtype="object")
        for year in map(int, table["year"].unique()):
            rows = table[table["year"] == year]
            before = [old[old["year"] == year] for old in past]
            codes[rows.index] = of_year = _codes(rows, before, _within(within, year), told)
            told |= {(year, str(kind)): of_year[part.index] for kind, part in rows.groupby("kind")}
        past.append(table[codes.ne(LEFT_OUT)])
    codes = codes.replace(LEFT_OUT, "confidential").mask(frame["count"].isna(), "withheld")
    hidden = ~codes.isin(["", "withheld"])
    return frame.assign(count=frame["count"].mask(hidden), hidden=hidden, suppression_reason=codes)


def _kind(region: str) -> str:
    """Return the level of a region; of a level without a name what its keys begin with."""
    known = level(region)
    return region[:2] if known == "other" else known


def _within(known: pd.DataFrame | None, year: int) -> pd.DataFrame:
    """Return which region lies in which in a year, with their levels: as given, and provinces in parts of the country."""
    parts = [(region, part) for part, regions in REGIONS["parts"].items() for region in regions]
    pairs = pd.DataFrame(parts, columns=["region", "within"])
    if known is not None:
        pairs = pd.concat([pairs, known.loc[known["year"] == year, ["region", "within"]]])
    return pairs.assign(kind=pairs["region"].map(_kind), of=pairs["within"].map(_kind))


def _codes(
    rows: pd.DataFrame,
    before: Sequence[pd.DataFrame],
    within: pd.DataFrame,
    told: Mapping[tuple[int, str], pd.Series[Any]],
) -> pd.Series[Any]:
    """Return the codes of one year, a level after the other: those that readers have seen, then the finer ones."""
    year, codes = rows["year"].iloc[0], pd.Series(LEFT_OUT, rows.index, dtype="object")
    everything = pd.concat([*before, rows]).drop_duplicates("region")
    nation = everything.loc[everything["kind"] != "nation", ["region", "kind"]].assign(within="NL")
    relations = pd.concat([within[["region", "within", "kind"]], nation], ignore_index=True)
    shown = {kind: of for (at, kind), of in told.items() if at == year and of.ne(LEFT_OUT).any()}
    taken, whole = rows["kind"].eq("nation"), True
    for kind in sorted(rows["kind"].unique(), key=lambda k: (k not in shown, *(k != of for of in FINEST), k)):
        with_it = taken | rows["kind"].eq(kind)
        table = rows[with_it]
        try:
            safe = protect(table, ["region"], total="NL", within=relations, earlier=before)
        except InputError:  # what is public gives one away, or these are no counts
            whole = False
            continue
        found = safe["suppression_reason"]
        mine = {str(k): found[part.index] for k, part in table.groupby("kind")}
        others = {*mine, *shown} - {kind, "nation"}
        apart = [k for k in others if not _joined(everything, within, kind, k, mine)]
        of_all = [*mine.values(), *(of for k, of in shown.items() if k not in mine)]
        if kind == "nation" or not apart or (whole and pd.concat(of_all).isin(["", "withheld"]).all()):
            codes[found.index], taken = found, with_it
        else:
            whole = False
    # where it is not known which of them lie together, reasons would narrow the sum of those that do
    levels = {*everything["kind"], "province"} - {"nation"}
    for kind in rows["kind"].unique():
        of_kind = rows["kind"].eq(kind) & codes.isin(OURS)
        if not all(_joined(everything, within, kind, k, ()) for k in levels - {kind}):
            codes = codes.mask(of_kind, "confidential")
    return codes


def _joined(all_of: pd.DataFrame, within: pd.DataFrame, one: str, other: str, by: Iterable[str]) -> bool:
    """Say whether every region of one kind is known to lie in one of the other, or those of a third in one of each."""

    def lie(part: str, whole: str) -> bool:
        known = within.loc[within["kind"].eq(part) & within["of"].eq(whole), "region"]
        return set(all_of.loc[all_of["kind"] == part, "region"]) <= set(known)

    return lie(one, other) or lie(other, one) or any(lie(k, one) and lie(k, other) for k in by)

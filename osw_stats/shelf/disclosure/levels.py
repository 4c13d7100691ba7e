"""Suppression of counts of regions at several levels, taking earlier tables into account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.hiding import SUPPRESSED
from osw_stats.shelf.disclosure.tables import protect
from osw_stats.stats.downloaded import REGIONS, level

FINEST = ("nation", "municipality", "province")  # before the others: police regions, parts of the country
LEFT_OUT = "left out"  # of a whole level in a year


def treat(
    frame: pd.DataFrame, earlier: Sequence[pd.DataFrame] = (), within: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the figures without the counts to suppress, with columns that state which and why.

    Small counts are suppressed, and others from which they could be recovered, over all levels of a year and the national
    total. Every statistic on regions starts from what remains. A frame treated before is returned unchanged.

    `frame` has the columns region, level, year and count; others are kept. `earlier` tables of the same kind, oldest
    first, are taken to have been published as this function treats them: what they suppressed stays suppressed, and what
    they showed protects nothing. `within` gives the nesting of regions by year (columns year, region, within).

    `count` is NaN where `hidden`; `suppression_reason` is a code of `disclosure.protect`. Two kinds of regions not linked by
    `within` are not both shown in a year in which either has a suppressed count or a third is left out: everybody knows the
    province of a municipality. The kind already published stays, else the finer one. In a kind not linked by `within` to
    the others, every suppressed count is "confidential".
    """
    if "suppression_reason" in frame:
        return frame
    # the codes published by year and kind of region
    published: dict[tuple[int, str], pd.Series[Any]] = {}
    treated: list[pd.DataFrame] = []
    for table in (*earlier, frame):
        table = table.assign(kind=table["region"].map(_kind))
        codes: pd.Series[Any] = pd.Series("", table.index, dtype="object")
        for year in map(int, table["year"].unique()):
            rows = table[table["year"] == year]
            previous = [t[t["year"] == year] for t in treated]
            codes[rows.index] = year_codes = _codes(rows, previous, _within(within, year), published)
            published |= {(year, str(kind)): year_codes[part.index] for kind, part in rows.groupby("kind")}
        treated.append(table[codes.ne(LEFT_OUT)])
    codes = codes.replace(LEFT_OUT, "confidential").mask(frame["count"].isna(), "withheld")
    hidden = ~codes.isin(["", "withheld"])
    return frame.assign(count=frame["count"].mask(hidden), hidden=hidden, suppression_reason=codes)


def _kind(region: str) -> str:
    """Return the level of a region; for an unnamed level the prefix of its keys."""
    known = level(region)
    return region[:2] if known == "other" else known


def _within(known: pd.DataFrame | None, year: int) -> pd.DataFrame:
    """Return the nesting of regions in a year, with their levels: as supplied, and provinces in parts of the country."""
    parts = [(region, part) for part, regions in REGIONS["parts"].items() for region in regions]
    pairs = pd.DataFrame(parts, columns=["region", "within"])
    if known is not None:
        pairs = pd.concat([pairs, known.loc[known["year"] == year, ["region", "within"]]])
    return pairs.assign(kind=pairs["region"].map(_kind), of=pairs["within"].map(_kind))


def _codes(
    rows: pd.DataFrame,
    previous: Sequence[pd.DataFrame],
    within: pd.DataFrame,
    published: Mapping[tuple[int, str], pd.Series[Any]],
) -> pd.Series[Any]:
    """Return the codes of one year, level by level: those already published, then the finer ones."""
    year, codes = rows["year"].iloc[0], pd.Series(LEFT_OUT, rows.index, dtype="object")
    everything = pd.concat([*previous, rows]).drop_duplicates("region")
    nation = everything.loc[everything["kind"] != "nation", ["region", "kind"]].assign(within="NL")
    relations = pd.concat([within[["region", "within", "kind"]], nation], ignore_index=True)
    shown = {kind: c for (y, kind), c in published.items() if y == year and c.ne(LEFT_OUT).any()}
    accepted, complete = rows["kind"].eq("nation"), True
    for kind in sorted(rows["kind"].unique(), key=lambda k: (k not in shown, *(k != c for c in FINEST), k)):
        included = accepted | rows["kind"].eq(kind)
        table = rows[included]
        try:
            protected = protect(table, ["region"], total="NL", within=relations, earlier=previous)
        except InputError:  # what is public discloses one, or these are no counts
            complete = False
            continue
        reasons = protected["suppression_reason"]
        by_kind = {str(k): reasons[part.index] for k, part in table.groupby("kind")}
        others = {*by_kind, *shown} - {kind, "nation"}
        unlinked = [k for k in others if not _linked(everything, within, kind, k, by_kind)]
        series = [*by_kind.values(), *(c for k, c in shown.items() if k not in by_kind)]
        if kind == "nation" or not unlinked or (complete and pd.concat(series).isin(["", "withheld"]).all()):
            codes[reasons.index], accepted = reasons, included
        else:
            complete = False
    # where their nesting is unknown, reasons would narrow the sum of those nested together
    levels = {*everything["kind"], "province"} - {"nation"}
    for kind in rows["kind"].unique():
        suppressed = rows["kind"].eq(kind) & codes.isin(SUPPRESSED)
        if not all(_linked(everything, within, kind, k, ()) for k in levels - {kind}):
            codes = codes.mask(suppressed, "confidential")
    return codes


def _linked(regions: pd.DataFrame, within: pd.DataFrame, first: str, second: str, via: Iterable[str]) -> bool:
    """Return whether every region of one kind is known to lie in one of the other, or those of a third in one of each."""

    def nest(inner: str, outer: str) -> bool:
        known = within.loc[within["kind"].eq(inner) & within["of"].eq(outer), "region"]
        return set(regions.loc[regions["kind"] == inner, "region"]) <= set(known)

    return nest(first, second) or nest(second, first) or any(nest(k, first) and nest(k, second) for k in via)

"""Counts that split a year, by part of the year or by kind, held against the count of the whole year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import KEY, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import catalogue

Row = dict[str, Any]
WHO = ("sex", "age", "region")


def misfits(observations: pd.DataFrame) -> list[Row]:
    """Return the parts that cannot add up to their year, each figure in its latest edition.

    Parts are halves, quarters or months of a year of the same series, or the figures of the series that name it
    as their whole (`part_of`). Where one part is missing nothing is said. Figures are as exact as their wording.

    Examples
    --------
    >>> row = {"sex": "total", "age": "total", "region": "NL", "breakdown": "", "role": "main", "known_by": "2025-01-01"}
    >>> found = [("police_reports", "2024", 14802), ("police_reports_half_year", "2024-H1", 6768),
    ...          ("police_reports_half_year", "2024-H2", 7000)]
    >>> frame = pd.DataFrame([row | {"series_id": s, "time_period": p, "obs_value": v, "lower": v, "upper": v} for s, p, v in found])
    >>> [part["time_period"] for part in misfits(frame)]
    ['2024-H1', '2024-H2']
    """
    main = observations[observations["role"].eq("main") & observations["obs_value"].notna()]
    latest = main.sort_values("known_by", kind="stable").drop_duplicates(KEY, keep="last").sort_index()
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in records(latest):
        rows.setdefault((row["series_id"], row["time_period"][:4]), []).append(row)
    return [
        part
        for (series_id, year), found in rows.items()
        for whole in found
        if whole["time_period"] == year
        for parts in _splits(whole, series_id, year, rows)
        if not _low(parts) <= whole["upper"] or not whole["lower"] <= _high(parts)
        for part in parts
    ]


def _splits(
    whole: Row, series_id: str, year: str, rows: dict[tuple[str, str], list[Row]]
) -> Iterator[list[Row]]:
    """Yield every complete list of parts of one figure of a year."""
    naming = [s.series_id for s in catalogue().values() if s.part_of == series_id]
    alike = {
        name: [r for r in rows.get((name, year), []) if all(r[k] == whole[k] for k in WHO)]
        for name in (series_id, *naming)
    }
    for found in alike.values():
        within = [r for r in found if r["time_period"] != year and r["breakdown"] == whole["breakdown"]]
        for kind in sorted({_kind(r) for r in within}):
            parts = [r for r in within if _kind(r) == kind]
            if sum(parse_period(r["time_period"]).days for r in parts) == parse_period(year).days:
                yield parts
    short = {
        s for s in naming if (f := [_kind(r) for (n, _), of in rows.items() if n == s for r in of]) and all(f)
    }
    kinds = [name for name in naming if name not in short]
    by_kind = [[r for r in alike[name] if r["time_period"] == year] for name in kinds]
    if by_kind and all(by_kind) and not whole["breakdown"]:
        yield [r for found in by_kind for r in found]


def _kind(row: Row) -> str:
    """Return what part of a year a figure is of: H, Q, month, or nothing for the year."""
    code: str = row["time_period"][5:6]
    return "month" if code.isdigit() else code


def _low(parts: list[Row]) -> float:
    return float(sum(r["lower"] for r in parts))


def _high(parts: list[Row]) -> float:
    return float(sum(r["upper"] for r in parts))

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
    as their whole (`part_of`). Where one part is missing nothing is said. Figures are as exact as their wording. A
    year that was revised after its parts were published need only fit them as it was then.

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
    main = main.sort_values("known_by", kind="stable")
    latest = main.drop_duplicates(KEY, keep="last").sort_index()
    vintages: dict[tuple[Any, ...], list[Row]] = {}
    for row in records(main):
        vintages.setdefault(_key(row), []).append(row)
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in records(latest):
        rows.setdefault((row["series_id"], row["time_period"][:4]), []).append(row)
    return [
        part
        for (series_id, year), found in rows.items()
        for whole in found
        if whole["time_period"] == year
        for parts in _splits(whole, series_id, year, rows)
        if not any(
            _low(parts) <= was["upper"] and was["lower"] <= _high(parts)
            for was in _since(vintages[_key(whole)], max(r["known_by"] for r in parts))
        )
        for part in parts
    ]


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


def _since(vintages: list[Row], day: str) -> list[Row]:
    """Return what was known on a day and what came after it; of what is all later, all."""
    known = sum(row["known_by"] <= day for row in vintages)
    return vintages[max(known - 1, 0) :]


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

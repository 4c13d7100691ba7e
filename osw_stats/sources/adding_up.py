"""Counts that split a year, by part of the year or by kind, held against the count of the whole year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import KEY, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import catalogue

Row = dict[str, Any]
ByYear = Mapping[tuple[str, str], list[Row]]  # the figures of a series and year


def misfits(observations: pd.DataFrame) -> list[Row]:
    """Return the parts that cannot add up to their year, each figure in its latest edition.

    Parts are halves, quarters or months of a year of the same series, or the figures of the series that name it
    as their whole (`part_of`). Where one part is missing nothing is said. Figures are as exact as their wording. A
    year that was revised after its parts were published need only fit them as it was then.

    Examples
    --------
    >>> row = {"sex": "total", "age": "total", "region": "NL", "breakdown": "", "role": "main", "known_by": "2025-01-01"}
    >>> counts = [("police_reports", "2024", 14802), ("police_reports_half_year", "2024-H1", 6768),
    ...           ("police_reports_half_year", "2024-H2", 7000)]
    >>> frame = pd.DataFrame([row | {"series_id": s, "time_period": p, "obs_value": v, "lower": v, "upper": v} for s, p, v in counts])
    >>> [part["time_period"] for part in misfits(frame)]
    ['2024-H1', '2024-H2']
    """
    main = observations[observations["role"].eq("main") & observations["obs_value"].notna()]
    vintages = defaultdict(list)
    for row in records(main):
        vintages[tuple(row[k] for k in KEY)].append(row)
    latest = defaultdict(list)
    for rows in vintages.values():
        rows.sort(key=lambda row: str(row["known_by"]))
        latest[rows[-1]["series_id"], rows[-1]["time_period"][:4]].append(rows[-1])
    wrong = []
    for whole in [rows[-1] for rows in vintages.values() if len(rows[-1]["time_period"]) == 4]:
        for parts in _splits(whole, latest):
            day = max(part["known_by"] for part in parts)
            known = vintages[tuple(whole[k] for k in KEY)]
            known = known[max(sum(row["known_by"] <= day for row in known) - 1, 0) :]
            low, high = (sum(part[end] for part in parts) for end in ("lower", "upper"))
            if not any(low <= row["upper"] and row["lower"] <= high for row in known):
                wrong += parts
    return wrong


def _splits(whole: Row, latest: ByYear) -> Iterator[list[Row]]:
    """Yield every complete list of parts of one figure of a year."""
    series_id, year = whole["series_id"], whole["time_period"]
    naming = [about.series_id for about in catalogue().values() if about.part_of == series_id]
    of_year = {
        name: [
            r for r in latest.get((name, year), []) if all(r[k] == whole[k] for k in ("sex", "age", "region"))
        ]
        for name in (series_id, *naming)
    }
    for rows in of_year.values():
        within = [r for r in rows if r["time_period"] != year and r["breakdown"] == whole["breakdown"]]
        for cut in sorted({_cut(r) for r in within}):
            parts = [r for r in within if _cut(r) == cut]
            if sum(parse_period(r["time_period"]).days for r in parts) == parse_period(year).days:
                yield parts
    cuts = {name: [_cut(r) for (n, _), rows in latest.items() if n == name for r in rows] for name in naming}
    # a series of which no figure is of a whole year is no kind
    kinds = [of_year[name] for name in naming if not cuts[name] or not all(cuts[name])]
    kinds = [[r for r in rows if r["time_period"] == year] for rows in kinds]
    if kinds and all(kinds) and not whole["breakdown"]:
        yield [row for rows in kinds for row in rows]


def _cut(row: Row) -> str:
    """Return how a year was cut for a figure: H, Q, month, or not at all."""
    code: str = row["time_period"][5:6]
    return "month" if code.isdigit() else code

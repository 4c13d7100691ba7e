"""Figures implied by others: changes derived from two counts or checked against them; parts that add up to their year.

The catalogue says of which series another is the change (`change_of`). A pair is a count and that of the same period
one year before, for one group under one definition; nothing is computed across a break.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from osw_stats.data.rows import defined, observation_id
from osw_stats.meaning.observations import COMPUTED, KEY, records
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import catalogue

Row = dict[str, Any]
NOISE = 1e-9  # percent; rounding error of floating point at a tie
LARGEST = 1000.0  # percent; largest plausible percentage in the tidy table
DOCUMENT = ("source_id", "locator", "published", "published_precision", "known_by", "file", "row")


def with_changes(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures an edition sees, with every unpublished change that follows from two of them."""
    # limits of a change follow from those of both counts; its document and dates are those of the count
    # published last
    published = set(figures[KEY].itertuples(index=False, name=None))
    rows = []
    for about in catalogue().values():
        if not (about.change_of and about.homogeneous):
            continue
        for before, after, (low, change, high) in _changes(figures[figures["series_id"] == about.change_of]):
            if (about.series_id, *(after[k] for k in KEY[1:])) in published or abs(change) > LARGEST:
                continue
            latest = before if before["known_by"] > after["known_by"] else after
            row = after | defined(about.series_id, after["time_period"], after["breakdown"])
            row |= {column: latest[column] for column in DOCUMENT}
            row |= {"obs_value": change, "lower": low, "upper": high}
            row |= {"ci_lower": math.nan, "ci_upper": math.nan}
            row |= {"obs_status": "derived", "interval_kind": "rounding" if low < high else "none"}
            for end, opposite in (("lower_closed", "upper_closed"), ("upper_closed", "lower_closed")):
                row[end] = bool(after[end] and before[opposite])
            row["obs_id"] = observation_id(row | {"source_id": COMPUTED})
            row |= {"as_reported": "", "note": f"100 * ({after['obs_id']} / {before['obs_id']} - 1)"}
            rows.append(row)
    if not rows:
        return figures
    changes = pd.DataFrame(rows, columns=figures.columns).astype(figures.dtypes)
    return pd.concat([figures, changes], ignore_index=True)


def contradicted(observations: pd.DataFrame) -> list[tuple[Row, float, float]]:
    """Return every published change that contradicts its counts, with the limits in percent that these imply."""
    # compared with the counts known when it was published, else with those published first: a later
    # revision makes no earlier percentage wrong
    main = observations[(observations["role"] == "main") & (observations["obs_status"] != "derived")]
    counts_of = {about.series_id: about.change_of for about in catalogue().values() if about.change_of}
    contradictions = []
    for change in records(main[main["series_id"].isin(counts_of) & main["obs_value"].notna()]):
        counts = main[main["series_id"] == counts_of[change["series_id"]]]
        counts = counts.sort_values("known_by", kind="stable")
        public = counts["known_by"] <= change["known_by"]
        as_known = pd.concat([counts[~public].iloc[::-1], counts[public]]).drop_duplicates(KEY, keep="last")
        for _, after, (low, _, high) in _changes(as_known):
            disjoint = change["upper"] < low - NOISE or change["lower"] > high + NOISE
            if disjoint and all(after[k] == change[k] for k in KEY[1:]):
                contradictions.append((change, low, high))
    return contradictions


def _changes(counts: pd.DataFrame) -> Iterator[tuple[Row, Row, list[float]]]:
    """Yield each count with that of a year earlier under one definition, and the change in percent with its limits."""
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in records(counts[counts["obs_value"].notna()]):
        groups[tuple(row[k] for k in KEY[2:])][row["time_period"]] = row
    for by_period in groups.values():
        for period, after in sorted(by_period.items()):
            before = by_period.get(f"{int(period[:4]) - 1}{period[4:]}")
            if before and before["definition_id"] == after["definition_id"] and before["lower"] > 0:
                ends = (("upper", "lower"), ("obs_value", "obs_value"), ("lower", "upper"))
                yield before, after, [100 * (after[new] - before[old]) / before[old] for old, new in ends]


def misfits(observations: pd.DataFrame) -> list[Row]:
    """Return the parts that cannot add up to their year, each figure in its latest edition."""
    # Halves, quarters or months of a series, or the series that are part of it (`part_of`). An incomplete set is
    # not judged. A year revised after its parts were published need only fit them in its edition of that time;
    # if the date of a part is unknown, in any edition.
    main = observations[observations["role"].eq("main") & observations["obs_value"].notna()]
    vintages = defaultdict(list)
    for row in records(main):
        vintages[tuple(row[k] for k in KEY)].append(row)
    latest = defaultdict(list)
    for editions in vintages.values():
        editions.sort(key=lambda row: str(row["known_by"]))
        latest[editions[-1]["series_id"]].append(editions[-1])
    unfitting = []
    for editions in vintages.values():
        for parts in _splits(editions[-1], latest) if len(editions[-1]["time_period"]) == 4 else ():
            day = max(part["known_by"] for part in parts)
            dated = all(part["published_precision"] != "unknown" for part in parts)
            first = max(sum(row["known_by"] <= day for row in editions) - 1, 0) if dated else 0
            low, high = (sum(part[end] for part in parts) for end in ("lower", "upper"))
            if not any(low <= row["upper"] and row["lower"] <= high for row in editions[first:]):
                unfitting += parts
    return unfitting


def _splits(figure: Row, latest: dict[str, list[Row]]) -> Iterator[list[Row]]:
    """Yield every complete list of parts of one figure of a year; `latest` has the figures of each series."""

    def part_kind(row: Row) -> str:
        """Return the kind of part of a year: H, Q, month, or "" for the year itself."""
        part: str = row["time_period"][5:6]
        return "month" if part.isdigit() else part

    series_id, year = figure["series_id"], figure["time_period"]
    part_series = [about.series_id for about in catalogue().values() if about.part_of == series_id]
    by_series = {}
    for name in (series_id, *part_series):
        rows = [r for r in latest.get(name, []) if r["time_period"][:4] == year]
        by_series[name] = [r for r in rows if all(r[k] == figure[k] for k in ("sex", "age", "region"))]
    for rows in by_series.values():
        periods = [r for r in rows if part_kind(r) and r["breakdown"] == figure["breakdown"]]
        for kind in sorted({part_kind(r) for r in periods}):
            parts = [r for r in periods if part_kind(r) == kind]
            if sum(parse_period(r["time_period"]).days for r in parts) == parse_period(year).days:
                yield parts
    # a series without a yearly figure is not one of the kinds
    kinds = [n for n in part_series if n not in latest or not all(map(part_kind, latest[n]))]
    yearly = [[r for r in by_series[name] if not part_kind(r)] for name in kinds]
    if yearly and all(yearly) and not figure["breakdown"]:
        yield [row for rows in yearly for row in rows]

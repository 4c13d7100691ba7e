"""Figures that others imply: a change from its two counts, derived or checked; parts that add up to their year.

Which series is the change of which stands in the catalogue (`change_of`). A pair is a count and that of the same period
one year before, of one group and one definition; nothing is computed over a break.
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
NOISE = 1e-9  # percent; what floating point leaves at a tie
LARGEST = 1000.0  # percent; what the tidy table takes for a plausible percentage
DOCUMENT = ("source_id", "locator", "published", "published_precision", "known_by", "file", "row")


def with_changes(seen: pd.DataFrame) -> pd.DataFrame:
    """Return the figures an edition sees, and each change that follows from two of them and was not published."""
    # its limits are what the wording of both counts leaves open, its document and dates those of the count
    # that came last
    known = set(seen[KEY].itertuples(index=False, name=None))
    rows = []
    for about in catalogue().values():
        if not (about.change_of and about.homogeneous):
            continue
        for before, after, (low, change, high) in _changes(seen[seen["series_id"] == about.change_of]):
            if (about.series_id, *(after[k] for k in KEY[1:])) in known or abs(change) > LARGEST:
                continue
            last = before if before["known_by"] > after["known_by"] else after
            row = after | defined(about.series_id, after["time_period"], after["breakdown"])
            row |= {column: last[column] for column in DOCUMENT}
            row |= {"obs_value": change, "lower": low, "upper": high}
            row |= {"ci_lower": math.nan, "ci_upper": math.nan}
            row |= {"obs_status": "derived", "interval_kind": "rounding" if low < high else "none"}
            for one, other in (("lower_closed", "upper_closed"), ("upper_closed", "lower_closed")):
                row[one] = bool(after[one] and before[other])
            row["obs_id"] = observation_id(row | {"source_id": COMPUTED})
            row |= {"as_reported": "", "note": f"100 * ({after['obs_id']} / {before['obs_id']} - 1)"}
            rows.append(row)
    if not rows:
        return seen
    changes = pd.DataFrame(rows, columns=seen.columns).astype(seen.dtypes)
    return pd.concat([seen, changes], ignore_index=True)


def contradicted(observations: pd.DataFrame) -> list[tuple[Row, float, float]]:
    """Return every published change that its counts leave no room for, with the limits in percent that they do leave."""
    # held against the counts as they were when it was published, else as they came out first: a later
    # revision makes no earlier percentage wrong
    main = observations[(observations["role"] == "main") & (observations["obs_status"] != "derived")]
    counts_of = {about.series_id: about.change_of for about in catalogue().values() if about.change_of}
    wrong = []
    for change in records(main[main["series_id"].isin(counts_of) & main["obs_value"].notna()]):
        counts = main[main["series_id"] == counts_of[change["series_id"]]]
        counts = counts.sort_values("known_by", kind="stable")
        public = counts["known_by"] <= change["known_by"]
        then = pd.concat([counts[~public].iloc[::-1], counts[public]]).drop_duplicates(KEY, keep="last")
        for _, after, (low, _, high) in _changes(then):
            apart = change["upper"] < low - NOISE or change["lower"] > high + NOISE
            if apart and all(after[k] == change[k] for k in KEY[1:]):
                wrong.append((change, low, high))
    return wrong


def _changes(counts: pd.DataFrame) -> Iterator[tuple[Row, Row, list[float]]]:
    """Yield each count with that of a year before, of one definition, and the change in percent between its limits."""
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
    # Halves, quarters or months of a series, or the series that name it as their whole (`part_of`). Where one
    # is missing nothing is said. A year that was revised after its parts were published need only fit them as
    # it was then; where the day of a part is not known, as it was on any day.
    main = observations[observations["role"].eq("main") & observations["obs_value"].notna()]
    vintages = defaultdict(list)
    for row in records(main):
        vintages[tuple(row[k] for k in KEY)].append(row)
    latest = defaultdict(list)
    for known in vintages.values():
        known.sort(key=lambda row: str(row["known_by"]))
        latest[known[-1]["series_id"]].append(known[-1])
    wrong = []
    for known in vintages.values():
        for parts in _splits(known[-1], latest) if len(known[-1]["time_period"]) == 4 else ():
            day = max(part["known_by"] for part in parts)
            dated = all(part["published_precision"] != "unknown" for part in parts)
            since = max(sum(row["known_by"] <= day for row in known) - 1, 0) if dated else 0
            low, high = (sum(part[end] for part in parts) for end in ("lower", "upper"))
            if not any(low <= row["upper"] and row["lower"] <= high for row in known[since:]):
                wrong += parts
    return wrong


def _splits(whole: Row, latest: dict[str, list[Row]]) -> Iterator[list[Row]]:
    """Yield every complete list of parts of one figure of a year; `latest` has the figures of each series."""

    def cut(row: Row) -> str:
        """Return how a year was cut for a figure: H, Q, month, or not at all."""
        code: str = row["time_period"][5:6]
        return "month" if code.isdigit() else code

    series_id, year = whole["series_id"], whole["time_period"]
    naming = [about.series_id for about in catalogue().values() if about.part_of == series_id]
    of_year = {}
    for name in (series_id, *naming):
        rows = [r for r in latest.get(name, []) if r["time_period"][:4] == year]
        of_year[name] = [r for r in rows if all(r[k] == whole[k] for k in ("sex", "age", "region"))]
    for rows in of_year.values():
        within = [r for r in rows if cut(r) and r["breakdown"] == whole["breakdown"]]
        for kind in sorted({cut(r) for r in within}):
            parts = [r for r in within if cut(r) == kind]
            if sum(parse_period(r["time_period"]).days for r in parts) == parse_period(year).days:
                yield parts
    # a series of which no figure is of a whole year is no kind
    kinds = [n for n in naming if n not in latest or not all(map(cut, latest[n]))]
    yearly = [[r for r in of_year[name] if not cut(r)] for name in kinds]
    if yearly and all(yearly) and not whole["breakdown"]:
        yield [row for rows in yearly for row in rows]

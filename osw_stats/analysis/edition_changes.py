"""What changed from one edition, or build, to another: typed, and nothing that only grew older."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import KEY, records

CHANGES = (
    "headline_moved", "headline_new", "headline_gone", "verdict_changed", "report_new", "report_gone",
    "definition_changed", "figure_revised", "figure_gone", "series_added", "series_ended", "series_gone",
    "wave_missing",
)  # fmt: skip
COLUMNS = [
    "change", "subject", "time_period", "sex", "age", "region", "breakdown", "old", "new", "unit", "threshold",
    "old_value", "new_value", "old_source", "new_source", "detail",
]  # fmt: skip
LIMITS = ("lower", "upper", "ci_lower", "ci_upper")
HEADLINES = ["notebook", "sentence", "number", "value", "lower", "upper", "unit", "interval_kind"]
VERDICTS = ["id", "verdict"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What one edition told.

    Attributes
    ----------
    label
        How it is called: "2024", or the name of a folder.
    year
        The year reported on.
    observations
        The tidy table as the edition saw it.
    series
        series_id, counts_en, population_en, ended.
    headlines
        One row a number of a headline (`HEADLINES`); None where they were not recorded.
    verdicts
        id and verdict of every statement of the ledger; empty where there was no report to check.
    """

    label: str
    year: int
    observations: pd.DataFrame
    series: pd.DataFrame
    headlines: pd.DataFrame | None
    verdicts: pd.DataFrame


def edition_changes(old: Told, new: Told) -> pd.DataFrame:
    """Return the table `edition_changes`: one row a change.

    Returns
    -------
    pandas.DataFrame
        `change` is one of `CHANGES`. A headline has moved when its number changed by more than half the length
        of its old interval (`threshold`), and for an exact number by anything at all. A series has a missing wave
        when the old edition had a figure for its own year and the new one has none for its own: a state, not an
        error. `old` and `new` hold what changed as text, `old_value` and `new_value` as numbers.
    """
    rows = [
        *_headlines(old, new), *_verdicts(old, new), *_definitions(old, new), *_figures(old, new),
        *_series(old, new),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = {change: place for place, change in enumerate(CHANGES)}
    return frame.sort_values("change", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def _headlines(old: Told, new: Told) -> list[Row]:
    if old.headlines is None or new.headlines is None:
        return []
    key = ["notebook", "sentence", "number"]
    both = old.headlines.merge(new.headlines, on=key, how="outer", suffixes=("_old", "_new"), indicator=True)
    rows: list[Row] = []
    for row in records(both):
        named = {"subject": f"{row['notebook']}/{row['sentence']}/{row['number']}"}
        if row["_merge"] != "both":
            side = "old" if row["_merge"] == "left_only" else "new"
            rows.append(named | {
                "change": "headline_gone" if side == "old" else "headline_new", f"{side}_value": row[f"value_{side}"],
                "unit": row[f"unit_{side}"],
            })  # fmt: skip
            continue
        # an exact number has no interval to stay within
        spread = row["upper_old"] - row["lower_old"]
        threshold = 0.0 if pd.isna(spread) else spread / 2
        moved = abs(row["value_new"] - row["value_old"])
        if row["unit_old"] != row["unit_new"] or moved > threshold * (1 + 1e-9):
            rows.append(named | {
                "change": "headline_moved", "old_value": row["value_old"], "new_value": row["value_new"],
                "unit": row["unit_new"], "threshold": threshold,
                "detail": "" if row["unit_old"] == row["unit_new"] else f"unit was {row['unit_old']}",
            })  # fmt: skip
    return rows


def _verdicts(old: Told, new: Told) -> list[Row]:
    if old.verdicts.empty or new.verdicts.empty:
        change = "report_new" if len(new.verdicts) else "report_gone"
        return [] if old.verdicts.empty and new.verdicts.empty else [{"change": change}]
    both = old.verdicts[VERDICTS].merge(
        new.verdicts[VERDICTS], on="id", how="outer", suffixes=("_old", "_new")
    )
    both = both.fillna("")
    moved = both[both["verdict_old"] != both["verdict_new"]]
    return [
        {"change": "verdict_changed", "subject": r["id"], "old": r["verdict_old"], "new": r["verdict_new"]}
        for r in records(moved)
    ]


def _definitions(old: Told, new: Told) -> list[Row]:
    """Return one row a series of which the definition of one figure, of the latest one, or the words changed."""
    found: dict[str, Row] = {}
    both = old.observations.merge(new.observations, on=KEY, suffixes=("_old", "_new"))
    differ = both["definition_id_old"].ne(both["definition_id_new"])
    differ |= both["unit_measure_old"].ne(both["unit_measure_new"])
    for r in records(both[differ]):
        found.setdefault(r["series_id"], _definition(r["series_id"], r["definition_id_old"], r["definition_id_new"], r["time_period"]))  # fmt: skip
    before, after = _latest(old.observations), _latest(new.observations)
    for series_id in sorted(before.keys() & after.keys()):
        # where no two periods share a definition ("@"), another period is no news
        if before[series_id] != after[series_id] and "@" not in after[series_id]:
            found.setdefault(series_id, _definition(series_id, before[series_id], after[series_id], ""))
    words = old.series.merge(new.series, on="series_id", suffixes=("_old", "_new"))
    for part in ("counts_en", "population_en"):
        for r in records(words[words[f"{part}_old"] != words[f"{part}_new"]]):
            found.setdefault(r["series_id"], _definition(r["series_id"], r[f"{part}_old"], r[f"{part}_new"], ""))  # fmt: skip
    return list(found.values())


def _definition(series_id: str, old: str, new: str, period: str) -> Row:
    return {"change": "definition_changed", "subject": series_id, "old": old, "new": new, "time_period": period}  # fmt: skip


def _latest(observations: pd.DataFrame) -> dict[str, str]:
    """Return the definition, less the concept, of the latest period of each series."""
    rows = observations.sort_values("time_period", kind="stable").drop_duplicates("series_id", keep="last")
    return {r["series_id"]: str(r["definition_id"]).partition(":")[0] for r in records(rows)}


def _figures(old: Told, new: Told) -> list[Row]:
    both = old.observations.merge(
        new.observations, on=KEY, how="left", suffixes=("_old", "_new"), indicator=True
    )
    rows: list[Row] = []
    for r in records(both):
        figure = {"subject": r["series_id"], "unit": r["unit_measure_old"], "old_source": r["source_id_old"],
                  "old_value": r["obs_value_old"], **{k: r[k] for k in KEY[1:]}}  # fmt: skip
        if r["_merge"] == "left_only":
            rows.append({"change": "figure_gone"} | figure)
            continue
        # an edition made before every figure had limits has none where this one has: that is no revision
        ends = [(r.get(f"{n}_old", math.nan), r.get(f"{n}_new", math.nan)) for n in LIMITS]
        same = _same(r["obs_value_old"], r["obs_value_new"])
        same = same and all(pd.isna(old_end) or _same(old_end, new_end) for old_end, new_end in ends)
        if not (same and r["obs_status_old"] == r["obs_status_new"]):
            rows.append({"change": "figure_revised", "new_value": r["obs_value_new"], "new_source": r["source_id_new"],
                         "old": r["obs_status_old"], "new": r["obs_status_new"]} | figure)  # fmt: skip
    return rows


def _same(old: float, new: float) -> bool:
    return bool((pd.isna(old) and pd.isna(new)) or old == new)


def _series(old: Told, new: Told) -> list[Row]:
    first, last = ({str(s) for s in t.observations["series_id"]} for t in (old, new))
    ended = [
        {str(r["series_id"]): str(r["ended"]) for r in records(t.series) if r["ended"]} for t in (old, new)
    ]
    rows: list[Row] = [{"change": "series_added", "subject": s, "new": _periods(new, s)} for s in sorted(last - first)]  # fmt: skip
    rows += [{"change": "series_gone", "subject": s, "old": _periods(old, s)} for s in sorted(first - last)]
    rows += [
        {"change": "series_ended", "subject": s, "new": ended[1][s]}
        for s in sorted(set(ended[1]) - set(ended[0]))
    ]
    told = _of_year(old) - _of_year(new) if old.year != new.year else set()
    rows += [
        {"change": "wave_missing", "subject": s, "time_period": str(new.year), "old": _periods(old, s)}
        for s in sorted((told & last) - set(ended[1]))
    ]
    return rows


def _of_year(side: Told) -> set[str]:
    of_year = side.observations["time_period"].str[:4].eq(str(side.year))
    return {
        str(s) for s in side.observations.loc[of_year & side.observations["obs_value"].notna(), "series_id"]
    }


def _periods(side: Told, series_id: str) -> str:
    found = side.observations.loc[side.observations["series_id"] == series_id, "time_period"]
    return f"{found.min()} – {found.max()}" if found.min() != found.max() else str(found.min())

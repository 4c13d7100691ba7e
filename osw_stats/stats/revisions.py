"""Revisions: by a publisher, and between editions or builds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from osw_stats.meaning.observations import KEY

CHANGES = ["headline_moved", "headline_new", "headline_gone", "verdict_changed", "report_new", "report_gone"]
CHANGES += ["definition_changed", "figure_revised", "figure_gone"]
CHANGES += ["series_added", "series_ended", "series_gone", "wave_missing"]
COLUMNS = ["change", "subject", *KEY[1:], "old", "new", "unit", "threshold"]
COLUMNS += ["old_value", "new_value", "old_source", "new_source", "detail"]
HEADLINES = ["notebook", "sentence", "number", "value", "lower", "upper", "unit", "interval_kind"]
VERDICTS = ["id", "verdict"]
SIDES = ("_old", "_new")


def revisions(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return one row per revised figure: old and new value, and the date each became public."""
    main = vintages[(vintages["role"] == "main") & vintages["obs_value"].notna()]
    main = main.rename(columns={"obs_value": "value", "source_id": "source"}).astype({"value": "float64"})
    main["figure"] = main.groupby(KEY, sort=False).ngroup()
    main = main.sort_values(["figure", "known_by"], kind="stable")
    facts = ["value", "source", "known_by"]
    old = main.groupby("figure")[facts].shift().add_prefix("old_")
    table = main[KEY].join([old, main[facts].add_prefix("new_")])
    table["change"] = table["new_value"] - table["old_value"]
    table["change_pct"] = 100 * table["change"] / table["old_value"].where(table["old_value"] != 0)
    columns = [*KEY, "old_value", "new_value", "change", "change_pct"]
    columns += ["old_source", "new_source", "old_known_by", "new_known_by"]
    changed = table["old_value"].notna() & (table["old_value"] != table["new_value"])
    return table.loc[changed, columns].reset_index(drop=True)


def alternatives(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return figures for which another source is preferred, with the preferred figure, if any."""
    other, main = (vintages[vintages["role"] == role] for role in ("alternative", "main"))
    joined = other.merge(main, on=KEY, how="left", suffixes=("", "_preferred"))
    return joined[[*KEY, "obs_value", "source_id", "obs_value_preferred", "source_id_preferred"]]


@dataclass(frozen=True)
class Snapshot:
    """The content of one edition."""

    label: str  # "2024", or the name of a folder
    year: int
    observations: pd.DataFrame  # as the edition saw them
    series: pd.DataFrame  # series_id, counts_en, population_en, ended
    headlines: pd.DataFrame | None  # one row per number (`HEADLINES`); None if not recorded
    verdicts: pd.DataFrame  # one row per statement of the ledger; empty without a report to check


def edition_changes(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    """Return the table `edition_changes`: one row per change, of the kinds in `CHANGES`."""
    # A headline has moved if its number changed by more than half the length of its old interval
    # (`threshold`), or at all for an exact number. A series has a missing wave if the old edition had a
    # figure for its own year and the new one has none for its own: a state, not an error.
    tables = [kinds(old, new) for kinds in (_headlines, _verdicts, _definitions, _figures, _series)]
    parts = [part for part in tables if len(part)] or [pd.DataFrame(columns=["change"])]
    frame = pd.concat(parts).reindex(columns=COLUMNS)
    return frame.sort_values("change", key=lambda s: s.map(CHANGES.index), kind="stable", ignore_index=True)


def _headlines(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    if old.headlines is None or new.headlines is None:
        return pd.DataFrame()
    merged = old.headlines.merge(new.headlines, on=HEADLINES[:3], how="outer", suffixes=SIDES, indicator=True)
    merged["subject"] = merged["notebook"] + "/" + merged["sentence"] + "/" + merged["number"]
    # an exact number has no interval
    merged["threshold"] = ((merged["upper_old"] - merged["lower_old"]) / 2).fillna(0.0)
    same_unit = merged["unit_old"] == merged["unit_new"]
    moved = (merged["value_new"] - merged["value_old"]).abs() > merged["threshold"] * (1 + 1e-9)
    unmatched = merged["_merge"] != "both"
    merged["detail"] = ("unit was " + merged["unit_old"]).where(~same_unit, "")
    merged.loc[unmatched, ["threshold", "detail"]] = np.nan
    kinds = {"both": "headline_moved", "right_only": "headline_new", "left_only": "headline_gone"}
    merged["change"] = merged["_merge"].astype("str").map(kinds)
    merged["unit"] = merged["unit_new"].fillna(merged["unit_old"])
    renaming = {"value_old": "old_value", "value_new": "new_value"}
    return merged[unmatched | moved | ~same_unit].rename(columns=renaming)


def _verdicts(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    if old.verdicts.empty or new.verdicts.empty:
        changes = {(True, False): ["report_new"], (False, True): ["report_gone"]}
        return pd.DataFrame({"change": changes.get((old.verdicts.empty, new.verdicts.empty), [])})
    merged = old.verdicts[VERDICTS].merge(new.verdicts[VERDICTS], on="id", how="outer", suffixes=SIDES)
    merged = merged.fillna("")
    merged = merged[merged["verdict_old"] != merged["verdict_new"]].assign(change="verdict_changed")
    return merged.rename(columns={"id": "subject", "verdict_old": "old", "verdict_new": "new"})


def _definitions(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    """Return one row per series of which the definition of a figure, of the latest figure, or the wording changed."""
    figures = old.observations.merge(new.observations, on=KEY, suffixes=SIDES)
    differ = figures["definition_id_old"].ne(figures["definition_id_new"])
    differ |= figures["unit_measure_old"].ne(figures["unit_measure_new"])
    latest = _latest(old.observations).merge(_latest(new.observations), on="series_id", suffixes=SIDES)
    latest = latest[latest["definition_id_old"].ne(latest["definition_id_new"])].sort_values("series_id")
    # where no two periods share a definition ("@"), a new period is no change
    latest = latest[~latest["definition_id_new"].str.contains("@", regex=False)]
    words = old.series.merge(new.series, on="series_id", suffixes=SIDES)
    parts = [("definition_id", figures[differ]), ("definition_id", latest)]
    for name in ("counts_en", "population_en"):
        parts.append((name, words[words[f"{name}_old"] != words[f"{name}_new"]]))
    tables = [rows.rename(columns={f"{n}_old": "old", f"{n}_new": "new"}) for n, rows in parts]
    rows = pd.concat([rows.reindex(columns=["series_id", "time_period", "old", "new"]) for rows in tables])
    rows = rows.rename(columns={"series_id": "subject"}).fillna({"time_period": ""})
    return rows.drop_duplicates("subject").assign(change="definition_changed")


def _latest(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the definition, without the concept, of the latest period of each series."""
    rows = observations.sort_values("time_period", kind="stable").drop_duplicates("series_id", keep="last")
    rows = rows[["series_id", "definition_id"]].astype("str")
    return rows.assign(definition_id=rows["definition_id"].str.partition(":")[0])


def _figures(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    table = old.observations.merge(new.observations, on=KEY, how="left", suffixes=SIDES, indicator=True)
    same = table["obs_status_old"].eq(table["obs_status_new"])
    before, after = table["obs_value_old"], table["obs_value_new"]
    same &= (before == after) | (before.isna() & after.isna())
    for limit in ("lower", "upper", "ci_lower", "ci_upper"):
        if f"{limit}_old" in table:
            # editions made before figures had limits lack them, which is no revision
            same &= table[f"{limit}_old"].isna() | (table[f"{limit}_old"] == table[f"{limit}_new"])
    gone = table["_merge"] == "left_only"
    table["change"] = gone.map({True: "figure_gone", False: "figure_revised"})
    table["obs_status_old"] = table["obs_status_old"].mask(gone)  # a figure that is gone has no new status
    renamed = {"obs_value": "value", "source_id": "source"}
    named = {f"{name}_{side}": f"{side}_{col}" for name, col in renamed.items() for side in ("old", "new")}
    named |= {"series_id": "subject", "unit_measure_old": "unit"}
    return table[gone | ~same].rename(columns=named | {"obs_status_old": "old", "obs_status_new": "new"})


def _series(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    before, after = _periods(old), _periods(new)
    pairs = (zip(s.series["series_id"], s.series["ended"], strict=True) for s in (old, new))
    ended_before, ended = ({name: end for name, end in entries if end} for entries in pairs)
    missing = _reported_series(old) - _reported_series(new) if old.year != new.year else set()
    missing = (missing & after.keys()) - ended.keys()
    kinds = (
        ("series_added", after.keys() - before, "new", after, ""),
        ("series_gone", before.keys() - after, "old", before, ""),
        ("series_ended", ended.keys() - ended_before, "new", ended, ""),
        ("wave_missing", missing, "old", before, str(new.year)),
    )
    return pd.DataFrame(
        {"change": kind, "subject": name, side: periods[name], "time_period": year}
        for kind, names, side, periods, year in kinds
        for name in sorted(names)
    )


def _periods(snapshot: Snapshot) -> dict[str, str]:
    """Return the first and last period of every series."""
    ends = snapshot.observations.groupby("series_id")["time_period"].agg(["min", "max"])
    return {str(s): a if a == b else f"{a} – {b}" for s, a, b in ends.itertuples()}


def _reported_series(snapshot: Snapshot) -> set[str]:
    """Return the series with a value for the reporting year."""
    rows = snapshot.observations
    selected = rows["time_period"].str[:4].eq(str(snapshot.year)) & rows["obs_value"].notna()
    return set(rows.loc[selected, "series_id"].astype("str"))

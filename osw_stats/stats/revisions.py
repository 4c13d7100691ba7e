"""What was changed afterwards: by a publisher, and from one edition, or build, to another."""

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
    """Return one row a figure whose value changed: old and new value, and from when each was public."""
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
    """Return figures that stand beside another source's figure of the same thing, with that one, if it is preferred."""
    other, main = (vintages[vintages["role"] == role] for role in ("alternative", "main"))
    joined = other.merge(main, on=KEY, how="left", suffixes=("", "_preferred"))
    return joined[[*KEY, "obs_value", "source_id", "obs_value_preferred", "source_id_preferred"]]


@dataclass(frozen=True)
class Snapshot:
    """What one edition told."""

    label: str  # "2024", or the name of a folder
    year: int
    observations: pd.DataFrame  # as the edition saw them
    series: pd.DataFrame  # series_id, counts_en, population_en, ended
    headlines: pd.DataFrame | None  # one row a number (`HEADLINES`); None where they were not recorded
    verdicts: pd.DataFrame  # of every statement of the ledger; empty where there was no report to check


def edition_changes(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    """Return the table `edition_changes`: one row a change, of one of the kinds `CHANGES`."""
    # A headline has moved when its number changed by more than half the length of its old interval
    # (`threshold`), and for an exact number by anything at all. A series has a missing wave when the old
    # edition had a figure for its own year and the new one has none for its own: a state, not an error.
    every = [kinds(old, new) for kinds in (_headlines, _verdicts, _definitions, _figures, _series)]
    parts = [part for part in every if len(part)] or [pd.DataFrame(columns=["change"])]
    frame = pd.concat(parts).reindex(columns=COLUMNS)
    return frame.sort_values("change", key=lambda s: s.map(CHANGES.index), kind="stable", ignore_index=True)


def _headlines(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    if old.headlines is None or new.headlines is None:
        return pd.DataFrame()
    both = old.headlines.merge(new.headlines, on=HEADLINES[:3], how="outer", suffixes=SIDES, indicator=True)
    both["subject"] = both["notebook"] + "/" + both["sentence"] + "/" + both["number"]
    # an exact number has no interval to stay within
    both["threshold"] = ((both["upper_old"] - both["lower_old"]) / 2).fillna(0.0)
    same_unit = both["unit_old"] == both["unit_new"]
    moved = (both["value_new"] - both["value_old"]).abs() > both["threshold"] * (1 + 1e-9)
    alone = both["_merge"] != "both"
    both["detail"] = ("unit was " + both["unit_old"]).where(~same_unit, "")
    both.loc[alone, ["threshold", "detail"]] = np.nan
    kinds = {"both": "headline_moved", "right_only": "headline_new", "left_only": "headline_gone"}
    both["change"] = both["_merge"].astype("str").map(kinds)
    both["unit"] = both["unit_new"].fillna(both["unit_old"])
    named = {"value_old": "old_value", "value_new": "new_value"}
    return both[alone | moved | ~same_unit].rename(columns=named)


def _verdicts(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    if old.verdicts.empty or new.verdicts.empty:
        changes = {(True, False): ["report_new"], (False, True): ["report_gone"]}
        return pd.DataFrame({"change": changes.get((old.verdicts.empty, new.verdicts.empty), [])})
    both = old.verdicts[VERDICTS].merge(new.verdicts[VERDICTS], on="id", how="outer", suffixes=SIDES)
    both = both.fillna("")
    both = both[both["verdict_old"] != both["verdict_new"]].assign(change="verdict_changed")
    return both.rename(columns={"id": "subject", "verdict_old": "old", "verdict_new": "new"})


def _definitions(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    """Return one row a series of which the definition of one figure, of the latest one, or the words changed."""
    figures = old.observations.merge(new.observations, on=KEY, suffixes=SIDES)
    differ = figures["definition_id_old"].ne(figures["definition_id_new"])
    differ |= figures["unit_measure_old"].ne(figures["unit_measure_new"])
    latest = _latest(old.observations).merge(_latest(new.observations), on="series_id", suffixes=SIDES)
    latest = latest[latest["definition_id_old"].ne(latest["definition_id_new"])].sort_values("series_id")
    # where no two periods share a definition ("@"), another period is no news
    latest = latest[~latest["definition_id_new"].str.contains("@", regex=False)]
    words = old.series.merge(new.series, on="series_id", suffixes=SIDES)
    parts = [("definition_id", figures[differ]), ("definition_id", latest)]
    for name in ("counts_en", "population_en"):
        parts.append((name, words[words[f"{name}_old"] != words[f"{name}_new"]]))
    of_side = [rows.rename(columns={f"{n}_old": "old", f"{n}_new": "new"}) for n, rows in parts]
    rows = pd.concat([rows.reindex(columns=["series_id", "time_period", "old", "new"]) for rows in of_side])
    rows = rows.rename(columns={"series_id": "subject"}).fillna({"time_period": ""})
    return rows.drop_duplicates("subject").assign(change="definition_changed")


def _latest(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the definition, less the concept, of the latest period of each series."""
    rows = observations.sort_values("time_period", kind="stable").drop_duplicates("series_id", keep="last")
    rows = rows[["series_id", "definition_id"]].astype("str")
    return rows.assign(definition_id=rows["definition_id"].str.partition(":")[0])


def _figures(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    both = old.observations.merge(new.observations, on=KEY, how="left", suffixes=SIDES, indicator=True)
    same = both["obs_status_old"].eq(both["obs_status_new"])
    was, now = both["obs_value_old"], both["obs_value_new"]
    same &= (was == now) | (was.isna() & now.isna())
    for limit in ("lower", "upper", "ci_lower", "ci_upper"):
        if f"{limit}_old" in both:
            # an edition made before every figure had limits has none where this one has: that is no revision
            same &= both[f"{limit}_old"].isna() | (both[f"{limit}_old"] == both[f"{limit}_new"])
    gone = both["_merge"] == "left_only"
    both["change"] = gone.map({True: "figure_gone", False: "figure_revised"})
    both["obs_status_old"] = both["obs_status_old"].mask(gone)  # a figure that is gone has no other status
    renamed = {"obs_value": "value", "source_id": "source"}
    named = {f"{name}_{side}": f"{side}_{of}" for name, of in renamed.items() for side in ("old", "new")}
    named |= {"series_id": "subject", "unit_measure_old": "unit"}
    return both[gone | ~same].rename(columns=named | {"obs_status_old": "old", "obs_status_new": "new"})


def _series(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    before, after = _periods(old), _periods(new)
    pairs = (zip(s.series["series_id"], s.series["ended"], strict=True) for s in (old, new))
    ended_before, ended = ({name: end for name, end in each if end} for each in pairs)
    missing = _of_year(old) - _of_year(new) if old.year != new.year else set()
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


def _periods(side: Snapshot) -> dict[str, str]:
    """Return the first and last period of every series."""
    ends = side.observations.groupby("series_id")["time_period"].agg(["min", "max"])
    return {str(s): a if a == b else f"{a} – {b}" for s, a, b in ends.itertuples()}


def _of_year(side: Snapshot) -> set[str]:
    """Return the series with a value of the year that is reported on."""
    rows = side.observations
    of_year = rows["time_period"].str[:4].eq(str(side.year)) & rows["obs_value"].notna()
    return set(rows.loc[of_year, "series_id"].astype("str"))

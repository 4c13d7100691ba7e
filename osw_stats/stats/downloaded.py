"""Cells of downloaded tables: which offence, region and time each is about, in keys of CBS or names of the police."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from osw_stats.errors import NotAskedError
from osw_stats.yamlfile import read_yaml


def dimensions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the code of the crime type and the key of the region of every cell, "" where its table has none."""
    values = cells["dims"].map(lambda dims: dict(part.partition("=")[::2] for part in dims.split("; ")))
    offences = [[v.split(" ")[0] for k, v in each.items() if k.startswith("Soort")] for each in values]
    regions = [[region_key(each[k]) for k in DIMENSIONS if k in each] for each in values]
    first = {"offence": [(o or [""])[0] for o in offences], "region": [(r or [""])[0] for r in regions]}
    return pd.DataFrame(first, index=cells.index, dtype="str")


def offences(cells: pd.DataFrame) -> set[str]:
    """Return the codes of the crime types in downloaded tables."""
    return set(dimensions(cells)["offence"]) - {""} if len(cells) else set()


def of_the_country(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that are about the whole country, or name no region.

    Why the others are not passed on: beside a page that hides small counts of regions, a download with all of them
    would give those away.
    """
    return cells[dimensions(cells)["region"].isin(["", "NL"])] if len(cells) else cells


def monthly(cells: pd.DataFrame, offence: str) -> pd.DataFrame:
    """Return the months of an offence in the whole country, as they stand in the latest table that holds them.

    Raises
    ------
    NotAskedError
        If no table holds the offence by month: nobody downloaded one.
    """
    rows = cells
    if len(cells):
        kind = dimensions(cells)
        by_month = cells["time_period"].str.fullmatch(r".{5}[01].")
        registered = cells["measure_label"].str.contains("Ger?egist")
        rows = cells[by_month & registered & kind["offence"].eq(offence) & kind["region"].isin(["", "NL"])]
        rows = rows[rows["known_by"] == rows["known_by"].max()]  # one vintage: two editions are never mixed
        rows = rows[rows["table"] == rows["table"].min()]  # and one table
    if rows.empty:
        raise NotAskedError(f"No table in data/raw holds {offence} by month.")
    return rows


def regional(cells: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return the cells of whole years, where a region was asked for.

    Raises
    ------
    NotAskedError
        If none was.
    """
    if not region:
        raise NotAskedError("No region was asked for.")
    return cells[cells["time_period"].str.len().eq(4)] if len(cells) else cells


_DATA = read_yaml(Path(__file__).with_name("regions.yml"))
PROVINCES: dict[str, str] = _DATA["provinces"]
DIMENSIONS: tuple[str, ...] = tuple(_DATA["dimensions"])
_KEYS = {name.casefold(): key for key, name in PROVINCES.items()} | _DATA["other_names"]
_KEY = re.compile(r"(NL|PV|GM|RE|LD|PE)\d{1,4}")


def region_key(label: str) -> str:
    """Return the key of a region: the key itself, that of a province by its name, else the name.

    Examples
    --------
    >>> region_key("Groningen (PV)"), region_key("PV20  "), region_key("GM0363"), region_key("Groningen (gemeente)")
    ('PV20', 'PV20', 'GM0363', 'Groningen (gemeente)')
    """
    text = label.strip()
    if text in _DATA["nation"]:
        return "NL"
    name = None if _KEY.fullmatch(text) else re.fullmatch(r"(.+) \(PV\)", text)
    return _KEYS.get(name[1].casefold(), text) if name else text


def region_name(key: str) -> str:
    """Return the name of a province, else the key or name as it stands."""
    return PROVINCES.get(key, key)


def level(key: str) -> str:
    """Return nation, province, municipality or other; a name without a key is a municipality, as the police print those."""
    if key == "NL":
        return "nation"
    if key in PROVINCES:
        return "province"
    return "municipality" if key.startswith("GM") or not _KEY.fullmatch(key) else "other"

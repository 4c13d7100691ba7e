"""Cells of downloaded tables: their crime type, region and month, and the selection requested by the reader."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from babel.dates import get_month_names

from osw_stats.errors import InputError, NotAskedError
from osw_stats.yamlfile import read_yaml

OFFENCES: dict[str, Any] = read_yaml(Path(__file__).with_name("offences.yml"))
NAMES: dict[str, str] = OFFENCES["names"]
REGIONS: dict[str, Any] = read_yaml(Path(__file__).with_name("regions.yml"))
PROVINCES: dict[str, str] = REGIONS["provinces"]
_KEYS = {name.casefold(): key for key, name in PROVINCES.items()} | REGIONS["other_names"]
_KEY = re.compile(r"(NL|PV|GM|RE|LD|PE)\d{1,4}")
LIES_IN = "Ligt in"  # dimension and measure of cells that give the nesting of regions


def dimensions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the crime type code and region key of every cell, "" where its table has none."""
    rows = []
    for text in cells["dims"]:
        dims = dict(part.partition("=")[::2] for part in text.split("; "))
        offence = next((value.split(" ")[0] for name, value in dims.items() if name.startswith("Soort")), "")
        region = next((region_key(dims[name]) for name in REGIONS["dimensions"] if name in dims), "")
        rows.append((offence, region))
    return pd.DataFrame(rows, cells.index, ["offence", "region"], dtype="str")


def offences(cells: pd.DataFrame) -> set[str]:
    """Return the codes of the crime types in downloaded tables."""
    return set(dimensions(cells)["offence"]) - {""} if len(cells) else set()


def of_the_country(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the national cells, including those without a region."""
    # a download with all regional counts would disclose the small ones that pages suppress
    return cells[dimensions(cells)["region"].isin(["", "NL"])] if len(cells) else cells


def monthly(cells: pd.DataFrame, offence: str) -> pd.DataFrame:
    """Return the national monthly cells of an offence, from the latest table that has them."""
    rows = of_the_country(cells)
    if len(rows):
        by_month = rows["time_period"].str.fullmatch(r".{5}[01].")
        registered = rows["measure_label"].str.contains("Ger?egist")
        rows = rows[by_month & registered & dimensions(rows)["offence"].eq(offence)]
        rows = rows[rows["known_by"] == rows["known_by"].max()]  # one vintage, as editions are never combined
        rows = rows[rows["table"] == rows["table"].min()]  # and one table
    if rows.empty:
        raise NotAskedError(f"No table in data/raw holds {offence} by month.")
    return rows


def regional(cells: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return the cells of whole years; NotAskedError without a region."""
    if not region:
        raise NotAskedError("No region was asked for.")
    return cells[cells["time_period"].str.len().eq(4)] if len(cells) else cells


def region_key(label: str) -> str:
    """Return the CBS key of a region: a key as it is, that of a province name, else the name.

    >>> region_key("Groningen (PV)"), region_key("PV20  "), region_key("GM0363"), region_key("Groningen (gemeente)")
    ('PV20', 'PV20', 'GM0363', 'Groningen (gemeente)')
    """
    text = label.strip()
    if text in REGIONS["nation"]:
        return "NL"
    name = None if _KEY.fullmatch(text) else re.fullmatch(r"(.+) \(PV\)", text)
    return _KEYS.get(name[1].casefold(), text) if name else text


def region_name(key: str) -> str:
    """Return the name of a province, else the key or name unchanged."""
    return PROVINCES.get(key, key)


def level(key: str) -> str:
    """Return nation, province, municipality or other; a name without a key is a municipality, as in police tables."""
    if key == "NL":
        return "nation"
    if key in PROVINCES:
        return "province"
    return "municipality" if key.startswith("GM") or not _KEY.fullmatch(key) else "other"


@dataclass(frozen=True)
class Asked:
    """A crime type and a month in words, by language; `law` is the date if they match the change of the law."""

    offence: dict[str, str]
    month: dict[str, str]
    law: date | None

    def law_day(self) -> date:
        """Return the date of the law; raise NotAskedError for another month or crime type."""
        if self.law is None:
            raise NotAskedError("Another month or crime type was asked for than the law changed.")
        return self.law


def asked(offence: str, month: str, *, held: Collection[str], law: date | None, as_of: date) -> Asked:
    """Return the selection of monthly figures requested, checked: a known code and a past month."""
    # `held` are the codes in downloaded tables, which may be newer than the catalogue; `law` is the date on
    # which the law on sexual offences changed, None if unknown
    if offence not in NAMES and offence not in held:
        remedy = f"Choose: {', '.join(sorted({*NAMES, *held}))}."
        raise InputError("is no crime type of the police", remedy, column="offence", value=offence)
    match = re.fullmatch(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])", month)
    if match is None:
        raise InputError("is no month", "Write a month such as 2024-07.", column="law_month", value=month)
    is_law = law is not None and month == law.isoformat()[:7]  # known in advance
    if month > as_of.isoformat()[:7] and not is_law:
        problem = f"lies after {as_of.isoformat()}, the last day this edition sees"
        raise InputError(problem, "Choose an earlier month.", column="law_month", value=month)
    words = {k: f"{get_month_names('wide', locale=k)[int(match[2])]} {match[1]}" for k in ("nl", "en")}
    name = NAMES.get(offence, "")  # police names are in Dutch only
    english = f"{offence}, “{name}” in Dutch" if name else offence
    names = {"nl": f"{offence} {name}".strip(), "en": english}
    return Asked(names, words, law if offence == OFFENCES["sexual"] and is_law else None)

"""Cells of downloaded tables: which crime type, region and month each is about, and what was asked of them."""

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
LIES_IN = "Ligt in"  # dimension and measure of cells that say in which region another lies


def dimensions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the code of the crime type and the key of the region of every cell, "" where its table has none."""
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
    """Return the cells that are about the whole country, or name no region."""
    # beside a page that hides small counts of regions, a download with all of them would give those away
    return cells[dimensions(cells)["region"].isin(["", "NL"])] if len(cells) else cells


def monthly(cells: pd.DataFrame, offence: str) -> pd.DataFrame:
    """Return the months of an offence in the whole country, from the latest table that has them."""
    rows = of_the_country(cells)
    if len(rows):
        by_month = rows["time_period"].str.fullmatch(r".{5}[01].")
        registered = rows["measure_label"].str.contains("Ger?egist")
        rows = rows[by_month & registered & dimensions(rows)["offence"].eq(offence)]
        rows = rows[rows["known_by"] == rows["known_by"].max()]  # one vintage: two editions are never mixed
        rows = rows[rows["table"] == rows["table"].min()]  # and one table
    if rows.empty:
        raise NotAskedError(f"No table in data/raw holds {offence} by month.")
    return rows


def regional(cells: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return the cells of whole years; NotAskedError where no region was asked for."""
    if not region:
        raise NotAskedError("No region was asked for.")
    return cells[cells["time_period"].str.len().eq(4)] if len(cells) else cells


def region_key(label: str) -> str:
    """Return the key of a region at CBS: the key itself, that of a province by its name, else the name.

    >>> region_key("Groningen (PV)"), region_key("PV20  "), region_key("GM0363"), region_key("Groningen (gemeente)")
    ('PV20', 'PV20', 'GM0363', 'Groningen (gemeente)')
    """
    text = label.strip()
    if text in REGIONS["nation"]:
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


@dataclass(frozen=True)
class Asked:
    """A crime type and a month in words, by language; `law` is the day where it is the change of the law on them."""

    offence: dict[str, str]
    month: dict[str, str]
    law: date | None

    def law_day(self) -> date:
        """Return the day of the law; raise NotAskedError if another month or crime type is meant."""
        if self.law is None:
            raise NotAskedError("Another month or crime type was asked for than the law changed.")
        return self.law


def asked(offence: str, month: str, *, held: Collection[str], law: date | None, as_of: date) -> Asked:
    """Return what the reader asked of the monthly figures, checked: a code that is known, a month that is past."""
    # `held` are the codes in downloaded tables, which may be newer than the catalogue; `law` is the day on
    # which the law on sexual offences changed, None where none is known
    if offence not in NAMES and offence not in held:
        remedy = f"Choose: {', '.join(sorted({*NAMES, *held}))}."
        raise InputError("is no crime type of the police", remedy, column="offence", value=offence)
    parts = re.fullmatch(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])", month)
    if parts is None:
        raise InputError("is no month", "Write a month such as 2024-07.", column="law_month", value=month)
    of_law = law is not None and month == law.isoformat()[:7]  # known before it came
    if month > as_of.isoformat()[:7] and not of_law:
        problem = f"lies after {as_of.isoformat()}, the last day this edition sees"
        raise InputError(problem, "Choose an earlier month.", column="law_month", value=month)
    in_words = {k: f"{get_month_names('wide', locale=k)[int(parts[2])]} {parts[1]}" for k in ("nl", "en")}
    name = NAMES.get(offence, "")  # the police name theirs in Dutch only
    english = f"{offence}, “{name}” in Dutch" if name else offence
    names = {"nl": f"{offence} {name}".strip(), "en": english}
    return Asked(names, in_words, law if offence == OFFENCES["sexual"] and of_law else None)

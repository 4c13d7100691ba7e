"""Regions: keys of CBS and the names the police print, read as the same place."""

from __future__ import annotations

import re

# the police print the old Dutch name of Fryslân
PROVINCES = {
    "PV20": "Groningen", "PV21": "Friesland", "PV22": "Drenthe", "PV23": "Overijssel", "PV24": "Flevoland",
    "PV25": "Gelderland", "PV26": "Utrecht", "PV27": "Noord-Holland", "PV28": "Zuid-Holland", "PV29": "Zeeland",
    "PV30": "Noord-Brabant", "PV31": "Limburg",
}  # fmt: skip
_KEYS = {name.casefold(): key for key, name in PROVINCES.items()} | {"fryslân": "PV21"}
_KEY = re.compile(r"(NL|PV|GM|RE|LD|PE)\d{1,4}")
NATION = {"Nederland", "NL00", "NL01"}
DIMENSIONS = ("RegioS", "Regio's", "Regios", "WijkenEnBuurten", "Wijken en buurten")


def region_key(label: str) -> str:
    """Return the key of a region: the key itself, that of a province by its name, else the name.

    Examples
    --------
    >>> region_key("Groningen (PV)"), region_key("PV20  "), region_key("GM0363"), region_key("Groningen (gemeente)")
    ('PV20', 'PV20', 'GM0363', 'Groningen (gemeente)')
    """
    text = label.strip()
    if text in NATION:
        return "NL"
    if _KEY.fullmatch(text):
        return text
    name = re.fullmatch(r"(.+) \(PV\)", text)
    return _KEYS.get(name[1].casefold(), text) if name else text


def region_name(key: str) -> str:
    """Return the name of a province, else the key or name as it stands."""
    return PROVINCES.get(key, key)


def level(key: str) -> str:
    """Return the kind of region: nation, province, municipality or other.

    A name without a key is taken for a municipality, as the police print those.
    """
    if key == "NL":
        return "nation"
    if key.startswith("PV") and key in PROVINCES:
        return "province"
    if key.startswith("GM") or not _KEY.fullmatch(key):
        return "municipality"
    return "other"

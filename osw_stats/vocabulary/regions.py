"""Regions: keys of CBS and the names the police print, read as the same place."""

from __future__ import annotations

import re

from osw_stats.vocabulary.packaged import packaged

_DATA = packaged("regions.yml")
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

"""The form: which columns a fill-in sheet has, what may be chosen in them, and how a row names its series."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from osw_stats.errors import InputError

INPUT, SHOWN = "input", "shown"


@dataclass(frozen=True)
class Field:
    """A column: its heading, whether it is filled in, its width in characters and its explanation."""

    name: str
    heading: str
    use: str
    width: int
    help: str


FIELDS = (
    Field("title", "Cijfer", SHOWN, 44, "Wat er wordt geteld."),
    Field("group", "Groep", SHOWN, 18, "Om wie of waarover het gaat; leeg is het totaal."),
    Field("state", "Stand", SHOWN, 26, "Of het cijfer nu wordt verwacht, naar hoe lang het eerder duurde."),
    Field("last_period", "Vorige periode", SHOWN, 14, "Over welke periode dat ging."),
    Field("last_value", "Vorige waarde", SHOWN, 15, "Wat er de vorige keer stond."),
    Field("period", "Periode", SHOWN, 10, "Het jaar, of het deel van een jaar: 2025, 2025-H1 (halfjaar), 2025-Q1 (kwartaal), 2025-07 (maand)."),
    Field("value", "Waarde", INPUT, 13, "Het getal, met een komma voor de decimalen: 12.206 of 5,2. Een daling: -5,2."),
    Field("unit", "Eenheid", INPUT, 24, "Kies wat er is geteld. Staat uw eenheid er niet bij, laat de rij dan leeg en meld het."),
    Field("status", "Bijzonderheid", INPUT, 19, "Alleen kiezen als het geen gewoon, definitief cijfer is."),
    Field("wording", "Zoals gepubliceerd", INPUT, 26, "Alleen nodig bij woorden als “ruim” of “ongeveer”: neem de woorden precies over."),
    Field("document", "Document", INPUT, 32, "De titel van het stuk waarin het cijfer staat."),
    Field("url", "Webadres", INPUT, 30, "Waar het stuk staat; begint met https://"),
    Field("published", "Gepubliceerd op", INPUT, 17, "Dag-maand-jaar, zoals 21-3-2026. Is alleen de maand bekend: 2026-03."),
    Field("locator", "Plaats", INPUT, 20, "Bladzijde, tabel of alinea."),
    Field("note", "Opmerking", INPUT, 26, "Wat een lezer van dit cijfer moet weten, zoals een andere manier van tellen."),
    Field("where", "Waar zoeken", SHOWN, 50, "Waar het vorige cijfer stond."),
    Field("key", "Sleutel", SHOWN, 30, "Hieraan herkent het programma de rij. Niet veranderen; in een open rij onderaan kiest u haar."),
)  # fmt: skip
HEADINGS = {f.heading: f.name for f in FIELDS}
STATUSES = {
    "": "normal", "voorlopig": "provisional", "geschat": "estimated", "herzien": "revised",
    "wordt niet geregistreerd": "not_registered", "wordt niet gepubliceerd": "withheld",
}  # fmt: skip
EXPLANATION = "Uitleg"
OPEN_ROWS = 10  # at the foot of a sheet, for any other period or group
ANY = ("period", "key")  # what is filled in there as well
_MARK = "|"


def key(series_id: str, sex: str, age: str, breakdown: str) -> str:
    """Return how a row names its series and group.

    Examples
    --------
    >>> key("helpwanted_requests_subject", "total", "total", "subject=sextortion")
    'helpwanted_requests_subject|total|total|subject=sextortion'
    """
    return _MARK.join((series_id, sex, age, breakdown))


def read_key(text: str) -> tuple[str, str, str, str]:
    """Return series, sex, age and breakdown of a key.

    Raises
    ------
    InputError
        If it is no key.
    """
    parts = text.split(_MARK)
    if len(parts) != 4 or not all(parts[:3]) or not text.isascii():
        raise InputError("is no key of a series", "Copy the key from a fresh sheet.", value=text)
    return parts[0], parts[1], parts[2], parts[3]


def letter(column: int) -> str:
    """Return the letters of a column, counted from 0.

    Examples
    --------
    >>> letter(3), letter(26)
    ('D', 'AA')
    """
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def short_name(publisher: str) -> str:
    """Return a publisher's name as a sheet and a file can carry it: at most 31 characters, no special ones.

    Examples
    --------
    >>> short_name("Offlimits (Helpwanted)"), short_name("CBS/WODC")
    ('Helpwanted', 'CBS-WODC')
    """
    inner = re.fullmatch(r"Offlimits \((.+)\)", publisher)
    name = inner[1] if inner else publisher
    return re.sub(r"[\[\]:*?/\\]+", "-", name)[:31].strip(" '-")


def file_name(publisher: str, year: int) -> str:
    """Return the name of a publisher's workbook.

    Examples
    --------
    >>> file_name("Offlimits (Meldpunt Kinderporno)", 2025)
    'meldpunt-kinderporno-2025.xlsx'
    """
    plain = unicodedata.normalize("NFKD", short_name(publisher)).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain.lower()).strip('-')}-{year}.xlsx"

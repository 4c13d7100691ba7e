"""The form: the columns of a fill-in sheet (`form.yml`), the keys of its rows, and refusals (`refusals.yml`)."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, SheetError
from osw_stats.yamlfile import read_yaml

_HERE = Path(__file__).parent
_FORM: dict[str, Any] = read_yaml(_HERE / "form.yml")


@dataclass(frozen=True)
class Field:
    """A column: its heading, whether it is filled in, its width in characters and its explanation."""

    name: str
    heading: str
    use: str
    width: int
    help: str


FIELDS = tuple(Field(**column) for column in _FORM["columns"])
INPUTS = tuple(f.name for f in FIELDS if f.use == "input")
HEADINGS = {f.heading: f.name for f in FIELDS}
STATUSES: dict[str, str] = _FORM["statuses"]
CHOICES = [status for status in STATUSES if status]
STEPS: list[str] = _FORM["steps"]
EXPLANATION: str = _FORM["explanation"]
OPEN_ROWS: int = _FORM["open_rows"]
OPEN_TITLE: str = _FORM["open_title"]
_MARK = "|"


def refusal(code: str, file: str, /, *, sheet: str = "", cell: str = "", **words: object) -> SheetError:
    """Return the error for an unusable sheet, in Dutch."""
    problem, remedy = (text.format(**words) for text in read_yaml(_HERE / "refusals.yml")[code])
    return SheetError(problem, remedy, file=file, sheet=sheet, cell=cell)


def key(series_id: str, sex: str, age: str, breakdown: str) -> str:
    """Return the key of a row: its series and group.

    >>> key("helpwanted_requests_subject", "total", "total", "subject=sextortion")
    'helpwanted_requests_subject|total|total|subject=sextortion'
    """
    return _MARK.join((series_id, sex, age, breakdown))


def read_key(text: str) -> tuple[str, str, str, str]:
    """Return series, sex, age and breakdown of a key."""
    parts = text.split(_MARK)
    if len(parts) != 4 or not all(parts[:3]) or not text.isascii():
        raise InputError("is no key of a series", "Copy the key from a fresh sheet.", value=text)
    return parts[0], parts[1], parts[2], parts[3]


def letter(column: int) -> str:
    """Return the letters of a column, counted from 0: D is 3, AA is 26."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def short_name(publisher: str) -> str:
    """Return a publisher's name fit for a sheet and a file: at most 31 characters, no special ones.

    >>> short_name("Offlimits (Helpwanted)"), short_name("CBS/WODC")
    ('Helpwanted', 'CBS-WODC')
    """
    inner = re.fullmatch(r"Offlimits \((.+)\)", publisher)
    name = inner[1] if inner else publisher
    return re.sub(r"[\[\]:*?/\\]+", "-", name)[:31].strip(" '-")


def file_name(publisher: str, year: int) -> str:
    """Return the name of a publisher's workbook.

    >>> file_name("Offlimits (Meldpunt Kinderporno)", 2025)
    'meldpunt-kinderporno-2025.xlsx'
    """
    plain = unicodedata.normalize("NFKD", short_name(publisher)).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain.lower()).strip('-') or 'blad'}-{year}.xlsx"

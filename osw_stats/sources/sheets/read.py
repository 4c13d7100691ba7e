"""Read a filled-in sheet into rows as a table copied by hand holds them, each error by its cell and in Dutch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from osw_stats.errors import InputError
from osw_stats.sources.register import URL
from osw_stats.sources.sheets.form import FIELDS, HEADINGS, INPUT, STATUSES, letter, read_key
from osw_stats.sources.sheets.grid import Grid, read_grid
from osw_stats.sources.transcription import FALL, tells_a_fall
from osw_stats.vocabulary.observations import SEXES, WITHOUT_VALUE
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.reported import NO_FIGURE, bare, parse
from osw_stats.vocabulary.series import Series, series
from osw_stats.vocabulary.units import UNITS, unit

_FORM = "Gebruik het invulblad dat `osw new-edition` maakt, en verander de koppen en de sleutels niet."
_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/]((?:19|20)\d\d)", re.A)
_MONTH = re.compile(r"(?:((?:19|20)\d\d)-(\d{1,2})|(\d{1,2})[-/]((?:19|20)\d\d))", re.A)


@dataclass(frozen=True)
class Filled:
    """One filled-in row: the cells of a row copied by hand, its document and its line in the sheet."""

    cells: dict[str, str]
    document: tuple[str, str]
    line: int


@dataclass(frozen=True)
class _At:
    """One row of a sheet, read by field name."""

    grid: Grid
    row: int
    columns: dict[str, int]

    def __getitem__(self, name: str) -> str:
        cells, at = self.grid.rows[self.row], self.columns[name]
        return cells[at] if at < len(cells) else ""

    def fail(self, name: str, problem: str, remedy: str) -> NoReturn:
        raise self.grid.error(self.row, self.columns[name], problem, remedy)


def is_form(path: Path) -> bool:
    """Say whether a file is meant as a filled-in sheet: a workbook, or a CSV with the headings of the form."""
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        return True
    if path.suffix.lower() != ".csv":
        return False
    with path.open("rb") as handle:
        first = handle.readline(4000).replace(b"\x00", b"")
    return b"Sleutel" in first and b"Waarde" in first


def read_form(path: Path, name: str, today: date | None = None) -> list[Filled]:
    """Return the rows that were filled in; a row without a value or a status in its place is passed over.

    Parameters
    ----------
    path
        The sheet as it was saved.
    name
        How messages call it.
    today
        The day of reading, where it is read to be recorded: nothing was published after it.

    Raises
    ------
    SheetError
        At the first cell that cannot be used; in Dutch, with sheet and cell.
    """
    grid = read_grid(path, name)
    columns = _columns(grid)
    found, seen = [], dict[tuple[str, str], int]()
    dates: dict[tuple[str, str], tuple[str, int]] = {}
    for number in range(1, len(grid.rows)):
        at = _At(grid, number, columns)
        if not at["value"] and STATUSES.get(at["status"], "") not in WITHOUT_VALUE:
            if at["status"] not in STATUSES:
                _status(at)
            continue
        _refuse_hidden(at)
        filled = _filled(at, today)
        twice = seen.setdefault((at["key"], at["period"]), number)
        if twice != number:
            at.fail("key", f"dit cijfer staat ook in rij {twice + 1}", "Vul elk cijfer één keer in.")
        day, first = dates.setdefault(filled.document, (filled.cells["published"], number))
        if day != filled.cells["published"]:
            at.fail("published", f"in rij {first + 1} heeft hetzelfde document een andere datum", "Geef één document één datum, of elk document zijn eigen titel.")  # fmt: skip
        found.append(filled)
    return found


def _refuse_hidden(at: _At) -> None:
    """Refuse a filled-in row, or a filled-in cell of it, that the sheet does not show."""
    if at.row in at.grid.hidden:
        at.fail("value", f"rij {at.row + 1} is verborgen of weggefilterd, maar er is iets ingevuld",
                "Maak de rij zichtbaar (haal het filter weg), of maak haar leeg.")  # fmt: skip
    for field in FIELDS:
        column = at.columns[field.name]
        if (
            at[field.name]
            and column in at.grid.hidden_columns
            and (field.use == INPUT or field.name == "period")
        ):
            at.fail(field.name, f"de kolom {field.heading} is verborgen, maar er is iets ingevuld", "Maak de kolom zichtbaar.")  # fmt: skip


def place_of(path: Path, name: str, field: str) -> tuple[str, str]:
    """Return the sheet a form was saved in and the letters of one of its columns."""
    grid = read_grid(path, name)
    return grid.sheet, letter(_columns(grid)[field])


def _columns(grid: Grid) -> dict[str, int]:
    """Return the column of each field, by its heading in the first row."""
    head = grid.rows[0] if grid.rows else []
    columns: dict[str, int] = {}
    for at, heading in enumerate(head):
        name = HEADINGS.get(heading)
        if heading and name is None:
            raise grid.error(0, at, f"“{heading}” is geen kop van het invulblad", _FORM)
        if name in columns:
            raise grid.error(0, at, f"de kop “{heading}” staat er twee keer", _FORM)
        if name is not None:
            columns[name] = at
    lost = next((f for f in FIELDS if f.name not in columns), None)
    if lost is not None:
        what = "dit is geen invulblad" if not columns else "er ontbreekt een kolom"
        raise grid.error(0, 0, f"{what}: de kop “{lost.heading}” is er niet", _FORM)
    return columns


def _filled(at: _At, today: date | None) -> Filled:
    about, sex, age, breakdown = _series(at)
    status = _status(at)
    value = _value(at, about, status)
    published, precision = _published(at, today)
    for name, what in (("document", "de titel van het document"), ("locator", "de plaats in het document")):
        if not at[name]:
            at.fail(
                name, f"{what} ontbreekt", "Vul in waar het cijfer staat, zodat een ander het terugvindt."
            )
    if at["url"] and not re.search(URL, at["url"]):
        at.fail(
            "url", f"“{at['url']}” is geen webadres dat wij kunnen bewaren",
            "Begin met https:// en schrijf in plaats van een spatie %20, van haakjes %28 en %29; of laat de cel leeg.",
        )  # fmt: skip
    cells = {
        "series_id": about.series_id, "time_period": at["period"], "sex": sex, "age": age,
        "breakdown": breakdown, "value": value, "unit": about.unit, "as_reported": _wording(at, about, value),
        "step": "", "obs_status": status, "source_id": "", "locator": at["locator"], "published": published,
        "published_precision": precision, "note": at["note"],
    }  # fmt: skip
    return Filled(cells, (at["document"], at["url"]), at.row + 1)


def _series(at: _At) -> tuple[Series, str, str, str]:
    try:
        name, sex, age, breakdown = read_key(at["key"])
        about = series(name)
    except InputError:
        at.fail("key", f"“{at['key']}” is geen bekende sleutel", _FORM)
    if sex not in SEXES:
        at.fail("key", f"“{at['key']}” is geen bekende sleutel", _FORM)
    try:
        parse_period(at["period"])
    except InputError:
        at.fail(
            "period", f"“{at['period']}” is geen periode", "Schrijf een jaar, zoals in het lege invulblad."
        )
    chosen = at["unit"]
    if chosen and chosen != unit(about.unit).nl:
        known = chosen in {u.nl for u in UNITS.values()}
        at.fail(
            "unit",
            f"deze reeks telt {unit(about.unit).nl}, niet {chosen}" if known else f"“{chosen}” is geen bekende eenheid",
            "Kies de eenheid van de reeks, of laat de rij leeg en meld dat de telling anders is.",
        )  # fmt: skip
    return about, sex, age, breakdown


def _status(at: _At) -> str:
    if at["status"] not in STATUSES:
        at.fail(
            "status", f"“{at['status']}” staat niet in de lijst",
            f"Kies: {', '.join(s for s in STATUSES if s)}, of laat de cel leeg.",
        )  # fmt: skip
    return STATUSES[at["status"]]


def _value(at: _At, about: Series, status: str) -> str:
    """Return the value with a decimal point; empty where there is none."""
    told = at["value"]
    if status in WITHOUT_VALUE:
        if told:
            at.fail("value", f"er is een waarde, maar ook “{at['status']}” gekozen", "Kies een van de twee.")
        return ""
    if not told:
        at.fail("value", "de waarde ontbreekt", "Vul het getal in, of maak de hele rij leeg.")
    typed = told.removesuffix({"percent": "%", "eur": "euro"}.get(about.unit, "")).strip()
    number = bare(typed, "nl")
    if number is None:
        dot = re.fullmatch(r"-?[0-9]+\.[0-9]+", typed)
        at.fail(
            "value", f"“{told}” is geen getal",
            f"Schrijf een komma voor de decimalen: {typed.replace('.', ',')}." if dot
            else "Schrijf alleen cijfers, met een komma voor de decimalen: 12.206 of 5,2.",
        )  # fmt: skip
    kind = unit(about.unit).kind
    if kind == "count" and (number < 0 or number != int(number)):
        at.fail("value", f"“{told}” is geen telling", "Een telling is een heel getal van nul of hoger.")
    if kind == "share" and abs(number) > 1000:
        at.fail("value", f"“{told}” kan geen percentage zijn", "Schrijf 5,2 voor 5,2 procent.")
    return str(int(number)) if kind == "count" else f"{number:f}"


def _wording(at: _At, about: Series, value: str) -> str:
    """Return the words as published; the number itself where none are given. Words and number must agree."""
    if not value:
        return at["note"] or at["status"]
    number = value.replace(".", ",") + ("%" if about.unit == "percent" else "")
    words = at["wording"]
    if not words:
        return number
    try:
        read = parse(words, unit=about.unit)
    except InputError as error:
        none = error.problem == NO_FIGURE
        at.fail(
            "wording", f"in “{words}” staat geen getal" if none else f"“{words}” kan niet kloppen of is op twee manieren te lezen",
            "Neem de woorden met het getal over, of laat leeg.",
        )  # fmt: skip
    wanted = float(value)
    if tells_a_fall(about.series_id, wanted, words):
        at.fail("wording", f"“{words}” is een daling, maar de waarde {at['value']} is een stijging", "Schrijf een daling met een minteken: -5,2.")  # fmt: skip
    told = (
        -read.value
        if read.value is not None and wanted < 0 < read.value and FALL.search(words)
        else read.value
    )
    if told is None or abs(told - wanted) > 1e-9 * max(1.0, abs(wanted)):
        at.fail(
            "wording", f"“{words}” past niet bij de waarde {at['value']}",
            "Kijk in het document welke van de twee klopt.",
        )  # fmt: skip
    return words


def _published(at: _At, today: date | None) -> tuple[str, str]:
    """Return date and precision of publication; nothing was published after the day of reading."""
    published, precision = _date_of(at)
    if today is not None and published > today.isoformat()[: len(published)]:
        at.fail("published", f"“{at['published']}” is na vandaag", "Vul in wanneer het stuk is verschenen.")
    return published, precision


def _date_of(at: _At) -> tuple[str, str]:
    told = at["published"]
    if not told:
        at.fail("published", "de datum van publicatie ontbreekt", "Vul dag-maand-jaar in, zoals 21-3-2026.")
    day, month = _DAY.fullmatch(told), _MONTH.fullmatch(told)
    try:
        if day:
            return date(int(day[3]), int(day[2]), int(day[1])).isoformat(), "day"
        if month:
            year, number = (month[1], month[2]) if month[1] else (month[4], month[3])
            return date(int(year), int(number), 1).isoformat()[:7], "month"
        if not told.isascii():
            raise ValueError("digits of another script")
        return date.fromisoformat(told).isoformat(), "day"
    except ValueError:
        at.fail("published", f"“{told}” is geen datum", "Schrijf dag-maand-jaar, zoals 21-3-2026.")

"""One table in every shape that publishers give it; the figures are made up, the shapes are real."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openpyxl import Workbook

from osw_stats.yamlfile import read_yaml

CASES = read_yaml(Path(__file__).with_name("tables.yml"))
BULK, EXPORT = ("\ufeff" + CASES["texts"][name] for name in ("bulk", "export"))
MARGINS, DUMP, PERIODEN, LAYOUT = (CASES["texts"][n] for n in ("margins", "dump", "perioden", "layout"))
V3, V4 = (json.loads(CASES["texts"][name]) for name in ("v3", "v4"))

# one figure: region, year, measure, and the digits of its value or the status that stands for it
Cell = tuple[str, int, int]
MEASURES = (("Meldingen", "aantal"), ("Aandeel", "%"))
# of a period: what follows the year in its key, in its label (nl, en), and as it is written here
PERIODS = {
    "year": ("JJ00", "", "", ""),
    "quarter": ("KW02", " 2e kwartaal", " 2nd quarter", "-Q2"),
    "half": ("HJ01", " 1e halfjaar", " 1st half", "-H1"),
    "month": ("MM07", " juli", " July", "-07"),
    "week": ("W107", " week 7", " week 7", "-W07"),
}
ENGLISH = {"Regio's": "Regions", "Perioden": "Periods", "Onderwerp": "Topic", "Bron: CBS": "Source: CBS"}


@dataclass(frozen=True)
class Source:
    """A table as its publisher has it; years of `provisional` may still change."""

    regions: tuple[str, ...]
    years: tuple[int, ...]
    cells: dict[Cell, str]  # digits with a decimal point, "<5", "withheld" or "not_applicable"
    provisional: frozenset[int]
    kind: str = "year"
    english: bool = False

    def texts(self, region: str, year: int, decimal: str = "", *, marks: str = ".<") -> list[str]:
        """Return what a shape prints for both measures, by default with the mark of its language; `marks` are those it has."""
        decimal = decimal or ("." if self.english else ",")
        return [self.text(self.cells[region, year, m], decimal, marks) for m in (0, 1)]

    def text(self, value: str, decimal: str = ".", marks: str = ".<") -> str:
        if value in ("withheld", "<5") and value[0] not in marks:
            return "." if "." in marks else ""
        printed = {"withheld": ".", "not_applicable": ""}.get(value, value)
        return printed.replace(".", decimal) if printed != "." else printed

    def words(self, *texts: str) -> list[str]:
        """Return headings in the language of the file."""
        return [ENGLISH.get(text, text) if self.english else text for text in texts]

    def key(self, year: int) -> str:
        return f"{year}{PERIODS[self.kind][0]}"

    def star(self, year: int) -> str:
        """Return the label of a period."""
        label = PERIODS[self.kind][2 if self.english else 1]
        return f"{year}{label}{'*' if year in self.provisional else ''}"

    def rows(self) -> list[tuple[str, int]]:
        return [(region, year) for region in self.regions for year in self.years]

    def status(self, year: int) -> str:
        return "Voorlopig" if year in self.provisional else "Definitief"


def _lines(rows: list[list[str]], delimiter: str = ";") -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


def _quoted(*cells: str) -> list[str]:
    return [f'"{cell}"' for cell in cells]


def _heads(source: Source) -> list[str]:
    return _quoted(*source.words("Regio's", "Perioden"), *(f"{m} ({u})" for m, u in MEASURES))


def _statuses(source: Source, key: str = "Key", delimiter: str = ",") -> str:
    rows = [_quoted(source.key(year), str(year), source.status(year)) for year in source.years]
    return _lines([_quoted(key, "Title", "Status"), *rows], delimiter)


def bulk(source: Source, folder: Path) -> Path:
    """Write the bulk file with keys, and the list of periods that says which are provisional; the last topic is text."""
    _saved(folder / "Perioden.csv", _statuses(source))
    rows = [_quoted("ID", "RegioS", "Perioden", "Meldingen_1", "Aandeel_2", "Naam_3")]
    for number, (region, year) in enumerate(source.rows()):
        padded = (t and f"{t:>8}" for t in source.texts(region, year, ".", marks="."))
        rows.append(_quoted(str(number), f"{region:8}", source.key(year), *padded, "Voorbeeldstad"))
    return _saved(folder / "bulk.csv", _lines(rows))


def dump(source: Source, folder: Path) -> Path:
    """Write what the packages of R and Python write, labels that they add included."""
    _saved(folder / "Perioden.csv", _statuses(source))
    _saved(folder / "CategoryGroups.csv", '""\n')
    rows = [_quoted("ID", "RegioS", "RegioS_label", "Perioden", "Perioden_freq", "Meldingen_1", "Aandeel_2")]
    for number, (region, year) in enumerate(source.rows()):
        keys = _quoted(region, f"Plaats {region}", source.key(year), "Y")
        rows.append([str(number), *keys, *source.texts(region, year, ".", marks="")])
    return _saved(folder / "data.csv", _lines(rows, ","))


def symbols(source: Source, folder: Path) -> Path:
    """Write the export with statistical symbols: all quoted and padded, decimal point."""
    rows = [_heads(source)]
    for region, year in source.rows():
        padded = (t and f"{t:>8}" for t in source.texts(region, year, "."))
        rows.append(_quoted(region, source.star(year), *padded))
    return _saved(folder / "symbols.csv", _lines(rows))


def bare(source: Source, folder: Path) -> Path:
    """Write the export without symbols: bare numbers, the decimal mark of the language, a footer."""
    rows = [_heads(source)]
    for region, year in source.rows():
        texts = source.texts(region, year, marks="")
        rows.append([*_quoted(region, source.star(year)), *texts])
    return _saved(folder / "bare.csv", _lines([*rows, _quoted(*source.words("Bron: CBS"))]))


def _layout(source: Source) -> list[list[str]]:
    columns = [(m, year) for m in (0, 1) for year in source.years]
    rows = [["Meldingen; regio, jaar"], [""]]
    rows += [[*source.words("Onderwerp"), *(MEASURES[m][0] for m, _ in columns)]]
    rows += [[*source.words("Perioden"), *(source.star(year) for _, year in columns)]]
    rows += [source.words("Regio's", *(MEASURES[m][1] for m, _ in columns))]
    for region in source.regions:
        rows.append([region, *(source.texts(region, year)[m] for m, year in columns)])
    return [*rows, source.words("Bron: CBS")]


def _saved_rows(source: Source, path: Path, rows: list[list[str]]) -> Path:
    return _saved(path, _lines([_quoted(*row) for row in [*rows, source.words("Bron: CBS")]]))


def layout(source: Source, folder: Path) -> Path:
    """Write the table as it stands on the screen, topics above the figures."""
    return _saved_rows(source, folder / "layout.csv", _layout(source)[:-1])


def periods_before(source: Source, folder: Path) -> Path:
    """Write the layout with periods before the figures and topics above them."""
    rows = [["Meldingen; regio, jaar"], source.words("Onderwerp", "Onderwerp", *(m for m, _ in MEASURES))]
    rows += [source.words("Regio's", "Perioden", *(unit for _, unit in MEASURES))]
    rows += [[r, source.star(year), *source.texts(r, year)] for r, year in source.rows()]
    return _saved_rows(source, folder / "before.csv", rows)


def turned(source: Source, folder: Path, *, units: bool = True) -> Path:
    """Write the layout with topics before the figures, and their units under the heading of the periods."""
    heads = source.words("Onderwerp", "Regio's", *(["Perioden"] if units else []))
    rows = [["Meldingen; regio, jaar"], [""], [*heads, *map(source.star, source.years)]]
    for m, (measure, unit) in enumerate(MEASURES):
        for region in source.regions:
            texts = (source.texts(region, year)[m] for year in source.years)
            rows.append([measure, region, *([unit] if units else []), *texts])
    return _saved_rows(source, folder / "turned.csv", rows)


def workbook(source: Source, folder: Path) -> Path:
    """Write the workbook of the same layout, numbers as numbers."""
    book = Workbook()
    for number, row in enumerate(_layout(source)):
        cells: list[str | float] = list(row)
        for at in range(1, len(row) if number > 4 else 0):
            text = row[at].replace(",", ".")
            cells[at] = float(text) if text not in ("", ".", "<5") else text
        book.active.append(cells)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def version_3(source: Source, folder: Path) -> Path:
    """Write two pages of OData version 3, with the list of periods."""
    records = []
    for number, (region, year) in enumerate(source.rows()):
        numbers = (json.loads(text or "null") for text in source.texts(region, year, ".", marks=""))
        keys = {"ID": number, "RegioS": f"{region}  ", "Perioden": source.key(year)}
        records.append(keys | dict(zip(("Meldingen_1", "Aandeel_2"), numbers, strict=True)))
    periods = [{"Key": source.key(y), "Title": str(y), "Status": source.status(y)} for y in source.years]
    pages = {"TypedDataSet-0000": records[:1], "TypedDataSet-0001": records[1:], "Perioden": periods}
    for name, rows in pages.items():
        _saved(folder / f"{name}.json", json.dumps({"value": rows}))
    return folder


def version_4(source: Source, folder: Path) -> Path:
    """Write the observations of version 4 as CSV: decimal comma, the reason for a missing value beside it."""
    _saved(folder / "PeriodenCodes.csv", _statuses(source, "Identifier", ";"))
    rows = [["Id", "Measure", "RegioS", "Perioden", "Value", "StringValue", "ValueAttribute"]]
    reasons = {"withheld": "Confidential", "<5": "Confidential", "not_applicable": "Impossible"}
    for number, ((region, year, m), value) in enumerate(source.cells.items()):
        key = [str(number), f"{MEASURES[m][0]}_{m + 1}", region, source.key(year)]
        rows.append([*key, source.text(value, ",", ""), "", reasons.get(value, "None")])
    return _saved(folder / "Observations.csv", _lines(rows))


def copy(source: Source, folder: Path) -> Path:
    """Write what a Dutch spreadsheet makes of it: decimal comma, points between thousands, a title, an empty column."""
    rows = [["Meldingen", "", "", "", ""], ["regio", "jaar", "meldingen", "aandeel", ""]]
    for region, year in source.rows():
        count, share = source.texts(region, year, ",")
        count = f"{int(count):,}".replace(",", ".") if count.isdigit() else count
        rows.append([region, f"{year}{PERIODS[source.kind][1]}", count, share, ""])
    return _saved(folder / "copy.csv", _lines(rows))


def _saved(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


_WRITERS = (bulk, dump, symbols, bare, layout, periods_before, turned, workbook, version_3, version_4, copy)
SHAPES = {write.__name__: write for write in _WRITERS}
# without units, the last label before the figures is none
SHAPES["turned_without_units"] = partial(turned, units=False)
_COLUMNS = {"regio": "dimension", "jaar": "period"} | dict.fromkeys(("meldingen", "aandeel"), "measure")
DECLARED = {"columns": _COLUMNS, "decimal": ","}

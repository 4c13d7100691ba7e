"""One table in every shape that publishers give it; the figures are made up, the shapes are real."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

BULK = """\ufeff"ID";"SoortMisdrijf";"RegioS";"Perioden";"GeregistreerdeMisdrijven_1";"Per1000Inw_2"
"0";"1.4.1 ";"NL01  ";"2023JJ00";"    8214";"     0.5"
"1";"1.4.1 ";"GM0363";"2023JJ00";"       .";""
"2";"0.0.0 ";"NL01  ";"2023JJ00";"  802043";"    45.0"
"""
EXPORT = """\ufeff"Soort misdrijf";"Perioden";"Regio's";"Geregisteerde misdrijven (aantal)";"Per 1 000 (per 1 000)"
"1.4.1 Zedenmisdrijf";"2018";"Nederland";8278;0,5
"1.4.1 Zedenmisdrijf";"2019*";"Nederland";7357;10
"1.4.1 Zedenmisdrijf";"2024 juli";"Nederland";.;
"""
MARGINS = """"Marges";"Perioden";"Slachtoffers (%)"
"Waarde";"2023";15,4
"Ondergrens 95%-interval";"2023";15,1
"Bovengrens 95%-interval";"2023";15,6
"""
DUMP = '"ID","Perioden","Bevolking_1","Correcties_2"\n0,"2022MM12",17810000,-5\n1,"2023MM01",17811291,\n'
PERIODEN = (
    '"Key","Title","Description","Status"\r\n"2022MM12","2022 december","Regel een\r\r\nregel twee","Definitief"\r\n'
    '"2023MM01 ","2023 januari","","Voorlopig"\r\n'
)
_V3 = {"WijkenEnBuurten": "GM1680    ", "Perioden": "2012MM01"}
V3 = {
    "odata.metadata": "https://example.org/$metadata#Cbs.OData.WebAPI.TypedDataSet",
    "value": [
        {"ID": 0, "SoortMisdrijf": "0.0.0 "} | _V3 | {"GeregistreerdeMisdrijven_1": 1382},
        {"ID": 1, "SoortMisdrijf": "1.4.1 "} | _V3 | {"GeregistreerdeMisdrijven_1": None},
    ],
}
V4 = {
    "@odata.context": "https://example.org/$metadata#Observations",
    "value": [
        {"Id": number, "Measure": "M000352", "ValueAttribute": why, "Value": value, "StringValue": None}
        | {"Geslacht": "T001038", "Perioden": f"{year}JJ00"}
        for number, (year, value, why) in enumerate(
            [(2020, 17407585.0, "None"), (2021, None, "Confidential"), (2022, None, "Impossible")]
        )
    ],
}
LAYOUT = """"Geregistreerde misdrijven; soort misdrijf, regio"
"Soort misdrijf: 1.4.1 Zedenmisdrijf"
""
"Onderwerp";"Geregistreerde misdrijven";"Geregistreerde misdrijven"
"Perioden";"2022";"2023*"
"Regio's";"aantal";"aantal"
"Nederland";"9099";"8219"
"Voorbeeldstad";"12";"."
"Proefdorp";"0";""
"Bron: Politie"
"""
TURNED = """"Geregistreerde misdrijven; soort misdrijf, regio"
"Soort misdrijf: 1.4.1 Zedenmisdrijf"
"Onderwerp";"Regio's";"Perioden";"2022";"2023*"
"Geregistreerde misdrijven";"Nederland";"aantal";"9099";"8219"
"Geregistreerde misdrijven";"Voorbeeldstad";"aantal";"12";"."
"Geregistreerde misdrijven";"Proefdorp";"aantal";"0";""
"Bron: Politie"
"""

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
ENGLISH |= {"aantal": "number", "regio": "region", "jaar": "period"}


@dataclass(frozen=True)
class Source:
    """A table as its publisher has it; years of `provisional` may still change."""

    regions: tuple[str, ...]
    years: tuple[int, ...]
    cells: dict[Cell, str]  # digits with a decimal point, "<5", "withheld" or "not_applicable"
    provisional: frozenset[int]
    kind: str = "year"
    english: bool = False

    def text(self, cell: Cell, decimal: str = ".", *, marks: str = ".<") -> str:
        """Return what a shape prints for a cell; `marks` are those it has."""
        value = self.cells[cell]
        if value in ("withheld", "<5") and value[0] not in marks:
            return "." if "." in marks else ""
        printed = {"withheld": ".", "not_applicable": ""}.get(value, value)
        return printed.replace(".", decimal) if printed != "." else printed

    def words(self, *texts: str) -> list[str]:
        """Return headings in the language of the file."""
        return [ENGLISH.get(text, text) if self.english else text for text in texts]

    @property
    def mark(self) -> str:
        """The decimal mark of the language."""
        return "." if self.english else ","

    def key(self, year: int) -> str:
        """Return the key of a period."""
        return f"{year}{PERIODS[self.kind][0]}"

    def star(self, year: int) -> str:
        """Return the label of a period."""
        label = PERIODS[self.kind][2 if self.english else 1]
        return f"{year}{label}{'*' if year in self.provisional else ''}"

    def rows(self) -> list[tuple[str, int]]:
        """Return what the rows of a long table are about."""
        return [(region, year) for region in self.regions for year in self.years]


def _lines(rows: list[list[str]], delimiter: str = ";") -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


def _quoted(*cells: str) -> list[str]:
    return [f'"{cell}"' for cell in cells]


def _statuses(source: Source, key: str = "Key", delimiter: str = ",") -> str:
    words = ["Voorlopig" if year in source.provisional else "Definitief" for year in source.years]
    rows = [
        _quoted(source.key(year), str(year), word) for year, word in zip(source.years, words, strict=True)
    ]
    return _lines([_quoted(key, "Title", "Status"), *rows], delimiter)


def bulk(source: Source, folder: Path) -> Path:
    """Write the bulk file with keys, and the list of periods that says which are provisional; the last topic is text."""
    (folder / "Perioden.csv").write_text(_statuses(source), encoding="utf-8")
    rows = [_quoted("ID", "RegioS", "Perioden", "Meldingen_1", "Aandeel_2", "Naam_3")]
    for number, (region, year) in enumerate(source.rows()):
        texts = [source.text((region, year, m), marks=".") for m in (0, 1)]
        padded = (t and f"{t:>8}" for t in texts)
        rows.append(_quoted(str(number), f"{region:8}", source.key(year), *padded, "Voorbeeldstad"))
    return _saved(folder / "bulk.csv", _lines(rows))


def dump(source: Source, folder: Path) -> Path:
    """Write what the packages of R and Python write, labels that they add included."""
    (folder / "Perioden.csv").write_text(_statuses(source), encoding="utf-8")
    (folder / "CategoryGroups.csv").write_text('""\n', encoding="utf-8")
    rows = [_quoted("ID", "RegioS", "RegioS_label", "Perioden", "Perioden_freq", "Meldingen_1", "Aandeel_2")]
    for number, (region, year) in enumerate(source.rows()):
        texts = [source.text((region, year, m), marks="") for m in (0, 1)]
        rows.append([str(number), *_quoted(region, f"Plaats {region}", source.key(year), "Y"), *texts])
    return _saved(folder / "data.csv", _lines(rows, ","))


def symbols(source: Source, folder: Path) -> Path:
    """Write the export with statistical symbols: all quoted and padded, decimal point."""
    heads = (f"{m} ({u})" for m, u in MEASURES)
    rows = [_quoted(*source.words("Regio's", "Perioden"), *heads)]
    for region, year in source.rows():
        texts = [source.text((region, year, m)) for m in (0, 1)]
        rows.append(_quoted(region, source.star(year), *(t and f"{t:>8}" for t in texts)))
    return _saved(folder / "symbols.csv", _lines(rows))


def bare(source: Source, folder: Path) -> Path:
    """Write the export without symbols: bare numbers, the decimal mark of the language, a footer."""
    rows = [_quoted(*source.words("Regio's", "Perioden"), *(f"{m} ({u})" for m, u in MEASURES))]
    for region, year in source.rows():
        texts = [source.text((region, year, m), source.mark, marks="") for m in (0, 1)]
        rows.append([*_quoted(region, source.star(year)), *texts])
    return _saved(folder / "bare.csv", _lines([*rows, _quoted(*source.words("Bron: CBS"))]))


def _layout(source: Source) -> list[list[str]]:
    columns = [(m, year) for m in (0, 1) for year in source.years]
    rows = [["Meldingen; regio, jaar"], [""]]
    rows += [[*source.words("Onderwerp"), *(MEASURES[m][0] for m, _ in columns)]]
    rows += [[*source.words("Perioden"), *(source.star(year) for _, year in columns)]]
    rows += [source.words("Regio's", *(MEASURES[m][1] for m, _ in columns))]
    for region in source.regions:
        rows.append([region, *(source.text((region, year, m), source.mark) for m, year in columns)])
    return [*rows, source.words("Bron: CBS")]


def layout(source: Source, folder: Path) -> Path:
    """Write the table as it stands on the screen, topics above the figures."""
    return _saved(folder / "layout.csv", _lines([_quoted(*row) for row in _layout(source)]))


def periods_before(source: Source, folder: Path) -> Path:
    """Write the layout with periods before the figures and topics above them."""
    rows = [["Meldingen; regio, jaar"], source.words("Onderwerp", "Onderwerp", *(m for m, _ in MEASURES))]
    rows += [source.words("Regio's", "Perioden", *(unit for _, unit in MEASURES))]
    for region, year in source.rows():
        texts = (source.text((region, year, m), source.mark) for m in (0, 1))
        rows.append([region, source.star(year), *texts])
    return _saved(
        folder / "before.csv", _lines([_quoted(*row) for row in [*rows, source.words("Bron: CBS")]])
    )


def _turned(source: Source, folder: Path, *, units: bool) -> Path:
    heads = source.words("Onderwerp", "Regio's", *(["Perioden"] if units else []))
    rows = [["Meldingen; regio, jaar"], [""], [*heads, *map(source.star, source.years)]]
    for m, (measure, unit) in enumerate(MEASURES):
        for region in source.regions:
            texts = (source.text((region, y, m), source.mark) for y in source.years)
            rows.append([measure, region, *([unit] if units else []), *texts])
    return _saved(
        folder / "turned.csv", _lines([_quoted(*row) for row in [*rows, source.words("Bron: CBS")]])
    )


def turned(source: Source, folder: Path) -> Path:
    """Write the layout with topics before the figures, and their units under the heading of the periods."""
    return _turned(source, folder, units=True)


def turned_without_units(source: Source, folder: Path) -> Path:
    """Write the same without units: the last label before the figures is none."""
    return _turned(source, folder, units=False)


def workbook(source: Source, folder: Path) -> Path:
    """Write the workbook of the same layout, numbers as numbers."""
    book, out = Workbook(), io.BytesIO()
    for number, row in enumerate(_layout(source)):
        cells: list[str | float] = list(row)
        for at in range(1, len(row) if number > 4 else 0):
            text = row[at].replace(",", ".")
            cells[at] = float(text) if text not in ("", ".", "<5") else text
        book.active.append(cells)
    book.save(out)
    (folder / "table.xlsx").write_bytes(out.getvalue())
    return folder / "table.xlsx"


def version_3(source: Source, folder: Path) -> Path:
    """Write two pages of OData version 3, with the list of periods."""
    records = []
    for number, (region, year) in enumerate(source.rows()):
        texts = [source.text((region, year, m), marks="") for m in (0, 1)]
        numbers = [json.loads(text) if text else None for text in texts]
        keys = {"ID": number, "RegioS": f"{region}  ", "Perioden": source.key(year)}
        records.append(keys | {"Meldingen_1": numbers[0], "Aandeel_2": numbers[1]})
    for page, part in enumerate((records[:1], records[1:])):
        (folder / f"TypedDataSet-{page:04d}.json").write_text(json.dumps({"value": part}), encoding="utf-8")
    words = {True: "Voorlopig", False: "Definitief"}
    periods = [
        {"Key": source.key(y), "Title": str(y), "Status": words[y in source.provisional]}
        for y in source.years
    ]
    (folder / "Perioden.json").write_text(json.dumps({"value": periods}), encoding="utf-8")
    return folder


def version_4(source: Source, folder: Path) -> Path:
    """Write the observations of version 4 as CSV: decimal comma, the reason for a missing value beside it."""
    (folder / "PeriodenCodes.csv").write_text(_statuses(source, "Identifier", ";"), encoding="utf-8")
    rows = [["Id", "Measure", "RegioS", "Perioden", "Value", "StringValue", "ValueAttribute"]]
    reasons = {"withheld": "Confidential", "<5": "Confidential", "not_applicable": "Impossible"}
    for number, ((region, year, m), value) in enumerate(source.cells.items()):
        key = [str(number), f"{MEASURES[m][0]}_{m + 1}", region, source.key(year)]
        rows.append([*key, source.text((region, year, m), ",", marks=""), "", reasons.get(value, "None")])
    return _saved(folder / "Observations.csv", _lines(rows))


def copy(source: Source, folder: Path) -> Path:
    """Write what a Dutch spreadsheet makes of it: decimal comma, points between thousands, a title, an empty column."""
    rows = [["Meldingen", "", "", "", ""], ["regio", "jaar", "meldingen", "aandeel", ""]]
    for region, year in source.rows():
        texts = [source.text((region, year, m), ",") for m in (0, 1)]
        if texts[0].isdigit():
            texts[0] = f"{int(texts[0]):,}".replace(",", ".")
        rows.append([region, f"{year}{PERIODS[source.kind][1]}", *texts, ""])
    return _saved(folder / "copy.csv", _lines(rows))


def _saved(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


SHAPES: dict[str, Callable[[Source, Path], Path]] = {
    f.__name__: f
    for f in (
        bulk,
        dump,
        symbols,
        bare,
        layout,
        periods_before,
        turned,
        turned_without_units,
        workbook,
        version_3,
        version_4,
        copy,
    )
}
WITHOUT_REASON = {"dump", "bare", "version_3"}  # shapes in which a missing value has no reason
WITHOUT_STATUS = {"copy"}  # nothing in it says which years are provisional
WITHOUT_MARKS = WITHOUT_REASON | {"bulk", "version_4"}  # no such mark as <5
DECLARED = {
    "columns": {"regio": "dimension", "jaar": "period", "meldingen": "measure", "aandeel": "measure"},
    "decimal": ",",
}

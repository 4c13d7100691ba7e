"""One table in every shape that publishers give it; the figures are made up, the shapes are real."""

import json
from dataclasses import dataclass
from functools import partial

from openpyxl import Workbook

from tests.cases import beside

CASES = beside(__file__, "tables.yml")
BULK, EXPORT = ("\ufeff" + CASES["texts"][name] for name in ("bulk", "export"))
MARGINS, DUMP, PERIODEN, LAYOUT = (CASES["texts"][n] for n in ("margins", "dump", "perioden", "layout"))
V3, V4 = (json.loads(CASES["texts"][name]) for name in ("v3", "v4"))
MEASURES, PERIODS, WORDS = (CASES[name] for name in ("measures", "kinds", "words"))


@dataclass(frozen=True)
class Source:
    """A table as its publisher has it; years of `provisional` may still change."""

    regions: tuple
    years: tuple
    # by region, year and measure: digits with a decimal point, "<5", "withheld" or "not_applicable"
    cells: dict
    provisional: frozenset
    kind: str = "year"
    english: bool = False

    @property
    def words(self):
        return WORDS["en" if self.english else "nl"]

    def text(self, cell, decimal="", marks=".<", width=0, thousands=""):
        """Return what a shape prints, by default with the decimal mark of its language; `marks` are those it has."""
        value, decimal = self.cells[cell], decimal or ("." if self.english else ",")
        if value == "withheld" or (value == "<5" and "<" not in marks):
            printed = "." if "." in marks else ""
        elif value.isdigit() and thousands:
            printed = f"{int(value):,}".replace(",", thousands)
        else:
            printed = value.replace("not_applicable", "").replace(".", decimal)
        return printed and f"{printed:>{width}}"

    def key(self, year):
        return f"{year}{PERIODS[self.kind][0]}"

    def star(self, year):
        """Return the label of a period."""
        label = PERIODS[self.kind][2 if self.english else 1]
        return f"{year}{label}{'*' if year in self.provisional else ''}"

    def rows(self):
        return [(region, year) for region in self.regions for year in self.years]

    def status(self, year):
        return "Voorlopig" if year in self.provisional else "Definitief"


def _lines(rows, delimiter=";"):
    return "".join(delimiter.join(row) + "\n" for row in rows)


def _quoted(*cells):
    return [f'"{cell}"' for cell in cells]


def _statuses(source, key="Key", delimiter=","):
    rows = [_quoted(source.key(year), str(year), source.status(year)) for year in source.years]
    return _lines([_quoted(key, "Title", "Status"), *rows], delimiter)


def listed(source, folder, shape):
    """Write a shape of tables.yml that has a line for each region and period."""
    about = CASES["shapes"][shape]
    for name, text in about.get("beside", {}).items():
        _saved(folder / name, text or _statuses(source))
    lines = [head.format(**source.words) for head in about["heads"]]
    for at, (region, year) in enumerate(source.rows()):
        texts = [source.text((region, year, m), **about.get("figures", {})) for m in (0, 1)]
        cells = {"at": at, "region": region, "key": source.key(year), "star": source.star(year)}
        cells |= {"label": f"{year}{PERIODS[source.kind][1]}", "count": texts[0], "share": texts[1]}
        lines.append(about["line"].format(**cells))
    lines += [foot.format(**source.words) for foot in about.get("foot", [])]
    return _saved(folder / f"{shape}.csv", _lines([[line] for line in lines]))


def _layout(source):
    columns = [(m, year) for m in (0, 1) for year in source.years]
    rows = [["Meldingen; regio, jaar"], [""]]
    rows += [[source.words["topic"], *(MEASURES[m][0] for m, _ in columns)]]
    rows += [[source.words["periods"], *(source.star(year) for _, year in columns)]]
    rows += [[source.words["regions"], *(MEASURES[m][1] for m, _ in columns)]]
    for region in source.regions:
        rows.append([region, *(source.text((region, year, m)) for m, year in columns)])
    return rows


def _saved_rows(source, path, rows):
    return _saved(path, _lines([_quoted(*row) for row in [*rows, [source.words["source"]]]]))


def layout(source, folder):
    """Write the table as it stands on the screen, topics above the figures."""
    return _saved_rows(source, folder / "layout.csv", _layout(source))


def turned(source, folder, *, units=True):
    """Write the layout with topics before the figures, and their units under the heading of the periods."""
    heads = [source.words[name] for name in ("topic", "regions", "periods")[: 2 + units]]
    rows = [["Meldingen; regio, jaar"], [""], [*heads, *map(source.star, source.years)]]
    for m, (measure, unit) in enumerate(MEASURES):
        for region in source.regions:
            texts = (source.text((region, year, m)) for year in source.years)
            rows.append([measure, region, *([unit] if units else []), *texts])
    return _saved_rows(source, folder / "turned.csv", rows)


def workbook(source, folder):
    """Write the workbook of the same layout, numbers as numbers."""
    book = Workbook()
    for row, (label, *texts) in enumerate([*_layout(source), [source.words["source"]]]):
        figures = [t if t in ("", ".", "<5") else float(t.replace(",", ".")) for t in texts if row > 4]
        book.active.append([label, *(figures or texts)])
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def version_3(source, folder):
    """Write two pages of OData version 3, with the list of periods."""
    records = []
    for number, (region, year) in enumerate(source.rows()):
        keys = {"ID": number, "RegioS": f"{region}  ", "Perioden": source.key(year)}
        texts = [source.text((region, year, m), ".", marks="") for m in (0, 1)]
        numbers = {"Meldingen_1": json.loads(texts[0] or "null"), "Aandeel_2": json.loads(texts[1] or "null")}
        records.append(keys | numbers)
    periods = [{"Key": source.key(y), "Title": str(y), "Status": source.status(y)} for y in source.years]
    pages = {"TypedDataSet-0000": records[:1], "TypedDataSet-0001": records[1:], "Perioden": periods}
    for name, rows in pages.items():
        _saved(folder / f"{name}.json", json.dumps({"value": rows}))
    return folder


def version_4(source, folder):
    """Write the observations of version 4 as CSV: decimal comma, the reason for a missing value beside it."""
    _saved(folder / "PeriodenCodes.csv", _statuses(source, "Identifier", ";"))
    rows = [["Id", "Measure", "RegioS", "Perioden", "Value", "StringValue", "ValueAttribute"]]
    reasons = {"withheld": "Confidential", "<5": "Confidential", "not_applicable": "Impossible"}
    for number, ((region, year, m), value) in enumerate(source.cells.items()):
        key = [str(number), f"{MEASURES[m][0]}_{m + 1}", region, source.key(year)]
        rows.append([*key, source.text((region, year, m), ",", ""), "", reasons.get(value, "None")])
    return _saved(folder / "Observations.csv", _lines(rows))


def _saved(path, text):
    path.write_text(text, encoding="utf-8", newline="")
    return path


SHAPES = {name: partial(listed, shape=name) for name in CASES["shapes"]}
SHAPES |= {"layout": layout, "turned": turned, "workbook": workbook}
# without units, the last label before the figures is none
SHAPES["turned_without_units"] = partial(turned, units=False)
SHAPES |= {"version_3": version_3, "version_4": version_4}
_COLUMNS = {"regio": "dimension", "jaar": "period"} | dict.fromkeys(("meldingen", "aandeel"), "measure")
DECLARED = {"columns": _COLUMNS, "decimal": ","}

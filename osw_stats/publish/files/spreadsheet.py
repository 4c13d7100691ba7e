"""All result tables in one accessible spreadsheet per language, written with gptables.

One table a sheet from the same corner, headings in words, no empty and no merged cells,
numbers as numbers. Done here is what gptables leaves to its user: words in the language of
the workbook, title and language of the file, fixed dates, and text that stays text.
"""

import math
import re
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import gptables
import pandas as pd
from gptables.core.gptable import FormatList

from osw_stats.data.editions import Edition
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.project import LANGUAGES
from osw_stats.publish.files.document import TAG, midnight, rewrite_zip
from osw_stats.publish.files.package import WORDS, describe, title
from osw_stats.text.language import day
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.words import WORDS as SITE_WORDS
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml

EMPTY = "[x]"
COLUMNS: dict[str, list[str]] = read_yaml(Path(__file__).with_name("kinds.yml"))
KINDS = {column: kind for kind, columns in COLUMNS.items() for column in columns}
SHEETS: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("sheets.yml"))
NARROWEST, WIDEST = 120, 380  # pixels of a column; longer text wraps
LETTER, LINE = 9, 16  # pixels of a letter across, points of a line down
ABOVE = 2  # rows above every table: its title and how to read it
CELL_LIMIT = 32_767  # characters a cell can hold


def write_spreadsheet(
    edition: Edition, results: Mapping[str, pd.DataFrame], language: str, out: Path
) -> None:
    """Write the result tables of an edition as XLSX: same tables, same bytes; one without rows is left out."""
    labels = {name: text[language] for name, text in WORDS["spreadsheet"].items()}
    shown = {table: frame for table, frame in sorted(results.items()) if len(frame)}
    described = ((table, str(column)) for table, frame in shown.items() for column in frame.columns)
    meanings = [(f"{t}: {column}", describe(t, column, language) or EMPTY) for t, column in described]
    heads = [f"{labels['table']}: {labels['column'].lower()}", labels["meaning"]]
    frames = {labels["columns"]: pd.DataFrame(meanings, columns=heads)}
    captions = {labels["columns"]: labels["columns_title"]}
    for table, frame in shown.items():
        name = SHEETS.get(table, {}).get(language, table)
        frames[name] = _in_words(table, frame, language)
        captions[name] = _plain(getattr(LAYOUTS[table], language) if table in LAYOUTS else table)
    sheets = {
        name: gptables.GPTable(
            table=frame,
            table_name=f"table_{at}",
            title=captions[name],
            instructions=labels["one"],
            index_columns={2: 0},
            additional_formatting=_formats(frame),
        )
        for at, (name, frame) in enumerate(frames.items())
    }
    contents = {"column_names": [labels["sheet"], labels["table"]], "title": labels["contents"]}
    # text from data must never become a formula or a link
    plain_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns of pandas options and of having no notes
        path = Path(folder) / "made.xlsx"
        book = gptables.produce_workbook(
            path,
            sheets,
            cover=gptables.Cover(title(edition, language), cover_label=labels["cover"]),
            contentsheet_label=labels["contents"],
            contentsheet_options=contents | {"instructions": labels["one"].split(". ")[0] + "."},
            auto_width=False,
            workbook_options=plain_text,
        )
        _lay_out(book, edition, frames, labels, language)
        properties = {"title": title(edition, language), "author": "osw_stats"}
        book.set_properties(properties | {"created": midnight(edition.as_of)})
        book.close()
        # screen readers look for the language in the file's properties
        tag = f"<dc:language>{TAG[language]}</dc:language></cp:coreProperties>".encode()
        rewrite_zip(path, out, lambda _, part: part.replace(b"</cp:coreProperties>", tag))


def _in_words(name: str, frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return a table as its sheet shows it: headings and codes in words, text in one language."""
    cells: dict[str, list[Any]] = {}
    for column in map(str, frame.columns):
        stem, _, last = f"_{column}".rpartition("_")
        if last in LANGUAGES and last != language and f"{stem}_{language}"[1:] in frame.columns:
            continue  # another column has its text in the language of the sheet
        meant = re.sub(r" \((Nederlands|Engels|Dutch|English)\)$", "", describe(name, column, language))
        head = meant if meant and meant not in cells else f"{meant or column} ({column})"
        cells[head] = [_cell(name, column, value, language) for value in frame[column]]
    return pd.DataFrame(cells, dtype=object)


def _cell(table: str, column: str, value: Any, language: str) -> Any:
    """Return a cell: a number as in the CSV, an id in words by the kind of its column, an empty cell as [x]."""
    if pd.isna(value):
        return EMPTY
    if isinstance(value, bool):
        return word("truth", value, language)
    if not isinstance(value, str):
        return float(f"{value:.12g}")
    kind = KINDS.get(f"{table}.{column}", KINDS.get(column, "none"))
    if kind == "scenario" and value not in SITE_WORDS[kind]:  # the one assumption that changes
        kind = "parameter"
    text = value
    if column in ("series", "series_id") and value in catalogue():
        text = catalogue()[value].title[language]
    elif column in ("unit", "formula_unit") and value in UNITS:
        text = getattr(UNITS[value], language)
    elif value and kind != "none":
        text = word(kind, value, language)
    text = _plain(text)
    # gptables takes text without a Latin letter for a stray symbol, unless it has a format
    return text if re.search(r"[A-Za-z0-9]", text) else FormatList([{"italic": False}, text])


def _formats(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return how each column of numbers is shown: about three digits, whole numbers whole, years bare."""
    # columns by format: gptables goes through all cells for each format
    shown: dict[str, list[str]] = {}
    for head, cells in frame.items():
        numbers = [cell for cell in cells if isinstance(cell, float)]
        if not numbers:
            continue
        integral = all(number.is_integer() for number in numbers)
        size = 0 if integral else math.log10(median(abs(number) for number in numbers if number))
        places = 0 if integral else int(min(4, max(0, 2 - math.floor(size))))
        years = integral and all(1900 <= number <= 2100 for number in numbers)
        shown.setdefault("0" if years else f"#,##0{'.' * bool(places)}{'0' * places}", []).append(str(head))
    return [{"column": {"columns": heads, "format": {"num_format": code}}} for code, heads in shown.items()]


def _plain(text: str) -> str:
    """Return text that gptables and Excel leave unchanged: their marks of links and notes become plain."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    text = text.replace("](", "] (").replace("$$", "$ $")[:CELL_LIMIT]
    return text if any(map(str.isalnum, text)) else EMPTY


def _lay_out(
    book: Any, edition: Edition, frames: Mapping[str, pd.DataFrame], labels: dict[str, str], language: str
) -> None:
    """Write the cover; set widths, heights and print settings, since not every program fits rows to wrapped text."""
    cover = book.get_worksheet_by_name(labels["cover"])
    wrapped = book.add_format({"text_wrap": True, "font_name": "Arial", "font_size": 12, "valign": "top"})
    which, public = (WORDS["report"][name][language] for name in ("edition", "as_of"))
    first = f"{which.format(year=edition.year)}. {public.format(day=day(edition.as_of, language))}."
    for row, line in enumerate([first, *WORDS["first_sheet"][language]], start=1):
        cover.write_string(row, 0, line, wrapped)
        cover.set_row(row, LINE * -(-len(line) // 80))
    for column_index, width in enumerate((34, 110)):
        book.get_worksheet_by_name(labels["contents"]).set_column(column_index, column_index, width)
    for name, cells in frames.items():
        sheet = book.get_worksheet_by_name(name)
        lengths = [[len(str(cell)) for cell in (head, *cells[head])] for head in cells.columns]
        widths = [min(WIDEST, max(NARROWEST, LETTER * max(column[1:]))) for column in lengths]
        for column_index, width in enumerate(widths):
            sheet.set_column_pixels(column_index, column_index, width)
        for row in range(len(cells) + 1):
            lines = [-(-LETTER * column[row] // width) for column, width in zip(lengths, widths, strict=True)]
            sheet.set_row(ABOVE + row, LINE * max(1, *lines))
        sheet.freeze_panes(ABOVE + 1, 1)  # headings stay in sight
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(ABOVE)

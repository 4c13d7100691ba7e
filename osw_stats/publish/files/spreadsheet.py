"""All result tables in one accessible spreadsheet a language, written with gptables.

One table a sheet from the same corner, headings in words, no empty and no merged cells,
numbers as numbers. What gptables leaves to its user is done here: words in the language of
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
    said = {name: text[language] for name, text in WORDS["spreadsheet"].items()}
    shown = {table: frame for table, frame in sorted(results.items()) if len(frame)}
    described = ((table, str(column)) for table, frame in shown.items() for column in frame.columns)
    meanings = [(f"{t}: {column}", describe(t, column, language) or EMPTY) for t, column in described]
    heads = [f"{said['table']}: {said['column'].lower()}", said["meaning"]]
    frames = {said["columns"]: pd.DataFrame(meanings, columns=heads)}
    captions = {said["columns"]: said["columns_title"]}
    for table, frame in shown.items():
        name = SHEETS.get(table, {}).get(language, table)
        frames[name] = _in_words(table, frame, language)
        captions[name] = _plain(getattr(LAYOUTS[table], language) if table in LAYOUTS else table)
    sheets = {
        name: gptables.GPTable(
            table=frame,
            table_name=f"table_{at}",
            title=captions[name],
            instructions=said["one"],
            index_columns={2: 0},
            additional_formatting=_formats(frame),
        )
        for at, (name, frame) in enumerate(frames.items())
    }
    contents = {"column_names": [said["sheet"], said["table"]], "title": said["contents"]}
    # text from data is never read as a formula or a link
    as_it_is = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns of pandas options and of having no notes
        path = Path(folder) / "made.xlsx"
        book = gptables.produce_workbook(
            path,
            sheets,
            cover=gptables.Cover(title(edition, language), cover_label=said["cover"]),
            contentsheet_label=said["contents"],
            contentsheet_options=contents | {"instructions": said["one"].split(". ")[0] + "."},
            auto_width=False,
            workbook_options=as_it_is,
        )
        _lay_out(book, edition, frames, said, language)
        properties = {"title": title(edition, language), "author": "osw_stats"}
        book.set_properties(properties | {"created": midnight(edition.as_of)})
        book.close()
        # the language stands in the file's properties, where a screen reader looks for it
        tag = f"<dc:language>{TAG[language]}</dc:language></cp:coreProperties>".encode()
        rewrite_zip(path, out, lambda _, part: part.replace(b"</cp:coreProperties>", tag))


def _in_words(name: str, frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return a table as its sheet shows it: headings and codes in words, text in one language."""
    cells: dict[str, list[Any]] = {}
    for column in map(str, frame.columns):
        stem, _, last = f"_{column}".rpartition("_")
        if last in LANGUAGES and last != language and f"{stem}_{language}"[1:] in frame.columns:
            continue  # its text stands in another column in the language of the sheet
        meant = re.sub(r" \((Nederlands|Engels|Dutch|English)\)$", "", describe(name, column, language))
        head = meant if meant and meant not in cells else f"{meant or column} ({column})"
        cells[head] = [_cell(name, column, value, language) for value in frame[column]]
    return pd.DataFrame(cells, dtype=object)


def _cell(table: str, column: str, value: Any, language: str) -> Any:
    """Return a cell: a number as the CSV has it, an id in words by what its column holds ids of, nothing as [x]."""
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
    # gptables takes text without a Latin letter for a stray symbol; in a format it passes
    return text if re.search(r"[A-Za-z0-9]", text) else FormatList([{"italic": False}, text])


def _formats(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return how each column of numbers is shown: about three digits, whole numbers whole, years bare."""
    # columns by their format: gptables goes through all cells for each that it is given
    shown: dict[str, list[str]] = {}
    for head, cells in frame.items():
        numbers = [cell for cell in cells if isinstance(cell, float)]
        if not numbers:
            continue
        whole = all(number.is_integer() for number in numbers)
        size = 0 if whole else math.log10(median(abs(number) for number in numbers if number))
        places = 0 if whole else int(min(4, max(0, 2 - math.floor(size))))
        years = whole and all(1900 <= number <= 2100 for number in numbers)
        shown.setdefault("0" if years else f"#,##0{'.' * bool(places)}{'0' * places}", []).append(str(head))
    return [{"column": {"columns": heads, "format": {"num_format": code}}} for code, heads in shown.items()]


def _plain(text: str) -> str:
    """Return text that gptables and Excel leave as it is: a link and a note of theirs become plain."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    text = text.replace("](", "] (").replace("$$", "$ $")[:CELL_LIMIT]
    return text if any(map(str.isalnum, text)) else EMPTY


def _lay_out(
    book: Any, edition: Edition, frames: Mapping[str, pd.DataFrame], said: dict[str, str], language: str
) -> None:
    """Write the cover; set widths, heights and print: not every program makes room for wrapped text by itself."""
    cover = book.get_worksheet_by_name(said["cover"])
    wrapped = book.add_format({"text_wrap": True, "font_name": "Arial", "font_size": 12, "valign": "top"})
    which, public = (WORDS["report"][name][language] for name in ("edition", "as_of"))
    first = f"{which.format(year=edition.year)}. {public.format(day=day(edition.as_of, language))}."
    for row, line in enumerate([first, *WORDS["first_sheet"][language]], start=1):
        cover.write_string(row, 0, line, wrapped)
        cover.set_row(row, LINE * -(-len(line) // 80))
    for at, width in enumerate((34, 110)):
        book.get_worksheet_by_name(said["contents"]).set_column(at, at, width)
    for name, cells in frames.items():
        sheet = book.get_worksheet_by_name(name)
        lengths = [[len(str(cell)) for cell in (head, *cells[head])] for head in cells.columns]
        widths = [min(WIDEST, max(NARROWEST, LETTER * max(column[1:]))) for column in lengths]
        for at, width in enumerate(widths):
            sheet.set_column_pixels(at, at, width)
        for row in range(len(cells) + 1):
            lines = [-(-LETTER * column[row] // width) for column, width in zip(lengths, widths, strict=True)]
            sheet.set_row(ABOVE + row, LINE * max(1, *lines))
        sheet.freeze_panes(ABOVE + 1, 1)  # headings stay in sight
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(ABOVE)

"""All result tables in one accessible spreadsheet a language, written with gptables.

One table a sheet from the same corner, headings in words, no empty and no merged cells,
numbers as numbers. What gptables leaves to its user is done here: words in the language of
the workbook, title and language of the file, fixed dates, and text that stays text.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gptables
import pandas as pd
from gptables.core.gptable import FormatList

from osw_stats.data.editions import Edition
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.project import LANGUAGES
from osw_stats.publish.files.dictionary import describe
from osw_stats.publish.files.document import TAG, WORDS, midnight, title
from osw_stats.publish.files.fixed import rewrite_zip
from osw_stats.text.language import day
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.words import WORDS as SITE_WORDS
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml

EMPTY = "[x]"
KINDS = {
    column: kind
    for kind, columns in read_yaml(Path(__file__).with_name("kinds.yml")).items()
    for column in columns
}
NARROWEST, WIDEST = 120, 380  # pixels of a column; longer text wraps
LETTER, LINE = 9, 16  # pixels of a letter across, points of a line down
ABOVE = 2  # rows above every table: its title and how to read it
CELL_LIMIT = 32_767  # characters a cell can hold


def _said(language: str) -> dict[str, str]:
    return {name: text[language] for name, text in WORDS["spreadsheet"].items()}


def write_spreadsheet(
    edition: Edition, results: Mapping[str, pd.DataFrame], language: str, out: Path
) -> None:
    """Write the result tables of an edition as XLSX: same tables, same bytes; one without rows is left out."""
    said, name = _said(language), title(edition, language)
    shown = {table: frame for table, frame in sorted(results.items()) if len(frame)}
    sheets = {said["columns"]: _columns(shown, language)}
    sheets |= {table: _sheet(table, frame, language) for table, frame in shown.items()}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns of pandas options and of having no notes
        path = Path(folder) / "made.xlsx"
        book = gptables.produce_workbook(
            path,
            sheets,
            cover=gptables.Cover(name, cover_label=said["cover"]),
            contentsheet_label=said["contents"],
            contentsheet_options={
                "column_names": [said["sheet"], said["table"]],
                "title": said["contents"],
                "instructions": said["one"].split(". ")[0] + ".",
            },
            auto_width=False,
            # text from data is never read as a formula or a link
            workbook_options=dict.fromkeys(
                ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
            ),
        )
        _cover(book, edition, language)
        _lay_out(book, sheets, said["contents"])
        book.set_properties({"title": name, "author": "osw_stats", "created": midnight(edition.as_of)})
        book.close()
        # the language stands in the file's properties, where a screen reader looks for it
        tag = f"<dc:language>{TAG[language]}</dc:language></cp:coreProperties>".encode()
        rewrite_zip(path, out, lambda _, part: part.replace(b"</cp:coreProperties>", tag))


def _sheet(name: str, frame: pd.DataFrame, language: str) -> gptables.GPTable:
    columns = [c for c in map(str, frame.columns) if not _of_other_language(c, language, frame)]
    heads: dict[str, str] = {}
    for column in columns:
        meant = re.sub(r" \((Nederlands|Engels|Dutch|English)\)$", "", describe(name, column, language))
        heads[column] = meant if meant and meant not in heads.values() else f"{meant or column} ({column})"
    cells = {
        head: [_cell(name, column, v, language) for v in frame[column]] for column, head in heads.items()
    }
    caption = getattr(LAYOUTS[name], language) if name in LAYOUTS else name
    return _table(name, pd.DataFrame(cells, dtype=object), _plain(caption), language)


def _table(name: str, frame: pd.DataFrame, caption: str, language: str) -> gptables.GPTable:
    return gptables.GPTable(
        table=frame,
        table_name=f"table_{name}",
        title=caption,
        instructions=_said(language)["one"],
        index_columns={2: 0},
    )


def _of_other_language(column: str, language: str, frame: pd.DataFrame) -> bool:
    """Return whether a column holds text that stands in another column in the language of the sheet."""
    stem, _, last = f"_{column}".rpartition("_")
    return last in LANGUAGES and last != language and f"{stem}_{language}"[1:] in frame.columns


def _columns(results: Mapping[str, pd.DataFrame], language: str) -> gptables.GPTable:
    said = _said(language)
    rows = [
        (f"{name}: {column}", describe(name, str(column), language) or EMPTY)
        for name, frame in results.items()
        for column in frame.columns
    ]
    heads = [f"{said['table']}: {said['column'].lower()}", said["meaning"]]
    return _table("columns", pd.DataFrame(rows, columns=heads), said["columns_title"], language)


def _cell(table: str, column: str, value: Any, language: str) -> Any:
    """Return a cell: a number as the CSV has it, a code in words, nothing as [x]."""
    if pd.isna(value):
        return EMPTY
    if isinstance(value, bool):
        return word("truth", value, language)
    if not isinstance(value, str):
        return float(f"{value:.12g}")
    titled = column in ("series", "series_id") and value in catalogue()
    text = _plain(catalogue()[value].title[language] if titled else _words(table, column, value, language))
    # gptables takes text without a Latin letter for a stray symbol; in a format it passes
    return text if re.search(r"[A-Za-z0-9]", text) else FormatList([{"italic": False}, text])


def _words(table: str, column: str, value: str, language: str) -> str:
    """Return an id in words, by what the column holds ids of; text of any other column as it stands."""
    if column in ("unit", "formula_unit") and value in UNITS:
        return str(getattr(UNITS[value], language))
    kind = KINDS.get(f"{table}.{column}", KINDS.get(column, ""))
    if not value or kind in ("", "none"):
        return value
    if kind == "scenario" and value not in SITE_WORDS[kind]:  # the one assumption that changes
        kind = "parameter"
    return word(kind, value, language)


def _plain(text: str) -> str:
    r"""Return text that gptables and Excel leave as it is.

    Examples
    --------
    >>> _plain("[a](b) and $$note$$"), _plain("–"), _plain("a\x07b")
    ('[a] (b) and $ $note$ $', '[x]', 'ab')
    """
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    text = text.replace("](", "] (").replace("$$", "$ $")[:CELL_LIMIT]
    return text if any(map(str.isalnum, text)) else EMPTY


def _cover(book: Any, edition: Edition, language: str) -> None:
    sheet = book.get_worksheet_by_name(_said(language)["cover"])
    plain = book.add_format({"text_wrap": True, "font_name": "Arial", "font_size": 12, "valign": "top"})
    which, public = (WORDS["report"][name][language] for name in ("edition", "as_of"))
    first = f"{which.format(year=edition.year)}. {public.format(day=day(edition.as_of, language))}."
    for row, line in enumerate([first, *WORDS["first_sheet"][language]], start=1):
        sheet.write_string(row, 0, line, plain)
        sheet.set_row(row, LINE * -(-len(line) // 80))


def _lay_out(book: Any, sheets: Mapping[str, gptables.GPTable], contents: str) -> None:
    """Set widths, heights and print: not every program makes room for wrapped text by itself."""
    for at, width in enumerate((34, 110)):
        book.get_worksheet_by_name(contents).set_column(at, at, width)
    for name, table in sheets.items():
        sheet, cells = book.get_worksheet_by_name(name), table.table
        lengths = [[len(str(cell)) for cell in (head, *cells[head])] for head in cells.columns]
        widths = [min(WIDEST, max(NARROWEST, LETTER * max(column[1:]))) for column in lengths]
        for at, width in enumerate(widths):
            sheet.set_column_pixels(at, at, width)
        for row in range(len(cells) + 1):
            lines = [-(-LETTER * column[row] // width) for column, width in zip(lengths, widths, strict=True)]
            sheet.set_row(ABOVE + row, LINE * max(1, *lines))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(ABOVE)

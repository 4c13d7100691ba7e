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

from osw_stats.report.editions import Edition
from osw_stats.report.files.dictionary import describe
from osw_stats.report.files.fixed import rewrite_zip
from osw_stats.report.files.report import SAID as REPORT
from osw_stats.report.files.report import WORDS, midnight, title
from osw_stats.report.language import day
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.layouts.prevalence_cells import say
from osw_stats.report.root import LANGUAGES
from osw_stats.report.words import WORDS as SITE_WORDS
from osw_stats.report.words import Text, word
from osw_stats.vocabulary.series import catalogue
from osw_stats.vocabulary.units import UNITS
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
ROW_LIMIT = 32_767  # characters a cell can hold
TAG = {"nl": "nl-NL", "en": "en-GB"}
SAID: dict[str, Text] = WORDS["spreadsheet"]


def write_spreadsheet(
    edition: Edition, results: Mapping[str, pd.DataFrame], language: str, out: Path
) -> None:  # fmt: skip
    """Write the result tables of an edition as XLSX: same tables, same bytes; one without rows is left out."""
    shown = {name: frame for name, frame in sorted(results.items()) if len(frame)}
    sheets = {name: _sheet(name, frame, language) for name, frame in shown.items()}
    sheets = {SAID["columns"][language]: _columns(shown, language)} | sheets
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns of pandas options and of having no notes
        path = Path(folder) / "made.xlsx"
        book = gptables.produce_workbook(
            path, sheets,
            cover=gptables.Cover(title(edition, language), cover_label=SAID["cover"][language]),
            contentsheet_label=SAID["contents"][language],
            contentsheet_options={
                "column_names": [SAID["sheet"][language], SAID["table"][language]],
                "title": SAID["contents"][language], "instructions": SAID["one"][language].split(". ")[0] + ".",
            },
            auto_width=False,
            # text from data is never read as a formula or a link
            workbook_options={"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )  # fmt: skip
        _cover(book, edition, language)
        _lay_out(book, sheets, language)
        book.set_properties(
            {"title": title(edition, language), "author": "osw_stats", "created": midnight(edition.as_of)}
        )
        book.close()
        rewrite_zip(path, out, lambda name, part: _with_language(name, part, language))


def _sheet(name: str, frame: pd.DataFrame, language: str) -> gptables.GPTable:
    other = next(lang for lang in LANGUAGES if lang != language)
    kept = frame[[c for c in frame.columns if not _of_language(str(c), other, frame)]]
    heads: dict[str, str] = {}
    for column in map(str, kept.columns):
        meant = describe(name, column, language)
        meant = re.sub(r" \((Nederlands|Engels|Dutch|English)\)$", "", meant)
        heads[column] = meant if meant and meant not in heads.values() else f"{meant or column} ({column})"
    cells = {head: [_cell(name, column, v, language) for v in kept[column]] for column, head in heads.items()}
    layout = LAYOUTS.get(name)
    return gptables.GPTable(
        table=pd.DataFrame(cells, dtype=object), table_name=f"table_{name}",
        title=_plain(getattr(layout, language) if layout else name), instructions=SAID["one"][language],
        index_columns={2: 0},
    )  # fmt: skip


def _of_language(column: str, language: str, frame: pd.DataFrame) -> bool:
    """Say whether a column holds text in the other language, so that only one stands in the sheet."""
    twin = {"nl": "en", "en": "nl"}[language]
    if column == language:
        return twin in frame.columns
    return column.endswith(f"_{language}") and f"{column[:-3]}_{twin}" in frame.columns


def _columns(results: Mapping[str, pd.DataFrame], language: str) -> gptables.GPTable:
    rows = [
        (f"{name}: {column}", describe(name, str(column), language) or EMPTY)
        for name, frame in results.items()
        for column in frame.columns
    ]
    heads = [f"{SAID['table'][language]}: {SAID['column'][language].lower()}", SAID["meaning"][language]]
    return gptables.GPTable(
        table=pd.DataFrame(rows, columns=heads), table_name="table_columns",
        title=SAID["columns_title"][language], instructions=SAID["one"][language], index_columns={2: 0},
    )  # fmt: skip


def _cell(table: str, column: str, value: Any, language: str) -> Any:
    """Return a cell: a number as a number, a code in words, nothing as [x]."""
    if pd.isna(value):
        return EMPTY
    if isinstance(value, bool) or not isinstance(value, str):
        return word("truth", value, language) if isinstance(value, bool) else _number(value)
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
    return say(kind, value, language)


def _number(value: float) -> float:
    """Return a number as the CSV has it."""
    return float(f"{value:.12g}")


def _plain(text: str) -> str:
    r"""Return text that gptables and Excel leave as it is.

    Examples
    --------
    >>> _plain("[a](b) and $$note$$"), _plain("–"), _plain("a\x07b")
    ('[a] (b) and $ $note$ $', '[x]', 'ab')
    """
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    text = text.replace("](", "] (").replace("$$", "$ $")[:ROW_LIMIT]
    return text if any(map(str.isalnum, text)) else EMPTY


def _cover(book: Any, edition: Edition, language: str) -> None:
    sheet = book.get_worksheet_by_name(SAID["cover"][language])
    plain = book.add_format({"text_wrap": True, "font_name": "Arial", "font_size": 12, "valign": "top"})
    lines = [
        REPORT["edition"][language].format(year=edition.year) + ". "
        + REPORT["as_of"][language].format(day=day(edition.as_of, language)) + ".",
        *WORDS["first_sheet"][language],
    ]  # fmt: skip
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line, plain)
        sheet.set_row(row, LINE * -(-len(line) // 80))


def _lay_out(book: Any, sheets: Mapping[str, gptables.GPTable], language: str) -> None:
    """Set widths, heights and print: not every program makes room for wrapped text by itself."""
    book.get_worksheet_by_name(SAID["contents"][language]).set_column(0, 0, 34)
    book.get_worksheet_by_name(SAID["contents"][language]).set_column(1, 1, 110)
    for name, table in sheets.items():
        sheet, cells = book.get_worksheet_by_name(name), table.table
        lengths = [[len(str(cell)) for cell in (head, *cells[head])] for head in cells.columns]
        widths = [
            min(WIDEST, max(NARROWEST, LETTER * max(column[1:], default=0))) if len(column) > 1 else NARROWEST
            for column in lengths
        ]
        for at, width in enumerate(widths):
            sheet.set_column_pixels(at, at, width)
        for row in range(len(cells) + 1):
            lines = [-(-LETTER * column[row] // width) for column, width in zip(lengths, widths, strict=True)]
            sheet.set_row(ABOVE + row, LINE * max(1, *lines))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(ABOVE)


def _with_language(name: str, part: bytes, language: str) -> bytes:
    """Write the language into the file's properties, where a screen reader looks for it."""
    if name != "docProps/core.xml":
        return part
    tag = f"<dc:language>{TAG[language]}</dc:language></cp:coreProperties>".encode()
    return part.replace(b"</cp:coreProperties>", tag)

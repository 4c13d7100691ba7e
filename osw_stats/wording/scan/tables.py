"""Tables in a text, laid out with blanks, tabs or pipes: their cells, with unit and scale from the headings."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from osw_stats.wording.hedges import apply_rule
from osw_stats.wording.printed import read_number
from osw_stats.wording.scan.place import Span
from osw_stats.wording.scan.words import WORDS, language_of
from osw_stats.wording.tokens import tokenise

UNKNOWN = "unit unknown"
_GAP = re.compile(r"[ \t]*\|[ \t]*|\t+[ \t]*| {2,}[ \t]*")
_NUMBER = re.compile(
    r"(?:[€$£] ?)?(?P<sign>[-−–+]?)(?P<digits>\d{1,3}(?:[ \u00a0.,]\d{3})+(?:[.,]\d{1,3})?|\d+(?:[.,]\d+)?) ?(?P<unit>%|€)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d\*?")
_RULE = re.compile(r"[\s|:+=-]*")
_UNITS = [(re.compile(pattern, re.I), unit) for unit, pattern in WORDS["table_units"].items()]
_SCALES = [(re.compile(pattern, re.I), scale) for scale, pattern in WORDS["table_scales"].items()]
_TOTAL, _COUNTED, _INNER = (re.compile(WORDS[f"table_{of}"], re.I) for of in ("total", "counted", "inner"))
_LONGEST, _FEWEST = 400, 2  # characters of a row, rows
# title lines above a table; a longer one that ends a sentence is text
_TITLE, _TITLE_LENGTH = 3, 60
_KINDS = {"percent": "percent", "eur": "money", "usd": "money", "gbp": "money", "fte": "fte"}
Words = list[tuple[int, int, str]]  # start, end and words of the cells of a line


@dataclass(frozen=True)
class Cell:
    """A cell with a number, with its place in the table and in the text."""

    row: int
    column: int
    span: Span


@dataclass(frozen=True)
class Table:
    """The cells of a table, the headings of its columns, and its total rows and columns."""

    cells: tuple[Cell, ...]
    total_rows: frozenset[int]
    total_columns: frozenset[int]
    inner_rows: frozenset[int]  # parts of the row above: "of which"
    heads: tuple[str, ...]


def tables(text: str, language: str) -> Iterator[Table]:
    """Yield the tables of a text: at least two rows with the same number of cells, with numbers."""
    lines: list[Words] = []
    above: list[str] = []
    at = 0
    for line in [*text.splitlines(keepends=True), "\n"]:
        cells = list(_cells(line, at))
        at += len(line)
        ruled = bool(lines) and line.strip() and _RULE.fullmatch(line)
        if len(cells) > 1 or ruled:
            lines += [cells] if cells else []
            continue
        if len(lines) > _FEWEST - 1:
            yield from _table(lines, above, language)
        above = [] if lines else above
        lines = []
        if len(line) < _LONGEST and (words := line.strip()):
            above = [] if words[-1] in ".;:,?!" and len(words) > _TITLE_LENGTH else [*above, words][-_TITLE:]


def _cells(line: str, offset: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and words of the cells of a line."""
    if len(line) > _LONGEST or _RULE.fullmatch(line):
        return
    at = len(line) - len(line.lstrip(" \t|"))
    end = len(line.rstrip(" \t|\r\n"))
    for gap in _GAP.finditer(line, at, end):
        yield at + offset, gap.start() + offset, line[at : gap.start()]
        at = gap.end()
    if at < end:
        yield at + offset, end + offset, line[at:end]


def _table(lines: list[Words], above: list[str], language: str) -> Iterator[Table]:
    def holds(cells: Words) -> bool:
        return any(_NUMBER.fullmatch(t) and not _YEAR.fullmatch(t) for _, _, t in cells[1:])

    width = Counter(len(cells) for cells in lines if holds(cells)).most_common(1)
    if not width or width[0][1] < _FEWEST:
        return
    body = [cells for cells in lines if len(cells) == width[0][0] and holds(cells)]
    head = next((cells for cells in lines if not holds(cells) and cells[0][0] < body[0][0][0]), [])
    heads = [t for _, _, t in head]
    numbers = [cells[-1][2] for cells in body]
    pages = width[0][0] == 2 and not head and all(map(str.isdigit, numbers))
    if pages and numbers == sorted(numbers, key=int):
        return  # a list of contents
    heads = [""] * (width[0][0] - len(heads)) + heads  # the corner may be empty
    title = " ".join(above)
    table_language = language_of(f"{title} {' '.join(heads)} {' '.join(row[0][2] for row in body)}", language)
    numeric_cells = []
    for row, cells in enumerate(body):
        for column, (start, end, words) in enumerate(cells[1:], start=1):
            number = _NUMBER.fullmatch(words)
            if number and not (row == 0 and _YEAR.fullmatch(words)):
                headings = (words, heads[column], cells[0][2], title)
                if span := _read(number, start, end, headings, table_language):
                    numeric_cells.append(Cell(row, column, span))
    totals = frozenset(n for n, cells in enumerate(body) if _TOTAL.search(cells[0][2]))
    columns = frozenset(n for n, words in enumerate(heads) if n and _TOTAL.search(words))
    inner = frozenset(n for n, cells in enumerate(body) if _INNER.match(cells[0][2]))
    yield Table(tuple(numeric_cells), totals, columns, inner, tuple(heads))


def _read(number: re.Match[str], start: int, end: int, headings: Iterable[str], language: str) -> Span | None:
    """Return the statement of a cell, with unit and scale from the nearest words that give them: its own, its column's, its row's, the title's."""
    tokens = tokenise(number["digits"], language)
    printed = read_number(tokens, 0, language) if len(tokens) == 1 else None
    if printed is None:
        return None
    words = list(headings)
    unit = next((unit for part in words for pattern, unit in _UNITS if pattern.search(part)), None)
    scale = next((scale for part in words[1:] for pattern, scale in _SCALES if pattern.search(part)), 0)
    scale = 0 if unit == "percent" else scale
    full = replace(printed.scaled(scale), step=Decimal(1).scaleb(printed.place + scale))
    scaled = full if scale else printed
    rounded = scale or not printed.unrounded or unit == "percent" or printed.step > 1
    rule, kind = "none" if rounded else "exact", _KINDS.get(unit or "", "count")
    figure = apply_rule(scaled.value, scaled.width(share=kind == "percent" or bool(scale)), rule)
    noun = next((m[1].lower() for part in (words[1], words[3]) if (m := _COUNTED.search(part))), UNKNOWN)
    figure = figure.mirrored() if number["sign"] in {*"-−–"} else figure
    return Span(start, end, kind, figure, unit or noun, language)

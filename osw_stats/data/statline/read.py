"""Read any table from a file in a published shape."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.statline.files import head_of, json_rows, lists_beside, text_of
from osw_stats.data.statline.grid import Row, csv_rows, each, encoded, sniffed, stripped, wide, workbook_rows
from osw_stats.data.statline.keys import DUTCH, PERIOD_NAMES, few
from osw_stats.data.statline.layout import is_layout, laid_out
from osw_stats.data.statline.notation import Declared, Notation, established, is_number
from osw_stats.data.statline.roles import TIMES, UNIT, declared_roles, evident_roles, joined, periods_by
from osw_stats.data.statline.table import Cells, Column, Table, table_of
from osw_stats.errors import InputError
from osw_stats.stats.downloaded import LIES_IN
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

# the annual list of regions of CBS: columns differ by year and shape, the codes in a row do not
_TITLE = re.compile(r"Gebieden[ _]in[ _]Nederland[ _]((?:19|20)\d\d)(?!\d)")
_TOWN, _PROVINCE, _WHOLE = (re.compile(p) for p in (r"GM\d{4}", r"PV\d\d", r"(?:PV|LD|RE|PE)\d\d"))

NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{4,5}[A-Za-z]{3})(?![0-9A-Za-z])")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")  # the file name of a code list
PAGE = re.compile(r".*DataSet.*\.json|Observations.*\.json")  # a file with a page of a table
_TOPIC = re.compile(r".+_\d+")  # the topic's number may change from edition to edition
_BESIDE = re.compile(r"\w+_(?:label|freq|Date|numeric)")  # columns that packages add to a dimension
_CODE = re.compile(r"\s*[0-9]{4}[A-Z][A-Z0-9][0-9]{2}\s*")
Facts = Mapping[str, Any]  # a source record
_V4 = {"Measure", "ValueAttribute", "Value"}


def areas(year: str, rows: Iterable[Row]) -> Cells:
    """Return a cell of 1 for each municipality, by code and by label, and each of its regions in that year."""
    pairs: list[Row] = []
    seen: set[str] = set()
    for line, cells in rows:
        codes = dict.fromkeys(map(str.strip, cells))
        wholes, towns = filter(_WHOLE.fullmatch, codes), list(filter(_TOWN.fullmatch, codes))
        if not towns:  # a heading, a note
            continue
        if len(towns) > 1 or towns[0] in seen or len(list(filter(_PROVINCE.fullmatch, codes))) != 1:
            raise refused("no_municipality", row=line, value=" ".join(codes))
        seen.add(towns[0])
        labelled = re.search(r"[^\W\d]", cells[0])  # bulk files begin with a number of the row
        names = {towns[0], next(iter(codes))} if labelled else towns
        pairs += [(line, [name, whole, year, "1"]) for whole in wholes for name in sorted(names)]
    if not pairs:
        raise refused("no_municipalities", row=1)
    table = encoded(["RegioS", LIES_IN, "Perioden", "1"], pairs)
    return Cells("areas", table.drop(columns="1"), "Perioden", [Column(LIES_IN, table["1"])], Notation())


def read_table(path: Path, record: Facts | None = None, shown: dict[str, Any] | None = None) -> Table:
    """Return the observations of one file, or of a folder with the files of one table (docs/formats.md)."""
    # `record` is its source record, with `decimal`, `marks`, and `columns` of a copy. `shown` receives what
    # the file itself shows of these, with a question mark after open questions, even where these are
    # refused.
    facts = {k: v for k, v in (record or {}).items() if k in ("columns", "decimal", "marks")}
    declared = Declared(**facts, shown={} if shown is None else shown)
    try:
        name = table_number(path)
        if not path.is_dir():
            return table_of(name, _cells(path, declared))
        pages = sorted(page for page in path.iterdir() if PAGE.fullmatch(page.name))
        tables = [p for g in ("data.csv", "Observations.csv", "*DataSet*.csv") for p in sorted(path.glob(g))]
        if pages:
            return table_of(name, _pages(pages, declared))
        if len(tables) != 1:
            raise refused("no_page", row=1)
        return table_of(name, _cells(tables[0], declared))
    except InputError as error:
        raise error.located(file=path) from None


def table_number(path: Path) -> str:
    """Return the table number in the name of a file or its folder, otherwise the file's stem.

    >>> table_number(Path("47022NED_UntypedDataSet_01022024_120000.csv"))
    '47022NED'
    """
    for part in (path.name, path.parent.name):
        number = NUMBER.search(part.replace("_", " "))
        if number:
            return number[1]
    return path.stem


def _cells(path: Path, declared: Declared) -> Cells:
    """Return the cells of one file in the shape that its first rows show."""
    head = head_of(path)
    if head.lstrip()[:1] in (b"{", b"["):
        return _pages([path], declared)
    if head.startswith(b"PK"):
        sheet, others, texts = workbook_rows(path)
        declared = replace(declared, texts=texts)
        if is_layout([row for _, row in sheet[:30]]):
            cells = _laid_out(sheet, declared, machine=True)
        else:
            cells = _labelled(wide(sheet), declared, machine=True)
        if others:
            cells.notes.append(f"only the first sheet is read, not {few(others)}")
        return cells
    text = text_of(path)
    delimiter, first = sniffed(text)
    rows = csv_rows(text, delimiter)
    if titled := _TITLE.search(f"{path.name} {text[:200]}"):
        return areas(titled[1], rows)
    if is_layout(first) and not declared.columns:
        return _laid_out(list(rows), declared)
    table = wide(rows)
    header = next((row for row in first if row), [""])
    if header[0] == "ID" and all(map(_KEY.fullmatch, header)) and any(map(_TOPIC.fullmatch, header)):
        shape = "bulk" if delimiter == ";" else "dump"
        return _keyed(shape, table, path.parent, declared, machine=delimiter == ",")
    if set(table) >= _V4:
        return _observations("v4-csv", table, path.parent, declared)
    return _labelled(table, declared, dutch=delimiter == ";")


def _pages(paths: list[Path], declared: Declared) -> Cells:
    """Return the cells of the JSON pages of one table, in order."""
    pages = map(json_rows, paths)
    first = next(pages)
    columns, folder = list(first[0][0]), paths[0].parent
    table = encoded(columns, _records(chain([first], pages), columns))
    if set(table) >= _V4:
        return _observations("v4-json", table, folder, declared)
    return _keyed("v3-json", table, folder, declared, machine=True)


def _records(pages: Iterable[tuple[list[dict[str, Any]], bool]], columns: list[str]) -> Iterator[Row]:
    number, more, expected = 0, False, set(columns)
    for page, follows in pages:
        more = follows
        for record in page:
            number += 1
            if record.keys() != expected:
                raise refused("other_fields", row=number, column=min(record.keys() ^ expected))
            yield number, [_text(record[name], name, number) for name in columns]
    if more:
        raise refused("next_page", row=number)


def _text(value: Any, column: str, row: int) -> str:
    """Return a JSON value as its text in a CSV; null is empty, never zero."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused("neither", row=row, column=column, value=str(value)[:80])
    return str(value) if isinstance(value, int) else np.format_float_positional(value, trim="-")


def _keyed(shape: str, table: pd.DataFrame, folder: Path, declared: Declared, *, machine: bool) -> Cells:
    """Return the cells of a table with keys: names of topics end in a number, other columns are dimensions."""
    names = [str(name) for name in table]
    topics = [name for name in names if _TOPIC.fullmatch(name)]
    dims = [name for name in names if name not in topics]
    extras = {n: n.rpartition("_")[0] for n in dims if _BESIDE.fullmatch(n) and n.rpartition("_")[0] in dims}
    dims = [name for name in dims if name not in extras]
    if not topics:
        raise refused("no_column_of_figures", row=1)
    lists = lists_beside(folder, dims)
    padded = any(text.startswith(" ") for topic in topics for text in table[topic].cat.categories)
    numbers = [table[topic] for topic in topics if topic not in lists.texts]
    notation = established(numbers, declared, machine=machine or padded)
    columns = [Column(topic, table[topic]) for topic in topics]
    keys = stripped(table[dims])
    for name, dim in extras.items():
        if name.endswith("label"):
            pairs = zip(keys[dim].astype(str), table[name].astype(str).str.strip(), strict=True)
            lists.add_labels(dim, dict(pairs))
    return Cells(shape, keys, _period_in(keys), columns, notation, lists)


def _observations(shape: str, table: pd.DataFrame, folder: Path, declared: Declared) -> Cells:
    """Return the cells of version 4: one per row, with the reason for a missing value."""
    notes = []
    if "StringValue" in table:
        texts, values = (table[name].astype(str).str.strip() for name in ("StringValue", "Value"))
        has_text = (texts != "") & (values == "")
        if has_text.all():
            raise refused("no_column_of_figures", row=1)
        if has_text.any():
            notes.append(f"{has_text.sum():,} cells that hold text are set apart")
            table = table[~has_text].apply(lambda column: column.cat.remove_unused_categories())
    dims = [str(name) for name in table if name not in (*_V4, "StringValue")]
    keys = stripped(table[["Measure", *dims]]).rename(columns={"Measure": "measure"})
    column = Column("", table["Value"], reason=table["ValueAttribute"])
    lists = lists_beside(folder, dims)
    notation = established([table["Value"]], declared, machine=shape == "v4-json")
    return Cells(shape, keys, _period_in(keys), [column], notation, lists, notes)


def _laid_out(rows: list[Row], declared: Declared, *, machine: bool = False) -> Cells:
    keys, columns, time = laid_out(rows)
    dutch = any(set(cells) & DUTCH for _, cells in rows)
    texts = (c.texts for c in columns)
    notation = established(texts, declared, grouped=not machine, machine=machine, dutch=dutch)
    return Cells("layout", stripped(keys), time, columns, notation)


def _labelled(table: pd.DataFrame, declared: Declared, dutch: bool = False, machine: bool = False) -> Cells:
    """Return the cells of a table with labels, a publisher's export or a copy, from columns in declared or evident roles."""
    official = bool(set(table) & set(PERIOD_NAMES)) and any(UNIT.search(str(name)) for name in table)
    if declared.columns:
        roles = declared_roles(table, declared.columns)
    else:
        roles = evident_roles(table, declared.marks, official=official)
    measures, times = roles.numbers, roles.having(*TIMES)
    if not official:
        declared.shown["columns"] = {n: role + "?" * (n in roles.open) for n, role in roles.of.items()}
    padded = any(text.startswith(" ") for name in measures for text in table[name].cat.categories)
    dutch = dutch and bool({str(name).strip().casefold() for name in table} & DUTCH)
    texts = (table[name] for name in measures)
    questions = list(roles.open.values())
    try:
        notation = established(texts, declared, grouped=not official, machine=machine or padded, dutch=dutch)
        declared.shown.setdefault("decimal", notation.decimal)
    except InputError as error:
        questions.append(error)
    for question in questions:
        raise question
    if not times:
        raise refused("no_period_declared", row=1)
    if not measures:
        name = [*times, *(n for n in roles.of if n not in times)][-1]
        labels = [str(text) for text in table[name].cat.categories]
        value = next((text for text in labels if not is_number(text)), labels[0])[:80]
        raise refused("no_digits", row=1, column=name, value=value)
    columns = []
    for name in measures:
        end, _, of = roles.of[name].partition(" of ")
        columns.append(Column(of or name, table[name], end=f"ci_{end}" if of else "value"))
    time = times[0]
    keys = stripped(table[[n for n, role in roles.of.items() if n == time or role == "dimension"]])
    keys[time] = joined(table, times) if times[1:] else periods_by(roles.of[time], keys[time])
    return Cells("export" if official else "copy", keys, time, columns, notation)


def _period_in(keys: pd.DataFrame) -> str:
    """Return the column of periods: by its name, or the only one whose keys are all periods."""
    name = next((n for n in PERIOD_NAMES if n in keys), None)
    coded = [str(n) for n in keys if name is None and all(each(keys[n], _CODE.fullmatch))]
    if name is None and len(coded) != 1:
        raise refused("no_perioden", row=1)
    return name or coded[0]

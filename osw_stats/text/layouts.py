"""Which columns readers see of each result table, from `tables.yml`: its caption, their heads and cells.

`show` is a pattern (see `cells`), one for each language where they differ, or the name of a function of
`row_cells` with what it takes; `absent` is what stands there instead where a field is empty. Columns of numbers are
`number: true`.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from osw_stats.text import row_cells
from osw_stats.text.cells import fill, with_absent
from osw_stats.text.language import number
from osw_stats.text.tables import Cell, Layout, Row, Shown
from osw_stats.yamlfile import read_yaml


def _cell(column: dict[str, Any]) -> Cell:
    show, absent = column["show"], column.get("absent")
    if isinstance(show, str) and "{" not in show:
        name, *arguments = show.split(" ")
        function = getattr(row_cells, name)
        return with_absent(lambda row, language: function(row, language, *arguments), absent)
    return with_absent(
        lambda row, lang: fill(show if isinstance(show, str) else show[lang], row, lang), absent
    )


LAYOUTS: dict[str, Layout] = {}
for _name, _table in read_yaml(Path(__file__).with_name("tables.yml")).items():
    _columns = (
        Shown(c["nl"], c["en"], _cell(c), c.get("number", False), c.get("marked", False))
        for c in _table["columns"]
    )
    LAYOUTS[_name] = Layout(_table["nl"], _table["en"], tuple(_columns), _table.get("words", False))


def as_it_is(name: str, columns: Iterable[str]) -> Layout:
    """Return the layout of a table that has none of its own, such as one that a researcher added: its columns as they are."""
    return Layout(name, name, tuple(Shown(c, c, partial(_plain_cell, c)) for c in columns), False)


def _plain_cell(column: str, row: Row, language: str) -> str:
    value = row[column]
    if isinstance(value, float):
        return "" if value != value else number(value, language, min(len(repr(value).partition(".")[2]), 2))
    return str(value)

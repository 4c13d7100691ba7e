"""The columns readers see of each result table, from `tables.yml`: caption, headings and cells.

`show` is a pattern (see `cells`), one for each language if they differ, or the name of a function of
`row_cells` with its arguments; `absent` replaces an empty field. Columns of numbers are
`number: true`.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from osw_stats.project import LANGUAGES
from osw_stats.text import row_cells
from osw_stats.text.cells import fill, with_absent
from osw_stats.text.language import number
from osw_stats.text.tables import Layout, Row, Shown
from osw_stats.yamlfile import read_yaml


def _shown(nl: str, en: str, show: Any, absent: str | None = None, **look: bool) -> Shown:
    if isinstance(show, str) and "{" not in show:
        name, *arguments = show.split(" ")
        function = getattr(row_cells, name)
        return Shown(nl, en, with_absent(lambda row, lang: function(row, lang, *arguments), absent), **look)
    patterns = show if isinstance(show, dict) else dict.fromkeys(LANGUAGES, show)
    return Shown(nl, en, with_absent(lambda row, lang: fill(patterns[lang], row, lang), absent), **look)


LAYOUTS: dict[str, Layout] = {}
for _name, _table in read_yaml(Path(__file__).with_name("tables.yml")).items():
    _table["columns"] = tuple(_shown(**column) for column in _table["columns"])
    LAYOUTS[_name] = Layout(**_table)


def as_it_is(name: str, columns: Iterable[str]) -> Layout:
    """Return the layout of a table without one of its own, such as one a researcher added: its columns unchanged."""
    return Layout(name, name, tuple(Shown(c, c, partial(_plain_cell, c)) for c in columns), False)


def _plain_cell(column: str, row: Row, language: str) -> str:
    value = row[column]
    if isinstance(value, float):
        return "" if value != value else number(value, language, min(len(repr(value).partition(".")[2]), 2))
    return str(value)

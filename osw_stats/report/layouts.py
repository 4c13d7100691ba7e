"""Which columns readers see of each result table, from `tables.yml`: a caption, and of each column head and cell.

`show` is a pattern (see `cells`), one for each language where they differ, or the name of a function of `row_cells`
or `claim_cells` with what it takes; `absent` what stands there instead where a field is empty. Columns of numbers are `number: true`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osw_stats.report import claim_cells, row_cells
from osw_stats.report.cells import fill, with_absent
from osw_stats.report.tables import Cell, Layout, Shown
from osw_stats.yamlfile import read_yaml

CELLS = vars(row_cells) | vars(claim_cells)


def _layout(table: dict[str, Any]) -> Layout:
    columns = tuple(
        Shown(c["nl"], c["en"], _cell(c), c.get("number", False), c.get("marked", False))
        for c in table["columns"]
    )
    return Layout(table["nl"], table["en"], columns, table.get("words", False))


def _cell(column: dict[str, Any]) -> Cell:
    show = column["show"]
    if isinstance(show, str) and "{" not in show:
        name, *arguments = show.split(" ")
        function = CELLS[name]
        return with_absent(lambda row, language: function(row, language, *arguments), column.get("absent"))
    by_language = show if isinstance(show, dict) else dict.fromkeys(("nl", "en"), show)
    return with_absent(lambda row, language: fill(by_language[language], row, language), column.get("absent"))


LAYOUTS = {name: _layout(table) for name, table in read_yaml(Path(__file__).with_name("tables.yml")).items()}

"""The layout of a table as on the screen: title, filters, a header of several rows, a footer.

Topics may be above the figures, with their unit in the last row of the header, or before them, with their unit in a
separate column; periods may be above, before, or among the filters.
"""

import re
from collections.abc import Sequence

import pandas as pd

from osw_stats.data.statline.grid import FOOTER, Row, encoded, filled, require_width
from osw_stats.data.statline.keys import PERIOD_NAMES, TOPIC_NAMES, WORDS, mark_of, period
from osw_stats.data.statline.table import Column
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

_FILTER = re.compile(r"([^:]+): (.+)")
_HEADER = 6  # most rows in a header
_FIGURE = re.compile(r"[-−]?[0-9][0-9.,]*\s?\*{0,2}")


def is_layout(head: Sequence[Sequence[str]]) -> bool:
    """Return whether the first rows of a file are those of a table as on the screen."""
    rows = [row for row in head if any(row)]
    topics = [at for at, row in enumerate(rows) if set(TOPIC_NAMES) & set(row)]
    if not topics:
        return False
    # without a title: the rows under the topics name the dimensions above the figures
    return filled(rows[0]) == 1 or any(row[0] in PERIOD_NAMES for row in rows[topics[0] + 1 : topics[0] + 4])


def laid_out(rows: Sequence[Row]) -> tuple[pd.DataFrame, list[Column], str]:
    """Return the keys of the rows, the columns of figures with their headings, and the name of the periods."""
    fixed, rows = _framed(list(rows))
    width = max(len(cells) for _, cells in rows)
    for line, cells in rows:
        require_width(line, cells, width)
    first = next(at for at, (_, cells) in enumerate(rows) if set(TOPIC_NAMES) & set(cells))
    cells = rows[first][1]
    following = rows[first + 1][1] if first + 1 < len(rows) else []
    under = {cell for _, cells in rows[first + 1 : first + _HEADER] for cell in cells} & set(PERIOD_NAMES)
    before = next(at for at, cell in enumerate(cells) if cell in TOPIC_NAMES)
    figures = any(map(_is_figure, following[before + 1 :]))
    if set(PERIOD_NAMES) & set(cells) or (figures and not under):
        return _topics_before(rows[: first + 1], rows[first + 1 :], fixed, before)
    return _topics_above(rows[first:], fixed)


def _framed(rows: list[Row]) -> tuple[dict[str, str], list[Row]]:
    """Return the filters, and the rows without title, filters and footer."""
    fixed: dict[str, str] = {}
    # notes precede a footer; without one a last row of one cell may be cut off
    if FOOTER.fullmatch(rows[-1][1][0]):
        while rows and filled(last := rows[-1][1]) <= 1 and (len(last) == 1 or FOOTER.fullmatch(last[0])):
            rows.pop()
    for number, (_, cells) in enumerate(rows):
        if filled(cells) > 1:
            return fixed, rows[number:]
        named = _FILTER.fullmatch(cells[0])
        if named and number:  # the first is the title
            fixed[named[1]] = named[2].strip()
    raise refused("no_figures", row=1)


def _topics_above(rows: list[Row], fixed: dict[str, str]) -> tuple[pd.DataFrame, list[Column], str]:
    top = rows[0][1]
    stub = next(at for at, cell in enumerate(top) if cell not in ("", *TOPIC_NAMES))
    names_of_header = {*PERIOD_NAMES, *TOPIC_NAMES}
    end = 1 + max(at for at, (_, cells) in enumerate(rows[:_HEADER]) if names_of_header & set(cells[:stub]))
    while end < len(rows) and not _is_body(rows[end - 1][1], rows[end][1], stub):
        end += 1
    units = rows[end - 1][1] if end > 1 else []
    names = list(units[:stub])
    if end in (1, len(rows)) or "" in names or len(set(names)) < stub:
        raise refused("no_units", row=rows[0][0])
    texts = encoded([str(at) for at in range(len(top))], _rows_with_stub(rows[end:], stub))
    columns = []
    for at, (above, topic) in enumerate(_above(rows[: end - 1], stub, fixed), start=stub):
        measure = f"{topic} ({units[at]})" if units[at] else topic
        columns.append(Column(measure, texts[str(at)].rename(measure), above))
    keys = texts[[str(at) for at in range(stub)]].set_axis(names, axis="columns")
    return keys, columns, _period_of([*names, *columns[0].fixed], rows[0][0])


def _topics_before(
    header: list[Row], body: list[Row], fixed: dict[str, str], topic: int
) -> tuple[pd.DataFrame, list[Column], str]:
    last = list(header[-1][1])
    if not body:
        raise refused("no_figures", row=header[-1][0])
    used = [at for at in range(len(last)) if any(cells[at] for _, cells in body)]
    words = [at for at in used if not any(_is_figure(cells[at]) for _, cells in body)]
    stub = 1 + max([topic, *words, *(at for at, cell in enumerate(last) if cell in PERIOD_NAMES)])
    if stub >= len(last):
        raise refused("no_column_of_figures_on_screen", row=header[-1][0])
    periods_above = all(period(label) for label in last[stub:])  # periods are above the figures
    # a column of units has its own heading, or that of the labels above the figures
    named = last[stub - 1] in PERIOD_NAMES
    has_units = stub - 1 > topic and (named == periods_above or last[stub - 1] in WORDS["units"])
    unit = stub - 1 if has_units else None
    if unit is None and not periods_above:
        raise refused("labels_without_heading", row=header[-1][0])
    if periods_above:
        header = [*header[:-1], (header[-1][0], [*last[: stub - 1], PERIOD_NAMES[0], *last[stub:]])]
    names = [last[at] for at in range(stub) if at not in (topic, unit)]
    rows = _rows_with_stub(body, stub)
    texts = encoded([str(at) for at in range(len(last))], rows)
    keys = texts[[str(at) for at in range(stub) if at not in (topic, unit)]].set_axis(names, axis="columns")
    keys["measure"] = pd.Categorical(
        [f"{cells[topic]} ({cells[unit]})" if unit and cells[unit] else cells[topic] for _, cells in rows]
    )
    columns = [
        Column("", texts[str(at)].rename(last[at]), above)
        for at, (above, _) in enumerate(_above(header, stub, fixed), start=stub)
    ]
    return keys, columns, _period_of([*names, *columns[0].fixed], header[-1][0])


def _above(header: list[Row], stub: int, fixed: dict[str, str]) -> list[tuple[dict[str, str], str]]:
    """Return the headings of each column of figures: labels by the name of their dimension, and topics."""
    axes: dict[str, list[str]] = {}
    topics = []
    for _, cells in header:
        name = next((cell for cell in reversed(cells[:stub]) if cell), TOPIC_NAMES[0])
        labels = list(cells[stub:])
        for at in range(1, len(labels)):  # a label appears once above the columns it covers
            labels[at] = labels[at] or labels[at - 1]
        if name in TOPIC_NAMES:
            topics.append(labels)
        else:
            axes[name] = labels
    above = []
    for at in range(len(header[-1][1]) - stub):
        topic = "/".join(dict.fromkeys(labels[at] for labels in topics if labels[at]))
        above.append((fixed | {name: labels[at] for name, labels in axes.items()}, topic))
    return above


def _rows_with_stub(body: list[Row], stub: int) -> list[Row]:
    """Return the rows with labels repeated in each row they cover."""
    filled: list[Row] = []
    above: Sequence[str] = [""] * stub
    for line, cells in body:
        above = [cells[at] or above[at] for at in range(stub)]
        filled.append((line, [*above, *cells[stub:]]))
    return filled


def _is_body(above: Sequence[str], cells: Sequence[str], stub: int) -> bool:
    if any(cells[stub:]):
        return any(map(_is_figure, cells[stub:]))
    return not {*PERIOD_NAMES, *TOPIC_NAMES} & set(above[:stub])


def _is_figure(cell: str) -> bool:
    text = cell.strip()
    mark = mark_of(text)
    return not mark.range if mark is not None else _FIGURE.fullmatch(text) is not None


def _period_of(names: list[str], row: int) -> str:
    name = next((n for n in names if n in PERIOD_NAMES), None)
    if name is None:
        raise refused("no_periods_on_screen", row=row)
    return name

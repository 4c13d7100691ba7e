"""The yearly table "Gebieden in Nederland" of CBS: in which province, police region and part of the country a municipality lies.

Its columns and their names differ by year and by shape of the download; the codes of a row say the same in all.
"""

import re
from collections.abc import Iterable

from osw_stats.data.statline.grid import Row, encoded
from osw_stats.data.statline.notation import Notation
from osw_stats.data.statline.table import Cells, Column
from osw_stats.errors import InputError
from osw_stats.stats.downloaded import LIES_IN

_TITLE = re.compile(r"Gebieden[ _]in[ _]Nederland[ _]((?:19|20)\d\d)(?!\d)")
_TOWN, _PROVINCE, _WHOLE = (re.compile(p) for p in (r"GM\d{4}", r"PV\d\d", r"(?:PV|LD|RE|PE)\d\d"))


def year_of(text: str) -> str | None:
    """Return the year of the table whose title stands in a text, such as the name of its file; None for another table."""
    found = _TITLE.search(text)
    return found[1] if found else None


def areas(year: str, rows: Iterable[Row]) -> Cells:
    """Return a cell of 1 for each municipality, by its code and by its label, and each region it lies in that year."""
    pairs: list[Row] = []
    seen: set[str] = set()
    for line, cells in rows:
        codes = dict.fromkeys(map(str.strip, cells))
        wholes, towns = filter(_WHOLE.fullmatch, codes), list(filter(_TOWN.fullmatch, codes))
        if not towns:  # a heading, a note
            continue
        if len(towns) > 1 or towns[0] in seen or len(list(filter(_PROVINCE.fullmatch, codes))) != 1:
            problem = "is no municipality with the one province it lies in"
            remedy = "Download the table with the codes of municipalities and provinces."
            raise InputError(problem, remedy, row=line, value=" ".join(codes))
        seen.add(towns[0])
        labelled = re.search(r"[^\W\d]", cells[0])  # bulk files begin with a number of the row
        names = {towns[0], next(iter(codes))} if labelled else towns
        pairs += [(line, [name, whole, year, "1"]) for whole in wholes for name in sorted(names)]
    if not pairs:
        raise InputError("names no municipality by its code", "Download the table with its codes.", row=1)
    table = encoded(["RegioS", LIES_IN, "Perioden", "1"], pairs)
    return Cells("areas", table.drop(columns="1"), "Perioden", [Column(LIES_IN, table["1"])], Notation())

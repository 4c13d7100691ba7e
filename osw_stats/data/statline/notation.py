"""The notation of numbers in a file: decimal and thousands marks, established from all its cells."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from osw_stats.data.statline.files import DIGITS
from osw_stats.data.statline.grid import place_of
from osw_stats.data.statline.keys import Mark, mark_of
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

Texts = Iterable["pd.Series[Any]"]
_OTHER = {",": ".", ".": ","}
_SPACES = r"[ \u00a0\u202f]"


class Cell(NamedTuple):
    """The contents of a cell: a number, or NaN with a status, which is "" for an empty cell."""

    value: float
    status: str
    percent: bool = False
    mark: Mark | None = None

    @property
    def number(self) -> bool:
        """Whether it is a number."""
        return self.value == self.value


@dataclass(frozen=True)
class Declared:
    """The declarations in the record of a file; `shown` collects those the file itself shows, for a new record."""

    columns: Mapping[str, str] = field(default_factory=dict)
    decimal: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)  # of a workbook: its other numbers are stored as numbers


@dataclass(frozen=True)
class Notation:
    """A decimal mark, whether the other mark or a space may separate thousands, and the declared marks."""

    decimal: str = "."
    grouped: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)  # of a record: a mark, and its usual form

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of a number, with an optional provisional mark and percent sign."""
        integer = "[0-9]+"
        if self.grouped:
            groups = (re.escape(_OTHER[self.decimal]), _SPACES)
            integer += "|" + "|".join(rf"[1-9][0-9]{{0,2}}(?:{g}[0-9]{{3}})+" for g in groups)
        decimals = rf"(?:{re.escape(self.decimal)}[0-9]+)?"
        after = r"(?P<stars>\s?\*{1,2})?(?P<percent>\s?%)?"
        return re.compile(rf"(?P<number>[-−+]?(?:{integer}){decimals}){after}")

    def read(self, text: str) -> Cell | None:
        """Return the contents of a cell; None for a text that is neither a number nor a mark."""
        text = text.strip(" ")  # padding is spaces; anything else in a cell is damage
        text = self.marks.get(text, text)
        if not text:
            return Cell(math.nan, "")
        if (mark := mark_of(text)) is not None:
            return Cell(math.nan, mark.status, mark=mark)
        match = self.pattern.fullmatch(text)
        if match is None or sum(map(str.isdigit, text)) > DIGITS:
            return None
        digits = re.sub(_SPACES, "", match["number"].replace("−", "-")).replace(_OTHER[self.decimal], "")
        status = "provisional" if match["stars"] else "normal"
        return Cell(float(digits.replace(self.decimal, ".")), status, bool(match["percent"]))


_THREE = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9.,])")
_EITHER = (Notation(".", grouped=True), Notation(",", grouped=True))


def is_number(text: str) -> bool:
    """Return whether a text is a number in any notation, with or without a mark after it."""
    return any(notation.pattern.fullmatch(text.strip(" ")) for notation in _EITHER)


def established(
    columns: Texts, declared: Declared, *, grouped: bool = False, machine: bool = False, dutch: bool = False
) -> Notation:
    """Return the notation of the numbers in these columns, as declared in their record or shown by all cells."""
    # The cell that leaves two readings open is refused. `machine`: a file made for programs, in which three
    # digits after a point are decimals. `dutch`: commas are decimal marks, so that a point can only set
    # thousands apart.
    marks = declared.marks
    for text, meaning in marks.items():
        if mark_of(meaning) is None:
            raise refused("mark_open", row=1, column=text, value=meaning)
    if declared.decimal:
        if declared.decimal not in (",", "."):
            raise refused("decimal_open", row=1, column="decimal", value=declared.decimal)
        return Notation(declared.decimal, True, marks)
    marked = [
        (column, text)
        for column in columns
        for text in map(str, column.cat.categories)
        if ("." in text or "," in text or grouped) and is_number(text)
    ]
    bare = [text.strip(" ") for _, text in marked]
    fits = {m: [Notation(m, grouped).pattern.fullmatch(b) is not None for b in bare] for m in ".,"}
    possible = [mark for mark, hits in fits.items() if all(hits)]
    if not possible:
        mark = max(",.", key=lambda m: sum(fits[m]))
        raise refused("other_notation", **place_of(*marked[fits[mark].index(False)]))
    unclear = [at for at, text in enumerate(bare) if _THREE.search(text)]
    consistent = fits["."] != fits[","] and len(unclear) < sum("." in text or "," in text for text in bare)
    typed = [at for at in unclear if marked[at][1] in declared.texts]  # beside stored numbers
    unclear, consistent, machine = typed or unclear, consistent and not typed, machine and not typed
    if not unclear or consistent or machine:
        return Notation(possible[0], grouped, marks)
    points = all("." in bare[at] and "," not in bare[at] for at in unclear)
    if dutch and points and grouped and not any(re.match(r"[-−]?[0-9]{4}", text) for text in bare):
        return Notation(",", grouped, marks)  # in a Dutch file these are thousands
    if possible == [","] and not grouped:
        return Notation(",", marks=marks)  # publishers' files never separate thousands
    declared.shown["decimal"] = "?"
    thousand, decimals = (re.sub("[.,]", sign, bare[unclear[0]]) for sign in ("", "."))
    column, text = marked[unclear[0]]
    place = place_of(column, text) | {"value": text.strip()[:80]}
    raise refused("thousand_or_decimals", **place, thousand=thousand, decimals=decimals)

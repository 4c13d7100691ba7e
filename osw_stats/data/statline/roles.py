"""The roles of columns in a table with labels: declared in its source record, or evident; never guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.statline.grid import each, place_of, renamed
from osw_stats.data.statline.keys import MARGIN_NAMES, PART, TIME, WORDS, mark_of, period
from osw_stats.data.statline.notation import is_number
from osw_stats.errors import InputError
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

TIMES = ("period", "year", "quarter", "month")
ROLES = (*TIMES, "dimension", "measure", "ignore")
ROLE = rf"{'|'.join(ROLES)}|(?:lower|upper) of .*[^?]"
UNIT = re.compile(r"\([^()]*\)\s*$")
# headings of numbers that may not be figures
_HEADINGS = {kind: re.compile(words, re.I) for kind, words in WORDS["headings"].items()}
_LIMIT, _IDENTIFIER, _GROUP = (_HEADINGS[kind] for kind in ("limit", "identifier", "group"))
_DATE = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?:[T ]00:00(?::00)?)?")
_DUTCH_DATE = re.compile(r"[0-3]?[0-9][-/][01]?[0-9][-/]([12][0-9]{3})")


@dataclass
class Roles:
    """The role of every column, and open questions with their place, by column."""

    of: dict[str, str]
    open: dict[str, InputError] = field(default_factory=dict)

    def ask(self, column: pd.Series[Any], role: str, question: str, text: str | None = None) -> None:
        """Record a proposed role that a person must confirm."""
        name = str(column.name)
        place = {"row": 1, "column": name} if text is None else place_of(column, text)
        self.of[name], self.open[name] = role, refused("open", **place, question=question)

    def having(self, *roles: str) -> list[str]:
        """Return the columns of these roles, in order."""
        return [name for name, role in self.of.items() if role in roles]

    @property
    def numbers(self) -> list[str]:
        """The columns of measures and of their limits, in order."""
        return [name for name, role in self.of.items() if role == "measure" or " of " in role]


def declared_roles(table: pd.DataFrame, declared: Mapping[str, str]) -> Roles:
    """Return the roles declared in a source record, which must name exactly the columns of the table."""
    for name in [*declared, *table.columns]:
        if name not in table.columns or name not in declared:
            raise refused("no_such_column" if name in declared else "undeclared", row=1, column=name)
        if not re.fullmatch(ROLE, declared[name]):
            raise refused("role_open", row=1, column=name, value=declared[name], roles=", ".join(ROLES))
    roles = Roles({str(name): declared[name] for name in table.columns})
    for name, role in roles.of.items():
        of = role.partition(" of ")[2]
        if of and roles.of.get(of) != "measure":
            raise refused("limit_of_nothing", row=1, column=name, value=role)
    return roles


def evident_roles(table: pd.DataFrame, marks: Collection[str] = (), *, official: bool = False) -> Roles:
    """Return the roles shown by cells and headings, with open questions."""
    # Periods are known by their heading; labels are text; figures are numbers, or have a unit in their
    # heading. A column of numbers without which rows would be the same is a dimension. In an `official`
    # export a column with a unit that stands behind figures is a topic, one of text too.
    roles = Roles({})
    kinds = {name: [1 if t.strip() in marks else _kind(t) for t in each(table[name], str)] for name in table}
    counts = {n: np.bincount(np.asarray(kinds[n])[table[n].cat.codes], minlength=3) for n in table.columns}
    for name, (numbers, _, texts) in counts.items():
        topic = UNIT.search(name) and (not texts or (official and roles.having("measure")))
        labels = (name in MARGIN_NAMES or not numbers) and not topic
        roles.of[name] = "dimension" if labels else "measure"
    times = [n for n in table.columns if n.strip().casefold() in TIME]
    periodic = [n for n in table.columns if not times and not counts[n][2] and all(each(table[n], period))]
    for name in times[1:]:
        if len(times) == 2 and all(each(joined(table, times), period)):
            roles.of[name] = "period"
        else:
            roles.ask(table[name], "ignore", f"is a second column of time, beside {times[0]}")
    heads = [name for name in table.columns if is_number(name)]
    if times or (len(periodic) == 1 and not heads):
        _ask_of_dates(roles, table[(times or periodic)[0]])
    elif sum(period(str(n)) is not None for n in table.columns) > 1:
        raise refused("periods_as_headings", row=1)
    elif heads:
        raise refused("figures_as_headings", row=1, value=heads[0])
    else:
        raise refused("no_periods", row=1, value=", ".join(map(str, table.columns))[:80])
    for name in roles.having("dimension"):
        blank = next((text for text in table[name].cat.categories if not text.strip()), None)
        if blank is not None:
            roles.ask(table[name], "ignore", "has cells without a label", blank)
    roles.of |= dict.fromkeys(_dimensions_among(table, roles, roles.having("measure")), "dimension")
    figures = [n for n in roles.having("measure") if not UNIT.search(n)]
    for name in figures:
        numbers, _, texts = counts[name]
        column = table[name]
        by_kind = zip(map(str, column.cat.categories), kinds[name], strict=True)
        strange = next((text for text, kind in by_kind if kind == 2 and not _band(text)), None)
        if texts > numbers:
            roles.of[name] = "dimension"
        elif strange is not None:
            roles.ask(column, "measure", "is no number and no mark, among numbers", strange)
        elif limit := _LIMIT.search(name):
            others = [n for n in figures if n != name and not _LIMIT.search(n)]
            end = "lower" if limit[1] or limit[3] else "upper"
            role = f"{end} of {others[0]}" if others else "measure"
            roles.ask(column, role, "may be a limit of an interval")
        elif _is_identifier(name, column) and len(figures) > 1:
            roles.ask(column, "ignore", "may be an identifier, not a figure")
        elif _GROUP.fullmatch(name):
            roles.ask(column, "dimension", "may be a group, not a figure")
    return roles


def _kind(text: str) -> int:
    """Return 0 for a number, 1 for a mark or nothing, 2 for any other text, such as code 0363 or band 15-24."""
    text = text.strip()
    if re.match("0[0-9]", text) or _band(text):
        return 2
    return 1 if not text or mark_of(text) else 0 if is_number(text) else 2


def _band(text: str) -> bool:
    mark = mark_of(text.strip())
    return mark is not None and mark.range


def _ask_of_dates(roles: Roles, column: pd.Series[Any]) -> None:
    """Set the role of the column of time: periods as written, months by their first day; years need confirmation."""
    name, first = str(column.name), str(column.cat.categories[0])
    texts = {str(text).strip(): str(text) for text in column.cat.categories}  # as in the file
    dates = list(map(_DATE.fullmatch, texts))
    roles.of[name] = "period"
    split = [text for text in texts if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}", text)]
    if split and all(int(text[5:]) == (int(text[:4]) + 1) % 100 for text in split):
        roles.ask(column, "year", "may be a month, or a year and the next", texts[split[0]])
    if not all(dates):
        if all(map(_DUTCH_DATE.fullmatch, texts)):
            roles.ask(column, "year", "may be the year or a day of it", first)
        return
    days = {(date[2], date[3]) for date in dates if date is not None}
    months = {month for month, _ in days}
    if any(day != "01" for _, day in days):
        role = "year" if months == {"12"} else "quarter" if months <= {"03", "06", "09", "12"} else "month"
        roles.ask(column, role, "is a day, and days are not modelled", first)
    elif months == {"01"}:
        roles.ask(column, "year", "may be the year or its January", first)
    elif months <= {"01", "04", "07", "10"}:
        roles.ask(column, "quarter", "may be a quarter or its first month", first)
    else:
        roles.of[name] = "month"


def _dimensions_among(table: pd.DataFrame, roles: Roles, figures: list[str]) -> list[str]:
    """Return the columns of numbers that are needed to tell rows apart."""
    keys = [n for n in table.columns if roles.of[n] not in ("measure", "ignore")]
    if len(figures) < 2 or not table.duplicated(keys).any():
        return []
    integers = [n for n in figures if all("." not in t and "," not in t for t in table[n].cat.categories)]
    keying = [n for n in integers if not table.duplicated([*keys, n]).any()]
    identifying = [n for n in keying if _GROUP.fullmatch(n) or _IDENTIFIER.fullmatch(n)] or keying
    if len(identifying) == 1:
        return identifying
    several = [n for n in integers if _GROUP.fullmatch(n)]
    if several and not table.duplicated([*keys, *several]).any():
        return several
    if keying:  # one of them tells the rows apart, and nothing shows which
        roles.ask(table[keying[0]], "dimension", "may be a group, not a figure")
    return []


def _is_identifier(name: str, column: pd.Series[Any]) -> bool:
    """Return whether numbers count their rows, or are named as a code."""
    if _IDENTIFIER.fullmatch(name.strip()) or not name.strip():
        return True
    texts = [str(t).strip() for t in column.cat.categories]
    if len(texts) < max(3, len(column)) or not all(t.isdigit() for t in texts):
        return False
    numbers = [int(t) for t in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def joined(table: pd.DataFrame, times: list[str]) -> pd.Series[Any]:
    """Return one column of periods from a column of years and one of parts of the year: 2020 and 3 under `kwartaal`."""
    years, parts = (table[name].astype(str).str.strip() for name in times[:2])
    if re.fullmatch(PART, times[0].strip(), re.I):
        years, parts, times = parts, years, times[::-1]
    words = parts.where(~parts.str.fullmatch("[0-9]{1,2}"), f"{times[1].strip()} " + parts)
    return (years + " " + words).astype("category").rename(times[0])


def periods_by(role: str, column: pd.Series[Any]) -> pd.Series[Any]:
    """Return periods as standard labels: the year of a date, its quarter or its month."""
    if role == "period":
        return column
    texts = []
    for text in map(str, column.cat.categories):
        date, year = _DATE.fullmatch(text.strip()), re.search(r"(?<![0-9])[12][0-9]{3}(?![0-9])", text)
        if year is None or (role != "year" and date is None):
            raise refused("open", **place_of(column, text), question=f"holds no {role}")
        part = "" if date is None or role == "year" else f"-{date[2]}"
        if part and role == "quarter":
            part = f"-Q{(int(part[1:]) + 2) // 3}"
        texts.append(year[0] + part)
    return renamed(column, texts)

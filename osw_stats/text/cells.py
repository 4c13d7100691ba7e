"""Cells of a result table from its rows: by a pattern of `tables.yml`, or a function of `row_cells`.

A field of a pattern names a column and how it is shown: `{change:1}` with one decimal, `{status:word state}` an
id in words. `{change (lower..upper):1}` is a value with its interval, `{lower..upper:1}` a range, and
`{lower to upper:1}` one with a word between its ends. `*` in a name stands for the language. What stands in square
brackets is left out where a field in it is empty; elsewhere an empty field empties the whole cell.
"""

import math
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from osw_stats.meaning.authorities import AUTHORITIES, CODES, QUESTIONS, SCOPES
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.text.language import between, day, number, period_words, when
from osw_stats.text.tables import Cell, Row
from osw_stats.text.words import WORDS, category, phrase, word

SMALLEST_P = 0.001  # smaller values are not distinguished
FIELD = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
INTERVAL = re.compile(r"(?:(\w+) \()?(\w+)(\.\.| to )(\w+)\)?")


class EmptyFieldError(Exception):
    """A field has no value; the text is shown instead, unless its column specifies another."""


def pattern_cell(pattern: str, absent: str | None = None) -> Cell:
    """Return the function that fills in a pattern."""
    return with_absent(lambda row, language: fill(pattern, row, language), absent)


def with_absent(shown: Cell, absent: str | None) -> Cell:
    """Return a cell with a replacement for an empty field: a pattern, or an id of `number`."""

    def cell(row: Row, language: str) -> str:
        try:
            return shown(row, language)
        except EmptyFieldError as empty:
            instead = str(empty) if absent is None else absent
        if instead in WORDS["number"]:
            return word("number", instead, language)
        return pattern_cell(instead, "")(row, language) if instead else ""

    return cell


def fill(pattern: str, row: Row, language: str) -> str:
    """Fill in a pattern with the values of a row."""

    def field(match: re.Match[str]) -> str:
        return show(row, match[1].replace("*", language), match[2] or "", language)

    parts = enumerate(OPTIONAL.split(pattern))  # every second one was in brackets
    return "".join(pattern_cell(p, "")(row, language) if i % 2 else FIELD.sub(field, p) for i, p in parts)


def show(row: Row, name: str, way: str, language: str) -> str:
    """Return a field of a row: a value, a range, or a value with its interval."""
    parts = INTERVAL.fullmatch(name)
    if parts is None:
        return show_value(row, name, way, language)
    value, low, joint, high = parts.groups()
    if way == "unit":
        return interval_by_unit(row, value, low, high, language)
    shown = show_value(row, value, way, language) if value else ""
    if value and (pd.isna(row[low]) or pd.isna(row[high])):
        return shown
    low_end, high_end = (show_value(row, end, way, language) for end in (low, high))
    span = between(low_end, high_end, language, in_words=joint == " to ")
    if not value:
        return low_end if low_end == high_end else span
    return shown if row[low] == row[high] else f"{shown} ({span})"


def show_value(row: Row, name: str, way: str, language: str) -> str:
    """Return one value of a row in a format of `WAYS`, or with a number of decimals."""
    kind, _, argument = way.partition(" ")
    numeric = kind in NUMERIC or bool(re.fullmatch(r"-?\d+", kind))
    value = row[name]
    if value == "" or pd.isna(value) or (numeric and not math.isfinite(value)):
        raise EmptyFieldError("missing" if numeric else "")
    if not way:
        return str(value)
    if kind in WAYS:
        return WAYS[kind](value, argument or name, language)
    return number(half_up(value, int(kind)), language, max(int(kind), 0))


def interval_by_unit(row: Row, value: str | None, lower: str, upper: str, language: str) -> str:
    """Show "5,2 (4,9–5,5)" with the decimals of its unit; only the limits if no value is named."""
    if pd.isna(row[lower]):
        raise EmptyFieldError("missing")
    limits = [row[lower], row[upper]]
    known = [row[value]] if value and pd.notna(row[value]) else []
    kind = UNITS[row["unit"]].kind if "unit" in row else "share"
    numbers = known + limits  # a value and both its limits have the same decimals
    by_kind = {"share": 1 + (max(map(abs, numbers)) < 1), "posts": max(fewest_places(n, 1) for n in numbers)}
    places = fine = by_kind.get(kind, 0)
    if row.get("interval_kind") == "rounding" and kind in by_kind:
        # the limits show the rounding margin; a value keeps the decimals it was printed with
        fine = next(p for p in (0, 1, 2, 3) if p == 3 or all(half_up(n, p) == half_up(n, 6) for n in limits))
        places = max(0, fine - 1)
    low, high = (number(limit, language, fine) for limit in limits)
    span = low if low == high else between(low, high, language)
    if not value:
        return span
    shown = number(known[0], language, places) if known else word("number", "range", language)
    return shown if low == high else f"{shown} ({span})"


def fewest_places(value: float, most: int) -> int:
    """Return the fewest decimals with which a value is as exact as with `most`."""
    return next(p for p in range(most + 1) if p == most or half_up(value, p) == half_up(value, most))


def p_value(p: float, language: str) -> str:
    """Return a p-value as it is printed; the sign is kept on the line of its number."""
    below = "<\N{NO-BREAK SPACE}" if p < SMALLEST_P else ""
    return below + number(max(p, SMALLEST_P), language, 3)


def _sized(value: float, _: str, language: str) -> str:
    """Show a number with about three digits: 148, 13.7, 0.02."""
    size = abs(value)
    places = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return number(value, language, places)


def _full_body(code: str, _: str, language: str) -> str:
    """Show the short and the full name of an authority."""
    short, full = (getattr(AUTHORITIES[code], part + language) for part in ("", "full_"))
    return full if full.startswith(short) else f"{short} ({full})"


def _parts(code: str, kind: str, language: str) -> str:
    """Show an id of several parts: "change 2020 to 2024", "deff 1.6", "s2"; years and months as they are."""
    if code in WORDS[kind]:
        return word(kind, code, language)
    shown = []
    for part in code.split(" "):
        if re.fullmatch(r"\d{1,2}(\.\d+)?", part):
            shown.append(number(float(part), language, 1))
            continue
        name = re.match(r"[a-z_]*", part)[0]  # type: ignore[index]
        shown += [word(kind, name, language)] if name else []
        shown += [part.removeprefix(name)] if part != name else []
    return " ".join(shown)


def _newest(ids: str, _: str, language: str) -> str:
    """Show the first of some documents, as words without a link, and how many more there are."""
    first, *others = ids.split()
    return f"[{first}](cited)" + (phrase("and_more", language, n=len(others)) if others else "")


NUMERIC = ("fte", "sized", "whole", "p", "percent", "million", "printed")
Way = Callable[[Any, str, str], str]  # from a value, the argument or else the column, and the language
WAYS: dict[str, Way] = {
    "fte": lambda v, _, language: number(v, language, fewest_places(v, 2)),
    "sized": _sized,
    "whole": lambda v, *_: str(int(v)),  # a year has no thousands mark
    "p": lambda v, _, language: p_value(v, language),
    "percent": lambda v, _, language: f"{number(100 * v, language)}%",
    "million": lambda v, _, language: number(v / 1e6, language, max(1, fewest_places(v / 1e6, 2))),
    "printed": lambda v, _, language: number(v, language, int(v != int(v))),
    "word": lambda v, kind, language: word(kind, v, language),
    "words": lambda v, kind, language: ", ".join(word(kind, code, language) for code in v.split()),
    "parts": _parts,
    "day": lambda v, _, language: day(v, language),
    "when": lambda v, _, language: when(v, language),
    "period": lambda v, _, language: period_words(v, language),
    "series": lambda v, _, language: catalogue()[v].title[language] if v in catalogue() else v,
    "counted": lambda v, _, language: ". ".join(
        words[language].rstrip(".") for words in (catalogue()[v].counts, catalogue()[v].caveat) if words
    ),
    "category": lambda v, _, language: category(v, language),
    "unit": lambda v, _, language: str(getattr(UNITS[v], language)),
    "body": lambda v, _, language: str(getattr(AUTHORITIES[v], language)),
    "full_body": _full_body,
    "question": lambda v, _, language: QUESTIONS[v][language],
    "code": lambda v, _, language: CODES[v][language],
    "scope": lambda v, _, language: SCOPES[v][language],
    "plus": lambda v, *_: "+" if v in (True, "growth") else "",  # growth has a sign, since it is no total
    "documents": lambda v, *_: ", ".join(f"[{i}](sources.qmd#src-{i})" for i in v.split()),
    "newest": _newest,
}
